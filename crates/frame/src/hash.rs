//! A hash that never changes: 128-bit FNV-1a.
//!
//! ```text
//! h₀ = 0x6c62272e07bb014262b821756295c58d        h ← (h ⊕ byte) · 0x0000000001000000000000000000013b   mod 2¹²⁸
//! ```
//!
//! Source: Eastlake, Hansen, Fowler, Vo, Noll, *The FNV Non-Cryptographic Hash Algorithm*
//! (RFC 9923). It names things, so it is frozen; it keeps no secret and resists no attacker.

const OFFSET_BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

/// A 128-bit FNV-1a under way: the same writes give the same number on every machine, in every
/// version.
///
/// ```
/// use tuatara_frame::StableHash;
///
/// let mut hash = StableHash::new();
/// hash.write_str("revenue");
/// hash.write_i64(1_577_836_800_000);
/// assert_eq!(format!("{:032x}", hash.finish()), "de6c8925f87bd169d8a3d86885db3496");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StableHash(u128);

impl StableHash {
    /// A hash of nothing yet.
    pub const fn new() -> Self {
        Self(OFFSET_BASIS)
    }

    fn write_bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u128::from(*byte)).wrapping_mul(PRIME);
        }
    }

    /// Takes in the length of `text` in bytes, then its bytes, so that `"ab", "c"` and
    /// `"a", "bc"` differ.
    pub fn write_str(&mut self, text: &str) {
        self.write_bytes(&(text.len() as u64).to_le_bytes());
        self.write_bytes(text.as_bytes());
    }

    /// Takes in eight bytes, the least significant first.
    pub fn write_i64(&mut self, number: i64) {
        self.write_bytes(&number.to_le_bytes());
    }

    /// Takes in the eight bytes of `number`, the least significant first; all NaN are one.
    pub fn write_f64(&mut self, number: f64) {
        let number = if number.is_nan() { f64::NAN } else { number };
        self.write_bytes(&number.to_bits().to_le_bytes());
    }

    /// The hash of all that was written.
    pub const fn finish(&self) -> u128 {
        self.0
    }
}

impl Default for StableHash {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> String {
        let mut hash = StableHash::new();
        hash.write_bytes(bytes);
        format!("{:032x}", hash.finish())
    }

    /// Test vectors for 128-bit FNV-1a in RFC 9923: the empty string, `a` and `foobar`.
    #[test]
    fn the_published_vectors_agree() {
        assert_eq!(of(b""), "6c62272e07bb014262b821756295c58d");
        assert_eq!(of(b"a"), "d228cb696f1a8caf78912b704e4a8964");
        assert_eq!(of(b"foobar"), "343e1662793c64bf6f0d3597ba446f18");
    }

    #[test]
    fn neighbouring_strings_do_not_run_into_each_other() {
        let of = |parts: &[&str]| {
            let mut hash = StableHash::new();
            parts.iter().for_each(|part| hash.write_str(part));
            hash.finish()
        };
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
    }

    #[test]
    fn every_nan_is_the_same_and_signed_zeros_are_not() {
        let of = |number: f64| {
            let mut hash = StableHash::new();
            hash.write_f64(number);
            hash.finish()
        };
        assert_eq!(of(f64::NAN), of(f64::from_bits(0xfff8_0000_dead_beef)));
        assert_ne!(of(0.0), of(-0.0));
    }
}
