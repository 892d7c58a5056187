//! Reads data twice, and asks the frame what it holds.

use tuatara::frame::files::{self, ReadOptions};
use tuatara::frame::{Frame, SliceKey, SliceRequest, Source, TimeAxis};

/// Reads twice, and asks the frame what it holds.
pub(crate) fn read(text: &[u8], options: &ReadOptions) {
    match (
        files::read(text, "data.csv", options),
        files::read(text, "data.csv", options),
    ) {
        (Ok(frame), Ok(again)) => {
            assert_eq!(frame.fingerprint(), again.fingerprint());
            ask(&frame);
        }
        (Err(once), Err(twice)) => assert_eq!(once.to_string(), twice.to_string()),
        _ => panic!("the same bytes were read in two ways"),
    }
}

/// Series longer than this take time and teach nothing.
const MOST_BUCKETS: usize = 100_000;

fn ask(frame: &Frame) {
    for metric in frame.metrics() {
        let Ok(profile) = frame.profile(metric.name()) else {
            assert!(frame.is_empty());
            return;
        };
        let step = profile.granularity.nominal().millis().max(1);
        let buckets = profile.extent.duration().millis() / step;
        if usize::try_from(buckets).unwrap_or(usize::MAX) > MOST_BUCKETS {
            return;
        }
        let axis = TimeAxis::covering(profile.granularity, profile.zone, profile.extent)
            .expect("an extent can be covered");
        let slice = SliceKey::new(metric.name());
        let fetched = frame
            .series(&SliceRequest { slice, axis })
            .expect("it is there");
        assert!(
            fetched
                .series
                .values()
                .iter()
                .all(|value| !value.is_infinite())
        );
        assert!(!fetched.report.to_string().is_empty());
        assert_eq!(fetched.report.outside.count, 0);
    }
}
