//! `tuatara generate`: a synthetic dataset with its labels.

use std::fs;
use std::io::Write;

use tuatara_synth::generate;

use crate::Found;
use crate::args::Generate;
use crate::failure::Failure;

pub(crate) fn run(args: &Generate, out: &mut dyn Write) -> Result<Found, Failure> {
    let dataset =
        generate(&args.name, args.seed).map_err(|error| Failure::said(error.to_string()))?;
    fs::create_dir_all(&args.output).map_err(|error| Failure::file(&args.output, &error))?;
    for (name, text) in [
        (dataset.data_file_name(), dataset.data_csv()),
        (dataset.labels_file_name(), dataset.labels_csv()),
    ] {
        let path = args.output.join(name);
        fs::write(&path, text).map_err(|error| Failure::file(&path, &error))?;
        writeln!(out, "{}", path.display())?;
    }
    Ok(Found::Nothing)
}
