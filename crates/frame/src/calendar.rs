//! The local clock over a span: the clock changes, found once, and civil arithmetic.
//!
//! A zone's clock runs at a constant offset between changes. [`Offsets`] keeps these stretches for a
//! span, so that labels and instants turn into each other by a binary search over a few entries.
//!
//! Local labels and instants are both counted in milliseconds here, labels as if they were UTC:
//! `label = instant + offset`. Dates are counted in days since 1970-01-01.

use chrono::{Datelike, Months, NaiveDate};

use crate::{Lag, LagUnit, Zone};

/// Milliseconds of an hour.
pub(crate) const HOUR: i64 = 3_600_000;
/// Milliseconds of 24 hours. No zone was ever further from UTC, and no change was ever larger.
pub(crate) const DAY: i64 = 24 * HOUR;

/// Distance of the probes that look for clock changes. A change that the next one undoes is found for
/// certain if the two lie further apart; the closest such pair of all zones and years is 167 hours
/// (Boa Vista, October 2000).
const PROBE: i64 = 5 * DAY;

/// The offsets of a zone over `[from, to]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Offsets {
    zone: Zone,
    from: i64,
    to: i64,
    /// Where each stretch of constant offset starts, the first at `from`; never empty.
    stretches: Vec<Stretch>,
}

/// A constant offset, up to the start of the next stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) start: i64,
    pub(crate) offset: i64,
}

/// A change of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Change {
    /// The first moment with the new offset.
    pub(crate) at: i64,
    pub(crate) before: i64,
    pub(crate) after: i64,
}

/// When the local clock shows a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Occurrence {
    Once(i64),
    Twice { earlier: i64, later: i64 },
    Never { next: i64 },
}

impl Offsets {
    /// Finds the offsets of `zone` over `[from, to]`, both within years of the range of instants.
    pub(crate) fn find(zone: Zone, from: i64, to: i64) -> Self {
        if zone.is_fixed() {
            let offset = zone.offset_at(from);
            return Self {
                zone,
                from,
                to,
                stretches: vec![Stretch {
                    start: from,
                    offset,
                }],
            };
        }
        Self::search(zone, from, to)
    }

    /// Probes and bisects.
    pub(crate) fn search(zone: Zone, from: i64, to: i64) -> Self {
        let mut last = Stretch {
            start: from,
            offset: zone.offset_at(from),
        };
        let mut stretches = vec![last];
        let mut at = from;
        while at < to {
            let probe = (at + PROBE).min(to);
            if zone.offset_at(probe) == last.offset {
                at = probe;
                continue;
            }
            // The offset is the old one at `at` and another at `changed`.
            let mut changed = probe;
            while changed - at > 1 {
                let middle = at + (changed - at) / 2;
                if zone.offset_at(middle) == last.offset {
                    at = middle;
                } else {
                    changed = middle;
                }
            }
            last = Stretch {
                start: changed,
                offset: zone.offset_at(changed),
            };
            stretches.push(last);
            at = changed;
        }
        Self {
            zone,
            from,
            to,
            stretches,
        }
    }

    /// Whether every moment of `[from, to]` is known here.
    pub(crate) fn covers(&self, from: i64, to: i64) -> bool {
        self.from <= from && to <= self.to
    }

    /// The offset at `at`, a moment within years of the range of instants.
    pub(crate) fn at(&self, at: i64) -> i64 {
        if self.covers(at, at) {
            self.stretches[self.index(at)].offset
        } else {
            self.zone.offset_at(at)
        }
    }

    /// The clock changes, oldest first.
    pub(crate) fn changes(&self) -> impl Iterator<Item = Change> {
        self.stretches.windows(2).map(|pair| Change {
            at: pair[1].start,
            before: pair[0].offset,
            after: pair[1].offset,
        })
    }

    /// The labels in `[from, to)` at which [`resolve`](Self::resolve) starts to answer differently:
    /// both sides of each change.
    pub(crate) fn changes_of_labels(&self, from: i64, to: i64) -> impl Iterator<Item = i64> {
        let (first, last) = (self.index(from - DAY), self.index(to + DAY));
        let changes = self.stretches[first..=last].windows(2);
        changes
            .flat_map(|pair| {
                [
                    pair[1].start + pair[0].offset,
                    pair[1].start + pair[1].offset,
                ]
            })
            .filter(move |label| (from..to).contains(label))
    }

    /// When the local clock shows `label`.
    pub(crate) fn resolve(&self, label: i64) -> Occurrence {
        if !self.covers(label - DAY, label + DAY) {
            return Self::find(self.zone, label - DAY, label + DAY).resolve(label);
        }
        let mut found = None;
        for (stretch, end) in self.stretches_around(label) {
            let at = label - stretch.offset;
            if stretch.start <= at && at < end {
                match found {
                    None => found = Some(at),
                    Some(earlier) => return Occurrence::Twice { earlier, later: at },
                }
            }
        }
        found.map_or_else(
            || Occurrence::Never {
                next: self.first_reaching(label),
            },
            Occurrence::Once,
        )
    }

    /// The first moment at which the local clock shows `label` or a later one.
    pub(crate) fn first_reaching(&self, label: i64) -> i64 {
        if !self.covers(label - DAY, label + DAY) {
            return Self::find(self.zone, label - DAY, label + DAY).first_reaching(label);
        }
        self.stretches_around(label)
            .map(|(stretch, end)| ((label - stretch.offset).max(stretch.start), end))
            .find(|(at, end)| at < end)
            .map(|(at, _)| at)
            .expect("invariant: no clock is 24 hours or more from UTC")
    }

    /// The stretches of the moments at which the clock may show `label`, each with its end. The
    /// moments before and after the span count as part of the first and the last stretch.
    fn stretches_around(&self, label: i64) -> impl Iterator<Item = (Stretch, i64)> {
        let (first, last) = (self.index(label - DAY), self.index(label + DAY));
        (first..=last).map(|index| {
            let end = self
                .stretches
                .get(index + 1)
                .map_or(i64::MAX, |next| next.start);
            (self.stretches[index], end)
        })
    }

    /// The number of the stretch that `at` lies in.
    fn index(&self, at: i64) -> usize {
        self.stretches
            .partition_point(|stretch| stretch.start <= at)
            .saturating_sub(1)
    }
}

/// The date of a label, in days since 1970-01-01.
pub(crate) fn day_of(label: i64) -> i64 {
    label.div_euclid(DAY)
}

/// The date `day` days after 1970-01-01, where chrono has it.
pub(crate) fn date(day: i64) -> Option<NaiveDate> {
    NaiveDate::from_epoch_days(i32::try_from(day).ok()?)
}

/// Days from 1970-01-01 to `date`.
pub(crate) fn day(date: NaiveDate) -> i64 {
    i64::from(date.to_epoch_days())
}

/// Months from January 1970 to the month of `date`.
pub(crate) fn month(date: NaiveDate) -> i64 {
    (i64::from(date.year()) - 1970) * 12 + i64::from(date.month0())
}

/// The first day of the month `month` months after January 1970, where chrono has it.
pub(crate) fn first_of_month(month: i64) -> Option<i64> {
    let year = i32::try_from(1970 + month.div_euclid(12)).ok()?;
    let month = u32::try_from(month.rem_euclid(12) + 1).ok()?;
    NaiveDate::from_ymd_opt(year, month, 1).map(day)
}

/// `from` minus a lag of days, weeks, months or years; a day that the target month does not have is
/// its last day. `None` before the calendar begins, and for hours, which do not move a date.
pub(crate) fn day_before(from: i64, lag: Lag) -> Option<i64> {
    let count = lag.count();
    let months_before = |months| date(from)?.checked_sub_months(Months::new(months)).map(day);
    match lag.unit() {
        LagUnit::Hours => None,
        LagUnit::Days => from.checked_sub(i64::from(count)),
        LagUnit::Weeks => from.checked_sub(7 * i64::from(count)),
        LagUnit::Months => months_before(count),
        LagUnit::Years => months_before(count.checked_mul(12)?),
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::TZ_VARIANTS;
    use jiff::Timestamp;
    use jiff::tz::TimeZone;

    use super::*;

    /// 1970-01-01 and 2037-01-01.
    const YEARS: (i64, i64) = (0, 2_114_380_800_000);

    #[test]
    fn every_clock_change_of_every_zone_is_found() {
        let (mut found, mut other_edition) = (0, 0);
        for tz in TZ_VARIANTS {
            let (zone, Ok(oracle)) = (Zone::from(tz), TimeZone::get(tz.name())) else {
                continue;
            };
            let changes: Vec<Change> = Offsets::find(zone, YEARS.0, YEARS.1).changes().collect();
            let offset = |at| {
                let at = Timestamp::from_millisecond(at).unwrap();
                i64::from(oracle.to_offset(at).seconds()) * 1000
            };
            for transition in oracle.following(Timestamp::UNIX_EPOCH) {
                let at = transition.timestamp().as_millisecond();
                if at >= YEARS.1 {
                    break;
                }
                let change = Change {
                    at,
                    before: offset(at - 1),
                    after: offset(at),
                };
                if change.before == change.after {
                    continue; // another name for the same offset
                }
                if changes.contains(&change) {
                    found += 1;
                } else {
                    let same = zone.offset_at(at - 1) == change.before
                        && zone.offset_at(at) == change.after;
                    assert!(!same, "{zone} has an unseen {change:?}");
                    other_edition += 1;
                }
            }
        }
        assert!(found > 20_000, "{found}");
        assert!(other_edition * 50 < found, "{other_edition} of {found}");
    }

    #[test]
    fn no_clock_is_a_day_from_utc() {
        for tz in TZ_VARIANTS {
            let zone = Zone::from(tz);
            let all = Offsets::find(zone, -5_000_000_000_000, YEARS.1);
            assert!(
                all.stretches
                    .iter()
                    .all(|stretch| stretch.offset.abs() < DAY),
                "{zone}"
            );
        }
    }

    #[test]
    fn a_month_lag_meets_the_last_day_where_a_month_is_shorter() {
        let on = |year, month, date| day(NaiveDate::from_ymd_opt(year, month, date).unwrap());
        let lag = |text: &str| text.parse::<Lag>().unwrap();
        for (from, back, to) in [
            (on(2021, 3, 31), "1mo", on(2021, 2, 28)),
            (on(2020, 3, 31), "1mo", on(2020, 2, 29)),
            (on(2020, 2, 29), "1mo", on(2020, 1, 29)),
            (on(2020, 2, 29), "1y", on(2019, 2, 28)),
            (on(2020, 2, 29), "4y", on(2016, 2, 29)),
            (on(2020, 1, 31), "2mo", on(2019, 11, 30)),
            (on(2020, 3, 1), "1d", on(2020, 2, 29)),
            (on(2020, 3, 1), "1w", on(2020, 2, 23)),
        ] {
            assert_eq!(day_before(from, lag(back)), Some(to), "{back}");
        }
        assert_eq!(day_before(0, lag("4294967295y")), None);
    }
}
