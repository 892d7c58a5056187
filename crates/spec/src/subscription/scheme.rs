//! How a group is told: schemes and their parameters.

use tuatara_frame::Duration;

use super::keys::{EMAIL, IRIS, JIRA, NOTIFY, SCHEME};
use super::recipients::{Recipients, recipients};
use crate::diagnostic::quote;
use crate::fields::{Entry, Fields, Said, items};
use crate::language::{Level, words};
use crate::tree::{Node, Value};
use crate::{Code, Diagnostic, Span, de};

/// A way of being told.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum AlertScheme {
    /// `EMAIL`: a mail.
    Email(EmailScheme),
    /// `JIRA`: an issue.
    Jira(JiraScheme),
    /// `IRIS`: a plan of escalation.
    Iris(IrisScheme),
}

/// `EMAIL`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct EmailScheme {
    /// `recipients`; none: those of the subscription.
    pub recipients: Option<Recipients>,
    /// `subject`; none: as `emailSubjectStyle` says.
    pub subject: Option<String>,
    /// `template`.
    pub template: EmailTemplate,
}

/// How the anomalies of a mail are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum EmailTemplate {
    /// `DEFAULT_EMAIL`: one after the other.
    #[default]
    Default,
    /// `ENTITY_GROUPBY_REPORT`: by what they belong to.
    EntityGroupBy,
}

const TEMPLATES: [(&str, EmailTemplate); 2] = [
    ("DEFAULT_EMAIL", EmailTemplate::Default),
    ("ENTITY_GROUPBY_REPORT", EmailTemplate::EntityGroupBy),
];

/// `JIRA`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct JiraScheme {
    /// `project`.
    pub project: String,
    /// `issuetype`; none: what the project has for its default.
    pub issue_type: Option<String>,
    /// `assignee`.
    pub assignee: Option<String>,
    /// `components`.
    pub components: Vec<String>,
    /// `labels`, as written.
    pub labels: Vec<String>,
    /// `mergeGap`: an issue last touched longer ago than this is not opened again. None, written
    /// -1, the default: whatever its age.
    pub merge_gap: Option<Duration>,
    /// `custom`: fields of the project's own, as written.
    pub custom: Option<Node>,
}

/// `IRIS`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IrisScheme {
    /// `plan`: the name of the plan of escalation.
    pub plan: String,
}

#[derive(Clone, Copy)]
enum Kind {
    Email,
    Jira,
    Iris,
}

const KINDS: [(&str, Kind); 3] = [
    ("EMAIL", Kind::Email),
    ("JIRA", Kind::Jira),
    ("IRIS", Kind::Iris),
];

/// What `type` can be.
pub(super) const SCHEME_WORDS: [&str; KINDS.len()] = words(&KINDS);
/// What `template` can be.
pub(super) const TEMPLATE_WORDS: [&str; TEMPLATES.len()] = words(&TEMPLATES);

/// `alertSchemes`.
pub(super) fn schemes(said: &mut Said, entry: Entry<'_>) -> Vec<AlertScheme> {
    let items = items(&entry.1);
    if items.is_empty() {
        said.say(
            Diagnostic::error(
                Code::EmptyList,
                entry.0.span,
                "`alertSchemes` has no scheme",
            )
            .allowed("at least one scheme")
            .remedy("add an item `- type: EMAIL`"),
        );
    }
    let mut schemes = Vec::new();
    for item in items {
        let Some(fields) = said.fields(&SCHEME, item, entry.0.span) else {
            continue;
        };
        let Some(written) = fields.get("type") else {
            said.missing(&fields, "type", "add `type: EMAIL`");
            continue;
        };
        let params = fields.get("params");
        let nothing = Node::null();
        let (node, at) = match params {
            Some((key, node)) => (node, key.span),
            None => (&nothing, written.1.span),
        };
        if let Some(kind) = said.required_word(written, &KINDS) {
            schemes.extend(scheme(said, kind, node, at));
        }
    }
    schemes
}

/// `notify`: schemes by their names.
pub(super) fn notify(said: &mut Said, fields: &Fields<'_>) -> Vec<AlertScheme> {
    const REMEDY: &str = "add `notify: { emailScheme: { recipients: { to: a@example.com } } }`";
    let Some((key, node)) = fields.get("notify") else {
        said.missing(fields, "notify", REMEDY);
        return Vec::new();
    };
    let before = said.errors();
    let Some(fields) = said.fields(&NOTIFY, node, key.span) else {
        return Vec::new();
    };
    let mut schemes = Vec::new();
    for (name, kind) in [
        ("emailScheme", Kind::Email),
        ("jiraScheme", Kind::Jira),
        ("irisScheme", Kind::Iris),
    ] {
        if let Some((key, node)) = fields.get(name) {
            schemes.extend(scheme(said, kind, node, key.span));
        }
    }
    if schemes.is_empty() && said.errors() == before {
        said.say(
            Diagnostic::error(Code::EmptyList, key.span, "`notify` tells nobody")
                .allowed("emailScheme, jiraScheme, irisScheme")
                .remedy(REMEDY),
        );
    }
    schemes
}

/// The parameters of a scheme; `at` is the place of one that has none.
fn scheme(said: &mut Said, kind: Kind, node: &Node, at: Span) -> Option<AlertScheme> {
    let mut nothing = Node::mapping::<String>([]);
    nothing.span = at;
    let node = if node.is_null() { &nothing } else { node };
    match kind {
        Kind::Email => email(said, node, at).map(AlertScheme::Email),
        Kind::Jira => jira(said, node, at).map(AlertScheme::Jira),
        Kind::Iris => iris(said, node, at).map(AlertScheme::Iris),
    }
}

fn email(said: &mut Said, node: &Node, at: Span) -> Option<EmailScheme> {
    let fields = said.fields(&EMAIL, node, at)?;
    Some(EmailScheme {
        recipients: fields.get("recipients").map(|e| recipients(said, e)),
        subject: text(said, &fields, "subject"),
        template: fields
            .get("template")
            .and_then(|entry| said.word(entry, &TEMPLATES))
            .unwrap_or_default(),
    })
}

fn jira(said: &mut Said, node: &Node, at: Span) -> Option<JiraScheme> {
    let fields = required(
        said,
        &JIRA,
        node,
        at,
        "project",
        "add `project:` with its key to the parameters",
    )?;
    let project = fields.get("project").and_then(|entry| said.text(entry));
    let merge_gap = fields.get("mergeGap").and_then(|entry| gap(said, entry));
    let custom = fields.get("custom").filter(|(_, node)| !node.is_null());
    if let Some(entry) = custom
        && !matches!(entry.1.value, Value::Mapping(_))
    {
        let allowed = "fields of the project, each with its value";
        said.wrong_type(entry, "a mapping", allowed, "write `field: value`");
    }
    let scheme = JiraScheme {
        project: String::new(),
        issue_type: text(said, &fields, "issuetype"),
        assignee: text(said, &fields, "assignee"),
        components: list(said, &fields, "components"),
        labels: list(said, &fields, "labels"),
        merge_gap,
        custom: custom.map(|(_, node)| node.clone()),
    };
    Some(JiraScheme {
        project: project?.value,
        ..scheme
    })
}

fn iris(said: &mut Said, node: &Node, at: Span) -> Option<IrisScheme> {
    let fields = required(
        said,
        &IRIS,
        node,
        at,
        "plan",
        "add `plan:` with its name to the parameters",
    )?;
    let plan = fields.get("plan").and_then(|entry| said.text(entry))?;
    Some(IrisScheme { plan: plan.value })
}

/// The fields of a scheme that needs `key`; nothing, and an error, without it.
fn required<'n>(
    said: &mut Said,
    level: &'static Level,
    node: &'n Node,
    at: Span,
    key: &'static str,
    remedy: &str,
) -> Option<Fields<'n>> {
    let fields = said.fields(level, node, at)?;
    if fields.get(key).is_none() {
        said.missing(&fields, key, remedy);
        return None;
    }
    Some(fields)
}

/// `mergeGap`: -1 for none, milliseconds, or a duration.
fn gap(said: &mut Said, entry: Entry<'_>) -> Option<Duration> {
    const MEANT: &str =
        "-1 for any, milliseconds such as 3600000, or a duration such as PT1H or 7d";
    let text = said.text(entry)?;
    if text.trim() == "-1" {
        return None;
    }
    let read = match text.trim().parse::<i64>() {
        Ok(millis) => Duration::from_millis(millis).ok(),
        Err(_) => match text.parse::<Duration>() {
            Ok(gap) => Some(gap),
            Err(error) => {
                let thing = quote(&entry.0.text);
                said.say(de::custom(&thing, &error.to_string(), text.span).allowed(MEANT));
                return None;
            }
        },
    };
    if read.is_none() {
        let message = format!("`mergeGap` cannot be {}", quote(&text));
        said.say(
            Diagnostic::error(Code::OutOfRange, text.span, message)
                .allowed(MEANT)
                .remedy("a length of time is 0 or more"),
        );
    }
    read
}

fn text(said: &mut Said, fields: &Fields<'_>, key: &str) -> Option<String> {
    let entry = fields.get(key)?;
    said.text(entry).map(|text| text.value)
}

fn list(said: &mut Said, fields: &Fields<'_>, key: &str) -> Vec<String> {
    let entry = fields.get(key);
    entry
        .and_then(|entry| said.value(entry))
        .unwrap_or_default()
}
