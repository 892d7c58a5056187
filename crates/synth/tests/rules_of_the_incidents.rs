//! What holds for every seed: the same bytes again, incidents by the rules, and only inside their
//! spans.

use chrono::{Datelike, NaiveDate, TimeDelta, Timelike};
use tuatara_synth::{Dataset, IncidentKind, SEED, daily_revenue, generate, hourly_orders, names};

/// The shipped seed and twenty others.
fn seeds() -> impl Iterator<Item = u64> {
    [SEED].into_iter().chain(1..=19).chain([u64::MAX])
}

fn size_in_percent(dataset: &Dataset) -> impl Iterator<Item = (IncidentKind, i64)> {
    dataset
        .labels()
        .iter()
        .map(|incident| (incident.kind, (incident.size * 100.0).round() as i64))
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    for name in names() {
        let text = |seed| {
            let dataset = generate(name, Some(seed)).unwrap();
            (dataset.data_csv(), dataset.labels_csv())
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
                let hit = dataset.labels().iter().find(|incident| {
                    incident.start <= row.time
                        && row.time < incident.end
                        && incident.touches(dataset.dimension_names(), row.dimensions)
                });
                match hit {
                    None => assert_eq!(row.value.to_bits(), row.clean.to_bits(), "{row:?}"),
                    Some(incident) => {
                        // Counts scatter: λ f + √(λ f) z against λ + √λ z differ by the size, give or take √λ |z|.
                        let scatter = if name == "daily-revenue" {
                            0.02
                        } else {
                            5.0 * row.clean.sqrt()
                        };
                        let expected = row.clean * (1.0 + incident.size);
                        assert!(
                            (row.value - expected).abs() < scatter,
                            "{incident:?} {row:?}"
                        );
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
}
