//! The parameters of a type.

use tuatara_core::ParamDoc;

use super::row;
use super::values::{of_shape, words};
use crate::registry::TypeEntry;
use crate::schema::{Field, Shape};

/// The section of a type.
pub(super) fn table(page: &mut String, entry: &TypeEntry) {
    page.push_str(&format!("\n### `{}`\n", entry.name));
    if !entry.summary.is_empty() {
        page.push_str(&format!("\n{}.\n", capitalised(entry.summary)));
    }
    let fields = flattened(&entry.shape);
    if fields.is_empty() {
        return;
    }
    page.push_str("\n| parameter | value | default | meaning |\n|---|---|---|---|\n");
    for doc in entry.docs {
        if let Some((_, field)) = fields.iter().find(|(path, _)| doc.is_of(path)) {
            let meaning = format!("{}{}", doc.meaning, also(field));
            let value = of_shape(&field.shape, Some(doc));
            row(
                page,
                [&format!("`{}`", doc.key), &value, doc.default, &meaning],
            );
        }
    }
    for (path, field) in &fields {
        if ParamDoc::of(entry.docs, path).is_none() {
            let default = if field.required { "required" } else { "" };
            let value = of_shape(&field.shape, None);
            let meaning = also(field);
            let meaning = meaning.trim_start_matches("; ");
            row(page, [&format!("`{path}`"), &value, default, meaning]);
        }
    }
}

/// The keys of a type and of the mappings in it, each with the keys that lead to it.
fn flattened(shape: &Shape) -> Vec<(String, &Field)> {
    let mut all = Vec::new();
    within(shape, "", &mut all);
    all
}

fn within<'s>(shape: &'s Shape, path: &str, all: &mut Vec<(String, &'s Field)>) {
    match shape {
        Shape::Optional(inner) | Shape::List(inner) => within(inner, path, all),
        Shape::Struct { fields, .. } => {
            for field in fields {
                let path = match path {
                    "" => field.name.to_owned(),
                    path => format!("{path}.{}", field.name),
                };
                all.push((path.clone(), field));
                within(&field.shape, &path, all);
            }
        }
        _ => {}
    }
}

/// The other names of a key.
fn also(field: &Field) -> String {
    match field.aliases.is_empty() {
        true => String::new(),
        false => format!("; also {}", words(field.aliases.iter().copied())),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
