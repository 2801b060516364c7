use super::LifetimeError;
use crate::quantity::float;
use serde::{Deserialize, Serialize};

/// How a rate, events per unit of time, differs between customers.
///
/// On the wire: `{"gamma":{"shape":"0.553","rate":"10.578"}}` or `{"alike":"0.05"}`.
///
/// ```
/// use customer_value::value::lifetime::Rates;
///
/// let purchases = Rates::gamma(0.553, 10.578)?;
/// assert_eq!(format!("{:.4} {:.4}", purchases.mean(), purchases.dispersion()), "0.0523 1.8083");
/// assert!(Rates::gamma(0.553, -1.0).is_err());
/// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RatesWire", into = "RatesWire")]
pub struct Rates(pub(super) Spread);

/// How a probability differs between customers.
///
/// On the wire: `{"beta":{"a":"0.793","b":"2.426"}}` or `{"alike":"0.2"}`.
///
/// ```
/// use customer_value::value::lifetime::Chances;
///
/// let dropout = Chances::beta(0.793, 2.426)?;
/// assert_eq!(format!("{:.4} {:.4}", dropout.mean(), dropout.dispersion()), "0.2463 0.3107");
/// assert_eq!(Chances::alike(0.25)?.dispersion(), 0.0);
/// assert!(Chances::alike(25.0).is_err());
/// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "ChancesWire", into = "ChancesWire")]
pub struct Chances(pub(super) Spread);

/// A distribution over customers: two parameters, or one value for all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Spread {
    /// Shape and rate of a gamma distribution, or both shapes of a beta distribution.
    Varied(f64, f64),
    Alike(f64),
}

/// What a parameter may be: the range in which nothing overflows.
pub(super) fn parameter(name: &'static str, value: f64) -> Result<f64, LifetimeError> {
    if (1e-12..=1e12).contains(&value) { Ok(value) } else { Err(LifetimeError::BadParameter { name, value }) }
}

impl Rates {
    /// Gamma-distributed rates, with the mean `shape`/`rate`; `rate` is in units of time.
    ///
    /// # Errors
    /// [`LifetimeError::BadParameter`] for NaN, 0, −1 and 10¹³.
    pub fn gamma(shape: f64, rate: f64) -> Result<Rates, LifetimeError> {
        Ok(Rates(Spread::Varied(parameter("shape", shape)?, parameter("rate", rate)?)))
    }

    /// One rate for all customers.
    ///
    /// # Errors
    /// As [`gamma`](Rates::gamma).
    pub fn alike(rate: f64) -> Result<Rates, LifetimeError> {
        Ok(Rates(Spread::Alike(parameter("rate", rate)?)))
    }

    /// The mean rate.
    pub fn mean(&self) -> f64 {
        match self.0 {
            Spread::Varied(shape, rate) => shape / rate,
            Spread::Alike(rate) => rate,
        }
    }

    /// The variance over customers by the square of the mean: the reciprocal of the shape, 0 where all are alike.
    pub fn dispersion(&self) -> f64 {
        match self.0 {
            Spread::Varied(shape, _) => 1.0 / shape,
            Spread::Alike(_) => 0.0,
        }
    }
}

impl Chances {
    /// Beta-distributed probabilities, with the mean `a`/(`a` + `b`).
    ///
    /// # Errors
    /// [`LifetimeError::BadParameter`] for NaN, 0, −1 and 10¹³.
    pub fn beta(a: f64, b: f64) -> Result<Chances, LifetimeError> {
        Ok(Chances(Spread::Varied(parameter("a", a)?, parameter("b", b)?)))
    }

    /// One probability for all customers.
    ///
    /// # Errors
    /// [`LifetimeError::BadParameter`] for 0, 1, 2 and NaN.
    pub fn alike(probability: f64) -> Result<Chances, LifetimeError> {
        let value = parameter("probability", probability)?;
        if value < 1.0 {
            Ok(Chances(Spread::Alike(value)))
        } else {
            Err(LifetimeError::BadParameter { name: "probability", value })
        }
    }

    /// At coordinates of a climb: the logarithm of the odds of the mean, and that of the dispersion unless all are alike.
    pub(super) fn at(odds: f64, dispersion: Option<f64>) -> Result<Chances, LifetimeError> {
        let (yes, no) = (1.0 / (1.0 + libm::exp(-odds)), 1.0 / (1.0 + libm::exp(odds)));
        match dispersion {
            Some(d) => Chances::beta(yes * libm::exp(-d), no * libm::exp(-d)),
            None => Chances::alike(yes),
        }
    }

    /// These coordinates.
    pub(super) fn coordinates(&self) -> (f64, Option<f64>) {
        match self.0 {
            Spread::Varied(a, b) => (libm::log(a / b), Some(-libm::log(a + b))),
            Spread::Alike(p) => (libm::log(p) - libm::log1p(-p), None),
        }
    }

    /// The mean probability.
    pub fn mean(&self) -> f64 {
        match self.0 {
            Spread::Varied(a, b) => a / (a + b),
            Spread::Alike(p) => p,
        }
    }

    /// The reciprocal of `a + b`, 0 where all are alike.
    pub fn dispersion(&self) -> f64 {
        match self.0 {
            Spread::Varied(a, b) => 1.0 / (a + b),
            Spread::Alike(_) => 0.0,
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", rename = "Rates")]
enum RatesWire {
    Gamma {
        #[serde(with = "float")]
        shape: f64,
        #[serde(with = "float")]
        rate: f64,
    },
    Alike(#[serde(with = "float")] f64),
}

impl TryFrom<RatesWire> for Rates {
    type Error = LifetimeError;

    fn try_from(wire: RatesWire) -> Result<Rates, LifetimeError> {
        match wire {
            RatesWire::Gamma { shape, rate } => Rates::gamma(shape, rate),
            RatesWire::Alike(rate) => Rates::alike(rate),
        }
    }
}

impl From<Rates> for RatesWire {
    fn from(rates: Rates) -> RatesWire {
        match rates.0 {
            Spread::Varied(shape, rate) => RatesWire::Gamma { shape, rate },
            Spread::Alike(rate) => RatesWire::Alike(rate),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", rename = "Chances")]
enum ChancesWire {
    Beta {
        #[serde(with = "float")]
        a: f64,
        #[serde(with = "float")]
        b: f64,
    },
    Alike(#[serde(with = "float")] f64),
}

impl TryFrom<ChancesWire> for Chances {
    type Error = LifetimeError;

    fn try_from(wire: ChancesWire) -> Result<Chances, LifetimeError> {
        match wire {
            ChancesWire::Beta { a, b } => Chances::beta(a, b),
            ChancesWire::Alike(p) => Chances::alike(p),
        }
    }
}

impl From<Chances> for ChancesWire {
    fn from(chances: Chances) -> ChancesWire {
        match chances.0 {
            Spread::Varied(a, b) => ChancesWire::Beta { a, b },
            Spread::Alike(p) => ChancesWire::Alike(p),
        }
    }
}
