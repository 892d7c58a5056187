//! What detections would have told, as figures. These names are public; docs/output.md says what they
//! mean.

use std::io::{self, Write};

use tuatara::frame::{Duration, Interval};
use tuatara_backtest::{Backtest, Comparison, Contestant, Figures, PairedMeasure, ScoredSeries};

use crate::args::FigureFormat;

use super::aligned::{aligned, minutes, number};
use super::cell::{Cell, Object};
use super::column;
use super::document::Document;

const SCHEMA: &str = "tuatara-backtest-1";

/// How many series are shown to a person.
const SHOWN: usize = 12;

/// What is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) backtest: &'a Backtest,
    pub(crate) contestants: &'a [Contestant],
    pub(crate) comparisons: &'a [Comparison],
    /// The time of all runs.
    pub(crate) span: Option<Interval>,
    pub(crate) arrival: Duration,
    pub(crate) seed: u64,
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

/// One contestant on one series, or on all.
#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    contestant: &'a str,
    series: Option<&'a ScoredSeries>,
    figures: &'a Figures,
    labelled: bool,
}

/// Reads a cell off a line.
type Read = for<'r, 'a> fn(&'r Line<'a>) -> Cell<'r>;

/// New fields are appended.
const FIELDS: [(&str, Read); 34] = [
    ("contestant", |of| Cell::Text(of.contestant)),
    ("series", |of| {
        of.series.map_or(Cell::Nothing, |s| Cell::Text(&s.name))
    }),
    ("start", |of| {
        of.series
            .map_or(Cell::Nothing, |s| Cell::said(s.watched.start()))
    }),
    ("end", |of| {
        of.series
            .map_or(Cell::Nothing, |s| Cell::said(s.watched.end()))
    }),
    ("series_count", |of| Cell::count(of.figures.operator.series)),
    ("days", |of| Cell::Number(of.figures.operator.days)),
    ("alerts", |of| Cell::count(of.figures.operator.alerts)),
    ("true_alerts", |of| {
        of.known(Cell::count(of.figures.operator.true_alerts))
    }),
    ("false_alerts", |of| {
        of.known(Cell::count(of.figures.operator.false_alerts()))
    }),
    ("taken_back", |of| Cell::count(of.figures.taken_back)),
    ("incidents", |of| {
        of.known(Cell::count(of.figures.operator.incidents))
    }),
    ("incidents_found", |of| {
        of.known(Cell::count(of.figures.operator.found.len()))
    }),
    ("alert_precision", |of| {
        of.known(Cell::maybe(of.figures.operator.precision()))
    }),
    ("share_found", |of| {
        of.known(Cell::maybe(of.figures.operator.share_found()))
    }),
    ("alerts_per_30_days", |of| {
        Cell::maybe(of.figures.operator.alerts_per_30_days())
    }),
    ("false_alerts_per_30_days", |of| {
        of.known(Cell::maybe(of.figures.operator.false_alerts_per_30_days()))
    }),
    ("share_alerted", |of| {
        Cell::maybe(of.figures.operator.share_alerted())
    }),
    ("delay_minutes", |of| {
        Cell::maybe(of.delay(|delay| delay.report_minutes))
    }),
    ("delay_rows", |of| {
        Cell::maybe(of.delay(|delay| delay.report_rows))
    }),
    ("onset_delay_minutes", |of| {
        Cell::maybe(of.delay(|delay| delay.onset_minutes))
    }),
    ("onset_delay_rows", |of| {
        Cell::maybe(of.delay(|delay| delay.onset_rows))
    }),
    ("nab", |of| of.nab(0)),
    ("nab_low_fp", |of| of.nab(1)),
    ("nab_low_fn", |of| of.nab(2)),
    ("nab_told", |of| Cell::maybe(of.figures.nab_told[0])),
    ("nab_told_low_fp", |of| Cell::maybe(of.figures.nab_told[1])),
    ("nab_told_low_fn", |of| Cell::maybe(of.figures.nab_told[2])),
    ("vus_pr", |of| Cell::maybe(of.figures.vus_pr())),
    ("average_precision", |of| {
        Cell::maybe(of.figures.average_precision())
    }),
    ("range_precision", |of| {
        of.quality(|quality| quality.range_precision)
    }),
    ("range_recall", |of| {
        of.quality(|quality| quality.range_recall)
    }),
    ("range_f1", |of| of.quality(|quality| quality.range_f1)),
    ("affiliation_f1", |of| {
        of.quality(|quality| quality.affiliation_f1)
    }),
    ("share_flagged", |of| {
        of.quality(|quality| quality.share_flagged)
    }),
];

impl Line<'_> {
    /// A cell that says nothing where nothing is known of incidents.
    fn known<'r>(&self, cell: Cell<'r>) -> Cell<'r> {
        if self.labelled { cell } else { Cell::Nothing }
    }

    fn delay(&self, part: fn(&tuatara_metrics::operator::Delay) -> f64) -> Option<f64> {
        self.figures.operator.median_delay().as_ref().map(part)
    }

    fn nab(&self, profile: usize) -> Cell<'static> {
        let quality = self.figures.quality.as_ref();
        Cell::maybe(quality.and_then(|quality| quality.nab_searched[profile].score))
    }

    fn quality(&self, read: fn(&tuatara_metrics::Summary) -> Option<f64>) -> Cell<'static> {
        Cell::maybe(self.figures.quality.as_ref().and_then(read))
    }
}

/// Of each contestant its total, then its series.
fn lines<'a>(asked: &Asked<'a>) -> impl Iterator<Item = Line<'a>> {
    let (series, labelled) = (asked.backtest.series(), asked.backtest.is_labelled());
    asked.contestants.iter().flat_map(move |contestant| {
        let line = move |series, figures| Line {
            contestant: &contestant.name,
            series,
            figures,
            labelled,
        };
        let each = series.iter().zip(&contestant.series);
        let each = each.filter_map(move |(s, f)| Some(line(Some(s), f.as_ref()?)));
        std::iter::once(line(None, &contestant.total)).chain(each)
    })
}

fn json(asked: &Asked<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut document = Document::begin(SCHEMA, out)?;
    let (start, end) = (
        asked.span.map(Interval::start),
        asked.span.map(Interval::end),
    );
    document.field("start", &start.map(|start| start.to_string()))?;
    document.field("end", &end.map(|end| end.to_string()))?;
    document.field("arrival_delay", &asked.arrival.to_string())?;
    document.field("seed", &asked.seed)?;
    document.field("labelled", &asked.backtest.is_labelled())?;
    column::list("figures", &FIELDS[..], lines(asked), &mut document)?;
    document.begin_list("comparisons")?;
    for comparison in asked.comparisons {
        for measure in &comparison.measures {
            document.item(&Object(&paired(comparison, measure)))?;
        }
    }
    document.end_list()?;
    document.end()
}

fn paired<'a>(
    comparison: &'a Comparison,
    measure: &'a PairedMeasure,
) -> Vec<(&'static str, Cell<'a>)> {
    let range = measure.mean_range;
    vec![
        ("first", Cell::Text(&comparison.first)),
        ("other", Cell::Text(&comparison.other)),
        ("measure", Cell::Text(measure.name)),
        ("more_is_better", Cell::Truth(measure.more_is_better)),
        ("series", Cell::count(measure.differences.len())),
        ("wins", Cell::count(measure.wins)),
        ("ties", Cell::count(measure.ties)),
        ("losses", Cell::count(measure.losses)),
        ("mean_difference", Cell::maybe(measure.mean)),
        (
            "mean_difference_low",
            Cell::maybe(range.map(|range| range[0])),
        ),
        (
            "mean_difference_high",
            Cell::maybe(range.map(|range| range[1])),
        ),
        ("sign_test", Cell::Number(measure.sign_test)),
    ]
}

/// Heads of what everybody is told, and of what needs incidents.
const HEADS: [&str; 3] = ["", "alerts", "per series, 30 d"];
const LABELLED: [&str; 9] = [
    "of them false",
    "found",
    "precision",
    "delay",
    "in rows",
    "NAB as told",
    "VUS-PR",
    "AP",
    "range F1",
];

fn heads(labelled: bool) -> Vec<String> {
    let heads = HEADS.iter().chain(LABELLED.iter().filter(|_| labelled));
    heads.map(|head| (*head).to_owned()).collect()
}

fn row(name: &str, of: &Figures, labelled: bool) -> Vec<String> {
    let operator = &of.operator;
    let mut row = vec![
        name.to_owned(),
        operator.alerts.to_string(),
        number(operator.alerts_per_30_days(), 2),
    ];
    if labelled {
        let delay = operator.median_delay();
        row.extend([
            number(operator.false_alerts_per_30_days(), 2),
            format!("{} of {}", operator.found.len(), operator.incidents),
            number(operator.precision(), 2),
            minutes(delay.map(|delay| delay.report_minutes)),
            number(delay.map(|delay| delay.report_rows), 1),
            number(of.nab_told[0], 1),
            number(of.vus_pr(), 3),
            number(of.average_precision(), 3),
            number(of.range_f1(), 3),
        ]);
    }
    row
}

fn table(asked: &Asked<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (series, labelled) = (asked.backtest.series(), asked.backtest.is_labelled());
    let span = asked.span.map_or_else(String::new, |span| {
        format!(" from {} to {}", span.start(), span.end())
    });
    let late = match asked.arrival {
        Duration::ZERO => String::new(),
        late => format!(", data {late} late"),
    };
    writeln!(out, "# backtest over {} series{span}{late}", series.len())?;
    let mut rows = vec![heads(labelled)];
    let totals = asked.contestants.iter();
    rows.extend(totals.map(|one| row(&one.name, &one.total, labelled)));
    aligned(&rows, out)?;
    if series.len() > 1 {
        for contestant in detections(asked) {
            worst(asked, contestant, out)?;
        }
    }
    for comparison in asked.comparisons {
        compared(comparison, out)?;
    }
    Ok(())
}

/// The contestants that are no yardsticks.
fn detections<'a>(asked: &Asked<'a>) -> &'a [Contestant] {
    &asked.contestants[..asked.comparisons.len() + 1]
}

/// The series with the most alerts that nobody needed, or with the most alerts.
fn worst(asked: &Asked<'_>, contestant: &Contestant, out: &mut dyn Write) -> io::Result<()> {
    let labelled = asked.backtest.is_labelled();
    let each = asked.backtest.series().iter().zip(&contestant.series);
    let mut each: Vec<(&ScoredSeries, &Figures)> =
        each.filter_map(|(s, f)| Some((s, f.as_ref()?))).collect();
    let count = |figures: &Figures| match labelled {
        true => figures.operator.false_alerts(),
        false => figures.operator.alerts,
    };
    // Stable: series with as many stay in their order.
    each.sort_by_key(|(_, figures)| std::cmp::Reverse(count(figures)));
    let what = if labelled { "false alerts" } else { "alerts" };
    writeln!(
        out,
        "\n{}, the series with the most {what} first",
        contestant.name
    )?;
    let mut rows = vec![heads(labelled)];
    let shown = each.iter().take(SHOWN);
    rows.extend(shown.map(|(series, figures)| row(&series.name, figures, labelled)));
    aligned(&rows, out)?;
    match each.len().saturating_sub(SHOWN) {
        0 => Ok(()),
        more => writeln!(out, "and {more} more; --format csv has them all"),
    }
}

fn compared(comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "\n{} less {}, series by series",
        comparison.other, comparison.first
    )?;
    let heads = [
        "",
        "mean",
        "95 % of means",
        "better",
        "same",
        "worse",
        "by chance",
    ];
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    for measure in &comparison.measures {
        let range = measure.mean_range.map_or_else(
            || "-".to_owned(),
            |[low, high]| format!("{low:+.3} to {high:+.3}"),
        );
        rows.push(vec![
            measure.name.to_owned(),
            measure
                .mean
                .map_or_else(|| "-".to_owned(), |mean| format!("{mean:+.3}")),
            range,
            measure.wins.to_string(),
            measure.ties.to_string(),
            measure.losses.to_string(),
            number(Some(measure.sign_test), 3),
        ]);
    }
    aligned(&rows, out)
}
