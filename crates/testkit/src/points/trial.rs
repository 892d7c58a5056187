//! One detector on one scenario, and the row for row comparison with its reference.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use tuatara_core::{Detector, Evaluation, Memo, Row, Verdict, Window};
use tuatara_frame::{Series, SeriesView};

use crate::{Draw, Law, Scenario, Violation};

/// One detector on one scenario. The reference is the whole axis with a fresh memo.
pub(super) struct Trial<'a> {
    name: &'a str,
    detector: &'a dyn Detector,
    scenario: &'a Scenario,
    series: Series,
    lookback: usize,
    reference: Vec<Row>,
}

impl<'a> Trial<'a> {
    pub(super) fn new(
        name: &'a str,
        detector: &'a dyn Detector,
        scenario: &'a Scenario,
    ) -> Result<Self, Violation> {
        let series = scenario.series();
        let mut trial = Self {
            name,
            detector,
            scenario,
            series,
            lookback: 0,
            reference: Vec::new(),
        };
        let lookback = detector.lookback(scenario.axis()).map_err(|error| {
            trial.violation(
                Law::Request,
                format!("lookback is refused, and was not before: {error}"),
            )
        })?;
        trial.lookback = lookback.len();
        trial.reference = trial.fresh(
            Law::Request,
            "the whole axis",
            trial.series.view(),
            0..scenario.len(),
        )?;
        Ok(trial)
    }

    pub(super) fn check_all(&self, draw: &mut Draw) -> Result<(), Violation> {
        self.check_coherence()?;
        self.check_requests()?;
        self.check_cuts(draw)?;
        self.check_causality(draw)?;
        self.check_forgetting(draw)?;
        self.check_masks(draw)?;
        self.check_events()?;
        self.check_range(draw)?;
        self.check_memos(draw)?;
        self.check_reuse(draw)?;
        self.check_detail(draw)
    }

    pub(super) fn name(&self) -> &str {
        self.name
    }

    pub(super) fn scenario(&self) -> &Scenario {
        self.scenario
    }

    pub(super) fn series(&self) -> &Series {
        &self.series
    }

    pub(super) fn view(&self) -> SeriesView<'_> {
        self.series.view()
    }

    pub(super) fn len(&self) -> usize {
        self.series.len()
    }

    pub(super) fn lookback(&self) -> usize {
        self.lookback
    }

    pub(super) fn reference(&self) -> &[Row] {
        &self.reference
    }

    pub(super) fn judged(&self) -> usize {
        self.reference
            .iter()
            .filter(|row| is_judged(row.verdict))
            .count()
    }

    /// How many lookbacks lie between the first judged row and the last; buckets, where the
    /// lookback is none.
    pub(super) fn lookbacks_judged(&self) -> usize {
        let judged = |row: &Row| is_judged(row.verdict);
        let first = self.reference.iter().position(judged);
        let last = self.reference.iter().rposition(judged);
        first
            .zip(last)
            .map_or(0, |(first, last)| (last + 1 - first) / self.lookback.max(1))
    }

    /// Evaluates `window` into `out`. An error or a panic is a violation: the request was fine.
    pub(super) fn evaluate(
        &self,
        law: Law,
        what: &str,
        series: SeriesView<'_>,
        window: Range<usize>,
        memo: &mut Memo,
        out: &mut Evaluation,
    ) -> Result<(), Violation> {
        let window = Window::new(series.axis(), window.start, window.end)
            .expect("the battery asks for buckets of the axis");
        let answer = catch_unwind(AssertUnwindSafe(|| {
            self.detector.evaluate(series, window, memo, out)
        }));
        let trouble = match answer {
            Ok(Ok(())) if out.len() == window.len() => return Ok(()),
            Ok(Ok(())) => format!("{} rows for {} buckets", out.len(), window.len()),
            Ok(Err(error)) => format!("refused: {error}"),
            Err(panic) => format!("panicked: {}", message(panic.as_ref())),
        };
        let law = if law == Law::Reuse { law } else { Law::Request };
        Err(self.violation(
            law,
            format!("{what}, window {:?}: {trouble}", window.range()),
        ))
    }

    /// Evaluates `window` with a fresh memo and fresh columns.
    pub(super) fn fresh(
        &self,
        law: Law,
        what: &str,
        series: SeriesView<'_>,
        window: Range<usize>,
    ) -> Result<Vec<Row>, Violation> {
        self.with_memo(law, what, series, window, &mut Memo::default())
    }

    /// Evaluates `window` with `memo` and fresh columns.
    pub(super) fn with_memo(
        &self,
        law: Law,
        what: &str,
        series: SeriesView<'_>,
        window: Range<usize>,
        memo: &mut Memo,
    ) -> Result<Vec<Row>, Violation> {
        let mut out = Evaluation::default();
        self.evaluate(law, what, series, window, memo, &mut out)?;
        Ok(out.rows().collect())
    }

    /// Holds `rows`, the first of which belongs to bucket `first`, against the reference.
    pub(super) fn same(
        &self,
        law: Law,
        what: &str,
        rows: &[Row],
        first: usize,
    ) -> Result<(), Violation> {
        self.alike(law, what, &self.reference[first..], rows, first, |_| true)
    }

    /// Holds `rows` against `wanted`, both from bucket `first` on, where `counts` says so.
    pub(super) fn alike(
        &self,
        law: Law,
        what: &str,
        wanted: &[Row],
        rows: &[Row],
        first: usize,
        counts: impl Fn(usize) -> bool,
    ) -> Result<(), Violation> {
        for ((i, wanted), got) in (first..).zip(wanted).zip(rows) {
            if counts(i) && !same_row(wanted, got) {
                let at = self.series.axis().start(i);
                let lookback = self.lookback;
                return Err(self.violation(
                    law,
                    format!(
                        "{what}: bucket {i} ({at}), lookback {lookback}\n  \
                         expected {wanted:?}\n  got      {got:?}"
                    ),
                ));
            }
        }
        Ok(())
    }

    pub(super) fn violation(&self, law: Law, detail: String) -> Violation {
        Violation {
            name: self.name.to_owned(),
            law,
            scenario: self.scenario.to_string(),
            detail,
        }
    }

    pub(super) fn detector(&self) -> &dyn Detector {
        self.detector
    }
}

/// Whether the bucket got a judgement.
pub(super) fn is_judged(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Normal | Verdict::Anomalous(_))
}

/// Equal bits; all NaN are alike.
pub(crate) fn same_number(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

fn same_row(a: &Row, b: &Row) -> bool {
    a.verdict == b.verdict
        && same_number(a.observed, b.observed)
        && same_number(a.expected, b.expected)
        && same_number(a.lower, b.lower)
        && same_number(a.upper, b.upper)
        && same_number(a.score, b.score)
}

fn message(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("without a word")
}
