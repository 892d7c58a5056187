//! Which method is best on which kind of data, with one default for all series of a kind, and with one
//! for all kinds?
//!
//! ```text
//! development_table run METHODS NAME=FOLDER[,SOURCE][,most=N][,columns=N] …   prints figures as CSV
//! development_table tables FIGURES …                                          makes tables of them
//! development_table mistakes SPEC NAME=FOLDER[,SOURCE] FOLDER                 draws the five worst
//!
//! METHODS   a folder for each method, in it a specification for each setting, on the metric `value`
//! SOURCE    a .json with the windows of NAB; or what numbers in the time column count: s, ms, or
//!           rows=STEP for row counters, which are given that step to have a clock at all
//! most=N    the N series of each half with the smallest SHA-256 of their path, where all are too many
//! columns=N the N columns of a file with the smallest SHA-256 of `path#column`, likewise
//! ```
//!
//! The series are halved by the SHA-256 of their path below the folder: even, odd by its last bit. The
//! default of a method is chosen on the even half alone. For a kind it is the setting with the best
//! event F1 there, the harmonic mean of the precision of alerts and the share of incidents found; for
//! NAB the setting with the best NAB score, its threshold searched, of scores thinned, the score of the
//! alerts as told breaking ties. Over all kinds it is the setting with the best sum of event F1. A
//! file with several columns is judged column by column; the highest score counts, and an alert on any
//! column is one. Nothing is learnt from labels. A setting that a series refuses is left out, and said.

mod figures;
mod judge;
mod mistakes;
mod read;
mod tables;

use std::error::Error;
use std::path::Path;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Outcome<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["run", methods, ref kinds @ ..] => figures::print(Path::new(methods), kinds),
        ["tables", ref figures @ ..] => tables::print(figures),
        ["mistakes", spec, kind, folder] => {
            mistakes::draw(Path::new(spec), kind, Path::new(folder))
        }
        _ => {
            println!("give `run`, `tables` or `mistakes`; see the head of this example");
            Ok(())
        }
    }
}
