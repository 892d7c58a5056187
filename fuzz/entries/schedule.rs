//! Schedules: what is read is written so that it reads as the same again, and its runs come one
//! after the other.

use tuatara::frame::{Instant, Zone};
use tuatara::spec::Schedule;

pub(crate) fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    match text.parse::<Schedule>() {
        Ok(schedule) => {
            let written = schedule.to_string();
            let back: Schedule = written.parse().expect("what is written can be read");
            assert_eq!(back, schedule);
            let zone: Zone = "America/Sao_Paulo".parse().expect("it is a zone");
            let mut at: Instant = "2018-11-03T20:00:00Z".parse().expect("it is an instant");
            for _ in 0..4 {
                match schedule.next_after(at, zone) {
                    Some(next) => {
                        assert!(next > at, "{written} after {at} gives {next}");
                        at = next;
                    }
                    None => break,
                }
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
