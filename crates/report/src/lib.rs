#![doc = include_str!("../README.md")]
//!
//! # Contents
//!
//! | to …                                             | see                          |
//! |--------------------------------------------------|------------------------------|
//! | write a page that can be mailed and opened anywhere | [`Page::html`]            |
//! | draw one slice for a document or a ticket        | [`Draw::to_svg`], [`Page::svg`] |
//! | draw on a terminal                               | [`Page::terminal`]           |
//! | show a report in a page of one's own, as it changes | [`Page::parts`], [`Parts`]        |
//! | say why something is an anomaly, in one clause   | [`reason::reason`]           |
//! | show instants by a local clock                   | [`Clock`]                    |

mod chart;
mod clock;
mod columns;
mod dates;
mod draw;
mod incidents;
mod internals;
mod overview;
mod page;
mod panel;
mod path;
mod rank;
pub mod reason;
mod scale;
mod span;
mod style;
mod table;
mod terminal;
mod text;

pub use clock::Clock;
pub use draw::Draw;
pub use page::{Page, Parts, SERIES};
pub use terminal::Ink;
