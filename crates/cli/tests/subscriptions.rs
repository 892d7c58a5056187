//! Subscriptions: those that are broken, each for a cause of its own, those that are only risky,
//! and what `tuatara check` says of good ones.
//!
//! What is said of every file of a gallery stands in the `.txt` beside it. With `REWRITE_EXPECTED`
//! set these are written anew; read every line of the change.

mod command;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use command::{hours, shipped, tuatara};
use tuatara::spec::subscription::LEVELS;

/// What is said of every subscription in the gallery `name`, by file name, compared with the
/// `.txt` beside it, and the exit status.
fn said_of_all(name: &str) -> BTreeMap<String, (i32, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(name);
    let rewrite = std::env::var_os("REWRITE_EXPECTED").is_some();
    let mut said = BTreeMap::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_name().unwrap().to_str().unwrap().to_owned();
        let beside = path.with_extension("txt");
        if path.extension().is_none_or(|ending| ending != "yaml") {
            assert!(path.with_extension("yaml").exists(), "{file} is of nothing");
            continue;
        }
        let ran = tuatara(&folder, ["check", &file], b"");
        let counted = "error: 1 of 1 specifications cannot be used\n";
        let text = ran.err.replace(counted, "");
        if rewrite {
            fs::write(&beside, &text).unwrap();
        }
        let expected = fs::read_to_string(&beside).unwrap_or_default();
        assert_eq!(text, expected, "{file}");
        assert_eq!(ran.out.is_empty(), ran.status == 2, "{file}");
        said.insert(file, (ran.status, text));
    }
    said
}

#[test]
fn every_broken_subscription_is_refused_with_its_place_and_a_remedy() {
    let said = said_of_all("broken_subscriptions");
    assert!(said.len() >= 60, "{}", said.len());
    for (file, (status, text)) in &said {
        assert_eq!(*status, 2, "{file}");
        let blocks: Vec<&str> = text.split("error[").skip(1).collect();
        assert!(!blocks.is_empty(), "{file}: {text}");
        for block in blocks {
            assert!(block.contains(&format!("--> {file}:")), "{file}: {block}");
            assert!(block.contains("= allowed: "), "{file}: {block}");
            let helped = block.contains("= help: ") || block.contains("did you mean");
            assert!(helped && block.contains('^'), "{file}: {block}");
        }
    }
    let heading = |(_, text): &(i32, String)| text.lines().next().unwrap().to_owned();
    let mut headings: Vec<String> = said.values().map(heading).collect();
    headings.sort();
    headings.dedup();
    assert_eq!(headings.len(), said.len(), "each has a cause of its own");
}

#[test]
fn every_risky_subscription_is_accepted_with_a_warning_or_a_note() {
    for (file, (status, text)) in &said_of_all("risky_subscriptions") {
        assert_eq!(*status, 0, "{file}");
        let warned = text.starts_with("warning[") || text.starts_with("note[");
        let placed = text.contains(&format!("--> {file}:"));
        assert!(warned && placed, "{file}: {text}");
    }
}

#[test]
fn every_key_of_a_subscription_is_documented() {
    let text = fs::read_to_string(shipped("docs/subscriptions.md")).unwrap();
    for level in LEVELS {
        for key in level.keys {
            let listed = text.contains(&format!("`{}`", key.name));
            assert!(listed, "`{}` of {level}", key.name);
        }
    }
}

/// What `check` prints of `text`, without the name of the file.
fn checked(text: &str) -> Vec<String> {
    let folder = hours();
    folder.write("group.yaml", text);
    let ran = folder.line("check group.yaml --from 2026-02-27T14:00:00Z");
    assert_eq!((ran.status, ran.err.as_str()), (0, ""), "{ran:?}");
    let lines = ran.out.lines();
    let bare = lines.map(|line| line.strip_prefix("group.yaml: ").unwrap().to_owned());
    bare.collect()
}

#[test]
fn who_is_told_of_what_is_said_with_the_next_runs() {
    assert_eq!(
        checked(
            "
subscriptionGroupName: shop
application: orders
subscribedDetections: [order drops, order spikes]
alertSchemes:
  - type: email
    params: { subject: Orders }
  - type: jira
    params: { project: SHOP }
recipients: { to: [a@example.com, b@example.com], cc: c@example.com }
cron: 0 0 9 ? * MON-FRI
"
        ),
        [
            "ok: subscription \"shop\" of orders to order drops, order spikes",
            "every anomaly: EMAIL to a@example.com, b@example.com, cc c@example.com, subject \
             \"Orders\"; JIRA in SHOP",
            "cron 0 0 9 ? * MON-FRI in UTC: next runs 2026-03-02T09:00:00Z, \
             2026-03-03T09:00:00Z, 2026-03-04T09:00:00Z",
        ]
    );
}

#[test]
fn an_inactive_subscription_has_no_runs() {
    let lines = checked(
        "
subscriptionGroupName: shop
application: orders
subscribedDetections: order drops
alertSchemes: { type: IRIS, params: { plan: shop } }
active: false
",
    );
    assert_eq!(
        lines[1..],
        [
            "every anomaly: IRIS by shop",
            "`active: false`: nobody is told of anything"
        ]
    );
}

#[test]
fn detections_and_subscriptions_are_checked_side_by_side() {
    let folder = hours();
    folder.write(
        "group.yaml",
        "subscriptionGroupName: a\napplication: a\nsubscribedDetections: a\nalertSchemes: EMAIL\n",
    );
    let ran = folder.line("check limit.yaml group.yaml");
    assert_eq!(ran.status, 2);
    assert!(ran.out.starts_with("limit.yaml: ok: "), "{ran:?}");
    assert!(ran.err.contains("group.yaml:4:15"), "{ran:?}");
    assert!(ran.err.contains("1 of 2 specifications"), "{ran:?}");
}

/// A subscription to these detections.
fn group(detections: &str) -> String {
    format!(
        "subscriptionGroupName: a\napplication: a\nsubscribedDetections: {detections}\n\
         alertSchemes: {{ type: IRIS, params: {{ plan: a }} }}\n"
    )
}

#[test]
fn a_detection_that_is_not_checked_along_is_warned_of_with_its_place() {
    let folder = hours();
    folder.write("group.yaml", group("[too much, too mch, quiet nights]"));
    let ran = folder.line("check limit.yaml group.yaml");
    assert_eq!(ran.status, 0, "{ran:?}");
    let expected = "\
warning[unknown-value]: no detection that is checked here is called `too mch`
  --> group.yaml:3:34
   |
 3 | subscribedDetections: [too much, too mch, quiet nights]
   |                                  ^^^^^^^ did you mean `too much`?

warning[unknown-value]: no detection that is checked here is called `quiet nights`
  --> group.yaml:3:43
   |
 3 | subscribedDetections: [too much, too mch, quiet nights]
   |                                           ^^^^^^^^^^^^
   = help: check its specification along with these
";
    assert_eq!(ran.err, expected);
    // On its own it may be about detections that live elsewhere.
    assert_eq!(folder.line("check group.yaml").err, "");
    folder.write("group.yaml", group("too much"));
    assert_eq!(folder.line("check group.yaml limit.yaml").err, "");
}

#[test]
fn a_subscription_is_no_detection_to_run() {
    let folder = hours();
    folder.write("group.yaml", group("too much"));
    assert_eq!(
        folder.error("detect group.yaml hours.csv"),
        "error: group.yaml is a subscription: it says who is told of anomalies, and not what they \
         are; give the specification of a detection, or read this one with `tuatara check \
         group.yaml`\n"
    );
}
