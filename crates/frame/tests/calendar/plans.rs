//! Lags for many rows, and how far they reach.

use chrono_tz::TZ_VARIANTS;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use tuatara_frame::{Instant, Interval, TimeAxis, Zone};

use crate::{axis, lag};

#[test]
fn a_plan_of_a_spring_week_has_a_run_for_each_stretch() {
    // Rows from Saturday 00:00 to Tuesday 00:00 in Los Angeles, 71 hours, against the day before.
    let hourly = axis(
        "PT1H",
        "America/Los_Angeles",
        "2020-03-07T08:00:00Z",
        "2020-03-10T07:00:00Z",
    );
    let plan = hourly.lag_plan(lag("1d"), 0..hourly.len());
    let runs: Vec<_> = plan
        .runs
        .iter()
        .map(|run| (run.start, run.end, run.shift))
        .collect();
    assert_eq!(
        runs,
        [
            (0, 26, Some(24)), // to Sunday 01:00
            // From Sunday 03:00; Monday 00:00 and 01:00 are in summer time, Sunday's were not.
            (26, 49, Some(23)),
            (49, 50, None), // Monday 02:00
            (50, 71, Some(24)),
        ]
    );
    assert_eq!(plan.source(0), Some(-24));
    assert_eq!(plan.source(48), Some(25));
    assert_eq!(plan.source(49), None);
    assert_eq!(plan.source(71), None);
    assert_eq!(hourly.lag_plan(lag("1d"), 30..40).source(29), None);
}

#[test]
fn a_year_of_hours_has_few_runs() {
    let year = axis(
        "PT1H",
        "Europe/London",
        "2020-01-01T00:00:00Z",
        "2021-01-01T00:00:00Z",
    );
    let runs = |back| year.lag_plan(lag(back), 0..year.len()).runs.len();
    assert_eq!(runs("24h"), 1);
    assert!(runs("1w") <= 7, "{}", runs("1w"));
    assert!(runs("1mo") <= 48, "{}", runs("1mo"));
}

#[test]
fn reach_is_exact_where_no_clock_changes() {
    let reach = |step, name, back| {
        axis(step, name, "2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z").reach(lag(back))
    };
    for (step, back, buckets) in [
        ("P1D", "1d", 1),
        ("P1D", "4w", 28),
        ("P1D", "1mo", 31),
        ("P1D", "2mo", 62),
        ("P1D", "3mo", 92),
        ("P1D", "12mo", 366),
        ("P1D", "4y", 1461),
        ("P1D", "24h", 1),
        ("P1D", "25h", 2),
        ("P1W", "1w", 1),
        ("P1W", "1d", 1),
        ("P1W", "1mo", 5),
        ("P1M", "1mo", 1),
        ("P1M", "1y", 12),
        ("P1M", "1w", 1),
        ("P1M", "28d", 1),
        ("P1M", "29d", 2),
        ("P3M", "1mo", 1),
        ("P1Y", "1y", 1),
        ("PT1H", "24h", 24),
        ("PT1H", "1w", 168),
        ("PT1H", "1y", 8784),
        ("PT5M", "1d", 288),
        ("PT48H", "1d", 1),
    ] {
        assert_eq!(reach(step, "UTC", back), buckets, "{back} on {step}");
    }
    assert_eq!(reach("PT1H", "Etc/GMT+5", "1w"), 168);
    // Dates are dates in every zone; the wall clock may move by 26 hours at the very most.
    assert_eq!(reach("P1D", "Pacific/Apia", "4w"), 28);
    assert_eq!(reach("PT1H", "Pacific/Apia", "24h"), 24);
    assert_eq!(reach("PT1H", "Pacific/Apia", "1w"), 168 + 26);
    assert_eq!(
        reach("P1D", "UTC", "4294967295y"),
        1_073_741_823 * 1461 + 1096
    );
}

/// Moments at which the clock of a zone changes: a few from each, the largest changes among them.
fn clock_changes(zone: Zone) -> Vec<i64> {
    let Ok(oracle) = TimeZone::get(zone.name()) else {
        return Vec::new();
    };
    let mut changes: Vec<(i32, i64)> = oracle
        .following(Timestamp::UNIX_EPOCH)
        .take_while(|change| change.timestamp().as_second() < 2_114_380_800)
        .map(|change| {
            let at = change.timestamp();
            let before = oracle.to_offset(at - SignedDuration::from_millis(1));
            (
                -(change.offset().seconds() - before.seconds()).abs(),
                at.as_millisecond(),
            )
        })
        .collect();
    changes.sort_unstable();
    let rest = (changes.len() / 4).max(1);
    changes
        .iter()
        .take(1)
        .chain(changes.iter().skip(1).step_by(rest))
        .map(|change| change.1)
        .collect()
}

#[test]
fn every_lag_leads_back_and_no_further_than_its_reach() {
    const HOUR: i64 = 3_600_000;
    let lags = ["1h", "25h", "1d", "1w", "1mo", "13mo"].map(lag);
    let mut judged = 0;
    for tz in TZ_VARIANTS {
        let zone = Zone::from(tz);
        for change in clock_changes(zone) {
            for (step, around) in [("PT30M", 27), ("PT48H", 99), ("P1D", 99), ("P1W", 999)] {
                let [start, end] = [change - around * HOUR, change + around * HOUR]
                    .map(|millis| Instant::from_millis(millis).unwrap());
                let span = Interval::new(start, end).unwrap();
                let axis = TimeAxis::covering(step.parse().unwrap(), zone, span).unwrap();
                for lag in lags {
                    let plan = axis.lag_plan(lag, 0..axis.len());
                    let reach = i64::try_from(axis.reach(lag)).unwrap();
                    for run in &plan.runs {
                        if let Some(shift) = run.shift {
                            assert!(
                                (1..=reach).contains(&shift),
                                "{lag} goes {shift} of {reach} back on {axis:?}"
                            );
                            judged += run.end - run.start;
                        }
                    }
                }
            }
        }
    }
    assert!(judged > 500_000, "{judged}");
}
