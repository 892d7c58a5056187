//! What is said of one instant, to the letter: fired, filtered, quiet, missing, warming up, and
//! without a baseline.

#![cfg(feature = "yaml")]

mod world;

use tuatara::frame::{Frame, Granularity, Instant, Metric};
use tuatara::{Detection, Explanation, Report};
use world::World;

/// Monday 5 January 2026.
const START: i64 = 1_767_571_200_000;
const DAY: i64 = 86_400_000;

const SPEC: &str = "
detectionName: orders
metric: orders
rules:
  - detection:
      - name: usual
        type: PERCENTAGE_RULE
        params: { offset: mean3w, percentageChange: 0.3, minLags: 2 }
    filter:
      - { name: lasting, type: DURATION_FILTER, params: { minDuration: P2D } }
merger: { maxGap: PT0S }
";

fn day(number: i64) -> Instant {
    Instant::from_millis(START + number * DAY).unwrap()
}

/// Five weeks that count their weekdays from 100 on Mondays to 106 on Sundays, but for these.
fn orders(strange: &[(usize, f64)]) -> Frame {
    let mut builder =
        Frame::builder("shop", [Metric::new("orders")]).granularity(Granularity::days());
    for number in 0..35 {
        let usual = 100.0 + (number % 7) as f64;
        let known = strange.iter().find(|(day, _)| *day == number);
        let value = known.map_or(usual, |(_, value)| *value);
        builder.row(day(number as i64), &[], &[value]).unwrap();
    }
    builder.build().unwrap()
}

/// A drop of two days in the fifth week, a spike of one, and three days without a value.
const STRANGE: [(usize, f64); 6] = [
    (6, f64::NAN),
    (13, f64::NAN),
    (28, 50.0),
    (29, 60.6),
    (31, 206.0),
    (32, f64::NAN),
];

fn explain(spec: &str, strange: &[(usize, f64)], number: i64) -> Explanation {
    let detection = Detection::from_yaml(spec).unwrap();
    let frame = orders(strange);
    let report: Report = detection
        .run(&frame, detection.extent(&frame).unwrap())
        .unwrap();
    let slice = report.slices()[0].key().clone();
    let mut said = report.explain(&slice, day(number)).unwrap();
    assert_eq!(said.len(), 1);
    said.remove(0)
}

fn said(number: i64) -> String {
    explain(SPEC, &STRANGE, number).to_string()
}

#[test]
fn an_instant_that_fired() {
    assert_eq!(
        said(29),
        "\
orders at 2026-02-03T00:00:00Z by usual:PERCENTAGE_RULE
  It fired: 60.6 is 40.0 % below the expected 101, the band starts at 70.7.
  observed 60.6, expected 101, band [70.7, 131.3], score 1.33333, verdict anomaly_down
  - 1w earlier (2026-01-27T00:00:00Z): 101
  - 2w earlier (2026-01-20T00:00:00Z): 101
  - 3w earlier (2026-01-13T00:00:00Z): 101
  - mean of 3 of 3 earlier values (at least 2 needed)
  - percentageChange 0.3 gives a band of ±30.3
  anomaly a9a0f6d9b7aea6b7c97675b87f34467d from 2026-02-02T00:00:00Z to 2026-02-04T00:00:00Z, reported as of this bucket
  - reportable since 2026-02-04T00:00:00Z
  - kept by lasting:DURATION_FILTER: it lasted P2D, at least P2D is asked
"
    );
}

#[test]
fn an_instant_that_a_filter_removed() {
    assert_eq!(
        said(31),
        "\
orders at 2026-02-05T00:00:00Z by usual:PERCENTAGE_RULE
  Anomalous, but not reported: lasting:DURATION_FILTER says that it lasted P1D, at least P2D is asked.
  observed 206, expected 103, band [72.1, 133.9], score 3.33333, verdict anomaly_up
  - 1w earlier (2026-01-29T00:00:00Z): 103
  - 2w earlier (2026-01-22T00:00:00Z): 103
  - 3w earlier (2026-01-15T00:00:00Z): 103
  - mean of 3 of 3 earlier values (at least 2 needed)
  - percentageChange 0.3 gives a band of ±30.9
  anomaly 85b8f3ef01aea6b771c89804a50ceeaa from 2026-02-05T00:00:00Z to 2026-02-06T00:00:00Z, not reported as of this bucket
  - removed by lasting:DURATION_FILTER: it lasted P1D, at least P2D is asked
"
    );
}

#[test]
fn a_quiet_instant() {
    assert_eq!(
        said(30),
        "\
orders at 2026-02-04T00:00:00Z by usual:PERCENTAGE_RULE
  Quiet: 102 is as expected, within [71.4, 132.6].
  observed 102, expected 102, band [71.4, 132.6], score 0, verdict normal
  - 1w earlier (2026-01-28T00:00:00Z): 102
  - 2w earlier (2026-01-21T00:00:00Z): 102
  - 3w earlier (2026-01-14T00:00:00Z): 102
  - mean of 3 of 3 earlier values (at least 2 needed)
  - percentageChange 0.3 gives a band of ±30.6
"
    );
}

#[test]
fn an_instant_without_a_value() {
    assert_eq!(
        said(32),
        "\
orders at 2026-02-06T00:00:00Z by usual:PERCENTAGE_RULE
  Not judged: nothing was observed in this bucket.
  observed nothing, expected 104, band [72.8, 135.2], no score, verdict missing
  - 1w earlier (2026-01-30T00:00:00Z): 104
  - 2w earlier (2026-01-23T00:00:00Z): 104
  - 3w earlier (2026-01-16T00:00:00Z): 104
  - mean of 3 of 3 earlier values (at least 2 needed)
  - percentageChange 0.3 gives a band of ±31.2
"
    );
}

#[test]
fn an_instant_while_warming_up() {
    assert_eq!(
        said(10),
        "\
orders at 2026-01-15T00:00:00Z by usual:PERCENTAGE_RULE
  Not judged: warming up, 10 of the 14 buckets of history needed are there.
  verdict warming_up (10 of 14)
  - 1w earlier (2026-01-08T00:00:00Z): 103
  - 2w earlier (2026-01-01T00:00:00Z): missing
  - 3w earlier (2025-12-25T00:00:00Z): missing
  - mean of 1 of 3 earlier values (at least 2 needed)
"
    );
}

/// Both Sundays before it have no value, though the history is long enough.
#[test]
fn an_instant_without_a_baseline() {
    assert_eq!(
        said(20),
        "\
orders at 2026-01-25T00:00:00Z by usual:PERCENTAGE_RULE
  Not judged: 106 was observed, but what it is compared with is missing.
  verdict no_baseline
  - 1w earlier (2026-01-18T00:00:00Z): missing
  - 2w earlier (2026-01-11T00:00:00Z): missing
  - 3w earlier (2026-01-04T00:00:00Z): missing
  - mean of 0 of 3 earlier values (at least 2 needed)
"
    );
}

#[test]
fn a_reported_anomaly_that_waits_for_more_is_told_in_a_quiet_bucket() {
    let patient = SPEC.replace("PT0S", "P1D");
    let text = explain(&patient, &STRANGE, 30).to_string();
    assert_eq!(
        text.lines().skip(8).collect::<Vec<_>>(),
        [
            "  anomaly a9a0f6d9b7aea6b7c97675b87f34467d from 2026-02-02T00:00:00Z to \
             2026-02-04T00:00:00Z, reported as of this bucket",
            "  - reportable since 2026-02-04T00:00:00Z",
            "  - kept by lasting:DURATION_FILTER: it lasted P2D, at least P2D is asked",
        ]
    );
}

/// (131 + 101 + 101) / 3 = 111, and 0.3 · 111 = 33.3.
#[test]
fn another_value_a_week_earlier_makes_another_sentence() {
    let before = explain(SPEC, &STRANGE, 29);
    let mut strange = STRANGE.to_vec();
    strange.push((22, 131.0));
    let after = explain(SPEC, &strange, 29);
    assert_eq!(
        [before.headline(), after.headline()],
        [
            "It fired: 60.6 is 40.0 % below the expected 101, the band starts at 70.7.",
            "It fired: 60.6 is 45.4 % below the expected 111, the band starts at 77.7.",
        ]
    );
    let (before, after) = (before.to_string(), after.to_string());
    let lines: Vec<&str> = before
        .lines()
        .zip(after.lines())
        .filter(|(before, after)| before != after)
        .map(|(_, after)| after.trim_start())
        .collect();
    assert_eq!(
        lines,
        [
            "It fired: 60.6 is 45.4 % below the expected 111, the band starts at 77.7.",
            "observed 60.6, expected 111, band [77.7, 144.3], score 1.51351, verdict anomaly_down",
            "- 1w earlier (2026-01-27T00:00:00Z): 131",
            "- percentageChange 0.3 gives a band of ±33.3",
        ]
    );
}

/// The whole anomaly is compared with the weeks before: (50 + 60.6) is 110.6, and of 201 that is
/// 45.0 % less; with 131 in place of 101 a week earlier the mean is (231 + 201 + 201) / 3 = 211.
#[test]
fn a_filter_speaks_of_its_own_lags() {
    let far = SPEC.replace(
        "{ name: lasting, type: DURATION_FILTER, params: { minDuration: P2D } }",
        "{ name: far, type: PERCENTAGE_CHANGE_FILTER, params: { offset: mean3w, threshold: 0.46 } }",
    );
    let last_line = |strange: &[(usize, f64)]| {
        let text = explain(&far, strange, 29).to_string();
        text.lines().last().unwrap().trim_start().to_owned()
    };
    assert_eq!(
        last_line(&STRANGE),
        "- removed by far:PERCENTAGE_CHANGE_FILTER: 110.6 is -45.0 % from mean3w (3 of 3 lags \
         found), 201, at least 46 % is asked"
    );
    let mut strange = STRANGE.to_vec();
    strange.push((22, 131.0));
    assert_eq!(
        last_line(&strange),
        "- kept by far:PERCENTAGE_CHANGE_FILTER: 110.6 is -47.6 % from mean3w (3 of 3 lags \
         found), 211, at least 46 % is asked"
    );
}

#[test]
fn every_bucket_is_explained_with_the_row_that_was_judged() {
    let (mut explained, mut silent) = (0, 0);
    for world in [World::daily(5), World::hourly(5), World::five_minutes(5)] {
        let extent = world.extent();
        let report = world.run(extent.start(), extent.end(), None);
        let slice = &report.slices()[0];
        for rule in slice.rules() {
            for (bucket, row) in rule.rows() {
                let said = report.explain(slice.key(), bucket.start()).unwrap();
                silent += usize::from(said.len() < slice.rules().len());
                let said = said.iter().find(|said| said.rule == rule.name()).unwrap();
                assert_eq!(said.bucket, bucket);
                assert_eq!(format!("{:?}", said.row), format!("{row:?}"), "{said}");
                let verdict = format!("verdict {}", row.verdict);
                assert!(said.to_string().contains(&verdict), "{said}");
                explained += 1;
            }
        }
    }
    // The last hours belong to a day that is not over: its rule is silent, the others are not.
    assert!(explained > 3000 && silent > 0, "{explained} {silent}");
}

/// Above 103 is flagged: Friday to Sunday of each week, with scores that rise.
#[test]
fn a_bucket_that_is_flagged_and_thinned_says_why() {
    let spec = |thinning: &str| {
        format!(
            "
detectionName: orders
metric: orders
rules:
  - detection: {{ name: limit, type: THRESHOLD, params: {{ max: 103 }} }}
    thinning: {thinning}
merger: {{ maxGap: PT0S }}
"
        )
    };
    let headline = |thinning: &str, day| explain(&spec(thinning), &[], day).headline();
    assert_eq!(
        headline("{ k: 2, n: 3 }", 4),
        "Flagged, but thinned: 1 of the last 3 buckets, 2 are asked."
    );
    assert_eq!(
        headline("{ k: 2, n: 3 }", 5),
        "It fired: 105 is 1.9 % above the limit 103."
    );
    assert_eq!(
        headline("{ quiet: P5D }", 11),
        "Flagged, but thinned: another P4D before it, P5D without one are asked."
    );
    assert_eq!(
        headline("{ enter: 1.02, leave: 0.5 }", 5),
        "Flagged, but thinned: its score is 1.01942, above 1.02 is asked to open."
    );
    // Monday is normal again, and above 0.5.
    assert_eq!(
        headline("{ leave: 0.5 }", 7),
        "Within its band, and still part of the anomaly: 100 was observed, within (−∞, 103]."
    );
    let whole = explain(&spec("{ k: 2, n: 3 }"), &[], 4).to_string();
    assert!(whole.contains("verdict anomaly_up"), "{whole}");
}
