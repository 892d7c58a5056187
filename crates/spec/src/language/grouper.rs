//! `grouper`: what becomes one incident.
//!
//! | `type`             | gathers                                                                |
//! |--------------------|------------------------------------------------------------------------|
//! | `GROUPER`          | what an expression over names asks for, `a && (b \|\| c)`, at one time   |
//! | `INCIDENT_GROUPER` | everything that is found at one time                                   |
//!
//! An expression can be written as one text or, as documented, as `operator` with `leftOp` and
//! `rightOp`.

use std::ops::Range;

use tuatara_core::Expression;
use tuatara_frame::closest;

use super::keys::Level;
use super::merger::Lengths;
use super::{GatherSpec, GrouperSpec, Reading};
use crate::diagnostic::quote;
use crate::fields::{Entry, Fields, items, part_of};
use crate::{Code, Diagnostic, Span, Spanned};

const BY_EXPRESSION: &str = "GROUPER";
const BY_TIME: &str = "INCIDENT_GROUPER";

/// What `type` can be.
pub(super) const TYPES: [&str; 2] = [BY_EXPRESSION, BY_TIME];

/// What `operator` can be.
pub(super) const OPERATORS: [&str; 4] = ["and", "or", "&&", "||"];

/// What an expression can name, and what that is.
pub(super) struct Names<'a> {
    pub(super) known: Vec<String>,
    /// As in `rules`.
    pub(super) what: &'a str,
    /// Whether they end in a type, `name:TYPE`, that may be left out.
    pub(super) are_typed: bool,
    /// Whether these are all: what has an error of its own is not among them.
    pub(super) are_all: bool,
}

impl Reading<'_> {
    /// The grouper, or nothing if there is none or an error in it. A name in an expression is one
    /// of `names`.
    pub(super) fn grouper(
        &mut self,
        entry: Entry<'_>,
        merge: super::MergeSpec,
        names: &Names<'_>,
    ) -> Option<GrouperSpec> {
        let (key, node) = entry;
        let all = items(node);
        if let [_, second, ..] = all {
            self.said.say(
                Diagnostic::error(Code::Conflict, second.span, "there are two groupers")
                    .related(key.span, "a detection has one")
                    .allowed("one grouper")
                    .remedy("join the two expressions with `&&` or `||`, or delete one"),
            );
            return None;
        }
        let Some(first) = all.first() else {
            self.said.say(
                Diagnostic::error(Code::EmptyList, key.span, "`grouper` has no grouper")
                    .allowed("one grouper")
                    .remedy(format!(
                        "write `grouper: {{ type: {BY_TIME} }}`, or delete it"
                    )),
            );
            return None;
        };
        let fields = self.said.fields(&Level::GROUPER, first, key.span)?;
        let remedy = format!("add `type: {BY_EXPRESSION}` or `type: {BY_TIME}`");
        let type_name = self.said.required_text(&fields, "type", &remedy)?;
        let written = type_name.replace('-', "_");
        let is = |known: &str| written.eq_ignore_ascii_case(known);
        let params = fields.get("params");
        let (gathers, merge) = if is(BY_EXPRESSION) {
            let params = self.grouper_params(&Level::EXPRESSION, params, key.span)?;
            (
                GatherSpec::Expression(self.expression(&params, names)?),
                merge,
            )
        } else if is(BY_TIME) {
            let merge = match params.filter(|(_, node)| !node.is_null()) {
                Some((key, node)) => {
                    let fields = self.said.fields(&Level::INCIDENTS, node, key.span)?;
                    self.lengths(Lengths::of(&fields), merge)
                }
                None => merge,
            };
            (GatherSpec::Everything, merge)
        } else {
            let message = format!("{} is no type of a grouper", quote(&type_name));
            let known = [BY_EXPRESSION, BY_TIME];
            let diagnostic = Diagnostic::error(Code::UnknownType, type_name.span, message)
                .allowed(known.join(", "));
            let near = closest(&type_name, known);
            self.said.say(match near {
                Some(_) => diagnostic.suggest(near),
                None => diagnostic.remedy(format!(
                    "{BY_EXPRESSION} takes an expression over names, {BY_TIME} what happens at \
                     one time"
                )),
            });
            return None;
        };
        Some(GrouperSpec { gathers, merge })
    }

    fn grouper_params<'n>(
        &mut self,
        level: &'static Level,
        params: Option<Entry<'n>>,
        at: Span,
    ) -> Option<Fields<'n>> {
        match params.filter(|(_, node)| !node.is_null()) {
            Some((key, node)) => self.said.fields(level, node, key.span),
            None => {
                let message = format!("{BY_EXPRESSION} needs `params`");
                self.said.say(
                    Diagnostic::error(Code::MissingKey, at, message)
                        .allowed("params: { expression: … }")
                        .remedy("add `params: { expression: first && second }`"),
                );
                None
            }
        }
    }

    /// `expression`, or `operator` with `leftOp` and `rightOp`.
    fn expression(
        &mut self,
        fields: &Fields<'_>,
        names: &Names<'_>,
    ) -> Option<Spanned<Expression>> {
        let tree = ["operator", "leftOp", "rightOp"].map(|key| fields.get(key));
        let written = fields.get("expression");
        match (written, tree) {
            (Some(entry), [None, None, None]) => self.expression_text(entry, names),
            (None, [None, None, None]) => {
                let remedy = "add `expression: first && second`";
                self.said.missing(fields, "expression", remedy);
                None
            }
            (Some((key, _)), tree) => {
                let other = tree.into_iter().flatten().next();
                let span = other.map_or(key.span, |(key, _)| key.span);
                self.said.say(
                    Diagnostic::error(Code::Conflict, span, "the expression is written twice")
                        .related(key.span, "first written here")
                        .allowed("`expression`, or `operator` with `leftOp` and `rightOp`")
                        .remedy("keep one of the two"),
                );
                None
            }
            (None, _) => self.operation(fields, names),
        }
    }

    fn expression_text(
        &mut self,
        entry: Entry<'_>,
        names: &Names<'_>,
    ) -> Option<Spanned<Expression>> {
        let text = self.said.text(entry)?;
        let expression: Expression = match text.parse() {
            Ok(expression) => expression,
            Err(error) => {
                let error: tuatara_core::ExpressionError = error;
                let span = part_of(&entry.1, error.at());
                let message = format!("`{}`: {}", entry.0.text, error.what());
                self.said.say(
                    Diagnostic::error(Code::BadValue, span, message)
                        .allowed("names joined by `&&`, `||` and parentheses")
                        .remedy(error.remedy()),
                );
                return None;
            }
        };
        if Expression::is_mixed(&text) {
            let message = format!(
                "`&&` binds tighter than `||`: this is {}",
                quote(&expression.to_string())
            );
            self.said.say(
                Diagnostic::warning(Code::RiskyPair, text.span, message)
                    .remedy("write the parentheses that are meant"),
            );
        }
        let written = Expression::names_in(&text).unwrap_or_default();
        let mut unknown: Vec<(String, Range<usize>)> = written;
        unknown.retain(|(name, _)| !names.have(name));
        for (name, at) in &unknown {
            let span = part_of(&entry.1, at.clone());
            self.said.say(names.unknown(name, span));
        }
        unknown
            .is_empty()
            .then(|| Spanned::new(expression, text.span))
    }

    /// `operator: and` with two operands; each is `value: name`, or an operation again.
    fn operation(&mut self, fields: &Fields<'_>, names: &Names<'_>) -> Option<Spanned<Expression>> {
        let operator = match fields.get("operator") {
            Some(entry) => self.said.text(entry),
            None => {
                let remedy = "add `operator: and` or `operator: or`";
                self.said.missing(fields, "operator", remedy);
                None
            }
        };
        let mut terms = Vec::new();
        for key in ["leftOp", "rightOp"] {
            match fields.get(key) {
                Some(entry) => terms.extend(self.operand(entry, names)),
                None => {
                    let remedy = format!("add `{key}: {{ value: a_name }}`");
                    self.said.missing(fields, key, &remedy);
                }
            }
        }
        let operator = operator?;
        let both: fn(Vec<Expression>) -> Expression = match operator.to_ascii_lowercase().as_str() {
            "and" | "&&" => Expression::All,
            "or" | "||" => Expression::Any,
            _ => {
                let message = format!("`operator` cannot be {}", quote(&operator));
                self.said.say(
                    Diagnostic::error(Code::UnknownValue, operator.span, message)
                        .allowed("and, or")
                        .remedy("`and`: at the same time; `or`: either of the two"),
                );
                return None;
            }
        };
        (terms.len() == 2).then(|| Spanned::new(both(terms), operator.span))
    }

    fn operand(&mut self, entry: Entry<'_>, names: &Names<'_>) -> Option<Expression> {
        let (key, node) = entry;
        let fields = self.said.fields(&Level::OPERAND, node, key.span)?;
        let Some(value) = fields.get("value") else {
            return Some(self.operation(&fields, names)?.value);
        };
        let name = self.said.text(value)?;
        let operation = ["operator", "leftOp", "rightOp"];
        if let Some((key, _)) = operation.iter().find_map(|key| fields.get(key)) {
            let message = format!("`{}` stands beside `value`", key.text);
            self.said.say(
                Diagnostic::error(Code::Conflict, key.span, message)
                    .allowed("`value`, or `operator` with `leftOp` and `rightOp`")
                    .remedy("keep one of the two"),
            );
            return None;
        }
        if !names.have(&name) {
            self.said.say(names.unknown(&name, name.span));
            return None;
        }
        Some(Expression::Name(name.value))
    }
}

impl Names<'_> {
    /// As `name`, or as `name:TYPE`.
    fn have(&self, name: &str) -> bool {
        let mut known = self.known.iter();
        !self.are_all
            || known.any(|full| {
                full == name
                    || full
                        .rsplit_once(':')
                        .is_some_and(|(short, _)| short == name)
            })
    }

    fn short<'n>(&self, full: &'n str) -> &'n str {
        let typed = full.rsplit_once(':').filter(|_| self.are_typed);
        typed.map_or(full, |(short, _)| short)
    }

    fn unknown(&self, name: &str, span: Span) -> Diagnostic {
        let message = format!("{} is none of the {}", quote(name), self.what);
        let short: Vec<&str> = self.known.iter().map(|full| self.short(full)).collect();
        let near = closest(name, short.iter().copied());
        let allowed = match short.is_empty() {
            true => format!("the names of {}, of which there are none", self.what),
            false => short.join(", "),
        };
        let diagnostic = Diagnostic::error(Code::UnknownValue, span, message).allowed(allowed);
        match near {
            Some(_) => diagnostic.suggest(near),
            None => diagnostic.remedy(format!("write a name that one of the {} has", self.what)),
        }
    }
}
