//! What a forecaster expects of a window, to be judged more than once.

use tuatara_frame::SeriesView;

use crate::{Detail, DetectError, Evaluation, Forecast, Forecaster, Judge, Memo, Result, Window};

/// What a forecaster expects of the buckets of a window, the factors of events in it: a setting of
/// the judge is turned without a model being fitted anew.
///
/// ```
/// # use tuatara_core::{DetectError, Forecast, Forecaster, Lookback, Memo, Result};
/// # use tuatara_frame::SeriesView;
/// use tuatara_core::{Evaluation, Expectations, Judge, Pattern, Window};
/// use tuatara_frame::{Instant, Interval, Series, TimeAxis, Zone};
/// # /// Ten, always.
/// # #[derive(Debug)]
/// # struct Ten;
/// # impl Forecaster for Ten {
/// #     fn lookback(&self, _: &TimeAxis) -> Result<Lookback> { Ok(Lookback::NONE) }
/// #     fn forecast(&self, _: SeriesView<'_>, window: Window, _: &mut Memo, out: &mut Forecast) -> Result<()> {
/// #         out.columns_without_width(window.len()).expected.fill(10.0);
/// #         Ok(())
/// #     }
/// # }
///
/// let hour = |h: i64| Instant::from_millis(h * 3_600_000);
/// let axis = TimeAxis::covering("PT1H".parse()?, Zone::UTC, Interval::new(hour(0)?, hour(2)?)?)?;
/// let series = Series::new(axis, vec![10.0, 8.0])?;
/// let all = Window::whole(series.axis());
/// let expectations = Expectations::of(&Ten, series.view(), all)?;
///
/// let mut flagged = |fraction| -> Result<usize> {
///     let judge = Judge::new(Pattern::Down).with_min_rel(fraction)?;
///     let mut rows = Evaluation::default();
///     expectations.judge(&judge, series.view(), &mut rows)?;
///     Ok(rows.verdict().iter().filter(|verdict| verdict.is_anomalous()).count())
/// };
/// assert_eq!((flagged(0.1)?, flagged(0.3)?), (1, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Expectations {
    window: Window,
    /// The number of the first bucket of the window on the absolute grid.
    first: i64,
    forecast: Forecast,
}

impl Expectations {
    /// What `forecaster` expects of the buckets of `window` on the axis of `series`.
    ///
    /// # Errors
    /// When the request cannot be meant, for instance a window beyond the axis.
    pub fn of(forecaster: &dyn Forecaster, series: SeriesView<'_>, window: Window) -> Result<Self> {
        let memo = &mut Memo::default();
        let forecast = forecast(forecaster, series, window, memo)?;
        let first = number(series, window.start());
        Ok(Self {
            window,
            first,
            forecast,
        })
    }

    /// The same as [`of`](Self::of), where `known` is what `forecaster` expected of the same series on
    /// another stretch of its grid: what the two windows have in common before bucket `until` is taken
    /// over, and the forecaster is asked for the rest alone. By Law 1 not a bit differs, as long as
    /// `known` and `until` are such that the same was known of the buckets that are taken over, and of
    /// the lookback before them. The second part of the answer says whether nothing was left to ask for.
    ///
    /// # Errors
    /// As [`of`](Self::of).
    pub fn of_rest(
        forecaster: &dyn Forecaster,
        series: SeriesView<'_>,
        window: Window,
        known: &Self,
        until: usize,
    ) -> Result<(Self, bool)> {
        window.check(series.len())?;
        let position = |number: i64| {
            let at = number.saturating_sub(series.axis().ordinal());
            usize::try_from(at).unwrap_or(0)
        };
        let known_end = known
            .first
            .saturating_add_unsigned(known.window.len() as u64);
        let from = position(known.first).max(window.start());
        let end = position(known_end).min(until).min(window.end());
        if from >= end {
            return Ok((Self::of(forecaster, series, window)?, false));
        }
        let first = number(series, window.start());
        let row = (number(series, from) - known.first).unsigned_abs() as usize;
        let memo = &mut Memo::default();
        let mut all = Forecast::new(Detail::Columns);
        for (part, known_rows) in [
            (window.start()..from, None),
            (from..end, Some(row..row + (end - from))),
            (end..window.end(), None),
        ] {
            match known_rows {
                _ if part.is_empty() => {}
                Some(rows) => all.append(&known.forecast, rows),
                None => {
                    let part = Window::new(series.axis(), part.start, part.end)?;
                    let asked = forecast(forecaster, series, part, memo)?;
                    all.append(&asked, 0..part.len());
                }
            }
        }
        let is_all = (from, end) == (window.start(), window.end());
        let known = Self {
            window,
            first,
            forecast: all,
        };
        Ok((known, is_all))
    }

    /// Judges them by `judge` and fills the columns of `out`, one row per bucket of the window: the
    /// same rows as those of [`Judged`](crate::Judged) by the two. `series` is the one that they are
    /// of. There are no internals and no facts, whatever the detail of `out`.
    ///
    /// # Errors
    /// [`DetectError::Window`] when the window does not lie on the axis of `series`.
    pub fn judge(&self, judge: &Judge, series: SeriesView<'_>, out: &mut Evaluation) -> Result<()> {
        self.window.check(series.len())?;
        let mut columns = out.columns(self.window.len());
        judge.fill(series, self.window, &self.forecast, &mut columns);
        let levels = self.forecast.new_levels();
        columns.new_levels.append(levels, 0..self.window.len(), 0);
        Ok(())
    }

    /// The buckets that they are of.
    pub fn window(&self) -> Window {
        self.window
    }
}

/// The number of bucket `i` on the absolute grid.
fn number(series: SeriesView<'_>, i: usize) -> i64 {
    series.axis().ordinal().saturating_add_unsigned(i as u64)
}

fn forecast(
    forecaster: &dyn Forecaster,
    series: SeriesView<'_>,
    window: Window,
    memo: &mut Memo,
) -> Result<Forecast> {
    window.check(series.len())?;
    let mut forecast = Forecast::new(Detail::Columns);
    forecaster.forecast(series, window, memo, &mut forecast)?;
    DetectError::check_rows(forecast.len(), window.len())?;
    forecast.heed_events(series, window);
    Ok(forecast)
}

#[cfg(test)]
mod tests {
    use tuatara_frame::{Instant, Interval, Series, TimeAxis, Zone};

    use super::*;
    use crate::{BLOCK, Detector, Judged, Lookback, NewLevel, Pattern, Readiness, Shift};

    /// Expects the value of the bucket before, adopts a level with every fourth hour, and counts how often
    /// it is asked.
    #[derive(Debug, Default)]
    struct Before(std::sync::atomic::AtomicUsize);

    impl Forecaster for Before {
        fn lookback(&self, _: &TimeAxis) -> Result<Lookback> {
            Ok(Lookback::buckets(1))
        }

        fn forecast(
            &self,
            series: SeriesView<'_>,
            window: Window,
            _: &mut Memo,
            out: &mut Forecast,
        ) -> Result<()> {
            let columns = out.columns(window.len());
            for (row, i) in window.range().enumerate() {
                self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                columns.width[row] = 1.0;
                columns.expected[row] = f64::NAN;
                let hour = series.axis().start(i).millis() / 3_600_000;
                if hour % 4 == 0 {
                    let shift = Shift::By(hour as f64);
                    columns.new_levels.set(row, NewLevel { buckets: 1, shift });
                }
                match i.checked_sub(1) {
                    Some(before) => columns.expected[row] = series.values()[before],
                    None => columns
                        .unready
                        .set(row, Readiness::WarmingUp { have: 0, need: 1 }),
                }
            }
            Ok(())
        }
    }

    /// Values 10, 11, 12, … of hours `from..to`: hour 0 is worth 10.
    fn hours(from: i64, to: i64) -> Series {
        let hour = |h: i64| Instant::from_millis(h * 3_600_000).unwrap();
        let span = Interval::new(hour(from), hour(to)).unwrap();
        let axis = TimeAxis::covering("PT1H".parse().unwrap(), Zone::UTC, span).unwrap();
        Series::new(axis, (from..to).map(|h| 10.0 + h as f64).collect()).unwrap()
    }

    fn rows(expectations: &Expectations, series: &Series) -> Vec<String> {
        let judge = Judge::new(Pattern::UpOrDown).with_factor(1.0).unwrap();
        let mut rows = Evaluation::default();
        expectations
            .judge(&judge, series.view(), &mut rows)
            .unwrap();
        let levels = rows.new_levels().iter().map(|found| format!("{found:?}"));
        rows.rows()
            .map(|row| format!("{:?} {:?}", row.expected, row.verdict))
            .chain(levels)
            .collect()
    }

    /// From hour 3 on over more than one block: hour 4 is row 1, and so on.
    #[test]
    fn levels_keep_their_rows_over_blocks_in_every_detail() {
        let series = hours(0, BLOCK as i64 + 12);
        let window = Window::new(series.axis(), 3, series.len()).unwrap();
        let judge = Judge::new(Pattern::UpOrDown).with_factor(1.0).unwrap();
        let wanted: Vec<usize> = (1..window.len()).step_by(4).collect();
        for detail in [Detail::Columns, Detail::Trace] {
            let mut out = Evaluation::new(detail);
            let (rule, memo) = (Judged::new(Before::default(), judge), &mut Memo::default());
            rule.evaluate(series.view(), window, memo, &mut out)
                .unwrap();
            let levels = out.new_levels().iter();
            let found: Vec<usize> = levels.clone().map(|(row, _)| row).collect();
            assert_eq!(found, wanted, "{detail:?}");
            let is_its_hour =
                |(row, level): (usize, NewLevel)| level.shift == Shift::By((row + 3) as f64);
            assert!(levels.clone().all(is_its_hour), "{detail:?}");
            drop(levels);
            out.take_back(4..6);
            let left: Vec<usize> = out.new_levels().iter().map(|(row, _)| row).collect();
            assert_eq!((left.len(), left[1]), (wanted.len() - 1, 9), "{detail:?}");
        }
    }

    /// Hours 5, 6 and 7 are known, and 4 to 9 are wanted, of a grid that starts at 2: hours 4, 8 and 9
    /// are asked for, 7, too, where it is not sure, and all where 5 is not.
    #[test]
    fn only_what_is_not_known_is_asked_for() {
        let (short, long) = (hours(4, 9), hours(2, 12));
        let of = |series: &Series, from, to| Window::new(series.axis(), from, to).unwrap();
        let known = Expectations::of(&Before::default(), short.view(), of(&short, 1, 4)).unwrap();
        let window = of(&long, 2, 8);
        let fresh = Expectations::of(&Before::default(), long.view(), window).unwrap();
        for (until, asked) in [(10, 3), (5, 4), (3, 6), (0, 6)] {
            let before = Before::default();
            let view = long.view();
            let rest = Expectations::of_rest(&before, view, window, &known, until).unwrap();
            assert_eq!(before.0.into_inner(), asked, "{until}");
            assert!(!rest.1);
            assert_eq!(rows(&rest.0, &long), rows(&fresh, &long), "{until}");
        }
    }

    #[test]
    fn a_part_of_what_is_known_asks_for_nothing_and_keeps_why_there_is_nothing() {
        let (all, part) = (hours(0, 6), hours(0, 4));
        let of = |series: &Series| Window::whole(series.axis());
        let known = Expectations::of(&Before::default(), all.view(), of(&all)).unwrap();
        let before = Before::default();
        let (rest, is_all) =
            Expectations::of_rest(&before, part.view(), of(&part), &known, 4).unwrap();
        assert!(is_all);
        assert_eq!(before.0.into_inner(), 0);
        let first = "NaN WarmingUp { have: 0, need: 1 }";
        assert_eq!(rows(&rest, &part)[..2], [first, "10.0 Normal"]);
    }
}
