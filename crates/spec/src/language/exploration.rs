//! `dimensionExploration`: whose combinations of values are series of their own, and which of these
//! are watched.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::de::DeserializeOwned;
use tuatara_core::{Explore, ParamError, Ranking, RankingSpec};
use tuatara_frame::Duration;

use super::Reading;
use super::keys::{Level, words};
use crate::diagnostic::quote;
use crate::fields::{Entry, Fields};
use crate::{Code, Diagnostic};

/// The most combinations that are explored unless a configuration says otherwise.
pub const COMBINATION_LIMIT: usize = 20_000;

/// Keys that ask something of a combination; the others say how.
pub(crate) const ASKING: [&str; 8] = [
    "minContribution",
    "k",
    "minValue",
    "minValueHourly",
    "maxValueHourly",
    "minValueDaily",
    "maxValueDaily",
    "minLiveZone",
];

/// Keys that say how to rank.
const RANKING: [&str; 6] = [
    "dimensionFilterMetric",
    "liveBucketPercentageThreshold",
    "lookback",
    "timezone",
    "timeZone",
    "explore",
];

/// What `dimensionExploration` says.
pub(super) struct ExplorationSpec {
    /// The dimensions, in the order written.
    pub(super) dimensions: Vec<String>,
    pub(super) ranking: Option<Ranking>,
    pub(super) limit: usize,
}

impl Default for ExplorationSpec {
    fn default() -> Self {
        Self {
            dimensions: Vec::new(),
            ranking: None,
            limit: COMBINATION_LIMIT,
        }
    }
}

impl Reading<'_> {
    pub(super) fn exploration(&mut self, entry: Entry<'_>) -> ExplorationSpec {
        let nothing = ExplorationSpec::default();
        let Some(fields) = self
            .said
            .fields(&Level::EXPLORATION, &entry.1, entry.0.span)
        else {
            return nothing;
        };
        let dimensions = fields.get("dimensions").map(|entry| self.dimensions(entry));
        if dimensions.is_none() && !ASKING.iter().any(|key| fields.get(key).is_some()) {
            self.said.missing(
                &fields,
                "dimensions",
                "add `dimensions:` with a list of dimensions, or what a row has to pass, such as \
                 `minValueDaily:`",
            );
            return nothing;
        }
        let errors = self.said.errors();
        let ranking = self.ranking(&fields, dimensions.is_some());
        // What an error hides is not to be doubted as well.
        if self.said.errors() == errors {
            self.doubt_ranking(&fields, dimensions.is_some(), ranking.is_some());
        }
        ExplorationSpec {
            dimensions: dimensions.unwrap_or_default(),
            ranking,
            limit: self.limit(&fields).unwrap_or(COMBINATION_LIMIT),
        }
    }

    fn dimensions(&mut self, entry: Entry<'_>) -> Vec<String> {
        let Some(names) = self.said.value::<Vec<String>>(entry) else {
            return Vec::new();
        };
        let nodes = crate::fields::items(&entry.1);
        if names.is_empty() {
            self.said.say(
                Diagnostic::error(Code::EmptyList, entry.0.span, "`dimensions` has no item")
                    .allowed("at least one dimension")
                    .remedy("list a dimension, or delete the key"),
            );
        }
        let mut seen = BTreeMap::new();
        for (i, name) in names.iter().enumerate() {
            let first = *seen.entry(name).or_insert(i);
            if first < i {
                let message = format!(
                    "{} is listed twice, first on line {}",
                    quote(name),
                    nodes[first].span.line()
                );
                self.said.say(
                    Diagnostic::error(Code::DuplicateName, nodes[i].span, message)
                        .related(nodes[first].span, "first listed here")
                        .allowed("each dimension once")
                        .remedy("delete one of the two"),
                );
            }
        }
        names
    }

    /// Which combinations are watched; nothing where all are, or where there was an error.
    fn ranking(&mut self, fields: &Fields<'_>, by_dimensions: bool) -> Option<Ranking> {
        let errors = self.said.errors();
        let zones = ["timezone", "timeZone"];
        let zones: Vec<_> = zones.iter().filter_map(|key| fields.get(key)).collect();
        let lookback = fields.get("lookback");
        let lookback = lookback.and_then(|entry| self.length(entry, Duration::ZERO));
        let explore = fields.get("explore");
        let explore = explore.and_then(|entry| self.said.parsed::<When>(entry));
        let metric = fields.get("dimensionFilterMetric");
        let metric = metric.and_then(|entry| self.said.text(entry));
        let live_share = self.number(fields, "liveBucketPercentageThreshold");
        let spec = RankingSpec::default();
        let spec = RankingSpec {
            min_contribution: self.number(fields, "minContribution"),
            k: self.count(fields, "k"),
            min_value: self.number(fields, "minValue"),
            min_value_hourly: self.number(fields, "minValueHourly"),
            max_value_hourly: self.number(fields, "maxValueHourly"),
            min_value_daily: self.number(fields, "minValueDaily"),
            max_value_daily: self.number(fields, "maxValueDaily"),
            min_live_zone: self.number(fields, "minLiveZone"),
            live_bucket_percentage_threshold: live_share
                .unwrap_or(spec.live_bucket_percentage_threshold),
            dimension_filter_metric: metric.map(|metric| metric.value),
            lookback: lookback.unwrap_or(spec.lookback),
            timezone: self.zone(&zones).map(|zone| zone.value),
            explore: explore.map_or(spec.explore, |when| when.value.0),
        };
        if self.said.errors() > errors {
            return None;
        }
        // The share and the place of a single row say nothing, but may be wrong all the same.
        let asking = match by_dimensions {
            true => spec.clone(),
            false => RankingSpec {
                min_contribution: None,
                k: None,
                ..spec.clone()
            },
        };
        match spec.build() {
            Ok(_) if !asking.asks() => None,
            Ok(_) => asking.build().ok(),
            Err(error) => {
                self.refuse(&error, fields);
                None
            }
        }
    }

    /// The value of a number that may be set.
    fn number<T: DeserializeOwned>(&mut self, fields: &Fields<'_>, key: &str) -> Option<T> {
        let entry = fields.get(key)?;
        self.said.value::<Option<T>>(entry).flatten()
    }

    /// A whole number that may be set; one below 0 counts as 0, which is none that can be meant.
    fn count(&mut self, fields: &Fields<'_>, key: &str) -> Option<u64> {
        let count: i64 = self.number(fields, key)?;
        Some(u64::try_from(count).unwrap_or(0))
    }

    /// Says of a key why its value cannot be used.
    fn refuse(&mut self, error: &ParamError, fields: &Fields<'_>) {
        let Some((key, node)) = fields.get(error.key) else {
            return;
        };
        let value = node.as_text().unwrap_or(&error.value);
        let message = format!("{} cannot be {}", quote(&key.text), quote(value));
        self.said.say(
            Diagnostic::error(Code::OutOfRange, node.span, message)
                .allowed(&error.allowed)
                .remedy(&error.remedy),
        );
    }

    /// `combinationLimit`.
    fn limit(&mut self, fields: &Fields<'_>) -> Option<usize> {
        const KEY: &str = "combinationLimit";
        match self.count(fields, KEY)? {
            0 => {
                let remedy = format!("leave it out for {COMBINATION_LIMIT}");
                self.refuse(&ParamError::new(KEY, 0, "1 and more", remedy), fields);
                None
            }
            limit => Some(usize::try_from(limit).unwrap_or(usize::MAX)),
        }
    }

    /// Keys that change nothing as things are.
    fn doubt_ranking(&mut self, fields: &Fields<'_>, by_dimensions: bool, is_ranked: bool) {
        let mut idle: Vec<(&str, &str)> = Vec::new();
        if !by_dimensions {
            let one = "without `dimensions` there is one row, which is all and the first";
            idle.extend([("minContribution", one), ("k", one)]);
            let one = "without `dimensions` there is one combination";
            idle.push(("combinationLimit", one));
        }
        if !is_ranked {
            let all = "nothing is asked of a combination, so all are watched";
            idle.extend(RANKING.map(|key| (key, all)));
        } else if !self.is_set(fields, "minLiveZone") {
            idle.push(("liveBucketPercentageThreshold", "`minLiveZone` is not set"));
        }
        for (key, why) in idle {
            if let Some((key, _)) = fields.get(key) {
                let message = format!("{} has no effect: {why}", quote(&key.text));
                self.said
                    .say(Diagnostic::note(Code::NoEffect, key.span, message));
            }
        }
    }

    fn is_set(&mut self, fields: &Fields<'_>, key: &str) -> bool {
        self.number::<f64>(fields, key).is_some()
    }
}

const TIMES: [(&str, Explore); 2] = [("daily", Explore::Daily), ("once", Explore::Once)];

/// What `explore` can be.
pub(super) const WORDS: [&str; TIMES.len()] = words(&TIMES);

/// `explore`, in any case.
struct When(Explore);

impl FromStr for When {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = TIMES
            .iter()
            .find(|(word, _)| word.eq_ignore_ascii_case(text));
        known.map(|(_, explore)| Self(*explore)).ok_or_else(|| {
            format!(
                "{} is no time to rank; allowed: daily, once; leave it out for daily",
                quote(text)
            )
        })
    }
}
