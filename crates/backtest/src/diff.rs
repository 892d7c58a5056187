//! What another specification would have told instead.

use std::collections::BTreeMap;

use tuatara::frame::{Duration, Instant, Interval, SliceKey};

use crate::{Ran, Told};

/// How what was told differs between two runs over the same time.
#[derive(Debug, Clone, PartialEq)]
pub struct Diff {
    /// What differs, by start, then slice.
    pub changes: Vec<Change>,
    /// How many anomalies are the same in both: when they were, and when they were told.
    pub same: usize,
    /// The first run.
    pub before: Side,
    /// The second run.
    pub after: Side,
}

/// What one run told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Side {
    /// Anomalies that stand at the end.
    pub anomalies: usize,
    /// Anomalies or, where a grouper gathers, incidents that somebody was told of, those that were
    /// taken back later among them.
    pub alerts: usize,
    /// The same per week of the time from the first bucket that was judged; `None` if none was.
    pub alerts_per_week: Option<f64>,
}

/// An anomaly that differs.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Nothing was told of that time and slice before.
    Added(Told),
    /// Nothing is told of that time and slice any more.
    Removed(Told),
    /// It shares time with one that was told before, and begins, ends or is told at another instant.
    Moved {
        /// As it was.
        before: Told,
        /// As it is.
        after: Told,
    },
}

impl Change {
    /// `added`, `removed` or `moved`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Added(_) => "added",
            Self::Removed(_) => "removed",
            Self::Moved { .. } => "moved",
        }
    }

    /// As it was, if it was.
    pub fn before(&self) -> Option<&Told> {
        match self {
            Self::Added(_) => None,
            Self::Removed(told) | Self::Moved { before: told, .. } => Some(told),
        }
    }

    /// As it is, if it still is.
    pub fn after(&self) -> Option<&Told> {
        match self {
            Self::Removed(_) => None,
            Self::Added(told) | Self::Moved { after: told, .. } => Some(told),
        }
    }

    /// Where, and since when.
    fn place(&self) -> (Instant, &SliceKey, &'static str) {
        let told = self.before().or(self.after());
        let told = told.expect("a change is of something");
        (told.alert.interval.start(), &told.slice, self.as_str())
    }
}

impl Side {
    /// What `ran` told.
    pub fn of(ran: &Ran) -> Self {
        let alerts = ran.pages().len();
        let (from, end) = (ran.first_judged(), ran.history().end());
        let judged = from.and_then(|from| Interval::new(from, end).ok());
        let weeks = judged.map_or(0.0, |judged| weeks(judged.duration()));
        Self {
            anomalies: ran.told().len(),
            alerts,
            alerts_per_week: (weeks > 0.0).then(|| alerts as f64 / weeks),
        }
    }
}

impl Diff {
    /// How `after` differs from `before`. In each slice two anomalies that share time are one that
    /// moved; of several that could be, those that share the most time, each once.
    pub fn between(before: &Ran, after: &Ran) -> Self {
        let (was, is) = (by_slice(before), by_slice(after));
        let mut slices: Vec<&SliceKey> = was.keys().chain(is.keys()).collect();
        slices.sort_unstable();
        slices.dedup();
        let (mut changes, mut same) = (Vec::new(), 0);
        for slice in slices {
            let was = was.get(slice).map_or(&[][..], Vec::as_slice);
            let is = is.get(slice).map_or(&[][..], Vec::as_slice);
            let pairs = matched(was, is);
            let mut is_new = vec![true; is.len()];
            for (told, to) in was.iter().zip(pairs) {
                if let Some(to) = to {
                    is_new[to] = false;
                }
                match to {
                    None => changes.push(Change::Removed(told.clone())),
                    Some(to) if told.alert == is[to].alert => same += 1,
                    Some(to) => changes.push(Change::Moved {
                        before: told.clone(),
                        after: is[to].clone(),
                    }),
                }
            }
            let added = is.iter().zip(is_new).filter(|(_, is_new)| *is_new);
            changes.extend(added.map(|(told, _)| Change::Added(told.clone())));
        }
        changes.sort_by(|a, b| a.place().cmp(&b.place()));
        Self {
            changes,
            same,
            before: Side::of(before),
            after: Side::of(after),
        }
    }

    /// Whether both told the same.
    pub fn is_same(&self) -> bool {
        self.changes.is_empty()
    }
}

/// How many weeks a time has.
pub(crate) fn weeks(time: Duration) -> f64 {
    time.millis() as f64 / Duration::days(7).millis() as f64
}

fn by_slice(ran: &Ran) -> BTreeMap<SliceKey, Vec<Told>> {
    let mut all: BTreeMap<SliceKey, Vec<Told>> = BTreeMap::new();
    for told in ran.told() {
        all.entry(told.slice.clone()).or_default().push(told);
    }
    all
}

/// Per anomaly of `was` the position of the one of `is` that it is now: each of them once.
fn matched(was: &[Told], is: &[Told]) -> Vec<Option<usize>> {
    // In order of their starts, with the latest end up to each: what ends before something begins is
    // passed over at once.
    let mut order: Vec<usize> = (0..is.len()).collect();
    order.sort_by_key(|&to| (is[to].alert.interval.start(), to));
    let latest = order.iter().scan(Instant::MIN, |latest, &to| {
        *latest = (*latest).max(is[to].alert.interval.end());
        Some(*latest)
    });
    let latest: Vec<Instant> = latest.collect();
    let mut shared: Vec<(i64, usize, usize)> = Vec::new();
    for (from, before) in was.iter().enumerate() {
        let interval = before.alert.interval;
        let first = latest.partition_point(|end| *end <= interval.start());
        for &to in &order[first..] {
            let after = &is[to];
            if after.alert.interval.start() >= interval.end() {
                break;
            }
            let millis = millis_shared(before.alert.interval, after.alert.interval);
            if millis > 0 {
                shared.push((millis, from, to));
            }
        }
    }
    // The most shared first; of equals the earlier, which come in order of their starts.
    shared.sort_by_key(|&(millis, from, to)| (std::cmp::Reverse(millis), from, to));
    let (mut pairs, mut taken) = (vec![None; was.len()], vec![false; is.len()]);
    for (_, from, to) in shared {
        if pairs[from].is_none() && !taken[to] {
            pairs[from] = Some(to);
            taken[to] = true;
        }
    }
    pairs
}

fn millis_shared(a: Interval, b: Interval) -> i64 {
    a.end().min(b.end()).millis() - a.start().max(b.start()).millis()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tuatara::core::AnomalyId;
    use tuatara_metrics::operator::Alert;

    /// An anomaly from hour `from` to hour `to`.
    fn told(from: i64, to: i64) -> Told {
        let at = |hour: i64| Instant::from_millis(hour * 3_600_000).unwrap();
        let slice = SliceKey::new("orders");
        Told {
            id: AnomalyId::new("d", "r", &slice, at(from)),
            slice,
            alert: Alert {
                interval: Interval::new(at(from), at(to)).unwrap(),
                reportable_at: at(from + 1),
            },
        }
    }

    #[test]
    fn of_several_that_share_time_those_with_the_most_are_one() {
        // The first shares an hour with 5..7 and two with 7..10; the second shares one with 7..10.
        let was = [told(6, 9), told(9, 12)];
        let is = [told(5, 7), told(7, 10)];
        assert_eq!(matched(&was, &is), [Some(1), None]);
        // Without the longer one both find a partner.
        let is = [told(5, 7), told(10, 11)];
        assert_eq!(matched(&was, &is), [Some(0), Some(1)]);
    }

    #[test]
    fn a_long_one_in_front_is_not_passed_over() {
        // 0..20 began long before 15..16, and shares its hour; 5..6 ended.
        let is = [told(0, 20), told(5, 6)];
        assert_eq!(matched(&[told(15, 16)], &is), [Some(0)]);
    }

    #[test]
    fn what_only_touches_shares_no_time() {
        assert_eq!(matched(&[told(1, 2)], &[told(2, 3)]), [None]);
    }
}
