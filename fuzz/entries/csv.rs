//! Tables: the first byte chooses how they are read. What is read keeps the promises of a frame.

use tuatara::frame::files::{Layout, ReadOptions, TimeUnit};
use tuatara::frame::{Duration, Granularity, Metric, Zone};

use crate::reading;

pub(crate) fn run(data: &[u8]) {
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
    reading::read(text, &options);
}
