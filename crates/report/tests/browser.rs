//! The page in a browser: positions against the axis, hover, click, keys, and a quiet console.
//!
//! Chromium is driven over its debugging pipe. Where there is none (`chromium` on the path, or the
//! program that `CHROMIUM` names), each test says that it was skipped, on standard error.

#[allow(dead_code, reason = "each test uses what it needs of it")]
mod browser_pipe;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tuatara::{Detection, files};
use tuatara_report::Page;

use browser_pipe::Browser;

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

/// The page of a shipped specification over shipped data, in a file called `name`.
fn page(name: &str, spec: &str, data: &str) -> PathBuf {
    let text = std::fs::read_to_string(project(spec)).unwrap();
    let detection = Detection::from_yaml(&text).unwrap();
    let read = files::open([project(data)])
        .for_detection(&detection)
        .read();
    let frame = read.unwrap().frame;
    let extent = detection.extent(&frame).unwrap();
    let report = detection.run(&frame, extent).unwrap();
    let html = Page::of(&report).spec(text).html().unwrap();
    write(name, &html)
}

fn write(name: &str, html: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, html).unwrap();
    path
}

fn revenue() -> PathBuf {
    page(
        "revenue.html",
        "examples/revenue.yaml",
        "datasets/daily-revenue.csv",
    )
}

fn orders() -> PathBuf {
    page(
        "orders.html",
        "examples/orders.yaml",
        "datasets/hourly-orders.csv",
    )
}

/// For each mark of the first chart what it belongs to, and the instant at which it stands by what
/// the axis says: the dates of its first and last labels, and where they are drawn.
const BY_THE_AXIS: &str = r#"(() => {
  const chart = document.querySelector("figure.series svg.chart");
  const place = node => { const box = node.getBoundingClientRect(); return box.left + box.width / 2; };
  const months = ["Jan","Feb","Mar","Apr","May","Jun","Jul","Aug","Sep","Oct","Nov","Dec"];
  const labels = [...chart.querySelectorAll(".dates text:not(.within)")];
  const within = [...chart.querySelectorAll(".dates .within")];
  let year = null;
  const known = labels.map(label => {
    const outer = within.find(one => Math.abs(place(one) - place(label)) < 2);
    if (outer) year = +outer.textContent.slice(-4);
    const words = label.textContent.split(" ");
    const month = months.indexOf(words[words.length - 1]), day = words.length > 1 ? +words[0] : 1;
    return {x: place(label), at: Date.UTC(year, month, day), year};
  }).filter(label => label.year !== null);
  const [a, b] = [known[0], known[known.length - 1]];
  return [...chart.querySelectorAll(".mark.kept")].map(mark =>
    ({for: mark.dataset.for, at: a.at + (place(mark) - a.x) / (b.x - a.x) * (b.at - a.at)}));
})()"#;

const DAY: f64 = 86_400_000.0;

/// The day on which an anomaly of the page begins, by its line in the table, and how long it lasts.
fn days(browser: &mut Browser, target: &str) -> (f64, f64) {
    let line = format!("document.querySelector('#{target} .when').innerText.split('\\n')");
    let line = browser.value(&line);
    let start = browser.value(&format!("Date.parse({})", line[0]));
    let lasting = line[1].as_str().unwrap();
    let lasting: f64 = lasting.split(' ').next().unwrap().parse().unwrap();
    (start.as_f64().unwrap(), lasting * DAY)
}

fn assert_marks_stand_at_their_dates(browser: &mut Browser, least: usize) {
    let marks = browser.value(BY_THE_AXIS);
    let marks = marks.as_array().unwrap();
    assert!(marks.len() >= least, "{marks:?}");
    for mark in marks {
        let target = mark["for"].as_str().unwrap();
        let at = mark["at"].as_f64().unwrap();
        let (start, lasting) = days(browser, target);
        // Labels are placed to a tenth of a unit, marks too: half a day of two years.
        let slack = 0.6 * DAY;
        assert!(
            at > start - slack && at < start + lasting + slack,
            "{target} begins {start} and is marked at {at}"
        );
    }
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

fn text(browser: &mut Browser, selector: &str) -> String {
    let found = browser.value(&format!(
        "(node => node.innerText ?? node.textContent)(document.querySelector(`{selector}`))"
    ));
    found.as_str().unwrap().to_owned()
}

#[test]
fn marks_stand_at_the_dates_that_the_axis_shows_before_and_after_zooming() {
    let Some(mut browser) = Browser::open(&revenue()) else {
        return;
    };
    assert_marks_stand_at_their_dates(&mut browser, 11);
    // From the first to the second anomaly, by dragging.
    let from = middle(&mut browser, "figure .mark[data-for=a0]");
    let to = middle(&mut browser, "figure .mark[data-for=a2]");
    let whole = text(&mut browser, "figure svg.chart .dates");
    browser.drag((from.0 - 20.0, from.1), (to.0 + 20.0, to.1));
    let part = text(&mut browser, "figure svg.chart .dates");
    assert_ne!(whole, part);
    assert!(part.contains("Feb"), "{part}");
    assert_marks_stand_at_their_dates(&mut browser, 3);
    // All of it again, as it was.
    browser.evaluate("document.querySelector('.stage').focus()");
    browser.key("0");
    assert_eq!(text(&mut browser, "figure svg.chart .dates"), whole);
    assert_marks_stand_at_their_dates(&mut browser, 11);
    browser.assert_quiet();
}

#[test]
fn hovering_shows_the_numbers_of_the_bucket() {
    let Some(mut browser) = Browser::open(&revenue()) else {
        return;
    };
    let (x, y) = middle(&mut browser, "figure .mark[data-for=a9]");
    browser.hover(x, y);
    let tip = text(&mut browser, "figure .tip");
    for words in [
        "2025-06-13",
        "observed 174392",
        "expected 89851.5 (+94.1 %)",
        "band 62896.1 … 116807",
        "anomaly, above, score 3.136",
    ] {
        assert!(tip.contains(words), "{words} in {tip}");
    }
    browser.assert_quiet();
}

#[test]
fn a_click_on_an_anomaly_shows_its_whole_trace() {
    let Some(mut browser) = Browser::open(&revenue()) else {
        return;
    };
    let (x, y) = middle(&mut browser, "figure a.span[data-for=a9]");
    browser.click(x, y);
    let trace = text(&mut browser, "figure .told");
    for words in [
        "It fired: 174392 is 94.1 % above the expected 89851.5, the band ends at 116807.",
        "1w earlier (2025-06-06T00:00:00Z)",
        "median of 4 of 4 earlier values (at least 3 needed)",
        "percentageChange 0.3 gives a band",
        "In the end:",
        "reportable since 2025-06-14T00:00:00Z",
    ] {
        assert!(trace.contains(words), "{words} in {trace}");
    }
    // By keys: the next one, and no trace of the one before.
    browser.evaluate("document.querySelector('.stage').focus()");
    browser.key("n");
    let next = text(&mut browser, "figure .told");
    assert!(next.contains("It fired: 117190 is 62.8 % above"), "{next}");
    assert!(!next.contains("174392"), "{next}");
    browser.assert_quiet();
}

#[test]
fn an_anomaly_is_reached_and_opened_with_the_keyboard_alone() {
    let Some(mut browser) = Browser::open(&revenue()) else {
        return;
    };
    let focused = "document.activeElement.dataset ? document.activeElement.dataset.for || '' : ''";
    let mut steps = 0;
    while browser.value(focused) != json!("a3") {
        browser.key("Tab");
        steps += 1;
        assert!(steps < 40, "no way to the anomaly by Tab");
    }
    browser.key("Enter");
    let trace = text(&mut browser, "figure .told");
    assert!(
        trace.contains("It fired: 40801.4 is 39.9 % below"),
        "{trace}"
    );
    browser.assert_quiet();
}

#[test]
fn a_lane_leads_to_the_chart_of_its_series() {
    let Some(mut browser) = Browser::open(&orders()) else {
        return;
    };
    assert_eq!(
        browser.value("document.querySelectorAll('svg.lanes .lane').length"),
        json!(12)
    );
    let target =
        browser.value("[...document.querySelectorAll('svg.lanes a.span')].pop().dataset.for");
    let target = target.as_str().unwrap();
    let (x, y) = middle(
        &mut browser,
        &format!("svg.lanes a.span[data-for={target}]"),
    );
    browser.click(x, y);
    let shown = browser.value(
        "[...document.querySelectorAll('figure')].filter(one => !one.querySelector('.told').hidden)\
         .map(one => [one.querySelector('h3').innerText, one.querySelector('.told').innerText, \
         one.getBoundingClientRect().top])",
    );
    let shown = shown.as_array().unwrap();
    assert_eq!(shown.len(), 1);
    let name = text(&mut browser, &format!("#{target} td.name"));
    assert_eq!(shown[0][0], json!(name));
    assert!(shown[0][1].as_str().unwrap().contains("It fired"));
    // It is in view.
    let top = shown[0][2].as_f64().unwrap();
    assert!((-5.0..800.0).contains(&top), "{top}");
    browser.assert_quiet();
}

#[test]
fn nothing_lies_on_top_of_something_else() {
    // Texts of the axes: of two that overlap at least one cannot be read.
    let overlaps = r#"(() => {
      const found = [];
      for (const chart of document.querySelectorAll("svg.chart, svg.lanes")) {
        const all = [...chart.querySelectorAll("text")].filter(text => text.textContent).map(text => [text.textContent, text.getBoundingClientRect()]);
        for (let i = 0; i < all.length; i++) for (let k = i + 1; k < all.length; k++) {
          const [a, b] = [all[i][1], all[k][1]];
          const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left), high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
          if (wide > 1 && high > 3) found.push(all[i][0] + " | " + all[k][0]);
        }
        const box = chart.getBoundingClientRect();
        for (const [text, one] of all) if (one.right > box.right + 1 || one.left < box.left - 1) found.push(text + " is cut off");
      }
      return found;
    })()"#;
    for page in [revenue(), orders()] {
        let Some(mut browser) = Browser::open(&page) else {
            return;
        };
        assert_eq!(browser.value(overlaps), json!([]), "{}", page.display());
        for key in ["+", "+", "ArrowLeft", "+", "+", "ArrowRight", "+", "+", "+"] {
            browser.evaluate("document.querySelector('.stage').focus()");
            browser.key(key);
            assert_eq!(
                browser.value(overlaps),
                json!([]),
                "{} after {key}",
                page.display()
            );
        }
        browser.assert_quiet();
    }
}

#[test]
fn light_and_dark_can_be_chosen() {
    let Some(mut browser) = Browser::open(&revenue()) else {
        return;
    };
    let colour = "getComputedStyle(document.body).backgroundColor";
    let before = browser.value(colour);
    let name = text(&mut browser, "#theme");
    browser.evaluate("document.getElementById('theme').click()");
    assert_ne!(browser.value(colour), before);
    assert_ne!(text(&mut browser, "#theme"), name);
    // On paper it is light whatever was chosen, and buttons are gone.
    browser.on_paper();
    assert_eq!(browser.value(colour), json!("rgb(255, 255, 255)"));
    let tools = "getComputedStyle(document.querySelector('.tools')).display";
    assert_eq!(browser.value(tools), json!("none"));
    browser.assert_quiet();
}

#[test]
fn names_that_are_scripts_are_shown_and_not_run() {
    let hostile = r#"</script><img src=x onerror="alert(1)">"#;
    let csv = format!(
        "date,shop,orders\n2026-01-01,\"{0}\",5\n2026-01-02,\"{0}\",50\n2026-01-03,\"{0}\",5\n",
        hostile.replace('"', "\"\"")
    );
    let spec = "
detectionName: '<script>alert(2)</script>'
metric: orders
dimensionExploration: { dimensions: [shop] }
rules:
  - detection: { name: limit, type: THRESHOLD, params: { max: 10 } }
";
    let detection = Detection::from_yaml(spec).unwrap();
    let data = files::from_bytes("shops", csv.into_bytes());
    let frame = data.for_detection(&detection).read().unwrap().frame;
    let extent = detection.extent(&frame).unwrap();
    let report = detection.run(&frame, extent).unwrap();
    let html = Page::of(&report).spec(spec).html().unwrap();
    let Some(mut browser) = Browser::open(&write("hostile.html", &html)) else {
        return;
    };
    assert_eq!(text(&mut browser, "h1"), "<script>alert(2)</script>");
    let name = text(&mut browser, "h3");
    assert!(name.contains("</script><img src"), "{name}");
    let (x, y) = middle(&mut browser, "figure a.span");
    browser.hover(x, y);
    browser.click(x, y);
    assert_eq!(browser.value("document.images.length"), json!(0));
    browser.assert_quiet();
}

#[test]
fn without_a_script_everything_is_there() {
    let Some(mut browser) = Browser::open_without_scripts(&revenue()) else {
        return;
    };
    // The protocol evaluates all the same.
    assert_eq!(
        browser.value("document.querySelectorAll('figure .mark.kept').length >= 11"),
        json!(true)
    );
    assert_eq!(
        browser.value("document.getElementById('theme').hidden"),
        json!(true)
    );
    browser.evaluate("location.hash = '#a9'");
    let open = browser.value("document.querySelector('#a9 summary').innerText");
    assert!(matches!(&open, Value::String(text) if text.contains("303782 is 88.5 % above")));
}

/// The page of `csv` judged by `spec`, in a file called `name`.
fn page_of(name: &str, spec: &str, csv: String) -> PathBuf {
    let detection = Detection::from_yaml(spec).unwrap();
    let data = files::from_bytes("values", csv.into_bytes());
    let frame = data.for_detection(&detection).read().unwrap().frame;
    let extent = detection.extent(&frame).unwrap();
    let report = detection.run(&frame, extent).unwrap();
    write(name, &Page::of(&report).spec(spec).html().unwrap())
}

/// Presses `key` on the first chart.
fn press(browser: &mut Browser, key: &str) {
    browser.evaluate("document.querySelector('.stage').focus()");
    browser.key(key);
}

const HIGH: &str = "
detectionName: limits
metric: orders
rules:
  - detection: { name: limit, type: THRESHOLD, params: { max: 1000000 } }
";

#[test]
fn zoomed_once_two_years_have_dates_still() {
    let Some(mut browser) = Browser::open(&revenue()) else {
        return;
    };
    for (key, least) in [("+", 4), ("-", 4), ("-", 4)] {
        press(&mut browser, key);
        let labels =
            "document.querySelectorAll('figure svg.chart .dates text:not(.within)').length";
        let count = browser.value(labels).as_u64().unwrap();
        assert!(count >= least, "{count} dates after {key}");
        let dates = text(&mut browser, "figure svg.chart .dates");
        assert!(dates.contains("202"), "no year in {dates}");
    }
    browser.assert_quiet();
}

#[test]
fn a_small_signal_on_a_large_offset_is_seen_when_zoomed() {
    let hours = (0..240_u32).map(|hour| {
        let at = format!("2026-01-{:02}T{:02}:00:00Z", 1 + hour / 24, hour % 24);
        format!("{at},{}\n", 101_325.0 + f64::from(hour * 7 % 10) / 100.0)
    });
    let csv = format!("date,orders\n{}", hours.collect::<String>());
    let Some(mut browser) = Browser::open(&page_of(
        "offset.html",
        &HIGH.replace("1000000", "101326"),
        csv,
    )) else {
        return;
    };
    press(&mut browser, "+");
    let heights = "new Set(document.querySelector('figure path.value').getAttribute('d')\
                   .split(/[ML]/).filter(Boolean).map(point => point.split(' ')[1])).size";
    let heights = browser.value(heights).as_u64().unwrap();
    assert!(heights >= 10, "ten values are drawn at {heights} heights");
    let (x, y) = middle(&mut browser, "figure path.value");
    browser.hover(x, y);
    let tip = text(&mut browser, "figure .tip");
    assert!(tip.contains("observed 101325.0"), "{tip}");
    browser.assert_quiet();
}

#[test]
fn the_line_of_a_reduced_series_is_broken_at_each_of_its_gaps() {
    // Of 20 000 hours every hundredth day is missing: far more hours than points.
    let start = 1_704_067_200_i64;
    let rows = (0..20_000_i64).filter(|hour| hour / 24 % 100 != 50);
    let rows = rows.map(|hour| {
        let at = tuatara::frame::Instant::from_millis((start + hour * 3_600) * 1_000).unwrap();
        format!("{at},{}\n", 100 + hour * 37 % 50)
    });
    let csv = format!("date,orders\n{}", rows.collect::<String>());
    let Some(mut browser) = Browser::open(&page_of("gaps.html", HIGH, csv)) else {
        return;
    };
    press(&mut browser, "+");
    press(&mut browser, "-");
    press(&mut browser, "+");
    // In the middle three fifths of 833 days lie those 250, 350, 450, 550 and 650.
    let bars =
        "document.querySelector('figure path.absent').getAttribute('d').split('M').length - 1";
    assert_eq!(browser.value(bars), json!(5));
    let pieces =
        "document.querySelector('figure path.value').getAttribute('d').split('M').length - 1";
    assert_eq!(browser.value(pieces), json!(6));
    browser.assert_quiet();
}

#[test]
fn what_was_opened_with_the_keyboard_keeps_the_focus() {
    let Some(mut browser) = Browser::open(&revenue()) else {
        return;
    };
    let focused = "document.activeElement.dataset.for || document.activeElement.className";
    for zoomed in [false, true] {
        if zoomed {
            press(&mut browser, "+");
        }
        browser.evaluate("document.querySelector('figure a.span[data-for=a3]').focus()");
        browser.key("Enter");
        assert!(!text(&mut browser, "figure .told .head p").is_empty());
        assert_eq!(browser.value(focused), json!("a3"), "zoomed: {zoomed}");
    }
    browser.assert_quiet();
}

/// A page of 24 hours from `start` on, in milliseconds, by the clock of New York.
fn in_new_york(name: &str, start: i64) -> PathBuf {
    let rows = (0..24_i64).map(|hour| {
        let at = tuatara::frame::Instant::from_millis(start + hour * 3_600_000).unwrap();
        format!("{at},{}\n", 100 + hour % 7)
    });
    let csv = format!("date,orders\n{}", rows.collect::<String>());
    let detection = Detection::from_yaml(HIGH).unwrap();
    let data = files::from_bytes("values", csv.into_bytes());
    let frame = data.for_detection(&detection).read().unwrap().frame;
    let extent = detection.extent(&frame).unwrap();
    let report = detection.run(&frame, extent).unwrap();
    let zone = "America/New_York".parse().unwrap();
    write(name, &Page::of(&report).zone(zone).html().unwrap())
}

#[test]
fn an_hour_that_the_clock_skips_lies_where_the_clock_goes_on() {
    // From 2026-03-07T19:00:00Z: the clock skips from 02:00 to 03:00 in the middle, at 07:00 UTC.
    let page = in_new_york("skipped.html", 1_772_910_000_000);
    let Some(mut browser) = Browser::open(&page) else {
        return;
    };
    press(&mut browser, "+");
    let place = browser.value(
        "[...document.querySelectorAll('figure svg.chart .dates text:not(.within)')]\
         .filter(one => one.textContent === '02:00').map(one => +one.getAttribute('x'))",
    );
    assert_eq!(place, json!([465]));
    browser.assert_quiet();
}

#[test]
fn of_an_hour_that_the_clock_shows_twice_the_instant_is_told() {
    // From 2026-10-31T18:00:00Z: 01:00 is shown at 05:00 and at 06:00 UTC, in the middle.
    let page = in_new_york("doubled.html", 1_793_469_600_000);
    let Some(mut browser) = Browser::open(&page) else {
        return;
    };
    let (x, y) = middle(&mut browser, "figure path.value");
    browser.hover(x + 5.0, y);
    let tip = text(&mut browser, "figure .tip");
    assert!(
        tip.contains("2026-11-01 01:00 (2026-11-01T06:00:00Z)"),
        "{tip}"
    );
    browser.hover(x + 200.0, y);
    let tip = text(&mut browser, "figure .tip");
    assert!(!tip.contains("(2026"), "{tip}");
    browser.assert_quiet();
}
