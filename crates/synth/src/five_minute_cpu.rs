//! `five-minute-cpu`: how busy a host was, in per cent, every five minutes over six weeks.
//!
//! ```text
//! y_t = round₁( min(100, level · w(weekday) · s̃(t) · b(t) · exp(n_t) · f_t) )
//!
//! w  the week: a calm weekend        s̃  the day, smooth between the hours; UTC
//! b  ×2.2 from 02:30 to 02:55, the nightly backup        n  noise, 6 %, memory 0.5
//! f  incidents; the clean series has f = 1
//! ```
//!
//! Stamps are two minutes past the five: 00:02, 00:07, …, as of an agent that started when it
//! started. The noise is relative, so it grows with the level. The backup comes every night and is
//! no incident, nor are single rows that were lost on their way: eight, no two next to each other.
//!
//! Rules of the incidents: five spikes by 150 to 250 %, of 1 or 2, 3 or 4, 5 to 7, 8 to 12 and 13 to 24
//! steps; one gap of 1 to 4 hours; one stretch of 2 to 6 hours in which the value before it is
//! repeated; and last a shift of the level by 50 to 80 % that stays to the end. The shift begins 6
//! to 3 days before the end. None lies in the first three weeks; between two of them are at least 12
//! hours, and no two but the shift touch the same step of the week, so that the same time of the last
//! weeks meets at most one of them. No lost row lies in an incident or beside one.

use std::ops::Range;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};

use crate::cause::{HOST_GAP, HOST_SHIFT, HOST_SPIKE, HOST_STUCK, choose};
use crate::dataset::{Dataset, FileLayout, Stamps};
use crate::draw::Draw;
use crate::error::{Result, require, require_noise, require_start};
use crate::incident::IncidentKind;
use crate::noise::RelativeNoise;
use crate::plan::{self, Planned, Room};
use crate::season::{DayShape, WeekShape};

/// The name of the dataset.
pub const FIVE_MINUTE_CPU: &str = "five-minute-cpu";

const STEPS_PER_HOUR: usize = 12;
const STEPS_PER_DAY: usize = 24 * STEPS_PER_HOUR;
const STEPS_PER_WEEK: usize = 7 * STEPS_PER_DAY;
/// How far past the five minutes the host reports.
const PHASE_MINUTES: i64 = 2;

/// Monday first; mean 1.
const WEEK: [f64; 7] = [1.06, 1.08, 1.08, 1.07, 1.03, 0.86, 0.82];
/// From midnight on; mean 1.
const WORKDAY: [f64; 24] = [
    0.62, 0.58, 0.55, 0.54, 0.56, 0.62, 0.76, 0.96, 1.16, 1.31, 1.38, 1.40, //
    1.36, 1.34, 1.38, 1.40, 1.36, 1.27, 1.14, 1.04, 0.96, 0.88, 0.78, 0.65,
];
const WEEKEND: [f64; 24] = [
    0.80, 0.76, 0.74, 0.73, 0.74, 0.78, 0.84, 0.92, 1.00, 1.08, 1.14, 1.18, //
    1.20, 1.20, 1.19, 1.18, 1.17, 1.15, 1.13, 1.10, 1.05, 0.99, 0.95, 0.98,
];
const NOISE_MEMORY: f64 = 0.5;
/// Minutes of the day between which the backup runs, and its factor.
const BACKUP: (Range<u32>, f64) = (150..175, 2.2);

const WARM_UP_DAYS: usize = 21;
const GAP_HOURS: usize = 12;
/// In steps, both ends included; the spikes take them in turn.
const SPIKE_STEPS: [[usize; 2]; 5] = [[1, 2], [3, 4], [5, 7], [8, 12], [13, 24]];
const GAP_STEPS: [usize; 2] = [12, 48];
const STUCK_STEPS: [usize; 2] = [24, 72];
/// How long before the end the shift begins, in steps.
const SHIFT_STEPS: [usize; 2] = [3 * STEPS_PER_DAY, 6 * STEPS_PER_DAY];
/// In per cent, both ends included.
const SPIKE_PERCENT: [usize; 2] = [150, 250];
const SHIFT_PERCENT: [usize; 2] = [50, 80];

/// The streams of a seed: what is drawn from each.
const INCIDENTS: u64 = 0;
const NOISE: u64 = 1;
const LOST: u64 = 2;

/// Settings of the dataset; the default is the shipped one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FiveMinuteCpuSpec {
    /// The first day, between 1970 and 2090. Monday, 2 March 2026 by default.
    pub start: NaiveDate,
    /// The number of days, 1 to 366. 42 by default.
    pub days: usize,
    /// Per cent of an average step, in (0, 100]. 16 by default.
    pub level: f64,
    /// Deviation of the relative noise, in [0, 1]. 0.06 by default.
    pub noise: f64,
    /// The number of spikes. 5 by default, one of each length.
    pub spikes: usize,
    /// The number of gaps. 1 by default.
    pub gaps: usize,
    /// The number of stretches in which a value is repeated. 1 by default.
    pub stuck: usize,
    /// The number of level shifts, 0 or 1. 1 by default.
    pub shifts: usize,
    /// The number of single rows that are lost, at most 100. 8 by default.
    pub lost: usize,
}

impl Default for FiveMinuteCpuSpec {
    fn default() -> Self {
        Self {
            start: NaiveDate::from_ymd_opt(2026, 3, 2).expect("2 March 2026 is a date"),
            days: 42,
            level: 16.0,
            noise: 0.06,
            spikes: 5,
            gaps: 1,
            stuck: 1,
            shifts: 1,
            lost: 8,
        }
    }
}

/// The dataset with default settings at `seed`.
///
/// # Errors
/// None with these settings, at any seed that leaves room for the incidents; see
/// [`FiveMinuteCpuSpec::generate`].
pub fn five_minute_cpu(seed: u64) -> Result<Dataset> {
    FiveMinuteCpuSpec::default().generate(seed)
}

impl FiveMinuteCpuSpec {
    /// The dataset with these settings at `seed`.
    ///
    /// # Errors
    /// [`OutOfRange`](crate::SynthError::OutOfRange) for a setting outside its range,
    /// [`NoRoom`](crate::SynthError::NoRoom) when no plan for the incidents was found that keeps the
    /// rules.
    pub fn generate(&self, seed: u64) -> Result<Dataset> {
        self.check()?;
        let steps = self.days * STEPS_PER_DAY;
        let first = self.start.and_time(NaiveTime::MIN).and_utc();
        let at = |t: usize| first + TimeDelta::minutes(5 * t as i64 + PHASE_MINUTES);
        let times: Vec<DateTime<Utc>> = (0..steps).map(at).collect();
        let planned = self.plan(seed, steps)?;

        let (week, day) = (WeekShape::new(WEEK)?, DayShape::new(WORKDAY, WEEKEND)?);
        let stream = |number| Draw::new(seed, FIVE_MINUTE_CPU, number);
        let mut noise = RelativeNoise::new(stream(NOISE), self.noise, NOISE_MEMORY)?;
        let mut expected: Vec<f64> = times
            .iter()
            .map(|time| {
                self.level
                    * week.factor(time.weekday())
                    * day.smooth(time.naive_utc())
                    * backup(*time)
                    * noise.factor()
            })
            .collect();
        for t in self.lost_steps(&mut stream(LOST), &planned, steps) {
            expected[t] = f64::NAN;
        }

        Ok(Dataset {
            name: FIVE_MINUTE_CPU,
            description: "CPU utilisation of a host every five minutes over six weeks: spikes, a shift, a gap, a stuck stretch.",
            time_column: "timestamp",
            metric: "cpu",
            dimension_names: &[],
            granularity: "PT5M",
            zone: chrono_tz::UTC,
            stamps: Stamps::Utc,
            layout: FileLayout::Long,
            dataset_yaml: Some(include_str!("five_minute_cpu.tuatara.yaml")),
            seed,
            series: vec![plan::slice(&[], &planned, &expected, in_per_cent)?],
            labels: plan::labels(&planned, at),
            times,
            holidays: Vec::new(),
        })
    }

    fn check(&self) -> Result<()> {
        require_start(self.start)?;
        let days = self.days as f64;
        require("days", days, [1.0, 366.0], "1 to 366", "42 are six weeks")?;
        let level = [f64::MIN_POSITIVE, 100.0];
        require(
            "level",
            self.level,
            level,
            "(0, 100]",
            "16 is the shipped one",
        )?;
        require_noise(self.noise)?;
        let shifts = self.shifts as f64;
        require(
            "shifts",
            shifts,
            [0.0, 1.0],
            "0 and 1",
            "the one shift stays to the end",
        )?;
        let lost = self.lost as f64;
        require(
            "lost",
            lost,
            [0.0, 100.0],
            "0 to 100",
            "8 is the shipped number",
        )
    }

    /// The incidents, in order of time.
    fn plan(&self, seed: u64, steps: usize) -> Result<Vec<Planned>> {
        let mut draw = Draw::new(seed, FIVE_MINUTE_CPU, INCIDENTS);
        let unplaced = |kind, [low, high]: [usize; 2], percent, causes, draw: &mut Draw| Planned {
            span: 0..draw.within(low, high),
            dimensions: Vec::new(),
            kind,
            share: plan::percent(percent, draw),
            cause: choose(causes, draw),
        };
        let shift = (self.shifts > 0).then(|| {
            let kind = IncidentKind::Shift;
            unplaced(kind, SHIFT_STEPS, SHIFT_PERCENT, &HOST_SHIFT, &mut draw)
        });
        let mut others = Vec::new();
        for i in 0..self.spikes.min(steps + 1) {
            let (kind, lengths) = (IncidentKind::Spike, SPIKE_STEPS[i % SPIKE_STEPS.len()]);
            others.push(unplaced(
                kind,
                lengths,
                SPIKE_PERCENT,
                &HOST_SPIKE,
                &mut draw,
            ));
        }
        for _ in 0..self.gaps.min(steps + 1) {
            others.push(unplaced(
                IncidentKind::Gap,
                GAP_STEPS,
                [0, 0],
                &HOST_GAP,
                &mut draw,
            ));
        }
        for _ in 0..self.stuck.min(steps + 1) {
            others.push(unplaced(
                IncidentKind::Stuck,
                STUCK_STEPS,
                [0, 0],
                &HOST_STUCK,
                &mut draw,
            ));
        }

        // The shift has its place at the end; the others share the room before it.
        let (warm_up, gap) = (WARM_UP_DAYS * STEPS_PER_DAY, GAP_HOURS * STEPS_PER_HOUR);
        let from_shift = shift.as_ref().map_or(0, |shift| shift.span.len() + gap);
        let end = steps.saturating_sub(from_shift);
        let room = Room {
            steps: warm_up.min(end)..end,
            warm_up,
            gap,
            unit: "steps",
        };
        // Steps of the week from one start to the other, forwards and backwards.
        let meets = |a: &Range<usize>, b: &Range<usize>| {
            let ahead = (b.start + STEPS_PER_WEEK - a.start % STEPS_PER_WEEK) % STEPS_PER_WEEK;
            ahead < a.len() || STEPS_PER_WEEK - ahead < b.len()
        };
        let admits = |placed: &[Range<usize>], span: &Range<usize>| {
            placed.iter().all(|other| !meets(other, span))
        };
        let asked = self
            .spikes
            .saturating_add(self.gaps)
            .saturating_add(self.stuck);
        let mut planned = room.place(&mut draw, others, asked, admits)?;
        if let Some(shift) = shift {
            let length = shift.span.len();
            let last = Room {
                steps: warm_up.max(steps.saturating_sub(length))..steps,
                ..room
            };
            planned.extend(last.place(&mut draw, vec![shift], 1, |_, _| true)?);
        }
        Ok(planned)
    }

    /// Steps whose rows are lost: away from the beginning, from the incidents and from each other.
    fn lost_steps(&self, draw: &mut Draw, planned: &[Planned], steps: usize) -> Vec<usize> {
        let beside = |t: usize, span: &Range<usize>| span.start <= t + 1 && t <= span.end;
        let mut lost: Vec<usize> = Vec::with_capacity(self.lost);
        // A shift takes up the end, so only a share of the draws counts; ten of each suffice.
        for _ in 0..self.lost * 10 {
            let t = draw.below(steps);
            let near = t == 0
                || planned.iter().any(|incident| beside(t, &incident.span))
                || lost.iter().any(|other| other.abs_diff(t) <= 1);
            if !near && lost.len() < self.lost {
                lost.push(t);
            }
        }
        lost
    }
}

/// The factor of the nightly backup.
fn backup(time: DateTime<Utc>) -> f64 {
    let (minutes, factor) = BACKUP;
    let is_running = minutes.contains(&(time.hour() * 60 + time.minute()));
    if is_running { factor } else { 1.0 }
}

/// At most all of it, to one decimal as monitors do; NaN stays NaN.
fn in_per_cent(_: usize, value: f64) -> f64 {
    let busy = plan::rounded(value, 1);
    if busy > 100.0 { 100.0 } else { busy }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::SynthError;

    /// No noise, no incidents, nothing lost: what is left can be worked out by hand.
    fn quiet() -> FiveMinuteCpuSpec {
        FiveMinuteCpuSpec {
            noise: 0.0,
            spikes: 0,
            gaps: 0,
            stuck: 0,
            shifts: 0,
            lost: 0,
            ..Default::default()
        }
    }

    fn on(dataset: &Dataset, stamp: &str) -> f64 {
        let row = dataset.rows().find(|row| dataset.stamp(row.time) == stamp);
        row.unwrap().value
    }

    #[test]
    #[allow(clippy::float_cmp)] // rounded to one decimal
    fn without_noise_a_step_is_the_product_of_its_factors() {
        let quiet = quiet().generate(1).unwrap();
        // A Monday: 16 · 1.06 · (0.62 + (0.58 − 0.62) · 2/60) = 10.49. At 09:02
        // 16 · 1.06 · (1.31 + 0.07 · 2/60) = 22.26.
        assert_eq!(on(&quiet, "2026-03-02T00:02:00Z"), 10.5);
        assert_eq!(on(&quiet, "2026-03-02T09:02:00Z"), 22.3);
        // During the backup ×2.2: at 02:32, 16 · 1.06 · (0.55 − 0.01 · 32/60) · 2.2 = 20.32.
        assert_eq!(on(&quiet, "2026-03-02T02:27:00Z"), 9.3);
        assert_eq!(on(&quiet, "2026-03-02T02:32:00Z"), 20.3);
        assert_eq!(on(&quiet, "2026-03-02T02:57:00Z"), 9.2);
        // A Sunday at 12:02: 16 · 0.82 · 1.20.
        assert_eq!(on(&quiet, "2026-03-08T12:02:00Z"), 15.7);
    }

    #[test]
    fn six_weeks_are_12096_steps_two_minutes_past_the_five() {
        let quiet = quiet().generate(1).unwrap();
        assert_eq!(quiet.times().len(), 12_096);
        assert_eq!(quiet.stamp(quiet.times()[12_095]), "2026-04-12T23:57:00Z");
    }

    #[test]
    #[allow(clippy::float_cmp)] // 100 is written, not computed
    fn a_host_is_never_more_than_fully_busy() {
        let spec = FiveMinuteCpuSpec {
            level: 60.0,
            ..Default::default()
        };
        let dataset = spec.generate(1).unwrap();
        assert!(dataset.rows().all(|row| (0.0..=100.0).contains(&row.value)));
        assert!(dataset.rows().any(|row| row.value == 100.0));
    }

    #[test]
    fn more_incidents_than_fit_are_refused_with_the_remedy() {
        let spec = FiveMinuteCpuSpec {
            days: 22,
            shifts: 0,
            ..Default::default()
        };
        assert_eq!(
            spec.generate(1).unwrap_err().to_string(),
            "7 incidents do not fit into 6336 steps with a warm-up of 6048 and 144 between two of them; ask for \
             fewer incidents or for more days"
        );
        let absurd = FiveMinuteCpuSpec {
            spikes: usize::MAX,
            ..Default::default()
        };
        assert!(matches!(absurd.generate(1), Err(SynthError::NoRoom { .. })));
    }

    #[test]
    fn every_setting_outside_its_range_is_refused_by_name() {
        let base = FiveMinuteCpuSpec::default();
        let late = NaiveDate::from_ymd_opt(2091, 1, 1).unwrap();
        for (setting, spec) in [
            (
                "start",
                FiveMinuteCpuSpec {
                    start: late,
                    ..base
                },
            ),
            ("days", FiveMinuteCpuSpec { days: 367, ..base }),
            ("level", FiveMinuteCpuSpec { level: 0.0, ..base }),
            (
                "noise",
                FiveMinuteCpuSpec {
                    noise: -1.0,
                    ..base
                },
            ),
            ("shifts", FiveMinuteCpuSpec { shifts: 2, ..base }),
            ("lost", FiveMinuteCpuSpec { lost: 101, ..base }),
        ] {
            let error = spec.generate(1).unwrap_err().to_string();
            assert!(error.starts_with(&format!("{setting} is ")), "{error}");
        }
    }
}
