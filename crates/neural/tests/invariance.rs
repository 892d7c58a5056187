//! What must not matter to a network: the unit of a metric, its zero, its sign, and other series.

use proptest::prelude::*;
use tuatara_core::{Direction, Verdict};
use tuatara_neural::{Model, Opinion, Workspace};

fn model() -> Model {
    Model::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/models/pretrained.safetensors"
    ))
    .unwrap()
}

fn opinions(model: &Model, values: &[f64], period: usize) -> Vec<Option<Opinion>> {
    let mut out = Vec::new();
    model.opinions(values, period, &mut Workspace::default(), &mut out);
    out
}

/// A shape of seven days, noise, a few gaps and a few values far off.
fn series() -> impl Strategy<Value = Vec<f64>> {
    let noise = proptest::collection::vec(-1.0..1.0_f64, 60..420);
    let shape = proptest::collection::vec(0.0..20.0_f64, 7);
    let odd = proptest::collection::vec(
        (0..420_usize, prop_oneof![Just(f64::NAN), -40.0..40.0]),
        0..8,
    );
    (noise, shape, odd).prop_map(|(noise, shape, odd)| {
        let usual = noise
            .iter()
            .enumerate()
            .map(|(t, e)| 100.0 + shape[t % 7] + e);
        let mut values: Vec<f64> = usual.collect();
        for (t, by) in odd {
            if let Some(value) = values.get_mut(t) {
                *value += by;
            }
        }
        values
    })
}

fn same_bits(a: &[Option<Opinion>], b: &[Option<Opinion>]) -> bool {
    let bits = |opinions: &[Option<Opinion>]| -> Vec<Option<[u64; 6]>> {
        let of = |said: &Opinion| {
            let row = said.row;
            let numbers = [row.observed, row.expected, row.lower, row.upper, row.score];
            let [a, b, c, d, e] = numbers.map(f64::to_bits);
            [a, b, c, d, e, said.probability.to_bits()]
        };
        opinions.iter().map(|said| said.as_ref().map(of)).collect()
    };
    bits(a) == bits(b)
}

fn close(
    a: &[Option<Opinion>],
    b: &[Option<Opinion>],
    unit: f64,
    shift: f64,
) -> Result<(), String> {
    for (t, (a, b)) in a.iter().zip(b).enumerate() {
        let (a, b) = match (a, b) {
            (Some(a), Some(b)) => (a, b),
            (None, None) => continue,
            _ => return Err(format!("bucket {t} is judged in one unit only")),
        };
        let there = |value: f64| unit * value + shift;
        let wide = unit * (1.0 + (a.row.upper - a.row.lower));
        let pairs = [
            (there(a.row.expected), b.row.expected, wide),
            (there(a.row.lower), b.row.lower, wide),
            (a.probability, b.probability, 1.0),
        ];
        for (wanted, found, size) in pairs {
            if (wanted - found).abs() > 1e-3 * size {
                return Err(format!(
                    "bucket {t}: {found} is not {wanted}: {a:?} and {b:?}"
                ));
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// A power of two scales without rounding, so that the answers have the same bits.
    #[test]
    fn another_unit_changes_nothing(values in series(), exponent in -20..20_i32) {
        let model = model();
        let unit = 2.0_f64.powi(exponent);
        let scaled: Vec<f64> = values.iter().map(|value| value * unit).collect();
        let (plain, scaled) = (opinions(&model, &values, 7), opinions(&model, &scaled, 7));
        for (a, b) in plain.iter().zip(&scaled) {
            let bits = |said: &Option<Opinion>| said.map(|said| (said.probability.to_bits(), said.row.verdict));
            prop_assert_eq!(bits(a), bits(b));
        }
    }

    #[test]
    fn a_millionth_and_a_million_times_are_judged_alike(values in series(), exponent in -6.0..6.0_f64) {
        let model = model();
        let unit = 10.0_f64.powf(exponent);
        let scaled: Vec<f64> = values.iter().map(|value| value * unit).collect();
        let answer = close(&opinions(&model, &values, 7), &opinions(&model, &scaled, 7), unit, 0.0);
        prop_assert!(answer.is_ok(), "{}", answer.unwrap_err());
    }

    #[test]
    fn another_zero_changes_nothing(values in series(), shift in -1e4..1e4_f64) {
        let model = model();
        let shifted: Vec<f64> = values.iter().map(|value| value + shift).collect();
        let answer = close(&opinions(&model, &values, 7), &opinions(&model, &shifted, 7), 1.0, shift);
        prop_assert!(answer.is_ok(), "{}", answer.unwrap_err());
    }

    /// To the bit: the sign is taken out before a network sees anything.
    #[test]
    fn upside_down_a_drop_is_a_rise(values in series()) {
        let model = model();
        let mirrored: Vec<f64> = values.iter().map(|value| -value).collect();
        let (up, down) = (opinions(&model, &values, 7), opinions(&model, &mirrored, 7));
        for (up, down) in up.iter().zip(&down) {
            let (Some(up), Some(down)) = (up, down) else {
                prop_assert_eq!(up.is_some(), down.is_some());
                continue;
            };
            prop_assert_eq!(up.probability.to_bits(), down.probability.to_bits());
            prop_assert_eq!(up.row.score.to_bits(), down.row.score.to_bits());
            prop_assert!((up.row.expected + down.row.expected).abs() == 0.0);
            let turned = match up.row.verdict {
                Verdict::Anomalous(Direction::Up) => Verdict::Anomalous(Direction::Down),
                Verdict::Anomalous(Direction::Down) => Verdict::Anomalous(Direction::Up),
                other => other,
            };
            prop_assert_eq!(down.row.verdict, turned);
        }
    }

    /// A batch is nothing but its rows: the last value alone, in its series, and after another one.
    #[test]
    fn alone_in_a_series_and_in_a_panel_the_bits_are_the_same(values in series()) {
        let model = model();
        let whole = opinions(&model, &values, 7);
        let part = opinions(&model, &values[..values.len() / 2], 7);
        prop_assert!(same_bits(&part, &whole[..part.len()]));
        let mut workspace = Workspace::default();
        let mut again = Vec::new();
        model.opinions(&[1.0, 2.0, 3.0], 2, &mut workspace, &mut again);
        model.opinions(&values, 7, &mut workspace, &mut again);
        prop_assert!(same_bits(&again, &whole));
        let last = model.last_opinion(&values, 7, &mut workspace);
        prop_assert!(same_bits(&[last], &whole[whole.len() - 1..]));
    }

    /// The gap itself has no verdict, and every other bucket after two weeks has one.
    #[test]
    fn a_missing_day_blanks_nothing_but_itself(values in series(), gap in 15..60_usize) {
        let model = model();
        let mut values: Vec<f64> = values.into_iter().map(|v| if v.is_nan() { 100.0 } else { v }).collect();
        values[gap] = f64::NAN;
        let said = opinions(&model, &values, 7);
        for (t, said) in said.iter().enumerate().skip(15) {
            prop_assert_eq!(said.is_some(), t != gap, "bucket {}", t);
        }
    }
}

#[test]
fn two_weeks_of_days_are_the_least() {
    let values: Vec<f64> = (0..20_u32)
        .map(|t| f64::from((t % 7) * 10 + (t * 5) % 3))
        .collect();
    let first = opinions(&model(), &values, 7)
        .iter()
        .position(Option::is_some);
    assert_eq!(first, Some(14));
}

/// No lag of such a season lies among the values: nothing is said, and nothing is reckoned beyond the
/// largest number.
#[test]
fn of_a_season_longer_than_the_series_nothing_is_said() {
    let values = [1.0; 40];
    for period in [41, usize::MAX / 8, usize::MAX] {
        assert_eq!(opinions(&model(), &values, period), [None; 40]);
        let last = model().last_opinion(&values, period, &mut Workspace::default());
        assert_eq!(last, None);
    }
}
