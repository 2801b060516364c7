use super::{EconomicsError, worth::same_currency};
use crate::{
    money::{Currency, Money},
    quantity::Name,
};
use alloc::{collections::BTreeSet, vec::Vec};
use serde::{Deserialize, Serialize};

/// What is still to be won from a customer: bounds, because nobody knows it, and the assumptions that it rests on.
///
/// It does not add to, or turn into, [`Established`](super::Established) value or a [`ModelGap`](super::ModelGap).
///
/// ```
/// use customer_value::{quantity::Name, value::economics::Potential};
///
/// let spares = Potential::new("100 EUR".parse()?, Some("300 EUR".parse()?), Name::new("as last year")?)?;
/// let service = Potential::new("50 EUR".parse()?, None, Name::new("no competitor asked")?)?;
/// let both = spares.try_add(service)?;
/// assert_eq!(both.least().to_string(), "150.00 EUR");
/// assert_eq!(both.most(), None); // whatever is added to something unknown is unknown
/// assert_eq!(both.assumptions().count(), 2);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// These do not compile:
///
/// ```compile_fail,E0308
/// # use customer_value::value::economics::{Established, Potential};
/// fn f(potential: Potential, established: Established) {
///     let _ = potential.try_add(established);
/// }
/// ```
/// ```compile_fail,E0277
/// # use customer_value::value::economics::{ModelGap, Potential};
/// fn f(potential: Potential) -> ModelGap {
///     potential.into()
/// }
/// ```
#[doc(alias = "潜在价值")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Potential {
    least: Money,
    most: Option<Money>,
    assumptions: BTreeSet<Name>,
}

impl Potential {
    /// At least so much, at most so much (`None` where no upper bound is known), under an assumption.
    ///
    /// # Errors
    /// [`Money`](EconomicsError::Money) for two currencies; [`Bounds`](EconomicsError::Bounds) for at least 3.00 and at most 2.00 EUR.
    pub fn new(least: Money, most: Option<Money>, assumption: Name) -> Result<Potential, EconomicsError> {
        Potential::checked(least, most, BTreeSet::from([assumption]))
    }

    fn checked(least: Money, most: Option<Money>, assumptions: BTreeSet<Name>) -> Result<Potential, EconomicsError> {
        if let Some(most) = most {
            same_currency(least.currency(), most.currency())?;
            if most.minor() < least.minor() {
                return Err(EconomicsError::Bounds { least: least.minor(), most: most.minor() });
            }
        }
        Ok(Potential { least, most, assumptions })
    }

    /// The least that is still to be won.
    pub const fn least(&self) -> Money {
        self.least
    }

    /// The most that is still to be won, if there is a bound.
    pub const fn most(&self) -> Option<Money> {
        self.most
    }

    /// The amount, if it is certain.
    pub fn certain(&self) -> Option<Money> {
        self.most.filter(|most| *most == self.least)
    }

    /// The currency.
    pub const fn currency(&self) -> Currency {
        self.least.currency()
    }

    /// What it rests on, by name.
    pub fn assumptions(&self) -> impl ExactSizeIterator<Item = &Name> {
        self.assumptions.iter()
    }

    /// The sum of two potential values: bounds add, and it rests on what both rest on.
    ///
    /// # Errors
    /// [`Money`](EconomicsError::Money) for two currencies, and if a sum does not fit.
    pub fn try_add(self, other: Potential) -> Result<Potential, EconomicsError> {
        let least = self.least.try_add(other.least)?;
        let most = match (self.most, other.most) {
            (Some(one), Some(other)) => Some(one.try_add(other)?),
            _ => None,
        };
        let mut assumptions = self.assumptions;
        assumptions.extend(other.assumptions);
        Ok(Potential { least, most, assumptions })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Potential")]
struct Wire {
    least: Money,
    most: Option<Money>,
    assumptions: Vec<Name>,
}

impl TryFrom<Wire> for Potential {
    type Error = EconomicsError;

    fn try_from(wire: Wire) -> Result<Potential, EconomicsError> {
        let assumptions: BTreeSet<Name> = wire.assumptions.into_iter().collect();
        if assumptions.is_empty() {
            Err(EconomicsError::NoAssumption)
        } else {
            Potential::checked(wire.least, wire.most, assumptions)
        }
    }
}

impl From<Potential> for Wire {
    fn from(p: Potential) -> Wire {
        Wire { least: p.least, most: p.most, assumptions: p.assumptions.into_iter().collect() }
    }
}
