//! Which of several must find something at the same time, as a boolean expression over their names.
//!
//! ```text
//! any   = all { "||" all }
//! all   = term { "&&" term }          binds tighter than "||"
//! term  = name | "(" any ")"
//! ```
//!
//! A name is any text without `&`, `|`, `(` and `)`, without the spaces around it. Source: ThirdEye
//! 2020, *grouper*; there `a && b || c` meant `a && (b || c)`, an accident that is not kept.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use thiserror::Error;

/// Deepest nesting of parentheses.
const DEEPEST: usize = 64;

/// A boolean expression over names: `checkout && (errors || latency)`.
///
/// ```
/// use tuatara_core::Expression;
///
/// let expression: Expression = "a && b || c".parse()?;
/// assert_eq!(expression.to_string(), "(a && b) || c");
/// assert_eq!(expression.names().collect::<Vec<_>>(), ["a", "b", "c"]);
/// # Ok::<(), tuatara_core::ExpressionError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Expression {
    /// Whatever was found under this name.
    Name(String),
    /// All of them at the same time.
    All(Vec<Expression>),
    /// Any of them.
    Any(Vec<Expression>),
}

/// Why a text is no expression.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{what}; allowed: names joined by `&&`, `||` and parentheses; {remedy}")]
pub struct ExpressionError {
    at: Range<usize>,
    what: String,
    remedy: String,
}

impl ExpressionError {
    fn new(at: Range<usize>, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        let (what, remedy) = (what.into(), remedy.into());
        Self { at, what, remedy }
    }

    /// The bytes of the text that are wrong.
    pub fn at(&self) -> Range<usize> {
        self.at.clone()
    }

    /// What is wrong with them.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// What to do.
    pub fn remedy(&self) -> &str {
        &self.remedy
    }
}

impl Expression {
    /// The names, from left to right, as often as they stand there.
    pub fn names(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        match self {
            Self::Name(name) => Box::new(std::iter::once(name.as_str())),
            Self::All(terms) | Self::Any(terms) => Box::new(terms.iter().flat_map(Self::names)),
        }
    }

    /// The same over other names.
    #[must_use]
    pub fn renamed(&self, rename: &dyn Fn(&str) -> String) -> Self {
        let all = |terms: &[Self]| terms.iter().map(|term| term.renamed(rename)).collect();
        match self {
            Self::Name(name) => Self::Name(rename(name)),
            Self::All(terms) => Self::All(all(terms)),
            Self::Any(terms) => Self::Any(all(terms)),
        }
    }

    /// The names that stand in `text`, each with the bytes that it takes.
    ///
    /// # Errors
    /// [`ExpressionError`] where a mark is none of the language.
    pub fn names_in(text: &str) -> Result<Vec<(String, Range<usize>)>, ExpressionError> {
        let tokens = tokens(text)?.into_iter();
        let names = tokens.filter_map(|(token, at)| match token {
            Token::Name(name) => Some((name, at)),
            _ => None,
        });
        Ok(names.collect())
    }

    /// Whether `text` has `&&` and `||` side by side: somebody who reads it has to know which
    /// binds tighter.
    ///
    /// ```
    /// use tuatara_core::Expression;
    ///
    /// assert!(Expression::is_mixed("a && b || c"));
    /// assert!(!Expression::is_mixed("(a && b) || c"));
    /// ```
    pub fn is_mixed(text: &str) -> bool {
        // For each open parenthesis, what stands between its terms.
        let mut seen = vec![[false; 2]];
        for pair in text.as_bytes().windows(2).map(<&[u8; 2]>::try_from) {
            match pair {
                Ok(b"&&") => seen.last_mut().expect("one is left")[0] = true,
                Ok(b"||") => seen.last_mut().expect("one is left")[1] = true,
                Ok([b'(', _]) => seen.push([false; 2]),
                Ok([b')', _]) if seen.len() > 1 && seen.pop() == Some([true; 2]) => return true,
                _ => {}
            }
        }
        seen.contains(&[true; 2])
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, inside: bool) -> fmt::Result {
        let (terms, mark) = match self {
            Self::Name(name) => return f.write_str(name),
            Self::All(terms) => (terms, " && "),
            Self::Any(terms) => (terms, " || "),
        };
        let several = terms.len() > 1;
        if inside && several {
            f.write_str("(")?;
        }
        for (i, term) in terms.iter().enumerate() {
            if i > 0 {
                f.write_str(mark)?;
            }
            term.write(f, inside || several)?;
        }
        if inside && several {
            f.write_str(")")?;
        }
        Ok(())
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, false)
    }
}

impl FromStr for Expression {
    type Err = ExpressionError;

    fn from_str(text: &str) -> Result<Self, ExpressionError> {
        let mut parser = Parser {
            tokens: tokens(text)?,
            next: 0,
            end: text.len(),
        };
        let expression = parser.any(0)?;
        match parser.peek() {
            None => Ok(expression),
            Some((Token::Close, at)) => Err(ExpressionError::new(
                at,
                "`)` closes nothing",
                "delete it, or open it before with `(`",
            )),
            Some((_, at)) => Err(ExpressionError::new(
                at,
                "`&&` or `||` is missing before this",
                "write one of the two between two terms",
            )),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Name(String),
    And,
    Or,
    Open,
    Close,
}

fn tokens(text: &str) -> Result<Vec<(Token, Range<usize>)>, ExpressionError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let marks = [("&&", Token::And), ("||", Token::Or)];
        let marks = marks
            .into_iter()
            .chain([("(", Token::Open), (")", Token::Close)]);
        if let Some((mark, token)) = marks.into_iter().find(|(mark, _)| rest.starts_with(mark)) {
            tokens.push((token, at..at + mark.len()));
            at += mark.len();
            continue;
        }
        if let Some(mark) = rest.chars().next().filter(|c| "&|".contains(*c)) {
            return Err(ExpressionError::new(
                at..at + 1,
                format!("a single `{mark}` is no operator"),
                format!("write `{mark}{mark}`"),
            ));
        }
        let length = rest.find(['&', '|', '(', ')']).unwrap_or(rest.len());
        let name = rest[..length].trim();
        if !name.is_empty() {
            let before = rest[..length].len() - rest[..length].trim_start().len();
            let start = at + before;
            tokens.push((Token::Name(name.to_owned()), start..start + name.len()));
        }
        at += length;
    }
    Ok(tokens)
}

struct Parser {
    tokens: Vec<(Token, Range<usize>)>,
    next: usize,
    end: usize,
}

impl Parser {
    fn peek(&self) -> Option<(&Token, Range<usize>)> {
        let (token, at) = self.tokens.get(self.next)?;
        Some((token, at.clone()))
    }

    fn takes(&mut self, token: &Token) -> bool {
        let there = self.peek().is_some_and(|(next, _)| next == token);
        self.next += usize::from(there);
        there
    }

    fn any(&mut self, depth: usize) -> Result<Expression, ExpressionError> {
        let mut terms = vec![self.all(depth)?];
        while self.takes(&Token::Or) {
            terms.push(self.all(depth)?);
        }
        Ok(one_or(terms, Expression::Any))
    }

    fn all(&mut self, depth: usize) -> Result<Expression, ExpressionError> {
        let mut terms = vec![self.term(depth)?];
        while self.takes(&Token::And) {
            terms.push(self.term(depth)?);
        }
        Ok(one_or(terms, Expression::All))
    }

    fn term(&mut self, depth: usize) -> Result<Expression, ExpressionError> {
        let Some((token, at)) = self.peek() else {
            let message = match self.tokens.is_empty() {
                true => "the expression is empty",
                false => "a name is missing at the end",
            };
            let at = self.end..self.end;
            return Err(ExpressionError::new(at, message, "write a name there"));
        };
        match token {
            Token::Name(name) => {
                let name = Expression::Name(name.clone());
                self.next += 1;
                Ok(name)
            }
            Token::Open if depth == DEEPEST => Err(ExpressionError::new(
                at,
                format!("parentheses are nested more than {DEEPEST} deep"),
                "write it with fewer",
            )),
            Token::Open => {
                self.next += 1;
                let inner = self.any(depth + 1)?;
                if self.takes(&Token::Close) {
                    return Ok(inner);
                }
                Err(ExpressionError::new(
                    at,
                    "`(` is not closed",
                    "close it with `)`",
                ))
            }
            Token::And | Token::Or | Token::Close => Err(ExpressionError::new(
                at,
                "a name is missing before this",
                "write a name there",
            )),
        }
    }
}

fn one_or(
    mut terms: Vec<Expression>,
    several: impl Fn(Vec<Expression>) -> Expression,
) -> Expression {
    match terms.len() {
        1 => terms.remove(0),
        _ => several(terms),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn and_binds_tighter_than_or_and_parentheses_change_that() {
        let cases = [
            ("a", "a"),
            ("a&&b", "a && b"),
            ("a || b && c", "a || (b && c)"),
            ("a && b || c", "(a && b) || c"),
            ("a && (b || c)", "a && (b || c)"),
            ("((a))", "a"),
            (" cpu high  &&errors ", "cpu high && errors"),
            ("a || b || c", "a || b || c"),
        ];
        for (text, printed) in cases {
            let read: Expression = text.parse().unwrap();
            assert_eq!(read.to_string(), printed, "{text}");
            assert_eq!(printed.parse::<Expression>().unwrap(), read);
        }
    }

    #[test]
    fn what_is_wrong_is_shown_at_its_place() {
        let cases = [
            ("", 0..0, "empty"),
            ("a &&", 4..4, "missing at the end"),
            ("&& a", 0..2, "missing before"),
            ("a & b", 2..3, "single `&`"),
            ("a | b", 2..3, "single `|`"),
            ("(a", 0..1, "not closed"),
            ("a)", 1..2, "closes nothing"),
            ("(a) b", 4..5, "`&&` or `||` is missing"),
            ("()", 1..2, "missing before"),
            ("é && ü |", 9..10, "single `|`"),
        ];
        for (text, at, what) in cases {
            let error = text.parse::<Expression>().unwrap_err();
            assert_eq!(error.at(), at, "{text}: {error}");
            assert!(error.what().contains(what), "{text}: {error}");
        }
        let deep = "(".repeat(100_000);
        let error = deep.parse::<Expression>().unwrap_err();
        assert!(error.to_string().contains("64 deep"), "{error}");
    }

    #[test]
    fn only_what_is_side_by_side_is_mixed() {
        let cases = [
            ("a && b", false),
            ("a && b || c", true),
            ("(a && b) || (c && d)", false),
            ("a && (b || c && d)", true),
            ("a || (b)", false),
        ];
        for (text, mixed) in cases {
            assert_eq!(Expression::is_mixed(text), mixed, "{text}");
        }
    }
}
