//! Which incidents would be told. These names are public; docs/output.md says what they mean.

use std::io::{self, Write};

use tuatara::frame::{Duration, Interval};
use tuatara_backtest::inject::{InjectionParams, Reported};

use crate::args::FigureFormat;

use super::aligned::minutes;
use super::cell::{Cell, Object};
use super::column::{self, Column};
use super::document::Document;

const SCHEMA: &str = "tuatara-inject-1";

/// What is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) detection: &'a str,
    pub(crate) history: Interval,
    pub(crate) params: InjectionParams,
    pub(crate) places: usize,
    pub(crate) reported: &'a [Reported],
}

/// New fields are appended.
const FIELDS: [Column<Reported>; 9] = [
    ("incident", |of| Cell::said(of.incident)),
    ("trials", |of| Cell::count(of.trials.len())),
    ("told", |of| Cell::count(of.told())),
    ("share", |of| Cell::maybe(of.share())),
    ("share_low", |of| Cell::Number(of.share_range()[0])),
    ("share_high", |of| Cell::Number(of.share_range()[1])),
    ("half_within_minutes", |of| {
        Cell::maybe(in_minutes(of.within(0.5)))
    }),
    ("ninety_percent_within_minutes", |of| {
        Cell::maybe(in_minutes(of.within(0.9)))
    }),
    ("longest_minutes", |of| {
        Cell::maybe(in_minutes(of.longest()))
    }),
];

fn in_minutes(time: Option<Duration>) -> Option<f64> {
    let minute = Duration::minutes(1).millis() as f64;
    time.map(|time| time.millis() as f64 / minute)
}

pub(crate) fn write(
    asked: &Asked<'_>,
    format: FigureFormat,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        FigureFormat::Table => table(asked, out),
        FigureFormat::Json => json(asked, out),
        FigureFormat::Csv => column::csv(&FIELDS, asked.reported, out),
    }
}

fn json(asked: &Asked<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut document = Document::begin(SCHEMA, out)?;
    document.field("detection", &asked.detection)?;
    document.field("start", &asked.history.start().to_string())?;
    document.field("end", &asked.history.end().to_string())?;
    document.field("lasting", &asked.params.lasting.to_string())?;
    document.field("within", &asked.params.within.to_string())?;
    document.field("arrival_delay", &asked.params.arrival.to_string())?;
    document.field("seed", &asked.params.seed)?;
    document.field("places", &asked.places)?;
    column::list("incidents", &FIELDS, asked.reported, &mut document)?;
    document.begin_list("trials")?;
    for of in asked.reported {
        for trial in &of.trials {
            document.item(&Object(&[
                ("incident", Cell::said(of.incident)),
                ("series", Cell::said(&trial.slice)),
                ("start", Cell::said(trial.start)),
                (
                    "told_after_minutes",
                    Cell::maybe(in_minutes(trial.told_after)),
                ),
            ]))?;
        }
    }
    document.end_list()?;
    document.end()
}

fn table(asked: &Asked<'_>, out: &mut dyn Write) -> io::Result<()> {
    let InjectionParams {
        lasting, within, ..
    } = asked.params;
    writeln!(
        out,
        "# {}: incidents of {}, to be told within {} of their start; {} places from {} to {}",
        asked.detection,
        minutes(in_minutes(Some(lasting))),
        minutes(in_minutes(Some(within))),
        asked.places,
        asked.history.start(),
        asked.history.end()
    )?;
    for of in asked.reported {
        let [low, high] = of.share_range().map(|share| 100.0 * share);
        let trials = of.trials.len();
        let words = of.incident.words();
        let Some(longest) = of.longest() else {
            writeln!(
                out,
                "{words} is never reported in {trials} trials (95 %: up to {high:.0} %)"
            )?;
            continue;
        };
        let half = match of.within(0.5) {
            Some(half) => format!("; half of all within {}", minutes(in_minutes(Some(half)))),
            None => String::new(),
        };
        writeln!(
            out,
            "{words} is reported within {}, {:.0} % of the time ({} of {trials}; 95 %: {low:.0} to \
             {high:.0} %){half}",
            minutes(in_minutes(Some(longest))),
            100.0 * of.share().unwrap_or_default(),
            of.told(),
        )?;
    }
    Ok(())
}
