//! `tuatara inject`: which incidents would be told, and how soon.

use std::io::Write;

use tuatara::frame::Duration;
use tuatara_backtest::inject::{Injected, Injection, InjectionParams, Reported};

use crate::Found;
use crate::args::Inject as Args;
use crate::commands::load_with;
use crate::data::{interval, on_threads};
use crate::failure::Failure;
use crate::labels::cases;
use crate::output::inject::{Asked, write};
use crate::say::say;

/// How many buckets an incident lasts where nothing is said.
const BUCKETS: i64 = 12;

/// What is tried where nothing is named.
const USUAL: [&str; 7] = [
    "drop=20%",
    "drop=50%",
    "zero",
    "spike=50%",
    "level=20%",
    "flat",
    "gap",
];

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<Found, Failure> {
    let input = &args.input;
    let cases = cases(input, &args.known)?;
    let [case] = &cases[..] else {
        return Err(Failure::said(
            "inject takes one set of data, into whose series incidents are put; name its files",
        ));
    };
    let loaded = load_with(input, &case.declared(), &[])?;
    let known = case.known(input, loaded.profile.zone)?;
    let history = interval(input, &loaded.profile, None)?;
    let lasting = match args.lasting {
        Some(lasting) => lasting,
        None => {
            let step = loaded.profile.granularity.nominal().millis();
            Duration::from_millis(step.saturating_mul(BUCKETS))?
        }
    };
    let arrival = args.arrival_delay.unwrap_or(Duration::ZERO);
    let waits = arrival.max(loaded.profile.completeness_delay);
    let within = match args.within {
        Some(within) => within,
        None => Duration::from_millis(lasting.millis().saturating_add(waits.millis()))?,
    };
    let params = InjectionParams {
        lasting,
        within,
        trials: args.trials,
        seed: args.seed,
        arrival,
    };
    let incidents: Vec<Injected> = match args.incident.is_empty() {
        true => USUAL
            .iter()
            .map(|text| text.parse())
            .collect::<Result<_, _>>()?,
        false => args.incident.clone(),
    };
    let source = loaded.source()?;
    let (places, reported) = on_threads(input.threads, || {
        let frame = loaded.frame_of(0);
        let known = &known;
        let injection = Injection::new(&loaded.detection, frame, &source, history, known, params)?;
        let numbered = (0..).zip(&incidents);
        let all = numbered.map(|(number, incident)| injection.run(number, *incident));
        Ok::<_, Failure>((
            injection.places(),
            all.collect::<Result<Vec<Reported>, _>>()?,
        ))
    })??;
    if places < args.trials && !input.quiet {
        say(format_args!(
            "note: there are {places} places apart from everything that is found, each of which is \
             tried once"
        ));
    }
    let parts = loaded.detection.parts();
    let tried = parts[0].metric();
    let is_one = parts
        .iter()
        .all(|part| part.is_of_quality() || part.name() == parts[0].name());
    if !is_one && !input.quiet {
        say(format_args!(
            "note: incidents are put into `{tried}`, at which the first of the alerts looks; write each \
             of the others as a specification of its own to try it"
        ));
    }
    let asked = Asked {
        detection: loaded.detection.name(),
        history,
        params,
        places,
        reported: &reported,
    };
    write(&asked, args.format, out)?;
    Ok(Found::Nothing)
}
