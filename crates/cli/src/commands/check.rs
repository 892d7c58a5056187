//! `tuatara check`: what is wrong with a specification.

use std::io::Write;

use crate::Found;
use crate::args::Check;
use crate::data::read_spec;
use crate::failure::Failure;
use crate::say::say;

/// Reads every specification, so that one pass shows all errors.
pub(crate) fn run(args: &Check, out: &mut dyn Write) -> Result<Found, Failure> {
    let mut refused = 0;
    for path in &args.specs {
        match read_spec(path) {
            Ok((detection, diagnosis)) => {
                if !diagnosis.is_empty() {
                    say(&diagnosis);
                }
                let rules: Vec<&str> = detection.rule_names().collect();
                writeln!(
                    out,
                    "{}: ok: {:?} on {} with {}",
                    path.display(),
                    detection.name(),
                    detection.metric(),
                    rules.join(", ")
                )?;
            }
            Err(failure) => {
                refused += 1;
                say(failure.text());
            }
        }
    }
    if refused == 0 {
        return Ok(Found::Nothing);
    }
    Err(Failure::said(format!(
        "{refused} of {} specifications cannot be used",
        args.specs.len()
    )))
}
