//! A gallery of files: what is read from the good ones, what is said about the broken ones.

#![cfg(feature = "files")]

mod any_bytes;
mod first_line;
mod foreign;
mod long;
mod ndjson;
mod prometheus;
mod series;
mod several;
mod stamps;
mod wide;

use std::io::Write;

use tuatara_frame::files::{self, ReadOptions};
use tuatara_frame::{Frame, Zone};

const UTC_NOTE: &str = "civil stamps without a zone are read as UTC; --tz names another";

fn options() -> ReadOptions {
    ReadOptions::new()
}

fn read(text: &str, options: &ReadOptions) -> Frame {
    files::read(text.as_bytes(), "data.csv", options).unwrap()
}

fn refused(text: impl AsRef<[u8]>, options: &ReadOptions) -> String {
    files::read(text.as_ref(), "data.csv", options)
        .unwrap_err()
        .to_string()
}

fn times(frame: &Frame) -> Vec<String> {
    (0..frame.len())
        .map(|row| frame.time(row).to_string())
        .collect()
}

/// The values of the first metric.
fn numbers(frame: &Frame) -> Vec<String> {
    (0..frame.len())
        .map(|row| frame.value(row, 0).to_string())
        .collect()
}

/// Every row as `stamp dimensions = values`.
fn rows(frame: &Frame) -> Vec<String> {
    let row = |row: usize| {
        let dimensions = (0..frame.dimension_names().len()).map(|d| frame.dimension(row, d));
        let values = (0..frame.metrics().len()).map(|metric| frame.value(row, metric).to_string());
        format!(
            "{} {} = {}",
            frame.time(row),
            dimensions.collect::<Vec<_>>().join("/"),
            values.collect::<Vec<_>>().join("/")
        )
    };
    (0..frame.len()).map(row).collect()
}

fn dimensions(frame: &Frame) -> Vec<&str> {
    frame.dimension_names().collect()
}

fn metrics(frame: &Frame) -> Vec<&str> {
    frame.metrics().iter().map(|metric| metric.name()).collect()
}

fn zone(name: &str) -> Zone {
    name.parse().unwrap()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(text.as_bytes()).unwrap();
    gzip.finish().unwrap()
}
