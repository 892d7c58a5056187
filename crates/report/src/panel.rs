//! One rule of one slice, drawn: value, expectation, band, what was found, what was known.

use std::collections::BTreeMap;
use std::fmt::Write;

use tuatara::core::{Row, Severity};
use tuatara::frame::Interval;

use crate::dates::Tick;
use crate::path::{Point, area, line};
use crate::scale::Range;
use crate::span::{Span, State, Tint, Told, unjudged};
use crate::text::Escaped;

/// The width of a plot in drawing units.
pub(crate) const WIDTH: f64 = 930.0;
/// The room for numbers left of it.
pub(crate) const LEFT: f64 = 58.0;
/// The narrowest span that can be seen and hit.
const NARROWEST: f64 = 3.0;
/// How far two marks stand apart at least, those of anomalies that are told of and others.
const BETWEEN_MARKS: [f64; 2] = [3.0, 6.0];
/// The columns of lines and of areas of which the extremes are drawn where there are many points.
const COLUMN: f64 = 1.0;
const COLUMN_OF_AREAS: f64 = 2.0;
/// The shortest stretch that has room for words.
const WORDS: f64 = 78.0;

/// From instants to drawing units.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Across {
    pub(crate) span: Interval,
    /// How many times as wide as usual the columns are of which the extremes are drawn: 1 but where many
    /// panels share a page.
    pub(crate) coarse: f64,
}

impl Across {
    pub(crate) fn at(self, millis: f64) -> f64 {
        let length = self.span.duration().millis().max(1) as f64;
        (millis - self.span.start().millis() as f64) / length * WIDTH
    }

    /// The left edge and the width of what can be seen of `interval`; at least `narrowest` wide.
    pub(crate) fn stretch(self, interval: Interval, narrowest: f64) -> (f64, f64) {
        let from = self.at(interval.start().millis() as f64).clamp(0.0, WIDTH);
        let to = self.at(interval.end().millis() as f64).clamp(0.0, WIDTH);
        let width = to - from;
        if width >= narrowest {
            return (from, width);
        }
        let middle = (from + to) / 2.0;
        let from = (middle - narrowest / 2.0).clamp(0.0, WIDTH - narrowest);
        (from, narrowest)
    }

    /// The middle of a bucket.
    pub(crate) fn middle(self, bucket: Interval) -> f64 {
        let (start, end) = (bucket.start().millis(), bucket.end().millis());
        self.at(start as f64 + (end - start) as f64 / 2.0)
    }
}

/// One rule of one slice.
#[derive(Debug)]
pub(crate) struct Panel<'r> {
    pub(crate) rule: &'r str,
    pub(crate) rows: Vec<(Interval, Row)>,
    pub(crate) spans: Vec<Span>,
    pub(crate) tints: Vec<Tint>,
    pub(crate) range: Range,
}

impl<'r> Panel<'r> {
    pub(crate) fn new(
        rule: &'r str,
        rows: Vec<(Interval, Row)>,
        spans: Vec<Span>,
        tints: Vec<Tint>,
    ) -> Self {
        let values = rows
            .iter()
            .flat_map(|(_, row)| [row.observed, row.expected]);
        let edges = rows.iter().flat_map(|(_, row)| [row.lower, row.upper]);
        let range = Range::of(values, edges);
        Self {
            rule,
            rows,
            spans,
            tints,
            range,
        }
    }

    fn points(&self, across: Across, height: f64, read: impl Fn(&Row) -> f64) -> Vec<Point> {
        let point = |(bucket, row): &(Interval, Row)| {
            let value = read(row);
            let down = (!value.is_nan()).then(|| self.range.down(value, height));
            (across.middle(*bucket), down)
        };
        self.rows.iter().map(point).collect()
    }

    /// Draws it with its top left corner at (`LEFT`, `top`).
    pub(crate) fn draw(&self, across: Across, top: f64, height: f64, dates: &[Tick]) -> String {
        let mut out = String::new();
        let _ = write!(
            out,
            "<g class=\"panel\" transform=\"translate({LEFT} {top})\" data-height=\"{height}\">\n\
             <text class=\"rule\" y=\"-7\">{}</text>\n",
            Escaped(self.rule)
        );
        let numbers = self.range.ticks(if height < 130.0 { 3 } else { 5 });
        out.push_str("<g class=\"numbers\">");
        for (value, label) in &numbers {
            let down = self.range.down(*value, height) + 3.5;
            let _ = write!(out, "<text x=\"-7\" y=\"{down:.1}\">{label}</text>");
        }
        let _ = write!(
            out,
            "</g>\n<svg class=\"plot\" width=\"{WIDTH}\" height=\"{height}\">\n\
             <rect class=\"paper\" width=\"{WIDTH}\" height=\"{height}\"/>\n"
        );
        self.tint(&mut out, across, height);
        let mut grid = String::new();
        for (value, _) in &numbers {
            let _ = write!(grid, "M0 {:.1}h{WIDTH}", self.range.down(*value, height));
        }
        for tick in dates {
            let x = across.at(tick.at.millis() as f64);
            let _ = write!(grid, "M{x:.1} 0v{height}");
        }
        let _ = writeln!(out, "<path class=\"grid\" d=\"{grid}\"/>");
        self.lines(&mut out, across, height);
        self.words(&mut out, across, height);
        out.push_str("</svg>\n</g>\n");
        out
    }

    /// What the calendar knows, under everything else.
    fn tint(&self, out: &mut String, across: Across, height: f64) {
        for tint in &self.tints {
            let (x, width) = across.stretch(tint.interval, 1.5);
            let _ = writeln!(
                out,
                "<rect class=\"tint {}\" x=\"{x:.1}\" width=\"{width:.1}\" height=\"{height}\">\
                 <title>{}</title></rect>",
                tint.class,
                Escaped(&tint.title)
            );
        }
    }

    fn lines(&self, out: &mut String, across: Across, height: f64) {
        let upper = self.points(across, height, |row| row.upper);
        let lower = self.points(across, height, |row| row.lower);
        let band = |row: &Row| row.upper.is_finite() || row.lower.is_finite();
        if self.rows.iter().any(|(_, row)| band(row)) {
            let d = area(&upper, &lower, WIDTH, COLUMN_OF_AREAS * across.coarse);
            let _ = writeln!(out, "<path class=\"band\" d=\"{d}\"/>");
        }
        self.untold(out, across, height);
        for (span, told) in self.told() {
            let (x, width) = across.stretch(span.interval, NARROWEST);
            let _ = writeln!(
                out,
                "<a class=\"span {} {}\" href=\"#{target}\" data-for=\"{target}\"><title>{}</title>\
                 <rect x=\"{x:.1}\" width=\"{width:.1}\" height=\"{height}\"/></a>",
                span.state.class(),
                span.severity,
                Escaped(&told.title),
                target = told.target,
            );
        }
        let expected = self.points(across, height, |row| row.expected);
        if expected.iter().any(|(_, y)| y.is_some()) {
            let d = line(&expected, WIDTH, COLUMN_OF_AREAS * across.coarse);
            let _ = writeln!(out, "<path class=\"expected\" d=\"{d}\"/>");
        }
        let observed = self.points(across, height, |row| row.observed);
        let d = line(&observed, WIDTH, COLUMN * across.coarse);
        let _ = writeln!(out, "<path class=\"value\" d=\"{d}\"/>");
        self.absent(out, across, height);
        self.marks(out, across, height);
    }

    /// Anomalies that a line of the page tells of.
    pub(crate) fn told(&self) -> impl Iterator<Item = (&Span, &Told)> {
        let spans = self.spans.iter();
        spans.filter_map(|span| Some((span, span.told.as_ref()?)))
    }

    /// Where anomalies lie of which no line of the page tells: one shape of each kind, where those that
    /// touch are one.
    fn untold(&self, out: &mut String, across: Across, height: f64) {
        for ((state, severity), spans) in untold(&self.spans) {
            let mut d = String::new();
            let mut last = f64::NEG_INFINITY;
            for span in spans {
                let (x, width) = across.stretch(span, NARROWEST);
                let (from, to) = (libm::round(x.max(last)), libm::round(x + width));
                if to > from {
                    let _ = write!(d, "M{from} 0h{}v{height}h-{0}z", to - from);
                }
                last = last.max(to);
            }
            let _ = writeln!(
                out,
                "<g class=\"span {} {severity}\"><path d=\"{d}\"/></g>",
                state.class()
            );
        }
    }

    /// Where nothing was observed, along the bottom.
    fn absent(&self, out: &mut String, across: Across, height: f64) {
        let mut d = String::new();
        let is_absent = |row: &Row| row.observed.is_nan();
        for run in self
            .rows
            .chunk_by(|a, b| is_absent(&a.1) == is_absent(&b.1))
        {
            let (first, last) = (&run[0], &run[run.len() - 1]);
            if is_absent(&first.1) {
                let span = Interval::new(first.0.start(), last.0.end());
                let span = span.expect("invariant: buckets are in order of time");
                let (x, width) = across.stretch(span, 1.5);
                let _ = write!(d, "M{x:.1} {:.1}h{width:.1}", height - 2.0);
            }
        }
        if !d.is_empty() {
            let _ = writeln!(out, "<path class=\"absent\" d=\"{d}\"/>");
        }
    }

    /// For each row the last anomaly that it lies in: what is kept is drawn last and counts before what was
    /// removed.
    fn owners(&self) -> Vec<Option<&Span>> {
        let mut owners = vec![None; self.rows.len()];
        for span in &self.spans {
            let (start, end) = (span.interval.start(), span.interval.end());
            let first = self
                .rows
                .partition_point(|(bucket, _)| bucket.end() <= start);
            let past = self
                .rows
                .partition_point(|(bucket, _)| bucket.start() < end);
            if let Some(owners) = owners.get_mut(first..past) {
                owners.fill(Some(span));
            }
        }
        owners
    }

    /// Flagged buckets; of those too near to be told apart, the one that stands out most.
    fn marks(&self, out: &mut String, across: Across, height: f64) {
        let flagged = self.rows.iter().zip(self.owners());
        let flagged = flagged.filter(|((_, row), _)| row.verdict.is_anomalous());
        let (told, others): (Vec<Mark<'_>>, Vec<Mark<'_>>) = flagged
            .map(|((bucket, row), span)| Mark {
                x: across.middle(*bucket),
                row,
                span,
            })
            .partition(|mark| mark.span.is_none_or(|span| span.told.is_some()));
        let level = |mark: &Mark<'_>| {
            let y = match mark.row.observed.is_nan() {
                true => height - 6.0,
                false => self.range.down(mark.row.observed, height),
            };
            y.clamp(4.0, height - 4.0)
        };
        let mut shapes: BTreeMap<(State, Severity), String> = BTreeMap::new();
        for mark in foremost(&others, BETWEEN_MARKS[1]) {
            if let Some(span) = mark.span {
                let (x, y) = (libm::round(mark.x), libm::round(level(mark)));
                let kind = (span.state, span.severity);
                shapes
                    .entry(kind)
                    .or_default()
                    .push_str(&small(span.severity, x, y));
            }
        }
        for ((state, severity), d) in shapes {
            let state = state.class();
            let _ = writeln!(out, "<path class=\"mark {state} {severity}\" d=\"{d}\"/>");
        }
        for mark in foremost(&told, BETWEEN_MARKS[0]) {
            let (x, y) = (mark.x, level(mark));
            match mark.span.and_then(|span| Some((span, span.told.as_ref()?))) {
                Some((span, told)) => {
                    let _ = writeln!(
                        out,
                        "<path class=\"mark {} {}\" data-for=\"{}\" d=\"{}\"/>",
                        span.state.class(),
                        span.severity,
                        told.target,
                        shape(span.severity, span.state, x, y)
                    );
                }
                None => {
                    let d = shape(Severity::Default, State::Removed, x, y);
                    let _ = writeln!(out, "<path class=\"mark thinned\" d=\"{d}\"/>");
                }
            }
        }
    }

    /// Why stretches have no band, where there is room to say so.
    fn words(&self, out: &mut String, across: Across, height: f64) {
        for (range, why) in unjudged(&self.rows) {
            let (first, last) = (self.rows[range.start].0, self.rows[range.end - 1].0);
            let Ok(span) = Interval::new(first.start(), last.end()) else {
                continue;
            };
            let (x, width) = across.stretch(span, 0.0);
            let _ = writeln!(
                out,
                "<rect class=\"unjudged\" x=\"{x:.1}\" width=\"{width:.1}\" height=\"{height}\">\
                 <title>{why}</title></rect>"
            );
            if width >= WORDS {
                let middle = x + width / 2.0;
                let _ = writeln!(
                    out,
                    "<text class=\"why\" x=\"{middle:.1}\" y=\"13\">{why}</text>"
                );
            }
        }
    }
}

/// A flagged bucket.
#[derive(Debug, Clone, Copy)]
struct Mark<'p> {
    x: f64,
    row: &'p Row,
    span: Option<&'p Span>,
}

/// Of marks in order of time that lie in one stretch of `width`, the one with the highest score, the first
/// of equals: that of the bucket that an anomaly is told by.
fn foremost<'m, 'p>(
    marks: &'m [Mark<'p>],
    width: f64,
) -> impl Iterator<Item = &'m Mark<'p>> + use<'m, 'p> {
    let place = move |mark: &Mark<'_>| libm::floor(mark.x / width) as i64;
    let state = |mark: &Mark<'_>| mark.span.map(|span| span.state);
    let stretches = marks.chunk_by(move |a, b| place(a) == place(b));
    stretches.filter_map(move |near| {
        // Of equals the last counts.
        near.iter().rev().max_by(|a, b| {
            let of_state = state(a).cmp(&state(b));
            of_state.then(a.row.score.total_cmp(&b.row.score))
        })
    })
}

/// The intervals of the anomalies of which no line of the page tells, in order of time, by kind: what
/// counts least first.
pub(crate) fn untold(spans: &[Span]) -> BTreeMap<(State, Severity), Vec<Interval>> {
    let mut found: BTreeMap<_, Vec<Interval>> = BTreeMap::new();
    for span in spans.iter().filter(|span| span.told.is_none()) {
        let kind = (span.state, span.severity);
        found.entry(kind).or_default().push(span.interval);
    }
    for intervals in found.values_mut() {
        intervals.sort_by_key(|interval| (interval.start(), interval.end()));
    }
    found
}

/// The shape of a mark: it tells the severity to whoever does not see its colour.
fn shape(severity: Severity, state: State, x: f64, y: f64) -> String {
    let size = match (state, severity) {
        (State::Removed, _) => 2.6,
        (_, Severity::Critical) => 5.0,
        (_, Severity::High) => 4.4,
        _ => 3.4,
    };
    let (left, right, up, down) = (x - size, x + size, y - size, y + size);
    match severity {
        Severity::Critical => {
            format!("M{x:.1} {up:.1}L{right:.1} {y:.1}L{x:.1} {down:.1}L{left:.1} {y:.1}z")
        }
        Severity::High => {
            format!("M{x:.1} {up:.1}L{right:.1} {down:.1}L{left:.1} {down:.1}z")
        }
        Severity::Medium => {
            format!("M{left:.1} {up:.1}H{right:.1}V{down:.1}H{left:.1}z")
        }
        Severity::Default | Severity::Low => {
            let across = 2.0 * size;
            format!(
                "M{left:.1} {y:.1}a{size} {size} 0 1 0 {across} 0a{size} {size} 0 1 0-{across} 0z"
            )
        }
    }
}

/// The shape of one mark among many, in as few letters as it can be.
fn small(severity: Severity, x: f64, y: f64) -> String {
    match severity {
        Severity::Critical => format!("M{x} {}l4 4-4 4-4-4z", y - 4.0),
        Severity::High => format!("M{x} {}l4 7h-8z", y - 4.0),
        Severity::Medium => format!("M{} {}h6v6h-6z", x - 3.0, y - 3.0),
        Severity::Default | Severity::Low => {
            format!("M{} {y}a3 3 0 1 0 6 0 3 3 0 1 0-6 0z", x - 3.0)
        }
    }
}
