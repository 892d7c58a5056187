//! What values of a setting would have told. These names are public; docs/output.md says what they
//! mean.

use std::io::{self, Write};

use tuatara::frame::{Duration, Interval};
use tuatara_backtest::{Chosen, Counted, Setting, Tried, Tuning};

use crate::args::FigureFormat;

use super::aligned::{aligned, number};
use super::cell::Cell;
use super::column;
use super::document::Document;

const SCHEMA: &str = "tuatara-tune-1";

/// What is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) tuning: &'a Tuning,
    pub(crate) chosen: Option<&'a Chosen>,
    pub(crate) setting: &'a Setting,
    pub(crate) spec: &'a str,
    pub(crate) history: Interval,
}

/// One value with whether it was chosen.
#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    tried: &'a Tried,
    chosen: bool,
}

/// Reads a cell off a line.
type Read = for<'r, 'a> fn(&'r Line<'a>) -> Cell<'r>;

/// New fields are appended.
const FIELDS: [(&str, Read); 18] = [
    ("value", |of| Cell::Text(&of.tried.value)),
    ("chosen", |of| Cell::Truth(of.chosen)),
    ("alerts", |of| Cell::count(of.tried.tuning.alerts)),
    ("days", |of| Cell::Number(days(of.tried.tuning.time))),
    ("series_count", |of| Cell::count(of.tried.tuning.series)),
    ("rate", |of| Cell::maybe(of.tried.tuning.rate)),
    ("incidents", |of| incidents(&of.tried.tuning)),
    ("incidents_found", |of| found(&of.tried.tuning)),
    ("false_alerts", |of| in_vain(&of.tried.tuning)),
    ("held_back_alerts", |of| {
        Cell::count(of.tried.held_back.alerts)
    }),
    ("held_back_days", |of| {
        Cell::Number(days(of.tried.held_back.time))
    }),
    ("held_back_rate", |of| Cell::maybe(of.tried.held_back.rate)),
    ("held_back_incidents", |of| incidents(&of.tried.held_back)),
    ("held_back_incidents_found", |of| found(&of.tried.held_back)),
    ("held_back_false_alerts", |of| in_vain(&of.tried.held_back)),
    ("held_back_series_count", |of| {
        Cell::count(of.tried.held_back.series)
    }),
    ("series_days", |of| {
        Cell::Number(days(of.tried.tuning.of_series))
    }),
    ("held_back_series_days", |of| {
        Cell::Number(days(of.tried.held_back.of_series))
    }),
];

fn days(time: Duration) -> f64 {
    time.millis() as f64 / Duration::days(1).millis() as f64
}

fn incidents(counted: &Counted) -> Cell<'static> {
    let operator = counted.operator.as_ref();
    operator.map_or(Cell::Nothing, |operator| Cell::count(operator.incidents))
}

fn found(counted: &Counted) -> Cell<'static> {
    let operator = counted.operator.as_ref();
    operator.map_or(Cell::Nothing, |operator| Cell::count(operator.found.len()))
}

fn in_vain(counted: &Counted) -> Cell<'static> {
    let operator = counted.operator.as_ref();
    operator.map_or(Cell::Nothing, |operator| {
        Cell::count(operator.false_alerts())
    })
}

fn lines<'a>(asked: &Asked<'a>) -> impl Iterator<Item = Line<'a>> {
    let chosen = asked.chosen.map(|chosen| chosen.at);
    let tried = asked.tuning.tried().iter().enumerate();
    tried.map(move |(at, tried)| Line {
        tried,
        chosen: chosen == Some(at),
    })
}

pub(crate) fn write(
    asked: &Asked<'_>,
    format: FigureFormat,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        FigureFormat::Table => table(asked, out),
        FigureFormat::Json => json(asked, out),
        FigureFormat::Csv => column::csv(&FIELDS[..], lines(asked), out),
    }
}

fn json(asked: &Asked<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut document = Document::begin(SCHEMA, out)?;
    document.field("specification", &asked.spec)?;
    document.field("param", &asked.setting.path())?;
    document.field("current", &asked.setting.current())?;
    document.field("budget", &asked.tuning.budget().to_string())?;
    document.field("start", &asked.history.start().to_string())?;
    document.field("cut", &asked.tuning.cut().to_string())?;
    document.field("end", &asked.history.end().to_string())?;
    let chosen = asked.chosen;
    let value = chosen.map(|chosen| &asked.tuning.tried()[chosen.at].value);
    document.field("chosen", &value)?;
    document.field("holds", &chosen.map(|chosen| chosen.holds))?;
    let by_chance = chosen.map_or(Cell::Nothing, |chosen| Cell::Number(chosen.by_chance));
    document.field("by_chance", &by_chance)?;
    document.field("has_incidents", &asked.tuning.has_incidents())?;
    column::list("values", &FIELDS[..], lines(asked), &mut document)?;
    document.end()
}

fn table(asked: &Asked<'_>, out: &mut dyn Write) -> io::Result<()> {
    let tuning = asked.tuning;
    let (budget, cut) = (tuning.budget(), tuning.cut());
    let now = asked
        .setting
        .current()
        .map_or_else(|| "not set".to_owned(), |value| format!("now {value}"));
    writeln!(
        out,
        "# {} of {} ({now}) for {budget}; chosen from {} to {cut}, checked to {}",
        asked.setting.path(),
        asked.spec,
        asked.history.start(),
        asked.history.end()
    )?;
    let unit = budget.unit();
    let labelled = tuning.is_labelled();
    let mut heads = vec![String::new(), "alerts".to_owned(), unit.clone()];
    if labelled {
        heads.extend(["found".to_owned(), "false".to_owned()]);
    }
    heads.extend(["held back".to_owned(), unit.clone()]);
    if labelled {
        heads.extend(["found".to_owned(), "false".to_owned()]);
    }
    let mut rows = vec![heads];
    for line in lines(asked) {
        let mark = if line.chosen { "* " } else { "  " };
        let mut row = vec![format!("{mark}{}", line.tried.value)];
        for counted in [&line.tried.tuning, &line.tried.held_back] {
            row.push(counted.alerts.to_string());
            row.push(number(counted.rate, 2));
            if let Some(operator) = &counted.operator {
                row.push(format!(
                    "{} of {}",
                    operator.found.len(),
                    operator.incidents
                ));
                row.push(operator.false_alerts().to_string());
            }
        }
        rows.push(row);
    }
    aligned(&rows, out)?;
    if !tuning.has_judged() {
        return writeln!(
            out,
            "nothing was judged before {cut}: give more history, or hold back less"
        );
    }
    let Some(chosen) = asked.chosen else {
        return writeln!(
            out,
            "none keeps to {budget}: try values that tell less, or allow more alerts"
        );
    };
    let tried = &tuning.tried()[chosen.at];
    let rate = number(tried.held_back.rate, 2);
    match chosen.holds {
        true => writeln!(
            out,
            "{} keeps to {budget}, in the part held back, too: {rate} {unit} there",
            tried.value
        ),
        false => writeln!(
            out,
            "{} keeps to {budget} up to the cut and does not hold behind it: {rate} {unit} there, which \
             chance would do {:.0} times in 100",
            tried.value,
            100.0 * chosen.by_chance
        ),
    }
}
