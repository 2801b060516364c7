use super::{EconomicsError, Referrals, worth::same_currency};
use crate::money::{Currency, Money, MoneyError};
use alloc::{collections::BTreeMap, string::ToString, vec::Vec};
use core::fmt::Display;
use serde::{Deserialize, Serialize};

/// Among several who brought the same customer, whose credit it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Claim {
    /// Theirs who came first. Those of the same first day share it equally: the order of records decides nothing.
    First,
    /// Everybody's, in equal parts.
    Equal,
}

/// How the value of those who were brought is credited to those who brought them, and how far up.
///
/// The weights are those of the levels, nearest first: `[3, 1]` gives three quarters to who brought the customer and a quarter to who
/// brought them. Where nobody stands further up, the rest stays with the last who does.
///
/// ```
/// use customer_value::value::economics::{Claim, CreditPolicy};
///
/// let direct = CreditPolicy::new(Claim::First, [1])?;
/// assert_eq!(direct.levels().len(), 1);
/// assert!(CreditPolicy::new(Claim::Equal, []).is_err());
/// # Ok::<(), customer_value::value::economics::EconomicsError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct CreditPolicy {
    claim: Claim,
    levels: Vec<u32>,
}

impl CreditPolicy {
    /// Whose credit it is, and the weight of each level, nearest first.
    ///
    /// # Errors
    /// [`BadLevels`](EconomicsError::BadLevels) for none, for more than 16, and if the first weight is 0.
    pub fn new(claim: Claim, levels: impl Into<Vec<u32>>) -> Result<CreditPolicy, EconomicsError> {
        let levels = levels.into();
        let good = levels.len() <= 16 && levels.first().is_some_and(|&first| first > 0);
        if good { Ok(CreditPolicy { claim, levels }) } else { Err(EconomicsError::BadLevels) }
    }

    /// Whose credit it is.
    pub const fn claim(&self) -> Claim {
        self.claim
    }

    /// The weight of each level, nearest first.
    pub fn levels(&self) -> &[u32] {
        &self.levels
    }
}

/// What customers are credited with for those whom they brought. All credits and what is nobody's add up to the values that came in, to
/// the smallest unit.
///
/// A credit is no value of its own: it says whom a value that is counted elsewhere is due to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credits<K> {
    credits: BTreeMap<K, Money>,
    uncredited: Money,
}

impl<K: Ord> Credits<K> {
    /// What a customer is credited with; nothing for those who brought nobody.
    pub fn of(&self, customer: &K) -> Money {
        self.credits.get(customer).copied().unwrap_or(Money::zero(self.uncredited.currency()))
    }

    /// Everybody who is credited with something, in order of key.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&K, Money)> {
        self.credits.iter().map(|(customer, &money)| (customer, money))
    }

    /// The value of those whom nobody brought.
    pub const fn uncredited(&self) -> Money {
        self.uncredited
    }

    /// All of it: what came in.
    ///
    /// # Errors
    /// [`Money`](EconomicsError::Money) if it does not fit an amount.
    pub fn total(&self) -> Result<Money, EconomicsError> {
        let all = self.credits.values().copied().chain([self.uncredited]);
        Ok(Money::sum(all, self.uncredited.currency())?)
    }
}

impl<K: Ord + Clone + Display> Referrals<K> {
    /// Credits the values of customers to those who brought them. Every value is divided once, so nothing counts twice; a value below
    /// zero (returns) is a credit below zero. Smallest units that do not divide go to the first in order of key.
    ///
    /// # Errors
    /// [`Twice`](EconomicsError::Twice) for two values of one customer; [`Money`](EconomicsError::Money) for another currency, and if a
    /// sum does not fit.
    ///
    /// ```
    /// use customer_value::{money::Currency, value::economics::{Claim, CreditPolicy, Referrals}};
    ///
    /// let mut referrals = Referrals::new();
    /// referrals.push("Chen", "Li", "2024-01-05".parse()?)?;
    /// referrals.push("Li", "Wu", "2024-02-05".parse()?)?;
    /// referrals.push("Zhao", "Wu", "2024-02-06".parse()?)?; // a day late
    ///
    /// let policy = CreditPolicy::new(Claim::First, [3, 1])?;
    /// let values = [("Chen", "500 EUR".parse()?), ("Li", "80 EUR".parse()?), ("Wu", "100 EUR".parse()?)];
    /// let credits = referrals.credit(values, &policy, Currency::EUR)?;
    /// assert_eq!(credits.of(&"Li").to_string(), "75.00 EUR"); // three quarters of Wu
    /// assert_eq!(credits.of(&"Chen").to_string(), "105.00 EUR"); // all of Li, and a quarter of Wu
    /// assert_eq!(credits.of(&"Zhao").to_string(), "0.00 EUR");
    /// assert_eq!(credits.uncredited().to_string(), "500.00 EUR"); // nobody brought Chen
    /// assert_eq!(credits.total()?.to_string(), "680.00 EUR");
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn credit(
        &self,
        values: impl IntoIterator<Item = (K, Money)>,
        policy: &CreditPolicy,
        currency: Currency,
    ) -> Result<Credits<K>, EconomicsError> {
        let mut distinct = BTreeMap::new();
        for (customer, value) in values {
            same_currency(currency, value.currency())?;
            if distinct.contains_key(&customer) {
                return Err(EconomicsError::Twice(customer.to_string()));
            }
            distinct.insert(customer, value);
        }
        // In smallest units: values above and below zero may add up to an amount only at the end.
        let (mut sums, mut uncredited) = (BTreeMap::new(), 0_i128);
        for (customer, value) in &distinct {
            let credited = self.divide(customer, *value, policy, &mut sums)?;
            if !credited {
                uncredited += i128::from(value.minor());
            }
        }
        let money = |minor: i128| {
            let minor = i64::try_from(minor).map_err(|_| MoneyError::Overflow { currency })?;
            Ok::<_, EconomicsError>(Money::from_minor(minor, currency))
        };
        let credited = sums.into_iter().filter(|&(_, minor)| minor != 0);
        let credits = credited.map(|(customer, minor)| Ok((customer.clone(), money(minor)?)));
        Ok(Credits { credits: credits.collect::<Result<_, EconomicsError>>()?, uncredited: money(uncredited)? })
    }

    /// Divides a value, level by level, and says whether there was anybody to credit.
    fn divide<'a>(
        &'a self,
        customer: &'a K,
        value: Money,
        policy: &CreditPolicy,
        sums: &mut BTreeMap<&'a K, i128>,
    ) -> Result<bool, EconomicsError> {
        // What has come up to whom on this level. Two ways up to the same customer meet here.
        let mut level = BTreeMap::from([(customer, value)]);
        let mut weights = policy.levels.as_slice();
        let mut credited = false;
        while !level.is_empty() {
            let mut above = BTreeMap::new();
            for (at, amount) in level {
                let claimants = if weights.is_empty() { Vec::new() } else { self.claimants(at, policy.claim) };
                let (kept, passed) = match (credited, claimants.is_empty()) {
                    (false, true) => return Ok(false),
                    (false, false) => (Money::zero(amount.currency()), amount),
                    (true, true) => (amount, Money::zero(amount.currency())),
                    (true, false) => keep(amount, policy.levels.len() - weights.len(), &policy.levels)?,
                };
                if credited {
                    *sums.entry(at).or_default() += i128::from(kept.minor());
                }
                let parts = if claimants.is_empty() { Vec::new() } else { passed.allocate(&alloc::vec![1; claimants.len()])? };
                for (claimant, part) in claimants.into_iter().zip(parts) {
                    let sum = above.get(claimant).copied().unwrap_or(Money::zero(part.currency())).try_add(part)?;
                    above.insert(claimant, sum);
                }
            }
            credited = true;
            weights = weights.get(1..).unwrap_or_default();
            level = above;
        }
        Ok(true)
    }

    fn claimants(&self, customer: &K, claim: Claim) -> Vec<&K> {
        let first = self.referrers(customer).map(|(_, on)| on).min();
        let counts = |on| claim == Claim::Equal || Some(on) == first;
        self.referrers(customer).filter(|&(_, on)| counts(on)).map(|(referrer, _)| referrer).collect()
    }
}

/// What the customer of a level, counted from 1, keeps of what has come up to them, and what goes further up.
fn keep(amount: Money, level: usize, levels: &[u32]) -> Result<(Money, Money), EconomicsError> {
    let own = levels.get(level - 1).map_or(0, |&weight| u64::from(weight));
    let above = levels.get(level..).unwrap_or_default().iter().map(|&weight| u64::from(weight)).sum();
    if above == 0 {
        return Ok((amount, Money::zero(amount.currency())));
    }
    let parts = amount.allocate(&[own, above])?;
    Ok((parts[0], parts[1]))
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "CreditPolicy")]
struct Wire {
    claim: Claim,
    levels: Vec<u32>,
}

impl TryFrom<Wire> for CreditPolicy {
    type Error = EconomicsError;

    fn try_from(wire: Wire) -> Result<CreditPolicy, EconomicsError> {
        CreditPolicy::new(wire.claim, wire.levels)
    }
}

impl From<CreditPolicy> for Wire {
    fn from(policy: CreditPolicy) -> Wire {
        Wire { claim: policy.claim, levels: policy.levels }
    }
}
