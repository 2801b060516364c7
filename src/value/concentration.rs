use crate::{money::Ratio, quantity::Column};
use alloc::vec::Vec;
use thiserror::Error;

/// How unevenly a value is spread over customers: Lorenz curve, Gini coefficient, share of the best, ABC classes.
///
/// All figures are exact [`Ratio`]s of whole numbers, and none depends on the order of equal customers.
///
/// ```
/// use customer_value::{money::Currency, quantity::Column, value::Concentration};
///
/// let sales = Column::money(&[1000, 500, 250, 125, 125], Currency::USD);
/// let spread = Concentration::of(&sales)?;
/// assert_eq!(spread.gini().to_string(), "0.425");
/// assert_eq!(spread.top_share("0.2".parse()?)?.to_string(), "0.5"); // the best fifth holds half
///
/// let abc = spread.abc(&["0.8".parse()?, "0.95".parse()?])?;
/// assert_eq!(abc.iter().map(|c| c.customers).collect::<Vec<_>>(), [3, 2, 0]); // the last two are equal and stay together
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "二八原则")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concentration {
    /// Best first.
    values: Vec<i64>,
    total: i128,
}

/// A point of the Lorenz curve: the poorest `customers` of all hold `value` of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LorenzPoint {
    /// Share of the customers, poorest first.
    pub customers: Ratio,
    /// Share of the value that they hold.
    pub value: Ratio,
}

/// One class of an ABC analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AbcClass {
    /// Number of customers in the class.
    pub customers: usize,
    /// Share of the whole value that they hold.
    pub share: Ratio,
    /// The smallest value in the class, in the column's fixed point; `None` for an empty class.
    pub least: Option<i64>,
}

/// Why a spread cannot be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ConcentrationError {
    /// There is no customer.
    #[error("there is no customer")]
    Empty,
    /// A value is below zero, so shares of the whole mean nothing.
    #[error("the value of customer {at} is below zero ({value})")]
    Negative {
        /// The customer's position.
        at: usize,
        /// The value in the column's fixed point.
        value: i64,
    },
    /// All values are zero: there is no whole to have a share of.
    #[error("all values are zero")]
    NothingToShare,
    /// The values add up to more than 2⁷⁹ of the column's fixed point.
    #[error("the values add up to more than can be computed with")]
    TooLarge,
    /// A share must lie between 0 and 1, with a denominator of at most 10¹²; the bounds of ABC classes must rise.
    #[error("{0} is not a share between 0 and 1, above the one before, with a denominator of at most 10¹²")]
    BadShare(Ratio),
}

impl Concentration {
    /// Looks at the values of all customers.
    ///
    /// # Errors
    /// [`Empty`](ConcentrationError::Empty) for `[]`, [`Negative`](ConcentrationError::Negative) for `[3, -1]`,
    /// [`NothingToShare`](ConcentrationError::NothingToShare) for `[0, 0]`.
    pub fn of(values: &Column<'_>) -> Result<Concentration, ConcentrationError> {
        if values.values.is_empty() {
            return Err(ConcentrationError::Empty);
        }
        if let Some((at, &value)) = values.values.iter().enumerate().find(|(_, v)| **v < 0) {
            return Err(ConcentrationError::Negative { at, value });
        }
        let mut values = values.values.to_vec();
        values.sort_unstable_by(|a, b| b.cmp(a));
        let total = values.iter().map(|&v| i128::from(v)).sum();
        match total {
            0 => Err(ConcentrationError::NothingToShare),
            // Times a head count or the denominator of a share this stays within 128 bits.
            _ if total > 1 << 79 => Err(ConcentrationError::TooLarge),
            _ => Ok(Concentration { values, total }),
        }
    }

    /// Number of customers.
    pub fn customers(&self) -> usize {
        self.values.len()
    }

    /// The whole, in the column's fixed point.
    pub const fn total(&self) -> i128 {
        self.total
    }

    /// The Gini coefficient: 0 when all hold the same, `(n − 1)/n` when one of `n` holds everything.
    ///
    /// Mean absolute difference over twice the mean, of the population (Gini 1912). Multiply by `n/(n − 1)` for the unbiased estimate
    /// from a sample.
    #[doc(alias = "基尼系数")]
    pub fn gini(&self) -> Ratio {
        let n = self.count();
        // Σ (n + 1 − 2i)·x over ranks i from the best gives the negative of the usual sum.
        let weighted: i128 = (1..).zip(&self.values).map(|(i, &x)| (n + 1 - 2 * i) * i128::from(x)).sum();
        ratio(weighted, n * self.total)
    }

    /// The share of the whole that the best `customers` hold: `0.2` asks for the top 20 %. Between whole customers the Lorenz curve is
    /// followed, so the answer needs no rounding of heads.
    ///
    /// # Errors
    /// [`BadShare`](ConcentrationError::BadShare) below 0, above 1, and for a denominator above 10¹².
    #[doc(alias = "80/20")]
    pub fn top_share(&self, customers: Ratio) -> Result<Ratio, ConcentrationError> {
        between_0_and_1(customers)?;
        let heads = customers.numerator() * self.count();
        let whole = usize::try_from(heads / customers.denominator()).unwrap_or(usize::MAX).min(self.values.len());
        let part = heads % customers.denominator();
        let held: i128 = self.values[..whole].iter().map(|&v| i128::from(v)).sum();
        let next = self.values.get(whole).map_or(0, |&v| i128::from(v));
        Ok(ratio(held * customers.denominator() + next * part, self.total * customers.denominator()))
    }

    /// The Lorenz curve at `steps` equal steps of the customers, from (0, 0) to (1, 1).
    #[doc(alias = "洛伦兹曲线")]
    pub fn lorenz(&self, steps: u16) -> Vec<LorenzPoint> {
        let steps = i128::from(steps.max(1));
        let n = self.count();
        let mut points = Vec::new();
        let (mut passed, mut held) = (0, 0);
        let mut poorest_first = self.values.iter().rev();
        for step in 0..=steps {
            let heads = step * n;
            while (passed + 1) * steps <= heads {
                passed += 1;
                held += poorest_first.next().map_or(0, |&v| i128::from(v));
            }
            let next = poorest_first.clone().next().map_or(0, |&v| i128::from(v));
            let value = ratio(held * steps + next * (heads - passed * steps), self.total * steps);
            points.push(LorenzPoint { customers: ratio(step, steps), value });
        }
        points
    }

    /// ABC classes by cumulative share: with the bounds 0.8 and 0.95, a customer is in A while those strictly ahead of him hold less
    /// than 80 % of the whole, in B while they hold less than 95 %, and in C otherwise. The customer who crosses a bound belongs to the
    /// better class, and equal customers are always in one class.
    ///
    /// # Errors
    /// [`BadShare`](ConcentrationError::BadShare) unless the bounds rise and lie between 0 and 1.
    #[doc(alias = "ABC分类")]
    pub fn abc(&self, bounds: &[Ratio]) -> Result<Vec<AbcClass>, ConcentrationError> {
        let mut before = Ratio::ZERO;
        for &bound in bounds {
            between_0_and_1(bound)?;
            if bound <= before {
                return Err(ConcentrationError::BadShare(bound));
            }
            before = bound;
        }
        let mut classes = Vec::with_capacity(bounds.len() + 1);
        let (mut start, mut held) = (0, 0);
        for bound in bounds.iter().map(Some).chain([None]) {
            let (mut at, before) = (start, held);
            while let Some(&value) = self.values.get(at) {
                if bound.is_some_and(|b| held * b.denominator() >= b.numerator() * self.total) {
                    break;
                }
                let equals = self.values[at..].partition_point(|&v| v == value);
                at += equals;
                held += i128::from(value) * i128::try_from(equals).unwrap_or(0);
            }
            let least = if at > start { self.values.get(at - 1).copied() } else { None };
            classes.push(AbcClass { customers: at - start, share: ratio(held - before, self.total), least });
            start = at;
        }
        Ok(classes)
    }

    fn count(&self) -> i128 {
        i128::try_from(self.values.len()).unwrap_or(i128::MAX)
    }
}

/// A ratio whose denominator is above zero: the total is, and so is every number of steps.
fn ratio(numerator: i128, denominator: i128) -> Ratio {
    Ratio::new(numerator, denominator).unwrap_or(Ratio::ZERO)
}

fn between_0_and_1(share: Ratio) -> Result<(), ConcentrationError> {
    let usable = (Ratio::ZERO..=Ratio::ONE).contains(&share) && share.denominator() <= 1_000_000_000_000;
    if usable { Ok(()) } else { Err(ConcentrationError::BadShare(share)) }
}
