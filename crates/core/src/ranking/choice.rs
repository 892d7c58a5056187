//! One ranking: what each slice did, and what becomes of it.

use tuatara_frame::{Aggregation, Duration};

use super::{Range, Ranking};

/// What a slice did over the lookback.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// The metric over the lookback; NaN where there was nothing.
    pub value: f64,
    /// Its live buckets; of no matter unless a [live zone](Ranking::live_above) is set.
    pub live: Live,
}

/// The live buckets of a slice.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Live {
    /// How many buckets the lookback has, those without a value included.
    pub of: usize,
    /// How many of them are live.
    pub buckets: usize,
    /// The sum of the values of those.
    pub sum: f64,
}

/// What was looked back at, the same for all slices.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LookedBack {
    /// How long that was, of which there are data.
    pub duration: Duration,
    /// How the metric of the ranking folds: only what is summed has a rate.
    pub aggregation: Aggregation,
}

/// What becomes of a slice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Choice {
    /// It is watched, as number `rank` by its value, from 1.
    Watched {
        /// Its place.
        rank: usize,
    },
    /// It is not.
    Left(Reason),
}

/// Why a slice is not watched: the first test that it fails, with the number that failed it and the
/// one that is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Reason {
    /// There was no value.
    Nothing,
    /// Its share of the sum of all is too small, or there are no shares (NaN).
    Share {
        /// Its share, a fraction.
        share: f64,
        /// What is asked.
        least: f64,
    },
    /// Its value is too small.
    TooSmall {
        /// What it is counted by.
        per: Per,
        /// Its value, or its rate.
        value: f64,
        /// What is asked.
        least: f64,
    },
    /// Its rate is too large.
    TooLarge {
        /// What it is counted by.
        per: Per,
        /// Its rate.
        value: f64,
        /// What is asked.
        most: f64,
    },
    /// Too few of its buckets are live.
    Dead {
        /// The share of live buckets, a fraction.
        share: f64,
        /// What is asked.
        least: f64,
        /// Above which value a bucket is live.
        above: f64,
    },
    /// The mean of its live buckets is too small.
    Faint {
        /// The mean.
        mean: f64,
        /// What is asked.
        least: f64,
        /// Above which value a bucket is live.
        above: f64,
    },
    /// Others come first.
    Rank {
        /// Its place by its value, from 1.
        rank: usize,
        /// How many are watched.
        first: usize,
    },
}

/// What a value is counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// The lookback as a whole.
    Lookback,
    /// An hour of it.
    Hour,
    /// 24 hours of it.
    Day,
}

impl Ranking {
    /// One choice for each of `standings`, which come in the order of the names of their slices.
    pub fn choose(&self, standings: &[Standing], over: LookedBack) -> Vec<Choice> {
        let total = Aggregation::Sum.of_rows(standings.iter().map(|standing| standing.value));
        let mut choices: Vec<Choice> = Vec::with_capacity(standings.len());
        let mut left: Vec<usize> = Vec::new();
        for (at, standing) in standings.iter().enumerate() {
            choices.push(match self.first_failure(standing, total, over) {
                Some(reason) => Choice::Left(reason),
                None => {
                    left.push(at);
                    Choice::Watched { rank: 0 }
                }
            });
        }
        // Stable: equal values stay in the order of names. Zero has one sign.
        left.sort_by(|a, b| (standings[*b].value + 0.0).total_cmp(&(standings[*a].value + 0.0)));
        for (place, at) in left.into_iter().enumerate() {
            let rank = place + 1;
            choices[at] = match self.first {
                Some(first) if rank > first => Choice::Left(Reason::Rank { rank, first }),
                _ => Choice::Watched { rank },
            };
        }
        choices
    }

    /// The first test that a slice fails, without a look at the others but for their `total`.
    fn first_failure(&self, standing: &Standing, total: f64, over: LookedBack) -> Option<Reason> {
        let Standing { value, live } = *standing;
        if value.is_nan() {
            return Some(Reason::Nothing);
        }
        if let Some(least) = self.least_share {
            let share = value / total;
            let share = if share.is_finite() { share } else { f64::NAN };
            if share.is_nan() || share < least {
                return Some(Reason::Share { share, least });
            }
        }
        if let (Some(least), None) = (self.least, self.live_above)
            && value < least
        {
            let per = Per::Lookback;
            return Some(Reason::TooSmall { per, value, least });
        }
        let hourly = over.rate(value, Duration::hours(1));
        let daily = over.rate(value, Duration::days(1));
        self.hourly
            .failure(Per::Hour, hourly)
            .or_else(|| self.daily.failure(Per::Day, daily))
            .or_else(|| self.lifeless(live))
    }

    fn lifeless(&self, live: Live) -> Option<Reason> {
        let (above, least_mean) = (self.live_above?, self.least?);
        // Fewer buckets than 2^53 have passed since 1970.
        let share = live.buckets as f64 / live.of as f64;
        let least = self.live_share;
        if share.is_nan() || share < least {
            return Some(Reason::Dead {
                share,
                least,
                above,
            });
        }
        let (mean, least) = (live.sum / live.buckets as f64, least_mean);
        // The mean of none is NaN: with a share of 0 asked, too, there has to be one.
        (mean.is_nan() || mean < least).then_some(Reason::Faint { mean, least, above })
    }
}

impl LookedBack {
    /// `value` per `time`, if it is summed.
    fn rate(self, value: f64, time: Duration) -> f64 {
        match self.aggregation {
            Aggregation::Sum | Aggregation::Count => {
                value * time.millis() as f64 / self.duration.millis() as f64
            }
            _ => value,
        }
    }
}

impl Range {
    fn failure(self, per: Per, value: f64) -> Option<Reason> {
        match (self.least, self.most) {
            (Some(least), _) if value < least => Some(Reason::TooSmall { per, value, least }),
            (_, Some(most)) if value > most => Some(Reason::TooLarge { per, value, most }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RankingSpec;

    const NAN: f64 = f64::NAN;

    fn week(aggregation: Aggregation) -> LookedBack {
        LookedBack {
            duration: Duration::days(7),
            aggregation,
        }
    }

    fn standings<const N: usize>(values: [f64; N]) -> [Standing; N] {
        values.map(|value| Standing {
            value,
            live: Live::default(),
        })
    }

    /// Of sums over a week, in the order of names.
    fn choose<const N: usize>(spec: RankingSpec, values: [f64; N]) -> Vec<Choice> {
        let over = week(Aggregation::Sum);
        spec.build().unwrap().choose(&standings(values), over)
    }

    /// The places of those that are watched, in the order of names; 0 for those that are not.
    fn ranks<const N: usize>(spec: RankingSpec, values: [f64; N]) -> Vec<usize> {
        let rank = |choice| match choice {
            Choice::Watched { rank } => rank,
            Choice::Left(_) => 0,
        };
        choose(spec, values).into_iter().map(rank).collect()
    }

    fn asks() -> RankingSpec {
        RankingSpec::default()
    }

    #[test]
    fn a_share_is_of_all_that_have_a_value_and_the_limit_itself_is_enough() {
        let spec = RankingSpec {
            min_contribution: Some(0.05),
            ..asks()
        };
        // Of 100: 90, 5, 4 and 1; the last has nothing.
        let choices = choose(spec, [90.0, 5.0, 4.0, 1.0, NAN]);
        let left = |share: f64| Choice::Left(Reason::Share { share, least: 0.05 });
        let expected = [
            Choice::Watched { rank: 1 },
            Choice::Watched { rank: 2 },
            left(0.04),
            left(0.01),
            Choice::Left(Reason::Nothing),
        ];
        assert_eq!(choices, expected);
    }

    #[test]
    fn of_a_sum_of_nothing_nobody_has_a_share() {
        let spec = RankingSpec {
            min_contribution: Some(0.0),
            ..asks()
        };
        assert_eq!(ranks(spec.clone(), [0.0, 0.0]), [0, 0]);
        assert_eq!(ranks(spec.clone(), [5.0, -5.0]), [0, 0]);
        assert_eq!(ranks(spec, [5.0, 0.0]), [1, 2]);
    }

    #[test]
    fn a_value_is_that_of_the_whole_lookback() {
        let spec = RankingSpec {
            min_value: Some(70.0),
            ..asks()
        };
        assert_eq!(ranks(spec, [69.9, 70.0, 71.0]), [0, 2, 1]);
    }

    #[test]
    fn a_rate_is_per_hour_and_per_day_of_the_lookback() {
        let spec = |min_value_hourly, max_value_daily| RankingSpec {
            min_value_hourly,
            max_value_daily,
            ..asks()
        };
        // 168 hours: 168 is 1 an hour and 24 a day.
        assert_eq!(ranks(spec(Some(1.0), None), [167.0, 168.0]), [0, 1]);
        assert_eq!(ranks(spec(None, Some(24.0)), [168.0, 169.0]), [1, 0]);
        let left = choose(spec(Some(2.0), None), [168.0]);
        let reason = Reason::TooSmall {
            per: Per::Hour,
            value: 1.0,
            least: 2.0,
        };
        assert_eq!(left, [Choice::Left(reason)]);
    }

    #[test]
    fn what_is_not_summed_has_no_rate() {
        let spec = RankingSpec {
            min_value_hourly: Some(20.0),
            max_value_daily: Some(30.0),
            ..asks()
        };
        let mean = week(Aggregation::Mean);
        let ranking = spec.build().unwrap();
        let choices = ranking.choose(&standings([19.0, 20.0, 30.0, 31.0]), mean);
        let watched = choices.iter().map(|c| matches!(c, Choice::Watched { .. }));
        assert_eq!(watched.collect::<Vec<_>>(), [false, true, true, false]);
    }

    #[test]
    fn the_first_k_are_those_with_the_largest_values_and_ties_go_by_name() {
        let spec = RankingSpec {
            k: Some(3),
            ..asks()
        };
        let values = [5.0, 9.0, 5.0, 5.0, 7.0, NAN];
        assert_eq!(ranks(spec.clone(), values), [3, 1, 0, 0, 2, 0]);
        let fourth = Reason::Rank { rank: 4, first: 3 };
        assert_eq!(choose(spec.clone(), values)[2], Choice::Left(fourth));
        // Fewer than k: all that have a value.
        assert_eq!(ranks(spec.clone(), [NAN, 1.0]), [0, 1]);
        // −0 and 0 are one value.
        assert_eq!(ranks(spec, [-0.0, 0.0]), [1, 2]);
    }

    /// Fails every test at once, one test less at a time.
    #[test]
    fn the_tests_are_made_in_the_documented_order() {
        let all = RankingSpec {
            min_contribution: Some(0.5),
            min_value: Some(500.0),
            min_value_hourly: Some(2.0),
            min_value_daily: Some(48.0),
            ..asks()
        };
        let reason = |spec: RankingSpec| match choose(spec, [168.0, 1000.0])[0] {
            Choice::Left(reason) => reason,
            watched => panic!("{watched:?}"),
        };
        assert!(matches!(reason(all.clone()), Reason::Share { .. }));
        let no_share = RankingSpec {
            min_contribution: None,
            ..all
        };
        let too_small = |of: Per, spec: RankingSpec| match reason(spec) {
            Reason::TooSmall { per, .. } => assert_eq!(per, of),
            other => panic!("{other:?}"),
        };
        too_small(Per::Lookback, no_share.clone());
        let no_value = RankingSpec {
            min_value: None,
            ..no_share
        };
        too_small(Per::Hour, no_value.clone());
        let no_hour = RankingSpec {
            min_value_hourly: None,
            ..no_value
        };
        too_small(Per::Day, no_hour.clone());
        let nothing_but_k = RankingSpec {
            min_value_daily: None,
            k: Some(1),
            ..no_hour
        };
        assert_eq!(reason(nothing_but_k), Reason::Rank { rank: 2, first: 1 });
    }

    #[test]
    fn only_those_that_pass_the_other_tests_take_a_place() {
        let spec = RankingSpec {
            k: Some(1),
            max_value_daily: Some(10.0),
            ..asks()
        };
        // 100 a day is too much: the next takes the first place.
        assert_eq!(ranks(spec, [700.0, 70.0, 7.0]), [0, 1, 0]);
    }

    /// Ten buckets with a value above 4 in some of them.
    fn alive(value: f64, buckets: usize, sum: f64) -> Standing {
        let of = 10;
        Standing {
            value,
            live: Live { of, buckets, sum },
        }
    }

    #[test]
    fn with_a_live_zone_half_of_the_buckets_must_be_live_and_their_mean_large_enough() {
        let ranking = RankingSpec {
            min_value: Some(6.0),
            min_live_zone: Some(4.0),
            ..asks()
        };
        let ranking = ranking.build().unwrap();
        // The value over the lookback, 1, is below 6: it is the mean of the live that counts.
        let standings = [
            alive(1.0, 5, 30.0),
            alive(1.0, 4, 400.0),
            alive(1.0, 5, 29.0),
            alive(1.0, 0, 0.0),
        ];
        let (least, above) = (0.5, 4.0);
        let dead = |share| {
            Choice::Left(Reason::Dead {
                share,
                least,
                above,
            })
        };
        let faint = Reason::Faint {
            mean: 5.8,
            least: 6.0,
            above,
        };
        let expected = [
            Choice::Watched { rank: 1 },
            dead(0.4),
            Choice::Left(faint),
            dead(0.0),
        ];
        let choices = ranking.choose(&standings, week(Aggregation::Sum));
        assert_eq!(choices, expected);
    }

    #[test]
    fn the_rates_are_tried_before_the_live_zone() {
        let ranking = RankingSpec {
            min_value: Some(6.0),
            min_live_zone: Some(4.0),
            min_value_hourly: Some(1.0),
            ..asks()
        };
        let over = week(Aggregation::Sum);
        let choices = ranking.build().unwrap().choose(&[alive(1.0, 0, 0.0)], over);
        let Choice::Left(Reason::TooSmall { per: Per::Hour, .. }) = choices[0] else {
            panic!("{choices:?}");
        };
    }
}
