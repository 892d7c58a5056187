//! A hundred shops with a year of hours each, and a specification with settings that a slider turns.

use tuatara::frame::{Duration, Frame, Granularity, Instant, Metric};

pub(crate) const SLICES: usize = 100;
pub(crate) const HOURS: i64 = 8_760;
/// Monday 6 January 2025.
const START: i64 = 1_736_121_600_000;
const HOUR: i64 = 3_600_000;

/// Hourly orders of many shops: a day's and a week's shape, noise, and a few broken hours each month.
pub(crate) fn frame() -> Frame {
    let hourly = Granularity::fixed(Duration::hours(1)).expect("a step");
    let mut builder = Frame::builder("shops", [Metric::new("orders")])
        .dimensions(["shop"])
        .granularity(hourly);
    let mut state = 7_u64;
    let mut broken = [0_u32; SLICES];
    for hour in 0..HOURS {
        let stamp = Instant::from_millis(START + hour * HOUR).expect("within the calendar");
        for (shop, broken) in broken.iter_mut().enumerate() {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let wobble = (state >> 40) as f64 / (1_u64 << 24) as f64;
            *broken = match (state >> 20).is_multiple_of(250) {
                true => 4,
                false => broken.saturating_sub(1),
            };
            let day = [0.5, 0.4, 0.6, 1.2, 1.5, 1.0][(hour % 24 / 4) as usize];
            let week = if hour % 168 < 120 { 1.0 } else { 0.7 };
            let orders = 1_000.0 * day * week * (0.9 + 0.2 * wobble);
            let orders = orders * if *broken > 0 { 0.6 } else { 1.0 };
            let name = format!("shop-{shop:03}");
            builder.row(stamp, &[&name], &[orders]).expect("a row");
        }
    }
    builder.build().expect("a frame")
}

/// Settings that a slider turns.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    pub(crate) alpha: f64,
    pub(crate) sensitivity: f64,
    pub(crate) threshold: f64,
    pub(crate) max_gap: u32,
}

pub(crate) const AT_FIRST: Settings = Settings {
    alpha: -1.0,
    sensitivity: 5.0,
    threshold: 0.1,
    max_gap: 2,
};

impl Settings {
    pub(crate) fn yaml(self) -> String {
        let Self {
            alpha,
            sensitivity,
            threshold,
            max_gap,
        } = self;
        format!(
            "
detectionName: a hundred shops
metric: orders
dimensionExploration: {{ dimensions: [shop] }}
rules:
  - detection:
      - name: smooth
        type: HOLT_WINTERS_RULE
        params: {{ refit: WEEK, alpha: {alpha}, sensitivity: {sensitivity} }}
    filter:
      - {{ name: lasting, type: DURATION_FILTER, params: {{ minDuration: PT2H }} }}
      - name: far
        type: PERCENTAGE_CHANGE_FILTER
        params: {{ offset: median4w, threshold: {threshold} }}
merger: {{ maxGap: PT{max_gap}H }}
"
        )
    }
}
