//! Files that are right and files that are wrong.
//!
//! With `REWRITE_EXPECTED` set the list of what is not seen is written anew; read every line of the
//! change.

use std::collections::BTreeSet;
use std::fs;

use tuatara::spec::schema::UNSEEN;
use tuatara::standard_registry;

use crate::files::{KINDS, Kind, Written, broken, good, json, root};
use crate::validator::Validator;

fn schemas() -> impl Fn(Kind) -> &'static Validator {
    let registry = standard_registry();
    let all: Vec<(Kind, &'static Validator)> = KINDS
        .into_iter()
        .map(|kind| (kind, &*Box::leak(Box::new(kind.schema(&registry)))))
        .collect();
    move |kind| all.iter().find(|(known, _)| *known == kind).unwrap().1
}

#[test]
fn whatever_the_project_has_that_is_right_the_schemas_accept() {
    let (registry, schema) = (standard_registry(), schemas());
    let mut accepted = [0; KINDS.len()];
    for Written { name, kind, tree } in good() {
        let tree = tree.expect("it is YAML");
        assert_eq!(kind.refused(&tree, &registry), [], "{name} is read");
        assert!(
            schema(kind).accepts(&json(&tree)),
            "{name}: {}",
            json(&tree)
        );
        accepted[KINDS.iter().position(|known| *known == kind).unwrap()] += 1;
    }
    let least = [80, 15, 10, 1];
    assert!(
        accepted
            .iter()
            .zip(least)
            .all(|(count, least)| *count >= least),
        "{accepted:?}"
    );
}

#[test]
fn what_the_schemas_accept_of_what_is_wrong_is_on_the_list() {
    let (registry, schema) = (standard_registry(), schemas());
    let known: BTreeSet<_> = UNSEEN.iter().map(|(code, _)| *code).collect();
    let (mut unseen, mut met, mut seen) = (String::new(), BTreeSet::new(), 0);
    for Written { name, kind, tree } in broken() {
        // What is no YAML is refused by whoever reads it.
        let Some(tree) = tree else {
            continue;
        };
        let causes = kind.refused(&tree, &registry);
        assert!(!causes.is_empty(), "{name} is refused");
        if !schema(kind).accepts(&json(&tree)) {
            seen += 1;
            continue;
        }
        let causes: BTreeSet<_> = causes.into_iter().collect();
        assert!(causes.is_subset(&known), "{name}: {causes:?}");
        let names: Vec<&str> = causes.iter().map(|code| code.name()).collect();
        let short = name.strip_prefix("crates/cli/tests/").unwrap_or(&name);
        unseen.push_str(&format!("{short}: {}\n", names.join(", ")));
        met.extend(causes);
    }
    assert_eq!(met, known, "the list has what is met, and nothing else");
    let golden = root().join("crates/tuatara/tests/schema/unseen.txt");
    if std::env::var_os("REWRITE_EXPECTED").is_some() {
        fs::write(&golden, &unseen).unwrap();
    }
    let expected = fs::read_to_string(&golden).unwrap_or_default();
    assert_eq!(unseen, expected);
    let unseen = unseen.lines().count();
    assert!(seen > 2 * unseen, "{seen} are seen, {unseen} are not");
}
