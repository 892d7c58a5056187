//! The documented merge, all pairs in order until nothing changes.

use tuatara_frame::Interval;

/// Merges `intervals` of one key, in any order: the text of the documented merge, step by step,
/// in milliseconds, with a fresh list for every step.
///
/// - What is longer than `max_duration` is cut into pieces of that length, unless those would be
///   more than 1000. (The original does so last, and a second merge would find more to join.)
/// - Sorted by start; one open parent.
/// - `start − parent.end > max_gap`: a new parent.
/// - Else, `end ≤ parent.end` or `end − parent.start ≤ max_duration`: merged, end = max.
/// - Else, overlapping or touching: the parent ends at max(end, start + max_duration), this one
///   begins no earlier and is the new parent.
/// - Else a new parent. What has become empty is left out.
pub fn merge(intervals: &[Interval], max_gap: i64, max_duration: i64) -> Vec<(i64, i64)> {
    let mut waiting: Vec<(i64, i64)> = Vec::new();
    for interval in intervals {
        let (start, end) = (interval.start().millis(), interval.end().millis());
        if (end - start) / max_duration > 1000 {
            waiting.push((start, end));
            continue;
        }
        let mut from = start;
        while from < end {
            waiting.push((from, end.min(from + max_duration)));
            from += max_duration;
        }
    }
    let mut done: Vec<(i64, i64)> = Vec::new();
    // The earliest first: of equal starts the shorter.
    while let Some(at) = (0..waiting.len()).min_by_key(|&at| waiting[at]) {
        let (mut start, mut end) = waiting.remove(at);
        if let Some(parent) = done.last_mut() {
            let near = start - parent.1 <= max_gap;
            if near && (end <= parent.1 || end - parent.0 <= max_duration) {
                parent.1 = parent.1.max(end);
                continue;
            }
            if near && parent.1 >= start {
                parent.1 = parent.1.max(parent.0 + max_duration);
                start = start.max(parent.1);
                end = end.max(parent.1);
            }
        }
        done.push((start, end));
    }
    done.retain(|(start, end)| start < end);
    done
}
