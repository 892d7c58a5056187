//! One fold at once, in pieces, and as the documented text has it.

use std::borrow::Borrow;
use std::ops::Range;

use tuatara_core::{Anomaly, Detector, Evaluation, Labeler, Memo, OtherSeries, Row, Window};
use tuatara_frame::{Aggregation, Series, SliceKey};
use tuatara_merge::{Folded, MergePolicy, NamedFilter, NamedLabeler, RuleCarry, Stage, Thinning};

use super::{FoldReport, pattern};
use crate::naive::{self, NaiveFold};
use crate::{Draw, Law, Scenario, Violation, part_of};

/// Buckets that are folded one by one.
const STREAMED: usize = 8;

/// How rows are folded.
#[derive(Clone, Copy)]
pub(super) struct Folding<'a> {
    pub(super) filters: &'a [NamedFilter<'a>],
    pub(super) labeler: Option<(&'a str, &'a dyn Labeler)>,
    pub(super) policy: MergePolicy,
    pub(super) thinning: Thinning,
    pub(super) aggregation: Aggregation,
}

/// The rows of one series, and how they are folded. The reference is the whole axis at once.
pub(super) struct FoldTrial<'a> {
    name: &'a str,
    scenario: &'a Scenario,
    pub(super) series: Series,
    pub(super) rows: Evaluation,
    pub(super) folding: Folding<'a>,
    slice: SliceKey,
    /// Buckets that a filter looks at before an anomaly.
    lookback: usize,
    /// The most series that a filter asks for beside the anomaly's own.
    others: usize,
    pub(super) folded: Folded,
    pub(super) carry: RuleCarry,
}

impl<'a> FoldTrial<'a> {
    pub(super) fn new(
        name: &'a str,
        scenario: &'a Scenario,
        detector: Option<&dyn Detector>,
        folding: Folding<'a>,
        draw: &mut Draw,
    ) -> Result<Self, Violation> {
        let series = scenario.series();
        let slice = SliceKey::new("metric").with("dimension", "value");
        let mut trial = Self {
            name,
            scenario,
            rows: pattern::rows(draw, &series),
            series,
            folding,
            slice,
            lookback: 0,
            others: 0,
            folded: Folded::default(),
            carry: RuleCarry::default(),
        };
        if let Some(detector) = detector {
            let (view, window) = (trial.series.view(), Window::whole(trial.series.axis()));
            let mut rows = Evaluation::default();
            detector
                .evaluate(view, window, &mut Memo::default(), &mut rows)
                .map_err(|error| {
                    trial.violation(Law::Request, format!("{detector:?} refused: {error}"))
                })?;
            trial.rows = rows;
        }
        for named in folding.filters {
            let needs = named
                .filter
                .needs(&trial.slice, trial.series.axis())
                .map_err(|error| {
                    trial.violation(Law::Request, format!("{} refused: {error}", named.name))
                })?;
            trial.lookback = trial.lookback.max(needs.lookback().len());
            trial.others = trial.others.max(needs.others().len());
        }
        let (mut carry, mut folded) = (RuleCarry::default(), Folded::default());
        trial.fold(
            &trial.series,
            0,
            0..trial.series.len(),
            &mut carry,
            &mut folded,
        )?;
        (trial.carry, trial.folded) = (carry, folded);
        Ok(trial)
    }

    pub(super) fn check_all(
        &self,
        draw: &mut Draw,
        report: &mut FoldReport,
    ) -> Result<(), Violation> {
        self.check_invariants(report)?;
        self.check_documented()?;
        for pieces in [2, 5] {
            self.check_pieces(&draw.cuts(0..self.series.len(), pieces), report)?;
        }
        // A stretch of single buckets, as a stream has them.
        let len = self.series.len();
        let first = draw.between(0..len + 1);
        let mut cuts: Vec<usize> = (first..(first + STREAMED).min(len)).collect();
        cuts.extend([0, len]);
        cuts.sort_unstable();
        self.check_pieces(&cuts, report)
    }

    fn stage<'s>(&'s self, filters: &'s [NamedFilter<'s>]) -> Stage<'s> {
        Stage {
            detection: "detection",
            rule: "rule:TYPE",
            slice: &self.slice,
            aggregation: self.folding.aggregation,
            policy: self.folding.policy,
            thinning: self.folding.thinning,
            delay: tuatara_frame::Duration::ZERO,
            filters,
            labeler: self.folding.labeler.map(|(name, labeler)| NamedLabeler {
                name,
                labeler,
                axis: None,
                others: &[],
            }),
            windows: &[],
        }
    }

    /// The filters with `others` as every series that one of them asks for beside its own.
    fn filters_over<'s>(&'s self, others: &'s [OtherSeries<'s>]) -> Vec<NamedFilter<'s>> {
        let filters = self.folding.filters.iter();
        filters
            .map(|named| NamedFilter { others, ..*named })
            .collect()
    }

    /// For each series that a filter asks for beside the anomaly's own, that one again.
    fn others<'s>(&self, series: &'s Series) -> Vec<OtherSeries<'s>> {
        vec![OtherSeries::new(series.view(), self.folding.aggregation); self.others]
    }

    /// Folds the rows of `buckets`, given by their positions on the whole axis, of which `series`
    /// begins at `first`.
    fn fold(
        &self,
        series: &Series,
        first: usize,
        buckets: Range<usize>,
        carry: &mut RuleCarry,
        out: &mut Folded,
    ) -> Result<(), Violation> {
        let window = Window::new(series.axis(), buckets.start - first, buckets.end - first)
            .expect("the battery asks for buckets of the axis");
        let mut rows = Evaluation::default();
        let mut columns = rows.columns(buckets.len());
        for (to, from) in buckets.enumerate() {
            columns.set(to, self.row(from));
        }
        let others = self.others(series);
        let filters = self.filters_over(&others);
        let stage = self.stage(&filters);
        let answer = stage.fold(series.view(), window, &rows, carry, out);
        answer.map_err(|error| {
            self.violation(
                Law::Request,
                format!("{:?} refused: {error}", window.range()),
            )
        })
    }

    /// Row `i` of the whole axis.
    pub(super) fn row(&self, i: usize) -> Row {
        self.rows.row(i).expect("one row per bucket")
    }

    /// The same in pieces: the carry is written and read in between, and the series that is served
    /// reaches back to the open candidate and the filters' lookback, and no further.
    fn check_pieces(&self, cuts: &[usize], report: &mut FoldReport) -> Result<(), Violation> {
        let (mut carry, mut folded) = (RuleCarry::default(), Folded::default());
        for cut in cuts.windows(2) {
            let buckets = cut[0]..cut[1];
            let needed = carry.candidate().map_or(buckets.start, |anomaly| {
                let start = anomaly.interval.start();
                let position = self.series.axis().index_of(start);
                position.expect("a candidate begins on the axis")
            });
            let first = needed.saturating_sub(self.lookback);
            match part_of(self.series.axis(), first..buckets.end) {
                Some(axis) => {
                    let values = self.scenario.values()[first..buckets.end].to_vec();
                    let served = self.scenario.series_of(axis, values);
                    self.fold(&served, first, buckets, &mut carry, &mut folded)?;
                }
                None => self.fold(&self.series, 0, buckets, &mut carry, &mut folded)?,
            }
            let text = self.json(&carry)?;
            let read: RuleCarry = serde_json::from_str(&text).map_err(|error| {
                self.violation(Law::Fold, format!("{error} in the carry {text}"))
            })?;
            let again = self.json(&read)?;
            self.same(
                Law::Fold,
                "the carry, written, read and written again",
                &text,
                &again,
            )?;
            self.check_carry(cut[1], &read, &text)?;
            report.carried += usize::from(!read.is_empty() && cut[1] < self.series.len());
            carry = read;
        }
        let what = format!("in pieces {cuts:?}");
        let texts = |folded: &Folded| {
            let events = folded
                .events
                .iter()
                .map(naive::event_text)
                .collect::<Vec<_>>();
            events.join("\n")
        };
        self.same(Law::Fold, &what, &texts(&self.folded), &texts(&folded))?;
        self.same(
            Law::Fold,
            &what,
            &self.anomalies(&self.folded.removed),
            &self.anomalies(&folded.removed),
        )?;
        self.same(
            Law::Fold,
            &what,
            &self.json(&self.carry)?,
            &self.json(&carry)?,
        )
    }

    /// The same by the documented text, for each candidate from its buckets afresh.
    fn check_documented(&self) -> Result<(), Violation> {
        let rows: Vec<Row> = self.rows.rows().collect();
        let others = self.others(&self.series);
        let filters = self.filters_over(&others);
        let NaiveFold {
            events,
            removed,
            open,
        } = naive::fold(&self.stage(&filters), &self.series, &rows)
            .map_err(|error| self.violation(Law::Request, format!("a filter refused: {error}")))?;
        let law = Law::Documented;
        let ours: Vec<String> = self.folded.events.iter().map(naive::event_text).collect();
        let theirs: Vec<String> = events.iter().map(naive::event_text).collect();
        self.same(law, "events", &theirs.join("\n"), &ours.join("\n"))?;
        self.same(
            law,
            "removed",
            &self.anomalies(&removed),
            &self.anomalies(&self.folded.removed),
        )?;
        let open = self.anomalies(open.as_slice());
        let carried: Vec<Anomaly> = self.carry.candidate().cloned().into_iter().collect();
        self.same(law, "the open candidate", &open, &self.anomalies(&carried))
    }

    fn anomalies(&self, anomalies: &[impl Borrow<Anomaly>]) -> String {
        anomalies
            .iter()
            .map(|anomaly| naive::anomaly_text(anomaly.borrow()))
            .collect::<Vec<_>>()
            .join("\n")
    }

    fn json(&self, carry: &RuleCarry) -> Result<String, Violation> {
        serde_json::to_string(carry).map_err(|error| {
            self.violation(Law::Fold, format!("the carry is not written: {error}"))
        })
    }

    fn same(&self, law: Law, what: &str, wanted: &str, got: &str) -> Result<(), Violation> {
        if wanted == got {
            return Ok(());
        }
        let differs = |(wanted, got): &(&str, &str)| wanted != got;
        let first = wanted.lines().zip(got.lines()).find(differs);
        let (wanted, got) = first.unwrap_or((wanted, got));
        Err(self.violation(
            law,
            format!("{what}\n  expected {wanted}\n  got      {got}"),
        ))
    }

    pub(super) fn violation(&self, law: Law, detail: String) -> Violation {
        let filters: Vec<&str> = self
            .folding
            .filters
            .iter()
            .map(|named| named.name)
            .collect();
        Violation {
            name: self.name.to_owned(),
            law,
            scenario: format!(
                "{}; maxGap {}, maxDuration {}, {}, {:?}, filters {filters:?}",
                self.scenario,
                self.folding.policy.max_gap(),
                self.folding.policy.max_duration(),
                self.folding.aggregation,
                self.folding.thinning.params()
            ),
            detail,
        }
    }
}
