//! The index path, the calendar path and a naive oracle on another calendar agree, bit for bit, in
//! eight zones across their clock changes.

#![allow(clippy::float_cmp, reason = "the numbers are exact by construction")]

use tuatara_baseline::Baseline;
use tuatara_core::{Detail, Forecast, Forecaster, Memo, Window};
use tuatara_frame::{
    Duration, Granularity, Instant, Interval, Mask, Series, SeriesView, TimeAxis, Weekday, Zone,
};
use tuatara_testkit::{Draw, Scenario, Shape, naive};

const ZONES: [&str; 8] = [
    "UTC",
    "America/Los_Angeles",
    "Europe/London",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/Santiago",
    "Asia/Kathmandu",
    "America/St_Johns",
];

/// A series with gaps, around a clock change of the zone.
fn scenario(seed: u64, granularity: Granularity, zone: &str, len: usize) -> Scenario {
    let zone: Zone = zone.parse().unwrap();
    let mut seeds = Draw::new(seed);
    // A series that begins at a skipped date has no instant to read that date from.
    loop {
        let scenario =
            Scenario::new(seeds.seed(), granularity, zone, Shape::Gaps, len).with_mask(Mask::new());
        if !scenario.axis().bucket(0).is_empty() {
            return scenario;
        }
    }
}

fn expected(baseline: &Baseline, series: SeriesView<'_>, detail: Detail) -> Vec<f64> {
    let mut out = Forecast::new(detail);
    let window = Window::whole(series.axis());
    baseline
        .forecast(series, window, &mut Memo::default(), &mut out)
        .unwrap();
    out.expected().to_vec()
}

/// How many expectations there are, of those of the whole axis.
fn assert_three_paths_agree_on(scenario: &Scenario, offset: &str, min_lags: usize) -> usize {
    let (series, axis) = (scenario.series(), scenario.axis());
    let baseline = Baseline::new(offset.parse().unwrap())
        .with_min_lags(min_lags)
        .unwrap();
    let by_index = expected(&baseline, series.view(), Detail::Columns);
    let counted = expected(&baseline, series.view(), Detail::Internals);
    // A trace looks every lag up by the calendar.
    let by_calendar = expected(&baseline, series.view(), Detail::Trace);
    let mut numbers = 0;
    for i in 0..axis.len() {
        let oracle = naive::expected(series.view(), i, offset, min_lags);
        numbers += usize::from(!oracle.is_nan());
        for (path, value) in [
            ("index", by_index[i]),
            ("index with counts", counted[i]),
            ("calendar", by_calendar[i]),
        ] {
            assert!(
                value.to_bits() == oracle.to_bits() || (value.is_nan() && oracle.is_nan()),
                "{offset} by {path} at {i} ({}): {value}, the oracle says {oracle}\n  \
                 {scenario}",
                axis.start(i)
            );
        }
    }
    numbers
}

fn assert_three_paths_agree(granularity: Granularity, len: usize, offsets: &[(&str, usize)]) {
    for (seed, zone) in (1..).zip(ZONES) {
        let scenario = scenario(seed, granularity, zone, len);
        for &(offset, min_lags) in offsets {
            let numbers = assert_three_paths_agree_on(&scenario, offset, min_lags);
            assert!(numbers > 0, "{offset}: nothing to compare in {scenario}");
        }
    }
}

#[test]
fn hourly_lags_agree() {
    let hour = Granularity::fixed(Duration::hours(1)).unwrap();
    let offsets = [
        ("do1d", 1),
        ("ho25h", 1),
        ("mean3d", 1),
        ("median4d", 2),
        ("wo1w", 1),
    ];
    assert_three_paths_agree(hour, 260, &offsets);
    let off_grid = hour.with_phase(Duration::minutes(4)).unwrap();
    assert_three_paths_agree(off_grid, 100, &[("do1d", 1), ("max3d", 3), ("min7h", 2)]);
}

#[test]
fn quarter_hours_agree() {
    let quarter = Granularity::fixed(Duration::minutes(15)).unwrap();
    assert_three_paths_agree(quarter, 250, &[("do1d", 1), ("mean2d", 2), ("median5h", 1)]);
}

#[test]
fn daily_lags_agree() {
    let offsets = [
        ("do1d", 1),
        ("median4w", 1),
        ("mo1m", 1),
        ("mean3m", 2),
        ("ho30h", 1),
    ];
    assert_three_paths_agree(Granularity::days(), 110, &offsets);
    assert_three_paths_agree(Granularity::days(), 400, &[("yo1y", 1)]);
}

#[test]
fn weekly_and_monthly_lags_agree() {
    let weekly = [
        ("wo1w", 1),
        ("median4w", 3),
        ("mo1m", 1),
        ("max2m", 1),
        ("do10d", 1),
    ];
    assert_three_paths_agree(Granularity::weeks(Weekday::Mon), 40, &weekly);
    assert_three_paths_agree(Granularity::weeks(Weekday::Sun), 40, &weekly);
    let monthly = [("mo1m", 1), ("yo1y", 1), ("median4m", 1), ("wo5w", 1)];
    assert_three_paths_agree(Granularity::months(1).unwrap(), 40, &monthly);
}

#[test]
fn interpolated_lags_agree() {
    let hour = Granularity::fixed(Duration::hours(1)).unwrap();
    let week = Granularity::weeks(Weekday::Mon);
    let cases = [
        (hour, 200, [("do1d", 1), ("median4d", 2)]),
        (Granularity::days(), 90, [("wo1w", 1), ("median4w", 4)]),
        (Granularity::days(), 90, [("mo1m", 1), ("mean3d", 2)]),
        (week, 40, [("wo1w", 1), ("mean4w", 1)]),
    ];
    let (mut filled, mut moved) = (0, 0);
    for (granularity, len, offsets) in cases {
        for (seed, zone) in (100..).zip(ZONES) {
            let scenario = (seed..)
                .map(|seed| scenario(seed, granularity, zone, len))
                .find(|scenario| !scenario.fills().is_empty())
                .unwrap();
            let without = scenario.clone().with_fills(Vec::new());
            for (offset, min_lags) in offsets {
                let with = assert_three_paths_agree_on(&scenario, offset, min_lags);
                let fewer = assert_three_paths_agree_on(&without, offset, min_lags);
                assert!(with >= fewer, "{offset}: fewer with fills in {scenario}");
                moved += usize::from(with > fewer);
            }
            filled += scenario.fills().len();
        }
    }
    assert!(filled > 100 && moved > 20, "{filled} gaps, {moved} cases");
}

/// Up to four spans of up to a tenth of the axis, known before, within or after themselves.
fn masked(plain: Scenario, draw: &mut Draw) -> Scenario {
    let axis = plain.axis().clone();
    let mut mask = Mask::new();
    for _ in 0..draw.between(1..5) {
        let first = draw.between(0..axis.len());
        let last = (first + draw.between(0..axis.len() / 10)).min(axis.len() - 1);
        let span = Interval::new(axis.start(first), axis.end(last)).unwrap();
        mask.push(span, axis.start(draw.between(0..axis.len())));
    }
    plain.with_mask(mask)
}

#[test]
fn masked_lags_agree() {
    let hour = Granularity::fixed(Duration::hours(1)).unwrap();
    let cases = [
        (hour, 240, [("do1d", 1), ("median3d", 2), ("ho5h", 1)]),
        (
            Granularity::days(),
            120,
            [("wo1w", 1), ("median4w", 3), ("mean3d", 1)],
        ),
        (
            Granularity::days(),
            200,
            [("mo1m", 1), ("mean2m", 2), ("do7d", 1)],
        ),
        (
            Granularity::weeks(Weekday::Mon),
            40,
            [("wo2w", 1), ("max3w", 1), ("mo1m", 1)],
        ),
    ];
    let mut draw = Draw::new(20_261_127);
    let mut moved = 0;
    for (granularity, len, offsets) in cases {
        for (seed, zone) in (200..).zip(ZONES) {
            let plain = scenario(seed, granularity, zone, len);
            let masked = masked(plain.clone(), &mut draw);
            for (offset, min_lags) in offsets {
                let with = assert_three_paths_agree_on(&masked, offset, min_lags);
                let without = assert_three_paths_agree_on(&plain, offset, min_lags);
                moved += with.abs_diff(without);
            }
        }
    }
    assert!(moved > 100, "{moved} expectations come or go");
}

#[test]
fn an_aggregate_finds_as_many_lags_as_it_has_where_they_are_left_out() {
    // 1, 2, 3, …, one for each week; weeks 9 and 7 are left out.
    let weeks = Granularity::weeks(Weekday::Mon);
    let at = |text: &str| text.parse::<Instant>().unwrap();
    let span = Interval::new(at("2026-01-05T00:00:00Z"), at("2026-03-30T00:00:00Z")).unwrap();
    let axis = TimeAxis::covering(weeks, Zone::UTC, span).unwrap();
    let values: Vec<f64> = (1..=axis.len()).map(|week| week as f64).collect();
    let mut mask = Mask::new();
    for week in [9, 7] {
        mask.push_event(
            axis.bucket(week - 1),
            at("2026-01-01T00:00:00Z"),
            "fair".into(),
        );
    }
    let series = Series::new(axis, values).unwrap().with_mask(mask);
    let said = |offset: &str, week: usize| {
        let window = Window::new(series.axis(), week - 1, week).unwrap();
        let mut out = Forecast::new(Detail::Trace);
        Baseline::new(offset.parse().unwrap())
            .forecast(series.view(), window, &mut Memo::default(), &mut out)
            .unwrap();
        let facts: Vec<String> = out.facts()[0].iter().map(ToString::to_string).collect();
        (out.expected()[0], facts)
    };
    let (expected, facts) = said("mean4w", 10);
    assert_eq!(expected, (8.0 + 6.0 + 5.0 + 4.0) / 4.0);
    assert_eq!(
        facts,
        [
            "1w earlier (2026-03-02T00:00:00Z): left out, in the event \"fair\"",
            "2w earlier (2026-02-23T00:00:00Z): 8",
            "3w earlier (2026-02-16T00:00:00Z): left out, in the event \"fair\"",
            "4w earlier (2026-02-09T00:00:00Z): 6",
            "5w earlier (2026-02-02T00:00:00Z), in place of a lag that is left out: 5",
            "6w earlier (2026-01-26T00:00:00Z), in place of a lag that is left out: 4",
            "mean of 4 of 4 earlier values (at least 1 needed)",
        ]
    );
    let (expected, _) = said("wo2w", 11);
    assert_eq!(
        expected, 5.0,
        "weeks 9 and 7 are left out, 6 weeks earlier is none"
    );
    let (expected, _) = said("wo1w", 9);
    assert_eq!(
        expected, 8.0,
        "a week that is left out is judged all the same"
    );
}

#[test]
fn a_skipped_label_has_no_baseline_and_a_doubled_one_the_occurrence_with_the_same_offset() {
    let hours = |from: &str, to: &str| {
        let at = |text: &str| text.parse::<Instant>().unwrap();
        let span = Interval::new(at(from), at(to)).unwrap();
        let hour = Granularity::fixed(Duration::hours(1)).unwrap();
        let zone: Zone = "Europe/London".parse().unwrap();
        TimeAxis::covering(hour, zone, span).unwrap()
    };
    // 01:00 on 29 March 2020 does not exist; 30 March has one, at 00:00 UTC.
    let spring = hours("2020-03-28T00:00:00Z", "2020-03-31T00:00:00Z");
    assert_eq!(naive::lagged(&spring, 48, 1, 'd'), naive::Lagged::Skipped);
    assert_eq!(naive::lagged(&spring, 24, 1, 'w'), naive::Lagged::Before);
    // 01:00 on 25 October comes at 00:00 and, again, at 01:00 UTC. On the 26th it is 01:00 UTC,
    // with the offset of the second.
    let autumn = hours("2020-10-25T00:00:00Z", "2020-10-27T00:00:00Z");
    assert_eq!(naive::lagged(&autumn, 25, 1, 'd'), naive::Lagged::Bucket(1));
}
