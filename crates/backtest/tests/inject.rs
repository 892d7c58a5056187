//! Incidents put into data of which the answer is known.

mod shop;

use shop::{at, below, shops, span};
use tuatara::frame::{Duration, Frame, Granularity, Metric};
use tuatara_backtest::Known;
use tuatara_backtest::inject::{Injection, InjectionParams};
use tuatara_metrics::labelled::{LabelOptions, read_series_from};

fn params() -> InjectionParams {
    InjectionParams {
        lasting: Duration::hours(4),
        within: Duration::hours(4),
        trials: 60,
        seed: 7,
        arrival: Duration::ZERO,
    }
}

/// 100 in two shops, and 10 in one of them for ten hours.
fn two() -> Frame {
    let low = |shop, hour| (shop == 1 && (300..310).contains(&hour)).then_some(10.0);
    shops(&["one", "two"], 480, low)
}

#[test]
fn what_crosses_the_limit_is_told_at_the_end_of_its_first_bucket_and_what_does_not_never() {
    let (frame, detection) = (two(), below(85.0, ""));
    let history = span(0, 480);
    let injection = Injection::new(
        &detection,
        &frame,
        &frame,
        history,
        &Known::Nothing,
        params(),
    )
    .unwrap();
    let drop = injection.run(0, "drop=20%".parse().unwrap()).unwrap();
    assert_eq!((drop.trials.len(), drop.share()), (60, Some(1.0)));
    assert_eq!(drop.within(0.5), Some(Duration::hours(1)));
    assert_eq!(drop.longest(), Some(Duration::hours(1)));
    let dip = injection.run(1, "drop=10%".parse().unwrap()).unwrap();
    assert_eq!(
        (dip.share(), dip.longest(), dip.within(0.01)),
        (Some(0.0), None, None)
    );
    // A fall of 240 % a day is 10 % an hour: 80 at the start of the third.
    let trend = injection
        .run(2, "trend=-240%/day".parse().unwrap())
        .unwrap();
    assert_eq!(
        (trend.share(), trend.longest()),
        (Some(1.0), Some(Duration::hours(3)))
    );
    assert_eq!(injection.run(3, "gap".parse().unwrap()).unwrap().told(), 0);
}

#[test]
fn a_filter_and_data_that_come_late_delay_what_is_told() {
    let lasting =
        "    filter: { name: lasting, type: DURATION_FILTER, params: { minDuration: PT3H } }";
    let (frame, detection) = (two(), below(85.0, lasting));
    let late = InjectionParams {
        within: Duration::hours(6),
        arrival: Duration::hours(2),
        ..params()
    };
    let history = span(0, 480);
    let injection =
        Injection::new(&detection, &frame, &frame, history, &Known::Nothing, late).unwrap();
    let drop = injection.run(0, "zero".parse().unwrap()).unwrap();
    assert_eq!(
        (drop.share(), drop.longest()),
        (Some(1.0), Some(Duration::hours(5)))
    );
    let soon = InjectionParams {
        within: Duration::hours(4),
        ..late
    };
    let injection =
        Injection::new(&detection, &frame, &frame, history, &Known::Nothing, soon).unwrap();
    assert_eq!(
        injection.run(0, "zero".parse().unwrap()).unwrap().share(),
        Some(0.0)
    );
}

#[test]
fn no_trial_comes_near_what_is_found_or_labelled() {
    let (frame, detection) = (two(), below(85.0, ""));
    let text = format!("start,end,shop\n{},{},one\n", at(100), at(110));
    let labels = tuatara_metrics::labelled::read_incidents_from(
        text.as_bytes(),
        "l.csv",
        Default::default(),
    );
    let all = InjectionParams {
        trials: 2_000,
        ..params()
    };
    let known = Known::Incidents(labels.unwrap());
    let injection = Injection::new(&detection, &frame, &frame, span(0, 480), &known, all).unwrap();
    // Of 2 × 480 hours the last three of each shop leave no room for four; around ten hours with
    // something in them the four before and the ten themselves, and the hour that would touch them
    // on either side.
    assert_eq!(injection.places(), 2 * (480 - 3 - 10 - 4 - 1));
    let tried = injection.run(0, "drop=50%".parse().unwrap()).unwrap();
    assert_eq!(tried.trials.len(), injection.places());
    assert_eq!(tried.share(), Some(1.0));
}

#[test]
fn the_same_seed_draws_the_same_places() {
    let (frame, detection) = (two(), below(85.0, ""));
    let places = |seed| {
        let params = InjectionParams { seed, ..params() };
        let injection = Injection::new(
            &detection,
            &frame,
            &frame,
            span(0, 480),
            &Known::Nothing,
            params,
        );
        let tried = injection.unwrap().run(0, "flat".parse().unwrap()).unwrap();
        // A flat line of a flat series is told by nobody.
        assert_eq!(tried.told(), 0);
        tried.trials
    };
    assert_eq!(places(1), places(1));
    assert_ne!(places(1), places(2));
}

#[test]
fn places_keep_apart_from_incidents_however_they_are_known() {
    let hourly = Granularity::fixed(Duration::hours(1)).unwrap();
    let metrics = [Metric::new("orders"), Metric::new("label")];
    let builder = Frame::builder("shop", metrics).granularity(hourly);
    let mut builder = builder.dimensions(["shop"]);
    let mut text = "timestamp,value,label\n".to_owned();
    for hour in 0..480 {
        let label = u8::from((100..200).contains(&hour));
        builder
            .row(at(hour), &["one"], &[100.0, f64::from(label)])
            .unwrap();
        text.push_str(&format!("{},100,{label}\n", at(hour)));
    }
    let (frame, detection) = (builder.build().unwrap(), below(85.0, ""));
    let places = |known: &Known| {
        let history = span(0, 480);
        Injection::new(&detection, &frame, &frame, history, known, params())
            .unwrap()
            .places()
    };
    let rows = read_series_from(text.as_bytes(), "one.csv", &LabelOptions::default()).unwrap();
    // The last of four hours begins at 476. With 100 to 199 taken and no gap to keep but that they
    // may not touch, places end at 95 and go on at 201.
    assert_eq!(places(&Known::Nothing), 477);
    for known in [
        Known::Column("label".to_owned()),
        Known::Rows(Box::new(rows)),
    ] {
        assert_eq!(places(&known), 96 + 276);
    }
}
