//! Requests that are allowed and odd: far lookbacks, foreign and edited states, detectors that
//! expect nothing or answer too little, dates that clocks skip.

#![cfg(all(feature = "yaml", feature = "files"))]

use tuatara::core::{
    DetectError, Detector, Direction, Evaluation, Lookback, Memo, Row, Verdict, Window,
};
use tuatara::frame::files::{self, ReadOptions};
use tuatara::frame::{Frame, Granularity, Instant, Interval, Metric, SeriesView, TimeAxis, Zone};
use tuatara::rules::ThresholdParams;
use tuatara::{Carry, Detection, Error, Rule};

fn hours(values: &[f64]) -> Frame {
    let mut builder = Frame::builder("hours", [Metric::new("value")])
        .granularity("PT1H".parse::<Granularity>().unwrap());
    for (hour, value) in (0_i64..).zip(values) {
        let at = Instant::from_millis(1_767_571_200_000 + hour * 3_600_000).unwrap();
        builder.row(at, &[], &[*value]).unwrap();
    }
    builder.build().unwrap()
}

fn spec(rules: &str) -> Detection {
    let text = format!("detectionName: odd\nmetric: value\nmerger: {{ maxGap: P3660D }}\n{rules}");
    Detection::from_yaml(&text).unwrap()
}

fn split(frame: &Frame, detection: &Detection, hour: i64) -> (Interval, Interval) {
    let all = detection.extent(frame).unwrap();
    let cut = Instant::from_millis(all.start().millis() + hour * 3_600_000).unwrap();
    let interval = |start, end| Interval::new(start, end).unwrap();
    (interval(all.start(), cut), interval(cut, all.end()))
}

#[test]
fn a_lookback_beyond_the_calendar_is_a_verdict_and_costs_nothing() {
    let frame = hours(&[1.0, 2.0, 30.0, 4.0]);
    for offset in ["wo100000w", "yo5000y", "mo100000m", "median1000d"] {
        let detection = spec(&format!(
            "rules:
- detection:
  - {{ name: far, type: PERCENTAGE_RULE, params: {{ offset: {offset}, percentageChange: 0.1 }} }}
- detection:
  - {{ name: limit, type: THRESHOLD, params: {{ max: 10 }} }}
"
        ));
        let report = detection
            .run(&frame, detection.extent(&frame).unwrap())
            .unwrap();
        let far = &report.slices()[0].rules()[0];
        let warming_up = |row: Row| matches!(row.verdict, Verdict::WarmingUp { .. });
        assert!(far.rows().all(|(_, row)| warming_up(row)), "{offset}");
        assert_eq!(
            report.anomalies().len(),
            1,
            "{offset}: the limit still works"
        );
    }
}

/// Flags what is above 10, and expects nothing.
#[derive(Debug)]
struct Above {
    /// Rows that are left out at the end.
    short_by: usize,
}

impl Detector for Above {
    fn lookback(&self, _: &TimeAxis) -> Result<Lookback, DetectError> {
        Ok(Lookback::NONE)
    }

    fn evaluate(
        &self,
        series: SeriesView<'_>,
        window: Window,
        _: &mut Memo,
        out: &mut Evaluation,
    ) -> Result<(), DetectError> {
        let rows = window.len().saturating_sub(self.short_by);
        let mut columns = out.columns(rows);
        for (row, i) in window.range().take(rows).enumerate() {
            let observed = series.values()[i];
            let above = observed > 10.0;
            let verdict = match above {
                true => Verdict::Anomalous(Direction::Neither),
                false => Verdict::Normal,
            };
            let score = if above { 2.0 } else { 0.0 };
            let unjudged = Row::unjudged(observed, verdict);
            columns.set(row, Row { score, ..unjudged });
        }
        Ok(())
    }
}

fn above(short_by: usize) -> Detection {
    Detection::builder("odd", "value")
        .rule(Rule::new("above:OWN", Box::new(Above { short_by })))
        .build()
        .unwrap()
}

#[test]
fn what_is_observed_is_summed_where_nothing_is_expected() {
    let (frame, detection) = (hours(&[1.0, 30.0, 40.0, 2.0, 50.0, 1.0]), above(0));
    let report = detection
        .run(&frame, detection.extent(&frame).unwrap())
        .unwrap();
    let anomaly = &report.anomalies()[0];
    // The default gap is two hours: the calm hour in between belongs to it.
    assert_eq!(anomaly.observed.to_string(), "122");
    assert!(anomaly.expected.is_nan());
}

#[test]
fn a_detector_that_answers_too_little_is_named() {
    let (frame, detection) = (hours(&[1.0, 30.0, 40.0, 2.0]), above(1));
    let refused = detection
        .run(&frame, detection.extent(&frame).unwrap())
        .unwrap_err();
    assert_eq!(
        refused.to_string(),
        "rule above:OWN: 3 rows came back for a window of 4 buckets; fill one row per bucket, \
         as the contract of the trait says"
    );
}

#[test]
fn a_state_goes_on_only_by_the_same_buckets_zone_and_aggregation() {
    let detection = above(0);
    let frame = hours(&[1.0, 30.0, 40.0, 2.0]);
    let (first, then) = split(&frame, &detection, 2);
    let report = detection.run(&frame, first).unwrap();
    let text: String = std::iter::once("timestamp,value\n".to_owned())
        .chain((0..4).map(|hour| format!("2026-01-05T0{hour}:00:00Z,30\n")))
        .collect();
    let zoned = ReadOptions::new().zone("Asia/Kathmandu".parse::<Zone>().unwrap());
    let elsewhere = files::read(text.as_bytes(), "hours.csv", &zoned).unwrap();
    let refused = detection
        .run_with(&elsewhere, then, report.carry())
        .unwrap_err();
    assert!(matches!(refused, Error::OtherClock { .. }), "{refused}");
    assert_eq!(
        refused.to_string(),
        "the state was made on PT1H in UTC, SUM, this run would go on by PT1H in \
         Asia/Kathmandu, SUM; read the data with the granularity, zone and aggregation of \
         before, or start anew"
    );
}

#[test]
fn a_state_that_was_edited_is_refused() {
    let (frame, detection) = (hours(&[1.0, 30.0, 40.0, 2.0]), above(0));
    let (first, then) = split(&frame, &detection, 2);
    let report = detection.run(&frame, first).unwrap();
    let text = serde_json::to_string(report.carry()).unwrap();
    let ends = "\"end\":\"2026-01-05T02:00:00Z\"";
    assert!(text.contains(ends), "{text}");
    let edited = text.replace(ends, "\"end\":\"2026-01-07T02:00:00Z\"");
    let edited: Carry = serde_json::from_str(&edited).unwrap();
    let refused = detection.run_with(&frame, then, &edited).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the state is broken: what is open on value by above:OWN does not end by \
         2026-01-05T02:00:00Z; restore it, or start anew without it"
    );
}

#[test]
fn a_date_that_clocks_skip_is_judged_by_one_of_two_adjoining_runs() {
    // Apia went from 29 to 31 December 2011.
    let text = "date,value\n2011-12-27,1\n2011-12-28,1\n2011-12-29,1\n2011-12-31,1\n2012-01-01,1\n";
    let apia = ReadOptions::new().zone("Pacific/Apia".parse::<Zone>().unwrap());
    let frame = files::read(text.as_bytes(), "apia.csv", &apia).unwrap();
    let limit = ThresholdParams {
        max: Some(5.0),
        min: None,
    };
    let detection = Detection::builder("odd", "value")
        .rule(Rule::from_params("limit", limit).unwrap())
        .build()
        .unwrap();
    let all = detection.extent(&frame).unwrap();
    let rows = |start, end| {
        let report = detection
            .run(&frame, Interval::new(start, end).unwrap())
            .unwrap();
        let rows = report.slices()[0].rules()[0].rows();
        rows.map(|(bucket, row)| (bucket.start().to_string(), row.verdict))
            .collect::<Vec<_>>()
    };
    let skipped: Instant = "2011-12-30T10:00:00Z".parse().unwrap();
    let whole = rows(all.start(), all.end());
    assert_eq!(whole.len(), 6);
    let parts = [rows(all.start(), skipped), rows(skipped, all.end())];
    assert_eq!(parts.each_ref().map(Vec::len), [4, 2]);
    assert_eq!(parts.concat(), whole);
}
