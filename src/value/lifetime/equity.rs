use super::{Fit, LifetimeError, PurchaseModel, Spending, ValueCounts, ValueTerms, spending::in_money, worth::both};
use crate::{
    money::{Currency, Money, Rounding},
    numeric::count,
    quantity::{Confidence, Estimate},
};
use alloc::vec::Vec;

/// What a base of customers is worth: the sum of their residual values, rounded once if at all. The sum is taken in the order of the
/// table, by halves, so that it depends on the customers alone.
#[doc(alias = "客户资产")]
#[derive(Clone, Debug, PartialEq)]
pub struct CustomerEquity {
    minor: f64,
    currency: Currency,
    customers: u64,
    warnings: Vec<ValueWarning>,
}

/// What stands against a value, without making it impossible.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum ValueWarning {
    /// Those who buy more often spend more (above zero) or less on a purchase, while the models take the two for independent: the
    /// correlation, whose interval does not cover zero.
    SpendGoesWithFrequency(Estimate),
}

impl CustomerEquity {
    /// In smallest units.
    pub const fn minor(&self) -> f64 {
        self.minor
    }

    /// Number of customers.
    pub const fn customers(&self) -> u64 {
        self.customers
    }

    /// What stands against it.
    pub fn warnings(&self) -> &[ValueWarning] {
        &self.warnings
    }

    /// As an amount, rounded once, by name.
    ///
    /// # Errors
    /// [`LifetimeError::Money`] beyond the range.
    pub fn in_money(&self, rounding: Rounding) -> Result<Money, LifetimeError> {
        in_money(self.minor, self.currency, rounding)
    }
}

impl ValueTerms {
    /// What all customers of a base are still worth. `confidence` is that of the check whether spending goes with frequency.
    ///
    /// # Errors
    /// As [`residual`](ValueTerms::residual), for any of the customers.
    ///
    /// ```
    /// use customer_value::{
    ///     money::{Currency, Money, Rounding},
    ///     quantity::Confidence,
    ///     value::lifetime::{
    ///         Discount, DiscountRate, FallsDue, GammaGamma, Horizon, PurchaseModel, SpendBasis, Spent, Summary, TimeUnit, ValueCounts,
    ///         ValueTerms,
    ///     },
    /// };
    ///
    /// let spent = |n, cents| Spent::new(SpendBasis::RepeatOnly, n, Money::from_minor(cents, Currency::USD));
    /// let mut base = ValueCounts::new(SpendBasis::RepeatOnly, Currency::USD);
    /// base.push(Summary::new(2, 213, 272)?, spent(2, 44_70), 1)?;
    /// base.push(Summary::new(0, 0, 272)?, spent(0, 0), 3)?;
    ///
    /// let purchases = PurchaseModel::bg_nbd([0.243, 4.414, 0.793, 2.426], TimeUnit::WEEK)?;
    /// let spending = GammaGamma::new([6.25, 3.74, 15.44], Currency::USD)?;
    /// let rate = DiscountRate::annual_365("0.15".parse()?)?;
    /// let discount = Discount { rate, due: FallsDue::AsTheyOccur, horizon: Horizon::Days(365) };
    /// let terms = ValueTerms::new(discount, "0.3".parse()?, SpendBasis::RepeatOnly)?;
    /// let equity = terms.equity(&purchases, &spending, &base, Confidence::P95)?;
    /// assert_eq!((equity.customers(), equity.in_money(Rounding::HalfEven)?.to_string()), (4, "18.34 USD".into()));
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn equity(
        &self,
        purchases: &PurchaseModel,
        spending: &impl Spending,
        base: &ValueCounts,
        confidence: Confidence,
    ) -> Result<CustomerEquity, LifetimeError> {
        self.check(spending, base.currency())?;
        let parts = self.often(purchases, base)?.into_iter().zip(much(spending, base)?).map(|(often, much)| often * much);
        let minor = pairwise(&parts.collect::<Vec<f64>>()) * self.margin().to_f64();
        let warning = base.independence(confidence).filter(|correlation| !correlation.covers(0.0));
        let warnings = warning.into_iter().map(ValueWarning::SpendGoesWithFrequency).collect();
        Ok(CustomerEquity { minor, currency: base.currency(), customers: base.customers(), warnings })
    }

    /// The [equity](ValueTerms::equity) in smallest units with the interval that the uncertainty of both models' parameters gives it; see
    /// [`residual_estimate`](ValueTerms::residual_estimate). Every customer errs with the same parameters, so that the interval of the sum
    /// is no sum of intervals. The base is valued some dozen times for it.
    pub fn equity_estimate<S: Spending>(
        &self,
        purchases: &Fit<PurchaseModel>,
        spending: &Fit<S>,
        base: &ValueCounts,
        confidence: Confidence,
    ) -> Option<Estimate> {
        self.check(spending.model(), base.currency()).ok()?;
        let (often, much_now) = (self.often(purchases.model(), base).ok()?, much(spending.model(), base).ok()?);
        let sum = |often: &[f64], much: &[f64]| pairwise(&often.iter().zip(much).map(|(a, b)| a * b).collect::<Vec<f64>>());
        let first = |m: &PurchaseModel| self.often(m, base).map_or(f64::NAN, |often| sum(&often, &much_now));
        let second = |s: &S| much(s, base).map_or(f64::NAN, |much| sum(&often, &much));
        both(purchases, spending, first, second, confidence)?.times(self.margin().to_f64()).ok()
    }

    /// The discounted purchases of the customers of every row, together.
    fn often(&self, purchases: &PurchaseModel, base: &ValueCounts) -> Result<Vec<f64>, LifetimeError> {
        // What customers spend does not change how often they buy.
        let each = purchases.outlooks(base.rows().map(|(summary, ..)| summary)).discounted(&self.discount())?;
        Ok(base.rows().zip(each).map(|((.., n), each)| count(n) * each).collect())
    }
}

/// What a purchase is worth to a customer of every row.
fn much(spending: &impl Spending, base: &ValueCounts) -> Result<Vec<f64>, LifetimeError> {
    base.rows().map(|(_, spent, _)| Ok(spending.expected(spent)?.minor())).collect()
}

/// A sum by halves: the error grows with the logarithm of the number of terms.
fn pairwise(terms: &[f64]) -> f64 {
    if terms.len() <= 8 {
        return terms.iter().sum();
    }
    let (left, right) = terms.split_at(terms.len() / 2);
    pairwise(left) + pairwise(right)
}
