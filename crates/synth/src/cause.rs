//! What may have caused an incident: the texts that a label chooses from.

use crate::draw::Draw;

/// Fewer orders than there should have been.
pub(crate) const SHOP_DROP: [&str; 4] = [
    "payment provider outage",
    "checkout error after a release",
    "login failures",
    "a load job lost part of the orders",
];
/// More orders than there should have been.
pub(crate) const SHOP_SPIKE: [&str; 4] = [
    "a load job counted orders twice",
    "wrong price on a popular item",
    "orders placed by bots",
    "test traffic counted as real",
];
/// A host is busy for a while.
pub(crate) const HOST_SPIKE: [&str; 5] = [
    "a report queried without an index",
    "a batch job started by hand",
    "clients retried all at once",
    "a crawler ignored its limits",
    "a full scan by the virus scanner",
];
/// A host is busier from now on.
pub(crate) const HOST_SHIFT: [&str; 3] = [
    "a release needs more work per request",
    "a neighbour's traffic was moved here",
    "debug logging was left on",
];
/// A host says nothing.
pub(crate) const HOST_GAP: [&str; 3] = [
    "the monitoring agent was down",
    "the network to the collector was cut",
    "the collector's disk was full",
];
/// A host says the same again and again.
pub(crate) const HOST_STUCK: [&str; 2] = [
    "the agent hung and the collector repeated its last reading",
    "a cache in front of the agent was never emptied",
];
/// A service answers late.
pub(crate) const SERVICE_SPIKE: [&str; 4] = [
    "a lock was held too long",
    "a cache was emptied",
    "a replica fell behind",
    "garbage collection in a full heap",
];
/// A sensor measures something else from now on.
pub(crate) const SENSOR_SHIFT: [&str; 3] = [
    "hung up in another corner",
    "its calibration slipped",
    "moved next to a window",
];
/// A site loses visitors.
pub(crate) const SITE_DROP: [&str; 3] = [
    "the certificate had expired",
    "the home page failed to load",
    "the name server did not answer",
];

/// One of `causes`, each as likely as any other; one draw.
pub(crate) fn choose(causes: &'static [&'static str], draw: &mut Draw) -> &'static str {
    causes[draw.below(causes.len())] // below(n) < n, and no list is empty
}
