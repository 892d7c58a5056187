//! Tables of a million rows, from text in memory to a frame, beside the bare loop of the `csv` crate
//! over the cells of the same bytes, which keeps nothing. `benches/peers/reading.py` reads the same
//! tables with pandas and polars.
//!
//! With `TUATARA_TABLES` set to a folder the tables are written there.

#![allow(missing_docs, reason = "criterion's macros make public items")]

use std::fmt::Write;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tuatara::frame::files::{self, ReadOptions};
use tuatara::frame::{Instant, Metric};

const ROWS: usize = 1_000_000;
/// Monday 5 January 2026.
const START: i64 = 1_767_571_200_000;
const MINUTE: i64 = 60_000;

/// One series: every stamp is another.
fn one_series() -> String {
    let mut text = String::from("timestamp,value\n");
    for i in 0..ROWS {
        row(&mut text, i, None);
    }
    text
}

/// A thousand series of a thousand stamps, in the order of time.
fn a_thousand_series() -> String {
    let mut text = String::from("timestamp,host,value\n");
    for i in 0..ROWS {
        row(&mut text, i / 1_000, Some(i % 1_000));
    }
    text
}

fn row(text: &mut String, minute: usize, host: Option<usize>) {
    let at = Instant::from_millis(START + minute as i64 * MINUTE).expect("in this century");
    let value = (minute * 7 + host.unwrap_or(0) * 13) % 10_000;
    let written = match host {
        Some(host) => writeln!(
            text,
            "{at},host-{host:03},{}.{:02}",
            value / 100,
            value % 100
        ),
        None => writeln!(text, "{at},{}.{:02}", value / 100, value % 100),
    };
    written.expect("a string takes everything");
}

fn bare(text: &str) -> usize {
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let mut record = csv::ByteRecord::new();
    let mut bytes = 0;
    while reader.read_byte_record(&mut record).expect("it is a table") {
        bytes += record.iter().map(<[u8]>::len).sum::<usize>();
    }
    bytes
}

fn reading(criterion: &mut Criterion) {
    let tables = [
        ("one series", one_series(), ReadOptions::new()),
        (
            "a thousand series",
            a_thousand_series(),
            ReadOptions::new().dimension("host"),
        ),
    ];
    let mut group = criterion.benchmark_group("reading");
    group.throughput(Throughput::Elements(ROWS as u64));
    group.sample_size(10);
    for (name, text, options) in &tables {
        if let Some(folder) = std::env::var_os("TUATARA_TABLES") {
            let file =
                std::path::Path::new(&folder).join(format!("{}.csv", name.replace(' ', "-")));
            std::fs::write(file, text).expect("the folder can be written to");
        }
        let options = options.clone().metric(Metric::new("value"));
        group.bench_function(format!("{name}: a frame"), |bencher| {
            bencher.iter(|| files::read(text.as_bytes(), "table.csv", &options).expect("it reads"));
        });
        group.bench_function(format!("{name}: the csv crate, cells alone"), |bencher| {
            bencher.iter(|| bare(black_box(text)));
        });
    }
    group.finish();
}

criterion_group!(benches, reading);
criterion_main!(benches);
