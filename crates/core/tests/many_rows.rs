//! Rows worked out many at a time say what each says alone.

use tuatara_core::{
    Detector, Evaluation, Forecast, Forecaster, Judge, Judged, LANES, Lookback, Memo, Pattern,
    Readiness, Result, Row, Verdict, Window,
};
use tuatara_frame::{
    Granularity, Instant, Interval, Series, SeriesView, TimeAxis, ValueRange, Zone,
};

/// Numbers at which rounding, overflow and underflow show, and one that is missing.
const NUMBERS: [f64; 20] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.1,
    0.2,
    0.3,
    100.0,
    100.000_000_01,
    100.000_000_000_000_01,
    90.0,
    110.0,
    1e-9,
    1e300,
    f64::MAX,
    f64::MIN,
    f64::MIN_POSITIVE,
    5e-324,
    -1e-310,
    f64::NAN,
];

/// Expects what it was given, and has a measure of spread or not.
#[derive(Debug)]
struct Given {
    expected: Vec<f64>,
    width: Option<Vec<f64>>,
}

impl Forecaster for Given {
    fn lookback(&self, _: &TimeAxis) -> Result<Lookback> {
        Ok(Lookback::NONE)
    }

    fn forecast(
        &self,
        _: SeriesView<'_>,
        window: Window,
        _: &mut Memo,
        out: &mut Forecast,
    ) -> Result<()> {
        let columns = match &self.width {
            Some(_) => out.columns(window.len()),
            None => out.columns_without_width(window.len()),
        };
        columns
            .expected
            .copy_from_slice(&self.expected[window.range()]);
        if let Some(width) = &self.width {
            columns.width.copy_from_slice(&width[window.range()]);
        }
        for (row, i) in window.range().enumerate().filter(|(_, i)| i % 3 == 0) {
            columns.unready.set(row, warming_up(i));
        }
        Ok(())
    }
}

fn warming_up(i: usize) -> Readiness {
    let have = u32::try_from(i).expect("few buckets");
    Readiness::WarmingUp { have, need: 9 }
}

/// Days from 1970-01-01 on; the last two are still filling.
fn series(values: Vec<f64>) -> Series {
    let day = |n: usize| Instant::from_millis(n as i64 * 86_400_000).expect("in the calendar");
    let span = Interval::new(day(0), day(values.len())).expect("in order");
    let axis = TimeAxis::covering(Granularity::days(), Zone::UTC, span).expect("a grid");
    let complete = day(values.len() - 2);
    Series::new(axis, values)
        .expect("one value per day")
        .with_complete_until(complete)
}

/// The row of bucket `i` as the documentation has it, on its own.
fn alone(judge: &Judge, given: &Given, series: SeriesView<'_>, i: usize) -> Row {
    let (y, e) = (series.values()[i], given.expected[i]);
    let unit = given.width.as_ref().map_or(0.0, |width| width[i]);
    let why = if i >= series.complete_len() {
        Some(Verdict::Incomplete)
    } else if y.is_nan() {
        Some(Verdict::Missing)
    } else if series.range().is_some_and(|range| !range.contains(y)) {
        Some(Verdict::OutOfRange)
    } else if !e.is_nan() {
        None
    } else if let (0, Readiness::WarmingUp { have, need }) = (i % 3, warming_up(i)) {
        Some(Verdict::WarmingUp { have, need })
    } else {
        Some(Verdict::NoBaseline)
    };
    let judged = judge.row(y, e, unit);
    match why {
        // The band stands where there is an expectation, whether a value is judged or not.
        Some(verdict) => Row {
            lower: if e.is_nan() { f64::NAN } else { judged.lower },
            upper: if e.is_nan() { f64::NAN } else { judged.upper },
            score: f64::NAN,
            verdict,
            ..judged
        },
        None => judged,
    }
}

fn bits(row: Row) -> [u64; 5] {
    // There are many NaN, and one meaning.
    [row.observed, row.expected, row.lower, row.upper, row.score].map(|number| {
        if number.is_nan() {
            f64::NAN.to_bits()
        } else {
            number.to_bits()
        }
    })
}

#[test]
fn every_value_next_to_every_expectation_is_judged_as_if_alone() {
    let pairs = NUMBERS
        .iter()
        .flat_map(|&y| NUMBERS.map(|e| (y, e)))
        .enumerate();
    // One of them at a time among rows that are normal; a few of those are left over at the end.
    let lanes = pairs.flat_map(|(i, pair)| {
        let mut lanes = [(100.0, 100.0); LANES];
        lanes[i % LANES] = pair;
        lanes
    });
    let (observed, expected): (Vec<f64>, Vec<f64>) = lanes.chain([(100.0, 100.0); 3]).unzip();
    let (whole, rows) = (series(observed), expected.len());
    let range = ValueRange::new(-1.0, 105.0).expect("in order");
    let reaches = [
        None,
        Some(0.0),
        Some(0.1),
        Some(1.0),
        Some(1e-12),
        Some(1e308),
    ];
    for series in [whole.clone(), whole.with_range(range)] {
        for width in [None, Some(0.0), Some(0.1), Some(1e300)] {
            let given = Given {
                expected: expected.clone(),
                width: width.map(|width| vec![width; rows]),
            };
            for pattern in [Pattern::Up, Pattern::Down, Pattern::UpOrDown] {
                for (i, reach) in reaches.into_iter().enumerate() {
                    let judge = Judge::new(pattern);
                    let judge = match (reach, i % 2) {
                        (None, _) => judge,
                        (Some(reach), 0) => judge.with_min_rel(reach).unwrap(),
                        (Some(reach), _) => judge.with_min_abs(reach).unwrap(),
                    };
                    check(judge.with_factor(2.0).unwrap(), &given, &series);
                    check(judge, &given, &series);
                }
            }
        }
    }
}

fn check(judge: Judge, given: &Given, series: &Series) {
    let given = Given {
        expected: given.expected.clone(),
        width: given.width.clone(),
    };
    let detector = Judged::new(given, judge);
    let (mut memo, mut out) = (Memo::default(), Evaluation::default());
    let window = Window::whole(series.axis());
    detector
        .evaluate(series.view(), window, &mut memo, &mut out)
        .unwrap();
    for (i, row) in out.rows().enumerate() {
        let alone = alone(&judge, detector.forecaster(), series.view(), i);
        assert_eq!(
            bits(row),
            bits(alone),
            "row {i}: {row:?} {alone:?} {judge:?}"
        );
        assert_eq!(row.verdict, alone.verdict, "row {i}: {row:?} {judge:?}");
    }
}

#[test]
fn a_width_of_an_earlier_call_is_gone_where_there_is_none() {
    let mut forecast = Forecast::default();
    forecast.columns(3).width.fill(7.0);
    assert!(forecast.columns_without_width(5).width.is_empty());
    assert_eq!(forecast.width(), [0.0; 5]);
}
