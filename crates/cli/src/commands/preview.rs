//! `tuatara preview`: draw what was found, and what would have been.

use std::fs;
use std::io::{IsTerminal, Write};

use tuatara_report::{Ink, Page};

use crate::Found;
use crate::args::Preview;
use crate::commands::{judge, load};
use crate::data::{interval, is_stdin, keeps};
use crate::failure::Failure;
use crate::say::say;
use crate::summary::summary;

/// Colours where a terminal shows them, and nobody has asked for none.
pub(crate) fn ink() -> Ink {
    let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    match wanted && std::io::stdout().is_terminal() {
        true => Ink::Coloured,
        false => Ink::Plain,
    }
}

pub(crate) fn run(args: &Preview, out: &mut dyn Write) -> Result<Found, Failure> {
    if let Some(path) = &args.output {
        keeps(&args.input, &[&args.input.spec], path)?;
    }
    let loaded = load(&args.input)?;
    let interval = interval(&args.input, &loaded.profile, None)?;
    let report = judge(&args.input, &loaded, interval, None)?;
    if let Some(path) = &args.output {
        let page = Page::of(&report)
            .zone(loaded.profile.zone)
            .spec(loaded.text.as_str())
            .series(args.series)
            .html()?;
        if is_stdin(path) {
            out.write_all(page.as_bytes())?;
        } else {
            fs::write(path, &page).map_err(|error| Failure::unwritten(path, &error))?;
        }
    }
    if args.terminal {
        let drawing = Page::of(&report)
            .zone(loaded.profile.zone)
            .series(args.series);
        out.write_all(drawing.terminal(ink()).as_bytes())?;
    }
    out.flush()?;
    if !args.input.quiet {
        summary(&report, &loaded)?;
        if let Some(path) = args.output.as_ref().filter(|path| !is_stdin(path)) {
            say(format_args!(
                "note: {} can be opened in any browser",
                path.display()
            ));
        }
    }
    Ok(Found::Nothing)
}
