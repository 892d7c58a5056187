//! Tables with one row per series.

use tuatara_frame::files::{Layout, ReadOptions, TimeUnit};

use crate::{dimensions, metrics, options, read, refused, rows};

fn series() -> ReadOptions {
    options()
        .layout(Layout::Series)
        .granularity("PT1H".parse().unwrap())
}

#[test]
fn values_lie_side_by_side_and_empty_cells_at_the_end_are_no_rows() {
    let text =
        "\"V1\",\"V2\",\"V3\",\"V4\"\n\"H1\",\"605\",,\"586\"\n\"H2\",\"3124\",,\n\"H3\",,,\n";
    let frame = read(
        text,
        &series().start("2024-05-01T00:00:00Z".parse().unwrap()),
    );
    assert_eq!(
        rows(&frame),
        [
            "2024-05-01T00:00:00Z H1 = 605",
            "2024-05-01T01:00:00Z H1 = NaN",
            "2024-05-01T02:00:00Z H1 = 586",
            "2024-05-01T00:00:00Z H2 = 3124",
        ]
    );
    assert_eq!(
        (metrics(&frame), dimensions(&frame)),
        (vec!["value"], vec!["series"])
    );
    assert!(frame.notes().is_empty());
}

#[test]
fn without_a_start_steps_count_from_1970() {
    let frame = read("id,1,2\na,7,8\n", &series());
    assert_eq!(rows(&frame)[1], "1970-01-01T01:00:00Z a = 8");
    assert_eq!(
        frame.notes(),
        [
            "row 1 is read as the header, as its numbers count steps; if it is a series, write a \
             header line before it",
            "rows are counted from 1970-01-01T00:00:00Z; --start names another instant",
        ]
    );
}

#[test]
fn columns_can_be_dimensions_or_left_out() {
    let options = series().dimension("region").ignore("note");
    let frame = read("id,region,note,1,2\na,north,x,7,8\n", &options);
    assert_eq!(rows(&frame)[1], "1970-01-01T01:00:00Z north/a = 8");
}

#[test]
fn the_step_has_to_be_declared() {
    assert_eq!(
        refused("id,1,2\na,7,8\n", &options().layout(Layout::Series)),
        "data.csv counts rows, which says nothing about the time between them; declare it, for \
         instance PT1M (--granularity)"
    );
}

#[test]
fn a_header_of_values_is_missed_not_swallowed() {
    for first in [
        "H1,605,586,559",
        "A,1,2,4",
        "A,5,6,7",
        "A,1,,2",
        "A,7,7,7",
        "A,1,NaN,3",
        "A,2",
        "A,-1,0,1",
        "A,1.5,2.5,3.5",
    ] {
        assert_eq!(
            refused(format!("{first}\nB,3,4,5\n"), &series()),
            "data.csv, row 1: the header holds values instead of names; write a header line before \
             the first series, such as `series,1,2,3`; numbers in it count steps, from 0 or 1",
            "{first}"
        );
    }
}

#[test]
fn a_header_of_numbers_that_count_steps_is_noted() {
    for (text, notes) in [
        ("A,1,2,3\nB,1,2,3\n", 1),
        ("A,0,1,2\nB,1,2,3\n", 1),
        ("id,1,2,\nB,1,2,3\n", 1),
        ("id,a,2\nB,1,2\n", 0),
        ("id,,\nB,1,2\n", 0),
    ] {
        let frame = read(
            text,
            &series().start("2024-05-01T00:00:00Z".parse().unwrap()),
        );
        assert_eq!(frame.dimension(0, 0), "B");
        assert_eq!(frame.notes().len(), notes, "{text:?}");
    }
}

#[test]
fn options_about_stamps_are_refused() {
    assert_eq!(
        refused("id,1\na,7\n", &series().time("id")),
        "data.csv: a time column does not go with layout series, whose rows hold a series each; \
         leave it out, or read the file with --layout wide"
    );
    assert_eq!(
        refused("id,1\na,7\n", &series().time_unit(TimeUnit::Millis)),
        "data.csv: a unit of time does not go with layout series, which has no stamps; leave it \
         out, and declare --granularity and --start"
    );
}

#[test]
fn a_word_among_the_values_is_named() {
    assert_eq!(
        refused("id,1,2\na,7,eight\n", &series()),
        "data.csv, row 2, column `2`: `eight` is not a number; allowed: numbers such as 12.5 or \
         1e3, and nothing, NaN, null, NA or None where missing; correct the cell, or leave the \
         column out if it is no step (--ignore COLUMN)"
    );
    assert_eq!(
        refused("id\na\n", &series()),
        "data.csv has no column for a series beside id; allowed in layout series: one column or \
         more; add one, or ignore fewer"
    );
    assert_eq!(
        refused("id,1\n", &series()),
        "`data.csv` has no rows, so it spans no time; give it at least one"
    );
}
