//! Durations, granularities, instants, zones, slices and lags in text: what is read is written so
//! that it reads as the same again.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use tuatara::frame::{
    Aggregation, Duration, Granularity, Instant, SliceKey, Zone, files::TimeUnit,
};

fn again<T: FromStr + Display + PartialEq + Debug>(text: &str)
where
    T::Err: Debug + Display,
{
    match text.parse::<T>() {
        Ok(read) => {
            let written = read.to_string();
            let back = written.parse::<T>().expect("what is written can be read");
            // A week that starts on another day than Monday is not in the text of a granularity.
            assert_eq!(back.to_string(), written, "{text:?} became {read:?}");
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

pub(crate) fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    again::<Duration>(text);
    again::<Granularity>(text);
    again::<Instant>(text);
    again::<SliceKey>(text);
    again::<Aggregation>(text);
    again::<Zone>(text);
    let _ = text.parse::<TimeUnit>();
    if let (Ok(duration), Ok(back)) = (text.parse::<Duration>(), text.parse::<Duration>()) {
        assert!(duration.millis() >= 0 && duration == back);
    }
}
