//! A chart for a terminal: a line of dots, marks below it, and what was found in a table.

use std::fmt::Write;

use tuatara::core::{Anomaly, Direction, Row, Severity};
use tuatara::frame::{Granularity, Instant, Interval};
use tuatara::{Report, RuleReport};

use crate::Clock;
use crate::dates::ticks;
use crate::rank::{Ranked, ranked};
use crate::reason::reason;
use crate::scale::Range;
use crate::span::State;
use crate::text::{counted, shown};

/// Whether a chart has colours; it says the same without them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// None: for files, pipes, and whoever wants none.
    Plain,
    /// Those of the terminal, by severity.
    Coloured,
}

/// Whether what was found is listed below its chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listing {
    /// A line for each anomaly.
    Below,
    /// Somebody else lists it.
    Elsewhere,
}

/// Characters for a line.
const COLUMNS: usize = 68;
/// Lines for a plot.
const LINES: usize = 6;
/// Characters for numbers beside it.
const BESIDE: usize = 8;
/// Dots in a character.
const DOTS: (usize, usize) = (2, 4);
/// A character without a dot; the dots of one are the low eight bits, by column and line.
const EMPTY: u32 = 0x2800;
const BITS: [[u32; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];

impl Ink {
    fn severity(self, severity: Severity, text: &str) -> String {
        let code = match severity {
            Severity::Default => "35",
            Severity::Low => "36",
            Severity::Medium => "33",
            Severity::High => "31",
            Severity::Critical => "1;31",
        };
        self.code(code, text)
    }

    fn dim(self, text: &str) -> String {
        self.code("2", text)
    }

    fn code(self, code: &str, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Coloured => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
        }
    }
}

/// Draws the `series` slices with the gravest anomalies of `report`, and lists what was found on
/// them, or leaves out those without an anomaly where somebody else does; says what is left out.
pub(crate) fn terminal(
    report: &Report,
    clock: &Clock,
    span: Interval,
    series: usize,
    ink: Ink,
    listing: Listing,
) -> String {
    let mut ranked = ranked(report);
    if listing == Listing::Elsewhere {
        ranked.retain(|one| !one.anomalies.is_empty());
        if ranked.is_empty() {
            return String::new();
        }
    }
    let mut out = format!(
        "# {} from {} to {}; times in {}, ends are exclusive\n\n",
        printable(report.detection().name()),
        clock.show(span.start()),
        clock.show(span.end()),
        clock.zone.name()
    );
    let drawn = ranked.len().min(series);
    let slices = ranked[..drawn].iter();
    let slices: Vec<String> = slices
        .map(|one| slice(report, one, clock, span, ink, listing))
        .collect();
    out.push_str(&slices.join("\n"));
    let left = &ranked[drawn..];
    if !left.is_empty() {
        let with = left.iter().filter(|one| !one.anomalies.is_empty()).count();
        let _ = writeln!(
            out,
            "\n{} of {} series are drawn; {} are not, {with} of them with anomalies",
            drawn,
            ranked.len(),
            left.len()
        );
    }
    out
}

fn slice(
    report: &Report,
    one: &Ranked<'_>,
    clock: &Clock,
    span: Interval,
    ink: Ink,
    listing: Listing,
) -> String {
    let mut out = String::new();
    let mut said = counted(one.anomalies.len(), "anomaly", "anomalies");
    if one.suppressed > 0 {
        let _ = write!(said, ", {} suppressed", one.suppressed);
    }
    if !one.removed.is_empty() {
        let _ = write!(said, ", {} removed by filters", one.removed.len());
    }
    let _ = writeln!(out, "{}: {said}", printable(&one.slice.key().to_string()));
    let all = || one.anomalies.iter().map(|&at| &report.anomalies()[at]);
    // Rules of one step have the same values: a plot for each step, with what its rules found.
    let rules = one.slice.rules();
    let step = |rule: &RuleReport| rule.axis().granularity();
    let mut steps: Vec<Granularity> = Vec::new();
    for rule in rules {
        if !steps.contains(&step(rule)) {
            steps.push(step(rule));
        }
    }
    for &known in &steps {
        let of_step: Vec<&RuleReport> = rules.iter().filter(|rule| step(rule) == known).collect();
        if steps.len() > 1 {
            let names: Vec<&str> = of_step.iter().map(|rule| rule.name()).collect();
            let _ = writeln!(out, "{:>BESIDE$}  {}", "", printable(&names.join(", ")));
        }
        let marks = marks(report, one, &of_step, span);
        out.push_str(&plot(of_step[0], &marks, clock, span, ink));
    }
    if listing == Listing::Elsewhere {
        return out;
    }
    let lines: Vec<[String; 3]> = all().map(|anomaly| cells(anomaly, clock)).collect();
    let wide = |at: usize| lines.iter().map(|cells| cells[at].chars().count()).max();
    let (when, score) = (wide(0).unwrap_or(0), wide(1).unwrap_or(0));
    for (anomaly, cells) in all().zip(&lines) {
        let mark = mark_of(anomaly);
        let _ = writeln!(
            out,
            "  {} {:when$}  {:>score$}  {}",
            ink.severity(anomaly.severity, &mark.to_string()),
            cells[0],
            cells[1],
            cells[2]
        );
    }
    out
}

fn cells(anomaly: &Anomaly, clock: &Clock) -> [String; 3] {
    let mut said = reason(anomaly, |at| clock.show(at));
    if anomaly.severity != Severity::Default {
        let _ = write!(said, "; {}", anomaly.severity);
    }
    let events: Vec<&str> = anomaly.suppressed_by().collect();
    if !events.is_empty() {
        let _ = write!(said, "; suppressed by {}", events.join(", "));
    }
    let (start, end) = (anomaly.interval.start(), anomaly.interval.end());
    [
        format!("{} .. {}", clock.show(start), clock.show(end)),
        format!("{:.2}", anomaly.score()),
        printable(&said),
    ]
}

/// Text from data, without characters that a terminal obeys.
fn printable(text: &str) -> String {
    text.chars().map(shown).collect()
}

fn mark_of(anomaly: &Anomaly) -> char {
    match (State::of(anomaly), anomaly.direction) {
        (State::Kept, Direction::Up) => '▲',
        (State::Kept, Direction::Down) => '▼',
        (State::Kept, Direction::Neither) => '●',
        (_, Direction::Up) => '△',
        (_, Direction::Down) => '▽',
        (_, Direction::Neither) => '○',
    }
}

/// What stands below a column.
type Mark = Option<(char, State, Severity)>;

/// Of each column the gravest that one of `rules` found.
fn marks(report: &Report, one: &Ranked<'_>, rules: &[&RuleReport], span: Interval) -> Vec<Mark> {
    let is_of = |anomaly: &Anomaly| {
        let mut names = anomaly.rules.iter();
        names.any(|name| rules.iter().any(|rule| rule.name() == name))
    };
    let mut marks: Vec<Mark> = vec![None; COLUMNS];
    let mut put = |anomaly: &Anomaly, mark: char, state: State| {
        let last = Instant::from_millis(anomaly.interval.end().millis() - 1);
        let last = last.unwrap_or(anomaly.interval.start());
        let from = column(anomaly.interval.start().millis(), span, COLUMNS);
        let to = column(last.millis(), span, COLUMNS);
        for place in &mut marks[from..=to.max(from)] {
            let graver = place
                .is_none_or(|(_, known, severity)| (known, severity) < (state, anomaly.severity));
            if graver {
                *place = Some((mark, state, anomaly.severity));
            }
        }
    };
    let removed = one.removed.iter().map(|&at| &report.removed()[at]);
    for anomaly in removed.filter(|anomaly| is_of(anomaly)) {
        put(anomaly, '·', State::Removed);
    }
    let found = one.anomalies.iter().map(|&at| &report.anomalies()[at]);
    for anomaly in found.filter(|anomaly| is_of(anomaly)) {
        put(anomaly, mark_of(anomaly), State::of(anomaly));
    }
    marks
}

/// The column of `count` in which an instant lies.
fn column(at: i64, span: Interval, count: usize) -> usize {
    let length = span.duration().millis().max(1) as f64;
    let part = (at - span.start().millis()) as f64 / length;
    let last = count - 1;
    libm::floor(part * count as f64).clamp(0.0, last as f64) as usize
}

fn plot(rule: &RuleReport, marks: &[Mark], clock: &Clock, span: Interval, ink: Ink) -> String {
    let rows: Vec<(Interval, Row)> = rule.rows().collect();
    let values = rows.iter().map(|(_, row)| row.observed);
    let range = Range::of(values, std::iter::empty());
    let lines = dots(&rows, range, span);
    let numbers = range.ticks(3);
    let mut out = String::new();
    for (at, line) in lines.iter().enumerate() {
        let high = LINES as f64;
        let beside = numbers.iter().find(|(value, _)| {
            libm::floor(range.down(*value, high).clamp(0.0, high - 0.5)) as usize == at
        });
        let number = beside.map_or("", |(_, label)| label.as_str());
        let edge = if number.is_empty() { '│' } else { '┤' };
        let _ = write!(out, "{number:>BESIDE$} {edge}");
        for (cell, mark) in line.iter().zip(marks) {
            let text = char::from_u32(EMPTY + cell).unwrap_or(' ').to_string();
            match mark {
                Some((_, State::Kept, severity)) if *cell != 0 => {
                    out.push_str(&ink.severity(*severity, &text));
                }
                _ => out.push_str(&text),
            }
        }
        out.push('\n');
    }
    let _ = write!(out, "{:>BESIDE$} └", "");
    for mark in marks {
        match mark {
            None => out.push('─'),
            Some((text, State::Kept, severity)) => {
                out.push_str(&ink.severity(*severity, &text.to_string()));
            }
            Some((text, ..)) => out.push_str(&ink.dim(&text.to_string())),
        }
    }
    out.push('\n');
    let _ = writeln!(out, "{:>BESIDE$}  {}", "", dates(clock, span));
    out
}

/// The dots of each character, by lines.
fn dots(rows: &[(Interval, Row)], range: Range, span: Interval) -> Vec<Vec<u32>> {
    let (wide, high) = (COLUMNS * DOTS.0, LINES * DOTS.1);
    // Of each column of dots the highest and the lowest line.
    let mut reach: Vec<Option<(usize, usize)>> = vec![None; wide];
    let mut last: Option<(usize, usize)> = None;
    for (bucket, row) in rows {
        if row.observed.is_nan() {
            last = None;
            continue;
        }
        let (start, length) = (bucket.start().millis(), bucket.duration().millis());
        let x = column(start + length / 2, span, wide);
        let down = range.down(row.observed, high as f64);
        let y = libm::floor(down.clamp(0.0, high as f64 - 0.5)) as usize;
        let mut cover = |x: usize, y: usize| {
            let known = reach[x].unwrap_or((y, y));
            reach[x] = Some((known.0.min(y), known.1.max(y)));
        };
        cover(x, y);
        // The way from the point before, a column at a time, without holes where it is steep.
        if let Some((from, level)) = last.filter(|(from, _)| *from < x) {
            let mut before = level;
            for at in from + 1..=x {
                let part = (at - from) as f64 / (x - from) as f64;
                let to = level as f64 + (y as f64 - level as f64) * part;
                cover(at, before);
                before = libm::round(to) as usize;
                cover(at, before);
            }
        }
        last = Some((x, y));
    }
    let mut lines = vec![vec![0; COLUMNS]; LINES];
    for (x, reach) in reach.iter().enumerate() {
        let Some((top, bottom)) = *reach else {
            continue;
        };
        for y in top..=bottom {
            lines[y / DOTS.1][x / DOTS.0] |= BITS[x % DOTS.0][y % DOTS.1];
        }
    }
    lines
}

/// Dates below the marks, each from its place on, as far as there is room.
fn dates(clock: &Clock, span: Interval) -> String {
    let mut line: Vec<char> = Vec::new();
    for tick in ticks(span, clock.zone, 6) {
        let at = column(tick.at.millis(), span, COLUMNS);
        let label = match tick.within {
            Some(within) => format!("{} {within}", tick.label),
            None => tick.label,
        };
        let has_room = line.is_empty() || at > line.len();
        if has_room && at + label.chars().count() <= COLUMNS {
            line.resize(at, ' ');
            line.extend(label.chars());
        }
    }
    line.into_iter().collect()
}
