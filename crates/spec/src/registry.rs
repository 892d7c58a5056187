//! Which types a configuration can name, and how they are built.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::fmt;

use tuatara_core::{
    BuildContext, Component, Detector, Filter, Labeler, ParamDoc, ParamError, Params,
};
use tuatara_frame::closest;

use crate::diagnostic::{listed, quote};
use crate::schema::Shape;
use crate::tree::{Key, Node};
use crate::{Code, Diagnostic, Span, Spanned, de};

/// What a type builds, and under which key of a rule it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Stands under `detection:`.
    Detector,
    /// Stands under `filter:`.
    Filter,
    /// Stands under `labeler:`.
    Labeler,
}

impl Kind {
    /// All of them, in the order in which they work.
    pub const ALL: [Self; 3] = [Self::Detector, Self::Filter, Self::Labeler];

    /// The key of a rule under which it stands.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Detector => "detection",
            Self::Filter => "filter",
            Self::Labeler => "labeler",
        }
    }

    /// What `P` says it builds; none when it builds a type of its own that only turns out to be
    /// one of them when it is built.
    fn declared_by<P: Params>() -> Option<Self>
    where
        P::Built: 'static,
    {
        let built = TypeId::of::<P::Built>();
        if built == TypeId::of::<Box<dyn Detector>>() {
            Some(Self::Detector)
        } else if built == TypeId::of::<Box<dyn Filter>>() {
            Some(Self::Filter)
        } else if built == TypeId::of::<Box<dyn Labeler>>() {
            Some(Self::Labeler)
        } else {
            None
        }
    }

    fn of(component: &Component) -> Option<Self> {
        match component {
            Component::Detector(_) => Some(Self::Detector),
            Component::Filter(_) => Some(Self::Filter),
            Component::Labeler(_) => Some(Self::Labeler),
            _ => None,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Detector => "detector",
            Self::Filter => "filter",
            Self::Labeler => "labeler",
        })
    }
}

/// The types a configuration can name. Names are recognised in any case, with `-` for `_`.
///
/// ```
/// use tuatara_core::{BuildContext, Filter, ParamError, Params};
/// use tuatara_spec::{Kind, Registry};
/// # use tuatara_core::*;
/// # use tuatara_frame::*;
/// # #[derive(Debug)] struct KeepAll;
/// # impl Filter for KeepAll {
/// #     fn needs(&self, _: &SliceKey, _: &TimeAxis) -> Result<Needs, FilterError> { Ok(Needs::NOTHING) }
/// #     fn judge(&self, _: &Anomaly, _: &Evidence<'_>, _: &mut Memo) -> Result<Judgement, FilterError> { Ok(Judgement::keep("size", 0.0, "all are kept")) }
/// # }
///
/// #[derive(serde::Deserialize)]
/// #[serde(deny_unknown_fields)]
/// struct KeepAllParams {}
///
/// impl Params for KeepAllParams {
///     const TYPE: &'static str = "KEEP_ALL_FILTER";
///     type Built = Box<dyn Filter>;
///     fn build(self, _: &BuildContext) -> Result<Self::Built, ParamError> {
///         Ok(Box::new(KeepAll))
///     }
/// }
///
/// let registry = Registry::new().with::<KeepAllParams>();
/// assert_eq!(registry.types(Kind::Filter).collect::<Vec<_>>(), ["KEEP_ALL_FILTER"]);
/// ```
///
/// Errors in the parameters of a registered type have exact places:
///
/// ```
/// use tuatara_core::{BuildContext, Detector, ParamError, Params};
/// use tuatara_spec::tree::Node;
/// use tuatara_spec::{DetectionSpec, Registry};
/// # use tuatara_core::*;
/// # use tuatara_frame::{SeriesView, TimeAxis};
/// # #[derive(Debug)] struct Never;
/// # impl Detector for Never {
/// #     fn lookback(&self, _: &TimeAxis) -> Result<Lookback> { Ok(Lookback::buckets(0)) }
/// #     fn evaluate(&self, _: SeriesView<'_>, _: Window, _: &mut Memo, _: &mut Evaluation)
/// #         -> Result<()> { Ok(()) }
/// # }
///
/// #[derive(serde::Deserialize)]
/// #[serde(deny_unknown_fields)]
/// struct CeilingParams {
///     ceiling: f64,
/// }
///
/// impl Params for CeilingParams {
///     const TYPE: &'static str = "CEILING";
///     type Built = Box<dyn Detector>;
///     fn build(self, _: &BuildContext) -> Result<Self::Built, ParamError> {
///         # let _ = self.ceiling;
///         Ok(Box::new(Never))
///     }
/// }
///
/// let detection = |params: Node| {
///     let detector = Node::mapping([
///         ("name", Node::text("too_high")),
///         ("type", Node::text("ceiling")),
///         ("params", params),
///     ]);
///     Node::mapping([
///         ("detectionName", Node::text("load")),
///         ("metric", Node::text("load")),
///         ("rules", Node::list([Node::mapping([("detection", detector)])])),
///     ])
/// };
/// let registry = Registry::new().with::<CeilingParams>();
///
/// let good = detection(Node::mapping([("ceiling", Node::from(7000.0))]));
/// let checked = DetectionSpec::from_tree(&good, "load", &registry)?;
/// assert_eq!(checked.spec.rules[0].detections[0].type_name.value, "CEILING");
///
/// let bad = detection(Node::mapping([("cieling", Node::from(7000.0))]));
/// let error = DetectionSpec::from_tree(&bad, "load", &registry).unwrap_err();
/// let shown = [
///     "error[unknown-key]: `cieling` is not a parameter of CEILING",
///     "  --> load:8:9",
///     "   |",
///     " 8 |         cieling: 7000",
///     "   |         ^^^^^^^ did you mean `ceiling`?",
///     "   = allowed: ceiling",
/// ];
/// assert_eq!(error.to_string(), shown.join("\n"));
/// # Ok::<(), tuatara_spec::SpecError>(())
/// ```
#[derive(Clone, Default)]
pub struct Registry {
    types: BTreeMap<String, Registered>,
}

/// Builds a component out of its `params`. Errors of the component as a whole stand at its type.
type Build = fn(&Node, &Spanned<String>, &BuildContext) -> Result<Built, Vec<Diagnostic>>;

/// A component, and the warnings about its parameters.
pub(crate) type Built = (Component, Vec<Diagnostic>);

#[derive(Clone, Copy)]
struct Registered {
    name: &'static str,
    kind: Option<Kind>,
    build: Build,
    shape: fn() -> Shape,
    summary: &'static str,
    docs: &'static [ParamDoc],
}

/// What is known of a registered type: for the reference, and for schemas.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TypeEntry {
    /// The name under `type:`.
    pub name: &'static str,
    /// What it builds; none for a type that does not declare it.
    pub kind: Option<Kind>,
    /// What it does, [`Params::SUMMARY`].
    pub summary: &'static str,
    /// What its parameters are, [`Params::DOCS`].
    pub docs: &'static [ParamDoc],
    /// What it reads, found out by asking it.
    pub shape: Shape,
}

impl Registry {
    /// Knows no type.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `P` under [`Params::TYPE`]. A type of that name that was there before is replaced, so
    /// that a host can put its own in the place of a standard one.
    #[must_use]
    pub fn with<P: Params>(mut self) -> Self
    where
        P::Built: 'static,
    {
        let registered = Registered {
            name: P::TYPE,
            kind: Kind::declared_by::<P>(),
            build: build::<P>,
            shape: Shape::of::<P>,
            summary: P::SUMMARY,
            docs: P::DOCS,
        };
        self.types.insert(folded(P::TYPE), registered);
        self
    }

    /// The names of the types of `kind`, in alphabetical order. A type that does not declare its
    /// kind is listed under all.
    pub fn types(&self, kind: Kind) -> impl Iterator<Item = &'static str> + '_ {
        let fits = move |t: &&Registered| t.kind.is_none_or(|known| known == kind);
        self.types.values().filter(fits).map(|t| t.name)
    }

    /// What is known of the type of that name, whatever the case.
    pub fn describe(&self, name: &str) -> Option<TypeEntry> {
        self.types.get(&folded(name)).map(|registered| TypeEntry {
            name: registered.name,
            kind: registered.kind,
            summary: registered.summary,
            docs: registered.docs,
            shape: (registered.shape)(),
        })
    }

    /// What is known of the types of `kind`, in alphabetical order.
    pub(crate) fn entries(&self, kind: Kind) -> impl Iterator<Item = TypeEntry> + '_ {
        self.types(kind).filter_map(|name| self.describe(name))
    }

    /// The name of a type as it is registered, whatever the case of `name`.
    pub fn canonical(&self, name: &str) -> Option<&'static str> {
        self.types.get(&folded(name)).map(|t| t.name)
    }

    /// Builds a component of `kind`.
    pub(crate) fn build(
        &self,
        kind: Kind,
        type_name: &Spanned<String>,
        params: &Node,
        context: &BuildContext,
    ) -> Result<Built, Vec<Diagnostic>> {
        let Some(registered) = self.types.get(&folded(type_name)) else {
            return Err(vec![self.unknown(kind, type_name)]);
        };
        if let Some(other) = registered.kind.filter(|known| *known != kind) {
            return Err(vec![self.wrong_place(
                kind,
                other,
                type_name,
                registered.name,
            )]);
        }
        let built = (registered.build)(params, type_name, context)?;
        match Kind::of(&built.0) {
            Some(other) if other != kind => {
                let name = registered.name;
                Err(vec![self.wrong_place(kind, other, type_name, name)])
            }
            _ => Ok(built),
        }
    }

    fn unknown(&self, kind: Kind, type_name: &Spanned<String>) -> Diagnostic {
        let all = || self.types.values().map(|t| t.name);
        // `HOLT_WINTERS` is the beginning of a name, and far from the whole of it.
        let begun = type_name.to_ascii_uppercase();
        let longer = || {
            let mut types = self.types(kind);
            types.find(|known| !begun.is_empty() && known.starts_with(&begun))
        };
        let near = closest(type_name, self.types(kind)).or_else(longer);
        let near = near.or_else(|| closest(type_name, all()));
        let known = listed(self.types(kind));
        let message = format!("there is no {kind} type {}", quote(type_name));
        Diagnostic::error(Code::UnknownType, type_name.span, message)
            .allowed(if known.is_empty() {
                format!("nothing: no {kind} is registered")
            } else {
                known
            })
            .suggest(near)
            .remedy("write one of these; a type of your own has to be registered first")
    }

    fn wrong_place(
        &self,
        kind: Kind,
        other: Kind,
        type_name: &Spanned<String>,
        canonical: &str,
    ) -> Diagnostic {
        let (here, there) = (kind.key(), other.key());
        let message = format!("{canonical} is a {other} and cannot stand under `{here}:`");
        Diagnostic::error(Code::WrongPlace, type_name.span, message)
            .allowed(format!("a {kind}: {}", listed(self.types(kind))))
            .remedy(format!(
                "move it under `{there}:`, beside `{here}:` in the same rule"
            ))
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.types.values().map(|t| t.name))
            .finish()
    }
}

fn folded(name: &str) -> String {
    name.chars()
        .map(|c| {
            if c == '-' {
                '_'
            } else {
                c.to_ascii_uppercase()
            }
        })
        .collect()
}

fn build<P: Params>(
    params: &Node,
    type_name: &Spanned<String>,
    context: &BuildContext,
) -> Result<Built, Vec<Diagnostic>> {
    let read = de::parameters::<P>(params, P::TYPE).map_err(|mut found| {
        for diagnostic in &mut found {
            if !diagnostic.span.is_known() || diagnostic.code == Code::MissingKey {
                diagnostic.span = type_name.span;
            }
        }
        found
    })?;
    let warnings = read.warnings();
    let component = read
        .build(context)
        .map_err(|error| vec![refused(&error, P::TYPE, params, type_name)])?;
    let warnings = warnings.iter().map(|warning| {
        let span = place(warning.key, params, type_name);
        Diagnostic::warning(Code::RiskyParameter, span, &warning.message).remedy(&warning.remedy)
    });
    Ok((component.into(), warnings.collect()))
}

/// The entry of `key`; dots lead into the mappings within.
fn entry<'n>(key: &str, params: &'n Node) -> Option<(&'n Key, &'n Node)> {
    match key.split_once('.') {
        None => params.entry(key).map(|(key, value)| (key, value)),
        Some((outer, inner)) => entry(inner, &params.entry(outer)?.1),
    }
}

/// The value of `key`, the key where there is no value, and the type where there is no such key.
fn place(key: &str, params: &Node, type_name: &Spanned<String>) -> Span {
    let entry = entry(key, params);
    entry.map_or(type_name.span, |(key, value)| {
        match value.span.bytes().is_empty() {
            true => key.span,
            false => value.span,
        }
    })
}

/// An error of a component as a diagnostic in its [`place`].
fn refused(
    error: &ParamError,
    owner: &str,
    params: &Node,
    type_name: &Spanned<String>,
) -> Diagnostic {
    let entry = entry(error.key, params);
    let span = place(error.key, params, type_name);
    let message = match (error.key, entry) {
        ("", _) => format!("{owner} is {}", error.value),
        (key, Some(_)) => format!("`{key}` of {owner} cannot be {}", quote(&error.value)),
        (key, None) => format!("`{key}` of {owner} is {}", error.value),
    };
    let diagnostic =
        Diagnostic::error(Code::BadParameter, span, message).suggest(error.suggestion.as_deref());
    let diagnostic = match error.allowed.as_str() {
        "" => diagnostic,
        allowed => diagnostic.allowed(allowed),
    };
    match error.remedy.as_str() {
        "" => diagnostic,
        remedy => diagnostic.remedy(remedy),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_in_a_key_lead_into_mappings() {
        let high = Node::mapping([("change", Node::plain("-1"))]);
        let severity = Node::mapping([("high", high)]);
        let params = Node::mapping([("severity", severity)]);
        let text = |key| entry(key, &params).and_then(|(_, value)| value.as_text());
        assert_eq!(text("severity.high.change"), Some("-1"));
        assert_eq!(text("severity.low.change"), None);
        assert_eq!(text("severity.high.change.more"), None);
        assert_eq!(text("severity"), None, "a mapping is no text");
    }
}
