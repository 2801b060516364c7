use super::{Census, MigrationError};
use crate::{
    money::{Money, Rounding},
    value::markov::Fraction,
};
use serde::{Deserialize, Serialize};

/// Why the value of all customers changed between two censuses. The three parts add up to the change, to the smallest unit.
///
/// Two censuses that never were lie between the first and the last:
///
/// | census | customers | mix of grades | value of each | worth |
/// |---|---|---|---|---|
/// | before | before | before | before | [`before`](MixChange::before) |
/// | more or fewer of the same | after | before | before | `before` + [`customers`](MixChange::customers) |
/// | in other grades | after | after | before | … + [`mix`](MixChange::mix) |
/// | after | after | after | after | [`after`](MixChange::after) |
///
/// Each of the two in the middle is rounded once, by the named rounding; the parts are the differences of neighbours, so nothing is lost.
/// A grade that nobody had before has no value of each before; it is taken at its value after, so that its customers count as mix. Where
/// there was nobody at all, the whole change is due to customers.
///
/// ```
/// use customer_value::{money::{Currency, Money, Rounding}, tier::{GradeSet, migration::Census}};
///
/// let set = GradeSet::letters(2)?;
/// let census = |on: &str, each: &[(&str, i64)]| {
///     let mut census = Census::new(&set, on.parse()?, Currency::EUR);
///     for (grade, euros) in each {
///         census.push(set.grade(grade).ok_or("no such grade")?, Money::from_minor(euros * 100, Currency::EUR))?;
///     }
///     Ok::<_, Box<dyn core::error::Error>>(census)
/// };
/// let before = census("2010-12-31", &[("A", 100), ("B", 10)])?;
/// let after = census("2011-12-31", &[("A", 120), ("A", 120), ("B", 10), ("B", 10), ("B", 10), ("B", 10)])?;
/// let change = before.change_to(&after, Rounding::HalfEven)?;
/// assert_eq!(change.customers.to_string(), "220.00 EUR"); // four more of 55.00
/// assert_eq!(change.mix.to_string(), "-90.00 EUR");       // a third of A, no longer half
/// assert_eq!(change.each.to_string(), "40.00 EUR");       // two of A, 20.00 more each
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "客户结构变化")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MixChange {
    /// The value of all customers before.
    pub before: Money,
    /// The value of all customers after.
    pub after: Money,
    /// How many: more or fewer customers, in the grades as before and worth the same each.
    pub customers: Money,
    /// Which mix: the customers after, in other grades.
    pub mix: Money,
    /// How much each: what customers of the same grade are worth more or less.
    pub each: Money,
}

impl MixChange {
    /// `later` has the same grades and currency.
    pub(super) fn between(earlier: &Census, later: &Census, rounding: Rounding) -> Result<MixChange, MigrationError> {
        let currency = earlier.currency();
        let (before, after) = (earlier.total_value()?, later.total_value()?);
        // What the customers after would be worth at the value of each before.
        let mut in_other_grades = Fraction::from(0);
        for (old, new) in earlier.groups().iter().zip(later.groups()) {
            in_other_grades = in_other_grades.plus(&match old.customers {
                0 => Fraction::from(new.minor),
                many => Fraction::product(old.minor, new.customers.into(), many.into()),
            });
        }
        let in_other_grades = in_other_grades.to_money(currency, rounding)?;
        let more_of_the_same = match earlier.all_customers() {
            0 => after,
            many => {
                let product = Fraction::product(earlier.all_minor(), later.all_customers().into(), many.into());
                product.to_money(currency, rounding)?
            }
        };
        Ok(MixChange {
            before,
            after,
            customers: more_of_the_same.try_sub(before)?,
            mix: in_other_grades.try_sub(more_of_the_same)?,
            each: after.try_sub(in_other_grades)?,
        })
    }

    /// The whole change.
    ///
    /// # Errors
    /// [`MigrationError::Money`] if it does not fit an amount.
    pub fn total(&self) -> Result<Money, MigrationError> {
        Ok(self.after.try_sub(self.before)?)
    }
}
