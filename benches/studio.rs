//! How long the studio takes to answer, over HTTP and in a browser, with a hundred slices of a year of
//! hours, `HOLT_WINTERS_RULE` and two filters; and how long a browser takes to open it, and the page of a
//! report of a thousand slices. Budgets: 100 ms for a step of a slider for the slices in view that fits
//! nothing anew, two seconds until a page is drawn. Where there is no Chromium, what needs one is left out.

#[allow(dead_code, reason = "a part of it is needed")]
#[path = "../crates/report/tests/browser_pipe/mod.rs"]
mod browser_pipe;
#[path = "shops/mod.rs"]
mod shops;
mod slider;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Instant as Clock;

use browser_pipe::Browser;
use serde_json::{Value, json};
use slider::{AT_FIRST, SLICES, Settings};
use tuatara::Detection;
use tuatara_report::Page;
use tuatara_studio::{Serving, Studio};

/// How often a step is timed.
const STEPS: u32 = 20;
/// Slices in view, at first and at most.
const IN_VIEW: [usize; 2] = [1, 8];

/// What a slider makes of a number.
type Turn = fn(f64) -> Settings;

fn milliseconds(since: Clock) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}

/// The middle of `times` and the longest.
fn told(mut times: Vec<f64>) -> String {
    times.sort_by(f64::total_cmp);
    let (middle, longest) = (times[times.len() / 2], times[times.len() - 1]);
    format!("{middle:.0} ms, at most {longest:.0} ms")
}

/// What the page asks, of the first `count` slices.
fn asked(settings: Settings, ticket: u32, count: usize) -> Value {
    let slices = (0..count).map(|shop| format!("orders{{shop=shop-{shop:03}}}"));
    json!({
        "page": "bench",
        "ticket": ticket,
        "sides": [{"name": "shops.yaml", "text": settings.yaml()}],
        "slices": slices.collect::<Vec<_>>(),
    })
}

/// The answer to `body`, and how long it took until all of it was there.
fn post(serving: &Serving, what: &str, body: &Value) -> (Value, f64) {
    let (_, rest) = serving.address().split_once("//").expect("an address");
    let (host, path) = rest.split_once('/').expect("an address");
    let body = body.to_string();
    let start = Clock::now();
    let mut stream = TcpStream::connect(host).expect("it listens");
    let request = format!(
        "POST /{path}{what} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).expect("it listens");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    let took = milliseconds(start);
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    (serde_json::from_str(body).expect("an answer"), took)
}

fn steps(serving: &Serving) {
    let mut ticket = 1;
    let (first, took) = post(serving, "view", &asked(AT_FIRST, ticket, 0));
    println!(
        "the first answer, one slice: {took:.0} ms, {}",
        first["sides"][0]["stages"]
    );
    let (all, took) = post(serving, "run", &asked(AT_FIRST, ticket, 0));
    println!("all of them: {took:.0} ms, {}", all["sides"][0]["stages"]);
    let turns: [(&str, Turn); 3] = [
        ("threshold of a filter", |turn| Settings {
            threshold: 0.1 + 0.001 * turn,
            ..AT_FIRST
        }),
        ("maxGap", |turn| Settings {
            max_gap: 3 + turn as u32,
            ..AT_FIRST
        }),
        ("sensitivity", |turn| Settings {
            sensitivity: 5.0 + 0.01 * turn,
            ..AT_FIRST
        }),
    ];
    for (name, turned) in turns {
        for (what, count) in [
            ("view", IN_VIEW[0]),
            ("view", IN_VIEW[1]),
            ("run", IN_VIEW[0]),
        ] {
            let mut length = 0;
            let times = (0..STEPS).map(|_| {
                ticket += 1;
                let (answer, took) = post(
                    serving,
                    what,
                    &asked(turned(f64::from(ticket)), ticket, count),
                );
                length = answer.to_string().len();
                took
            });
            let times = told(times.collect());
            let of = if what == "run" { SLICES } else { count };
            println!("{name}, {of} slices: {times}, {} kB", length / 1_000);
        }
    }
    for (what, alpha) in [("view", 0.2), ("run", 0.3)] {
        ticket += 1;
        let (_, took) = post(
            serving,
            what,
            &asked(Settings { alpha, ..AT_FIRST }, ticket, 1),
        );
        println!("a refit, {what}: {took:.0} ms");
    }
}

/// Until the first chart is drawn, and until all is known, since the page was asked for.
fn opened(serving: &Serving, said: &str) -> Option<Browser> {
    let mut browser = Browser::visit(serving.address())?;
    browser.evaluate(
        "window.drawn = 0; (function look() { \
         if (!window.drawn && document.querySelector('figure.series svg .value')) window.drawn = performance.now(); \
         if (document.querySelector('#overview svg')) window.known = performance.now(); \
         else requestAnimationFrame(look); })()",
    );
    browser.wait_for("window.known");
    let times = [browser.value("window.drawn"), browser.value("window.known")];
    let [drawn, known] = times.map(|time| time.as_f64().unwrap_or(f64::NAN));
    println!(
        "the studio in a browser, {said}: drawn after {drawn:.0} ms, totals after {known:.0} ms"
    );
    Some(browser)
}

/// From the move of a slider until the browser has drawn what came of it.
fn dragged(browser: &mut Browser) {
    browser.evaluate(
        "window.steps = []; (async () => { \
         const frame = () => new Promise(done => requestAnimationFrame(done)); \
         const slider = document.querySelector(\"input[type=range][aria-label='smooth sensitivity']\"); \
         for (let step = 1; step <= 20; step++) { \
           const before = document.querySelector('figure.series'), start = performance.now(); \
           slider.value = 3 + step / 10; slider.dispatchEvent(new Event('input')); \
           while (document.querySelector('figure.series') === before) await frame(); \
           await frame(); window.steps.push(performance.now() - start); \
           while (document.body.matches('.busy')) await frame(); \
         } window.done = true; })()",
    );
    browser.wait_for("window.done");
    let steps = browser.value("window.steps");
    let steps = steps.as_array().into_iter().flatten();
    println!(
        "a step in a browser, one slice: {}",
        told(steps.filter_map(Value::as_f64).collect())
    );
}

/// The page of a report: until its charts are drawn.
fn report() {
    const SPEC: &str = "
detectionName: a thousand shops
metric: orders
dimensionExploration: { dimensions: [shop] }
rules:
  - detection: { name: week_over_week, type: PERCENTAGE_RULE, params: { offset: wo1w, percentageChange: 0.3 } }
    filter: { name: lasting, type: PERCENTAGE_CHANGE_FILTER, params: { offset: median4w, threshold: 0.1 } }
";
    let frame = shops::frame(1_000);
    let detection = Detection::from_yaml(SPEC).expect("a detection");
    let extent = detection.extent(&frame).expect("data");
    let report = detection.run(&frame, extent).expect("a run");
    let html = Page::of(&report).spec(SPEC).html().expect("a page");
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("thousand.html");
    std::fs::write(&path, &html).expect("a file");
    let Some(mut browser) = Browser::open(&path) else {
        return;
    };
    browser.wait_for("performance.getEntriesByType('paint').length && document.querySelector('figure.series svg .value')");
    let painted = browser.value("performance.getEntriesByType('paint').at(-1).startTime");
    let loaded = browser.value("performance.getEntriesByType('navigation')[0].loadEventEnd");
    let [painted, loaded] = [painted, loaded].map(|time| time.as_f64().unwrap_or(f64::NAN));
    println!(
        "a report of 1000 slices, {} kB: painted after {painted:.0} ms, loaded after {loaded:.0} ms",
        html.len() / 1_000
    );
}

fn main() {
    report();
    let frame = Arc::new(slider::frame());
    let open = || {
        let source = Arc::clone(&frame);
        let studio = Studio::new(source, "shops.yaml", AT_FIRST.yaml());
        studio.open(0).expect("a port")
    };
    let serving = open();
    drop(opened(&serving, "nothing fitted before"));
    if let Some(mut browser) = opened(&serving, "fitted before") {
        dragged(&mut browser);
    }
    steps(&open());
}
