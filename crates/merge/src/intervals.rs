//! The documented merge over finished intervals, for hosts that bring their own.
//!
//! The pipeline itself folds bucket by bucket (see [`Stage`](crate::Stage)) and asks the same
//! [`MergePolicy::place`]; there a bucket is never cut in two.
//!
//! Departs from the original: what is longer than the longest duration is cut before it is merged,
//! not after. There the last piece of it stands beside what follows, which a second merge would
//! join; here merging twice changes nothing.

use std::collections::BTreeMap;

use tuatara_frame::{Instant, Interval};

use crate::{MergePolicy, Placement};

/// More pieces than this and a stretch is left whole, as in the original.
const MOST_PIECES: i64 = 1000;

/// Merges `candidates` of equal key by `policy`; one longer than the longest duration is cut into
/// pieces of that length, unless those would be more than 1000. The answer is sorted by start, then end, then key; no two intervals of
/// one key overlap.
///
/// ```
/// use tuatara_frame::{Instant, Interval};
/// use tuatara_merge::{MergePolicy, merge_intervals};
///
/// let hours = |from: i64, to: i64| {
///     let at = |hour| Instant::from_millis(hour * 3_600_000);
///     Interval::new(at(from)?, at(to)?)
/// };
/// // The default merges across two hours.
/// let merged = merge_intervals(
///     [(hours(0, 1)?, "rule"), (hours(3, 4)?, "rule"), (hours(8, 9)?, "rule")],
///     &MergePolicy::default(),
/// );
/// assert_eq!(merged, [(hours(0, 4)?, "rule"), (hours(8, 9)?, "rule")]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn merge_intervals<K: Ord + Clone>(
    candidates: impl IntoIterator<Item = (Interval, K)>,
    policy: &MergePolicy,
) -> Vec<(Interval, K)> {
    let mut sorted: Vec<(Interval, K)> = Vec::new();
    for (candidate, key) in candidates {
        cut(candidate, &key, policy, &mut sorted);
    }
    sorted.sort_by(|(a, k), (b, l)| (a.start(), a.end(), k).cmp(&(b.start(), b.end(), l)));
    let mut open: BTreeMap<K, Interval> = BTreeMap::new();
    let mut merged = Vec::new();
    for (next, key) in sorted {
        let Some(parent) = open.get_mut(&key) else {
            open.insert(key, next);
            continue;
        };
        let (parent_after, next) = match policy.place(*parent, next) {
            Placement::Join => {
                *parent = between(parent.start(), parent.end().max(next.end()));
                continue;
            }
            Placement::New => (*parent, next),
            Placement::Split { at } => (
                between(parent.start(), at),
                between(next.start().max(at), next.end().max(at)),
            ),
        };
        merged.push((parent_after, key));
        *parent = next;
    }
    merged.extend(open.into_iter().map(|(key, parent)| (parent, key)));
    merged.retain(|(interval, _)| !interval.is_empty());
    merged.sort_by(|(a, k), (b, l)| (a.start(), a.end(), k).cmp(&(b.start(), b.end(), l)));
    merged
}

fn cut<K: Clone>(whole: Interval, key: &K, policy: &MergePolicy, out: &mut Vec<(Interval, K)>) {
    let longest = policy.max_duration();
    let length = whole.end().millis() - whole.start().millis();
    if length <= longest.millis() || length / longest.millis() > MOST_PIECES {
        out.push((whole, key.clone()));
        return;
    }
    let mut start = whole.start();
    while start < whole.end() {
        let end = start
            .checked_add(longest)
            .map_or(whole.end(), |end| end.min(whole.end()));
        out.push((between(start, end), key.clone()));
        start = end;
    }
}

fn between(start: Instant, end: Instant) -> Interval {
    Interval::new(start, end).expect("merging keeps starts before ends")
}
