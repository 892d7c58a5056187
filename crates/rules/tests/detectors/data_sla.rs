//! `DATA_SLA`.

use tuatara_core::{Direction, Verdict};
use tuatara_rules::DataSlaParams;

use crate::judged::{GONE, built, days, facts, found, hours, refused, rows};

fn sla(text: &str) -> DataSlaParams {
    DataSlaParams {
        sla: text.to_owned(),
    }
}

#[test]
fn the_first_bucket_that_ends_later_than_agreed_is_told() {
    // The last value ends on day 6; day 9 ends three days later, which is in time.
    let mut values = [5.0; 14];
    values[6..12].fill(GONE);
    let rule = built(DataSlaParams::default());
    let series = days(&values);
    assert_eq!(found(&*rule, &series), [9, 10, 11]);
    let rows = rows(&*rule, &series);
    assert_eq!(rows[9].verdict, Verdict::Anomalous(Direction::Neither));
    // Four days old, three are agreed.
    assert!((rows[9].score - 4.0 / 3.0).abs() < 1e-12);
    assert_eq!(rows[8].verdict, Verdict::Missing);
    assert_eq!((rows[12].verdict, rows[12].score), (Verdict::Normal, 0.0));
    assert_eq!(
        facts(&*rule, &series, 9),
        ["the newest data end at 2026-01-11T00:00:00Z, P4D before, P3D is agreed"]
    );
}

#[test]
fn what_is_agreed_can_be_written_in_three_ways() {
    let mut values = [5.0; 40];
    values[10..16].fill(GONE);
    for text in ["2_HOURS", "PT2H", "2h"] {
        // 10 and 11 are missing in time.
        let missed: Vec<usize> = (12..16).collect();
        assert_eq!(found(&*built(sla(text)), &hours(&values)), missed, "{text}");
    }
}

#[test]
fn data_that_have_not_begun_are_not_late_and_those_that_are_long_gone_stay_late() {
    let mut values = vec![5.0; 30];
    values[..10].fill(GONE);
    values[12..].fill(GONE);
    let rule = built(sla("2h"));
    let series = hours(&values);
    // Four hours are looked at: before, nothing can be said.
    let all = rows(&*rule, &series);
    assert_eq!(all[3].verdict, Verdict::Missing);
    let late: Vec<usize> = (4..10).chain(14..30).collect();
    assert_eq!(found(&*rule, &series), late);
    assert_eq!(
        facts(&*rule, &series, 29),
        ["there are no data of the last PT4H, PT2H is agreed"]
    );
}

#[test]
fn what_is_no_duration_is_refused() {
    for (text, said) in [
        ("0_DAYS", "sla"),
        ("soon", "soon"),
        ("PT0S", "above zero"),
        ("1_FORTNIGHT", "1_FORTNIGHT"),
    ] {
        let error = refused(sla(text));
        assert!(error.contains(said), "{text}: {error}");
    }
}
