//! Right files changed at random: whatever a schema rejects, the reader refuses.

use std::collections::BTreeSet;

use tuatara::spec::tree::{Node, Value};
use tuatara::standard_registry;
use tuatara_testkit::Draw;

use crate::files::{KINDS, Kind, good, json};

/// Scalars that are right somewhere, nearly right, or right nowhere.
pub(crate) const SCALARS: &[&str] = &[
    "",
    "~",
    "null",
    "NaN",
    ".nan",
    "nan",
    "inf",
    "-.inf",
    "Infinity",
    "0",
    "-0.0",
    "1",
    "-1",
    "2",
    "3",
    "7",
    "8",
    "9",
    "10",
    "11",
    "48",
    "49",
    "52",
    "100",
    "3660",
    "20000",
    "20001",
    "100000",
    "100001",
    "0.5",
    "1.0",
    "1.5",
    "-0.5",
    "0.999",
    "1.0001",
    "+3.",
    ".5",
    "1e3",
    "1e9",
    "1e10",
    "1e-999",
    "1e999",
    "0x10",
    "0o17",
    "007",
    "1_000",
    "20%",
    "0,1",
    "3600000",
    "-3600000",
    "4294967295",
    "4294967296",
    "9007199254740993",
    "true",
    "True",
    "tRUE",
    "false",
    "yes",
    "no",
    "UP",
    "up",
    "up-or-down",
    "Up_Or_Down",
    "BOTH",
    "spike",
    " UP",
    "DAYS",
    "days",
    " days ",
    "wo1w",
    "median4w",
    "none",
    "current",
    "wo0w",
    "W01W",
    "wo01w",
    "PT1H",
    "pt15m",
    "1h",
    "1.5h",
    "P1D",
    "P7D",
    "7d",
    "P3660D",
    "P3661D",
    "P1M",
    "1mo",
    "15m",
    "1 h",
    "Europe/Berlin",
    "UTC",
    "MONDAY",
    "mon",
    "0-6",
    "SUNDAY 2-4:30",
    "orders",
    "a",
    " ",
    "\u{feff}",
    "\u{85}",
    "3_DAYS",
    "COMPOSITE_ALERT",
    "composite",
    "METRIC_ALERT",
    "GROUPER",
    "incident-grouper",
    "detect",
    "LEAVE_OUT",
    "a@example.com",
    "2026-01-01",
    "2026-01-01T00:00:00Z",
    "CARRY",
];

/// A tree that may be no better than any other.
fn anything(draw: &mut Draw, others: &[Node]) -> Node {
    match draw.between(0..10) {
        0 => Node::list([]),
        1 => Node::mapping::<&str>([]),
        2 => Node::list([Node::plain(*draw.pick(SCALARS))]),
        3 => Node::mapping([("a", Node::plain(*draw.pick(SCALARS)))]),
        4 => Node::text(*draw.pick(SCALARS)),
        5 => draw.pick(others).clone(),
        _ => Node::plain(*draw.pick(SCALARS)),
    }
}

/// Every node below `tree`, with the keys of mappings.
fn parts(tree: &Node, nodes: &mut Vec<Node>, keys: &mut BTreeSet<String>) {
    nodes.push(tree.clone());
    match &tree.value {
        Value::Scalar { .. } => {}
        Value::Sequence(items) => items.iter().for_each(|item| parts(item, nodes, keys)),
        Value::Mapping(entries) => {
            for (key, value) in entries {
                keys.insert(key.text.clone());
                parts(value, nodes, keys);
            }
        }
    }
}

fn size(tree: &Node) -> usize {
    1 + match &tree.value {
        Value::Scalar { .. } => 0,
        Value::Sequence(items) => items.iter().map(size).sum(),
        Value::Mapping(entries) => entries.iter().map(|(_, value)| size(value)).sum(),
    }
}

/// Changes the node number `at`, counted from the root downward.
fn change(tree: &mut Node, at: &mut usize, with: &mut dyn FnMut(&mut Node)) {
    if *at == 0 {
        with(tree);
        *at = usize::MAX;
        return;
    }
    *at -= 1;
    match &mut tree.value {
        Value::Scalar { .. } => {}
        Value::Sequence(items) => {
            for item in items {
                if *at != usize::MAX {
                    change(item, at, with);
                }
            }
        }
        Value::Mapping(entries) => {
            for (_, value) in entries {
                if *at != usize::MAX {
                    change(value, at, with);
                }
            }
        }
    }
}

fn mutate(node: &mut Node, draw: &mut Draw, nodes: &[Node], keys: &[String]) {
    let new = anything(draw, nodes);
    let number = draw.between(0..8);
    match (&mut node.value, number) {
        (Value::Mapping(entries), 0..=4) => {
            let key = draw.pick(keys).clone();
            let at = draw.between(0..entries.len().max(1));
            let mut changed: Vec<(String, Node)> = entries
                .iter()
                .map(|(key, value)| (key.text.clone(), value.clone()))
                .collect();
            match number {
                0 if at < changed.len() => drop(changed.remove(at)),
                1 if at < changed.len() => changed[at].0 = key,
                2 if at < changed.len() => changed[at].1 = new,
                _ => changed.push((key, new)),
            }
            *node = Node::mapping(changed);
        }
        (Value::Sequence(items), 0) => items.push(new),
        (Value::Sequence(items), 1) => drop(items.pop()),
        (Value::Sequence(items), 2 | 3) => {
            if let Some(first) = items.first().cloned() {
                match number {
                    2 => items.push(first),
                    _ => *node = first,
                }
            }
        }
        (_, 6) => *node = Node::list([node.clone()]),
        _ => *node = new,
    }
}

#[test]
fn whatever_a_schema_rejects_of_a_changed_file_is_refused() {
    let registry = standard_registry();
    let good = good();
    for (kind, rounds) in KINDS.into_iter().zip([12_000, 3_000, 3_000, 1_000]) {
        let schema = kind.schema(&registry);
        let mut draw = Draw::new(20_200 + rounds as u64);
        let of_kind = good.iter().filter(|written| written.kind == kind);
        let trees: Vec<Node> = of_kind.filter_map(|file| file.tree.clone()).collect();
        let (mut nodes, mut keys) = (Vec::new(), BTreeSet::new());
        for tree in &trees {
            parts(tree, &mut nodes, &mut keys);
        }
        keys.extend(own_keys(kind));
        let keys: Vec<String> = keys.into_iter().collect();
        let (mut rejected, mut refused) = (0, 0);
        for round in 0..rounds {
            let mut tree = draw.pick(&trees).clone();
            for _ in 0..1 + draw.between(0..3) / 2 {
                let mut at = draw.between(0..size(&tree));
                change(&mut tree, &mut at, &mut |node| {
                    mutate(node, &mut draw, &nodes, &keys);
                });
            }
            if size(&tree) > 2_000 {
                continue;
            }
            let causes = kind.refused(&tree, &registry);
            refused += usize::from(!causes.is_empty());
            if schema.accepts(&json(&tree)) {
                continue;
            }
            rejected += 1;
            assert!(
                !causes.is_empty(),
                "{kind:?}, round {round}: the schema rejects what is read:\n{}",
                tree.print().text
            );
        }
        // Both have something to do.
        assert!(refused * 4 > rounds, "{kind:?}: {refused} of {rounds}");
        assert!(rejected * 2 > refused, "{kind:?}: {rejected} of {refused}");
    }
}

/// Keys that no file of the project has.
fn own_keys(kind: Kind) -> Vec<String> {
    let registry = standard_registry();
    let levels: Vec<tuatara::spec::Level> = match kind {
        Kind::Detection => tuatara::spec::Level::ALL.to_vec(),
        Kind::Subscription => tuatara::spec::subscription::LEVELS.to_vec(),
        Kind::Dataset => tuatara::spec::dataset::LEVELS.to_vec(),
        Kind::Calendar => Vec::new(),
    };
    let keys = levels.iter().flat_map(|level| level.keys);
    let mut keys: Vec<String> = keys.map(|key| key.name.to_owned()).collect();
    if kind == Kind::Detection {
        for name in tuatara::spec::Kind::ALL.map(|kind| registry.types(kind).collect::<Vec<_>>()) {
            for entry in name.into_iter().filter_map(|name| registry.describe(name)) {
                keys.extend(entry.docs.iter().map(|doc| doc.key.to_owned()));
            }
        }
    }
    keys
}
