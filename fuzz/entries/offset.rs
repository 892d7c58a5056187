//! Offsets: what is read is written so that it reads as the same again, and has lags to look up.

use tuatara_baseline::{Baseline, Offset};

pub(crate) fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    match text.parse::<Offset>() {
        Ok(offset) => {
            let written = offset.to_string();
            let back: Offset = written.parse().expect("what is written can be read");
            assert_eq!(back, offset);
            let lags = offset.lags().len();
            assert_eq!(lags == 0, offset.is_none() || offset.is_current());
            let baseline = Baseline::new(offset);
            assert!(baseline.clone().with_min_lags(lags.max(1)).is_ok());
            assert!(baseline.clone().with_min_lags(lags.max(1) + 1).is_err());
            assert!(baseline.with_min_lags(0).is_err());
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
