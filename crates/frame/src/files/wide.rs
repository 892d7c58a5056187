//! Tables with one row per stamp and one column per series.

use super::Layout;
use super::columns::Header;
use super::gathering::Gathering;
use super::known::Known;
use super::records::Records;
use super::spread::Spread;
use super::table::{self, Instead, Row};
use crate::{FrameBuilder, FrameError};

/// What to do about a column of words, and about a cell.
const INSTEAD: Instead = Instead {
    word: "leave the column out (--ignore COLUMN), or name it as a dimension (--dimension)",
    cell: "correct the cell, or leave the column out (--ignore COLUMN)",
};

/// Reads all rows: a row of the frame for each series, in the order of the columns.
pub(super) fn read(
    gathering: &mut Gathering<'_>,
    mut records: Records<'_>,
) -> Result<(), FrameError> {
    let file = records.file();
    let names = table::header(&mut records)?;
    let spread = Spread::find(names, file, Layout::Wide, gathering.options)?;
    let names = &spread.names[..];
    gathering.agree_on_columns(file, names)?;
    let unit = Header { names, file }.unit(spread.key);
    gathering.begin(file, gathering.options.time_unit.or(unit))?;
    let metric = vec![spread.metric.clone()];
    let stem = gathering.stem(file);
    let (frame, stamps) = gathering.table(file, metric, spread.dimension_names());

    let mut known = Known::default();
    // For each combination of the other dimensions, that of each series.
    let mut combinations: Vec<Vec<u32>> = Vec::new();
    let mut rows: u64 = 0;
    while records.advance()? {
        let row = Row::of(&records, names)?;
        let cells = spread
            .dimensions
            .iter()
            .map(|(_, column)| row.bytes(*column));
        let group = match known.find(cells) {
            Some(group) => group as usize,
            None => {
                known.remember(combinations.len() as u32);
                combinations.push(of_series(&spread, row, stem, frame)?);
                combinations.len() - 1
            }
        };
        let group = &combinations[group];
        let place = || row.place(spread.key);
        let at = stamps.read(row.bytes(spread.key), row.line(), group[0], place)?;
        for (&column, &combination) in spread.values.iter().zip(group) {
            let value = row.number(column, Some(INSTEAD))?;
            frame.push(at, combination, &[value]);
        }
        rows += 1;
    }
    gathering.end(file, rows)
}

/// The combination of each series with the dimensions of `row`.
fn of_series(
    spread: &Spread,
    row: Row<'_>,
    stem: Option<&str>,
    frame: &mut FrameBuilder,
) -> Result<Vec<u32>, FrameError> {
    let mut found = Vec::with_capacity(spread.values.len());
    for &column in &spread.values {
        let cells = spread
            .dimensions
            .iter()
            .map(|(_, column)| row.text(*column));
        let series = [Ok(spread.names[column].as_str())];
        found.push(frame.combination(cells.chain(series).chain(stem.map(Ok)))?);
    }
    Ok(found)
}
