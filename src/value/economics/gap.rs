use super::{EconomicsError, Established, worth::same_currency};
use crate::{
    money::{Currency, Money},
    quantity::Name,
};
use alloc::{collections::BTreeMap, string::ToString, vec::Vec};
use serde::{Deserialize, Serialize};

/// What a customer of a certain kind ought to bring, part by part: products, lines of business, channels. It is a model, made by whoever
/// names it: the best customer of a segment, its median, a plan.
///
/// ```
/// use customer_value::{quantity::Name, value::economics::{Established, ReferenceProfile}};
///
/// let profile = ReferenceProfile::new(Name::new("full-range dealer")?, [
///     (Name::new("creams")?, "500 CNY".parse()?),
///     (Name::new("perfume")?, "300 CNY".parse()?),
/// ])?;
/// let brought = [
///     (Name::new("creams")?, Established::new("620 CNY".parse()?)),
///     (Name::new("perfume")?, Established::new("40 CNY".parse()?)),
/// ];
/// let gap = profile.gap(brought)?;
/// assert_eq!(gap.part("perfume").unwrap().to_string(), "260.00 CNY");
/// assert_eq!(gap.part("creams").unwrap().to_string(), "-120.00 CNY"); // more than the model
/// assert_eq!(gap.total()?.to_string(), "140.00 CNY");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "参照模型")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct ReferenceProfile {
    name: Name,
    currency: Currency,
    parts: BTreeMap<Name, Money>,
}

impl ReferenceProfile {
    /// A profile with its parts, all in one currency.
    ///
    /// # Errors
    /// [`NoPart`](EconomicsError::NoPart) for none; [`Twice`](EconomicsError::Twice) for the same part twice;
    /// [`Money`](EconomicsError::Money) for two currencies.
    pub fn new(name: Name, parts: impl IntoIterator<Item = (Name, Money)>) -> Result<ReferenceProfile, EconomicsError> {
        let parts = distinct(parts)?;
        let currency = parts.first_key_value().ok_or(EconomicsError::NoPart)?.1.currency();
        parts.values().try_for_each(|money| same_currency(currency, money.currency()))?;
        Ok(ReferenceProfile { name, currency, parts })
    }

    /// Its name.
    pub const fn name(&self) -> &Name {
        &self.name
    }

    /// What the customer ought to bring, part by part.
    pub fn parts(&self) -> impl ExactSizeIterator<Item = (&Name, Money)> {
        self.parts.iter().map(|(part, &money)| (part, money))
    }

    /// What a customer lacks of the profile, part by part. Parts that they do not buy must be given as zero: absence is not zero.
    ///
    /// # Errors
    /// [`MissingPart`](EconomicsError::MissingPart) and [`UnknownPart`](EconomicsError::UnknownPart) unless there is a figure for every
    /// part; [`Twice`](EconomicsError::Twice) for two; [`Money`](EconomicsError::Money) for another currency, and if a gap does not fit.
    pub fn gap(&self, brought: impl IntoIterator<Item = (Name, Established)>) -> Result<ModelGap, EconomicsError> {
        let mut brought = distinct(brought)?;
        let mut parts = BTreeMap::new();
        for (part, reference) in &self.parts {
            let actual = brought.remove(part).ok_or_else(|| EconomicsError::MissingPart(part.clone()))?;
            parts.insert(part.clone(), reference.try_sub(actual.money())?);
        }
        match brought.into_keys().next() {
            Some(part) => Err(EconomicsError::UnknownPart(part)),
            None => Ok(ModelGap { profile: self.name.clone(), currency: self.currency, parts }),
        }
    }
}

/// Model value (模型价值): what a customer would bring beyond what they brought if they were like a [`ReferenceProfile`]; below zero where
/// they bring more.
///
/// The sources name established, potential and model value in one breath and define the last one nowhere. This crate takes it as the gap
/// to a declared model. It is no forecast: nothing says that the customer can become like the model. So it does not add to, or turn into,
/// [`Potential`](super::Potential) or [`Established`] value.
///
/// These do not compile:
///
/// ```compile_fail,E0308
/// # use customer_value::value::economics::{ModelGap, Potential};
/// fn f(gap: ModelGap, potential: Potential) {
///     let _ = gap.try_add(&potential);
/// }
/// ```
/// ```compile_fail,E0277
/// # use customer_value::value::economics::{Established, ModelGap};
/// fn f(gap: ModelGap) -> Established {
///     gap.into()
/// }
/// ```
#[doc(alias = "模型价值")]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ModelGap {
    profile: Name,
    currency: Currency,
    parts: BTreeMap<Name, Money>,
}

impl ModelGap {
    /// The profile that it is measured against.
    pub const fn profile(&self) -> &Name {
        &self.profile
    }

    /// What is lacking of a part; `None` for a part that the profile does not have.
    pub fn part(&self, part: &str) -> Option<Money> {
        self.parts.get(part).copied()
    }

    /// What is lacking, part by part, by name.
    pub fn parts(&self) -> impl ExactSizeIterator<Item = (&Name, Money)> {
        self.parts.iter().map(|(part, &money)| (part, money))
    }

    /// What is lacking in all; what is beyond the profile in one part makes up for what is lacking in another.
    ///
    /// # Errors
    /// [`Money`](EconomicsError::Money) if the sum does not fit.
    pub fn total(&self) -> Result<Money, EconomicsError> {
        Ok(Money::sum(self.parts.values().copied(), self.currency)?)
    }

    /// The gaps of two customers to the same profile.
    ///
    /// # Errors
    /// [`OtherProfile`](EconomicsError::OtherProfile) for two profiles; [`Money`](EconomicsError::Money) if a sum does not fit.
    pub fn try_add(&self, other: &ModelGap) -> Result<ModelGap, EconomicsError> {
        // Profiles of one name may still differ in their parts.
        if self.profile != other.profile || !self.parts.keys().eq(other.parts.keys()) {
            return Err(EconomicsError::OtherProfile { left: self.profile.clone(), right: other.profile.clone() });
        }
        let sum = |((part, one), other): ((&Name, &Money), &Money)| Ok((part.clone(), one.try_add(*other)?));
        let parts = self.parts.iter().zip(other.parts.values()).map(sum).collect::<Result<_, EconomicsError>>()?;
        Ok(ModelGap { parts, ..self.clone() })
    }
}

fn distinct<T>(items: impl IntoIterator<Item = (Name, T)>) -> Result<BTreeMap<Name, T>, EconomicsError> {
    let mut map = BTreeMap::new();
    for (name, item) in items {
        if map.contains_key(&name) {
            return Err(EconomicsError::Twice(name.to_string()));
        }
        map.insert(name, item);
    }
    Ok(map)
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "ReferenceProfile")]
struct Wire {
    name: Name,
    parts: Vec<(Name, Money)>,
}

impl TryFrom<Wire> for ReferenceProfile {
    type Error = EconomicsError;

    fn try_from(wire: Wire) -> Result<ReferenceProfile, EconomicsError> {
        ReferenceProfile::new(wire.name, wire.parts)
    }
}

impl From<ReferenceProfile> for Wire {
    fn from(profile: ReferenceProfile) -> Wire {
        Wire { name: profile.name, parts: profile.parts.into_iter().collect() }
    }
}
