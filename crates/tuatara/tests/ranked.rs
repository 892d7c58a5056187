//! Which combinations are watched on which day: small tables, worked out by hand.

#![cfg(feature = "yaml")]

use tuatara::core::Verdict;
use tuatara::frame::{
    Aggregation, Duration, Exploration, Fetched, Frame, FrameError, Instant, Interval, Metric,
    Profile, SliceKey, SliceRequest, Source,
};
use tuatara::{Detection, Error, Report};

/// 1 May 2024, 00:00 UTC, plus some days and hours.
fn at(day: i64, hour: i64) -> Instant {
    Instant::from_millis(1_714_521_600_000 + (day * 24 + hour) * 3_600_000).unwrap()
}

fn days(from: i64, to: i64) -> Interval {
    Interval::new(at(from, 0), at(to, 0)).unwrap()
}

/// A value a day from 1 May on for each country; NaN is no row.
fn daily(metric: Metric, countries: &[(&str, &[f64])]) -> Frame {
    let mut rows = Frame::builder("shop", [metric])
        .dimensions(["country"])
        .granularity("P1D".parse().unwrap());
    for (country, values) in countries {
        for (day, value) in values.iter().enumerate() {
            if !value.is_nan() {
                rows.row(at(day as i64, 0), &[country], &[*value]).unwrap();
            }
        }
    }
    rows.build().unwrap()
}

fn revenue(countries: &[(&str, &[f64])]) -> Frame {
    daily(Metric::new("revenue"), countries)
}

/// Watches `revenue` by a limit of 1000, with these lines under `dimensionExploration`.
fn watching(lines: &[&str]) -> Detection {
    let lines: String = lines.iter().map(|line| format!("  {line}\n")).collect();
    Detection::from_yaml(&format!(
        "detectionName: high\nmetric: revenue\ndimensionExploration:\n{lines}rules:\n  - detection: \
         {{ name: limit, type: THRESHOLD, params: {{ max: 1000 }} }}\nmerger: {{ maxGap: P2D }}\n"
    ))
    .unwrap()
}

/// Of each slice, in order, a letter for each bucket: `i`nactive, `n`ormal, `a`nomalous, `-` missing, `?`
/// incomplete.
fn letters(report: &Report) -> Vec<String> {
    let letter = |verdict| match verdict {
        Verdict::Inactive => 'i',
        Verdict::Normal => 'n',
        Verdict::Anomalous(_) => 'a',
        Verdict::Missing => '-',
        Verdict::Incomplete => '?',
        other => panic!("{other}"),
    };
    let slices = report.slices().iter();
    slices
        .map(|slice| {
            let rows = slice.rules()[0].rows();
            rows.map(|(_, row)| letter(row.verdict)).collect()
        })
        .collect()
}

fn run(detection: &Detection, frame: &Frame) -> Report {
    let extent = detection.extent(frame).unwrap();
    detection.run(frame, extent).unwrap()
}

fn why(report: &Report, slice: &str, at: Instant) -> String {
    let slice: SliceKey = slice.parse().unwrap();
    report.explain(&slice, at).unwrap()[0].headline()
}

const NAN: f64 = f64::NAN;

/// Shares over two days: of the first day 90 %, 8 %, 2 %; the small one grows from 5 May on.
#[test]
fn a_combination_is_watched_once_its_share_of_the_days_before_is_large_enough() {
    let frame = revenue(&[
        ("AT", &[90.0; 9]),
        ("BE", &[8.0; 9]),
        ("CH", &[2.0, 2.0, 2.0, 2.0, 10.0, 10.0, 2.0, 2.0, 2.0]),
    ]);
    let detection = watching(&[
        "dimensions: [country]",
        "minContribution: 0.05",
        "lookback: 2d",
    ]);
    let report = run(&detection, &frame);
    // CH: 2 + 10 of 208 is 5.8 % on the 6th, 20 of 216 on the 7th, 12 of 208 on the 8th.
    assert_eq!(letters(&report), ["innnnnnnn", "innnnnnnn", "iiiiinnni"]);
    let counts: Vec<usize> = report.watched_by_day().iter().map(|day| day.1).collect();
    assert_eq!(counts, [0, 2, 2, 2, 2, 3, 3, 3, 2]);
    assert_eq!(report.watched_by_day()[1].0, days(1, 2));
    assert_eq!(
        report.notes(),
        [
            "0 to 3 of 3 slices watched on each of 9 days, ranked by revenue over the 2 days before it"
        ]
    );
    assert_eq!(
        why(&report, "revenue{country=CH}", at(2, 0)),
        "Not watched on 2024-05-03: its share of revenue over the 2 days before is 2 %, at least 5 % \
         is asked."
    );
    assert_eq!(
        why(&report, "revenue{country=AT}", at(0, 0)),
        "Not watched on 2024-05-01: there was no revenue over the 2 days before."
    );
    let quiet = &report
        .explain(&"revenue{country=AT}".parse().unwrap(), at(1, 0))
        .unwrap()[0];
    assert!(quiet.unwatched.is_none() && quiet.headline().starts_with("Quiet: "));
}

#[test]
fn what_is_not_watched_is_observed_without_a_score_and_explained_with_what_was_looked_back_at() {
    let frame = revenue(&[("AT", &[2000.0; 4]), ("BE", &[3000.0; 4])]);
    let report = run(
        &watching(&["dimensions: country", "k: 1", "lookback: 1d"]),
        &frame,
    );
    assert_eq!(letters(&report), ["iiii", "iaaa"]);
    let (bucket, row) = report.slices()[0].rules()[0].row(2).unwrap();
    assert_eq!((bucket, row.observed), (days(2, 3), 2000.0));
    assert!(row.score.is_nan() && row.expected.is_nan() && row.upper.is_nan());
    let slice: SliceKey = "revenue{country=AT}".parse().unwrap();
    let said = report.explain(&slice, at(2, 0)).unwrap()[0].to_string();
    assert_eq!(
        said,
        "revenue{country=AT} at 2024-05-03T00:00:00Z by limit:THRESHOLD\n  Not watched on \
         2024-05-03: ranked 2nd by revenue over the day before, the first is watched.\n  verdict \
         inactive\n  - ranked over 2024-05-02T00:00:00Z/2024-05-03T00:00:00Z\n"
    );
    assert_eq!(report.anomalies().len(), 1);
}

#[test]
fn equal_values_are_ranked_by_name_and_gaps_have_no_place() {
    let frame = revenue(&[
        ("AT", &[NAN, 5.0, 5.0, 5.0]),
        ("BE", &[5.0, 5.0, NAN, 5.0]),
        ("CH", &[5.0, 5.0, 5.0, 5.0]),
    ]);
    let report = run(
        &watching(&["dimensions: country", "k: 2", "lookback: 1d"]),
        &frame,
    );
    assert_eq!(letters(&report), ["iinn", "in-i", "inin"]);
}

/// Values and rates of three days: 30 is 10 a day and 10/24 an hour.
#[test]
fn limits_are_on_the_sum_of_the_lookback_or_its_rate() {
    let frame = revenue(&[("AT", &[9.0; 5]), ("BE", &[10.0; 5]), ("CH", &[11.0; 5])]);
    // On the second day the data hold one day of the lookback: a rate counts what is there.
    for (limit, expected) in [
        ("minValue: 30", ["iiiii", "iiinn", "iiinn"]),
        ("minValueDaily: 10", ["iiiii", "innnn", "innnn"]),
        ("maxValueDaily: 10", ["innnn", "innnn", "iiiii"]),
        ("minValueHourly: 0.42", ["iiiii", "iiiii", "innnn"]),
        ("maxValueHourly: 0.4", ["innnn", "iiiii", "iiiii"]),
    ] {
        let report = run(
            &watching(&["dimensions: country", limit, "lookback: 3d"]),
            &frame,
        );
        assert_eq!(letters(&report), expected, "{limit}");
    }
}

#[test]
fn a_live_zone_asks_for_live_buckets_and_for_their_mean() {
    let frame = revenue(&[
        // Three of four live, mean 8; two of four, mean 9; one of four; two of four, mean 6.
        ("AT", &[8.0, 8.0, 1.0, 8.0, 0.0]),
        ("BE", &[9.0, NAN, NAN, 9.0, 0.0]),
        ("CH", &[90.0, 1.0, 1.0, 1.0, 0.0]),
        ("DE", &[6.0, 6.0, 0.0, 0.0, 0.0]),
    ]);
    let lines = [
        "dimensions: country",
        "minLiveZone: 5",
        "minValue: 7",
        "lookback: P4D",
    ];
    let detection = watching(&lines);
    let report = detection.run(&frame, days(4, 5)).unwrap();
    assert_eq!(letters(&report), ["n", "n", "i", "i"]);
    assert_eq!(
        why(&report, "revenue{country=CH}", at(4, 0)),
        "Not watched on 2024-05-05: its revenue was above 5 in 25 % of the buckets of the 4 days \
         before, at least 50 % is asked."
    );
    assert_eq!(
        why(&report, "revenue{country=DE}", at(4, 0)),
        "Not watched on 2024-05-05: the mean of its revenue in buckets above 5 over the 4 days \
         before is 6, at least 7 is asked."
    );
    let quarter = [&lines[..], &["liveBucketPercentageThreshold: 0.25"]].concat();
    let report = watching(&quarter).run(&frame, days(4, 5)).unwrap();
    assert_eq!(letters(&report), ["n", "n", "n", "i"]);
}

#[test]
fn another_metric_of_the_dataset_can_rank() {
    let mut rows = Frame::builder("shop", [Metric::new("revenue"), Metric::new("visits")])
        .dimensions(["country"])
        .granularity("P1D".parse().unwrap());
    for day in 0..3 {
        rows.row(at(day, 0), &["AT"], &[900.0, 10.0]).unwrap();
        rows.row(at(day, 0), &["BE"], &[100.0, 20.0]).unwrap();
    }
    let frame = rows.build().unwrap();
    let lines = [
        "dimensions: country",
        "k: 1",
        "dimensionFilterMetric: visits",
    ];
    let report = run(&watching(&lines), &frame);
    assert_eq!(letters(&report), ["iii", "inn"]);
    assert_eq!(
        why(&report, "revenue{country=AT}", at(1, 0)),
        "Not watched on 2024-05-02: ranked 2nd by visits over the 7 days before, the first is \
         watched."
    );
    let unknown = watching(&[
        "dimensions: country",
        "k: 1",
        "dimensionFilterMetric: visit",
    ]);
    let error = unknown.run(&frame, days(0, 3)).unwrap_err().to_string();
    assert!(error.contains("visits"), "{error}");
}

/// A mean of means would be (1 + 10) / 2: the source is asked for all rows.
#[test]
fn a_mean_is_that_of_all_rows_of_the_lookback() {
    let mean = Metric::new("revenue").with_aggregation(Aggregation::Mean);
    let mut rows = Frame::builder("shop", [mean])
        .dimensions(["country", "shop"])
        .granularity("P1D".parse().unwrap());
    for (day, shop, value) in [
        (0, "a", 1.0),
        (1, "a", 10.0),
        (1, "b", 10.0),
        (2, "a", 10.0),
    ] {
        rows.row(at(day, 0), &["AT", shop], &[value]).unwrap();
    }
    let frame = rows.build().unwrap();
    let asked = |least: &str| {
        let least = format!("minValueDaily: {least}");
        let lines = ["dimensions: country", &least, "lookback: 2d"];
        letters(&watching(&lines).run(&frame, days(2, 3)).unwrap())
    };
    assert_eq!([asked("7"), asked("7.1")], [["n"], ["i"]]);
}

#[test]
fn without_dimensions_the_section_is_a_filter_on_the_data() {
    let frame = revenue(&[
        ("AT", &[5.0, 5.0, 1.0, 5.0, 5.0]),
        ("BE", &[5.0, 5.0, 1.0, 5.0, 5.0]),
    ]);
    let report = run(&watching(&["minValueDaily: 10", "lookback: 1d"]), &frame);
    assert_eq!(letters(&report), ["innin"]);
    assert_eq!(
        why(&report, "revenue", at(3, 0)),
        "Not watched on 2024-05-04: its revenue per day over the day before is 2, at least 10 is \
         asked."
    );
    assert_eq!(
        report.ranking_notes(),
        ["0 to 1 of 1 slice watched on each of 5 days, ranked by revenue over the day before it"]
    );
}

/// Too high from the 3rd on; on the 4th, and from the 6th on, the share of the day before is too small.
#[test]
fn an_open_anomaly_waits_while_its_slice_is_not_watched_and_closes_as_over_unflagged_rows() {
    let (high, more) = (2000.0, 3000.0);
    let frame = revenue(&[
        ("AT", &[9.0, 9.0, high, high, high, high, high, high, high]),
        ("BE", &[1.0, 1.0, more, 1.0, more, more, more, more, 1.0]),
    ]);
    let lines = [
        "dimensions: country",
        "minContribution: 0.5",
        "lookback: 1d",
    ];
    let report = run(&watching(&lines), &frame);
    assert_eq!(letters(&report)[0], "inaiaiiii");
    let of_at = |slice: &SliceKey| slice.to_string() == "revenue{country=AT}";
    let found: Vec<_> = report
        .anomalies()
        .iter()
        .filter(|one| of_at(&one.slice))
        .collect();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].interval, found[0].flagged), (days(2, 5), 2));
    // The bucket between was not judged and takes no part.
    assert_eq!((found[0].observed, found[0].expected), (4000.0, 2000.0));
    let closed = report
        .events()
        .iter()
        .rfind(|event| of_at(&event.anomaly.slice))
        .unwrap();
    assert_eq!((closed.kind.as_str(), closed.at), ("closed", at(8, 0)));
    // On the 4th it waits.
    let waits = &report.explain(&found[0].slice, at(3, 0)).unwrap()[0];
    assert_eq!(waits.row.verdict, Verdict::Inactive);
    assert!(waits.reported && waits.candidate.as_ref().unwrap().interval == days(2, 3));
}

/// Hours with rows up to three hours late: a day is ranked by what was complete when it began.
#[test]
fn what_may_still_get_rows_when_a_day_begins_does_not_count() {
    let hours = |late: Duration| {
        let mut rows = Frame::builder("shop", [Metric::new("revenue")])
            .dimensions(["country"])
            .granularity("PT1H".parse().unwrap())
            .completeness_delay(late);
        for hour in 0..96 {
            rows.row(at(0, hour), &["AT"], &[1.0]).unwrap();
            let spike = if hour == 22 { 100.0 } else { 0.0 };
            rows.row(at(0, hour), &["BE"], &[spike]).unwrap();
        }
        rows.build().unwrap()
    };
    let detection = watching(&["dimensions: country", "k: 1", "lookback: 1d"]);
    let watched = |late: Duration| -> Vec<String> {
        let report = detection.run(&hours(late), days(0, 4)).unwrap();
        let midnights = |letters: &String| [0, 24, 48].map(|hour| letters.as_bytes()[hour] as char);
        let letters = letters(&report);
        letters
            .iter()
            .map(|hours| midnights(hours).iter().collect())
            .collect()
    };
    assert_eq!(watched(Duration::ZERO), ["iin", "ini"]);
    // At midnight the spike of 22:00 is not known yet: it counts a day later.
    assert_eq!(watched(Duration::hours(3)), ["ini", "iin"]);
}

/// By the days of New York a day of UTC has not ended when the next begins.
#[test]
fn a_bucket_belongs_to_the_day_of_the_given_zone_in_which_it_starts() {
    let frame = revenue(&[("AT", &[5.0; 6]), ("BE", &[1.0, 9.0, 1.0, 1.0, 1.0, 1.0])]);
    let watched = |zone: &str| {
        let zone = format!("timezone: {zone}");
        let lines = ["dimensions: country", "k: 1", "lookback: 1d", &zone];
        letters(&run(&watching(&lines), &frame))
    };
    assert_eq!(watched("UTC"), ["ininnn", "iiniii"]);
    assert_eq!(watched("America/New_York"), ["iininn", "iiinii"]);
}

/// Days from Wednesday, 1 May on; weeks begin on the 6th and the 13th.
#[test]
fn a_bucket_longer_than_a_day_belongs_to_the_day_in_which_it_starts() {
    let mut be = [1.0; 19];
    be[..5].fill(20.0);
    let frame = revenue(&[("AT", &[10.0; 19]), ("BE", &be)]);
    let by_week = Detection::from_yaml(
        "
detectionName: weeks
metric: revenue
dimensionExploration: { dimensions: country, k: 1 }
rules:
  - detection:
      - name: limit
        type: THRESHOLD
        params: { max: 1000, monitoringGranularity: 1_WEEKS }
",
    );
    let report = run(&by_week.unwrap(), &frame);
    assert_eq!(letters(&report), ["iin", "ini"]);
    assert_eq!(
        why(&report, "revenue{country=AT}", at(9, 0)),
        "Not watched on 2024-05-06: ranked 2nd by revenue over the 7 days before, the first is \
         watched."
    );
}

#[test]
fn ranked_once_the_run_is_watched_by_hindsight_and_says_so() {
    let frame = revenue(&[("AT", &[10.0; 5]), ("BE", &[1.0, 1.0, 1.0, 1.0, 100.0])]);
    let lines = [
        "dimensions: country",
        "k: 1",
        "explore: once",
        "lookback: 1d",
    ];
    let report = run(&watching(&lines), &frame);
    assert_eq!(letters(&report), ["iiiii", "nnnnn"]);
    assert_eq!(report.watched_by_day(), [(days(0, 5), 1)]);
    assert_eq!(
        report.notes(),
        ["1 of 2 slices watched, ranked once by revenue over \
          2024-05-01T00:00:00Z/2024-05-06T00:00:00Z: that is hindsight, as what was watched at its \
          beginning depends on what came later"]
    );
    assert_eq!(
        why(&report, "revenue{country=AT}", at(1, 0)),
        "Not watched in this run: ranked 2nd by revenue over the run, the first is watched."
    );
}

/// Says what there is, and must not be asked for a series.
#[derive(Debug)]
struct Unread<'a>(&'a Frame);

impl Source for Unread<'_> {
    fn profile(&self, metric: &str) -> Result<Profile, FrameError> {
        self.0.profile(metric)
    }

    fn series(&self, request: &SliceRequest) -> Result<Fetched, FrameError> {
        panic!("{} is read", request.slice)
    }

    fn explore(&self, exploration: &Exploration) -> Result<Vec<SliceKey>, FrameError> {
        self.0.explore(exploration)
    }

    fn aggregate(&self, slice: &SliceKey, _: Interval) -> Result<f64, FrameError> {
        panic!("{slice} is read")
    }
}

#[test]
fn too_many_combinations_are_refused_before_any_is_read() {
    let frame = revenue(&[("AT", &[1.0]), ("BE", &[1.0]), ("CH", &[1.0])]);
    let detection = watching(&["dimensions: country", "k: 1", "combinationLimit: 2"]);
    let error = detection.run(&Unread(&frame), days(0, 1)).unwrap_err();
    let Error::TooManyCombinations {
        count: 3, limit: 2, ..
    } = error
    else {
        panic!("{error}");
    };
    let enough = watching(&["dimensions: country", "k: 1", "combinationLimit: 3"]);
    assert_eq!(run(&enough, &frame).slices().len(), 3);
}

#[test]
fn a_lookback_shorter_than_the_buckets_of_the_data_is_refused() {
    let refused = |granularity: &str, lookback: &str| {
        let mut rows = Frame::builder("shop", [Metric::new("revenue")])
            .dimensions(["country"])
            .granularity(granularity.parse().unwrap());
        rows.row(at(0, 0), &["AT"], &[1.0]).unwrap();
        let lookback = format!("lookback: {lookback}");
        let detection = watching(&["dimensions: country", "k: 1", &lookback]);
        let report = detection.run(&rows.build().unwrap(), days(0, 40));
        report.err().map(|error| error.to_string())
    };
    assert_eq!(refused("P1W", "7d"), None);
    assert_eq!(refused("P1M", "31d"), None);
    let month = refused("P1M", "30d").unwrap();
    assert_eq!(
        month,
        "the lookback P30D of the dimension exploration may hold no whole bucket of P1M, the step of \
         the data; look back P31D or more"
    );
    assert!(
        refused("P1W", "6d")
            .unwrap()
            .ends_with("look back P7D or more")
    );
}
