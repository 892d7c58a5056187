#![doc = include_str!("../README.md")]
//!
//! # Contents
//!
//! | to …                                           | see                                            |
//! |------------------------------------------------|------------------------------------------------|
//! | say what is looked at                          | [`Studio`]                                     |
//! | show it in a browser                           | [`Studio::open`], [`Serving`]                  |

mod answer;
mod desk;
mod doors;
mod error;
mod figures;
mod guard;
mod knobs;
mod page;
mod read;
mod secret;
mod server;
mod sources;
mod studio;

pub use error::{Result, StudioError};
pub use server::Serving;
pub use studio::Studio;
