//! Tables with one row per series, its values at successive steps.

use super::gathering::Gathering;
use super::records::Records;
use super::spread::Spread;
use super::table::{self, Row};
use super::{FileError, Layout, TimeUnit, cell};
use crate::{FrameError, Instant};

/// Reads all series. Empty cells at the end of a row are no rows; others are missing values.
pub(super) fn read(
    gathering: &mut Gathering<'_>,
    mut records: Records<'_>,
) -> Result<(), FrameError> {
    let file = records.file();
    let names = table::header(&mut records)?;
    check_names(file, &names)?;
    let spread = Spread::find(names, file, Layout::Series, gathering.options)?;
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
            let value = row.number(column, None)?;
            frame.push(instants[step], combination, &[value]);
            rows += 1;
        }
    }
    gathering.end(file, rows)
}

/// Numbers in the header count steps; others are values, and the header is missing.
fn check_names(file: &str, names: &[String]) -> Result<(), FrameError> {
    let numbers = names
        .iter()
        .skip(1)
        .map(|name| cell::plain(name.as_bytes()));
    let numbers: Vec<f64> = numbers.flatten().collect();
    if numbers.len() < 2 || numbers.windows(2).all(|pair| pair[0] < pair[1]) {
        return Ok(());
    }
    Err(FileError::BrokenRow {
        file: file.to_owned(),
        row: 1,
        problem: "the header holds values instead of names".to_owned(),
        remedy: "put a line of names before the first series, such as `series,1,2,3`",
    }
    .into())
}
