//! What detections and runs refuse, and what a host says in its own words.

use std::error::Error as StdError;
use std::ops::ControlFlow;
use std::sync::Arc;

use tuatara::core::{
    Anomaly, DetectError, Detector, Evaluation, Evidence, Filter, FilterError, Judgement, Lookback,
    Memo, Needs, RankingSpec, Window,
};
use tuatara::frame::{
    Duration, Exploration, Fetched, Frame, FrameError, Interval, Metric, Profile, SeriesView,
    SliceKey, SliceRequest, Source, TimeAxis,
};
use tuatara::merge::MergeError;
use tuatara::rules::ThresholdParams;
use tuatara::{Detection, Error, Rule, Session};

use super::{at, frame};

/// What a host has to say in its own words.
#[derive(Debug)]
struct Own(&'static str);

impl std::fmt::Display for Own {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl StdError for Own {}

/// A source, a detector and a filter that refuse in their own words, each where it is told to.
#[derive(Debug, Clone, Copy)]
enum Refusing {
    Nothing,
    Source,
    Lookback,
    Needs,
    NeedsBaseline,
    NeedsTime,
    Judge,
    Evaluate,
}

impl Source for Refusing {
    fn profile(&self, metric: &str) -> Result<Profile, FrameError> {
        match self {
            Self::Source => Err(FrameError::Other(Box::new(Own("the store is asleep")))),
            _ => frame().profile(metric),
        }
    }

    fn series(&self, request: &SliceRequest) -> Result<Fetched, FrameError> {
        frame().series(request)
    }

    fn explore(&self, exploration: &Exploration) -> Result<Vec<SliceKey>, FrameError> {
        frame().explore(exploration)
    }

    fn aggregate(&self, slice: &SliceKey, interval: Interval) -> Result<f64, FrameError> {
        frame().aggregate(slice, interval)
    }
}

impl Detector for Refusing {
    fn lookback(&self, axis: &TimeAxis) -> Result<Lookback, DetectError> {
        match self {
            Self::Lookback => {
                let back = axis.extended_back(20_000_000);
                back.map(|_| Lookback::NONE).map_err(DetectError::from)
            }
            _ => Ok(Lookback::NONE),
        }
    }

    fn evaluate(
        &self,
        _: SeriesView<'_>,
        _: Window,
        _: &mut Memo,
        _: &mut Evaluation,
    ) -> Result<(), DetectError> {
        Err(DetectError::Other(Box::new(Own("the model is not here"))))
    }
}

impl Filter for Refusing {
    fn needs(&self, _: &SliceKey, axis: &TimeAxis) -> Result<Needs, FilterError> {
        match self {
            Self::Needs => Err(FilterError::Other(Box::new(Own("hours are too fine")))),
            Self::NeedsBaseline => {
                let window = Window::new(axis, 0, axis.len() + 1);
                window.map(|_| Needs::NOTHING).map_err(FilterError::from)
            }
            Self::NeedsTime => {
                let back = axis.extended_back(20_000_000);
                back.map(|_| Needs::NOTHING).map_err(FilterError::from)
            }
            _ => Ok(Needs::NOTHING),
        }
    }

    fn judge(&self, _: &Anomaly, _: &Evidence<'_>, _: &mut Memo) -> Result<Judgement, FilterError> {
        match self {
            Self::Judge => Err(FilterError::Other(Box::new(Own(
                "the calendar is not here",
            )))),
            _ => Ok(Judgement::keep("", 0.0, "")),
        }
    }
}

fn limit() -> Rule {
    let params = ThresholdParams {
        max: Some(2.0),
        min: None,
    };
    Rule::from_params("limit", params).unwrap()
}

fn detection(rule: Rule) -> Detection {
    Detection::builder("all", "value")
        .rule(rule)
        .build()
        .unwrap()
}

fn run(detection: &Detection, source: &dyn Source) -> tuatara::Result<tuatara::Report> {
    let interval = Interval::new(at("2026-01-01T00:00:00Z"), at("2026-01-01T04:00:00Z")).unwrap();
    detection.run(source, interval)
}

#[test]
fn of_sources_detectors_and_filters_of_ones_own() {
    use Refusing::*;
    let with_filter = |filter: Refusing| {
        let rule = limit().with_filter("own:FILTER", Box::new(filter));
        run(&detection(rule), &frame())
    };
    let with_detector = |detector: Refusing| {
        run(
            &detection(Rule::new("own:RULE", Box::new(detector))),
            &Nothing,
        )
    };
    refused! {
        Error::Frame(FrameError::Other(_)), run(&detection(limit()), &Source) =>
            "the store is asleep";
        Error::Detect { .. }, with_detector(Evaluate) => "rule own:RULE: the model is not here";
        Error::Detect { .. }, with_detector(Lookback) =>
            "rule own:RULE: a grid of PT1H with 20000004 buckets from bucket -19509104 leaves \
             the years 1 to 9999; ask for a shorter interval";
        Error::Filter { .. }, with_filter(Needs) => "filter own:FILTER: hours are too fine";
        Error::Filter { .. }, with_filter(NeedsBaseline) =>
            "filter own:FILTER: window 0..5 does not lie on an axis of 4 buckets; ask for a \
             range with start <= end <= 4";
        Error::Filter { .. }, with_filter(NeedsTime) =>
            "filter own:FILTER: a grid of PT1H with 20000004 buckets from bucket -19509104 \
             leaves the years 1 to 9999; ask for a shorter interval";
        Error::Merge { source: MergeError::Filter { .. }, .. }, with_filter(Judge) =>
            "rule limit:THRESHOLD: filter own:FILTER: the calendar is not here";
    }
    // What was refused in somebody's own words can be found again.
    let refused = with_detector(Evaluate).unwrap_err();
    let Error::Detect { source, .. } = refused else {
        panic!("{refused:?}");
    };
    let DetectError::Other(own) = *source else {
        panic!("{source:?}");
    };
    assert!(own.is::<Own>());
}

#[test]
fn of_detections_and_runs() {
    let frame = frame();
    let all = detection(limit());
    let report = run(&all, &frame).unwrap();
    let hours = |from: &str, to: &str| Interval::new(at(from), at(to)).unwrap();
    let later = hours("2026-01-01T05:00:00Z", "2026-01-01T06:00:00Z");
    let next = hours("2026-01-01T04:00:00Z", "2026-01-01T05:00:00Z");
    let watch = |_: usize, _: usize| ControlFlow::Continue(());
    let mut session = Session::new(Arc::new(frame.clone()));
    let some = session.run_only(&all, report.interval(), &[], &watch);
    let some = some.unwrap().report;
    let other = Detection::builder("other", "value")
        .rule(limit())
        .build()
        .unwrap();
    let one_country = Detection::builder("by country", "value")
        .by(["series"])
        .combination_limit(1)
        .rule(limit())
        .build()
        .unwrap();
    let yesterday = RankingSpec {
        k: Some(1),
        lookback: Duration::days(1),
        ..Default::default()
    };
    let by_yesterday = Detection::builder("large yesterday", "value")
        .watch(yesterday.build().unwrap())
        .rule(limit())
        .build()
        .unwrap();
    let weeks = Frame::builder("weeks", [Metric::new("value")]);
    let mut weeks = weeks.granularity("P1W".parse().unwrap());
    weeks.row(at("2026-01-05T00:00:00Z"), &[], &[1.0]).unwrap();
    let weeks = weeks.build().unwrap();
    let slice = report.slices()[0].key();
    let twice = Detection::builder("all", "value")
        .rule(limit())
        .rule(limit())
        .build();
    refused! {
        Error::Spec(_), Detection::from_yaml("") =>
            "error[empty-document]: there is nothing in it\n  --> spec.yaml\n   = allowed: a \
             detection\n   = help: begin with `detectionName:`, `metric:` and `rules:`";
        Error::NoRules { .. }, Detection::builder("all", "value").build() =>
            "detection \"all\" has no rule; add at least one with DetectionBuilder::rule";
        Error::DuplicateName { .. }, twice =>
            "the name \"limit:THRESHOLD\" is used twice in detection \"all\"; give each its own";
        Error::TooManyCombinations { .. }, run(&one_country, &frame) =>
            "detection \"by country\" explores 2 combinations of series, more than the 1 that are \
             allowed; keep fewer rows (filters), explore fewer dimensions, or allow more \
             (combinationLimit, DetectionBuilder::combination_limit)";
        Error::ShortLookback { .. }, run(&by_yesterday, &weeks) =>
            "the lookback P1D of the dimension exploration may hold no whole bucket of P1W, the \
             step of the data; look back P7D or more";
        Error::CarryGap { .. }, all.run_with(&frame, later, report.carry()) =>
            "the state ends at 2026-01-01T04:00:00Z, but the run starts at \
             2026-01-01T05:00:00Z; start there, so that no bucket is missed or counted twice";
        Error::PartialCarry, all.run_with(&frame, next, some.carry()) =>
            "the state is of some slices alone; go on from that of a run over all of them";
        Error::OutsideRun { .. }, report.explain(slice, at("2026-01-01T04:00:00Z")) =>
            "2026-01-01T04:00:00Z lies in no bucket of the run over \
             2026-01-01T00:00:00Z/2026-01-01T04:00:00Z; ask for an instant within it";
        Error::UnknownSlice { .. }, report.slice(&SliceKey::new("valeu")) =>
            "the run has no slice valeu, did you mean value?; it has value";
    }
    let foreign = other.run_with(&frame, next, report.carry()).unwrap_err();
    assert!(matches!(foreign, Error::ForeignCarry { .. }), "{foreign:?}");
    let said = foreign.to_string();
    assert!(said.starts_with("the state belongs to \"all\" ("), "{said}");
    assert!(said.contains("), this is \"other\" ("), "{said}");
}
