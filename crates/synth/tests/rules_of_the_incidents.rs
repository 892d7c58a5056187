//! What holds for every seed: the same bytes again, incidents by the rules, and only inside their
//! spans.

use chrono::{Datelike, NaiveDate, TimeDelta, Timelike};
use tuatara_synth::{
    Dataset, Incident, IncidentKind, Row, SEED, daily_revenue, five_minute_cpu,
    five_minute_latency, generate, hourly_orders, names,
};

/// The shipped seed and twenty others.
fn seeds() -> impl Iterator<Item = u64> {
    [SEED].into_iter().chain(1..=19).chain([u64::MAX])
}

/// Kind and size in per cent of the incidents that have a size.
fn size_in_percent(dataset: &Dataset) -> impl Iterator<Item = (IncidentKind, i64)> {
    let sized =
        |incident: &Incident| Some((incident.kind, (incident.size? * 100.0).round() as i64));
    dataset.labels().iter().filter_map(sized)
}

/// The half of a unit in the last place that a data file rounds to; none where it holds counts.
fn rounding(name: &str) -> Option<f64> {
    match name {
        "daily-revenue" | "hourly-sensors" => Some(0.005),
        "five-minute-cpu" => Some(0.05),
        "five-minute-latency" => Some(0.000_05),
        _ => None,
    }
}

fn hits<'d>(dataset: &'d Dataset, row: &'d Row<'d>) -> impl Iterator<Item = &'d Incident> {
    dataset.labels().iter().filter(|incident| {
        incident.start <= row.time
            && row.time < incident.end
            && incident.touches(dataset.dimension_names(), row.dimensions)
    })
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    for name in names() {
        let text = |seed| {
            let dataset = generate(name, Some(seed)).unwrap();
            (dataset.data_text(), dataset.labels_csv())
        };
        assert_eq!(text(7), text(7));
        assert_ne!(text(7).0, text(8).0);
        assert_ne!(text(7).1, text(8).1);
    }
}

#[test]
fn outside_the_incidents_the_series_is_the_clean_one_and_inside_it_differs_by_their_size() {
    for name in names() {
        for seed in [SEED, 1, 2] {
            let dataset = generate(name, Some(seed)).unwrap();
            for row in dataset.rows() {
                let factor: Option<f64> = hits(&dataset, &row)
                    .map(|hit| Some(1.0 + hit.size?))
                    .product();
                match factor {
                    _ if hits(&dataset, &row).next().is_none() => {
                        assert_eq!(row.value.to_bits(), row.clean.to_bits(), "{row:?}");
                    }
                    None => {
                        assert_ne!(hits(&dataset, &row).next().unwrap().kind, IncidentKind::Gap)
                    }
                    Some(factor) => {
                        // Both are rounded. Counts scatter: λ f + √(λ f) z against λ + √λ z differ by
                        // the size, give or take √λ |z|.
                        let scatter = match rounding(name) {
                            Some(half) => half * (1.0 + factor) + 1e-9,
                            None => 5.0 * row.clean.sqrt(),
                        };
                        let expected = row.clean * factor;
                        let is_full = name == "five-minute-cpu" && expected > 99.0; // it ends at 100
                        assert!(is_full || (row.value - expected).abs() < scatter, "{row:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn incidents_of_daily_revenue_keep_the_rules_at_every_seed() {
    for seed in seeds() {
        let dataset = daily_revenue(seed).unwrap();
        let first = dataset.times()[0];
        let kinds = |kind| {
            dataset
                .labels()
                .iter()
                .filter(|incident| incident.kind == kind)
                .count()
        };
        assert_eq!(
            (kinds(IncidentKind::Drop), kinds(IncidentKind::Spike)),
            (6, 4)
        );
        for (kind, percent) in size_in_percent(&dataset) {
            let allowed = match kind {
                IncidentKind::Drop => -60..=-35,
                _ => 45..=90,
            };
            assert!(allowed.contains(&percent), "seed {seed}: {kind} {percent}");
        }
        for incident in dataset.labels() {
            assert!((1..=4).contains(&(incident.end - incident.start).num_days()));
            assert!(incident.start >= first + TimeDelta::weeks(5));
            assert!(incident.end <= *dataset.times().last().unwrap() + TimeDelta::days(1));
            let (start, end) = (incident.start.date_naive(), incident.end.date_naive());
            for (holiday, _) in dataset.holidays() {
                assert!(
                    end < *holiday || *holiday + TimeDelta::days(1) < start,
                    "seed {seed}: {holiday}"
                );
            }
        }
        for pair in dataset.labels().windows(2) {
            assert!(pair[1].start >= pair[0].end + TimeDelta::days(28));
        }
    }
}

#[test]
fn incidents_of_hourly_orders_keep_the_rules_at_every_seed() {
    for seed in seeds() {
        let dataset = hourly_orders(seed).unwrap();
        let warm = NaiveDate::from_ymd_opt(2026, 2, 16).unwrap(); // five weeks after 12 January
        let scopes = |dimensions: &[&str]| {
            let named = |incident: &&tuatara_synth::Incident| {
                incident
                    .dimensions
                    .iter()
                    .map(|(dimension, _)| dimension.as_str())
                    .eq(dimensions.iter().copied())
            };
            dataset.labels().iter().filter(named).count()
        };
        assert_eq!(
            (
                scopes(&["country", "platform"]),
                scopes(&["country"]),
                scopes(&["platform"])
            ),
            (4, 2, 2)
        );
        for (kind, percent) in size_in_percent(&dataset) {
            let allowed = match kind {
                IncidentKind::Drop => -80..=-45,
                _ => 60..=120,
            };
            assert!(allowed.contains(&percent), "seed {seed}: {kind} {percent}");
        }
        let mut hours_of_week = Vec::new();
        for incident in dataset.labels() {
            let hours = (incident.end - incident.start).num_hours();
            let start = incident.start.with_timezone(&dataset.zone());
            assert!((3..=10).contains(&hours));
            assert!((7..=18).contains(&start.hour()));
            assert!(start.date_naive() >= warm);
            hours_of_week.extend((0..hours).map(|h| {
                let local = (incident.start + TimeDelta::hours(h)).with_timezone(&dataset.zone());
                (local.weekday().num_days_from_monday(), local.hour())
            }));
        }
        let touched = hours_of_week.len();
        hours_of_week.sort_unstable();
        hours_of_week.dedup();
        assert_eq!(
            hours_of_week.len(),
            touched,
            "seed {seed}: two incidents touch one hour of the week"
        );
        for pair in dataset.labels().windows(2) {
            assert!(pair[1].start >= pair[0].end + TimeDelta::hours(48));
        }
    }
}

#[test]
fn incidents_of_five_minute_cpu_keep_the_rules_at_every_seed() {
    for seed in seeds() {
        let dataset = five_minute_cpu(seed).unwrap();
        let (first, labels) = (dataset.times()[0], dataset.labels());
        let steps = |incident: &Incident| (incident.end - incident.start).num_minutes() / 5;
        let lengths = |kind| {
            let own = labels.iter().filter(|incident| incident.kind == kind);
            let mut lengths: Vec<i64> = own.map(steps).collect();
            lengths.sort_unstable();
            lengths
        };
        let spikes = lengths(IncidentKind::Spike);
        let of_each_length = [1..=2, 3..=4, 5..=7, 8..=12, 13..=24];
        assert_eq!(spikes.len(), 5);
        assert!(
            of_each_length
                .iter()
                .zip(&spikes)
                .all(|(range, steps)| range.contains(steps))
        );
        for (kind, range) in [
            (IncidentKind::Gap, 12..=48),
            (IncidentKind::Stuck, 24..=72),
            (IncidentKind::Shift, 864..=1728),
        ] {
            let lengths = lengths(kind);
            assert!(
                lengths.len() == 1 && range.contains(&lengths[0]),
                "seed {seed}: {kind}"
            );
        }
        for (kind, percent) in size_in_percent(&dataset) {
            let allowed = match kind {
                IncidentKind::Shift => 50..=80,
                _ => 150..=250,
            };
            assert!(allowed.contains(&percent), "seed {seed}: {kind} {percent}");
        }
        assert!(labels[0].start >= first + TimeDelta::weeks(3));
        assert_eq!(labels[7].kind, IncidentKind::Shift);
        assert_eq!(labels[7].end, first + TimeDelta::weeks(6));
        for pair in labels.windows(2) {
            assert!(pair[1].start >= pair[0].end + TimeDelta::hours(12));
        }
        let mut of_week: Vec<i64> = labels[..7]
            .iter()
            .flat_map(|incident| {
                (0..steps(incident))
                    .map(|s| ((incident.start - first).num_minutes() / 5 + s) % 2016)
            })
            .collect();
        let touched = of_week.len();
        of_week.sort_unstable();
        of_week.dedup();
        assert_eq!(
            of_week.len(),
            touched,
            "seed {seed}: two touch one step of the week"
        );
    }
}

#[test]
fn a_gap_has_no_rows_a_stuck_stretch_one_value_and_eight_rows_are_lost_elsewhere() {
    for seed in seeds() {
        let dataset = five_minute_cpu(seed).unwrap();
        let (times, values) = (dataset.times(), dataset.series()[0].values());
        let of = |kind| {
            let incident = dataset
                .labels()
                .iter()
                .find(|incident| incident.kind == kind)
                .unwrap();
            let from = times.partition_point(|time| *time < incident.start);
            from..times.partition_point(|time| *time < incident.end)
        };
        let (gap, stuck) = (of(IncidentKind::Gap), of(IncidentKind::Stuck));
        assert!(values[gap.clone()].iter().all(|value| value.is_nan()));
        let held = values[stuck.start - 1];
        assert!(
            values[stuck]
                .iter()
                .all(|value| value.to_bits() == held.to_bits())
        );
        let lost: Vec<usize> = (0..values.len())
            .filter(|t| values[*t].is_nan() && !gap.contains(t))
            .collect();
        assert_eq!(lost.len(), 8);
        assert!(lost.windows(2).all(|pair| pair[1] > pair[0] + 1));
        assert_eq!(dataset.rows().count(), 12_096 - 8 - gap.len());
    }
}

#[test]
fn two_services_of_five_minute_latency_are_slow_by_day_at_every_seed() {
    for seed in seeds() {
        let dataset = five_minute_latency(seed).unwrap();
        let labels = dataset.labels();
        assert_eq!(labels.len(), 2);
        assert_ne!(labels[0].dimensions, labels[1].dimensions);
        assert!(labels[1].start >= labels[0].end + TimeDelta::hours(2));
        for incident in labels {
            assert!((8..=24).contains(&((incident.end - incident.start).num_minutes() / 5)));
            assert!(incident.start >= dataset.times()[0] + TimeDelta::days(3));
            assert!((7..20).contains(&incident.start.hour()) && incident.end.hour() <= 20);
        }
        for (_, percent) in size_in_percent(&dataset) {
            assert!((120..=220).contains(&percent), "seed {seed}: {percent}");
        }
    }
}

#[test]
fn every_value_is_finite_positive_and_of_the_stated_order_of_size() {
    let daily = daily_revenue(SEED).unwrap();
    assert!(
        daily
            .rows()
            .all(|row| (40_000.0..120_000.0).contains(&row.clean))
    );
    let hourly = hourly_orders(SEED).unwrap();
    for row in hourly.rows() {
        assert!(
            row.value > 0.0 && row.value < 20_000.0 && row.value.fract().abs() < f64::EPSILON,
            "{row:?}"
        );
    }
    let cpu = five_minute_cpu(SEED).unwrap();
    assert!(cpu.rows().all(|row| (5.0..=100.0).contains(&row.value)));
}
