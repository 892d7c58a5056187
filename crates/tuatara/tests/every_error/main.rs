//! Every way in which a request is refused, with what is said: the thing, its value, what is
//! allowed and what to do.

#![cfg(all(feature = "yaml", feature = "files"))]

use tuatara::core::{DetectError, Judge, Pattern, Window};
use tuatara::frame::events::{CalendarEvent, Country, EventError, EventTime, ExpectedChange};
use tuatara::frame::files::{ReadOptions, TimeUnit};
use tuatara::frame::{
    Aggregation, Datasets, Duration, Exploration, Fetched, Frame, FrameError, Granularity, Instant,
    Interval, Lag, LagUnit, Metric, Series, SliceKey, SliceRequest, Source, TimeAxis, ValueRange,
    Zone, files,
};
use tuatara::merge::{MergeError, MergePolicy, Thinning, ThinningParams};
use tuatara_baseline::{Baseline, BaselineError, Offset};
use tuatara_synth::{DailyRevenueSpec, SynthError};

/// Asserts that the request is refused with this variant and these words.
macro_rules! refused {
    ($($variant:pat, $request:expr => $words:expr;)+) => {
        $(match $request {
            Ok(_) => panic!("it is accepted: {}", stringify!($request)),
            Err(error) => {
                assert_eq!(error.to_string(), $words);
                assert!(matches!(error, $variant), "{error:?}");
            }
        })+
    };
}

mod hosts;
mod measures;

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn zone(name: &str) -> Zone {
    name.parse().unwrap()
}

fn axis(granularity: &str, start: &str, end: &str) -> TimeAxis {
    let interval = Interval::new(at(start), at(end)).unwrap();
    TimeAxis::covering(granularity.parse().unwrap(), Zone::UTC, interval).unwrap()
}

fn read(text: &str) -> Result<Frame, FrameError> {
    files::read(text.as_bytes(), "data.csv", &ReadOptions::new())
}

/// Four hours of a metric in two countries, each with a shop of its own.
fn frame() -> Frame {
    read(
        "timestamp,series,unique_id,value
2026-01-01T00:00:00Z,AT,one,1
2026-01-01T01:00:00Z,AT,one,2
2026-01-01T02:00:00Z,BE,two,3
2026-01-01T03:00:00Z,BE,two,4
",
    )
    .unwrap()
}

#[test]
fn of_instants_durations_and_intervals() {
    use FrameError::*;
    let (early, late) = (at("2026-01-01T00:00:00Z"), at("2026-01-02T00:00:00Z"));
    refused! {
        InstantText { .. }, "2026-01-01".parse::<Instant>() =>
            "`2026-01-01` is not an instant; allowed: RFC 3339 with an offset, such as \
             2020-03-08T10:00:00Z; write date, T, time and offset";
        InstantRange { .. }, Instant::from_millis(i64::MAX) =>
            "the instant 9223372036854775807 ms after 1970 is outside 0001-01-01T00:00:00Z to \
             9999-12-31T23:59:59.999Z; are these milliseconds?";
        DurationText { .. }, "P1M".parse::<Duration>() =>
            "`P1M` is not a duration; allowed: ISO 8601 such as PT15M, P7D, PT0.5S, or a number \
             and one of ms, s, m, h, d, w; months and years have no exact length: write days, \
             such as P30D or P365D";
        NegativeDuration { .. }, Duration::from_millis(-1) =>
            "a duration of -1 ms is below zero; allowed: 0 and more; swap the two ends it was \
             made from";
        IntervalReversed { .. }, Interval::new(late, early) =>
            "the interval starts at 2026-01-02T00:00:00Z and ends before, at \
             2026-01-01T00:00:00Z; swap the two";
    }
}

#[test]
fn of_zones_granularities_and_lags() {
    use FrameError::*;
    refused! {
        UnknownZone { .. }, "Europe/Londn".parse::<Zone>() =>
            "`Europe/Londn` is not a time zone; allowed: names of the IANA database, such as UTC \
             or Europe/London; did you mean `Europe/London`?";
        GranularityText { .. }, "daily".parse::<Granularity>() =>
            "`daily` is not a granularity; allowed: ISO 8601 such as PT5M, PT1H, P1D, P1W, P1M, \
             or 5_MINUTES, 1_DAYS, or 5m, 1h, 1d, 1w, 1mo; write one number and one unit";
        GranularityPart { .. }, Granularity::months(5) =>
            "the months of the granularity is 5; allowed: 1, 2, 3, 4, 6 and 12; choose a \
             number of months that divides the year";
        LagOfZero { .. }, Lag::new(0, LagUnit::Weeks) =>
            "a lag of 0 weeks is the present itself; allowed: 1 and more; write 1";
        LagText { .. }, "4x".parse::<Lag>() =>
            "`4x` is not a lag; allowed: a number from 1 to 4294967295 and one of h, d, w, mo, \
             y, such as 4w";
    }
}

#[test]
fn of_grids_and_series() {
    use FrameError::*;
    let hours = axis("PT1H", "2026-01-01T00:00:00Z", "2026-01-01T04:00:00Z");
    let days = axis("P1D", "2026-01-01T00:00:00Z", "2026-01-05T00:00:00Z");
    refused! {
        AxisRange { .. }, hours.extended_back(20_000_000) =>
            "a grid of PT1H with 20000004 buckets from bucket -19509104 leaves the years 1 to \
             9999; ask for a shorter interval";
        CivilAxisZone { .. }, days.with_zone(zone("Asia/Tokyo")) =>
            "a grid of P1D is made of local dates and cannot be read in another zone; allowed: \
             fixed steps such as PT1H; cover the interval anew in that zone";
        SeriesLength { .. }, Series::new(hours, vec![1.0]) =>
            "1 values do not fit on an axis of 4 buckets; give one for each, NaN where missing";
    }
}

#[test]
fn of_metrics_and_slices() {
    use FrameError::*;
    refused! {
        BadRange { .. }, ValueRange::new(2.0, 1.0) =>
            "the range from 2 to 1 holds no value; allowed: two numbers, infinite ones included, \
             the first not above the second; swap or drop them";
        AggregationText { .. }, "mode".parse::<Aggregation>() =>
            "`mode` is not an aggregation; allowed: SUM, COUNT, MIN, MAX, MEAN (or AVG), MEDIAN, LAST";
        SliceText { .. }, "revenue{country}".parse::<SliceKey>() =>
            "`revenue{country}` is not a slice: at byte 9, `dimension=value` is expected here; \
             allowed: `metric{dimension=value,other=a|b}`";
    }
}

#[test]
fn of_tables_that_are_asked_for_what_they_do_not_have() {
    use FrameError::*;
    let frame = frame();
    let explore = |dimension: &str, value: &str| {
        let mut exploration = Exploration::of("value");
        exploration
            .filters
            .push((dimension.to_owned(), vec![value.to_owned()]));
        frame.explore(&exploration)
    };
    let series = |axis: TimeAxis| {
        let slice = SliceKey::new("value");
        frame.series(&SliceRequest { slice, axis })
    };
    let never = SliceKey::new("value")
        .with("series", "AT")
        .with("unique_id", "two");
    let hour = Interval::new(at("2026-01-01T00:00:00Z"), at("2026-01-01T01:00:00Z")).unwrap();
    let shop = Datasets::new("shop", &frame);
    refused! {
        UnknownDataset { .. }, shop.get("shp") =>
            "there is no dataset `shp`; there are: shop; did you mean `shop`?";
        DuplicateDataset { .. }, Datasets::new("shop", &frame).with("shop", &frame) =>
            "there are two datasets `shop`; give one of them another name";
        UnknownMetric { .. }, frame.profile("valeu") =>
            "`data` has no metric `valeu`; it has: value; did you mean `value`?";
        UnknownDimension { .. }, explore("serie", "AT") =>
            "`data` has no dimension `serie`; it has: series, unique_id; did you mean `series`?";
        UnknownValue { .. }, explore("series", "CH") =>
            "`CH` never occurs in dimension `series` of `data`, which has 2 value(s); values are \
             compared letter by letter";
        EmptySlice { .. }, frame.aggregate(&never, hour) =>
            "no row of `data` matches value{series=AT,unique_id=two}, although each of its \
             values occurs; drop one of the filters";
        TooFine { .. }, series(axis("PT15M", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z")) =>
            "`data` has one row per PT1H and cannot be read at PT15M; ask for PT1H or something \
             coarser";
        TooManyBuckets { .. }, series_of_milliseconds() =>
            "a series of 2592000000 buckets of PT0.001S is too long; allowed: up to 268435456; \
             ask for a shorter interval or a coarser granularity";
    }
}

fn series_of_milliseconds() -> Result<Fetched, FrameError> {
    let mut builder =
        Frame::builder("ticks", [Metric::new("value")]).granularity("PT0.001S".parse().unwrap());
    builder
        .row(at("2026-01-01T00:00:00Z"), &[], &[1.0])
        .unwrap();
    let axis = axis("PT0.001S", "2026-01-01T00:00:00Z", "2026-01-31T00:00:00Z");
    let slice = SliceKey::new("value");
    builder
        .build()
        .unwrap()
        .series(&SliceRequest { slice, axis })
}

#[test]
fn of_tables_that_cannot_be_built() {
    use FrameError::*;
    let metric = || [Metric::new("value")];
    let first = at("2026-01-01T00:00:00Z");
    let stamps = |stamps: &[&str]| {
        let mut builder = Frame::builder("data", metric());
        for stamp in stamps {
            builder.row(at(stamp), &[], &[1.0]).unwrap();
        }
        builder.build()
    };
    let mut late = Frame::builder("data", metric());
    late.row(first, &[], &[1.0]).unwrap();
    let mut far = Frame::builder("data", metric());
    let last = "9999-12-31T00:00:00Z".parse().unwrap();
    far.row(last, &[], &[1.0]).unwrap();
    let none = Frame::builder("data", metric())
        .granularity(Granularity::days())
        .build();
    refused! {
        GranularityUnknown { .. }, stamps(&["2026-01-01T00:00:00Z"]) =>
            "the granularity cannot be seen in 1 distinct stamp(s); pass it, for instance P1D or \
             PT1H (--granularity)";
        GranularityUnclear { .. }, stamps(&[
            "2026-01-01T00:00:00Z", "2026-01-01T00:01:10Z", "2026-01-01T00:05:00Z",
            "2026-01-01T01:00:07Z", "2026-01-01T03:00:00Z", "2026-01-02T09:00:00Z",
        ]) =>
            "the stamps are irregular: their most common step, PT1M10S, is 1 of 5; pass the \
             granularity, for instance P1D or PT1H (--granularity)";
        NoRows { .. }, none.unwrap().profile("value") =>
            "`data` has no rows, so it spans no time; give it at least one";
        DuplicateName { .. },
            Frame::builder("data", [Metric::new("value"), Metric::new("value")]).build() =>
            "there are two metrics called `value`; names are unique, rename one";
        RowShape { .. }, Frame::builder("data", metric()).row(first, &["AT"], &[1.0]) =>
            "a row at 2026-01-01T00:00:00Z brings 1 dimension value(s) to a table with 0; give \
             one for each";
        NoMetric { .. }, Frame::builder("data", []).build() =>
            "`data` has no metric; name at least one";
        RowsRange { .. }, far.granularity(Granularity::days()).build() =>
            "`data` has rows from 9999-12-31T00:00:00Z to 9999-12-31T00:00:00Z, whose buckets of P1D \
             leave the years 1 to 9999; stamps as far as these often stand for no time at all: take \
             such rows out";
        LateDimensions { .. }, late.dimensions(["country"]).build() =>
            "the dimensions of `data` were named after its first row; name them before";
    }
}

#[test]
fn of_files() {
    use FrameError::*;
    let with =
        |options: ReadOptions, text: &str| files::read(text.as_bytes(), "data.csv", &options);
    let berlin = || ReadOptions::new().zone(zone("Europe/Berlin"));
    let bytes: &[u8] = b"timestamp,value\n2026-01-01T00:00:00Z,\xff\n";
    refused! {
        TimeUnitText { .. }, "min".parse::<TimeUnit>() =>
            "`min` is not a unit of time; allowed: s, ms, us, ns since 1970, or rows for a row \
             counter";
        EmptyFile { .. }, read("") =>
            "data.csv is empty; the first line names the columns, such as `timestamp,value`";
        NotUtf8 { .. }, files::read(bytes, "data.csv", &ReadOptions::new()) =>
            "data.csv, row 2, column `value`: the text is not UTF-8; save the file as UTF-8";
        DuplicateColumn { .. }, read("timestamp,value,value\n") =>
            "data.csv has two columns called `value`; rename one in the header";
        UnknownColumn { .. }, with(ReadOptions::new().time("when"), "timestamp,value\n") =>
            "data.csv has no column `when` for the time; it has: timestamp, value; name it \
             with --time COLUMN";
        ColumnToName { .. }, read("timestamp,date,value\n") =>
            "data.csv: 2 of the columns timestamp, date, value suggest themselves for the time; \
             name the time column (--time COLUMN)";
        RaggedRow { .. }, read("timestamp,value\n2026-01-01T00:00:00Z,1,2\n") =>
            "data.csv, row 2: 3 cell(s) under a header of 2; a cell that holds a comma needs \
             quotes around it";
        BadNumber { .. }, read("timestamp,value\n2026-01-01T00:00:00Z,one\n") =>
            "data.csv, row 2, column `value`: `one` is not a number; allowed: numbers such \
             as 12.5 or 1e3, and nothing, NaN, null, NA or None where missing; correct the cell, \
             leave it empty if the value is missing, or name another column for the metric (--metric \
             NAME=COLUMN)";
        BadStamp { .. }, read("timestamp,value\nyesterday,1\n") =>
            "data.csv, row 2, column `timestamp`: `yesterday` is not a stamp; allowed: \
             2024-05-31T10:00:00Z, 2024-05-31 10:00:00, 2024-05-31, or epoch numbers with a \
             declared unit; write the stamps in one of these forms, or name another column \
             (--time COLUMN)";
        UnitUnknown { .. }, read("timestamp,value\n1767225600,1\n") =>
            "data.csv, row 2, column `timestamp`: `1767225600` may be seconds, milliseconds or \
             something else since 1970; declare the time unit (--time-unit s|ms|us|ns, or rows \
             for a row counter)";
        StampSkipped { .. }, with(berlin(), "timestamp,value\n2026-03-29 02:30,1\n") =>
            "data.csv, row 2, column `timestamp`: `2026-03-29 02:30` does not exist in \
             Europe/Berlin, where the clocks skip it on 2026-03-29; name the zone in which the \
             stamps were written (--tz), or write stamps with an offset";
        File(_),
            read("timestamp,value\n2026-01-01,1\n2026-01-02T00:00:00Z,1\n") =>
            "data.csv, row 3, column `timestamp`: `2026-01-02T00:00:00Z` is a stamp with an \
             offset, while row 2 has a local stamp without an offset; write one \
             form throughout the column";
    }
    let nowhere = files::read_path("nowhere.csv", &ReadOptions::new()).unwrap_err();
    assert!(matches!(nowhere, Unreadable { .. }), "{nowhere:?}");
    let said = nowhere.to_string();
    assert!(said.starts_with("nowhere.csv cannot be read: "), "{said}");
    assert!(
        said.ends_with("; check the path, the permission and the compression"),
        "{said}"
    );
}

#[test]
fn of_events() {
    use EventError::*;
    let fair = || CalendarEvent::on("fair", "2026-02-03".parse().unwrap());
    let table = |text: &str| files::read_calendar(text.as_bytes(), "events.csv");
    refused! {
        TimeText { .. }, "3 Feb 2026".parse::<EventTime>() =>
            "`3 Feb 2026` is not the time of an event; allowed: a date such as 2026-12-25, a time \
             of the clock of the data such as 2026-12-25T08:00, or an instant such as \
             2026-12-25T08:00:00Z; write the year first";
        Setting { .. }, fair().expect(f64::INFINITY).build() =>
            "event `fair`: `expect` is inf; allowed: 0 to 1e9; 0.2 expects a fifth of the usual, 3 \
             three times as much";
        Setting { .. }, fair().leave_out().only::<String>("country", []).build() =>
            "event `fair`: `filters` is country without a value; allowed: values for each \
             dimension; list the values, or leave the dimension out";
        Change { .. }, ExpectedChange::new(f64::NAN, 0.1) =>
            "`expectedChange` is NaN; allowed: a finite fraction, such as -0.4 for 40 % less; \
             suppress any change without the two";
        UnknownCountry { .. }, "USA".parse::<Country>() =>
            "no holidays are known of `USA`; allowed: BR, CA, DE, ES, FR, GB, IT, NL, US; did you \
             mean `US`?";
        FrameError::File(_), table("name,leave_out\n") =>
            "events.csv, row 1: there is no column `start`; allowed: name, start, end, before, \
             after, known_at, leave_out, expect, suppress, expected_change, acceptable_deviation, \
             and dimensions; add `start`, which every event has";
        FrameError::File(_), table("name,start,leave_out\nfair,2026-02-03,soon\n") =>
            "events.csv, row 2, column `leave_out`: event `fair`: `leaveOut` is `soon`; allowed: \
             true, yes or 1, and false, no, 0 or nothing; write true or false";
    }
}

#[test]
fn of_judges_windows_offsets_and_merging() {
    let hours = axis("PT1H", "2026-01-01T00:00:00Z", "2026-01-01T04:00:00Z");
    let baseline = || Baseline::new("median4w".parse::<Offset>().unwrap());
    refused! {
        DetectError::Window { .. }, Window::new(&hours, 2, 5) =>
            "window 2..5 does not lie on an axis of 4 buckets; ask for a range with start <= end \
             <= 4";
        DetectError::Setting { .. }, Judge::new(Pattern::Up).with_factor(-1.0) =>
            "factor is -1, outside [0, ∞); leave it out for none";
        BaselineError::UnknownOffset { .. }, "w01w".parse::<Offset>() =>
            "offset \"w01w\" is not known, did you mean \"wo1w\"?; allowed: current, none, ho1h, \
             do1d, wo1w, mo1m, yo1y and the same with other counts, mean4w, median4w, min4w, \
             max4w and the same with other counts and units h, d, m";
        BaselineError::Count { .. }, "wo0w".parse::<Offset>() =>
            "offset \"wo0w\" counts 0; allowed: 1 to 100000";
        BaselineError::TooManyRequired { .. }, baseline().with_min_lags(5) =>
            "minLags is 5, but median4w has 4 lags; allowed: 1 to 4";
        MergeError::Thinning { .. }, Thinning::new(ThinningParams { k: 3, n: 2, ..Default::default() }) =>
            "thinning: `k` is 3; allowed: 1 to `n`, which is 2; 1 takes every flagged bucket";
        MergeError::NoDuration, MergePolicy::new(Duration::ZERO, Duration::ZERO) =>
            "maxDuration is PT0S; an anomaly needs room: 15 minutes or more, P7D is customary";
    }
}

#[test]
fn of_generators() {
    let no_room = DailyRevenueSpec {
        drops: 1000,
        ..DailyRevenueSpec::default()
    };
    let no_days = DailyRevenueSpec {
        days: 0,
        ..DailyRevenueSpec::default()
    };
    refused! {
        SynthError::UnknownDataset { .. }, tuatara_synth::generate("weekly", None) =>
            "no dataset is called `weekly`; there are: daily-revenue, \
             five-minute-cpu, five-minute-latency, hourly-orders, hourly-sensors, hourly-visits; choose one \
             of them";
        SynthError::OutOfRange { .. }, no_days.generate(1) =>
            "days is 0, outside 1 to 3660; 731 are two years";
        SynthError::NoRoom { .. }, no_room.generate(1) =>
            "1004 incidents do not fit into 731 days with a warm-up of 35 and 28 between two of \
             them; ask for fewer incidents or for more days";
    }
}

#[test]
#[cfg(feature = "neural")]
fn of_networks() {
    use tuatara::neural::NeuralError::*;
    use tuatara::neural::{Activation, Dense, Model};
    let layer = |weights: &[f32]| Dense::new("gate", [1, 2], weights, &[0.0], Activation::Linear);
    let file = |header: &str| {
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.bytes());
        Model::from_bytes(&bytes)
    };
    let said = |said: &str| file(&format!(r#"{{"__metadata__":{{{said}}}}}"#));
    refused! {
        Shape { .. }, layer(&[1.0]) =>
            "gate: 1 numbers where a layer of 2 inputs and 1 outputs has 2; was the file made for \
             another network?";
        NotFinite { .. }, layer(&[1.0, f32::INFINITY]) =>
            "gate: number 1 is inf, not a finite number; train the model again";
        Read { .. }, Model::read("no/such.safetensors") =>
            "no/such.safetensors cannot be read: No such file or directory (os error 2)";
        Damaged { .. }, Model::from_bytes(b"short") =>
            "this is no whole safetensors file: header too small; was it cut off while it was \
             copied?";
        Foreign { .. }, said("") =>
            "the header says format \"\", not \"tuatara-neural\": this is no model of Tuatara; \
             `tuatara train` makes one";
        Newer { .. }, said(r#""format":"tuatara-neural","version":"2""#) =>
            "the model is written in version 2 of the format, and this release reads up to 1; use \
             a newer release, or train the model again with this one";
        Header { .. }, said(r#""format":"tuatara-neural","version":"one""#) =>
            "the header says version \"one\"; allowed: a number; train the model again";
        Tensor { .. }, said(r#""format":"tuatara-neural","version":"1""#) =>
            "forecaster.0.weight is missing; train the model again";
    }
}

#[test]
#[cfg(feature = "holt-winters")]
fn of_smoothing() {
    use tuatara::holt_winters::SmoothingError::*;
    use tuatara::holt_winters::{FitSettings, Model, Season, Trend, Weights};
    let model = |season, period| Model::new(Trend::Additive, season, &[period]).unwrap();
    let factors = model(Season::Multiplicative, 2);
    let fit = |values: &[f64]| factors.fit(values, &FitSettings::default());
    let heavy = FitSettings::given(Weights {
        alpha: 1.5,
        ..Weights::default()
    });
    let huge = [1e308, -1e308, 1e308, -1e308, 1e308];
    refused! {
        Periods { .. }, Model::new(Trend::None, Season::Additive, &[24, 7]) =>
            "the seasonal periods are [24, 7]; allowed: one or two, each of 2 steps and more, the \
             second a longer one; 7 for daily data, 24 and 168 for hourly";
        Weight { .. }, factors.fit(&[1.0; 8], &heavy) =>
            "alpha is 1.5, outside [0, 1]; leave it out to have it fitted";
        TooShort { .. }, fit(&[1.0, 2.0, 3.0]) =>
            "3 buckets of history with 3 values; two seasons are 4 buckets, of which every position \
             needs a value; lengthen the history or shorten the season";
        NotMultiplicative { .. }, fit(&[1.0, 0.0, 3.0, 2.0]) =>
            "no multiplicative season: there are zeros in the history; use an additive one";
        NotMultiplicative { .. }, fit(&huge) =>
            "no multiplicative season: the history has values of both signs; use an additive one";
    }
}
