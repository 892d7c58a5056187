//! Files that are no UTF-8 text, or damaged: each is refused by name.

use tuatara_frame::{Source, files};

use crate::{gzip, options, refused};

const TEXT: &str = "timestamp,value\n2024-05-01,1\n2024-05-02,2\n";
const ALLOWED: &str = "allowed: UTF-8 text (CSV, one JSON object a line, a Prometheus response), \
                       plain or gzip";

#[test]
fn other_formats_are_told_by_their_first_bytes() {
    let cases: [(&[u8], &str, &str); 8] = [
        (
            b"PK\x03\x04\x14\x00",
            "a zip archive, as spreadsheets (.xlsx, .ods) are",
            "unpack it, or export the sheet as CSV",
        ),
        (b"PAR1\x15\x04", "a Parquet file", "export the data as CSV"),
        (
            b"SQLite format 3\0",
            "an SQLite database",
            "export the data as CSV",
        ),
        (
            b"\x28\xb5\x2f\xfd\x00",
            "packed with zstd",
            "unpack it, or pack it with gzip",
        ),
        (b"\xff\xfet\0i\0", "UTF-16 text", "save it as UTF-8"),
        (b"\xfe\xff\0t\0i", "UTF-16 text", "save it as UTF-8"),
        (
            b"<!DOCTYPE html>",
            "HTML or XML, perhaps a page that asks for a login",
            "fetch the data themselves",
        ),
        (
            b"t\0i\0m\0e\0",
            "not text, as it holds NUL bytes",
            "export the data as CSV, or save the text as UTF-8",
        ),
    ];
    for (bytes, what, remedy) in cases {
        let message = format!("data.csv is {what}; {ALLOWED}; {remedy}");
        assert_eq!(refused(bytes, &options()), message);
    }
}

#[test]
fn other_formats_inside_gzip_are_told_too() {
    let said = refused(gzip("PAR1 and more"), &options());
    assert!(said.starts_with("data.csv is a Parquet file; "), "{said}");
}

#[test]
fn a_list_in_json_is_no_row() {
    assert_eq!(
        refused(" [{\"ts\": 1}]", &options()),
        format!(
            "data.csv is a JSON array; {ALLOWED}; write its elements one a line, for instance \
             with jq -c '.[]'"
        )
    );
}

#[test]
fn a_nul_byte_later_on_is_named_with_its_row() {
    let many = "2024-05-01,1\n".repeat(20_000);
    let text = format!("timestamp,value\n{many}2024-05-02,\0\n");
    assert_eq!(
        refused(text, &options()),
        "data.csv, row 20002: a NUL byte, which no text holds; the file may be damaged here; write \
         it anew"
    );
}

#[test]
fn gzip_that_is_cut_short_or_damaged_is_unreadable() {
    let packed = gzip(&TEXT.repeat(3));
    let short = refused(&packed[..packed.len() - 9], &options());
    assert!(short.starts_with("data.csv cannot be read: "), "{short}");
    assert!(
        short.ends_with("; check the path, the permission and the compression"),
        "{short}"
    );
    let mut damaged = gzip(TEXT);
    let middle = damaged.len() - 6;
    damaged[middle] ^= 0xff;
    let said = refused(damaged, &options());
    assert!(said.starts_with("data.csv cannot be read: "), "{said}");
}

#[test]
fn every_layout_may_be_packed() {
    let options = options().time_unit("s".parse().unwrap());
    let rows = "{\"ts\": 1714557600, \"value\": 1}\n{\"ts\": 1714557660, \"value\": 2}\n";
    for text in [
        TEXT.replace("2024-05-01", "1714557600").replace("2024-05-02", "1714557660"),
        rows.to_owned(),
        "{\"status\": \"success\", \"data\": {\"resultType\": \"matrix\", \"result\": [{\"metric\": \
         {}, \"values\": [[1714557600, \"1\"], [1714557660, \"2\"]]}]}}"
            .to_owned(),
    ] {
        let plain = files::read(text.as_bytes(), "data", &options).unwrap();
        let packed = files::read(&gzip(&text)[..], "data", &options).unwrap();
        assert_eq!(plain.fingerprint(), packed.fingerprint());
        assert_eq!(plain.granularity(), "PT1M".parse().unwrap());
    }
}
