//! From a tree to a subscription.

use std::collections::BTreeMap;

use super::keys::SUBSCRIPTION;
use super::links::{STYLES, links};
use super::recipients::{address, recipients};
use super::routing::routing;
use super::scheme::schemes;
use super::suppressor::suppressors;
use super::{EVERY_FIVE_MINUTES, SubscriptionSpec, doubt};
use crate::diagnostic::quote;
use crate::fields::{Entry, Fields, Said, items};
use crate::tree::{Node, Value};
use crate::{Code, Diagnostic, Schedule, Span, Spanned};

/// The subscription, if there is a mapping with all that is needed, and everything that is to be
/// said about it.
pub(super) fn read(
    tree: Option<&Node>,
    mut said: Said,
) -> (Option<SubscriptionSpec>, Vec<Diagnostic>) {
    let spec = tree.and_then(|tree| file(&mut said, tree));
    (spec, said.into_diagnostics())
}

fn file(said: &mut Said, tree: &Node) -> Option<SubscriptionSpec> {
    let before = said.errors();
    let fields = said.fields(&SUBSCRIPTION, tree, Span::NONE)?;
    let remedy = "add `subscriptionGroupName: a_name`";
    let name = said.required_text(&fields, "subscriptionGroupName", remedy);
    let application = application(said, &fields);
    let detections = detections(said, &fields);
    let active = fields.get("active").and_then(|e| said.value::<bool>(e));
    let schedule = fields.get("cron").map(|entry| said.schedule(entry));
    let schemes = match fields.get("alertSchemes") {
        Some(entry) => schemes(said, entry),
        None => {
            let remedy = "add `alertSchemes:` with an item `- type: EMAIL`";
            said.missing(&fields, "alertSchemes", remedy);
            Vec::new()
        }
    };
    let recipients = fields.get("recipients").map(|e| recipients(said, e));
    let from = fields.get("fromAddress").and_then(|e| address(said, e));
    let subject_style = fields
        .get("emailSubjectStyle")
        .and_then(|entry| said.word(entry, &STYLES));
    let links = fields.get("referenceLinks").map(|e| links(said, e));
    let routing = routing(said, &fields);
    let suppressors = fields.get("alertSuppressors").map(|e| suppressors(said, e));
    let owners = fields
        .get("owners")
        .and_then(|e| said.value::<Vec<String>>(e));
    let schedule = match schedule {
        Some(written) => written.map(|schedule| schedule.value),
        None => Some(every_five_minutes()),
    };
    let spec = SubscriptionSpec {
        name: name?,
        application: application?,
        detections,
        active: active.unwrap_or(true),
        schedule: schedule?,
        schemes,
        recipients: recipients.unwrap_or_default(),
        from,
        subject_style: subject_style.unwrap_or_default(),
        links: links.unwrap_or_default(),
        routing: routing?,
        suppressors: suppressors.unwrap_or_default(),
        owners: owners.unwrap_or_default(),
    };
    // What an error hides is not to be doubted as well.
    if said.errors() == before {
        doubt::doubt(said, &fields, &spec);
    }
    Some(spec)
}

fn every_five_minutes() -> Schedule {
    EVERY_FIVE_MINUTES
        .parse()
        .expect("invariant: the default is a schedule")
}

/// `application`: a name, or as the documentation has it, a list of that name.
fn application(said: &mut Said, fields: &Fields<'_>) -> Option<Spanned<String>> {
    let remedy = "add `application:` with the name of what is watched";
    let entry = match fields.get("application") {
        Some(entry) => entry,
        None => {
            said.missing(fields, "application", remedy);
            return None;
        }
    };
    match &entry.1.value {
        Value::Sequence(names) => match &names[..] {
            [only] => said.text(&(entry.0.clone(), only.clone())),
            _ => {
                let message = format!("`application` is a list of {}", names.len());
                said.say(
                    Diagnostic::error(Code::WrongType, entry.1.span, message)
                        .allowed("one name")
                        .remedy("write one subscription for each application"),
                );
                None
            }
        },
        _ => said.text(entry),
    }
}

/// `subscribedDetections`, at least one, each once.
fn detections(said: &mut Said, fields: &Fields<'_>) -> Vec<Spanned<String>> {
    const REMEDY: &str = "list the `detectionName` of each detection";
    let Some(entry) = fields.get("subscribedDetections") else {
        let remedy = "add `subscribedDetections:` with the `detectionName` of each";
        said.missing(fields, "subscribedDetections", remedy);
        return Vec::new();
    };
    let names = named(said, entry);
    if items(&entry.1).is_empty() {
        let message = "`subscribedDetections` has no item";
        said.say(
            Diagnostic::error(Code::EmptyList, entry.0.span, message)
                .allowed("at least one detection")
                .remedy(REMEDY),
        );
    }
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for name in &names {
        if let Some(&first) = seen.get(name.as_str()) {
            let message = format!(
                "{} is listed twice, first on line {}",
                quote(name),
                first.line()
            );
            said.say(
                Diagnostic::error(Code::DuplicateName, name.span, message)
                    .related(first, "first listed here")
                    .allowed("each detection once")
                    .remedy("delete one of the two"),
            );
        }
        seen.entry(name).or_insert(name.span);
    }
    names
}

/// The names of a list, each with its place.
fn named(said: &mut Said, entry: Entry<'_>) -> Vec<Spanned<String>> {
    let nodes = items(&entry.1).iter();
    nodes
        .filter_map(|node| said.text(&(entry.0.clone(), node.clone())))
        .collect()
}
