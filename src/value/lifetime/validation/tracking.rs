use super::{Holdout, ValidationError};
use crate::{
    calendar::{Period, days_from},
    numeric::count,
    value::lifetime::{PurchaseModel, Summary, TimeUnit},
};
use alloc::{collections::BTreeMap, vec::Vec};

/// The repeat purchases of a cohort, expected against actual, period by period through calibration and holdout. Periods are counted from
/// the day of the first customer's first purchase and half-open; the last may be shorter.
///
/// What is expected of a customer in so many days since their first purchase is the model's word for a new customer, so the curve shows
/// whether the model describes the cohort, not what it says of each (Fader, Hardie and Lee 2005, figures 2 and 3).
#[doc(alias = "tracking plot")]
#[derive(Clone, Debug, PartialEq)]
pub struct Tracking(Vec<Tracked>);

/// One period of a [`Tracking`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tracked {
    /// The days.
    pub period: Period,
    /// Repeat purchases that the model expects in them.
    pub expected: f64,
    /// Repeat purchases that were made in them.
    pub actual: u64,
    /// What the model expects up to the end of the period.
    pub expected_so_far: f64,
    /// What was bought up to the end of the period.
    pub actual_so_far: u64,
}

impl Tracking {
    /// Follows the customers of a table in periods of this length.
    ///
    /// # Errors
    /// [`ValidationError::NoCustomers`] for an empty table.
    pub fn of(model: &PurchaseModel, holdout: &Holdout, length: TimeUnit) -> Result<Tracking, ValidationError> {
        // Customers by the days from their first purchase to the split.
        let mut cohort: BTreeMap<u32, u64> = BTreeMap::new();
        for row in holdout.rows() {
            *cohort.entry(row.summary.t_days()).or_default() += row.customers;
        }
        let (longest, _) = cohort.last_key_value().ok_or(ValidationError::NoCustomers)?;
        let (split, longest) = (holdout.split(), *longest);
        let start = days_from(split.as_of(), 0_i32.saturating_sub_unsigned(longest))?;
        let days = split.days().saturating_add(longest).saturating_add(1);
        let new = model.outlook(Summary::NEW);
        let mut known = BTreeMap::new();
        let mut expected_by = |day: u32| -> f64 {
            let bought = cohort.iter().filter_map(|(t, customers)| Some((day.checked_sub(longest - t)?, customers)));
            bought.map(|(since, customers)| count(*customers) * *known.entry(since).or_insert_with(|| new.purchases(since))).sum()
        };
        let mut repeats = holdout.repeats().peekable();
        let (mut rows, mut from): (Vec<Tracked>, u32) = (Vec::new(), 0);
        while from < days {
            let until = from.saturating_add(length.as_days().get()).min(days);
            let day = |offset: u32| days_from(start, i32::try_from(offset).unwrap_or(i32::MAX));
            let period = Period::new(day(from)?, day(until)?)?;
            let mut actual = 0;
            while let Some((_, repeats)) = repeats.next_if(|(day, _)| *day < period.until()) {
                actual += repeats;
            }
            let (before, bought) = rows.last().map_or((0.0, 0), |row| (row.expected_so_far, row.actual_so_far));
            let expected_so_far = expected_by(until - 1);
            let (expected, actual_so_far) = (expected_so_far - before, bought + actual);
            rows.push(Tracked { period, expected, actual, expected_so_far, actual_so_far });
            from = until;
        }
        Ok(Tracking(rows))
    }

    /// The periods, in order.
    pub fn periods(&self) -> &[Tracked] {
        &self.0
    }
}
