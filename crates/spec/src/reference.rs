//! The reference of everything that can be written, in Markdown: made of the types and tables by which
//! files are read.

mod parameters;
mod values;

use crate::language::{Class, KeyEntry, Level};
use crate::registry::{Kind, Registry};
use crate::schema::{self, UNSEEN};

use self::values::anchor;

/// A section for each kind of file, with a table of keys for each mapping in it, one for each type of
/// `registry` with its parameters, and one on what schemas do not see. Headings begin at the second
/// level.
///
/// ```
/// use tuatara_spec::{Registry, reference};
///
/// let page = reference::page(&Registry::new());
/// assert!(page.contains("| `maxGap` | milliseconds or duration, 0 to `P3660D` | `PT2H` | "));
/// ```
pub fn page(registry: &Registry) -> String {
    let mut page = String::new();
    section(&mut page, "Detections");
    for (_, level) in schema::of_detections() {
        table(&mut page, &level);
        if level.name == Level::DETECTOR.name {
            table(&mut page, &Level::SETTINGS);
        }
        if level.name == Level::LABELER.name {
            table(&mut page, &Level::CLOCK);
        }
    }
    for (kind, heading) in [
        (Kind::Detector, "Detectors"),
        (Kind::Filter, "Filters"),
        (Kind::Labeler, "Labelers"),
    ] {
        section(&mut page, heading);
        for entry in registry.entries(kind) {
            parameters::table(&mut page, &entry);
        }
    }
    section(&mut page, "Files of events");
    table(&mut page, &crate::calendar::CALENDAR);
    #[cfg(feature = "files")]
    {
        section(&mut page, "Dataset files");
        for (_, level) in schema::of_datasets() {
            table(&mut page, &level);
        }
    }
    section(&mut page, "Subscriptions");
    for (_, level) in schema::of_subscriptions() {
        table(&mut page, &level);
    }
    section(&mut page, "What schemas do not see");
    page.push_str(
        "\nWhat a JSON Schema of `tuatara schema` rejects is refused when the file is read. What it \
         accepts may be\nrefused all the same, for these causes; `tuatara check` sees them all.\n\n",
    );
    page.push_str("| cause | what a schema does not see |\n|---|---|\n");
    for (code, what) in UNSEEN {
        row(&mut page, [&format!("`{code}`"), what]);
    }
    page
}

fn section(page: &mut String, heading: &str) {
    if !page.is_empty() {
        page.push('\n');
    }
    page.push_str(&format!("## {heading}\n"));
}

/// A row of a table.
fn row<const N: usize>(page: &mut String, cells: [&str; N]) {
    page.push('|');
    for cell in cells {
        page.push_str(&format!(" {} |", cell.replace('|', "\\|")));
    }
    page.push('\n');
}

/// The name of a level as a heading.
fn heading(level: &Level) -> String {
    let mut letters = level.name.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// A reference to the section of a level.
fn link(level: &Level) -> String {
    format!("[{}](#{})", level.name, anchor(&heading(level)))
}

fn table(page: &mut String, level: &Level) {
    page.push_str(&format!("\n### {}\n\n", heading(level)));
    page.push_str("| key | value | default | meaning |\n|---|---|---|---|\n");
    for key in level.keys {
        let KeyEntry { name, form, .. } = key;
        let value = values::of_form(form);
        let name = format!("`{name}`");
        match key.class {
            Class::Effective => row(page, [&name, &value, key.default, key.meaning]),
            Class::WithoutEffect(reason) => {
                let meaning = format!("**without effect**: {reason}");
                row(page, [&name, &value, "", &meaning]);
            }
        }
    }
}
