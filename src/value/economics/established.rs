use super::EconomicsError;
use crate::money::{Currency, Money};
use core::fmt;
use serde::{Deserialize, Serialize};

/// What a customer has brought: a sum from the books, up to a day. It says nothing about what is still to come.
///
/// It does not add to, compare with, or turn into [`Potential`](super::Potential) value or a [`ModelGap`](super::ModelGap); on the wire
/// it names itself, so that it cannot be read as one of them.
///
/// ```
/// use customer_value::value::economics::Established;
///
/// let sales = Established::new("800 EUR".parse()?).try_add(Established::new("150 EUR".parse()?))?;
/// assert_eq!(sales.money().to_string(), "950.00 EUR");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// These do not compile:
///
/// ```compile_fail,E0308
/// # use customer_value::{quantity::Name, value::economics::{Established, Potential}};
/// fn f(established: Established, potential: Potential) {
///     let _ = established.try_add(potential);
/// }
/// ```
/// ```compile_fail,E0277
/// # use customer_value::value::economics::{Established, Potential};
/// fn f(established: Established) -> Potential {
///     established.into()
/// }
/// ```
/// ```compile_fail,E0308
/// # use customer_value::value::economics::{Established, ModelGap};
/// fn f(established: Established, gap: ModelGap) -> bool {
///     established == gap
/// }
/// ```
#[doc(alias = "既成价值")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Established {
    established: Money,
}

impl Established {
    /// An amount that is in the books.
    pub const fn new(money: Money) -> Established {
        Established { established: money }
    }

    /// Nothing, in a currency.
    pub const fn zero(currency: Currency) -> Established {
        Established::new(Money::zero(currency))
    }

    /// The amount.
    pub const fn money(&self) -> Money {
        self.established
    }

    /// The sum of two established values.
    ///
    /// # Errors
    /// [`Money`](EconomicsError::Money) for two currencies, and if the sum does not fit.
    pub fn try_add(self, other: Established) -> Result<Established, EconomicsError> {
        Ok(Established::new(self.established.try_add(other.established)?))
    }
}

impl fmt::Display for Established {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} established", self.established)
    }
}
