//! From bytes to a frame.

use std::fs::File;
use std::io::{self, Chain, Cursor, Read};
use std::path::Path;

use ::csv::{ByteRecord, Reader, ReaderBuilder};
use flate2::read::MultiGzDecoder;

use super::ReadOptions;
use super::cell::{number, trim};
use super::columns::Columns;
use super::lines::Lines;
use super::stamps::Stamps;
use crate::{Frame, FrameBuilder, FrameError, Place, Zone};

/// The first bytes of every gzip file (RFC 1952, §2.3.1).
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
/// The mark that some programs put before UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Reads the file at `path`, as CSV or as gzip of CSV by its first bytes.
///
/// # Errors
/// [`FrameError::Unreadable`] when the file cannot be opened; otherwise those of [`read`].
pub fn read_path(path: impl AsRef<Path>, options: &ReadOptions) -> Result<Frame, FrameError> {
    let path = path.as_ref();
    let name = path.display().to_string();
    match File::open(path) {
        Ok(file) => read(file, &name, options),
        Err(source) => Err(FrameError::Unreadable { file: name, source }),
    }
}

/// Reads all of `reader`, as CSV or as gzip of CSV by its first bytes. `file` is its name in
/// messages.
///
/// # Errors
/// One for each thing that can be wrong with a file: [`FrameError::Unreadable`],
/// [`EmptyFile`](FrameError::EmptyFile), [`NoRows`](FrameError::NoRows),
/// [`NotUtf8`](FrameError::NotUtf8), [`DuplicateColumn`](FrameError::DuplicateColumn),
/// [`UnknownColumn`](FrameError::UnknownColumn), [`ColumnToName`](FrameError::ColumnToName),
/// [`RaggedRow`](FrameError::RaggedRow), [`BadNumber`](FrameError::BadNumber),
/// [`BadStamp`](FrameError::BadStamp), [`UnitUnknown`](FrameError::UnitUnknown),
/// [`StampSkipped`](FrameError::StampSkipped), [`MixedStamps`](FrameError::MixedStamps); and those
/// of [`FrameBuilder::build`].
pub fn read(mut reader: impl Read, file: &str, options: &ReadOptions) -> Result<Frame, FrameError> {
    let head = head(&mut reader, GZIP_MAGIC.len(), file)?;
    if head == GZIP_MAGIC {
        let packed = Cursor::new(head).chain(reader);
        Table::open(MultiGzDecoder::new(packed), file, options)?.read(options)
    } else {
        Table::open(Cursor::new(head).chain(reader), file, options)?.read(options)
    }
}

/// The first `count` bytes of `reader`, or all if there are fewer.
fn head(reader: &mut impl Read, count: usize, file: &str) -> Result<Vec<u8>, FrameError> {
    let mut head = Vec::with_capacity(count);
    match reader.take(count as u64).read_to_end(&mut head) {
        Ok(_) => Ok(head),
        Err(source) => Err(FrameError::Unreadable {
            file: file.to_owned(),
            source,
        }),
    }
}

/// A file whose header has been read.
struct Table<'a, R> {
    reader: Reader<Lines<Chain<Cursor<Vec<u8>>, R>>>,
    file: &'a str,
    columns: Columns,
}

impl<'a, R: Read> Table<'a, R> {
    fn open(mut text: R, file: &'a str, options: &ReadOptions) -> Result<Self, FrameError> {
        let mut head = head(&mut text, BYTE_ORDER_MARK.len(), file)?;
        if head == BYTE_ORDER_MARK {
            head.clear();
        }
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(1 << 16)
            .from_reader(Lines::new(Cursor::new(head).chain(text)));
        let mut header = ByteRecord::new();
        let Some(end) = next_record(&mut reader, &mut header, file)? else {
            return Err(FrameError::EmptyFile {
                file: file.to_owned(),
            });
        };
        let mut names = Vec::with_capacity(header.len());
        for (i, cell) in header.iter().enumerate() {
            let name = std::str::from_utf8(cell).map_err(|_| FrameError::NotUtf8 {
                place: Box::new(Place {
                    file: file.to_owned(),
                    row: row_of(&header, end),
                    column: (i + 1).to_string(),
                }),
            })?;
            names.push(name.trim().to_owned());
        }
        let columns = Columns::find(names, file, options)?;
        Ok(Self {
            reader,
            file,
            columns,
        })
    }

    fn read(mut self, options: &ReadOptions) -> Result<Frame, FrameError> {
        let zone = options.zone.unwrap_or(Zone::UTC);
        let unit = options.time_unit.or(self.columns.unit);
        let metrics = self
            .columns
            .metrics
            .iter()
            .map(|(metric, _)| metric.clone());
        let names = self
            .columns
            .dimensions
            .iter()
            .map(|(name, _)| name.as_str());
        let mut frame = Frame::builder(&options.dataset_name(self.file), metrics)
            .dimensions(names)
            .zone(zone);
        if let Some(granularity) = options.granularity {
            frame = frame.granularity(granularity);
        }
        let mut stamps = Stamps::new(zone, unit);
        if self.read_rows(&mut frame, &mut stamps)? == 0 {
            return Err(FrameError::NoRows {
                dataset: self.file.to_owned(),
            });
        }
        for note in self.notes(&stamps, options) {
            frame = frame.note(note);
        }
        frame.build()
    }

    fn read_rows(
        &mut self,
        frame: &mut FrameBuilder,
        stamps: &mut Stamps,
    ) -> Result<u64, FrameError> {
        let mut record = ByteRecord::new();
        let mut values = vec![f64::NAN; self.columns.metrics.len()];
        let mut rows = 0;
        while let Some(end) = next_record(&mut self.reader, &mut record, self.file)? {
            rows += 1;
            let row = Row {
                file: self.file,
                columns: &self.columns,
                record: &record,
                end,
            };
            row.check_length()?;
            let dimensions = self.columns.dimensions.iter();
            let combination = frame.combination(dimensions.map(|(_, column)| row.text(*column)))?;
            let time = self.columns.time;
            let at = stamps.read(row.text(time)?, combination, || row.place(time))?;
            for (value, (_, column)) in values.iter_mut().zip(&self.columns.metrics) {
                *value = row.number(*column)?;
            }
            frame.push(at, combination, &values);
        }
        Ok(rows)
    }

    fn notes(&self, stamps: &Stamps, options: &ReadOptions) -> Vec<String> {
        let mut notes = Vec::new();
        if stamps.were_civil() && options.zone.is_none() {
            notes
                .push("civil stamps without a zone are read as UTC; --tz names another".to_owned());
        }
        if self.columns.unit.is_some() && options.time_unit.is_none() && !stamps.were_civil() {
            let name = &self.columns.names[self.columns.time];
            notes.push(format!(
                "numbers in `{name}` are read as milliseconds, as the name says"
            ));
        }
        notes.extend(stamps.doubled_note());
        if !self.columns.unused.is_empty() {
            notes.push(format!(
                "columns not read: {}",
                self.columns.unused.join(", ")
            ));
        }
        notes
    }
}

/// A row at hand.
struct Row<'a> {
    file: &'a str,
    columns: &'a Columns,
    record: &'a ByteRecord,
    /// The line after the record.
    end: u64,
}

impl<'a> Row<'a> {
    fn place(&self, column: usize) -> Box<Place> {
        Box::new(Place {
            file: self.file.to_owned(),
            row: row_of(self.record, self.end),
            column: self.columns.names[column].clone(),
        })
    }

    fn check_length(&self) -> Result<(), FrameError> {
        let (got, expected) = (self.record.len(), self.columns.names.len());
        if got == expected {
            return Ok(());
        }
        Err(FrameError::RaggedRow {
            file: self.file.to_owned(),
            row: row_of(self.record, self.end),
            got,
            expected,
        })
    }

    /// The text of a cell without spaces around.
    fn text(&self, column: usize) -> Result<&'a str, FrameError> {
        std::str::from_utf8(trim(&self.record[column])).map_err(|_| FrameError::NotUtf8 {
            place: self.place(column),
        })
    }

    fn number(&self, column: usize) -> Result<f64, FrameError> {
        let text = self.text(column)?;
        number(text).map_err(|(allowed, remedy)| FrameError::BadNumber {
            place: self.place(column),
            value: text.to_owned(),
            allowed,
            remedy,
        })
    }
}

/// The line of the file, from 1, on which a record starts that is followed by line `end`.
fn row_of(record: &ByteRecord, end: u64) -> u64 {
    let breaks = record
        .as_slice()
        .iter()
        .filter(|&&byte| byte == b'\n')
        .count() as u64;
    // The reader counts blank lines before a record as part of it, so its own position is too early.
    let earliest = record.position().map_or(1, ::csv::Position::line);
    end.saturating_sub(breaks + 1).max(earliest)
}

/// Reads the next record; the line after it, or nothing at the end.
fn next_record<R: Read>(
    reader: &mut Reader<R>,
    record: &mut ByteRecord,
    file: &str,
) -> Result<Option<u64>, FrameError> {
    match reader.read_byte_record(record) {
        Ok(true) => Ok(Some(reader.position().line())),
        Ok(false) => Ok(None),
        Err(error) => Err(FrameError::Unreadable {
            file: file.to_owned(),
            source: match error.into_kind() {
                ::csv::ErrorKind::Io(source) => source,
                other => io::Error::other(format!("{other:?}")),
            },
        }),
    }
}
