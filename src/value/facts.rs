use crate::quantity::{Fact, Name, NameError, Quantity};
use alloc::collections::BTreeMap;
use serde::{Deserialize, Serialize};

/// Where a model reads a customer's facts: implement it for your own record, or fill a [`FactSheet`].
pub trait Facts {
    /// The customer's fact in the dimension of that name; [`Fact::Unknown`] if there is none.
    fn fact(&self, dimension: &str) -> Fact;
}

/// Facts from two sources: what the first does not know, the second is asked.
///
/// ```
/// use customer_value::{quantity::{Fact, Quantity}, value::{Facts, FactSheet}};
///
/// let ours = FactSheet::new().with("visits", Quantity::count(3))?;
/// let theirs = FactSheet::new().with("visits", Quantity::count(4))?.with("referrals", Quantity::count(1))?;
/// assert_eq!((&ours, &theirs).fact("visits"), Fact::Known(Quantity::count(3)));
/// assert_eq!((&ours, &theirs).fact("referrals"), Fact::Known(Quantity::count(1)));
/// # Ok::<(), customer_value::quantity::NameError>(())
/// ```
impl<A: Facts, B: Facts> Facts for (A, B) {
    fn fact(&self, dimension: &str) -> Fact {
        match self.0.fact(dimension) {
            Fact::Unknown => self.1.fact(dimension),
            fact => fact,
        }
    }
}

impl<F: Facts + ?Sized> Facts for &F {
    fn fact(&self, dimension: &str) -> Fact {
        (**self).fact(dimension)
    }
}

/// Facts by dimension name. What is not on the sheet is unknown.
///
/// ```
/// use customer_value::{money::{Currency, Money}, quantity::{Fact, Quantity}, value::{Facts, FactSheet}};
///
/// let sheet = FactSheet::new()
///     .with("annual sales", Money::from_minor(10_000_000_00, Currency::CNY))?
///     .with("awareness", Quantity::number("0.6".parse()?))?;
/// assert_eq!(sheet.fact("industry"), Fact::Unknown);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FactSheet(BTreeMap<Name, Fact>);

impl FactSheet {
    /// An empty sheet: everything is unknown.
    pub const fn new() -> FactSheet {
        FactSheet(BTreeMap::new())
    }

    /// The sheet with one known quantity more; a fact of the same name is replaced.
    ///
    /// # Errors
    /// [`NameError`] for the dimension `""`.
    pub fn with(self, dimension: &str, quantity: impl Into<Quantity>) -> Result<FactSheet, NameError> {
        self.with_fact(dimension, Fact::Known(quantity.into()))
    }

    /// The sheet with one fact more, known or absent; a fact of the same name is replaced.
    ///
    /// # Errors
    /// [`NameError`] for the dimension `""`.
    pub fn with_fact(mut self, dimension: &str, fact: Fact) -> Result<FactSheet, NameError> {
        self.set(Name::new(dimension)?, fact);
        Ok(self)
    }

    /// Sets a fact; one of the same name is replaced.
    pub fn set(&mut self, dimension: Name, fact: Fact) {
        self.0.insert(dimension, fact);
    }
}

impl Facts for FactSheet {
    fn fact(&self, dimension: &str) -> Fact {
        self.0.get(dimension).copied().unwrap_or(Fact::Unknown)
    }
}
