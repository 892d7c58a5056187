//! Subscriptions that tell nobody, and settings that nobody uses.

use super::keys::SUBSCRIPTION;
use super::{AlertScheme, Recipients, Routing, SubscriptionSpec};
use crate::fields::{Fields, Said};
use crate::language::Level;
use crate::{Code, Diagnostic};

/// What is to be said of a subscription without errors.
pub(super) fn doubt(said: &mut Said, fields: &Fields<'_>, spec: &SubscriptionSpec) {
    nobody(said, fields, spec);
    unused(said, fields, spec);
}

/// Mails to nobody: an error where every anomaly goes there, else a warning.
fn nobody(said: &mut Said, fields: &Fields<'_>, spec: &SubscriptionSpec) {
    const REMEDY: &str = "add `recipients:` with `to:` and an address";
    let routes = match &spec.routing {
        Routing::Slices(routes) => routes.iter().flat_map(|route| &route.schemes).collect(),
        Routing::Severities(routes) => routes.iter().flat_map(|route| &route.schemes).collect(),
        _ => Vec::new(),
    };
    let at = |key| fields.get(key).map(|(key, _)| key.span);
    let routed = at("dimensionRecipients").or(at("severityRecipients"));
    if let Some(span) = routed.filter(|_| routes.iter().any(|scheme| is_to_nobody(scheme, spec))) {
        let message = "an `emailScheme` has nobody to write to";
        said.say(
            Diagnostic::error(Code::MissingKey, span, message)
                .allowed("recipients of its own, or those of the subscription")
                .remedy(REMEDY),
        );
    }
    let group = spec.schemes.iter().any(|scheme| is_to_nobody(scheme, spec));
    let Some(span) = at("alertSchemes").filter(|_| group) else {
        return;
    };
    match spec.routing {
        Routing::Everyone => said.say(
            Diagnostic::error(
                Code::MissingKey,
                span,
                "an EMAIL scheme has nobody to write to",
            )
            .allowed("recipients of its own, or those of the subscription")
            .remedy(REMEDY),
        ),
        // Each is told of what is theirs, and nobody of the rest, as documented.
        Routing::Users { .. } | Routing::Values { .. } => {}
        Routing::Slices(_) | Routing::Severities(_) => said.say(
            Diagnostic::warning(
                Code::RiskyPair,
                span,
                "anomalies that no route has are mailed to nobody",
            )
            .remedy(REMEDY),
        ),
    }
}

fn is_to_nobody(scheme: &AlertScheme, spec: &SubscriptionSpec) -> bool {
    let AlertScheme::Email(email) = scheme else {
        return false;
    };
    let recipients = email.recipients.as_ref().unwrap_or(&spec.recipients);
    recipients.to.is_empty()
}

/// Settings of mails where no mail is sent.
fn unused(said: &mut Said, fields: &Fields<'_>, spec: &SubscriptionSpec) {
    const LEVEL: Level = SUBSCRIPTION;
    let of_routes = match &spec.routing {
        Routing::Everyone => false,
        Routing::Values { .. } | Routing::Users { .. } => true,
        Routing::Slices(routes) => routes.iter().any(|route| has_mail(&route.schemes)),
        Routing::Severities(routes) => routes.iter().any(|route| has_mail(&route.schemes)),
    };
    if of_routes || has_mail(&spec.schemes) {
        return;
    }
    for key in ["recipients", "fromAddress", "emailSubjectStyle"] {
        let written = key != "recipients" || spec.recipients != Recipients::default();
        if let Some((key, _)) = fields.get(key).filter(|_| written) {
            let message = format!("`{}` of {LEVEL} has no effect: no mail is sent", key.text);
            said.say(
                Diagnostic::warning(Code::RiskyPair, key.span, message)
                    .remedy("add `- type: EMAIL` to `alertSchemes:`, or delete it"),
            );
        }
    }
}

fn has_mail(schemes: &[AlertScheme]) -> bool {
    let mut schemes = schemes.iter();
    schemes.any(|scheme| matches!(scheme, AlertScheme::Email(_)))
}
