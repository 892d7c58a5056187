//! What is counted and measured of one contestant.

use serde::Serialize;
use tuatara_metrics::operator::OperatorTally;
use tuatara_metrics::{ALERT_GAP, Answer, NabDecisions, Profile, Summary, Truth, summarise};

use crate::{Outcome, Result, ScoredSeries};

/// What is counted and measured of one contestant, on one series or all.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// What an operator counts.
    pub operator: OperatorTally,
    /// Alerts that a filter took back, which are not among those.
    pub taken_back: usize,
    /// NAB with a detection at each row at whose end somebody was told, in the order of
    /// [`Profile::ALL`]; `None` without incidents.
    pub nab_told: [Option<f64>; 3],
    /// Measures of scores and of rows in alerts; `None` where nothing is known of incidents.
    pub quality: Option<Summary>,
}

impl Figures {
    /// Of `method`, on these series with their outcomes.
    pub(crate) fn of(
        method: &str,
        outcomes: &[(&ScoredSeries, &Outcome)],
        labelled: bool,
    ) -> Result<Self> {
        let mut operator = OperatorTally::default();
        let (mut taken_back, mut nab) = (0, NabDecisions::default());
        for (series, outcome) in outcomes {
            operator.add(&outcome.tally(series)?);
            taken_back += outcome.taken_back;
            if labelled {
                nab.add(&series.truth, &outcome.told)?;
            }
        }
        let quality = match labelled && !outcomes.is_empty() {
            true => {
                let truths: Vec<Truth> = outcomes.iter().map(|(s, _)| s.truth.clone()).collect();
                let answers: Vec<Answer> = outcomes.iter().map(|(_, o)| o.answer.clone()).collect();
                Some(summarise(method, &truths, &answers, ALERT_GAP)?)
            }
            false => None,
        };
        Ok(Self {
            operator,
            taken_back,
            nab_told: Profile::ALL.map(|profile| match labelled {
                true => nab.score(profile).score,
                false => None,
            }),
            quality,
        })
    }

    /// NAB with the threshold that is best on these labels, standard profile.
    pub fn nab_searched(&self) -> Option<f64> {
        self.quality.as_ref()?.nab_searched[0].score
    }

    /// Mean VUS-PR.
    pub fn vus_pr(&self) -> Option<f64> {
        self.quality.as_ref()?.vus_pr
    }

    /// Mean average precision.
    pub fn average_precision(&self) -> Option<f64> {
        self.quality.as_ref()?.average_precision
    }

    /// Mean range F1 of the rows in alerts.
    pub fn range_f1(&self) -> Option<f64> {
        self.quality.as_ref()?.range_f1
    }
}
