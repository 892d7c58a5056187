//! The model that comes with this crate.
//!
//! ```sh
//! cargo run --release -p tuatara-cli --features train -- \
//!     train --seed 1 --name pretrained -o crates/neural/models/pretrained.safetensors
//! ```
//!
//! makes the file again, in the root of the workspace: the same bytes on the same kind of processor, as
//! the matrix kernels that candle trains with choose their instructions by it.

use std::sync::{Arc, OnceLock};

use crate::model::Model;

/// The file.
const BYTES: &[u8] = include_bytes!("../models/pretrained.safetensors");

impl Model {
    /// The model that comes with this crate: trained on the series of `tuatara-synth` alone.
    ///
    /// ```
    /// let model = tuatara_neural::Model::pretrained();
    /// assert_eq!(model.card().name, "pretrained");
    /// ```
    #[must_use]
    pub fn pretrained() -> &'static Self {
        kept()
    }

    /// The same, shared.
    pub(crate) fn shared() -> Arc<Self> {
        Arc::clone(kept())
    }
}

fn kept() -> &'static Arc<Model> {
    static KEPT: OnceLock<Arc<Model>> = OnceLock::new();
    KEPT.get_or_init(|| {
        let model = Model::from_bytes(BYTES);
        Arc::new(model.expect("the file that comes with this crate is a model"))
    })
}
