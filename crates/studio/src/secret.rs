//! The secret in the address of the page: whoever does not know it gets nothing.

use std::fmt::Write;
use std::hint::black_box;

use crate::{Result, StudioError};

/// Random bytes of a secret: 128 bits.
const BYTES: usize = 16;

/// A secret of 32 hexadecimal digits.
#[derive(Clone)]
pub(crate) struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// A new one, of the randomness of the system.
    ///
    /// # Errors
    /// [`StudioError::NoSecret`] where the system has none to give.
    pub(crate) fn new() -> Result<Self> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes).map_err(|error| StudioError::NoSecret(error.to_string()))?;
        let mut text = String::with_capacity(2 * BYTES);
        for byte in bytes {
            let _ = write!(text, "{byte:02x}");
        }
        Ok(Self(text))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `text` is the secret. The time it takes says how long `text` is, and nothing else.
    pub(crate) fn is(&self, text: &str) -> bool {
        let (own, other) = (self.0.as_bytes(), text.as_bytes());
        if own.len() != other.len() {
            return false;
        }
        let differ = own
            .iter()
            .zip(other)
            .fold(0, |differ, (a, b)| black_box(differ | (a ^ b)));
        black_box(differ) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn no_two_secrets_are_the_same_and_each_is_only_itself() {
        let (one, other) = (Secret::new().unwrap(), Secret::new().unwrap());
        assert!(one.is(one.as_str()) && !one.is(other.as_str()));
        assert_eq!(one.as_str().len(), 32);
        assert!(
            !one.is("") && !one.is(&one.as_str()[1..]) && !one.is(&format!("{}0", one.as_str()))
        );
        assert_eq!(format!("{one:?}"), "Secret(…)");
    }
}
