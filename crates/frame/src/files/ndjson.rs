//! One JSON object a line.

use memchr::memchr;

use super::gathering::Gathering;
use super::json::{self, Object, Value};
use super::keys::{Keys, Role};
use super::options::stem;
use super::samples::{Label, listed};
use super::text::Text;
use super::{FileError, ReadOptions, cell};
use crate::{FrameError, Place};

const NUMBERS: &str = "JSON numbers, and null where the value is missing";

/// Reads all lines.
pub(super) fn read(gathering: &mut Gathering<'_>, mut text: Text<'_>) -> Result<(), FrameError> {
    let file = text.file();
    let options = gathering.options;
    let mut keys: Option<Keys> = None;
    let mut rows = 0;
    let mut row = 0;
    loop {
        row += 1;
        let Some(length) = line(&mut text, row)? else {
            break;
        };
        let bytes = &text.unread()[..length];
        if !bytes.trim_ascii().is_empty() {
            let line = Line { file, row, bytes };
            let object = line.object()?;
            if keys.is_none() {
                let first = Keys::find(&object, line.file, row, options)?;
                gathering.begin(file, options.time_unit.or(first.unit()))?;
                gathering.agree_on_metrics(file, first.metrics())?;
                if let Some(note) = first.unit_note(options) {
                    gathering.note(note);
                }
                keys = Some(first);
            }
            if let Some(keys) = &mut keys {
                line.read(&object, keys, gathering)?;
            }
            rows += 1;
        }
        // The line break, too, unless the text ends without one.
        text.consume((length + 1).min(text.unread().len()));
    }
    if let Some(keys) = &keys {
        keys.check_ignored(file, options)?;
        let unused = keys.unused();
        if !unused.is_empty() {
            gathering.note(format!("keys not read: {}", listed(unused)));
            gathering.samples().0.others.extend_from_slice(unused);
        }
    }
    gathering.end(file, rows)
}

/// The length of the next line without its end; nothing at the end of the text.
fn line(text: &mut Text<'_>, row: u64) -> Result<Option<usize>, FrameError> {
    let mut seen = 0;
    loop {
        let unread = text.unread();
        if let Some(found) = memchr(b'\n', &unread[seen..]) {
            return Ok(Some(seen + found));
        }
        seen = unread.len();
        if !text.grow_row(row)? {
            return Ok((seen > 0).then_some(seen));
        }
    }
}

/// A line at hand.
#[derive(Clone, Copy)]
struct Line<'a> {
    file: &'a str,
    row: u64,
    bytes: &'a [u8],
}

impl<'a> Line<'a> {
    fn object(self) -> Result<Object<'a>, FrameError> {
        match serde_json::from_slice(self.bytes) {
            Ok(Value::Object(object)) => Ok(object),
            Ok(other) => {
                Err(self.broken(1, format!("it holds {other}"), "write one object a line"))
            }
            Err(error) => {
                let at = error.column().clamp(1, self.bytes.len() + 1);
                let rest = self.bytes[at - 1..].trim_ascii_start();
                let remedy = if [&b"NaN"[..], b"Inf", b"-Inf"]
                    .iter()
                    .any(|word| rest.starts_with(word))
                {
                    "JSON has no such number; write null where the value is missing"
                } else if error.is_eof() {
                    "write each object on one line, and all of it; a document over several lines \
                     is a Prometheus response (--layout prometheus) or needs jq -c"
                } else {
                    "correct the line, one JSON object"
                };
                Err(self.broken(error.column(), json::problem(&error), remedy))
            }
        }
    }

    fn broken(self, column: usize, problem: String, remedy: &'static str) -> FrameError {
        FileError::BrokenJson {
            file: self.file.to_owned(),
            row: self.row,
            column: column.max(1),
            problem,
            remedy,
        }
        .into()
    }

    fn place(self, key: &str) -> Box<Place> {
        Box::new(Place {
            file: self.file.to_owned(),
            row: self.row,
            column: key.to_owned(),
        })
    }

    /// Takes the row in.
    fn read(
        self,
        object: &Object<'_>,
        keys: &mut Keys,
        gathering: &mut Gathering<'_>,
    ) -> Result<(), FrameError> {
        let options = gathering.options;
        let mut values = vec![None; keys.width()];
        let mut time = None;
        let mut name = None;
        let mut labels: Vec<Label<'_>> = Vec::with_capacity(object.len());
        for (key, value) in object {
            match keys.role(key, options) {
                Role::Time if time.is_some() => {
                    return Err(keys.unclear(object, "time", self.file, options));
                }
                Role::Time => time = Some((key, value)),
                Role::Name => match value {
                    Value::Text(text) => name = Some(text.as_ref()),
                    other => {
                        return Err(FileError::BadLabel {
                            place: self.place(key),
                            value: other.to_string(),
                            remedy: "write the name of the metric as text",
                        }
                        .into());
                    }
                },
                Role::Value(metric) if values[metric].is_some() => {
                    return Err(keys.unclear(object, "metric", self.file, options));
                }
                Role::Value(metric) => values[metric] = Some(self.number(key, value)?),
                Role::Dimension(dimension) => {
                    labels.push((dimension, self.label(key, value)?));
                }
                Role::Labels => self.labels(key, value, &mut labels, keys, options)?,
                Role::None => {}
            }
        }
        let missing = |role: &str| keys.missing(role, object, self.file, self.row, options);
        let (key, stamp) = time.ok_or_else(|| missing("time"))?;
        if values.iter().all(Option::is_none) {
            return Err(missing("metric"));
        }
        if name.is_none() && keys.is_named() {
            return Err(missing("name of the metric"));
        }
        if let Some(dimension) = &options.file_dimension {
            labels.push((dimension, stem(self.file).into()));
        }
        let name = name.filter(|_| keys.is_named());
        let (samples, stamps) = gathering.samples();
        let set = samples.set(name, &labels).map_err(|dimension| {
            let problem = format!("the dimension `{dimension}` comes from two keys");
            self.broken(1, problem, "ignore one of them (--ignore KEY)")
        })?;
        let place = || self.place(key);
        let at = match stamp {
            Value::Text(text) => stamps.read(text.trim().as_bytes(), self.row, set, place)?,
            Value::Whole(_) | Value::Float(_) => {
                stamps.read(stamp.to_string().as_bytes(), self.row, set, place)?
            }
            other => {
                return Err(FrameError::BadStamp {
                    place: place(),
                    value: other.to_string(),
                    allowed: "text, and numbers with a declared unit",
                    remedy: "give every row a stamp",
                });
            }
        };
        let values: Vec<f64> = values
            .iter()
            .map(|value| value.unwrap_or(f64::NAN))
            .collect();
        samples.push(at, set, &values);
        Ok(())
    }

    fn number(self, key: &str, value: &Value<'_>) -> Result<f64, FrameError> {
        match value {
            Value::Whole(number) => Ok(*number as f64),
            Value::Float(number) => Ok(*number),
            Value::Null => Ok(f64::NAN),
            other => Err(FrameError::BadNumber {
                place: self.place(key),
                value: other.to_string(),
                allowed: NUMBERS,
                remedy: match other {
                    Value::Text(text) if cell::number(text.trim()).is_ok() => {
                        "write it without quotes, or null where it is missing"
                    }
                    _ => {
                        "correct the value, or name another key for the metric (--metric NAME=COLUMN)"
                    }
                },
            }),
        }
    }

    fn label<'v>(
        self,
        key: &str,
        value: &'v Value<'_>,
    ) -> Result<std::borrow::Cow<'v, str>, FrameError> {
        match value {
            Value::Text(text) => Ok(text.as_ref().into()),
            Value::Null => Ok("".into()),
            Value::Bool(_) | Value::Whole(_) | Value::Float(_) => Ok(value.to_string().into()),
            Value::List | Value::Object(_) => Err(FileError::BadLabel {
                place: self.place(key),
                value: value.to_string(),
                remedy: "write one value, or ignore the key (--ignore KEY)",
            }
            .into()),
        }
    }

    /// The dimensions in an object of labels.
    fn labels<'v>(
        self,
        key: &str,
        value: &'v Value<'_>,
        labels: &mut Vec<Label<'v>>,
        keys: &mut Keys,
        options: &'v ReadOptions,
    ) -> Result<(), FrameError> {
        match value {
            Value::Null => Ok(()),
            Value::Object(object) => {
                for (label, value) in object {
                    if let Some(dimension) = keys.label(label, options) {
                        labels.push((dimension, self.label(label, value)?));
                    }
                }
                Ok(())
            }
            other => Err(FileError::BadLabel {
                place: self.place(key),
                value: other.to_string(),
                remedy: "write an object of names and values, or ignore the key (--ignore KEY)",
            }
            .into()),
        }
    }
}
