//! `tuatara points`: one row per slice, rule and bucket.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::Write;

use tuatara::core::Row;
use tuatara::frame::{Frame, Instant, closest};
use tuatara::{Detection, Report};

use crate::Found;
use crate::args::{Points, PointsFormat, Rows};
use crate::commands::{judge, load};
use crate::data::interval;
use crate::failure::Failure;
use crate::output::Head;
use crate::output::point::{Place, Point, PointWriter};
use crate::summary;

pub(crate) fn run(args: &Points, out: &mut dyn Write) -> Result<Found, Failure> {
    if args.profile.is_some() && args.format == PointsFormat::Json {
        return Err(Failure::said(
            "--profile gives columns the names of another program, and the document of \
             --format json has names of its own; write --format csv or ndjson",
        ));
    }
    let loaded = load(&args.input)?;
    let mut others = loaded.detection.parts().iter().skip(1);
    if args.rows == Rows::Input && others.any(|part| !part.is_of_quality()) {
        return Err(Failure::said(
            "--rows input has one row for each row of one table, and the specification watches \
             several series of them; leave it out for a row per bucket",
        ));
    }
    let wanted = wanted(args, &loaded.detection)?;
    if args.rows == Rows::Input && !wanted[0].contains(&true) {
        return Err(Failure::said(
            "--rows input has one row for each row of the series that is watched, and the rule of \
             --rule looks at the data as a whole; leave --rows out for a row per bucket",
        ));
    }
    let interval = interval(&args.input, &loaded.profile, None)?;
    let report = judge(&args.input, &loaded, interval, None)?;
    let names = match args.internals {
        true => names(&report, &wanted)?,
        false => Vec::new(),
    };
    let head = Head {
        report: &report,
        zone: loaded.profile.zone,
        granularity: loaded.finest(),
    };
    let mut writer = PointWriter::begin(args.format, args.profile, names.clone(), &head, out)?;
    let run = Run {
        report: &report,
        wanted,
        names,
    };
    match args.rows {
        Rows::Grid => run.grid(&mut writer)?,
        Rows::Input => run.input(&loaded.frame, &mut writer)?,
    }
    writer.end()?;
    out.flush()?;
    if !args.input.quiet {
        summary::grid(&report, &loaded)?;
    }
    Ok(Found::Nothing)
}

/// Per part and rule, whether its points are asked for.
fn wanted(args: &Points, detection: &Detection) -> Result<Vec<Vec<bool>>, Failure> {
    let mut chosen = chosen(args, detection)?.into_iter();
    let of_part = |part: &tuatara::Part| chosen.by_ref().take(part.rule_names().count()).collect();
    Ok(detection.parts().iter().map(of_part).collect())
}

/// Per rule of all parts, whether its points are asked for.
fn chosen(args: &Points, detection: &Detection) -> Result<Vec<bool>, Failure> {
    let names: Vec<&str> = detection.rule_names().collect();
    let Some(text) = &args.rule else {
        if let (Some(profile), true) = (args.profile, names.len() > 1) {
            return Err(Failure::said(format!(
                "--profile {profile} has one row per series and time, and the specification has \
                 {} rules: {}; choose one with --rule",
                names.len(),
                names.join(", ")
            )));
        }
        return Ok(vec![true; names.len()]);
    };
    // As `name:TYPE`, or as `name` where that is enough.
    let short = |name: &str| {
        name.rsplit_once(':')
            .is_some_and(|(short, _)| short == text)
    };
    let chosen = match names.iter().filter(|name| short(name)).count() {
        _ if names.contains(&text.as_str()) => names.iter().map(|name| name == text).collect(),
        1 => names.iter().map(|name| short(name)).collect(),
        _ => Vec::new(),
    };
    if chosen.is_empty() {
        let meant = closest(text, names.iter().copied());
        let meant = meant.map(|name| format!(", did you mean {name}?"));
        return Err(Failure::said(format!(
            "--rule {text} is no rule of the specification{}; it has {}",
            meant.unwrap_or_default(),
            names.join(", ")
        )));
    }
    Ok(chosen)
}

/// The names of the detectors' own columns, which are those of the first slice of each part.
fn names(report: &Report, wanted: &[Vec<bool>]) -> Result<Vec<&'static str>, Failure> {
    let mut names = Vec::new();
    for (part, wanted) in wanted.iter().enumerate() {
        let mut slices = report.slices().iter();
        let Some(slice) = slices.find(|slice| slice.part() == part) else {
            continue;
        };
        for rule in (0..wanted.len()).filter(|rule| wanted[*rule]) {
            let evaluation = slice.with_internals(report.detection(), rule)?;
            for (name, _) in evaluation.internals().iter() {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
    }
    Ok(names)
}

/// A run whose points are written.
struct Run<'a> {
    report: &'a Report,
    wanted: Vec<Vec<bool>>,
    names: Vec<&'static str>,
}

/// The points of one slice and rule.
struct Stretch<'a> {
    place: Place<'a>,
    /// The detector's own columns, in the order of their names; none where it has no such column.
    own: Vec<Option<Vec<f64>>>,
}

impl<'a> Run<'a> {
    fn stretch(&self, slice: usize, rule: usize) -> Result<Stretch<'a>, Failure> {
        let slice = &self.report.slices()[slice];
        let place = Place::new(slice.key(), slice.rules()[rule].name());
        let mut own = Vec::new();
        if !self.names.is_empty() {
            let evaluation = slice.with_internals(self.report.detection(), rule)?;
            let column = |name: &&str| {
                let mut columns = evaluation.internals().iter();
                let (_, values) = columns.find(|(known, _)| known == name)?;
                Some(values.to_vec())
            };
            own.extend(self.names.iter().map(column));
        }
        Ok(Stretch { place, own })
    }

    /// Every bucket, in order of slice, rule and time.
    fn grid(&self, writer: &mut PointWriter<'_>) -> Result<(), Failure> {
        for (s, slice) in self.report.slices().iter().enumerate() {
            for (r, rule) in slice.rules().iter().enumerate() {
                if !self.wanted[slice.part()][r] {
                    continue;
                }
                let stretch = self.stretch(s, r)?;
                for (at, (bucket, row)) in rule.rows().enumerate() {
                    stretch.write(at, bucket.start(), row, writer)?;
                }
            }
        }
        Ok(())
    }

    /// Every row of the data, in their order.
    fn input(&self, frame: &Frame, writer: &mut PointWriter<'_>) -> Result<(), Failure> {
        let mut stretches: BTreeMap<(usize, usize), Stretch<'_>> = BTreeMap::new();
        let (_, slices) = frame.slices_by_row(self.report.detection().exploration())?;
        for (number, slice) in slices.into_iter().enumerate() {
            // Rows that the filters of the specification leave out have no verdict.
            let Some(s) = slice else { continue };
            let stamp = frame.time(number);
            for (r, rule) in self.report.slices()[s].rules().iter().enumerate() {
                let Some(at) = rule.position(stamp).filter(|_| self.wanted[0][r]) else {
                    continue;
                };
                let Some((_, row)) = rule.row(at) else {
                    continue;
                };
                let stretch = match stretches.entry((s, r)) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(new) => new.insert(self.stretch(s, r)?),
                };
                stretch.write(at, stamp, row, writer)?;
            }
        }
        Ok(())
    }
}

impl Stretch<'_> {
    fn write(
        &self,
        at: usize,
        stamp: Instant,
        row: Row,
        writer: &mut PointWriter<'_>,
    ) -> Result<(), Failure> {
        let own = |column: &Option<Vec<f64>>| column.as_ref().map_or(f64::NAN, |column| column[at]);
        let own: Vec<f64> = self.own.iter().map(own).collect();
        Ok(writer.write(&Point {
            place: &self.place,
            stamp,
            row,
            own: &own,
        })?)
    }
}
