use super::{Forecasts, ValidationError};
use crate::{numeric::count, value::lifetime::Summary};
use alloc::vec::Vec;

/// What customers are sorted into bins by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum By {
    /// Repeat purchases up to the split (x).
    Frequency,
    /// Days from the first purchase to the last (`t_x`).
    LastPurchase,
    /// Days without a purchase up to the split (T − `t_x`).
    DaysSinceLast,
}

/// The customers of one bin: what was expected of them, and what they did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// The least number in it.
    pub from: u32,
    /// The least number beyond it; `None` for the last bin.
    pub until: Option<u32>,
    /// How many customers it holds.
    pub customers: u64,
    /// Expected purchases in the holdout, of all together.
    pub expected: f64,
    /// Actual purchases in the holdout, of all together.
    pub actual: u64,
    /// How many were expected to buy in the holdout.
    pub expected_active: f64,
    /// How many bought in the holdout.
    pub active: u64,
}

impl By {
    fn of(self, customer: Summary) -> u32 {
        match self {
            By::Frequency => customer.x(),
            By::LastPurchase => customer.t_x_days(),
            By::DaysSinceLast => customer.days_since_last(),
        }
    }
}

impl Bin {
    /// 0 to 6 repeat purchases, and 7 or more: the bins of Fader, Hardie and Lee (2005), figure 4.
    pub const FREQUENCIES: [u32; 8] = [0, 1, 2, 3, 4, 5, 6, 7];

    /// Expected purchases of a customer; `None` without customers.
    pub fn mean_expected(&self) -> Option<f64> {
        (self.customers > 0).then(|| self.expected / count(self.customers))
    }

    /// Actual purchases of a customer; `None` without customers.
    pub fn mean_actual(&self) -> Option<f64> {
        (self.customers > 0).then(|| count(self.actual) / count(self.customers))
    }
}

impl Forecasts<'_> {
    /// Conditional expectations: the holdout of customers who looked alike at the split. Every bin goes from one of `starts` to the next,
    /// the last has no end, and a bin without customers stays.
    ///
    /// # Errors
    /// [`ValidationError::BadBins`] for `[]`, `[1, 2]` and `[0, 2, 2]`.
    #[doc(alias = "conditional expected transactions")]
    pub fn bins(&self, by: By, starts: &[u32]) -> Result<Vec<Bin>, ValidationError> {
        if starts.first() != Some(&0) || starts.windows(2).any(|pair| pair[0] >= pair[1]) {
            return Err(ValidationError::BadBins);
        }
        let ends = starts.iter().skip(1).copied().map(Some).chain([None]);
        let bin = |(from, until): (&u32, Option<u32>)| {
            let empty = Bin { from: *from, until, customers: 0, expected: 0.0, actual: 0, expected_active: 0.0, active: 0 };
            let inside = self.with_rows().filter(|(_, row)| {
                let number = by.of(row.summary);
                number >= *from && until.is_none_or(|until| number < until)
            });
            inside.fold(empty, |bin, (forecast, row)| Bin {
                customers: bin.customers + row.customers,
                expected: bin.expected + count(row.customers) * forecast.purchases,
                actual: bin.actual + row.purchases,
                expected_active: bin.expected_active + count(row.customers) * forecast.active,
                active: bin.active + row.active,
                ..bin
            })
        };
        Ok(starts.iter().zip(ends).map(bin).collect())
    }
}
