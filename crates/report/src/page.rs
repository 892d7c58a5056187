//! The page: one HTML file with everything in it.

mod parts;
mod words;

use std::collections::BTreeMap;
use std::fmt::Write;

use rayon::prelude::*;
use tuatara::core::Severity;
use tuatara::frame::{Interval, SliceKey, Zone};
use tuatara::{Report, Result, SliceReport};

pub use parts::Parts;

use crate::Clock;
use crate::chart::{Chart, span_of};
use crate::columns::{columns, share};
use crate::dates::offsets;
use crate::incidents::incidents;
use crate::internals::internals;
use crate::overview::{Leads, overview};
use crate::rank::{Ranked, foremost, ranked};
use crate::span::{Found, LISTED, State};
use crate::style::{CHART, PAGE, PATTERNS, SCRIPT, START};
use crate::table::{Lines, ask, became, trace};
use crate::terminal::{Ink, Listing, terminal};
use crate::text::{Escaped, counted, json_string};

/// Series that are drawn unless another number is asked for.
pub const SERIES: usize = 20;
/// Anomalies whose trace a page has.
pub(crate) const TRACED: usize = 60;
/// Lanes of the overview at most.
const LANES: usize = 1_000;
/// Slices without an anomaly have lanes up to this number of slices.
const ALL_LANES: usize = 60;

/// A report as a page: one self-contained HTML file, the same bytes for the same report.
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
/// let spec = "
/// detectionName: orders drop
/// metric: orders
/// rules:
///   - detection:
///       - { name: week, type: PERCENTAGE_RULE, params: { offset: wo1w, percentageChange: 0.3 } }
/// ";
/// let detection = Detection::from_yaml(spec)?;
/// let report = detection.run(&frame, detection.extent(&frame)?)?;
/// let html = Page::of(&report).spec(spec).html()?;
/// assert!(html.contains("60 is 40.0 % below the expected 100"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Page<'r> {
    report: &'r Report,
    zone: Option<Zone>,
    spec: Option<String>,
    series: usize,
    labelled: BTreeMap<SliceKey, Vec<Interval>>,
    ids: String,
}

impl<'r> Page<'r> {
    /// The page of `report`.
    pub fn of(report: &'r Report) -> Self {
        Self {
            report,
            zone: None,
            spec: None,
            series: SERIES,
            labelled: BTreeMap::new(),
            ids: String::new(),
        }
    }

    /// Shows the text of the specification as it was written.
    #[must_use]
    pub fn spec(mut self, text: impl Into<String>) -> Self {
        // As it is shown: lines end in one way.
        self.spec = Some(text.into().replace("\r\n", "\n").replace('\r', "\n"));
        self
    }

    /// Shows times by the clock of `zone`, and not by that of the first rule.
    #[must_use]
    pub fn zone(mut self, zone: Zone) -> Self {
        self.zone = Some(zone);
        self
    }

    /// Draws `count` series at most, those with the gravest anomalies first; 20 by default. The
    /// page says which are left out.
    #[must_use]
    pub fn series(mut self, count: usize) -> Self {
        self.series = count;
        self
    }

    /// Outlines what is known to have been an incident, by slice.
    #[must_use]
    pub fn labelled(mut self, incidents: BTreeMap<SliceKey, Vec<Interval>>) -> Self {
        self.labelled = incidents;
        self
    }

    /// In a document with the [`parts`](Self::parts) of several reports, which of them this is: the names of
    /// its elements begin with its number, as in `p1-a3`, so that no other has them.
    #[must_use]
    pub fn among(mut self, number: usize) -> Self {
        self.ids = format!("p{number}-");
        self
    }

    /// A picture of one slice: SVG with everything in it.
    ///
    /// # Errors
    /// [`UnknownSlice`](tuatara::Error::UnknownSlice) when the run did not look at `slice`.
    pub fn svg(&self, slice: &SliceKey) -> Result<String> {
        let clock = Clock::of(self.report, self.zone);
        let span = span_of(self.report);
        let slice = self.report.slice(slice)?;
        let chart = self.chart(slice, &Found::of(self.report), &clock, span);
        Ok(chart.svg(span, clock.zone, true))
    }

    fn chart(
        &self,
        slice: &'r SliceReport,
        found: &Found<'r>,
        clock: &Clock,
        span: Interval,
    ) -> Chart<'r> {
        let labelled = self.labelled.get(slice.key());
        let labelled = labelled.map_or(&[][..], Vec::as_slice);
        Chart::new(slice, found, clock, span, labelled)
    }

    /// What was found, drawn with characters, and listed.
    pub fn terminal(&self, ink: Ink) -> String {
        self.characters(ink, Listing::Below)
    }

    /// Charts of characters of those series on which something was found, for whoever lists it
    /// otherwise; nothing where there are none.
    pub fn charts(&self, ink: Ink) -> String {
        self.characters(ink, Listing::Elsewhere)
    }

    fn characters(&self, ink: Ink, listing: Listing) -> String {
        let (report, clock) = (self.report, Clock::of(self.report, self.zone));
        terminal(report, &clock, span_of(report), self.series, ink, listing)
    }

    /// The page.
    ///
    /// # Errors
    /// When a detector or filter refuses to explain what it took before.
    pub fn html(&self) -> Result<String> {
        Drawing::of(self).html()
    }
}

/// Whether a series has more points than are embedded.
fn out_of_room(drawn: &[Ranked<'_>], most: usize) -> bool {
    let mut rules = drawn.iter().flat_map(|one| one.slice.rules());
    rules.any(|rule| rule.row(most).is_some())
}

/// What all parts of a page go by.
struct Drawing<'p, 'r> {
    page: &'p Page<'r>,
    report: &'r Report,
    clock: Clock,
    span: Interval,
    /// Those that are drawn first.
    ranked: Vec<Ranked<'r>>,
    /// How many are drawn at most.
    most: usize,
    /// What names of elements begin with.
    ids: &'p str,
}

impl<'p, 'r> Drawing<'p, 'r> {
    fn of(page: &'p Page<'r>) -> Self {
        let report = page.report;
        Self {
            page,
            report,
            clock: Clock::of(report, page.zone),
            span: span_of(report),
            ranked: ranked(report),
            most: page.series,
            ids: "",
        }
    }

    /// The slices that are drawn.
    fn drawn(&self) -> &[Ranked<'r>] {
        &self.ranked[..self.ranked.len().min(self.most)]
    }

    fn html(&self) -> Result<String> {
        let detection = self.report.detection();
        let name = Escaped(detection.name());
        let places = Found::of(self.report);
        let series = self.series(&places)?;
        let overview = if self.ranked.len() > 1 {
            self.overview(&places)
        } else {
            String::new()
        };
        let found = self.found()?;
        let mut out = String::new();
        let _ = write!(
            out,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
             style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n\
             <title>{name}</title>\n<style>\n{CHART}{PAGE}</style>\n</head>\n<body>\n\
             <svg width=\"0\" height=\"0\" class=\"patterns\" aria-hidden=\"true\">\n{PATTERNS}</svg>\n"
        );
        out.push_str(&self.header());
        out.push_str("<main>\n");
        out.push_str(&incidents(self.report, &places, &self.clock));
        out.push_str(&overview);
        // What is one series is seen first; of many, what was found.
        match self.ranked.len() {
            1 => out.extend([series.0, found]),
            _ => out.extend([found, series.0]),
        }
        out.push_str(&self.removed());
        out.push_str(&self.spec());
        out.push_str("</main>\n");
        out.push_str(&self.footer());
        let _ = write!(
            out,
            "<script type=\"application/json\" id=\"data\">{}</script>\n<script>\n{SCRIPT}{START}</script>\n\
             </body>\n</html>\n",
            self.numbers(&series.1)
        );
        Ok(out)
    }

    /// What a script reads, as JSON; `charts` are the columns of those that are drawn.
    fn numbers(&self, charts: &str) -> String {
        let changes: Vec<String> = offsets(self.span, self.clock.zone)
            .into_iter()
            .map(|(at, offset)| format!("[{at},{offset}]"))
            .collect();
        format!(
            "{{\"from\":{},\"to\":{},\"zone\":{},\"civil\":{},\"offsets\":[{}],\"charts\":[{charts}]}}",
            self.span.start().millis(),
            self.span.end().millis(),
            json_string(self.clock.zone.name()),
            self.clock.granularity.is_civil(),
            changes.join(","),
        )
    }

    fn overview(&self, places: &Found<'_>) -> String {
        let has_any = |one: &&Ranked<'_>| !(one.anomalies.is_empty() && one.removed.is_empty());
        let all = self.ranked.len() <= ALL_LANES;
        let lanes = self.ranked.iter().filter(|one| all || has_any(one));
        let lanes: Vec<&Ranked<'_>> = lanes.take(LANES).collect();
        let drawn = self.drawn().len();
        let mut out = String::from("<section id=\"overview\">\n<h2>All series</h2>\n");
        if !lanes.is_empty() {
            let picture = overview(
                self.report,
                &lanes,
                (Leads::ToCharts(drawn), places),
                (self.span, self.clock.zone),
                &self.clock,
            );
            let _ = write!(
                out,
                "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"All series\">\n\
                 {picture}</div>\n"
            );
        }
        let left = &self.ranked[lanes.len()..];
        if !left.is_empty() {
            let quiet = left.iter().filter(|one| one.anomalies.is_empty()).count();
            let said = match left.len() - quiet {
                0 => format!(
                    "{} without an anomaly",
                    counted(left.len(), "series", "series")
                ),
                more => format!("{} more, {more} of them with anomalies", left.len()),
            };
            let _ = write!(out, "<details class=\"left\"><summary>{said}</summary><p>");
            let names: Vec<String> = left.iter().map(|one| one.slice.key().to_string()).collect();
            let _ = writeln!(out, "{}</p></details>", Escaped(&names.join(" · ")));
        }
        out.push_str("</section>\n");
        out
    }

    fn lines(&self) -> Lines<'_> {
        let all = self.report.anomalies().iter();
        let mut all = all.chain(self.report.removed());
        Lines {
            clock: &self.clock,
            names: self.ranked.len() > 1,
            severities: all.any(|anomaly| anomaly.severity != Severity::Default),
        }
    }

    /// The chart that an anomaly is drawn in, `at` being its position among those that `of` gives of a
    /// series: several parts may look at one slice.
    fn chart_of(
        &self,
        at: usize,
        of: impl for<'o> Fn(&'o Ranked<'r>) -> &'o [usize],
    ) -> Option<String> {
        let mut drawn = self.drawn().iter();
        // In the order of the report.
        let number = drawn.position(|one| of(one).binary_search(&at).is_ok());
        number.map(|number| format!("s{number}"))
    }

    fn found(&self) -> Result<String> {
        let anomalies = self.report.anomalies();
        if anomalies.is_empty() {
            return Ok(String::new());
        }
        let listed = foremost(anomalies, LISTED);
        let traced = foremost(anomalies, TRACED);
        let lines = self.lines();
        let line = |&at: &usize| -> Result<String> {
            let anomaly = &anomalies[at];
            let trace = match traced.binary_search(&at) {
                Ok(_) => trace(self.report, anomaly)?,
                Err(_) => ask(&anomaly.slice, anomaly),
            };
            let chart = self.chart_of(at, |one| &one.anomalies);
            let state = State::of(anomaly).class();
            Ok(lines.line(anomaly, &format!("a{at}"), chart.as_deref(), state, &trace))
        };
        let rows: Vec<String> = listed.par_iter().map(line).collect::<Result<_>>()?;
        let mut out = String::from("<section id=\"found\">\n<h2>What was found</h2>\n");
        if listed.len() < anomalies.len() {
            let _ = writeln!(
                out,
                "<p class=\"limit\">The {} gravest of {} anomalies are listed, by severity and score; \
                 <code>tuatara detect --format csv</code> writes all, and <code>tuatara explain SPEC DATA --at \
                 TIME --slice SLICE</code> tells what led to one that is drawn and not listed.</p>",
                listed.len(),
                anomalies.len()
            );
        }
        out.push_str(&lines.table(&rows.concat()));
        out.push_str("</section>\n");
        Ok(out)
    }

    fn removed(&self) -> String {
        let removed = self.report.removed();
        if removed.is_empty() {
            return String::new();
        }
        let listed = foremost(removed, LISTED);
        let lines = self.lines();
        let mut out = format!(
            "<section id=\"removed\">\n<details><summary><h2>Removed by filters ({})</h2></summary>\n",
            removed.len()
        );
        let by: Vec<String> = self
            .report
            .removed_by()
            .into_iter()
            .map(|(filter, count)| format!("{filter} removed {count}"))
            .collect();
        let _ = writeln!(out, "<p class=\"limit\">{}.", Escaped(&by.join(", ")));
        if listed.len() < removed.len() {
            let _ = writeln!(
                out,
                "The {} with the highest scores are listed.",
                listed.len()
            );
        }
        let rows = listed.into_iter().map(|at| {
            let anomaly = &removed[at];
            let chart = self.chart_of(at, |one| &one.removed);
            let told = became(anomaly);
            let target = format!("r{at}");
            lines.line(anomaly, &target, chart.as_deref(), "removed", &told)
        });
        let _ = writeln!(
            out,
            "</p>\n{}</details>\n</section>",
            lines.table(&rows.collect::<String>())
        );
        out
    }

    /// The drawn series, and their points.
    fn series(&self, found: &Found<'r>) -> Result<(String, String)> {
        let drawn = self.drawn();
        let panels: usize = drawn.iter().map(|one| one.slice.rules().len()).sum();
        let most = share(panels);
        let figures = drawn.par_iter().enumerate().map(|(at, one)| {
            let chart = self.page.chart(one.slice, found, &self.clock, self.span);
            let chart = chart.among(panels);
            let own = internals(self.report, &chart, (self.span, self.clock.zone))?;
            Ok((
                self.figure(at, one, &chart, own, most),
                columns(&chart, most),
            ))
        });
        let figures: Vec<(String, String)> = figures.collect::<Result<_>>()?;
        let mut out = String::from("<section id=\"series\">\n");
        out.push_str(match self.ranked.len() {
            1 => "",
            _ => "<h2>Series</h2>\n",
        });
        out.push_str(&self.legend());
        if out_of_room(drawn, most) {
            out.push_str(
                "<p class=\"limit\">Drawings keep the lowest and the highest point of each column. Where a \
                 series is reduced, zooming shows the lowest and the highest of each stretch, gaps, and what \
                 was flagged with what lies around it; <code>tuatara points</code> writes all.</p>\n",
            );
        }
        let left = self.ranked.len() - drawn.len();
        if left > 0 {
            let quiet = self.ranked[drawn.len()..].iter();
            let with = quiet.filter(|one| !one.anomalies.is_empty()).count();
            let _ = writeln!(
                out,
                "<p class=\"limit\">{} of {} series are drawn, those with the gravest anomalies first; \
                 {left} are not, {with} of them with anomalies. <code>--series {}</code> draws all.</p>",
                drawn.len(),
                self.ranked.len(),
                self.ranked.len()
            );
        }
        let (figures, columns): (Vec<String>, Vec<String>) = figures.into_iter().unzip();
        out.push_str(&figures.concat());
        out.push_str("</section>\n");
        Ok((out, columns.join(",\n")))
    }

    fn figure(
        &self,
        at: usize,
        one: &Ranked<'_>,
        chart: &Chart<'_>,
        own: Option<String>,
        most: usize,
    ) -> String {
        let name = one.slice.key().to_string();
        let part = match self.report.detection().parts() {
            [_] => String::new(),
            parts => format!(
                " <small>{}</small>",
                Escaped(parts[one.slice.part()].name())
            ),
        };
        let mut said = match one.anomalies.len() {
            0 => "no anomaly".to_owned(),
            count => counted(count, "anomaly", "anomalies"),
        };
        if one.suppressed > 0 {
            let _ = write!(said, ", {} suppressed", one.suppressed);
        }
        if !one.removed.is_empty() {
            let _ = write!(said, ", {} removed by filters", one.removed.len());
        }
        let mut out = format!(
            "<figure class=\"series\" id=\"{ids}s{at}\" data-chart=\"{at}\">\n<figcaption><h3>{}{part}</h3>\
             <span class=\"count\">{said}</span><span class=\"tools\" hidden></span></figcaption>\n\
             <div class=\"stage\" tabindex=\"0\" role=\"group\" aria-label=\"{0}: arrow keys move, plus and \
             minus zoom, 0 shows all, n and p choose an anomaly\">\n{}</div>\n",
            Escaped(&name),
            chart.svg(self.span, self.clock.zone, false),
            ids = self.ids,
        );
        let reduced = chart.panels.iter().map(|panel| panel.rows.len()).max();
        if let Some(rows) = reduced.filter(|&rows| rows > most) {
            let _ = writeln!(
                out,
                "<p class=\"reduced\">Reduced: about {most} of {rows} points are on this page.</p>"
            );
        }
        out.push_str("<div class=\"told\" aria-live=\"polite\" hidden></div>\n");
        if let Some(own) = own {
            let _ = writeln!(
                out,
                "<details class=\"own\"><summary>What the detectors see</summary>\n{own}</details>"
            );
        }
        out.push_str("</figure>\n");
        out
    }
}
