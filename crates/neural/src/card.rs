//! What a model says of itself.

use std::fmt;

/// Where a model comes from and how good it was, as its file says: nothing in it changes an answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Card {
    /// What the model is called.
    pub name: String,
    /// The granularities that it has seen, as in `P1D`.
    pub granularities: Vec<String>,
    /// The seasons that it has seen, in steps, one for each granularity.
    pub periods: Vec<u32>,
    /// The quantile levels that it has learned, growing.
    pub quantiles: Vec<f64>,
    /// The seed that its series, first weights and orders came from.
    pub seed: u64,
    /// What made its series.
    pub generator: String,
    /// The program that trained it, with its version.
    pub trained_by: String,
    /// Figures on series that took no part in training: what was measured, and how much it was.
    pub validation: Vec<(String, f64)>,
}

impl fmt::Display for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |items: Vec<String>| items.join(", ");
        writeln!(f, "name           {}", self.name)?;
        writeln!(f, "granularities  {}", self.granularities.join(", "))?;
        let periods = self.periods.iter().map(u32::to_string).collect();
        writeln!(f, "periods        {}", list(periods))?;
        let quantiles = self.quantiles.iter().map(f64::to_string).collect();
        writeln!(f, "quantiles      {}", list(quantiles))?;
        writeln!(f, "generator      {}, seed {}", self.generator, self.seed)?;
        writeln!(f, "trained by     {}", self.trained_by)?;
        for (what, figure) in &self.validation {
            writeln!(f, "validation     {what}: {figure:.4}")?;
        }
        Ok(())
    }
}
