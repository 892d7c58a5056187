//! `hourly-visits`: visits to three offices' sites by the hour, from February to November, with
//! every clock change of the year on the way.
//!
//! ```text
//! λ_t = volume(site) · w(weekday) · s̃(local time) · exp(n_t) · f_t
//! y_t = max(0, round(λ_t + √λ_t z_t))
//!
//! w, s̃  week and day by the clock of the site's own zone        n  noise, 3 %, memory 0.3
//! f     incidents; the clean series has f = 1 and the same n and z
//! ```
//!
//! | site          | zone                  | clock changes in 2026       |
//! |---------------|-----------------------|-----------------------------|
//! | `los_angeles` | `America/Los_Angeles` | 8 March, 1 November         |
//! | `london`      | `Europe/London`       | 29 March, 25 October        |
//! | `kathmandu`   | `Asia/Kathmandu`      | none; 5:45 ahead of UTC     |
//!
//! A wide file with stamps in UTC: the hours of the file are the same for all, the people behind the
//! columns live by three clocks.
//!
//! Rules of the incidents: each site has one drop by 60 to 80 % in whole per cent in the week after
//! each of the year's clock changes (`kathmandu` in those of `london`), on a day from Monday to
//! Friday, over 3 to 6 hours, beginning between 09:00 and 14:00 local time.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc, Weekday};
use chrono_tz::Tz;

use crate::cause::{SITE_DROP, choose};
use crate::dataset::{Dataset, FileLayout, Stamps};
use crate::draw::Draw;
use crate::error::Result;
use crate::incident::IncidentKind;
use crate::noise::{RelativeNoise, count};
use crate::plan::{self, Planned, Room};
use crate::season::{DayShape, WeekShape};

/// The name of the dataset.
pub const HOURLY_VISITS: &str = "hourly-visits";

const DAYS: usize = 280;
const HOURS: usize = DAYS * 24;
/// The first day, a Monday.
const START: [u32; 3] = [2026, 2, 9];

struct Site {
    name: &'static str,
    zone: Tz,
    /// Visits in an average hour.
    volume: f64,
    /// Month and day of the Sundays whose next week has an incident.
    changes: [[u32; 2]; 2],
}

const SITES: [Site; 3] = [
    Site {
        name: "kathmandu",
        zone: chrono_tz::Asia::Kathmandu,
        volume: 2600.0,
        changes: [[3, 29], [10, 25]],
    },
    Site {
        name: "london",
        zone: chrono_tz::Europe::London,
        volume: 4300.0,
        changes: [[3, 29], [10, 25]],
    },
    Site {
        name: "los_angeles",
        zone: chrono_tz::America::Los_Angeles,
        volume: 5200.0,
        changes: [[3, 8], [11, 1]],
    },
];

/// Monday first; mean 1.
const WEEK: [f64; 7] = [1.20, 1.22, 1.22, 1.20, 1.16, 0.50, 0.50];
/// From midnight on: an office day; mean 1.
const DAY: [f64; 24] = [
    0.24, 0.20, 0.18, 0.18, 0.20, 0.28, 0.45, 0.80, 1.50, 2.00, 2.04, 2.00, //
    1.83, 1.91, 2.00, 1.95, 1.83, 1.40, 0.90, 0.62, 0.48, 0.40, 0.33, 0.28,
];
const NOISE: [f64; 2] = [0.03, 0.3];

const LENGTH_HOURS: [usize; 2] = [3, 6];
/// Local hours in which an incident may begin, both ends included.
const BEGIN_HOURS: [u32; 2] = [9, 14];
/// In per cent, both ends included.
const PERCENT: [usize; 2] = [60, 80];

/// The streams of a seed: the incidents, then two for each site.
const INCIDENT_STREAM: u64 = 0;
fn noise_stream(site: usize) -> u64 {
    1 + 2 * site as u64
}
fn count_stream(site: usize) -> u64 {
    2 + 2 * site as u64
}

/// The dataset at `seed`.
///
/// # Errors
/// [`NoRoom`](crate::SynthError::NoRoom) at a seed that leaves no room for the incidents; none is
/// known.
pub fn hourly_visits(seed: u64) -> Result<Dataset> {
    let [_, month, day] = START;
    let first = midnight([month, day]);
    let at = |t: usize| first + TimeDelta::hours(t as i64);
    let times: Vec<DateTime<Utc>> = (0..HOURS).map(at).collect();
    let planned = plan(seed, &times)?;

    let (week, day) = (WeekShape::new(WEEK)?, DayShape::new(DAY, DAY)?);
    let mut series = Vec::with_capacity(SITES.len());
    for (number, site) in SITES.iter().enumerate() {
        let stream = |number| Draw::new(seed, HOURLY_VISITS, number);
        let mut noise = RelativeNoise::new(stream(noise_stream(number)), NOISE[0], NOISE[1])?;
        let mut scatter = stream(count_stream(number));
        let mut expected = Vec::with_capacity(times.len());
        for time in &times {
            let local = time.with_timezone(&site.zone);
            let shape = week.factor(local.weekday()) * day.smooth(local.naive_local());
            expected.push(site.volume * shape * noise.factor());
        }
        let z: Vec<f64> = times.iter().map(|_| scatter.normal()).collect();
        let written = |t: usize, y| count(y, z[t]);
        series.push(plan::slice(
            &[("series", site.name)],
            &planned,
            &expected,
            written,
        )?);
    }
    Ok(Dataset {
        name: HOURLY_VISITS,
        description: "Visits to three sites by hour from February to November, each by its own clock.",
        time_column: "time",
        metric: "visits",
        dimension_names: &["series"],
        granularity: "PT1H",
        zone: chrono_tz::UTC,
        stamps: Stamps::Utc,
        layout: FileLayout::Wide,
        dataset_yaml: None,
        seed,
        labels: plan::labels(&planned, at),
        times,
        series,
        holidays: Vec::new(),
    })
}

/// Midnight in UTC of a month and day of the year.
fn midnight([month, day]: [u32; 2]) -> DateTime<Utc> {
    let date = NaiveDate::from_ymd_opt(START[0] as i32, month, day);
    let date = date.expect("the days named here are in the calendar");
    date.and_time(NaiveTime::MIN).and_utc()
}

/// The incidents, in order of time.
fn plan(seed: u64, times: &[DateTime<Utc>]) -> Result<Vec<Planned>> {
    let mut draw = Draw::new(seed, HOURLY_VISITS, INCIDENT_STREAM);
    let mut planned = Vec::with_capacity(2 * SITES.len());
    for site in &SITES {
        for change in site.changes {
            let incident = Planned {
                span: 0..draw.within(LENGTH_HOURS[0], LENGTH_HOURS[1]),
                dimensions: vec![("series", site.name)],
                kind: IncidentKind::Drop,
                share: plan::percent(PERCENT, &mut draw),
                cause: choose(&SITE_DROP, &mut draw),
            };
            // The week from the second midnight after the change: everywhere past it.
            let week = (midnight(change) + TimeDelta::days(1) - times[0]).num_hours() as usize;
            let room = Room {
                steps: week..week + 7 * 24,
                warm_up: week,
                gap: 0,
                unit: "hours",
            };
            let in_office_hours = |_: &[_], span: &std::ops::Range<usize>| {
                let local = times[span.start].with_timezone(&site.zone);
                let is_workday = !matches!(local.weekday(), Weekday::Sat | Weekday::Sun);
                is_workday && (BEGIN_HOURS[0]..=BEGIN_HOURS[1]).contains(&local.hour())
            };
            planned.extend(room.place(&mut draw, vec![incident], 1, in_office_hours)?);
        }
    }
    planned.sort_by_key(|incident| incident.span.start);
    Ok(planned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(dataset: &Dataset, site: usize, hours: &[&str]) -> f64 {
        let values = hours.iter().map(|stamp| {
            let t = dataset
                .times()
                .iter()
                .position(|time| dataset.stamp(*time) == *stamp);
            dataset.series()[site].clean()[t.unwrap()]
        });
        values.sum::<f64>() / hours.len() as f64
    }

    #[test]
    fn an_office_opens_by_its_own_clock_before_and_after_the_change() {
        let dataset = hourly_visits(1).unwrap();
        // Mondays at 08:00 local: volume · 1.20 · 1.50, give or take 5 · 3 % and 5 · √λ.
        for (site, before, after, volume) in [
            (1, "2026-03-23T08:00:00Z", "2026-03-30T07:00:00Z", 4300.0),
            (2, "2026-03-02T16:00:00Z", "2026-03-09T15:00:00Z", 5200.0),
        ] {
            for stamp in [before, after] {
                let share = mean(&dataset, site, &[stamp]) / (volume * 1.8);
                assert!((0.82..1.18).contains(&share), "{stamp}: {share}");
            }
        }
        // In Kathmandu 08:00 UTC is 13:45: 2600 · 1.20 · (1.91 + 0.09 · 0.75).
        let share = mean(&dataset, 0, &["2026-03-30T08:00:00Z"]) / (2600.0 * 1.2 * 1.9775);
        assert!((0.82..1.18).contains(&share), "{share}");
    }

    #[test]
    fn every_site_has_an_incident_in_the_week_after_each_change() {
        for seed in 0..20 {
            let dataset = hourly_visits(seed).unwrap();
            for site in &SITES {
                let own = dataset
                    .labels()
                    .iter()
                    .filter(|incident| incident.touches(dataset.dimension_names(), &[site.name]));
                let days: Vec<i64> = own
                    .zip(site.changes)
                    .map(|(incident, change)| (incident.start - midnight(change)).num_days())
                    .collect();
                assert_eq!(days.len(), 2);
                assert!(
                    days.iter().all(|day| (1..8).contains(day)),
                    "seed {seed}: {days:?}"
                );
            }
        }
    }

    #[test]
    fn the_file_begins_with_the_names_of_the_sites() {
        let text = hourly_visits(1).unwrap().data_text();
        assert!(text.starts_with("time,kathmandu,london,los_angeles\n2026-02-09T00:00:00Z,"));
        assert!(text.contains("\n2026-11-15T23:00:00Z,"));
        assert_eq!(text.lines().count(), 1 + 280 * 24);
    }
}
