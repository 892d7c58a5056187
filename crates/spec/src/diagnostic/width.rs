//! How many columns of a terminal a character takes.

/// Ranges of characters that take no column: combining marks, joiners, variation selectors.
const ZERO: [(u32, u32); 10] = [
    (0x0300, 0x036f),
    (0x0483, 0x0489),
    (0x0591, 0x05bd),
    (0x064b, 0x065f),
    (0x1ab0, 0x1aff),
    (0x1dc0, 0x1dff),
    (0x200b, 0x200f),
    (0x20d0, 0x20ff),
    (0xfe00, 0xfe0f),
    (0xfeff, 0xfeff),
];

/// Ranges of characters that take two columns: East Asian wide and full-width forms, pictographs.
const DOUBLE: [(u32, u32); 13] = [
    (0x1100, 0x115f),
    (0x2e80, 0x303e),
    (0x3041, 0x33ff),
    (0x3400, 0x4dbf),
    (0x4e00, 0x9fff),
    (0xa000, 0xa4cf),
    (0xac00, 0xd7a3),
    (0xf900, 0xfaff),
    (0xfe30, 0xfe6f),
    (0xff00, 0xff60),
    (0xffe0, 0xffe6),
    (0x1f300, 0x1faff),
    (0x20000, 0x3fffd),
];

/// Columns of `c`: 0, 1 or 2. Source: Unicode Standard Annex #11, *East Asian Width*, in ranges
/// of whole blocks.
pub(super) fn columns(c: char) -> usize {
    let within = |ranges: &[(u32, u32)]| {
        ranges
            .iter()
            .any(|&(first, last)| (first..=last).contains(&u32::from(c)))
    };
    if within(&ZERO) {
        0
    } else if within(&DOUBLE) {
        2
    } else {
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_take_one_column_ideographs_two_and_marks_none() {
        assert_eq!(['a', 'é', 'ß', '→'].map(columns), [1; 4]);
        assert_eq!(['収', '한', 'Ａ', '🦎'].map(columns), [2; 4]);
        assert_eq!(['\u{301}', '\u{200d}', '\u{feff}'].map(columns), [0; 3]);
    }
}
