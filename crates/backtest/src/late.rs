//! Data that come later than they do.

use tuatara::frame::{
    Duration, Exploration, Fetched, FrameError, Interval, Profile, SliceKey, SliceRequest, Source,
};
use tuatara::{Detection, files};

/// A source whose buckets are complete only a while after their end: what is in one arrives up to
/// that long after, so the engine waits for it.
///
/// It answers as the source itself does, and says of every metric that its
/// [completeness delay](Profile::completeness_delay) is at least so long. A run then judges each
/// bucket that much later, by what has arrived until then, exactly as production does: see
/// `Detection::run`.
#[derive(Debug)]
pub struct Late<'a> {
    source: &'a dyn Source,
    delay: Duration,
    others: Vec<(String, Late<'a>)>,
}

impl<'a> Late<'a> {
    /// `source` with everything that `detection` reads of it, `delay` later.
    pub fn new(source: &'a dyn Source, detection: &Detection, delay: Duration) -> Self {
        let first = detection.dataset().map(str::to_owned);
        let names = first.into_iter().chain(files::beside(detection));
        let late = |name: String| {
            let source = source.dataset(&name)?;
            let others = Vec::new();
            Some((
                name,
                Late {
                    source,
                    delay,
                    others,
                },
            ))
        };
        Self {
            source,
            delay,
            others: names.filter_map(late).collect(),
        }
    }
}

impl Source for Late<'_> {
    fn profile(&self, metric: &str) -> Result<Profile, FrameError> {
        let mut profile = self.source.profile(metric)?;
        profile.completeness_delay = profile.completeness_delay.max(self.delay);
        Ok(profile)
    }

    fn series(&self, request: &SliceRequest) -> Result<Fetched, FrameError> {
        self.source.series(request)
    }

    fn explore(&self, exploration: &Exploration) -> Result<Vec<SliceKey>, FrameError> {
        self.source.explore(exploration)
    }

    fn aggregate(&self, slice: &SliceKey, interval: Interval) -> Result<f64, FrameError> {
        self.source.aggregate(slice, interval)
    }

    fn dataset(&self, name: &str) -> Option<&dyn Source> {
        let mut others = self.others.iter();
        let other = others.find(|(known, _)| known == name);
        other.map(|(_, late)| late as &dyn Source)
    }

    fn fingerprint(&self) -> Option<u128> {
        self.source.fingerprint()
    }
}
