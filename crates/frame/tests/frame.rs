//! A frame as a source: what it finds, what it refuses, and that it agrees with a plain loop over
//! all rows.

use proptest::prelude::*;
use tuatara_frame::{
    Aggregation, Duration, Exploration, Frame, FrameBuilder, FrameError, Granularity, Instant,
    Interval, Metric, SliceKey, SliceRequest, Source, TimeAxis, ValueRange, Zone,
};

const NAN: f64 = f64::NAN;

fn hour(n: i64) -> Instant {
    Instant::from_millis(n * 3_600_000).unwrap()
}

fn between(start: i64, end: i64) -> Interval {
    Interval::new(hour(start), hour(end)).unwrap()
}

fn hourly() -> Granularity {
    Granularity::fixed(Duration::hours(1)).unwrap()
}

fn shop_rows() -> FrameBuilder {
    let visits = Metric::new("visits").with_aggregation(Aggregation::Max);
    let mut rows = Frame::builder("shop", [Metric::new("revenue"), visits])
        .dimensions(["country", "platform"])
        .granularity(hourly());
    for (at, country, platform, revenue, visits) in [
        (0, "US", "ios", 10.0, 1.0),
        (0, "CA", "ios", 1.0, 2.0),
        (0, "US", "web", 5.0, 3.0),
        (1, "US", "ios", 20.0, NAN),
        (1, "CA", "ios", 2.0, f64::INFINITY),
    ] {
        rows.row(hour(at), &[country, platform], &[revenue, visits])
            .unwrap();
    }
    rows
}

fn shop() -> Frame {
    shop_rows().build().unwrap()
}

fn values(frame: &Frame, slice: &str, axis: &TimeAxis) -> Vec<String> {
    let request = SliceRequest {
        slice: slice.parse().unwrap(),
        axis: axis.clone(),
    };
    let fetched = frame.series(&request).unwrap();
    fetched
        .series
        .values()
        .iter()
        .map(ToString::to_string)
        .collect()
}

fn first_hours(count: i64) -> TimeAxis {
    TimeAxis::covering(hourly(), Zone::UTC, between(0, count)).unwrap()
}

#[test]
fn a_slice_holds_the_rows_that_its_filters_let_through() {
    let (shop, axis) = (shop(), first_hours(2));
    assert_eq!(values(&shop, "revenue", &axis), ["16", "22"]);
    assert_eq!(values(&shop, "revenue{country=US}", &axis), ["15", "20"]);
    assert_eq!(
        values(&shop, "revenue{country=CA|US,platform=ios}", &axis),
        ["11", "22"]
    );
    assert_eq!(
        values(&shop, "revenue{country=US,platform=web}", &axis),
        ["5", "NaN"]
    );
    assert_eq!(
        values(&shop, "visits", &axis),
        ["3", "NaN"],
        "infinite and missing do not count"
    );
}

#[test]
fn the_bucket_in_which_the_data_begin_is_missing_on_a_coarser_grid() {
    // From an hour before the data: two hours of which they hold one.
    let early = Granularity::fixed(Duration::hours(2)).unwrap();
    let early = early.with_phase(Duration::hours(1)).unwrap();
    let axis = TimeAxis::covering(early, Zone::UTC, between(0, 3)).unwrap();
    assert_eq!(values(&shop(), "revenue", &axis), ["NaN", "22"]);
}

#[test]
fn where_the_data_end_a_bucket_has_what_is_there() {
    // More rows may come or not: a bucket must not depend on that.
    let axis = TimeAxis::covering(Granularity::days(), Zone::UTC, between(0, 24)).unwrap();
    assert_eq!(values(&shop(), "revenue", &axis), ["38"]);
}

#[test]
fn a_step_that_the_data_do_not_divide_is_refused() {
    let uneven = Granularity::fixed(Duration::minutes(100)).unwrap();
    let axis = TimeAxis::covering(uneven, Zone::UTC, between(0, 24)).unwrap();
    let slice = SliceKey::new("revenue");
    let error = shop().series(&SliceRequest { slice, axis }).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`shop` has one row per PT1H, which does not divide PT1H40M evenly: the buckets would \
         differ by arithmetic alone; ask for a multiple of PT1H"
    );
}

#[test]
fn a_coarser_grid_takes_the_rows_of_its_buckets() {
    let both = Granularity::fixed(Duration::hours(2)).unwrap();
    let axis = TimeAxis::covering(both, Zone::UTC, between(0, 2)).unwrap();
    assert_eq!(values(&shop(), "revenue", &axis), ["38"]);
    let request = SliceRequest {
        slice: SliceKey::new("revenue"),
        axis,
    };
    assert_eq!(
        shop().series(&request).unwrap().report.merged.count,
        0,
        "rows of other hours and countries are no duplicates"
    );
}

#[test]
fn the_declared_range_travels_with_the_series() {
    let range = ValueRange::new(0.0, 100.0).unwrap();
    let mut rows = Frame::builder("cpu", [Metric::new("load").with_range(range)]);
    rows.row(hour(0), &[], &[50.0])
        .unwrap()
        .row(hour(1), &[], &[150.0])
        .unwrap();
    let request = SliceRequest {
        slice: SliceKey::new("load"),
        axis: first_hours(2),
    };
    let fetched = rows.build().unwrap().series(&request).unwrap();
    assert_eq!(fetched.series.view().range(), Some(range));
}

#[test]
fn what_is_out_of_order_or_doubled_is_counted_within_a_series() {
    let mut rows = Frame::builder("m", [Metric::new("m")])
        .dimensions(["d"])
        .granularity(hourly());
    for (at, d) in [(0, "a"), (1, "a"), (1, "a"), (0, "b"), (2, "b"), (1, "b")] {
        rows.row(hour(at), &[d], &[1.0]).unwrap();
    }
    let frame = rows.build().unwrap();
    let report = |slice: &str| {
        let request = SliceRequest {
            slice: slice.parse().unwrap(),
            axis: first_hours(3),
        };
        frame.series(&request).unwrap().report
    };
    let counts = |slice| {
        (
            report(slice).out_of_order.count,
            report(slice).repeated.count,
        )
    };
    assert_eq!(counts("m{d=a}"), (0, 1));
    assert_eq!(counts("m{d=b}"), (1, 0));
    assert_eq!(counts("m"), (1, 1));
}

#[test]
fn exploring_lists_the_combinations_that_occur_in_order() {
    let shop = shop();
    let explore = |dimensions: &[&str], filters: &[(&str, &[&str])]| {
        let owned = |values: &[&str]| values.iter().map(ToString::to_string).collect::<Vec<_>>();
        let exploration = Exploration {
            dimensions: owned(dimensions),
            filters: filters
                .iter()
                .map(|(name, values)| ((*name).into(), owned(values)))
                .collect(),
            ..Exploration::of("revenue")
        };
        let keys = shop.explore(&exploration).unwrap();
        keys.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(explore(&[], &[]), ["revenue"]);
    assert_eq!(
        explore(&["country"], &[]),
        ["revenue{country=CA}", "revenue{country=US}"]
    );
    assert_eq!(
        explore(&["platform", "country"], &[]),
        [
            "revenue{country=CA,platform=ios}",
            "revenue{country=US,platform=ios}",
            "revenue{country=US,platform=web}",
        ]
    );
    assert_eq!(
        explore(&["country"], &[("platform", &["web"])]),
        ["revenue{country=US,platform=web}"],
        "a filter on another dimension is kept"
    );
    assert_eq!(
        explore(&["country"], &[("country", &["US"])]),
        ["revenue{country=US}"]
    );
    assert_eq!(
        explore(&[], &[("country", &["US", "CA"])]),
        ["revenue{country=CA|US}"]
    );
}

#[test]
fn each_row_knows_its_slice() {
    let shop = shop();
    let exploration = Exploration {
        dimensions: vec!["country".into()],
        filters: vec![("platform".into(), vec!["ios".into()])],
        ..Exploration::of("revenue")
    };
    let (keys, by_row) = shop.slices_by_row(&exploration).unwrap();
    assert_eq!(by_row, [Some(1), Some(0), None, Some(1), Some(0)]);
    for (row, place) in by_row.into_iter().enumerate() {
        let expected = place.map(|place| keys[place].clone());
        assert_eq!(shop.slice_of_row(row, &exploration).unwrap(), expected);
    }
    assert_eq!(
        (shop.dimension(2, 1), shop.value(2, 0), shop.time(2)),
        ("web", 5.0, hour(0))
    );
}

#[test]
fn a_profile_spans_whole_buckets_and_says_how_it_knows() {
    let mut rows = Frame::builder("m", [Metric::new("m")]);
    for n in 0..3 {
        let at = Instant::from_millis(hour(n).millis() + 240_000).unwrap();
        rows.row(at, &[], &[1.0]).unwrap();
    }
    let profile = rows.build().unwrap().profile("m").unwrap();
    assert_eq!(
        profile.extent.to_string(),
        "1970-01-01T00:04:00Z/1970-01-01T03:04:00Z"
    );
    assert_eq!(
        profile.evidence,
        "2 of 2 stamps follow after PT1H, 3 of 3 lie PT4M past it"
    );
    assert_eq!(profile.metric, Metric::new("m"));
}

#[test]
fn what_does_not_exist_is_refused_with_what_does() {
    let shop = shop();
    let refused = |slice: &str| {
        let slice: SliceKey = slice.parse().unwrap();
        let request = SliceRequest {
            slice: slice.clone(),
            axis: first_hours(2),
        };
        let error = shop.series(&request).unwrap_err().to_string();
        assert_eq!(
            shop.aggregate(&slice, between(0, 2))
                .unwrap_err()
                .to_string(),
            error
        );
        error
    };
    assert_eq!(
        refused("revnue"),
        "`shop` has no metric `revnue`; it has: revenue, visits; did you mean `revenue`?"
    );
    assert_eq!(
        refused("revenue{city=Rome}"),
        "`shop` has no dimension `city`; it has: country, platform; name one of these"
    );
    assert_eq!(
        refused("revenue{country=us}"),
        "`us` never occurs in dimension `country` of `shop`, which has 2 value(s); did you mean \
         `US`?"
    );
    assert_eq!(
        refused("revenue{country=CA,platform=web}"),
        "no row of `shop` matches revenue{country=CA,platform=web}, although each of its values \
         occurs; drop one of the filters"
    );
    assert!(matches!(
        shop.profile("x"),
        Err(FrameError::UnknownMetric { .. })
    ));
    let unknown = Exploration {
        dimensions: vec!["contry".into()],
        ..Exploration::of("revenue")
    };
    assert_eq!(
        shop.explore(&unknown).unwrap_err().to_string(),
        "`shop` has no dimension `contry`; it has: country, platform; did you mean `country`?"
    );
}

#[test]
fn a_grid_finer_than_the_data_is_refused() {
    let minutes: Granularity = "PT5M".parse().unwrap();
    let axis = TimeAxis::covering(minutes, Zone::UTC, between(0, 1)).unwrap();
    let request = SliceRequest {
        slice: SliceKey::new("revenue"),
        axis,
    };
    assert_eq!(
        shop().series(&request).unwrap_err().to_string(),
        "`shop` has one row per PT1H and cannot be read at PT5M; ask for PT1H or something coarser"
    );
}

#[test]
fn a_grid_of_more_buckets_than_memory_holds_is_refused() {
    let tick = Granularity::fixed(Duration::from_millis(1).unwrap()).unwrap();
    let mut rows = Frame::builder("m", [Metric::new("m")]).granularity(tick);
    rows.row(hour(0), &[], &[1.0])
        .unwrap()
        .row(hour(600), &[], &[1.0])
        .unwrap();
    let frame = rows.build().unwrap();
    let axis = TimeAxis::covering(tick, Zone::UTC, between(0, 600)).unwrap();
    let request = SliceRequest {
        slice: SliceKey::new("m"),
        axis,
    };
    assert_eq!(
        frame.series(&request).unwrap_err().to_string(),
        "a series of 2160000000 buckets of PT0.001S is too long; allowed: up to 268435456; ask \
         for a shorter interval or a coarser granularity"
    );
}

#[test]
fn a_frame_put_together_wrongly_is_refused() {
    let message = |result: Result<Frame, FrameError>| result.unwrap_err().to_string();
    assert_eq!(
        message(Frame::builder("m", []).build()),
        "`m` has no metric; name at least one"
    );
    assert_eq!(
        message(Frame::builder("m", [Metric::new("a"), Metric::new("a")]).build()),
        "there are two metrics called `a`; names are unique, rename one"
    );
    let mut late = Frame::builder("m", [Metric::new("a")]);
    late.row(hour(0), &[], &[1.0]).unwrap();
    assert_eq!(
        message(late.clone().dimensions(["d"]).build()),
        "the dimensions of `m` were named after its first row; name them before"
    );
    assert!(message(late.clone().build()).starts_with("the granularity cannot be seen in 1"));
    assert_eq!(
        late.row(hour(1), &["x"], &[1.0]).unwrap_err().to_string(),
        "a row at 1970-01-01T01:00:00Z brings 1 dimension value(s) to a table with 0; give one \
         for each"
    );
    let empty = Frame::builder("m", [Metric::new("a")])
        .granularity(hourly())
        .build()
        .unwrap();
    assert_eq!(
        empty.profile("a").unwrap_err().to_string(),
        "`m` has no rows, so it spans no time; give it at least one"
    );
}

#[test]
fn the_fingerprint_names_the_content() {
    let print = |rows: FrameBuilder| rows.build().unwrap().fingerprint();
    assert_eq!(print(shop_rows()), print(shop_rows()));
    // Made by a separate implementation of the hash over the same writes; it never changes.
    let frozen = "e00d27775c8f9fd9f975b63104b72529";
    assert_eq!(format!("{:032x}", print(shop_rows()).unwrap()), frozen);
    let mut more = shop_rows();
    more.row(hour(1), &["CA", "ios"], &[2.0, NAN]).unwrap();
    assert_ne!(print(more), print(shop_rows()));
    assert_ne!(
        print(shop_rows().zone("Europe/London".parse().unwrap())),
        print(shop_rows())
    );
    assert_ne!(
        print(shop_rows().completeness_delay(Duration::hours(1))),
        print(shop_rows())
    );
}

/// A row of the property below: minute, country, platform, value.
type Row = (i64, usize, usize, f64);

const COUNTRIES: [&str; 3] = ["CA", "DE", "US"];
const PLATFORMS: [&str; 2] = ["ios", "web"];

/// Filters every row and aggregates each bucket by itself.
fn naive(
    rows: &[Row],
    countries: &[usize],
    platforms: &[usize],
    bucket: Interval,
    aggregation: Aggregation,
) -> f64 {
    let mut inside: Vec<(i64, f64)> = rows
        .iter()
        .filter(|(_, country, platform, _)| {
            countries.contains(country) && platforms.contains(platform)
        })
        .map(|&(minute, _, _, value)| (minute * 60_000, value))
        .filter(|&(at, value)| {
            bucket.contains(Instant::from_millis(at).unwrap()) && value.is_finite()
        })
        .collect();
    inside.sort_by_key(|&(at, _)| at);
    let values: Vec<f64> = inside.into_iter().map(|(_, value)| value).collect();
    if values.is_empty() {
        return NAN;
    }
    let sum = values
        .iter()
        .skip(1)
        .fold(values[0], |sum, value| sum + value);
    match aggregation {
        Aggregation::Sum => sum,
        Aggregation::Count => values.len() as f64,
        Aggregation::Min => values.iter().copied().fold(f64::INFINITY, f64::min),
        Aggregation::Max => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        Aggregation::Mean => sum / values.len() as f64,
        Aggregation::Median => {
            let mut sorted = values;
            sorted.sort_by(f64::total_cmp);
            let half = sorted.len() / 2;
            match sorted.len() % 2 {
                1 => sorted[half],
                _ => sorted[half - 1] / 2.0 + sorted[half] / 2.0,
            }
        }
        Aggregation::Last => values[values.len() - 1],
    }
}

fn row() -> impl Strategy<Value = Row> {
    let value = prop_oneof![8 => -10.0..10.0, 1 => Just(NAN), 1 => Just(f64::INFINITY)];
    (0_i64..600, 0..COUNTRIES.len(), 0..PLATFORMS.len(), value)
}

proptest! {
    #[test]
    fn every_slice_equals_a_plain_loop_over_all_rows(
        rows in prop::collection::vec(row(), 1..60),
        aggregation in prop::sample::select(Aggregation::ALL.to_vec()),
        countries in prop::sample::subsequence(vec![0, 1, 2], 1..=3),
        platforms in prop::sample::subsequence(vec![0, 1], 1..=2),
        start in 0_i64..6,
        length in 0_i64..6,
        hours_per_bucket in 1_u32..3,
    ) {
        let metric = Metric::new("m").with_aggregation(aggregation);
        let mut builder =
            Frame::builder("p", [metric]).dimensions(["country", "platform"]).granularity(hourly());
        for &(minute, country, platform, value) in &rows {
            let at = Instant::from_millis(minute * 60_000).unwrap();
            builder.row(at, &[COUNTRIES[country], PLATFORMS[platform]], &[value]).unwrap();
        }
        let frame = builder.build().unwrap();
        let slice = SliceKey::new("m")
            .with_any("country", countries.iter().map(|&c| COUNTRIES[c]))
            .with_any("platform", platforms.iter().map(|&p| PLATFORMS[p]));
        let granularity = Granularity::fixed(Duration::hours(hours_per_bucket)).unwrap();
        let interval = between(start, start + length);
        let axis = TimeAxis::covering(granularity, Zone::UTC, interval).unwrap();

        let exists = |code: &dyn Fn(&Row) -> usize, wanted: &[usize]| {
            wanted.iter().all(|w| rows.iter().any(|row| code(row) == *w))
        };
        let matches = rows.iter().any(|row| countries.contains(&row.1) && platforms.contains(&row.2));
        let request = SliceRequest { slice: slice.clone(), axis: axis.clone() };
        let known = exists(&|row| row.1, &countries) && exists(&|row| row.2, &platforms);
        match frame.series(&request) {
            Ok(fetched) => {
                prop_assert!(known && matches);
                for i in 0..axis.len() {
                    let bucket = axis.bucket(i);
                    let data = frame.profile("m").unwrap().extent;
                    let cut = bucket.start() < data.start() && data.start() < bucket.end();
                    let expected = match cut {
                        true => f64::NAN,
                        false => naive(&rows, &countries, &platforms, bucket, aggregation),
                    };
                    let value = fetched.series.values()[i];
                    prop_assert!(
                        value.to_bits() == expected.to_bits() || (value.is_nan() && expected.is_nan()),
                        "bucket {i}: {value} instead of {expected}"
                    );
                }
                let whole = frame.aggregate(&slice, interval).unwrap();
                let expected = naive(&rows, &countries, &platforms, interval, aggregation);
                prop_assert!(whole.to_bits() == expected.to_bits() || (whole.is_nan() && expected.is_nan()));
            }
            Err(FrameError::UnknownValue { .. }) => prop_assert!(!known),
            Err(FrameError::EmptySlice { .. }) => prop_assert!(known && !matches),
            Err(other) => prop_assert!(false, "{other}"),
        }
    }

    #[test]
    fn the_slices_of_an_exploration_share_out_all_rows(rows in prop::collection::vec(row(), 1..60)) {
        let metric = Metric::new("m").with_aggregation(Aggregation::Count);
        let mut builder =
            Frame::builder("p", [metric]).dimensions(["country", "platform"]).granularity(hourly());
        for &(minute, country, platform, _) in &rows {
            let at = Instant::from_millis(minute * 60_000).unwrap();
            builder.row(at, &[COUNTRIES[country], PLATFORMS[platform]], &[1.0]).unwrap();
        }
        let frame = builder.build().unwrap();
        let dimensions = vec!["platform".into(), "country".into()];
        let slices = frame.explore(&Exploration { dimensions, ..Exploration::of("m") }).unwrap();
        let counts = slices.iter().map(|slice| frame.aggregate(slice, between(0, 10)).unwrap());
        prop_assert_eq!(counts.map(|count| count as usize).sum::<usize>(), rows.len());
        prop_assert!(slices.is_sorted());
    }
}
