use crate::customer::{credit::Collection, file::Gradable};
use crate::quantity::{Fact, Source};

/// Where a model reads a customer's facts: implement it for your own record, or fill a [`FactSheet`](super::FactSheet).
pub trait Facts {
    /// The customer's fact in the dimension, or under the attribute, of that name; [`Fact::Unknown`] if there is none.
    fn fact(&self, dimension: &str) -> Fact;

    /// Where that fact comes from, if that is kept; the reasons of a decision quote it.
    fn source(&self, _dimension: &str) -> Option<Source> {
        None
    }
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

    fn source(&self, dimension: &str) -> Option<Source> {
        match self.0.fact(dimension) {
            Fact::Unknown => self.1.source(dimension),
            _ => self.0.source(dimension),
        }
    }
}

impl<F: Facts + ?Sized> Facts for &F {
    fn fact(&self, dimension: &str) -> Fact {
        (**self).fact(dimension)
    }

    fn source(&self, dimension: &str) -> Option<Source> {
        (**self).source(dimension)
    }
}

impl Facts for Gradable {
    fn fact(&self, dimension: &str) -> Fact {
        Gradable::fact(self, dimension)
    }

    fn source(&self, dimension: &str) -> Option<Source> {
        Gradable::source(self, dimension).cloned()
    }
}

impl Facts for Collection {
    fn fact(&self, dimension: &str) -> Fact {
        Collection::fact(self, dimension)
    }
}
