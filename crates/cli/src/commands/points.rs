//! `tuatara points`: one row per slice, rule and bucket.

use std::collections::BTreeMap;
use std::io::Write;

use tuatara::core::{Evaluation, Row};
use tuatara::frame::{Instant, SliceKey};

use crate::Found;
use crate::args::{Points, PointsFormat, Rows};
use crate::data::{Loaded, interval, load, on_threads};
use crate::failure::Failure;
use crate::output::point::{Point, PointWriter};

pub(crate) fn run(args: &Points, out: &mut dyn Write) -> Result<Found, Failure> {
    let loaded = load(&args.input)?;
    let interval = interval(&args.input, &loaded.profile, None)?;
    let Loaded {
        detection, frame, ..
    } = &loaded;
    let report = on_threads(args.input.threads, || detection.run(frame, interval))??;
    let mut own: BTreeMap<(usize, usize), Evaluation> = BTreeMap::new();
    let mut names: Vec<&'static str> = Vec::new();
    if args.internals {
        for (s, slice) in report.slices().iter().enumerate() {
            for r in 0..slice.rules().len() {
                let evaluation = slice.with_internals(detection, r)?;
                for (name, _) in evaluation.internals().iter() {
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
                own.insert((s, r), evaluation);
            }
        }
    }
    let own_of = |s: usize, r: usize, at: usize| -> Vec<f64> {
        let Some(evaluation) = own.get(&(s, r)) else {
            return Vec::new();
        };
        let column = |name: &&str| {
            let mut columns = evaluation.internals().iter();
            columns.find(|(known, _)| known == name)
        };
        names
            .iter()
            .map(|name| column(name).map_or(f64::NAN, |(_, values)| values[at]))
            .collect()
    };
    let mut writer = PointWriter::new(args.format == PointsFormat::Csv, &names, out)?;
    let mut write = |slice: &SliceKey, rule: &str, stamp: Instant, row: Row, own: Vec<f64>| {
        writer.write(&Point {
            slice,
            rule,
            stamp,
            row,
            own,
        })
    };
    match args.rows {
        Rows::Grid => {
            for (s, slice) in report.slices().iter().enumerate() {
                for (r, rule) in slice.rules().iter().enumerate() {
                    for (at, (bucket, row)) in rule.rows().enumerate() {
                        write(
                            slice.key(),
                            rule.name(),
                            bucket.start(),
                            row,
                            own_of(s, r, at),
                        )?;
                    }
                }
            }
        }
        Rows::Input => {
            let (_, slices) = frame.slices_by_row(detection.exploration())?;
            for (row, slice) in slices.into_iter().enumerate() {
                // Rows that the filters of the specification leave out have no verdict.
                let Some(s) = slice else { continue };
                let slice = &report.slices()[s];
                for (r, rule) in slice.rules().iter().enumerate() {
                    let stamp = frame.time(row);
                    let Some(at) = rule.position(stamp) else {
                        continue;
                    };
                    if let Some((_, judged)) = rule.row(at) {
                        write(slice.key(), rule.name(), stamp, judged, own_of(s, r, at))?;
                    }
                }
            }
        }
    }
    Ok(Found::Nothing)
}
