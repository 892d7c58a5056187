//! Accidents of the framework whose documentation is kept here: each test has what that framework
//! answers and what is answered here. Those of single rules and baselines are tested beside them.

#![cfg(feature = "yaml")]

use tuatara::frame::{Frame, Granularity, Instant, Interval, Metric, TimeAxis, Zone};
use tuatara::{Detection, Report, standard_registry};

const HOUR: i64 = 3_600_000;

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn interval(start: &str, end: &str) -> Interval {
    Interval::new(at(start), at(end)).unwrap()
}

/// A frame of `count` steps of `millis` from `start`; rows for which `value` gives nothing are
/// left out.
fn frame(
    zone: &str,
    granularity: &str,
    start: &str,
    millis: i64,
    count: i64,
    value: impl Fn(Instant) -> Option<f64>,
) -> Frame {
    let granularity: Granularity = granularity.parse().unwrap();
    let mut builder = Frame::builder("data", [Metric::new("value")])
        .zone(zone.parse::<Zone>().unwrap())
        .granularity(granularity);
    for i in 0..count {
        let stamp = Instant::from_millis(at(start).millis() + i * millis).unwrap();
        if let Some(value) = value(stamp) {
            builder.row(stamp, &[], &[value]).unwrap();
        }
    }
    builder.build().unwrap()
}

/// A detection of one detector and the lines below its `params`.
fn detection(type_and_params: &str, below: &str) -> Detection {
    Detection::from_yaml(&format!(
        "detectionName: quirk\nmetric: value\nrules:\n- detection:\n  - {{ name: rule, {type_and_params} }}\n{below}"
    ))
    .unwrap()
}

fn run(detection: &Detection, frame: &Frame) -> Report {
    detection
        .run(frame, detection.extent(frame).unwrap())
        .unwrap()
}

/// The anomalies as `start/end`.
fn found(report: &Report) -> Vec<String> {
    let anomalies = report.anomalies().iter();
    anomalies
        .map(|anomaly| anomaly.interval.to_string())
        .collect()
}

/// The expectation of the one rule at `stamp`.
fn expected(detection: &Detection, frame: &Frame, stamp: &str) -> f64 {
    let report = run(detection, frame);
    let rule = &report.slices()[0].rules()[0];
    let row = rule
        .position(at(stamp))
        .and_then(|position| rule.row(position));
    row.unwrap().1.expected
}

fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits()
}

/// Values that are the hour on clocks in Berlin, over the end of summer time there on 25 October
/// 2026, a week before it ends in Los Angeles.
fn berlin() -> Frame {
    let zone: Zone = "Europe/Berlin".parse().unwrap();
    frame(
        "Europe/Berlin",
        "PT1H",
        "2026-10-10T00:00:00Z",
        HOUR,
        24 * 20,
        |stamp| {
            let clock = zone.local(stamp).format("%H").to_string();
            Some(clock.parse().unwrap())
        },
    )
}

const WEEK: &str = "type: PERCENTAGE_RULE, params: { offset: wo1w, percentageChange: 0.5 }";

/// Theirs: lags keep the wall clock of Los Angeles, wherever the data are from, so 09:00 in Berlin
/// is compared with 10:00 a week before. Ours: that of the dataset.
#[test]
fn quirk_1_lags_keep_the_clock_of_the_dataset() {
    let nine = "2026-10-26T08:00:00Z";
    let (theirs, ours) = (10.0, 9.0);
    assert!(same(expected(&detection(WEEK, ""), &berlin(), nine), ours));
    let explicit = WEEK.replace("params", "timezone: America/Los_Angeles, params");
    assert!(same(
        expected(&detection(&explicit, ""), &berlin(), nine),
        theirs
    ));
}

/// Theirs: missing lags are left out of a median and nobody is told. Ours: the same median, and
/// the explanation and a column say of how many.
#[test]
fn quirk_5_the_lags_that_were_found_are_counted() {
    let missing = ["2026-01-08T00:00:00Z", "2026-01-15T00:00:00Z"].map(at);
    let days = frame(
        "UTC",
        "P1D",
        "2026-01-01T00:00:00Z",
        24 * HOUR,
        29,
        |stamp| {
            let day = (stamp.millis() - at("2026-01-01T00:00:00Z").millis()) / (24 * HOUR);
            (!missing.contains(&stamp)).then_some(100.0 + day as f64)
        },
    );
    let rule = WEEK.replace("wo1w", "median4w");
    let detection = detection(&rule, "");
    let report = run(&detection, &days);
    let slice = &report.slices()[0];
    let last = at("2026-01-29T00:00:00Z");
    let said = &report.explain(slice.key(), last).unwrap()[0];
    // The first and the fourth week are there: the median of 100 and 121.
    assert!(same(said.row.expected, 110.5));
    assert!(
        said.to_string().contains("median of 2 of 4 earlier values"),
        "{said}"
    );
    let internals = slice.with_internals(&detection, 0).unwrap();
    let columns: Vec<_> = internals.internals().iter().collect();
    let (name, counts) = columns[0];
    assert_eq!(name, "lags_found");
    assert!(same(*counts.last().unwrap(), 2.0));
}

/// Theirs: rows are neighbours whatever lies between them, and an anomaly ends at the next row
/// that is there, so 10:00, 11:00 and 20:00 are one anomaly of eleven hours. Ours: neighbours
/// only within `maxGap`, and an anomaly ends with its last bucket.
#[test]
fn quirk_6_a_gap_splits_and_an_anomaly_ends_with_its_last_bucket() {
    let spiky = |stamp: Instant| {
        let hour = (stamp.millis() - at("2026-01-01T00:00:00Z").millis()) / HOUR;
        match hour {
            10 | 11 | 20 => Some(500.0),
            12..20 | 21 => None,
            _ => Some(1.0),
        }
    };
    let hours = frame("UTC", "PT1H", "2026-01-01T00:00:00Z", HOUR, 24, spiky);
    let limit = detection("type: THRESHOLD, params: { max: 100 }", "");
    let theirs = [interval("2026-01-01T10:00:00Z", "2026-01-01T22:00:00Z").to_string()];
    let ours = [
        interval("2026-01-01T10:00:00Z", "2026-01-01T12:00:00Z").to_string(),
        interval("2026-01-01T20:00:00Z", "2026-01-01T21:00:00Z").to_string(),
    ];
    assert_eq!(found(&run(&limit, &hours)), ours);
    // Across eight hours they merge, and still end where the last flagged hour ends.
    let patient = detection(
        "type: THRESHOLD, params: { max: 100 }",
        "merger: { maxGap: PT8H }",
    );
    let one = [interval("2026-01-01T10:00:00Z", "2026-01-01T21:00:00Z").to_string()];
    assert_eq!(found(&run(&patient, &hours)), one);
    assert_ne!(theirs, one);
}

/// Theirs: a threshold has no expectation, and a filter by percentage that has nothing to compare
/// with keeps everything. Ours: the expectation is the limit, so 150 over a limit of 100 is 50 %.
#[test]
fn quirk_8_a_percentage_filter_measures_from_the_limit() {
    let hours = frame("UTC", "PT1H", "2026-01-01T00:00:00Z", HOUR, 24, |stamp| {
        let is_spike = stamp == at("2026-01-01T10:00:00Z");
        Some(if is_spike { 150.0 } else { 50.0 })
    });
    let kept = |threshold: &str| {
        let filter = format!(
            "  filter: {{ name: far, type: PERCENTAGE_CHANGE_FILTER, params: {{ threshold: {threshold} }} }}\n"
        );
        run(
            &detection("type: THRESHOLD, params: { max: 100 }", &filter),
            &hours,
        )
        .anomalies()
        .len()
    };
    let theirs = [1, 1];
    let ours = [1, 0];
    assert_eq!([kept("0.5"), kept("0.6")], ours);
    assert_ne!(theirs, ours);
}

/// Theirs: parameters that nobody knows are ignored, and the name in the user interface, `change`,
/// is one of them. Ours: documented names are accepted, others are errors.
#[test]
fn quirk_13_documented_names_work_and_unknown_ones_are_errors() {
    let by = |key: &str| {
        Detection::from_yaml(&format!(
            "detectionName: d\nmetric: value\nrules:\n- detection:\n  - name: r\n    type: ABSOLUTE_CHANGE_RULE\n    params: {{ {key}: 5 }}\n"
        ))
    };
    assert_eq!(
        by("change").unwrap().rule_names().next(),
        by("absoluteChange").unwrap().rule_names().next()
    );
    assert!(
        by("absolutChange")
            .unwrap_err()
            .to_string()
            .contains("did you mean `absoluteChange`?")
    );
}

/// Theirs and ours: seven days unless `maxDuration` says otherwise; the documentation says
/// without end.
#[test]
fn quirk_14_an_anomaly_lasts_seven_days_unless_told_otherwise() {
    let days = frame(
        "UTC",
        "P1D",
        "2026-01-01T00:00:00Z",
        24 * HOUR,
        14,
        |stamp| {
            let strange = (at("2026-01-03T00:00:00Z")..at("2026-01-13T00:00:00Z")).contains(&stamp);
            Some(if strange { 500.0 } else { 1.0 })
        },
    );
    let limit = "type: THRESHOLD, params: { max: 100 }";
    let kept = [
        interval("2026-01-03T00:00:00Z", "2026-01-10T00:00:00Z").to_string(),
        interval("2026-01-10T00:00:00Z", "2026-01-13T00:00:00Z").to_string(),
    ];
    let documented = [interval("2026-01-03T00:00:00Z", "2026-01-13T00:00:00Z").to_string()];
    assert_eq!(found(&run(&detection(limit, ""), &days)), kept);
    let long = "merger: { maxDuration: P365D }";
    assert_eq!(found(&run(&detection(limit, long), &days)), documented);
}

/// Theirs: the schema knows `timeZone` and the code reads `timezone`, so that a configuration that
/// passes the one never reaches the other. Ours: either, at the detector or among its parameters.
#[test]
fn quirk_19_both_spellings_of_the_zone_are_read() {
    let nine = "2026-10-26T08:00:00Z";
    for key in ["timezone", "timeZone"] {
        let (beside, within) = (
            WEEK.replace("params", &format!("{key}: America/Los_Angeles, params")),
            WEEK.replace(
                "{ offset",
                &format!("{{ {key}: America/Los_Angeles, offset"),
            ),
        );
        for written in [beside, within] {
            assert!(
                same(expected(&detection(&written, ""), &berlin(), nine), 10.0),
                "{written}"
            );
        }
    }
}

/// Theirs: a delay does nothing unless there is a window, too; four days are judged. Ours: it is
/// waited for.
#[test]
fn quirk_19_a_delay_without_a_window_is_waited_for() {
    let days = interval("2026-01-01T00:00:00Z", "2026-01-05T00:00:00Z");
    let axis = TimeAxis::covering(Granularity::days(), Zone::UTC, days).unwrap();
    let mut builder =
        Frame::builder("data", [Metric::new("value")]).granularity(Granularity::days());
    for day in 0..axis.len() {
        builder.row(axis.start(day), &[], &[200.0]).unwrap();
    }
    let days = builder.build().unwrap();
    let judged = |delay: &str| {
        let limit = format!("type: THRESHOLD, {delay}params: {{ max: 100 }}");
        found(&run(&detection(&limit, ""), &days))
    };
    let (theirs, ours) = (
        [interval("2026-01-01T00:00:00Z", "2026-01-05T00:00:00Z").to_string()],
        [interval("2026-01-01T00:00:00Z", "2026-01-04T00:00:00Z").to_string()],
    );
    assert_eq!(judged(""), theirs);
    assert_eq!(judged("windowDelay: 0, "), theirs);
    for delay in [
        "windowDelay: 1, ",
        "windowDelay: 24, windowDelayUnit: hours, ",
        "windowDelay: 1, windowSize: 1, windowUnit: DAYS, bucketPeriod: P1M, ",
    ] {
        assert_eq!(judged(delay), ours, "{delay}");
    }
}

/// The run is over the four local days from 6 to 9 March 2026 in New York, where clocks go forward
/// on the 8th. Theirs: the offset of the start, five hours, is used for the end as well, so the
/// window ends at 05:00 UTC on the 10th and takes that day in. Ours: at local midnight.
#[test]
fn quirk_20_a_run_over_a_clock_change_ends_at_local_midnight() {
    let zone: Zone = "America/New_York".parse().unwrap();
    let march = interval("2026-03-01T05:00:00Z", "2026-03-15T04:00:00Z");
    let axis = TimeAxis::covering(Granularity::days(), zone, march).unwrap();
    let mut builder = Frame::builder("data", [Metric::new("value")])
        .zone(zone)
        .granularity(Granularity::days());
    for day in 0..axis.len() {
        builder.row(axis.start(day), &[], &[1.0]).unwrap();
    }
    let days = builder.build().unwrap();
    let limit = detection("type: THRESHOLD, params: { max: 100 }", "");
    let asked = interval("2026-03-06T05:00:00Z", "2026-03-10T04:00:00Z");
    let report = limit.run(&days, asked).unwrap();
    let rows: Vec<Interval> = report.slices()[0].rules()[0]
        .rows()
        .map(|(day, _)| day)
        .collect();
    let theirs = 5;
    assert_eq!(rows.len(), 4);
    assert_ne!(rows.len(), theirs);
    assert_eq!(
        (rows[0].start(), rows[3].end()),
        (asked.start(), asked.end())
    );
    assert_eq!(rows[2].duration().to_string(), "PT23H");
}

/// Theirs: a run that ends at 10:30 reports the hour from 10:00 to 11:00, of which it has seen
/// half. Ours: the run in which the hour ends does; over both runs the anomaly is the same.
#[test]
fn quirk_26_an_anomaly_never_passes_the_end_of_the_run() {
    let hours = frame("UTC", "PT1H", "2026-01-01T00:00:00Z", HOUR, 24, |stamp| {
        let is_spike = stamp == at("2026-01-01T10:00:00Z");
        Some(if is_spike { 150.0 } else { 50.0 })
    });
    let limit = detection("type: THRESHOLD, params: { max: 100 }", "");
    let first = limit
        .run(
            &hours,
            interval("2026-01-01T00:00:00Z", "2026-01-01T10:30:00Z"),
        )
        .unwrap();
    let second = limit
        .run_with(
            &hours,
            interval("2026-01-01T10:30:00Z", "2026-01-01T23:00:00Z"),
            first.carry(),
        )
        .unwrap();
    let spike = [interval("2026-01-01T10:00:00Z", "2026-01-01T11:00:00Z").to_string()];
    let theirs = spike.to_vec();
    assert_ne!(found(&first), theirs);
    assert_eq!(found(&first), Vec::<String>::new());
    assert_eq!(found(&second), spike);
}

/// Theirs: a difference of 0 is at least 0, so a constant series with `percentageChange: 0` is one
/// long anomaly. Ours: as expected is never anomalous.
#[test]
fn quirk_22_what_is_as_expected_is_never_anomalous() {
    let days = frame("UTC", "P1D", "2026-01-01T00:00:00Z", 24 * HOUR, 30, |_| {
        Some(7.0)
    });
    let report = run(&detection(&WEEK.replace("0.5", "0"), ""), &days);
    let rows: Vec<_> = report.slices()[0].rules()[0].rows().skip(7).collect();
    let theirs = 23;
    assert_eq!(rows.len(), theirs);
    assert!(rows.iter().all(|(_, row)| row.verdict.as_str() == "normal"));
}

/// Theirs: a threshold that is not a number keeps only changes that are not numbers. Ours, as
/// documented: it is no threshold and keeps everything, and the check of the configuration warns.
#[test]
fn quirk_36_a_filter_without_a_threshold_keeps_everything_and_warns() {
    let days = frame(
        "UTC",
        "P1D",
        "2026-01-01T00:00:00Z",
        24 * HOUR,
        15,
        |stamp| {
            Some(if stamp == at("2026-01-10T00:00:00Z") {
                11.0
            } else {
                7.0
            })
        },
    );
    let text = "
detectionName: d
metric: value
rules:
- detection: { name: r, type: PERCENTAGE_RULE, params: { percentageChange: 0.5 } }
  filter: { name: f, type: PERCENTAGE_CHANGE_FILTER, params: { threshold: NaN } }
";
    let (detection, said) =
        Detection::from_yaml_with(text, "spec.yaml", &standard_registry()).unwrap();
    let theirs = 0;
    let ours = run(&detection, &days).anomalies().len();
    assert_eq!(ours, 1);
    assert_ne!(ours, theirs);
    let said = said.to_string();
    assert!(
        said.contains("threshold is not set, so changes of any size are kept"),
        "{said}"
    );
}
