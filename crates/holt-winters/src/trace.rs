//! What led to an expectation, in facts and sentences.

use tuatara_core::{Fact, Short};
use tuatara_frame::TimeAxis;

use crate::learned::Going;
use crate::recurrence::Place;
use crate::walk::Trained;
use crate::{Season, WEIGHT_NAMES};

/// What a fit was made from.
pub(crate) struct Training<'a> {
    pub(crate) axis: &'a TimeAxis,
    pub(crate) from: usize,
    pub(crate) refit: usize,
    pub(crate) delay: usize,
    pub(crate) values: &'a [f64],
}

/// Writes the facts of one row.
pub(crate) fn explain(
    trained: &Trained,
    training: &Training<'_>,
    going: &Going,
    place: Place,
    facts: &mut Vec<Fact>,
) {
    let fit = trained.learned.fit();
    let model = fit.model();
    let mut say = |text: String| facts.push(Fact::Remark(text));
    say(format!(
        "{model}, fitted at {} to {} values since {}",
        training.axis.start(training.refit),
        fit.counted(),
        training.axis.start(training.from),
    ));
    if let Some(reason) = fit.fallback() {
        say(format!(
            "the season is additive, not multiplicative: {reason}"
        ));
    }
    if let Some([other, this]) = fit.compared() {
        let (is, is_not) = match model.season() {
            Season::Multiplicative => ("multiplicative", "additive"),
            _ => ("additive", "multiplicative"),
        };
        say(format!(
            "the season is {is}, not {is_not}: the least squared error at the same eight weights is {}, \
             not {}",
            Short(this),
            Short(other)
        ));
    }
    if training.delay > 0 {
        say(format!(
            "smoothed over an hour before it is learnt from, so a level follows {} buckets later",
            training.delay
        ));
    }
    if let Some(evidence) = &trained.evidence {
        say(match evidence.period {
            Some(period) => format!(
                "a season of {period} was found: autocorrelation {}, {} % of the spectrum in its line",
                Short(evidence.autocorrelation),
                Short(100.0 * evidence.share),
            ),
            None => format!(
                "no season was found: the highest autocorrelation of a line is {}",
                Short(evidence.autocorrelation)
            ),
        });
    }
    let weights = fit.all_weights();
    let has = model.has();
    let named: Vec<String> = (0..weights.len())
        .filter(|&at| has[at])
        .map(|at| format!("{} {}", WEIGHT_NAMES[at], Short(weights[at])))
        .collect();
    let named = named.join(", ");
    say(match fit.search() {
        Some((optimizer, evaluations)) => format!(
            "{named}; by {optimizer} from {} starts with {evaluations} evaluations, squared error {}",
            fit.starts(),
            Short(fit.sse()),
        ),
        None => format!("{named}, as given; squared error {}", Short(fit.sse())),
    });
    let places = crate::clock::places(
        model,
        training.axis,
        training.from..training.refit - training.delay,
    );
    let mut values = training.values.to_vec();
    trained
        .learned
        .outliers
        .iter()
        .for_each(|&t| values[t] = f64::NAN);
    let flat = fit.flat(&values, &places);
    if !flat.is_empty() {
        say(format!(
            "the history does not determine {}: any value costs less than 1 % more",
            flat.join(" and ")
        ));
    }
    match trained.learned.outliers.len() {
        0 => {}
        1 => say("one outlier of the history was left out".to_owned()),
        count => say(format!("{count} outliers of the history were left out")),
    }
    for (since, shift) in &trained.learned.adopted {
        say(format!(
            "a new level was adopted, since {}: {shift}",
            training.axis.start(training.from + since)
        ));
    }
    let state = &going.state;
    let mut parts = vec![format!("level {}", Short(state.level * fit.scale()))];
    if has[1] {
        parts.push(format!("trend {}", Short(state.trend * fit.scale())));
    }
    for (season, at) in state.seasons.iter().zip(place).take(model.periods().len()) {
        parts.push(match model.season() {
            Season::Multiplicative => format!("season × {}", Short(season[at as usize])),
            _ => format!("season {}", Short(season[at as usize] * fit.scale())),
        });
    }
    say(parts.join(", "));
    let ahead = going.uncertainty.factor();
    if ahead > 1.0 {
        say(format!(
            "the last value that counted lies back: the band is {} times as wide",
            Short(ahead)
        ));
    }
}
