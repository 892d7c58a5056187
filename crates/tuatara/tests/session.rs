//! A session says what a run says, and runs no stage that it need not.

#![cfg(all(feature = "yaml", feature = "holt-winters", feature = "neural"))]

mod edits;
mod world;

use std::ops::ControlFlow;
use std::sync::Arc;

use edits::{DAILY, Edited, HOURLY, Setting, said, said_of};
use rayon::ThreadPoolBuilder;
use tuatara::core::{Detector, Evaluation, Lookback, Memo, Row, Verdict, Window};
use tuatara::frame::{Frame, Interval, SeriesView, SliceKey, TimeAxis};
use tuatara::spec::Kind;
use tuatara::{Counted, Detection, Error, Ran, Rule, Session};
use tuatara_testkit::Draw;
use world::World;

/// The first line that differs, if any.
fn differ(one: &[String], other: &[String]) -> Option<String> {
    let mut pairs = one.iter().zip(other);
    let differ = pairs.find(|(one, other)| one != other);
    let differ = differ.map(|(one, other)| format!("{one}\n{other}"));
    differ.or_else(|| (one.len() != other.len()).then(|| "one is longer".to_owned()))
}

/// Turns settings at random, now and then back to some before, and compares each answer with that of
/// a run that knows of none before. Counts the stages that were kept.
fn edit_at_random(edited: &Edited, frame: Frame, extent: Interval, seed: u64) -> Ran {
    let mut draw = Draw::new(seed);
    let threads = *draw.pick(&[1, 2, 7]);
    let pool = ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .unwrap();
    let frame = Arc::new(frame);
    let mut session = Session::new(frame.clone());
    let mut settings: Vec<Setting> = vec![edited.start()];
    let mut all = Ran::default();
    for step in 0..15 {
        let last = settings.last().unwrap();
        let next = match draw.chance(0.3) {
            true => draw.pick(&settings).clone(),
            false => edited.edit(last, &mut draw),
        };
        let (detection, interval) = edited.detection(&next, extent);
        let fresh = detection.run(&*frame, interval).unwrap();
        let place = format!("seed {seed}, step {step}, {next:?}");
        // What is in view comes first, now and then for a setting that nobody waits for.
        let mut slices = detection.slices(&*frame).unwrap();
        let each: Vec<SliceKey> = fresh.slices().iter().map(|s| s.key().clone()).collect();
        assert!(slices.iter().all(|slice| each.contains(slice)), "{place}");
        slices.retain(|_| draw.chance(0.4));
        let watch = |_: usize, _: usize| ControlFlow::Continue(());
        let part = session.run_only(&detection, interval, &slices, &watch);
        let part = part.unwrap();
        let meant = |slice: &SliceKey| slices.contains(slice);
        let of_fresh = said_of(&fresh, meant);
        assert_eq!(
            differ(&said_of(&part.report, |_| true), &of_fresh),
            None,
            "{place}, {slices:?}, {}",
            part.ran
        );
        let left = each.iter().filter(|slice| !meant(slice)).count();
        assert_eq!(part.report.left_out(), Some(left), "{place}");
        assert!(part.report.incidents().is_empty(), "{place}");
        all += part.ran;
        if draw.chance(0.3) {
            settings.push(next);
            continue;
        }
        let answer = pool.install(|| session.run(&detection, interval)).unwrap();
        assert_eq!(answer.report.left_out(), None);
        let differ = differ(&said(&answer.report), &said(&fresh));
        assert_eq!(differ, None, "{place}, {}", answer.ran);
        all += answer.ran;
        settings.push(next);
    }
    all
}

#[test]
fn a_session_says_what_a_run_says_whatever_was_edited_before() {
    let mut all = Ran::default();
    for seed in 0..4 {
        let (daily, hourly) = (World::daily(seed), World::hourly(seed));
        let extent = daily.extent();
        all += edit_at_random(&DAILY, daily.frame, extent, seed);
        let extent = hourly.extent();
        all += edit_at_random(&HOURLY, hourly.frame, extent, 100 + seed);
    }
    for stage in [
        all.rankings,
        all.series,
        all.forecasts,
        all.judgings,
        all.folds,
        all.joins,
    ] {
        assert!(stage.ran > 5 && stage.kept > 5, "{all}");
    }
}

/// What a session over the daily world says to one setting after another.
fn after_each(settings: &[Setting]) -> Vec<String> {
    let world = World::daily(2);
    let extent = world.extent();
    let mut session = Session::new(Arc::new(world.frame));
    let ran = settings.iter().map(|setting| {
        let (detection, interval) = DAILY.detection(setting, extent);
        session.run(&detection, interval).unwrap().ran.to_string()
    });
    ran.collect()
}

/// Three countries on two clocks, days and weeks, the whole for quality, and the total that a filter
/// compares with: 8 series. The model and a baseline expect something of each country; four rules on
/// three countries, and one on the whole.
#[test]
fn the_answer_says_which_stages_ran() {
    let start = DAILY.start();
    let of_country = DAILY.with(&start, "calendar", 1);
    let edits = [
        (
            "SENSITIVITY",
            "ran 3 judgings, 3 folds and 3 joins; kept 8 series, 6 forecasts, 10 judgings and 10 folds",
        ),
        // Of the model and of the networks, which judge for themselves.
        (
            "PATTERN",
            "ran 6 judgings, 6 folds and 3 joins; kept 8 series, 6 forecasts, 7 judgings and 7 folds",
        ),
        (
            "FAR",
            "ran 3 folds and 3 joins; kept 8 series, 6 forecasts, 13 judgings and 10 folds",
        ),
        (
            "MAXGAP",
            "ran 13 folds and 3 joins; kept 8 series, 6 forecasts and 13 judgings",
        ),
        (
            "GAMMA",
            "ran 3 forecasts, 3 judgings, 3 folds and 3 joins; \
             kept 8 series, 3 forecasts, 10 judgings and 10 folds",
        ),
        (
            "GROUPER",
            "ran 1 gathering; kept 8 series, 6 forecasts, 13 judgings, 13 folds and 3 joins",
        ),
        (
            "calendar",
            "ran 8 series, 6 forecasts, 13 judgings, 13 folds and 3 joins; kept nothing",
        ),
    ];
    let first = "ran 8 series, 6 forecasts, 13 judgings, 13 folds and 3 joins; kept nothing";
    let back = "ran nothing; kept 8 series, 6 forecasts, 13 judgings, 13 folds and 3 joins";
    for (name, ran) in edits {
        let edited = DAILY.with(&start, name, 1);
        let said = after_each(&[start.clone(), edited, start.clone()]);
        assert_eq!(said, [first, ran, back], "{name}");
    }
    // An outage in one country is in two of the series, and in what is made of them; windows that
    // suppress are in no series.
    let [outage, strike] = [2, 3].map(|at| DAILY.with(&start, "calendar", at));
    assert_eq!(
        after_each(&[of_country.clone(), outage])[1],
        "ran 2 series, 2 forecasts, 4 judgings, 4 folds and 1 join; \
         kept 6 series, 4 forecasts, 9 judgings, 9 folds and 2 joins"
    );
    assert_eq!(
        after_each(&[of_country, strike])[1],
        "ran 13 folds and 3 joins; kept 8 series, 6 forecasts and 13 judgings"
    );
}

/// Of the three countries, which the model judges anew, Austria is in view: it has rows of the model, a fold
/// and a join of its own, and the whole, which is judged for quality, is not asked for.
#[test]
fn what_is_in_view_comes_first_and_is_not_made_again() {
    let world = World::daily(2);
    let (extent, frame) = (world.extent(), Arc::new(world.frame));
    let start = DAILY.start();
    let (before, interval) = DAILY.detection(&start, extent);
    let (edited, _) = DAILY.detection(&DAILY.with(&start, "SENSITIVITY", 1), extent);
    let mut session = Session::new(frame.clone());
    session.run(&before, interval).unwrap();
    let watch = |_: usize, _: usize| ControlFlow::Continue(());
    let austria = SliceKey::new("value").with("country", "AT");
    let part = session.run_only(&edited, interval, &[austria], &watch);
    let part = part.unwrap();
    assert_eq!(part.report.slices().len(), 1);
    assert_eq!(part.report.left_out(), Some(3));
    let said =
        "ran 1 judging, 1 fold and 1 join; kept 3 series, 2 forecasts, 3 judgings and 3 folds";
    assert_eq!(part.ran.to_string(), said);
    let all = session.run(&edited, interval).unwrap();
    assert_eq!(
        all.ran.to_string(),
        "ran 2 judgings, 2 folds and 2 joins; \
         kept 8 series, 6 forecasts, 11 judgings, 11 folds and 1 join"
    );
    // What was before is still there.
    let back = session.run(&before, interval).unwrap();
    assert!(
        back.ran.to_string().starts_with("ran nothing"),
        "{}",
        back.ran
    );
    // No run goes on from a part: what is open on the others would be lost.
    let next = Interval::new(interval.end(), interval.end()).unwrap();
    let refused = edited.run_with(&*frame, next, part.report.carry());
    assert!(matches!(refused, Err(Error::PartialCarry)), "{refused:?}");
    let text = serde_json::to_string(part.report.carry()).unwrap();
    let read: tuatara::Carry = serde_json::from_str(&text).unwrap();
    let refused = edited.run_with(&*frame, next, &read);
    assert!(matches!(refused, Err(Error::PartialCarry)), "{refused:?}");
}

/// In the middle of the data, the merger decides how early a grid begins: what was expected of the
/// buckets that were there is taken over, also when the calendar knows of events. Two rules of one
/// model, a baseline on the hours of Berlin and one on three hours, for three countries.
#[test]
fn nothing_is_fitted_where_only_the_grid_begins_later() {
    for calendar in 0..4 {
        let middle = HOURLY.with(&HOURLY.start(), "interval", 1);
        let middle = HOURLY.with(&middle, "calendar", calendar);
        let [shorter, longer] = [1, 2].map(|at| HOURLY.with(&middle, "MAXGAP", at));
        let forecasts = |settings: &[Setting]| {
            let world = World::hourly(2);
            let extent = world.extent();
            let mut session = Session::new(Arc::new(world.frame));
            let ran = settings.iter().map(|setting| {
                let (detection, interval) = HOURLY.detection(setting, extent);
                let ran = session.run(&detection, interval).unwrap().ran;
                (ran.series.ran, ran.forecasts.ran)
            });
            ran.collect::<Vec<_>>()
        };
        let said = forecasts(&[longer.clone(), shorter.clone()]);
        assert_eq!(said, [(9, 9), (9, 0)], "{calendar}");
        let said = forecasts(&[shorter, longer]);
        assert_eq!(said, [(9, 9), (9, 9)], "{calendar}");
    }
}

/// Of the two rules with one model and two judges, three countries each, the second fits nothing.
#[test]
fn rules_that_expect_the_same_share_it() {
    let world = World::hourly(2);
    let extent = world.extent();
    let mut session = Session::new(Arc::new(world.frame));
    let mut forecasts = |alpha| {
        let setting = HOURLY.with(&HOURLY.start(), "ALPHA", alpha);
        let (detection, interval) = HOURLY.detection(&setting, extent);
        let Counted { ran, kept } = session.run(&detection, interval).unwrap().ran.forecasts;
        (ran, kept)
    };
    assert_eq!(forecasts(0), (9, 3));
    assert_eq!(forecasts(1), (3, 9));
}

#[test]
fn a_session_can_go_to_another_thread() {
    let world = World::daily(2);
    let (detection, interval) = DAILY.detection(&DAILY.start(), world.extent());
    let mut session = Session::new(Arc::new(world.frame));
    let one = session.run(&detection, interval).unwrap();
    let there = std::thread::spawn(move || session.run(&detection, interval).unwrap());
    let other = there.join().unwrap();
    assert_eq!(differ(&said(&one.report), &said(&other.report)), None);
    assert_eq!(other.ran.forecasts.ran, 0);
}

#[test]
fn what_the_last_two_runs_made_is_kept_and_nothing_older() {
    let start = DAILY.start();
    let intervals = [0, 1, 0, 2, 3, 0].map(|at| DAILY.with(&start, "interval", at));
    let said = after_each(&intervals);
    let kept = said.iter().map(|said| said.starts_with("ran nothing"));
    let expected = [false, false, true, false, false, false];
    assert_eq!(kept.collect::<Vec<_>>(), expected, "{said:#?}");
}

#[test]
fn a_run_that_fails_or_is_stopped_leaves_the_session_as_useful_as_before() {
    let world = World::daily(2);
    let (extent, frame) = (world.extent(), Arc::new(world.frame));
    let (detection, interval) = DAILY.detection(&DAILY.start(), extent);
    let mut session = Session::new(frame.clone());
    // Somebody stops it after the first slice.
    let stop = |_: usize, _: usize| ControlFlow::Break(());
    let one = ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let stopped = one.install(|| session.run_watched(&detection, interval, &stop));
    assert!(matches!(stopped, Err(Error::Stopped { .. })));
    let answer = session.run(&detection, interval).unwrap();
    assert!(answer.ran.forecasts.kept >= 2, "{}", answer.ran);
    assert!(answer.ran.forecasts.ran > 0, "{}", answer.ran);
    let fresh = detection.run(&*frame, interval).unwrap();
    assert_eq!(differ(&said(&answer.report), &said(&fresh)), None);
    // Weeks have no season of a day and a half; and there is no such metric.
    let yaml = DAILY.yaml(&DAILY.start());
    let broken = [
        yaml.replace("lookback: P42D", "lookback: P42D, season: PT36H"),
        yaml.replace("lookback: P42D", "lookback: P42D, season: PT30H"),
        yaml.replace("lookback: P42D", "lookback: P42D, season: PT28H"),
        yaml.replace("metric: value", "metric: values"),
    ];
    // One after the other.
    for broken in &broken {
        let broken = Detection::from_yaml(broken).unwrap();
        session.run(&broken, interval).unwrap_err();
    }
    for broken in broken {
        let broken = Detection::from_yaml(&broken).unwrap();
        let error = session.run(&broken, interval).unwrap_err();
        let fresh = broken.run(&*frame, interval).unwrap_err();
        assert_eq!(error.to_string(), fresh.to_string());
        let answer = session.run(&detection, interval).unwrap();
        assert!(
            answer.ran.to_string().starts_with("ran nothing"),
            "{}",
            answer.ran
        );
    }
}

/// Everything above a limit that it does not tell.
#[derive(Debug)]
struct Silent(f64);

impl Detector for Silent {
    fn lookback(&self, _: &TimeAxis) -> tuatara::core::Result<Lookback> {
        Ok(Lookback::NONE)
    }

    fn evaluate(
        &self,
        series: SeriesView<'_>,
        window: Window,
        _: &mut Memo,
        out: &mut Evaluation,
    ) -> tuatara::core::Result<()> {
        let mut columns = out.columns(window.len());
        for (row, i) in window.range().enumerate() {
            let observed = series.values()[i];
            let verdict = match observed > self.0 {
                true => Verdict::Anomalous(tuatara::core::Direction::Up),
                false => Verdict::Normal,
            };
            let score = if observed > self.0 { 2.0 } else { 0.0 };
            let row_of = Row {
                score,
                ..Row::unjudged(observed, verdict)
            };
            columns.set(row, row_of);
        }
        Ok(())
    }
}

#[test]
fn a_detector_that_does_not_tell_its_settings_runs_unless_it_is_the_very_same() {
    let world = World::daily(2);
    let extent = world.extent();
    let above = |limit| {
        let rule = Rule::new("above:SILENT", Box::new(Silent(limit)));
        Detection::builder("silent", "value")
            .rule(rule)
            .build()
            .unwrap()
    };
    let mut session = Session::new(Arc::new(world.frame));
    let (low, high) = (above(100.0), above(1e9));
    let found = |session: &mut Session, detection: &Detection| {
        let answer = session.run(detection, extent).unwrap();
        (
            answer.report.anomalies().is_empty(),
            answer.ran.judgings.ran,
        )
    };
    assert_eq!(found(&mut session, &low), (false, 1));
    assert_eq!(found(&mut session, &low.clone()), (false, 0));
    assert_eq!(found(&mut session, &high), (true, 1));
    assert_eq!(found(&mut session, &above(100.0)), (false, 1));
}

/// Every type of the registry, with the least that it asks for.
const ALL_TYPES: &str = "
detectionName: all
metric: value
rules:
  - detection:
      - { name: a, type: THRESHOLD, params: { max: 200 } }
      - { name: b, type: PERCENTAGE_RULE, params: { percentageChange: 0.2 } }
      - { name: c, type: ABSOLUTE_CHANGE_RULE, params: { absoluteChange: 50 } }
      - { name: d, type: MEAN_VARIANCE_RULE }
      - { name: e, type: ROBUST_ZSCORE }
      - { name: f, type: FLATLINE }
      - { name: g, type: HOLT_WINTERS_RULE, params: { alpha: 0.2, lookback: P28D } }
      - { name: h, type: HOLT_WINTERS_RULE, params: { variant: THIRDEYE, alpha: 0.2, beta: 0, gamma: 0.1, period: 7 } }
      - { name: i, type: ALERTIGER_RULE }
    filter:
      - { name: j, type: DURATION_FILTER, params: { minDuration: P1D } }
      - { name: k, type: PERCENTAGE_CHANGE_FILTER, params: { threshold: 0.1 } }
      - { name: l, type: ABSOLUTE_CHANGE_FILTER, params: { threshold: 1 } }
      - { name: m, type: SITEWIDE_IMPACT_FILTER, params: { threshold: 0.01 } }
      - { name: n, type: THRESHOLD_RULE_FILTER, params: { minValueDaily: 1 } }
      - { name: o, type: VOLUME_FILTER, params: { metric: value, minValueDaily: 1 } }
      - { name: p, type: TIME_OF_WEEK_FILTER, params: { ignoreDays: [SUNDAY] } }
    labeler:
      - { name: q, type: THRESHOLD_SEVERITY_LABELER, params: { severity: { low: { change: 0.1 } } } }
    quality:
      - { name: r, type: DATA_SLA, params: { sla: 2_DAYS } }
      - { name: s, type: MISSING_DATA }
";

#[test]
fn every_type_of_the_registry_tells_its_settings() {
    let registry = tuatara::standard_registry();
    for kind in [Kind::Detector, Kind::Filter, Kind::Labeler] {
        for name in registry.types(kind) {
            assert!(ALL_TYPES.contains(&format!("type: {name}")), "{name}");
        }
    }
    let world = World::daily(2);
    let extent = world.extent();
    let mut session = Session::new(Arc::new(world.frame));
    let mut run = || {
        let detection = Detection::from_yaml(ALL_TYPES).unwrap();
        session.run(&detection, extent).unwrap().ran
    };
    run();
    let again = run();
    assert!(again.to_string().starts_with("ran nothing"), "{again}");
    assert!(again.folds.kept >= 10, "{again}");
}
