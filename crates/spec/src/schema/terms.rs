//! What a schema says of a value, by what is meant by it.
//!
//! A value is what a reader of YAML makes of it: `0.1` a number, `"0.1"` and `NaN` text, `no` text. All
//! of these may be a number to the configuration language, and a number may be a name.

use std::collections::BTreeMap;

use tuatara_core::{Bounds, TextForm};
use tuatara_frame::events::Country;

use super::levels::level;
use crate::language::{Class, Count, Folding, Form, KeyEntry, Level};
use crate::tree::{Node, Value};
use crate::{Kind, Registry};

/// Blank for ECMA-262, for Rust, or for both.
const BLANKS: &str = "[\\s\\u0085]*";
const NAN: &str = "\\.?[Nn][Aa][Nn]";
const INFINITE: &str = "\\.?[Ii][Nn][Ff](?:[Ii][Nn][Ii][Tt][Yy])?";
const DECIMAL: &str = "[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?";

/// Whole numbers beyond this are not told apart by whoever reads JSON into floats.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The parts of a schema that have a name.
pub(super) struct Terms<'r> {
    pub(super) registry: Option<&'r Registry>,
    defs: BTreeMap<String, Node>,
}

/// A mapping of a schema.
pub(super) fn object<const N: usize>(entries: [(&str, Node); N]) -> Node {
    Node::mapping(entries)
}

pub(super) fn strings<'t>(texts: impl IntoIterator<Item = &'t str>) -> Node {
    Node::list(texts.into_iter().map(Node::text))
}

pub(super) fn any_of(of: impl IntoIterator<Item = Node>) -> Node {
    object([("anyOf", Node::list(of))])
}

pub(super) fn typed(name: &str) -> Node {
    object([("type", Node::text(name))])
}

/// Text that matches.
pub(super) fn matching(pattern: &str) -> Node {
    object([
        ("type", Node::text("string")),
        ("pattern", Node::text(pattern)),
    ])
}

/// The entries of a mapping of a schema.
pub(super) fn entries(node: Node) -> Vec<(String, Node)> {
    match node.value {
        Value::Mapping(entries) => entries
            .into_iter()
            .map(|(key, value)| (key.text, value))
            .collect(),
        _ => unreachable!("invariant: a schema is a mapping"),
    }
}

/// A pattern, without anchors, for one of `words`.
pub(super) fn one_of<'t>(words: impl IntoIterator<Item = &'t str>, folding: Folding) -> String {
    let words: Vec<String> = words
        .into_iter()
        .map(|word| folded(word, folding))
        .collect();
    format!("(?:{})", words.join("|"))
}

fn folded(word: &str, folding: Folding) -> String {
    let mut pattern = String::new();
    for c in word.chars() {
        match c {
            '_' | '-' if folding != Folding::Case => pattern.push_str("[-_]"),
            c if c.is_ascii_alphabetic() => {
                let (upper, lower) = (c.to_ascii_uppercase(), c.to_ascii_lowercase());
                pattern.extend(['[', upper, lower, ']']);
            }
            c if c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | ',' | ';' | '&' | '"') => {
                pattern.push(c);
            }
            c => pattern.extend(['\\', c]),
        }
    }
    pattern
}

impl<'r> Terms<'r> {
    pub(super) fn new(registry: Option<&'r Registry>) -> Self {
        Self {
            registry,
            defs: BTreeMap::new(),
        }
    }

    pub(super) fn into_defs(self) -> Node {
        Node::mapping(self.defs)
    }

    /// A reference to what is called `name`, which is made once. It may refer to itself.
    pub(super) fn refer(&mut self, name: &str, make: impl FnOnce(&mut Self) -> Node) -> Node {
        if !self.defs.contains_key(name) {
            self.defs.insert(name.to_owned(), Node::null());
            let made = make(self);
            self.defs.insert(name.to_owned(), made);
        }
        object([("$ref", Node::text(format!("#/$defs/{}", pointer(name))))])
    }

    /// Any scalar but nothing: it has a text.
    pub(super) fn any_text(&mut self) -> Node {
        self.refer("anyText", |_| {
            object([("type", strings(["string", "number", "boolean"]))])
        })
    }

    fn text(&mut self, form: TextForm) -> Node {
        match form.pattern {
            "" => self.refer("text", |_| {
                object([
                    ("type", strings(["string", "number", "boolean"])),
                    ("pattern", Node::text("[\\S\\uFEFF]")),
                ])
            }),
            pattern => self.refer(form.name, |_| matching(pattern)),
        }
    }

    /// Text of a parameter, which may be blank as far as its type is concerned.
    pub(super) fn parameter_text(&mut self, form: Option<TextForm>) -> Node {
        match form {
            Some(form) if !form.pattern.is_empty() => self.text(form),
            _ => self.any_text(),
        }
    }

    pub(super) fn answer(&mut self) -> Node {
        self.refer("answer", |_| {
            let words = one_of(["true", "false"], Folding::Case);
            any_of([typed("boolean"), matching(&format!("^{words}$"))])
        })
    }

    /// A key without a value, or `NaN`.
    pub(super) fn not_set(&mut self) -> Node {
        self.refer("notSet", |_| {
            any_of([typed("null"), matching(&format!("^{NAN}$"))])
        })
    }

    /// A number; without bounds it may be infinite.
    pub(super) fn number(&mut self, bounds: Option<Bounds>) -> Node {
        match bounds {
            // A number below all others may be a way to say that there is none.
            Some(bounds) if bounds.least.is_infinite() && bounds.most.is_finite() => {
                let text = self.refer("numberInQuotesOrNone", |_| {
                    matching(&format!("^(?:{DECIMAL}|{NAN}|-{INFINITE})$"))
                });
                any_of([between("number", bounds), text])
            }
            Some(bounds) => {
                let text = self.refer("numberInQuotes", |_| {
                    matching(&format!("^(?:{DECIMAL}|{NAN})$"))
                });
                any_of([between("number", bounds), text])
            }
            None => self.refer("number", |_| {
                let text = matching(&format!("^(?:{DECIMAL}|{NAN}|[-+]?{INFINITE})$"));
                any_of([typed("number"), text])
            }),
        }
    }

    pub(super) fn whole(&mut self, bounds: Bounds) -> Node {
        let text = self.refer("wholeNumberInQuotes", |_| matching(&format!("^{DECIMAL}$")));
        any_of([between("integer", bounds), text])
    }

    /// One of `words`; the list is for whoever completes what is typed.
    pub(super) fn word<'t>(
        &mut self,
        words: impl IntoIterator<Item = &'t str> + Clone,
        folding: Folding,
    ) -> Node {
        let pattern = one_of(words.clone(), folding);
        let pattern = match folding {
            Folding::Trimmed => format!("^{BLANKS}{pattern}{BLANKS}$"),
            _ => format!("^{pattern}$"),
        };
        any_of([object([("enum", strings(words))]), matching(&pattern)])
    }

    /// Milliseconds, or a duration.
    fn length(&mut self) -> Node {
        self.refer("length", |terms| {
            let number = object([("type", Node::text("integer")), ("minimum", Node::from(0))]);
            let text = matching(&format!("^(?:{DECIMAL})$"));
            any_of([number, terms.text(TextForm::DURATION), text])
        })
    }

    pub(super) fn list(&mut self, item: Node, count: Count) -> Node {
        let mut list = vec![("type", Node::text("array")), ("items", item.clone())];
        if count.least > 0 {
            list.push(("minItems", Node::plain(count.least.to_string())));
        }
        if count.most < usize::MAX {
            list.push(("maxItems", Node::plain(count.most.to_string())));
        }
        let mut all = vec![Node::mapping(list), item];
        if count.least == 0 {
            all.push(typed("null"));
        }
        any_of(all)
    }

    pub(super) fn mapping(&mut self, value: Node, least: usize) -> Node {
        let mut mapping = vec![
            ("type", Node::text("object")),
            ("additionalProperties", value),
        ];
        if least > 0 {
            mapping.push(("minProperties", Node::plain(least.to_string())));
        }
        Node::mapping(mapping)
    }

    /// What a key of the pipeline takes. The parameters of a type are said beside it.
    pub(super) fn form(&mut self, form: &Form) -> Node {
        match form {
            Form::Anything | Form::Sometimes(_) => object([]),
            Form::Text(form) => self.text(*form),
            Form::AnyText => self.any_text(),
            Form::Answer => self.answer(),
            #[cfg(feature = "files")]
            Form::AnyNumber => self.number(None),
            Form::Number(bounds) => self.number(Some(*bounds)),
            Form::Whole(bounds) => self.whole(*bounds),
            Form::Word(words, folding) => self.word(words.iter().copied(), *folding),
            Form::Country => self.refer("country", |terms| {
                let codes: Vec<&str> = Country::all().map(Country::code).collect();
                terms.word(codes, Folding::Case)
            }),
            Form::Length(_) => self.length(),
            Form::Level(id) => self.level(id),
            Form::Params => typed("object"),
            Form::List(item, count) => {
                let item = self.form(item);
                self.list(item, *count)
            }
            Form::Mapping(value, least) => {
                let value = self.form(value);
                self.mapping(value, *least)
            }
            Form::Either(forms) => {
                let forms: Vec<Node> = forms.iter().map(|form| self.form(form)).collect();
                any_of(forms)
            }
            Form::OrNothing(form) => {
                let (form, not_set) = (self.form(form), self.not_set());
                any_of([form, not_set])
            }
        }
    }

    /// A reference to the mapping of a level.
    pub(super) fn level(&mut self, id: &str) -> Node {
        self.refer(id, |terms| terms.level_node(id, &level(id)))
    }

    /// The mapping of a level.
    pub(super) fn level_node(&mut self, id: &str, level: &Level) -> Node {
        let properties = level.keys.iter().map(|key| (key.name, self.property(key)));
        let properties: Vec<(&str, Node)> = properties.collect();
        let required = level.keys.iter().filter(|key| key.is_required());
        let required: Vec<&str> = required.map(|key| key.name).collect();
        let mut node = vec![
            ("type", Node::text("object")),
            ("properties", Node::mapping(properties)),
        ];
        if !required.is_empty() {
            node.push(("required", strings(required)));
        }
        node.push(("additionalProperties", Node::from(false)));
        let kind = match id {
            "detector" | "quality" => Some(Kind::Detector),
            "filter" => Some(Kind::Filter),
            "labeler" => Some(Kind::Labeler),
            _ => None,
        };
        let conditions = match (kind, self.registry) {
            (Some(kind), Some(registry)) => {
                self.type_names(registry, kind, &mut node);
                self.parameters_by_type(registry, kind)
            }
            _ => self.conditions(id),
        };
        if !conditions.is_empty() {
            node.push(("allOf", Node::list(conditions)));
        }
        Node::mapping(node)
    }

    /// What stands for a key: what it is, and what it takes.
    pub(super) fn property(&mut self, key: &KeyEntry) -> Node {
        let mut node = vec![];
        match key.class {
            Class::Effective => node.push(("description", described(key.meaning, key.default))),
            Class::WithoutEffect(reason) => {
                node.push((
                    "description",
                    Node::text(format!("without effect: {reason}")),
                ));
                node.push(("deprecated", Node::from(true)));
            }
        }
        let form = entries(self.form(&key.form));
        Node::mapping(
            node.into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .chain(form),
        )
    }
}

/// A sentence for a tooltip.
pub(super) fn described(meaning: &str, default: &str) -> Node {
    Node::text(match default {
        "" => meaning.to_owned(),
        "required" | "not set" => format!("{meaning} ({default})"),
        default => format!("{meaning} (default: {default})"),
    })
}

/// A number between bounds. Infinity is no JSON.
fn between(name: &str, bounds: Bounds) -> Node {
    let (least, most) = match bounds.closed {
        true => ("minimum", "maximum"),
        false => ("exclusiveMinimum", "exclusiveMaximum"),
    };
    let mut node = vec![("type", Node::text(name))];
    let ends = [(least, bounds.least), (most, bounds.most)];
    node.extend(
        ends.into_iter()
            .filter(|(_, end)| end.abs() < EXACT)
            .map(|(name, end)| (name, Node::from(end))),
    );
    Node::mapping(node)
}

/// A name within a reference: a fragment of an address that is a JSON pointer.
fn pointer(name: &str) -> String {
    let mut pointer = String::new();
    for byte in name.replace('~', "~0").replace('/', "~1").bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                pointer.push(char::from(byte));
            }
            other => pointer.push_str(&format!("%{other:02X}")),
        }
    }
    pointer
}
