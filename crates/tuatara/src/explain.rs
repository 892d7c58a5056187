//! Why a bucket fired, and why it did not. Every sentence is made from the same record as the
//! verdict, so that the two cannot disagree.

use std::fmt;

use tuatara_core::{
    Anomaly, Detail, Direction, Evaluation, Fact, Memo, Row, Short, Verdict, Window,
};
use tuatara_frame::{Interval, SliceKey};
use tuatara_merge::Folded;

use crate::report::{RuleReport, SliceReport};
use crate::run::{named_filters, named_labeler, other_series, stage};
use crate::{Detection, Error, Result, Rule};

/// What one rule made of one bucket, as of that bucket. Its [`Display`](fmt::Display) is the
/// answer in words; [`headline`](Self::headline) is its first sentence.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Explanation {
    /// The rule, as `name:TYPE`.
    pub rule: String,
    /// The slice.
    pub slice: SliceKey,
    /// The bucket.
    pub bucket: Interval,
    /// Value, expectation, band, score and verdict.
    pub row: Row,
    /// What led to them.
    pub facts: Vec<Fact>,
    /// The candidate that was open after the bucket, with what the filters said of it.
    pub candidate: Option<Anomaly>,
    /// Whether that candidate stood reported after the bucket.
    pub reported: bool,
    /// What that candidate is part of after the bucket, if it is joined with others.
    pub parent: Option<Anomaly>,
}

pub(crate) fn explain(
    detection: &Detection,
    rule: &Rule,
    slice: &SliceReport,
    report: &RuleReport,
    i: usize,
) -> Result<Explanation> {
    let refused = Error::detect(&rule.name);
    let series = slice.series[report.clock].view();
    let bucket = Window::new(&report.axis, i, i + 1).map_err(&refused)?;
    let mut traced = Evaluation::new(Detail::Trace);
    rule.detector
        .evaluate(series, bucket, &mut Memo::default(), &mut traced)
        .map_err(&refused)?;
    // The fold again, up to this bucket and no further: filters speak as of it.
    let others = other_series(
        rule,
        slice.key(),
        &report.axis,
        report.clock,
        &report.others,
    )?;
    let filters = named_filters(rule, &report.own_axes, &others);
    let labeler = named_labeler(rule, &report.own_axes, &others);
    let windows = report.events.windows();
    let key = slice.key();
    let stage = stage(detection, rule, key, report, &filters, labeler, windows);
    let mut carry = report.carry_in.clone();
    let (mut memos, mut folded) = (Vec::new(), Folded::default());
    for j in report.window.range().take_while(|&j| j <= i) {
        let row = report.at(j).expect("the bucket lies in the window");
        stage
            .step(series, j, row, &mut carry, &mut memos, &mut folded)
            .map_err(Error::merge(&rule.name))?;
    }
    let candidate = carry.candidate().filter(|_| carry.is_reported());
    let parent = match (candidate, &slice.joined) {
        (Some(candidate), Some(joined)) => {
            let parents = joined.parents_at(&slice.rules, report.axis.end(i));
            let holds = |parent: &Anomaly| {
                let mut children = parent.children.iter();
                children.any(|child| child.id == candidate.id)
            };
            parents.into_iter().find(holds)
        }
        _ => None,
    };
    Ok(Explanation {
        rule: rule.name.clone(),
        slice: slice.key().clone(),
        bucket: report.axis.bucket(i),
        row: traced.row(0).expect("one bucket, one row"),
        facts: traced.facts(0).to_vec(),
        reported: carry.is_reported(),
        candidate: carry.candidate().cloned(),
        parent,
    })
}

impl Explanation {
    /// The answer in one sentence.
    pub fn headline(&self) -> String {
        let observed = Short(self.row.observed);
        match self.row.verdict {
            Verdict::Anomalous(_) => match self.removed_because() {
                Some(reason) => format!("Anomalous, but not reported: {reason}."),
                None => match self.suppressed_by() {
                    None => format!("It fired: {}.", self.in_words()),
                    Some(events) => {
                        format!("It fired, suppressed by {events}: {}.", self.in_words())
                    }
                },
            },
            Verdict::Normal => format!("Quiet: {}.", sentence(&self.row)),
            Verdict::Missing => "Not judged: nothing was observed in this bucket.".to_owned(),
            Verdict::Incomplete => {
                "Not judged: the bucket is incomplete, it may still get rows.".to_owned()
            }
            Verdict::NoBaseline => format!(
                "Not judged: {observed} was observed, but what it is compared with is missing."
            ),
            Verdict::WarmingUp { have, need } => format!(
                "Not judged: warming up, {have} of the {need} buckets of history needed are there."
            ),
            Verdict::OutOfRange => {
                format!("Not judged: {observed} lies outside the range declared for the metric.")
            }
            other => format!("Not judged: {other}."),
        }
    }

    /// The value against its expectation; where nothing was expected, what the detector says in its
    /// own words.
    fn in_words(&self) -> String {
        let remarks = self.facts.iter().filter_map(|fact| match fact {
            Fact::Remark(text) => Some(text.as_str()),
            _ => None,
        });
        let remarks: Vec<&str> = remarks.collect();
        match self.row.verdict {
            Verdict::Anomalous(Direction::Neither) if !remarks.is_empty() => remarks.join("; "),
            _ => sentence(&self.row),
        }
    }

    /// The events in whose windows it was to be expected, if there are any.
    fn suppressed_by(&self) -> Option<String> {
        let events = self.candidate.as_ref()?.suppressed_by();
        let events: Vec<String> = events.map(|event| format!("{event:?}")).collect();
        (!events.is_empty()).then(|| events.join(" and "))
    }

    /// Why the filters do not keep the candidate, if they do not.
    fn removed_because(&self) -> Option<String> {
        let judgements = &self.candidate.as_ref()?.judgements;
        let first = judgements.iter().find(|judgement| !judgement.kept)?;
        Some(format!("{} says that {}", first.filter, first.reason))
    }
}

/// A value against its expectation and its band, in words and numbers.
fn sentence(row: &Row) -> String {
    let Row {
        observed,
        expected,
        lower,
        upper,
        verdict,
        ..
    } = *row;
    let difference = observed - expected;
    let share = 100.0 * difference.abs() / expected.abs();
    let side = if difference > 0.0 { "above" } else { "below" };
    let (value, of) = (Short(observed), Short(expected));
    let compared = if difference.is_nan() {
        format!("{value} was observed")
    } else if difference == 0.0 {
        format!("{value} is as expected")
    } else if share.is_finite() {
        format!("{value} is {share:.1} % {side} the expected {of}")
    } else {
        format!("{value} is {side} the expected {of}")
    };
    match verdict {
        Verdict::Anomalous(Direction::Up) => {
            format!("{compared}, the band ends at {}", Short(upper))
        }
        Verdict::Anomalous(Direction::Down) => {
            format!("{compared}, the band starts at {}", Short(lower))
        }
        _ if lower.is_nan() && upper.is_nan() => compared,
        _ if lower.is_infinite() && upper.is_infinite() => format!("{compared}, no limit is set"),
        _ => format!("{compared}, within {}", Band(lower, upper)),
    }
}

struct Band(f64, f64);

impl fmt::Display for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0.is_finite(), self.1.is_finite()) {
            (true, true) => write!(f, "[{}, {}]", Short(self.0), Short(self.1)),
            (true, false) => write!(f, "[{}, ∞)", Short(self.0)),
            (false, true) => write!(f, "(−∞, {}]", Short(self.1)),
            (false, false) => f.write_str("(−∞, ∞)"),
        }
    }
}

struct Scored(f64);

impl fmt::Display for Scored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_nan() {
            return f.write_str("no score");
        }
        write!(f, "score {}", Short(self.0))
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} at {} by {}",
            self.slice,
            self.bucket.start(),
            self.rule
        )?;
        writeln!(f, "  {}", self.headline())?;
        let row = &self.row;
        if row.expected.is_nan() {
            writeln!(f, "  verdict {}", row.verdict)?;
        } else {
            writeln!(
                f,
                "  observed {}, expected {}, band {}, {}, verdict {}",
                Short(row.observed),
                Short(row.expected),
                Band(row.lower, row.upper),
                Scored(row.score),
                row.verdict
            )?;
        }
        for fact in &self.facts {
            writeln!(f, "  - {fact}")?;
        }
        let Some(candidate) = &self.candidate else {
            return Ok(());
        };
        let open = if self.reported {
            "reported"
        } else {
            "not reported"
        };
        writeln!(
            f,
            "  anomaly {} from {} to {}, {open} as of this bucket",
            candidate.id,
            candidate.interval.start(),
            candidate.interval.end()
        )?;
        if let Some(at) = candidate.reportable_at {
            writeln!(f, "  - reportable since {at}")?;
        }
        for judgement in &candidate.judgements {
            writeln!(f, "  - {judgement}")?;
        }
        if let Some(label) = &candidate.label {
            writeln!(f, "  - {label}")?;
        }
        for suppression in &candidate.suppressions {
            writeln!(f, "  - {suppression}")?;
        }
        if let Some(parent) = &self.parent {
            writeln!(
                f,
                "  - part of {} from {} to {}, found by {}{}",
                parent.id,
                parent.interval.start(),
                parent.interval.end(),
                parent.rules.join(", "),
                match candidate.is_suppressed() && !parent.is_suppressed() {
                    true => ", which is not suppressed: another part of it is not",
                    false => "",
                }
            )?;
        }
        Ok(())
    }
}
