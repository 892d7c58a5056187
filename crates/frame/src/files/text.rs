//! The text of a file, a window of it in memory at a time.

use std::io::{self, BufReader, Cursor, Read};

use flate2::read::MultiGzDecoder;
use memchr::memchr;

use super::FileError;
use crate::FrameError;

/// The first bytes of every gzip file (RFC 1952, §2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// The mark that some programs put before UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
/// How much is read at a time.
const CHUNK: usize = 1 << 16;
/// The longest row; longer ones come of a quote that is never closed.
const LONGEST_ROW: usize = 1 << 26;

const EXPORT: &str = "export the data as CSV";

/// The first bytes of files that are not text: each with what it is, and the remedy.
const FOREIGN: [(&[u8], &str, &str); 15] = [
    (
        b"PK\x03\x04",
        "a zip archive, as spreadsheets (.xlsx, .ods) are",
        "unpack it, or export the sheet as CSV",
    ),
    (b"PAR1", "a Parquet file", EXPORT),
    (b"SQLite format 3\0", "an SQLite database", EXPORT),
    (b"ARROW1", "an Arrow file", EXPORT),
    (b"Obj\x01", "an Avro file", EXPORT),
    (b"ORC", "an ORC file", EXPORT),
    (b"\x89HDF", "an HDF5 file", EXPORT),
    (
        b"\xd0\xcf\x11\xe0",
        "an old spreadsheet (.xls)",
        "export the sheet as CSV",
    ),
    (
        b"BZh",
        "packed with bzip2",
        "unpack it, or pack it with gzip",
    ),
    (
        b"\xfd7zXZ",
        "packed with xz",
        "unpack it, or pack it with gzip",
    ),
    (
        b"\x28\xb5\x2f\xfd",
        "packed with zstd",
        "unpack it, or pack it with gzip",
    ),
    (
        b"7z\xbc\xaf",
        "packed with 7-Zip",
        "unpack it, or pack it with gzip",
    ),
    (b"%PDF", "a PDF", EXPORT),
    (b"\xff\xfe", "UTF-16 text", "save it as UTF-8"),
    (b"\xfe\xff", "UTF-16 text", "save it as UTF-8"),
];

/// The text of a file without byte order mark, unpacked.
pub(super) struct Text<'a> {
    reader: Box<dyn Read + 'a>,
    file: &'a str,
    bytes: Vec<u8>,
    /// `bytes[start..end]` are read and not yet consumed.
    start: usize,
    end: usize,
    /// Whether a NUL has been read.
    has_nul: bool,
}

impl<'a> Text<'a> {
    /// Unpacks `reader` if it is gzip, and refuses what is no UTF-8 text by its first bytes.
    pub(super) fn open(mut reader: impl Read + 'a, file: &'a str) -> Result<Self, FrameError> {
        let mut magic = Vec::with_capacity(GZIP.len());
        let unreadable = |source| FrameError::Unreadable {
            file: file.to_owned(),
            source,
        };
        let count = GZIP.len() as u64;
        reader
            .by_ref()
            .take(count)
            .read_to_end(&mut magic)
            .map_err(unreadable)?;
        let is_gzip = magic == GZIP;
        let whole = Cursor::new(magic).chain(reader);
        let mut text = Self {
            reader: if is_gzip {
                let packed = BufReader::with_capacity(CHUNK, whole);
                Box::new(MultiGzDecoder::new(packed))
            } else {
                Box::new(whole)
            },
            file,
            bytes: Vec::new(),
            start: 0,
            end: 0,
            has_nul: false,
        };
        // Some readers bring little at a time.
        while text.unread().len() < CHUNK / 8 && text.grow()? {}
        if text.unread().starts_with(BYTE_ORDER_MARK) {
            text.consume(BYTE_ORDER_MARK.len());
        }
        text.check_is_text()?;
        Ok(text)
    }

    fn check_is_text(&self) -> Result<(), FrameError> {
        let head = self.unread();
        let foreign = FOREIGN.iter().find(|(magic, ..)| head.starts_with(magic));
        let (what, remedy) = match foreign {
            Some((_, what, remedy)) => (*what, *remedy),
            None if head.first() == Some(&b'<') => (
                "HTML or XML, perhaps a page that asks for a login",
                "fetch the data themselves",
            ),
            None if self.has_nul => (
                "not text, as it holds NUL bytes",
                "export the data as CSV, or save the text as UTF-8",
            ),
            None => return Ok(()),
        };
        Err(FileError::NotText {
            file: self.file.to_owned(),
            what,
            remedy,
        }
        .into())
    }

    /// The name of the file.
    pub(super) const fn file(&self) -> &'a str {
        self.file
    }

    /// What is in memory and not yet consumed.
    pub(super) fn unread(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    /// Whether a NUL is among the bytes read so far.
    pub(super) const fn has_nul(&self) -> bool {
        self.has_nul
    }

    /// Done with the first `count` bytes of [`unread`](Self::unread).
    pub(super) const fn consume(&mut self, count: usize) {
        self.start += count;
    }

    /// Reads more behind what is unread, which keeps its order and may move; false at the end.
    pub(super) fn grow(&mut self) -> Result<bool, FrameError> {
        if self.start > 0 {
            self.bytes.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.end == self.bytes.len() {
            self.bytes.resize((self.end * 2).max(CHUNK), 0);
        }
        let read = loop {
            match self.reader.read(&mut self.bytes[self.end..]) {
                Ok(read) => break read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(source) => {
                    return Err(FrameError::Unreadable {
                        file: self.file.to_owned(),
                        source,
                    });
                }
            }
        };
        let new = &self.bytes[self.end..self.end + read];
        self.has_nul |= memchr(0, new).is_some();
        self.end += read;
        Ok(read > 0)
    }

    /// As [`grow`](Self::grow), for the row that starts at line `row` and is still not complete.
    pub(super) fn grow_row(&mut self, row: u64) -> Result<bool, FrameError> {
        if self.unread().len() > LONGEST_ROW {
            return Err(FileError::BrokenRow {
                file: self.file.to_owned(),
                row,
                problem: "it is longer than 64 MiB".to_owned(),
                remedy: "end it with a line break; perhaps a quote is not closed",
            }
            .into());
        }
        self.grow()
    }
}

impl Read for Text<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.unread().is_empty() {
            match self.grow() {
                Ok(_) => {}
                Err(FrameError::Unreadable { source, .. }) => return Err(source),
                Err(other) => return Err(io::Error::other(other)),
            }
        }
        let count = self.unread().len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.unread()[..count]);
        self.consume(count);
        Ok(count)
    }
}
