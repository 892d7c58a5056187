//! Every configuration of ThirdEye's documentation: what runs, what parses, what is refused. The
//! table in `documented/` says which there are, and what was mended in them.
//!
//! With `REWRITE_EXPECTED` set the text of the one that is refused is written anew.

mod command;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use command::shipped;
use serde::Deserialize;
use tuatara::frame::{Duration, Frame};
use tuatara::spec::subscription::{Routing, SubjectStyle, SubscriptionSpec};
use tuatara::spec::tree::{Key, Node, Value};
use tuatara::spec::{DetectionSpec, Diagnosis, Span, SpecError, de, yaml};
use tuatara::{Detection, Report, files, standard_registry};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    data: BTreeMap<String, Data>,
    documents: Vec<Document>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    file: String,
    dataset: Option<String>,
    columns: BTreeMap<String, String>,
    #[serde(default)]
    values: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    file: String,
    section: String,
    kind: String,
    mended: Option<String>,
    onto: Option<Onto>,
    data: Option<String>,
    expect: String,
    series: Option<String>,
    #[serde(default)]
    flagged: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Onto {
    base: String,
    at: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documented")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn parsed(path: &Path) -> Node {
    let found = yaml::parse(&read(path));
    found.unwrap_or_else(|found| panic!("{}: {found:?}", path.display()))
}

fn table() -> Table {
    de::from_node(&parsed(&folder().join("table.yaml"))).unwrap_or_else(|error| panic!("{error}"))
}

impl Document {
    fn path(&self, ending: &str) -> PathBuf {
        folder().join(format!("{}.{ending}", self.file))
    }

    fn name(&self) -> String {
        format!("{}.yaml", self.file)
    }

    /// The document, or its base with the document in it.
    fn tree(&self) -> Node {
        let document = parsed(&self.path("yaml"));
        let Some(onto) = &self.onto else {
            return document;
        };
        let mut base = parsed(&folder().join(format!("bases/{}.yaml", onto.base)));
        match onto.at.as_str() {
            "top" => graft(&mut base, document),
            "rules" => put(&mut base, "rules", document),
            "first rule" => {
                let Value::Mapping(entries) = &mut base.value else {
                    panic!("a base is a mapping");
                };
                let rules = entries.iter_mut().find(|(key, _)| key.text == "rules");
                let Value::Sequence(rules) = &mut rules.expect("a base has rules").1.value else {
                    panic!("rules are a list");
                };
                graft(&mut rules[0], document);
            }
            other => panic!("{}: nothing is grafted at {other}", self.file),
        }
        base
    }

    fn detection(&self) -> Result<(Detection, Diagnosis), SpecError> {
        let checked = DetectionSpec::from_tree(&self.tree(), &self.name(), &standard_registry())?;
        let detection = Detection::from_spec(checked.spec).expect("it was checked");
        Ok((detection, checked.diagnosis))
    }

    fn subscription(&self) -> SubscriptionSpec {
        let read = SubscriptionSpec::from_tree(&self.tree(), &self.name());
        let (spec, diagnosis) = read.unwrap_or_else(|error| panic!("{error}"));
        assert!(diagnosis.is_empty(), "{diagnosis}");
        spec
    }
}

/// Puts every entry of `document` into `base`, in place of one of that name.
fn graft(base: &mut Node, document: Node) {
    let Value::Mapping(entries) = document.value else {
        panic!("only mappings are grafted so");
    };
    for (key, node) in entries {
        put(base, &key.text, node);
    }
}

fn put(base: &mut Node, name: &str, node: Node) {
    let Value::Mapping(entries) = &mut base.value else {
        panic!("a base is a mapping");
    };
    entries.retain(|(key, _)| key.text != name);
    let key = Key {
        text: name.to_owned(),
        span: Span::NONE,
    };
    entries.push((key, node));
}

impl Data {
    /// The shipped file under the names of a document.
    fn frame(&self, detection: &Detection) -> Frame {
        let text = read(&shipped(&format!("datasets/{}", self.file)));
        let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let header = lines.next().expect("a header");
        let sources: Vec<Result<usize, &str>> = self
            .columns
            .values()
            .map(|source| match source.strip_prefix('=') {
                Some(constant) => Err(constant),
                None => Ok(header
                    .iter()
                    .position(|name| name == source)
                    .unwrap_or_else(|| panic!("{} has no column {source}", self.file))),
            })
            .collect();
        let names: Vec<&str> = self.columns.keys().map(String::as_str).collect();
        let mut renamed = names.join(",") + "\n";
        for cells in lines {
            let cells: Vec<&str> = sources
                .iter()
                .map(|source| source.map_or_else(|constant| constant, |i| cells[i]))
                .map(|cell| self.values.get(cell).map_or(cell, String::as_str))
                .collect();
            renamed += &cells.join(",");
            renamed += "\n";
        }
        let name = self.dataset.as_deref().unwrap_or("orders");
        let data = files::from_bytes(name, renamed)
            .for_detection(detection)
            .read();
        data.unwrap_or_else(|error| panic!("{error}")).frame
    }
}

/// Runs a document on its data.
fn run(table: &Table, document: &Document) -> Report {
    let (detection, diagnosis) = document
        .detection()
        .unwrap_or_else(|error| panic!("{}\n{error}", document.file));
    assert!(!diagnosis.has_errors(), "{diagnosis}");
    let data = document.data.as_ref().expect("a detection has data");
    let frame = table.data[data].frame(&detection);
    let extent = detection.extent(&frame).expect("the data have rows");
    detection
        .run(&frame, extent)
        .unwrap_or_else(|error| panic!("{}: {error}", document.file))
}

/// How many buckets each rule flags, of all series together.
fn flagged(report: &Report) -> Vec<usize> {
    let rules = report.slices()[0].rules().len();
    let of = |i: usize| {
        let rows = report
            .slices()
            .iter()
            .flat_map(move |slice| slice.rules()[i].rows());
        rows.filter(|(_, row)| row.verdict.is_anomalous()).count()
    };
    (0..rules).map(of).collect()
}

/// Whether a number is the expected one, or any will do.
fn is(expected: &str, counted: usize) -> bool {
    expected == "any" || expected == counted.to_string()
}

/// Walks the documents of `kind`: each does what the table expects of it.
fn walk(kind: &str) {
    let table = table();
    for document in table.documents.iter().filter(|d| d.kind == kind) {
        println!("{}, {}", document.file, document.section);
        match document.expect.as_str() {
            "runs" => {
                let report = run(&table, document);
                let series = document.series.as_deref().expect("a number of series");
                let looked_at = report.slices().len();
                assert!(
                    is(series, looked_at),
                    "{}: {looked_at} series",
                    document.file
                );
                let counted = flagged(&report);
                assert_eq!(counted.len(), document.flagged.len(), "{}", document.file);
                for (counted, expected) in counted.iter().zip(&document.flagged) {
                    assert!(
                        is(expected, *counted),
                        "{}: {counted} flagged",
                        document.file
                    );
                }
                if let Some(anomaly) = report.anomalies().first() {
                    let start = anomaly.interval.start();
                    assert!(!report.explain(&anomaly.slice, start).unwrap().is_empty());
                }
            }
            "refused" => {
                let text = read(&document.path("yaml"));
                let registry = standard_registry();
                let error =
                    DetectionSpec::from_yaml(&text, &document.name(), &registry).unwrap_err();
                let text = format!("{error}\n");
                if std::env::var_os("REWRITE_EXPECTED").is_some() {
                    fs::write(document.path("txt"), &text).unwrap();
                }
                assert_eq!(text, read(&document.path("txt")));
            }
            "parses" => {
                document.subscription();
            }
            other => panic!("{}: {other} is no expectation", document.file),
        }
    }
}

#[test]
fn the_table_has_every_block_once() {
    let table = table();
    let count = |kind: &str| table.documents.iter().filter(|d| d.kind == kind).count();
    let kinds = ["complete", "fragment", "without rules", "subscription"];
    assert_eq!(kinds.map(count), [6, 19, 1, 12]);
    // The blocks of chapter 5, and the configuration that chapter 1.2 sets as text.
    assert_eq!(kinds.map(count).iter().sum::<usize>(), 38);
    assert_eq!((count("preview"), table.documents.len()), (1, 39));

    let named: BTreeSet<String> = table.documents.iter().map(Document::name).collect();
    assert_eq!(named.len(), 39, "each has a file of its own");
    let there: BTreeSet<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".yaml") && name != "table.yaml")
        .collect();
    assert_eq!(there, named);
    for document in &table.documents {
        assert!(
            document.section.starts_with(['1', '5']),
            "{}",
            document.file
        );
        assert!(document.mended.as_deref() != Some(""), "{}", document.file);
        let grafted = document.onto.is_some();
        let part = document.kind == "fragment";
        assert!(
            grafted == part || document.kind == "subscription",
            "{}",
            document.file
        );
    }
    let used: BTreeSet<&String> = table
        .documents
        .iter()
        .filter_map(|d| d.data.as_ref())
        .collect();
    assert_eq!(used, table.data.keys().collect());
}

#[test]
fn complete_configurations_run_on_data_that_ship() {
    walk("complete");
    walk("preview");
}

#[test]
fn fragments_run_grafted_onto_a_base() {
    walk("fragment");
}

#[test]
fn a_configuration_without_rules_is_refused_to_the_letter() {
    walk("without rules");
}

#[test]
fn subscriptions_parse() {
    walk("subscription");
}

fn document(table: &Table, file: &str) -> usize {
    let mut documents = table.documents.iter();
    documents.position(|d| d.file == file).expect("it is there")
}

fn get(file: &str) -> Document {
    let mut table = table();
    let at = document(&table, file);
    table.documents.swap_remove(at)
}

#[test]
fn a_dimension_and_a_value_may_stand_without_a_list() {
    let scalar = get("sitewide_impact_filter");
    let text = read(&scalar.path("yaml"));
    assert!(text.contains("  dimensions:\n    platform\n"), "{text}");
    assert!(text.contains("  country:\n    us\n"), "{text}");
    let (detection, diagnosis) = scalar.detection().unwrap();
    assert!(diagnosis.is_empty(), "{diagnosis}");
    let look_at = detection.exploration();
    assert_eq!(look_at.dimensions, ["platform"]);
    let us = ("country".to_owned(), vec!["us".to_owned()]);
    assert_eq!(look_at.filters, [us]);

    // Written as lists it is the same detection.
    let listed = text
        .replace("    platform\n", "    - platform\n")
        .replace("    us\n", "    - us\n")
        .replace("          us\n", "          - us\n");
    assert_ne!(listed, text);
    let registry = standard_registry();
    let (listed, _) = Detection::from_yaml_with(&listed, "listed.yaml", &registry).unwrap();
    assert_eq!(listed.exploration().dimensions, look_at.dimensions);
    assert_eq!(listed.exploration().filters, look_at.filters);
}

#[test]
fn a_limit_that_is_not_a_number_is_not_set() {
    let table = table();
    let with = &table.documents[document(&table, "threshold_rule")];
    let mut tree = with.tree();
    let text = tree.print().text;
    assert!(text.ends_with("\n          min: NaN"), "{text}");
    let with = run(&table, with);
    // Without the line.
    tree = yaml::parse(text.strip_suffix("\n          min: NaN").unwrap()).unwrap();
    let registry = standard_registry();
    let without = DetectionSpec::from_tree(&tree, "without", &registry).unwrap();
    let without = Detection::from_spec(without.spec).unwrap();
    let frame = table.data["orders"].frame(&without);
    let without = without
        .run(&frame, without.extent(&frame).unwrap())
        .unwrap();
    assert_eq!(flagged(&with), flagged(&without));
    assert_eq!(with.anomalies().len(), without.anomalies().len());
    // Nothing is below what is not set: every flagged bucket is above 1000.
    let slice = &with.slices()[0];
    for (_, row) in slice.rules()[0].rows() {
        assert_eq!(row.verdict.is_anomalous(), row.observed > 1000.0);
        assert!(!row.lower.is_finite());
    }
}

#[test]
fn links_are_the_same_as_a_mapping_and_as_a_list() {
    let list = get("group_complete").subscription();
    let map = get("example_of_a_group").subscription();
    assert!(read(&get("group_complete").path("yaml")).contains("- \"Oncall Runbook\": "));
    assert!(read(&get("example_of_a_group").path("yaml")).contains("  \"Oncall Runbook\": "));
    assert_eq!(list.links, map.links);
    let [runbook, questions] = &map.links[..] else {
        panic!("{:?}", map.links);
    };
    assert_eq!(
        (runbook.name.as_str(), runbook.target.as_str()),
        ("Oncall Runbook", "http://go/oncall")
    );
    assert_eq!(questions.name, "Thirdeye FAQs");
}

#[test]
fn a_group_by_dimension_names_who_is_told_of_each_value() {
    for file in ["example_of_a_group_by_dimension", "group_type_by_dimension"] {
        let group = get(file).subscription();
        let Routing::Values { dimension, routes } = &group.routing else {
            panic!("{file}: {:?}", group.routing);
        };
        assert_eq!(dimension, "app_name");
        let told: Vec<_> = routes
            .iter()
            .map(|r| (r.value.as_str(), &r.to[..]))
            .collect();
        let android = ["android-oncall@linkedin.com".to_owned()];
        let ios = ["ios-oncall@linkedin.com".to_owned()];
        assert_eq!(told, [("android", &android[..]), ("ios", &ios[..])]);
    }
}

#[test]
fn subscriptions_say_what_their_section_says() {
    let sandbox = get("group_complete").subscription();
    assert_eq!(sandbox.application.as_str(), "sandbox");
    assert_eq!(sandbox.name.as_str(), "thirdeye_monitoring_group");
    let cron = get("group_cron_and_recipients").subscription();
    assert_eq!(cron.schedule, "0 0/5 * * * ?".parse().unwrap());
    assert_eq!(cron.from.as_deref(), Some("thirdeye-dev@linkedin.com"));
    assert_eq!(
        (cron.recipients.to.len(), cron.recipients.bcc.len()),
        (2, 1)
    );
    assert_eq!(get("group_detections").subscription().detections.len(), 2);
    assert!(get("group_active").subscription().active);
    let subject = get("group_subject").subscription();
    assert_eq!(subject.subject_style, SubjectStyle::Alerts);
    // 22 November 2018, 12:00, to 26 November 2018, 07:00.
    let window = get("group_suppressor").subscription().suppressors[0];
    assert_eq!(
        window.interval.to_string(),
        "2018-11-22T12:00:00Z/2018-11-26T07:00:00Z"
    );
    assert_eq!(window.expected, None);
    let window = get("group_suppressor_with_a_threshold")
        .subscription()
        .suppressors[0];
    let start = window.interval.start();
    let told = [-0.4, -0.3, -0.2, -0.1].map(|change| !window.has(start, change));
    assert_eq!(told, [true, false, false, true]);
}

#[test]
fn detections_say_what_their_section_says() {
    let table = table();
    let report = |file: &str| run(&table, &table.documents[document(&table, file)]);
    let base = report("cron");
    assert!(!base.anomalies().is_empty());
    let inactive = get("inactive").detection().unwrap().0;
    assert!(!inactive.is_active());
    for anomaly in report("merger").anomalies() {
        assert!(anomaly.interval.duration() <= Duration::days(1));
    }
    // Without a gap to merge across, every bucket of an anomaly is flagged.
    for anomaly in report("merger_without_a_gap").anomalies() {
        let hours = anomaly.interval.duration().millis() / 3_600_000;
        assert_eq!(i64::from(anomaly.flagged), hours);
    }
    // Filters take away, and add nothing.
    let starts = |report: &Report| -> BTreeSet<_> {
        let anomalies = report.anomalies().iter();
        anomalies.map(|anomaly| anomaly.interval.start()).collect()
    };
    let all = starts(&base);
    for file in [
        "percentage_change_filter",
        "threshold_rule_filter",
        "duration_filter",
        "absolute_change_filter",
    ] {
        assert!(starts(&report(file)).is_subset(&all), "{file}");
    }
    // Every anomaly lasts the quarter of an hour.
    assert_eq!(starts(&report("duration_filter")), all);
}
