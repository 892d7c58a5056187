//! Two detectors that know nothing: what chance gives, and what flagging everything gives. A figure
//! that is not above both says nothing.

use crate::{Decisions, MetricsError, Result, Scores};

/// What a method says of one series: its scores, and its own decisions.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// A score for every row.
    pub scores: Scores,
    /// A decision on every row.
    pub decisions: Decisions,
}

/// A detector that draws its scores from a seed, evenly from [0, 1), and flags a fixed share.
///
/// The bits are SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, *Fast splittable pseudorandom number
/// generators*, OOPSLA 2014). The stream of a series starts at the first output for the state
/// `a + series`, where `a` is the first output for the seed; a score is the upper 53 of 64 bits
/// times 2⁻⁵³.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RandomDetector {
    seed: u64,
    rate: f64,
}

impl RandomDetector {
    /// A detector that flags the rows whose score is `1 − rate` or higher.
    ///
    /// # Errors
    /// [`MetricsError::Setting`] unless `rate` is in [0, 1].
    pub fn new(seed: u64, rate: f64) -> Result<Self> {
        if (0.0..=1.0).contains(&rate) {
            return Ok(Self { seed, rate });
        }
        Err(MetricsError::Setting {
            field: "rate of the random detector",
            value: rate,
            range: "[0, 1]",
            fix: "0.01 flags one row in a hundred",
        })
    }

    /// Its answer for series number `series` of `rows` rows: a function of these and the seed.
    pub fn answer(&self, series: u64, rows: usize) -> Answer {
        let start = SplitMix64(self.seed).next().wrapping_add(series);
        let mut bits = SplitMix64(SplitMix64(start).next());
        let scores: Vec<f64> = (0..rows).map(|_| bits.uniform()).collect();
        let decisions = scores
            .iter()
            .map(|&score| score >= 1.0 - self.rate)
            .collect();
        Answer {
            scores: Scores::new(scores).expect("numbers in [0, 1) are finite"),
            decisions: Decisions::new(decisions),
        }
    }
}

/// The answer that flags each of `rows` rows with a score of 1.
pub fn flag_everything(rows: usize) -> Answer {
    Answer {
        scores: Scores::new(vec![1.0; rows]).expect("1 is finite"),
        decisions: Decisions::new(vec![true; rows]),
    }
}

struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn uniform(&mut self) -> f64 {
        const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
        (self.next() >> 11) as f64 * STEP
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bits_are_the_published_sequence() {
        // The first five outputs for the seed 1234567, as published with the generator.
        let mut bits = SplitMix64(1_234_567);
        let five = [(); 5].map(|()| bits.next());
        let published = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        assert_eq!(five, published);
    }

    #[test]
    fn seed_and_series_each_make_another_answer_and_nothing_else_does() {
        let detector = RandomDetector::new(1, 0.01).unwrap();
        let first = detector.answer(0, 100);
        assert_eq!(first, detector.answer(0, 100));
        assert_ne!(first, detector.answer(1, 100));
        assert_ne!(first, RandomDetector::new(2, 0.01).unwrap().answer(0, 100));
        assert_ne!(
            detector.answer(1, 9),
            RandomDetector::new(0, 0.01).unwrap().answer(1, 9)
        );
    }

    #[test]
    fn it_flags_the_share_that_was_asked() {
        let answer = RandomDetector::new(3, 0.1).unwrap().answer(0, 40_000);
        let flagged = answer
            .decisions
            .flags()
            .iter()
            .filter(|&&flag| flag)
            .count();
        // 4 000, with deviation √(40 000 · 0.1 · 0.9) = 60.
        assert!((3_700..=4_300).contains(&flagged), "{flagged}");
    }

    #[test]
    fn a_rate_that_is_no_share_is_refused() {
        let error = RandomDetector::new(3, f64::NAN).unwrap_err();
        assert_eq!(
            error.to_string(),
            "rate of the random detector is NaN, outside [0, 1]; 0.01 flags one row in a hundred"
        );
    }
}
