//! A slider over 100 slices of a year of hours, `HOLT_WINTERS_RULE` with two filters: what a step
//! takes that needs no refit, by the stage from which on it runs: for the slices in view, of which the
//! studio draws one until more are chosen, and eight at most, and for all of them, which it asks for
//! next. Budget: 100 ms for those in view. What is fitted anew is timed once, apart; there a model is
//! fitted each week, which no step depends on.

#![allow(missing_docs, reason = "criterion's macros make public items")]

mod slider;

use std::hint::black_box;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Instant as Clock;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use slider::{AT_FIRST, HOURS, SLICES, Settings, frame};
use tuatara::frame::Interval;
use tuatara::{Answer, Detection, Session};

/// Slices in view, at first and at most.
const IN_VIEW: [usize; 2] = [1, 8];

/// Processor time that this process has taken, in seconds, where the system tells: on a machine that is
/// busy with other things it says more than a clock.
fn processor_time() -> Option<f64> {
    const TICKS: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    let of = |at| fields.split_whitespace().nth(at)?.parse::<f64>().ok();
    Some((of(11)? + of(12)?) / TICKS)
}

fn answer(settings: Settings, session: &mut Session, interval: Interval, count: usize) -> Answer {
    let detection = Detection::from_yaml(black_box(&settings.yaml())).expect("a detection");
    if count == SLICES {
        return session.run(&detection, interval).expect("a run");
    }
    let mut slices = detection.slices(session.source()).expect("slices");
    slices.truncate(count);
    let watch = |_: usize, _: usize| ControlFlow::Continue(());
    let found = session.run_only(&detection, interval, &slices, &watch);
    found.expect("a run")
}

fn steps(c: &mut Criterion) {
    let frame = Arc::new(frame());
    let detection = Detection::from_yaml(&AT_FIRST.yaml()).expect("a detection");
    let interval = detection.extent(&*frame).expect("data");
    let mut session = Session::new(frame);
    let start = Clock::now();
    let first = answer(AT_FIRST, &mut session, interval, SLICES);
    println!(
        "the first run: {:.1} s, {} anomalies, {} removed; {}",
        start.elapsed().as_secs_f64(),
        first.report.anomalies().len(),
        first.report.removed().len(),
        first.ran
    );
    drop(first);

    let mut group = c.benchmark_group("a slider, 100 slices x 8 760 hours, HOLT_WINTERS_RULE");
    group.sample_size(20);
    // A setting that was not there before, each time.
    let mut turn = 0.0;
    let mut step = |name: &str, turned: fn(f64) -> Settings| {
        for count in IN_VIEW.into_iter().chain([SLICES]) {
            turn = (turn + 1.0) % 97.0;
            let said = answer(turned(turn), &mut session, interval, count).ran;
            println!("{name}, {count} slices: {said}");
            group.throughput(Throughput::Elements(count as u64 * HOURS as u64));
            group.bench_function(BenchmarkId::new(name, count), |b| {
                b.iter(|| {
                    turn = (turn + 1.0) % 97.0;
                    let found = answer(turned(turn), &mut session, interval, count);
                    black_box(found.report.anomalies().len())
                });
            });
            let before = processor_time();
            for _ in 0..10 {
                turn = (turn + 1.0) % 97.0;
                black_box(answer(turned(turn), &mut session, interval, count));
            }
            if let Some((before, after)) = before.zip(processor_time()) {
                println!(
                    "{name}, {count} slices: {:.0} ms of processor time",
                    100.0 * (after - before)
                );
            }
        }
    };
    step("nothing", |_| AT_FIRST);
    step("threshold of a filter", |turn| Settings {
        threshold: 0.1 + 0.001 * turn,
        ..AT_FIRST
    });
    step("maxGap", |turn| Settings {
        max_gap: 1 + turn as u32,
        ..AT_FIRST
    });
    step("sensitivity", |turn| Settings {
        sensitivity: 5.0 + 0.01 * turn,
        ..AT_FIRST
    });
    group.finish();

    for (alpha, count) in [(0.2, IN_VIEW[0]), (0.3, SLICES)] {
        let start = Clock::now();
        let given = Settings { alpha, ..AT_FIRST };
        let refitted = answer(given, &mut session, interval, count).ran;
        let took = start.elapsed().as_secs_f64();
        println!("alpha, {count} slices: {took:.1} s; {refitted}");
    }
}

criterion_group!(slider, steps);
criterion_main!(slider);
