//! The series of a detector's own, drawn below those it judges.

use std::fmt::Write;

use tuatara::core::Row;
use tuatara::frame::{Interval, Zone};
use tuatara::{Report, Result};

use crate::chart::{Chart, FULL, below};
use crate::dates::ticks;
use crate::panel::{Across, LEFT, WIDTH};
use crate::path::{Point, line};
use crate::scale::Range;
use crate::text::Escaped;

const HEIGHT: f64 = 54.0;
const NAME: f64 = 20.0;
/// The width of a column where there are many points.
const COLUMN: f64 = 4.0;
/// Series of a rule that are drawn in columns of that width.
const FEW: f64 = 3.0;

/// All of them for `chart`, or nothing where its detectors have none.
///
/// # Errors
/// When a detector refuses what it took before.
pub(crate) fn internals(
    report: &Report,
    chart: &Chart<'_>,
    (span, zone): (Interval, Zone),
) -> Result<Option<String>> {
    let across = Across {
        span,
        coarse: chart.coarse,
    };
    let dates = ticks(span, zone, 11);
    let mut grid = String::new();
    for tick in &dates {
        let x = across.at(tick.at.millis() as f64);
        let _ = write!(grid, "M{x:.1} 0v{HEIGHT}");
    }
    let (mut drawn, mut top) = (String::new(), 0.0);
    for (at, panel) in chart.panels.iter().enumerate() {
        let evaluation = chart.slice.with_internals(report.detection(), at)?;
        // Of many series each has less room.
        let many = evaluation.internals().iter().count() as f64 / FEW;
        let width = COLUMN * across.coarse * many.max(1.0);
        for (name, values) in evaluation.internals().iter() {
            top += NAME;
            let _ = writeln!(
                drawn,
                "<g class=\"panel\" transform=\"translate({LEFT} {top})\"><text class=\"rule\" y=\"-6\">\
                 {} · {}</text>\n{}</g>",
                Escaped(name),
                Escaped(panel.rule),
                column(&panel.rows, values, across, width, &grid)
            );
            top += HEIGHT;
        }
    }
    if drawn.is_empty() {
        return Ok(None);
    }
    let full = top + 36.0;
    Ok(Some(format!(
        "<svg class=\"chart own\" viewBox=\"0 0 {FULL} {full}\" role=\"group\" \
         aria-label=\"Series of the detectors\">\n{drawn}{}</svg>\n",
        below(&dates, across, top)
    )))
}

/// One series.
fn column(
    rows: &[(Interval, Row)],
    values: &[f64],
    across: Across,
    width: f64,
    grid: &str,
) -> String {
    let range = Range::of(values.iter().copied(), std::iter::empty());
    let points: Vec<Point> = rows
        .iter()
        .zip(values)
        .map(|((bucket, _), &value)| {
            let down = value.is_finite().then(|| range.down(value, HEIGHT));
            (across.middle(*bucket), down)
        })
        .collect();
    let mut out = String::new();
    for (value, label) in range.ticks(3) {
        let down = range.down(value, HEIGHT) + 3.5;
        let _ = write!(
            out,
            "<text class=\"number\" x=\"-7\" y=\"{down:.1}\">{label}</text>"
        );
    }
    let d = line(&points, WIDTH, width);
    let _ = write!(
        out,
        "<svg class=\"plot\" width=\"{WIDTH}\" height=\"{HEIGHT}\"><rect class=\"paper\" \
         width=\"{WIDTH}\" height=\"{HEIGHT}\"/><path class=\"grid\" d=\"{grid}\"/><g class=\"moved\">\
         <path class=\"value\" d=\"{d}\"/></g></svg>"
    );
    out
}
