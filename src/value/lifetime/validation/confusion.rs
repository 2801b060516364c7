use super::{Forecasts, Hiatus, Holdout, HoldoutRow};
use crate::money::Ratio;

/// Who was said to be active in the holdout, and who was. Exact counts; the shares are `None` where they would be of nobody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Confusion {
    /// Said to be active, and were.
    pub true_active: u64,
    /// Said to be active, and were not.
    pub false_active: u64,
    /// Said to be inactive, and were.
    pub true_inactive: u64,
    /// Said to be inactive, and were not.
    pub false_inactive: u64,
}

impl Confusion {
    fn add(self, row: HoldoutRow, active: bool) -> Confusion {
        let silent = row.customers - row.active;
        if active {
            Confusion { true_active: self.true_active + row.active, false_active: self.false_active + silent, ..self }
        } else {
            Confusion { false_inactive: self.false_inactive + row.active, true_inactive: self.true_inactive + silent, ..self }
        }
    }

    /// The share of customers of whom the truth was said.
    pub fn accuracy(&self) -> Option<Ratio> {
        let right = i128::from(self.true_active) + i128::from(self.true_inactive);
        Ratio::new(right, right + i128::from(self.false_active) + i128::from(self.false_inactive)).ok()
    }

    /// The share of those who were active that were said to be.
    #[doc(alias = "recall")]
    pub fn sensitivity(&self) -> Option<Ratio> {
        share(self.true_active, self.false_inactive)
    }

    /// The share of those who were inactive that were said to be.
    pub fn specificity(&self) -> Option<Ratio> {
        share(self.true_inactive, self.false_active)
    }
}

fn share(part: u64, rest: u64) -> Option<Ratio> {
    Ratio::new(part.into(), i128::from(part) + i128::from(rest)).ok()
}

impl Forecasts<'_> {
    /// Whoever buys in the holdout with a probability of ½ or more, is said to be active.
    pub fn confusion(&self) -> Confusion {
        self.with_rows().fold(Confusion::default(), |sum, (forecast, row)| sum.add(row, forecast.active >= 0.5))
    }
}

impl Hiatus {
    /// Whoever has been silent for longer than the threshold, is said to be inactive.
    pub fn confusion(&self, holdout: &Holdout) -> Confusion {
        holdout.rows().fold(Confusion::default(), |sum, row| sum.add(row, self.says_active(row.summary)))
    }
}
