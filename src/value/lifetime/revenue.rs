use super::{
    LifetimeError, Outlook, Spending, Spent,
    spending::{in_money, main_unit},
};
use crate::{
    money::{Currency, Money, MoneyError, Rounding},
    quantity::Confidence,
};
use alloc::vec::Vec;

/// So many numbers of purchases are told apart.
const MOST: u32 = 100_000;

/// What a customer is expected to spend in a time, and the range that holds what they will have spent with at least the confidence: how
/// often and how much both vary, and what is not known of the customer's own level of spending counts as chance. How uncertain the
/// parameters of the models leave the expectation, is told by [`ValueTerms::residual_estimate`](super::ValueTerms::residual_estimate).
/// In smallest units, not discounted.
#[doc(alias = "prediction interval")]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpendPrediction {
    mean: f64,
    low: f64,
    high: f64,
    confidence: Confidence,
    currency: Currency,
}

impl SpendPrediction {
    /// What is expected, in smallest units.
    pub const fn mean(&self) -> f64 {
        self.mean
    }

    /// The least amount in the range, in smallest units: 0 if that is probable enough.
    pub const fn low(&self) -> f64 {
        self.low
    }

    /// The greatest amount in the range, in smallest units.
    pub const fn high(&self) -> f64 {
        self.high
    }

    /// How probable the range is, at least.
    pub const fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// The currency.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// What is expected as an amount, rounded once, by name.
    ///
    /// # Errors
    /// [`LifetimeError::Money`] beyond the range of amounts.
    pub fn in_money(&self, rounding: Rounding) -> Result<Money, LifetimeError> {
        in_money(self.mean, self.currency, rounding)
    }

    /// The range as amounts, the lower end rounded down and the upper end up, so that it holds no less.
    ///
    /// # Errors
    /// As [`in_money`](SpendPrediction::in_money).
    pub fn range_in_money(&self) -> Result<[Money; 2], LifetimeError> {
        Ok([in_money(self.low, self.currency, Rounding::Floor)?, in_money(self.high, self.currency, Rounding::Ceiling)?])
    }
}

impl Outlook {
    /// What the customer spends in so many days, by a model of spending that was fitted on such purchases: expected, and the range that
    /// chance leaves, at most a tail below and a tail above, to a millionth of a tail. The distribution of the number of purchases is
    /// mixed with that of what so many come to: for gamma-gamma a beta distribution of the second kind, for normal amounts a normal one.
    ///
    /// It asks for every number of purchases that is not beyond all probability ([`exactly`](Outlook::exactly)): some for one customer,
    /// thousands where thousands are expected.
    ///
    /// # Errors
    /// As [`Spending::expected`]; [`LifetimeError::TooManyToAddUp`] where 100,000 numbers of purchases do not suffice;
    /// [`LifetimeError::Money`] if the upper end is no number.
    ///
    /// ```
    /// use customer_value::{
    ///     money::{Currency, Money},
    ///     quantity::Confidence,
    ///     value::lifetime::{GammaGamma, PurchaseModel, SpendBasis, Spent, Summary, TimeUnit},
    /// };
    ///
    /// // As published for CDNOW.
    /// let purchases = PurchaseModel::bg_nbd([0.243, 4.414, 0.793, 2.426], TimeUnit::WEEK)?;
    /// let spending = GammaGamma::new([6.25, 3.74, 15.44], Currency::USD)?;
    /// let spent = Spent::new(SpendBasis::RepeatOnly, 2, Money::from_minor(44_70, Currency::USD));
    /// let year = purchases.outlook(Summary::new(2, 213, 272)?).spending(365, &spending, spent, Confidence::P90)?;
    /// let [low, high] = year.range_in_money()?;
    /// assert_eq!(format!("{low} to {high}, {:.0} expected", year.mean()), "0.00 USD to 142.23 USD, 3853 expected");
    /// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
    /// ```
    pub fn spending<S: Spending>(
        &self,
        days: u32,
        spending: &S,
        spent: impl Into<Spent>,
        confidence: Confidence,
    ) -> Result<SpendPrediction, LifetimeError> {
        let (spent, tail, currency) = (spent.into(), confidence.tail(), spending.currency());
        let (one, purchases) = (spending.expected(spent)?.minor(), self.purchases(days));
        // What is left out is a millionth of a tail, or what sums of probabilities cannot tell from nothing.
        let enough = 1.0 - (tail * 1e-6).max(1e-11);
        let (mut counts, mut below) = (Vec::new(), 0.0);
        for n in 0..=MOST {
            if below >= enough {
                break;
            }
            if n == MOST {
                return Err(LifetimeError::TooManyToAddUp(purchases));
            }
            let probability = self.exactly(n, days);
            below += probability;
            counts.push((n, probability));
        }
        counts.retain(|(_, probability)| *probability > 0.0);
        let at_most = |amount: f64| -> f64 {
            let of = |(n, probability): &(u32, f64)| match n {
                0 if amount < 0.0 => 0.0,
                0 => *probability,
                n => probability * spending.at_most(spent, *n, amount),
            };
            counts.iter().map(of).sum()
        };
        let unit = main_unit(currency);
        let low = least(unit, |amount| at_most(amount) > tail);
        let high = least(unit, |amount| at_most(amount) >= 1.0 - tail).max(low);
        if !high.is_finite() {
            return Err(MoneyError::Overflow { currency }.into());
        }
        Ok(SpendPrediction { mean: purchases * one, low, high, confidence, currency })
    }
}

/// The least amount that is enough, where all greater ones are as well, to 13 digits; infinite if none is.
fn least(unit: f64, enough: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0, 0.0);
    if !enough(0.0) {
        high = unit;
        while !enough(high) {
            (low, high) = (high, high * 2.0);
            if !high.is_finite() {
                return high;
            }
        }
    } else if enough(-f64::MIN_POSITIVE) {
        low = -unit;
        while enough(low) {
            (low, high) = (low * 2.0, low);
            if !low.is_finite() {
                return low;
            }
        }
    }
    // Halving ends where no number is left between the two.
    while high - low > 1e-13 * low.abs().max(high.abs()) {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if enough(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}
