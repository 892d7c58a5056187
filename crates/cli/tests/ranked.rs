//! Combinations that are watched because they are large, on the shipped orders by country and
//! platform.

mod command;

use std::collections::BTreeSet;

use command::{Folder, shipped};

/// Those with 5 % of all orders and more. The other four make up 3.7 to 4.4 %.
const LARGE: [(&str, &str); 8] = [
    ("BR", "android"),
    ("BR", "web"),
    ("CA", "ios"),
    ("CA", "web"),
    ("MX", "android"),
    ("US", "android"),
    ("US", "ios"),
    ("US", "web"),
];

fn on_orders(command: &str, flags: &str) -> command::Ran {
    let mut args = vec![command.into(), shipped("examples/large_orders.yaml")];
    args.push(shipped("datasets/hourly-orders.csv"));
    args.extend(["--tz", "America/New_York"].map(Into::into));
    args.extend(flags.split_whitespace().map(Into::into));
    Folder::new().run(args)
}

/// A series and the start of what was planted in it, or found.
type Incident = (String, String);

/// What was planted in large combinations, and in others.
fn planted() -> (BTreeSet<Incident>, BTreeSet<Incident>) {
    let text = std::fs::read(shipped("datasets/hourly-orders.labels.csv")).unwrap();
    let mut labels = csv::Reader::from_reader(&text[..]);
    let (mut large, mut small) = (BTreeSet::new(), BTreeSet::new());
    for label in labels.records() {
        let label = label.unwrap();
        let meant = |written: &str, value: &str| written.is_empty() || written == value;
        for country in ["BR", "CA", "MX", "US"] {
            for platform in ["android", "ios", "web"] {
                if !meant(&label[2], country) || !meant(&label[3], platform) {
                    continue;
                }
                let series = format!("orders{{country={country},platform={platform}}}");
                // To the hour, by the clock of the shop.
                let incident = (series, label[0][..13].to_owned());
                match LARGE.contains(&(country, platform)) {
                    true => large.insert(incident),
                    false => small.insert(incident),
                };
            }
        }
    }
    (large, small)
}

#[test]
fn what_was_planted_in_large_combinations_is_found_and_nothing_else() {
    let (large, small) = planted();
    assert_eq!((large.len(), small.len()), (11, 7));
    let ran = on_orders("detect", "");
    assert!(
        ran.err.contains(
            "note: 0 to 8 of 12 slices watched on each of 120 days, ranked by orders over the 7 \
             days before it\n"
        ),
        "{}",
        ran.err
    );
    let found: BTreeSet<Incident> = ran
        .results()
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let series = line.split("  ").nth(1).unwrap().to_owned();
            (series, line[..13].replace(' ', "T"))
        })
        .collect();
    assert_eq!(found, large);
}

#[test]
fn points_of_what_is_not_watched_have_a_value_and_neither_band_nor_score() {
    let ran = on_orders(
        "points",
        "--since 2026-03-09T12:00 --until 2026-03-09T13:00",
    );
    let points = ran.results();
    let small = points
        .lines()
        .find(|line| line.contains("CA,platform=android"))
        .unwrap();
    assert_eq!(
        small,
        "\"orders{country=CA,platform=android}\",against_four_weeks:PERCENTAGE_RULE,\
         2026-03-09T16:00:00Z,271,,,,,,inactive"
    );
    let watched = points.lines().filter(|line| !line.ends_with("inactive"));
    assert_eq!(watched.count(), 1 + LARGE.len());
}

#[test]
fn the_reason_of_a_day_without_watching_is_its_share_of_the_week_before() {
    let flags = "--slice orders{country=CA,platform=android} --at 2026-03-09T12:00 --quiet";
    assert_eq!(
        on_orders("explain", flags).results(),
        "orders{country=CA,platform=android} at 2026-03-09T16:00:00Z by \
         against_four_weeks:PERCENTAGE_RULE\n  Not watched on 2026-03-09: its share of orders over \
         the 7 days before is 4.31356 %, at least 5 % is asked.\n  verdict inactive\n  - ranked over \
         2026-03-02T05:00:00Z/2026-03-09T04:00:00Z\n"
    );
}

#[test]
fn a_file_is_read_with_the_metric_that_ranks() {
    let folder = Folder::new();
    let mut data = String::from("timestamp,country,orders,visits\n");
    for day in 1..=4 {
        data += &format!("2026-01-0{day},AT,900,10\n2026-01-0{day},BE,100,20\n");
    }
    folder.write("shop.csv", data);
    folder.write(
        "most_visited.yaml",
        "
detectionName: most visited
metric: orders
dimensionExploration: { dimensions: country, k: 1, lookback: P1D, dimensionFilterMetric: visits }
rules:
  - detection: { name: limit, type: THRESHOLD, params: { max: 50 } }
",
    );
    let points = folder
        .line("points most_visited.yaml shop.csv --quiet")
        .results();
    let verdicts: Vec<&str> = points
        .lines()
        .skip(1)
        .filter_map(|line| line.rsplit(',').next())
        .collect();
    let of_be = ["inactive", "anomaly_up", "anomaly_up", "anomaly_up"];
    assert_eq!(verdicts, [["inactive"; 4], of_be].concat());
}
