//! Law 2 for the fold by itself: without filters, and with two that need nothing but the anomaly.

use tuatara_core::{Anomaly, Evidence, Filter, FilterError, Judgement, Memo, Needs};
use tuatara_frame::{SliceKey, TimeAxis};
use tuatara_testkit::{check_across, check_fold};

/// Keeps anomalies with a number of flagged buckets.
#[derive(Debug)]
struct Flagged {
    least: u32,
    most: u32,
}

impl Filter for Flagged {
    fn needs(&self, _: &SliceKey, _: &TimeAxis) -> Result<Needs, FilterError> {
        Ok(Needs::NOTHING)
    }

    fn judge(
        &self,
        anomaly: &Anomaly,
        _: &Evidence<'_>,
        _: &mut Memo,
    ) -> Result<Judgement, FilterError> {
        let kept = (self.least..=self.most).contains(&anomaly.flagged);
        Ok(Judgement::new(
            kept,
            "flagged",
            f64::from(anomaly.flagged),
            "flagged buckets",
        ))
    }
}

#[test]
fn without_filters_the_fold_keeps_law_2_and_removes_nothing() {
    let report = check_fold("no filter", &[], &[]);
    assert_eq!(
        (report.removed, report.retracted, report.delayed),
        (0, 0, 0)
    );
    assert!(report.closed > 1_000, "{report}");
    assert!(report.thinned > 1_000, "{report}");
}

#[test]
fn with_filters_that_change_their_mind_the_fold_keeps_law_2() {
    let (several, few) = (
        Flagged { least: 2, most: 99 },
        Flagged { least: 1, most: 3 },
    );
    let report = check_fold("flagged", &[], &[("several", &several), ("few", &few)]);
    assert!(
        report.retracted > 100 && report.removed > 100 && report.delayed > 100,
        "{report}"
    );
}

/// Several rules, with buckets of one, two and six hours.
#[test]
fn across_rules_the_fold_keeps_law_2_and_its_definition() {
    let (several, few) = (
        Flagged { least: 2, most: 99 },
        Flagged { least: 1, most: 3 },
    );
    let report = check_across(200, &[("several", &several), ("few", &few)]);
    assert!(report.events > 5_000, "{report}");
    assert!(report.joined > 200 && report.merged > 20, "{report}");
    assert!(report.filtered > 100 && report.cut > 100, "{report}");
    assert!(report.carried > 5_000, "{report}");
}
