//! Where incidents lie: drawn evenly among the places that the rules allow.

use std::ops::Range;

use crate::draw::Draw;

/// Draws for one incident before the whole plan starts again.
const TRIES: usize = 200;
/// Plans before the rules are held to leave no room.
const PLANS: usize = 200;

/// Spans of these `lengths`, in their order, inside `room`, at least `gap` steps between any two.
///
/// `admits(placed, span)` is the caller's own condition on one more span. `None` when no plan was found.
pub(crate) fn place(
    draw: &mut Draw,
    lengths: &[usize],
    room: Range<usize>,
    gap: usize,
    admits: impl Fn(&[Range<usize>], &Range<usize>) -> bool,
) -> Option<Vec<Range<usize>>> {
    (0..PLANS).find_map(|_| {
        let mut placed: Vec<Range<usize>> = Vec::with_capacity(lengths.len());
        for &length in lengths {
            let starts = (room.len() + 1).checked_sub(length)?;
            let span = (0..TRIES).find_map(|_| {
                let start = room.start + draw.below(starts);
                let span = start..start + length;
                let is_apart = |other: &Range<usize>| {
                    span.start >= other.end + gap || other.start >= span.end + gap
                };
                (starts > 0 && placed.iter().all(is_apart) && admits(&placed, &span))
                    .then_some(span)
            })?;
            placed.push(span);
        }
        Some(placed)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_keep_their_length_their_distance_and_to_the_room() {
        let lengths = [3, 1, 2, 3];
        for seed in 0..50 {
            let mut draw = Draw::new(seed, "placement", 0);
            let mut spans = place(&mut draw, &lengths, 10..50, 5, |_, _| true).unwrap();
            assert!(
                spans
                    .iter()
                    .zip(lengths)
                    .all(|(span, length)| span.len() == length)
            );
            spans.sort_by_key(|span| span.start);
            assert!(spans[0].start >= 10 && spans[3].end <= 50);
            assert!(
                spans
                    .windows(2)
                    .all(|pair| pair[1].start >= pair[0].end + 5)
            );
        }
    }

    #[test]
    fn a_span_may_fill_the_room() {
        let spans = place(&mut Draw::new(1, "", 0), &[4], 2..6, 9, |_, _| true).unwrap();
        assert_eq!((spans.len(), spans[0].clone()), (1, 2..6));
    }

    #[test]
    fn the_callers_condition_is_kept() {
        let mut draw = Draw::new(1, "placement", 0);
        let spans = place(&mut draw, &[1; 5], 0..100, 0, |_, span| span.start % 7 == 0).unwrap();
        assert!(spans.iter().all(|span| span.start % 7 == 0));
    }

    #[test]
    fn too_little_room_is_found_out() {
        let mut draw = Draw::new(1, "placement", 0);
        assert_eq!(place(&mut draw, &[3, 3], 0..8, 3, |_, _| true), None);
        assert_eq!(place(&mut draw, &[3], 0..2, 0, |_, _| true), None);
        assert_eq!(place(&mut draw, &[1], 5..5, 0, |_, _| true), None);
        assert_eq!(place(&mut draw, &[], 5..5, 0, |_, _| true), Some(vec![]));
    }
}
