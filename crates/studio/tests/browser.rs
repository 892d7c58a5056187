//! The page in a browser: a wrong key, a slider that is dragged, two specifications, an address that is loaded
//! again, and a quiet console.
//!
//! Chromium is driven over its debugging pipe. Where there is none (`chromium` on the path, or the
//! program that `CHROMIUM` names), each test says that it was skipped, on standard error.

#[allow(dead_code, reason = "each test uses what it needs of it")]
#[path = "../../report/tests/browser_pipe/mod.rs"]
mod browser_pipe;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;
use tuatara::frame::Zone;
use tuatara::{Detection, files};
use tuatara_backtest::Known;
use tuatara_metrics::labelled::read_incidents;
use tuatara_studio::{Serving, Studio};

use browser_pipe::Browser;

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

/// A shipped specification over shipped data with their labels.
fn studio(spec: &str, data: &str) -> Studio {
    let text = fs::read_to_string(project(spec)).unwrap();
    let detection = Detection::from_yaml(&text).unwrap();
    let read = files::open([project(data)])
        .for_detection(&detection)
        .read();
    let labels = project(&data.replace(".csv", ".labels.csv"));
    let known = Known::Incidents(read_incidents(&labels, Zone::UTC).unwrap());
    let name = spec.rsplit('/').next().unwrap();
    Studio::new(Arc::new(read.unwrap().frame), name, text).known(known)
}

fn revenue() -> Serving {
    let studio = studio(
        "examples/revenue_smoothed.yaml",
        "datasets/daily-revenue.csv",
    );
    studio.open(0).unwrap()
}

const READY: &str =
    "document.querySelector('figure.series svg .value') && !document.body.matches('.busy')";

fn visit(serving: &Serving) -> Option<Browser> {
    let mut browser = Browser::visit(serving.address())?;
    browser.wait_for(READY);
    Some(browser)
}

fn text(browser: &mut Browser, selector: &str) -> String {
    let found = browser.value(&format!(
        "(node => node.innerText ?? node.textContent)(document.querySelector(`{selector}`))"
    ));
    found.as_str().unwrap_or_default().to_owned()
}

/// The middle of an element, in the window.
fn middle(browser: &mut Browser, selector: &str) -> (f64, f64) {
    let found = browser.value(&format!(
        "(() => {{ const node = document.querySelector(`{selector}`); node.scrollIntoView({{block: 'center'}}); \
         const box = node.getBoundingClientRect(); \
         return [box.left + box.width / 2, box.top + box.height / 2]; }})()"
    ));
    (found[0].as_f64().unwrap(), found[1].as_f64().unwrap())
}

fn marks(browser: &mut Browser, side: usize) -> Vec<Value> {
    let found = format!(
        "[...document.querySelectorAll('#sides .side')].at({side}).querySelectorAll('.mark.kept').length"
    );
    vec![browser.value(&found)]
}

fn per_week(browser: &mut Browser, side: usize) -> f64 {
    let shown =
        format!("document.querySelectorAll('#sums .main dd')[{side}].firstChild.textContent");
    browser.value(&shown).as_str().unwrap().parse().unwrap()
}

#[test]
fn a_wrong_key_is_shown_with_its_caret_and_the_last_answer_stays() {
    let serving = revenue();
    let Some(mut browser) = visit(&serving) else {
        return;
    };
    let before = marks(&mut browser, 0);
    // An `x` in front of `sensitivity`, in line 10 and column 11.
    browser.evaluate(
        "const area = document.querySelector('textarea'); area.focus(); \
         const at = area.value.indexOf('sensitivity'); area.setSelectionRange(at, at)",
    );
    browser.write("x");
    browser.wait_for("document.querySelector('.said').matches('.refused')");
    let said = text(&mut browser, ".said");
    let wanted = [
        "`xsensitivity` is not a parameter of HOLT_WINTERS_RULE",
        "--> revenue_smoothed.yaml:10:11",
        "^^^^^^^^^^^^ did you mean `sensitivity`?",
    ];
    for words in wanted {
        assert!(said.contains(words), "{words} in {said}");
    }
    assert_eq!(text(&mut browser, ".lines .error").trim(), "10");
    assert_eq!(text(&mut browser, ".back mark"), "xsensitivity");
    let state = text(&mut browser, ".text .state");
    assert_eq!(
        state,
        "refused; what is drawn is of the last text that was valid"
    );
    assert_eq!(marks(&mut browser, 0), before);
    assert_eq!(
        browser.value("document.querySelector('.side').matches('.stale')"),
        true
    );
    // The caret of the message leads to the place.
    browser.evaluate("document.querySelector('.said').click()");
    let selected = browser.value("String(document.querySelector('textarea').value).slice(document.querySelector('textarea').selectionStart, document.querySelector('textarea').selectionEnd)");
    assert_eq!(selected, "xsensitivity");
    browser.write("sensitivity");
    browser.wait_for("!document.querySelector('.side').matches('.stale')");
    assert_eq!(
        browser.value("document.querySelector('.said').hidden"),
        true
    );
    browser.assert_quiet();
}

#[test]
fn dragging_a_slider_moves_one_number_the_marks_and_the_alerts_per_week() {
    let serving = revenue();
    let Some(mut browser) = visit(&serving) else {
        return;
    };
    let (marked, rate) = (marks(&mut browser, 0), per_week(&mut browser, 0));
    let before = browser.value("document.querySelector('textarea').value");
    let slider = "input[aria-label='smoothed minRel']";
    assert_eq!(
        browser.value(&format!("document.querySelector(`{slider}`).max")),
        "1"
    );
    let at = middle(&mut browser, slider);
    // From 0.2 of 1 to about a half.
    let width = browser.value(&format!(
        "document.querySelector(`{slider}`).getBoundingClientRect().width"
    ));
    let from = (at.0 - 0.29 * width.as_f64().unwrap(), at.1);
    browser.drag(from, at);
    browser.wait_for(&format!(
        "!document.body.matches('.busy') && document.querySelector('textarea').value !== {before}"
    ));
    let after = browser.value("document.querySelector('textarea').value");
    let (before, after) = (before.as_str().unwrap(), after.as_str().unwrap());
    let differ: Vec<(&str, &str)> = before
        .lines()
        .zip(after.lines())
        .filter(|(a, b)| a != b)
        .collect();
    let [(was, is)] = differ[..] else {
        panic!("one line changes: {differ:?}");
    };
    assert!(was.contains("minRel: 0.2 "), "{was}");
    let value: f64 = is
        .trim()
        .strip_prefix("minRel: ")
        .unwrap()
        .split(' ')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    assert!((0.4..0.6).contains(&value), "{is}");
    // The comment behind it stays where it is.
    assert_eq!(
        was.split_once('#').unwrap().1,
        is.split_once('#').unwrap().1
    );
    assert!(marks(&mut browser, 0) != marked && per_week(&mut browser, 0) < rate);
    assert!(text(&mut browser, "#sums .main").contains("was "));
    assert!(text(&mut browser, ".text .state").contains(" ms"));
    browser.assert_quiet();
}

/// Holds back the answers on all series; those on the series in view come as they do.
const HOLD: &str = "const real = window.fetch; window.held = []; \
    window.fetch = async (what, asked) => { const answer = await real(what, asked); \
    if (what === 'run') await new Promise(go => window.held.push(go)); return answer; }";

#[test]
fn what_is_in_view_is_drawn_before_the_totals_and_nothing_old_is_drawn_over_it() {
    let studio = studio("examples/orders.yaml", "datasets/hourly-orders.csv");
    let serving = studio.open(0).unwrap();
    let Some(mut browser) = visit(&serving) else {
        return;
    };
    // The band is part of what is drawn.
    let drawn = |browser: &mut Browser| {
        browser
            .value("document.querySelector('figure.series .band').getAttribute('d').slice(0, 200)")
    };
    let (before, rate) = (drawn(&mut browser), per_week(&mut browser, 0));
    browser.evaluate(HOLD);
    let turn = |browser: &mut Browser, to: &str| {
        browser.evaluate(&format!(
            "const turned = document.querySelector(\"input[type=number][aria-label^='against_four_weeks percentageChange']\"); \
             turned.value = '{to}'; turned.dispatchEvent(new Event('change'))"
        ));
        // Drawn, and all series are asked for.
        browser.wait_for(&format!(
            "/percentageChange: {to}\\b/.test(document.querySelector('textarea').value) && window.held.length"
        ));
    };
    turn(&mut browser, "0.3");
    let less = drawn(&mut browser);
    assert_ne!(less, before);
    let rates = |browser: &mut Browser| {
        let shown = browser.value("document.querySelector('#sums .main dd').textContent");
        shown.as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(rates(&mut browser), "…");
    assert!(text(&mut browser, "#sums .waits").contains("are being worked out"));
    assert!(text(&mut browser, ".text .state").starts_with("in view: ran "));
    assert!(text(&mut browser, "#status").contains("being worked out"));
    // A newer step does not wait for the totals of this one, which come too late.
    browser.evaluate("window.late = window.held.pop()");
    turn(&mut browser, "0.1");
    let narrow = drawn(&mut browser);
    assert_ne!(narrow, less);
    browser.evaluate("window.late()");
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert_eq!(rates(&mut browser), "…");
    assert_eq!(drawn(&mut browser), narrow);
    browser.evaluate("window.held.pop()()");
    browser.wait_for("!document.body.matches('.busy')");
    assert!(per_week(&mut browser, 0) > rate);
    assert_eq!(drawn(&mut browser), narrow);
    assert_eq!(
        browser.value("document.querySelector('#sums .waits')"),
        Value::Null
    );
    browser.assert_quiet();
}

#[test]
fn two_specifications_are_compared_side_by_side() {
    let serving = revenue();
    let Some(mut browser) = visit(&serving) else {
        return;
    };
    browser.evaluate("document.getElementById('pin').click()");
    browser.wait_for("document.querySelectorAll('#sides .side figure').length === 2 && !document.body.matches('.busy')");
    assert!(text(&mut browser, "#diff .counts").contains("B adds 0"));
    // A is above B, and B is what is turned.
    let names = browser.value(
        "[...document.querySelectorAll('.text h2')].map(head => head.innerText[0]).join('')",
    );
    assert_eq!(names, "AB");
    browser.evaluate(
        "const turned = [...document.querySelectorAll(\"input[type=number][aria-label^='smoothed minRel']\")].at(-1); \
         turned.value = '0.6'; turned.dispatchEvent(new Event('change'))",
    );
    browser.wait_for("!document.querySelector('#diff .removed').textContent.endsWith(' 0') && !document.body.matches('.busy')");
    let rates = browser.value(
        "[...document.querySelectorAll('#sums .main dd')].map(dd => parseFloat(dd.textContent))",
    );
    assert!(
        rates[0].as_f64().unwrap() > rates[1].as_f64().unwrap(),
        "{rates}"
    );
    let counts = text(&mut browser, "#diff .counts");
    let removed: usize = counts
        .split("B removes ")
        .nth(1)
        .unwrap()
        .split_whitespace()
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let listed = browser.value("document.querySelectorAll('#diff .changes .removed').length");
    assert_eq!(listed, removed);
    // Nothing has the name of something else.
    let names = browser.value(
        "[...document.querySelectorAll('[id]')].map(node => node.id).filter((id, at, all) => all.indexOf(id) < at)",
    );
    assert_eq!(names, serde_json::json!([]));
    // A change leads to its time, in both.
    browser.evaluate("document.querySelector('#diff .changes button').click()");
    browser.wait_for("document.querySelector('.told:not([hidden]) .trace')");
    browser.evaluate("[...document.querySelectorAll('.stage')].at(-1).scrollIntoView()");
    browser.wait_for(
        "new Set([...document.querySelectorAll('.stage g.dates')].map(group => group.textContent)).size === 1",
    );
    browser.assert_quiet();
}

#[test]
fn an_anomaly_is_clicked_and_the_address_brings_all_of_it_back() {
    let serving = revenue();
    let Some(mut browser) = visit(&serving) else {
        return;
    };
    browser.wait_for("document.querySelector('#sums .label')");
    let labelled = browser.value("document.querySelectorAll('figure .tint.labelled').length");
    assert!(labelled.as_u64().unwrap() > 5, "{labelled}");
    assert!(text(&mut browser, "#sums").contains("recall of incidents"));
    let (x, y) = middle(&mut browser, "figure a.span.kept");
    browser.click(x, y);
    browser.wait_for("document.querySelector('.told .trace')");
    let trace = text(&mut browser, ".told");
    assert!(
        trace.contains("It fired:") && trace.contains("In the end:"),
        "{trace}"
    );
    browser.evaluate("document.querySelector('.stage').focus()");
    browser.key("+");
    let dates = text(&mut browser, "figure svg.chart .dates");
    browser.wait_for("location.hash.length > 50");
    // What is kept follows what is seen.
    std::thread::sleep(std::time::Duration::from_millis(400));
    browser.reload();
    browser.wait_for("document.querySelector('.told:not([hidden]) .trace')");
    assert_eq!(text(&mut browser, "figure svg.chart .dates"), dates);
    assert_eq!(text(&mut browser, ".told"), trace);
    browser.assert_quiet();
}

#[test]
fn of_many_series_one_is_chosen_by_its_lane() {
    let studio = studio("examples/orders.yaml", "datasets/hourly-orders.csv");
    let serving = studio.open(0).unwrap();
    let Some(mut browser) = visit(&serving) else {
        return;
    };
    assert_eq!(
        browser.value("document.querySelectorAll('#overview a.slice').length"),
        12
    );
    assert_eq!(
        browser.value("document.querySelectorAll('figure.series').length"),
        1
    );
    let (x, y) = middle(
        &mut browser,
        "#overview a.slice[data-slice*='US'][data-slice*='web'] text",
    );
    browser.click(x, y);
    browser.wait_for(
        "document.querySelector('figure h3').textContent === 'orders{country=US,platform=web}'",
    );
    assert_eq!(
        browser.value("document.querySelectorAll('#overview a.drawn').length"),
        1
    );
    assert!(
        text(&mut browser, "section.found").contains("below the expected")
            || text(&mut browser, "section.found").contains("above the expected")
    );
    // An anomaly in its lane is chosen, and what was turned stays: no link changes the address.
    browser.evaluate(
        "for (const [key, value] of [['percentageChange', '0.3'], ['minLags', '2']]) { \
           const turned = document.querySelector(`input[type=number][aria-label^='against_four_weeks ${key}']`); \
           turned.value = value; turned.dispatchEvent(new Event('change')); }",
    );
    browser.wait_for("/minLags: 2\\n/.test(document.querySelector('textarea').value) && !document.body.matches('.busy')");
    assert!(
        browser.value("/percentageChange: 0.3\\n/.test(document.querySelector('textarea').value)")
            == true
    );
    browser.evaluate(
        "document.querySelector('#overview a.span').dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))",
    );
    browser.wait_for("document.querySelector('.told:not([hidden]) .trace')");
    assert!(
        browser.value("/minLags: 2\\n/.test(document.querySelector('textarea').value)") == true
    );
    // Of two specifications the lanes are those of the one that is worked on, and say so.
    let heading = "document.querySelector('#overview h2').firstChild.textContent + \
                   document.getElementById('lanes-of').textContent";
    assert_eq!(browser.value(heading), "All series");
    browser.evaluate("document.getElementById('pin').click()");
    browser.wait_for("document.querySelectorAll('#sides .side figure').length === 2 && !document.body.matches('.busy')");
    assert_eq!(browser.value(heading), "All series as B finds them");
    browser.evaluate("document.getElementById('unpin').click()");
    browser.wait_for("document.getElementById('lanes-of').textContent === ''");
    browser.assert_quiet();
}
