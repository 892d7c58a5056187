//! `hourly-orders`: orders by hour, country and platform over 120 days with a clock change.
//!
//! ```text
//! λ_t = volume(slice) · g(t) · w(weekday) · s(weekday, hour) · exp(n_t) · f_t
//! y_t = max(0, round(λ_t + √λ_t z_t))
//!
//! g  growth of 15 % a year        w, s  week and day by the clock of New York
//! n  noise, 3 %, memory 0.6       f     incidents; the clean series has f = 1 and the same n and z
//! ```
//!
//! The days follow the local clock of `America/New_York` in every country (the shop's own clock).
//! When it moves on 8 March 2026, the whole pattern moves by an hour of UTC: a comparison with the
//! same hour of UTC a week earlier is wrong by one hour until the change has left the weeks
//! compared with.
//!
//! Rules of the incidents: four in one slice, two in a whole country, two in a whole platform; of
//! each three in that order, the second is a spike by 60 to 120 %, the others drops by 45 to 80 %,
//! in whole per cent. They begin between 07:00 and 18:00 local time, when there are orders to lose,
//! and last 3 to 10 hours. None lies in the first five weeks. Between two of them are at least 48
//! hours, and no two touch the same hour of the week, so that the same hour of the last four weeks
//! meets at most one of them.

use std::ops::Range;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

use crate::cause::{SHOP_DROP, SHOP_SPIKE, choose};
use crate::dataset::{Dataset, FileLayout, Stamps};
use crate::draw::Draw;
use crate::error::{Result, SynthError, require, require_noise, require_start};
use crate::incident::IncidentKind;
use crate::noise::{RelativeNoise, count};
use crate::plan::{self, Planned, Room};
use crate::season::{DayShape, WeekShape};
use crate::trend::growth;

/// The name of the dataset.
pub const HOURLY_ORDERS: &str = "hourly-orders";

const ZONE: Tz = chrono_tz::America::New_York;
const COUNTRIES: [&str; 4] = ["BR", "CA", "MX", "US"];
const PLATFORMS: [&str; 3] = ["android", "ios", "web"];
/// Orders in an average hour at the start; one row for each country, in the order of the platforms.
const VOLUME: [[f64; 3]; 4] = [
    [2000.0, 700.0, 1000.0],
    [700.0, 1000.0, 1100.0],
    [1100.0, 600.0, 700.0],
    [1700.0, 2900.0, 2800.0],
];

/// Monday first; mean 1.
const WEEK: [f64; 7] = [1.02, 1.00, 1.00, 1.02, 1.06, 1.00, 0.90];
/// From midnight on; mean 1.
const WORKDAY: [f64; 24] = [
    0.45, 0.35, 0.30, 0.28, 0.30, 0.36, 0.55, 0.85, 1.15, 1.30, 1.38, 1.42, //
    1.46, 1.38, 1.30, 1.30, 1.28, 1.32, 1.42, 1.55, 1.52, 1.25, 0.90, 0.63,
];
const WEEKEND: [f64; 24] = [
    0.60, 0.48, 0.40, 0.34, 0.32, 0.34, 0.42, 0.58, 0.82, 1.06, 1.28, 1.40, //
    1.44, 1.46, 1.46, 1.44, 1.40, 1.38, 1.38, 1.40, 1.38, 1.28, 1.10, 0.84,
];
const YEARLY_GROWTH: f64 = 0.15;
const NOISE_MEMORY: f64 = 0.6;

const WARM_UP_DAYS: usize = 35;
const GAP_HOURS: usize = 48;
const LENGTH_HOURS: [usize; 2] = [3, 10];
/// Local hours in which an incident may begin, both ends included.
const BEGIN_HOURS: [u32; 2] = [7, 18];
/// In per cent, both ends included.
const DROP_PERCENT: [usize; 2] = [45, 80];
const SPIKE_PERCENT: [usize; 2] = [60, 120];

/// The streams of a seed: the incidents, then two for each slice.
const INCIDENTS: u64 = 0;
fn noise_stream(slice: usize) -> u64 {
    1 + 2 * slice as u64
}
fn count_stream(slice: usize) -> u64 {
    2 + 2 * slice as u64
}

/// Settings of the dataset; the default is the shipped one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HourlyOrdersSpec {
    /// The first local day, between 1970 and 2090. Monday, 12 January 2026 by default.
    pub start: NaiveDate,
    /// The number of local days, 1 to 1 100. 120 by default: the clock changes on the 56th.
    pub days: usize,
    /// Deviation of the relative noise that comes on top of the scatter of counts, in [0, 1]. 0.03
    /// by default.
    pub noise: f64,
    /// The number of incidents in one slice. 4 by default.
    pub slice_incidents: usize,
    /// The number of incidents in a whole country. 2 by default.
    pub country_incidents: usize,
    /// The number of incidents on a whole platform. 2 by default.
    pub platform_incidents: usize,
}

impl Default for HourlyOrdersSpec {
    fn default() -> Self {
        Self {
            start: NaiveDate::from_ymd_opt(2026, 1, 12).expect("12 January 2026 is a date"),
            days: 120,
            noise: 0.03,
            slice_incidents: 4,
            country_incidents: 2,
            platform_incidents: 2,
        }
    }
}

/// The dataset with default settings at `seed`.
///
/// # Errors
/// None with these settings, at any seed that leaves room for the incidents; see
/// [`HourlyOrdersSpec::generate`].
pub fn hourly_orders(seed: u64) -> Result<Dataset> {
    HourlyOrdersSpec::default().generate(seed)
}

impl HourlyOrdersSpec {
    /// The dataset with these settings at `seed`.
    ///
    /// # Errors
    /// [`SynthError::OutOfRange`] for a setting outside its range, [`SynthError::NoRoom`] when no
    /// plan for the incidents was found that keeps the rules.
    pub fn generate(&self, seed: u64) -> Result<Dataset> {
        self.check()?;
        let times = self.hours()?;
        let planned = self.plan(seed, &times)?;
        let (week, day) = (WeekShape::new(WEEK)?, DayShape::new(WORKDAY, WEEKEND)?);
        let shape: Vec<f64> = times
            .iter()
            .enumerate()
            .map(|(t, time)| {
                let local = time.with_timezone(&ZONE);
                growth(t as f64 / 24.0, YEARLY_GROWTH)
                    * week.factor(local.weekday())
                    * day.factor(local.naive_local())
            })
            .collect();

        let mut series = Vec::with_capacity(COUNTRIES.len() * PLATFORMS.len());
        for (c, country) in COUNTRIES.into_iter().enumerate() {
            for (p, platform) in PLATFORMS.into_iter().enumerate() {
                let number = c * PLATFORMS.len() + p;
                let stream = |number| Draw::new(seed, HOURLY_ORDERS, number);
                let mut noise =
                    RelativeNoise::new(stream(noise_stream(number)), self.noise, NOISE_MEMORY)?;
                let mut scatter = stream(count_stream(number));
                let expected: Vec<f64> = shape
                    .iter()
                    .map(|shape| VOLUME[c][p] * shape * noise.factor())
                    .collect();
                let z: Vec<f64> = shape.iter().map(|_| scatter.normal()).collect();
                let dimensions = [("country", country), ("platform", platform)];
                let written = |t: usize, y| count(y, z[t]);
                series.push(plan::slice(&dimensions, &planned, &expected, written)?);
            }
        }

        let after = |end: usize| times[0] + TimeDelta::hours(end as i64);
        let labels = plan::labels(&planned, after);
        Ok(Dataset {
            name: HOURLY_ORDERS,
            description: "Orders by hour, country and platform over 120 days with a clock change.",
            time_column: "timestamp",
            metric: "orders",
            dimension_names: &["country", "platform"],
            granularity: "PT1H",
            zone: ZONE,
            stamps: Stamps::Local,
            layout: FileLayout::Long,
            dataset_yaml: None,
            seed,
            times,
            series,
            labels,
            holidays: Vec::new(),
        })
    }

    fn check(&self) -> Result<()> {
        require_start(self.start)?;
        require(
            "days",
            self.days as f64,
            [1.0, 1100.0],
            "1 to 1100",
            "120 is the shipped one",
        )?;
        require_noise(self.noise)
    }

    /// The hours from the first local midnight to the one after the last day.
    fn hours(&self) -> Result<Vec<DateTime<Utc>>> {
        let midnight = |date: NaiveDate| {
            let local = ZONE
                .from_local_datetime(&date.and_time(NaiveTime::MIN))
                .earliest();
            local
                .map(|local| local.to_utc())
                .ok_or(SynthError::OutOfRange {
                    setting: "start",
                    value: date.to_string(),
                    allowed: "the days that have a midnight in America/New_York",
                    remedy: "move it by a day",
                })
        };
        let first = midnight(self.start)?;
        let end = midnight(self.start + Days::new(self.days as u64))?;
        Ok((0..(end - first).num_hours())
            .map(|h| first + TimeDelta::hours(h))
            .collect())
    }

    /// The incidents, in order of time.
    fn plan(&self, seed: u64, times: &[DateTime<Utc>]) -> Result<Vec<Planned>> {
        let mut draw = Draw::new(seed, HOURLY_ORDERS, INCIDENTS);
        let scopes = [
            (Scope::Slice, self.slice_incidents),
            (Scope::Country, self.country_incidents),
            (Scope::Platform, self.platform_incidents),
        ];
        let planned: Vec<Planned> = scopes
            .into_iter()
            .flat_map(|(scope, count)| std::iter::repeat_n(scope, count.min(times.len() + 1)))
            .enumerate()
            .map(|(i, scope)| unplaced(scope, i, &mut draw))
            .collect();

        let local: Vec<_> = times.iter().map(|time| time.with_timezone(&ZONE)).collect();
        let hour_of_week: Vec<u32> = local
            .iter()
            .map(|local| local.weekday().num_days_from_monday() * 24 + local.hour())
            .collect();
        let admits = |placed: &[Range<usize>], span: &Range<usize>| {
            let begins_by_day =
                (BEGIN_HOURS[0]..=BEGIN_HOURS[1]).contains(&local[span.start].hour());
            let hours = &hour_of_week[span.clone()];
            begins_by_day
                && placed.iter().all(|other| {
                    !hour_of_week[other.clone()]
                        .iter()
                        .any(|h| hours.contains(h))
                })
        };
        let warm = self.start + Days::new(WARM_UP_DAYS as u64);
        let room = Room {
            steps: local.partition_point(|local| local.date_naive() < warm)..times.len(),
            warm_up: WARM_UP_DAYS * 24,
            gap: GAP_HOURS,
            unit: "hours",
        };
        let asked = scopes
            .iter()
            .fold(0, |sum, (_, count)| count.saturating_add(sum));
        room.place(&mut draw, planned, asked, admits)
    }
}

/// How much of the panel an incident touches.
#[derive(Clone, Copy)]
enum Scope {
    Slice,
    Country,
    Platform,
}

/// The incident number `index`, without a place.
fn unplaced(scope: Scope, index: usize, draw: &mut Draw) -> Planned {
    let (kind, percent, causes) = if index % 3 == 1 {
        (IncidentKind::Spike, SPIKE_PERCENT, &SHOP_SPIKE)
    } else {
        (IncidentKind::Drop, DROP_PERCENT, &SHOP_DROP)
    };
    // Always the same draws, so that a scope does not move what comes after it.
    let country = ("country", COUNTRIES[draw.below(COUNTRIES.len())]);
    let platform = ("platform", PLATFORMS[draw.below(PLATFORMS.len())]);
    Planned {
        span: 0..draw.within(LENGTH_HOURS[0], LENGTH_HOURS[1]),
        dimensions: match scope {
            Scope::Slice => vec![country, platform],
            Scope::Country => vec![country],
            Scope::Platform => vec![platform],
        },
        kind,
        share: plan::percent(percent, draw),
        cause: choose(causes, draw),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quiet() -> HourlyOrdersSpec {
        HourlyOrdersSpec {
            noise: 0.0,
            slice_incidents: 0,
            country_incidents: 0,
            platform_incidents: 0,
            ..Default::default()
        }
    }

    #[test]
    fn hundred_and_twenty_days_with_a_skipped_hour_are_2879_hours() {
        let dataset = quiet().generate(1).unwrap();
        assert_eq!(dataset.times().len(), 120 * 24 - 1);
        assert_eq!(
            dataset.stamp(dataset.times()[0]),
            "2026-01-12T00:00:00-05:00"
        );
        assert_eq!(
            dataset.stamp(dataset.times()[2878]),
            "2026-05-11T23:00:00-04:00"
        );
        let two = 55 * 24 + 2; // on 8 March, the hour after 01:00 is 03:00
        assert_eq!(
            dataset.stamp(dataset.times()[two]),
            "2026-03-08T03:00:00-04:00"
        );
    }

    #[test]
    fn in_autumn_the_doubled_hour_is_there_twice() {
        let start = NaiveDate::from_ymd_opt(2025, 11, 2).unwrap();
        let dataset = HourlyOrdersSpec {
            start,
            days: 1,
            ..quiet()
        }
        .generate(1)
        .unwrap();
        assert_eq!(dataset.times().len(), 25);
        assert_eq!(
            dataset.stamp(dataset.times()[1]),
            "2025-11-02T01:00:00-04:00"
        );
        assert_eq!(
            dataset.stamp(dataset.times()[2]),
            "2025-11-02T01:00:00-05:00"
        );
    }

    #[test]
    fn the_day_follows_the_local_clock_across_the_change() {
        // Over many slices the scatter of counts averages out: the total of an hour is near volume · shape.
        let dataset = quiet().generate(1).unwrap();
        let total = |stamp: &str| {
            let t = dataset
                .times()
                .iter()
                .position(|time| dataset.stamp(*time) == stamp)
                .unwrap();
            dataset
                .series()
                .iter()
                .map(|slice| slice.values()[t])
                .sum::<f64>()
                / growth(t as f64 / 24.0, 0.15)
        };
        // All volumes: 16 300 an hour. Mondays at 06:00 and 07:00 local: · 1.02 · 0.55 and · 1.02 · 0.85.
        for (stamp, expected) in [
            ("2026-03-02T06:00:00-05:00", 9_144.0),
            ("2026-03-09T06:00:00-04:00", 9_144.0),
            ("2026-03-02T07:00:00-05:00", 14_132.0),
            ("2026-03-09T07:00:00-04:00", 14_132.0),
        ] {
            // Five deviations of a count of 9 144 are 478.
            assert!(
                (total(stamp) - expected).abs() < 600.0,
                "{stamp}: {}",
                total(stamp)
            );
        }
    }

    #[test]
    fn more_incidents_than_fit_are_refused_with_the_remedy() {
        let spec = HourlyOrdersSpec {
            days: 37,
            ..Default::default()
        };
        assert_eq!(
            spec.generate(1).unwrap_err().to_string(),
            "8 incidents do not fit into 888 hours with a warm-up of 840 and 48 between two of them; ask for fewer \
             incidents or for more days"
        );
        let absurd = HourlyOrdersSpec {
            slice_incidents: usize::MAX,
            ..Default::default()
        };
        assert!(matches!(absurd.generate(1), Err(SynthError::NoRoom { .. })));
    }

    #[test]
    fn every_setting_outside_its_range_is_refused_by_name() {
        let base = HourlyOrdersSpec::default();
        let late = NaiveDate::from_ymd_opt(2091, 1, 1).unwrap();
        for (setting, spec) in [
            (
                "start",
                HourlyOrdersSpec {
                    start: late,
                    ..base
                },
            ),
            ("days", HourlyOrdersSpec { days: 1101, ..base }),
            ("noise", HourlyOrdersSpec { noise: 1.5, ..base }),
        ] {
            let error = spec.generate(1).unwrap_err().to_string();
            assert!(error.starts_with(&format!("{setting} is ")), "{error}");
        }
    }
}
