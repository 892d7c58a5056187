//! The datasets by name.

use crate::dataset::Dataset;
use crate::error::{Result, SynthError};
use crate::{
    DAILY_REVENUE, FIVE_MINUTE_CPU, FIVE_MINUTE_LATENCY, HOURLY_ORDERS, HOURLY_SENSORS,
    HOURLY_VISITS, daily_revenue, five_minute_cpu, five_minute_latency, hourly_orders,
    hourly_sensors, hourly_visits,
};

/// The seed of the shipped files, chosen before any rule was run on them.
pub const SEED: u64 = 2026;

/// A generator with its default settings: seed in, dataset out.
type Generator = fn(u64) -> Result<Dataset>;

const CATALOGUE: [(&str, Generator); 6] = [
    (DAILY_REVENUE, daily_revenue),
    (FIVE_MINUTE_CPU, five_minute_cpu),
    (FIVE_MINUTE_LATENCY, five_minute_latency),
    (HOURLY_ORDERS, hourly_orders),
    (HOURLY_SENSORS, hourly_sensors),
    (HOURLY_VISITS, hourly_visits),
];

/// The names that [`generate`] knows, in alphabetical order.
pub fn names() -> impl Iterator<Item = &'static str> {
    CATALOGUE.iter().map(|(name, _)| *name)
}

/// The dataset called `name`, at `seed`, or at [`SEED`] (the shipped file) when there is none.
///
/// # Errors
/// [`SynthError::UnknownDataset`] when no dataset has this name; names are matched exactly.
pub fn generate(name: &str, seed: Option<u64>) -> Result<Dataset> {
    match CATALOGUE.iter().find(|(known, _)| *known == name) {
        Some((_, generator)) => generator(seed.unwrap_or(SEED)),
        None => Err(SynthError::UnknownDataset {
            name: name.to_owned(),
            allowed: names().collect::<Vec<_>>().join(", "),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_generates_a_dataset_of_that_name_at_the_shipped_seed() {
        for name in names() {
            let dataset = generate(name, None).unwrap();
            assert_eq!((dataset.name(), dataset.seed()), (name, SEED));
        }
    }

    #[test]
    fn the_names_are_in_alphabetical_order() {
        assert!(names().is_sorted());
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_names_there_are() {
        assert_eq!(
            generate("daily_revenue", None).unwrap_err().to_string(),
            "no dataset is called `daily_revenue`; there are: daily-revenue, five-minute-cpu, \
             five-minute-latency, hourly-orders, hourly-sensors, hourly-visits; choose one of them"
        );
    }
}
