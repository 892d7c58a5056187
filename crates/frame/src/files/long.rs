//! Tables with one row per stamp and combination of dimension values.

use super::columns::Columns;
use super::gathering::Gathering;
use super::known::Known;
use super::records::Records;
use super::table::{self, Row};
use crate::{FrameError, Metric};

/// Reads all rows.
pub(super) fn read(
    gathering: &mut Gathering<'_>,
    mut records: Records<'_>,
) -> Result<(), FrameError> {
    let file = records.file();
    let names = table::header(&mut records)?;
    let columns = Columns::find(names, file, gathering.options)?;
    note(gathering, &columns);
    gathering.agree_on_columns(file, &columns.names)?;
    gathering.begin(file, gathering.options.time_unit.or(columns.unit))?;
    let metrics: Vec<Metric> = columns.metrics.iter().map(|(m, _)| m.clone()).collect();
    let dimensions = columns.dimensions.iter().map(|(name, _)| name.clone());
    let stem = gathering.stem(file);
    let (frame, stamps) = gathering.table(file, metrics, dimensions.collect());

    let mut known = Known::default();
    let mut values = vec![f64::NAN; columns.metrics.len()];
    let mut rows: u64 = 0;
    while records.advance()? {
        let row = Row::of(&records, &columns.names)?;
        let dimensions = || columns.dimensions.iter().map(|(_, column)| *column);
        let combination = match known.find(dimensions().map(|column| row.bytes(column))) {
            Some(combination) => combination,
            None => {
                let texts = dimensions().map(|column| row.text(column));
                let combination = frame.combination(texts.chain(stem.map(Ok)))?;
                known.remember(combination);
                combination
            }
        };
        let time = columns.time;
        let place = || row.place(time);
        let at = stamps.read(row.bytes(time), row.line(), combination, place)?;
        for (value, (_, column)) in values.iter_mut().zip(&columns.metrics) {
            *value = row.number(*column, None)?;
        }
        frame.push(at, combination, &values);
        rows += 1;
    }
    gathering.end(file, rows)
}

fn note(gathering: &mut Gathering<'_>, columns: &Columns) {
    if columns.unit.is_some() && gathering.options.time_unit.is_none() {
        gathering.note(format!(
            "numbers in `{}` are read as milliseconds, as the name says",
            columns.names[columns.time]
        ));
    }
    let named = columns.unused.iter().filter(|name| !name.is_empty());
    let named: Vec<&str> = named.map(String::as_str).collect();
    if !named.is_empty() {
        gathering.note(format!("columns not read: {}", named.join(", ")));
    }
    match columns.unused.len() - named.len() {
        0 => {}
        1 => gathering.note("not read: 1 column without a name".to_owned()),
        unnamed => gathering.note(format!("not read: {unnamed} columns without a name")),
    }
}
