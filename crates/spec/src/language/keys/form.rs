//! What may be written for a key.

use tuatara_core::{Bounds, TextForm};

/// What may be written for a key.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Form {
    /// Whatever is there; nothing reads it.
    Anything,
    /// What some types of the mapping read, and others do not: in words. What is taken is said of these
    /// types.
    Sometimes(&'static str),
    /// A scalar that is not blank.
    Text(TextForm),
    /// Any scalar.
    AnyText,
    /// `true` or `false`.
    Answer,
    /// A number, infinite ones included.
    #[cfg(feature = "files")]
    AnyNumber,
    /// A number between these.
    Number(Bounds),
    /// A whole number.
    Whole(Bounds),
    /// One of these.
    Word(&'static [&'static str], Folding),
    /// A country whose holidays are known.
    Country,
    /// Milliseconds or a duration, between these in words.
    Length(&'static str),
    /// The mapping of this level.
    Level(&'static str),
    /// The parameters of the type that stands beside it.
    Params,
    /// A list; one value stands for a list of one.
    List(&'static Form, Count),
    /// A mapping of any keys, at least so many, to values of one form.
    Mapping(&'static Form, usize),
    /// One or the other.
    Either(&'static [Form]),
    /// That form, or a key without a value.
    OrNothing(&'static Form),
}

/// How much of a word may differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Folding {
    /// The case.
    Case,
    /// The case, and `-` stands for `_`.
    Dash,
    /// The same, and blanks around it do not count.
    Trimmed,
}

/// How many items a list may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) least: usize,
    pub(crate) most: usize,
}

impl Count {
    pub(crate) const ANY: Self = Self {
        least: 0,
        most: usize::MAX,
    };
    pub(crate) const ONE_OR_MORE: Self = Self {
        least: 1,
        most: usize::MAX,
    };
    pub(crate) const UP_TO_ONE: Self = Self { least: 0, most: 1 };
}

/// Text of no form in particular.
pub(crate) const TEXT: Form = named("text");

/// Text that has to be read to be told from what is none, called `name`.
pub(crate) const fn named(name: &'static str) -> Form {
    Form::Text(TextForm::new(name, ""))
}

impl Form {
    pub(crate) const DURATION: Self = Self::Text(TextForm::DURATION);
    pub(crate) const ZONE: Self = named("zone");
    pub(crate) const GRANULARITY: Self = named("granularity");
    pub(crate) const CRON: Self = named("Quartz expression");
    /// A value or a list of values for each dimension.
    pub(crate) const VALUES: Self =
        Self::Mapping(&Self::List(&Self::AnyText, Count::ONE_OR_MORE), 0);
}

/// The words of a table that says what each stands for.
pub(crate) const fn words<T: Copy, const N: usize>(
    table: &[(&'static str, T); N],
) -> [&'static str; N] {
    let mut words = [""; N];
    let mut i = 0;
    while i < N {
        words[i] = table[i].0;
        i += 1;
    }
    words
}
