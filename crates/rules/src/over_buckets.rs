//! A metric over the buckets of an anomaly, as the anomaly grows.
//!
//! An anomaly is judged at each bucket in which it grows; what was summed up to the bucket before
//! need not be summed again.

use std::ops::Range;

use tuatara_core::{Anomaly, AnomalyId, Evidence};
use tuatara_frame::{BucketFold, SeriesView};

/// How far an anomaly has been read.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    of: Option<(AnomalyId, Range<usize>)>,
}

impl Progress {
    /// The buckets of the anomaly that have come since the last call, and whether what was read
    /// before counts no more: this is another anomaly, or the same as of an earlier bucket, and
    /// all its buckets are to be read.
    pub(crate) fn go_on(&mut self, anomaly: &Anomaly, evidence: &Evidence<'_>) -> Step {
        let rows = evidence.rows();
        let known = self.of.as_ref().filter(|(id, read)| {
            (*id, read.start) == (anomaly.id, rows.start) && read.end <= rows.end
        });
        let step = match known {
            Some((_, read)) => Step {
                anew: false,
                rows: read.end..rows.end,
            },
            None => Step {
                anew: true,
                rows: rows.clone(),
            },
        };
        self.of = Some((anomaly.id, rows));
        step
    }
}

/// What is to be read of an anomaly.
#[derive(Debug)]
pub(crate) struct Step {
    /// Whether what was read before is to be forgotten.
    pub(crate) anew: bool,
    /// The buckets to read.
    pub(crate) rows: Range<usize>,
}

/// A metric over those buckets of an anomaly so far in which it was measured.
#[derive(Debug, Default)]
pub(crate) struct Total {
    progress: Progress,
    fold: Option<BucketFold>,
}

impl Total {
    /// The anomaly's own metric; NaN where nothing was measured.
    pub(crate) fn of_own(&mut self, anomaly: &Anomaly, evidence: &Evidence<'_>) -> f64 {
        let empty = evidence.over_buckets();
        self.of(evidence.series(), empty, anomaly, evidence)
    }

    /// The first series that was asked for beside the anomaly's own; NaN where nothing was
    /// measured.
    pub(crate) fn of_other(&mut self, anomaly: &Anomaly, evidence: &Evidence<'_>) -> f64 {
        let other = evidence.other(0);
        self.of(other.series(), other.over_buckets(), anomaly, evidence)
    }

    fn of(
        &mut self,
        series: SeriesView<'_>,
        empty: BucketFold,
        anomaly: &Anomaly,
        evidence: &Evidence<'_>,
    ) -> f64 {
        let Step { anew, rows } = self.progress.go_on(anomaly, evidence);
        if anew {
            self.fold = None;
        }
        let fold = self.fold.get_or_insert(empty);
        for i in rows.filter(|&i| series.is_measured(i)) {
            fold.push(series.values()[i]);
        }
        fold.value()
    }
}
