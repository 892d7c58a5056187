//! Detectors that are broken on purpose, each caught by the name of the law it breaks.

use std::panic::catch_unwind;

use tuatara_core::{
    Detail, Detector, Direction, Evaluation, Lookback, Memo, Readiness, Result, Row, Verdict,
    Window, unjudged_because,
};
use tuatara_frame::{SeriesView, TimeAxis};
use tuatara_testkit::{Law, PointBattery, Violation, check_detector};

/// How a detector is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flaw {
    None,
    PeeksOneBucketAhead,
    CarriesStateInTheMemo,
    KeepsAResultInTheMemoWhateverTheSeries,
    SumsFromTheStartOfTheWindow,
    LooksBackFurtherThanItSays,
    ScoresOneForAnAnomaly,
    ScoresInfinity,
    IgnoresCompleteness,
    IgnoresTheRange,
    CallsAMissingValueNormal,
    ContradictsItsBand,
    WritesNoRowWhereNothingIsObserved,
    AnswersOtherwiseWhenTraced,
    TrainsOnMaskedBuckets,
    TrainsOnWhatIsOutOfRange,
    InterpolatesBeforeTheGapHasEnded,
    AnswersBeyondTheAxis,
    PanicsOnAnEmptyWindow,
    NeverJudges,
}

/// More than 30 above the mean of the two values before: `Flaw::None` keeps Law 1.
#[derive(Debug)]
struct AboveMeanOfTwo(Flaw);

impl AboveMeanOfTwo {
    fn expected(&self, series: SeriesView<'_>, window: Window, i: usize) -> f64 {
        let values = series.values();
        let axis = series.axis();
        let back = |n: usize| {
            let source = i.checked_sub(n)?;
            let fill = series.fill_at(source, i);
            let from = fill.map_or_else(|| axis.bucket(source), |fill| fill.made_from());
            let hidden = series.mask().hides(from, axis.end(i));
            let counts = self.0 == Flaw::TrainsOnMaskedBuckets || !hidden;
            let value = match self.0 {
                Flaw::TrainsOnWhatIsOutOfRange => values[source],
                Flaw::InterpolatesBeforeTheGapHasEnded => series.history(source, series.len() - 1),
                _ => series.history(source, i),
            };
            counts.then_some(value).filter(|value| !value.is_nan())
        };
        let near = [back(1), back(2)].into_iter().flatten().collect::<Vec<_>>();
        let expected = near.iter().map(|y| y / near.len() as f64).sum::<f64>();
        match self.0 {
            _ if near.is_empty() => f64::NAN,
            Flaw::PeeksOneBucketAhead => match values.get(i + 1) {
                Some(next) if !next.is_nan() => expected / 2.0 + next / 2.0,
                _ => expected,
            },
            Flaw::LooksBackFurtherThanItSays => match back(3) {
                Some(third) => expected / 2.0 + third / 2.0,
                None => expected,
            },
            Flaw::SumsFromTheStartOfTheWindow => {
                let seen = values[window.start()..i].iter().filter(|y| !y.is_nan());
                seen.map(|y| y / 1e3).sum::<f64>() + expected
            }
            _ => expected,
        }
    }
}

/// What the broken ones keep.
#[derive(Debug, Default)]
struct Kept {
    calls: f64,
    first: Option<Row>,
}

impl Detector for AboveMeanOfTwo {
    fn lookback(&self, _: &TimeAxis) -> Result<Lookback> {
        Ok(Lookback::buckets(2))
    }

    fn evaluate(
        &self,
        series: SeriesView<'_>,
        window: Window,
        memo: &mut Memo,
        out: &mut Evaluation,
    ) -> Result<()> {
        let flaw = self.0;
        if flaw != Flaw::AnswersBeyondTheAxis {
            window.check(series.len())?;
        }
        assert!(
            flaw != Flaw::PanicsOnAnEmptyWindow || !window.is_empty(),
            "what window?"
        );
        let traced = out.detail() == Detail::Trace;
        let kept: &mut Kept = memo.get_or_default();
        kept.calls += 1.0;
        let mut columns = out.columns(window.len());
        for (row, i) in window
            .range()
            .enumerate()
            .filter(|(_, i)| *i < series.len())
        {
            let observed = series.values()[i];
            let mut expected = self.expected(series, window, i);
            if flaw == Flaw::CarriesStateInTheMemo {
                expected += kept.calls;
            }
            if flaw == Flaw::AnswersOtherwiseWhenTraced && traced {
                expected += 1.0;
            }
            let upper = expected + 30.0;
            let complete = series.is_complete(i) || flaw == Flaw::IgnoresCompleteness;
            let in_range = flaw == Flaw::IgnoresTheRange
                || series.range().is_none_or(|range| range.contains(observed));
            let readiness = match expected.is_nan() || flaw == Flaw::NeverJudges {
                true => Readiness::NoBaseline,
                false => Readiness::Ready,
            };
            let mut judged = match unjudged_because(complete, observed, in_range, readiness) {
                Some(verdict) => Row::unjudged(observed, verdict),
                None if observed > upper => Row {
                    observed,
                    expected,
                    lower: f64::NEG_INFINITY,
                    upper,
                    score: 2.0,
                    verdict: Verdict::Anomalous(Direction::Up),
                },
                None => Row {
                    observed,
                    expected,
                    lower: f64::NEG_INFINITY,
                    upper,
                    score: 0.5,
                    verdict: Verdict::Normal,
                },
            };
            match (flaw, judged.verdict) {
                (Flaw::ScoresOneForAnAnomaly, Verdict::Anomalous(_)) => judged.score = 1.0,
                (Flaw::ScoresInfinity, Verdict::Anomalous(_)) => judged.score = f64::INFINITY,
                (Flaw::ContradictsItsBand, Verdict::Anomalous(_)) => judged.upper = observed,
                (Flaw::CallsAMissingValueNormal, Verdict::Missing) => {
                    judged.verdict = Verdict::Normal;
                    judged.score = 0.0;
                }
                (Flaw::WritesNoRowWhereNothingIsObserved, Verdict::Missing) => continue,
                _ => {}
            }
            if flaw == Flaw::KeepsAResultInTheMemoWhateverTheSeries && i == 0 {
                judged = *kept.first.get_or_insert(judged);
            }
            columns.set(row, judged);
        }
        Ok(())
    }
}

fn try_flaw(flaw: Flaw) -> Result<(), Violation> {
    // A quarter of the default is enough to be caught.
    let battery = PointBattery {
        cases: 80,
        rich: 32,
        ..PointBattery::default()
    };
    battery
        .check(&format!("{flaw:?}"), &AboveMeanOfTwo(flaw))
        .map(|_| ())
}

#[test]
fn a_detector_that_keeps_the_laws_passes() {
    let report = check_detector("above the mean of two", &AboveMeanOfTwo(Flaw::None));
    assert!(report.rich >= 64 && report.anomalous > 100, "{report}");
}

#[test]
fn each_flaw_is_caught_by_the_name_of_its_law() {
    for (flaw, law) in [
        (Flaw::PeeksOneBucketAhead, Law::Causal),
        (Flaw::CarriesStateInTheMemo, Law::Memo),
        (Flaw::KeepsAResultInTheMemoWhateverTheSeries, Law::Memo),
        (Flaw::SumsFromTheStartOfTheWindow, Law::CutFree),
        (Flaw::LooksBackFurtherThanItSays, Law::Forgetful),
        (Flaw::ScoresOneForAnAnomaly, Law::Score),
        (Flaw::ScoresInfinity, Law::Score),
        (Flaw::IgnoresCompleteness, Law::Verdict),
        (Flaw::IgnoresTheRange, Law::Verdict),
        (Flaw::CallsAMissingValueNormal, Law::Verdict),
        (Flaw::ContradictsItsBand, Law::Band),
        (Flaw::WritesNoRowWhereNothingIsObserved, Law::Reuse),
        (Flaw::AnswersOtherwiseWhenTraced, Law::Detail),
        (Flaw::TrainsOnMaskedBuckets, Law::Masked),
        (Flaw::TrainsOnWhatIsOutOfRange, Law::OutOfRange),
        (Flaw::InterpolatesBeforeTheGapHasEnded, Law::Causal),
        (Flaw::AnswersBeyondTheAxis, Law::Request),
        (Flaw::PanicsOnAnEmptyWindow, Law::Request),
        (Flaw::NeverJudges, Law::Coverage),
    ] {
        let violation = try_flaw(flaw).expect_err("a flaw is caught");
        assert_eq!(violation.law, law, "{violation}");
    }
}

#[test]
fn the_panic_names_law_seed_bucket_and_both_rows() {
    let panic = catch_unwind(|| {
        check_detector("prophet", &AboveMeanOfTwo(Flaw::PeeksOneBucketAhead));
    })
    .expect_err("a flaw is caught");
    let message = panic.downcast_ref::<String>().expect("a message");
    for part in [
        "prophet breaks Causal",
        "seed ",
        "bucket ",
        "expected Row",
        "got      Row",
    ] {
        assert!(message.contains(part), "{part:?} is not in {message}");
    }
}
