//! Law 1 for the networks, with seasons short enough for several lookbacks to lie in a window.

use tuatara_core::{BuildContext, Detector, Params, Pattern};
use tuatara_neural::AlerTigerParams;
use tuatara_testkit::PointBattery;

fn rule(params: AlerTigerParams) -> Box<dyn Detector> {
    let model = concat!(env!("CARGO_MANIFEST_DIR"), "/models/pretrained.safetensors");
    let params = AlerTigerParams {
        model: model.to_owned(),
        ..params
    };
    params.build(&BuildContext::new("networks")).unwrap()
}

fn check(name: &str, params: AlerTigerParams, battery: PointBattery) {
    match battery.check(name, &*rule(params)) {
        Ok(report) => {
            println!("{report}");
            assert!(
                report.judged > 10_000,
                "too few rows to mean something: {report}"
            );
            assert!(
                report.anomalous > 50,
                "too few anomalies to mean something: {report}"
            );
        }
        Err(violation) => panic!("{violation}"),
    }
}

fn battery(seed: u64) -> PointBattery {
    PointBattery {
        seed,
        cases: 70,
        lookbacks: 3,
        rich: 64,
        longest: 1_000,
    }
}

#[test]
fn a_season_of_four_steps_keeps_law_1() {
    let period = Some(4);
    check(
        "four",
        AlerTigerParams {
            period,
            ..Default::default()
        },
        battery(1),
    );
}

#[test]
fn no_season_at_all_keeps_law_1() {
    let period = Some(1);
    let params = AlerTigerParams {
        period,
        sensitivity: 10.0,
        pattern: Pattern::Down,
        min_abs: 0.01,
        min_rel: 0.01,
        ..Default::default()
    };
    check("none", params, battery(2));
}

#[test]
fn the_customary_season_keeps_law_1_on_every_granularity() {
    let rare = PointBattery {
        cases: 20,
        lookbacks: 1,
        rich: 1,
        longest: 3_000,
        ..battery(3)
    };
    check("customary", AlerTigerParams::default(), rare);
}
