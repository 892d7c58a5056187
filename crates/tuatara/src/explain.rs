//! Why a bucket fired, and why it did not. Every sentence is made from the same record as the
//! verdict, so that the two cannot disagree.

use std::fmt;

use tuatara_core::{
    Anomaly, Detail, Direction, Evaluation, Fact, Memo, Row, Short, Verdict, Window,
};
use tuatara_frame::{Instant, Interval, SliceKey};
use tuatara_merge::{Admission, Folded, Incident};

use crate::run::{named_filters, named_labeler, shown, stage, views};
use crate::slice_report::{RuleReport, SliceReport};
use crate::watched::Watched;
use crate::{Detection, Error, Result, Rule, Unwatched};

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
    /// What thinning made of the bucket.
    pub admission: Admission,
    /// Why the slice is not watched on the day of the bucket, if it is not.
    pub unwatched: Option<Unwatched>,
    /// What that candidate is part of after the bucket, if it is joined with others.
    pub parent: Option<Anomaly>,
    /// The incidents that it is part of after the bucket.
    pub incidents: Vec<Incident>,
}

pub(crate) fn explain(
    detection: &Detection,
    rule: &Rule,
    slice: &SliceReport,
    report: &RuleReport,
    watched: Option<&Watched>,
    i: usize,
) -> Result<Explanation> {
    let refused = Error::detect(&rule.name);
    let series = slice.series[report.clock].view();
    let bucket = Window::new(&report.axis, i, i + 1).map_err(&refused)?;
    let mut traced = Evaluation::new(Detail::Trace);
    rule.detector
        .evaluate(series, bucket, &mut Memo::default(), &mut traced)
        .map_err(&refused)?;
    // Nothing was made of what is not watched.
    if report.is_idle(i) {
        traced.take_back(0..1);
    }
    let row = traced.row(0).expect("one bucket, one row");
    let unwatched = watched
        .filter(|_| row.verdict == Verdict::Inactive)
        .and_then(|watched| watched.why_not(slice.key(), report.axis.start(i)));
    // The fold again, up to this bucket and no further: filters speak as of it.
    let (axis, others) = (&report.axis, &report.others);
    let others = views(&shown(rule, slice.key(), axis, report.clock, others)?);
    let filters = named_filters(rule, &report.own_axes, &others);
    let labeler = named_labeler(rule, &report.own_axes, &others);
    let part = &detection.plan.parts[slice.part];
    let (key, windows) = (slice.key(), report.events.windows());
    let of = (detection, part);
    let stage = stage(of, rule, key, report, &filters, labeler, windows);
    let mut carry = report.carry_in.clone();
    let (mut memos, mut folded) = (Vec::new(), Folded::default());
    let mut admission = Admission::Quiet;
    for j in report.window.range().take_while(|&j| j <= i) {
        let row = report.at(j).expect("the bucket lies in the window");
        if j == i {
            admission = stage.admission(&carry, report.axis.bucket(j), &row);
        }
        stage
            .step(series, j, row, &mut carry, &mut memos, &mut folded)
            .map_err(Error::merge(&rule.name))?;
    }
    let candidate = carry.candidate().filter(|_| carry.is_reported());
    let parent = match (candidate, &slice.joined) {
        (Some(candidate), Some(joined)) => {
            let at = report.axis.end(i).checked_add(report.delay);
            let at = at.unwrap_or(Instant::MAX);
            let parents = joined.parents_at(&slice.rules, at);
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
        row,
        facts: match row.verdict {
            Verdict::Inactive => Vec::new(),
            _ => traced.facts(0).to_vec(),
        },
        unwatched,
        reported: carry.is_reported(),
        admission,
        candidate: carry.candidate().cloned(),
        parent,
        incidents: Vec::new(),
    })
}

impl Explanation {
    /// The answer in one sentence.
    pub fn headline(&self) -> String {
        let observed = Short(self.row.observed);
        match self.row.verdict {
            Verdict::Anomalous(_) => match (self.admission, self.removed_because()) {
                (Admission::Thinned(why), _) => format!("Flagged, but thinned: {why}."),
                (_, Some(reason)) => format!("Anomalous, but not reported: {reason}."),
                (_, None) => match self.suppressed_by() {
                    None => format!("It fired: {}.", self.in_words()),
                    Some(events) => {
                        format!("It fired, suppressed by {events}: {}.", self.in_words())
                    }
                },
            },
            Verdict::Normal if self.admission == Admission::GoesOn => format!(
                "Within its band, and still part of the anomaly: {}.",
                self.in_words()
            ),
            Verdict::Normal => format!("Quiet: {}.", self.in_words()),
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
            Verdict::Inactive => match &self.unwatched {
                Some(unwatched) => capitalised(&format!("{unwatched}.")),
                None => "Not watched.".to_owned(),
            },
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
            _ => sentence(&self.row, self.has_limits()),
        }
    }

    /// Whether the value is held against limits.
    fn has_limits(&self) -> bool {
        let mut facts = self.facts.iter();
        facts.any(|fact| matches!(fact, Fact::Limit { .. }))
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

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(chars).collect()
}

/// A value against its expectation and its band, in words and numbers. With `limits`, a value that
/// lies within them is all that is expected.
fn sentence(row: &Row, limits: bool) -> String {
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
    let what = match row.limit() {
        Some(_) => "limit",
        None => "expected",
    };
    let compared = if difference.is_nan() || difference == 0.0 && limits {
        format!("{value} was observed")
    } else if difference == 0.0 {
        format!("{value} is as expected")
    } else if share.is_finite() {
        format!("{value} is {share:.1} % {side} the {what} {of}")
    } else {
        format!("{value} is {side} the {what} {of}")
    };
    match verdict {
        _ if row.limit().is_some() => compared,
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
        if let Some(unwatched) = &self.unwatched {
            writeln!(f, "  - ranked over {}", unwatched.over)?;
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
        for incident in &self.incidents {
            let anomalies = incident.anomalies().len();
            writeln!(
                f,
                "  - in incident {} of {} from {} to {}, with {anomalies} anomal{}",
                incident.id,
                incident.grouping,
                incident.interval.start(),
                incident.interval.end(),
                if anomalies == 1 { "y" } else { "ies" }
            )?;
        }
        Ok(())
    }
}
