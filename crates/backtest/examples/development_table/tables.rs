//! Tables of figures, and the defaults that follow from them.

use std::collections::BTreeMap;
use std::fs;

use crate::Outcome;
use crate::figures::COLUMNS;

const HALVES: [&str; 3] = ["even", "odd", "all"];

/// What ends the name of a setting that is silent for a day after each alert.
const QUIET: &str = "_quiet";

/// A line of figures.
struct Line {
    kind: String,
    half: String,
    series: usize,
    method: String,
    setting: String,
    figures: Vec<Option<f64>>,
}

impl Line {
    fn figure(&self, name: &str) -> f64 {
        let place = COLUMNS.iter().position(|(column, _)| *column == name);
        let place = place.expect("a column of the figures");
        self.figures[place].unwrap_or(f64::NEG_INFINITY)
    }
}

/// The tables of what `development_table run` printed into `files`.
pub(crate) fn print(files: &[&str]) -> Outcome<()> {
    let mut lines: Vec<Line> = Vec::new();
    for file in files {
        for text in fs::read_to_string(file)?.lines() {
            // Each file begins with a header, and several may have been put together.
            if !text.is_empty() && !text.starts_with("kind,half,") {
                lines.push(line(text)?);
            }
        }
    }
    let mut kinds: Vec<&str> = Vec::new();
    for line in &lines {
        if !kinds.contains(&line.kind.as_str()) {
            kinds.push(&line.kind);
        }
    }
    let everywhere = over_all(&lines, &kinds);
    println!("## One default for all kinds\n");
    for (method, setting) in &everywhere {
        println!("- {method}: {setting}");
    }
    println!();
    for kind in &kinds {
        println!("## {kind}\n");
        let own = for_kind(&lines, kind);
        table(&lines, kind, &HALVES, "its own defaults", &own);
        table(
            &lines,
            kind,
            &HALVES[..2],
            "the defaults of all kinds",
            &everywhere,
        );
    }
    println!("## Every setting, on the even half\n");
    for kind in &kinds {
        let all = of(&lines, kind, "even");
        let all = all.map(|line| (line.method.as_str(), line.setting.as_str()));
        let all: Vec<_> = all.collect();
        table(&lines, kind, &HALVES[..1], "every setting", &all);
    }
    Ok(())
}

fn line(text: &str) -> Outcome<Line> {
    let cells: Vec<&str> = text.split(',').collect();
    let [kind, half, series, method, setting, ref figures @ ..] = cells[..] else {
        return Err(format!("`{text}` is no line of figures").into());
    };
    if figures.len() != COLUMNS.len() {
        return Err(format!("`{text}` has {} figures", figures.len()).into());
    }
    let figure = |cell: &&str| -> Outcome<Option<f64>> {
        Ok(if cell.is_empty() {
            None
        } else {
            Some(cell.parse()?)
        })
    };
    Ok(Line {
        kind: kind.to_owned(),
        half: half.to_owned(),
        series: series.parse()?,
        method: method.to_owned(),
        setting: setting.to_owned(),
        figures: figures.iter().map(figure).collect::<Outcome<_>>()?,
    })
}

fn of<'l>(lines: &'l [Line], kind: &str, half: &str) -> impl Iterator<Item = &'l Line> {
    lines
        .iter()
        .filter(move |line| line.kind == kind && line.half == half)
}

/// What a setting of one kind is chosen by, the second figure breaking ties.
fn merit(line: &Line) -> (f64, f64) {
    match line.kind == "nab" {
        true => (line.figure("NAB thinned"), line.figure("NAB as told")),
        false => (line.figure("event F1"), line.figure("AP")),
    }
}

/// The default of each method for one kind.
fn for_kind<'l>(lines: &'l [Line], kind: &str) -> Vec<(&'l str, &'l str)> {
    let mut best: BTreeMap<&str, &Line> = BTreeMap::new();
    for line in of(lines, kind, "even") {
        let known = best.entry(&line.method).or_insert(line);
        if merit(line) > merit(known) {
            *known = line;
        }
    }
    let best = best.into_values();
    best.map(|line| (line.method.as_str(), line.setting.as_str()))
        .collect()
}

/// The default of each method over all kinds; one that a setting refuses, or on which it did not run,
/// counts nothing for it.
fn over_all<'l>(lines: &'l [Line], kinds: &[&str]) -> Vec<(&'l str, &'l str)> {
    let mut sums: BTreeMap<(&str, &str), f64> = BTreeMap::new();
    for line in kinds.iter().flat_map(|kind| of(lines, kind, "even")) {
        let sum = sums.entry((&line.method, &line.setting)).or_default();
        *sum += line.figure("event F1").max(0.0);
    }
    let mut best: BTreeMap<&str, (f64, &str)> = BTreeMap::new();
    for (&(method, setting), &sum) in &sums {
        let known = best.entry(method).or_insert((sum, setting));
        if sum > known.0 {
            *known = (sum, setting);
        }
    }
    let best = best.into_iter();
    best.map(|(method, (_, setting))| (method, setting))
        .collect()
}

/// Whether `setting` is `shown`, or the same with or without quiet.
fn is_twin(setting: &str, shown: &str) -> bool {
    let bare = |name: &str| name.strip_suffix(QUIET).unwrap_or(name).to_owned();
    bare(setting) == bare(shown)
}

/// A table of the settings in `shown`, each with the one that differs in nothing but quiet.
fn table(lines: &[Line], kind: &str, halves: &[&str], words: &str, shown: &[(&str, &str)]) {
    let is_shown = |line: &Line| {
        let mut shown = shown.iter();
        shown.any(|(method, setting)| line.method == *method && is_twin(&line.setting, setting))
    };
    let found: Vec<&Line> = of(lines, kind, halves[0])
        .filter(|line| is_shown(line))
        .collect();
    // A figure that nobody has is left out.
    let is_there = |place: usize| found.iter().any(|line| line.figures[place].is_some());
    let places: Vec<usize> = (0..COLUMNS.len())
        .filter(|&place| is_there(place))
        .collect();
    let names: Vec<&str> = places.iter().map(|&place| COLUMNS[place].0).collect();
    println!("### {kind}: {words}\n");
    println!("| method | setting | half | {} |", names.join(" | "));
    println!("|---|---|---|{}|", vec!["---:"; places.len()].join("|"));
    for first in &found {
        for half in halves {
            let mut same = of(lines, kind, half);
            let line =
                same.find(|line| line.method == first.method && line.setting == first.setting);
            let Some(line) = line else { continue };
            let cell = |&place: &usize| match line.figures[place] {
                Some(figure) => format!("{figure:.*}", COLUMNS[place].1),
                None => "-".to_owned(),
            };
            let cells: Vec<String> = places.iter().map(cell).collect();
            let is_default = shown.contains(&(&line.method, &line.setting));
            let mark = if is_default { "**" } else { "" };
            println!(
                "| {} | {mark}{}{mark} | {half}, {} | {} |",
                line.method,
                line.setting,
                line.series,
                cells.join(" | ")
            );
        }
    }
    println!();
}
