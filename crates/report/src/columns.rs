//! The numbers of a page that a script reads: columns of points, as many as fit into a mail.

use std::fmt::Write;

use tuatara::core::{Direction, Row, Verdict};
use tuatara::frame::Interval;

use crate::chart::Chart;
use crate::panel::{Panel, untold};
use crate::text::{json_number, json_string, push_number};

/// Points of all series of a page together that are embedded.
pub(crate) const POINTS: usize = 8_000;
/// Points of a series that are embedded however many series there are.
const LEAST: usize = 100;

/// Letters that a number and what parts it from the next take, as a rule.
const ROOM: usize = 9;

/// How many points around a flagged one are embedded, where there is room.
const AROUND: usize = 24;

/// How many points of each of `panels` panels are embedded.
pub(crate) fn share(panels: usize) -> usize {
    (POINTS / panels.max(1)).max(LEAST)
}

/// The positions of rows that are embedded: all, or of each stretch the highest and the lowest, where
/// a gap begins, and what was flagged with what lies around it as far as there is room.
pub(crate) fn kept(rows: &[(Interval, Row)], most: usize) -> Vec<usize> {
    if rows.len() <= most {
        return (0..rows.len()).collect();
    }
    let stretches = (most / 4).max(1);
    let length = rows.len().div_ceil(stretches);
    let mut kept = vec![0, rows.len() - 1];
    for (at, stretch) in rows.chunks(length).enumerate() {
        let first = at * length;
        let value = |i: &usize| stretch[*i].1.observed;
        let there = || (0..stretch.len()).filter(|i| !stretch[*i].1.observed.is_nan());
        let lowest = there().min_by(|a, b| value(a).total_cmp(&value(b)));
        let highest = there().max_by(|a, b| value(a).total_cmp(&value(b)));
        let absent = (0..stretch.len()).find(|i| stretch[*i].1.observed.is_nan());
        kept.extend(
            [lowest, highest, absent]
                .into_iter()
                .flatten()
                .map(|i| first + i),
        );
    }
    kept.sort_unstable();
    kept.dedup();
    // What is left of the room goes to what was flagged, then to what lies around it.
    let flagged: Vec<usize> = (0..rows.len())
        .filter(|&i| rows[i].1.verdict.is_anomalous())
        .collect();
    let mut room = most.saturating_sub(kept.len());
    let mut is_kept = vec![false; rows.len()];
    for &i in &kept {
        is_kept[i] = true;
    }
    for distance in 0..=AROUND {
        for &i in &flagged {
            for i in [i.checked_sub(distance), i.checked_add(distance)] {
                if let Some(i) = i.filter(|&i| i < rows.len() && !is_kept[i] && room > 0) {
                    is_kept[i] = true;
                    kept.push(i);
                    room -= 1;
                }
            }
        }
    }
    kept.sort_unstable();
    kept
}

/// One letter for a verdict.
fn letter(verdict: Verdict) -> char {
    match verdict {
        Verdict::Normal => 'n',
        Verdict::Anomalous(Direction::Up) => 'u',
        Verdict::Anomalous(Direction::Down) => 'd',
        Verdict::Anomalous(Direction::Neither) => 'a',
        Verdict::Missing => 'm',
        Verdict::Incomplete => 'i',
        Verdict::NoBaseline => 'b',
        Verdict::WarmingUp { .. } => 'w',
        Verdict::OutOfRange => 'o',
        Verdict::Inactive => 'x',
        _ => '?',
    }
}

/// Starts of buckets: the first, a unit in milliseconds, then pairs of a step in units and how often it
/// comes.
fn starts(rows: &[&(Interval, Row)]) -> String {
    let millis: Vec<i64> = rows.iter().map(|row| row.0.start().millis()).collect();
    let steps: Vec<i64> = millis.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let unit = steps.iter().copied().fold(0, gcd).max(1);
    let mut text = format!("[{},{unit}", millis.first().copied().unwrap_or(0));
    for run in steps.chunk_by(|a, b| a == b) {
        let _ = write!(text, ",{},{}", run[0] / unit, run.len());
    }
    text.push(']');
    text
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Stretches of time in order, none in another: where to begin, a unit in milliseconds, then pairs of how
/// many units are skipped and how many the stretch lasts. Nothing is skipped between stretches that
/// overlap.
fn stretches(intervals: &[Interval]) -> String {
    let Some(first) = intervals.first().map(|interval| interval.start().millis()) else {
        return "[0,1]".to_owned();
    };
    let mut at = first;
    let mut steps = Vec::with_capacity(2 * intervals.len());
    for interval in intervals {
        let from = interval.start().millis().max(at);
        let to = interval.end().millis().max(from);
        steps.extend([from - at, to - from]);
        at = to;
    }
    let unit = steps.iter().copied().fold(0, gcd).max(1);
    let steps = steps.iter().map(|step| format!(",{}", step / unit));
    format!("[{first},{unit}{}]", steps.collect::<String>())
}

/// Where nothing was observed: of more than `most` such stretches, the longest.
fn gaps(rows: &[(Interval, Row)], most: usize) -> Vec<Interval> {
    let is_absent = |row: &Row| row.observed.is_nan();
    let runs = rows.chunk_by(|a, b| is_absent(&a.1) == is_absent(&b.1));
    let absent = runs.filter(|run| is_absent(&run[0].1)).map(|run| {
        let span = Interval::new(run[0].0.start(), run[run.len() - 1].0.end());
        span.expect("invariant: buckets are in order of time")
    });
    let mut gaps: Vec<Interval> = absent.collect();
    if gaps.len() > most {
        gaps.sort_by_key(|gap| std::cmp::Reverse(gap.duration().millis()));
        gaps.truncate(most);
        gaps.sort_by_key(|gap| gap.start());
    }
    gaps
}

/// A column in numbers of so many `decimals`; one value where all are the same.
fn column(rows: &[&(Interval, Row)], decimals: i32, read: impl Fn(&Row) -> f64) -> String {
    let mut text = String::with_capacity(ROOM * rows.len() + 2);
    text.push('[');
    let mut first = 0..0;
    let mut are_same = true;
    for row in rows {
        if first.end > 0 {
            text.push(',');
        }
        let from = text.len();
        push_number(&mut text, read(&row.1), decimals);
        if first.end == 0 {
            first = from..text.len();
        }
        are_same = are_same && text[from..] == text[first.clone()];
    }
    if are_same && first.end > 0 {
        return text[first].to_owned();
    }
    text.push(']');
    text
}

fn panel(panel: &Panel<'_>, most: usize) -> String {
    let positions = kept(&panel.rows, most);
    let rows: Vec<&(Interval, Row)> = positions.iter().map(|&i| &panel.rows[i]).collect();
    let step = rows.first().map_or(0, |row| row.0.duration().millis());
    let letters: String = rows.iter().map(|row| letter(row.1.verdict)).collect();
    let mut scores = Vec::new();
    for (i, (_, row)) in rows.iter().enumerate() {
        if row.verdict.is_anomalous() {
            scores.push(format!(
                "{i},{}",
                json_number((row.score * 1e3).round() / 1e3)
            ));
        }
    }
    let spans: Vec<String> = panel
        .told()
        .map(|(span, told)| {
            format!(
                "[{},{},\"{}\",\"{}\",\"{}\"]",
                span.interval.start().millis(),
                span.interval.end().millis(),
                span.state.class(),
                span.severity,
                told.target
            )
        })
        .collect();
    let rest: Vec<String> = untold(&panel.spans)
        .into_iter()
        .map(|((state, severity), intervals)| {
            let kind = format!("{} {severity}", state.class());
            format!("\"{kind}\":{}", stretches(&intervals))
        })
        .collect();
    let decimals = panel.range.decimals();
    let tints: Vec<String> = panel
        .tints
        .iter()
        .map(|tint| {
            let (start, end) = (tint.interval.start(), tint.interval.end());
            let title = json_string(&tint.title);
            format!(
                "[{},{},\"{}\",{title}]",
                start.millis(),
                end.millis(),
                tint.class
            )
        })
        .collect();
    format!(
        "{{\"rule\":{},\"step\":{step},\"of\":{},\"t\":{},\"v\":{},\"e\":{},\"l\":{},\"u\":{},\
         \"c\":\"{letters}\",\"s\":[{}],\"gaps\":{},\"spans\":[{}],\"rest\":{{{}}},\"tints\":[{}]}}",
        json_string(panel.rule),
        panel.rows.len(),
        starts(&rows),
        column(&rows, decimals, |row| row.observed),
        column(&rows, decimals, |row| row.expected),
        column(&rows, decimals, |row| row.lower),
        column(&rows, decimals, |row| row.upper),
        scores.join(","),
        stretches(&gaps(&panel.rows, most)),
        spans.join(","),
        rest.join(","),
        tints.join(",")
    )
}

/// The points of a chart as JSON, `most` of each panel.
pub(crate) fn columns(chart: &Chart<'_>, most: usize) -> String {
    let panels: Vec<String> = chart.panels.iter().map(|one| panel(one, most)).collect();
    format!("{{\"panels\":[{}]}}", panels.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tuatara::frame::Instant;

    fn rows(count: i64, observed: impl Fn(i64) -> f64) -> Vec<(Interval, Row)> {
        let at = |hour: i64| Instant::from_millis(hour * 3_600_000).unwrap();
        let bucket = |hour: i64| Interval::new(at(hour), at(hour + 1)).unwrap();
        let row = |hour: i64| Row::unjudged(observed(hour), Verdict::NoBaseline);
        (0..count).map(|hour| (bucket(hour), row(hour))).collect()
    }

    #[test]
    fn few_points_are_all_kept() {
        assert_eq!(kept(&rows(5, |_| 1.0), 10), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn of_many_the_one_that_stands_out_and_the_gap_are_kept() {
        let rows = rows(10_000, |hour| match hour {
            4_321 => 900.0,
            7_777 => f64::NAN,
            _ => (hour % 10) as f64,
        });
        let kept = kept(&rows, 300);
        assert!(kept.contains(&4_321) && kept.contains(&7_777));
        assert!(kept.len() <= 300, "{}", kept.len());
    }

    #[test]
    fn around_what_was_flagged_points_are_kept_one_by_one() {
        let mut rows = rows(10_000, |hour| (hour % 10) as f64);
        rows[5_000].1.verdict = Verdict::Anomalous(Direction::Up);
        let kept = kept(&rows, 300);
        let around: Vec<usize> = (4_976..=5_024).collect();
        assert!(around.iter().all(|i| kept.contains(i)), "{kept:?}");
        assert!(kept.is_sorted() && kept.len() <= 300);
    }

    #[test]
    fn gaps_are_told_apart_from_the_points_that_are_kept() {
        let rows = rows(1_000, |hour| match hour {
            10..13 | 500 | 502 => f64::NAN,
            _ => 1.0,
        });
        // From hour 10 on: three hours; 487 hours later one, and an hour later another.
        let told = format!("[{},3600000,0,3,487,1,1,1]", 10 * 3_600_000);
        assert_eq!(stretches(&gaps(&rows, 100)), told);
        // Of too many the longest, then the first.
        let told = format!("[{},3600000,0,3,487,1]", 10 * 3_600_000);
        assert_eq!(stretches(&gaps(&rows, 2)), told);
        assert_eq!(stretches(&[]), "[0,1]");
    }

    #[test]
    fn even_steps_are_told_once() {
        let rows = rows(4, |_| 1.0);
        let rows: Vec<_> = rows.iter().collect();
        assert_eq!(starts(&rows), "[0,3600000,1,3]");
        assert_eq!(column(&rows, 3, |row| row.observed), "1");
        assert_eq!(column(&rows, 3, |row| row.expected), "null");
    }
}
