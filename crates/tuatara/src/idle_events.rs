//! Events that hold for none of the series that a run looked at.

use std::collections::BTreeSet;

use tuatara_frame::closest;
use tuatara_frame::events::CalendarEvent;

use crate::SliceReport;
use crate::part::Part;

/// The first of them with the reason, and how many more there are.
pub(crate) fn sentence(parts: &[Part], slices: &[SliceReport]) -> Option<String> {
    let mut idle: Vec<(&CalendarEvent, Vec<&SliceReport>)> = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let of_part: Vec<&SliceReport> = slices.iter().filter(|slice| slice.part() == at).collect();
        let of_none = |event: &&CalendarEvent| !of_part.iter().any(|s| event.holds_for(s.key()));
        if !of_part.is_empty() {
            let events = part.calendar().events().iter().filter(of_none);
            idle.extend(events.map(|event| (event, of_part.clone())));
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
        let known = |value: &&String| !values.contains(value.as_str());
        if let Some(value) = allowed.iter().find(known) {
            let near = closest(value, values.iter().copied());
            let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            return format!("of `{name}` none is `{value}`{near}");
        }
    }
    "an event with dimensions holds for series that are nothing but its values".to_owned()
}
