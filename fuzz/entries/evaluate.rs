//! Rules over any series: the bytes choose rules, settings, grid and values. The score agrees with
//! the verdict, and runs cut in the middle say what one run says.

use tuatara::frame::{Duration, Frame, Granularity, Instant, Interval, Metric, Source, Zone};
use tuatara::{Detection, Report};

/// Bytes that never run out.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn next(&mut self) -> u8 {
        match self.0.split_first() {
            Some((&first, rest)) => {
                self.0 = rest;
                first
            }
            None => 0,
        }
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[usize::from(self.next()) % from.len()]
    }

    fn value(&mut self) -> f64 {
        match self.next() {
            0..=15 => f64::NAN,
            16 => f64::INFINITY,
            17 => f64::NEG_INFINITY,
            18 => f64::MAX,
            19 => f64::MIN_POSITIVE,
            20 => -0.0,
            21..=60 => 0.0,
            61..=120 => 10.0,
            121..=200 => f64::from(self.next()) / 8.0,
            201..=230 => -f64::from(self.next()),
            _ => f64::from(self.next()) * 1e12,
        }
    }
}

const NUMBERS: [&str; 8] = ["0", "0.1", "1", "3", "NaN", "1e9", "0.0001", "24"];
const OFFSETS: [&str; 10] = [
    "wo1w", "median4w", "mean3d", "ho1h", "mo1m", "yo1y", "max2h", "current", "none", "min5w",
];
const PATTERNS: [&str; 3] = ["UP", "DOWN", "UP_OR_DOWN"];
const SPANS: [&str; 7] = ["PT0S", "PT1H", "PT7H", "P1D", "P3D", "P14D", "PT5M"];
const STEPS: [&str; 7] = ["5m", "1h", "PT6H", "1d", "P1W", "P1M", "3h"];

/// A rule of any kind with any settings.
fn detector(bytes: &mut Bytes<'_>) -> String {
    let kind = bytes.next() % 7;
    let (a, b) = (bytes.pick(&NUMBERS), bytes.pick(&NUMBERS));
    let (offset, pattern) = (bytes.pick(&OFFSETS), bytes.pick(&PATTERNS));
    let (long, short) = (bytes.pick(&SPANS), bytes.pick(&SPANS));
    match kind {
        0 => format!("THRESHOLD, params: {{ min: {a}, max: {b} }}"),
        1 => format!(
            "PERCENTAGE_RULE, params: {{ offset: {offset}, percentageChange: {a}, pattern: {pattern} }}"
        ),
        2 => format!(
            "ABSOLUTE_CHANGE_RULE, params: {{ offset: {offset}, absoluteChange: {a}, pattern: {pattern} }}"
        ),
        3 => format!("MEAN_VARIANCE_RULE, params: {{ sensitivity: {a}, pattern: {pattern} }}"),
        4 => format!("FLATLINE, params: {{ minDuration: {short}, lookback: {long} }}"),
        5 => format!("MISSING_DATA, params: {{ minDuration: {short} }}"),
        _ => format!("ROBUST_ZSCORE, params: {{ lookback: {long}, pattern: {pattern} }}"),
    }
}

fn filter(bytes: &mut Bytes<'_>) -> String {
    let (number, span) = (bytes.pick(&NUMBERS), bytes.pick(&SPANS));
    let (offset, pattern) = (bytes.pick(&OFFSETS), bytes.pick(&PATTERNS));
    match bytes.next() % 3 {
        0 => String::new(),
        1 => format!(
            "    filter:\n      - {{ name: f, type: DURATION_FILTER, params: {{ minDuration: {span} }} }}\n"
        ),
        _ => format!(
            "    filter:\n      - {{ name: f, type: PERCENTAGE_CHANGE_FILTER, params: {{ offset: {offset}, \
             threshold: {number}, pattern: {pattern} }} }}\n"
        ),
    }
}

fn detection(bytes: &mut Bytes<'_>) -> Option<Detection> {
    let mut text = "detectionName: any\nmetric: value\nrules:\n".to_owned();
    for rule in 0..=bytes.next() % 2 {
        let detector = detector(bytes);
        let (detector, end) = detector.split_at(detector.len() - 1);
        let step = match bytes.next() % 3 {
            0 => format!("monitoringGranularity: {}", bytes.pick(&STEPS)),
            _ => String::new(),
        };
        let comma = if step.is_empty() { "" } else { ", " };
        text += &format!(
            "  - detection:\n      - {{ name: r{rule}, type: {detector}{comma}{step}{end} }}\n"
        );
        text += &filter(bytes);
    }
    text += &format!(
        "merger: {{ maxGap: {}, maxDuration: {} }}\n",
        bytes.pick(&SPANS),
        bytes.pick(&SPANS)
    );
    Detection::from_yaml(&text).ok()
}

fn frame(bytes: &mut Bytes<'_>) -> Option<Frame> {
    let zone: Zone = bytes
        .pick(&["UTC", "America/New_York", "Pacific/Apia"])
        .parse()
        .ok()?;
    let granularity = [
        Granularity::fixed(Duration::hours(1)).ok()?,
        Granularity::days(),
        Granularity::fixed(Duration::minutes(5)).ok()?,
    ][usize::from(bytes.next() % 3)];
    let start: Instant = bytes
        .pick(&[
            "2026-03-01T00:00:00Z",
            "2011-12-20T10:00:00Z",
            "2026-10-20T04:00:00Z",
        ])
        .parse()
        .ok()?;
    let delay = Duration::hours(u32::from(bytes.next() % 3));
    let mut builder = Frame::builder("any", [Metric::new("value")])
        .zone(zone)
        .granularity(granularity)
        .completeness_delay(delay);
    let step = granularity.nominal().millis();
    let mut at = start.millis();
    while !bytes.0.is_empty() {
        let value = bytes.value();
        // A run of equal values now and then, and now and then nothing.
        let times = if (9.5..10.5).contains(&value) {
            1 + bytes.next() % 32
        } else {
            1
        };
        for _ in 0..times {
            builder
                .row(Instant::from_millis(at).ok()?, &[], &[value])
                .ok()?;
            at += step;
        }
        if value.is_nan() {
            at += step * i64::from(bytes.next() % 16);
        }
    }
    builder.build().ok()
}

pub(crate) fn run(data: &[u8]) {
    let mut bytes = Bytes(data);
    let Some(detection) = detection(&mut bytes) else {
        return;
    };
    let cut = i64::from(bytes.next());
    let Some(frame) = frame(&mut bytes) else {
        return;
    };
    let Ok(profile) = frame.profile("value") else {
        return;
    };
    let extent = profile.extent;
    let Ok(whole) = detection.run(&frame, extent) else {
        return;
    };
    for (_, row) in whole.slices()[0]
        .rules()
        .iter()
        .flat_map(|rule| rule.rows())
    {
        assert_eq!(row.score > 1.0, row.verdict.is_anomalous(), "{row:?}");
        assert!(
            !row.score.is_infinite() && !row.observed.is_infinite(),
            "{row:?}"
        );
    }
    let length = extent.duration().millis();
    let middle =
        Instant::from_millis(extent.start().millis() + length * cut / 255).expect("inside");
    let part = |start, end| Interval::new(start, end).expect("in order");
    let first = detection
        .run(&frame, part(extent.start(), middle))
        .expect("a part can be run where the whole can");
    let second = detection
        .run_with(&frame, part(middle, extent.end()), first.carry())
        .expect("and so can the rest");
    let said = |report: &Report| -> Vec<String> {
        report
            .events()
            .iter()
            .map(|event| format!("{event:?}"))
            .collect()
    };
    let mut joined = said(&first);
    joined.extend(said(&second));
    assert_eq!(joined, said(&whole));
    if let Some(anomaly) = whole.anomalies().first() {
        let why = whole
            .explain(&anomaly.slice, anomaly.interval.start())
            .expect("what was reported can be explained");
        assert!(why.iter().all(|one| !one.to_string().is_empty()));
    }
}
