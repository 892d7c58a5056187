//! What a type reads, as a tree.

use serde::de::DeserializeOwned;

use super::probe::{Asked, Step, ask, refuses_unknown_keys};
use crate::de;
use crate::tree::Node;

/// Deeper than this a type is not looked at: one that holds itself has no end.
const DEEPEST: usize = 12;

/// What a type reads.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Shape {
    /// Whatever is there, as far as can be told.
    Anything,
    /// Nothing: a key without a value.
    Nothing,
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// A whole number.
    Whole {
        /// The smallest that can be held.
        least: i128,
        /// The largest that can be held.
        most: i128,
    },
    /// Any scalar, as text.
    Text,
    /// Something, or nothing.
    Optional(Box<Self>),
    /// A list; one value stands for a list of one.
    List(Box<Self>),
    /// A mapping of any keys to values of one kind.
    Mapping(Box<Self>),
    /// A mapping of certain keys.
    Struct {
        /// The keys.
        fields: Vec<Field>,
        /// Whether no other key may be there.
        closed: bool,
    },
    /// One of some variants.
    Choice(Vec<Variant>),
}

/// A key of a mapping.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Field {
    /// The key.
    pub name: &'static str,
    /// Other names of it.
    pub aliases: Vec<&'static str>,
    /// What its value is.
    pub shape: Shape,
    /// Whether it has to be there. Known of the outermost mapping alone.
    pub required: bool,
}

/// One of several words, or of several kinds of mapping.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Variant {
    /// The word.
    pub name: &'static str,
    /// What it holds: then it is written as a mapping of this one key.
    pub content: Option<Shape>,
}

impl Shape {
    /// What `T` reads. Parts in which a type goes its own way, as serde's `flatten`, `untagged` and
    /// `tag` do, read anything.
    ///
    /// ```
    /// use tuatara_spec::schema::Shape;
    ///
    /// #[derive(serde::Deserialize)]
    /// #[serde(deny_unknown_fields)]
    /// struct Ceiling {
    ///     #[serde(alias = "limit")]
    ///     ceiling: f64,
    ///     hours: Option<Vec<u8>>,
    /// }
    /// # let _ = |c: Ceiling| (c.ceiling, c.hours);
    ///
    /// let Shape::Struct { fields, closed: true } = Shape::of::<Ceiling>() else { panic!() };
    /// assert_eq!((fields[0].name, &fields[0].aliases[..]), ("ceiling", &["limit"][..]));
    /// assert_eq!((&fields[0].shape, fields[0].required), (&Shape::Number, true));
    /// let hours = Shape::List(Box::new(Shape::Whole { least: 0, most: 255 }));
    /// assert_eq!((&fields[1].shape, fields[1].required), (&Shape::Optional(Box::new(hours)), false));
    /// ```
    pub fn of<T: DeserializeOwned>() -> Self {
        let mut shape = shape::<T>(&mut Vec::new());
        if let Self::Struct { fields, .. } = &mut shape {
            join_aliases::<T>(fields);
            find_required::<T>(fields);
        }
        shape
    }

    /// Something of this shape, as far as that is enough to be read.
    fn sample(&self) -> Node {
        match self {
            Self::Anything | Self::Nothing | Self::Optional(_) | Self::List(_) => Node::null(),
            Self::Bool => Node::from(true),
            Self::Number => Node::from(1),
            Self::Whole { least, most } => Node::plain(1.clamp(*least, *most).to_string()),
            Self::Text => Node::text("1"),
            Self::Mapping(_) => Node::mapping::<&str>([]),
            Self::Struct { fields, .. } => {
                let needed = fields.iter().filter(|field| field.required);
                Node::mapping(needed.map(|field| (field.name, field.shape.sample())))
            }
            Self::Choice(variants) => match variants.first() {
                None => Node::null(),
                Some(Variant { name, content }) => match content {
                    None => Node::text(*name),
                    Some(content) => Node::mapping([(*name, content.sample())]),
                },
            },
        }
    }
}

fn shape<T: DeserializeOwned>(path: &mut Vec<Step>) -> Shape {
    if path.len() > DEEPEST {
        return Shape::Anything;
    }
    match ask::<T>(path) {
        // What a variant holds is asked for on the way to the variant.
        Asked::Anything | Asked::Content => Shape::Anything,
        Asked::Nothing => Shape::Nothing,
        Asked::Bool => Shape::Bool,
        Asked::Number => Shape::Number,
        Asked::Whole { least, most } => Shape::Whole { least, most },
        Asked::Text => Shape::Text,
        Asked::Optional => Shape::Optional(Box::new(within::<T>(path, Step::Within))),
        Asked::List => Shape::List(Box::new(within::<T>(path, Step::Within))),
        Asked::Mapping => Shape::Mapping(Box::new(within::<T>(path, Step::Within))),
        Asked::Struct(names) => Shape::Struct {
            fields: names
                .iter()
                .map(|name| Field {
                    name,
                    aliases: Vec::new(),
                    shape: within::<T>(path, Step::Key(name)),
                    required: false,
                })
                .collect(),
            closed: refuses_unknown_keys::<T>(path),
        },
        Asked::Choice(names) => {
            Shape::Choice(names.iter().map(|name| variant::<T>(path, name)).collect())
        }
    }
}

fn within<T: DeserializeOwned>(path: &mut Vec<Step>, step: Step) -> Shape {
    path.push(step);
    let found = shape::<T>(path);
    path.pop();
    found
}

fn variant<T: DeserializeOwned>(path: &mut Vec<Step>, name: &'static str) -> Variant {
    path.push(Step::Variant(name));
    let content = match ask::<T>(path) {
        Asked::Nothing => None,
        Asked::Content => Some(within::<T>(path, Step::Within)),
        _ => Some(Shape::Anything),
    };
    path.pop();
    Variant { name, content }
}

/// Two keys are names of one field when the type says so, given both.
fn join_aliases<T: DeserializeOwned>(fields: &mut Vec<Field>) {
    let mut joined: Vec<(&'static str, &'static str)> = Vec::new();
    for (i, a) in fields.iter().enumerate() {
        for b in &fields[i + 1..] {
            let both = [a, b].map(|field| (field.name, field.shape.sample()));
            let refused = de::from_node::<T>(&Node::mapping(both)).err();
            let Some(name) = refused.and_then(|error| error.duplicate_field()) else {
                continue;
            };
            // Of names that serde lists in the order of the alphabet it says which is the first.
            joined.extend([a, b].map(|field| field.name).map(|alias| (name, alias)));
        }
    }
    joined.retain(|(name, alias)| name != alias);
    fields.retain(|field| !joined.iter().any(|(_, alias)| *alias == field.name));
    for field in fields {
        let own = joined.iter().filter(|(name, _)| *name == field.name);
        field.aliases = own.map(|(_, alias)| *alias).collect();
        field.aliases.sort_unstable();
        field.aliases.dedup();
    }
}

/// A field is required when the type misses it, given all that it missed before.
fn find_required<T: DeserializeOwned>(fields: &mut [Field]) {
    loop {
        let needed = fields.iter().filter(|field| field.required);
        let given = Node::mapping(needed.map(|field| (field.name, field.shape.sample())));
        let refused = de::from_node::<T>(&given).err();
        let Some(name) = refused.and_then(|error| error.missing_field()) else {
            return;
        };
        match fields.iter_mut().find(|f| f.name == name && !f.required) {
            Some(field) => field.required = true,
            None => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    #[allow(dead_code, reason = "it is asked what it reads, and never made")]
    struct Everything {
        plain_text: String,
        #[serde(default, alias = "aaa", alias = "zzz")]
        middle: f64,
        answer: Option<bool>,
        within: Option<Box<Inner>>,
        tags: Option<BTreeMap<String, Vec<String>>>,
        side: Side,
        #[serde(default)]
        itself: Vec<Everything>,
        number: Wrapped,
    }

    #[derive(Deserialize, Default)]
    #[serde(default)]
    #[allow(dead_code, reason = "it is asked what it reads, and never made")]
    struct Inner {
        small: i8,
        either: Either,
        nothing: (),
        pair: (f64, String),
    }

    #[derive(Deserialize)]
    struct Wrapped(#[allow(dead_code, reason = "never made")] u16);

    #[derive(Deserialize)]
    #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
    #[allow(dead_code, reason = "it is asked what it reads, and never made")]
    enum Side {
        UpAndDown,
        Within(f64),
        Between { least: f64 },
        Pair(f64, f64),
    }

    #[derive(Deserialize, Default)]
    #[serde(untagged)]
    #[allow(dead_code, reason = "it is asked what it reads, and never made")]
    enum Either {
        Number(f64),
        #[default]
        Nothing,
    }

    fn fields(shape: &Shape) -> &[Field] {
        match shape {
            Shape::Struct { fields, .. } => fields,
            Shape::Optional(within) => fields(within),
            other => panic!("{other:?}"),
        }
    }

    fn field<'s>(shape: &'s Shape, name: &str) -> &'s Field {
        let mut all = fields(shape).iter();
        all.find(|field| field.name == name).expect(name)
    }

    #[test]
    fn every_field_is_asked_what_it_reads() {
        let all = Shape::of::<Everything>();
        let read = |name| &field(&all, name).shape;
        assert_eq!(read("plainText"), &Shape::Text);
        assert_eq!(read("middle"), &Shape::Number);
        assert_eq!(read("answer"), &Shape::Optional(Box::new(Shape::Bool)));
        let texts = Shape::List(Box::new(Shape::Text));
        let tags = Shape::Mapping(Box::new(texts));
        assert_eq!(read("tags"), &Shape::Optional(Box::new(tags)));
        let (least, most) = (0, 65_535);
        assert_eq!(
            read("number"),
            &Shape::Whole { least, most },
            "a wrapper is not seen"
        );
    }

    #[test]
    fn structs_within_are_asked_and_what_goes_its_own_way_reads_anything() {
        let all = Shape::of::<Everything>();
        let inner = &field(&all, "within").shape;
        let read = |name| &field(inner, name).shape;
        let (least, most) = (-128, 127);
        assert_eq!(read("small"), &Shape::Whole { least, most });
        assert_eq!(read("either"), &Shape::Anything);
        assert_eq!(read("nothing"), &Shape::Nothing);
        assert_eq!(read("pair"), &Shape::Anything);
    }

    #[test]
    fn variants_say_what_they_hold() {
        let all = Shape::of::<Everything>();
        let Shape::Choice(variants) = &field(&all, "side").shape else {
            panic!("it is an enum");
        };
        let [both, within, between, pair] = &variants[..] else {
            panic!("{variants:?}");
        };
        assert_eq!((both.name, &both.content), ("UP_AND_DOWN", &None));
        assert_eq!(
            (within.name, &within.content),
            ("WITHIN", &Some(Shape::Number))
        );
        assert_eq!(fields(between.content.as_ref().unwrap())[0].name, "least");
        assert_eq!((pair.name, &pair.content), ("PAIR", &Some(Shape::Anything)));
    }

    #[test]
    fn names_of_one_field_are_joined_under_the_first_that_is_declared() {
        let all = Shape::of::<Everything>();
        assert_eq!(field(&all, "middle").aliases, ["aaa", "zzz"]);
        assert_eq!(fields(&all).len(), 8);
    }

    #[test]
    fn what_is_missed_is_required_and_what_has_a_default_is_not() {
        let all = Shape::of::<Everything>();
        let required = fields(&all).iter().filter(|field| field.required);
        let required: Vec<_> = required.map(|field| field.name).collect();
        assert_eq!(required, ["plainText", "side", "number"]);
    }

    #[test]
    fn whether_other_keys_are_refused_is_found_by_trying_one() {
        let all = Shape::of::<Everything>();
        assert!(matches!(all, Shape::Struct { closed: true, .. }));
        let Shape::Optional(inner) = &field(&all, "within").shape else {
            panic!("it is optional");
        };
        assert!(matches!(**inner, Shape::Struct { closed: false, .. }));
    }

    #[test]
    fn a_type_that_holds_itself_has_an_end() {
        let mut shape = Shape::of::<Everything>();
        for _ in 0..3 {
            let Shape::List(within) = field(&shape, "itself").shape.clone() else {
                panic!("a list of itself");
            };
            shape = *within;
        }
    }
}
