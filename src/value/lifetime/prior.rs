use super::{LifetimeError, ascent::Axis};
use crate::{
    numeric::{Jet, Local},
    quantity::float,
};
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

    /// That of the number times another above zero, for a coefficient.
    pub(super) fn scaled(self, by: f64) -> Prior {
        Prior { spread: self.spread * by, ..self }
    }

    /// Adds the logarithm of the density, up to a constant, at a coordinate that is so much above the scale of this distribution.
    pub(super) fn add(&self, sum: &mut Local, place: usize, coordinate: f64, shift: f64) {
        let away = (coordinate - shift - self.centre) / self.spread;
        sum.value -= away * away / 2.0;
        sum.gradient[place] -= away / self.spread;
        sum.hessian[place][place] -= 1.0 / (self.spread * self.spread);
    }

    /// The same at the number itself.
    fn add_at<const N: usize>(&self, sum: &mut Jet<N>, place: usize, number: f64) {
        // The coordinate of the distribution, and its derivatives by the number.
        let (coordinate, slope, bend) = match self.kind {
            Kind::Positive => (libm::log(number), 1.0 / number, -1.0 / (number * number)),
            Kind::Probability => {
                let slope = 1.0 / (number * (1.0 - number));
                (libm::log(number) - libm::log1p(-number), slope, (2.0 * number - 1.0) * slope * slope)
            }
            Kind::Coefficient => (number, 1.0, 0.0),
        };
        let away = (coordinate - self.centre) / self.spread;
        sum.value -= away * away / 2.0;
        sum.first[place] -= away / self.spread * slope;
        sum.second[place][place] -= slope / self.spread * (slope / self.spread) + away / self.spread * bend;
    }
}

/// Priors on what a reader can imagine: means and dispersions. With them the fit is the mode of the posterior, and small samples stay
/// sensible. None are set by default.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Priors {
    /// The mean purchase rate, in the model's unit, or the mean probability of a purchase at an opportunity.
    pub purchase_rate: Option<Prior>,
    /// The dispersion of the purchase rate: 1/r, or 1/(α + β).
    pub purchase_dispersion: Option<Prior>,
    /// The mean hazard, in the model's unit, or the mean probability of dropout; of a contract, that to leave at the first renewal.
    pub dropout: Option<Prior>,
    /// The dispersion of the dropout: 1/s, or 1/(a + b).
    pub dropout_dispersion: Option<Prior>,
    /// The growth of the hazard, in the model's unit; of a contract, the power c.
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
        let positive = Some(Kind::Positive);
        self.check_kinds([positive, positive, Some(dropout), positive, positive, Some(Kind::Coefficient)])
    }

    /// The same for a model in discrete time, whose priors are of numbers that it has: of purchases, or of ageing.
    pub(super) fn check_discrete(&self, purchases: bool, ageing: bool) -> Result<(), LifetimeError> {
        let (chance, dispersion) = (Some(Kind::Probability), Some(Kind::Positive));
        let [of_purchase, its_dispersion] = [chance, dispersion].map(|kind| kind.filter(|_| purchases));
        self.check_kinds([of_purchase, its_dispersion, chance, dispersion, dispersion.filter(|_| ageing), None])
    }

    /// Whether each prior is of its kind; none may be there where there is none.
    fn check_kinds(&self, kinds: [Option<Kind>; 6]) -> Result<(), LifetimeError> {
        let all = [
            ("purchase_rate", &self.purchase_rate),
            ("purchase_dispersion", &self.purchase_dispersion),
            ("dropout", &self.dropout),
            ("dropout_dispersion", &self.dropout_dispersion),
            ("ageing", &self.ageing),
            ("coefficients", &self.coefficients),
        ];
        let wrong = all.into_iter().zip(kinds).find(|((_, prior), kind)| prior.is_some_and(|p| Some(p.kind) != *kind));
        wrong.map_or(Ok(()), |((name, _), _)| Err(LifetimeError::WrongPrior(name)))
    }

    /// The logarithm of the density, up to a constant, of variables in these places of [`of`](Priors::of). One at zero is not there.
    pub(super) fn at<const N: usize>(&self, variables: &[f64; N], places: [usize; N]) -> Jet<N> {
        let mut sum = Jet::ZERO;
        for (i, (number, place)) in variables.iter().zip(places).enumerate() {
            if let Some(prior) = self.of(place).filter(|_| *number > 0.0) {
                prior.add_at(&mut sum, i, *number);
            }
        }
        sum
    }

    /// The axes of the variables in these places; nothing that has a prior vanishes.
    pub(super) fn kept<const N: usize>(&self, mut axes: [Axis; N], places: [usize; N]) -> [Axis; N] {
        for (axis, place) in axes.iter_mut().zip(places) {
            if self.of(place).is_some() {
                axis.small = f64::NEG_INFINITY;
            }
        }
        axes
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
            let median = match kind {
                Kind::Positive => libm::exp(centre),
                Kind::Probability => 1.0 / (1.0 + libm::exp(-centre)),
                Kind::Coefficient => centre,
            };
            return Err(LifetimeError::BadParameter { name: "median", value: median });
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
