//! Data with gaps, outages and spikes, and detections of many rules to run over them.

#![allow(dead_code, reason = "each test uses a part")]

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use tuatara::core::{Anomaly, Status};
use tuatara::frame::events::{CalendarEvent, EventCalendar, EventTime, ExpectedChange};
use tuatara::frame::{Duration, Frame, Instant, Interval, Metric, TimeAxis, Zone};
use tuatara::merge::{Event, EventKind};
use tuatara::{Carry, Detection, Report};
use tuatara_testkit::Draw;

/// Data and what is to be found in them.
pub(crate) struct World {
    pub(crate) name: &'static str,
    pub(crate) frame: Frame,
    pub(crate) detection: Detection,
    /// How late rows may be: not at all in half of the worlds.
    pub(crate) delay: Duration,
    /// Of rules that wait longer.
    delays: BTreeMap<&'static str, Duration>,
    kind: &'static Kind,
    spec: String,
    axis: TimeAxis,
    rows: Vec<(Instant, &'static str, f64)>,
}

#[derive(Debug)]
struct Kind {
    name: &'static str,
    granularity: &'static str,
    zones: &'static [&'static str],
    /// First instants, so that clock changes come at different places.
    starts: &'static [&'static str],
    days: i64,
    /// A completeness delay.
    late: &'static str,
    slices: usize,
    /// Buckets of the two seasons of the values.
    seasons: [usize; 2],
    spec: &'static str,
}

/// Rules of other zones and coarser steps, filters of both kinds, anomalies that grow full.
const DAILY: Kind = Kind {
    name: "daily",
    granularity: "P1D",
    zones: &["UTC", "America/Santiago", "Europe/London", "Pacific/Apia"],
    starts: &["2011-09-01T00:00:00Z", "2025-01-01T00:00:00Z"],
    days: 200,
    late: "P1DT5H",
    slices: 3,
    seasons: [7, 30],
    spec: "
detectionName: daily
metric: value
dimensionExploration: { dimensions: [country] }
rules:
  - detection:
      - name: week
        type: PERCENTAGE_RULE
        timezone: Asia/Tokyo
        params: { offset: wo1w, percentageChange: 0.25 }
    filter:
      - { name: lasting, type: DURATION_FILTER, params: { minDuration: P2D, maxDuration: P5D } }
      - name: far
        type: PERCENTAGE_CHANGE_FILTER
        params: { offset: mean2w, threshold: 0.2, pattern: DOWN }
  - detection:
      - name: month
        type: ABSOLUTE_CHANGE_RULE
        params: { offset: mo1m, absoluteChange: 40, pattern: UP }
  - detection:
      - name: weekly
        type: THRESHOLD
        params: { max: 800, monitoringGranularity: 1_WEEKS, weekStart: SUNDAY }
merger: { maxGap: P1D, maxDuration: P6D }
",
};

const HOURLY: Kind = Kind {
    name: "hourly",
    granularity: "PT1H",
    zones: &["UTC", "America/New_York", "Australia/Lord_Howe"],
    starts: &["2026-02-20T00:00:00Z", "2026-09-15T00:00:00Z"],
    days: 45,
    late: "PT95M",
    slices: 3,
    seasons: [24, 168],
    spec: "
detectionName: hourly
metric: value
dimensionExploration: { dimensions: [country] }
rules:
  - detection:
      - name: four_weeks
        type: PERCENTAGE_RULE
        timezone: America/New_York
        params: { offset: median3w, percentageChange: 0.25, minLags: 2 }
    filter:
      - { name: lasting, type: DURATION_FILTER, params: { minDuration: PT2H, maxDuration: PT12H } }
  - detection:
      - name: yesterday
        type: PERCENTAGE_RULE
        timezone: Europe/Berlin
        params: { offset: do1d, percentageChange: 0.3, pattern: UP }
    filter:
      - name: far
        type: PERCENTAGE_CHANGE_FILTER
        params: { offset: wo1w, threshold: 0.15, timezone: Asia/Kathmandu }
  - detection:
      - name: by_day
        type: PERCENTAGE_RULE
        params: { offset: wo1w, percentageChange: 0.05, monitoringGranularity: 1_DAYS }
    filter:
      - { name: by_day_far, type: PERCENTAGE_CHANGE_FILTER, params: { offset: mean2w, threshold: 0.04 } }
  - detection:
      - name: by_three_hours
        type: ABSOLUTE_CHANGE_RULE
        params: { offset: mean2d, absoluteChange: 60, monitoringGranularity: 3_HOURS }
merger: { maxGap: PT3H, maxDuration: PT20H }
",
};

const FIVE_MINUTES: Kind = Kind {
    name: "five minutes",
    granularity: "PT5M",
    zones: &["UTC", "Asia/Kathmandu"],
    starts: &["2026-03-01T00:02:00Z", "2026-03-07T00:00:00Z"],
    days: 4,
    late: "PT12M",
    slices: 2,
    seasons: [12, 288],
    spec: "
detectionName: five minutes
metric: value
dimensionExploration: { dimensions: [country] }
rules:
  - detection:
      - { name: hour, type: PERCENTAGE_RULE, params: { offset: median4h, percentageChange: 0.25 } }
    filter:
      - { name: lasting, type: DURATION_FILTER, params: { minDuration: PT10M, maxDuration: PT1H } }
      - { name: far, type: PERCENTAGE_CHANGE_FILTER, params: { offset: do1d, upThreshold: 0.1 } }
  - detection:
      - name: quarter
        type: THRESHOLD
        params: { min: 220, max: 330, monitoringGranularity: 15_MINUTES }
  - detection:
      - name: by_hour
        type: PERCENTAGE_RULE
        params: { offset: do1d, percentageChange: 0.04, monitoringGranularity: PT1H }
merger: { maxGap: PT15M, maxDuration: PT2H }
",
};

/// `spec` with a ranking.
fn ranked(spec: &str) -> String {
    let all = "dimensionExploration: { dimensions: [country] }";
    let two = "dimensionExploration: { dimensions: [country], k: 2, minContribution: 0.3, \
               lookback: 2d, timezone: Asia/Tokyo }";
    assert!(spec.contains(all));
    spec.replace(all, two)
}

impl World {
    pub(crate) fn daily(seed: u64) -> Self {
        Self::draw(&DAILY, seed, DAILY.spec)
    }

    pub(crate) fn hourly(seed: u64) -> Self {
        Self::draw(&HOURLY, seed, HOURLY.spec)
    }

    pub(crate) fn five_minutes(seed: u64) -> Self {
        Self::draw(&FIVE_MINUTES, seed, FIVE_MINUTES.spec)
    }

    /// Hourly data of which two of three slices are watched on a day, by the days of another zone.
    pub(crate) fn ranked(seed: u64) -> Self {
        Self::draw(&HOURLY, seed, &ranked(HOURLY.spec))
    }

    /// The same, and no anomaly grows full.
    pub(crate) fn roomy_and_ranked(seed: u64) -> Self {
        let spec = HOURLY
            .spec
            .replace("maxDuration: PT20H", "maxDuration: P14D");
        Self::draw(&HOURLY, seed, &ranked(&spec))
    }

    /// Hourly data in which no anomaly grows full.
    pub(crate) fn roomy(seed: u64) -> Self {
        let spec = HOURLY
            .spec
            .replace("maxDuration: PT20H", "maxDuration: P14D");
        Self::draw(&HOURLY, seed, &spec)
    }

    /// Hourly data with rules that leave out what is low, alone or soon after another.
    pub(crate) fn thinned(seed: u64) -> Self {
        let spec = HOURLY
            .spec
            .replace(
                "    filter:\n      - { name: lasting",
                "    thinning: { enter: 1.3, leave: 0.6 }\n    filter:\n      - { name: lasting",
            )
            .replace(
                "    filter:\n      - name: far",
                "    thinning: { k: 2, n: 4, quiet: PT8H }\n    filter:\n      - name: far",
            )
            .replace("merger:", "    thinning: { quiet: PT12H }\nmerger:");
        assert_eq!(spec.matches("thinning").count(), 3);
        Self::draw(&HOURLY, seed, &spec)
    }

    /// Hourly data with rules of which two wait for late rows of their own.
    pub(crate) fn delayed(seed: u64) -> Self {
        let spec = HOURLY
            .spec
            .replace(
                "name: yesterday\n",
                "name: yesterday\n        windowDelay: 5\n        windowDelayUnit: HOURS\n",
            )
            .replace("name: by_day\n", "name: by_day\n        windowDelay: 1\n");
        let delays = [
            ("yesterday", Duration::hours(5)),
            ("by_day", Duration::days(1)),
        ];
        Self {
            delays: delays.into(),
            ..Self::draw(&HOURLY, seed, &spec)
        }
    }

    fn draw(kind: &'static Kind, seed: u64, spec: &str) -> Self {
        let mut draw = Draw::new(seed);
        let zone: Zone = draw.pick(kind.zones).parse().unwrap();
        let start: Instant = draw.pick(kind.starts).parse().unwrap();
        let end = Instant::from_millis(start.millis() + kind.days * 86_400_000).unwrap();
        let granularity = kind.granularity.parse().unwrap();
        let span = Interval::new(start, end).unwrap();
        let axis = TimeAxis::covering(granularity, zone, span).unwrap();
        let delay = match seed % 2 {
            0 => Duration::ZERO,
            _ => kind.late.parse().unwrap(),
        };
        let mut rows = Vec::new();
        for slice in &["AT", "BE", "CH"][..kind.slices] {
            let mut strange = 1.0;
            let mut left = 0;
            for i in 0..axis.len() {
                if left == 0 {
                    // Mostly usual, sometimes a spike, a dip or an outage, of any length.
                    (strange, left) = match draw.between(0..10) {
                        0 => (1.5, draw.between(1..9)),
                        1 => (0.5, draw.between(1..9)),
                        2 => (f64::NAN, draw.between(1..12)),
                        _ => (1.0, draw.between(4..40)),
                    };
                }
                left -= 1;
                let seasons = kind
                    .seasons
                    .map(|steps| ((i % steps) as f64 / steps as f64 - 0.5).abs());
                let usual = 90.0 + 10.0 * seasons[0] + 20.0 * seasons[1] + draw.normal();
                let value = usual * strange;
                // A missing row, or a row without a value.
                if value.is_nan() && draw.chance(0.5) {
                    continue;
                }
                rows.push((axis.start(i), *slice, value));
            }
        }
        let detection = Detection::from_yaml(spec).unwrap();
        // Draws of its own, so that the data do not depend on the calendar.
        let calendar = match seed % 3 {
            1 => calendar(&mut Draw::new(seed), span),
            _ => EventCalendar::new(),
        };
        Self {
            name: kind.name,
            frame: frame(&axis, delay, &rows),
            detection: detection.with_calendar(calendar),
            delay,
            delays: BTreeMap::new(),
            kind,
            spec: spec.to_owned(),
            axis,
            rows,
        }
    }

    /// The same rows and rules in another order. Rows of one slice and instant, which are added up
    /// in their order, keep that.
    pub(crate) fn shuffled(&self, draw: &mut Draw) -> Self {
        let mut values: BTreeMap<(Instant, &str), VecDeque<f64>> = BTreeMap::new();
        for &(at, country, value) in &self.rows {
            values.entry((at, country)).or_default().push_back(value);
        }
        let mut rows = self.rows.clone();
        shuffle(&mut rows, draw);
        for (at, country, value) in &mut rows {
            let of_both = values.get_mut(&(*at, *country));
            *value = of_both.and_then(VecDeque::pop_front).unwrap();
        }
        let (head, rest) = self.spec.split_once("rules:\n").unwrap();
        let (rules, tail) = rest.split_once("merger:").unwrap();
        let mut rules: Vec<&str> = rules.split("  - detection:").skip(1).collect();
        shuffle(&mut rules, draw);
        let rules: Vec<String> = rules
            .iter()
            .map(|rule| format!("  - detection:{rule}"))
            .collect();
        let spec = format!("{head}rules:\n{}merger:{tail}", rules.concat());
        Self {
            frame: frame(&self.axis, self.delay, &rows),
            detection: Detection::from_yaml(&spec)
                .unwrap()
                .with_calendar(self.detection.calendar().clone()),
            delays: self.delays.clone(),
            axis: self.axis.clone(),
            spec,
            rows,
            ..*self
        }
    }

    pub(crate) fn extent(&self) -> Interval {
        self.detection.extent(&self.frame).unwrap()
    }

    /// The end of the last bucket that was complete at `start`, or the first one's start: a run from
    /// `start` on judges what ends after it.
    pub(crate) fn judged_after(&self, start: Instant) -> Instant {
        let known = start.checked_sub(self.delay).unwrap();
        known.max(self.extent().start().min(start))
    }

    /// Whether a run from `start` on judges a bucket of `anomaly`.
    pub(crate) fn judges(&self, start: Instant, anomaly: &Anomaly) -> bool {
        let of_one = |found: &Anomaly| {
            let name = found.rules[0].split(':').next().unwrap();
            let delay = self.delays.get(name).copied().unwrap_or(Duration::ZERO);
            let known = start.checked_sub(delay.max(self.delay)).unwrap();
            found.interval.end() > known.max(self.extent().start().min(start))
        };
        match anomaly.children.as_slice() {
            [] => of_one(anomaly),
            children => children.iter().any(of_one),
        }
    }

    /// An interval that begins and ends somewhere within the data, on a bucket or not.
    pub(crate) fn interval(&self, draw: &mut Draw) -> Interval {
        let extent = self.extent();
        let length = extent.duration().millis();
        let at = |share: f64| {
            let millis = extent.start().millis() + (share * length as f64) as i64;
            Instant::from_millis(millis).unwrap()
        };
        let (start, end) = (draw.within(0.0, 0.5), draw.within(0.55, 1.05));
        match draw.between(0..3) {
            0 => extent,
            1 => Interval::new(extent.start(), at(end)).unwrap(),
            _ => Interval::new(at(start), at(end)).unwrap(),
        }
    }

    /// Where `interval` is cut into pieces: its ends, and instants between, half of which are ends
    /// of buckets.
    pub(crate) fn cuts(&self, interval: Interval, pieces: usize, draw: &mut Draw) -> Vec<Instant> {
        let [start, end] = [interval.start(), interval.end()].map(|at| at.millis() as usize);
        let profile = tuatara::frame::Source::profile(&self.frame, "value").unwrap();
        let axis = TimeAxis::covering(profile.granularity, profile.zone, interval).unwrap();
        let cuts = draw.cuts(start..end, pieces).into_iter().map(|millis| {
            let at = Instant::from_millis(millis as i64).unwrap();
            match axis.index_of(at) {
                Some(i) if draw.chance(0.5) => axis.end(i).clamp(interval.start(), interval.end()),
                _ => at,
            }
        });
        let mut cuts: Vec<Instant> = cuts.chain([interval.start(), interval.end()]).collect();
        cuts.sort();
        cuts
    }

    pub(crate) fn run(&self, start: Instant, end: Instant, carry: Option<&Carry>) -> Report {
        let interval = Interval::new(start, end).unwrap();
        match carry {
            Some(carry) => self.detection.run_with(&self.frame, interval, carry),
            None => self.detection.run(&self.frame, interval),
        }
        .unwrap()
    }
}

fn frame(axis: &TimeAxis, delay: Duration, rows: &[(Instant, &'static str, f64)]) -> Frame {
    let mut builder = Frame::builder("world", [Metric::new("value")])
        .dimensions(["country"])
        .completeness_delay(delay)
        .zone(axis.zone())
        .granularity(axis.granularity());
    for (at, country, value) in rows {
        builder.row(*at, &[country], &[*value]).unwrap();
    }
    builder.build().unwrap()
}

fn shuffle<T>(things: &mut [T], draw: &mut Draw) {
    for i in (1..things.len()).rev() {
        things.swap(i, draw.between(0..i + 1));
    }
}

/// Ten events somewhere in `span`, of every kind, some for one country, some known late.
fn calendar(draw: &mut Draw, span: Interval) -> EventCalendar {
    let length = span.duration().millis() as f64;
    let at = |least: f64, most: f64, draw: &mut Draw| {
        let millis = span.start().millis() + (draw.within(least, most) * length) as i64;
        Instant::from_millis(millis).unwrap()
    };
    let mut calendar = EventCalendar::new();
    for n in 0..10 {
        let start = at(0.0, 0.9, draw);
        let lasts = (length * draw.within(0.001, 0.1)) as i64;
        let end = Instant::from_millis(start.millis() + lasts).unwrap();
        let mut event = CalendarEvent::from(format!("event {n}"), start)
            .until(end.into())
            .before(Duration::from_millis(lasts / 7).unwrap());
        if draw.chance(0.3) {
            event = event.only("country", [*draw.pick(&["AT", "BE", "CH"])]);
        }
        if draw.chance(0.3) {
            event = event.known_at(EventTime::Instant(at(0.0, 1.0, draw)));
        }
        event = match n % 5 {
            0 => event.leave_out(),
            1 => event.expect(draw.within(0.2, 2.0)).leave_out(),
            2 => event.suppress(),
            3 => event.suppress_change(ExpectedChange::new(-0.5, 0.2).unwrap()),
            _ => event.suppress().leave_out(),
        };
        calendar = calendar.with(event.build().unwrap());
    }
    calendar
}

/// What a carry becomes when it is written and read.
pub(crate) fn kept(carry: &Carry) -> Carry {
    serde_json::from_str(&text_of(carry)).unwrap()
}

pub(crate) fn text_of(carry: &Carry) -> String {
    serde_json::to_string(carry).unwrap()
}

/// Every field with all digits; unlike `==`, all NaN are one.
pub(crate) fn exact<T: std::fmt::Debug>(things: &[T]) -> Vec<String> {
    things.iter().map(|thing| format!("{thing:?}")).collect()
}

/// The anomalies that stand after `events`, as somebody who only hears of those would know them;
/// by start, then slice, then rule.
pub(crate) fn standing(events: &[Event]) -> Vec<Arc<Anomaly>> {
    let mut standing: Vec<Arc<Anomaly>> = Vec::new();
    for event in events {
        standing.retain(|known| known.id != event.anomaly.id);
        if !matches!(event.kind, EventKind::Retracted(_)) {
            standing.push(event.anomaly.clone());
        }
    }
    standing.sort_by_key(|anomaly| anomaly.interval.start());
    standing
}

/// Whether `anomaly` can still change.
pub(crate) fn is_open(anomaly: &Anomaly) -> bool {
    anomaly.status == Status::Open
}
