//! Tables with one row per series, its values at successive steps.

use super::gathering::Gathering;
use super::records::Records;
use super::spread::Spread;
use super::table::{self, Instead, Row};
use super::{FileError, Layout, TimeUnit, cell};
use crate::{FrameError, Instant};

/// What to do about a word among the values, and about a cell.
const INSTEAD: Instead = Instead {
    word: REMEDY,
    cell: REMEDY,
};
const REMEDY: &str = "correct the cell, or leave the column out if it is no step (--ignore COLUMN)";

/// Reads all series. Empty cells at the end of a row are no rows; others are missing values.
pub(super) fn read(
    gathering: &mut Gathering<'_>,
    mut records: Records<'_>,
) -> Result<(), FrameError> {
    let file = records.file();
    let names = table::header(&mut records)?;
    let line = records.row();
    let options = gathering.options;
    if options.dimensions.is_empty() && options.ignored.is_empty() {
        // Before two values of a missing header are taken for two columns of one name.
        are_steps(file, line, names.iter().skip(1).map(String::as_str))?;
    }
    let spread = Spread::find(names, file, Layout::Series, options)?;
    let values = spread.values.iter();
    if are_steps(
        file,
        line,
        values.map(|&column| spread.names[column].as_str()),
    )? {
        gathering.note(format!(
            "row {line} is read as the header, as its numbers count steps; if it is a series, \
             write a header line before it"
        ));
    }
    gathering.begin(file, Some(TimeUnit::Rows))?;
    let mut counter = gathering.counter(file)?;
    let metric = vec![spread.metric.clone()];
    let stem = gathering.stem(file);
    let (frame, _) = gathering.table(file, metric, spread.dimension_names());

    let mut instants: Vec<Instant> = Vec::new();
    let mut rows: u64 = 0;
    while records.advance()? {
        let row = Row::of(&records, &spread.names)?;
        let dimensions = spread.dimensions.iter().map(|(_, column)| *column);
        let cells = dimensions
            .chain([spread.key])
            .map(|column| row.text(column));
        let combination = frame.combination(cells.chain(stem.map(Ok)))?;
        let is_given = |column: &usize| !row.bytes(*column).is_empty();
        let length = spread.values.iter().rposition(is_given);
        for (step, &column) in spread.values[..length.map_or(0, |last| last + 1)]
            .iter()
            .enumerate()
        {
            if step == instants.len() {
                let at = counter.at(step as i64);
                let at = at.and_then(|millis| Instant::from_millis(millis).ok());
                instants.push(at.ok_or_else(|| FrameError::BadStamp {
                    place: row.place(column),
                    value: format!("step {step}"),
                    allowed: "steps that end in the year 9999",
                    remedy: "declare an earlier start or a finer granularity",
                })?);
            }
            let value = row.number(column, Some(INSTEAD))?;
            frame.push(instants[step], combination, &[value]);
            rows += 1;
        }
    }
    gathering.end(file, rows)
}

/// Whether the names are numbers. They count steps then, from 0 or 1; others are values, and the
/// header is missing.
fn are_steps<'a>(
    file: &str,
    row: u64,
    names: impl Iterator<Item = &'a str>,
) -> Result<bool, FrameError> {
    let names: Vec<&str> = names.collect();
    let numbers = names.iter().map(|name| cell::number(name));
    let Ok(numbers) = numbers.collect::<Result<Vec<f64>, _>>() else {
        return Ok(false);
    };
    let places = names.iter().zip(&numbers).enumerate();
    let mut given = places.filter(|(_, (name, _))| !name.is_empty());
    let Some((place, (_, &number))) = given.next() else {
        return Ok(false);
    };
    let from = number - place as f64;
    let counts = |start: f64| (from - start).abs() == 0.0;
    let is_next =
        |(place, (_, number)): (usize, (&&str, &f64))| (number - place as f64 - from).abs() == 0.0;
    if (counts(0.0) || counts(1.0)) && given.all(is_next) {
        return Ok(true);
    }
    Err(FileError::BrokenRow {
        file: file.to_owned(),
        row,
        problem: "the header holds values instead of names".to_owned(),
        remedy: "write a header line before the first series, such as `series,1,2,3`; numbers in \
                 it count steps, from 0 or 1",
    }
    .into())
}
