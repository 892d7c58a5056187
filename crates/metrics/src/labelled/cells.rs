//! A table in a text file, plain or gzip, cut into cells that know their place.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use csv::{ByteRecord, ReaderBuilder, StringRecord};
use flate2::read::MultiGzDecoder;
use tuatara_frame::files::FileError;
use tuatara_frame::{FrameError, Place, closest};

use crate::{MetricsError, Result};

/// The first bytes of a gzip file.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The characters that may stand between cells, each in words.
const DELIMITERS: [(u8, &str); 4] = [
    (b',', "commas"),
    (b';', "semicolons"),
    (b'\t', "tabs"),
    (b'|', "bars (|)"),
];

/// A table with a header. Every row has a cell for each column.
pub(super) struct Cells {
    file: String,
    header: Vec<String>,
    rows: Vec<StringRecord>,
}

impl Cells {
    /// Reads all of `reader`. `file` is its name in messages.
    pub(super) fn read(reader: impl Read, file: &str) -> Result<Self> {
        let bytes = bytes(reader, file)?;
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter(bytes, file)?)
            .from_reader(bytes);
        let mut table = Self {
            file: file.to_owned(),
            header: Vec::new(),
            rows: Vec::new(),
        };
        for record in reader.byte_records() {
            // Bytes in memory that may have any length: there is nothing that can fail.
            let record = record.map_err(|error| unreadable(file, error.into()))?;
            table.take(record)?;
        }
        if table.header.is_empty() {
            let file = file.to_owned();
            return Err(FrameError::EmptyFile { file }.into());
        }
        if table.rows.is_empty() {
            let dataset = file.to_owned();
            return Err(FrameError::NoRows { dataset }.into());
        }
        Ok(table)
    }

    fn take(&mut self, record: ByteRecord) -> Result<()> {
        let line = record.position().map_or(1, csv::Position::line);
        let mut record = StringRecord::from_byte_record(record).map_err(|error| {
            let index = error.utf8_error().field();
            let column = match self.header.get(index) {
                Some(name) => name.clone(),
                None => (index + 1).to_string(),
            };
            let place = self.place_of(line, column);
            FrameError::NotUtf8 { place }
        })?;
        record.trim();
        if !self.header.is_empty() {
            if record.len() != self.header.len() {
                return Err(MetricsError::RaggedRow {
                    file: self.file.clone(),
                    row: line,
                    got: record.len(),
                    expected: self.header.len(),
                });
            }
            self.rows.push(record);
            return Ok(());
        }
        self.header = record.iter().map(str::to_owned).collect();
        for (index, name) in self.header.iter().enumerate() {
            if self.header[..index].contains(name) {
                return Err(FrameError::DuplicateColumn {
                    file: self.file.clone(),
                    column: name.clone(),
                }
                .into());
            }
        }
        Ok(())
    }

    /// The name of the file.
    pub(super) fn file(&self) -> &str {
        &self.file
    }

    /// The names of the columns.
    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    /// How many rows there are, without the header.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The text of a cell without spaces around it.
    pub(super) fn cell(&self, row: usize, column: usize) -> &str {
        &self.rows[row][column]
    }

    /// The line of a row, from 1.
    pub(super) fn line(&self, row: usize) -> u64 {
        self.rows[row].position().map_or(0, csv::Position::line)
    }

    /// Where a cell stands.
    pub(super) fn place(&self, row: usize, column: usize) -> Box<Place> {
        self.place_of(self.line(row), self.header[column].clone())
    }

    fn place_of(&self, row: u64, column: String) -> Box<Place> {
        let file = self.file.clone();
        Box::new(Place { file, row, column })
    }

    /// The column called `name`.
    pub(super) fn named(&self, role: &'static str, name: &str) -> Result<usize> {
        let found = self.header.iter().position(|column| column == name);
        found.ok_or_else(|| self.without(role, name))
    }

    /// The one column with one of the usual names, in any case of letters; none if there is none.
    pub(super) fn usual(&self, role: &'static str, names: &[&str]) -> Result<Option<usize>> {
        let is_usual = |name: &&String| names.iter().any(|usual| usual.eq_ignore_ascii_case(name));
        let found: Vec<&String> = self.header.iter().filter(is_usual).collect();
        match found[..] {
            [] => Ok(None),
            [name] => self.named(role, name).map(Some),
            _ => Err(MetricsError::SeveralColumns {
                file: self.file.clone(),
                role,
                found: found.into_iter().cloned().collect(),
            }),
        }
    }

    /// That there is no column called `name`.
    pub(super) fn without(&self, role: &'static str, name: &str) -> MetricsError {
        let known = || self.header.iter().map(String::as_str);
        MetricsError::NoColumn {
            file: self.file.clone(),
            role,
            column: name.to_owned(),
            known: known().map(str::to_owned).collect(),
            suggestion: closest(name, known()).map(str::to_owned),
        }
    }

    /// The number in a cell, NaN where it is missing. Infinities are refused.
    pub(super) fn number(&self, row: usize, column: usize) -> Result<f64> {
        let text = self.cell(row, column);
        let is_missing = ["", "nan", "null", "na", "none"]
            .iter()
            .any(|missing| missing.eq_ignore_ascii_case(text));
        if is_missing {
            return Ok(f64::NAN);
        }
        let number: Option<f64> = text.parse().ok();
        number.filter(|number| number.is_finite()).ok_or_else(|| {
            FrameError::BadNumber {
                place: self.place(row, column),
                value: text.to_owned(),
                allowed: "finite numbers, and nothing, NaN, null, NA or None where one is missing",
                remedy: "correct it, or leave the column out",
            }
            .into()
        })
    }
}

/// Opens a file for reading.
pub(super) fn open(path: &Path) -> Result<(File, String)> {
    let name = path.display().to_string();
    match File::open(path) {
        Ok(file) => Ok((file, name)),
        Err(source) => Err(unreadable(&name, source)),
    }
}

/// All bytes, unpacked if they are gzip.
pub(super) fn bytes(mut reader: impl Read, file: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = reader.read_to_end(&mut bytes);
    read.map_err(|source| unreadable(file, source))?;
    if !bytes.starts_with(&GZIP) {
        return Ok(bytes);
    }
    let mut unpacked = Vec::new();
    let read = MultiGzDecoder::new(&bytes[..]).read_to_end(&mut unpacked);
    read.map_err(|source| unreadable(file, source))?;
    Ok(unpacked)
}

fn unreadable(file: &str, source: std::io::Error) -> MetricsError {
    let file = file.to_owned();
    FrameError::Unreadable { file, source }.into()
}

/// The only usual delimiter in the first line outside quotes; a comma for one column.
fn delimiter(bytes: &[u8], file: &str) -> Result<u8> {
    let mut quoted = false;
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let first = lines.find(|line| !line.trim_ascii().is_empty());
    let outside: Vec<u8> = first
        .unwrap_or_default()
        .iter()
        .copied()
        .filter(|byte| {
            quoted ^= *byte == b'"';
            !quoted
        })
        .collect();
    let is_there = |(byte, _): &&(u8, &str)| outside.contains(byte);
    let found: Vec<_> = DELIMITERS.iter().filter(is_there).collect();
    match found[..] {
        [] => Ok(b','),
        [(only, _)] => Ok(*only),
        _ => Err(FrameError::from(FileError::DelimiterUnclear {
            file: file.to_owned(),
            found: found.iter().map(|(_, words)| *words).collect(),
        })
        .into()),
    }
}
