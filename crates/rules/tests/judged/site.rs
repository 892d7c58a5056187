//! `SITEWIDE_IMPACT_FILTER`.

use tuatara_core::Params;
use tuatara_frame::SliceKey;
use tuatara_rules::SitewideImpactFilterParams;

use crate::case::{Case, NAN, axis, filter, refused, words};

fn sitewide(threshold: f64) -> SitewideImpactFilterParams {
    SitewideImpactFilterParams {
        threshold: Some(threshold),
        ..Default::default()
    }
}

#[test]
fn the_impact_is_the_change_as_a_share_of_the_site() {
    // 90 where 100 was expected; the site had 400 + 600: −10 of 1000 is 1 %.
    let case = Case::hourly(&[40.0, 50.0]).beside(&[400.0, 600.0]);
    let asked = |threshold| words(&case.judge(&*filter(sitewide(threshold)), 0..2, 100.0));
    assert_eq!(
        asked(0.01),
        "kept, impact -0.01: 90 is 10 below the expected value, 100: -1.0 % of orders, 1000, \
         at least 1 % is asked"
    );
    assert_eq!(
        asked(0.011),
        "dropped, impact -0.01: 90 is 10 below the expected value, 100: -1.0 % of orders, 1000, \
         at least 1.1 % is asked"
    );
}

/// The original fetched the first lag alone.
#[test]
fn all_lags_count_for_the_impact() {
    // 50 against 20 and 10 on the two days before, mean 15: 35 of 700 is 5 %.
    let case = Case::daily(&[10.0, 20.0, 50.0]).beside(&[500.0, 600.0, 700.0]);
    let params = SitewideImpactFilterParams {
        offset: Some("mean2d".to_owned()),
        ..sitewide(0.05)
    };
    assert_eq!(
        words(&case.judge(&*filter(params), 2..3, NAN)),
        "kept, impact 0.05: 50 is 35 above mean2d (2 of 2 lags found), 15: +5.0 % of orders, 700, \
         at least 5 % is asked"
    );
}

/// The original divided by the signed total, so that a negative one removed everything.
#[test]
fn a_negative_site_counts_by_its_magnitude() {
    let case = Case::hourly(&[90.0]).beside(&[-1000.0]);
    let judgement = case.judge(&*filter(sitewide(0.01)), 0..1, 100.0);
    assert_eq!(
        words(&judgement),
        "kept, impact -0.01: 90 is 10 below the expected value, 100: -1.0 % of orders, -1000, \
         at least 1 % is asked"
    );
}

#[test]
fn a_site_of_nothing_keeps_and_says_so() {
    let judged = |total| {
        let case = Case::hourly(&[90.0]).beside(&[total]);
        words(&case.judge(&*filter(sitewide(0.5)), 0..1, 100.0))
    };
    assert_eq!(
        judged(0.0),
        "kept, impact NaN: orders was 0, so there is no share of it"
    );
    assert_eq!(
        judged(NAN),
        "kept, impact NaN: orders was not measured, so there is no share of it"
    );
    let case = Case::hourly(&[NAN]).beside(&[1000.0]);
    assert_eq!(
        words(&case.judge(&*filter(sitewide(0.5)), 0..1, 100.0)),
        "kept, impact NaN: there is no value of the expected value to compare with"
    );
}

#[test]
fn the_site_is_the_own_metric_as_a_whole_unless_it_is_named() {
    let needs = |params: SitewideImpactFilterParams| {
        let slice = SliceKey::new("orders")
            .with("country", "us")
            .with("platform", "ios");
        let axis = axis("PT1H", "UTC", 1);
        let needs = filter(params).needs(&slice, &axis).unwrap();
        let [other] = needs.others() else {
            panic!("one site: {needs:?}")
        };
        (other.dataset.clone(), other.slice.to_string())
    };
    assert_eq!(needs(sitewide(0.1)), (None, "orders".to_owned()));
    let us = [("country".to_owned(), vec!["us".to_owned()])];
    let named = SitewideImpactFilterParams {
        sitewide_metric_name: Some("signups".to_owned()),
        sitewide_collection: Some("registrations".to_owned()),
        filters: us.clone().into(),
        ..sitewide(0.1)
    };
    assert_eq!(
        needs(named),
        (
            Some("registrations".to_owned()),
            "signups{country=us}".to_owned()
        )
    );
    let own = SitewideImpactFilterParams {
        filters: us.into(),
        ..sitewide(0.1)
    };
    assert_eq!(needs(own), (None, "orders{country=us}".to_owned()));
}

/// Q13: the documentation writes `siteWide…`, the code read `sitewide…`.
#[test]
fn the_documented_names_of_the_site_work_like_the_real_ones() {
    for (metric, dataset) in [
        ("sitewideMetricName", "sitewideCollection"),
        ("siteWideMetricName", "siteWideCollection"),
    ] {
        let text = format!(r#"{{"threshold": 0.1, "{metric}": "a", "{dataset}": "b"}}"#);
        let read: SitewideImpactFilterParams = serde_json::from_str(&text).unwrap();
        assert_eq!(read.sitewide_metric_name.as_deref(), Some("a"));
        assert_eq!(read.sitewide_collection.as_deref(), Some("b"));
    }
}

/// Q30: a missing threshold ended in an error without a cause.
#[test]
fn what_cannot_be_a_site_wide_impact_is_refused_with_the_remedy() {
    let remedy = "allowed: a fraction in [−1, 1]; 0.01 keeps what is 1 % of the site and more";
    assert_eq!(
        refused(SitewideImpactFilterParams::default()),
        format!("threshold is not set; {remedy}")
    );
    assert_eq!(refused(sitewide(5.0)), format!("threshold is 5; {remedy}"));
    let half = SitewideImpactFilterParams {
        sitewide_collection: Some("registrations".to_owned()),
        ..sitewide(0.1)
    };
    assert_eq!(
        refused(half),
        "sitewideCollection is registrations; allowed: a dataset, beside `sitewideMetricName`; \
         add `sitewideMetricName:` with a metric of that dataset"
    );
    let nowhere = SitewideImpactFilterParams {
        filters: [("country".to_owned(), Vec::new())].into(),
        ..sitewide(0.1)
    };
    assert_eq!(
        refused(nowhere),
        "filters is country without a value; allowed: dimensions, each with a value or a list of \
         values; list the values that count, or delete the dimension"
    );
    assert_eq!(sitewide(-0.1).warnings().len(), 1, "it keeps everything");
}
