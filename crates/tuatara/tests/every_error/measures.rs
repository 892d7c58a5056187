//! What measures of quality and the readers of labelled sets refuse.

use tuatara::frame::{Duration, Interval, Zone};
use tuatara_metrics::labelled::{LabelOptions, NabWindows, read_incidents_from, read_series_from};
use tuatara_metrics::operator::{Alert, Watch};
use tuatara_metrics::{
    Decisions, Labels, MetricsError, Probation, RandomDetector, Scores, Truth, Windows,
    average_precision, f1, summarise, ucr_hit,
};

use super::at;

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
