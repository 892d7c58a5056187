//! Tables: the first byte chooses how they are read. What is read keeps the promises of a frame.

use tuatara::frame::files::{self, Layout, ReadOptions, TimeUnit};
use tuatara::frame::{
    Duration, Frame, Granularity, Metric, SliceKey, SliceRequest, Source, TimeAxis, Zone,
};

pub fn run(data: &[u8]) {
    let Some((&choice, text)) = data.split_first() else {
        return;
    };
    let mut options = ReadOptions::new();
    if choice & 1 != 0 {
        options = options.zone("Australia/Lord_Howe".parse::<Zone>().expect("it is a zone"));
    }
    if choice & 2 != 0 {
        options = options.granularity(Granularity::fixed(Duration::minutes(5)).expect("a step"));
    }
    options = match choice >> 2 & 3 {
        0 => options,
        1 => options.layout(Layout::Wide),
        2 => options.layout(Layout::Series).time_unit(TimeUnit::Rows),
        _ => options
            .layout(Layout::Long)
            .metric(Metric::new("value"))
            .dimension("country"),
    };
    options = match choice >> 4 & 3 {
        0 => options,
        1 => options.time_unit(TimeUnit::Seconds),
        2 => options.time_unit(TimeUnit::Rows),
        _ => options.in_order(),
    };
    read(text, &options);
}

/// Reads twice, and asks the frame what it holds.
pub fn read(text: &[u8], options: &ReadOptions) {
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
