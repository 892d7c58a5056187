//! Runs the command as a person would.

#![allow(dead_code, reason = "each test uses a part")]

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

pub(crate) const LIMIT: &str = "
detectionName: too much
metric: value
rules:
  - detection:
      - { name: limit, type: THRESHOLD, params: { max: 10 } }
";

/// Six hours, of which the fifth is beyond the limit.
pub(crate) const HOURS: &str = "timestamp,value
2026-01-01T00:00:00Z,4
2026-01-01T01:00:00Z,5
2026-01-01T02:00:00Z,6
2026-01-01T03:00:00Z,5
2026-01-01T04:00:00Z,20
2026-01-01T05:00:00Z,5
";

/// A folder with `limit.yaml` and `hours.csv`.
pub(crate) fn hours() -> Folder {
    let folder = Folder::new();
    folder.write("limit.yaml", LIMIT);
    folder.write("hours.csv", HOURS);
    folder
}

/// `text`, packed.
pub(crate) fn gzip(text: &str) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap()
}

/// What a run of the command left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Standard output, of a run that found something or nothing but did not fail.
    pub(crate) fn results(self) -> String {
        assert!((0..=1).contains(&self.status), "{self:?}");
        self.out
    }
}

/// A folder of its own for one test, empty at first.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}-{number}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.0.join(name), text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap()
    }

    /// Runs `tuatara` in this folder.
    pub(crate) fn run<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Ran {
        tuatara(&self.0, args, b"")
    }

    /// Runs `tuatara` in this folder with the words of `line` as its arguments.
    pub(crate) fn line(&self, line: &str) -> Ran {
        self.run(line.split_whitespace())
    }

    /// What is said by a run that must fail, with status 2 and nothing on standard output.
    pub(crate) fn error(&self, line: &str) -> String {
        let ran = self.line(line);
        assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{line}: {ran:?}");
        ran.err
    }

    /// Runs the words of `line` with `input` on standard input.
    pub(crate) fn line_with_input(&self, line: &str, input: &[u8]) -> Ran {
        tuatara(&self.0, line.split_whitespace(), input)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs `tuatara` with `args` in `folder` and `input` on standard input.
pub(crate) fn tuatara<A: AsRef<OsStr>>(
    folder: &Path,
    args: impl IntoIterator<Item = A>,
    input: &[u8],
) -> Ran {
    let mut child = command(folder, args).spawn().unwrap();
    // It may end before it has read everything.
    let _ = child.stdin.take().unwrap().write_all(input);
    let ended = child.wait_with_output().unwrap();
    Ran {
        status: ended.status.code().expect("it ended by itself"),
        out: String::from_utf8(ended.stdout).unwrap(),
        err: String::from_utf8(ended.stderr).unwrap(),
    }
}

/// The command with all streams piped.
pub(crate) fn command<A: AsRef<OsStr>>(
    folder: &Path,
    args: impl IntoIterator<Item = A>,
) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tuatara"));
    command
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// A file of the project.
pub(crate) fn shipped(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}
