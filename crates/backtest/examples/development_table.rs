//! Which method is best on which kind of data, with one default for all series of all kinds?
//!
//! ```text
//! development_table METHODS NAME=FOLDER[,SOURCE] …
//!
//! METHODS   a folder for each method, in it a specification for each setting, on the metric `value`
//! SOURCE    a .json with the windows of NAB; or what numbers in the time column count: s, ms, or
//!           rows=STEP for row counters, which are given that step to have a clock at all
//! ```
//!
//! The series are halved by the SHA-256 of their path below the folder: even, odd by its last bit. The
//! default of a method is the setting with the best event F1 on the even half, averaged over the
//! kinds; every setting that was tried is listed. A file with several columns is judged column by
//! column; the highest score counts, and an alert on any column is one. Nothing is learnt from labels.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use sha2::{Digest, Sha256};
use tuatara::Detection;
use tuatara::frame::files::TimeUnit;
use tuatara::frame::{
    Aggregation, Duration, Frame, Granularity, Instant, Interval, Metric, SliceKey,
};
use tuatara_backtest::Ran;
use tuatara_metrics::labelled::{LabelOptions, LabelledSeries, read_nab, read_series};
use tuatara_metrics::operator::{Alert, OperatorTally, Watch};
use tuatara_metrics::{
    ALERT_GAP, Answer, Decisions, NabCorpus, NabDecisions, Profile, RandomDetector, Scores, Truth,
    alerts, flag_everything, summarise,
};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Share of a file within which only the highest score so far counts, for the figures with thinning
/// of scores.
const REFRACTORY: f64 = 0.03;
const SEED: u64 = 1;

struct Kind {
    name: String,
    series: Vec<Series>,
}

struct Series {
    /// Whether the SHA-256 of its path is even.
    even: bool,
    truth: Truth,
    rows: Vec<Instant>,
    /// Whether its stamps are true instants.
    has_clock: bool,
    step: Duration,
    frames: Vec<Frame>,
}

/// What a setting made of a series.
struct Made {
    answer: Answer,
    told: Decisions,
    alerts: Vec<Alert>,
}

fn main() -> Outcome<()> {
    let mut args = std::env::args().skip(1);
    let Some(methods) = args.next() else {
        println!("give a folder of methods and sets of data; see the head of this example");
        return Ok(());
    };
    let kinds: Vec<Kind> = args.map(|arg| kind(&arg)).collect::<Outcome<_>>()?;
    let methods = methods_in(Path::new(&methods))?;
    let mut made: Vec<(String, String, Vec<Vec<Made>>)> = Vec::new();
    for (method, setting, detection) in &methods {
        eprintln!("{method}/{setting}");
        let of_kind = |kind: &Kind| -> Outcome<Vec<Made>> {
            kind.series
                .par_iter()
                .map(|series| judge(detection, series))
                .collect()
        };
        let all = kinds.iter().map(of_kind).collect::<Outcome<Vec<_>>>()?;
        made.push((method.clone(), setting.clone(), all));
    }
    for (name, flag) in [("random", false), ("flag everything", true)] {
        let of = |kind: &Kind| {
            let numbered = (0..).zip(&kind.series);
            numbered
                .map(|(n, series)| yardstick(flag, n, series))
                .collect()
        };
        made.push((
            name.to_owned(),
            "-".to_owned(),
            kinds.iter().map(of).collect(),
        ));
    }
    let defaults = defaults(&kinds, &made)?;
    println!("## Every setting, on the even half\n");
    for (at, kind) in kinds.iter().enumerate() {
        print(kind, at, Some(true), &made, |_| true)?;
    }
    for (half, words) in [(true, "even"), (false, "odd")] {
        println!("## The default of each method, on the {words} half\n");
        for (at, kind) in kinds.iter().enumerate() {
            print(kind, at, Some(half), &made, |place| {
                defaults.contains(&place)
            })?;
        }
    }
    println!("## The default of each method, on all series\n");
    for (at, kind) in kinds.iter().enumerate() {
        print(kind, at, None, &made, |place| defaults.contains(&place))?;
    }
    Ok(())
}

/// The positions of the defaults, one for each method.
fn defaults(kinds: &[Kind], made: &[(String, String, Vec<Vec<Made>>)]) -> Outcome<Vec<usize>> {
    let mut best: BTreeMap<&str, (f64, usize)> = BTreeMap::new();
    for (place, (method, _, all)) in made.iter().enumerate() {
        let mut sum = 0.0;
        for (kind, of_kind) in kinds.iter().zip(all) {
            let mut tally = OperatorTally::default();
            for (series, made) in kind.series.iter().zip(of_kind).filter(|(s, _)| s.even) {
                tally.add(&tallied(series, made)?);
            }
            let (precision, found) = (tally.precision(), tally.share_found());
            let (precision, found) = (precision.unwrap_or(0.0), found.unwrap_or(0.0));
            if precision + found > 0.0 {
                sum += 2.0 * precision * found / (precision + found);
            }
        }
        let known = best.entry(method).or_insert((sum, place));
        if sum > known.0 {
            *known = (sum, place);
        }
    }
    Ok(best.into_values().map(|(_, place)| place).collect())
}

fn print(
    kind: &Kind,
    at: usize,
    half: Option<bool>,
    made: &[(String, String, Vec<Vec<Made>>)],
    shown: impl Fn(usize) -> bool,
) -> Outcome<()> {
    let is_in = |series: &Series| half.is_none_or(|half| series.even == half);
    let count = kind.series.iter().filter(|series| is_in(series)).count();
    if count == 0 {
        return Ok(());
    }
    println!("### {}, {count} series\n", kind.name);
    println!(
        "| method | setting | NAB | NAB thinned | NAB as told | low FP told | VUS-PR | AP | range F1 | \
         alert precision | found | alerts/30 d | false/30 d | delay rows | delay min |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    for (place, (method, setting, all)) in made.iter().enumerate() {
        if !shown(place) {
            continue;
        }
        let pairs: Vec<(&Series, &Made)> = kind
            .series
            .iter()
            .zip(&all[at])
            .filter(|(series, _)| is_in(series))
            .collect();
        let truths: Vec<Truth> = pairs
            .iter()
            .map(|(series, _)| series.truth.clone())
            .collect();
        let answers: Vec<Answer> = pairs.iter().map(|(_, made)| made.answer.clone()).collect();
        let summary = summarise(method, &truths, &answers, ALERT_GAP)?;
        let (mut thinned, mut told) = (NabCorpus::default(), NabDecisions::default());
        let (mut tally, mut timed) = (OperatorTally::default(), OperatorTally::default());
        for (series, made) in &pairs {
            thinned.add(&series.truth, &refractory(&made.answer.scores)?)?;
            told.add(&series.truth, &made.told)?;
            let own = tallied(series, made)?;
            tally.add(&own);
            if series.has_clock {
                timed.add(&own);
            }
        }
        let delay = tally.median_delay();
        let cells = [
            figure(summary.nab_searched[0].score, 1),
            figure(thinned.searched(Profile::Standard).score, 1),
            figure(told.score(Profile::Standard).score, 1),
            figure(told.score(Profile::RewardLowFp).score, 1),
            figure(summary.vus_pr, 3),
            figure(summary.average_precision, 3),
            figure(summary.range_f1, 3),
            figure(tally.precision(), 3),
            figure(tally.share_found(), 3),
            figure(timed.alerts_per_30_days(), 2),
            figure(timed.false_alerts_per_30_days(), 2),
            figure(delay.map(|delay| delay.report_rows), 1),
            figure(timed.median_delay().map(|delay| delay.report_minutes), 0),
        ];
        println!("| {method} | {setting} | {} |", cells.join(" | "));
    }
    println!();
    Ok(())
}

fn figure(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.digits$}"))
}

/// Scores that count only where they exceed all in the share of the file before them.
fn refractory(scores: &Scores) -> Outcome<Scores> {
    let values = scores.values();
    let back = ((REFRACTORY * values.len() as f64) as usize).max(1);
    let kept = values.iter().enumerate().map(|(row, &score)| {
        let before = values[row.saturating_sub(back)..row].iter();
        match before.fold(f64::NEG_INFINITY, |most, &other| most.max(other)) < score {
            true => score,
            false => f64::NAN,
        }
    });
    Ok(Scores::new(kept.collect())?)
}

fn tallied(series: &Series, made: &Made) -> Outcome<OperatorTally> {
    let rows = &series.rows;
    let Some(first) = rows.get(series.truth.unscored()) else {
        return Ok(OperatorTally::default());
    };
    let after = |row: usize| rows[row].checked_add(series.step).unwrap_or(Instant::MAX);
    let watched = Interval::new(*first, after(rows.len() - 1).max(*first))?;
    if watched.is_empty() {
        return Ok(OperatorTally::default());
    }
    let segments = series.truth.labels().segments().into_iter();
    let incidents = segments.map(|rows_of| {
        Interval::new(
            rows[rows_of.start],
            after(rows_of.end - 1).max(rows[rows_of.start]),
        )
    });
    let incidents: Vec<Interval> = incidents.collect::<Result<_, _>>()?;
    let incidents = incidents
        .into_iter()
        .filter(|incident| incident.overlaps(watched))
        .collect();
    let alerts = made.alerts.iter().copied();
    let alerts = alerts
        .filter(|alert| alert.interval.overlaps(watched))
        .collect();
    Ok(Watch::new("series", watched, series.step, incidents, alerts)?.tally())
}

fn judge(detection: &Detection, series: &Series) -> Outcome<Made> {
    let mut scores = vec![f64::NAN; series.rows.len()];
    let mut told: Vec<Alert> = Vec::new();
    for frame in &series.frames {
        let ran = Ran::over(
            detection,
            frame,
            detection.extent(frame)?,
            Duration::ZERO,
            None,
        )?;
        let slice = SliceKey::new(detection.metric());
        for (score, other) in scores.iter_mut().zip(ran.scores(&slice, &series.rows)) {
            // The greater of a number and NaN is the number.
            *score = score.max(other);
        }
        told.extend(ran.told().into_iter().map(|told| told.alert));
    }
    let alerts = joined(told)?;
    let mut in_alert = vec![false; series.rows.len()];
    let mut told = vec![false; series.rows.len()];
    for alert in &alerts {
        for (flag, at) in in_alert.iter_mut().zip(&series.rows) {
            *flag |= alert.interval.contains(*at);
        }
        let before = series.rows.iter().rposition(|at| *at < alert.reportable_at);
        if let Some(row) = before {
            told[row] = true;
        }
    }
    Ok(Made {
        answer: Answer {
            scores: Scores::new(scores)?,
            decisions: Decisions::new(in_alert),
        },
        told: Decisions::new(told),
        alerts,
    })
}

/// Alerts of several columns that share time are one, told when the first was.
fn joined(mut all: Vec<Alert>) -> Outcome<Vec<Alert>> {
    all.sort_by_key(|alert| (alert.interval.start(), alert.interval.end()));
    let mut joined: Vec<Alert> = Vec::new();
    for alert in all {
        match joined
            .last_mut()
            .filter(|last| last.interval.overlaps(alert.interval))
        {
            Some(last) => {
                let end = last.interval.end().max(alert.interval.end());
                last.interval = Interval::new(last.interval.start(), end)?;
                last.reportable_at = last.reportable_at.min(alert.reportable_at);
            }
            None => joined.push(alert),
        }
    }
    Ok(joined)
}

fn yardstick(everything: bool, number: u64, series: &Series) -> Made {
    let rows = series.rows.len();
    let answer = match everything {
        true => flag_everything(rows),
        false => {
            let random = RandomDetector::new(SEED, 0.01);
            random.expect("a hundredth is a share").answer(number, rows)
        }
    };
    let runs = alerts(&answer.decisions, ALERT_GAP);
    let mut told = vec![false; rows];
    let after = |row: usize| {
        series.rows[row]
            .checked_add(series.step)
            .unwrap_or(Instant::MAX)
    };
    let alert = |run: &std::ops::Range<usize>| {
        let start = series.rows[run.start];
        Interval::new(start, after(run.end - 1).max(start))
            .ok()
            .map(|interval| Alert {
                interval,
                reportable_at: after(run.start),
            })
    };
    runs.iter().for_each(|run| told[run.start] = true);
    Made {
        alerts: runs.iter().filter_map(alert).collect(),
        told: Decisions::new(told),
        answer,
    }
}

/// `METHODS/method/setting.yaml`, in order of their names.
fn methods_in(folder: &Path) -> Outcome<Vec<(String, String, Detection)>> {
    let mut all = Vec::new();
    for method in sorted(folder)? {
        for setting in sorted(&method)? {
            let text = fs::read_to_string(&setting)?;
            let detection = Detection::from_yaml(&text);
            let detection = detection.map_err(|error| format!("{}: {error}", setting.display()))?;
            all.push((stem(&method), stem(&setting), detection));
        }
    }
    Ok(all)
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
}

fn sorted(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut paths: Vec<PathBuf> = entries.collect::<Result<_, std::io::Error>>()?;
    paths.sort();
    Ok(paths)
}

/// `NAME=FOLDER[,SOURCE]`
fn kind(arg: &str) -> Outcome<Kind> {
    let (name, rest) = arg.split_once('=').ok_or("write NAME=FOLDER")?;
    let (folder, source) = match rest.split_once(',') {
        Some((folder, source)) => (Path::new(folder), source),
        None => (Path::new(rest), ""),
    };
    let mut all: Vec<(String, LabelledSeries)> = Vec::new();
    let mut step = None;
    if source.ends_with(".json") {
        let series = read_nab(folder, source)?.into_iter();
        all.extend(series.map(|series| (series.name().to_owned(), series)));
    } else {
        let mut options = LabelOptions::default();
        options = match source.split_once('=') {
            Some(("rows", of)) => {
                step = Some(of.parse::<Duration>()?);
                options.time_unit(TimeUnit::Rows)
            }
            _ if source.is_empty() => options,
            _ => options.time_unit(source.parse()?),
        };
        let mut paths = Vec::new();
        gather(folder, &mut paths)?;
        paths.sort();
        for path in paths {
            let name = path.strip_prefix(folder)?.to_string_lossy().into_owned();
            match read_series(&path, &options) {
                Ok(series) => all.push((name, series)),
                // A run that is known to be clean has no labels, and is no file of the set.
                Err(error) => eprintln!("left out: {error}"),
            }
        }
    }
    let series = all
        .iter()
        .map(|(name, series)| prepared(name, series, step));
    Ok(Kind {
        name: name.to_owned(),
        series: series.collect::<Outcome<_>>()?,
    })
}

fn gather(folder: &Path, paths: &mut Vec<PathBuf>) -> Outcome<()> {
    for path in sorted(folder)? {
        let name = path.to_string_lossy();
        let is_data = name.ends_with(".csv") || name.ends_with(".csv.gz");
        if path.is_dir() {
            gather(&path, paths)?;
        } else if is_data {
            paths.push(path);
        }
    }
    Ok(())
}

fn prepared(name: &str, series: &LabelledSeries, pretended: Option<Duration>) -> Outcome<Series> {
    let digest = Sha256::digest(name.as_bytes());
    let even = digest.last().is_some_and(|byte| byte % 2 == 0);
    let count = series.truth().rows();
    let (rows, step) = match (series.instants(), pretended) {
        (Some(rows), _) => (rows.to_vec(), series.truth().step().ok_or("no step")?),
        (None, Some(step)) => {
            let at = |row: usize| Instant::from_millis(row as i64 * step.millis());
            ((0..count).map(at).collect::<Result<Vec<_>, _>>()?, step)
        }
        (None, None) => return Err(format!("{name}: say what its rows count").into()),
    };
    let metric = || Metric::new("value").with_aggregation(Aggregation::Mean);
    let mut frames = Vec::new();
    for column in series.columns() {
        let mut builder = Frame::builder(name, [metric()]).granularity(Granularity::fixed(step)?);
        for (at, value) in rows.iter().zip(&column.values) {
            builder.row(*at, &[], &[*value])?;
        }
        frames.push(builder.build()?);
    }
    Ok(Series {
        even,
        truth: series.truth().clone(),
        has_clock: series.instants().is_some(),
        rows,
        step,
        frames,
    })
}
