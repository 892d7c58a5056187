//! Writes the files of every dataset into a folder: `datasets` when none is named.
//!
//! `cargo run -p tuatara-synth --example write_datasets -- FOLDER`

use std::path::PathBuf;
use std::{env, error::Error, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::args().nth(1).unwrap_or_else(|| "datasets".to_owned()));
    fs::create_dir_all(&folder)?;
    for name in tuatara_synth::names() {
        let dataset = tuatara_synth::generate(name, None)?;
        for file in dataset.files() {
            fs::write(folder.join(file.name), file.text)?;
        }
        println!(
            "{}: {} rows, {} incidents, seed {}",
            dataset.data_file_name(),
            dataset.rows().count(),
            dataset.labels().len(),
            dataset.seed()
        );
    }
    Ok(())
}
