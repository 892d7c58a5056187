//! One slice, drawn: a panel for each of its rules over one axis of time.

use std::fmt::Write;

use tuatara::frame::{Interval, Zone};
use tuatara::{Report, SliceReport};

use crate::Clock;
use crate::dates::{Tick, moved, ticks};
use crate::panel::{Across, LEFT, Panel, WIDTH};
use crate::span::{Found, incidents, tints};
use crate::style::{CHART, PATTERNS};
use crate::text::Escaped;

/// The width of a picture in drawing units.
pub(crate) const FULL: f64 = LEFT + WIDTH + 22.0;
/// Room for the name of a rule.
const NAME: f64 = 22.0;
/// Room for dates below the last panel.
const DATES: f64 = 36.0;
/// Panels of a page that are drawn as fine as one alone.
const FINE: usize = 20;
/// How many times as wide columns of drawings are at most.
const COARSEST: f64 = 6.0;
/// Dates at most.
const MOST_DATES: usize = 11;
/// How far the words below two dates stand apart at least.
const BETWEEN_DATES: f64 = 76.0;

/// One slice with its rules.
#[derive(Debug)]
pub(crate) struct Chart<'r> {
    pub(crate) slice: &'r SliceReport,
    pub(crate) panels: Vec<Panel<'r>>,
    /// As that of [`Across`].
    pub(crate) coarse: f64,
}

impl<'r> Chart<'r> {
    pub(crate) fn new(
        slice: &'r SliceReport,
        found: &Found<'r>,
        clock: &Clock,
        span: Interval,
        labelled: &[Interval],
    ) -> Self {
        let panel = |rule: &'r tuatara::RuleReport| {
            let spans = found.spans(slice.key(), rule, clock);
            let mut tints = tints(rule, span);
            tints.extend(incidents(labelled, span, clock));
            Panel::new(rule.name(), rule.rows().collect(), spans, tints)
        };
        Self {
            slice,
            panels: slice.rules().iter().map(panel).collect(),
            coarse: 1.0,
        }
    }

    /// The same on a page with `panels` panels.
    pub(crate) fn among(mut self, panels: usize) -> Self {
        self.coarse = (panels as f64 / FINE as f64).clamp(1.0, COARSEST);
        self
    }

    /// How high the plot of each rule is.
    fn height(&self) -> f64 {
        match self.panels.len() {
            0 | 1 => 230.0,
            2 => 160.0,
            _ => 120.0,
        }
    }

    /// Draws it over `span`; `own` pictures bring colours, a name and patterns with them.
    pub(crate) fn svg(&self, span: Interval, zone: Zone, own: bool) -> String {
        let across = Across {
            span,
            coarse: self.coarse,
        };
        let dates = ticks(span, zone, MOST_DATES);
        let heading = if own { 24.0 } else { 0.0 };
        let each = NAME + self.height();
        let bottom = heading + each * self.panels.len() as f64;
        let full = bottom + DATES;
        let name = self.slice.key().to_string();
        let about = format!("{name}, times in {}", zone.name());
        let mut out = String::new();
        let space = if own {
            " xmlns=\"http://www.w3.org/2000/svg\""
        } else {
            ""
        };
        let _ = writeln!(
            out,
            "<svg{space} class=\"chart\" viewBox=\"0 0 {FULL} {full}\" role=\"group\" \
             aria-label=\"{}\">",
            Escaped(&about)
        );
        if own {
            let _ = write!(
                out,
                "<title>{about}</title>\n<style>{CHART}</style>\n{PATTERNS}\n\
                 <rect class=\"sheet\" width=\"{FULL}\" height=\"{full}\"/>\n\
                 <text class=\"heading\" x=\"{LEFT}\" y=\"17\">{name}</text>\n",
                about = Escaped(&about),
                name = Escaped(&name),
            );
        }
        let _ = writeln!(
            out,
            "<text class=\"zone\" x=\"{}\" y=\"{}\">times in {}</text>",
            LEFT + WIDTH,
            heading + NAME - 7.0,
            Escaped(zone.name())
        );
        for (at, panel) in self.panels.iter().enumerate() {
            let top = heading + each * at as f64 + NAME;
            out.push_str(&panel.draw(across, top, self.height(), &dates));
        }
        out.push_str(&below(&dates, across, bottom));
        out.push_str("</svg>\n");
        out
    }
}

/// The dates below the last panel.
pub(crate) fn below(dates: &[Tick], across: Across, top: f64) -> String {
    let mut out = String::new();
    let _ = write!(
        out,
        "<g class=\"dates\" transform=\"translate({LEFT} {top})\">"
    );
    let place = |tick: &Tick| across.at(tick.at.millis() as f64);
    for (i, tick) in dates.iter().enumerate() {
        let x = place(tick);
        let by = moved(x, WIDTH, &tick.label);
        let _ = write!(out, "<text x=\"{x:.1}\"{by} y=\"15\">{}</text>", tick.label);
        // The first says what holds from before; another right behind it says it better.
        let behind = dates[i + 1..].iter().find(|next| next.within.is_some());
        let is_crowded = behind.is_some_and(|next| place(next) - x < BETWEEN_DATES);
        if let Some(within) = tick.within.as_ref().filter(|_| i > 0 || !is_crowded) {
            let by = moved(x, WIDTH, within);
            let _ = write!(
                out,
                "<text class=\"within\" x=\"{x:.1}\"{by} y=\"29\">{within}</text>"
            );
        }
    }
    out.push_str("</g>\n");
    out
}

/// The time that is drawn: the interval of the run, and buckets that begin before it.
pub(crate) fn span_of(report: &Report) -> Interval {
    let whole = report.interval();
    let rules = report.slices().iter().flat_map(|slice| slice.rules());
    let first = rules
        .filter_map(|rule| Some(rule.rows().next()?.0.start()))
        .min();
    let start = first.map_or(whole.start(), |first| first.min(whole.start()));
    Interval::new(start, whole.end()).expect("invariant: a run ends no earlier than it starts")
}
