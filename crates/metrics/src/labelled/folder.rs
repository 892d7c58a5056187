//! Which files of a folder are data.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Every `.csv` and `.csv.gz` in `folder` and the folders within, in order of their paths.
///
/// ```
/// use tuatara_metrics::labelled::data_files;
///
/// let root = std::env::temp_dir().join("tuatara-data-files");
/// std::fs::create_dir_all(root.join("b"))?;
/// for name in ["b/two.csv.gz", "a.csv", "notes.md"] {
///     std::fs::write(root.join(name), "")?;
/// }
/// assert_eq!(data_files(&root)?, [root.join("a.csv"), root.join("b/two.csv.gz")]);
/// # std::fs::remove_dir_all(&root)?;
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// That of the first folder that cannot be listed.
pub fn data_files(folder: impl AsRef<Path>) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    gather(folder.as_ref(), &mut files)?;
    files.sort();
    Ok(files)
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.to_string_lossy();
        let is_data = name.ends_with(".csv") || name.ends_with(".csv.gz");
        if path.is_dir() {
            gather(&path, files)?;
        } else if is_data {
            files.push(path);
        }
    }
    Ok(())
}
