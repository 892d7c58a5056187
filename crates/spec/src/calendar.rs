//! A file of events: what is known of the calendar, apart from any detection.
//!
//! ```yaml
//! holidays: [US, DE]
//! events:
//!   - name: black friday
//!     start: 2026-11-27
//!     leaveOut: true
//!     expect: 1.8
//! ```

use tuatara_frame::events::EventCalendar;

use crate::fields::Said;
use crate::language::{Count, Form, Level, key};
use crate::tree::{MAX_DEPTH, Node};
use crate::{Code, Diagnosis, Diagnostic, Span, SpecError};

/// The whole file.
pub(crate) const CALENDAR: Level = Level {
    name: "a calendar",
    keys: &[
        key(
            "events",
            Form::List(&Form::Level("event"), Count::ANY),
            "what is known of the calendar",
        ),
        key(
            "holidays",
            Form::List(&Form::Country, Count::ANY),
            "whose public holidays are left out",
        ),
    ],
    hint: "events go in a list under `events:`, codes of countries under `holidays:`",
};

/// Reads and checks a file of events; `file` is its name, for messages. The second part of the
/// answer holds warnings and notes. Keys are those of a detection, see
/// [`Level::EVENT`].
///
/// # Errors
/// [`SpecError::Refused`] with everything that is wrong, as far as it can be told at once.
#[cfg(feature = "yaml")]
pub fn calendar_from_yaml(text: &str, file: &str) -> Result<(EventCalendar, Diagnosis), SpecError> {
    let (tree, mut found) = crate::yaml::read(text);
    for said in &mut found {
        if said.code == Code::EmptyDocument {
            said.allowed = Some("a calendar".to_owned());
            said.remedy = Some("begin with `events:` or `holidays:`".to_owned());
        }
    }
    read(tree.as_ref(), Said::new(found), file, text)
}

/// Reads and checks events that were put together in code. Messages call them `name`, and point
/// into the text that [`Node::print`] gives.
///
/// # Errors
/// [`SpecError::Refused`] with everything that is wrong, as far as it can be told at once.
pub fn calendar_from_tree(
    tree: &Node,
    name: &str,
) -> Result<(EventCalendar, Diagnosis), SpecError> {
    if tree.is_deeper_than(MAX_DEPTH) {
        let message = format!("the tree is nested more than {MAX_DEPTH} levels deep");
        let found = Diagnostic::error(Code::TooDeep, Span::NONE, message)
            .allowed(format!("{MAX_DEPTH} levels"))
            .remedy("a calendar needs five");
        return Err(SpecError::Refused(Diagnosis::new(name, "", vec![found])));
    }
    let printed = tree.print();
    read(Some(&printed.tree), Said::default(), name, &printed.text)
}

fn read(
    tree: Option<&Node>,
    mut said: Said,
    file: &str,
    text: &str,
) -> Result<(EventCalendar, Diagnosis), SpecError> {
    let fields = tree.and_then(|tree| said.fields(&CALENDAR, tree, Span::NONE));
    let calendar = fields.map(|fields| said.calendar(&fields));
    let diagnosis = Diagnosis::new(file, text, said.into_diagnostics());
    match calendar {
        Some(calendar) if !diagnosis.has_errors() => Ok((calendar, diagnosis)),
        _ => Err(SpecError::Refused(diagnosis)),
    }
}
