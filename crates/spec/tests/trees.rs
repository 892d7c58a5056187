//! Text to tree and back.

#![cfg(feature = "yaml")]

mod toy_types;

use proptest::prelude::*;
use tuatara_spec::tree::{Node, Style, Value};
use tuatara_spec::{DetectionSpec, yaml};

/// Text of all kinds, weighted towards what means something in YAML.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z0-9_.%-]{0,8}",
        "[ -~]{0,12}",
        "\\PC{0,6}",
        "[\\-?:,\\[\\]{}#&*!|>'\"%@`~ \n\t]{0,8}",
        prop::sample::select(vec![
            "null", "~", "true", "NaN", "<<", "...", "---", "1.10", "\u{feff}"
        ])
        .prop_map(str::to_owned),
    ]
}

fn tree() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![text().prop_map(Node::text), text().prop_map(Node::plain)];
    leaf.prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Node::list),
            prop::collection::vec((text(), inner), 0..5).prop_map(Node::mapping),
        ]
    })
}

/// The tree with the text of scalars alone: one that needs quotes has them when read.
fn bare_where_quoted(node: &Node) -> Node {
    match &node.value {
        Value::Scalar { .. } if node.is_null() => Node::null(),
        Value::Scalar { text, .. } => Node::text(text.clone()),
        Value::Sequence(items) => Node::list(items.iter().map(bare_where_quoted)),
        Value::Mapping(entries) => Node::mapping(
            entries
                .iter()
                .map(|(k, v)| (k.text.clone(), bare_where_quoted(v))),
        ),
    }
}

/// Every node has a place, places of parts lie in the whole, and bare text stands where it says.
fn check_places(node: &Node, text: &str) -> Result<(), TestCaseError> {
    let bytes = node.span.bytes();
    prop_assert!(node.span.is_known() && bytes.start <= bytes.end && bytes.end <= text.len());
    let line = text[..bytes.start].matches('\n').count() + 1;
    prop_assert_eq!(node.span.line(), line);
    let before = text[..bytes.start].rsplit('\n').next().unwrap_or_default();
    prop_assert_eq!(node.span.column(), before.chars().count() + 1);
    let mut parts = Vec::new();
    match &node.value {
        Value::Scalar {
            text: value,
            style: Style::Plain,
        } => {
            prop_assert_eq!(&text[bytes], value.as_str());
            return Ok(());
        }
        Value::Scalar { .. } => {
            prop_assert!(text[bytes].starts_with('"'));
            return Ok(());
        }
        Value::Sequence(items) => parts.extend(items),
        Value::Mapping(entries) => {
            for (key, value) in entries {
                prop_assert!(
                    text[key.span.bytes()].contains(key.text.chars().next().unwrap_or('"'))
                        || text[key.span.bytes()].contains('\\')
                );
                parts.push(value);
            }
        }
    }
    for part in parts {
        let inner = part.span.bytes();
        prop_assert!(bytes.start <= inner.start && inner.end <= bytes.end);
        check_places(part, text)?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_printed_tree_reads_back_with_the_same_places(tree in tree()) {
        let printed = tree.print();
        prop_assert!(bare_where_quoted(&printed.tree).says_the_same(&bare_where_quoted(&tree)));
        check_places(&printed.tree, &printed.text)?;
        match yaml::parse(&printed.text) {
            Ok(read) => prop_assert_eq!(read, printed.tree),
            Err(found) => {
                prop_assert!(tree.is_null(), "{:?} of\n{}", found, printed.text);
            }
        }
    }

    #[test]
    fn reading_never_panics_whatever_the_text(pieces in prop::collection::vec(text(), 0..40)) {
        let text = pieces.concat();
        let _ = DetectionSpec::from_yaml(&text, "spec.yaml", &toy_types::registry())
            .map_err(|error| error.to_string());
    }

    #[test]
    fn reading_never_panics_whatever_the_lines(
        lines in prop::collection::vec((0_usize..6, prop::sample::select(LINES)), 0..20),
    ) {
        let text: String =
            lines.iter().map(|(indent, line)| format!("{}{line}\n", " ".repeat(*indent))).collect();
        let _ = DetectionSpec::from_yaml(&text, "spec.yaml", &toy_types::registry())
            .map_err(|error| error.to_string());
    }

    #[test]
    fn a_tree_built_in_code_is_judged_like_its_text(tree in tree()) {
        let printed = tree.print();
        let registry = toy_types::registry();
        let built = DetectionSpec::from_tree(&tree, "spec.yaml", &registry);
        let read = DetectionSpec::from_yaml(&printed.text, "spec.yaml", &registry);
        if !tree.is_null() {
            prop_assert_eq!(
                built.map(|_| ()).map_err(|e| e.to_string()),
                read.map(|_| ()).map_err(|e| e.to_string())
            );
        }
    }
}

const LINES: &[&str] = &[
    "detectionName: d",
    "metric: m",
    "rules:",
    "- detection:",
    "- name: r",
    "type: THRESHOLD",
    "params:",
    "max: 1",
    "- filter:",
    "merger: {maxGap: 0}",
    "filters:",
    "a: [b, c]",
    "? x",
    ": y",
    "- - z",
    "&a b",
    "*a",
    "<<: *a",
    "|",
    ">-",
    "# c",
    "---",
    "...",
    "'q",
    "\"q\"",
    "}",
    "]",
    "{",
    "[",
    "!t v",
    "%YAML 1.2",
    "k: |",
    "\t- tab",
    "- ",
    "-",
    "dimensionExploration: {dimensions: [a]}",
    "k: &a [*a]",
    "é: ü",
];

#[test]
fn a_tree_of_sixty_four_levels_is_read_and_one_more_is_not() {
    let nested = |levels: usize| (1..levels).fold(Node::plain("x"), |node, _| Node::list([node]));
    assert!(yaml::parse(&nested(64).print().text).is_ok());
    assert!(yaml::parse(&nested(65).print().text).is_err());
    let refused = DetectionSpec::from_tree(&nested(65), "tree", &toy_types::registry());
    let error = refused.expect_err("it is too deep").to_string();
    assert!(error.starts_with("error[too-deep]"), "{error}");
}

#[test]
fn an_alias_repeats_a_value_with_its_place() {
    let tree = yaml::parse("a: &x [1, 2]\nb: *x\n").expect("an alias is followed");
    assert_eq!(tree.get("a"), tree.get("b"));
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_key() {
    let tree = yaml::parse("\u{feff}a: b\r\nc: d\r\n").expect("it is read");
    let value = tree.get("a").expect("the first key is `a`");
    assert_eq!(
        (value.span.line(), value.span.column(), value.span.bytes()),
        (1, 4, 6..7)
    );
    assert_eq!(tree.get("c").map(|node| node.span.line()), Some(2));
}

#[test]
fn scalars_keep_their_text() {
    let tree = yaml::parse("a: no\nb: 1.10\nc: '0x1'\nd: |\n  two\n  lines\ne:\nf: ~\n")
        .expect("it is read");
    let text = |key: &str| tree.get(key).and_then(Node::as_text);
    assert_eq!(
        ["a", "b", "c", "d"].map(text),
        [Some("no"), Some("1.10"), Some("0x1"), Some("two\nlines\n")]
    );
    assert_eq!(["e", "f"].map(text), [None, None]);
}

#[test]
fn comments_quotes_and_the_order_of_keys_do_not_change_the_fingerprint() {
    let of = |text: &str| {
        let read = DetectionSpec::from_yaml(text, "spec.yaml", &toy_types::registry());
        read.unwrap_or_else(|error| panic!("{error}"))
            .spec
            .fingerprint()
    };
    let one = of(
        "detectionName: d\nmetric: m\nrules: [{detection: {name: r, type: THRESHOLD, params: {max: 1}}}]\n",
    );
    let same = of(
        "# c\nmetric: 'm'\nrules:\n  detection:\n    type: THRESHOLD\n    params:\n      max: 1\n    name: r\ndetectionName: d\n",
    );
    let listed = of(
        "metric: m\ndetectionName: d\nrules:\n- detection:\n    type: THRESHOLD\n    params: {max: 1}\n    name: r # x\n",
    );
    let other = of(
        "detectionName: d\nmetric: m\nrules: [{detection: {name: r, type: THRESHOLD, params: {max: 2}}}]\n",
    );
    assert_eq!(one, listed);
    assert_ne!(one, other);
    assert_ne!(
        one, same,
        "one rule and a list of one are written differently"
    );
}
