//! Specifications that are edited one setting at a time, and everything that a report says as text.

#![allow(dead_code, reason = "each test uses a part")]

use tuatara::frame::events::{CalendarEvent, EventCalendar, EventTime, ExpectedChange};
use tuatara::frame::{Instant, Interval, SliceKey};
use tuatara::{Detection, Explanation, Report};
use tuatara_testkit::Draw;

/// A setting: where it stands in the text, and what may stand there. The first is what it starts with.
pub(crate) type Knob = (&'static str, &'static [&'static str]);

/// A specification with places for settings.
pub(crate) struct Edited {
    pub(crate) text: &'static str,
    pub(crate) knobs: &'static [Knob],
}

/// Which choice each knob stands at; the last two are the calendar and the interval.
pub(crate) type Setting = Vec<usize>;

/// Models, networks, baselines and limits; filters that look beside; quality; incidents.
pub(crate) const DAILY: Edited = Edited {
    text: "
detectionName: edited
metric: value
<EXPLORE>
<FILTERS>
rules:
  - detection:
      - name: smooth
        type: HOLT_WINTERS_RULE
        params: { lookback: P42D, <SENSITIVITY>, pattern: <PATTERN>, optimizer: GAUSS_NEWTON, <GAMMA>, minRel: <MINREL> }
    filter:
      - { name: lasting, type: DURATION_FILTER, params: { minDuration: <LASTING> } }
      - { name: far, type: PERCENTAGE_CHANGE_FILTER, params: { offset: <OFFSET>, threshold: <FAR> } }
  - detection:
      - { name: networks, type: ALERTIGER_RULE, params: { sensitivity: <NETWORKS>, pattern: <PATTERN> } }
    thinning: { enter: <ENTER>, leave: 0.8 }
    labeler:
      - name: size
        type: THRESHOLD_SEVERITY_LABELER
        params: { severity: { high: { change: 0.5 }, low: { change: <LABEL> } } }
  - detection:
      - { name: week, type: PERCENTAGE_RULE, timezone: Asia/Tokyo, params: { offset: <OFFSET>, percentageChange: <CHANGE> } }
    filter:
      - { name: site, type: SITEWIDE_IMPACT_FILTER, params: { threshold: <SITE>, offset: wo1w } }
    quality:
      - { name: fresh, type: DATA_SLA, params: { sla: 2_DAYS } }
  - detection:
      - { name: weekly, type: THRESHOLD, params: { max: <MAX>, monitoringGranularity: 1_WEEKS } }
merger: { maxGap: <MAXGAP>, maxDuration: <MAXDURATION> }
<GROUPER>
",
    knobs: &[
        (
            "EXPLORE",
            &[
                "dimensionExploration: { dimensions: [country] }",
                "",
                "dimensionExploration: { dimensions: [country], k: 2, lookback: 3d }",
                "dimensionExploration: { dimensions: [country], k: 2, explore: once }",
            ],
        ),
        ("FILTERS", &["", "filters: { country: [AT, BE] }"]),
        (
            "SENSITIVITY",
            &["sensitivity: 5", "sensitivity: 8", "sensitivity: 2", "coverage: 0.99", "coverage: 0.9"],
        ),
        ("PATTERN", &["UP_OR_DOWN", "UP", "DOWN"]),
        ("GAMMA", &["alpha: 0.3", "alpha: 0.2", "trend: NONE"]),
        ("MINREL", &["0", "0.2"]),
        ("LASTING", &["PT0S", "P2D"]),
        ("OFFSET", &["wo1w", "mean2w"]),
        ("FAR", &["0.1", "0.3", "0.2"]),
        ("NETWORKS", &["5", "9"]),
        ("ENTER", &["1", "1.3"]),
        ("LABEL", &["0.1", "0.2"]),
        ("CHANGE", &["0.25", "0.4"]),
        ("SITE", &["0.05", "0.2"]),
        ("MAX", &["800", "600"]),
        ("MAXGAP", &["P1D", "P3D"]),
        ("MAXDURATION", &["P6D", "P20D"]),
        (
            "GROUPER",
            &[
                "",
                "grouper: { type: INCIDENT_GROUPER }",
                "grouper: { type: GROUPER, params: { expression: smooth || (week && networks) } }",
            ],
        ),
    ],
};

/// Rules of other zones and steps, which share what they expect, and wait for late rows.
pub(crate) const HOURLY: Edited = Edited {
    text: "
detectionName: edited
metric: value
<EXPLORE>
rules:
  - detection:
      - name: smooth
        type: HOLT_WINTERS_RULE
        params: { season: P1D, lookback: P7D, refit: WEEK, alpha: <ALPHA>, optimizer: GAUSS_NEWTON, sensitivity: <SENSITIVITY> }
      - name: above
        type: HOLT_WINTERS_RULE
        <WAITS>
        params: { season: P1D, lookback: P7D, refit: WEEK, alpha: 0.2, optimizer: GAUSS_NEWTON, sensitivity: 9, pattern: UP }
    filter:
      - { name: lasting, type: DURATION_FILTER, params: { minDuration: <LASTING> } }
  - detection:
      - { name: yesterday, type: PERCENTAGE_RULE, timezone: <ZONE>, params: { offset: do1d, percentageChange: 0.3 } }
    filter:
      - { name: far, type: ABSOLUTE_CHANGE_FILTER, params: { offset: median3d, threshold: <FAR>, timezone: <ZONE> } }
    thinning: { k: <K>, n: 4, quiet: <QUIET> }
  - detection:
      - { name: steps, type: ABSOLUTE_CHANGE_RULE, params: { offset: mean2d, absoluteChange: 60, monitoringGranularity: <STEPS> } }
merger: { maxGap: <MAXGAP>, maxDuration: PT20H }
",
    knobs: &[
        (
            "EXPLORE",
            &["dimensionExploration: { dimensions: [country] }", ""],
        ),
        ("ALPHA", &["0.2", "0.4"]),
        ("SENSITIVITY", &["5", "9", "1"]),
        ("WAITS", &["windowDelay: 0", "windowDelay: 3"]),
        ("LASTING", &["PT2H", "PT4H"]),
        ("ZONE", &["Europe/Berlin", "Asia/Kathmandu"]),
        ("FAR", &["10", "40"]),
        ("K", &["1", "2"]),
        ("QUIET", &["PT0S", "PT8H"]),
        ("STEPS", &["3_HOURS", "1_DAYS"]),
        ("MAXGAP", &["PT3H", "PT1H", "PT6H"]),
    ],
};

const CALENDARS: usize = 4;
const INTERVALS: usize = 4;

impl Edited {
    /// Where every knob stands at first.
    pub(crate) fn start(&self) -> Setting {
        vec![0; self.knobs.len() + 2]
    }

    /// `setting` with one knob at some other place.
    pub(crate) fn edit(&self, setting: &Setting, draw: &mut Draw) -> Setting {
        let mut edited = setting.clone();
        let knob = draw.between(0..edited.len());
        let choices = match knob.checked_sub(self.knobs.len()) {
            None => self.knobs[knob].1.len(),
            Some(0) => CALENDARS,
            Some(_) => INTERVALS,
        };
        edited[knob] = (edited[knob] + draw.between(1..choices)) % choices;
        edited
    }

    /// `setting` with the knob called `name` at its choice `at`.
    pub(crate) fn with(&self, setting: &Setting, name: &str, at: usize) -> Setting {
        let mut edited = setting.clone();
        let knob = match name {
            "calendar" => self.knobs.len(),
            "interval" => self.knobs.len() + 1,
            _ => self.knobs.iter().position(|knob| knob.0 == name).unwrap(),
        };
        edited[knob] = at;
        edited
    }

    pub(crate) fn yaml(&self, setting: &Setting) -> String {
        let knobs = self.knobs.iter().zip(setting);
        knobs.fold(self.text.to_owned(), |text, ((name, choices), at)| {
            let place = format!("<{name}>");
            assert!(text.contains(&place), "{name}");
            text.replace(&place, choices[*at])
        })
    }

    /// The detection and the interval of `setting` over data of `extent`.
    pub(crate) fn detection(&self, setting: &Setting, extent: Interval) -> (Detection, Interval) {
        let [calendar, interval] = [0, 1].map(|at| setting[self.knobs.len() + at]);
        let at = |share: i64| {
            let (start, length) = (extent.start().millis(), extent.duration().millis());
            Instant::from_millis(start + length / 100 * share).unwrap()
        };
        let span = |from, to| Interval::new(at(from), at(to)).unwrap();
        let event = |name: &str, from, to| {
            CalendarEvent::from(name, at(from)).until(EventTime::Instant(at(to)))
        };
        let sale = || event("sale", 60, 63).leave_out().expect(1.4);
        let outage = || event("outage", 70, 72).only("country", ["AT"]).leave_out();
        let strike = ExpectedChange::new(-0.5, 0.2).unwrap();
        let strike = || event("strike", 40, 80).suppress_change(strike);
        let calendar = match calendar {
            0 => Vec::new(),
            1 => vec![sale().build()],
            2 => vec![sale().build(), outage().build()],
            _ => vec![sale().build(), strike().build()],
        };
        let calendar = calendar.into_iter().map(Result::unwrap);
        let calendar = calendar.fold(EventCalendar::new(), EventCalendar::with);
        let detection = Detection::from_yaml(&self.yaml(setting)).unwrap();
        let interval = match interval {
            0 => extent,
            1 => span(55, 100),
            2 => span(0, 90),
            _ => span(50, 90),
        };
        (detection.with_calendar(calendar), interval)
    }
}

/// Everything that `report` says, with all digits; unlike by `==`, all NaN are one.
pub(crate) fn said(report: &Report) -> Vec<String> {
    let mut said = vec![
        format!("{:?}", report.interval()),
        format!("{:?}", report.complete_until()),
        format!("{:?}", report.data_fingerprint()),
        format!("{:?}", report.detection().fingerprint()),
        format!("{:?}", report.removed_by()),
        format!("{:?}", report.watched_by_day()),
        format!("{:?}", report.notes()),
        serde_json::to_string(report.carry()).unwrap(),
    ];
    said.extend(report.incidents().iter().map(|found| format!("{found:?}")));
    let told = report.incident_events().iter();
    said.extend(told.map(|event| format!("{event:?}")));
    said.extend(explained(report, |_| true, |why| format!("{why:?}")));
    said.extend(said_of(report, |_| true));
    said
}

/// What `report` says of the slices that are `meant` by themselves: nothing of incidents, nor of what to go on
/// from.
pub(crate) fn said_of(report: &Report, meant: impl Fn(&SliceKey) -> bool) -> Vec<String> {
    let mut said = Vec::new();
    for slice in report.slices().iter().filter(|slice| meant(slice.key())) {
        said.push(format!("{} of {}", slice.key(), slice.part()));
        for rule in slice.rules() {
            said.push(format!("{} by {:?}", rule.name(), rule.axis()));
            said.push(format!("{:?}", slice.regularised(rule)));
            said.extend(rule.rows().map(|row| format!("{row:?}")));
            said.extend(rule.anomalies().iter().map(|found| format!("{found:?}")));
        }
    }
    for found in [report.anomalies(), report.removed()] {
        let of_it = found.iter().filter(|found| meant(&found.slice));
        said.extend(of_it.map(|found| format!("{found:?}")));
    }
    let levels = report.level_changes().into_iter();
    let levels = levels.filter(|change| meant(&change.slice));
    said.extend(levels.map(|change| change.to_string()));
    let events = report.events().iter();
    let events = events.filter(|event| meant(&event.anomaly.slice));
    said.extend(events.map(|event| format!("{event:?}")));
    said.extend(explained(report, meant, |mut why| {
        why.iter_mut().for_each(|why| why.incidents.clear());
        format!("{why:?}")
    }));
    said
}

/// Explanations of three instants of each slice that is `meant`, as `say` has them.
fn explained(
    report: &Report,
    meant: impl Fn(&SliceKey) -> bool,
    say: impl Fn(Vec<Explanation>) -> String,
) -> Vec<String> {
    let mut said = Vec::new();
    for slice in report.slices().iter().filter(|slice| meant(slice.key())) {
        let last = report.complete_until().millis();
        for back in [1, 86_400_000 * 5, 86_400_000 * 21] {
            let at = Instant::from_millis(last - back).unwrap();
            said.push(match report.explain(slice.key(), at) {
                Ok(why) => say(why),
                Err(why) => why.to_string(),
            });
        }
    }
    said
}
