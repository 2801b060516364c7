use super::{
    Chances, Family, LifetimeError, Rates, TimeUnit,
    family::Kind,
    parametric::{Link, Parameter, Parametric, Sealed, refilled},
    spread::Spread,
};
use crate::quantity::float;
use alloc::vec::Vec;
use core::num::NonZeroU8;
use serde::{Deserialize, Serialize};

/// How customers cease to be customers, unseen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Dropout {
    /// They never do.
    Never,
    /// In the course of time: each has a hazard, whatever they buy.
    InTime {
        /// The hazard at the first purchase, per unit of time.
        hazard: Rates,
        /// The rate at which the hazard grows (Gompertz), per unit of time; 0 for one that stays.
        #[serde(with = "float")]
        ageing: f64,
    },
    /// At a purchase: each of them ends it with a probability.
    AtPurchases {
        /// The probability.
        chance: Chances,
        /// Whether the first purchase may end it too.
        first: bool,
    },
}

/// A model of when customers buy and whether they still do: each buys at a rate of their own until they drop out, and both differ between
/// customers. One type for every model of the literature; see [`Family`].
///
/// ```
/// use customer_value::value::lifetime::{PurchaseModel, Summary, TimeUnit};
///
/// // As published for CDNOW (Fader, Hardie and Lee 2005), in weeks.
/// let model = PurchaseModel::bg_nbd([0.243, 4.414, 0.793, 2.426], TimeUnit::WEEK)?;
/// let outlook = model.outlook(Summary::new(2, 213, 272)?);
/// assert_eq!(format!("{:.3} {:.3}", outlook.alive(), outlook.purchases(273)), "0.727 1.226");
/// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
/// ```
#[doc(alias = "购买模型")]
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct PurchaseModel {
    unit: TimeUnit,
    purchases: Rates,
    regularity: NonZeroU8,
    dropout: Dropout,
}

impl PurchaseModel {
    /// A model of its parts. With a regularity of k, every k-th event of a customer's Poisson process is a purchase, and `purchases` is
    /// the rate of the events; 1 for purchases at random.
    ///
    /// # Errors
    /// [`LifetimeError::BadParameter`] for an ageing of −1, NaN or 10¹³; [`LifetimeError::RegularInTime`] for a regularity above 1 with
    /// dropout in time, a model that the literature does not have.
    pub fn new(purchases: Rates, regularity: NonZeroU8, dropout: Dropout, unit: TimeUnit) -> Result<PurchaseModel, LifetimeError> {
        if let Dropout::InTime { ageing: value, .. } = dropout {
            if !(value == 0.0 || (1e-12..=1e12).contains(&value)) {
                return Err(LifetimeError::BadParameter { name: "ageing", value });
            }
            if regularity > NonZeroU8::MIN {
                return Err(LifetimeError::RegularInTime(regularity));
            }
        }
        Ok(PurchaseModel { unit, purchases, regularity, dropout })
    }

    /// NBD with the parameters r, α (Ehrenberg 1959).
    ///
    /// # Errors
    /// [`LifetimeError::BadParameter`] for NaN, 0, −1 and 10¹³ among them; so for all of these.
    pub fn nbd([r, alpha]: [f64; 2], unit: TimeUnit) -> Result<PurchaseModel, LifetimeError> {
        PurchaseModel::new(Rates::gamma(r, alpha)?, NonZeroU8::MIN, Dropout::Never, unit)
    }

    /// Pareto/NBD with the parameters r, α, s, β (Schmittlein, Morrison and Colombo 1987).
    ///
    /// # Errors
    /// As [`nbd`](PurchaseModel::nbd).
    pub fn pareto_nbd([r, alpha, s, beta]: [f64; 4], unit: TimeUnit) -> Result<PurchaseModel, LifetimeError> {
        let dropout = Dropout::InTime { hazard: Rates::gamma(s, beta)?, ageing: 0.0 };
        PurchaseModel::new(Rates::gamma(r, alpha)?, NonZeroU8::MIN, dropout, unit)
    }

    /// Gamma-Gompertz/NBD with the parameters r, α, b, s, β (Bemmaor and Glady 2012): a customer's survival is
    /// `exp(−η·(exp(b·t) − 1))` with η of shape s and rate β, so that the hazard starts at ηb.
    ///
    /// # Errors
    /// As [`nbd`](PurchaseModel::nbd).
    pub fn ggom_nbd([r, alpha, b, s, beta]: [f64; 5], unit: TimeUnit) -> Result<PurchaseModel, LifetimeError> {
        let dropout = Dropout::InTime { hazard: Rates::gamma(s, beta / b)?, ageing: b };
        PurchaseModel::new(Rates::gamma(r, alpha)?, NonZeroU8::MIN, dropout, unit)
    }

    /// BG/NBD with the parameters r, α, a, b (Fader, Hardie and Lee 2005).
    ///
    /// # Errors
    /// As [`nbd`](PurchaseModel::nbd).
    pub fn bg_nbd(parameters: [f64; 4], unit: TimeUnit) -> Result<PurchaseModel, LifetimeError> {
        PurchaseModel::bg_cnbd(NonZeroU8::MIN, parameters, unit)
    }

    /// MBG/NBD with the parameters r, α, a, b (Batislam, Denizel and Filiztekin 2007; Wagner and Hoppe 2008).
    ///
    /// # Errors
    /// As [`nbd`](PurchaseModel::nbd).
    pub fn mbg_nbd(parameters: [f64; 4], unit: TimeUnit) -> Result<PurchaseModel, LifetimeError> {
        PurchaseModel::mbg_cnbd(NonZeroU8::MIN, parameters, unit)
    }

    /// BG/CNBD-k with the parameters r, α, a, b (Platzer and Reutterer 2016).
    ///
    /// # Errors
    /// As [`nbd`](PurchaseModel::nbd).
    pub fn bg_cnbd(k: NonZeroU8, [r, alpha, a, b]: [f64; 4], unit: TimeUnit) -> Result<PurchaseModel, LifetimeError> {
        let dropout = Dropout::AtPurchases { chance: Chances::beta(a, b)?, first: false };
        PurchaseModel::new(Rates::gamma(r, alpha)?, k, dropout, unit)
    }

    /// MBG/CNBD-k with the parameters r, α, a, b (Reutterer, Platzer and Schröder 2021).
    ///
    /// # Errors
    /// As [`nbd`](PurchaseModel::nbd).
    pub fn mbg_cnbd(k: NonZeroU8, [r, alpha, a, b]: [f64; 4], unit: TimeUnit) -> Result<PurchaseModel, LifetimeError> {
        let dropout = Dropout::AtPurchases { chance: Chances::beta(a, b)?, first: true };
        PurchaseModel::new(Rates::gamma(r, alpha)?, k, dropout, unit)
    }

    /// The rates at which customers buy while they are customers; with a regularity of k, k times that.
    pub const fn purchases(&self) -> Rates {
        self.purchases
    }

    /// Events of the underlying Poisson process to a purchase; 1 for purchases at random.
    pub const fn regularity(&self) -> NonZeroU8 {
        self.regularity
    }

    /// How customers drop out.
    pub const fn dropout(&self) -> Dropout {
        self.dropout
    }

    /// The unit of time that the parameters are in.
    pub const fn unit(&self) -> TimeUnit {
        self.unit
    }

    /// The model's name in the literature. A simpler model at the end of its range keeps the name of the family it belongs to, save that
    /// whatever never drops out is NBD.
    pub const fn family(&self) -> Family {
        match (self.dropout, self.regularity.get()) {
            (Dropout::Never, 1) => Family::Nbd,
            (Dropout::Never, _) => Family::Cnbd(self.regularity),
            (Dropout::InTime { ageing: 0.0, .. }, _) => Family::ParetoNbd,
            (Dropout::InTime { .. }, _) => Family::GgomNbd,
            (Dropout::AtPurchases { first: false, .. }, 1) => Family::BgNbd,
            (Dropout::AtPurchases { first: false, .. }, _) => Family::BgCnbd(self.regularity),
            (Dropout::AtPurchases { first: true, .. }, 1) => Family::MbgNbd,
            (Dropout::AtPurchases { first: true, .. }, _) => Family::MbgCnbd(self.regularity),
        }
    }

    /// The parameters under their names in the literature.
    pub fn parameters(&self) -> Vec<Parameter> {
        let mut all = Vec::with_capacity(5);
        name(&mut all, self.purchases.0, ["r", "alpha", "lambda"], Link::Log);
        match self.dropout {
            Dropout::Never => {}
            Dropout::AtPurchases { chance, .. } => name(&mut all, chance.0, ["a", "b", "p"], Link::Logit),
            Dropout::InTime { hazard, ageing: 0.0 } => name(&mut all, hazard.0, ["s", "beta", "mu"], Link::Log),
            Dropout::InTime { hazard, ageing } => {
                all.push(Parameter::new("b", ageing, Link::Log));
                // β of the literature belongs to η, whose hazard at the start is ηb.
                let eta = match hazard.0 {
                    Spread::Varied(s, rate) => Spread::Varied(s, rate * ageing),
                    Spread::Alike(mu) => Spread::Alike(mu / ageing),
                };
                name(&mut all, eta, ["s", "beta", "eta"], Link::Log);
            }
        }
        all
    }

    /// Mean and dispersion of the dropout, and its ageing; zeros where nobody drops out.
    pub(super) fn hazard(&self) -> [f64; 3] {
        match self.dropout {
            Dropout::Never => [0.0; 3],
            Dropout::InTime { hazard, ageing } => [hazard.mean(), hazard.dispersion(), ageing],
            Dropout::AtPurchases { chance, .. } => [chance.mean(), chance.dispersion(), 0.0],
        }
    }

    /// The coordinates of a climb: ln of the mean rate and of its dispersion, then of the dropout ln (or the logarithm of the odds) of the
    /// mean, ln of the dispersion, ln of the ageing. `None` for what the model does not have, or has at zero.
    pub(super) fn slots(&self) -> Slots {
        let dispersion = |spread: Spread, value: f64| matches!(spread, Spread::Varied(..)).then(|| libm::log(value));
        let purchases = self.purchases;
        let mut slots = [Some(libm::log(purchases.mean())), dispersion(purchases.0, purchases.dispersion()), None, None, None];
        match self.dropout {
            Dropout::Never => {}
            Dropout::InTime { hazard, ageing } => {
                slots[2] = Some(libm::log(hazard.mean()));
                slots[3] = dispersion(hazard.0, hazard.dispersion());
                slots[4] = (ageing > 0.0).then(|| libm::log(ageing));
            }
            Dropout::AtPurchases { chance, .. } => {
                let (odds, dispersion) = chance.coordinates();
                (slots[2], slots[3]) = (Some(odds), dispersion);
            }
        }
        slots
    }

    /// The model of the same kind at other coordinates, with time in `unit`s of its own.
    pub(super) fn of_slots(
        family: Family,
        slots: &Slots,
        unit: TimeUnit,
        unit_in_climb: f64,
    ) -> Result<PurchaseModel, LifetimeError> {
        let rates = |mean: f64, dispersion: Option<f64>| {
            let mean = libm::exp(mean) * unit_in_climb;
            match dispersion {
                Some(d) => Rates::gamma(libm::exp(-d), libm::exp(-d) / mean),
                None => Rates::alike(mean),
            }
        };
        let purchases = rates(slots[0].unwrap_or(0.0), slots[1])?;
        let dropout = match (slots[2], family.dropout()) {
            (None, _) | (_, Kind::Never) => Dropout::Never,
            (Some(mean), Kind::InTime) => {
                Dropout::InTime { hazard: rates(mean, slots[3])?, ageing: slots[4].map_or(0.0, |b| libm::exp(b) * unit_in_climb) }
            }
            (Some(odds), Kind::AtPurchases { first }) => Dropout::AtPurchases { chance: Chances::at(odds, slots[3])?, first },
        };
        PurchaseModel::new(purchases, family.regularity(), dropout, unit)
    }
}

/// Adds the two parameters of a spread, or the one where all are alike.
fn name(all: &mut Vec<Parameter>, spread: Spread, [first, second, alike]: [&'static str; 3], link: Link) {
    match spread {
        Spread::Varied(a, b) => all.extend([Parameter::new(first, a, Link::Log), Parameter::new(second, b, Link::Log)]),
        Spread::Alike(value) => all.push(Parameter::new(alike, value, link)),
    }
}

/// See [`PurchaseModel::slots`].
pub(super) type Slots = [Option<f64>; 5];

impl Parametric for PurchaseModel {
    fn parameters(&self) -> Vec<Parameter> {
        PurchaseModel::parameters(self)
    }

    fn coordinates(&self) -> Vec<f64> {
        self.slots().into_iter().flatten().collect()
    }

    fn moved(&self, coordinates: &[f64]) -> Option<PurchaseModel> {
        PurchaseModel::of_slots(self.family(), &refilled(self.slots(), coordinates), self.unit, 1.0).ok()
    }
}

impl Sealed for PurchaseModel {}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "PurchaseModel")]
struct Wire {
    purchases: Rates,
    regularity: NonZeroU8,
    dropout: Dropout,
    unit_days: TimeUnit,
}

impl TryFrom<Wire> for PurchaseModel {
    type Error = LifetimeError;

    fn try_from(w: Wire) -> Result<PurchaseModel, LifetimeError> {
        PurchaseModel::new(w.purchases, w.regularity, w.dropout, w.unit_days)
    }
}

impl From<PurchaseModel> for Wire {
    fn from(m: PurchaseModel) -> Wire {
        Wire { purchases: m.purchases, regularity: m.regularity, dropout: m.dropout, unit_days: m.unit }
    }
}
