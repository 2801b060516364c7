use super::JourneyError;
use crate::{
    calendar::{days_from, in_range, months_from},
    money::{Currency, Money, Ratio},
};
use alloc::{vec, vec::Vec};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What customers bring in their first year, their second, and so on: steps of tenure, each counted only of those who were customers for
/// all of it, and only when it is over.
///
/// A line that rises need not mean that customers become worth more: it rises too where those who bring little leave sooner. To see the
/// first alone, count only customers who stayed as long as the last step. That profit rises with tenure is the claim of Reichheld and
/// Sasser (1990); Reinartz and Kumar (2000) did not find it where no contract binds.
///
/// ```
/// use customer_value::{lifecycle::journey::TenureProfit, money::Currency};
///
/// let mut profit = TenureProfit::new(12, Currency::EUR)?;
/// let (first, last) = ("2022-03-01".parse()?, "2023-02-28".parse()?); // of the first year
/// let flows = [(first, "20.00 EUR".parse()?), (last, "5.00 EUR".parse()?), ("2023-03-01".parse()?, "40.00 EUR".parse()?)];
/// profit.push(first, None, flows, "2024-06-30".parse()?)?;
/// let means: Vec<String> = profit.steps().iter().map(|step| step.mean_minor().to_string()).collect();
/// assert_eq!(means, ["2500", "4000"]); // cents; the third year is not over
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "利润与客户年限")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct TenureProfit {
    months: u16,
    currency: Currency,
    steps: Vec<TenureStep>,
}

/// A step of tenure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TenureStep {
    /// Those who were customers for all of it, 1 or more.
    pub customers: u64,
    /// What they brought in it, together.
    pub profit: Money,
}

impl TenureStep {
    /// What each brought, in smallest units, exactly.
    pub fn mean_minor(&self) -> Ratio {
        // Never of nobody.
        Ratio::new(self.profit.minor().into(), self.customers.into()).unwrap_or(Ratio::ZERO)
    }
}

impl TenureProfit {
    /// A tally of nobody, in steps of so many months.
    ///
    /// # Errors
    /// [`NoMonths`](JourneyError::NoMonths) for 0.
    pub fn new(months: u16, currency: Currency) -> Result<TenureProfit, JourneyError> {
        if months == 0 { Err(JourneyError::NoMonths) } else { Ok(TenureProfit { months, currency, steps: Vec::new() }) }
    }

    /// Counts a customer from the first day on, by what the customer brought on which day, costs below zero. `until` is the first day on
    /// which he or she was no customer any more. What falls into a step that is not over, or was not finished, is left out.
    ///
    /// # Errors
    /// [`BeforeFirst`](JourneyError::BeforeFirst) for an amount or end before the first day; [`Money`](JourneyError::Money) for another
    /// currency or a sum that does not fit; [`TooMany`](JourneyError::TooMany); [`Calendar`](JourneyError::Calendar) for a day outside the
    /// years 1 to 9999. Nothing is counted then.
    pub fn push(
        &mut self,
        first: NaiveDate,
        until: Option<NaiveDate>,
        flows: impl IntoIterator<Item = (NaiveDate, Money)>,
        as_of: NaiveDate,
    ) -> Result<(), JourneyError> {
        let (first, known) = (in_range(first)?, days_from(in_range(as_of)?, 1)?);
        if let Some(day) = until.filter(|until| *until < first) {
            return Err(JourneyError::BeforeFirst { day, first });
        }
        // The ends of the steps that are over, counted from the first day, so that a month's end comes back after February.
        let over = until.map_or(known, |until| until.min(known));
        let mut ends = Vec::new();
        while let Some(end) = self.end(first, ends.len() + 1).filter(|end| *end <= over) {
            ends.push(end);
        }
        let mut sums = vec![Money::zero(self.currency); ends.len()];
        for (day, amount) in flows {
            if day < first {
                return Err(JourneyError::BeforeFirst { day, first });
            }
            let sum = Money::zero(self.currency).try_add(amount)?;
            if let Some(step) = sums.get_mut(ends.partition_point(|end| *end <= day)) {
                *step = step.try_add(sum)?;
            }
        }
        let one = |profit| TenureStep { customers: 1, profit };
        self.take(sums.into_iter().map(one))
    }

    /// The first day after so many steps; `None` beyond the calendar.
    fn end(&self, first: NaiveDate, steps: usize) -> Option<NaiveDate> {
        let months = i32::try_from(steps).ok()?.checked_mul(self.months.into())?;
        months_from(first, months).ok()
    }

    /// Takes in the customers of another tally.
    ///
    /// # Errors
    /// [`OtherSteps`](JourneyError::OtherSteps) for steps of another length; [`Money`](JourneyError::Money);
    /// [`TooMany`](JourneyError::TooMany). Nothing is taken in then.
    pub fn merge(&mut self, other: &TenureProfit) -> Result<(), JourneyError> {
        if self.months != other.months {
            return Err(JourneyError::OtherSteps);
        }
        Money::zero(self.currency).try_add(Money::zero(other.currency))?;
        self.take(other.steps.iter().copied())
    }

    fn take(&mut self, more: impl Iterator<Item = TenureStep>) -> Result<(), JourneyError> {
        let mut steps = self.steps.clone();
        for (at, more) in more.enumerate() {
            match steps.get_mut(at) {
                Some(step) => {
                    let customers = step.customers.checked_add(more.customers).ok_or(JourneyError::TooMany)?;
                    *step = TenureStep { customers, profit: step.profit.try_add(more.profit)? };
                }
                None => steps.push(more),
            }
        }
        self.steps = steps;
        Ok(())
    }

    /// The length of a step in months.
    pub const fn months(&self) -> u16 {
        self.months
    }

    /// The steps that somebody finished, the first one first. Later ones have no more customers than earlier ones.
    pub fn steps(&self) -> &[TenureStep] {
        &self.steps
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "TenureProfit")]
struct Wire {
    months: u16,
    currency: Currency,
    steps: Vec<TenureStep>,
}

impl TryFrom<Wire> for TenureProfit {
    type Error = JourneyError;

    fn try_from(wire: Wire) -> Result<TenureProfit, JourneyError> {
        let mut profit = TenureProfit::new(wire.months, wire.currency)?;
        let falls = wire.steps.windows(2).all(|pair| pair[1].customers <= pair[0].customers);
        if !falls || wire.steps.iter().any(|step| step.customers == 0) {
            return Err(JourneyError::BadCounts);
        }
        for step in &wire.steps {
            Money::zero(wire.currency).try_add(step.profit)?;
        }
        profit.steps = wire.steps;
        Ok(profit)
    }
}

impl From<TenureProfit> for Wire {
    fn from(profit: TenureProfit) -> Wire {
        Wire { months: profit.months, currency: profit.currency, steps: profit.steps }
    }
}
