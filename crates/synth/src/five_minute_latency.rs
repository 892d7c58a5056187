//! `five-minute-latency`: how long four services take to answer, every five minutes over five days.
//!
//! ```text
//! y_t = round₄( base(service) · s̃(t) · exp(n_t) · f_t )        seconds
//!
//! s̃  the day, smooth between the hours; UTC        n  noise, 5 %, memory 0.4
//! f  incidents; the clean series has f = 1
//! ```
//!
//! Shaped as the answer of Prometheus to a `query_range` for the 99th percentile of each service, with
//! what such answers are full of: `export` was deployed on the second day at 13:00 and begins there;
//! at night nobody logs in during a third of the steps, and a percentile of nothing is `NaN`. Both
//! are no incidents.
//!
//! Rules of the incidents: two services out of `checkout`, `login` and `search` are slow for a while,
//! by 120 to 220 % in whole per cent over 8 to 24 steps each, on the last two days between 07:00 and
//! 20:00, the two at least two hours apart.

use std::ops::Range;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};

use crate::cause::{SERVICE_SPIKE, choose};
use crate::dataset::{Dataset, FileLayout, Stamps};
use crate::draw::Draw;
use crate::error::Result;
use crate::incident::IncidentKind;
use crate::noise::RelativeNoise;
use crate::plan::{self, Planned, Room};
use crate::season::DayShape;

/// The name of the dataset.
pub const FIVE_MINUTE_LATENCY: &str = "five-minute-latency";

const STEPS_PER_HOUR: usize = 12;
const STEPS_PER_DAY: usize = 24 * STEPS_PER_HOUR;
const DAYS: usize = 5;

/// Seconds of an average step, by service.
const SERVICES: [(&str, f64); 4] = [
    ("checkout", 0.24),
    ("export", 1.7),
    ("login", 0.09),
    ("search", 0.13),
];
/// Those that can be slow.
const FRAGILE: [&str; 3] = ["checkout", "login", "search"];
const LATE: (&str, usize) = ("export", STEPS_PER_DAY + 13 * STEPS_PER_HOUR);
/// Hours in which some steps have no request at all, and the share of these steps.
const IDLE: (&str, Range<u32>, f64) = ("login", 1..5, 1.0 / 3.0);

/// From midnight on; mean 1.
const DAY: [f64; 24] = [
    0.86, 0.84, 0.83, 0.82, 0.83, 0.85, 0.90, 0.97, 1.05, 1.11, 1.14, 1.15, //
    1.13, 1.12, 1.14, 1.15, 1.13, 1.10, 1.07, 1.04, 1.00, 0.96, 0.92, 0.89,
];
const NOISE: f64 = 0.05;
const NOISE_MEMORY: f64 = 0.4;

const INCIDENTS: usize = 2;
const LENGTH_STEPS: [usize; 2] = [8, 24];
/// Hours between which an incident lies.
const HOURS: Range<u32> = 7..20;
const GAP_STEPS: usize = 2 * STEPS_PER_HOUR;
/// In per cent, both ends included.
const PERCENT: [usize; 2] = [120, 220];

/// The streams of a seed: the incidents, then two for each service.
const INCIDENT_STREAM: u64 = 0;
fn noise_stream(service: usize) -> u64 {
    1 + 2 * service as u64
}
fn idle_stream(service: usize) -> u64 {
    2 + 2 * service as u64
}

/// The dataset at `seed`.
///
/// # Errors
/// [`NoRoom`](crate::SynthError::NoRoom) at a seed that leaves no room for the incidents; none is
/// known.
pub fn five_minute_latency(seed: u64) -> Result<Dataset> {
    let start = NaiveDate::from_ymd_opt(2026, 4, 6).expect("6 April 2026 is a date, a Monday");
    let first = start.and_time(NaiveTime::MIN).and_utc();
    let at = |t: usize| first + TimeDelta::minutes(5 * t as i64);
    let times: Vec<DateTime<Utc>> = (0..DAYS * STEPS_PER_DAY).map(at).collect();
    let planned = plan(seed, &times)?;
    let day = DayShape::new(DAY, DAY)?;

    let mut series = Vec::with_capacity(SERVICES.len());
    for (number, (service, base)) in SERVICES.into_iter().enumerate() {
        let stream = |number| Draw::new(seed, FIVE_MINUTE_LATENCY, number);
        let mut noise = RelativeNoise::new(stream(noise_stream(number)), NOISE, NOISE_MEMORY)?;
        let mut idle = stream(idle_stream(number));
        let mut expected = Vec::with_capacity(times.len());
        for (t, time) in times.iter().enumerate() {
            let seconds = base * day.smooth(time.naive_utc()) * noise.factor();
            let is_idle =
                idle.uniform() < IDLE.2 && IDLE.0 == service && IDLE.1.contains(&time.hour());
            let is_early = LATE.0 == service && t < LATE.1;
            expected.push(if is_idle || is_early {
                f64::NAN
            } else {
                seconds
            });
        }
        let written = |_, seconds| plan::rounded(seconds, 4);
        series.push(plan::slice(
            &[("service", service)],
            &planned,
            &expected,
            written,
        )?);
    }
    Ok(Dataset {
        name: FIVE_MINUTE_LATENCY,
        description: "Latency of four services every five minutes over five days, as Prometheus answers.",
        time_column: "time",
        metric: "p99_seconds",
        dimension_names: &["service"],
        granularity: "PT5M",
        zone: chrono_tz::UTC,
        stamps: Stamps::Utc,
        layout: FileLayout::Prometheus,
        dataset_yaml: Some(include_str!("five_minute_latency.tuatara.yaml")),
        seed,
        labels: plan::labels(&planned, at),
        times,
        series,
        holidays: Vec::new(),
    })
}

/// The incidents, in order of time.
fn plan(seed: u64, times: &[DateTime<Utc>]) -> Result<Vec<Planned>> {
    let mut draw = Draw::new(seed, FIVE_MINUTE_LATENCY, INCIDENT_STREAM);
    let spared = draw.below(FRAGILE.len());
    let slow = FRAGILE
        .into_iter()
        .enumerate()
        .filter(|(i, _)| *i != spared);
    let planned: Vec<Planned> = slow
        .map(|(_, service)| Planned {
            span: 0..draw.within(LENGTH_STEPS[0], LENGTH_STEPS[1]),
            dimensions: vec![("service", service)],
            kind: IncidentKind::Spike,
            share: plan::percent(PERCENT, &mut draw),
            cause: choose(&SERVICE_SPIKE, &mut draw),
        })
        .collect();
    let warm_up = (DAYS - 2) * STEPS_PER_DAY;
    let room = Room {
        steps: warm_up..times.len(),
        warm_up,
        gap: GAP_STEPS,
        unit: "steps",
    };
    // Shorter than the night, so that both ends by day are enough.
    let by_day = |_: &[Range<usize>], span: &Range<usize>| {
        HOURS.contains(&times[span.start].hour()) && HOURS.contains(&times[span.end - 1].hour())
    };
    room.place(&mut draw, planned, INCIDENTS, by_day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_late_service_begins_on_the_second_day_at_one() {
        let dataset = five_minute_latency(1).unwrap();
        let late = dataset.rows().find(|row| row.dimensions == ["export"]);
        assert_eq!(dataset.stamp(late.unwrap().time), "2026-04-07T13:00:00Z");
        assert!(
            !dataset
                .data_text()
                .contains("\"export\"},\"values\":[[1775433600,")
        );
    }

    #[test]
    fn only_logins_are_nan_and_only_at_night() {
        let dataset = five_minute_latency(1).unwrap();
        for slice in dataset.series() {
            let mut idle = 0;
            for (time, value) in dataset.times().iter().zip(slice.values()).skip(LATE.1) {
                if value.is_nan() {
                    assert_eq!(
                        (slice.dimensions(), time.hour() / 5),
                        (["login"].as_slice(), 0)
                    );
                    idle += 1;
                }
            }
            // Three nights of 48 steps, a third of them.
            let allowed = if slice.dimensions() == ["login"] {
                24..=72
            } else {
                0..=0
            };
            assert!(allowed.contains(&idle), "{idle}");
        }
    }

    #[test]
    fn an_answer_of_prometheus_has_one_line_for_each_service() {
        let text = five_minute_latency(1).unwrap().data_text();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[0],
            "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":["
        );
        assert!(
            lines[1]
                .starts_with("{\"metric\":{\"service\":\"checkout\"},\"values\":[[1775433600,\"")
        );
        assert_eq!((lines.len(), lines[5]), (6, "]}}"));
    }
}
