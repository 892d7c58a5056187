//! Data in JSON: lines, a response of Prometheus, and the state between two runs.

use tuatara::Carry;
use tuatara::frame::files::{Layout, ReadOptions, TimeUnit};

use crate::reading;

pub(crate) fn run(data: &[u8]) {
    let Some((&choice, text)) = data.split_first() else {
        return;
    };
    let mut options = ReadOptions::new();
    options = match choice & 3 {
        0 => options,
        1 => options.layout(Layout::Ndjson),
        2 => options.layout(Layout::Prometheus),
        _ => options.dimension("country"),
    };
    if choice & 4 != 0 {
        options = options.time_unit(TimeUnit::Seconds);
    }
    reading::read(text, &options);
    if let Ok(carry) = serde_json::from_slice::<Carry>(text) {
        let written = serde_json::to_string(&carry).expect("a carry can be written");
        let back: Carry = serde_json::from_str(&written).expect("what is written can be read");
        assert_eq!(serde_json::to_string(&back).expect("again"), written);
    }
}
