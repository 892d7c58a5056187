//! Every way in which a request is refused, with what is said: the thing, its value, what is
//! allowed and what to do.

#![cfg(all(feature = "yaml", feature = "files"))]

use std::error::Error as StdError;

use tuatara::core::{
    Anomaly, DetectError, Detector, Evaluation, Evidence, Filter, FilterError, Judge, Judgement,
    Lookback, Memo, Needs, Pattern, RankingSpec, Window,
};
use tuatara::frame::events::{CalendarEvent, Country, EventError, EventTime, ExpectedChange};
use tuatara::frame::files::{self, ReadOptions, TimeUnit};
use tuatara::frame::{
    Aggregation, Datasets, Duration, Exploration, Fetched, Frame, FrameError, Granularity, Instant,
    Interval, Lag, LagUnit, Metric, Profile, Series, SeriesView, SliceKey, SliceRequest, Source,
    TimeAxis, ValueRange, Zone,
};
use tuatara::merge::{MergeError, MergePolicy, Thinning, ThinningParams};
use tuatara::rules::ThresholdParams;
use tuatara::{Detection, Error, Rule};
use tuatara_baseline::{Baseline, BaselineError, Offset};
use tuatara_metrics::labelled::{LabelOptions, NabWindows, read_incidents_from, read_series_from};
use tuatara_metrics::operator::{Alert, Watch};
use tuatara_metrics::{
    Decisions, Labels, MetricsError, Probation, RandomDetector, Scores, Truth, Windows,
    average_precision, f1, summarise, ucr_hit,
};
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
             or name another column for the metric (--metric NAME=COLUMN)";
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
        MixedStamps { .. },
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

/// What a host has to say in its own words.
#[derive(Debug)]
struct Own(&'static str);

impl std::fmt::Display for Own {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl StdError for Own {}

/// A source, a detector and a filter that refuse in their own words, each where it is told to.
#[derive(Debug, Clone, Copy)]
enum Refusing {
    Nothing,
    Source,
    Lookback,
    Needs,
    NeedsBaseline,
    NeedsTime,
    Judge,
    Evaluate,
}

impl Source for Refusing {
    fn profile(&self, metric: &str) -> Result<Profile, FrameError> {
        match self {
            Self::Source => Err(FrameError::Other(Box::new(Own("the store is asleep")))),
            _ => frame().profile(metric),
        }
    }

    fn series(&self, request: &SliceRequest) -> Result<Fetched, FrameError> {
        frame().series(request)
    }

    fn explore(&self, exploration: &Exploration) -> Result<Vec<SliceKey>, FrameError> {
        frame().explore(exploration)
    }

    fn aggregate(&self, slice: &SliceKey, interval: Interval) -> Result<f64, FrameError> {
        frame().aggregate(slice, interval)
    }
}

impl Detector for Refusing {
    fn lookback(&self, axis: &TimeAxis) -> Result<Lookback, DetectError> {
        match self {
            Self::Lookback => {
                let back = axis.extended_back(20_000_000);
                back.map(|_| Lookback::NONE).map_err(DetectError::from)
            }
            _ => Ok(Lookback::NONE),
        }
    }

    fn evaluate(
        &self,
        _: SeriesView<'_>,
        _: Window,
        _: &mut Memo,
        _: &mut Evaluation,
    ) -> Result<(), DetectError> {
        Err(DetectError::Other(Box::new(Own("the model is not here"))))
    }
}

impl Filter for Refusing {
    fn needs(&self, _: &SliceKey, axis: &TimeAxis) -> Result<Needs, FilterError> {
        match self {
            Self::Needs => Err(FilterError::Other(Box::new(Own("hours are too fine")))),
            Self::NeedsBaseline => {
                let window = Window::new(axis, 0, axis.len() + 1);
                window.map(|_| Needs::NOTHING).map_err(FilterError::from)
            }
            Self::NeedsTime => {
                let back = axis.extended_back(20_000_000);
                back.map(|_| Needs::NOTHING).map_err(FilterError::from)
            }
            _ => Ok(Needs::NOTHING),
        }
    }

    fn judge(&self, _: &Anomaly, _: &Evidence<'_>, _: &mut Memo) -> Result<Judgement, FilterError> {
        match self {
            Self::Judge => Err(FilterError::Other(Box::new(Own(
                "the calendar is not here",
            )))),
            _ => Ok(Judgement::keep("", 0.0, "")),
        }
    }
}

fn limit() -> Rule {
    let params = ThresholdParams {
        max: Some(2.0),
        min: None,
    };
    Rule::from_params("limit", params).unwrap()
}

fn detection(rule: Rule) -> Detection {
    Detection::builder("all", "value")
        .rule(rule)
        .build()
        .unwrap()
}

fn run(detection: &Detection, source: &dyn Source) -> tuatara::Result<tuatara::Report> {
    let interval = Interval::new(at("2026-01-01T00:00:00Z"), at("2026-01-01T04:00:00Z")).unwrap();
    detection.run(source, interval)
}

#[test]
fn of_sources_detectors_and_filters_of_ones_own() {
    use Refusing::*;
    let with_filter = |filter: Refusing| {
        let rule = limit().with_filter("own:FILTER", Box::new(filter));
        run(&detection(rule), &frame())
    };
    let with_detector = |detector: Refusing| {
        run(
            &detection(Rule::new("own:RULE", Box::new(detector))),
            &Nothing,
        )
    };
    refused! {
        Error::Frame(FrameError::Other(_)), run(&detection(limit()), &Source) =>
            "the store is asleep";
        Error::Detect { .. }, with_detector(Evaluate) => "rule own:RULE: the model is not here";
        Error::Detect { .. }, with_detector(Lookback) =>
            "rule own:RULE: a grid of PT1H with 20000004 buckets from bucket -19509104 leaves \
             the years 1 to 9999; ask for a shorter interval";
        Error::Filter { .. }, with_filter(Needs) => "filter own:FILTER: hours are too fine";
        Error::Filter { .. }, with_filter(NeedsBaseline) =>
            "filter own:FILTER: window 0..5 does not lie on an axis of 4 buckets; ask for a \
             range with start <= end <= 4";
        Error::Filter { .. }, with_filter(NeedsTime) =>
            "filter own:FILTER: a grid of PT1H with 20000004 buckets from bucket -19509104 \
             leaves the years 1 to 9999; ask for a shorter interval";
        Error::Merge { source: MergeError::Filter { .. }, .. }, with_filter(Judge) =>
            "rule limit:THRESHOLD: filter own:FILTER: the calendar is not here";
    }
    // What was refused in somebody's own words can be found again.
    let refused = with_detector(Evaluate).unwrap_err();
    let Error::Detect { source, .. } = refused else {
        panic!("{refused:?}");
    };
    let DetectError::Other(own) = *source else {
        panic!("{source:?}");
    };
    assert!(own.is::<Own>());
}

#[test]
fn of_detections_and_runs() {
    let frame = frame();
    let all = detection(limit());
    let report = run(&all, &frame).unwrap();
    let hours = |from: &str, to: &str| Interval::new(at(from), at(to)).unwrap();
    let later = hours("2026-01-01T05:00:00Z", "2026-01-01T06:00:00Z");
    let next = hours("2026-01-01T04:00:00Z", "2026-01-01T05:00:00Z");
    let other = Detection::builder("other", "value")
        .rule(limit())
        .build()
        .unwrap();
    let one_country = Detection::builder("by country", "value")
        .by(["series"])
        .combination_limit(1)
        .rule(limit())
        .build()
        .unwrap();
    let yesterday = RankingSpec {
        k: Some(1),
        lookback: Duration::days(1),
        ..Default::default()
    };
    let by_yesterday = Detection::builder("large yesterday", "value")
        .watch(yesterday.build().unwrap())
        .rule(limit())
        .build()
        .unwrap();
    let weeks = Frame::builder("weeks", [Metric::new("value")]);
    let mut weeks = weeks.granularity("P1W".parse().unwrap());
    weeks.row(at("2026-01-05T00:00:00Z"), &[], &[1.0]).unwrap();
    let weeks = weeks.build().unwrap();
    let slice = report.slices()[0].key();
    let twice = Detection::builder("all", "value")
        .rule(limit())
        .rule(limit())
        .build();
    refused! {
        Error::Spec(_), Detection::from_yaml("") =>
            "error[empty-document]: there is nothing in it\n  --> spec.yaml\n   = allowed: a \
             detection\n   = help: begin with `detectionName:`, `metric:` and `rules:`";
        Error::NoRules { .. }, Detection::builder("all", "value").build() =>
            "detection \"all\" has no rule; add at least one with DetectionBuilder::rule";
        Error::DuplicateName { .. }, twice =>
            "the name \"limit:THRESHOLD\" is used twice in detection \"all\"; give each its own";
        Error::TooManyCombinations { .. }, run(&one_country, &frame) =>
            "detection \"by country\" explores 2 combinations of series, more than the 1 that are \
             allowed; keep fewer rows (filters), explore fewer dimensions, or allow more \
             (combinationLimit, DetectionBuilder::combination_limit)";
        Error::ShortLookback { .. }, run(&by_yesterday, &weeks) =>
            "the lookback P1D of the dimension exploration may hold no whole bucket of P1W, the \
             step of the data; look back P7D or more";
        Error::CarryGap { .. }, all.run_with(&frame, later, report.carry()) =>
            "the state ends at 2026-01-01T04:00:00Z, but the run starts at \
             2026-01-01T05:00:00Z; start there, so that no bucket is missed or counted twice";
        Error::OutsideRun { .. }, report.explain(slice, at("2026-01-01T04:00:00Z")) =>
            "2026-01-01T04:00:00Z lies in no bucket of the run over \
             2026-01-01T00:00:00Z/2026-01-01T04:00:00Z; ask for an instant within it";
        Error::UnknownSlice { .. }, report.slice(&SliceKey::new("valeu")) =>
            "the run has no slice valeu, did you mean value?; it has value";
    }
    let foreign = other.run_with(&frame, next, report.carry()).unwrap_err();
    assert!(matches!(foreign, Error::ForeignCarry { .. }), "{foreign:?}");
    let said = foreign.to_string();
    assert!(said.starts_with("the state belongs to \"all\" ("), "{said}");
    assert!(said.contains("), this is \"other\" ("), "{said}");
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

#[test]
fn of_measures_of_quality() {
    use MetricsError as E;
    let labels = Labels::new(vec![false, true, false, true]);
    let truth = Truth::from_labels(labels.clone(), Probation::Rows(0)).unwrap();
    let scores = |rows: usize| Scores::new(vec![0.5; rows]).unwrap();
    let span = |from: &str, to: &str| {
        Interval::new(
            at(&format!("2026-{from}T00:00:00Z")),
            at(&format!("2026-{to}T00:00:00Z")),
        )
        .unwrap()
    };
    let year = span("01-01", "12-31");
    let watch = |incidents: Vec<Interval>, alerts: Vec<Alert>| {
        Watch::new("load", year, Duration::hours(1), incidents, alerts)
    };
    let may = Alert {
        interval: span("05-01", "05-02"),
        reportable_at: at("2026-04-30T00:00:00Z"),
    };
    let later = span("12-31", "12-31");
    refused! {
        E::Length { .. }, average_precision(&labels, &scores(3)) =>
            "3 scores do not go with 4 labels; give one for every row, in row order";
        E::Length { .. }, f1(&labels, &Decisions::new(vec![true])) =>
            "1 decisions do not go with 4 labels; give one for every row, in row order";
        E::Window { .. }, Windows::new(4, Some(2..6)) =>
            "the window 2..6 does not lie in 4 rows; give ranges with start < end <= 4, the end \
             not included";
        E::WindowsOverlap { .. }, Windows::new(4, [0..3, 2..4]) =>
            "the windows 0..3 and 2..4 overlap; join them into one";
        E::InfiniteScore { .. }, Scores::new(vec![f64::NEG_INFINITY]) =>
            "the score of row 0 is -inf; allowed: finite numbers, and NaN for no opinion; write a \
             large finite number where certainty is meant";
        E::Probation { .. }, labels.from_row(5) =>
            "5 rows are to be left out of scoring and there are 4; allowed: 0 to 4; leave fewer out";
        E::Setting { .. }, RandomDetector::new(1, 2.0) =>
            "rate of the random detector is 2, outside [0, 1]; 0.01 flags one row in a hundred";
        E::NotOneAnomaly { .. }, ucr_hit(&truth, &scores(4)) =>
            "the UCR accuracy asks for the one anomaly of a series, and this one has 2 where it \
             is scored; allowed: 1; use another measure, or leave the series out";
        E::Answers { .. }, summarise("ours", &[], &[], 5) =>
            "ours answers for 0 series and there are 0; allowed: one answer for each of at least \
             one series, in the same order";
        E::Setting { .. }, Watch::new("load", later, Duration::hours(1), vec![], vec![]) =>
            "watched time is 0, outside (0, ∞) ms; give the time from a bucket to the next, and \
             the span that was judged";
        E::Unwatched { .. }, watch(vec![later], vec![]) =>
            "load: the incident 2026-12-31T00:00:00Z/2026-12-31T00:00:00Z has no part in \
             2026-01-01T00:00:00Z/2026-12-31T00:00:00Z, in which it was watched; leave it out, or \
             watch longer";
        E::ReportedBefore { .. }, watch(vec![], vec![may]) =>
            "load: the alert 2026-05-01T00:00:00Z/2026-05-02T00:00:00Z became reportable at \
             2026-04-30T00:00:00Z, before it began; give the end of the first bucket at which it \
             was reported";
    }
}

#[test]
fn of_labelled_sets() {
    use MetricsError as E;
    let series = |text: &str, file: &str| {
        let options = LabelOptions::default();
        read_series_from(text.as_bytes(), file, &options)
    };
    let incidents = |text: &str| read_incidents_from(text.as_bytes(), "i.csv", Zone::UTC);
    let windows = |text: &str| NabWindows::read(text.as_bytes(), "w.json");
    let nab = |text: &str| {
        let data = "timestamp,value\n2026-01-01 00:00:00,1\n";
        windows(text).unwrap().series("a.csv", data.as_bytes())
    };
    refused! {
        E::RaggedRow { .. }, series("time,value,label\n2026-01-01,1\n", "a.csv") =>
            "a.csv, row 2: 2 cell(s) under a header of 3; put quotes around a cell that holds the \
             delimiter";
        E::NoColumn { .. }, series("time,value\n2026-01-01,1\n", "a.csv") =>
            "a.csv has no column `label` for the label; it has: time, value; name the column";
        E::SeveralColumns { .. }, series("time,ds,value,label\n2026-01-01,1,1,0\n", "a.csv") =>
            "a.csv has several columns that may be the time: time, ds; name the one to read";
        E::BadLabel { .. }, series("time,value,label\n2026-01-01,1,2\n", "a.csv") =>
            "a.csv, row 2, column `label`: `2` is not a label; allowed: 0 and 1, and nothing in \
             rows that are not scored; write 1 where the row is anomalous and 0 elsewhere";
        E::BadSplit { .. }, series("time,value,label,split\n2026-01-01,1,0,valid\n", "a.csv") =>
            "a.csv, row 2, column `split`: `valid` is no part; allowed: `train` in the first rows \
             and `test` in all others; correct it, or leave the column out";
        E::InFile { .. }, series("time,value,label\n2026-01-01,1,0\n", "a__train7.csv") =>
            "a__train7.csv: 7 rows are to be left out of scoring and there are 1; allowed: 0 to 1; \
             leave fewer out";
        E::Frame(_), series("", "a.csv") =>
            "a.csv is empty; the first line names the columns, such as `timestamp,value`";
        E::IncidentReversed { .. }, incidents("start,end\n2026-01-02,2026-01-01\n") =>
            "i.csv, row 2, column `end`: `2026-01-01` does not lie after the start \
             2026-01-02T00:00:00Z; the end is not included: write the first instant that is \
             normal again";
        E::BadWindows { .. }, windows("[]") =>
            "w.json, row 1, byte 0: invalid type: sequence, expected a map; \
             allowed: an object with a list of [\"first stamp\", \"last stamp\"] for each file, as \
             in combined_windows.json";
        E::NoWindows { .. }, nab("{}") =>
            "w.json has no windows for `a.csv`; add an entry, with an empty list where nothing is \
             anomalous";
        E::NoSuchRow { .. }, nab(r#"{"a.csv": [["noon", "night"]]}"#) =>
            "w.json: no row of `a.csv` has the stamp `noon` of its window; give the stamps of the \
             first and the last row in it, such as 2014-04-10 07:15:00";
    }
}
