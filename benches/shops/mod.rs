//! Daily orders of many shops: a week's shape, noise, and now and then a broken day.

use tuatara::frame::{Frame, Granularity, Instant, Metric};

/// How many days there are.
pub(crate) const DAYS: i64 = 90;
/// Monday 5 January 2026.
const START: i64 = 1_767_571_200_000;
const DAY: i64 = 86_400_000;

/// That many shops, each a slice.
pub(crate) fn frame(slices: usize) -> Frame {
    let mut builder = Frame::builder("shops", [Metric::new("orders")])
        .dimensions(["shop"])
        .granularity(Granularity::days());
    let mut state = 7_u64;
    for day in 0..DAYS {
        let stamp = Instant::from_millis(START + day * DAY).expect("within the calendar");
        for shop in 0..slices {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let wobble = (state >> 40) as f64 / (1_u64 << 24) as f64;
            let broken = (state >> 20).is_multiple_of(200);
            let usual = 100.0 + 20.0 * (day % 7) as f64;
            let orders = usual * (0.9 + 0.2 * wobble) * if broken { 0.4 } else { 1.0 };
            let name = format!("shop-{shop:06}");
            builder.row(stamp, &[&name], &[orders]).expect("a row");
        }
    }
    builder.build().expect("a frame")
}
