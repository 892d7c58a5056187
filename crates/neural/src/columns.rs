//! What the networks are told of the past, by columns: the naive answer, its errors, and the unit
//! in which they are measured.
//!
//! ```text
//! x      the values; NaN where missing
//! m'_t   median of x_{t−P}, x_{t−2P}, … x_{t−8P}, those that there are
//! r'_t   x_t − m'_t;   s'_t the scale of r' over [t − W, t)
//! x̃_t   m'_t where |r'_t| > 4 s'_t, unless that was so for most of the A buckets before t; else x_t
//! m, r   the same of x̃:  m_t = median of x̃_{t−P} … x̃_{t−8P},   r_t = x̃_t − m_t
//! s_t    max(scale of r over [t − W, t),  0.005 S_t,  1e-9 |m_t|)
//! S_t    (Q₉₀ − Q₁₀) / 2.5631 of x̃ over [t − W, t)
//! scale  mean of the nine deciles of |·|, divided by 0.7520, which it is of normal values
//! ```
//!
//! So one pass over the values as they are says which of them stand out, and those are replaced by
//! what was expected for all that looks back. Where most buckets stood out for a while, the level is a
//! new one, and values count again.
//!
//! Every number at `t` comes from the `Reach` before `t` alone, whatever lies before it. All of them
//! move with the values when these are shifted, scaled or mirrored: no unit of a metric matters.

use crate::model::recent_from;
use crate::ranks::{Ranks, median};

/// Seasons that are looked back at.
pub(crate) const LAGS: usize = 8;
/// Errors of the naive answer that a scale needs.
pub(crate) const LEAST_ERRORS: usize = 7;

/// Residuals that a verdict looks back at.
pub(crate) const MEMORY: usize = 7;

/// How many scales from the naive answer a value stands out.
const STANDS_OUT: f64 = 4.0;
/// The mean of the nine deciles of |z| where z is normal.
const OF_DECILES: f64 = 0.751_964_332_762_815_5;
/// The distance of the outer deciles of z where z is normal: 2 Φ⁻¹(0.9).
const OF_OUTER_DECILES: f64 = 2.563_103_131_089_201;
/// The least scale as a share of the spread of the values.
const LEAST_OF_SPREAD: f64 = 0.005;
/// The least scale as a share of the naive answer: far above the rounding of sums.
const LEAST_OF_VALUE: f64 = 1e-9;

/// How far back the columns look, in buckets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reach {
    /// Buckets of a season.
    pub(crate) period: usize,
    /// The farthest of the lags.
    pub(crate) lags: usize,
    /// The window of scales.
    pub(crate) scale: usize,
    /// The window in which a new level is noticed.
    pub(crate) adopt: usize,
}

impl Reach {
    /// That of a season of `period` buckets, the farthest lag being `lags` buckets.
    pub(crate) fn new(period: usize, lags: usize) -> Self {
        Self {
            period,
            lags,
            scale: (8 * period).clamp(28, 672),
            adopt: (2 * period).clamp(14, 48),
        }
    }

    /// How far back what is known of one bucket reaches.
    pub(crate) fn buckets(self) -> usize {
        2 * self.lags + self.scale + self.scale.max(self.period) + self.adopt + MEMORY
    }
}

/// From which bucket on each step is needed, for columns from a given bucket on.
#[derive(Debug, Clone, Copy)]
struct Needed {
    /// Scales and spreads: the first bucket that is asked about, or whose residual it looks at.
    scales: usize,
    /// Naive answers of clean values and their errors.
    naive: usize,
    /// Clean values.
    clean: usize,
    /// Scales of the first pass.
    first_scales: usize,
    /// Naive answers of the first pass and their errors.
    first_naive: usize,
}

impl Needed {
    fn new(reach: Reach, first: usize) -> Self {
        let scales = recent_from(first);
        let naive = scales.saturating_sub(reach.scale.max(reach.period));
        let clean = naive.saturating_sub(reach.lags);
        let first_scales = clean.saturating_sub(reach.adopt);
        Self {
            scales,
            naive,
            clean,
            first_scales,
            first_naive: first_scales.saturating_sub(reach.scale),
        }
    }
}

/// The columns, one number per bucket of the values. Reused between calls.
#[derive(Debug, Clone, Default)]
pub(crate) struct Columns {
    /// The values, those that stood out replaced; NaN where missing.
    pub(crate) clean: Vec<f64>,
    /// The naive answer; NaN where no lag has a value.
    pub(crate) naive: Vec<f64>,
    /// The lags at each bucket, nearest first; NaN where missing.
    pub(crate) lags: Vec<[f64; LAGS]>,
    /// `clean − naive`.
    pub(crate) error: Vec<f64>,
    /// The unit; NaN where there are too few errors, or no naive answer.
    pub(crate) scale: Vec<f64>,
    /// The spread of the values.
    pub(crate) spread: Vec<f64>,
    /// How far the outermost errors lie, as a multiple of those in the middle: Q₉₀ / Q₅₀.
    pub(crate) tail: Vec<f64>,
    /// Errors that the scale is made of.
    pub(crate) counted: Vec<u32>,
    /// Values of that window that stood out and were replaced.
    pub(crate) replaced: Vec<u32>,
    space: Space,
}

#[derive(Debug, Clone, Default)]
struct Space {
    error: Vec<f64>,
    scale: Vec<f64>,
    ranks: Ranks,
    values: Ranks,
    outside: Vec<bool>,
    replaced: Vec<bool>,
}

impl Columns {
    /// Fills the columns for `values`, as far as buckets from `first` on are told of them. `source` says
    /// from which bucket bucket `t` takes its lag number `k`, from 1 to 8: one before `t`, or none.
    pub(crate) fn fill(
        &mut self,
        values: &[f64],
        reach: Reach,
        first: usize,
        source: impl Fn(usize, usize) -> Option<usize>,
    ) {
        let needed = Needed::new(reach, first);
        self.expect(values, needed.first_naive, &source);
        let Self { space, .. } = self;
        space.error.clear();
        let errors = values.iter().zip(&self.naive).map(|(x, m)| x - m);
        space.error.extend(errors);
        self.first_scales(needed, reach.scale);
        self.replace(values, needed, reach.adopt);
        let clean = std::mem::take(&mut self.clean);
        self.expect(&clean, needed.naive, &source);
        self.error.clear();
        let errors = clean.iter().zip(&self.naive).map(|(x, m)| x - m);
        self.error.extend(errors);
        self.clean = clean;
        self.scales(needed.scales, reach.scale);
    }

    /// The scale as a share of the spread: near 0 for a regular series, 1 where there is no season.
    pub(crate) fn regularity(&self, t: usize) -> f32 {
        (self.scale[t] / self.spread[t].max(self.scale[t])) as f32
    }

    /// Fills `naive` and `lags` from `values`, from bucket `from` on.
    fn expect(
        &mut self,
        values: &[f64],
        from: usize,
        source: &impl Fn(usize, usize) -> Option<usize>,
    ) {
        self.naive.clear();
        self.naive.resize(from, f64::NAN);
        self.lags.clear();
        self.lags.resize(from, [f64::NAN; LAGS]);
        for t in from..values.len() {
            let mut lags = [f64::NAN; LAGS];
            let mut found = [f64::INFINITY; LAGS];
            let mut count = 0;
            for (k, lag) in lags.iter_mut().enumerate() {
                if let Some(value) = source(t, k + 1).map(|from| values[from])
                    && !value.is_nan()
                {
                    *lag = value;
                    found[count] = value;
                    count += 1;
                }
            }
            self.lags.push(lags);
            self.naive.push(match count {
                0 => f64::NAN,
                _ => median(found, count),
            });
        }
    }

    /// The scale of the errors of the first pass.
    fn first_scales(&mut self, needed: Needed, window: usize) {
        let Space {
            error,
            scale,
            ranks,
            ..
        } = &mut self.space;
        ranks.clear();
        scale.clear();
        scale.resize(needed.first_scales, f64::NAN);
        for t in needed.first_naive..error.len() {
            if t >= needed.first_scales {
                scale.push(of_deciles(ranks));
            }
            match t >= needed.first_naive + window {
                true => ranks.exchange(error[t - window].abs(), error[t].abs()),
                false => ranks.insert(error[t].abs()),
            }
        }
    }

    /// Replaces what stands out.
    fn replace(&mut self, values: &[f64], needed: Needed, adopt: usize) {
        let Space {
            error,
            scale,
            outside,
            replaced,
            ..
        } = &mut self.space;
        let from = needed.first_scales;
        outside.clear();
        outside.resize(from, false);
        replaced.clear();
        replaced.resize(needed.clean, false);
        self.clean.clear();
        self.clean.resize(needed.clean, f64::NAN);
        let mut lately = 0;
        for t in from..values.len() {
            let floor = LEAST_OF_VALUE * self.naive[t].abs();
            // Nothing stands out where there is no naive answer or no scale: no comparison holds.
            let out = error[t].abs() > (STANDS_OUT * scale[t]).max(floor) && !scale[t].is_nan();
            if t >= needed.clean {
                let is_replaced = out && lately <= 3 * adopt / 4;
                self.clean.push(match is_replaced {
                    true => self.naive[t],
                    false => values[t],
                });
                replaced.push(is_replaced);
            }
            outside.push(out);
            lately += usize::from(out);
            if t >= from + adopt {
                lately -= usize::from(outside[t - adopt]);
            }
        }
    }

    /// The scales and spreads of what is left, from bucket `from` on.
    fn scales(&mut self, from: usize, window: usize) {
        let Self {
            clean,
            error,
            space,
            ..
        } = self;
        let (errors, values) = (&mut space.ranks, &mut space.values);
        errors.clear();
        values.clear();
        for column in [&mut self.scale, &mut self.spread, &mut self.tail] {
            column.clear();
            column.resize(from, f64::NAN);
        }
        for column in [&mut self.counted, &mut self.replaced] {
            column.clear();
            column.resize(from, 0);
        }
        let mut replaced = 0;
        let start = from.saturating_sub(window);
        for t in start..clean.len() {
            if t >= from {
                self.replaced.push(replaced);
                let spread = match values.len() {
                    0 => 0.0,
                    _ => (values.quantile(0.9) - values.quantile(0.1)) / OF_OUTER_DECILES,
                };
                let of_value = LEAST_OF_VALUE * self.naive[t].abs();
                let floor = (LEAST_OF_SPREAD * spread).max(of_value);
                let scale = of_deciles(errors);
                self.tail.push(match scale > 0.0 {
                    true => errors.quantile(0.9) / errors.quantile(0.5).max(0.1 * scale),
                    false => 1.0,
                });
                // A series of zeros has the least scale that there is.
                self.scale
                    .push(match scale.is_nan() || self.naive[t].is_nan() {
                        true => f64::NAN,
                        false => scale.max(floor).max(f64::MIN_POSITIVE),
                    });
                self.spread.push(spread);
                self.counted
                    .push(u32::try_from(errors.len()).unwrap_or(u32::MAX));
            }
            replaced += u32::from(space.replaced[t]);
            if t >= start + window {
                replaced -= u32::from(space.replaced[t - window]);
                errors.exchange(error[t - window].abs(), error[t].abs());
                values.exchange(clean[t - window], clean[t]);
            } else {
                errors.insert(error[t].abs());
                values.insert(clean[t]);
            }
        }
    }
}

/// The scale of errors whose sizes are `ranks`; NaN of too few.
fn of_deciles(ranks: &Ranks) -> f64 {
    if ranks.len() < LEAST_ERRORS {
        return f64::NAN;
    }
    let sum: f64 = (1..10)
        .map(|tenth| ranks.quantile(0.1 * f64::from(tenth)))
        .sum();
    sum / (9.0 * OF_DECILES)
}
