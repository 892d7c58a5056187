//! `tuatara train`: a model from made-up series, and from labelled data of one's own.

use std::fs;
use std::io::Write;
use std::path::Path;

use tuatara::files;
use tuatara::frame::{Exploration, Frame, Instant, SliceKey, SliceRequest, Source, TimeAxis};
use tuatara::neural::customary_period;
use tuatara::neural::train::{OwnSeries, TrainingSettings, train};
use tuatara_metrics::labelled::{LabelledIncident, labels_of_buckets, read_incidents};

use crate::Found;
use crate::args::Train;
use crate::failure::Failure;
use crate::progress::{Bar, Reading, Work};
use crate::say::say;

/// The two networks, each of which has its epochs.
const NETWORKS: u64 = 2;

pub(crate) fn run(args: &Train, out: &mut dyn Write) -> Result<Found, Failure> {
    let own = own(args)?;
    if !args.quiet && !own.is_empty() {
        let values: usize = own.iter().map(|series| series.values.len()).sum();
        say(format_args!(
            "note: {} series with {values} buckets are learned from, the last fifth of each held out",
            own.len()
        ));
    }
    let settings = TrainingSettings {
        name: args.name.clone(),
        seed: args.seed,
        epochs: args.epochs,
        series: args.series,
        levels: args.levels.clone(),
        ..TrainingSettings::default()
    };
    let trained = {
        let bar = Bar::new(Work::Epochs, args.quiet);
        let of = NETWORKS * u64::from(settings.epochs);
        let mut done = 0;
        let trained = train(&settings, &own, |_| {
            done += 1;
            bar.at(done, of);
        });
        trained.map_err(|error| Failure::said(error.to_string()))?
    };
    write_file(&args.output, &trained.model.to_bytes())?;
    writeln!(out, "{}", args.output.display())?;
    if let Some(path) = &args.curve {
        let is_picture = path.extension().is_some_and(|ending| ending == "svg");
        let text = match is_picture {
            true => trained.curve.to_svg(),
            false => trained.curve.to_csv(),
        };
        write_file(path, text.as_bytes())?;
        writeln!(out, "{}", path.display())?;
    }
    Ok(Found::Nothing)
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    fs::write(path, bytes).map_err(|error| Failure::unwritten(path, &error))
}

/// The data given, every metric of every slice, with its labels.
fn own(args: &Train) -> Result<Vec<OwnSeries>, Failure> {
    if args.data.is_empty() {
        return match &args.labels {
            None => Ok(Vec::new()),
            Some(_) => Err(Failure::said(
                "--labels is given and no data; name a data file, too",
            )),
        };
    }
    let Some(labels) = &args.labels else {
        return Err(Failure::said(
            "no labels; name the file of incidents with --labels: a table with start and end",
        ));
    };
    let data = {
        let reading = Reading::of(&args.data, args.quiet);
        files::open(&args.data).read_through(|file| reading.through(file))?
    };
    let frame = data.frame;
    let incidents = read_incidents(labels, frame.zone());
    let incidents = incidents.map_err(|error| Failure::said(error.to_string()))?;
    let mut own = Vec::new();
    for metric in frame.metrics() {
        own.extend(of_metric(&frame, metric.name(), &incidents)?);
    }
    Ok(own)
}

fn of_metric(
    frame: &Frame,
    metric: &str,
    incidents: &[LabelledIncident],
) -> Result<Vec<OwnSeries>, Failure> {
    let profile = frame.profile(metric)?;
    let axis = TimeAxis::covering(profile.granularity, profile.zone, profile.extent)?;
    let starts: Vec<Instant> = (0..axis.len()).map(|bucket| axis.start(bucket)).collect();
    let mut slices = Exploration::of(metric);
    slices.dimensions = frame.dimension_names().map(str::to_owned).collect();
    let of = |slice: SliceKey| -> Result<OwnSeries, Failure> {
        let of_slice = incidents
            .iter()
            .filter(|incident| incident.concerns(&slice));
        let labels = labels_of_buckets(&starts, profile.granularity.nominal(), of_slice);
        let request = SliceRequest {
            slice: slice.clone(),
            axis: axis.clone(),
        };
        Ok(OwnSeries {
            values: frame.series(&request)?.series.values().to_vec(),
            labels: labels.flags().to_vec(),
            period: customary_period(profile.granularity),
        })
    };
    frame.explore(&slices)?.into_iter().map(of).collect()
}
