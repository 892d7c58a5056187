//! The numbers of a specification that can be turned: where they stand, and how far they go.
//!
//! | a number                          | goes                                                        |
//! |-----------------------------------|-------------------------------------------------------------|
//! | whose range is known and ends     | from end to end                                             |
//! | whose range begins or ends only   | from there to three times its value, and 1 at least          |
//! | of which nothing is known         | from 0 to three times its value                             |
//!
//! Parameters that are not written, and of which both the range and the default are known, can be turned,
//! too: they begin at the default.

mod range;

use std::collections::BTreeMap;

use serde::Serialize;
use tuatara::spec::schema::Shape;
use tuatara::spec::tree::{Node, Value};
use tuatara::spec::{Kind, Registry, TypeEntry, yaml};
use tuatara_backtest::Setting;

use range::{Form, Range};

/// Keys under which components stand.
const COMPONENTS: [&str; 4] = ["detection", "filter", "labeler", "quality"];
/// Keys below which nothing is turned: facts, and which rows are looked at, are no settings.
const LEFT_OUT: [&str; 3] = ["events", "holidays", "filters"];
/// Keys outside of components that are numbers.
const NUMBERS: [&str; 1] = ["minContribution"];
/// Keys outside of components that are durations, which may be written `0`.
const DURATIONS: [&str; 2] = ["maxGap", "maxDuration"];
/// Knobs of one specification at most.
const MOST: usize = 200;

/// A number that can be turned.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Knob {
    /// Where it stands, for [`Setting::find`].
    pub(crate) path: String,
    /// What it belongs to: the name of a component, or the keys above it.
    pub(crate) owner: String,
    /// The key, with the keys above it within its owner.
    pub(crate) key: String,
    /// The type of the component; may be empty.
    pub(crate) of: String,
    /// What it is, in words; may be empty.
    pub(crate) meaning: String,
    /// The value as a number: of a duration the count of its unit.
    pub(crate) value: f64,
    /// What is written before and behind the number.
    pub(crate) before: &'static str,
    pub(crate) behind: &'static str,
    /// The unit of a duration, in words; may be empty.
    pub(crate) unit: &'static str,
    /// From where to where, and in which steps.
    pub(crate) least: f64,
    pub(crate) most: f64,
    pub(crate) step: f64,
    /// The line on which it stands; none where it is not written.
    pub(crate) line: Option<usize>,
}

/// What is known of types, found out once: each is asked what it reads.
#[derive(Debug)]
pub(crate) struct Types {
    pub(crate) registry: Registry,
    known: BTreeMap<&'static str, TypeEntry>,
}

impl Types {
    pub(crate) fn of(registry: Registry) -> Self {
        let names = Kind::ALL.into_iter().flat_map(|kind| registry.types(kind));
        let entries = names.filter_map(|name| Some((name, registry.describe(name)?)));
        Self {
            known: entries.collect(),
            registry,
        }
    }

    fn get(&self, name: &str) -> Option<&TypeEntry> {
        self.known.get(self.registry.canonical(name)?)
    }
}

/// Whether `text` is what a knob can be turned to: a number, or a duration of one unit.
pub(crate) fn is_turned(text: &str) -> bool {
    Form::read(text).is_some()
}

/// The knobs of `text`, in its order, those that are not written last; none of a text that cannot be read.
pub(crate) fn knobs(text: &str, types: &Types) -> Vec<Knob> {
    let Ok(root) = yaml::parse(text) else {
        return Vec::new();
    };
    let mut finder = Finder {
        text,
        root: &root,
        types,
        written: Vec::new(),
        others: Vec::new(),
    };
    finder.look(&root, "", "", None);
    let mut all = finder.written;
    all.extend(finder.others);
    all.truncate(MOST);
    all
}

struct Finder<'t> {
    text: &'t str,
    /// What it was parsed into.
    root: &'t Node,
    types: &'t Types,
    written: Vec<Knob>,
    others: Vec<Knob>,
}

/// The component in which something stands.
#[derive(Clone, Copy)]
struct Component<'c> {
    name: &'c str,
    of: Option<&'c TypeEntry>,
    /// The path of its parameters.
    params: &'c str,
}

impl Finder<'_> {
    /// Looks at `node`, which stands at `path`; `key` is the last key of that.
    fn look(&mut self, node: &Node, path: &str, key: &str, of: Option<Component<'_>>) {
        if LEFT_OUT.contains(&key) || self.written.len() >= MOST {
            return;
        }
        match &node.value {
            Value::Mapping(_) if COMPONENTS.contains(&key) => self.component(node, path),
            Value::Mapping(entries) => {
                for (key, value) in entries {
                    let path = match path {
                        "" => key.text.clone(),
                        path => format!("{path}.{}", key.text),
                    };
                    self.look(value, &path, &key.text, of);
                }
            }
            Value::Sequence(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.look(item, &format!("{path}[{at}]"), key, of);
                }
            }
            Value::Scalar { text, .. } => self.scalar(node, text, path, of),
        }
    }

    fn component(&mut self, node: &Node, path: &str) {
        let text = |key: &str| node.get(key).and_then(Node::as_text);
        let of = text("type").and_then(|name| self.types.get(name));
        let params = format!("{path}.params");
        let component = Component {
            name: text("name").unwrap_or_default(),
            of,
            params: &params,
        };
        if let Some(own) = node.get("params") {
            self.look(own, &params, "params", Some(component));
        }
        if let Some(of) = of {
            self.not_written(node, of, component);
        }
    }

    /// The parameters of which the range and the default are known, and which are not written.
    fn not_written(&mut self, node: &Node, of: &TypeEntry, component: Component<'_>) {
        for doc in of.docs {
            let is_written = node
                .get("params")
                .is_some_and(|own| own.get(doc.key).is_some());
            let default: Option<f64> = doc.default.trim_matches('`').parse().ok();
            let (Some(value), Some(bounds)) = (default.filter(|n| n.is_finite()), doc.bounds)
            else {
                continue;
            };
            if is_written || doc.key.contains(['.', '*']) {
                continue;
            }
            let path = format!("{}.{}", component.params, doc.key);
            let found = Setting::find_in(self.root, self.text, &path);
            if found.is_ok_and(|setting| setting.current().is_none()) {
                let range = Range::of(value, Some(bounds), is_whole(of, doc.key));
                let form = Form::number(value);
                self.others.push(knob(
                    path,
                    component,
                    doc.key,
                    doc.meaning,
                    form,
                    range,
                    None,
                ));
            }
        }
    }

    fn scalar(&mut self, node: &Node, text: &str, path: &str, of: Option<Component<'_>>) {
        let Some(mut form) = Form::read(text) else {
            return;
        };
        // What cannot be changed, such as what an alias repeats, is no knob.
        let found = Setting::find_in(self.root, self.text, path);
        if !found.is_ok_and(|setting| setting.current() == Some(text)) {
            return;
        }
        let (owner, key) = match of {
            Some(of) => (of, path.strip_prefix(of.params).unwrap_or(path)),
            None => {
                let cut = path.rfind('.');
                let owner = Component {
                    name: cut.map_or("", |cut| &path[..cut]),
                    of: None,
                    params: "",
                };
                (owner, cut.map_or(path, |cut| &path[cut..]))
            }
        };
        let key = key.trim_start_matches('.');
        // What a list holds is documented by its key.
        let plain: String = key.split('[').next().unwrap_or(key).to_owned();
        let doc = owner
            .of
            .and_then(|of| of.docs.iter().find(|doc| doc.is_of(&plain)));
        let is_time = match owner.of {
            Some(_) => doc.is_some_and(|doc| doc.form.is_some_and(|form| form.name == "duration")),
            None => DURATIONS.contains(&key),
        };
        let is_number = match owner.of {
            Some(of) => doc.is_some_and(|doc| doc.bounds.is_some()) || is_numeric(of, &plain),
            None => NUMBERS.contains(&key),
        };
        // A name may look like a number, too.
        if !is_time && !is_number {
            return;
        }
        if is_time && text == "0" {
            form = Form::NO_TIME;
        }
        let whole = owner.of.is_some_and(|of| is_whole(of, &plain));
        let bounds = doc.and_then(|doc| doc.bounds);
        let range = match form.unit.is_empty() {
            true => Range::of(form.value, bounds, whole),
            false => Range::of_count(form.value, DURATIONS.contains(&key)),
        };
        let meaning = doc.map_or("", |doc| doc.meaning);
        let line = Some(node.span.line());
        self.written.push(knob(
            path.to_owned(),
            owner,
            key,
            meaning,
            form,
            range,
            line,
        ));
    }
}

fn knob(
    path: String,
    owner: Component<'_>,
    key: &str,
    meaning: &str,
    form: Form,
    range: Range,
    line: Option<usize>,
) -> Knob {
    Knob {
        path,
        owner: owner.name.to_owned(),
        key: key.to_owned(),
        of: owner.of.map_or("", |of| of.name).to_owned(),
        meaning: meaning.to_owned(),
        value: form.value,
        before: form.before,
        behind: form.behind,
        unit: form.unit,
        least: range.least,
        most: range.most,
        step: range.step,
        line,
    }
}

/// What a parameter of a type reads, each of it where there are several.
fn shape_of<'t>(of: &'t TypeEntry, key: &str) -> Option<&'t Shape> {
    let Shape::Struct { fields, .. } = &of.shape else {
        return None;
    };
    let mut shape = &fields.iter().find(|field| field.name == key)?.shape;
    while let Shape::Optional(within) | Shape::List(within) = shape {
        shape = within;
    }
    Some(shape)
}

/// Whether a parameter of a type counts something.
fn is_whole(of: &TypeEntry, key: &str) -> bool {
    matches!(shape_of(of, key), Some(Shape::Whole { .. }))
}

/// Whether a parameter of a type is a number.
fn is_numeric(of: &TypeEntry, key: &str) -> bool {
    let shape = shape_of(of, key);
    matches!(shape, Some(Shape::Number | Shape::Whole { .. }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tuatara::standard_registry;

    const SPEC: &str = "\
detectionName: drops
metric: orders
rules:
  - detection:
      - name: smoothed
        type: HOLT_WINTERS_RULE
        params: { sensitivity: 5, minRel: 0.2, period: [24, 168] }
    filter:
      name: lasting
      type: DURATION_FILTER
      params:
        minDuration: PT2H
merger:
  maxGap: PT3H
events:
  - { name: sale, start: 2026-01-01, factor: 2 }
";

    fn types() -> Types {
        Types::of(standard_registry())
    }

    fn all() -> Vec<Knob> {
        knobs(SPEC, &types())
    }

    fn one(key: &str) -> Knob {
        let all = all();
        let found = all.iter().find(|knob| knob.key == key);
        found.unwrap_or_else(|| panic!("{key} in {all:#?}")).clone()
    }

    #[test]
    fn a_number_goes_as_far_as_its_type_says() {
        let knob = one("sensitivity");
        assert_eq!((knob.least, knob.most, knob.value), (0.0, 10.0, 5.0));
        assert_eq!((knob.owner.as_str(), knob.line), ("smoothed", Some(7)));
        assert_eq!(knob.path, "rules[0].detection[0].params.sensitivity");
        assert!(knob.meaning.starts_with("half-width of the band"));
        // 0.2 of at least 0: up to three times of it, and 1 at least.
        let knob = one("minRel");
        assert_eq!((knob.least, knob.most, knob.step), (0.0, 1.0, 0.01));
    }

    #[test]
    fn a_duration_is_turned_in_its_own_unit() {
        let knob = one("minDuration");
        assert_eq!((knob.before, knob.value, knob.behind), ("PT", 2.0, "H"));
        assert_eq!((knob.least, knob.most, knob.step), (1.0, 12.0, 1.0));
        assert_eq!(one("maxGap").owner, "merger");
        // A duration that is written as 0 becomes one of hours.
        let none = knobs(&SPEC.replace("maxGap: PT3H", "maxGap: 0"), &types());
        let knob = none.iter().find(|knob| knob.key == "maxGap").unwrap();
        assert_eq!((knob.before, knob.value, knob.unit), ("PT", 0.0, "hours"));
    }

    #[test]
    fn what_is_not_written_begins_at_its_default() {
        let knob = one("minAbs");
        assert_eq!((knob.value, knob.line), (0.0, None));
        let setting = Setting::find(SPEC, "spec", &knob.path).unwrap();
        assert!(
            setting
                .with("40")
                .contains("params: { minAbs: 40, sensitivity: 5")
        );
    }

    #[test]
    fn facts_are_no_knobs_and_each_knob_can_be_turned() {
        let all = all();
        assert!(all.iter().all(|knob| !knob.path.starts_with("events")));
        let periods: Vec<&str> = all.iter().map(|knob| knob.key.as_str()).collect();
        assert!(periods.contains(&"period[0]") && periods.contains(&"period[1]"));
        for knob in &all {
            let setting = Setting::find(SPEC, "spec", &knob.path).unwrap();
            assert_eq!(setting.current().is_some(), knob.line.is_some(), "{knob:?}");
            assert!(knob.least < knob.most && knob.step > 0.0, "{knob:?}");
            assert!((knob.least..=knob.most).contains(&knob.value), "{knob:?}");
        }
    }

    #[test]
    fn names_and_filters_that_look_like_numbers_are_no_knobs() {
        let odd = SPEC
            .replace("detectionName: drops", "detectionName: 2024")
            .replace("metric: orders", "metric: 200\nfilters: { code: 200 }");
        let all = knobs(&odd, &types());
        let is_odd = |knob: &&Knob| knob.line.is_some_and(|line| line < 5);
        assert_eq!(all.iter().filter(is_odd).count(), 0, "{all:#?}");
    }

    #[test]
    fn a_text_that_cannot_be_read_has_none() {
        assert_eq!(knobs("rules: [", &types()), Vec::new());
    }
}
