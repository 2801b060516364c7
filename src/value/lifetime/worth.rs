use super::{
    Discount, Fit, LifetimeError, Link, MeanSpend, PurchaseModel, SpendBasis, Spending, Spent, Summary,
    outlook::Ready,
    outlooks::expected,
    spending::{in_money, same_basis, same_currency, whole},
};
use crate::{
    money::{Currency, Money, Ratio, Rounding},
    quantity::{Confidence, Estimate},
};
use serde::{Deserialize, Serialize};

/// The terms on which customers are valued: how the future is discounted, which part of what they spend is left after the costs that come
/// with it, and on which purchases the model of spending must have been fitted.
///
/// ```
/// use customer_value::{
///     money::{Currency, Money, Rounding},
///     value::{RepeatPurchases, lifetime::{
///         Discount, DiscountRate, FallsDue, GammaGamma, Horizon, PurchaseModel, SpendBasis, Summary, TimeUnit, ValueTerms,
///     }},
/// };
///
/// // As published for CDNOW.
/// let purchases = PurchaseModel::bg_nbd([0.243, 4.414, 0.793, 2.426], TimeUnit::WEEK)?;
/// let spending = GammaGamma::new([6.25, 3.74, 15.44], Currency::USD)?;
/// let rate = DiscountRate::annual_365("0.15".parse()?)?;
/// let discount = Discount { rate, due: FallsDue::AsTheyOccur, horizon: Horizon::Days(365) };
/// let terms = ValueTerms::new(discount, "0.3".parse()?, SpendBasis::RepeatOnly)?;
///
/// let customer = RepeatPurchases { x: 2, t_x_days: 213, t_days: 272, value: Money::from_minor(44_70, Currency::USD) };
/// let value = terms.residual(&purchases, &spending, Summary::try_from(&customer)?, &customer)?;
/// assert_eq!(value.in_money(Rounding::HalfEven)?.to_string(), "10.84 USD");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "CLV")]
#[doc(alias = "客户终身价值")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct ValueTerms {
    discount: Discount,
    margin: Ratio,
    basis: SpendBasis,
}

/// What the first purchase of a new customer counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FirstPurchase {
    /// Nothing: only what comes after it is valued.
    LeftOut,
    /// As much as any other is expected to be worth, today.
    AsAnyOther,
    /// This amount, today, because a model of repeat purchases does not know it.
    Of(Money),
}

/// What a customer is expected to be worth: discounted purchases times mean spend times margin. It is a statistic in smallest units and
/// becomes money in one place only, by a named rounding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CustomerValue {
    purchases: f64,
    spend: MeanSpend,
    margin: Ratio,
    minor: f64,
}

impl CustomerValue {
    fn of(purchases: f64, spend: MeanSpend, first: f64, (margin, share): (Ratio, f64)) -> CustomerValue {
        CustomerValue { purchases, spend, margin, minor: (purchases * spend.minor() + first) * share }
    }

    /// The expected purchases, discounted; the first one not included.
    pub const fn purchases(&self) -> f64 {
        self.purchases
    }

    /// What a purchase is expected to be worth, and how much of this is the customer's own.
    pub const fn spend(&self) -> MeanSpend {
        self.spend
    }

    /// The part of it that is left.
    pub const fn margin(&self) -> Ratio {
        self.margin
    }

    /// The value in smallest units.
    pub const fn minor(&self) -> f64 {
        self.minor
    }

    /// The value as an amount, rounded once, by name.
    ///
    /// # Errors
    /// [`LifetimeError::Money`] beyond the range.
    pub fn in_money(&self, rounding: Rounding) -> Result<Money, LifetimeError> {
        in_money(self.minor, self.spend.currency(), rounding)
    }
}

impl ValueTerms {
    /// The terms. The margin is a share of what is spent: 1 for sales, below zero where costs are higher.
    ///
    /// # Errors
    /// [`LifetimeError::BadMargin`] for 1.5.
    pub fn new(discount: Discount, margin: Ratio, basis: SpendBasis) -> Result<ValueTerms, LifetimeError> {
        if margin > Ratio::ONE { Err(LifetimeError::BadMargin(margin)) } else { Ok(ValueTerms { discount, margin, basis }) }
    }

    /// How the future is discounted.
    pub const fn discount(&self) -> Discount {
        self.discount
    }

    /// Which part of what is spent is left.
    pub const fn margin(&self) -> Ratio {
        self.margin
    }

    /// Which purchases amounts are taken from.
    pub const fn basis(&self) -> SpendBasis {
        self.basis
    }

    pub(super) fn check(&self, spending: &impl Spending, currency: Currency) -> Result<(), LifetimeError> {
        same_currency(spending.currency(), currency)?;
        same_basis(self.basis, spending.basis())
    }

    /// What a customer is still worth from the end of the observation on (residual value).
    ///
    /// # Errors
    /// As [`Outlook::discounted`](super::Outlook::discounted) and [`Spending::expected`]; [`LifetimeError::WrongBasis`] also if the model
    /// of spending was fitted on other purchases than the terms say.
    #[doc(alias = "residual lifetime value")]
    pub fn residual(
        &self,
        purchases: &PurchaseModel,
        spending: &impl Spending,
        customer: Summary,
        spent: impl Into<Spent>,
    ) -> Result<CustomerValue, LifetimeError> {
        self.value(purchases, spending, customer, spent.into(), FirstPurchase::LeftOut)
    }

    /// What many customers are still worth: to each, the same to the last bit as [`residual`](ValueTerms::residual), at a fraction of the
    /// time; see [`Outlooks`](super::Outlooks). Whoever cannot be valued does not stand in the way of the others.
    ///
    /// # Errors
    /// What no customer can be valued with, at once, and what stands against one customer in their place: as
    /// [`residual`](ValueTerms::residual).
    ///
    /// ```
    /// use customer_value::{
    ///     money::{Currency, Money, Rounding},
    ///     value::lifetime::{
    ///         Discount, DiscountRate, FallsDue, GammaGamma, Horizon, PurchaseModel, SpendBasis, Spent, Summary, TimeUnit, ValueTerms,
    ///     },
    /// };
    ///
    /// let purchases = PurchaseModel::bg_nbd([0.243, 4.414, 0.793, 2.426], TimeUnit::WEEK)?;
    /// let spending = GammaGamma::new([6.25, 3.74, 15.44], Currency::USD)?;
    /// let rate = DiscountRate::annual_365("0.15".parse()?)?;
    /// let discount = Discount { rate, due: FallsDue::AsTheyOccur, horizon: Horizon::Days(365) };
    /// let terms = ValueTerms::new(discount, "0.3".parse()?, SpendBasis::RepeatOnly)?;
    ///
    /// let spent = |n, cents| Spent::new(SpendBasis::RepeatOnly, n, Money::from_minor(cents, Currency::USD));
    /// let base = [(Summary::new(2, 213, 272)?, spent(2, 44_70)), (Summary::new(0, 0, 272)?, spent(0, 0))];
    /// let worth = terms.residuals(&purchases, &spending, base)?.map(|value| value?.in_money(Rounding::HalfEven));
    /// let worth = worth.collect::<Result<Vec<Money>, _>>()?;
    /// assert_eq!(format!("{} {}", worth[0], worth[1]), "10.84 USD 2.50 USD");
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn residuals<'a, S: Spending, I: IntoIterator<Item = (Summary, Spent)>>(
        &self,
        purchases: &PurchaseModel,
        spending: &'a S,
        customers: I,
    ) -> Result<impl Iterator<Item = Result<CustomerValue, LifetimeError>> + use<'a, S, I>, LifetimeError> {
        self.check(spending, spending.currency())?;
        let (discounting, margin) = (self.discount.ready()?, (self.margin, self.margin.to_f64()));
        let often = expected(Ready::of(purchases), customers.into_iter(), move |course| discounting.of(course));
        Ok(often.map(move |(spent, often)| Ok(CustomerValue::of(often, spending.expected(spent)?, 0.0, margin))))
    }

    /// What a new customer is worth on the day of the first purchase.
    ///
    /// # Errors
    /// As [`residual`](ValueTerms::residual), and [`LifetimeError::MixedCurrencies`] for a first purchase in another currency.
    pub fn new_customer(
        &self,
        purchases: &PurchaseModel,
        spending: &impl Spending,
        first: FirstPurchase,
    ) -> Result<CustomerValue, LifetimeError> {
        self.value(purchases, spending, Summary::NEW, Spent::nothing(spending.basis(), spending.currency()), first)
    }

    fn value(
        &self,
        purchases: &PurchaseModel,
        spending: &impl Spending,
        customer: Summary,
        spent: Spent,
        first: FirstPurchase,
    ) -> Result<CustomerValue, LifetimeError> {
        self.check(spending, spent.total().currency())?;
        let spend = spending.expected(spent)?;
        let purchases = purchases.outlook(customer).discounted(&self.discount)?;
        let first = match first {
            FirstPurchase::LeftOut => 0.0,
            FirstPurchase::AsAnyOther => spend.minor(),
            FirstPurchase::Of(amount) => {
                same_currency(spend.currency(), amount.currency())?;
                whole(amount.minor())
            }
        };
        Ok(CustomerValue::of(purchases, spend, first, (self.margin, self.margin.to_f64())))
    }

    /// The [residual](ValueTerms::residual) value, in smallest units, with the interval that the uncertainty of both models' parameters
    /// gives it (delta method). The two fits are taken for independent, as the models are: their variances add, on the logarithm of the
    /// value for amounts above zero, on the value itself for any. What chance leaves open is not in it. `None` as for
    /// [`Fit::estimate`], and where there is no value.
    pub fn residual_estimate<S: Spending>(
        &self,
        purchases: &Fit<PurchaseModel>,
        spending: &Fit<S>,
        customer: Summary,
        spent: impl Into<Spent>,
        confidence: Confidence,
    ) -> Option<Estimate> {
        let spent = spent.into();
        let value = self.residual(purchases.model(), spending.model(), customer, spent).ok()?;
        let (often, much) = (value.purchases(), value.spend().minor());
        let first = |m: &PurchaseModel| m.outlook(customer).discounted(&self.discount).map_or(f64::NAN, |p| p * much);
        let second = |s: &S| s.expected(spent).map_or(f64::NAN, |m| often * m.minor());
        both(purchases, spending, first, second, confidence)?.times(self.margin.to_f64()).ok()
    }
}

/// A number that follows from two fits, with the interval of both: `first` is the number with the second model as fitted, `second` the
/// other way round.
pub(super) fn both<S: Spending>(
    purchases: &Fit<PurchaseModel>,
    spending: &Fit<S>,
    first: impl Fn(&PurchaseModel) -> f64,
    second: impl Fn(&S) -> f64,
    confidence: Confidence,
) -> Option<Estimate> {
    let link: Link = spending.model().link();
    let (one, other) = (purchases.estimate(first, link, confidence)?, spending.estimate(second, link, confidence)?);
    let value = one.value();
    let at = link.of(value);
    let half = libm::hypot(link.of(one.high()) - at, link.of(other.high()) - link.of(other.value()));
    Estimate::new(value, link.back(at - half).min(value), link.back(at + half).max(value), confidence).ok()
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "ValueTerms")]
struct Wire {
    discount: Discount,
    margin: Ratio,
    basis: SpendBasis,
}

impl TryFrom<Wire> for ValueTerms {
    type Error = LifetimeError;

    fn try_from(w: Wire) -> Result<ValueTerms, LifetimeError> {
        ValueTerms::new(w.discount, w.margin, w.basis)
    }
}

impl From<ValueTerms> for Wire {
    fn from(t: ValueTerms) -> Wire {
        Wire { discount: t.discount, margin: t.margin, basis: t.basis }
    }
}
