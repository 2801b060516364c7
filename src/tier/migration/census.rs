use super::{MigrationError, MixChange};
use crate::{
    money::{Currency, Money, MoneyError, Ratio, Rounding},
    quantity::Name,
    tier::{Grade, GradeSet},
    value::markov::MarkovError,
};
use alloc::{
    string::{String, ToString},
    vec,
    vec::Vec,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// How many customers each grade has at a date, and what they are worth together, in one currency.
///
/// Censuses merge: whatever the order and the splitting of customers, the result is the same.
///
/// ```
/// use customer_value::{money::{Currency, Money}, tier::{GradeSet, migration::Census}};
///
/// let set = GradeSet::letters(3)?;
/// let (a, b) = (set.grade("A").unwrap(), set.grade("B").unwrap());
/// let mut census = Census::new(&set, "2011-12-31".parse()?, Currency::EUR);
/// census.push(a, Money::from_minor(900_00, Currency::EUR))?;
/// census.push(b, Money::from_minor(100_00, Currency::EUR))?;
/// census.push(b, Money::from_minor(200_00, Currency::EUR))?;
/// assert_eq!(census.share_of_customers(a).unwrap().to_string(), "1/3");
/// assert_eq!(census.share_of_value(a).unwrap().to_string(), "0.75");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "客户结构")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Census {
    grades: GradeSet,
    on: NaiveDate,
    currency: Currency,
    /// Best first.
    groups: Vec<Group>,
    customers: u64,
}

/// The customers of one grade. As many amounts as there are customers cannot add up to more than 128 bits hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) customers: u64,
    pub(super) minor: i128,
}

impl Group {
    /// Whether so many amounts can add up to this.
    fn is_possible(self) -> bool {
        self.minor.unsigned_abs() <= u128::from(self.customers) << 63
    }
}

impl Census {
    /// A census without customers.
    pub fn new(grades: &GradeSet, on: NaiveDate, currency: Currency) -> Census {
        let groups = vec![Group { customers: 0, minor: 0 }; grades.best_first().len()];
        Census { grades: grades.clone(), on, currency, groups, customers: 0 }
    }

    /// Counts a customer.
    ///
    /// # Errors
    /// [`UnknownGrade`](MigrationError::UnknownGrade) for a grade of another set; [`Money`](MigrationError::Money) for an amount in
    /// another currency; [`TooMany`](MigrationError::TooMany) for the 2⁶⁴th customer.
    pub fn push(&mut self, grade: &Grade, value: Money) -> Result<(), MigrationError> {
        let at = self.at(grade).ok_or_else(|| MigrationError::UnknownGrade(grade.name().clone()))?;
        self.same_currency(value.currency())?;
        let customers = self.customers.checked_add(1).ok_or(MigrationError::TooMany)?;
        let group = &mut self.groups[at];
        // Fewer than 2⁶⁴ amounts below 2⁶³: the sum fits.
        *group = Group { customers: group.customers + 1, minor: group.minor + i128::from(value.minor()) };
        self.customers = customers;
        Ok(())
    }

    /// Takes in the customers of another census.
    ///
    /// # Errors
    /// [`OtherGrades`](MigrationError::OtherGrades), [`OtherDate`](MigrationError::OtherDate) or [`Money`](MigrationError::Money) unless
    /// grades, date and currency are the same; [`TooMany`](MigrationError::TooMany) beyond 2⁶⁴ − 1 customers. Nothing is taken in then.
    pub fn merge(&mut self, other: &Census) -> Result<(), MigrationError> {
        if self.on != other.on {
            return Err(MigrationError::OtherDate { left: self.on, right: other.on });
        }
        self.comparable(other)?;
        self.customers = self.customers.checked_add(other.customers).ok_or(MigrationError::TooMany)?;
        for (group, more) in self.groups.iter_mut().zip(&other.groups) {
            group.customers += more.customers;
            group.minor += more.minor;
        }
        Ok(())
    }

    /// The grades.
    pub const fn grades(&self) -> &GradeSet {
        &self.grades
    }

    /// As of the close of which day.
    pub const fn on(&self) -> NaiveDate {
        self.on
    }

    /// The currency of the values.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// Number of customers with that grade; none for a grade of another set.
    pub fn customers(&self, grade: &Grade) -> u64 {
        self.at(grade).map_or(0, |at| self.groups[at].customers)
    }

    /// Number of customers in each of some states of a chain that are named as the grades are, in that order; none in a state that is no
    /// grade.
    ///
    /// # Errors
    /// [`UnknownState`](MarkovError::UnknownState) for a grade with customers that is none of the states.
    pub fn in_states(&self, states: &[Name]) -> Result<Vec<u64>, MarkovError> {
        let mut customers = vec![0; states.len()];
        for (grade, group) in self.grades.best_first().iter().zip(&self.groups).filter(|(_, group)| group.customers > 0) {
            let at = states.iter().position(|state| state == grade.name());
            customers[at.ok_or_else(|| MarkovError::UnknownState(grade.name().to_string()))?] = group.customers;
        }
        Ok(customers)
    }

    /// What the customers of that grade are worth together; nothing for a grade of another set.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] if the sum does not fit an amount.
    pub fn value(&self, grade: &Grade) -> Result<Money, MoneyError> {
        self.money(self.at(grade).map_or(0, |at| self.groups[at].minor))
    }

    /// Number of all customers.
    pub const fn all_customers(&self) -> u64 {
        self.customers
    }

    /// What all customers are worth together.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] if the sum does not fit an amount.
    pub fn total_value(&self) -> Result<Money, MoneyError> {
        self.money(self.all_minor())
    }

    /// The share of all customers that have the grade; `None` if there are none.
    pub fn share_of_customers(&self, grade: &Grade) -> Option<Ratio> {
        Ratio::new(self.customers(grade).into(), self.customers.into()).ok()
    }

    /// The share of the whole value that the grade holds; `None` unless the whole is above zero. Where a grade is worth less than
    /// nothing, its share is below zero and another's may be above one.
    pub fn share_of_value(&self, grade: &Grade) -> Option<Ratio> {
        let minor = self.at(grade).map_or(0, |at| self.groups[at].minor);
        let all = self.all_minor();
        if all > 0 { Ratio::new(minor, all).ok() } else { None }
    }

    /// What changed up to a later census, and how much of it is due to how many there are, which mix, and how much each is worth.
    ///
    /// # Errors
    /// [`OtherDate`](MigrationError::OtherDate) for a census that is not later; [`OtherGrades`](MigrationError::OtherGrades) and
    /// [`Money`](MigrationError::Money) for other grades, another currency, and sums that do not fit an amount.
    pub fn change_to(&self, later: &Census, rounding: Rounding) -> Result<MixChange, MigrationError> {
        if later.on <= self.on {
            return Err(MigrationError::OtherDate { left: self.on, right: later.on });
        }
        self.comparable(later)?;
        MixChange::between(self, later, rounding)
    }

    /// The groups, best first.
    pub(super) fn groups(&self) -> &[Group] {
        &self.groups
    }

    pub(super) fn all_minor(&self) -> i128 {
        self.groups.iter().map(|g| g.minor).sum()
    }

    fn money(&self, minor: i128) -> Result<Money, MoneyError> {
        let minor = i64::try_from(minor).map_err(|_| MoneyError::Overflow { currency: self.currency })?;
        Ok(Money::from_minor(minor, self.currency))
    }

    fn at(&self, grade: &Grade) -> Option<usize> {
        self.grades.best_first().iter().position(|g| g == grade)
    }

    fn same_currency(&self, other: Currency) -> Result<(), MoneyError> {
        if self.currency == other { Ok(()) } else { Err(MoneyError::CurrencyMismatch { left: self.currency, right: other }) }
    }

    fn comparable(&self, other: &Census) -> Result<(), MigrationError> {
        self.same_currency(other.currency)?;
        if self.grades == other.grades { Ok(()) } else { Err(MigrationError::OtherGrades) }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Census")]
struct Wire {
    grades: GradeSet,
    on: NaiveDate,
    currency: Currency,
    groups: Vec<WireGroup>,
}

/// The sum is text in smallest units: it may be larger than an amount.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireGroup {
    customers: u64,
    minor: String,
}

impl TryFrom<Wire> for Census {
    type Error = MigrationError;

    fn try_from(wire: Wire) -> Result<Census, MigrationError> {
        let mut census = Census::new(&wire.grades, wire.on, wire.currency);
        if wire.groups.len() != census.groups.len() {
            return Err(MigrationError::BadCounts("one group a grade is needed"));
        }
        for (group, read) in census.groups.iter_mut().zip(wire.groups) {
            let minor = read.minor.parse().map_err(|_| MigrationError::BadCounts("a value is no whole number"))?;
            *group = Group { customers: read.customers, minor };
            if !group.is_possible() {
                return Err(MigrationError::BadCounts("a value is larger than so many customers can have"));
            }
            census.customers = census.customers.checked_add(read.customers).ok_or(MigrationError::TooMany)?;
        }
        Ok(census)
    }
}

impl From<Census> for Wire {
    fn from(census: Census) -> Wire {
        let group = |g: &Group| WireGroup { customers: g.customers, minor: g.minor.to_string() };
        let groups = census.groups.iter().map(group).collect();
        Wire { grades: census.grades, on: census.on, currency: census.currency, groups }
    }
}
