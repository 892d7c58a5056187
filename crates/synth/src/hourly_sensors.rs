//! `hourly-sensors`: the temperature at twelve sensors of one building, hour by hour over five weeks.
//!
//! ```text
//! y_t = round₂( base(sensor) · s(hour) · exp(m_t) · exp(n_t) · f_t )        °C
//!
//! s  the day, warmest at 15:00 UTC       m  the weather, the same for all: 1 %, memory 0.97
//! n  noise of the sensor, 0.5 %, memory 0.3      f  incidents; the clean series has f = 1
//! ```
//!
//! A wide file: one column for each sensor. Three readings of each sensor are lost and leave their
//! cells empty; that is no incident.
//!
//! Rules of the incidents: two different sensors move to another level and stay there, one up and
//! one down, by 12 to 18 % in whole per cent, which is 2 to 4 °C. They do so in the last ten days but
//! the last two, at least a day apart.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::cause::{SENSOR_SHIFT, choose};
use crate::dataset::{Dataset, FileLayout, Stamps};
use crate::draw::Draw;
use crate::error::Result;
use crate::incident::IncidentKind;
use crate::noise::RelativeNoise;
use crate::plan::{self, Planned, Room};
use crate::season::DayShape;

/// The name of the dataset.
pub const HOURLY_SENSORS: &str = "hourly-sensors";

const DAYS: usize = 35;
const HOURS: usize = DAYS * 24;

/// °C on average, by sensor.
const SENSORS: [(&str, f64); 12] = [
    ("s01", 20.4),
    ("s02", 21.1),
    ("s03", 19.6),
    ("s04", 22.3),
    ("s05", 18.2),
    ("s06", 20.9),
    ("s07", 21.7),
    ("s08", 17.4),
    ("s09", 19.9),
    ("s10", 23.0),
    ("s11", 20.2),
    ("s12", 18.8),
];

/// From midnight on; mean 1.
const DAY: [f64; 24] = [
    0.985, 0.980, 0.976, 0.973, 0.971, 0.972, 0.976, 0.983, 0.992, 1.002, 1.011, 1.019, //
    1.025, 1.029, 1.031, 1.032, 1.029, 1.024, 1.017, 1.010, 1.002, 0.994, 0.986, 0.981,
];
const WEATHER: [f64; 2] = [0.01, 0.97];
const NOISE: [f64; 2] = [0.005, 0.3];
const LOST: usize = 3;

const WARM_UP_HOURS: usize = (DAYS - 10) * 24;
const LAST_HOURS: usize = 2 * 24;
const GAP_HOURS: usize = 24;
/// In per cent, both ends included.
const PERCENT: [usize; 2] = [12, 18];

/// The streams of a seed: the incidents, the weather, then two for each sensor.
const INCIDENT_STREAM: u64 = 0;
const WEATHER_STREAM: u64 = 1;
fn noise_stream(sensor: usize) -> u64 {
    2 + 2 * sensor as u64
}
fn lost_stream(sensor: usize) -> u64 {
    3 + 2 * sensor as u64
}

/// The dataset at `seed`.
///
/// # Errors
/// [`NoRoom`](crate::SynthError::NoRoom) at a seed that leaves no room for the incidents; none is
/// known.
pub fn hourly_sensors(seed: u64) -> Result<Dataset> {
    let start = NaiveDate::from_ymd_opt(2026, 2, 2).expect("2 February 2026 is a date, a Monday");
    let first = start.and_time(NaiveTime::MIN).and_utc();
    let at = |t: usize| first + TimeDelta::hours(t as i64);
    let times: Vec<DateTime<Utc>> = (0..HOURS).map(at).collect();
    let planned = plan(seed)?;

    let stream = |number| Draw::new(seed, HOURLY_SENSORS, number);
    let day = DayShape::new(DAY, DAY)?;
    let mut weather = RelativeNoise::new(stream(WEATHER_STREAM), WEATHER[0], WEATHER[1])?;
    let shared: Vec<f64> = times
        .iter()
        .map(|time| day.factor(time.naive_utc()) * weather.factor())
        .collect();
    let mut series = Vec::with_capacity(SENSORS.len());
    for (number, (sensor, base)) in SENSORS.into_iter().enumerate() {
        let mut noise = RelativeNoise::new(stream(noise_stream(number)), NOISE[0], NOISE[1])?;
        let mut expected: Vec<f64> = shared
            .iter()
            .map(|shared| base * shared * noise.factor())
            .collect();
        let mut lost = stream(lost_stream(number));
        for _ in 0..LOST {
            expected[lost.below(HOURS)] = f64::NAN;
        }
        let written = |_, celsius| plan::rounded(celsius, 2);
        series.push(plan::slice(
            &[("series", sensor)],
            &planned,
            &expected,
            written,
        )?);
    }
    Ok(Dataset {
        name: HOURLY_SENSORS,
        description: "Temperatures at twelve sensors by hour over five weeks, one column each.",
        time_column: "time",
        metric: "celsius",
        dimension_names: &["series"],
        granularity: "PT1H",
        zone: chrono_tz::UTC,
        stamps: Stamps::Utc,
        layout: FileLayout::Wide,
        dataset_yaml: Some(include_str!("hourly_sensors.tuatara.yaml")),
        seed,
        labels: plan::labels(&planned, at),
        times,
        series,
        holidays: Vec::new(),
    })
}

/// The incidents, in order of time. Each has a place for one step and then stays to the end.
fn plan(seed: u64) -> Result<Vec<Planned>> {
    let mut draw = Draw::new(seed, HOURLY_SENSORS, INCIDENT_STREAM);
    let up = draw.below(SENSORS.len());
    let down = (up + 1 + draw.below(SENSORS.len() - 1)) % SENSORS.len();
    let mut planned = Vec::with_capacity(2);
    for (sensor, sign) in [(up, 1.0), (down, -1.0)] {
        planned.push(Planned {
            span: 0..1,
            dimensions: vec![("series", SENSORS[sensor].0)],
            kind: IncidentKind::Shift,
            share: sign * plan::percent(PERCENT, &mut draw),
            cause: choose(&SENSOR_SHIFT, &mut draw),
        });
    }
    let room = Room {
        steps: WARM_UP_HOURS..HOURS - LAST_HOURS,
        warm_up: WARM_UP_HOURS,
        gap: GAP_HOURS,
        unit: "hours",
    };
    let asked = planned.len();
    let mut placed = room.place(&mut draw, planned, asked, |_, _| true)?;
    for incident in &mut placed {
        incident.span.end = HOURS;
    }
    Ok(placed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wide_file_has_a_column_for_each_sensor_and_an_empty_cell_for_what_was_lost() {
        let text = hourly_sensors(1).unwrap().data_text();
        assert!(text.starts_with(
            "time,s01,s02,s03,s04,s05,s06,s07,s08,s09,s10,s11,s12\n2026-02-02T00:00:00Z,"
        ));
        assert_eq!(text.lines().count(), 1 + 35 * 24);
        let cells = || text.lines().flat_map(|line| line.split(','));
        assert_eq!(cells().count(), 13 * (1 + 35 * 24));
        // Three draws for each of twelve sensors; two may meet.
        let empty = cells().filter(|cell| cell.is_empty()).count();
        assert!((34..=36).contains(&empty), "{empty}");
    }

    #[test]
    fn one_sensor_moves_up_and_another_down() {
        for seed in 0..20 {
            let dataset = hourly_sensors(seed).unwrap();
            let mut sizes: Vec<f64> = dataset.labels().iter().filter_map(|i| i.size).collect();
            sizes.sort_by(f64::total_cmp);
            assert!((-0.18..=-0.12).contains(&sizes[0]) && (0.12..=0.18).contains(&sizes[1]));
            assert_ne!(
                dataset.labels()[0].dimensions,
                dataset.labels()[1].dimensions
            );
        }
    }
}
