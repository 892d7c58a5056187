//! What lags lead to where events are left out.

use tuatara_frame::{Interval, SeriesView};

use crate::Offset;

impl Offset {
    /// What each lag of bucket `i` leads to, in their order: the value that counts, and NaN where
    /// there is none. A lag inside a span that does not train has the value of the
    /// [further lag](Self::further) that stands in for it.
    pub fn lagged(&self, series: SeriesView<'_>, i: usize, out: &mut Vec<f64>) {
        let axis = series.axis();
        let mut further = self.further();
        out.clear();
        for &first in self.lags() {
            let mut lag = Some(first);
            let mut value = f64::NAN;
            while let Some(here) = lag.take() {
                let source = axis.lag(i, here);
                let Some(source) = source.and_then(|source| usize::try_from(source).ok()) else {
                    break;
                };
                if hidden(series, source, i) {
                    lag = further.next();
                } else {
                    value = series.history(source, i);
                }
            }
            out.push(value);
        }
    }
}

/// Whether bucket `source` does not train bucket `i`. What is interpolated does not where anything
/// that it was made from does not.
pub(crate) fn hidden(series: SeriesView<'_>, source: usize, i: usize) -> bool {
    let mask = series.mask();
    !mask.is_empty() && mask.hides(made_from(series, source, i), series.axis().end(i))
}

/// The name of the event that keeps bucket `source` from training bucket `i`, if it has one.
pub(crate) fn event_of(series: SeriesView<'_>, source: usize, i: usize) -> Option<String> {
    let as_of = series.axis().end(i);
    let event = series
        .mask()
        .event_hiding(made_from(series, source, i), as_of);
    event.map(str::to_owned)
}

/// The instants of what bucket `i` would learn from bucket `source`.
fn made_from(series: SeriesView<'_>, source: usize, i: usize) -> Interval {
    let fill = series.fill_at(source, i);
    fill.map_or_else(|| series.axis().bucket(source), |fill| fill.made_from())
}
