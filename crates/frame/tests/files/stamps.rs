//! What stamps mean: with an offset, on a local clock, as numbers, as row counters.

use tuatara_frame::Granularity;
use tuatara_frame::Source;
use tuatara_frame::files::TimeUnit;

use crate::{options, read, refused, times, zone};

/// Two hourly stamps in the form that `first` and `second` have.
fn stamps(first: &str, second: &str, options: &tuatara_frame::files::ReadOptions) -> Vec<String> {
    times(&read(
        &format!("time,value\n{first},1\n{second},2\n"),
        options,
    ))
}

#[test]
fn every_form_of_a_stamp_means_its_instant() {
    let ten = ["2024-05-31T08:00:00Z", "2024-05-31T09:00:00Z"];
    let berlin = options().zone(zone("Europe/Berlin"));
    assert_eq!(
        stamps(
            "2024-05-31T10:00:00+02:00",
            "2024-05-31T11:00:00+02:00",
            &options()
        ),
        ten
    );
    assert_eq!(
        stamps("2024-05-31T08:00:00Z", "2024-05-31 09:00:00 UTC", &berlin),
        ten
    );
    assert_eq!(
        stamps("2024-05-31T10:00", "2024-05-31 11:00:00.000", &berlin),
        ten
    );
    // 1 717 142 400 s is 2024-05-31T08:00:00Z: 19 874 days and 8 hours.
    let unit = |unit| options().time_unit(unit);
    assert_eq!(
        stamps("1717142400", "1717146000.0", &unit(TimeUnit::Seconds)),
        ten
    );
    assert_eq!(
        stamps("1717142400000", "1717146000000", &unit(TimeUnit::Millis)),
        ten
    );
    assert_eq!(
        stamps(
            "1717142400000000",
            "1717146000000000",
            &unit(TimeUnit::Micros)
        ),
        ten
    );
    assert_eq!(
        stamps(
            "1717142400000000999",
            "1717146000000000000",
            &unit(TimeUnit::Nanos)
        ),
        ten
    );
}

#[test]
fn a_date_is_its_first_instant_in_the_zone() {
    let santiago = options().zone(zone("America/Santiago"));
    // Midnight of 8 September 2019 is skipped: the date begins at 01:00 -03:00.
    assert_eq!(
        stamps("2019-09-07", "2019-09-08", &santiago),
        ["2019-09-07T04:00:00Z", "2019-09-08T04:00:00Z"]
    );
}

#[test]
fn a_doubled_hour_comes_out_once_for_each_time_the_clock_shows_it() {
    let rows = ["00:30", "01:00", "01:30", "01:00", "01:30", "02:00"];
    let rows = rows.map(|clock| format!("2024-11-03 {clock},1\n")).concat();
    let options = options().zone(zone("America/Los_Angeles"));
    let frame = read(&format!("time,value\n{rows}"), &options);
    assert_eq!(
        times(&frame),
        [
            "2024-11-03T07:30:00Z",
            "2024-11-03T08:00:00Z",
            "2024-11-03T08:30:00Z",
            "2024-11-03T09:00:00Z",
            "2024-11-03T09:30:00Z",
            "2024-11-03T10:00:00Z",
        ]
    );
    assert_eq!(
        frame.notes(),
        [
            "4 stamps fall in hours that the clocks of America/Los_Angeles show twice: 2 read as the \
          first time, 2 as the second"
        ]
    );
}

#[test]
fn slices_count_the_doubled_hour_apart() {
    let text = "time,series,value\n2024-11-03 01:00,a,1\n2024-11-03 01:00,b,1\n\
                2024-11-03 01:30,a,1\n2024-11-03 01:00,b,1\n";
    let frame = read(text, &options().zone(zone("America/Los_Angeles")));
    assert_eq!(
        times(&frame),
        [
            "2024-11-03T08:00:00Z",
            "2024-11-03T08:00:00Z",
            "2024-11-03T08:30:00Z",
            "2024-11-03T09:00:00Z",
        ]
    );
}

#[test]
fn a_column_called_timestamp_ms_declares_its_unit() {
    let frame = read(
        "timestamp_ms,value\n1717142400000,1\n1717146000000,2\n",
        &options(),
    );
    assert_eq!(times(&frame)[0], "2024-05-31T08:00:00Z");
    assert_eq!(
        frame.notes(),
        ["numbers in `timestamp_ms` are read as milliseconds, as the name says"]
    );
}

#[test]
fn a_pinned_granularity_serves_a_single_row() {
    let frame = read(
        "ds,y\n2024-05-01,1\n",
        &options().granularity(Granularity::days()),
    );
    assert_eq!(frame.profile("y").unwrap().evidence, "P1D as declared");
    assert_eq!(
        refused("ds,y\n2024-05-01,1\n", &options()),
        "data.csv: the granularity cannot be seen in 1 distinct stamp(s); pass it, for instance P1D or PT1H \
         (--granularity)"
    );
}

#[test]
fn epoch_numbers_need_a_unit_that_fits() {
    let text = "ts,value\n1717142400000,1\n1717146000000,2\n";
    assert_eq!(
        refused(text, &options()),
        "data.csv, row 2, column `ts`: `1717142400000` may be seconds, milliseconds or something \
         else since 1970; declare the time unit (--time-unit s|ms|us|ns, or rows for a row counter)"
    );
    assert_eq!(
        refused(text, &options().time_unit(TimeUnit::Seconds)),
        "data.csv, row 2, column `ts`: `1717142400000` is not a stamp; allowed: instants in the \
         years 1 to 9999; declare the unit that the numbers have (--time-unit s|ms|us|ns)"
    );
    assert!(
        refused(
            "ts,value\n999999999999999999999999,1\n",
            &options().time_unit(TimeUnit::Nanos)
        )
        .contains("years 1 to 9999")
    );
}

#[test]
fn a_stamp_that_no_clock_showed_is_refused() {
    let text = "time,value\n2024-03-10 01:00,1\n2024-03-10 02:00,1\n";
    assert_eq!(
        refused(text, &options().zone(zone("America/Los_Angeles"))),
        "data.csv, row 3, column `time`: `2024-03-10 02:00` does not exist in \
         America/Los_Angeles, where the clocks skip it on 2024-03-10; name the zone in which the \
         stamps were written (--tz), or write stamps with an offset"
    );
    let apia = refused(
        "time,value\n2011-12-30,1\n",
        &options().zone(zone("Pacific/Apia")),
    );
    assert!(
        apia.contains("`2011-12-30` does not exist in Pacific/Apia"),
        "{apia}"
    );
}

/// One-minute rows that are counted.
fn counted() -> tuatara_frame::files::ReadOptions {
    options()
        .time_unit(TimeUnit::Rows)
        .granularity("PT1M".parse().unwrap())
}

#[test]
fn row_counters_are_steps_from_a_start() {
    let text = "timestamp,value\n12,1\n13.0,2\n15,3\n";
    let frame = read(
        text,
        &counted().start("2024-05-01T10:00:00Z".parse().unwrap()),
    );
    assert_eq!(
        times(&frame),
        [
            "2024-05-01T10:12:00Z",
            "2024-05-01T10:13:00Z",
            "2024-05-01T10:15:00Z"
        ]
    );
    assert!(frame.notes().is_empty());
    let frame = read(text, &counted());
    assert_eq!(times(&frame)[0], "1970-01-01T00:12:00Z");
    assert_eq!(
        frame.notes(),
        ["rows are counted from 1970-01-01T00:00:00Z; --start names another instant"]
    );
}

#[test]
fn row_counters_of_dates_count_dates() {
    let berlin = options()
        .time_unit(TimeUnit::Rows)
        .granularity(Granularity::days())
        .zone(zone("Europe/Berlin"))
        .start("2024-03-29T23:00:00Z".parse().unwrap());
    // The clock goes forward on 31 March 2024: that date is 23 hours long.
    assert_eq!(
        stamps("1", "2", &berlin),
        ["2024-03-30T23:00:00Z", "2024-03-31T22:00:00Z"]
    );
}

#[test]
fn row_counters_are_whole_and_need_a_step() {
    let counters = "allowed: row counters, whole numbers from 0";
    let cases = [
        (
            "1.5",
            "correct the counter, or declare the unit of the numbers (--time-unit s|ms|us|ns)",
        ),
        (
            "-1",
            "correct the counter, or declare the unit of the numbers (--time-unit s|ms|us|ns)",
        ),
        (
            "2024-05-01",
            "leave the time unit out, as these stamps need none",
        ),
    ];
    for (cell, remedy) in cases {
        assert_eq!(
            refused(format!("timestamp,value\n{cell},1\n"), &counted()),
            format!(
                "data.csv, row 2, column `timestamp`: `{cell}` is not a stamp; {counters}; {remedy}"
            )
        );
    }
    assert_eq!(
        refused("timestamp,value\n9999999999999,1\n", &counted()),
        "data.csv, row 2, column `timestamp`: `9999999999999` is not a stamp; allowed: row \
         counters that end in the year 9999; declare an earlier start or a finer granularity"
    );
    assert_eq!(
        refused(
            "timestamp,value\n1,1\n",
            &options().time_unit(TimeUnit::Rows)
        ),
        "data.csv counts rows, which says nothing about the time between them; declare it, for \
         instance PT1M (--granularity)"
    );
}

#[test]
fn a_start_is_for_row_counters_alone() {
    let text = "timestamp,value\n2024-05-01,1\n";
    assert_eq!(
        refused(
            text,
            &options().start("2024-05-01T00:00:00Z".parse().unwrap())
        ),
        "data.csv: the start 2024-05-01T00:00:00Z does not go with stamps that are no row \
         counters; leave it out, or declare that the time column counts rows (--time-unit rows)"
    );
}

#[test]
fn an_order_counts_the_second_time_of_a_doubled_hour_as_later() {
    let rows = ["00:30", "01:00", "01:30", "01:00", "01:30", "02:00"];
    let rows = rows.map(|clock| format!("2024-11-03 {clock},1\n")).concat();
    let options = options().zone(zone("America/Los_Angeles")).in_order();
    assert_eq!(read(&format!("time,value\n{rows}"), &options).len(), 6);
}
