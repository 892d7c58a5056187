//! The labels and the samples of one series.

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::response::Response;
use crate::Instant;
use crate::files::{cell, json};

/// Labels in order, none of them twice.
pub(super) struct Labels(pub(super) Vec<(String, String)>);

impl<'de> de::Deserialize<'de> for Labels {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct LabelsVisitor;
        impl<'de> Visitor<'de> for LabelsVisitor {
            type Value = Labels;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of labels")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Labels, A::Error> {
                let mut labels: Vec<(String, String)> = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, String>()? {
                    if labels.iter().any(|(other, _)| *other == name) {
                        let name = cell::shown(name.as_bytes());
                        return Err(de::Error::custom(format!(
                            "the label `{name}` occurs twice"
                        )));
                    }
                    labels.push((name, value));
                }
                Ok(Labels(labels))
            }
        }
        deserializer.deserialize_map(LabelsVisitor)
    }
}

/// Reads the samples of one series.
pub(super) struct Samples<'s, 'r, 'o>(pub(super) &'s mut Response<'r, 'o>);

impl<'de> DeserializeSeed<'de> for Samples<'_, '_, '_> {
    type Value = Vec<(Instant, f64)>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Samples<'_, '_, '_> {
    type Value = Vec<(Instant, f64)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of samples, each [stamp, \"value\"]")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut samples = Vec::new();
        loop {
            let sample = Sample {
                response: &mut *self.0,
                number: samples.len() + 1,
            };
            match list.next_element_seed(sample)? {
                Some(sample) => samples.push(sample),
                None => return Ok(samples),
            }
        }
    }
}

/// Reads one sample: a stamp in seconds and a value as text.
struct Sample<'s, 'r, 'o> {
    response: &'s mut Response<'r, 'o>,
    number: usize,
}

impl<'de> DeserializeSeed<'de> for Sample<'_, '_, '_> {
    type Value = (Instant, f64);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Sample<'_, '_, '_> {
    type Value = (Instant, f64);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sample, [stamp, \"value\"]")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let seconds: f64 = list
            .next_element()?
            .ok_or_else(|| de::Error::invalid_length(0, &self))?;
        let json::Borrowed(text) = list
            .next_element()?
            .ok_or_else(|| de::Error::invalid_length(1, &self))?;
        if list.next_element::<IgnoredAny>()?.is_some() {
            return Err(de::Error::invalid_length(3, &self));
        }
        let place = format!("sample {} of series {}", self.number, self.response.series);
        let Some(at) = instant(seconds) else {
            return Err(self.response.refuse(
                format!("the stamp {seconds} in {place}"),
                "seconds since 1970 that lie in the years 1 to 9999",
                "give the response as the server sent it",
            ));
        };
        match value(&text) {
            Some(value) => Ok((at, value)),
            None => Err(self.response.refuse(
                format!("the value \"{}\" in {place}", cell::shown(text.as_bytes())),
                "numbers such as \"0.5\", and \"NaN\", \"+Inf\" and \"-Inf\"",
                "give the response as the server sent it",
            )),
        }
    }
}

/// The instant of a stamp, to the nearest millisecond, in which servers count.
fn instant(seconds: f64) -> Option<Instant> {
    let millis = (seconds * 1000.0).round();
    let is_known = (Instant::MIN.millis() as f64..=Instant::MAX.millis() as f64).contains(&millis);
    is_known.then(|| Instant::from_millis(millis as i64).ok())?
}

fn value(text: &str) -> Option<f64> {
    if let Some(number) = cell::plain(text.as_bytes()) {
        return Some(number);
    }
    let number: f64 = text.parse().ok()?;
    let is_too_large = number.is_infinite() && text.bytes().any(|byte| byte.is_ascii_digit());
    (!is_too_large).then_some(number)
}
