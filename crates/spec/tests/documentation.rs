//! The examples of the documentation, typed again in clean YAML, are read without an error.

#![cfg(feature = "yaml")]

mod toy_types;

use tuatara_frame::Duration;
use tuatara_spec::{Checked, DetectionSpec};

fn read(text: &str) -> Checked {
    match DetectionSpec::from_yaml(text, "spec.yaml", &toy_types::registry()) {
        Ok(checked) => checked,
        Err(error) => panic!("\n{error}\n"),
    }
}

#[test]
fn the_quick_start_is_a_detection_with_one_rule() {
    let checked = read(
        "
detectionName: name_of_the_detection
description: If this alert fires then it means so-and-so
metric: value

dataset: H2.H2.daily

rules:
- detection:
  - name: detection_rule_1
    type: HOLT_WINTERS_RULE
    params:
      sensitivity: 8
",
    );
    let spec = checked.spec;
    assert_eq!(spec.name.value, "name_of_the_detection");
    assert_eq!(spec.metric.unwrap().value, "value");
    assert_eq!(
        spec.dataset.map(|d| d.value).as_deref(),
        Some("H2.H2.daily")
    );
    assert!(spec.active && spec.filters.is_empty() && spec.dimensions.is_empty());
    assert_eq!(spec.merge.max_gap, Duration::hours(2));
    assert_eq!(spec.merge.max_duration, Duration::days(7));
    assert_eq!(spec.rules.len(), 1);
    assert_eq!(spec.rules[0].detections[0].name.value, "detection_rule_1");
    assert_eq!(
        spec.rules[0].detections[0].type_name.value,
        "HOLT_WINTERS_RULE"
    );
    assert!(checked.diagnosis.is_empty());
}

#[test]
fn the_complete_example_with_comments_is_read() {
    let checked = read(
        "
# Provide a unique detection name
detectionName: thirdEyeTeam_thirdeyeWebapp_pinotExceptionCounter_UP

# Update the description
description: If this alert fires then it means that we see are seeing
  lot of pinot call exceptions. Please check the controller logs to
  investigate.

# Update and choose a different metric (Ctrl + Space to look ahead)
metric: thirdeye_controller_pinotExceptionCounter

dataset: thirdeye-all

rules:
- detection: # Eg. Detect anomalies if the week over week change of this metric is more than 10%
  - name: detection_rule_1 # Give a unique name for this detection rule.
    type: PERCENTAGE_RULE
    params:
      offset: wo1w # Compares current value with last week. (Values supported - wo1w, wo2w, …)
      percentageChange: 0.1 # The threshold above which you want to be alerted.
      pattern: UP # (Values supported - UP, DOWN, UP_OR_DOWN)
",
    );
    let description = checked.spec.description.expect("it has one");
    assert!(description.ends_with(
        "seeing lot of pinot call exceptions. Please check the controller logs to investigate."
    ));
}

#[test]
fn several_rules_are_alternatives_and_the_schedule_is_read() {
    let checked = read(
        "
detectionName: test_yaml
metric: page_view
dataset: business_intraday_metrics_dim_rt_hourly_additive
cron: 0 0 0/1 ? * * *
rules:
- detection:
  - name: detection_rule_1
    type: PERCENTAGE_RULE
    params:
      offset: wo1w
      percentageChange: 0.01

- detection:
  - name: detection_rule_2
    type: THRESHOLD
    params:
      min: 38000000
  filter:
  - name: filter_rule_1
    type: PERCENTAGE_CHANGE_FILTER
    params:
      offset: median4w
      threshold: 0.01

- detection:
  - name: detection_rule_3
    type: HOLT_WINTERS_RULE
    params:
      sensitivity: 5
",
    );
    assert_eq!(checked.spec.rules.len(), 3);
    assert_eq!(checked.spec.rules[1].filters[0].name.value, "filter_rule_1");
    let schedule = checked.spec.schedule.expect("it has one");
    assert_eq!(schedule.to_string(), "0 0 * * * ?");
    assert!(checked.diagnosis.is_empty());
}

#[test]
fn the_site_wide_example_reads_scalars_for_lists_and_any_case() {
    let checked = read(
        "
detectionName: swi_monitor
metric: signups
dataset: registration_metrics_v2_additive
dimensionExploration:
  dimensions:
    platform
filters:
  country:
    us
rules:
- detection:
  - name: detection_rule1
    type: PERCENTAGE_RULE
    params:
      offset: median4w
      percentageChange: 0.01
  filter:
  - type: SITEWIDE_IMPACT_FILTER
    name: filter_rule_1
    params:
      threshold: 0.01
      pattern: up_or_down
      offset: wo1w
      sitewideMetricName: signups
      sitewideCollection: registration_metrics_v2_additive
      filters:
        country:
          us
",
    );
    assert_eq!(checked.spec.dimensions, ["platform"]);
    assert_eq!(
        checked.spec.filters,
        [("country".to_owned(), vec!["us".to_owned()])]
    );
    assert!(checked.diagnosis.is_empty());
}

#[test]
fn filters_keep_the_text_of_their_values_and_stand_in_alphabetical_order() {
    let checked = read(
        "
detectionName: lite_liteFrontend_pageLoadTime90percentile_UP
metric: page_load_time_90percentile
filters:
  page_name:
    - p_mwlite_feed_updates
  country: [IN, no, 'true', 1.10]
rules:
- detection:
  - name: detection_rule1
    type: THRESHOLD
    params:
      max: 7000
      min: NaN
",
    );
    let values = ["IN", "no", "true", "1.10"].map(str::to_owned).to_vec();
    assert_eq!(checked.spec.filters[0], ("country".to_owned(), values));
    assert_eq!(checked.spec.filters[1].0, "page_name");
}

#[test]
fn the_duration_filter_with_its_merger_is_read_without_a_doubt() {
    let checked = read(
        "
detectionName: d
metric: m
rules:
- detection: {name: r, type: THRESHOLD, params: {max: 1}}
  filter:
  - name: filter_rule_1
    type: DURATION_FILTER
    params:
      minDuration: PT15M
merger:
  maxGap: 0 # prevent potential anomaly duration extension
  maxDuration: 86400000
",
    );
    assert_eq!(checked.spec.merge.max_gap, Duration::ZERO);
    assert_eq!(checked.spec.merge.max_duration, Duration::days(1));
    assert!(checked.diagnosis.is_empty());
}

#[test]
fn the_pipeline_s_own_keys_are_taken_out_of_the_parameters() {
    let checked = read(
        "
detectionName: d
metric: m
rules:
- detection:
  - name: r
    type: percentage-rule
    timeZone: europe/london
    params:
      timezone: Europe/London
      monitoringGranularity: 1_WEEKS
      weekStart: Wednesday
      percentageChange: \"0.1\"
",
    );
    let detector = &checked.spec.rules[0].detections[0];
    assert_eq!(detector.type_name.value, "PERCENTAGE_RULE");
    assert_eq!(detector.zone.map(|z| z.value.name()), Some("Europe/London"));
    let step = detector.monitoring.expect("it was given");
    assert_eq!(step.week_start(), Some(tuatara_frame::Weekday::Wed));
    assert_eq!((step.span.line(), step.span.column()), (11, 30));
    assert!(checked.diagnosis.is_empty());
}
