//! What is declared, in one line.

use std::fmt;

use tuatara_frame::files::TimeUnit;

use super::read::UNITS;
use super::{DatasetDimension, DatasetMetric, DatasetSpec};

/// A declared setting: the key, and its value in text.
type Setting = (&'static str, String);

impl DatasetSpec {
    /// The settings outside `metrics`, in the order of the documentation.
    fn settings(&self) -> Vec<Setting> {
        let mut settings = Vec::new();
        let mut say = |key, value: Option<String>| {
            settings.extend(value.map(|value| (key, value)));
        };
        say("dataset", self.name.clone());
        say("layout", self.layout.map(|layout| layout.to_string()));
        say("delimiter", self.delimiter.map(delimiter));
        say("timeColumn", self.time_column.clone());
        say("timeUnit", self.time_unit.map(unit));
        say("start", self.start.map(|start| start.to_string()));
        say("timezone", self.zone.map(|zone| zone.name().to_owned()));
        say("granularity", self.granularity.map(|step| step.to_string()));
        say("order", self.in_order.then(|| "time".to_owned()));
        say("ignore", listed(self.ignore.iter().cloned()));
        say("dimensions", listed(self.dimensions.iter().map(dimension)));
        say("fileDimension", self.file_dimension.clone());
        let delay = self.completeness_delay.map(|delay| delay.to_string());
        say("completenessDelay", delay);
        settings
    }

    /// What is declared here and not by `above`, in one line such as `timezone UTC; revenue: min
    /// 0`, and the keys that `above` declares as well. Lists count as not declared by `above`:
    /// they are joined.
    pub fn effective_below(&self, above: &Self) -> (String, Vec<String>) {
        let joined = ["ignore", "dimensions"];
        let mut overridden = Vec::new();
        let mut parts = Vec::new();
        let over = above.settings();
        let mut kept = Vec::new();
        for (key, value) in self.settings() {
            if !joined.contains(&key) && over.iter().any(|(known, _)| *known == key) {
                overridden.push(key.to_owned());
            } else {
                kept.push(format!("{key} {value}"));
            }
        }
        parts.extend((!kept.is_empty()).then(|| kept.join(", ")));
        for metric in &self.metrics {
            let same = above.metrics.iter().find(|m| m.name == metric.name);
            let over = same.map(DatasetMetric::settings).unwrap_or_default();
            let mut kept = Vec::new();
            for (key, value) in metric.settings() {
                if over.iter().any(|(known, _)| *known == key) {
                    overridden.push(format!("{key} of {}", metric.name));
                } else {
                    kept.push(format!("{key} {value}"));
                }
            }
            parts.push(match &kept[..] {
                [] => metric.name.clone(),
                kept => format!("{}: {}", metric.name, kept.join(", ")),
            });
        }
        (parts.join("; "), overridden)
    }
}

impl DatasetMetric {
    fn settings(&self) -> Vec<Setting> {
        let mut settings = Vec::new();
        let mut say = |key, value: Option<String>| {
            settings.extend(value.map(|value| (key, value)));
        };
        say("column", self.column.clone());
        say("aggregation", self.aggregation.map(|by| by.to_string()));
        say("min", self.min.map(|min| min.to_string()));
        say("max", self.max.map(|max| max.to_string()));
        say("missing", self.missing.map(|missing| missing.to_string()));
        settings
    }
}

fn dimension(dimension: &DatasetDimension) -> String {
    match dimension.column() {
        Some(column) => format!("{} from {column}", dimension.name()),
        None => dimension.name().to_owned(),
    }
}

fn unit(unit: TimeUnit) -> String {
    let named = UNITS.iter().find(|(_, known)| *known == unit);
    named.map_or("", |(word, _)| word).to_owned()
}

fn delimiter(byte: u8) -> String {
    match byte {
        b'\t' => "tab".to_owned(),
        byte => char::from(byte).to_string(),
    }
}

fn listed(items: impl ExactSizeIterator<Item = String>) -> Option<String> {
    let items: Vec<String> = items.collect();
    (!items.is_empty()).then(|| items.join(" "))
}

/// What is declared, in one line such as `timezone UTC, granularity P1D; revenue: min 0`.
impl fmt::Display for DatasetSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.effective_below(&Self::default()).0)
    }
}
