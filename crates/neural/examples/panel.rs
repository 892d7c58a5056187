//! How fast is a model over a panel of daily series, and how much memory does it take?
//!
//! ```sh
//! cargo run --release -p tuatara-neural --features pretrained --example panel
//! ```

use std::time::Instant;

use tuatara_neural::{Model, Workspace};
use tuatara_synth::alertiger::Recipe;

const DAYS: usize = 365;
const SERIES: usize = 1_000;
const PANEL: usize = 100_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let model = Model::pretrained();
    let recipe = Recipe::mixed().with_days(DAYS)?;
    let drawn: Vec<Vec<f64>> = (0..100).map(|at| recipe.one(1, at).values).collect();
    let (mut workspace, mut opinions) = (Workspace::default(), Vec::new());

    let (began, mut flagged) = (Instant::now(), 0);
    for at in 0..SERIES {
        model.opinions(&drawn[at % drawn.len()], 7, &mut workspace, &mut opinions);
        let anomalous = opinions.iter().flatten();
        flagged += anomalous
            .filter(|said| said.row.verdict.is_anomalous())
            .count();
    }
    let each = began.elapsed().as_secs_f64() / SERIES as f64;
    println!(
        "a series of {DAYS} days  {:.3} ms, {:.2} µs a day",
        1e3 * each,
        1e6 * each / DAYS as f64
    );

    // The newest day alone, with the year before it as history.
    let began = Instant::now();
    for at in 0..SERIES {
        model.last_opinion(&drawn[at % drawn.len()], 7, &mut workspace);
    }
    println!(
        "the newest day alone     {:.1} µs",
        1e6 * began.elapsed().as_secs_f64() / SERIES as f64
    );

    let before = resident();
    let began = Instant::now();
    for at in 0..PANEL {
        model.opinions(
            &drawn[at % drawn.len()][..90],
            7,
            &mut workspace,
            &mut opinions,
        );
        flagged += usize::from(opinions[89].is_some_and(|said| said.row.verdict.is_anomalous()));
    }
    println!(
        "{PANEL} series of 90 days  {:.1} s, {} KiB more than before; {flagged} flagged in all",
        began.elapsed().as_secs_f64(),
        resident().saturating_sub(before),
    );
    Ok(())
}

/// Memory of this process in KiB, where the system tells; 0 elsewhere.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}
