//! Clock changes of eight zones: labels, starts of dates, and what lags across them mean.

use tuatara_frame::Resolved;

use crate::{at, axis, label, lag, on, source, starts, zone};

#[test]
fn los_angeles_skips_two_oclock_in_spring() {
    let west = zone("America/Los_Angeles");
    assert_eq!(
        west.resolve(label("2020-03-08T02:30:00")),
        Resolved::Skipped {
            next: at("2020-03-08T10:00:00Z")
        }
    );
    assert_eq!(
        west.local(at("2020-03-08T10:00:00Z")),
        label("2020-03-08T03:00:00")
    );

    let hourly = axis(
        "PT1H",
        "America/Los_Angeles",
        "2020-02-01T00:00:00Z",
        "2020-04-20T00:00:00Z",
    );
    for (from, back, to) in [
        // Midnight of the 8th is still standard time, as the 7th is.
        ("2020-03-08T08:00:00Z", "1d", Some("2020-03-07T08:00:00Z")),
        // 03:00 on the 8th is an hour earlier in UTC than 03:00 on the 7th.
        ("2020-03-08T10:00:00Z", "1d", Some("2020-03-07T11:00:00Z")),
        ("2020-03-08T10:00:00Z", "24h", Some("2020-03-07T10:00:00Z")),
        // 02:00 on the 9th, on the 15th and on the 8th of April: the 8th of March had none.
        ("2020-03-09T09:00:00Z", "1d", None),
        ("2020-03-15T09:00:00Z", "1w", None),
        ("2020-04-08T09:00:00Z", "1mo", None),
        ("2020-03-09T09:00:00Z", "24h", Some("2020-03-08T09:00:00Z")),
        ("2020-03-09T10:00:00Z", "1d", Some("2020-03-08T10:00:00Z")),
        ("2020-03-09T08:00:00Z", "1d", Some("2020-03-08T09:00:00Z")),
    ] {
        assert_eq!(
            source(&hourly, from, back).as_deref(),
            to,
            "{from} - {back}"
        );
    }
}

#[test]
fn los_angeles_repeats_one_oclock_in_autumn() {
    let west = zone("America/Los_Angeles");
    let (earlier, later) = (at("2020-11-01T08:00:00Z"), at("2020-11-01T09:00:00Z"));
    assert_eq!(
        west.resolve(label("2020-11-01T01:00:00")),
        Resolved::Doubled { earlier, later }
    );

    let hourly = axis(
        "PT1H",
        "America/Los_Angeles",
        "2020-09-01T00:00:00Z",
        "2020-12-20T00:00:00Z",
    );
    for (from, back, to) in [
        // Both 01:00 of the 1st mean the one 01:00 of the day before.
        ("2020-11-01T08:00:00Z", "1d", "2020-10-31T08:00:00Z"),
        ("2020-11-01T09:00:00Z", "1d", "2020-10-31T08:00:00Z"),
        ("2020-11-01T09:00:00Z", "24h", "2020-10-31T09:00:00Z"),
        // 01:00 in standard time means the second 01:00, which is in standard time, too.
        ("2020-11-02T09:00:00Z", "1d", "2020-11-01T09:00:00Z"),
        ("2020-12-01T09:00:00Z", "1mo", "2020-11-01T09:00:00Z"),
    ] {
        assert_eq!(
            source(&hourly, from, back).as_deref(),
            Some(to),
            "{from} - {back}"
        );
    }
}

#[test]
fn a_doubled_label_with_neither_offset_is_the_earlier_one() {
    // In April 2011 Samoa's clock went from -10:00 back to -11:00 at 04:00; a year later it was at
    // +13:00, so neither 03:00 has the offset of today.
    let hourly = axis(
        "PT1H",
        "Pacific/Apia",
        "2011-03-01T00:00:00Z",
        "2012-06-01T00:00:00Z",
    );
    let today = "2012-04-01T14:00:00Z";
    assert_eq!(
        zone("Pacific/Apia").local(at(today)),
        label("2012-04-02T03:00:00")
    );
    assert_eq!(
        source(&hourly, today, "1y").as_deref(),
        Some("2011-04-02T13:00:00Z")
    );
}

#[test]
fn london_days_have_23_and_25_hours() {
    let days = axis(
        "P1D",
        "Europe/London",
        "2020-03-28T12:00:00Z",
        "2020-03-30T12:00:00Z",
    );
    assert_eq!(
        starts(&days),
        [
            "2020-03-28T00:00:00Z",
            "2020-03-29T00:00:00Z",
            "2020-03-29T23:00:00Z",
            "2020-03-30T23:00:00Z"
        ]
    );
    let days = axis(
        "P1D",
        "Europe/London",
        "2020-10-25T12:00:00Z",
        "2020-10-25T13:00:00Z",
    );
    assert_eq!(
        starts(&days),
        ["2020-10-24T23:00:00Z", "2020-10-26T00:00:00Z"]
    );
    assert_eq!(days.bucket(0).duration().to_string(), "P1DT1H");
}

#[test]
fn lord_howe_moves_by_half_an_hour() {
    // UTC+10:30, in summer +11:00. Hourly buckets lie on the hours of UTC.
    let hourly = axis(
        "PT1H",
        "Australia/Lord_Howe",
        "2020-03-01T00:00:00Z",
        "2020-10-20T00:00:00Z",
    );
    for (from, back, to) in [
        // 00:30 in winter time; the day before, 00:30 in summer time was 13:30 UTC.
        ("2020-04-05T14:00:00Z", "1d", Some("2020-04-04T13:00:00Z")),
        // 01:30 came twice on 5 April; the second is in winter time, as today.
        ("2020-04-05T15:00:00Z", "1d", Some("2020-04-04T15:00:00Z")),
        // 00:00 in summer time; the day before, 00:00 in winter time was 13:30 UTC.
        ("2020-10-04T13:00:00Z", "1d", Some("2020-10-03T13:00:00Z")),
        // 02:00: on 4 October the clock jumped from 02:00 to 02:30.
        ("2020-10-04T15:00:00Z", "1d", None),
        ("2020-10-04T16:00:00Z", "1d", Some("2020-10-03T16:00:00Z")),
    ] {
        assert_eq!(
            source(&hourly, from, back).as_deref(),
            to,
            "{from} - {back}"
        );
    }
}

#[test]
fn the_date_that_apia_skipped_is_a_bucket_of_no_length() {
    let days = axis(
        "P1D",
        "Pacific/Apia",
        "2011-12-29T10:00:00Z",
        "2012-01-01T00:00:00Z",
    );
    assert_eq!(
        starts(&days),
        [
            "2011-12-29T10:00:00Z", // the 29th, at -10:00
            "2011-12-30T10:00:00Z", // the 30th, which never came
            "2011-12-30T10:00:00Z", // the 31st, at +14:00
            "2011-12-31T10:00:00Z", // New Year's Day
            "2012-01-01T10:00:00Z",
        ]
    );
    assert!(days.bucket(1).is_empty());
    assert_eq!(days.index_of(at("2011-12-30T10:00:00Z")), Some(2));
    assert_eq!(days.index_of(at("2011-12-30T09:59:59.999Z")), Some(0));
    assert_eq!(days.lag(2, lag("1d")), Some(1));
    assert_eq!(days.lag(2, lag("1h")), Some(0));
    assert_eq!(days.lag(1, lag("1h")), Some(0));
    let apia = zone("Pacific/Apia");
    assert_eq!(
        apia.start_of_day(on(2011, 12, 30)),
        apia.start_of_day(on(2011, 12, 31))
    );

    let hourly = axis(
        "PT1H",
        "Pacific/Apia",
        "2011-12-01T00:00:00Z",
        "2012-01-20T00:00:00Z",
    );
    for (from, back, to) in [
        ("2011-12-30T15:00:00Z", "1d", None), // 05:00 on the 31st
        ("2012-01-05T10:00:00Z", "1w", None), // the 6th
        ("2012-01-06T10:00:00Z", "1w", Some("2011-12-30T10:00:00Z")), // the 7th
        ("2012-01-04T10:00:00Z", "1w", Some("2011-12-29T10:00:00Z")), // the 5th and the 29th
    ] {
        assert_eq!(
            source(&hourly, from, back).as_deref(),
            to,
            "{from} - {back}"
        );
    }
}

#[test]
fn santiago_starts_a_day_at_one_and_repeats_an_evening() {
    let santiago = zone("America/Santiago");
    let start = santiago.start_of_day(on(2019, 9, 8)).unwrap();
    assert_eq!(start, at("2019-09-08T04:00:00Z"));
    assert_eq!(santiago.local(start), label("2019-09-08T01:00:00"));

    let spring = axis(
        "P1D",
        "America/Santiago",
        "2019-09-08T04:00:00Z",
        "2019-09-08T05:00:00Z",
    );
    assert_eq!(
        starts(&spring),
        ["2019-09-08T04:00:00Z", "2019-09-09T03:00:00Z"]
    );
    // At midnight of 5 April 2020 the clock went back to 23:00 of the 4th.
    let autumn = axis(
        "P1D",
        "America/Santiago",
        "2020-04-04T12:00:00Z",
        "2020-04-05T12:00:00Z",
    );
    assert_eq!(
        starts(&autumn),
        [
            "2020-04-04T03:00:00Z",
            "2020-04-05T04:00:00Z",
            "2020-04-06T04:00:00Z"
        ]
    );
}

#[test]
fn st_johns_repeated_hour_stays_with_the_new_date() {
    // At 00:01 of 7 November 2010, 02:31 UTC, the clock went back to 23:01 of the 6th.
    let name = "America/St_Johns";
    let days = axis("P1D", name, "2010-11-06T12:00:00Z", "2010-11-08T12:00:00Z");
    assert_eq!(
        starts(&days),
        [
            "2010-11-06T02:30:00Z",
            "2010-11-07T02:30:00Z",
            "2010-11-08T03:30:00Z",
            "2010-11-09T03:30:00Z"
        ]
    );
    let repeated = at("2010-11-07T03:00:00Z");
    assert_eq!(zone(name).local(repeated), label("2010-11-06T23:30:00"));
    assert_eq!(days.index_of(repeated), Some(1));
    assert_eq!(days.index_of(at("2010-11-07T02:29:59Z")), Some(0));

    // An axis that covers a moment of the repeated hour covers the new date.
    let days = axis("P1D", name, "2010-11-07T03:00:00Z", "2010-11-07T03:00:01Z");
    assert_eq!(
        starts(&days),
        ["2010-11-07T02:30:00Z", "2010-11-08T03:30:00Z"]
    );
}

#[test]
fn kathmandu_days_start_at_a_quarter_past_six() {
    let days = axis(
        "P1D",
        "Asia/Kathmandu",
        "2020-03-01T00:00:00Z",
        "2020-03-01T00:00:01Z",
    );
    assert_eq!(
        starts(&days),
        ["2020-02-29T18:15:00Z", "2020-03-01T18:15:00Z"]
    );

    // On 1 January 1986 the clock went from 00:00 to 00:15.
    let quarters = axis(
        "PT15M",
        "Asia/Kathmandu",
        "1985-12-30T00:00:00Z",
        "1986-01-03T00:00:00Z",
    );
    let midnight = "1986-01-01T18:15:00Z"; // of the 2nd
    assert_eq!(source(&quarters, midnight, "1d"), None);
    let hourly = axis(
        "PT1H",
        "Asia/Kathmandu",
        "1985-12-30T00:00:00Z",
        "1986-01-03T00:00:00Z",
    );
    // 23:45 on the 1st; the day before, 23:45 was 18:15 UTC.
    assert_eq!(
        source(&hourly, "1986-01-01T18:00:00Z", "1d").as_deref(),
        Some("1985-12-31T18:00:00Z")
    );
}
