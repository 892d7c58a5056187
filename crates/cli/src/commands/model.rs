//! `tuatara model`: what a model says of itself.

use std::io::Write;

use tuatara::neural::Model;

use crate::Found;
use crate::args::ModelFile;
use crate::failure::Failure;

pub(crate) fn run(args: &ModelFile, out: &mut dyn Write) -> Result<Found, Failure> {
    let refused = |error| Failure::said(format!("{}: {error}", args.model.display()));
    let read;
    let model = match args.model.to_str() {
        Some(name) if name.eq_ignore_ascii_case("pretrained") => Model::pretrained(),
        _ => {
            read = Model::read(&args.model).map_err(|error| match error {
                // It names the file itself.
                error @ tuatara::neural::NeuralError::Read { .. } => {
                    Failure::said(error.to_string())
                }
                error => refused(error),
            })?;
            &read
        }
    };
    write!(out, "{}", model.card())?;
    let [forecaster, classifier] = model.parameters();
    writeln!(out, "threshold      {}", model.threshold())?;
    writeln!(
        out,
        "numbers        {forecaster} in the forecaster, {classifier} in the classifier"
    )?;
    Ok(Found::Nothing)
}
