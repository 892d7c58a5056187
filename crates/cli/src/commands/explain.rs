//! `tuatara explain`: what was made of one instant, and why.

use std::io::Write;

use tuatara::frame::SliceKey;

use crate::Found;
use crate::args::Explain;
use crate::commands::{judge, load};
use crate::data::{instant, interval};
use crate::failure::Failure;
use crate::summary;

pub(crate) fn run(args: &Explain, out: &mut dyn Write) -> Result<Found, Failure> {
    let loaded = load(&args.input)?;
    let interval = interval(&args.input, &loaded.profile, None)?;
    let at = instant("--at", &args.at, loaded.profile.zone)?;
    let report = judge(&args.input, &loaded, interval, None)?;
    let mut keys: Vec<&SliceKey> = report.slices().iter().map(|slice| slice.key()).collect();
    keys.sort_unstable();
    keys.dedup();
    let slice: SliceKey = match (&args.slice, &keys[..]) {
        (Some(text), _) => text.parse()?,
        (None, [only]) => (*only).clone(),
        (None, several) => {
            const SHOWN: usize = 8;
            let names = several.iter().take(SHOWN).map(|key| key.to_string());
            let names: Vec<String> = names.collect();
            return Err(Failure::said(format!(
                "there are {} slices; choose one with --slice, such as {}",
                several.len(),
                names.join(", ")
            )));
        }
    };
    for (n, explanation) in report.explain(&slice, at)?.iter().enumerate() {
        if n > 0 {
            writeln!(out)?;
        }
        write!(out, "{explanation}")?;
    }
    out.flush()?;
    if !args.input.quiet {
        summary::grid(&report, &loaded)?;
    }
    Ok(Found::Nothing)
}
