//! "Did you mean …?": the known word that an unknown one was probably meant to be.

/// The candidate closest to `word`, if one is close enough to suggest.
///
/// Distance counts the letters to insert, delete, replace or swap with their neighbour, without
/// regard to case (*optimal string alignment*). A third of the letters of `word`, and at least one,
/// may differ. Of equally close candidates the first is taken.
///
/// ```
/// use tuatara_frame::closest;
///
/// assert_eq!(closest("offest", ["offset", "pattern"]), Some("offset"));
/// assert_eq!(closest("colour", ["offset", "pattern"]), None);
/// ```
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters = folded(word);
    let most = (letters.len() / 3).max(1);
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let other = folded(candidate);
            if other.len().abs_diff(letters.len()) > most {
                return None;
            }
            let distance = distance(&letters, &other);
            (distance <= most && distance < letters.len()).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn folded(word: &str) -> Vec<char> {
    word.chars().flat_map(char::to_lowercase).collect()
}

/// Edits from `a` to `b`, row by row; row i holds the distance of `a[..i]` to every `b[..j]`.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before = vec![0; b.len() + 1];
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replaced = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replaced.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(a: &str, b: &str) -> usize {
        distance(&folded(a), &folded(b))
    }

    #[test]
    fn one_edit_of_each_kind_costs_one() {
        assert_eq!(between("wo1w", "wo1w"), 0);
        assert_eq!(between("w01w", "wo1w"), 1);
        assert_eq!(between("w1w", "wo1w"), 1);
        assert_eq!(between("woo1w", "wo1w"), 1);
        assert_eq!(between("ow1w", "wo1w"), 1);
        assert_eq!(between("", "wo1w"), 4);
        assert_eq!(between("WO1W", "wo1w"), 0);
    }

    #[test]
    fn the_first_of_equally_close_words_is_taken() {
        assert_eq!(closest("max", ["mix", "mox"]), Some("mix"));
    }

    #[test]
    fn a_word_with_nothing_in_common_has_no_suggestion() {
        assert_eq!(closest("x", ["y", "z"]), None);
        assert_eq!(closest("", ["y"]), None);
        assert_eq!(closest("threshold", ["percentage"]), None);
    }
}
