//! The answer of a Prometheus server to `query_range`, parsed as it comes.
//!
//! ```text
//! {"status": "success", "data": {"resultType": "matrix", "result": [
//!   {"metric": {"__name__": "up", "job": "node"}, "values": [[1714557600, "1"], …]}, …]}}
//! ```
//!
//! Source: *Prometheus HTTP API*, “Range queries” and “Range vectors”.

mod response;
mod sample;

use std::fmt;
use std::io::BufReader;

use serde::de::{
    self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor,
};

use self::response::Response;
use self::sample::{Labels, Samples};
use super::gathering::Gathering;
use super::text::Text;
use crate::FrameError;

const MATRIX: &str = "a matrix of samples, the answer to query_range";

/// Reads the whole document.
pub(super) fn read(gathering: &mut Gathering<'_>, text: Text<'_>) -> Result<(), FrameError> {
    let file = text.file();
    gathering.begin(file, None)?;
    let mut response = Response {
        file,
        gathering,
        status: None,
        error: None,
        kind: None,
        has_result: false,
        series: 0,
        rows: 0,
        ignored: Vec::new(),
        refusal: None,
        notes: Vec::new(),
    };
    response.ignored = vec![false; response.gathering.options.ignored.len()];
    let mut parser = serde_json::Deserializer::from_reader(BufReader::with_capacity(1 << 16, text));
    let parsed = Part::Document.of(&mut response).deserialize(&mut parser);
    let parsed = parsed.and_then(|()| parser.end());
    match parsed {
        Err(error) => Err(response.failure(error)),
        Ok(()) => response.finish(),
    }
}

/// The objects and lists of a response.
#[derive(Clone, Copy)]
enum Part {
    /// The whole, or its `data`.
    Document,
    /// The list of series.
    Result,
    /// One series.
    Series,
}

impl Part {
    const fn of<'s, 'r, 'o>(self, response: &'s mut Response<'r, 'o>) -> Seed<'s, 'r, 'o> {
        Seed {
            part: self,
            response,
        }
    }
}

/// Reads one part into the response.
struct Seed<'s, 'r, 'o> {
    part: Part,
    response: &'s mut Response<'r, 'o>,
}

impl<'de> DeserializeSeed<'de> for Seed<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.part {
            // `null` stands for no result.
            Part::Result => deserializer.deserialize_any(self),
            Part::Document | Part::Series => deserializer.deserialize_map(self),
        }
    }
}

impl<'de> Visitor<'de> for Seed<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.part {
            Part::Document => "an object with a `resultType` and a `result`",
            Part::Result => "a list of series",
            Part::Series => "an object with `metric` and `values`",
        })
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list
            .next_element_seed(Part::Series.of(self.response))?
            .is_some()
        {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        match self.part {
            Part::Document => document(self.response, map),
            Part::Series => series(self.response, map),
            Part::Result => Err(de::Error::invalid_type(Unexpected::Map, &self)),
        }
    }
}

fn document<'de, A: MapAccess<'de>>(
    response: &mut Response<'_, '_>,
    mut map: A,
) -> Result<(), A::Error> {
    while let Some(key) = map.next_key::<String>()? {
        match key.as_str() {
            "status" => response.status = Some(map.next_value()?),
            "error" => response.error = Some(map.next_value()?),
            "errorType" => response.kind = Some(map.next_value()?),
            "warnings" => {
                let warnings: Option<Vec<String>> = map.next_value()?;
                let warnings = warnings.unwrap_or_default().into_iter();
                let notes = warnings.map(|warning| format!("the server warns: {warning}"));
                response.notes.extend(notes);
            }
            "data" => map.next_value_seed(Optional(Part::Document.of(response)))?,
            "resultType" => {
                let found: String = map.next_value()?;
                if found != "matrix" {
                    return Err(response.refuse(
                        format!("a result of type {found}"),
                        MATRIX,
                        "ask the server for /api/v1/query_range instead",
                    ));
                }
            }
            "result" if response.has_result => {
                return Err(de::Error::custom("the key `result` occurs twice"));
            }
            "result" => {
                response.has_result = true;
                map.next_value_seed(Part::Result.of(response))?;
            }
            _ => {
                map.next_value::<IgnoredAny>()?;
            }
        }
    }
    Ok(())
}

/// A part that may be `null`.
struct Optional<S>(S);

impl<'de, S: DeserializeSeed<'de, Value = ()>> DeserializeSeed<'de> for Optional<S> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, S: DeserializeSeed<'de, Value = ()>> Visitor<'de> for Optional<S> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or null")
    }
    fn visit_none<E: de::Error>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.0.deserialize(deserializer)
    }
}

fn series<'de, A: MapAccess<'de>>(
    response: &mut Response<'_, '_>,
    mut map: A,
) -> Result<(), A::Error> {
    response.series += 1;
    let mut labels = None;
    let mut samples = None;
    while let Some(key) = map.next_key::<String>()? {
        match key.as_str() {
            "metric" if labels.is_none() => labels = Some(map.next_value::<Labels>()?.0),
            "values" if samples.is_none() => {
                samples = Some(map.next_value_seed(Samples(response))?);
            }
            "metric" | "values" => {
                return Err(de::Error::custom(format!("the key `{key}` occurs twice")));
            }
            "value" => {
                return Err(response.refuse(
                    "a result of type vector".to_owned(),
                    MATRIX,
                    "ask the server for /api/v1/query_range instead",
                ));
            }
            "histogram" | "histograms" => {
                return Err(response.refuse(
                    format!("native histograms in series {}", response.series),
                    "samples that are numbers",
                    "query a number of them, such as histogram_quantile(0.99, …)",
                ));
            }
            _ => {
                map.next_value::<IgnoredAny>()?;
            }
        }
    }
    let Some(samples) = samples else {
        return Err(de::Error::custom("a series without `values`"));
    };
    response.take(labels.unwrap_or_default(), &samples)
}
