//! Types with the documented names and parameters that judge nothing: this crate knows no others.

use serde::Deserialize;
use tuatara_core::{
    Anomaly, BuildContext, DetectError, Detector, Evaluation, Evidence, Filter, FilterError,
    Judgement, Lookback, Memo, Needs, ParamError, ParamWarning, Params, Window,
};
use tuatara_frame::{SeriesView, SliceKey, TimeAxis, closest};
use tuatara_spec::Registry;

/// All the toy types.
pub(crate) fn registry() -> Registry {
    Registry::new()
        .with::<Percentage>()
        .with::<Threshold>()
        .with::<HoltWinters>()
        .with::<PercentageFilter>()
        .with::<DurationFilter>()
        .with::<SitewideFilter>()
}

#[derive(Debug)]
struct Toy;

impl Detector for Toy {
    fn lookback(&self, _: &TimeAxis) -> Result<Lookback, DetectError> {
        Ok(Lookback::buckets(0))
    }

    fn evaluate(
        &self,
        _: SeriesView<'_>,
        _: Window,
        _: &mut Memo,
        _: &mut Evaluation,
    ) -> Result<(), DetectError> {
        Ok(())
    }
}

impl Filter for Toy {
    fn needs(&self, _: &SliceKey, _: &TimeAxis) -> Result<Needs, FilterError> {
        Ok(Needs::default())
    }

    fn judge(&self, _: &Anomaly, _: &Evidence<'_>, _: &mut Memo) -> Result<Judgement, FilterError> {
        unreachable!("no toy ever meets an anomaly")
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Pattern {
    Up,
    Down,
    #[default]
    UpOrDown,
}

/// `woNw`, or an error with the nearest that is one.
fn offset(offset: Option<&str>) -> Result<(), ParamError> {
    const KNOWN: [&str; 4] = ["wo1w", "wo2w", "median4w", "mo1m"];
    let Some(offset) = offset.filter(|offset| !KNOWN.contains(offset)) else {
        return Ok(());
    };
    let error = ParamError::new(
        "offset",
        offset,
        "current, none, ho1h, do1d, wo1w, mo1m, yo1y, mean4w, median4w, min4w, max4w",
        "a number follows the letters, and its unit",
    );
    Err(error.with_suggestion(closest(offset, KNOWN).map(str::to_owned)))
}

macro_rules! toy {
    ($(#[$doc:meta])* $name:ident = $type:literal: $kind:ident { $($(#[$attr:meta])* $field:ident: $ty:ty,)* }
     $check:expr $(, $doubt:expr)?) => {
        $(#[$doc])*
        #[derive(Default, Deserialize)]
        #[serde(deny_unknown_fields, default, rename_all = "camelCase")]
        #[allow(dead_code)]
        pub(crate) struct $name { $($(#[$attr])* $field: $ty,)* }

        impl Params for $name {
            const TYPE: &'static str = $type;
            type Built = Box<dyn $kind>;

            fn build(self, _: &BuildContext) -> Result<Self::Built, ParamError> {
                let check: fn(&Self) -> Result<(), ParamError> = $check;
                check(&self).map(|()| Box::new(Toy) as Self::Built)
            }

            $(fn warnings(&self) -> Vec<ParamWarning> {
                let doubt: fn(&Self) -> Option<ParamWarning> = $doubt;
                doubt(self).into_iter().collect()
            })?
        }
    };
}

toy! {
    Percentage = "PERCENTAGE_RULE": Detector {
        offset: Option<String>,
        percentage_change: Option<f64>,
        pattern: Pattern,
    }
    |p| {
        if p.percentage_change.is_some_and(|change| change < 0.0) {
            return Err(ParamError::new(
                "percentageChange",
                p.percentage_change.unwrap_or_default(),
                "numbers of 0 and more, or NaN for never",
                "write the size of the change; its direction is `pattern`",
            ));
        }
        offset(p.offset.as_deref())
    },
    |p| p.percentage_change.filter(|&change| change >= 3.0).map(|change| {
        ParamWarning::new(
            "percentageChange",
            format!("percentageChange {change} is a change of {} %", change * 100.0),
            format!("{} is a change of {change} %", change / 100.0),
        )
    })
}

toy! {
    Threshold = "THRESHOLD": Detector { min: Option<f64>, max: Option<f64>, }
    |p| match (p.min, p.max) {
        (None, None) => Err(ParamError::new("", "without a limit", "`min`, `max` or both", "set one")),
        _ => Ok(()),
    }
}

toy! {
    HoltWinters = "HOLT_WINTERS_RULE": Detector {
        sensitivity: Option<f64>,
        pattern: Pattern,
        period: Option<u32>,
        #[serde(alias = "kernelSmoothing")]
        smoothing: Option<bool>,
    }
    |_| Ok(())
}

toy! {
    PercentageFilter = "PERCENTAGE_CHANGE_FILTER": Filter {
        offset: Option<String>,
        threshold: Option<f64>,
        pattern: Pattern,
    }
    |p| offset(p.offset.as_deref())
}

toy! {
    DurationFilter = "DURATION_FILTER": Filter {
        min_duration: Option<tuatara_frame::Duration>,
        max_duration: Option<tuatara_frame::Duration>,
    }
    |_| Ok(())
}

toy! {
    SitewideFilter = "SITEWIDE_IMPACT_FILTER": Filter {
        threshold: Option<f64>,
        pattern: Pattern,
        offset: Option<String>,
        sitewide_metric_name: Option<String>,
        sitewide_collection: Option<String>,
        filters: std::collections::BTreeMap<String, Vec<String>>,
    }
    |p| match p.threshold {
        Some(_) => Ok(()),
        None => Err(ParamError::new("threshold", "not set", "numbers from 0 to 1", "set it")),
    }
}
