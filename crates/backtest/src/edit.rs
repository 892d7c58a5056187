//! One setting of a specification, changed in its text.
//!
//! | path                                        | is                                                  |
//! |---------------------------------------------|-----------------------------------------------------|
//! | `merger.maxGap`                             | keys from the top, with a point between             |
//! | `rules[0].detection[0].params.sensitivity`  | items of lists by their number, from 0              |
//! | `drop.sensitivity`                          | a detector, filter or labeler by its `name`: its parameter |
//!
//! A list of one may be written without brackets, as in the specification. The text stays as it is but
//! for the one value; a setting that is not there is added at the front of its mapping, with the
//! mapping if that is not there: `params` of a component, `merger`, `dimensionExploration`. An alias of
//! one value gives way to the value, and what it repeats stays; behind an alias of several values
//! nothing is changed, as all that it repeats would change.

use std::ops::Range;

use tuatara::frame::closest;
use tuatara::spec::DetectionSpec;
use tuatara::spec::tree::{Node, Value};
use tuatara::spec::yaml;
use tuatara::standard_registry;

use crate::{BacktestError, Result};

/// Keys under which components stand that have a name.
const COMPONENTS: [&str; 4] = ["detection", "filter", "labeler", "quality"];

/// Keys whose mapping is added where it is not there.
const MAPPINGS: [&str; 3] = ["params", "merger", "dimensionExploration"];

/// A setting in the text of a specification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    text: String,
    path: String,
    current: Option<String>,
    /// What of the text is replaced, and what stands around the value there.
    bytes: Range<usize>,
    before: String,
    after: String,
}

impl Setting {
    /// Finds the setting that `path` names in `text`; `file` stands in messages.
    ///
    /// # Errors
    /// [`BacktestError::Aliased`] behind an alias of several values;
    /// [`BacktestError::Engine`] for a text that is no specification, as the parser says it;
    /// [`BacktestError::NoSetting`] where the path leads nowhere, with what there is.
    pub fn find(text: &str, file: &str, path: &str) -> Result<Self> {
        let root = match yaml::parse(text) {
            Ok(root) => root,
            Err(_) => {
                // The parser says best what is wrong.
                let read = DetectionSpec::from_yaml(text, file, &standard_registry());
                read.map_err(tuatara::Error::from)?;
                return Err(nowhere(path, "there", "", Vec::new()));
            }
        };
        Self::find_in(&root, text, path)
    }

    /// The same in a text that has been [parsed](yaml::parse) into `root`, for whoever looks for many.
    ///
    /// # Errors
    /// As [`find`](Self::find), but for a text that is no specification.
    ///
    /// # Panics
    /// When `root` is of another text.
    pub fn find_in(root: &Node, text: &str, path: &str) -> Result<Self> {
        let steps = steps(path).ok_or_else(|| nowhere(path, "there", path, Vec::new()))?;
        let (mut here, steps) = start(root, path, &steps)?;
        let (last, way) = steps
            .split_last()
            .ok_or_else(|| nowhere(path, "behind the name", "", keys(here)))?;
        for (at, step) in way.iter().enumerate() {
            let added = match step {
                Step::Key(key) if at + 1 == way.len() => {
                    MAPPINGS.into_iter().find(|known| known == key)
                }
                _ => None,
            };
            match (into(here, step), added) {
                (Some(next), Some(added)) if is_nothing(next) => {
                    let Step::Key(key) = last else {
                        return Err(nowhere(path, "there", &last.text(), Vec::new()));
                    };
                    let (end, between) = entry_end(text, here, added);
                    let open = format!("{between}{{ {key}: ");
                    return Ok(Self::new(text, path, None, end..end, &open, " }"));
                }
                (Some(next), _) if is_aliased(here, step, next) => {
                    return Err(BacktestError::Aliased {
                        path: path.to_owned(),
                        line: next.span.line(),
                    });
                }
                (Some(next), _) => here = next,
                // A mapping all of whose settings are at their defaults.
                (None, Some(added)) => return insert_mapping(text, path, here, added, last),
                (None, None) => return Err(nowhere(path, "there", &step.text(), keys(here))),
            }
        }
        let Step::Key(key) = last else {
            let item = into(here, last);
            let item = item.ok_or_else(|| nowhere(path, "there", &last.text(), keys(here)))?;
            if is_aliased(here, last, item) {
                return Err(BacktestError::Aliased {
                    path: path.to_owned(),
                    line: item.span.line(),
                });
            }
            return replace(text, path, item);
        };
        match (&here.value, here.get(key)) {
            (_, Some(value)) if is_aliased(here, last, value) => {
                let (end, _) = entry_end(text, here, key);
                match (&value.value, alias_behind(text, end)) {
                    (Value::Scalar { text: current, .. }, Some(alias)) => {
                        let current = Some(current.clone());
                        Ok(Self::new(text, path, current, alias, "", ""))
                    }
                    _ => Err(BacktestError::Aliased {
                        path: path.to_owned(),
                        line: value.span.line(),
                    }),
                }
            }
            (_, Some(value)) if is_nothing(value) => {
                let (end, between) = entry_end(text, here, key);
                Ok(Self::new(text, path, None, end..end, between, ""))
            }
            (_, Some(value)) => replace(text, path, value),
            (Value::Mapping(_), None) => insert(text, path, here, key, None),
            _ => Err(nowhere(path, "there", key, keys(here))),
        }
    }

    fn new(
        text: &str,
        path: &str,
        current: Option<String>,
        bytes: Range<usize>,
        before: &str,
        after: &str,
    ) -> Self {
        Self {
            text: text.to_owned(),
            path: path.to_owned(),
            current,
            bytes,
            before: before.to_owned(),
            after: after.to_owned(),
        }
    }

    /// The path that was asked for.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The value that the text has; none where it is not set.
    pub fn current(&self) -> Option<&str> {
        self.current.as_deref()
    }

    /// The text with `value` in its place, as it is written.
    pub fn with(&self, value: &str) -> String {
        let Range { start, end } = self.bytes;
        let (front, back) = (&self.text[..start], &self.text[end..]);
        format!("{front}{}{value}{}{back}", self.before, self.after)
    }
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Item(usize),
}

impl Step {
    fn text(&self) -> String {
        match self {
            Self::Key(key) => key.clone(),
            Self::Item(item) => format!("[{item}]"),
        }
    }
}

/// The steps of a path; none if it is none.
fn steps(path: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    for part in path.split('.') {
        let (key, mut rest) = part.split_at(part.find('[').unwrap_or(part.len()));
        if key.is_empty() {
            return None;
        }
        steps.push(Step::Key(key.to_owned()));
        while !rest.is_empty() {
            let (item, behind) = rest.strip_prefix('[')?.split_once(']')?;
            steps.push(Step::Item(item.parse().ok()?));
            rest = behind;
        }
    }
    Some(steps)
}

/// What a step leads to. A value that is no list is a list of one.
fn into<'n>(node: &'n Node, step: &Step) -> Option<&'n Node> {
    match (step, &node.value) {
        (Step::Key(key), Value::Sequence(items)) => match &items[..] {
            [only] => only.get(key),
            _ => None,
        },
        (Step::Key(key), _) => node.get(key),
        (Step::Item(item), Value::Sequence(items)) => items.get(*item),
        (Step::Item(0), _) => Some(node),
        (Step::Item(_), _) => None,
    }
}

/// Whether a node is a key without anything behind it.
fn is_nothing(node: &Node) -> bool {
    node.is_null() && node.span.bytes().is_empty()
}

/// Whether `next`, to which `step` leads from `here`, is what an alias repeats: then it stands in the
/// text before the place in which it is used.
fn is_aliased(here: &Node, step: &Step, next: &Node) -> bool {
    let before = |place: usize| next.span.bytes().start < place;
    match (step, &here.value) {
        (Step::Key(key), Value::Mapping(entries)) => {
            let own = entries.iter().find(|(known, _)| known.text == *key);
            own.is_some_and(|(own, _)| !is_nothing(next) && before(own.span.bytes().start))
        }
        // A list of one without its number: the item, or what it holds.
        (Step::Key(key), Value::Sequence(items)) => match &items[..] {
            [only] => {
                before(here.span.bytes().start) || is_aliased(only, &Step::Key(key.clone()), next)
            }
            _ => false,
        },
        (Step::Item(item), Value::Sequence(items)) => {
            let first = here.span.bytes().start;
            let above = items[..*item].iter().map(|item| item.span.bytes().end);
            before(above.max().unwrap_or(first).max(first))
        }
        _ => false,
    }
}

/// The bytes of the alias that follows `from`; none if something else does.
fn alias_behind(text: &str, from: usize) -> Option<Range<usize>> {
    let mut at = from;
    loop {
        let rest = &text[at..];
        at += rest.len() - rest.trim_start().len();
        // A comment may stand between the key and a value on the next line.
        match text[at..].starts_with('#') {
            true => at += text[at..].find('\n')?,
            false => break,
        }
    }
    let name = text[at..].strip_prefix('*')?;
    let end = name.find(|c: char| c.is_whitespace() || ",[]{}".contains(c));
    Some(at..at + 1 + end.unwrap_or(name.len()))
}

/// Where the path begins: at the top, or at the component that its first step names.
fn start<'n>(root: &'n Node, path: &str, steps: &[Step]) -> Result<(&'n Node, Vec<Step>)> {
    let Some(Step::Key(first)) = steps.first() else {
        return Err(nowhere(path, "there", path, keys(root)));
    };
    let is_key = root.get(first).is_some() || steps.len() == 1 || MAPPINGS[1..].contains(&&**first);
    if is_key {
        return Ok((root, steps.to_vec()));
    }
    let mut all = Vec::new();
    components(root, &mut all);
    let named: Vec<&Node> = all
        .iter()
        .filter(|(name, _)| name == first)
        .map(|(_, node)| *node)
        .collect();
    match named[..] {
        [only] => {
            let mut rest = steps[1..].to_vec();
            let own = matches!(rest.first(), Some(Step::Key(key)) if only.get(key).is_some());
            if !own {
                rest.insert(0, Step::Key("params".to_owned()));
            }
            Ok((only, rest))
        }
        [] => {
            let mut known = keys(root);
            known.extend(all.into_iter().map(|(name, _)| name));
            Err(nowhere(path, "there", first, known))
        }
        _ => Err(BacktestError::SeveralNamed {
            path: path.to_owned(),
            name: first.clone(),
            count: named.len(),
        }),
    }
}

/// Every component with its name, those of nested detections among them.
fn components<'n>(node: &'n Node, all: &mut Vec<(String, &'n Node)>) {
    for alert in listed(node.get("alerts")) {
        components(alert, all);
    }
    for rule in listed(node.get("rules")) {
        for component in COMPONENTS.iter().flat_map(|key| listed(rule.get(key))) {
            if let Some(name) = component.get("name").and_then(Node::as_text) {
                all.push((name.to_owned(), component));
            }
        }
    }
}

/// The items of a list, or the one value that stands for a list of it.
fn listed(node: Option<&Node>) -> &[Node] {
    match node.map(|node| &node.value) {
        Some(Value::Sequence(items)) => items,
        Some(Value::Mapping(_)) => node.map_or(&[], std::slice::from_ref),
        _ => &[],
    }
}

/// The keys of a mapping.
fn keys(node: &Node) -> Vec<String> {
    match &node.value {
        Value::Mapping(entries) => entries.iter().map(|(key, _)| key.text.clone()).collect(),
        Value::Sequence(items) => (0..items.len()).map(|item| format!("[{item}]")).collect(),
        Value::Scalar { .. } => Vec::new(),
    }
}

fn nowhere(path: &str, place: &'static str, step: &str, known: Vec<String>) -> BacktestError {
    let suggestion = match step.starts_with('[') {
        true => None,
        false => closest(step, known.iter().map(String::as_str)).map(str::to_owned),
    };
    BacktestError::NoSetting {
        path: path.to_owned(),
        place,
        step: step.to_owned(),
        known,
        suggestion,
    }
}

/// The value at `node` is replaced.
fn replace(text: &str, path: &str, node: &Node) -> Result<Setting> {
    match &node.value {
        Value::Scalar { text: current, .. } => {
            let current = Some(current.clone());
            Ok(Setting::new(text, path, current, node.span.bytes(), "", ""))
        }
        _ => Err(BacktestError::NotOneValue {
            path: path.to_owned(),
            line: node.span.line(),
        }),
    }
}

/// `key` becomes the first of the mapping `node`, in the manner in which that is written.
fn insert(text: &str, path: &str, node: &Node, key: &str, inner: Option<&str>) -> Result<Setting> {
    let (open, close) = match inner {
        Some(inner) => (format!("{key}: {{ {inner}: "), " }".to_owned()),
        None => (format!("{key}: "), String::new()),
    };
    let Value::Mapping(entries) = &node.value else {
        return Err(nowhere(path, "there", key, keys(node)));
    };
    let at = node.span.bytes().start;
    if text[at..].starts_with('{') {
        let comma = if entries.is_empty() { " " } else { "," };
        let at = at + 1;
        return Ok(Setting::new(
            text,
            path,
            None,
            at..at,
            &format!(" {open}"),
            &format!("{close}{comma}"),
        ));
    }
    let Some((first, _)) = entries.first() else {
        return Err(nowhere(path, "there", key, Vec::new()));
    };
    let at = first.span.bytes().start;
    let indent = " ".repeat(first.span.column().saturating_sub(1));
    // Lines end as the others do.
    let line_end = match text.find('\n') {
        Some(end) if text[..end].ends_with('\r') => "\r\n",
        _ => "\n",
    };
    Ok(Setting::new(
        text,
        path,
        None,
        at..at,
        &open,
        &format!("{close}{line_end}{indent}"),
    ))
}

/// `added` becomes the first of the mapping `node`, with `key` in it.
fn insert_mapping(text: &str, path: &str, node: &Node, added: &str, key: &Step) -> Result<Setting> {
    let Step::Key(key) = key else {
        return Err(nowhere(path, "there", &key.text(), keys(node)));
    };
    insert(text, path, node, added, Some(key))
}

/// One past the colon behind a key, and what stands between that and its value: a key in a flow may
/// have none.
fn entry_end(text: &str, node: &Node, key: &str) -> (usize, &'static str) {
    let entries = match &node.value {
        Value::Mapping(entries) => entries,
        Value::Sequence(items) => match &items[..] {
            [only] => return entry_end(text, only, key),
            _ => return (text.len(), ""),
        },
        Value::Scalar { .. } => return (text.len(), ""),
    };
    let of = entries.iter().find(|(known, _)| known.text == key);
    let end = of.map_or(text.len(), |(key, _)| key.span.bytes().end);
    let rest = text[end..].trim_start();
    match rest.starts_with(':') {
        true => (text.len() - rest.len() + 1, " "),
        false => (end, ": "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: &str = "\
detectionName: drops # of orders
metric: orders
rules:
  - detection:
      - name: drop
        type: PERCENTAGE_RULE
        params: { offset: wo1w, percentageChange: 0.2 } # by hand
    filter:
      name: lasting
      type: DURATION_FILTER
      params:
        # never less
        minDuration: PT2H
  - detection: { name: level, type: ROBUST_ZSCORE }
";

    fn edited(path: &str, value: &str) -> String {
        let setting = Setting::find(SPEC, "spec.yaml", path).unwrap();
        setting.with(value)
    }

    #[test]
    fn a_value_changes_and_nothing_else() {
        let same = SPEC.replace("percentageChange: 0.2 }", "percentageChange: 0.35 }");
        assert_eq!(edited("drop.percentageChange", "0.35"), same);
        assert_eq!(
            edited("rules[0].detection[0].params.percentageChange", "0.35"),
            same
        );
        // One item of a list may stand without its number.
        assert_eq!(
            edited("rules[0].detection.params.percentageChange", "0.35"),
            same
        );
        let setting = Setting::find(SPEC, "spec.yaml", "lasting.minDuration").unwrap();
        assert_eq!(setting.current(), Some("PT2H"));
        assert_eq!(setting.with("PT5H"), SPEC.replace("PT2H", "PT5H"));
    }

    #[test]
    fn a_setting_that_is_not_there_is_added_in_front_in_the_same_manner() {
        assert_eq!(
            edited("drop.pattern", "DOWN"),
            SPEC.replace("{ offset", "{ pattern: DOWN, offset")
        );
        assert_eq!(
            edited("lasting.maxDuration", "P1D"),
            SPEC.replace(
                "        minDuration",
                "        maxDuration: P1D\n        minDuration"
            )
        );
        assert_eq!(
            edited("level.threshold", "3"),
            SPEC.replace("{ name: level", "{ params: { threshold: 3 }, name: level")
        );
        assert_eq!(edited("active", "false"), format!("active: false\n{SPEC}"));
    }

    #[test]
    fn the_mapping_of_a_setting_is_added_with_it() {
        assert_eq!(
            edited("merger.maxGap", "PT2H"),
            format!("merger: {{ maxGap: PT2H }}\n{SPEC}")
        );
        let empty = format!("{SPEC}merger:\n");
        let setting = Setting::find(&empty, "spec.yaml", "merger.maxGap").unwrap();
        assert_eq!(
            setting.with("PT2H"),
            format!("{SPEC}merger: {{ maxGap: PT2H }}\n")
        );
        let windows = SPEC.replace('\n', "\r\n");
        let setting = Setting::find(&windows, "spec.yaml", "active").unwrap();
        assert_eq!(setting.with("false"), format!("active: false\r\n{windows}"));
    }

    #[test]
    fn an_alias_gives_way_to_the_value_and_what_it_repeats_stays() {
        let spec = "\
detectionName: d
metric: m
rules:
  - detection:
      - { name: up, type: PERCENTAGE_RULE, params: &own { offset: wo1w, percentageChange: &pc 0.3 } }
  - detection:
      - { name: down, type: PERCENTAGE_RULE, params: { offset: wo1w, percentageChange: *pc } }
  - detection:
      - { name: both, type: PERCENTAGE_RULE, params: *own }
";
        let find = |path: &str| Setting::find(spec, "spec.yaml", path);
        let setting = find("down.percentageChange").unwrap();
        assert_eq!(setting.current(), Some("0.3"));
        assert_eq!(setting.with("0.5"), spec.replace("*pc", "0.5"));
        let own = find("up.percentageChange").unwrap();
        assert_eq!(own.with("0.5"), spec.replace("&pc 0.3", "&pc 0.5"));
        assert_eq!(
            find("both.percentageChange").unwrap_err().to_string(),
            "both.percentageChange is behind an alias of what stands in line 5, which would change, too; \
             write it out in place of the alias"
        );
    }

    #[test]
    fn what_is_edited_is_read_by_the_parser_as_it_would_be_by_hand() {
        for (path, value) in [
            ("drop.pattern", "DOWN"),
            ("level.threshold", "3"),
            ("active", "false"),
        ] {
            DetectionSpec::from_yaml(&edited(path, value), "spec.yaml", &standard_registry())
                .unwrap();
        }
        let bad = edited("drop.percentageChange", "much");
        let error = DetectionSpec::from_yaml(&bad, "spec.yaml", &standard_registry()).unwrap_err();
        assert!(error.to_string().contains("spec.yaml:7:51"), "{error}");
    }

    #[test]
    fn a_path_that_leads_nowhere_is_told_with_what_there_is() {
        let error = |path: &str| {
            Setting::find(SPEC, "spec.yaml", path)
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            error("dorp.percentageChange"),
            "dorp.percentageChange: there is no `dorp` there; there are: detectionName, metric, rules, \
             drop, lasting, level; did you mean `drop`?"
        );
        assert_eq!(
            error("rules[7].detection.params.max"),
            "rules[7].detection.params.max: there is no `[7]` there; there are: [0], [1]"
        );
        assert_eq!(
            error("rules[0].filter.params"),
            "rules[0].filter.params stands for several values, in line 13; name one of them"
        );
    }

    #[test]
    fn a_key_without_a_value_gets_one() {
        let text = "detectionName: d\nmetric: m\nactive:\nrules:\n- detection: { name: a, type: FLATLINE }\n";
        let setting = Setting::find(text, "spec.yaml", "active").unwrap();
        assert_eq!(setting.current(), None);
        assert_eq!(
            setting.with("false"),
            text.replace("active:", "active: false")
        );
        let flow = "detectionName: d\nmetric: m\nrules:\n- detection: { name: a, type: FLATLINE, \
                    params: { tolerance, minDuration: PT2H } }\n";
        let setting = Setting::find(flow, "spec.yaml", "a.tolerance").unwrap();
        assert_eq!(
            setting.with("0.5"),
            flow.replace("tolerance,", "tolerance: 0.5,")
        );
    }
}
