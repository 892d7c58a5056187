//! Broken configurations, each for a cause of its own, and what is said about them. The answers
//! are in `snapshots/`.

#![cfg(feature = "yaml")]

mod toy_types;

use tuatara_spec::{Code, DetectionSpec, Diagnosis, Severity};

/// All that is said about `text`.
fn diagnose(text: impl AsRef<str>) -> Diagnosis {
    match DetectionSpec::from_yaml(text.as_ref(), "spec.yaml", &toy_types::registry()) {
        Ok(checked) => checked.diagnosis,
        Err(error) => error.diagnosis().clone(),
    }
}

/// A detection of one rule with these `params` of a `PERCENTAGE_RULE`, one a line.
fn with_params(params: &[&str]) -> String {
    let lines: String = params
        .iter()
        .map(|line| format!("\n      {line}"))
        .collect();
    format!(
        "detectionName: revenue_drop\nmetric: revenue\nrules:\n- detection:\n  - name: rule_1\n    \
         type: PERCENTAGE_RULE\n    params:{lines}\n"
    )
}

/// A detection of one sound rule, and these lines at its top.
fn with_top(top: &[&str]) -> String {
    let lines: String = top.iter().map(|line| format!("{line}\n")).collect();
    format!(
        "detectionName: revenue_drop\nmetric: revenue\n{lines}rules:\n- detection:\n  - \
         {{name: rule_1, type: THRESHOLD, params: {{max: 7000}}}}\n"
    )
}

/// A detection of these lines under `rules:`.
fn with_rules(rules: &[&str]) -> String {
    let lines: String = rules.iter().map(|line| format!("{line}\n")).collect();
    format!("detectionName: revenue_drop\nmetric: revenue\nrules:\n{lines}")
}

/// Aliases of aliases: 4¹⁰ values in ten lines.
fn alias_bomb() -> String {
    let mut text = "a0: &a0 [x, x, x, x]\n".to_owned();
    for i in 1..=10 {
        let j = i - 1;
        text += &format!("a{i}: &a{i} [*a{j}, *a{j}, *a{j}, *a{j}]\n");
    }
    text
}

macro_rules! causes {
    ($($name:ident: $text:expr;)+) => {
        $(
            #[test]
            fn $name() {
                insta::assert_snapshot!(stringify!($name), diagnose($text));
            }
        )+

        /// All of the configurations above.
        fn all() -> Vec<String> {
            vec![$($text.to_string()),+]
        }
    };
}

causes! {
    // The text.
    an_empty_file: "";
    only_a_comment: "# nothing yet\n";
    a_tab_indents: "detectionName: d\nmetric: m\nrules:\n\t- detection: x\n";
    a_tab_indents_after_a_list_item: "rules:\n- x\n\t- y\n";
    a_value_with_a_colon: "detectionName: drop: revenue\nmetric: m\n";
    a_key_without_a_space_after_its_colon: "detectionName:d\nmetric: m\n";
    keys_in_different_columns: "detectionName: d\n  # indented too far\nmetric: m\n filters:\n  a: b\n";
    a_list_item_on_the_line_of_its_key: "detectionName: d\nrules: - detection\n";
    an_open_bracket: "detectionName: d\nfilters: {country: [US, CA\nmetric: m\n";
    an_open_quote: "detectionName: 'd\nmetric: m\n";
    a_bad_escape: "detectionName: \"a\\d\"\n";
    a_value_that_begins_with_a_percent_sign: "detectionName: d\nmetric: %m\n";
    a_control_character: "detectionName: d\u{0}\nmetric: m\n";
    two_documents: with_top(&[]) + "---\ndetectionName: e\n";
    a_key_given_twice: with_params(&["offset: wo1w", "percentageChange: 0.1", "offset: wo2w"]);
    a_list_as_a_key: "? [a, b]\n: c\ndetectionName: d\nmetric: m\nrules: []\n";
    a_tag: with_params(&["percentageChange: !!float 0.1"]);
    a_merge_key: "x: &x {metric: m}\n<<: *x\ndetectionName: d\n";
    an_alias_of_nothing: "detectionName: *d\n";
    an_alias_of_itself: "detectionName: &d [*d]\n";
    aliases_of_aliases: alias_bomb();
    nested_deeper_than_anybody_needs: format!("detectionName: d\nfilters: {}{}\n", "[".repeat(70), "]".repeat(70));
    nested_without_end: "[".repeat(100_000);
    lists_in_lists_without_end: "- ".repeat(50_000);
    too_many_bytes: format!("# {}", "x".repeat(1 << 20));

    // The top.
    a_list_at_the_top: "- detectionName: d\n- metric: m\n";
    nothing_but_a_name: "detectionName: revenue_drop\n";
    an_unknown_key_at_the_top: with_top(&["datset: shop", "alertSchemes: [EMAIL]"]);
    a_name_without_a_value: "detectionName:\nmetric: \"\"\nrules: [{detection: {name: r, type: THRESHOLD, params: {max: 1}}}]\n";
    a_list_for_the_metric: "detectionName: d\nmetric: [a, b]\nrules: [{detection: {name: r, type: THRESHOLD, params: {max: 1}}}]\n";
    yes_for_true: with_top(&["active: yes"]);
    a_composite_alert: with_top(&["type: COMPOSITE_ALERT", "alerts: []"]);
    an_unknown_type_of_detection: with_top(&["type: METRIC_ALRT"]);
    a_grouper: with_top(&["grouper: [{type: GROUPER}]"]);
    keys_without_effect: with_top(&["lastTimestamp: 0", "owners: [me]", "disableValidation: true"]);
    an_expression_of_unix: with_top(&["cron: 0 14 * * 1-5"]);
    a_schedule_in_quotes: with_top(&["cron: \"0 0 14 ? * FRIDAY\""]);
    a_data_filter: with_top(&["dimensionExploration: {minValueDaily: 100, k: 10}"]);
    a_share_in_percent: with_top(&["dimensionExploration: {dimensions: [country], minContribution: 5, k: 0}"]);
    a_lookback_of_hours: with_top(&["dimensionExploration: {dimensions: [country], lookback: PT12H}"]);
    a_live_zone_without_a_value: with_top(&["dimensionExploration: {dimensions: [country], minLiveZone: 1}"]);
    exploration_every_hour: with_top(&["dimensionExploration: {dimensions: [country], explore: hourly}"]);
    exploration_that_asks_nothing: with_top(&["dimensionExploration: {lookback: 1w}"]);
    exploration_of_all: with_top(&["dimensionExploration: {dimensions: [country], k: NaN, lookback: 1w}"]);
    exploration_without_dimensions: with_top(&["dimensionExploration: {dimension: country}"]);
    a_dimension_listed_twice: with_top(&["dimensionExploration:", "  dimensions:", "  - country", "  - platform", "  - country"]);
    exploration_of_nothing: with_top(&["dimensionExploration: {dimensions: []}"]);
    filters_that_are_a_list: with_top(&["filters: [country]"]);
    a_filter_that_keeps_nothing: with_top(&["filters:", "  country: []"]);
    operators_in_a_filter: with_top(&["filters:", "  country: ['!US', '>5']"]);
    a_filter_value_that_is_a_mapping: with_top(&["filters:", "  country: [{not: US}]"]);

    // The merger.
    a_gap_that_is_no_duration: with_top(&["merger: {maxGap: two hours}"]);
    a_gap_below_zero: with_top(&["merger: {maxGap: -1}"]);
    a_gap_of_months: with_top(&["merger: {maxGap: P1M}"]);
    a_longest_duration_that_is_too_short: with_top(&["merger:", "  maxDuration: 60000"]);
    a_longest_duration_without_end: with_top(&["merger: {maxDuration: 9223372036854775807}"]);
    a_gap_longer_than_the_longest_duration: with_top(&["merger: {maxGap: P8D}"]);

    // Rules.
    no_rules: "detectionName: d\nmetric: m\nrules:\n";
    a_rule_that_is_a_word: with_rules(&["- PERCENTAGE_RULE"]);
    a_rule_without_a_detector: with_rules(&["- filter: []"]);
    a_rule_with_an_empty_detection: with_rules(&["- detection:"]);
    a_detector_in_the_place_of_a_rule: with_rules(&["- name: r", "  type: THRESHOLD", "  params: {max: 1}"]);
    a_labeler: with_rules(&["- detection: {name: r, type: THRESHOLD, params: {max: 1}}", "  labeler: []"]);
    a_filter_under_detection: with_rules(&[
        "- detection:", "  - name: detection_rule_2", "    type: THRESHOLD", "    params:",
        "      min: 35800000", "  - name: filter_rule_2", "    type: PERCENTAGE_CHANGE_FILTER",
        "    params:", "      offset: median4w", "      threshold: 0.01",
    ]);
    a_detector_under_filter: with_rules(&[
        "- detection: {name: a, type: THRESHOLD, params: {max: 1}}",
        "  filter: {name: b, type: THRESHOLD, params: {max: 1}}",
    ]);
    an_unknown_detector_type: with_rules(&["- detection: {name: r, type: PERCENT_RULE}"]);
    an_unknown_filter_type: with_rules(&[
        "- detection: {name: a, type: THRESHOLD, params: {max: 1}}",
        "  filter: {name: b, type: SOMETHING_ELSE}",
    ]);
    neither_name_nor_type: with_rules(&["- detection:", "  - params: {max: 1}"]);
    a_name_used_twice: with_rules(&[
        "- detection: {name: rule_1, type: THRESHOLD, params: {max: 1}}",
        "- detection: {name: rule_1, type: THRESHOLD, params: {min: 1}}",
    ]);
    parameters_beside_params: with_rules(&[
        "- detection:", "  - name: rule_1", "    type: PERCENTAGE_RULE", "    params:", "    percentageChange: 0.1",
    ]);
    params_that_are_a_list: with_rules(&[
        "- detection:", "  - name: rule_1", "    type: PERCENTAGE_RULE", "    params:", "    - percentageChange: 0.1",
    ]);
    window_keys: with_rules(&[
        "- detection:", "  - name: rule_1", "    type: THRESHOLD", "    windowSize: 1", "    windowUnit: DAYS",
        "    params: {max: 7000}",
    ]);
    a_duration_filter_after_merging: with_rules(&[
        "- detection: {name: a, type: THRESHOLD, params: {max: 1}}",
        "  filter: {name: b, type: DURATION_FILTER, params: {minDuration: PT30M}}",
    ]);
    a_duration_that_nothing_reaches: with_rules(&[
        "- detection: {name: a, type: THRESHOLD, params: {max: 1}}",
        "  filter: {name: b, type: DURATION_FILTER, params: {minDuration: P2D}}",
        "merger:", "  maxGap: 0", "  maxDuration: P1D",
    ]);

    // Parameters.
    an_unknown_parameter: with_params(&["offest: wo1w"]);
    a_misread_offset: with_params(&["offset: w01w"]);
    an_offset_like_nothing: with_params(&["offset: yesterday"]);
    a_word_for_a_number: with_params(&["percentageChange: ten"]);
    a_percentage: with_params(&["percentageChange: 10%"]);
    a_percentage_for_a_fraction: with_params(&["percentageChange: 20"]);
    a_decimal_comma: with_params(&["percentageChange: 0,1"]);
    a_list_for_a_number: with_params(&["percentageChange: [0.1, 0.2]"]);
    a_number_out_of_range: with_params(&["percentageChange: -0.1"]);
    a_number_that_cannot_be_held: with_params(&["percentageChange: 1e400"]);
    an_unknown_pattern: with_params(&["pattern: UPP"]);
    a_pattern_without_a_value: with_params(&["pattern:"]);
    an_unknown_zone: with_params(&["timezone: Europe/Londn"]);
    two_zones: with_rules(&[
        "- detection:", "  - name: rule_1", "    type: PERCENTAGE_RULE", "    timeZone: UTC",
        "    params: {timezone: Europe/London}",
    ]);
    an_unknown_granularity: with_params(&["monitoringGranularity: fortnight"]);
    a_week_start_without_weeks: with_params(&["monitoringGranularity: 1_DAYS", "weekStart: MONDAY"]);
    an_unknown_day: with_params(&["monitoringGranularity: 1_WEEKS", "weekStart: WENDESDAY"]);
    a_threshold_without_limits: with_rules(&["- detection: {name: r, type: THRESHOLD}"]);
    a_parameter_that_has_to_be_set: with_rules(&[
        "- detection: {name: a, type: THRESHOLD, params: {max: 1}}",
        "  filter: {name: b, type: SITEWIDE_IMPACT_FILTER, params: {pattern: UP}}",
    ]);
    half_a_period: with_rules(&["- detection: {name: r, type: HOLT_WINTERS_RULE, params: {period: 1.5}}"]);
    a_period_below_zero: with_rules(&["- detection: {name: r, type: HOLT_WINTERS_RULE, params: {period: -7}}"]);
    a_parameter_under_two_names: with_rules(&[
        "- detection:", "  - name: r", "    type: HOLT_WINTERS_RULE", "    params:", "      smoothing: true",
        "      kernelSmoothing: false",
    ]);
    a_duration_that_is_none: with_rules(&[
        "- detection: {name: a, type: THRESHOLD, params: {max: 1}}",
        "  filter: {name: b, type: DURATION_FILTER, params: {minDuration: 1 fortnight}}",
        "merger: {maxGap: 0}",
    ]);
    several_errors_in_one_file: with_params(&["offest: wo1w", "percentageChange: ten", "pattern: sideways", "timezone: Mars"])
        + "- detection:\n  - name: rule_1\n    type: TRESHOLD\nmerger: {maxGap: soon}\n";
    wide_characters_before_the_place: "detectionName: 収入の低下\nmetric: 収入\nrules: [{検出: 1, detection: {name: 規則, type: THRESHOLDS}}]\n";
}

#[test]
fn every_cause_is_reached() {
    let mut reached: Vec<Code> = all()
        .iter()
        .flat_map(|text| {
            diagnose(text)
                .diagnostics()
                .iter()
                .map(|d| d.code)
                .collect::<Vec<_>>()
        })
        .collect();
    // Settings of a detection are doubted, those of a dataset file can exclude each other.
    #[cfg(feature = "files")]
    {
        let text = "metrics: {name: revenue, min: 1, max: 0}";
        let error = tuatara_spec::dataset::DatasetSpec::from_yaml(text, "d").unwrap_err();
        let found = error.diagnosis().diagnostics().iter();
        reached.extend(found.map(|d| d.code));
    }
    reached.sort_unstable();
    reached.dedup();
    let missing: Vec<_> = Code::ALL
        .iter()
        .filter(|code| !reached.contains(code))
        .collect();
    assert!(
        missing.is_empty(),
        "no configuration here has the causes {missing:?}"
    );
}

#[test]
fn every_error_says_where_what_is_allowed_and_what_to_do() {
    for text in all() {
        for diagnostic in diagnose(&text).diagnostics() {
            if diagnostic.severity != Severity::Error {
                continue;
            }
            let helps = diagnostic.allowed.is_some()
                && (diagnostic.remedy.is_some() || diagnostic.suggestion.is_some());
            let whole_file = matches!(diagnostic.code, Code::EmptyDocument | Code::TooLarge);
            assert!(
                helps && (diagnostic.span.is_known() || whole_file),
                "{diagnostic:?}"
            );
        }
    }
}
