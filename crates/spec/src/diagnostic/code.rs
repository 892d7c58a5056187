//! Causes, by stable names: what a program that reads diagnostics can rely on.

use std::fmt;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// The cause of a diagnostic. Its name is stable; messages may change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[$doc])* $variant,)+
        }

        impl Code {
            /// All causes, in the order of this list.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable name, in kebab-case.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

codes! {
    /// The text is not YAML.
    Syntax = "syntax",
    /// A tab stands where only spaces may indent.
    Tab = "tab",
    /// A control character that no text file should hold.
    ControlCharacter = "control-character",
    /// A mapping has a key twice, or a setting is given in two places.
    DuplicateKey = "duplicate-key",
    /// A key is not text.
    KeyNotText = "key-not-text",
    /// A tag such as `!!str`.
    Tag = "tag",
    /// A merge key `<<`.
    MergeKey = "merge-key",
    /// An alias of nothing, or of the value it stands in.
    Alias = "alias",
    /// More than one document in a file.
    ManyDocuments = "many-documents",
    /// No document in a file.
    EmptyDocument = "empty-document",
    /// Too many levels of nesting.
    TooDeep = "too-deep",
    /// Too many bytes, or too many values, those repeated by aliases included.
    TooLarge = "too-large",
    /// A key that does not belong here.
    UnknownKey = "unknown-key",
    /// A key that has to be here is not.
    MissingKey = "missing-key",
    /// A key without a value that needs one.
    NoValue = "no-value",
    /// A list for a number, text for a mapping, and so on.
    WrongType = "wrong-type",
    /// A number is meant, and this is none that can be held.
    BadNumber = "bad-number",
    /// One of a few words is meant, and this is none of them.
    UnknownValue = "unknown-value",
    /// A value that cannot be read as what it should be.
    BadValue = "bad-value",
    /// A value beyond its bounds.
    OutOfRange = "out-of-range",
    /// A list that needs an item has none.
    EmptyList = "empty-list",
    /// A detector or filter type that nobody registered.
    UnknownType = "unknown-type",
    /// A filter where a detector should be, or the other way round.
    WrongPlace = "wrong-place",
    /// Settings that exclude each other.
    Conflict = "conflict",
    /// A name that is taken.
    DuplicateName = "duplicate-name",
    /// A parameter that the detector or filter refuses.
    BadParameter = "bad-parameter",
    /// A documented key that changes nothing here.
    NoEffect = "no-effect",
    /// Settings that work against each other.
    RiskyPair = "risky-pair",
    /// A parameter that is allowed and probably not meant.
    RiskyParameter = "risky-parameter",
    /// An operator in a filter value, where values are compared as text.
    OperatorAsText = "operator-as-text",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kebab_case_and_different() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert!(
            names
                .iter()
                .all(|n| n.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
        );
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
    }
}
