//! Why there is no live preview.

use std::io;
use std::net::SocketAddr;

/// Result of this crate.
pub type Result<T, E = StudioError> = std::result::Result<T, E>;

/// Why there is no live preview.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StudioError {
    /// The port is taken, or not allowed.
    #[error(
        "{address} cannot be listened on: {error}; choose another --port, or 0 for any that is free"
    )]
    Bind {
        /// The loopback address with the port.
        address: SocketAddr,
        /// What the system says.
        error: io::Error,
    },
    /// The system gives no random bytes, without which the page would have no secret.
    #[error(
        "the system gives no random bytes for the secret of the page: {0}; nothing is served without"
    )]
    NoSecret(String),
    /// Serving ended.
    #[error("the page can no longer be served: {0}; start it again")]
    Serve(#[from] io::Error),
}
