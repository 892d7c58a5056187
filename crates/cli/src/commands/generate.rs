//! `tuatara generate`: a synthetic dataset with its labels, and its dataset file where it has one.

use std::fs;
use std::io::Write;

use tuatara_synth::generate;

use crate::Found;
use crate::args::Generate;
use crate::failure::Failure;

pub(crate) fn run(args: &Generate, out: &mut dyn Write) -> Result<Found, Failure> {
    let dataset =
        generate(&args.name, args.seed).map_err(|error| Failure::said(error.to_string()))?;
    fs::create_dir_all(&args.output).map_err(|error| Failure::unwritten(&args.output, &error))?;
    for file in dataset.files() {
        let path = args.output.join(file.name);
        fs::write(&path, file.text).map_err(|error| Failure::unwritten(&path, &error))?;
        writeln!(out, "{}", path.display())?;
    }
    Ok(Found::Nothing)
}
