use super::JourneyError;
use crate::{
    money::{Currency, Money, Ratio, Rounding},
    quantity::Share,
};
use alloc::{collections::BTreeMap, vec::Vec};
use serde::{Deserialize, Serialize};

/// Customers and what they are worth, group by group: by phase, by stage and grade, by bond.
///
/// Breakdowns merge: whatever the order and the splitting of customers, the result is the same.
///
/// ```
/// use customer_value::{lifecycle::journey::Breakdown, money::Currency, quantity::Name, tier::GradeSet};
///
/// // Value and life cycle, interwoven (004j): how many of grade A are declining, and what do they hold?
/// let grades = GradeSet::letters(2)?;
/// let (a, b) = (grades.grade("A").ok_or("A")?, grades.grade("B").ok_or("B")?);
/// let mut both = Breakdown::new(Currency::CNY);
/// for (stage, grade, value) in [("mature", a, "600.00 CNY"), ("declining", a, "300.00 CNY"), ("new", b, "100.00 CNY")] {
///     both.push((Name::new(stage)?, grade.clone()), value.parse()?)?;
/// }
/// let at_risk = (Name::new("declining")?, a.clone());
/// assert_eq!(both.share_of_value(&at_risk).ok_or("no value")?.to_string(), "0.3");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(
    try_from = "Wire<K>",
    into = "Wire<K>",
    bound(serialize = "K: Clone + Serialize", deserialize = "K: Ord + Deserialize<'de>")
)]
pub struct Breakdown<K> {
    groups: BTreeMap<K, (u64, Money)>,
    customers: u64,
    value: Money,
}

impl<K: Ord> Breakdown<K> {
    /// A breakdown of nobody.
    pub fn new(currency: Currency) -> Breakdown<K> {
        Breakdown { groups: BTreeMap::new(), customers: 0, value: Money::zero(currency) }
    }

    /// Counts a customer.
    ///
    /// # Errors
    /// [`Money`](JourneyError::Money) for another currency, and for a sum that does not fit; [`TooMany`](JourneyError::TooMany).
    pub fn push(&mut self, group: K, value: Money) -> Result<(), JourneyError> {
        self.add(group, 1, value)
    }

    fn add(&mut self, group: K, customers: u64, value: Money) -> Result<(), JourneyError> {
        let all = (self.customers.checked_add(customers).ok_or(JourneyError::TooMany)?, self.value.try_add(value)?);
        let (count, sum) = self.groups.get(&group).copied().unwrap_or((0, Money::zero(value.currency())));
        // No group has more customers than all of them.
        self.groups.insert(group, (count + customers, sum.try_add(value)?));
        (self.customers, self.value) = all;
        Ok(())
    }

    /// Takes in the customers of another breakdown.
    ///
    /// # Errors
    /// As [`push`](Breakdown::push); nothing is taken in then.
    pub fn merge(&mut self, other: &Breakdown<K>) -> Result<(), JourneyError>
    where
        K: Clone,
    {
        let mut both = self.clone();
        other.groups.iter().try_for_each(|(group, (customers, value))| both.add(group.clone(), *customers, *value))?;
        *self = both;
        Ok(())
    }

    /// All customers.
    pub const fn customers(&self) -> u64 {
        self.customers
    }

    /// What they are worth together.
    pub const fn value(&self) -> Money {
        self.value
    }

    /// The groups with customers, in order: how many, and what they are worth together.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&K, u64, Money)> {
        self.groups.iter().map(|(group, (customers, value))| (group, *customers, *value))
    }

    /// The customers of a group, of all.
    pub fn share_of_customers(&self, group: &K) -> Share {
        // A part of the sum, so it is a share.
        Share::new(self.groups.get(group).map_or(0, |(customers, _)| *customers), self.customers).unwrap_or_default()
    }

    /// What each customer of a group is worth on average, rounded once, by name. `None` of nobody.
    pub fn mean(&self, group: &K, rounding: Rounding) -> Option<Money> {
        let (customers, value) = self.groups.get(group)?;
        let minor = Rounding::divide(rounding, value.minor().into(), (*customers).into())?;
        // No further from zero than the largest of them.
        Some(Money::from_minor(i64::try_from(minor).ok()?, value.currency()))
    }

    /// What a group is worth, as a part of what all are worth; beyond 0 to 1 where some groups are worth less than nothing. `None` if all
    /// together are worth nothing.
    pub fn share_of_value(&self, group: &K) -> Option<Ratio> {
        let part = self.groups.get(group).map_or(0, |(_, value)| value.minor());
        Ratio::new(part.into(), self.value.minor().into()).ok()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Breakdown")]
struct Wire<K> {
    currency: Currency,
    groups: Vec<Group<K>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Group")]
struct Group<K> {
    of: K,
    customers: u64,
    value: Money,
}

impl<K: Ord> TryFrom<Wire<K>> for Breakdown<K> {
    type Error = JourneyError;

    fn try_from(wire: Wire<K>) -> Result<Breakdown<K>, JourneyError> {
        let mut breakdown = Breakdown::new(wire.currency);
        for Group { of, customers, value } in wire.groups {
            if customers == 0 || breakdown.groups.contains_key(&of) {
                return Err(JourneyError::BadCounts);
            }
            breakdown.add(of, customers, value)?;
        }
        Ok(breakdown)
    }
}

impl<K> From<Breakdown<K>> for Wire<K> {
    fn from(breakdown: Breakdown<K>) -> Wire<K> {
        let group = |(of, (customers, value))| Group { of, customers, value };
        Wire { currency: breakdown.value.currency(), groups: breakdown.groups.into_iter().map(group).collect() }
    }
}
