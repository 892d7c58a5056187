//! `daily-revenue`: the revenue of a shop, day by day, over two full years.
//!
//! ```text
//! y_d = round₂( level · g(d) · w(d) · e(d) · h(d) · exp(n_d) · f_d )
//!
//! g  growth of 10 % a year              w  the week: Friday high, a low weekend, lowest on Sunday
//! e  +4 % on the last two days of a month      h  holidays, −20 % to +18 %
//! n  noise, 3 %, memory 0.3             f  incidents; the clean series has f = 1
//! ```
//!
//! Rules of the incidents: six drops by 35 to 60 %, four spikes by 45 to 90 %, in whole per cent,
//! each over 1 to 4 days at full size. None lies in the first five weeks or touches a holiday or
//! the day beside one; between two of them are at least 28 days, so that the same weekday of the
//! last four weeks meets at most one of them.

use std::ops::Range;

use chrono::{Datelike, Days, NaiveDate, NaiveTime};

use crate::cause::{SHOP_DROP, SHOP_SPIKE, choose};
use crate::dataset::{Dataset, FileLayout, Stamps};
use crate::draw::Draw;
use crate::error::{Result, require, require_noise, require_start};
use crate::holiday::{self, SHOP_HOLIDAYS};
use crate::incident::IncidentKind;
use crate::noise::RelativeNoise;
use crate::plan::{self, Planned, Room};
use crate::season::{WeekShape, month_end};
use crate::trend::growth;

/// The name of the dataset.
pub const DAILY_REVENUE: &str = "daily-revenue";

/// Monday first; mean 1.
const WEEK: [f64; 7] = [1.00, 1.03, 1.05, 1.06, 1.14, 0.92, 0.80];
const MONTH_END_DAYS: u32 = 2;
const MONTH_END_LIFT: f64 = 0.04;
const NOISE_MEMORY: f64 = 0.3;

const WARM_UP_DAYS: usize = 35;
const GAP_DAYS: usize = 28;
const LENGTH_DAYS: [usize; 2] = [1, 4];
/// In per cent, both ends included.
const DROP_PERCENT: [usize; 2] = [35, 60];
const SPIKE_PERCENT: [usize; 2] = [45, 90];

/// The streams of a seed: what is drawn from each.
const INCIDENTS: u64 = 0;
const NOISE: u64 = 1;

/// Settings of the dataset; the default is the shipped one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DailyRevenueSpec {
    /// The first day, between 1970 and 2090. 1 January 2024 by default, a Monday.
    pub start: NaiveDate,
    /// The number of days, 1 to 3 660. 731 by default: the years 2024 and 2025.
    pub days: usize,
    /// Revenue of an average day at the start, above 0 and at most 10¹². 68 000 by default.
    pub level: f64,
    /// Growth in a year, as a share in [−0.9, 9]. 0.1 by default.
    pub yearly_growth: f64,
    /// Deviation of the relative noise, in [0, 1]. 0.03 by default.
    pub noise: f64,
    /// The number of drops. 6 by default.
    pub drops: usize,
    /// The number of spikes. 4 by default.
    pub spikes: usize,
}

impl Default for DailyRevenueSpec {
    fn default() -> Self {
        Self {
            start: NaiveDate::from_ymd_opt(2024, 1, 1).expect("1 January 2024 is a date"),
            days: 731,
            level: 68_000.0,
            yearly_growth: 0.1,
            noise: 0.03,
            drops: 6,
            spikes: 4,
        }
    }
}

/// The dataset with default settings at `seed`.
///
/// # Errors
/// None with these settings, at any seed that leaves room for the incidents; see
/// [`DailyRevenueSpec::generate`].
pub fn daily_revenue(seed: u64) -> Result<Dataset> {
    DailyRevenueSpec::default().generate(seed)
}

impl DailyRevenueSpec {
    /// The dataset with these settings at `seed`.
    ///
    /// # Errors
    /// [`OutOfRange`](crate::SynthError::OutOfRange) for a setting outside its range, [`NoRoom`](crate::SynthError::NoRoom) when no
    /// plan for the incidents was found that keeps the rules.
    pub fn generate(&self, seed: u64) -> Result<Dataset> {
        self.check()?;
        let dates: Vec<NaiveDate> = (0..self.days as u64)
            .map(|d| self.start + Days::new(d))
            .collect();
        let planned = self.plan(seed, &dates)?;
        let week = WeekShape::new(WEEK)?;
        let mut noise = RelativeNoise::new(
            Draw::new(seed, DAILY_REVENUE, NOISE),
            self.noise,
            NOISE_MEMORY,
        )?;
        let expected: Vec<f64> = dates
            .iter()
            .enumerate()
            .map(|(d, &date)| {
                self.level
                    * growth(d as f64, self.yearly_growth)
                    * week.factor(date.weekday())
                    * month_end(date, MONTH_END_DAYS, MONTH_END_LIFT)
                    * holiday::factor(&SHOP_HOLIDAYS, date)
                    * noise.factor()
            })
            .collect();

        let midnight = |date: NaiveDate| date.and_time(NaiveTime::MIN).and_utc();
        let after = |end: usize| midnight(self.start + Days::new(end as u64));
        Ok(Dataset {
            name: DAILY_REVENUE,
            description: "Revenue of a shop by day over two years: week, growth, holidays, incidents.",
            time_column: "date",
            metric: "revenue",
            dimension_names: &[],
            granularity: "P1D",
            zone: chrono_tz::UTC,
            stamps: Stamps::Date,
            seed,
            layout: FileLayout::Long,
            dataset_yaml: None,
            series: vec![plan::slice(&[], &planned, &expected, |_, y| {
                plan::rounded(y, 2)
            })?],
            labels: plan::labels(&planned, after),
            times: dates.iter().map(|&date| midnight(date)).collect(),
            holidays: dates
                .iter()
                .flat_map(|&date| {
                    let today = SHOP_HOLIDAYS.into_iter();
                    today
                        .filter(move |h| h.date.in_year(date.year()) == Some(date))
                        .map(move |h| (date, h))
                })
                .collect(),
        })
    }

    fn check(&self) -> Result<()> {
        require_start(self.start)?;
        require(
            "days",
            self.days as f64,
            [1.0, 3660.0],
            "1 to 3660",
            "731 are two years",
        )?;
        let level = [f64::MIN_POSITIVE, 1e12];
        require(
            "level",
            self.level,
            level,
            "(0, 1e12]",
            "68000 is the shipped one",
        )?;
        let growth = [-0.9, 9.0];
        require(
            "yearly_growth",
            self.yearly_growth,
            growth,
            "[-0.9, 9]",
            "0.1 is ten per cent a year",
        )?;
        require_noise(self.noise)
    }

    /// The incidents, in order of time.
    fn plan(&self, seed: u64, dates: &[NaiveDate]) -> Result<Vec<Planned>> {
        let mut draw = Draw::new(seed, DAILY_REVENUE, INCIDENTS);
        let kinds: Vec<IncidentKind> = [
            (IncidentKind::Drop, self.drops),
            (IncidentKind::Spike, self.spikes),
        ]
        .into_iter()
        .flat_map(|(kind, count)| std::iter::repeat_n(kind, count.min(dates.len() + 1)))
        .collect();
        // All lengths are drawn first, then all shares, then all causes.
        let lengths: Vec<usize> = kinds
            .iter()
            .map(|_| draw.within(LENGTH_DAYS[0], LENGTH_DAYS[1]))
            .collect();
        let shares: Vec<f64> = kinds
            .iter()
            .map(|kind| match kind {
                IncidentKind::Drop => plan::percent(DROP_PERCENT, &mut draw),
                _ => plan::percent(SPIKE_PERCENT, &mut draw),
            })
            .collect();
        let mut planned = Vec::with_capacity(kinds.len());
        for (i, kind) in kinds.into_iter().enumerate() {
            planned.push(Planned {
                span: 0..lengths[i],
                dimensions: Vec::new(),
                kind,
                share: shares[i],
                cause: match kind {
                    IncidentKind::Drop => choose(&SHOP_DROP, &mut draw),
                    _ => choose(&SHOP_SPIKE, &mut draw),
                },
            });
        }

        // A holiday and the day on either side of it.
        let near_holiday: Vec<bool> = dates
            .iter()
            .map(|&date| {
                [date.pred_opt(), Some(date), date.succ_opt()]
                    .into_iter()
                    .flatten()
                    .any(|day| holiday::is_holiday(&SHOP_HOLIDAYS, day))
            })
            .collect();
        let is_ordinary =
            |_: &[Range<usize>], span: &Range<usize>| !near_holiday[span.clone()].contains(&true);
        let room = Room {
            steps: WARM_UP_DAYS.min(dates.len())..dates.len(),
            warm_up: WARM_UP_DAYS,
            gap: GAP_DAYS,
            unit: "days",
        };
        let asked = self.drops.saturating_add(self.spikes);
        room.place(&mut draw, planned, asked, is_ordinary)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::SynthError;

    /// No noise, no incidents: what is left can be worked out by hand.
    fn quiet() -> Dataset {
        let spec = DailyRevenueSpec {
            noise: 0.0,
            drops: 0,
            spikes: 0,
            ..Default::default()
        };
        spec.generate(1).unwrap()
    }

    fn on(dataset: &Dataset, day: &str) -> f64 {
        dataset
            .rows()
            .find(|row| dataset.stamp(row.time) == day)
            .unwrap()
            .value
    }

    #[test]
    fn without_noise_a_day_is_the_product_of_its_factors() {
        let quiet = quiet();
        // A Monday, day 0, New Year's Day: 68 000 · 1.00 · 0.82.
        assert!((on(&quiet, "2024-01-01") - 55_760.0).abs() < 0.006);
        // A Wednesday, day 30, month end: 68 000 · 1.1^(30/365.25) · 1.05 · 1.04 = 74 256 · 1.0078590.
        assert!((on(&quiet, "2024-01-31") - 74_839.58).abs() < 0.02);
        // A Friday, day 333, Black Friday and month end: 68 000 · 1.1^(333/365.25) · 1.14 · 1.04 · 1.18.
        let growth = 1.1f64.powf(333.0 / 365.25);
        assert!((on(&quiet, "2024-11-29") - 68_000.0 * growth * 1.14 * 1.04 * 1.18).abs() < 0.006);
    }

    #[test]
    fn the_second_year_ends_on_its_last_day() {
        let quiet = quiet();
        assert_eq!(quiet.stamp(quiet.times()[730]), "2025-12-31");
        assert_eq!(quiet.times().len(), 731);
        assert_eq!(quiet.holidays().len(), 18);
    }

    #[test]
    fn more_incidents_than_fit_are_refused_with_the_remedy() {
        let spec = DailyRevenueSpec {
            days: 60,
            drops: 3,
            spikes: 0,
            ..Default::default()
        };
        assert_eq!(
            spec.generate(1).unwrap_err().to_string(),
            "3 incidents do not fit into 60 days with a warm-up of 35 and 28 between two of them; ask for fewer \
             incidents or for more days"
        );
        let absurd = DailyRevenueSpec {
            drops: usize::MAX,
            spikes: usize::MAX,
            ..Default::default()
        };
        assert!(matches!(absurd.generate(1), Err(SynthError::NoRoom { .. })));
    }

    #[test]
    fn every_setting_outside_its_range_is_refused_by_name() {
        let base = DailyRevenueSpec::default();
        let early = NaiveDate::from_ymd_opt(1969, 12, 31).unwrap();
        for (setting, spec) in [
            (
                "start",
                DailyRevenueSpec {
                    start: early,
                    ..base
                },
            ),
            ("days", DailyRevenueSpec { days: 0, ..base }),
            (
                "level",
                DailyRevenueSpec {
                    level: f64::INFINITY,
                    ..base
                },
            ),
            (
                "yearly_growth",
                DailyRevenueSpec {
                    yearly_growth: -1.0,
                    ..base
                },
            ),
            (
                "noise",
                DailyRevenueSpec {
                    noise: f64::NAN,
                    ..base
                },
            ),
        ] {
            let error = spec.generate(1).unwrap_err().to_string();
            assert!(error.starts_with(&format!("{setting} is ")), "{error}");
        }
    }
}
