//! The pictures of the book are what the code draws.
//!
//! Each shows a detector, a baseline, a filter or the labeler at work, or failing, on the shipped data. The
//! specifications are those that `docs/choosing.md` shows. With `REWRITE_EXPECTED` set the pictures
//! are drawn anew:
//!
//! ```sh
//! REWRITE_EXPECTED=1 cargo test -p tuatara-cli --test pictures
//! ```

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use tuatara::frame::files::Layout;
use tuatara::frame::{Instant, Interval, Zone};
use tuatara::spec::Kind;
use tuatara::spec::dataset::DatasetSpec;
use tuatara::{Detection, files, standard_registry};
use tuatara_report::Page;

const CPU: &str = "five-minute-cpu.csv";
const ORDERS: &str = "hourly-orders.csv";
const REVENUE: &str = "daily-revenue.csv";
const SENSORS: &str = "hourly-sensors.csv";
const VISITS: &str = "hourly-visits.csv";

/// What no picture may exceed, in bytes.
const MOST: usize = 40_000;

/// A picture: of which specification, over what.
struct Picture {
    /// Its file is `docs/pictures/NAME.svg`.
    name: &'static str,
    /// A specification of `docs/choosing.md`, or the path of one.
    spec: &'static str,
    data: &'static str,
    slice: &'static str,
    since: &'static str,
    until: &'static str,
}

#[rustfmt::skip]
const PICTURES: [Picture; 52] = [
    Picture { name: "threshold-works", spec: "limit.yaml", data: CPU, slice: "cpu", since: "2026-04-01T00:02:00Z", until: "2026-04-03T20:02:00Z" },
    Picture { name: "threshold-fails", spec: "limit.yaml", data: CPU, slice: "cpu", since: "2026-04-07T12:02:00Z", until: "2026-04-10T20:02:00Z" },
    Picture { name: "percentage-rule-works", spec: "quarter.yaml", data: ORDERS, slice: "orders{country=BR,platform=web}", since: "2026-05-01T04:00:00Z", until: "2026-05-04T00:00:00Z" },
    Picture { name: "percentage-rule-fails", spec: "quarter.yaml", data: ORDERS, slice: "orders{country=MX,platform=web}", since: "2026-04-03T16:00:00Z", until: "2026-04-05T00:00:00Z" },
    Picture { name: "absolute-change-rule-works", spec: "examples/sensors.yaml", data: SENSORS, slice: "celsius{series=s03}", since: "2026-02-24T00:00:00Z", until: "2026-03-05T20:00:00Z" },
    Picture { name: "absolute-change-rule-fails", spec: "units.yaml", data: ORDERS, slice: "orders{country=MX,platform=android}", since: "2026-03-18T04:00:00Z", until: "2026-03-21T00:00:00Z" },
    Picture { name: "robust-zscore-works", spec: "robust.yaml", data: REVENUE, slice: "revenue", since: "2025-05-01T00:00:00Z", until: "2025-08-15T00:00:00Z" },
    Picture { name: "robust-zscore-fails", spec: "crowd.yaml", data: REVENUE, slice: "revenue", since: "2025-06-20T00:00:00Z", until: "2025-08-05T00:00:00Z" },
    Picture { name: "holt-winters-rule-works", spec: "examples/revenue_smoothed.yaml", data: REVENUE, slice: "revenue", since: "2025-05-01T00:00:00Z", until: "2025-08-15T00:00:00Z" },
    Picture { name: "holt-winters-rule-fails", spec: "smooth_cpu.yaml", data: CPU, slice: "cpu", since: "2026-03-14T00:02:00Z", until: "2026-03-17T20:02:00Z" },
    Picture { name: "alertiger-rule-works", spec: "network.yaml", data: REVENUE, slice: "revenue", since: "2024-01-01T00:00:00Z", until: "2024-03-01T00:00:00Z" },
    Picture { name: "alertiger-rule-fails", spec: "network.yaml", data: REVENUE, slice: "revenue", since: "2024-05-15T00:00:00Z", until: "2024-07-12T00:00:00Z" },
    Picture { name: "mean-variance-rule-works", spec: "weeks.yaml", data: REVENUE, slice: "revenue", since: "2024-12-02T00:00:00Z", until: "2025-09-01T00:00:00Z" },
    Picture { name: "mean-variance-rule-fails", spec: "days.yaml", data: REVENUE, slice: "revenue", since: "2024-01-10T00:00:00Z", until: "2024-02-07T00:00:00Z" },
    Picture { name: "flatline-works", spec: "stuck.yaml", data: CPU, slice: "cpu", since: "2026-04-03T12:02:00Z", until: "2026-04-04T20:02:00Z" },
    Picture { name: "flatline-fails", spec: "tolerant.yaml", data: CPU, slice: "cpu", since: "2026-04-03T12:02:00Z", until: "2026-04-04T20:02:00Z" },
    Picture { name: "missing-data-works", spec: "silent.yaml", data: CPU, slice: "cpu", since: "2026-03-26T00:02:00Z", until: "2026-03-27T12:02:00Z" },
    Picture { name: "missing-data-fails", spec: "eager.yaml", data: CPU, slice: "cpu", since: "2026-03-13T00:02:00Z", until: "2026-03-14T20:02:00Z" },
    Picture { name: "data-sla-works", spec: "fresh.yaml", data: REVENUE, slice: "revenue", since: "2025-12-10T00:00:00Z", until: "2026-01-06T00:00:00Z" },
    Picture { name: "data-sla-fails", spec: "fresh_cpu.yaml", data: CPU, slice: "cpu", since: "2026-03-26T00:02:00Z", until: "2026-03-27T12:02:00Z" },
    Picture { name: "median4w-works", spec: "median.yaml", data: REVENUE, slice: "revenue", since: "2025-01-20T00:00:00Z", until: "2025-03-20T00:00:00Z" },
    Picture { name: "median4w-fails", spec: "moved.yaml", data: CPU, slice: "cpu", since: "2026-04-08T12:02:00Z", until: "2026-04-09T12:02:00Z" },
    Picture { name: "wo1w-works", spec: "week.yaml", data: REVENUE, slice: "revenue", since: "2024-01-01T00:00:00Z", until: "2024-02-13T00:00:00Z" },
    Picture { name: "wo1w-fails", spec: "week.yaml", data: REVENUE, slice: "revenue", since: "2025-01-20T00:00:00Z", until: "2025-03-20T00:00:00Z" },
    Picture { name: "mean2w-works", spec: "mean.yaml", data: REVENUE, slice: "revenue", since: "2024-06-20T00:00:00Z", until: "2024-08-10T00:00:00Z" },
    Picture { name: "mean2w-fails", spec: "mean.yaml", data: REVENUE, slice: "revenue", since: "2025-06-01T00:00:00Z", until: "2025-07-15T00:00:00Z" },
    Picture { name: "min4w-works", spec: "lowest.yaml", data: REVENUE, slice: "revenue", since: "2025-03-15T00:00:00Z", until: "2025-04-26T00:00:00Z" },
    Picture { name: "min4w-fails", spec: "lowest.yaml", data: REVENUE, slice: "revenue", since: "2025-04-10T00:00:00Z", until: "2025-06-01T00:00:00Z" },
    Picture { name: "do1d-works", spec: "day.yaml", data: CPU, slice: "cpu", since: "2026-03-28T12:02:00Z", until: "2026-03-29T20:02:00Z" },
    Picture { name: "do1d-fails", spec: "yesterday.yaml", data: REVENUE, slice: "revenue", since: "2025-09-05T00:00:00Z", until: "2025-10-06T00:00:00Z" },
    Picture { name: "ho24h-works", spec: "hours.yaml", data: VISITS, slice: "visits{series=london}", since: "2026-03-30T23:00:00Z", until: "2026-04-01T07:00:00Z" },
    Picture { name: "ho24h-fails", spec: "hours.yaml", data: VISITS, slice: "visits{series=london}", since: "2026-03-29T00:00:00Z", until: "2026-03-29T21:00:00Z" },
    Picture { name: "mo1m-works", spec: "month.yaml", data: REVENUE, slice: "revenue", since: "2024-02-01T00:00:00Z", until: "2025-06-01T00:00:00Z" },
    Picture { name: "mo1m-fails", spec: "date.yaml", data: REVENUE, slice: "revenue", since: "2025-09-10T00:00:00Z", until: "2025-11-01T00:00:00Z" },
    Picture { name: "yo1y-works", spec: "year_of_months.yaml", data: REVENUE, slice: "revenue", since: "2024-10-01T00:00:00Z", until: "2026-01-01T00:00:00Z" },
    Picture { name: "yo1y-fails", spec: "year.yaml", data: REVENUE, slice: "revenue", since: "2025-11-10T00:00:00Z", until: "2025-12-10T00:00:00Z" },
    Picture { name: "duration-filter-works", spec: "lasting.yaml", data: ORDERS, slice: "orders{country=MX,platform=web}", since: "2026-03-01T17:00:00Z", until: "2026-03-03T01:00:00Z" },
    Picture { name: "duration-filter-fails", spec: "burst.yaml", data: CPU, slice: "cpu", since: "2026-04-06T12:02:00Z", until: "2026-04-07T12:02:00Z" },
    Picture { name: "percentage-change-filter-works", spec: "clear.yaml", data: ORDERS, slice: "orders{country=CA,platform=android}", since: "2026-04-03T16:00:00Z", until: "2026-04-05T00:00:00Z" },
    Picture { name: "percentage-change-filter-fails", spec: "above.yaml", data: CPU, slice: "cpu", since: "2026-04-07T12:02:00Z", until: "2026-04-08T06:02:00Z" },
    Picture { name: "absolute-change-filter-works", spec: "many.yaml", data: ORDERS, slice: "orders{country=MX,platform=ios}", since: "2026-02-24T17:00:00Z", until: "2026-02-26T01:00:00Z" },
    Picture { name: "absolute-change-filter-fails", spec: "too_many.yaml", data: ORDERS, slice: "orders{country=CA,platform=android}", since: "2026-03-08T16:00:00Z", until: "2026-03-09T21:00:00Z" },
    Picture { name: "sitewide-impact-filter-works", spec: "site.yaml", data: ORDERS, slice: "orders{country=US,platform=web}", since: "2026-05-01T04:00:00Z", until: "2026-05-04T00:00:00Z" },
    Picture { name: "sitewide-impact-filter-fails", spec: "site.yaml", data: ORDERS, slice: "orders{country=MX,platform=android}", since: "2026-03-18T04:00:00Z", until: "2026-03-21T00:00:00Z" },
    Picture { name: "threshold-rule-filter-works", spec: "big.yaml", data: ORDERS, slice: "orders{country=MX,platform=ios}", since: "2026-04-21T16:00:00Z", until: "2026-04-23T00:00:00Z" },
    Picture { name: "threshold-rule-filter-fails", spec: "big.yaml", data: ORDERS, slice: "orders{country=CA,platform=ios}", since: "2026-03-03T17:00:00Z", until: "2026-03-05T17:00:00Z" },
    Picture { name: "volume-filter-works", spec: "busy.yaml", data: ORDERS, slice: "orders{country=BR,platform=ios}", since: "2026-05-02T16:00:00Z", until: "2026-05-04T00:00:00Z" },
    Picture { name: "volume-filter-fails", spec: "own.yaml", data: ORDERS, slice: "orders{country=CA,platform=ios}", since: "2026-03-03T17:00:00Z", until: "2026-03-05T17:00:00Z" },
    Picture { name: "time-of-week-filter-works", spec: "awake.yaml", data: ORDERS, slice: "orders{country=MX,platform=ios}", since: "2026-05-10T16:00:00Z", until: "2026-05-12T00:00:00Z" },
    Picture { name: "time-of-week-filter-fails", spec: "asleep.yaml", data: CPU, slice: "cpu", since: "2026-04-02T18:02:00Z", until: "2026-04-03T18:02:00Z" },
    Picture { name: "threshold-severity-labeler-works", spec: "severe.yaml", data: ORDERS, slice: "orders{country=CA,platform=ios}", since: "2026-03-03T17:00:00Z", until: "2026-03-05T17:00:00Z" },
    Picture { name: "threshold-severity-labeler-fails", spec: "severe.yaml", data: ORDERS, slice: "orders{country=MX,platform=web}", since: "2026-03-26T17:00:00Z", until: "2026-03-28T17:00:00Z" },
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    let text = fs::read_to_string(root().join(path));
    text.unwrap_or_else(|error| panic!("{path}: {error}"))
}

impl Picture {
    fn file(&self) -> String {
        format!("docs/pictures/{}.svg", self.name)
    }

    /// The specification: a block of the page on choosing, or a file.
    fn spec(&self, page: &str) -> String {
        if self.spec.contains('/') {
            return read(self.spec);
        }
        let fence = format!("```yaml {}\n", self.spec);
        let (_, rest) = page
            .split_once(&fence)
            .unwrap_or_else(|| panic!("docs/choosing.md has no {}", self.spec));
        let (spec, _) = rest.split_once("```").expect("the block is closed");
        spec.to_owned()
    }

    fn draw(&self, page: &str) -> String {
        let detection = Detection::from_yaml(&self.spec(page)).expect(self.spec);
        // As the flags of the book have it.
        let settings = match self.data {
            ORDERS => DatasetSpec::new().with_zone(zone("America/New_York")),
            VISITS => DatasetSpec::new()
                .with_zone(zone("Europe/London"))
                .with_layout(Layout::Wide),
            _ => DatasetSpec::new(),
        };
        let data = files::open([root().join("datasets").join(self.data)])
            .for_detection(&detection)
            .with(settings)
            .read()
            .expect(self.data);
        let instant = |text: &str| text.parse::<Instant>().expect(self.name);
        let shown = Interval::new(instant(self.since), instant(self.until)).expect(self.name);
        let report = detection.run(&data.frame, shown).expect(self.name);
        let slices = report.slices().iter().map(|slice| slice.key());
        let slice = slices
            .into_iter()
            .find(|key| key.to_string() == self.slice)
            .unwrap_or_else(|| panic!("{}: no slice {}", self.name, self.slice));
        Page::of(&report)
            .zone(data.frame.zone())
            .svg(slice)
            .expect(self.name)
    }
}

fn zone(name: &str) -> Zone {
    name.parse().expect("a zone")
}

#[test]
fn pictures_are_what_the_code_draws() {
    let page = read("docs/choosing.md");
    let rewrite = std::env::var_os("REWRITE_EXPECTED").is_some();
    let mut other = Vec::new();
    for picture in &PICTURES {
        let (drawn, file) = (picture.draw(&page), picture.file());
        assert!(drawn.len() <= MOST, "{file} has {} bytes", drawn.len());
        if rewrite {
            fs::write(root().join(&file), &drawn).expect("the picture");
        }
        let kept = fs::read_to_string(root().join(&file)).unwrap_or_default();
        if kept != drawn {
            other.push(file);
        }
    }
    assert!(
        other.is_empty(),
        "{other:?} are not what is drawn now: run this test with REWRITE_EXPECTED=1, and look at them"
    );
}

#[test]
fn every_picture_stands_in_the_book_with_words_for_those_who_do_not_see_it() {
    let page = read("docs/choosing.md");
    for picture in &PICTURES {
        let end = format!("](pictures/{}.svg)", picture.name);
        let (before, _) = page
            .split_once(&end)
            .unwrap_or_else(|| panic!("docs/choosing.md does not show {}", picture.name));
        let words = before.rsplit("![").next().expect("there is a first part");
        assert!(words.len() > 30, "{}: {words:?} says little", picture.name);
    }
}

#[test]
fn no_picture_is_left_over() {
    let drawn: BTreeSet<String> = PICTURES.iter().map(Picture::file).collect();
    assert_eq!(drawn.len(), PICTURES.len(), "a name is taken twice");
    let by_hand = ["docs/pictures/two-laws.svg".to_owned()];
    for entry in fs::read_dir(root().join("docs/pictures")).expect("the pictures") {
        let file = entry.expect("a file").file_name();
        let file = format!("docs/pictures/{}", file.to_string_lossy());
        assert!(drawn.contains(&file) || by_hand.contains(&file), "{file}");
    }
}

/// What stands under a heading of the third level, up to the next; output may begin with `# `, too.
fn section<'t>(page: &'t str, heading: &str) -> &'t str {
    let (_, section) = page
        .split_once(&format!("\n### {heading}\n"))
        .unwrap_or_else(|| panic!("no ### {heading}"));
    let next = ["\n## ", "\n### "].map(|heading| section.find(heading));
    let end = next.into_iter().flatten().min();
    &section[..end.unwrap_or(section.len())]
}

#[test]
fn every_type_has_a_formula_its_parameters_its_use_and_two_pictures() {
    let page = read("docs/choosing.md");
    let registry = standard_registry();
    for kind in Kind::ALL {
        for name in registry.types(kind) {
            let section = section(&page, name);
            let parameters = format!("(reference.md#{})", name.to_ascii_lowercase());
            for part in ["*For*", "*Not for*", "```text", &parameters] {
                assert!(section.contains(part), "{name} has no {part}");
            }
            let pictures = section.matches("](pictures/").count();
            assert_eq!(pictures, 2, "pictures of {name}: one works, one fails");
        }
    }
}
