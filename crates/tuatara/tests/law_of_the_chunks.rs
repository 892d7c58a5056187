//! Law 2 of the whole pipeline: one run, or many that hand their carry on, or one that starts in
//! the middle, find and say the same.

#![cfg(feature = "yaml")]

mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tuatara::core::{Anomaly, AnomalyId, Row, Verdict};
use tuatara::frame::{Frame, Instant, Interval, Metric};
use tuatara::merge::EventKind;
use tuatara::{Carry, Detection, Explanation, Report};
use tuatara_testkit::Draw;
use world::{World, exact, is_open, kept, standing, text_of};

const SEEDS: std::ops::Range<u64> = 0..10;

fn worlds(seed: u64) -> [World; 6] {
    [
        World::daily(seed),
        World::hourly(seed),
        World::five_minutes(seed),
        World::thinned(seed),
        World::delayed(seed),
        World::ranked(seed),
    ]
}

/// Judged rows of every slice and rule as text.
fn rows(reports: &[&Report]) -> BTreeMap<(String, String), Vec<String>> {
    let mut rows: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for report in reports {
        for slice in report.slices() {
            for rule in slice.rules() {
                let key = (slice.key().to_string(), rule.name().to_owned());
                // What is incomplete comes again in the next run.
                let judged = rule
                    .rows()
                    .filter(|(_, row)| row.verdict != Verdict::Incomplete);
                rows.entry(key)
                    .or_default()
                    .extend(judged.map(|row| format!("{row:?}")));
            }
        }
    }
    rows
}

#[test]
fn many_runs_say_what_one_run_says() {
    let mut seen: BTreeMap<&'static str, usize> = BTreeMap::new();
    let (mut carried, mut moved, mut inactive) = (0, 0, 0);
    let mut suppressed = [0; 2];
    for seed in SEEDS {
        for world in worlds(seed) {
            let mut draw = Draw::new(seed);
            let interval = world.interval(&mut draw);
            let pieces = [2, 5, 40][draw.between(0..3)];
            let cuts = world.cuts(interval, pieces, &mut draw);
            let place = format!("{}, seed {seed}, {interval} in {pieces}", world.name);

            let whole = world.run(interval.start(), interval.end(), None);
            let mut parts: Vec<Report> = Vec::new();
            for cut in cuts.windows(2) {
                let carry = parts.last().map(|part| kept(part.carry()));
                carried += usize::from(carry.as_ref().is_some_and(|carry| !carry.is_empty()));
                parts.push(world.run(cut[0], cut[1], carry.as_ref()));
            }
            let last = parts.last().unwrap();
            let said: Vec<_> = parts
                .iter()
                .flat_map(|part| part.events())
                .cloned()
                .collect();

            assert_eq!(exact(&said), exact(whole.events()), "{place}");
            assert_eq!(text_of(last.carry()), text_of(whole.carry()), "{place}");
            assert_eq!(
                rows(&parts.iter().collect::<Vec<_>>()),
                rows(&[&whole]),
                "{place}"
            );
            // Those that stand after all events, less those that were over before the start.
            let mut found = standing(&said);
            found.retain(|anomaly| world.judges(interval.start(), anomaly));
            let mut expected = whole.anomalies().to_vec();
            for anomalies in [&mut found, &mut expected] {
                anomalies.sort_by(|a, b| {
                    let key = |a: &Anomaly| (a.interval.start(), a.slice.clone(), a.rules.clone());
                    key(a).cmp(&key(b))
                });
            }
            assert_eq!(exact(&found), exact(&expected), "{place}");
            // What each part found is what stood at its end.
            let mut removed: BTreeSet<AnomalyId> = BTreeSet::new();
            for part in &parts {
                let rules = part.slices().iter().flat_map(|slice| slice.rules());
                for anomaly in rules.flat_map(|rule| rule.anomalies()) {
                    removed.remove(&anomaly.id);
                }
                removed.extend(part.removed().iter().map(|anomaly| anomaly.id));
            }
            let whole_removed = whole.removed().iter().map(|anomaly| anomaly.id).collect();
            assert_eq!(removed, whole_removed, "{place}");

            for event in whole.events() {
                *seen.entry(event.kind.as_str()).or_default() += 1;
            }
            for anomaly in whole.anomalies().iter().flat_map(|found| &found.children) {
                for said in &anomaly.suppressions {
                    suppressed[usize::from(said.applies)] += 1;
                }
            }
            moved += usize::from(pieces > 5);
            let rules = whole.slices().iter().flat_map(|slice| slice.rules());
            let rows = rules.flat_map(|rule| rule.rows());
            inactive += rows
                .filter(|(_, row)| row.verdict == Verdict::Inactive)
                .count();
        }
    }
    // The worlds are worth the trial.
    for kind in ["opened", "extended", "rescored", "closed", "retracted"] {
        assert!(seen[kind] > 30, "{seen:?}");
    }
    assert!(carried > 100 && moved > 3, "{carried} {moved}");
    assert!(suppressed.iter().all(|count| *count > 5), "{suppressed:?}");
    assert!(inactive > 1000, "{inactive}");
}

/// What differs is where rules are listed in their order: the rows, what was removed at one instant,
/// the clocks of the carry, and the fingerprint.
#[test]
fn the_order_of_rows_slices_and_rules_changes_nothing() {
    let mut compared = 0;
    for seed in SEEDS {
        for world in worlds(seed) {
            let other = world.shuffled(&mut Draw::new(seed));
            let [one, other] = [&world, &other]
                .map(|world| world.run(world.extent().start(), world.extent().end(), None));
            let place = format!("{}, seed {seed}", world.name);
            assert_eq!(exact(one.events()), exact(other.events()), "{place}");
            assert_eq!(exact(one.anomalies()), exact(other.anomalies()), "{place}");
            assert_eq!(rows(&[&one]), rows(&[&other]), "{place}");
            let sorted = |removed: &[Arc<Anomaly>]| {
                let mut removed = exact(removed);
                removed.sort();
                removed
            };
            assert_eq!(sorted(one.removed()), sorted(other.removed()), "{place}");
            let open = |report: &Report| {
                let carry = serde_json::to_value(report.carry()).unwrap();
                (carry["open"].clone(), carry["joined"].clone())
            };
            assert_eq!(open(&one), open(&other), "{place}");
            compared += one.events().len();
        }
    }
    assert!(compared > 3_000, "{compared}");
}

#[test]
fn a_run_that_starts_in_the_middle_finds_what_the_whole_run_finds() {
    let mut compared = 0;
    for (seed, world) in SEEDS.flat_map(|seed| {
        [World::roomy(seed), World::roomy_and_ranked(seed)].map(|world| (seed, world))
    }) {
        let mut draw = Draw::new(seed);
        let whole = world.run(world.extent().start(), world.extent().end(), None);
        let longest = tuatara::frame::Duration::days(14).millis();
        let longer = |anomaly: &&Arc<Anomaly>| anomaly.interval.duration().millis() >= longest;
        assert_eq!(
            whole.anomalies().iter().chain(whole.removed()).find(longer),
            None
        );
        for cut in world.cuts(world.extent(), 6, &mut draw) {
            let part = world.run(cut, world.extent().end(), None);
            let from = world.judged_after(cut);
            let ends_after = |anomaly: &&Arc<Anomaly>| anomaly.interval.end() > from;
            let of = |all: &[Arc<Anomaly>]| -> Vec<String> {
                all.iter()
                    .filter(ends_after)
                    .map(|anomaly| format!("{anomaly:?}"))
                    .collect()
            };
            let place = format!("{}, seed {seed}, from {cut}", world.name);
            assert_eq!(exact(part.anomalies()), of(whole.anomalies()), "{place}");
            assert_eq!(exact(part.removed()), of(whole.removed()), "{place}");
            let said: Vec<_> = whole
                .events()
                .iter()
                .filter(|event| event.at > from)
                .collect();
            let part_said: Vec<_> = part.events().iter().collect();
            assert_eq!(exact(&part_said), exact(&said), "{place}");
            assert_eq!(text_of(part.carry()), text_of(whole.carry()), "{place}");
            compared += part.anomalies().len();
        }
    }
    assert!(compared > 300, "{compared}");
}

#[test]
fn an_explanation_is_the_same_in_a_part_and_in_the_whole() {
    let mut with_candidate = 0;
    for seed in SEEDS {
        for world in worlds(seed) {
            let mut draw = Draw::new(seed);
            let extent = world.extent();
            let cuts = world.cuts(extent, 4, &mut draw);
            let whole = world.run(extent.start(), extent.end(), None);
            let mut carry: Option<Carry> = None;
            for cut in cuts.windows(2) {
                let part = world.run(cut[0], cut[1], carry.as_ref());
                carry = Some(kept(part.carry()));
                for _ in 0..4 {
                    let slice = draw.pick(part.slices());
                    let complete = |row: &(_, Row)| row.1.verdict != Verdict::Incomplete;
                    let Some((bucket, _)) = slice.rules()[0].rows().filter(complete).last() else {
                        continue;
                    };
                    let there = part.explain(slice.key(), bucket.start()).unwrap();
                    let here = whole.explain(slice.key(), bucket.start()).unwrap();
                    // A rule of longer buckets may still wait for its own.
                    let judged = |one: &&Explanation| one.row.verdict != Verdict::Incomplete;
                    for there in there.iter().filter(judged) {
                        let here = here.iter().find(|here| here.rule == there.rule).unwrap();
                        let place = format!("{}, seed {seed}", world.name);
                        assert_eq!(there.to_string(), here.to_string(), "{place}");
                    }
                    with_candidate += there.iter().filter(|one| one.candidate.is_some()).count();
                }
            }
        }
    }
    assert!(with_candidate > 10, "{with_candidate}");
}

/// What each rule found is in exactly one of the anomalies of the run, which keep apart.
#[test]
fn what_several_rules_found_is_told_once() {
    let mut joined = 0;
    for seed in SEEDS {
        for world in worlds(seed) {
            let report = world.run(world.extent().start(), world.extent().end(), None);
            let place = format!("{}, seed {seed}", world.name);
            for slice in report.slices() {
                let on_slice = report.anomalies().iter();
                let parents: Vec<&Arc<Anomaly>> =
                    on_slice.filter(|one| one.slice == *slice.key()).collect();
                for found in slice.rules().iter().flat_map(|rule| rule.anomalies()) {
                    let is_or_holds = |parent: &&&Arc<Anomaly>| match parent.children.as_slice() {
                        [] => parent.id == found.id,
                        children => children.iter().any(|child| child.id == found.id),
                    };
                    let holders = parents.iter().filter(is_or_holds);
                    let holders: Vec<_> = holders.collect();
                    assert_eq!(holders.len(), 1, "{place}: {found:?}");
                    assert_eq!(holders[0].direction, found.direction, "{place}");
                    joined += usize::from(!holders[0].children.is_empty());
                }
                for (i, one) in parents.iter().enumerate() {
                    for other in &parents[i + 1..] {
                        let overlaps = one.direction == other.direction
                            && one.interval.start() < other.interval.end()
                            && other.interval.start() < one.interval.end();
                        assert!(!overlaps, "{place}: {one:?} {other:?}");
                    }
                }
            }
        }
    }
    assert!(joined > 300, "{joined}");
}

/// A state that another hand has been at is refused, with what is wrong in it.
#[test]
fn what_several_rules_found_is_checked_when_a_state_is_read() {
    let world = World::hourly(3);
    let extent = world.extent();
    let cuts = world.cuts(extent, 40, &mut Draw::new(3));
    let refused = |at: Instant, carry: &Carry, change: &dyn Fn(&mut serde_json::Value)| {
        let mut text = serde_json::to_value(carry).unwrap();
        change(&mut text["joined"][0]["carry"]);
        let carry: Carry = serde_json::from_value(text).unwrap();
        let interval = Interval::new(at, extent.end()).unwrap();
        let run = world.detection.run_with(&world.frame, interval, &carry);
        run.unwrap_err().to_string()
    };
    let mut tried = 0;
    for cut in &cuts[1..] {
        let report = world.run(extent.start(), *cut, None);
        let text = serde_json::to_value(report.carry()).unwrap();
        if text["joined"][0].is_null() {
            continue;
        }
        let twice = refused(*cut, report.carry(), &|carry| {
            let again = carry["children"][0].clone();
            carry["children"].as_array_mut().unwrap().push(again);
        });
        assert!(twice.contains("is there twice"), "{twice}");
        let unknown = refused(*cut, report.carry(), &|carry| {
            carry["children"] = serde_json::json!([]);
        });
        assert!(unknown.contains("is open, but not there"), "{unknown}");
        tried += 1;
    }
    assert!(tried > 3, "{tried}");
}

/// A bucket at which several rules fired says what its candidate is part of.
#[test]
fn an_explanation_names_the_anomaly_that_a_candidate_is_part_of() {
    let mut parts = 0;
    let world = World::hourly(3);
    let report = world.run(world.extent().start(), world.extent().end(), None);
    for anomaly in report
        .anomalies()
        .iter()
        .filter(|one| !one.children.is_empty())
    {
        for said in report.explain(&anomaly.slice, anomaly.peak.at).unwrap() {
            let (Some(parent), Some(candidate)) = (&said.parent, &said.candidate) else {
                continue;
            };
            assert!(parent.children.iter().any(|child| child.id == candidate.id));
            let text = format!("part of {} from {}", parent.id, parent.interval.start());
            assert!(said.to_string().contains(&text), "{said}");
            parts += 1;
        }
    }
    assert!(parts > 5, "{parts}");
}

#[test]
fn nothing_follows_the_end_of_an_anomaly_but_its_closing() {
    let world = World::hourly(3);
    let report = world.run(world.extent().start(), world.extent().end(), None);
    let mut ended: BTreeSet<AnomalyId> = BTreeSet::new();
    for event in report.events() {
        let id = event.anomaly.id;
        assert!(!ended.contains(&id), "{event:?}");
        if event.kind == EventKind::Closed {
            assert!(!is_open(&event.anomaly));
            ended.insert(id);
        }
    }
    assert!(ended.len() > 20);
}

#[test]
fn a_run_over_nothing_hands_the_carry_on_as_it_is() {
    let world = World::hourly(1);
    let extent = world.extent();
    let middle = world.cuts(extent, 3, &mut Draw::new(1))[1];
    let first = world.run(extent.start(), middle, None);
    let nothing = world.run(middle, middle, Some(first.carry()));
    assert!(nothing.events().is_empty() && nothing.anomalies().is_empty());
    assert_eq!(text_of(nothing.carry()), text_of(first.carry()));
}

/// A country that closes down while its values are too high. The later run is over a file from
/// which its rows have gone; the whole run is over all rows.
#[test]
fn what_is_open_on_a_slice_that_goes_away_is_closed_all_the_same() {
    let detection = Detection::from_yaml(
        "
detectionName: high
metric: value
dimensionExploration: { dimensions: [country] }
rules:
  - detection: { name: limit, type: THRESHOLD, params: { max: 10 } }
",
    )
    .unwrap();
    let hour = |hour: i64| Instant::from_millis(1_767_225_600_000 + hour * 3_600_000).unwrap();
    let frame = |first: i64| {
        let mut builder = Frame::builder("sales", [Metric::new("value")])
            .dimensions(["country"])
            .granularity("PT1H".parse().unwrap());
        for i in first..24 {
            if i < 6 {
                builder
                    .row(hour(i), &["AT"], &[if i > 3 { 20.0 } else { 1.0 }])
                    .unwrap();
            }
            builder.row(hour(i), &["BE"], &[1.0]).unwrap();
        }
        builder.build().unwrap()
    };
    let between = |from: i64, to: i64| Interval::new(hour(from), hour(to)).unwrap();
    let (all, later) = (frame(0), frame(6));
    let whole = detection.run(&all, between(0, 24)).unwrap();
    let first = detection.run(&all, between(0, 6)).unwrap();
    assert_eq!(first.carry().len(), 1);
    // Across two hours it may still grow; then it is over.
    let second = detection
        .run_with(&later, between(6, 8), first.carry())
        .unwrap();
    assert_eq!(second.carry().len(), 1);
    let third = detection
        .run_with(&later, between(8, 24), &kept(second.carry()))
        .unwrap();
    let parts = [&first, &second, &third];
    let said: Vec<_> = parts.iter().flat_map(|part| part.events()).collect();
    assert_eq!(
        exact(&said),
        exact(&whole.events().iter().collect::<Vec<_>>())
    );
    assert_eq!(text_of(third.carry()), text_of(whole.carry()));
    assert!(third.carry().is_empty());
    let slices: Vec<String> = third
        .slices()
        .iter()
        .map(|slice| slice.key().to_string())
        .collect();
    assert_eq!(slices, ["value{country=BE}"]);
}
