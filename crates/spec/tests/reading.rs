//! What a derived type reads from a tree, and what it refuses.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use tuatara_spec::de::from_node;
use tuatara_spec::tree::Node;

fn read<T: DeserializeOwned>(node: Node) -> Result<T, String> {
    from_node(&node).map_err(|error| error.to_string())
}

fn plain<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    read(Node::plain(text))
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Pattern {
    Up,
    #[serde(alias = "BOTH")]
    UpOrDown,
    Within(f64),
    Between {
        low: f64,
        high: f64,
    },
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Limits {
    max: Option<f64>,
    inner: Option<Box<Limits>>,
    many: Vec<Limits>,
}

#[test]
fn text_is_any_scalar_as_written() {
    for text in ["no", "1.10", "true", "0x10", "1e3", "2020-01-01"] {
        assert_eq!(plain::<String>(text).as_deref(), Ok(text));
    }
    assert_eq!(
        plain::<String>("~"),
        Err("this has no value; allowed: text".to_owned())
    );
}

#[test]
fn nan_means_not_set_where_a_number_is_optional() {
    for text in ["NaN", "nan", ".nan", ".NaN", "~", ""] {
        assert_eq!(plain::<Option<f64>>(text), Ok(None), "{text}");
    }
    assert_eq!(read::<Option<f64>>(Node::text("NaN")), Ok(None));
    assert!(plain::<f64>("NaN").is_ok_and(f64::is_nan));
}

#[test]
fn numbers_may_stand_in_quotes_and_whole_ones_for_others() {
    assert_eq!(read::<f64>(Node::text("0.1")), Ok(0.1));
    assert_eq!(plain::<f64>("7"), Ok(7.0));
    assert_eq!(read::<u32>(Node::text("7")), Ok(7));
}

#[test]
fn whole_numbers_are_neither_rounded_nor_wrapped() {
    assert!(plain::<u32>("1.5").is_err_and(|e| e.contains("is not a whole number")));
    assert_eq!(
        plain::<u8>("256"),
        Err(
            "this is `256`, which is out of range; allowed: whole numbers from 0 to 255".to_owned()
        )
    );
    assert!(plain::<u32>("-1").is_err());
    assert_eq!(plain::<i64>("-9223372036854775808"), Ok(i64::MIN));
}

#[test]
fn only_true_and_false_are_answers() {
    assert_eq!(plain::<bool>("True"), Ok(true));
    for text in ["yes", "no", "on", "1", ""] {
        assert!(plain::<bool>(text).is_err(), "{text}");
    }
}

#[test]
fn one_value_stands_for_a_list_of_one_and_nothing_for_an_empty_one() {
    assert_eq!(plain::<Vec<u8>>("7"), Ok(vec![7]));
    assert_eq!(plain::<Vec<u8>>(""), Ok(vec![]));
    assert_eq!(
        read::<Vec<String>>(Node::list(["a".into(), "b".into()])),
        Ok(vec!["a".into(), "b".into()])
    );
    assert_eq!(
        read::<Vec<Limits>>(Node::mapping([("max", Node::from(1.0))])).map(|l| l.len()),
        Ok(1)
    );
}

#[test]
fn variants_are_known_in_any_case_and_by_their_aliases() {
    for text in ["UP_OR_DOWN", "up_or_down", "Up-Or-Down", "both", "BOTH"] {
        assert_eq!(plain::<Pattern>(text), Ok(Pattern::UpOrDown), "{text}");
    }
    let within = Node::mapping([("within", Node::from(0.5))]);
    assert_eq!(read::<Pattern>(within), Ok(Pattern::Within(0.5)));
    let limits = Node::mapping([("low", Node::from(1.0)), ("high", Node::from(2.0))]);
    let between = Node::mapping([("Between", limits)]);
    assert_eq!(
        read::<Pattern>(between),
        Ok(Pattern::Between {
            low: 1.0,
            high: 2.0
        })
    );
    assert!(plain::<Pattern>("within").is_err_and(|e| e.contains("no value")));
    assert!(read::<Pattern>(Node::mapping([("up", Node::from(1.0))])).is_err());
}

#[test]
fn a_struct_is_a_mapping_and_never_a_list() {
    assert_eq!(read::<Limits>(Node::null()), Ok(Limits::default()));
    assert!(
        read::<Limits>(Node::list([Node::from(1.0)]))
            .is_err_and(|e| e.contains("is a list, but a mapping"))
    );
    assert!(plain::<Limits>("7").is_err());
}

#[test]
fn an_error_has_the_innermost_place() {
    let limits = |max: &str| Node::mapping([("max", Node::plain(max))]);
    let tree = Node::mapping([(
        "inner",
        Node::mapping([("many", Node::list([limits("1"), limits("ten")]))]),
    )]);
    let printed = tree.print();
    let error = from_node::<Limits>(&printed.tree).expect_err("ten is no number");
    assert_eq!(&printed.text[error.span().bytes()], "ten");
    assert_eq!(
        error.to_string(),
        "line 4, column 12: `max` is `ten`, which is not a number; allowed: a number"
    );
}

#[test]
fn an_unknown_key_deep_inside_names_the_key_it_stands_under() {
    let tree = Node::mapping([("inner", Node::mapping([("mx", Node::from(1.0))]))]);
    let error = from_node::<Limits>(&tree.print().tree).expect_err("there is no `mx`");
    assert_eq!(error.span().column(), 3);
    let diagnostic = error.into_diagnostic("LIMITS", "a parameter");
    assert_eq!(diagnostic.message, "`mx` is not a key of `inner`");
    assert_eq!(diagnostic.suggestion.as_deref(), Some("max"));
}

#[test]
fn maps_tuples_and_values_of_any_kind_are_read() {
    let map = Node::mapping([("a", Node::from(1)), ("b", Node::from(2))]);
    assert_eq!(
        read::<BTreeMap<String, u8>>(map),
        Ok([("a".into(), 1), ("b".into(), 2)].into())
    );
    assert_eq!(
        read::<(u8, String)>(Node::list([Node::from(1), "x".into()])),
        Ok((1, "x".into()))
    );
    assert!(
        read::<(u8, u8)>(Node::list([Node::from(1)])).is_err_and(|e| e.contains("a list of 1"))
    );
    assert_eq!(plain::<char>("x"), Ok('x'));

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(untagged)]
    enum Any {
        Whole(i64),
        Number(f64),
        Flag(bool),
        Text(String),
        List(Vec<Any>),
        Nothing(()),
    }
    assert_eq!(plain::<Any>("7"), Ok(Any::Whole(7)));
    assert_eq!(plain::<Any>("7.5"), Ok(Any::Number(7.5)));
    assert_eq!(plain::<Any>("true"), Ok(Any::Flag(true)));
    assert_eq!(plain::<Any>("yes"), Ok(Any::Text("yes".into())));
    assert_eq!(read::<Any>(Node::text("7")), Ok(Any::Text("7".into())));
    assert_eq!(read::<Any>(Node::list([])), Ok(Any::List(vec![])));
    assert_eq!(read::<Any>(Node::null()), Ok(Any::Nothing(())));
}

#[test]
fn messages_of_this_workspace_s_types_are_taken_apart() {
    let error = from_node::<tuatara_frame::Duration>(&Node::plain("P1M")).expect_err("a month");
    let diagnostic = error.into_diagnostic("x", "a key");
    assert_eq!(diagnostic.message, "this: `P1M` is not a duration");
    assert!(
        diagnostic
            .allowed
            .is_some_and(|a| a.starts_with("ISO 8601"))
    );
    assert!(
        diagnostic
            .remedy
            .is_some_and(|r| r.contains("months and years"))
    );
}
