//! How to train.

use crate::error::{NeuralError, Result};

/// How a model is trained.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingSettings {
    /// What the model is to be called.
    pub name: String,
    /// What everything random comes from. 1 by default.
    pub seed: u64,
    /// Epochs at most for each of the two networks. 24 by default.
    pub epochs: u32,
    /// Epochs without a smaller validation loss after which a network is done. 6 by default.
    pub patience: u32,
    /// Rows of a batch. 1 024 by default.
    pub batch: usize,
    /// The rate of the first epoch, from which it falls along half a cosine. 0.003 by default.
    pub rate: f64,
    /// Series drawn for each epoch. 600 by default.
    pub series: u32,
    /// Quantile levels above the median, growing, in (0.5, 1): those below are their mirror. The
    /// last is the band. 0.995 by default: 99 % of normal values lie inside.
    pub levels: Vec<f64>,
    /// The γ of the focal loss: how little what is easy counts. 0 is cross-entropy. 1 by default.
    pub focus: f64,
}

impl Default for TrainingSettings {
    fn default() -> Self {
        Self {
            name: "unnamed".to_owned(),
            seed: 1,
            epochs: 24,
            patience: 6,
            batch: 1024,
            rate: 0.003,
            series: 600,
            levels: vec![0.995],
            focus: 1.0,
        }
    }
}

impl TrainingSettings {
    /// Refuses what cannot be used.
    pub(crate) fn check(&self) -> Result<()> {
        let refused = |setting, value: String, allowed, remedy| {
            Err(NeuralError::Setting {
                setting,
                value,
                allowed,
                remedy,
            })
        };
        let counts = [
            ("epochs", self.epochs as usize, 1..=10_000),
            ("patience", self.patience as usize, 1..=10_000),
            ("batch", self.batch, 1..=65_536),
            ("series", self.series as usize, 32..=1_000_000),
        ];
        for (setting, value, range) in counts {
            if !range.contains(&value) {
                let allowed = match setting {
                    "batch" => "1 to 65536",
                    "series" => "32 to 1000000",
                    _ => "1 to 10000",
                };
                let remedy = "leave it out for the customary number";
                return refused(setting, value.to_string(), allowed, remedy);
            }
        }
        if !(self.rate > 0.0 && self.rate <= 1.0) {
            let remedy = "0.003 is customary";
            return refused("rate", self.rate.to_string(), "a number in (0, 1]", remedy);
        }
        if !(0.0..=10.0).contains(&self.focus) {
            let remedy = "0 is cross-entropy, 1 is customary";
            return refused(
                "focus",
                self.focus.to_string(),
                "a number in [0, 10]",
                remedy,
            );
        }
        let levels = &self.levels;
        let fits = |level: &f64| *level > 0.5 && *level < 1.0;
        if levels.is_empty() || !levels.iter().all(fits) || !levels.is_sorted_by(|a, b| a < b) {
            let allowed = "one or more growing numbers in (0.5, 1)";
            let remedy = "those below the median are their mirror; 0.995 is customary";
            return refused("levels", format!("{levels:?}"), allowed, remedy);
        }
        Ok(())
    }
}
