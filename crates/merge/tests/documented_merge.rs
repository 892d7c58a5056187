//! `merge_intervals` against the documented text, in hours.

use proptest::prelude::*;
use tuatara_frame::{Duration, Instant, Interval};
use tuatara_merge::{MergePolicy, merge_intervals};
use tuatara_testkit::naive;

const HOUR: i64 = 3_600_000;

fn hours(start: i64, end: i64) -> Interval {
    let at = |hour: i64| Instant::from_millis(hour * HOUR).unwrap();
    Interval::new(at(start), at(end)).unwrap()
}

fn policy(gap: i64, longest: i64) -> MergePolicy {
    let millis = |hours: i64| Duration::from_millis(hours * HOUR).unwrap();
    MergePolicy::new(millis(gap), millis(longest)).unwrap()
}

fn merged(intervals: &[(i64, i64)], gap: i64, longest: i64) -> Vec<(i64, i64)> {
    let keyed = intervals
        .iter()
        .map(|&(start, end)| (hours(start, end), ()));
    let in_hours = |(i, ()): (Interval, ())| (i.start().millis() / HOUR, i.end().millis() / HOUR);
    merge_intervals(keyed, &policy(gap, longest))
        .into_iter()
        .map(in_hours)
        .collect()
}

#[test]
fn a_gap_of_exactly_max_gap_is_merged_across() {
    assert_eq!(merged(&[(0, 1), (3, 4)], 2, 100), [(0, 4)]);
    assert_eq!(merged(&[(0, 1), (4, 5)], 2, 100), [(0, 1), (4, 5)]);
}

#[test]
fn exactly_max_duration_is_still_one() {
    assert_eq!(merged(&[(0, 4), (5, 6)], 2, 6), [(0, 6)]);
    assert_eq!(merged(&[(0, 4), (5, 7)], 2, 6), [(0, 4), (5, 7)]);
}

#[test]
fn overlapping_stretches_beyond_max_duration_are_cut_where_it_is_reached() {
    assert_eq!(merged(&[(0, 4), (3, 8)], 2, 6), [(0, 6), (6, 8)]);
}

#[test]
fn a_stretch_longer_than_max_duration_is_cut_into_pieces() {
    assert_eq!(merged(&[(0, 13)], 0, 5), [(0, 5), (5, 10), (10, 13)]);
}

/// An accident of the original: it cuts last, so that 10..13 and 14..15 stand beside each other,
/// though both together are no longer than five hours.
#[test]
fn the_last_piece_of_a_long_stretch_is_merged_with_what_follows() {
    assert_eq!(
        merged(&[(0, 13), (14, 15)], 2, 5),
        [(0, 5), (5, 10), (10, 15)]
    );
}

#[test]
fn one_inside_another_changes_nothing() {
    assert_eq!(merged(&[(0, 9), (2, 5)], 0, 3_000), [(0, 9)]);
}

#[test]
fn keys_are_merged_apart() {
    let keyed = [(hours(0, 3), "x"), (hours(1, 4), "y"), (hours(2, 6), "x")];
    let merged = merge_intervals(keyed, &policy(2, 100));
    assert_eq!(merged, [(hours(0, 6), "x"), (hours(1, 4), "y")]);
}

#[test]
fn a_duration_of_zero_is_refused_with_the_remedy() {
    let error = MergePolicy::new(Duration::ZERO, Duration::ZERO).unwrap_err();
    assert_eq!(
        error.to_string(),
        "maxDuration is PT0S; an anomaly needs room: 15 minutes or more, P7D is customary"
    );
}

fn intervals() -> impl Strategy<Value = Vec<(i64, i64)>> {
    let one = (0_i64..80, 1_i64..12).prop_map(|(start, length)| (start, start + length));
    prop::collection::vec(one, 0..12)
}

proptest! {
    #[test]
    fn the_merge_gives_what_the_documented_text_gives(
        given in intervals(), gap in 0_i64..6, longest in 1_i64..40,
    ) {
        let plain: Vec<Interval> = given.iter().map(|&(start, end)| hours(start, end)).collect();
        let wanted = naive::merge(&plain, gap * HOUR, longest * HOUR);
        let wanted: Vec<_> = wanted.into_iter().map(|(a, b)| (a / HOUR, b / HOUR)).collect();
        prop_assert_eq!(merged(&given, gap, longest), wanted);
    }

    #[test]
    fn merged_stretches_are_apart_short_enough_and_cover_what_was_given(
        given in intervals(), gap in 0_i64..6, longest in 1_i64..40,
    ) {
        let merged = merged(&given, gap, longest);
        prop_assert!(merged.windows(2).all(|pair| pair[0].1 <= pair[1].0));
        prop_assert!(merged.iter().all(|(start, end)| end - start <= longest));
        for (start, end) in given {
            for hour in start..end {
                prop_assert!(merged.iter().any(|&(a, b)| a <= hour && hour < b), "{hour}");
            }
        }
    }

    #[test]
    fn merging_twice_changes_nothing(
        given in intervals(), gap in 0_i64..6, longest in 1_i64..40,
    ) {
        let once = merged(&given, gap, longest);
        prop_assert_eq!(merged(&once, gap, longest), once);
    }

    #[test]
    fn the_order_of_the_given_does_not_matter(given in intervals(), gap in 0_i64..6) {
        let mut backward = given.clone();
        backward.reverse();
        prop_assert_eq!(merged(&given, gap, 20), merged(&backward, gap, 20));
    }
}
