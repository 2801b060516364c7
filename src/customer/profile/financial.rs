use super::ProfileError;
use crate::{
    money::Money,
    quantity::{Fact, Quantity, Unit},
};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// A place on an ordered list, counted from 1, as a fact.
fn level(place: u8) -> Fact {
    Fact::Known(Quantity { value: place.into(), unit: Unit::Level })
}

/// How much risk an investor bears: the five classes, C1 to C5, of the guidelines of the Securities Association of China (2017) for the
/// suitability rules of the CSRC.
///
/// ```
/// use customer_value::{customer::profile::RiskTolerance, value::{Dimension, Family}};
///
/// let tolerance = Dimension::judged("risk tolerance", Family::Latent, RiskTolerance::NAMES)?;
/// assert_eq!(tolerance.level("steady"), Some(3));
/// assert_eq!(RiskTolerance::Steady.fact().known().map(|q| q.value), Some(3.into()));
/// # Ok::<(), customer_value::quantity::NameError>(())
/// ```
#[doc(alias = "风险承受能力")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RiskTolerance {
    /// C1 (保守型).
    Conservative,
    /// C2 (谨慎型).
    Cautious,
    /// C3 (稳健型).
    Steady,
    /// C4 (积极型).
    Active,
    /// C5 (激进型).
    Aggressive,
}

impl RiskTolerance {
    /// The names of the levels, the least tolerance first.
    pub const NAMES: [&'static str; 5] = ["conservative", "cautious", "steady", "active", "aggressive"];

    /// The level as a fact: its place on the list.
    pub fn fact(self) -> Fact {
        level(self as u8 + 1)
    }
}

/// What an investor would rather put money into, from what is safest to what is least: the classes of asset management products in China
/// (Guiding Opinions of 2018, article 4), with deposits before them. Mixed products stand between those of which they are mixed.
#[doc(alias = "投资偏好")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InvestmentPreference {
    /// Deposits (存款).
    Deposits,
    /// Fixed income (固定收益类).
    FixedIncome,
    /// Mixed (混合类).
    Mixed,
    /// Equity (权益类).
    Equity,
    /// Commodities and financial derivatives (商品及金融衍生品类).
    Derivatives,
}

impl InvestmentPreference {
    /// The names of the levels, the safest first.
    pub const NAMES: [&'static str; 5] = ["deposits", "fixed-income", "mixed", "equity", "derivatives"];

    /// The level as a fact: its place on the list.
    pub fn fact(self) -> Fact {
        level(self as u8 + 1)
    }
}

/// Bands of income: what is stored is the band, not the income. Each bound belongs to the band above it (以上).
///
/// ```
/// use customer_value::customer::profile::IncomeBands;
///
/// let bands = IncomeBands::new(["60000 CNY".parse()?, "150000 CNY".parse()?])?;
/// assert_eq!(bands.band("59999.99 CNY".parse()?)?, 1);
/// assert_eq!(bands.band("60000 CNY".parse()?)?, 2);
/// assert_eq!(bands.band("150000 CNY".parse()?)?, 3);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "收入区间")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<Money>", into = "Vec<Money>")]
pub struct IncomeBands(Vec<Money>);

impl IncomeBands {
    /// The bounds, rising, of one currency; there is one band more.
    ///
    /// # Errors
    /// [`BadBands`](ProfileError::BadBands) for none, for more than 99, and if they do not rise; [`Money`](ProfileError::Money) for two
    /// currencies.
    pub fn new(bounds: impl Into<Vec<Money>>) -> Result<IncomeBands, ProfileError> {
        let bounds = bounds.into();
        for pair in bounds.windows(2) {
            if pair[0].compare(pair[1])?.is_ge() {
                return Err(ProfileError::BadBands);
            }
        }
        if (1..=99).contains(&bounds.len()) { Ok(IncomeBands(bounds)) } else { Err(ProfileError::BadBands) }
    }

    /// The bounds, rising.
    pub fn bounds(&self) -> &[Money] {
        &self.0
    }

    /// The band of an income, counted from 1 for the lowest.
    ///
    /// # Errors
    /// [`Money`](ProfileError::Money) for an income in another currency.
    pub fn band(&self, income: Money) -> Result<u8, ProfileError> {
        let mut band = 1;
        for bound in &self.0 {
            band += u8::from(bound.compare(income)?.is_le());
        }
        Ok(band)
    }

    /// The band as a fact: a level.
    ///
    /// # Errors
    /// As [`band`](IncomeBands::band).
    pub fn fact(&self, income: Money) -> Result<Fact, ProfileError> {
        self.band(income).map(level)
    }
}

impl TryFrom<Vec<Money>> for IncomeBands {
    type Error = ProfileError;

    fn try_from(bounds: Vec<Money>) -> Result<IncomeBands, ProfileError> {
        IncomeBands::new(bounds)
    }
}

impl From<IncomeBands> for Vec<Money> {
    fn from(bands: IncomeBands) -> Vec<Money> {
        bands.0
    }
}
