use alloc::{borrow::Cow, vec::Vec};
use serde::Serialize;

pub trait Sealed {}

/// A parameter of a model under its name in the literature.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Parameter {
    name: Cow<'static, str>,
    #[serde(with = "crate::quantity::float")]
    value: f64,
    #[serde(skip)]
    link: Link,
}

impl Parameter {
    pub(super) fn new(name: impl Into<Cow<'static, str>>, value: f64, link: Link) -> Parameter {
        Parameter { name: name.into(), value, link }
    }

    /// Its name, such as `alpha`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its value.
    pub const fn value(&self) -> f64 {
        self.value
    }

    pub(super) const fn link(&self) -> Link {
        self.link
    }
}

/// The scale on which the interval of an estimate is made, so that it stays where the estimate can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Link {
    /// Of numbers above zero: the interval is made on their logarithms.
    Log,
    /// Of probabilities: the interval is made on the logarithms of their odds.
    Logit,
    /// Of any numbers.
    Identity,
}

impl Link {
    pub(super) fn of(self, value: f64) -> f64 {
        match self {
            Link::Log => libm::log(value),
            Link::Logit => libm::log(value) - libm::log1p(-value),
            Link::Identity => value,
        }
    }

    pub(super) fn back(self, linked: f64) -> f64 {
        match self {
            Link::Log => libm::exp(linked),
            Link::Logit => 1.0 / (1.0 + libm::exp(-linked)),
            Link::Identity => linked,
        }
    }

    /// The derivative of the value by what it is linked to, at a value.
    pub(super) fn slope(self, value: f64) -> f64 {
        match self {
            Link::Log => value,
            Link::Logit => value * (1.0 - value),
            Link::Identity => 1.0,
        }
    }
}

/// What a model has of these, at other coordinates.
pub(super) fn refilled<const N: usize>(mut slots: [Option<f64>; N], coordinates: &[f64]) -> [Option<f64>; N] {
    let mut rest = coordinates.iter();
    slots.iter_mut().filter(|slot| slot.is_some()).for_each(|slot| *slot = rest.next().copied());
    slots
}

/// A model with parameters that can be fitted. This trait is sealed: the models of this crate implement it.
pub trait Parametric: Sealed + Sized {
    /// The parameters under their names in the literature.
    fn parameters(&self) -> Vec<Parameter>;

    /// The unbounded numbers in which the model is fitted.
    #[doc(hidden)]
    fn coordinates(&self) -> Vec<f64>;

    /// The model of the same kind at other coordinates.
    #[doc(hidden)]
    fn moved(&self, coordinates: &[f64]) -> Option<Self>;
}
