//! Every way in which a question about history is refused, with what is said.

mod shop;

use shop::{at, below, shops, span};
use tuatara::Detection;
use tuatara::frame::{Aggregation, Duration, Frame, Granularity, Metric};
use tuatara_backtest::inject::{Injected, Injection, InjectionParams};
use tuatara_backtest::{Backtest, BacktestError, Budget, Known, Ran, Setting, Tuning, values};
use tuatara_metrics::labelled::{
    LabelOptions, LabelledSeries, read_incidents_from, read_series_from,
};

fn labelled(text: &str, options: &LabelOptions) -> Known {
    let series: LabelledSeries = read_series_from(text.as_bytes(), "disk.csv", options).unwrap();
    Known::Rows(Box::new(series))
}

#[test]
fn each_error_names_what_is_wrong_and_what_to_do() {
    use tuatara::frame::files::TimeUnit;
    let (frame, detection) = (shops(&["one", "two"], 48, |_, _| None), below(85.0, ""));
    let ran = Ran::over(&detection, &frame, span(0, 48), Duration::ZERO, None).unwrap();
    let said = |known: Known| {
        let mut backtest = Backtest::new(["few"]);
        backtest
            .add(Some("disk.csv"), &[(&ran, &frame)], &known)
            .unwrap_err()
            .to_string()
    };
    let rows = "timestamp,value,label\n2026-01-05 00:00,5,0\n2026-01-05 01:00,9,1\n";
    assert_eq!(
        said(labelled(rows, &LabelOptions::default())),
        "disk.csv has a label for every row, which are those of one series, and the detection looks at \
         2 slices of it; list incidents as start,end with a column for each dimension, or leave the \
         dimensions out of the detection"
    );
    let one = shops(&["one"], 48, |_, _| None);
    let ran = Ran::over(&detection, &one, span(0, 48), Duration::ZERO, None).unwrap();
    let counted = LabelOptions::default().time_unit(TimeUnit::Rows);
    let known = labelled("timestamp,value,label\n0,5,0\n1,9,1\n", &counted);
    let mut backtest = Backtest::new(["few"]);
    assert_eq!(
        backtest
            .add(Some("disk.csv"), &[(&ran, &one)], &known)
            .unwrap_err()
            .to_string(),
        "the rows of disk.csv have no time, so that alerts have no delay; declare what its stamps count"
    );
    assert_eq!(
        Backtest::new(["few"])
            .contestants(1)
            .unwrap_err()
            .to_string(),
        "nothing was judged; name at least one set of data with a series"
    );
    // Everything is found, so that there is no place for anything else.
    let always = below(200.0, "");
    let params = InjectionParams {
        lasting: Duration::hours(4),
        within: Duration::hours(4),
        trials: 1,
        seed: 1,
        arrival: Duration::ZERO,
    };
    let error = Injection::new(&always, &one, &one, span(0, 48), &Known::Nothing, params);
    assert_eq!(
        error.unwrap_err().to_string(),
        "few orders judges no bucket that is PT0S away from everything it finds with PT4H of history \
         behind it; give more history, or shorten the incident or the merger's maxGap"
    );
    assert_eq!(
        "dip=1%".parse::<Injected>().unwrap_err().to_string(),
        "`dip=1%` is no incident; allowed: spike=50%, drop=20% up to 100%, zero, level=-10%, \
         trend=5%/day, variance=200%, flat, gap; write one of them with a size of your own"
    );
    assert!(matches!(
        "2".parse::<Budget>(),
        Err(BacktestError::BadBudget { .. })
    ));
    assert_eq!(
        values("1..").unwrap_err().to_string(),
        "`1..` is no list of values; allowed: values with commas between, or two numbers with `..` \
         between, and behind them / and how many there are to be, from 2 to 1000; write 0..10/11"
    );
    let twins = "detectionName: d\nmetric: m\nrules:\n- detection: { name: a, type: FLATLINE }\n\
                 - detection: { name: a, type: FLATLINE }\n";
    assert_eq!(
        Setting::find(twins, "spec.yaml", "a.tolerance")
            .unwrap_err()
            .to_string(),
        "a.tolerance: 2 components are called `a`; write the path from the top, such as \
         rules[0].detection[0].params.sensitivity"
    );
}

#[test]
fn what_the_engine_the_source_and_the_measures_refuse_is_passed_on() {
    let frame = shops(&["one"], 48, |_, _| None);
    let other = tuatara::Detection::from_yaml(
        "detectionName: d\nmetric: visits\nrules:\n- detection: { name: a, type: FLATLINE }\n",
    )
    .unwrap();
    let error = Ran::over(&other, &frame, span(0, 48), Duration::ZERO, None).unwrap_err();
    assert!(matches!(error, BacktestError::Frame(_)), "{error:?}");
    let error = Setting::find("rules: [", "spec.yaml", "rules").unwrap_err();
    assert!(matches!(error, BacktestError::Engine(_)), "{error:?}");
    assert!(error.to_string().contains("spec.yaml:1:"), "{error}");
}

#[test]
fn labels_that_belong_to_something_else_are_refused() {
    let (frame, detection) = (shops(&["one"], 48, |_, _| None), below(85.0, ""));
    let ran = Ran::over(&detection, &frame, span(0, 48), Duration::ZERO, None).unwrap();
    let said = |known: &Known| {
        let mut backtest = Backtest::new(["few"]);
        let added = backtest.add(Some("disk.csv"), &[(&ran, &frame)], known);
        added.unwrap_err().to_string()
    };
    let rows = "timestamp,value,label\n2024-01-05 00:00,5,0\n2024-01-05 01:00,9,1\n";
    assert_eq!(
        said(&labelled(rows, &LabelOptions::default())),
        "the rows of disk.csv are from 2024-01-05T00:00:00Z to 2024-01-05T01:00:00Z, and none of them \
         lies in the time that is judged, 2026-01-05T00:00:00Z/2026-01-07T00:00:00Z; give the labels of \
         these data, or another --since and --until"
    );
    let list = "start,end,shops\n2026-01-05,2026-01-06,one\n";
    let list = read_incidents_from(list.as_bytes(), "labels.csv", Default::default()).unwrap();
    assert_eq!(
        said(&Known::Incidents(list)),
        "the incident in line 2 is confined by `shops`, which no series has; they have: shop; did you \
         mean `shop`?"
    );
    // A value is tuned by the labels of one series, too.
    let two = shops(&["one", "two"], 48, |_, _| None);
    let ran = Ran::over(&detection, &two, span(0, 48), Duration::ZERO, None).unwrap();
    let mut tuning = Tuning::new("1/day".parse().unwrap(), span(0, 48), 0.5);
    let rows = "timestamp,value,label\n2026-01-05 00:00,5,0\n2026-01-05 01:00,9,1\n";
    let known = labelled(rows, &LabelOptions::default());
    let error = tuning.add("85", &ran, &two, &known).unwrap_err();
    assert!(
        matches!(error, BacktestError::RowsOfSeveral { slices: 2, .. }),
        "{error}"
    );
}

#[test]
fn trials_that_could_tell_nothing_are_refused() {
    let (frame, detection) = (shops(&["one"], 48, |_, _| None), below(85.0, ""));
    let params = InjectionParams {
        lasting: Duration::hours(4),
        within: Duration::hours(2),
        trials: 1,
        seed: 1,
        arrival: Duration::hours(2),
    };
    let refused = |params| {
        Injection::new(
            &detection,
            &frame,
            &frame,
            span(0, 48),
            &Known::Nothing,
            params,
        )
    };
    assert_eq!(
        refused(params).unwrap_err().to_string(),
        "an incident that lasts PT4H cannot be told within PT2H: a bucket of few orders takes PT1H, and \
         its data are waited for PT2H; give --lasting above PT0S and --within of at least PT3H"
    );
    let within = Duration::hours(3);
    assert!(refused(InjectionParams { within, ..params }).is_ok());
    let lasting = Duration::ZERO;
    let error = refused(InjectionParams {
        lasting,
        within,
        ..params
    });
    assert!(matches!(error, Err(BacktestError::NoTime { .. })));

    let counted = Metric::new("orders").with_aggregation(Aggregation::Count);
    let hourly = Granularity::fixed(Duration::hours(1)).unwrap();
    let mut rows = Frame::builder("shop", [counted]).granularity(hourly);
    for hour in 0..48 {
        rows.row(at(hour), &[], &[100.0]).unwrap();
    }
    let frame = rows.build().unwrap();
    let flat = "detectionName: d\nmetric: orders\nrules:\n- detection: { name: a, type: THRESHOLD, \
                params: { max: 5 } }\n";
    let detection = Detection::from_yaml(flat).unwrap();
    let params = InjectionParams { within, ..params };
    let history = span(0, 48);
    let injection =
        Injection::new(&detection, &frame, &frame, history, &Known::Nothing, params).unwrap();
    assert_eq!(
        injection
            .run(0, "zero".parse().unwrap())
            .unwrap_err()
            .to_string(),
        "zero: orders counts rows, whatever their values are, so that no value changes it; put a gap in, \
         or look at a metric of values"
    );
    assert!(injection.run(0, "gap".parse().unwrap()).is_ok());
}
