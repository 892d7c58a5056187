//! Events that hold for none of the series that a run looked at.

use std::collections::BTreeSet;

use tuatara_frame::closest;
use tuatara_frame::events::CalendarEvent;

use crate::SliceReport;
use crate::part::Part;

/// The first of them with the reason, and how many more there are.
pub(crate) fn sentence(parts: &[Part], slices: &[SliceReport]) -> Option<String> {
    // Parts of one detection may have the same event: it is idle where it is in all of them.
    let mut idle: Vec<(&CalendarEvent, Vec<&SliceReport>)> = Vec::new();
    for event in parts.iter().flat_map(|part| part.calendar().events()) {
        if idle.iter().any(|(known, _)| *known == event) {
            continue;
        }
        let has = |part: &Part| part.calendar().events().contains(event);
        let has: Vec<bool> = parts.iter().map(has).collect();
        let looked_at = || slices.iter().filter(|slice| has[slice.part()]);
        let holds = looked_at().any(|slice| event.holds_for(slice.key()));
        if !holds && looked_at().next().is_some() {
            idle.push((event, looked_at().collect()));
        }
    }
    let ((first, slices), rest) = idle.split_first()?;
    let more = match rest.len() {
        0 => String::new(),
        more => format!(" ({more} more as well)"),
    };
    Some(format!(
        "the event {:?} holds for no series that was looked at{more}: {}",
        first.name(),
        reason(first, slices)
    ))
}

/// Why it holds for none of `slices`.
fn reason(event: &CalendarEvent, slices: &[&SliceReport]) -> String {
    let dimensions = || slices.iter().flat_map(|slice| slice.key().dimensions());
    let known: BTreeSet<&str> = dimensions().map(|(name, _)| name.as_str()).collect();
    if let Some((name, _)) = event.filters().find(|(name, _)| !known.contains(name)) {
        let remedy = match closest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "explore that dimension (dimensionExploration), or take it out of the event"
                .to_owned(),
        };
        return format!("none of them has a dimension `{name}`; {remedy}");
    }
    for (name, allowed) in event.filters() {
        let of_name = dimensions().filter(|(known, _)| known == name);
        let values: BTreeSet<&str> = of_name.flat_map(|(_, v)| v).map(String::as_str).collect();
        if allowed.iter().any(|value| values.contains(value.as_str())) {
            continue;
        }
        if let Some(value) = allowed.iter().next() {
            let near = closest(value, values.iter().copied());
            let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            return format!("of `{name}` none is `{value}`{near}");
        }
    }
    "an event with dimensions holds for series that are nothing but its values".to_owned()
}
