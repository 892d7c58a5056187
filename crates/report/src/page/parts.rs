//! The parts of a page, for a program that has a page of its own.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;
use tuatara::core::Anomaly;
use tuatara::frame::SliceKey;
use tuatara::{Report, Result};

use super::{Drawing, LANES, Page};
use crate::columns::columns;
use crate::internals::internals;
use crate::overview::{Leads, overview};
use crate::rank::{Ranked, foremost_of};
use crate::span::{Found, LISTED, State};
use crate::style::{CHART, PAGE, PATTERNS, SCRIPT};
use crate::table::{Lines, became, trace};

/// What a page is made of, as markup without style or script of its own, and what a script reads.
///
/// A program that shows a report in a page of its own puts [`style`](Self::STYLE) and
/// [`patterns`](Self::PATTERNS) into it once, and with each report the parts into an element, which it
/// gives to the function `tuatara` of the [`script`](Self::SCRIPT) together with the numbers. What
/// comes from data and specifications is escaped.
///
/// ```
/// # use tuatara::Detection;
/// # use tuatara::frame::{Frame, Granularity, Instant, Metric};
/// use tuatara_report::Page;
///
/// # let mut builder = Frame::builder("shop", [Metric::new("orders")]).granularity(Granularity::days());
/// # for day in 0..28_i64 {
/// #     let midnight = Instant::from_millis(1_767_571_200_000 + day * 86_400_000)?;
/// #     builder.row(midnight, &[], &[if day == 24 { 60.0 } else { 100.0 }])?;
/// # }
/// # let frame = builder.build()?;
/// # let detection = Detection::from_yaml("
/// # detectionName: orders drop
/// # metric: orders
/// # rules:
/// #   - detection:
/// #       - { name: week, type: PERCENTAGE_RULE, params: { offset: wo1w, percentageChange: 0.3 } }
/// # ")?;
/// let report = detection.run(&frame, detection.extent(&frame)?)?;
/// let orders = report.slices()[0].key().clone();
/// let page = Page::of(&report);
/// let parts = page.parts(&[orders], 20_000)?;
/// assert!(parts.found.contains("60 is 40.0 % below the expected 100"));
/// assert!(page.trace("a0")?.unwrap().contains("It fired"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parts {
    /// A lane for each slice in the order of the report, the name of each an `a` with `data-slice`;
    /// nothing where there is one alone.
    pub lanes: String,
    /// What the colours mean.
    pub legend: String,
    /// A figure for each slice that is drawn.
    pub charts: String,
    /// A line for each anomaly of the slices that are drawn; nothing where there is none.
    pub found: String,
    /// The same for those that filters removed.
    pub removed: String,
    /// What the script reads, as JSON.
    pub numbers: String,
}

impl Parts {
    /// The style of pages.
    pub const STYLE: [&str; 2] = [CHART, PAGE];
    /// The script of pages: a function `tuatara` of the numbers, the element with the parts, and what is
    /// asked of it beside.
    pub const SCRIPT: &str = SCRIPT;
    /// The definitions of an SVG that has to be on the page for what is hatched.
    pub const PATTERNS: &str = PATTERNS;
}

impl Page<'_> {
    /// The parts of a page on which `slices` are drawn, in that order, with at most about `points`
    /// numbers of each for the script. The detectors' own series and the traces of anomalies are left
    /// out: see [`own`](Self::own) and [`trace`](Self::trace).
    ///
    /// # Errors
    /// [`UnknownSlice`](tuatara::Error::UnknownSlice) when the run did not look at one of them.
    pub fn parts(&self, slices: &[SliceKey], points: usize) -> Result<Parts> {
        for slice in slices {
            self.report.slice(slice)?;
        }
        let mut drawing = Drawing::of(self);
        drawing.ids = &self.ids;
        let rank = |one: &Ranked<'_>| slices.iter().position(|slice| slice == one.slice.key());
        // Those that are drawn come first.
        drawing
            .ranked
            .sort_by_key(|one| rank(one).unwrap_or(usize::MAX));
        drawing.most = drawing.ranked.iter().filter_map(rank).count();
        Ok(drawing.parts(points))
    }

    /// What led to the anomaly whose line is `target` (`a3`, or `r0` of those that were removed, behind the
    /// number of one [`among`](Self::among) several), as markup; none if there is none.
    ///
    /// # Errors
    /// As [`Report::explain`].
    pub fn trace(&self, target: &str) -> Result<Option<String>> {
        let target = target.strip_prefix(&self.ids);
        match target.and_then(|target| named(self.report, target)) {
            Some((anomaly, true)) => trace(self.report, anomaly).map(Some),
            Some((anomaly, false)) => Ok(Some(became(anomaly))),
            None => Ok(None),
        }
    }

    /// What the detectors see of `slice`: a picture of their own series; none where they have none.
    ///
    /// # Errors
    /// [`UnknownSlice`](tuatara::Error::UnknownSlice) when the run did not look at it; when a detector
    /// refuses what it took before.
    pub fn own(&self, slice: &SliceKey) -> Result<Option<String>> {
        let drawing = Drawing::of(self);
        let slice = self.report.slice(slice)?;
        let found = Found::of(self.report);
        let chart = self.chart(slice, &found, &drawing.clock, drawing.span);
        internals(self.report, &chart, (drawing.span, drawing.clock.zone))
    }
}

/// The anomaly of a line, and whether it is kept.
fn named<'r>(report: &'r Report, target: &str) -> Option<(&'r Anomaly, bool)> {
    let (all, is_kept) = match target.as_bytes().first()? {
        b'a' => (report.anomalies(), true),
        b'r' => (report.removed(), false),
        _ => return None,
    };
    let at: usize = target.get(1..)?.parse().ok()?;
    Some((all.get(at)?, is_kept))
}

impl Drawing<'_, '_> {
    fn parts(&self, points: usize) -> Parts {
        let drawn = self.drawn();
        let all = [
            drawn.iter().flat_map(|one| &one.anomalies).collect(),
            drawn.iter().flat_map(|one| &one.removed).collect(),
        ];
        let [kept, removed] = all.map(|positions: BTreeSet<&usize>| {
            let positions = positions.into_iter().copied();
            positions.collect::<Vec<usize>>()
        });
        let (anomalies, gone) = (self.report.anomalies(), self.report.removed());
        let listed = [
            foremost_of(kept, anomalies, LISTED),
            foremost_of(removed, gone, LISTED),
        ];
        let places = Found::listing(self.report, listed.clone(), self.ids);
        let draw = |(at, one): (usize, &Ranked<'_>)| {
            let chart = self.page.chart(one.slice, &places, &self.clock, self.span);
            let figure = self.figure(at, one, &chart, None, points);
            (figure, columns(&chart, points))
        };
        let drawn = drawn.par_iter().enumerate().map(draw);
        let (figures, numbers): (Vec<String>, Vec<String>) = drawn.unzip();
        let [listed, removed] = listed;
        Parts {
            lanes: match self.ranked.len() {
                1 => String::new(),
                _ => self.lanes(&places),
            },
            legend: self.legend(),
            charts: figures.concat(),
            found: self.lines_of(&listed, 'a', anomalies, |at| {
                State::of(&anomalies[at]).class()
            }),
            removed: self.lines_of(&removed, 'r', gone, |_| State::Removed.class()),
            numbers: self.numbers(&numbers.join(",\n")),
        }
    }

    /// All slices, in the order of the report.
    fn lanes(&self, places: &Found<'_>) -> String {
        let mut lanes: Vec<&Ranked<'_>> = self.ranked.iter().collect();
        lanes.sort_by_key(|one| one.at);
        lanes.truncate(LANES);
        overview(
            self.report,
            &lanes,
            (Leads::ToSlices, places),
            (self.span, self.clock.zone),
            &self.clock,
        )
    }

    /// A table of those in `listed`, without what led to them.
    fn lines_of(
        &self,
        listed: &[usize],
        letter: char,
        anomalies: &[Arc<Anomaly>],
        state: impl Fn(usize) -> &'static str,
    ) -> String {
        if listed.is_empty() {
            return String::new();
        }
        let lines = Lines {
            names: self.drawn().len() > 1,
            ..self.lines()
        };
        let line = |&at: &usize| {
            let target = format!("{}{letter}{at}", self.ids);
            lines.line(&anomalies[at], &target, None, state(at), "")
        };
        lines.table(&listed.iter().map(line).collect::<String>())
    }
}
