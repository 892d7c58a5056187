//! A JSON document that is written as it is made: a field a line, and a record a line in lists.
//!
//! ```json
//! {
//!   "schema": "tuatara-anomalies-1",
//!   "anomalies": [
//!     {"id":"0b9ec57e867f2316cc1a55b184c45e8c"},
//!     {"id":"8d4c1f9a2b7e4c35a1d0f6e2937b5c48"}
//!   ]
//! }
//! ```

use std::io::{self, Write};

use serde::Serialize;

/// A document under construction.
pub(crate) struct Document<'o> {
    out: &'o mut dyn Write,
    /// What comes before the next field, and before the next item of a list.
    before: [&'static str; 2],
}

const FIRST: [&str; 2] = ["\n  ", "\n    "];
const NEXT: [&str; 2] = [",\n  ", ",\n    "];

impl<'o> Document<'o> {
    /// A document of `schema`.
    pub(crate) fn begin(schema: &str, out: &'o mut dyn Write) -> io::Result<Self> {
        out.write_all(b"{")?;
        let mut document = Self { out, before: FIRST };
        document.field("schema", &schema)?;
        Ok(document)
    }

    pub(crate) fn field(&mut self, name: &str, value: &impl Serialize) -> io::Result<()> {
        self.name(name)?;
        Ok(serde_json::to_writer(&mut *self.out, value)?)
    }

    /// Starts a list, which must be ended.
    pub(crate) fn begin_list(&mut self, name: &str) -> io::Result<()> {
        self.name(name)?;
        self.before[1] = FIRST[1];
        self.out.write_all(b"[")
    }

    pub(crate) fn item(&mut self, value: &impl Serialize) -> io::Result<()> {
        self.out.write_all(self.before[1].as_bytes())?;
        self.before[1] = NEXT[1];
        Ok(serde_json::to_writer(&mut *self.out, value)?)
    }

    pub(crate) fn end_list(&mut self) -> io::Result<()> {
        let empty = self.before[1] == FIRST[1];
        self.out.write_all(if empty { b"]" } else { b"\n  ]" })
    }

    pub(crate) fn end(self) -> io::Result<()> {
        self.out.write_all(b"\n}\n")
    }

    fn name(&mut self, name: &str) -> io::Result<()> {
        self.out.write_all(self.before[0].as_bytes())?;
        self.before[0] = NEXT[0];
        serde_json::to_writer(&mut *self.out, name)?;
        self.out.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use super::Document;

    #[test]
    fn fields_and_records_have_a_line_each() {
        let mut text = Vec::new();
        let mut document = Document::begin("things-1", &mut text).unwrap();
        document.field("count", &2).unwrap();
        document.begin_list("none").unwrap();
        document.end_list().unwrap();
        document.begin_list("things").unwrap();
        document.item(&[1, 2]).unwrap();
        document.item(&"a \"b\"").unwrap();
        document.end_list().unwrap();
        document.end().unwrap();
        let text = String::from_utf8(text).unwrap();
        assert_eq!(
            text,
            "{\n  \"schema\": \"things-1\",\n  \"count\": 2,\n  \"none\": [],\n  \"things\": [\n    \
             [1,2],\n    \"a \\\"b\\\"\"\n  ]\n}\n"
        );
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["things"][1], "a \"b\"");
    }
}
