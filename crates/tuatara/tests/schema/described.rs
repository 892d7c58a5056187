//! What is said of keys and parameters is complete, and true where that can be tried.

use tuatara::spec::tree::Node;
use tuatara::spec::{Class, Level, dataset, reference, subscription};
use tuatara::standard_registry;

use crate::every_value::{built, flattened, types, with_parameter, with_parameters};

#[test]
fn every_parameter_that_a_type_reads_is_described_once_and_no_other() {
    for (_, entry) in types() {
        let paths = flattened(&entry.shape);
        assert!(!entry.summary.is_empty(), "{}", entry.name);
        for (path, _) in &paths {
            let docs = entry.docs.iter().filter(|doc| doc.is_of(path)).count();
            assert_eq!(docs, 1, "`{path}` of {}", entry.name);
        }
        for doc in entry.docs {
            let there = paths.iter().any(|(path, _)| doc.is_of(path));
            assert!(there, "`{}` of {} is no parameter", doc.key, entry.name);
            check_sentence(doc.meaning);
        }
    }
}

#[test]
fn every_key_says_what_it_is() {
    let of_datasets = dataset::LEVELS.into_iter();
    let levels = Level::ALL.into_iter().chain(of_datasets);
    for level in levels.chain(subscription::LEVELS) {
        for key in level.keys {
            match key.class {
                Class::WithoutEffect(reason) => check_sentence(reason),
                _ => {
                    check_sentence(key.meaning);
                    assert!(!key.default.is_empty(), "`{}` of {level}", key.name);
                }
            }
        }
    }
}

/// Half a sentence: it begins small and has no full stop.
fn check_sentence(text: &str) {
    let first = text.chars().next().expect("it says something");
    assert!(!first.is_uppercase() && !text.ends_with('.'), "{text}");
}

/// A value that is a default as it stands: a number, or one word in code marks.
fn literal<'d>(default: &'d str, keys: &[&str]) -> Option<&'d str> {
    let bare = default
        .strip_prefix('`')
        .and_then(|rest| rest.strip_suffix('`'));
    let word = bare.filter(|word| !word.contains('`') && !keys.contains(word));
    word.or_else(|| default.parse::<f64>().is_ok().then_some(default))
}

#[test]
fn a_default_that_is_written_changes_nothing() {
    let mut tried = 0;
    for (kind, entry) in types() {
        let keys: Vec<&str> = entry.docs.iter().map(|doc| doc.key).collect();
        for doc in entry.docs {
            let Some(default) = literal(doc.default, &keys) else {
                continue;
            };
            let with = with_parameter(kind, entry.name, doc.key, Node::plain(default));
            // The same without the parameter, but with what the type needs.
            let without = match entry.name {
                "SITEWIDE_IMPACT_FILTER" => {
                    with_parameter(kind, entry.name, "threshold", Node::plain("0.5"))
                }
                "VOLUME_FILTER" => with_parameter(kind, entry.name, "metric", Node::text("visits")),
                name => with_parameters(kind, name, Node::null()),
            };
            assert_eq!(built(&with), built(&without), "{} {}", entry.name, doc.key);
            tried += 1;
        }
    }
    assert!(tried >= 35, "{tried}");
}

#[test]
fn links_of_the_reference_lead_to_its_headings() {
    let page = reference::page(&standard_registry());
    let anchor = |heading: &str| -> String {
        let kept = heading
            .chars()
            .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        let kept = kept.map(|c| if c == ' ' { '-' } else { c });
        kept.collect::<String>().to_lowercase()
    };
    let headings = page.lines().filter(|line| line.starts_with('#'));
    let mut anchors: Vec<String> = headings
        .map(|line| anchor(line.trim_start_matches(['#', ' '])))
        .collect();
    let all = anchors.len();
    anchors.sort();
    anchors.dedup();
    assert_eq!(anchors.len(), all, "headings differ");
    let mut links = page.split("](#").skip(1);
    assert!(links.all(|rest| {
        let target = rest.split(')').next().unwrap_or_default();
        anchors.iter().any(|anchor| anchor == target)
    }));
}

/// The command puts a preface before it and writes it; see the tests of the command.
#[test]
fn the_reference_of_the_project_is_of_these_types() {
    let shown = std::fs::read_to_string(crate::files::root().join("docs/reference.md"));
    let shown = shown.expect("a document");
    let page = reference::page(&standard_registry());
    let lines = page
        .lines()
        .zip(shown.lines().skip_while(|line| !line.starts_with("## ")));
    for (of_types, shown) in lines {
        assert_eq!(of_types, shown);
    }
    assert!(shown.ends_with(&page));
}
