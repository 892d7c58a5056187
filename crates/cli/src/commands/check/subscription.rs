//! A subscription: who is told of what, when, and whether what it names is there.

use std::io::Write;
use std::path::Path;

use tuatara::frame::{Instant, Zone, closest};
use tuatara::spec::subscription::SubscriptionSpec;
use tuatara::spec::{Code, Diagnosis, Diagnostic, Spanned};

use super::next_runs;
use crate::failure::Failure;
use crate::say::say;

/// The detections that a subscription names, and the text in which it does.
#[derive(Debug)]
pub(super) struct Group {
    file: String,
    text: String,
    detections: Vec<Spanned<String>>,
}

/// Writes who is told of what, and when.
pub(super) fn check(
    text: String,
    path: &Path,
    zone: Zone,
    from: Instant,
    out: &mut dyn Write,
) -> Result<Group, Failure> {
    let file = path.display().to_string();
    let read = SubscriptionSpec::from_yaml(&text, &file);
    let (group, diagnosis) = read.map_err(tuatara::Error::from)?;
    if !diagnosis.is_empty() {
        say(&diagnosis);
    }
    let named: Vec<&str> = group.detections.iter().map(|name| name.as_str()).collect();
    writeln!(
        out,
        "{file}: ok: subscription {:?} of {} to {}",
        *group.name,
        *group.application,
        named.join(", ")
    )?;
    for line in group.summary() {
        writeln!(out, "{file}: {line}")?;
    }
    if group.active {
        let runs = next_runs(&group.schedule, zone, from);
        writeln!(out, "{file}: cron {} in {zone}: {runs}", group.schedule)?;
    }
    Ok(Group {
        file,
        text,
        detections: group.detections,
    })
}

impl Group {
    /// Warns of detections that are not among those that are checked in the same breath.
    pub(super) fn compare(self, checked: &[String]) {
        let missing = self
            .detections
            .iter()
            .filter(|name| !checked.contains(name));
        let found: Vec<Diagnostic> = missing
            .map(|name| {
                let message = format!("no detection that is checked here is called `{}`", **name);
                let warning = Diagnostic::warning(Code::UnknownValue, name.span, message);
                match closest(name, checked.iter().map(String::as_str)) {
                    Some(near) => warning.suggest(Some(near)),
                    None => warning.remedy("check its specification along with these"),
                }
            })
            .collect();
        if !found.is_empty() {
            say(Diagnosis::new(self.file, self.text, found));
        }
    }
}
