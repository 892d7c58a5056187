//! What the page is told, as JSON.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tuatara::Report;
use tuatara::core::Anomaly;
use tuatara::frame::{Interval, SliceKey};
use tuatara_backtest::{Change, Diff, Side, Told};
use tuatara_report::{Clock, Page, Parts};

use crate::desk::{Desk, Ready, Shown, Unanswered};
use crate::figures::counted;
use crate::knobs::knobs;
use crate::read::{Said, Turned, turned};

/// Numbers of a slice that are sent at most; longer series keep the lowest and the highest of each
/// stretch, as reports do.
const POINTS: usize = 20_000;
/// Slices that are drawn at most.
const DRAWN: usize = 8;
/// Specifications that are shown at most: the one that is worked on, and what it is compared with.
const SIDES: usize = 2;
/// Changes that are listed at most.
const LISTED: usize = 200;

/// What the page asks for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// The page, and the number of its request.
    pub(crate) page: String,
    pub(crate) ticket: u64,
    /// The text that is worked on, and the one that it is compared with.
    sides: Vec<Text>,
    /// The slices in view; none for the gravest.
    slices: Vec<String>,
}

/// A text, with what was turned in it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    name: String,
    text: String,
    #[serde(default)]
    turned: Vec<Turned>,
}

/// What is asked of an answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Of {
    /// The answer, or two of them.
    pub(crate) answers: Vec<u64>,
    /// An anomaly, or a slice.
    #[serde(default)]
    pub(crate) what: String,
}

/// How much is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The slices in view, as soon as they are there; none of what is counted over all.
    View,
    /// Every slice.
    All,
}

/// Something newer has been asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stale;

/// A change between two specifications.
#[derive(Debug, Serialize)]
struct Changed {
    kind: &'static str,
    slice: String,
    /// When it was or is, for a person and in milliseconds.
    when: String,
    from: i64,
    to: i64,
}

/// Reads, runs, draws.
///
/// # Errors
/// [`Stale`]
pub(crate) fn answer(desk: &Desk, asked: &Asked, scope: Scope) -> Result<String, Stale> {
    let mut texts = Vec::new();
    let mut read = Vec::new();
    for side in asked.sides.iter().take(SIDES) {
        let first = Ok(side.text.clone());
        let edited = side.turned.iter().fold(first, |text, to| {
            text.and_then(|text| turned(&text, &side.name, to))
        });
        let (text, ready) = match edited {
            Ok(text) => {
                let ready = desk.ready(&side.name, &text);
                (text, ready)
            }
            Err(error) => {
                let refused = Unanswered::Refused(Said::whole(error));
                (side.text.clone(), Err(refused))
            }
        };
        texts.push(text);
        read.push(ready);
    }
    // Specifications may look at other metrics, which begin or end elsewhere.
    let histories = read
        .iter()
        .filter_map(|ready| Some(ready.as_ref().ok()?.history));
    let all = histories.reduce(|a, b| {
        let (start, end) = (a.start().min(b.start()), a.end().max(b.end()));
        Interval::new(start, end).unwrap_or(a)
    });
    let from = (asked.page.as_str(), asked.ticket);
    let first = read.iter().find_map(|ready| ready.as_ref().ok());
    let only = match (scope, first) {
        (Scope::View, Some(first)) => Some(named(first, &asked.slices)),
        _ => None,
    };
    // Where nothing is out of view, there is nothing to wait for.
    let only = only.filter(|only| first.is_some_and(|first| only.len() < first.slices.len()));
    let mut shown: Vec<Result<Arc<Shown>, Said>> = Vec::new();
    let mut kept = Vec::new();
    for ready in read {
        let ran = match ready {
            Ok(ready) => {
                let history = all.unwrap_or(ready.history);
                desk.run(ready, history, only.as_deref(), from)
            }
            Err(refused) => Err(refused),
        };
        kept.push(matches!(ran, Ok((_, true))));
        shown.push(match ran {
            Ok((shown, _)) => Ok(shown),
            Err(Unanswered::Refused(said)) => Err(said),
            Err(Unanswered::Stale) => return Err(Stale),
        });
    }
    let first = shown.iter().find_map(|shown| shown.as_ref().ok());
    let slices = match (only, first) {
        (Some(only), Some(first)) if first.totals.is_none() => only,
        (_, Some(first)) => in_view(first, &asked.slices),
        (_, None) => Vec::new(),
    };
    let mut sides = Vec::new();
    for (at, ((text, shown), kept)) in texts.iter().zip(&shown).zip(kept).enumerate() {
        let knobs = knobs(text, &desk.types);
        let mut side = json!({ "text": text, "knobs": knobs, "kept": kept });
        let drawn = match shown {
            Ok(shown) => draw(desk, shown, (at, &slices), &mut side),
            Err(said) => Err(said.clone()),
        };
        sides.push(match drawn {
            Ok(numbers) => with_raw(&side, "numbers", &numbers),
            Err(said) => {
                side["refused"] = json!(said);
                side.to_string()
            }
        });
    }
    let diff = match &shown[..] {
        [Ok(after), Ok(before)] if after.totals.is_some() && before.totals.is_some() => {
            difference(desk, before, after)
        }
        _ => Value::Null,
    };
    let names: Vec<String> = slices.iter().map(SliceKey::to_string).collect();
    let rest = json!({ "ticket": asked.ticket, "slices": names, "diff": diff });
    Ok(with_raw(&rest, "sides", &format!("[{}]", sides.join(","))))
}

/// `object` with one more entry that is JSON already.
fn with_raw(object: &Value, key: &str, value: &str) -> String {
    let text = object.to_string();
    let open = text.strip_suffix('}').unwrap_or(&text);
    format!("{open},\"{key}\":{value}}}")
}

/// Those of `keys` that are asked for, as many as are drawn.
fn asked_of<'k>(
    keys: impl Iterator<Item = &'k SliceKey> + Clone,
    asked: &[String],
) -> Vec<SliceKey> {
    let named = asked
        .iter()
        .filter_map(|name| keys.clone().find(|key| key.to_string() == *name));
    named.take(DRAWN).cloned().collect()
}

/// The slices that are asked for, or the first: which has the gravest anomaly is not known before all
/// have run.
fn named(ready: &Ready, asked: &[String]) -> Vec<SliceKey> {
    let found = asked_of(ready.slices.iter(), asked);
    match found.is_empty() {
        true => ready.slices.iter().take(1).cloned().collect(),
        false => found,
    }
}

/// The slices that are asked for, or that of the gravest anomaly, or the first.
fn in_view(shown: &Shown, asked: &[String]) -> Vec<SliceKey> {
    let report = shown.ran.report();
    let keys = || report.slices().iter().map(|slice| slice.key());
    let found = asked_of(keys(), asked);
    if !found.is_empty() {
        return found;
    }
    let open = report
        .anomalies()
        .iter()
        .filter(|anomaly| !anomaly.is_suppressed());
    let gravest = open.max_by(|a, b| {
        grave(a)
            .0
            .cmp(&grave(b).0)
            .then(grave(a).1.total_cmp(&grave(b).1))
    });
    let gravest = gravest.map(|anomaly| &anomaly.slice);
    gravest
        .or_else(|| keys().next())
        .cloned()
        .into_iter()
        .collect()
}

fn grave(anomaly: &Anomaly) -> (tuatara::core::Severity, f64) {
    (anomaly.severity, anomaly.score())
}

/// What is shown on one side of the page: the other has names of its own.
fn page<'s>(desk: &Desk, shown: &'s Shown, at: usize) -> Page<'s> {
    let page = Page::of(shown.ran.report()).among(at);
    let page = page.labelled((*shown.labelled).clone().unwrap_or_default());
    match desk.studio.zone {
        Some(zone) => page.zone(zone),
        None => page,
    }
}

/// Puts what is drawn of `slices` into `side`, the side `at` of the page; what comes back are the numbers.
fn draw(
    desk: &Desk,
    shown: &Shown,
    (at, slices): (usize, &[SliceKey]),
    side: &mut Value,
) -> Result<String, Said> {
    let report = shown.ran.report();
    let is_there = |slice: &&SliceKey| report.slice(slice).is_ok();
    let own: Vec<SliceKey> = slices.iter().filter(is_there).cloned().collect();
    let parts: Parts = page(desk, shown, at)
        .parts(&own, POINTS)
        .map_err(Said::whole)?;
    let detection = report.detection();
    let mut more = json!({
        "answer": shown.id,
        "partial": shown.totals.is_none(),
        "drawn": own.iter().map(SliceKey::to_string).collect::<Vec<_>>(),
        "said": shown.said,
        "name": detection.name(),
        "description": detection.description(),
        "fingerprint": format!("{:032x}", detection.fingerprint()),
        "stages": shown.stages,
        "millis": shown.took.as_secs_f64() * 1e3,
        "legend": parts.legend,
        "charts": parts.charts,
        "found": parts.found,
        "gone": parts.removed,
    });
    if let Some(totals) = &shown.totals {
        extend(&mut more, counted_over_all(report, totals));
        more["labels"] = json!(shown.labelled.as_ref().as_ref().err());
        more["lanes"] = json!(parts.lanes);
    }
    extend(side, more);
    Ok(parts.numbers)
}

/// What is known when every slice has run.
fn counted_over_all(report: &Report, totals: &Side) -> Value {
    let removed: Vec<Value> = report
        .removed_by()
        .into_iter()
        .map(|(filter, count)| json!([filter, count]))
        .collect();
    json!({
        "series": report.slices().len(),
        "anomalies": totals.anomalies,
        "alerts": totals.alerts,
        "perWeek": totals.alerts_per_week,
        "incidents": report.detection().gathers().then_some(report.incidents().len()),
        "suppressed": report.suppressed(),
        "removed": report.removed().len(),
        "removedBy": removed,
        "notes": report.notes(),
    })
}

/// Adds the entries of one object to another.
fn extend(object: &mut Value, more: Value) {
    if let (Value::Object(object), Value::Object(more)) = (object, more) {
        object.extend(more);
    }
}

fn difference(desk: &Desk, before: &Shown, after: &Shown) -> Value {
    let diff = Diff::between(&before.ran, &after.ran);
    let rules = || {
        after
            .ran
            .report()
            .slices()
            .iter()
            .flat_map(|slice| slice.rules())
    };
    let finest = rules().map(|rule| rule.axis().granularity());
    let finest = finest.min_by_key(|step| (step.nominal(), step.is_civil()));
    let zone = rules().next().map(|rule| rule.axis().zone());
    let clock = Clock {
        zone: desk
            .studio
            .zone
            .or(zone)
            .unwrap_or(tuatara::frame::Zone::UTC),
        granularity: finest.unwrap_or(tuatara::frame::Granularity::days()),
    };
    let changed = |change: &Change| {
        let told: &Told = change
            .after()
            .or(change.before())
            .expect("a change is of something");
        let interval = told.alert.interval;
        Changed {
            kind: change.as_str(),
            slice: told.slice.to_string(),
            when: clock.show(interval.start()),
            from: interval.start().millis(),
            to: interval.end().millis(),
        }
    };
    let count = |kind: &str| {
        let of_kind = diff.changes.iter().filter(|change| change.as_str() == kind);
        of_kind.count()
    };
    let listed: Vec<Changed> = diff.changes.iter().take(LISTED).map(changed).collect();
    json!({
        "added": count("added"),
        "removed": count("removed"),
        "moved": count("moved"),
        "same": diff.same,
        "changes": listed,
    })
}

/// What led to an anomaly, as markup; none where it is no longer known.
pub(crate) fn trace(desk: &Desk, of: &Of) -> Option<Value> {
    let shown = desk.shown(*of.answers.first()?)?;
    // What was B may be A by now, and has one answer.
    let traces = (0..SIDES).map(|at| page(desk, &shown, at).trace(&of.what));
    let told = traces.filter_map(Result::transpose).next();
    Some(match told? {
        Ok(html) => json!({ "html": html }),
        Err(error) => json!({ "error": error.to_string() }),
    })
}

/// What the detectors see of a slice, as markup; none where it is no longer known.
pub(crate) fn own(desk: &Desk, of: &Of) -> Option<Value> {
    let shown = desk.shown(*of.answers.first()?)?;
    let mut slices = shown.ran.report().slices().iter();
    let slice = slices.find(|slice| slice.key().to_string() == of.what)?;
    Some(match page(desk, &shown, 0).own(slice.key()) {
        Ok(html) => json!({ "html": html }),
        Err(error) => json!({ "error": error.to_string() }),
    })
}

/// How good what was told is; none where it is no longer known.
pub(crate) fn figures(desk: &Desk, of: &Of) -> Option<Value> {
    let shown = of.answers.iter().take(SIDES).map(|id| desk.shown(*id));
    let shown: Vec<Arc<Shown>> = shown.collect::<Option<_>>()?;
    let studio = &desk.studio;
    Some(match counted(&shown, &studio.known) {
        Ok(counted) => json!({ "figures": counted }),
        Err(error) => json!({ "error": error.to_string() }),
    })
}

/// The anomalies as comma-separated values; none where they are no longer known or nobody writes them.
pub(crate) fn table(desk: &Desk, of: &Of) -> Option<Vec<u8>> {
    let shown = desk.shown(*of.answers.first()?)?;
    let write = desk.studio.table.as_ref()?;
    Some(write(shown.ran.report()))
}

/// What a page begins with.
pub(crate) fn start(desk: &Desk) -> Value {
    let studio = &desk.studio;
    let other = studio.other.as_ref();
    json!({
        "name": studio.name,
        "text": studio.text,
        "other": other.map(|(name, text)| json!({ "name": name, "text": text })),
        "labelled": studio.known.is_labelled(),
        "table": studio.table.is_some(),
        "version": env!("CARGO_PKG_VERSION"),
    })
}
