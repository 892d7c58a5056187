//! What stands on a page and in a picture.

use tuatara::frame::{Frame, Granularity, Instant, Interval, Metric, SliceKey};
use tuatara::{Detection, Report};
use tuatara_report::{Draw, Ink, Page};

/// Monday 5 January 2026.
const START: i64 = 1_767_571_200_000;
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// `buckets` of `step` milliseconds for each of `series`; `value` of NaN is missing.
fn frame(series: &[&str], buckets: i64, step: i64, value: impl Fn(usize, i64) -> f64) -> Frame {
    let granularity = match step {
        DAY => Granularity::days(),
        step => Granularity::fixed(tuatara::frame::Duration::from_millis(step).unwrap()).unwrap(),
    };
    let mut builder = Frame::builder("shop", [Metric::new("orders")])
        .dimensions(["shop"])
        .granularity(granularity);
    for at in 0..buckets {
        let stamp = Instant::from_millis(START + at * step).unwrap();
        for (number, name) in series.iter().enumerate() {
            let value = value(number, at);
            if !value.is_nan() {
                builder.row(stamp, &[name], &[value]).unwrap();
            }
        }
    }
    builder.build().unwrap()
}

fn run(spec: &str, frame: &Frame) -> Report {
    let detection = Detection::from_yaml(spec).unwrap();
    let extent = detection.extent(frame).unwrap();
    detection.run(frame, extent).unwrap()
}

const LIMIT: &str = "
detectionName: too many
metric: orders
dimensionExploration: { dimensions: [shop] }
rules:
  - detection: { name: limit, type: THRESHOLD, params: { max: 150 } }
";

const WEEK: &str = "
detectionName: unlike last week
metric: orders
dimensionExploration: { dimensions: [shop] }
rules:
  - detection: { name: week, type: PERCENTAGE_RULE, params: { offset: wo1w, percentageChange: 0.3 } }
    filter: { name: lasting, type: DURATION_FILTER, params: { minDuration: P2D } }
";

fn only(report: &Report) -> SliceKey {
    let [slice] = report.slices() else {
        panic!("one slice")
    };
    slice.key().clone()
}

#[test]
fn one_hour_of_ten_thousand_that_stands_out_is_drawn_and_marked() {
    let spike = |_: usize, hour: i64| {
        if hour == 6_000 {
            900.0
        } else {
            100.0 + (hour % 24) as f64
        }
    };
    let report = run(LIMIT, &frame(&["a"], 10_000, HOUR, spike));
    let picture = report.to_svg(&only(&report)).unwrap();
    // The plot is 930 units wide: hour 6000 lies in its column 558.
    let line = picture.split("class=\"value\" d=\"").nth(1).unwrap();
    let line = line.split('"').next().unwrap();
    let highest = path_points(line)
        .into_iter()
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .unwrap();
    assert!((highest.0 - 558.0).abs() <= 1.5, "{highest:?}");
    // 900 of a range that ends 6 % above it: within the top fourteenth of 230 units.
    assert!(highest.1 < 17.0, "{highest:?}");
    let mark = picture.split("class=\"mark kept default\"").nth(1).unwrap();
    assert!(
        mark.contains("data-for=\"a0\" d=\"M554."),
        "{}",
        &mark[..60]
    );
}

/// The points that a path goes through.
fn path_points(d: &str) -> Vec<(f64, f64)> {
    let mut points = Vec::new();
    let (mut x, mut y) = (0.0, 0.0);
    let mut rest = d;
    while let Some(command) = rest.chars().next() {
        let end = rest[1..].find(|c: char| c.is_ascii_alphabetic());
        let end = end.map_or(rest.len(), |end| end + 1);
        let spaced = rest[1..end].replace('-', " -");
        let n: Vec<f64> = spaced
            .split_whitespace()
            .map(|n| n.parse().unwrap())
            .collect();
        match command {
            'M' => (x, y) = (n[0], n[1]),
            'l' => (x, y) = (x + n[0], y + n[1]),
            'h' => x += n[0],
            'v' => y += n[0],
            other => panic!("{other} in a line"),
        }
        points.push((x, y));
        rest = &rest[end..];
    }
    points
}

#[test]
fn the_line_is_broken_where_nothing_was_observed() {
    let gap = |_: usize, day: i64| {
        if (10..12).contains(&day) {
            f64::NAN
        } else {
            100.0
        }
    };
    let report = run(LIMIT, &frame(&["a"], 28, DAY, gap));
    let picture = report.to_svg(&only(&report)).unwrap();
    let line = picture.split("class=\"value\" d=\"").nth(1).unwrap();
    let line = line.split('"').next().unwrap();
    assert_eq!(line.matches('M').count(), 2, "{line}");
    assert!(picture.contains("class=\"absent\""));
}

#[test]
fn there_is_no_band_while_a_rule_warms_up() {
    let steady = |_: usize, _: i64| 100.0;
    let report = run(WEEK, &frame(&["a"], 28, DAY, steady));
    let picture = report.to_svg(&only(&report)).unwrap();
    let band = picture.split("class=\"band\" d=\"M").nth(1).unwrap();
    let from: f64 = band.split(' ').next().unwrap().parse().unwrap();
    // The middle of the eighth of 28 days in 930 units.
    assert!((from - 7.5 / 28.0 * 930.0).abs() < 0.1, "{from}");
    assert!(picture.contains(">warming up</text>"));
}

#[test]
fn what_a_filter_removed_is_hatched_and_told() {
    let dip = |_: usize, day: i64| if day == 20 { 40.0 } else { 100.0 };
    let report = run(WEEK, &frame(&["a"], 26, DAY, dip));
    assert!(report.anomalies().is_empty() && report.removed().len() == 1);
    let page = report.to_html().unwrap();
    assert!(page.contains("class=\"span removed default\" href=\"#r0\""));
    assert!(page.contains("<tr id=\"r0\" class=\"removed default\">"));
    assert!(
        page.contains("removed by lasting:DURATION_FILTER: it lasted P1D, at least P2D is asked")
    );
    assert!(page.contains("Nothing found"));
}

#[test]
fn names_from_the_data_and_the_specification_stay_text() {
    let hostile = "</title></script><script>alert(1)</script>\"'";
    let spike = |_: usize, day: i64| if day == 20 { 400.0 } else { 100.0 };
    let spec = LIMIT.replace("too many", "'<img src=x onerror=alert(2)>'");
    let report = run(&spec, &frame(&[hostile], 28, DAY, spike));
    let page = Page::of(&report)
        .spec("# </pre><script>alert(3)</script>")
        .html()
        .unwrap();
    assert!(!page.contains("<script>alert"));
    assert!(!page.contains("<img"));
    assert_eq!(page.matches("</script>").count(), 2, "those of the page");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(page.contains("&lt;/pre&gt;&lt;script&gt;alert(3)"));
    let picture = report.to_svg(&only(&report)).unwrap();
    assert!(!picture.contains("<script"));
    let text = Page::of(&report).terminal(Ink::Plain);
    assert!(!text.contains('\u{1b}'));
}

#[test]
fn twenty_series_of_ten_thousand_points_fit_into_a_mail() {
    let names: Vec<String> = (0..20).map(|shop| format!("shop-{shop}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let value = |shop: usize, hour: i64| {
        let wobble = ((hour * 7_919 + shop as i64 * 104_729) % 1_000) as f64 / 50.0;
        let day = [3.0, 1.0, 8.0, 20.0][(hour / 6 % 4) as usize];
        let broken = (hour + shop as i64 * 400) % 2_000 < 3;
        let usual = 1_000.0 + 40.0 * day + wobble + 0.123_456;
        if broken { usual * 0.4 } else { usual }
    };
    let spec = WEEK.replace("P2D", "PT2H");
    let report = run(&spec, &frame(&names, 10_000, HOUR, value));
    assert!(report.anomalies().len() >= 100);
    let page = report.to_html().unwrap();
    assert!(page.len() < 1_000_000, "{} bytes", page.len());
    assert!(page.contains("Reduced: about 400 of 10000 points"));
}

#[test]
fn what_is_not_drawn_is_named() {
    let names: Vec<String> = (0..100).map(|shop| format!("shop-{shop:03}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let broken = |shop: usize, day: i64| {
        if shop.is_multiple_of(4) && day == 20 {
            400.0
        } else {
            100.0
        }
    };
    let report = run(LIMIT, &frame(&names, 28, DAY, broken));
    let page = Page::of(&report).series(5).html().unwrap();
    assert_eq!(page.matches("<figure").count(), 5);
    assert!(page.contains("5 of 100 series are drawn"));
    assert!(page.contains("95 are not, 20 of them with anomalies"));
    assert!(page.contains("75 series without an anomaly"));
    for name in names {
        assert!(page.contains(name), "{name}");
    }
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let value = |shop: usize, hour: i64| 100.0 + ((hour * 31 + shop as i64 * 17) % 97) as f64;
    let make = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            let report = run(LIMIT, &frame(&["a", "b", "c"], 500, HOUR, value));
            report.to_html().unwrap()
        })
    };
    let one = make(1);
    assert_eq!(one, make(3));
}

#[test]
fn a_page_loads_nothing() {
    let report = run(LIMIT, &frame(&["a"], 28, DAY, |_, _| 100.0));
    let page = report.to_html().unwrap();
    for outside in ["http:", "https:", "//cdn", "@import", "<link", "src="] {
        let found = page.replace("http://www.w3.org/2000/svg", "");
        assert!(!found.contains(outside), "{outside}");
    }
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn a_slice_that_is_not_there_is_refused_by_name() {
    let report = run(LIMIT, &frame(&["a"], 28, DAY, |_, _| 100.0));
    let error = report
        .to_svg(&"orders{shop=b}".parse().unwrap())
        .unwrap_err();
    assert!(
        error.to_string().contains("did you mean orders{shop=a}?"),
        "{error}"
    );
}

#[test]
fn a_run_of_nothing_has_a_page() {
    let frame = frame(&["a"], 28, DAY, |_, _| 100.0);
    let detection = Detection::from_yaml(LIMIT).unwrap();
    let start = Instant::from_millis(START).unwrap();
    let report = detection
        .run(&frame, Interval::new(start, start).unwrap())
        .unwrap();
    let page = report.to_html().unwrap();
    assert!(page.contains("Nothing found"));
    let drawn = page.split("<script").next().unwrap();
    assert!(!drawn.contains("NaN"), "no number of a drawing is NaN");
    Page::of(&report).terminal(Ink::Coloured);
}

/// Without colours, the same chart.
fn plain(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| {
        all + part.split_once('m').map_or("", |(_, rest)| rest)
    })
}

#[test]
fn a_terminal_shows_the_drop_below_its_day_and_lists_it() {
    let dip = |_: usize, day: i64| if day == 20 { 400.0 } else { 100.0 };
    let report = run(
        LIMIT,
        &frame(&["a", "b"], 68, DAY, |shop, day| {
            if shop == 0 { dip(shop, day) } else { 100.0 }
        }),
    );
    let page = Page::of(&report);
    let drawn = page.terminal(Ink::Plain);
    // 68 days in 68 characters behind ten for the numbers: day 20 is the 21st.
    let marks = drawn.lines().find(|line| line.contains('└')).unwrap();
    assert_eq!(
        marks.chars().position(|c| c == '▲'),
        Some(10 + 20),
        "{drawn}"
    );
    assert!(
        drawn.contains("  ▲ 2026-01-25 .. 2026-01-26  2.67  400 is 166.7 % above the limit 150"),
        "{drawn}"
    );
    assert!(drawn.contains("orders{shop=b}: 0 anomalies"));
    let coloured = page.terminal(Ink::Coloured);
    assert!(coloured.contains("\u{1b}[35m▲\u{1b}[0m"));
    assert_eq!(plain(&coloured), drawn);
    // Whoever lists it otherwise sees the series with anomalies alone.
    let charts = page.charts(Ink::Plain);
    assert!(charts.contains("orders{shop=a}") && !charts.contains("orders{shop=b}"));
    assert!(!charts.contains("166.7 %"));
    for line in drawn.lines().filter(|line| !line.contains("..")) {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn what_belongs_together_is_told_once_with_its_parts() {
    let spec = format!("{LIMIT}grouper: {{ type: INCIDENT_GROUPER }}\n");
    let all_at_once = |_: usize, day: i64| if day == 20 { 400.0 } else { 100.0 };
    let report = run(&spec, &frame(&["a", "b", "c"], 28, DAY, all_at_once));
    let page = report.to_html().unwrap();
    assert!(page.contains("<strong>1 incident of 3 anomalies</strong> in 3 of 3 series"));
    assert!(page.contains(
        "3 anomalies in 3 series: <a href=\"#a0\" data-for=\"a0\">orders{shop=a} 2026-01-25</a>"
    ));
}

/// Targets of links of a page that are no element of it.
fn leading_nowhere(page: &str) -> Vec<&str> {
    let ids: std::collections::BTreeSet<&str> = page
        .split(" id=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let links = page.split("href=\"#").skip(1);
    let links = links.filter_map(|rest| rest.split('"').next());
    let chosen = page.split("data-for=\"").skip(1);
    let chosen = chosen.filter_map(|rest| rest.split('"').next());
    links
        .chain(chosen)
        .filter(|target| !ids.contains(target))
        .collect()
}

#[test]
fn no_link_leads_nowhere_however_many_anomalies_there_are() {
    let names: Vec<String> = (0..20).map(|shop| format!("shop-{shop}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let value = |shop: usize, hour: i64| {
        let usual = 100.0 + ((hour * 7_919 + shop as i64 * 104_729) % 1_000) as f64 / 50.0;
        if (hour + shop as i64) % 40 == 0 {
            4.0 * usual
        } else {
            usual
        }
    };
    let report = run(LIMIT, &frame(&names, 4_000, HOUR, value));
    assert_eq!(report.anomalies().len(), 2_000);
    let page = report.to_html().unwrap();
    assert_eq!(leading_nowhere(&page), [""; 0]);
    assert!(page.contains("tells what led to one that is drawn and not listed"));
    assert!(page.len() < 1_000_000, "{} bytes", page.len());
    // Those that have no line are drawn all the same, and known to the script.
    assert!(page.contains("<g class=\"span kept default\"><path"));
    assert!(page.contains("\"rest\":{\"kept default\":["));
}

#[test]
fn two_rules_on_each_series_fit_into_a_mail_too() {
    let names: Vec<String> = (0..20).map(|shop| format!("shop-{shop}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let value = |shop: usize, hour: i64| {
        let wobble = ((hour * 7_919 + shop as i64 * 104_729) % 1_000) as f64 / 50.0;
        let day = [3.0, 1.0, 8.0, 20.0][(hour / 6 % 4) as usize];
        1_000.0 + 40.0 * day + wobble + 0.123_456
    };
    let frame = frame(&names, 10_000, HOUR, value);
    let two = "
detectionName: two rules
metric: orders
dimensionExploration: { dimensions: [shop] }
rules:
  - detection: { name: week, type: PERCENTAGE_RULE, params: { offset: wo1w, percentageChange: 0.3 } }
  - detection: { name: weeks, type: PERCENTAGE_RULE, params: { offset: median4w, percentageChange: 0.3 } }
";
    let page = run(two, &frame).to_html().unwrap();
    assert!(page.len() < 1_000_000, "{} bytes", page.len());
    assert_eq!(leading_nowhere(&page), [""; 0]);
}

#[test]
fn a_specification_with_lines_of_another_system_is_shown_as_it_is_meant() {
    let report = run(LIMIT, &frame(&["a"], 28, DAY, |_, _| 100.0));
    let shown = |spec: &str| Page::of(&report).spec(spec).html().unwrap();
    let page = shown("metric: orders\r\nrules: []\r\n");
    assert!(page.contains("metric: orders\nrules: []\n</pre>") && !page.contains('\u{fffd}'));
}

#[test]
fn a_terminal_draws_each_step_of_the_data() {
    let spec = "
detectionName: two steps
metric: orders
dimensionExploration: { dimensions: [shop] }
rules:
  - detection: { name: hours, type: THRESHOLD, params: { max: 150 } }
  - detection: { name: again, type: THRESHOLD, params: { max: 160 } }
  - detection: { name: days, type: THRESHOLD, params: { max: 2500, monitoringGranularity: 1_DAYS } }
";
    let spike = |_: usize, hour: i64| if hour == 300 { 900.0 } else { 100.0 };
    let report = run(spec, &frame(&["a"], 480, HOUR, spike));
    let drawn = Page::of(&report).terminal(Ink::Plain);
    assert_eq!(
        drawn.lines().filter(|line| line.contains('└')).count(),
        2,
        "{drawn}"
    );
    assert!(
        drawn.contains("  hours:THRESHOLD, again:THRESHOLD\n")
            && drawn.contains("  days:THRESHOLD\n"),
        "{drawn}"
    );
    assert_eq!(
        drawn
            .lines()
            .filter(|line| line.contains("└") && line.contains('▲'))
            .count(),
        2
    );
}
