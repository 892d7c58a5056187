//! What a subscription says, and what is said about one that makes no sense. Messages as a whole
//! are in the galleries of the command.

#![cfg(feature = "yaml")]

use tuatara_core::Severity as Level;
use tuatara_frame::{Duration, Instant};
use tuatara_spec::subscription::{
    AlertScheme, EmailTemplate, Routing, SubjectStyle, SubscriptionSpec,
};
use tuatara_spec::tree::Node;
use tuatara_spec::{Code, Diagnosis, Severity};

/// What every subscription needs.
const NEEDED: &str = "
subscriptionGroupName: shop
application: orders
subscribedDetections: order drops
alertSchemes: { type: EMAIL }
recipients: { to: oncall@example.com }
";

/// [`NEEDED`] and `more`, without a word about it.
fn read(more: &str) -> SubscriptionSpec {
    match SubscriptionSpec::from_yaml(&format!("{NEEDED}{more}"), "shop.yaml") {
        Ok((spec, diagnosis)) => {
            assert!(diagnosis.is_empty(), "\n{diagnosis}\n");
            spec
        }
        Err(error) => panic!("\n{error}\n"),
    }
}

/// All that is said about `text`.
fn diagnose(text: &str) -> Diagnosis {
    match SubscriptionSpec::from_yaml(text, "shop.yaml") {
        Ok((_, diagnosis)) => diagnosis,
        Err(error) => error.diagnosis().clone(),
    }
}

fn links(spec: &SubscriptionSpec) -> Vec<(&str, &str)> {
    let links = spec.links.iter();
    links
        .map(|link| (link.name.as_str(), link.target.as_str()))
        .collect()
}

#[test]
fn defaults_are_those_of_the_documentation() {
    let spec = read("");
    assert_eq!(
        (spec.name.as_str(), spec.application.as_str()),
        ("shop", "orders")
    );
    assert!(spec.active);
    assert_eq!(spec.schedule, "0 0/5 * * * ? *".parse().unwrap());
    assert_eq!(spec.subject_style, SubjectStyle::Metrics);
    assert_eq!(spec.routing, Routing::Everyone);
    assert_eq!((spec.from.as_deref(), spec.suppressors.len()), (None, 0));
    let [AlertScheme::Email(email)] = &spec.schemes[..] else {
        panic!("{:?}", spec.schemes);
    };
    assert_eq!((&email.recipients, &email.subject), (&None, &None));
    assert_eq!(email.template, EmailTemplate::Default);
}

#[test]
fn every_key_is_read() {
    let text = "
subscriptionGroupName: shop
application: [orders]
subscribedDetections: [order drops, order spikes]
alertSchemes:
  - type: email
    params: { subject: Orders, template: entity-groupby-report, recipients: { bcc: c@b, to: a@b } }
  - type: Jira
    params: { project: SHOP, issuetype: Bug, assignee: me, components: [a, b], labels: x, mergeGap: P7D, custom: { team: { id: 7 } } }
  - type: IRIS
    params: { plan: shop }
active: false
cron: 0 0 9 ? * MON-FRI
fromAddress: alerts@example.com
emailSubjectStyle: datasets
referenceLinks: { Runbook: go/run, FAQ: go/faq }
owners: [me, you]
";
    let (spec, diagnosis) = SubscriptionSpec::from_yaml(text, "shop.yaml").unwrap();
    assert!(diagnosis.is_empty(), "\n{diagnosis}\n");
    let names: Vec<&str> = spec.detections.iter().map(|name| name.as_str()).collect();
    assert_eq!(names, ["order drops", "order spikes"]);
    assert_eq!(spec.application.as_str(), "orders");
    let [
        AlertScheme::Email(email),
        AlertScheme::Jira(jira),
        AlertScheme::Iris(iris),
    ] = &spec.schemes[..]
    else {
        panic!("{:?}", spec.schemes);
    };
    let recipients = email.recipients.as_ref().unwrap();
    assert_eq!(
        (recipients.to[0].as_str(), recipients.bcc[0].as_str()),
        ("a@b", "c@b")
    );
    assert_eq!(email.subject.as_deref(), Some("Orders"));
    assert_eq!(email.template, EmailTemplate::EntityGroupBy);
    assert_eq!(jira.project, "SHOP");
    assert_eq!(jira.issue_type.as_deref(), Some("Bug"));
    assert_eq!(jira.assignee.as_deref(), Some("me"));
    assert_eq!(
        (&jira.components[..], &jira.labels[..]),
        (&["a".into(), "b".into()][..], &["x".into()][..])
    );
    assert_eq!(jira.merge_gap, Some(Duration::days(7)));
    let team = jira.custom.as_ref().unwrap().get("team").unwrap();
    assert_eq!(team.get("id").unwrap().as_text(), Some("7"));
    assert_eq!(iris.plan, "shop");
    assert!(!spec.active);
    assert_eq!(spec.schedule.to_string(), "0 0 9 ? * MON-FRI");
    assert_eq!(spec.from.as_deref(), Some("alerts@example.com"));
    assert_eq!(links(&spec), [("Runbook", "go/run"), ("FAQ", "go/faq")]);
    assert_eq!(spec.owners, ["me", "you"]);
    assert_eq!(
        spec.subject(&["orders"], &["sales", "carts"]),
        "Thirdeye Alert : shop - sales, carts"
    );
}

#[test]
fn links_are_a_mapping_or_a_list_of_pairs() {
    let pairs = [("Oncall Runbook", "go/oncall"), ("FAQs", "go/faq")];
    let map = read("referenceLinks:\n  \"Oncall Runbook\": go/oncall\n  FAQs: go/faq\n");
    let list = read("referenceLinks:\n- \"Oncall Runbook\": go/oncall\n- FAQs: go/faq\n");
    assert_eq!(links(&map), pairs);
    assert_eq!(links(&list), pairs);
    assert_eq!(links(&read("referenceLinks:\n")), []);
}

#[test]
fn the_subject_says_as_much_as_its_style() {
    let subject = |style: &str| {
        let spec = read(&format!("emailSubjectStyle: {style}\n"));
        spec.subject(&["clicks", "orders"], &["web"])
    };
    assert_eq!(subject("ALERTS"), "Thirdeye Alert : shop");
    // As it stands in the documentation's table.
    assert_eq!(subject("ALERT"), "Thirdeye Alert : shop");
    assert_eq!(subject("Metrics"), "Thirdeye Alert : shop - clicks, orders");
    assert_eq!(subject("datasets"), "Thirdeye Alert : shop - web");
}

#[test]
fn values_of_a_dimension_have_recipients_under_both_names_of_the_type() {
    for name in [
        "DIMENSION_ALERTER_PIPELINE",
        "DIMENSIONS_ALERTER_PIPELINE",
        "dimension-alerter-pipeline",
    ] {
        let spec = read(&format!(
            "type: {name}\ndimension: app\ndimensionRecipients: {{ ios: i@b, android: [a@b, c@b] }}\n"
        ));
        let Routing::Values { dimension, routes } = &spec.routing else {
            panic!("{:?}", spec.routing);
        };
        assert_eq!(dimension, "app");
        let named: Vec<_> = routes
            .iter()
            .map(|r| (r.value.as_str(), r.to.len()))
            .collect();
        assert_eq!(named, [("ios", 1), ("android", 2)]);
        assert_eq!(
            spec.summary()[..2],
            [
                "every anomaly: EMAIL to oncall@example.com",
                "anomalies of app=ios: also i@b"
            ]
        );
    }
}

#[test]
fn each_user_gets_a_mail_of_their_own() {
    let spec = read(
        "type: PER_USER_DIMENSION_ALERTER_PIPELINE\ndimension: app\ndimensionRecipients: { ios: [i@b, j@b] }\n",
    );
    assert!(matches!(spec.routing, Routing::Users { .. }));
    assert_eq!(
        spec.summary(),
        [
            "anomalies of app=ios: EMAIL to i@b, j@b each, with oncall@example.com",
            "all others: nobody"
        ]
    );
}

#[test]
fn slices_have_schemes_and_links_of_their_own() {
    let spec = read(
        "
type: DIMENSIONS_ALERTER_PIPELINE
dimensionRecipients:
  - dimensions: { platform: [ios, web], country: US }
    notify:
      jiraScheme: { project: US }
      emailScheme: { recipients: { to: us@b } }
    referenceLinks: { Map: go/map }
",
    );
    let Routing::Slices(routes) = &spec.routing else {
        panic!("{:?}", spec.routing);
    };
    let pair = |name: &str, values: &[&str]| {
        let values = values.iter().map(ToString::to_string).collect::<Vec<_>>();
        (name.to_owned(), values)
    };
    let both = [pair("country", &["US"]), pair("platform", &["ios", "web"])];
    assert_eq!(routes[0].dimensions, both);
    assert_eq!(routes[0].links[0].name, "Map");
    assert_eq!(
        spec.summary(),
        [
            "anomalies of country=US, platform=ios|web: EMAIL to us@b; JIRA in US",
            "all others: EMAIL to oncall@example.com"
        ]
    );
}

#[test]
fn severities_are_routed_in_any_case() {
    let spec = read(
        "
type: SEVERITY_ALERTER_PIPELINE
severityRecipients: { severity: [critical, High], notify: { irisScheme: { plan: now } } }
",
    );
    let Routing::Severities(routes) = &spec.routing else {
        panic!("{:?}", spec.routing);
    };
    assert_eq!(routes[0].severities, [Level::Critical, Level::High]);
    assert_eq!(spec.summary()[0], "severity critical, high: IRIS by now");
}

#[test]
fn several_windows_are_all_effective() {
    let spec = read(
        "
alertSuppressors:
- type: TIME_WINDOW
  params: { windowStartTime: 1000000000000, windowEndTime: 1000000060000 }
- type: time_window
  params:
    windowStartTime: 2018-11-22T12:00:00Z
    windowEndTime: 1543215600000
    isThresholdApplied: true
    expectedChange: -0.5
    acceptableDeviation: 0.25
",
    );
    let told = |start: &str, change: f64| {
        let start: Instant = start.parse().unwrap();
        let mut windows = spec.suppressors.iter();
        !windows.any(|window| window.has(start, change))
    };
    // 1 000 000 000 s is 9 September 2001, 01:46:40.
    assert!(!told("2001-09-09T01:46:40Z", 7.0));
    assert!(!told("2001-09-09T01:47:39.999Z", f64::NAN));
    assert!(told("2001-09-09T01:47:40Z", 7.0));
    assert!(!told("2018-11-22T12:00:00Z", -0.75));
    assert!(told("2018-11-22T12:00:00Z", -0.76));
    assert!(!told("2018-11-26T06:59:00Z", -0.25));
    // 1 543 215 600 s is 26 November 2018, 07:00.
    assert!(told("2018-11-26T07:00:00Z", -0.25));
}

#[test]
fn a_gap_of_minus_one_is_no_gap_at_all() {
    let jira = |gap: &str| {
        let schemes = format!("alertSchemes: {{ type: JIRA, params: {{ project: A{gap} }} }}\n");
        let text = NEEDED.replace("alertSchemes: { type: EMAIL }\n", &schemes);
        let text = text.replace("recipients: { to: oncall@example.com }\n", "");
        let (spec, _) = SubscriptionSpec::from_yaml(&text, "shop.yaml").unwrap();
        match &spec.schemes[0] {
            AlertScheme::Jira(jira) => jira.merge_gap,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(jira(""), None);
    assert_eq!(jira(", mergeGap: -1"), None);
    assert_eq!(jira(", mergeGap: 3600000"), Some(Duration::hours(1)));
    assert_eq!(jira(", mergeGap: 2h"), Some(Duration::hours(2)));
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let diagnosis =
        diagnose("application: a\nactive: perhaps\ncron: daily\nrecipients: { to: x }\n");
    let found: Vec<_> = diagnosis
        .diagnostics()
        .iter()
        .map(|d| (d.severity, d.code, d.span.line()))
        .collect();
    let error = |code, line| (Severity::Error, code, line);
    assert_eq!(
        found,
        [
            error(Code::MissingKey, 1),
            error(Code::MissingKey, 1),
            error(Code::MissingKey, 1),
            error(Code::WrongType, 2),
            error(Code::BadValue, 3),
            error(Code::BadValue, 4),
        ]
    );
}

#[test]
fn a_subscription_is_told_from_a_detection_by_its_keys() {
    assert!(SubscriptionSpec::recognises(NEEDED));
    assert!(SubscriptionSpec::recognises(
        "subscribedDetections: a\nrules: b"
    ));
    for other in [
        "",
        "detectionName: a\nsubscribedDetections: b",
        "[alertSchemes]",
        "recipients: a",
        // No YAML at all.
        "alertSchemes: [",
    ] {
        assert!(!SubscriptionSpec::recognises(other), "{other}");
    }
}

#[test]
fn nothing_is_no_subscription() {
    let said = diagnose("# only a comment\n").to_string();
    assert!(
        said.contains("begin with `subscriptionGroupName:`"),
        "{said}"
    );
    assert_eq!(diagnose("a: &x {b: 1}\n<<: *x\n").count(Severity::Error), 1);
}

#[test]
fn a_subscription_built_in_code_has_places_in_its_printed_form() {
    let tree = |to: &str| {
        Node::mapping([
            ("subscriptionGroupName", Node::text("shop")),
            ("application", Node::text("orders")),
            ("subscribedDetections", Node::text("order drops")),
            (
                "alertSchemes",
                Node::mapping([("type", Node::text("EMAIL"))]),
            ),
            ("recipients", Node::mapping([("to", Node::text(to))])),
        ])
    };
    let (spec, _) = SubscriptionSpec::from_tree(&tree("oncall@example.com"), "shop").unwrap();
    assert_eq!(spec.recipients, read("").recipients);
    let error = SubscriptionSpec::from_tree(&tree("oncall"), "shop").unwrap_err();
    assert!(error.to_string().contains("--> shop:"), "{error}");
    let mut deep = Node::null();
    for _ in 0..200 {
        deep = Node::list([deep]);
    }
    let error = SubscriptionSpec::from_tree(&deep, "shop").unwrap_err();
    assert_eq!(error.diagnosis().diagnostics()[0].code, Code::TooDeep);
}
