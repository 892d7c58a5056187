//! What a dataset file declares, and what is said about one that makes no sense. Messages as a
//! whole are in the galleries of the command.

#![cfg(all(feature = "files", feature = "yaml"))]

use tuatara_frame::files::{Layout, TimeUnit};
use tuatara_frame::{Aggregation, Duration, Missing};
use tuatara_spec::dataset::{DatasetMetric, DatasetSpec, Start};
use tuatara_spec::tree::Node;
use tuatara_spec::{Code, Diagnosis, Severity};

fn read(text: &str) -> DatasetSpec {
    match DatasetSpec::from_yaml(text, "data.csv.tuatara.yaml") {
        Ok((spec, diagnosis)) => {
            assert!(diagnosis.is_empty(), "\n{diagnosis}\n");
            spec
        }
        Err(error) => panic!("\n{error}\n"),
    }
}

/// All that is said about `text`.
fn diagnose(text: &str) -> Diagnosis {
    match DatasetSpec::from_yaml(text, "data.csv.tuatara.yaml") {
        Ok((_, diagnosis)) => diagnosis,
        Err(error) => error.diagnosis().clone(),
    }
}

fn codes(text: &str) -> Vec<(Severity, Code)> {
    let diagnosis = diagnose(text);
    let found = diagnosis.diagnostics().iter();
    found.map(|d| (d.severity, d.code)).collect()
}

#[test]
fn every_key_is_read() {
    let spec = read(
        "
dataset: orders
layout: long
delimiter: \";\"
timeColumn: ds
timeUnit: rows
start: 2026-01-01
timezone: Europe/Paris
granularity: PT5M
order: time
ignore: [split, note]
dimensions: [country, { name: platform, column: plat }]
fileDimension: host
completenessDelay: PT2H
metrics:
  - name: revenue
    column: rev
    aggregation: MEAN
    min: 0
    max: 1000000
    missing: CARRY
    missingLimit: 3
",
    );
    assert_eq!(spec.name(), Some("orders"));
    assert_eq!(spec.layout(), Some(Layout::Long));
    assert_eq!(spec.delimiter(), Some(b';'));
    assert_eq!(spec.time_column(), Some("ds"));
    assert_eq!(spec.time_unit(), Some(TimeUnit::Rows));
    assert_eq!(spec.start(), Some("2026-01-01".parse::<Start>().unwrap()));
    assert_eq!(spec.zone().unwrap().name(), "Europe/Paris");
    assert_eq!(spec.granularity().unwrap().to_string(), "PT5M");
    assert!(spec.is_in_order());
    assert_eq!(spec.ignored(), ["note", "split"]);
    let dimensions = spec.dimensions().iter();
    let dimensions: Vec<_> = dimensions.map(|d| (d.name(), d.column())).collect();
    assert_eq!(dimensions, [("country", None), ("platform", Some("plat"))]);
    assert_eq!(spec.file_dimension(), Some("host"));
    assert_eq!(spec.completeness_delay(), Some(Duration::hours(2)));
    let revenue = DatasetMetric::new("revenue")
        .with_column("rev")
        .with_aggregation(Aggregation::Mean)
        .with_min(0.0)
        .with_max(1e6)
        .with_missing(Missing::Carry { limit: 3 });
    assert_eq!(spec.metrics(), [revenue]);
    assert_eq!(
        spec.to_string(),
        "dataset orders, layout long, delimiter ;, timeColumn ds, timeUnit rows, start 2026-01-01, \
         timezone Europe/Paris, granularity PT5M, order time, ignore note split, dimensions \
         country platform from plat, fileDimension host, completenessDelay PT2H; revenue: column \
         rev, aggregation MEAN, min 0, max 1000000, missing carry 3"
    );
}

#[test]
fn words_come_in_any_case_and_one_value_stands_for_a_list() {
    let spec = read(
        "layout: WIDE\ntimeUnit: MS\norder: Time\nignore: note\ndimensions: country\n\
         metrics: {name: load, missing: zero}\n",
    );
    assert_eq!(spec.layout(), Some(Layout::Wide));
    assert_eq!(spec.time_unit(), Some(TimeUnit::Millis));
    assert!(spec.is_in_order());
    assert_eq!(spec.ignored(), ["note"]);
    assert_eq!(spec.dimensions()[0].name(), "country");
    assert_eq!(spec.metrics()[0].missing(), Some(Missing::Zero));
    assert_eq!(
        read("metrics: load\n").metrics(),
        [DatasetMetric::new("load")]
    );
    let mean = read("metrics: {name: load, aggregation: avg}\n");
    assert_eq!(mean.metrics()[0].aggregation(), Some(Aggregation::Mean));
}

#[test]
fn nan_means_not_set() {
    let spec = read("metrics: { name: load, min: NaN, max: .nan }\n");
    assert_eq!(spec.metrics(), [DatasetMetric::new("load")]);
}

#[test]
fn a_tab_is_a_delimiter_in_a_word_and_in_quotes() {
    for text in ["tab", "\"\\t\"", "TAB"] {
        let spec = read(&format!("delimiter: {text}\n"));
        assert_eq!(spec.delimiter(), Some(b'\t'), "{text}");
    }
    assert_eq!(read("delimiter: ;\n").delimiter(), Some(b';'));
    assert_eq!(read("delimiter: '|'\n").delimiter(), Some(b'|'));
}

#[test]
fn one_reading_finds_several_errors() {
    let errors =
        "layout: wyde\ntimezone: Mars\nmetrics: { name: load, min: ten, missing: CARRY }\n";
    let found: Vec<Code> = codes(errors).into_iter().map(|(_, code)| code).collect();
    assert_eq!(
        found,
        [
            Code::UnknownValue,
            Code::BadValue,
            Code::BadNumber,
            Code::MissingKey
        ]
    );
}

#[test]
fn a_file_that_works_is_doubted_only_where_settings_do_not_go_together() {
    let warned = [
        ("start: 2026-01-01\n", Code::RiskyPair),
        ("layout: series\n", Code::RiskyPair),
        ("timeUnit: rows\n", Code::RiskyPair),
        (
            "metrics: {name: a, min: 1, missing: ZERO}\n",
            Code::RiskyPair,
        ),
        (
            "metrics: {name: a, max: -1, missing: ZERO}\n",
            Code::RiskyPair,
        ),
        (
            "metrics: {name: a, aggregation: LAST, missing: ZERO}\n",
            Code::RiskyPair,
        ),
        (
            "metrics: {name: a, aggregation: COUNT, missing: CARRY, missingLimit: 1}\n",
            Code::RiskyPair,
        ),
    ];
    for (text, code) in warned {
        assert_eq!(codes(text), [(Severity::Warning, code)], "{text}");
    }
    let refused = [
        "layout: ndjson\ndelimiter: ','\n",
        "layout: prometheus\ntimeUnit: ms\n",
        "layout: series\ngranularity: PT1H\ntimeColumn: ds\n",
        "layout: wide\nmetrics: {name: a, column: b}\n",
    ];
    for text in refused {
        assert_eq!(codes(text), [(Severity::Error, Code::Conflict)], "{text}");
    }
    let sound = [
        "layout: prometheus\ntimeUnit: s\n",
        "layout: series\ngranularity: PT1H\ntimeUnit: rows\n",
        "timeUnit: rows\ngranularity: PT1H\nstart: 2026-01-01\n",
        "layout: series\ngranularity: PT1H\nstart: 2026-01-01T06:00:00Z\n",
        "metrics: {name: a, aggregation: SUM, missing: ZERO}\n",
        "metrics: {name: a, aggregation: LAST, missing: CARRY, missingLimit: 1}\n",
        "metrics: {name: a, min: 0, missing: ZERO}\n",
        "metrics: {name: a, min: 5, max: 5}\n",
    ];
    for text in sound {
        read(text);
    }
}

#[test]
fn a_tree_built_in_code_is_read_like_a_text() {
    let tree = |zone: &str| Node::mapping([("timezone", Node::text(zone))]);
    let (spec, _) = DatasetSpec::from_tree(&tree("Europe/Paris"), "code").unwrap();
    assert_eq!(spec, read("timezone: Europe/Paris\n"));
    let error = DatasetSpec::from_tree(&tree("Europe/Pariss"), "code").unwrap_err();
    assert!(
        error.to_string().contains("did you mean `Europe/Paris`?"),
        "{error}"
    );
    let deep = (0..100).fold(Node::null(), |node, _| Node::list([node]));
    let error = DatasetSpec::from_tree(&deep, "code").unwrap_err();
    assert!(
        error.to_string().contains("a dataset file needs three"),
        "{error}"
    );
}

#[test]
fn what_lies_over_another_declaration_comes_before_it_setting_by_setting() {
    let file = read(
        "timezone: Europe/Paris\ngranularity: PT1H\nignore: note\ndimensions: [country, host]\n\
         metrics: [{name: a, min: 0, aggregation: MAX}, {name: b, column: c}]\n",
    );
    let flags = read(
        "granularity: PT2H\nignore: split\ndimensions: [{name: host, column: h}, shop]\n\
         metrics: {name: a, aggregation: MEAN}\n",
    );
    assert_eq!(
        flags.clone().over(&file).to_string(),
        "timezone Europe/Paris, granularity PT2H, ignore note split, dimensions country host from \
         h shop; a: aggregation MEAN, min 0; b: column c"
    );
    let (effective, overridden) = file.effective_below(&flags);
    assert_eq!(
        effective,
        "timezone Europe/Paris, ignore note, dimensions country host; a: min 0; b: column c"
    );
    assert_eq!(overridden, ["granularity", "aggregation of a"]);
    assert_eq!(DatasetSpec::new().over(&file), file);
}
