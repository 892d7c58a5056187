//! What is said of a parameter where it is declared. The page of reference and the schema of the
//! configuration language are made of it.

use tuatara_frame::Duration;

/// One parameter, for a reader: a row of the reference.
///
/// What type of value it takes is found out from the type of the field; here stands what that does
/// not say.
///
/// ```
/// use tuatara_core::{Bounds, ParamDoc, TextForm};
///
/// const DOCS: [ParamDoc; 3] = [
///     ParamDoc::new("ceiling", "the highest normal value, in units of the metric").required(),
///     ParamDoc::new("share", "how much above it is normal all the same, as a fraction")
///         .default("0.1")
///         .within(Bounds::at_least(0.0)),
///     ParamDoc::new("patience", "how long it may last").default("`PT1H`").text(TextForm::DURATION),
/// ];
/// assert!(DOCS[0].required);
/// assert_eq!(DOCS[1].bounds.unwrap().to_string(), "[0, ∞)");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct ParamDoc {
    /// The key, as written. `*` stands for any key of a mapping: `severity.*.change`.
    pub key: &'static str,
    /// What it is, beginning with a small letter and without a full stop; Markdown.
    pub meaning: &'static str,
    /// What holds where it is not given, in Markdown: a literal value in code marks or a number by
    /// itself, or words such as "by granularity". "not set" by default.
    pub default: &'static str,
    /// Whether nothing can be built without it.
    pub required: bool,
    /// The numbers that are taken, where not all are: of each of a list.
    pub bounds: Option<Bounds>,
    /// The form of text that is taken, where not any is: of each of a list.
    pub form: Option<TextForm>,
}

impl ParamDoc {
    /// `key` is what `meaning` says, and not set by default.
    pub const fn new(key: &'static str, meaning: &'static str) -> Self {
        Self {
            key,
            meaning,
            default: "not set",
            required: false,
            bounds: None,
            form: None,
        }
    }

    /// The one of `docs` that is about the key at `path`: keys from the outermost inward, with dots
    /// between.
    pub fn of<'d>(docs: &'d [Self], path: &str) -> Option<&'d Self> {
        docs.iter().find(|doc| doc.is_of(path))
    }

    /// Whether this is about the key at `path`.
    pub fn is_of(&self, path: &str) -> bool {
        let (mut own, mut asked) = (self.key.split('.'), path.split('.'));
        loop {
            match (own.next(), asked.next()) {
                (None, None) => return true,
                (Some(own), Some(asked)) if own == "*" || own == asked => {}
                _ => return false,
            }
        }
    }

    /// Says what holds where it is not given.
    #[must_use]
    pub const fn default(self, default: &'static str) -> Self {
        Self { default, ..self }
    }

    /// Says that it has to be given.
    #[must_use]
    pub const fn required(self) -> Self {
        let (default, required) = ("required", true);
        Self {
            default,
            required,
            ..self
        }
    }

    /// Says which numbers are taken.
    #[must_use]
    pub const fn within(self, bounds: Bounds) -> Self {
        let bounds = Some(bounds);
        Self { bounds, ..self }
    }

    /// Says which form of text is taken.
    #[must_use]
    pub const fn text(self, form: TextForm) -> Self {
        let form = Some(form);
        Self { form, ..self }
    }
}

/// A range of numbers. An infinite end is never part of it: infinity is no number that is taken.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Bounds {
    /// The lower end; −∞ where there is none.
    pub least: f64,
    /// The upper end; ∞ where there is none.
    pub most: f64,
    /// Whether finite ends are part of it.
    pub closed: bool,
}

impl Bounds {
    /// Every number that is finite.
    pub const FINITE: Self = Self::closed(f64::NEG_INFINITY, f64::INFINITY);

    /// `[least, most]`.
    pub const fn closed(least: f64, most: f64) -> Self {
        Self {
            least,
            most,
            closed: true,
        }
    }

    /// `(least, most)`.
    pub const fn open(least: f64, most: f64) -> Self {
        Self {
            least,
            most,
            closed: false,
        }
    }

    /// `[least, ∞)`.
    pub const fn at_least(least: f64) -> Self {
        Self::closed(least, f64::INFINITY)
    }

    /// `(−∞, most]`.
    pub const fn at_most(most: f64) -> Self {
        Self::closed(f64::NEG_INFINITY, most)
    }
}

impl std::fmt::Display for Bounds {
    /// In the notation of intervals: `[0, ∞)`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            least,
            most,
            closed,
        } = *self;
        match least.is_finite() && closed {
            true => write!(f, "[{least}, ")?,
            false if least.is_finite() => write!(f, "({least}, ")?,
            false => f.write_str("(−∞, ")?,
        }
        match most.is_finite() && closed {
            true => write!(f, "{most}]"),
            false if most.is_finite() => write!(f, "{most})"),
            false => f.write_str("∞)"),
        }
    }
}

/// A form of text that has a name of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct TextForm {
    /// What it is called: `duration`.
    pub name: &'static str,
    /// A regular expression (ECMA-262) with both anchors that every text of this form matches; texts
    /// that are none may match, too. Empty where there is none to give.
    pub pattern: &'static str,
}

impl TextForm {
    /// A duration in ISO 8601 or short, as [`Duration`] reads it.
    pub const DURATION: Self = Self::new("duration", Duration::PATTERN);

    /// Text of a form called `name` that matches `pattern`.
    pub const fn new(name: &'static str, pattern: &'static str) -> Self {
        Self { name, pattern }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_one_key() {
        let doc = ParamDoc::new("severity.*.change", "the smallest change");
        let about = [
            "severity.high.change",
            "severity.high",
            "severity.high.change.more",
            "change",
        ];
        assert_eq!(
            about.map(|path| doc.is_of(path)),
            [true, false, false, false]
        );
    }

    #[test]
    fn bounds_are_shown_as_intervals() {
        let shown = [
            Bounds::closed(0.0, 10.0),
            Bounds::open(0.0, 1.0),
            Bounds::at_least(0.02),
            Bounds::at_most(1.0),
            Bounds::FINITE,
        ]
        .map(|bounds| bounds.to_string());
        assert_eq!(
            shown,
            ["[0, 10]", "(0, 1)", "[0.02, ∞)", "(−∞, 1]", "(−∞, ∞)"]
        );
    }
}
