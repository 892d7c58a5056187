//! What the page is told.

#[allow(dead_code, reason = "each test uses what it needs of it")]
mod shop;

use std::sync::Arc;

use serde_json::{Value, json};
use tuatara::frame::Source;
use tuatara_backtest::Known;
use tuatara_metrics::labelled::read_incidents_from;
use tuatara_studio::{Serving, Studio};

use shop::{Address, FIRST, SPEC, studio};

const DAY: i64 = 86_400_000;

fn run(page: &Address, sides: &[Value]) -> Value {
    let asked = json!({"page": "p", "ticket": 1, "sides": sides, "slices": []});
    page.post("run", &asked).json()
}

fn side(text: &str) -> Value {
    json!({"name": "drops.yaml", "text": text})
}

fn open() -> (Serving, Address) {
    let serving = studio().open(0).unwrap();
    let page = Address::of(&serving);
    (serving, page)
}

#[test]
fn a_specification_is_run_and_drawn() {
    let (_serving, page) = open();
    let answer = run(&page, &[side(SPEC)]);
    assert_eq!(answer["slices"], json!(["orders"]));
    let side = &answer["sides"][0];
    // Judged from the eighth day on: 33 days are 33/7 weeks.
    assert_eq!(
        (&side["anomalies"], &side["alerts"]),
        (&json!(2), &json!(2))
    );
    let per_week = side["perWeek"].as_f64().unwrap();
    assert!((per_week - 2.0 / (33.0 / 7.0)).abs() < 1e-12, "{per_week}");
    assert!(side["charts"].as_str().unwrap().contains("<svg"));
    assert!(
        side["found"]
            .as_str()
            .unwrap()
            .contains("40 is 60.0 % below the expected 100")
    );
    // The script gets every bucket and where the anomalies are.
    let panel = &side["numbers"]["charts"][0]["panels"][0];
    assert_eq!(panel["v"].as_array().unwrap().len(), 40);
    assert_eq!(panel["spans"][0][0], json!(FIRST + 30 * DAY));
    assert!(side["millis"].as_f64().unwrap() > 0.0 && !side["stages"].as_str().unwrap().is_empty());
}

fn view(page: &Address, text: &str, slices: &[&str]) -> Value {
    let asked = json!({"page": "p", "ticket": 1, "sides": [side(text)], "slices": slices});
    page.post("view", &asked).json()
}

#[test]
fn what_is_in_view_is_answered_by_itself_and_as_it_will_be_in_the_end() {
    let by_shop = format!("{SPEC}dimensionExploration: {{ dimensions: [shop] }}\n");
    let studio = Studio::new(Arc::new(shop::two_shops()), "drops.yaml", &by_shop);
    let serving = studio.open(0).unwrap();
    let page = Address::of(&serving);
    let south = "orders{shop=south}";
    let part = view(&page, &by_shop, &[south]);
    assert_eq!(part["slices"], json!([south]));
    let of = &part["sides"][0];
    assert_eq!(
        (&of["partial"], &of["stages"]),
        (
            &json!(true),
            &json!("ran 1 series, 1 forecast, 1 judging and 1 fold; kept nothing")
        )
    );
    // What counts over all is not there, rather than wrong.
    for total in [
        "perWeek",
        "alerts",
        "anomalies",
        "series",
        "lanes",
        "removed",
    ] {
        assert_eq!(of[total], Value::Null, "{total}");
    }
    assert_eq!(part["diff"], Value::Null);
    let asked = json!({"page": "p", "ticket": 1, "sides": [side(&by_shop)], "slices": [south]});
    let all = page.post("run", &asked).json();
    let of_all = &all["sides"][0];
    assert_eq!(of_all["alerts"], 2);
    assert_eq!(
        of_all["stages"],
        "ran 1 series, 1 forecast, 1 judging and 1 fold; \
         kept 1 series, 1 forecast, 1 judging and 1 fold"
    );
    // Anomalies have other numbers among all of them.
    let plain = |markup: &Value| markup.as_str().unwrap().replace("a1", "a0");
    assert_eq!(plain(&of["charts"]), plain(&of_all["charts"]));
    assert_eq!(plain(&of["found"]), plain(&of_all["found"]));
    // A trace is there before the totals are.
    let trace = json!({"answers": [of["answer"]], "what": "p0-a0"});
    let trace = page.post("trace", &trace).json();
    assert!(trace["html"].as_str().unwrap().contains("It fired: 40 is"));
    // What all series were worked out for has totals at once.
    let again = view(&page, &by_shop, &[south]);
    assert_eq!(again["sides"][0]["partial"], false);
    assert_eq!(again["sides"][0]["alerts"], 2);
}

#[test]
fn until_all_are_known_the_first_series_is_drawn_and_then_the_gravest() {
    let by_shop = format!("{SPEC}dimensionExploration: {{ dimensions: [shop] }}\n");
    let studio = Studio::new(Arc::new(shop::two_shops()), "drops.yaml", &by_shop);
    let serving = studio.open(0).unwrap();
    let page = Address::of(&serving);
    let first = view(&page, &by_shop, &[]);
    assert_eq!(first["slices"], json!(["orders{shop=north}"]));
    let all = run(&page, &[side(&by_shop)]);
    assert_eq!(all["slices"], json!(["orders{shop=south}"]));
    let known = view(&page, &by_shop, &[]);
    assert_eq!(known["slices"], json!(["orders{shop=south}"]));
}

#[test]
fn a_wrong_key_is_said_as_the_command_says_it_and_the_other_side_is_answered() {
    let (_serving, page) = open();
    let wrong = SPEC.replace("percentageChange", "percentageChnage");
    let answer = run(&page, &[side(&wrong), side(SPEC)]);
    let refused = &answer["sides"][0]["refused"];
    assert_eq!(refused["places"][0]["line"], 7);
    // `        params: { offset: median3w, ` has 36 characters.
    assert_eq!(refused["places"][0]["column"], 37);
    let text = refused["text"].as_str().unwrap();
    assert!(
        text.contains(" --> drops.yaml:7:37")
            && text.contains("^^^^^^^^^^^^^^^^ did you mean `percentageChange`?"),
        "{text}"
    );
    assert_eq!(answer["sides"][1]["alerts"], 2);
    assert_eq!(answer["diff"], Value::Null);
}

#[test]
fn turning_a_knob_changes_one_number_of_the_text() {
    let (_serving, page) = open();
    let knobs = run(&page, &[side(SPEC)])["sides"][0]["knobs"].clone();
    let knob = knobs
        .as_array()
        .unwrap()
        .iter()
        .find(|knob| knob["key"] == "percentageChange")
        .unwrap();
    assert_eq!((&knob["value"], &knob["line"]), (&json!(0.2), &json!(7)));
    assert_eq!((&knob["least"], &knob["most"]), (&json!(0.0), &json!(1.0)));
    let mut turned = side(SPEC);
    turned["turned"] = json!([{"path": knob["path"], "value": "0.3"}]);
    let answer = run(&page, &[turned]);
    assert_eq!(answer["sides"][0]["text"], SPEC.replace("0.2", "0.3"));
    // 75 is within 30 % of 100, and 40 is not.
    assert_eq!(answer["sides"][0]["alerts"], 1);
    let stages = "ran 1 judging and 1 fold; kept 1 series and 1 forecast";
    assert_eq!(answer["sides"][0]["stages"], stages);
}

#[test]
fn two_specifications_are_compared() {
    let (_serving, page) = open();
    let strict = SPEC.replace("0.2", "0.3");
    let answer = run(&page, &[side(&strict), side(SPEC)]);
    let diff = &answer["diff"];
    assert_eq!(
        (&diff["added"], &diff["removed"], &diff["same"]),
        (&json!(0), &json!(1), &json!(1))
    );
    let change = &diff["changes"][0];
    assert_eq!(
        (&change["kind"], &change["when"]),
        (&json!("removed"), &json!("2026-02-05"))
    );
    assert_eq!(change["from"], json!(FIRST + 35 * DAY));
    let rates = [0, 1].map(|at| answer["sides"][at]["perWeek"].as_f64().unwrap());
    assert!((2.0 * rates[0] - rates[1]).abs() < 1e-12, "{rates:?}");
}

#[test]
fn what_was_asked_for_before_something_newer_is_not_answered() {
    let (_serving, page) = open();
    let asked = |ticket: u64, text: &str| json!({"page": "p", "ticket": ticket, "sides": [side(text)], "slices": []});
    assert_eq!(page.post("run", &asked(7, SPEC)).status, 200);
    assert_eq!(
        page.post("view", &asked(6, &SPEC.replace("0.2", "0.6")))
            .status,
        204
    );
    assert_eq!(
        page.post("run", &asked(6, &SPEC.replace("0.2", "0.4")))
            .status,
        204
    );
    // Another page has numbers of its own.
    let mut other = asked(1, &SPEC.replace("0.2", "0.5"));
    other["page"] = json!("q");
    assert_eq!(page.post("run", &other).status, 200);
}

#[test]
fn an_anomaly_has_its_trace_as_long_as_its_answer_is_kept() {
    let (_serving, page) = open();
    let id = run(&page, &[side(SPEC)])["sides"][0]["answer"].clone();
    let trace = page
        .post("trace", &json!({"answers": [id], "what": "p0-a0"}))
        .json();
    let html = trace["html"].as_str().unwrap();
    assert!(
        html.contains("It fired: 40 is 60.0 % below the expected 100"),
        "{html}"
    );
    for (answer, what) in [
        (99, "p0-a0"),
        (0, "p0-a7"),
        (0, "a0"),
        (0, "<script>"),
        (0, ""),
    ] {
        let asked = json!({"answers": [answer], "what": what});
        assert_eq!(page.post("trace", &asked).status, 204, "{asked}");
    }
    for threshold in 3..8 {
        run(
            &page,
            &[side(&SPEC.replace("0.2", &format!("0.{threshold}")))],
        );
    }
    assert_eq!(
        page.post("trace", &json!({"answers": [id], "what": "p0-a0"}))
            .status,
        204
    );
}

#[test]
fn labels_are_outlined_and_counted() {
    let labels = "start,end\n2026-01-31,2026-02-01\n2026-02-07,2026-02-08\n";
    let known = read_incidents_from(labels.as_bytes(), "labels.csv", Default::default()).unwrap();
    let serving = studio().known(Known::Incidents(known)).open(0).unwrap();
    let page = Address::of(&serving);
    let answer = run(&page, &[side(SPEC)]);
    let charts = answer["sides"][0]["charts"].as_str().unwrap();
    assert_eq!(charts.matches("tint labelled").count(), 2);
    let id = &answer["sides"][0]["answer"];
    let figures = page.post("figures", &json!({"answers": [id]})).json();
    // Two alerts, one of them of an incident; two incidents, one of them told at the end of its day.
    let counted = &figures["figures"][0];
    assert_eq!(
        (
            &counted["alerts"],
            &counted["trueAlerts"],
            &counted["precision"]
        ),
        (&json!(2), &json!(1), &json!(0.5))
    );
    assert_eq!(
        (&counted["incidents"], &counted["found"], &counted["recall"]),
        (&json!(2), &json!(1), &json!(0.5))
    );
    assert_eq!(counted["medianDelayMinutes"], json!(24.0 * 60.0));
}

#[test]
fn anomalies_are_a_table_where_somebody_writes_one() {
    let (_serving, page) = open();
    let id = run(&page, &[side(SPEC)])["sides"][0]["answer"].clone();
    assert_eq!(page.post("start", &json!({})).json()["table"], json!(false));
    assert_eq!(page.post("table", &json!({"answers": [id]})).status, 204);
    let write =
        |report: &tuatara::Report| format!("{} rows", report.anomalies().len()).into_bytes();
    let serving = studio().table(write).open(0).unwrap();
    let page = Address::of(&serving);
    let id = run(&page, &[side(SPEC)])["sides"][0]["answer"].clone();
    let table = page.post("table", &json!({"answers": [id]}));
    assert_eq!((table.status, table.body.as_str()), (200, "2 rows"));
}

#[test]
fn what_cannot_be_run_is_said_and_what_is_escaped_stays_text() {
    let (_serving, page) = open();
    let other = run(
        &page,
        &[side(&SPEC.replace("metric: orders", "metric: visits"))],
    );
    let refused = other["sides"][0]["refused"]["text"].as_str().unwrap();
    assert!(
        refused.starts_with("error: ") && refused.contains("visits"),
        "{refused}"
    );
    let hostile = SPEC.replace("name: drop", "name: \"<img src=x onerror=alert(1)>\"");
    let answer = run(&page, &[side(&hostile)]);
    let charts = answer["sides"][0]["charts"].as_str().unwrap();
    assert!(!charts.contains("<img"), "{charts}");
    let empty = run(&page, &[side("")]);
    assert!(
        empty["sides"][0]["refused"]["text"]
            .as_str()
            .unwrap()
            .contains("there is nothing in it")
    );
}

#[test]
fn data_are_read_again_for_what_was_not_read() {
    let visits = |_: &tuatara::Detection| -> Result<Arc<dyn Source + Send + Sync>, String> {
        Ok(Arc::new(shop::of("visits")))
    };
    let serving = studio().reading(visits).open(0).unwrap();
    let page = Address::of(&serving);
    let of_visits = SPEC.replace("metric: orders", "metric: visits");
    let answer = run(&page, &[side(&of_visits), side(SPEC)]);
    assert_eq!(answer["sides"][0]["alerts"], 2);
    assert_eq!(answer["sides"][0]["drawn"], json!(["visits"]));
    assert_eq!(answer["sides"][1]["alerts"], 2);
    let refused = |_: &tuatara::Detection| Err("there is no column `visits`".to_owned());
    let serving = studio().reading(refused).open(0).unwrap();
    let answer = run(&Address::of(&serving), &[side(&of_visits)]);
    assert_eq!(
        answer["sides"][0]["refused"]["text"],
        "error: there is no column `visits`"
    );
}
