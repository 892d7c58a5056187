//! First lines that lack the wanted column: what they are instead.

use tuatara_frame::Metric;

use crate::{UTC_NOTE, options, read, refused};

#[test]
fn a_first_line_that_is_no_header_is_said_to_be_none() {
    let remarks = "begins with `#`; the header comes first: take out lines of remarks, and a `#` \
                   before its names";
    let delimiter = "the delimiter is found in the header, or declared (--delimiter)";
    let header = "write a header line before it, such as `timestamp,value`";
    let cell = "declare what stands between its names (--delimiter), and write no quotes around \
                the whole line";
    let cases = [
        ("# exported\ntimestamp,load\n", remarks.to_owned()),
        ("#when,what\n1,2\n", remarks.to_owned()),
        (
            "sep=;\nts;load\n",
            format!("is `sep=`, not the header; take the line out; {delimiter}"),
        ),
        (
            "2024-05-01,1\n2024-05-02,2\n",
            format!("holds values, such as `2024-05-01`, instead of names; {header}"),
        ),
        (
            "01/02/2024 10:00,US,1\n",
            format!("holds values, such as `01/02/2024 10:00`, instead of names; {header}"),
        ),
        (
            "1714557600,1.5\n",
            format!("holds values, such as `1714557600`, instead of names; {header}"),
        ),
        (
            "ts what\n1 2\n",
            format!("is a single cell, `ts what`; {cell}"),
        ),
        (
            "\"ts,what\"\n1\n",
            format!("is a single cell, `ts,what`; {cell}"),
        ),
    ];
    for (text, said) in cases {
        assert_eq!(
            refused(text, &options().metric(Metric::new("memory"))),
            format!("data.csv has no column for the metric, as its first line {said}"),
            "{text:?}"
        );
        // Without a metric asked for, the time is missed first.
        assert_eq!(
            refused(text, &options()),
            format!("data.csv has no column for the time, as its first line {said}"),
            "{text:?}"
        );
    }
}

#[test]
fn many_numbered_columns_suggest_another_layout_and_are_not_all_listed() {
    let names: Vec<String> = (1..=49).map(|step| format!("V{step}")).collect();
    assert_eq!(
        refused(
            names.join(",") + "\n",
            &options().metric(Metric::new("value"))
        ),
        "data.csv has no column for the metric `value`; it has: V1, V2, V3, V4, V5, V6, V7, V8 and \
         41 more; say --layout series where each row is a series, --layout wide where each column \
         is one, or name the column (--metric NAME=COLUMN)"
    );
}

#[test]
fn columns_without_a_name_are_counted() {
    let notes = |text: &str| read(text, &options()).notes()[1..].to_vec();
    let text = "ts,y,\n2024-05-01,1,\n2024-05-02,2,\n";
    assert_eq!(notes(text), ["not read: 1 column without a name"]);
    assert_eq!(read(text, &options()).notes()[0], UTC_NOTE);
    assert_eq!(
        notes("ts,y,,a,\n2024-05-01,1,,,\n2024-05-02,2,,,\n"),
        ["columns not read: a", "not read: 2 columns without a name"]
    );
}
