use super::LifetimeError;
use crate::{numeric::Local, quantity::float};
use serde::{Deserialize, Serialize};

/// What is thought of a number before the data are seen: a normal distribution of its logarithm (of the logarithm of its odds for a
/// probability, of the number itself for a coefficient).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Prior {
    /// On the scale of the distribution.
    centre: f64,
    spread: f64,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Positive,
    Probability,
    Coefficient,
}

impl Prior {
    /// Of a number above zero: its median, and the standard deviation of its logarithm (0.7 for "within a factor of 4 at 95 %").
    ///
    /// # Errors
    /// [`LifetimeError::BadParameter`] for a median or a spread of 0, −1, NaN and 10¹³.
    pub fn positive(median: f64, spread: f64) -> Result<Prior, LifetimeError> {
        let median = super::spread::parameter("median", median)?;
        Ok(Prior { centre: libm::log(median), spread: super::spread::parameter("spread", spread)?, kind: Kind::Positive })
    }

    /// Of a probability: its median, and the standard deviation of the logarithm of its odds.
    ///
    /// # Errors
    /// [`LifetimeError::BadParameter`] for a median of 0 and of 1, and for a spread of 0, −1, NaN and 10¹³.
    pub fn probability(median: f64, spread: f64) -> Result<Prior, LifetimeError> {
        if !(1e-12..1.0).contains(&median) {
            return Err(LifetimeError::BadParameter { name: "median", value: median });
        }
        let centre = libm::log(median) - libm::log1p(-median);
        Ok(Prior { centre, spread: super::spread::parameter("spread", spread)?, kind: Kind::Probability })
    }

    /// Of the coefficient of a covariate, around zero: its standard deviation.
    ///
    /// # Errors
    /// [`LifetimeError::BadParameter`] for 0, −1, NaN and 10¹³.
    pub fn coefficient(spread: f64) -> Result<Prior, LifetimeError> {
        Ok(Prior { centre: 0.0, spread: super::spread::parameter("spread", spread)?, kind: Kind::Coefficient })
    }

    /// Adds the logarithm of the density, up to a constant, at a coordinate that is so much above the scale of this distribution.
    pub(super) fn add(&self, sum: &mut Local, place: usize, coordinate: f64, shift: f64) {
        let away = (coordinate - shift - self.centre) / self.spread;
        sum.value -= away * away / 2.0;
        sum.gradient[place] -= away / self.spread;
        sum.hessian[place][place] -= 1.0 / (self.spread * self.spread);
    }
}

/// Priors on what a reader can imagine: means and dispersions. With them the fit is the mode of the posterior, and small samples stay
/// sensible. None are set by default.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Priors {
    /// The mean purchase rate, in the model's unit.
    pub purchase_rate: Option<Prior>,
    /// The dispersion of the purchase rate, 1/r.
    pub purchase_dispersion: Option<Prior>,
    /// The mean hazard, in the model's unit, or the mean probability of dropout.
    pub dropout: Option<Prior>,
    /// The dispersion of the dropout: 1/s, or 1/(a + b).
    pub dropout_dispersion: Option<Prior>,
    /// The growth of the hazard, in the model's unit.
    pub ageing: Option<Prior>,
    /// Every coefficient of a covariate.
    pub coefficients: Option<Prior>,
}

impl Priors {
    /// No priors: maximum likelihood.
    pub const NONE: Priors = Priors {
        purchase_rate: None,
        purchase_dispersion: None,
        dropout: None,
        dropout_dispersion: None,
        ageing: None,
        coefficients: None,
    };

    pub(super) const fn of(&self, slot: usize) -> Option<&Prior> {
        match slot {
            0 => self.purchase_rate.as_ref(),
            1 => self.purchase_dispersion.as_ref(),
            2 => self.dropout.as_ref(),
            3 => self.dropout_dispersion.as_ref(),
            _ => self.ageing.as_ref(),
        }
    }

    /// Whether each prior is of the kind that its number needs.
    pub(super) fn check(&self, dropout_is_a_probability: bool) -> Result<(), LifetimeError> {
        let dropout = if dropout_is_a_probability { Kind::Probability } else { Kind::Positive };
        let asked = [
            ("purchase_rate", &self.purchase_rate, Kind::Positive),
            ("purchase_dispersion", &self.purchase_dispersion, Kind::Positive),
            ("dropout", &self.dropout, dropout),
            ("dropout_dispersion", &self.dropout_dispersion, Kind::Positive),
            ("ageing", &self.ageing, Kind::Positive),
            ("coefficients", &self.coefficients, Kind::Coefficient),
        ];
        let wrong = asked.into_iter().find(|(_, prior, kind)| prior.is_some_and(|p| p.kind != *kind));
        wrong.map_or(Ok(()), |(name, ..)| Err(LifetimeError::WrongPrior(name)))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", rename = "Prior")]
enum Wire {
    Positive {
        #[serde(with = "float")]
        log_median: f64,
        #[serde(with = "float")]
        spread: f64,
    },
    Probability {
        #[serde(with = "float")]
        log_odds: f64,
        #[serde(with = "float")]
        spread: f64,
    },
    Coefficient {
        #[serde(with = "float")]
        spread: f64,
    },
}

impl TryFrom<Wire> for Prior {
    type Error = LifetimeError;

    fn try_from(wire: Wire) -> Result<Prior, LifetimeError> {
        let (centre, spread, kind) = match wire {
            Wire::Positive { log_median, spread } => (log_median, spread, Kind::Positive),
            Wire::Probability { log_odds, spread } => (log_odds, spread, Kind::Probability),
            Wire::Coefficient { spread } => (0.0, spread, Kind::Coefficient),
        };
        if !(-28.0..=28.0).contains(&centre) {
            return Err(LifetimeError::BadParameter { name: "median", value: centre });
        }
        Ok(Prior { centre, spread: super::spread::parameter("spread", spread)?, kind })
    }
}

impl From<Prior> for Wire {
    fn from(Prior { centre, spread, kind }: Prior) -> Wire {
        match kind {
            Kind::Positive => Wire::Positive { log_median: centre, spread },
            Kind::Probability => Wire::Probability { log_odds: centre, spread },
            Kind::Coefficient => Wire::Coefficient { spread },
        }
    }
}
