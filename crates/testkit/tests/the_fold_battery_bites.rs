//! Filters that are broken on purpose, each caught by the name of the law it breaks.

use std::sync::atomic::{AtomicU32, Ordering};

use tuatara_core::{Anomaly, Evidence, Filter, FilterError, Judgement, Lookback, Memo, Needs};
use tuatara_frame::{SliceKey, TimeAxis};
use tuatara_testkit::{FoldBattery, Law};

/// How a filter is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flaw {
    None,
    LooksAhead,
    LooksBackFurtherThanItSays,
    Counts,
}

/// Keeps what lies above the bucket before it.
#[derive(Debug)]
struct AboveTheBucketBefore {
    flaw: Flaw,
    asked: AtomicU32,
}

impl Filter for AboveTheBucketBefore {
    fn needs(&self, _: &SliceKey, _: &TimeAxis) -> Result<Needs, FilterError> {
        Ok(Needs::history(Lookback::buckets(1)))
    }

    fn judge(
        &self,
        anomaly: &Anomaly,
        evidence: &Evidence<'_>,
        _: &mut Memo,
    ) -> Result<Judgement, FilterError> {
        let asked = self.asked.fetch_add(1, Ordering::Relaxed);
        let values = evidence.series().values();
        let before = |n: usize| {
            let source = evidence.rows().start.checked_sub(n);
            source.map_or(f64::NAN, |source| values[source])
        };
        let reference = match self.flaw {
            // There is nothing to see: evidence ends at the bucket at hand.
            Flaw::LooksAhead => match values.get(evidence.rows().end) {
                Some(next) => *next,
                None => before(1),
            },
            Flaw::LooksBackFurtherThanItSays => before(4),
            Flaw::None | Flaw::Counts => before(1),
        };
        let change = anomaly.peak.observed - reference;
        let kept = change > 0.0 && (self.flaw != Flaw::Counts || asked % 7 != 3);
        Ok(Judgement::new(
            kept,
            "change",
            change,
            "compared with the bucket before",
        ))
    }
}

fn law_broken_by(flaw: Flaw) -> Option<Law> {
    let filter = AboveTheBucketBefore {
        flaw,
        asked: AtomicU32::new(0),
    };
    let battery = FoldBattery {
        cases: 60,
        ..FoldBattery::default()
    };
    battery
        .check("above", &[], &[("above", &filter)])
        .err()
        .map(|violation| violation.law)
}

#[test]
fn a_filter_that_keeps_the_laws_passes() {
    assert_eq!(law_broken_by(Flaw::None), None);
}

#[test]
fn a_filter_cannot_look_ahead() {
    assert_eq!(law_broken_by(Flaw::LooksAhead), None);
}

#[test]
fn each_flaw_is_caught_by_the_name_of_its_law() {
    assert_eq!(
        law_broken_by(Flaw::LooksBackFurtherThanItSays),
        Some(Law::Fold)
    );
    // Asked again, by the oracle or in pieces, it answers otherwise.
    assert!(matches!(
        law_broken_by(Flaw::Counts),
        Some(Law::Documented | Law::Fold)
    ));
}

#[test]
fn a_battery_that_has_seen_too_little_says_so() {
    let battery = FoldBattery {
        cases: 1,
        ..FoldBattery::default()
    };
    let violation = battery.check("nothing", &[], &[]).unwrap_err();
    assert_eq!(violation.law, Law::Coverage);
    assert!(
        violation
            .to_string()
            .contains("64 cuts with an open candidate are asked")
    );
}
