//! Which stages ran.

use std::fmt;
use std::ops::AddAssign;

/// How often a stage ran, and how often what it had made before was taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Counted {
    /// Times that it ran.
    pub ran: usize,
    /// Times that it did not have to.
    pub kept: usize,
}

/// What an answer of a [`Session`](super::Session) took, stage by stage. Its
/// [`Display`](fmt::Display) is a clause such as `ran 100 judgings and 100 folds; kept 100 series and
/// 100 forecasts`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct Ran {
    /// Rankings of slices, one for each part that has one.
    pub rankings: Counted,
    /// Series put on a grid, for each slice and clock; those that filters compare with, too.
    pub series: Counted,
    /// What is expected, for each slice and rule that has an expectation apart from its judge: here
    /// models are fitted. Where some buckets were there, from another interval, and the rest was asked
    /// for, that ran.
    pub forecasts: Counted,
    /// Rows, for each slice and rule.
    pub judgings: Counted,
    /// Folds of rows with filters, thinning, merger and labeler, for each slice and rule.
    pub folds: Counted,
    /// Joins of what several rules found, for each slice.
    pub joins: Counted,
    /// Gatherings into incidents, which are made anew for each answer: for each slice, or one for all.
    pub gatherings: Counted,
}

impl Ran {
    /// The stages in their order, with what one of each is called, and several.
    fn stages(&self) -> [(Counted, [&'static str; 2]); 7] {
        [
            (self.rankings, ["ranking", "rankings"]),
            (self.series, ["series", "series"]),
            (self.forecasts, ["forecast", "forecasts"]),
            (self.judgings, ["judging", "judgings"]),
            (self.folds, ["fold", "folds"]),
            (self.joins, ["join", "joins"]),
            (self.gatherings, ["gathering", "gatherings"]),
        ]
    }

    fn list(&self, number: fn(Counted) -> usize) -> String {
        let named = |(counted, [one, many]): &(Counted, [&str; 2])| match number(*counted) {
            0 => None,
            1 => Some(format!("1 {one}")),
            more => Some(format!("{more} {many}")),
        };
        let mut named: Vec<String> = self.stages().iter().filter_map(named).collect();
        let Some(last) = named.pop() else {
            return "nothing".to_owned();
        };
        match named.is_empty() {
            true => last,
            false => format!("{} and {last}", named.join(", ")),
        }
    }
}

impl fmt::Display for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (ran, kept) = (self.list(|stage| stage.ran), self.list(|stage| stage.kept));
        write!(f, "ran {ran}; kept {kept}")
    }
}

impl AddAssign for Counted {
    fn add_assign(&mut self, more: Self) {
        self.ran += more.ran;
        self.kept += more.kept;
    }
}

impl AddAssign for Ran {
    fn add_assign(&mut self, more: Self) {
        self.rankings += more.rankings;
        self.series += more.series;
        self.forecasts += more.forecasts;
        self.judgings += more.judgings;
        self.folds += more.folds;
        self.joins += more.joins;
        self.gatherings += more.gatherings;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_says_in_words_what_it_took() {
        let counted = |ran, kept| Counted { ran, kept };
        let first = Ran {
            series: counted(3, 0),
            judgings: counted(6, 0),
            folds: counted(6, 0),
            ..Ran::default()
        };
        assert_eq!(
            first.to_string(),
            "ran 3 series, 6 judgings and 6 folds; kept nothing"
        );
        let second = Ran {
            series: counted(0, 3),
            judgings: counted(0, 6),
            folds: counted(1, 5),
            ..Ran::default()
        };
        assert_eq!(
            second.to_string(),
            "ran 1 fold; kept 3 series, 6 judgings and 5 folds"
        );
    }
}
