//! Do bands that are to hold 99 % of normal values hold them, and are they narrow? Walk-forward over
//! the last half of each series.
//!
//! ```text
//! cargo run --release -p tuatara-holt-winters --example coverage -- FOLDER…
//! ```
//!
//! Each folder, with those in it, is one set. Its tables (`.csv`, `.csv.gz`) have the time in the first
//! column that reads as one; columns of numbers are series, columns of words say which. What is labelled does not
//! count: rows whose column `label` is not 0, spans in a `NAME.labels.csv` beside the table, and the
//! windows of NAB (`labels/combined_windows.json`). The files of `datasets` are a set each.
//!
//! | column    | says                                                                              |
//! |-----------|-----------------------------------------------------------------------------------|
//! | series    | how many were judged, of how many there are                                       |
//! | points    | judged and not labelled                                                           |
//! | inside    | part of them within the band, in per cent                                         |
//! | worst     | the same of the worst clock position, pooled over the set: the hour; the weekday of days |
//! | < 97      | how many clock positions hold less than 97 %                                      |
//! | chance    | how many of them would by chance, of independent points within a band that holds 99 % |
//! | width     | median over the series of the median half-width, in that of the seasonal-naive band |
//!
//! The seasonal-naive band expects the value of one season before (a week, or a day where less than
//! eight weeks are known), and has 2.576 deviations of that difference in the same history to a side.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use tuatara_core::{Detail, Forecast, Forecaster, Memo, Window};
use tuatara_frame::{Duration, Granularity, Instant, Interval, Series, TimeAxis, Zone};
use tuatara_holt_winters::{HoltWinters, Outliers, Periods, Residuals, Width, deviations_for};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
const NOMINAL: f64 = 0.99;
/// Where the positions of days stand, apart from hours.
const DAYS: i64 = 24;
/// No clock position is to hold less.
const LEAST: f64 = 0.97;
/// The clocks that shipped data follow, by what the name of a series holds.
const ZONES: [(&str, &str); 4] = [
    ("hourly-orders", "America/New_York"),
    ("kathmandu", "Asia/Kathmandu"),
    ("london", "Europe/London"),
    ("los_angeles", "America/Los_Angeles"),
];

type Answer<T> = Result<T, Box<dyn Error>>;

/// One series on a grid, NaN where missing.
struct Observed {
    series: Series,
    labelled: Vec<bool>,
}

/// What a set adds up to.
#[derive(Default)]
struct Sum {
    series: usize,
    points: usize,
    inside: usize,
    /// Of each clock position, points and those inside.
    positions: BTreeMap<i64, (usize, usize)>,
    ratios: Vec<f64>,
}

/// An expectation and a half-width for each row; NaN where there is none.
type Band = Vec<(f64, f64)>;

impl Sum {
    fn add(&mut self, of: &Observed, band: &Band, naive: &Band, from: usize) {
        let axis = of.series.axis();
        let (mut widths, mut naives) = (Vec::new(), Vec::new());
        for (row, ((expected, width), (_, naive))) in band.iter().zip(naive).enumerate() {
            let i = from + row;
            let y = of.series.values()[i];
            if of.labelled[i] || y.is_nan() || expected.is_nan() || naive.is_nan() {
                continue;
            }
            let inside = (y - expected).abs() <= *width;
            let start = axis.start(i);
            let local = start.millis() + axis.zone().offset_millis(start);
            let position = match axis.granularity().nominal().millis() {
                DAY.. => DAYS + local.div_euclid(DAY).rem_euclid(7),
                _ => local.rem_euclid(DAY) / HOUR,
            };
            let at = self.positions.entry(position).or_default();
            *at = (at.0 + 1, at.1 + usize::from(inside));
            self.points += 1;
            self.inside += usize::from(inside);
            widths.push(*width);
            naives.push(*naive);
        }
        if let (Some(width), Some(naive)) = (median(&mut widths), median(&mut naives)) {
            self.series += 1;
            if naive > 0.0 {
                self.ratios.push(width / naive);
            }
        }
    }

    fn print(mut self, set: &str, name: &str, of: usize) {
        let part = |(points, inside): (usize, usize)| inside as f64 / points.max(1) as f64;
        let parts = || self.positions.values().copied().map(part);
        let worst = parts().fold(1.0, f64::min);
        let below = parts().filter(|part| *part < LEAST).count();
        let counts = self.positions.values().map(|(points, _)| *points);
        let chance = counts.map(below_by_chance).fold(0.0, |sum, p| sum + p);
        let inside = 100.0 * part((self.points, self.inside));
        let width = median(&mut self.ratios).unwrap_or(f64::NAN);
        println!(
            "| {set:<22} | {name:<34} | {:>3}/{of:<3} | {:>7} | {inside:>6.2} | {:>6.2} | {below:>2}/{:<2} | {chance:>6.2} | {width:>6.2} |",
            self.series,
            self.points,
            100.0 * worst,
            self.positions.len(),
        );
    }
}

/// How likely it is that less than [`LEAST`] of so many independent points lie within a band that holds
/// [`NOMINAL`] of them: that k of n lie outside has the probability C(n, k)·(1 − p)^k·p^(n − k).
fn below_by_chance(points: usize) -> f64 {
    let n = points as f64;
    let mut exactly = NOMINAL.powf(n);
    let mut at_most = 0.0;
    let mut k = 0.0;
    while n - k >= LEAST * n {
        at_most += exactly;
        exactly *= (n - k) / (k + 1.0) * (1.0 - NOMINAL) / NOMINAL;
        k += 1.0;
    }
    (1.0 - at_most).clamp(0.0, 1.0)
}

fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

fn instant(text: &str) -> Option<i64> {
    if let Ok(seconds) = text.parse::<i64>() {
        return Some(1_000 * seconds);
    }
    let text = match text.len() {
        10 => format!("{text}T00:00:00"),
        _ => text.replacen(' ', "T", 1),
    };
    let parsed = text
        .parse()
        .or_else(|_| format!("{text}Z").parse::<Instant>());
    parsed.ok().map(Instant::millis)
}

fn reader(path: &Path) -> Answer<csv::Reader<Box<dyn Read>>> {
    let file = File::open(path)?;
    let text: Box<dyn Read> = match path.extension().is_some_and(|end| end == "gz") {
        true => Box::new(GzDecoder::new(file)),
        false => Box::new(file),
    };
    Ok(csv::Reader::from_reader(text))
}

fn tables(folder: &Path, into: &mut Vec<PathBuf>) -> Answer<()> {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    entries.sort();
    for path in entries {
        let name = path.to_string_lossy().into_owned();
        if path.is_dir() {
            tables(&path, into)?;
        } else if !name.contains(".labels.")
            && (name.ends_with(".csv") || name.ends_with(".csv.gz"))
        {
            into.push(path);
        }
    }
    Ok(())
}

/// What of a table's series is labelled: each span with the words that a series must have.
type Spans = Vec<(i64, i64, Vec<String>)>;

fn spans(path: &Path) -> Answer<Spans> {
    let mut spans = Spans::new();
    let beside = path.with_extension("labels.csv");
    if beside.exists() {
        let mut reader = reader(&beside)?;
        let headers = reader.headers()?.clone();
        for row in reader.records() {
            let row = row?;
            let named = headers.iter().zip(&row);
            let which = named.filter(|(name, cell)| {
                ["country", "platform", "series", "service"].contains(name) && !cell.is_empty()
            });
            let which = which.map(|(_, cell)| cell.to_owned()).collect();
            let both = instant(&row[0]).zip(instant(&row[1]));
            spans.extend(both.map(|(start, end)| (start, end, which)));
        }
    }
    let windows = path
        .ancestors()
        .map(|folder| folder.join("labels/combined_windows.json"))
        .find(|path| path.exists());
    if let Some(windows) = windows {
        let all: BTreeMap<String, Vec<[String; 2]>> =
            serde_json::from_reader(File::open(windows)?)?;
        let of = all.iter().filter(|(name, _)| path.ends_with(name));
        for [start, end] in of.flat_map(|(_, windows)| windows) {
            let both = instant(start).zip(instant(end));
            spans.extend(both.map(|(start, end)| (start, end + 1, Vec::new())));
        }
    }
    Ok(spans)
}

/// The series of a table, by name.
fn observed(path: &Path) -> Answer<Vec<Observed>> {
    let mut reader = reader(path)?;
    let headers = reader.headers()?.clone();
    let mut rows: BTreeMap<String, Vec<(i64, f64, bool)>> = BTreeMap::new();
    let mut when = None;
    for row in reader.records() {
        let row = row?;
        when = when.or_else(|| row.iter().position(|cell| instant(cell).is_some()));
        let Some((when, at)) = when.and_then(|when| Some((when, instant(&row[when])?))) else {
            continue;
        };
        let cells = || {
            let cells = headers.iter().zip(&row).enumerate();
            cells
                .filter(move |(column, _)| *column != when)
                .map(|(_, cell)| cell)
        };
        let is_label = |name: &str| name.eq_ignore_ascii_case("label");
        let labelled = cells().any(|(name, cell)| is_label(name) && cell != "0");
        let is_word = |cell: &str| cell.parse::<f64>().is_err() && !cell.is_empty();
        let words: Vec<&str> = cells()
            .map(|(_, cell)| cell)
            .filter(|cell| is_word(cell))
            .collect();
        for (name, cell) in cells().filter(|(name, _)| !is_label(name)) {
            if let Ok(value) = cell.parse::<f64>() {
                let key = format!("{} {name}", words.join(" "));
                rows.entry(key).or_default().push((at, value, labelled));
            }
        }
    }
    let spans = spans(path)?;
    let stem = path
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let of = |(name, rows): (String, Vec<_>)| on_grid(&format!("{stem} {name}"), rows, &spans);
    rows.into_iter()
        .map(of)
        .collect::<Answer<Vec<_>>>()
        .map(|all| all.into_iter().flatten().collect())
}

/// A series at its usual step; of several values in one bucket the first.
fn on_grid(name: &str, mut rows: Vec<(i64, f64, bool)>, spans: &Spans) -> Answer<Option<Observed>> {
    rows.sort_by_key(|(at, ..)| *at);
    let mut steps: Vec<i64> = rows.windows(2).map(|two| two[1].0 - two[0].0).collect();
    steps.sort_unstable();
    let Some(&step) = steps.get(steps.len() / 2) else {
        return Ok(None);
    };
    if step < 60_000 || DAY % step != 0 {
        return Ok(None);
    }
    let zone = ZONES.iter().find(|(part, _)| name.contains(part));
    let zone = zone.map_or(Ok(Zone::UTC), |(_, zone)| zone.parse())?;
    let phase = rows[0].0.rem_euclid(step);
    let granularity = Granularity::fixed(Duration::minutes(u32::try_from(step / 60_000)?))?;
    let granularity = match phase {
        0 => granularity,
        _ if step == DAY => granularity,
        phase => granularity.with_phase(Duration::from_millis(phase)?)?,
    };
    let last = rows.last().map_or(0, |(at, ..)| *at);
    let span = Interval::new(
        Instant::from_millis(rows[0].0)?,
        Instant::from_millis(last + 1)?,
    )?;
    let axis = TimeAxis::covering(granularity, zone, span)?;
    let mut values = vec![f64::NAN; axis.len()];
    let mut labelled = vec![false; axis.len()];
    for (at, value, label) in rows {
        if let Some(i) = axis.index_of(Instant::from_millis(at)?)
            && values[i].is_nan()
        {
            (values[i], labelled[i]) = (value, label);
        }
    }
    for (i, labelled) in labelled.iter_mut().enumerate() {
        let (start, end) = (axis.start(i).millis(), axis.end(i).millis());
        *labelled |= spans.iter().any(|(from, until, which)| {
            start < *until
                && end > *from
                && which.iter().all(|word| name.split(' ').any(|w| w == word))
        });
    }
    let series = Series::new(axis, values)?;
    Ok(Some(Observed { series, labelled }))
}

fn smoothed(of: &Observed, forecaster: &HoltWinters, z: f64, window: Window) -> Band {
    let mut out = Forecast::new(Detail::Columns);
    match forecaster.forecast(of.series.view(), window, &mut Memo::default(), &mut out) {
        Ok(()) => {
            let widths = out.width().iter().map(|width| z * width);
            out.expected().iter().copied().zip(widths).collect()
        }
        Err(_) => vec![(f64::NAN, f64::NAN); window.len()],
    }
}

/// The value of `season` buckets before, and 2.576 deviations of that difference in `span` buckets.
fn seasonal_naive(of: &Observed, season: usize, span: usize, z: f64, window: Window) -> Band {
    let values = of.series.values();
    let from = window.start().saturating_sub(span).max(season);
    // Sums up to each bucket, so that each row has those of its own history.
    let (mut sums, mut counts) = (vec![0.0], vec![0_usize]);
    for i in from..window.end() {
        let e = if i >= season {
            values[i] - values[i - season]
        } else {
            f64::NAN
        };
        let there = !e.is_nan();
        sums.push(sums[i - from] + if there { e * e } else { 0.0 });
        counts.push(counts[i - from] + usize::from(there));
    }
    window
        .range()
        .map(|i| {
            let (end, begin) = (
                i.saturating_sub(from),
                i.saturating_sub(span).max(from) - from,
            );
            let count = counts[end] - counts[begin];
            if i < season || count < 10 {
                return (f64::NAN, f64::NAN);
            }
            let mean: f64 = (sums[end] - sums[begin]) / count as f64;
            (values[i - season], z * mean.max(0.0).sqrt())
        })
        .collect()
}

fn main() -> Answer<()> {
    let z = deviations_for(NOMINAL);
    let calibrated = Width::Calibrated { z };
    let base = HoltWinters::default;
    let day = || Periods::Lasting(vec![Duration::days(1)]);
    let forecasters = [
        ("SPREAD", base()),
        (
            "CALIBRATED",
            HoltWinters {
                width: calibrated,
                ..base()
            },
        ),
        (
            "CALIBRATED, outliers learnt",
            HoltWinters {
                width: calibrated,
                outliers: Outliers::Learn,
                ..base()
            },
        ),
        (
            "CALIBRATED, rho 0",
            HoltWinters {
                width: calibrated,
                residuals: Some(Residuals::Independent),
                ..base()
            },
        ),
        (
            "CALIBRATED, season P1D",
            HoltWinters {
                width: calibrated,
                periods: day(),
                ..base()
            },
        ),
    ];
    println!(
        "| {:<22} | {:<34} | series  |  points | inside |  worst | < 97  | chance |  width |",
        "set", "band"
    );
    println!(
        "|{:-<24}|{:-<36}|--------:|--------:|-------:|-------:|------:|-------:|-------:|",
        "", ""
    );
    for folder in std::env::args().skip(1) {
        let mut paths = Vec::new();
        tables(Path::new(&folder), &mut paths)?;
        let name = Path::new(&folder)
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let mut sets: BTreeMap<String, Vec<Observed>> = BTreeMap::new();
        for path in paths {
            let shipped = path.with_extension("labels.csv").exists();
            let stem = path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let set = if shipped { stem } else { name.clone() };
            sets.entry(set).or_default().extend(observed(&path)?);
        }
        for (set, all) in sets {
            judge(&set, &all, &forecasters, z)?;
        }
    }
    Ok(())
}

fn judge(set: &str, all: &[Observed], forecasters: &[(&str, HoltWinters)], z: f64) -> Answer<()> {
    let mut sums: Vec<Sum> = Vec::new();
    sums.resize_with(forecasters.len() + 1, Sum::default);
    for of in all {
        let axis = of.series.axis();
        let step = axis.granularity().nominal().millis();
        let buckets = |days: i64| usize::try_from(days * DAY / step);
        let week = axis.len() >= buckets(56)? || step == DAY;
        let season = buckets(if week { 7 } else { 1 })?;
        let span = buckets(if step == DAY { 365 } else { 28 })?;
        let window = Window::new(axis, axis.len() / 2, axis.len())?;
        let naive = seasonal_naive(of, season, span, z, window);
        sums[0].add(of, &naive, &naive, window.start());
        for (sum, (name, forecaster)) in sums[1..].iter_mut().zip(forecasters) {
            // A season of a day is nothing for days.
            if !(step == DAY && name.ends_with("P1D")) {
                sum.add(
                    of,
                    &smoothed(of, forecaster, z, window),
                    &naive,
                    window.start(),
                );
            }
        }
    }
    let names = ["seasonal naive"]
        .into_iter()
        .chain(forecasters.iter().map(|(name, _)| *name));
    for (sum, name) in sums.into_iter().zip(names) {
        sum.print(set, name, all.len());
    }
    Ok(())
}
