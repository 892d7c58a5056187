//! What stands in depends neither on the axis nor on what comes later, and is what the definition
//! says.

use proptest::prelude::*;
use tuatara_frame::{
    Frame, Instant, Interval, Metric, Missing, SliceKey, SliceRequest, Source, TimeAxis,
    ValueRange, regularise_metric,
};

use crate::{NAN, all_history, axis, text};

/// Grids of 30 buckets: over a doubled hour, over a skipped date, and of months.
fn grids() -> [TimeAxis; 3] {
    [
        axis(
            "PT1H",
            "Europe/London",
            "2024-10-26T20:00:00Z",
            "2024-10-28T02:00:00Z",
        ),
        axis(
            "P1D",
            "Pacific/Apia",
            "2011-12-10T10:00:00Z",
            "2012-01-08T10:00:00Z",
        ),
        axis(
            "P1M",
            "America/Los_Angeles",
            "2022-01-01T08:00:00Z",
            "2024-07-01T07:00:00Z",
        ),
    ]
}

fn policy() -> impl Strategy<Value = Missing> {
    let limit = prop_oneof![0_u32..5, Just(u32::MAX)];
    limit.prop_flat_map(|limit| {
        prop_oneof![
            Just(Missing::Zero),
            Just(Missing::Carry { limit }),
            Just(Missing::Interpolate { limit }),
        ]
    })
}

/// Bucket, place within it in eighths, value: some missing, infinite or out of range.
fn sample() -> impl Strategy<Value = (usize, i64, f64)> {
    let value = prop_oneof![
        8 => 0.0..40.0_f64,
        1 => Just(NAN),
        1 => Just(f64::INFINITY),
        1 => Just(-1.0),
    ];
    (0_usize..30, 0_i64..8, value)
}

fn placed(axis: &TimeAxis, samples: &[(usize, i64, f64)]) -> Vec<(Instant, f64)> {
    let place = |&(bucket, eighth, value): &(usize, i64, f64)| {
        let bucket = axis.bucket(bucket);
        let length = bucket.end().millis() - bucket.start().millis();
        let at = bucket.start().millis() + length * eighth / 8;
        (Instant::from_millis(at).unwrap(), value)
    };
    samples.iter().map(place).collect()
}

/// What bucket `as_of` may know of bucket `j`, by the definition, looking at every row.
fn defined(
    axis: &TimeAxis,
    rows: &[(Instant, f64)],
    missing: Missing,
    j: usize,
    as_of: usize,
) -> f64 {
    let sum = |i: usize| {
        let mut inside: Vec<(Instant, f64)> = rows.to_vec();
        inside.retain(|&(at, value)| axis.bucket(i).contains(at) && value.is_finite());
        inside.sort_by_key(|&(at, _)| at);
        let values = inside.into_iter().map(|(_, value)| value);
        values.reduce(|a, b| a + b)
    };
    let measured = |i: &usize| sum(*i).is_some_and(|sum| (0.0..=100.0).contains(&sum));
    if measured(&j) {
        return sum(j).unwrap();
    }
    let before = (0..j).rev().find(measured);
    let after = (j + 1..axis.len()).find(measured);
    let near = |gap: usize, limit: u32| gap <= limit as usize;
    match (missing, before, after) {
        _ if axis.bucket(j).is_empty() => NAN,
        (Missing::Zero, _, _) if sum(j).is_none() && (0..j).any(|i| sum(i).is_some()) => 0.0,
        (Missing::Carry { limit }, Some(p), _) if sum(j).is_none() && near(j - p, limit) => {
            sum(p).unwrap()
        }
        (Missing::Interpolate { limit }, Some(p), Some(q))
            if near(q - p - 1, limit) && q < as_of =>
        {
            let since = |i: usize| (axis.start(i).millis() - axis.start(p).millis()) as f64;
            let (low, high) = (sum(p).unwrap(), sum(q).unwrap());
            low + (high - low) * (since(j) / since(q))
        }
        _ => NAN,
    }
}

fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_axis_gives_the_answer_of_the_definition(
        grid in 0_usize..3,
        missing in policy(),
        samples in prop::collection::vec(sample(), 0..25),
        ends in (0_usize..31, 0_usize..31),
    ) {
        let whole = grids()[grid].clone();
        prop_assert_eq!(whole.len(), 30);
        let metric = Metric::new("level")
            .with_range(ValueRange::new(0.0, 100.0).unwrap())
            .with_missing(missing);
        let rows = placed(&whole, &samples);
        let (first, last) = (ends.0.min(ends.1), ends.0.max(ends.1));
        // No instant names a bucket without length.
        let starts = |i: usize| i == 30 || !whole.bucket(i).is_empty();
        prop_assume!(starts(first) && starts(last));
        let span = Interval::new(whole.start(first), whole.start(last)).unwrap();
        let part = TimeAxis::covering(whole.granularity(), whole.zone(), span).unwrap();
        let part = regularise_metric(rows.clone(), &part, &metric).unwrap().series;
        let long = regularise_metric(rows.clone(), &whole, &metric).unwrap().series;
        for j in first..last {
            let ours = part.values()[j - first];
            prop_assert!(same(ours, long.values()[j]), "values {} of {}", j, first);
            for as_of in j..last {
                let ours = part.view().history(j - first, as_of - first);
                let defined = defined(&whole, &rows, missing, j, as_of);
                prop_assert!(same(ours, defined), "{} as of {}: {} {}", j, as_of, ours, defined);
                prop_assert!(same(ours, long.view().history(j, as_of)), "{} as of {}", j, as_of);
            }
        }
    }

    #[test]
    fn rows_after_a_bucket_change_nothing_that_it_knows(
        grid in 0_usize..3,
        missing in policy(),
        samples in prop::collection::vec(sample(), 0..25),
        now in 0_usize..30,
    ) {
        let axis = &grids()[grid];
        let metric = Metric::new("level")
            .with_range(ValueRange::new(0.0, 100.0).unwrap())
            .with_missing(missing);
        let rows = placed(axis, &samples);
        let mut known = rows.clone();
        known.retain(|&(at, _)| at < axis.end(now));
        let then = regularise_metric(known, axis, &metric).unwrap().series;
        let later = regularise_metric(rows, axis, &metric).unwrap().series;
        for j in 0..=now {
            prop_assert!(same(then.values()[j], later.values()[j]), "value {}", j);
            for as_of in j..=now {
                let (then, later) = (then.view().history(j, as_of), later.view().history(j, as_of));
                prop_assert!(same(then, later), "{} as of {}: {} {}", j, as_of, then, later);
            }
        }
    }

    #[test]
    fn a_frame_answers_as_its_rows_do(
        missing in policy(),
        samples in prop::collection::vec(sample(), 1..25),
        ends in (0_usize..31, 0_usize..31),
    ) {
        let whole = &grids()[0];
        let metric = Metric::new("level")
            .with_range(ValueRange::new(0.0, 100.0).unwrap())
            .with_missing(missing);
        let mut frame = Frame::builder("m", [metric.clone()])
            .dimensions(["host"])
            .granularity(whole.granularity())
            .zone(whole.zone());
        let mut rows = placed(whole, &samples);
        rows.sort_by_key(|&(at, _)| at);
        for (n, &(at, value)) in rows.iter().enumerate() {
            frame.row(at, &[["a", "b", "c"][n % 3]], &[value]).unwrap();
        }
        let frame = frame.build().unwrap();
        let (first, last) = (ends.0.min(ends.1), ends.0.max(ends.1));
        let span = Interval::new(whole.start(first), whole.start(last)).unwrap();
        let axis = TimeAxis::covering(frame.granularity(), whole.zone(), span).unwrap();
        let slice = SliceKey::new("level");
        let request = SliceRequest { slice, axis: axis.clone() };
        let served = frame.series(&request).unwrap().series;
        let direct = regularise_metric(rows, &axis, &metric).unwrap().series;
        prop_assert_eq!(text(served.values()), text(direct.values()));
        prop_assert_eq!(all_history(&served), all_history(&direct));
    }
}
