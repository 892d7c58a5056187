//! From files to a frame.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::gathering::Gathering;
use super::{FileError, ReadOptions};
use crate::{Frame, FrameError};

/// Reads all of `reader`, plain or gzip by its first bytes. `file` is its name in messages. One row
/// is in memory at a time, beside the frame that grows.
///
/// # Errors
/// One for each thing that can be wrong with a file: [`FrameError::Unreadable`],
/// [`EmptyFile`](FrameError::EmptyFile), [`NoRows`](FrameError::NoRows),
/// [`NotUtf8`](FrameError::NotUtf8), [`DuplicateColumn`](FrameError::DuplicateColumn),
/// [`UnknownColumn`](FrameError::UnknownColumn), [`ColumnToName`](FrameError::ColumnToName),
/// [`RaggedRow`](FrameError::RaggedRow), [`BadNumber`](FrameError::BadNumber),
/// [`BadStamp`](FrameError::BadStamp), [`UnitUnknown`](FrameError::UnitUnknown),
/// [`StampSkipped`](FrameError::StampSkipped), [`UnknownMetric`](FrameError::UnknownMetric);
/// [`FrameError::File`] with each [`FileError`]; and those of [`FrameBuilder::build`](crate::FrameBuilder::build).
pub fn read(reader: impl Read, file: &str, options: &ReadOptions) -> Result<Frame, FrameError> {
    let mut gathering = Gathering::new(options);
    gathering.add(reader, file)?;
    gathering.finish()
}

/// Reads the file at `path`.
///
/// # Errors
/// [`FrameError::Unreadable`] when the file cannot be opened; otherwise those of [`read`].
pub fn read_path(path: impl AsRef<Path>, options: &ReadOptions) -> Result<Frame, FrameError> {
    read_paths(&[path], options)
}

/// Reads the files at `paths`, in this order, as one dataset. They have the same layout and, if
/// they are tables, the same columns, in any order; rows are counted in each on its own.
///
/// # Errors
/// Those of [`read_path`], [`FileError::FilesDiffer`], and
/// [`FrameError::NoRows`] without a path.
pub fn read_paths(paths: &[impl AsRef<Path>], options: &ReadOptions) -> Result<Frame, FrameError> {
    read_paths_through(paths, options, |file| file)
}

/// [`read_paths`], with each file behind what `wrap` makes of it: a reader that counts the bytes
/// for a progress bar, or one that ends with an error to stop.
///
/// # Errors
/// Those of [`read_paths`].
pub fn read_paths_through<R: Read>(
    paths: &[impl AsRef<Path>],
    options: &ReadOptions,
    wrap: impl Fn(File) -> R,
) -> Result<Frame, FrameError> {
    let mut gathering = Gathering::new(options);
    for path in paths {
        let path = path.as_ref();
        let name = path.display().to_string();
        if path.is_dir() {
            return Err(FileError::NotText {
                file: name,
                what: "a folder",
                remedy: "name the files in it",
            }
            .into());
        }
        match File::open(path) {
            Ok(file) => gathering.add(wrap(file), &name)?,
            Err(source) => return Err(FrameError::Unreadable { file: name, source }),
        }
    }
    gathering.finish()
}
