//! An anomaly on a series, shown to one filter or labeler.

use std::ops::Range;

use tuatara_core::{
    Anomaly, AnomalyId, BuildContext, Component, Direction, Evidence, Filter, Judgement, Memo,
    OtherSeries, ParamError, Params, Peak,
};
use tuatara_frame::{
    Aggregation, Duration, Granularity, Interval, Series, SliceKey, TimeAxis, Zone,
};

pub(crate) const NAN: f64 = f64::NAN;

/// A series from Monday, 5 January 2026, 0:00 in its zone, and one beside it.
pub(crate) struct Case {
    pub(crate) series: Series,
    pub(crate) aggregation: Aggregation,
    pub(crate) other: Option<(Series, Aggregation)>,
    pub(crate) slice: SliceKey,
}

/// The axis of `buckets` buckets of `granularity` from Monday, 5 January 2026, 0:00 in `zone`.
pub(crate) fn axis(granularity: &str, zone: &str, buckets: usize) -> TimeAxis {
    let zone: Zone = zone.parse().unwrap();
    let date = "2026-01-05".parse().unwrap();
    let start = zone.start_of_day(date).unwrap();
    let granularity: Granularity = granularity.parse().unwrap();
    // Half a bucket less, which is rounded outward, so that a clock change makes none more.
    let step = granularity.nominal().millis();
    let span = step * i64::try_from(buckets).unwrap() - step / 2;
    let end = start.checked_add(Duration::from_millis(span).unwrap());
    let span = Interval::new(start, end.unwrap()).unwrap();
    let axis = TimeAxis::covering(granularity, zone, span).unwrap();
    assert_eq!(axis.len(), buckets);
    axis
}

impl Case {
    /// Hourly values in UTC of a metric that is summed, of the slice `orders{country=us}`.
    pub(crate) fn hourly(values: &[f64]) -> Self {
        Self::on(axis("PT1H", "UTC", values.len()), values)
    }

    /// Daily values in UTC, likewise.
    pub(crate) fn daily(values: &[f64]) -> Self {
        Self::on(axis("P1D", "UTC", values.len()), values)
    }

    pub(crate) fn on(axis: TimeAxis, values: &[f64]) -> Self {
        Self {
            series: Series::new(axis, values.to_vec()).unwrap(),
            aggregation: Aggregation::Sum,
            other: None,
            slice: SliceKey::new("orders").with("country", "us"),
        }
    }

    pub(crate) fn folded_by(mut self, aggregation: Aggregation) -> Self {
        self.aggregation = aggregation;
        self
    }

    /// The same with one more series that is summed.
    pub(crate) fn beside(mut self, values: &[f64]) -> Self {
        let axis = self.series.axis().clone();
        let other = Series::new(axis, values.to_vec()).unwrap();
        self.other = Some((other, Aggregation::Sum));
        self
    }

    /// The anomaly of `rows`, for which the detector expected `expected` over all its buckets.
    pub(crate) fn anomaly(&self, rows: Range<usize>, expected: f64) -> Anomaly {
        let axis = self.series.axis();
        let (start, end) = (axis.start(rows.start), axis.end(rows.end - 1));
        let peak = Peak {
            at: start,
            direction: Direction::Up,
            score: 2.0,
            observed: self.series.values()[rows.start],
            expected,
            lower: f64::NEG_INFINITY,
            upper: expected,
        };
        let id = AnomalyId::new("d", "r", &self.slice, start);
        let interval = Interval::new(start, end).unwrap();
        let mut anomaly = Anomaly::open(id, "d", "r", &self.slice, interval, peak);
        let mut fold = self.aggregation.over_buckets();
        for i in rows {
            fold.push(self.series.values()[i]);
        }
        anomaly.observed = fold.value();
        anomaly
    }

    /// What is shown with the anomaly of `rows`, as of its last bucket.
    pub(crate) fn evidence(&self, rows: Range<usize>) -> Evidence<'_> {
        let axis = self.series.axis();
        let as_of = axis.end(rows.end - 1);
        let buckets = rows.end;
        let known = self.series.view().known_until(buckets);
        let others = self.other.iter().map(|(other, aggregation)| {
            OtherSeries::new(other.view(), *aggregation).known_until(buckets, None)
        });
        Evidence::new(known, rows, as_of, self.aggregation).with_others(others)
    }

    /// What `filter` says of the anomaly of `rows`, for which the detector expected `expected`.
    pub(crate) fn judge(
        &self,
        filter: &dyn Filter,
        rows: Range<usize>,
        expected: f64,
    ) -> Judgement {
        let anomaly = self.anomaly(rows.clone(), expected);
        filter
            .judge(&anomaly, &self.evidence(rows), &mut Memo::default())
            .unwrap()
    }
}

pub(crate) fn component<P: Params>(params: P) -> Result<Component, ParamError> {
    params.build(&BuildContext::new("tried")).map(Into::into)
}

pub(crate) fn filter<P: Params>(params: P) -> Box<dyn Filter> {
    match component(params).unwrap() {
        Component::Filter(filter) => filter,
        other => panic!("{other:?} is no filter"),
    }
}

/// Why the parameters are refused.
pub(crate) fn refused<P: Params>(params: P) -> String {
    component(params).unwrap_err().to_string()
}

/// Kept or not, the number, and the sentence.
pub(crate) fn words(judgement: &Judgement) -> String {
    let kept = if judgement.kept { "kept" } else { "dropped" };
    let Judgement {
        quantity,
        value,
        reason,
        ..
    } = judgement;
    format!("{kept}, {quantity} {value}: {reason}")
}
