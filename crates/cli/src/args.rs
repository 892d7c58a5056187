//! The command line. These names are public: they stay.
//!
//! | file        | holds                                                              |
//! |-------------|--------------------------------------------------------------------|
//! | `input`     | what to run over what, and how to read it                          |
//! | `form`      | forms of what is written                                           |
//! | `detection` | commands that read, run and draw a detection                       |
//! | `quality`   | commands that say how good a detection is                          |
//! | `files`     | commands that write and describe files of the project's own        |
//! | `left_out`  | commands that other builds have                                    |

mod detection;
mod files;
mod form;
mod input;
#[cfg(not(all(feature = "studio", feature = "train")))]
mod left_out;
mod quality;

use clap::{Parser, Subcommand};

#[cfg(feature = "studio")]
pub(crate) use detection::Studio;
pub(crate) use detection::{Check, Detect, Explain, Points, Preview};
#[cfg(feature = "train")]
pub(crate) use files::Train;
pub(crate) use files::{Described, Generate, ModelFile, Schema};
pub(crate) use form::{FigureFormat, Format, PointsFormat, Profile, Rows};
pub(crate) use input::{Columns, Input};
#[cfg(not(all(feature = "studio", feature = "train")))]
use left_out::LeftOut;
pub(crate) use quality::{Backtest, Diff, Inject, Labels, Tune};

/// Finds anomalies in time series, says why, and stays quiet otherwise.
#[derive(Debug, Parser)]
#[command(
    name = "tuatara",
    version,
    after_help = "Exit status: 0 nothing found, 1 anomalies found, 2 error."
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read specifications and say what is wrong with them
    Check(Check),
    /// Find anomalies
    Detect(Detect),
    /// Write one row per slice, rule and bucket
    Points(Points),
    /// Say what was made of one instant, and why
    Explain(Explain),
    /// Say what detections would have told, and how good that was
    Backtest(Backtest),
    /// Say what another specification would have told instead
    Diff(Diff),
    /// Find the value of a setting that keeps to a budget of alerts
    Tune(Tune),
    /// Say which incidents would be told, and how soon, by putting them into the data
    Inject(Inject),
    /// Draw what was found, and what would have been
    Preview(Preview),
    /// Turn the knobs of a specification in a browser, and see what it would have found
    #[cfg(feature = "studio")]
    Studio(Studio),
    /// Not in this build: turn the knobs of a specification in a browser
    #[cfg(not(feature = "studio"))]
    #[command(hide = true)]
    Studio(LeftOut),
    /// Write a synthetic dataset with its labels
    Generate(Generate),
    /// Write the JSON Schema of a kind of file, for editors, or the reference of all keys
    Schema(Schema),
    /// Say what a model of ALERTIGER_RULE is
    Model(ModelFile),
    /// Train a model for ALERTIGER_RULE
    #[cfg(feature = "train")]
    Train(Train),
    /// Not in this build: train a model for ALERTIGER_RULE
    #[cfg(not(feature = "train"))]
    #[command(hide = true)]
    Train(LeftOut),
}
