//! What a kept fit is recognised by.

/// A 128-bit hash of words, in their order.
///
/// Each word is mixed into the state by an odd 128-bit factor, and the halves are folded so that
/// every bit of a word reaches every bit of the state. It stays within a process: it is never
/// written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fingerprint(u128);

/// Odd, with bits all over: from the digits of π and e.
const FACTOR: u128 = 0x243F_6A88_85A3_08D3_B7E1_5162_8AED_2A6B;

impl Fingerprint {
    pub(crate) fn new() -> Self {
        Self(FACTOR)
    }

    #[inline]
    pub(crate) fn number(&mut self, word: u64) {
        let mixed = (self.0 ^ u128::from(word)).wrapping_mul(FACTOR);
        self.0 = mixed ^ (mixed >> 67);
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        for chunk in text.as_bytes().chunks(8) {
            let word = chunk
                .iter()
                .fold(0, |word, &byte| word << 8 | u64::from(byte));
            self.number(word);
        }
    }
}
