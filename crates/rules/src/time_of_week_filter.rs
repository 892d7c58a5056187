//! `TIME_OF_WEEK_FILTER`: drops what happens at times of the week that do not matter.
//!
//! ```text
//! dropped  ⇔  all of [start, end) lies in ignoreHours or ignoreDays, on the local clock
//! ```
//!
//! The interval is that of the anomaly as of each bucket, the buckets between flagged ones included:
//! one that begins at night is dropped as long as it lasts no longer than the night, and becomes
//! reportable in the bucket that reaches into the morning. A bucket that is longer than what is
//! ignored, such as a day when only hours are, is never dropped.
//!
//! The clock is that of the filter's `timezone`, the data's by default; days, weeks and months as
//! buckets are always those of the data.

use serde::{Deserialize, Serialize};
use tuatara_core::{
    Anomaly, BuildContext, Evidence, Filter, FilterError, Judgement, Memo, Needs, ParamDoc,
    ParamError, ParamWarning, Params, TextForm,
};
use tuatara_frame::{Duration, SliceKey, TimeAxis};

use crate::week_time::{DayOfWeek, HoursOfWeek, WeekTimes};

/// Parameters of `TIME_OF_WEEK_FILTER`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub struct TimeOfWeekFilterParams {
    /// Hours that do not matter, of every day or of one: `0-6`, `SUNDAY 2-4:30`. None by default.
    pub ignore_hours: Vec<HoursOfWeek>,
    /// Days of the week that do not matter, all of them. None by default.
    pub ignore_days: Vec<DayOfWeek>,
}

impl Params for TimeOfWeekFilterParams {
    const TYPE: &'static str = "TIME_OF_WEEK_FILTER";
    type Built = Box<dyn Filter>;
    const SUMMARY: &'static str = "drops what happens at times of the week that do not matter";
    const DOCS: &'static [ParamDoc] = &[
        ParamDoc::new(
            "ignoreHours",
            "hours that do not matter: `0-6`, `22-24`, `SUNDAY 2-4:30`",
        )
        .text(TextForm::new("hours, of every day or of one", "")),
        ParamDoc::new(
            "ignoreDays",
            "days that do not matter: `SATURDAY`, or its first three letters",
        )
        .text(TextForm::new("day of the week", "")),
    ];

    fn build(self, _: &BuildContext) -> Result<Self::Built, ParamError> {
        let ignored = WeekTimes::new(&self.ignore_hours, &self.ignore_days);
        Ok(Box::new(TimeOfWeekFilter { ignored }))
    }

    fn warnings(&self) -> Vec<ParamWarning> {
        const REMEDY: &str = "`ignoreDays: [SATURDAY, SUNDAY]` leaves the working days";
        let ignored = WeekTimes::new(&self.ignore_hours, &self.ignore_days);
        let message = if ignored.is_empty() {
            "no hours or days are ignored, so everything is kept"
        } else if ignored.is_whole_week() {
            "the whole week is ignored, so nothing is kept"
        } else {
            return Vec::new();
        };
        vec![ParamWarning::new("", message, REMEDY)]
    }
}

/// Drops what happens at times of the week that do not matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeOfWeekFilter {
    ignored: WeekTimes,
}

impl Filter for TimeOfWeekFilter {
    fn needs(&self, _: &SliceKey, _: &TimeAxis) -> Result<Needs, FilterError> {
        Ok(Needs::NOTHING)
    }

    fn judge(
        &self,
        anomaly: &Anomaly,
        evidence: &Evidence<'_>,
        _: &mut Memo,
    ) -> Result<Judgement, FilterError> {
        const QUANTITY: &str = "time that counts in ms";
        let zone = evidence.series().axis().zone();
        let lasted = anomaly.interval.duration();
        let outside = self.ignored.outside(anomaly.interval, zone);
        let kept = outside > 0 || lasted == Duration::ZERO;
        let reason = if kept {
            let counts = Duration::from_millis(outside)?;
            format!("{counts} of its {lasted} lie outside the ignored times, in {zone}")
        } else {
            format!("all of its {lasted} lies in the ignored times, in {zone}")
        };
        Ok(Judgement::new(kept, QUANTITY, outside as f64, reason))
    }

    fn settings(&self) -> Option<String> {
        Some(format!("{self:?}"))
    }
}
