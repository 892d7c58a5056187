//! What an operator would have counted, worked out by hand.

mod shop;

use shop::{at, below, shops, span};
use tuatara::Detection;
use tuatara::frame::{Duration, Frame, Granularity, Metric, Source};
use tuatara_backtest::{Backtest, EVERYTHING, Known, RANDOM, Ran};
use tuatara_metrics::labelled::{
    LabelOptions, LabelledIncident, read_incidents_from, read_series_from,
};

/// Two shops over 30 days. Shop one falls to 40 in hours 100 to 103 (an incident from 98 to 104) and
/// to 70 in hour 300, for no reason; shop two falls to 70 in hours 500 to 509, an incident.
fn two() -> Frame {
    shops(&["one", "two"], 720, |shop, hour| match (shop, hour) {
        (0, 100..=103) => Some(40.0),
        (0, 300) | (1, 500..=509) => Some(70.0),
        _ => None,
    })
}

fn incidents() -> Vec<LabelledIncident> {
    let text = format!(
        "start,end,shop\n{},{},one\n{},{},two\n",
        at(98),
        at(104),
        at(500),
        at(510)
    );
    read_incidents_from(text.as_bytes(), "labels.csv", Default::default()).unwrap()
}

fn ran(detection: &Detection, frame: &Frame) -> Ran {
    Ran::over(detection, frame, span(0, 720), Duration::ZERO, None).unwrap()
}

#[test]
fn alerts_incidents_and_delays_are_those_that_a_person_would_count() {
    let frame = two();
    let (strict, lax) = (below(50.0, ""), below(80.0, ""));
    let runs = [ran(&strict, &frame), ran(&lax, &frame)];
    let runs: Vec<(&Ran, &dyn Source)> = runs.iter().map(|ran| (ran, &frame as _)).collect();
    let mut backtest = Backtest::new(["below 50", "below 80"]);
    backtest
        .add(None, &runs, &Known::Incidents(incidents()))
        .unwrap();
    let all = backtest.contestants(1).unwrap();
    let names: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["below 50", "below 80", RANDOM, EVERYTHING]);

    let strict = &all[0].total.operator;
    assert_eq!(
        (strict.series, strict.alerts, strict.true_alerts),
        (2, 1, 1)
    );
    assert_eq!(strict.share_found(), Some(0.5));
    // From hour 98 to the end of hour 100, the first that fell.
    let delay = strict.median_delay().unwrap();
    assert_eq!((delay.report_minutes, delay.report_rows), (180.0, 3.0));
    assert_eq!((delay.onset_minutes, delay.onset_rows), (120.0, 2.0));
    // One alert in 60 days of series.
    assert_eq!(strict.alerts_per_30_days(), Some(0.5));

    let lax = &all[1].total.operator;
    assert_eq!((lax.alerts, lax.true_alerts, lax.false_alerts()), (3, 2, 1));
    assert_eq!(lax.share_found(), Some(1.0));
    // Three hours in shop one, one in shop two.
    let delay = lax.median_delay().map(|delay| delay.report_minutes);
    assert_eq!(delay, Some(120.0));

    // Of each series, too: shop two says nothing below 50.
    assert_eq!(backtest.series()[1].name, "orders{shop=two}");
    assert_eq!(all[0].series[1].as_ref().unwrap().operator.alerts, 0);

    // A person who is never left alone finds everything at once, in one alert on each series.
    let everything = &all[3].total.operator;
    assert_eq!(
        (everything.alerts, everything.share_found()),
        (2, Some(1.0))
    );
    assert_eq!(everything.share_alerted(), Some(1.0));
}

#[test]
fn two_specifications_are_compared_series_by_series() {
    let frame = two();
    let runs = [ran(&below(50.0, ""), &frame), ran(&below(80.0, ""), &frame)];
    let runs: Vec<(&Ran, &dyn Source)> = runs.iter().map(|ran| (ran, &frame as _)).collect();
    let mut backtest = Backtest::new(["below 50", "below 80"]);
    backtest
        .add(None, &runs, &Known::Incidents(incidents()))
        .unwrap();
    let all = backtest.contestants(1).unwrap();
    let comparisons = backtest.comparisons(&all, 1);
    assert_eq!(comparisons.len(), 1);
    let measure = |name: &str| {
        let mut measures = comparisons[0].measures.iter();
        measures.find(|measure| measure.name == name).unwrap()
    };
    // Shop one: found by both. Shop two: by the other alone.
    let found = measure("share of incidents found");
    assert_eq!(found.differences, [(0, 0.0), (1, 1.0)]);
    assert_eq!((found.wins, found.ties, found.losses), (1, 1, 0));
    assert_eq!((found.mean, found.sign_test), (Some(0.5), 1.0));
    // Shop one has one false alert more in its 30 days.
    let in_vain = measure("false alerts per 30 days");
    assert_eq!(in_vain.differences, [(0, 1.0), (1, 0.0)]);
    assert_eq!((in_vain.wins, in_vain.ties, in_vain.losses), (0, 1, 1));
    // A delay needs something found by both.
    assert_eq!(measure("median delay in minutes").differences, [(0, 0.0)]);
}

#[test]
fn labels_in_a_column_are_those_of_a_list() {
    let hourly = Granularity::fixed(Duration::hours(1)).unwrap();
    let metrics = [Metric::new("orders"), Metric::new("label")];
    let mut rows = Frame::builder("shop", metrics)
        .granularity(hourly)
        .dimensions(["shop"]);
    for hour in 0..720 {
        let is_low = (100..104).contains(&hour);
        let orders = if is_low { 40.0 } else { 100.0 };
        let label = f64::from(u8::from((98..104).contains(&hour)));
        rows.row(at(hour), &["one"], &[orders, label]).unwrap();
    }
    let frame = rows.build().unwrap();
    let detection = below(50.0, "");
    let run = ran(&detection, &frame);
    let mut backtest = Backtest::new(["below 50"]);
    let known = Known::Column("label".to_owned());
    backtest.add(None, &[(&run, &frame)], &known).unwrap();
    assert_eq!(backtest.series()[0].incidents, [span(98, 104)]);
    let all = backtest.contestants(1).unwrap();
    let delay = all[0].total.operator.median_delay();
    assert_eq!(delay.map(|delay| delay.report_minutes), Some(180.0));

    let wrong = Known::Column("orders".to_owned());
    let error = Backtest::new(["below 50"])
        .add(None, &[(&run, &frame)], &wrong)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the label of orders{shop=one} is 100 in 2026-01-05T00:00:00Z/2026-01-05T01:00:00Z; allowed: 0 \
         and 1, or nothing for 0; choose the column that holds labels"
    );
}

#[test]
fn without_labels_alerts_are_counted_and_none_is_called_false() {
    let frame = two();
    let run = ran(&below(80.0, ""), &frame);
    let mut backtest = Backtest::new(["below 80"]);
    backtest
        .add(None, &[(&run, &frame)], &Known::Nothing)
        .unwrap();
    let all = backtest.contestants(1).unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].total.operator.alerts, 3);
    assert_eq!(
        (all[0].total.quality.as_ref(), all[0].total.nab_told[0]),
        (None, None)
    );
}

#[test]
fn the_time_that_counts_begins_where_every_specification_has_judged_a_bucket() {
    let frame = two();
    let weekly = Detection::from_yaml(
        "
detectionName: weekly
metric: orders
dimensionExploration: { dimensions: [shop] }
rules:
  - detection: { name: drop, type: PERCENTAGE_RULE, params: { offset: wo1w, percentageChange: 0.2 } }
",
    )
    .unwrap();
    let runs = [ran(&below(50.0, ""), &frame), ran(&weekly, &frame)];
    let runs: Vec<(&Ran, &dyn Source)> = runs.iter().map(|ran| (ran, &frame as _)).collect();
    let mut backtest = Backtest::new(["below 50", "weekly"]);
    backtest
        .add(None, &runs, &Known::Incidents(incidents()))
        .unwrap();
    let one = &backtest.series()[0];
    // The incident of the first week is nobody's fault.
    assert_eq!((one.watched, one.before.len()), (span(168, 720), 1));
    let all = backtest.contestants(1).unwrap();
    assert_eq!(all[0].total.operator.incidents, 1);
    assert_eq!(all[0].total.operator.alerts, 0);
}

#[test]
fn labels_leave_incidents_out_of_training_only_from_when_they_were_known() {
    let frame = two();
    let known = Known::Incidents(incidents());
    let detection = || {
        Detection::from_yaml(
            "
detectionName: daily
metric: orders
dimensionExploration: { dimensions: [shop] }
rules:
  - detection: { name: moved, type: PERCENTAGE_RULE, params: { offset: do1d, percentageChange: 0.5 } }
",
        )
        .unwrap()
    };
    let starts = |detection: &Detection| -> Vec<_> {
        let told = ran(detection, &frame).told();
        told.iter()
            .map(|told| told.alert.interval.start())
            .collect()
    };
    // Compared with the low hours of the day before, the day after stands out.
    assert_eq!(starts(&detection()), [at(100), at(124)]);
    // A label after twelve hours is known on that day: lags go further back.
    let early = known.left_out(Duration::hours(12)).unwrap();
    assert_eq!(starts(&detection().with_calendar(early)), [at(100)]);
    // One after two days comes too late, and the alert is told as before.
    let late = known.left_out(Duration::days(2)).unwrap();
    assert_eq!(starts(&detection().with_calendar(late)), [at(100), at(124)]);
}

#[test]
fn an_alert_on_an_incident_from_before_the_time_that_counts_is_not_false() {
    // Low in hours 160 to 169, labelled up to 162; counted from 168 on, where the weekly one begins.
    let frame = shops(&["one"], 720, |_, hour| {
        (160..170).contains(&hour).then_some(40.0)
    });
    let weekly = Detection::from_yaml(
        "
detectionName: weekly
metric: orders
dimensionExploration: { dimensions: [shop] }
rules:
  - detection: { name: drop, type: PERCENTAGE_RULE, params: { offset: wo1w, percentageChange: 0.2 } }
",
    )
    .unwrap();
    let runs = [ran(&below(50.0, ""), &frame), ran(&weekly, &frame)];
    let runs: Vec<(&Ran, &dyn Source)> = runs.iter().map(|ran| (ran, &frame as _)).collect();
    let text = format!("start,end\n{},{}\n", at(158), at(162));
    let known = read_incidents_from(text.as_bytes(), "labels.csv", Default::default()).unwrap();
    let mut backtest = Backtest::new(["below 50", "weekly"]);
    backtest.add(None, &runs, &Known::Incidents(known)).unwrap();
    let one = &backtest.series()[0];
    assert_eq!(one.watched, span(168, 720));
    assert_eq!(one.before, [span(158, 162)]);
    let operator = &backtest.contestants(1).unwrap()[0].total.operator;
    assert_eq!(
        (operator.incidents, operator.alerts, operator.false_alerts()),
        (0, 1, 0)
    );
}

#[test]
fn of_labels_by_row_those_in_the_history_count() {
    let frame = shops(&["one"], 48, |_, hour| (hour == 30).then_some(40.0));
    let mut text = "timestamp,value,label\n".to_owned();
    for hour in 0..48 {
        let label = u8::from(hour == 12 || hour == 30);
        text.push_str(&format!("{},1,{label}\n", at(hour)));
    }
    let series = read_series_from(text.as_bytes(), "one.csv", &LabelOptions::default()).unwrap();
    let detection = below(50.0, "");
    let run = Ran::over(&detection, &frame, span(20, 40), Duration::ZERO, None).unwrap();
    let mut backtest = Backtest::new(["below 50"]);
    let known = Known::Rows(Box::new(series));
    backtest.add(None, &[(&run, &frame)], &known).unwrap();
    let one = &backtest.series()[0];
    assert_eq!((one.rows.len(), one.rows[0]), (20, at(20)));
    assert_eq!((one.watched, one.truth.rows()), (span(20, 40), 20));
    assert_eq!(one.incidents, [span(30, 31)]);
}

#[test]
fn what_is_looked_at_for_the_quality_of_the_data_is_no_series_of_its_own() {
    let frame = two();
    let detection = below(
        50.0,
        "    quality: { name: silent, type: MISSING_DATA, params: { minDuration: PT3H } }",
    );
    let run = ran(&detection, &frame);
    assert_eq!(run.report().slices().len(), 3);
    let mut backtest = Backtest::new(["below 50"]);
    backtest
        .add(None, &[(&run, &frame)], &Known::Incidents(incidents()))
        .unwrap();
    let names: Vec<&str> = backtest
        .series()
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(names, ["orders{shop=one}", "orders{shop=two}"]);
    let operator = &backtest.contestants(1).unwrap()[0].total.operator;
    assert_eq!((operator.series, operator.incidents), (2, 2));
}

#[test]
fn incidents_of_no_series_and_of_another_time_are_told() {
    let frame = two();
    let run = ran(&below(50.0, ""), &frame);
    // The second of a shop that is not there, the third behind the history.
    let text = format!(
        "start,end,shop\n{},{},one\n{},{},three\n{},{},one\n",
        at(98),
        at(104),
        at(98),
        at(104),
        at(900),
        at(904)
    );
    let known = read_incidents_from(text.as_bytes(), "labels.csv", Default::default()).unwrap();
    let mut backtest = Backtest::new(["below 50"]);
    backtest
        .add(None, &[(&run, &frame)], &Known::Incidents(known))
        .unwrap();
    assert_eq!(backtest.elsewhere(), 2);
}
