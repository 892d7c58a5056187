//! What is watched, against a naive ranking of the rows themselves; and that what comes later changes
//! nothing.

use std::collections::{BTreeMap, BTreeSet};

use tuatara::core::{RankingSpec, Verdict};
use tuatara::frame::{
    Aggregation, Duration, Frame, Granularity, Instant, Interval, Metric, SliceKey, Source, Zone,
};
use tuatara::rules::ThresholdParams;
use tuatara::{Detection, Report, Rule};
use tuatara_testkit::Draw;

const HOUR: i64 = 3_600_000;
/// 26 March 2026: clocks change in Europe on the 29th.
const START: i64 = 1_774_483_200_000;
const HOURS: usize = 12 * 24;

/// A row of hourly data. Values are whole, so that the order of a sum does not show.
#[derive(Debug, Clone)]
struct Line {
    at: Instant,
    country: &'static str,
    platform: &'static str,
    orders: f64,
    visits: f64,
}

/// Twelve combinations of different size that come and go.
fn lines(draw: &mut Draw) -> Vec<Line> {
    let mut lines = Vec::new();
    for country in ["AT", "BE", "CH", "DE"] {
        for platform in ["app", "shop", "web"] {
            let (mut size, mut left) = (0.0, 0);
            for hour in 0..HOURS {
                if left == 0 {
                    size = *draw.pick(&[0.0, 1.0, 3.0, 10.0, 30.0, 100.0]);
                    left = draw.between(10..80);
                }
                left -= 1;
                if draw.chance(0.1) {
                    continue;
                }
                let mut whole = |most: f64| (draw.within(0.0, most) * size).floor();
                lines.push(Line {
                    at: instant(START + hour as i64 * HOUR),
                    country,
                    platform,
                    orders: whole(4.0),
                    visits: whole(20.0),
                });
            }
        }
    }
    lines
}

fn instant(millis: i64) -> Instant {
    Instant::from_millis(millis).unwrap()
}

/// How a trial ranks, beside what it asks.
#[derive(Debug, Clone)]
struct Trial {
    zone: Zone,
    delay: Duration,
    aggregation: Aggregation,
    asks: RankingSpec,
}

fn trial(draw: &mut Draw) -> Trial {
    let zones = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"];
    let zone = |draw: &mut Draw| draw.pick(&zones).parse::<Zone>().unwrap();
    let aggregations = [
        Aggregation::Sum,
        Aggregation::Sum,
        Aggregation::Max,
        Aggregation::Count,
        Aggregation::Last,
        Aggregation::Mean,
    ];
    let mut asks = RankingSpec {
        lookback: Duration::days([1, 2, 3, 7][draw.between(0..4)]),
        ..Default::default()
    };
    asks.timezone = draw.chance(0.5).then(|| zone(draw));
    asks.min_contribution = draw.chance(0.4).then(|| draw.within(0.0, 0.15));
    asks.k = draw.chance(0.5).then(|| draw.between(1..9) as u64);
    asks.min_value = draw.chance(0.4).then(|| draw.within(0.0, 60.0));
    asks.min_value_hourly = draw.chance(0.3).then(|| draw.within(0.0, 20.0));
    asks.max_value_daily = draw.chance(0.3).then(|| draw.within(100.0, 4000.0));
    if draw.chance(0.3) {
        asks.dimension_filter_metric = Some("visits".to_owned());
    }
    if asks.min_value.is_some() && draw.chance(0.5) {
        asks.min_live_zone = Some(draw.within(0.0, 30.0));
        asks.live_bucket_percentage_threshold = draw.within(0.0, 0.9);
    }
    Trial {
        zone: zone(draw),
        delay: Duration::minutes([0, 0, 40, 700][draw.between(0..4)]),
        aggregation: *draw.pick(&aggregations),
        asks,
    }
}

impl Trial {
    fn frame(&self, lines: &[Line]) -> Frame {
        let metric = |name| Metric::new(name).with_aggregation(self.aggregation);
        let mut rows = Frame::builder("shop", [metric("orders"), metric("visits")])
            .dimensions(["country", "platform"])
            .zone(self.zone)
            .completeness_delay(self.delay)
            .granularity(Granularity::fixed(Duration::hours(1)).unwrap());
        for line in lines {
            let dimensions = [line.country, line.platform];
            rows.row(line.at, &dimensions, &[line.orders, line.visits])
                .unwrap();
        }
        rows.build().unwrap()
    }

    fn detection(&self) -> Detection {
        let limit = ThresholdParams {
            max: Some(60.0),
            min: None,
        };
        Detection::builder("large ones", "orders")
            .by(["country", "platform"])
            .watch(self.asks.clone().build().unwrap())
            .rule(Rule::from_params("limit", limit).unwrap())
            .build()
            .unwrap()
    }

    /// The last full hour when rows up to `delay` before `at` are known.
    fn known(&self, at: Instant) -> i64 {
        (at.millis() - self.delay.millis()).div_euclid(HOUR) * HOUR
    }

    /// The slices watched on the local day of `at`, from the rows alone.
    fn watched(&self, lines: &[Line], at: Instant) -> BTreeSet<SliceKey> {
        let zone = self.asks.timezone.unwrap_or(self.zone);
        let date = zone.local(at).date();
        let days = self.asks.lookback.millis() / (24 * HOUR);
        let before = (0..days).fold(date, |date, _| date.pred_opt().unwrap());
        let midnight = |date| zone.start_of_day(date).unwrap();
        let end = self.known(midnight(date));
        let start = self.known(midnight(before)).max(START);
        let mut by_slice: BTreeMap<SliceKey, Vec<f64>> = BTreeMap::new();
        for line in lines {
            let key = SliceKey::new("orders")
                .with("country", line.country)
                .with("platform", line.platform);
            let values = by_slice.entry(key).or_default();
            if (start..end).contains(&line.at.millis()) {
                values.push(match self.asks.dimension_filter_metric {
                    Some(_) => line.visits,
                    None => line.orders,
                });
            }
        }
        let hours = ((end - start) / HOUR) as f64;
        let value = |values: &Vec<f64>| match self.aggregation {
            Aggregation::Sum => values.iter().sum(),
            Aggregation::Max => values.iter().copied().fold(f64::MIN, f64::max),
            Aggregation::Count => values.len() as f64,
            Aggregation::Last => *values.last().unwrap(),
            _ => values.iter().sum::<f64>() / values.len() as f64,
        };
        by_slice.retain(|_, values| !values.is_empty());
        let mut left: Vec<(f64, SliceKey, Vec<f64>)> = by_slice
            .into_iter()
            .map(|(key, values)| (value(&values), key, values))
            .collect();
        let total: f64 = left.iter().map(|(value, ..)| value).sum();
        let summed = matches!(self.aggregation, Aggregation::Sum | Aggregation::Count);
        let part = |of: f64| if summed { of / hours } else { 1.0 };
        let asks = &self.asks;
        left.retain(|(value, ..)| {
            asks.min_contribution
                .is_none_or(|least| value / total >= least)
        });
        if asks.min_live_zone.is_none() {
            left.retain(|(value, ..)| asks.min_value.is_none_or(|least| *value >= least));
        }
        left.retain(|(value, ..)| {
            let hourly = asks.min_value_hourly;
            let daily = asks.max_value_daily;
            hourly.is_none_or(|least| value * part(1.0) >= least)
                && daily.is_none_or(|most| value * part(24.0) <= most)
        });
        if let (Some(zone), Some(least)) = (asks.min_live_zone, asks.min_value) {
            left.retain(|(_, _, values)| {
                // A row an hour: a bucket is its row, and a count of it is 1.
                let of_bucket = |value: &f64| match self.aggregation {
                    Aggregation::Count => 1.0,
                    _ => *value,
                };
                let live = values.iter().map(of_bucket).filter(|value| *value > zone);
                let live: Vec<f64> = live.collect();
                let mean = live.iter().sum::<f64>() / live.len() as f64;
                live.len() as f64 / hours >= asks.live_bucket_percentage_threshold && mean >= least
            });
        }
        let mut chosen = BTreeSet::new();
        for _ in 0..asks.k.unwrap_or(u64::MAX) {
            let largest = left
                .iter()
                .map(|(value, ..)| *value)
                .fold(f64::MIN, f64::max);
            // The first by name of those with the largest value.
            let Some(at) = left.iter().position(|(value, ..)| *value >= largest) else {
                break;
            };
            chosen.insert(left.remove(at).1);
        }
        chosen
    }
}

fn run(detection: &Detection, frame: &Frame, until: Instant) -> Report {
    let start = frame.profile("orders").unwrap().extent.start();
    let interval = Interval::new(start, until).unwrap();
    detection.run(frame, interval).unwrap()
}

#[test]
fn what_is_watched_is_what_a_naive_ranking_of_the_rows_says() {
    let (mut watched, mut inactive) = (0, 0);
    for seed in 0..40 {
        let mut draw = Draw::new(seed);
        let (lines, trial) = (lines(&mut draw), trial(&mut draw));
        let (frame, detection) = (trial.frame(&lines), trial.detection());
        let report = run(&detection, &frame, instant(START + HOURS as i64 * HOUR));
        let mut days: BTreeMap<String, BTreeSet<SliceKey>> = BTreeMap::new();
        for slice in report.slices() {
            for (bucket, row) in slice.rules()[0].rows() {
                let zone = trial.asks.timezone.unwrap_or(trial.zone);
                let day = zone.local(bucket.start()).date().to_string();
                let expected = days
                    .entry(day)
                    .or_insert_with(|| trial.watched(&lines, bucket.start()));
                let is_watched = expected.contains(slice.key());
                match row.verdict {
                    Verdict::Incomplete => continue,
                    Verdict::Inactive => assert!(!is_watched, "{seed} {} {bucket}", slice.key()),
                    _ => assert!(is_watched, "{seed} {} {bucket}", slice.key()),
                }
                watched += usize::from(is_watched);
                inactive += usize::from(!is_watched);
            }
        }
    }
    assert!(
        watched > 20_000 && inactive > 20_000,
        "{watched} {inactive}"
    );
}

/// A thousand times as much from some instant on: what was complete by then stays as it was.
#[test]
fn what_comes_later_changes_nothing_of_what_is_watched() {
    let mut compared = 0;
    for seed in 0..40 {
        let mut draw = Draw::new(seed);
        let (lines, trial) = (lines(&mut draw), trial(&mut draw));
        let detection = trial.detection();
        let hours = draw.between(48..HOURS) as i64;
        let now = instant(START + hours * HOUR);
        let known = trial.known(now);
        let mut later = lines.clone();
        for line in &mut later {
            if line.at.millis() >= known {
                let factor = *draw.pick(&[0.0, 1000.0]);
                line.orders = factor * (line.orders + 1.0);
                line.visits = factor * (line.visits + 1.0);
            }
        }
        let rows = |lines: &[Line]| -> Vec<String> {
            let report = run(&detection, &trial.frame(lines), now);
            let rules = report.slices().iter().flat_map(|slice| slice.rules());
            let rows = rules.flat_map(|rule| rule.rows());
            let complete = rows.filter(|(_, row)| row.verdict != Verdict::Incomplete);
            complete.map(|row| format!("{row:?}")).collect()
        };
        let (before, after) = (rows(&lines), rows(&later));
        assert_eq!(before, after, "seed {seed}");
        compared += before.len();
    }
    assert!(compared > 30_000, "{compared}");
}
