//! What may be written, in words.

use tuatara_core::{Bounds, ParamDoc};
use tuatara_frame::events::Country;

use super::link;
use crate::language::{Count, Form};
use crate::schema::{self, Shape};

/// What a key of the pipeline takes.
pub(super) fn of_form(form: &Form) -> String {
    match form {
        Form::Anything => "anything".to_owned(),
        Form::Sometimes(words) => (*words).to_owned(),
        Form::Text(form) => form.name.to_owned(),
        Form::AnyText => "text".to_owned(),
        Form::Answer => words(["true", "false"]),
        #[cfg(feature = "files")]
        Form::AnyNumber => "number".to_owned(),
        Form::Number(bounds) => within("number", *bounds),
        Form::Whole(bounds) => within("whole number", *bounds),
        Form::Word(known, _) => words(known.iter().copied()),
        Form::Country => words(Country::all().map(Country::code)),
        Form::Length(range) => format!("milliseconds or duration, {range}"),
        Form::Level(id) => link(&schema::level(id)),
        Form::Params => "mapping".to_owned(),
        Form::List(item, Count { most: 1, .. }) => format!("{}, alone", of_form(item)),
        Form::List(item, _) => format!("list: {}", of_form(item)),
        Form::Mapping(value, _) => format!("mapping, each value: {}", of_form(value)),
        Form::Either(forms) => {
            let forms: Vec<String> = forms.iter().map(of_form).collect();
            forms.join("; or ")
        }
        Form::OrNothing(form) => of_form(form),
    }
}

/// What a parameter takes.
pub(super) fn of_shape(shape: &Shape, doc: Option<&ParamDoc>) -> String {
    let bounds = doc.and_then(|doc| doc.bounds).unwrap_or(Bounds::FINITE);
    match shape {
        Shape::Anything => "anything".to_owned(),
        Shape::Nothing => "nothing".to_owned(),
        Shape::Bool => words(["true", "false"]),
        Shape::Number => within("number", bounds),
        Shape::Whole { .. } => within("whole number", bounds),
        Shape::Text => {
            let form = doc.and_then(|doc| doc.form);
            form.map_or("text", |form| form.name).to_owned()
        }
        Shape::Optional(within) => of_shape(within, doc),
        Shape::List(item) => format!("list: {}", of_shape(item, doc)),
        Shape::Mapping(value) => format!("mapping, each value: {}", of_shape(value, doc)),
        Shape::Struct { fields, .. } => {
            format!("mapping of {}", words(fields.iter().map(|f| f.name)))
        }
        Shape::Choice(variants) => words(variants.iter().map(|variant| variant.name)),
    }
}

fn within(what: &str, bounds: Bounds) -> String {
    match bounds == Bounds::FINITE {
        true => what.to_owned(),
        false => format!("{what} in {bounds}"),
    }
}

/// In code marks, with commas between.
pub(super) fn words<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    words.join(", ")
}

/// The fragment that leads to a heading.
pub(super) fn anchor(heading: &str) -> String {
    let kept = heading
        .chars()
        .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.map(|c| {
        if c == ' ' {
            '-'
        } else {
            c.to_ascii_lowercase()
        }
    })
    .collect()
}
