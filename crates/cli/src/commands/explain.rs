//! `tuatara explain`: what was made of one instant, and why.

use std::io::Write;

use tuatara::frame::SliceKey;

use crate::Found;
use crate::args::Explain;
use crate::data::{Loaded, instant, interval, load, on_threads};
use crate::failure::Failure;

pub(crate) fn run(args: &Explain, out: &mut dyn Write) -> Result<Found, Failure> {
    let loaded = load(&args.input)?;
    let interval = interval(&args.input, &loaded.profile, None)?;
    let Loaded {
        detection,
        frame,
        profile,
    } = &loaded;
    let at = instant("--at", &args.at, profile.zone)?;
    let report = on_threads(args.input.threads, || detection.run(frame, interval))??;
    let slice: SliceKey = match (&args.slice, report.slices()) {
        (Some(text), _) => text.parse()?,
        (None, [only]) => only.key().clone(),
        (None, several) => {
            const SHOWN: usize = 8;
            let names: Vec<String> = several
                .iter()
                .take(SHOWN)
                .map(|slice| slice.key().to_string())
                .collect();
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
    Ok(Found::Nothing)
}
