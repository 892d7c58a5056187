//! `thinning`: which flagged buckets of a rule are worth an anomaly.

use std::fmt::Display;

use tuatara_frame::Duration;

use super::keys::Level;
use super::{Reading, ThinningSpec};
use crate::diagnostic::quote;
use crate::fields::{Entry, Fields};
use crate::{Code, Diagnostic, Spanned};

/// The most buckets over which flagged ones are counted.
pub(super) const MOST: u32 = 48;

impl Default for ThinningSpec {
    /// Every flagged bucket is worth one.
    fn default() -> Self {
        Self {
            enter: 1.0,
            leave: 1.0,
            k: 1,
            n: 1,
            quiet: Duration::ZERO,
        }
    }
}

impl Reading<'_> {
    pub(super) fn thinning(&mut self, entry: Option<Entry<'_>>) -> ThinningSpec {
        let mut thinning = ThinningSpec::default();
        let Some((key, node)) = entry.filter(|(_, node)| !node.is_null()) else {
            return thinning;
        };
        let Some(fields) = self.said.fields(&Level::THINNING, node, key.span) else {
            return thinning;
        };
        if let Some(entry) = fields.get("enter") {
            let range = "a number, 1 or more";
            let is_one = |enter: f64| enter.is_finite() && enter >= 1.0;
            if let Some(enter) = self.score(entry, range, is_one) {
                thinning.enter = enter;
            }
        }
        if let Some(entry) = fields.get("leave") {
            let range = format!("0 to `enter`, which is {}", thinning.enter);
            let is_one = |leave: f64| (0.0..=thinning.enter).contains(&leave);
            if let Some(leave) = self.score(entry, &range, is_one) {
                thinning.leave = leave;
            }
        }
        self.k_of_n(&fields, &mut thinning);
        let entry = fields.get("quiet").filter(|(_, node)| !node.is_null());
        let quiet = entry.and_then(|entry| Some((entry, self.length(entry, Duration::ZERO)?)));
        if let Some((entry, quiet)) = quiet {
            thinning.quiet = quiet;
            self.quiets.push(Spanned::new(quiet, entry.0.span));
        }
        thinning
    }

    /// A score for which `is_one` holds; NaN is not set.
    fn score(
        &mut self,
        entry: Entry<'_>,
        range: &str,
        is_one: impl Fn(f64) -> bool,
    ) -> Option<f64> {
        let score: f64 = self.said.value::<Option<f64>>(entry)??;
        if score.is_nan() {
            return None;
        }
        if is_one(score) {
            return Some(score);
        }
        self.out_of_range(entry, score, range, "1 takes every flagged bucket");
        None
    }

    fn k_of_n(&mut self, fields: &Fields<'_>, thinning: &mut ThinningSpec) {
        let [k, n] = ["k", "n"].map(|key| fields.get(key).filter(|(_, node)| !node.is_null()));
        let Some(k) = k else {
            if n.is_some() {
                let remedy = "add `k:`, how many of the last `n` buckets have to be flagged";
                self.said.missing(fields, "k", remedy);
            }
            return;
        };
        let count = |reading: &mut Self, entry: Entry<'_>, most: u32, range: &str| {
            let count: i64 = reading.said.value(entry)?;
            let within = u32::try_from(count).ok();
            let within = within.filter(|count| (1..=most).contains(count));
            if within.is_none() {
                reading.out_of_range(entry, count, range, "2 of 3 is customary");
            }
            within
        };
        if let Some(n) = n {
            let Some(n) = count(self, n, MOST, &format!("1 to {MOST}")) else {
                return;
            };
            thinning.n = n;
        }
        let (most, range) = match n {
            Some(_) => (thinning.n, format!("1 to `n`, which is {}", thinning.n)),
            None => (MOST, format!("1 to {MOST}")),
        };
        let Some(asked) = count(self, k, most, &range) else {
            return;
        };
        thinning.k = asked;
        thinning.n = thinning.n.max(asked);
        if let Some((key, _)) = n.filter(|_| thinning.k == 1 && thinning.n > 1) {
            let message = format!(
                "`n` has no effect: every flagged bucket is one of the last {}",
                thinning.n
            );
            let note = Diagnostic::note(Code::NoEffect, key.span, message);
            self.said.say(note);
        }
    }

    fn out_of_range(&mut self, entry: Entry<'_>, value: impl Display, range: &str, remedy: &str) {
        let (key, node) = entry;
        let message = format!("{} cannot be {value}", quote(&key.text));
        self.said.say(
            Diagnostic::error(Code::OutOfRange, node.span, message)
                .allowed(range)
                .remedy(remedy),
        );
    }
}
