//! Decimals on the wire, and their fixed-point twins.

use super::Rounding;
use core::fmt;
use rust_decimal::Decimal;
use serde::{Deserializer, Serializer, de};

/// The number of decimal places that a rounded quotient keeps where nothing else decides: far below any unit of money.
pub(crate) const FINE_PLACES: u8 = 12;

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Misfit {
    TooPrecise,
    TooLarge,
}

/// The powers of ten that 128 bits hold.
const POWERS: [i128; 39] = {
    let mut powers = [1; 39];
    let mut exponent = 1;
    while exponent < powers.len() {
        powers[exponent] = powers[exponent - 1] * 10;
        exponent += 1;
    }
    powers
};

/// `10^exponent`, for exponents up to 38.
pub(crate) fn power_of_ten(exponent: u8) -> Option<i128> {
    POWERS.get(usize::from(exponent)).copied()
}

/// The value as a whole number of `10^-places`, exactly.
pub(crate) fn to_fixed(value: Decimal, places: u8) -> Result<i64, Misfit> {
    let value = value.normalize();
    let Ok(scale) = u8::try_from(value.scale()) else { return Err(Misfit::TooPrecise) };
    let Some(missing) = places.checked_sub(scale) else { return Err(Misfit::TooPrecise) };
    power_of_ten(missing)
        .and_then(|power| value.mantissa().checked_mul(power))
        .and_then(|fixed| i64::try_from(fixed).ok())
        .ok_or(Misfit::TooLarge)
}

/// A whole number of `10^-places` as a decimal with that many places. Numbers beyond a decimal's 96 bits saturate; the callers
/// pass 64-bit numbers, or sums of them that are checked before.
pub(crate) fn from_fixed(fixed: i128, places: u8) -> Decimal {
    Decimal::try_from_i128_with_scale(fixed, u32::from(places)).unwrap_or(if fixed < 0 { Decimal::MIN } else { Decimal::MAX })
}

/// `numerator / denominator` with `places` decimal places. `None` if it does not fit.
pub(crate) fn quotient(numerator: i128, denominator: i128, places: u8, rounding: Rounding) -> Option<Decimal> {
    let scaled = numerator.checked_mul(power_of_ten(places)?)?;
    Decimal::try_from_i128_with_scale(rounding.divide(scaled, denominator)?, u32::from(places)).ok()
}

/// `amount · rate / 10^digits`, rounded once; `rate` is a decimal's mantissa. `None` if it does not fit.
pub(super) fn scaled_product(amount: i64, rate: i128, digits: u8, rounding: Rounding) -> Option<i128> {
    if let (Some(product), Some(power)) = (i128::from(amount).checked_mul(rate), power_of_ten(digits)) {
        return rounding.divide(product, power);
    }
    // 63 bits times 96 bits, in limbs of 64 bits, the lowest first; then digit by digit.
    let (a, r) = (u128::from(amount.unsigned_abs()), rate.unsigned_abs());
    let low = a * (r & u128::from(u64::MAX));
    let high = a * (r >> 64) + (low >> 64);
    let mut limbs = [low, high, high >> 64].map(|limb| limb & u128::from(u64::MAX));
    let (mut digit, mut below) = (0, false);
    for _ in 0..digits {
        below |= digit != 0;
        digit = 0;
        for limb in limbs.iter_mut().rev() {
            let with_rest = (digit << 64) | *limb;
            (*limb, digit) = (with_rest / 10, with_rest % 10);
        }
    }
    let negative = (amount < 0) != (rate < 0);
    let half = digit.cmp(&5).then(below.cmp(&false));
    let away = (digit != 0 || below) && rounding.goes_away(negative, limbs[0] % 2 == 1, half);
    let magnitude = i128::try_from(limbs[1] << 64 | limbs[0]).ok().filter(|_| limbs[2] == 0)?;
    let rounded = magnitude.checked_add(i128::from(away))?;
    Some(if negative { -rounded } else { rounded })
}

pub(crate) fn serialize<S: Serializer>(value: &Decimal, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(value)
}

/// Reads text (`"0.30"`) or a whole number; a float is refused, because JSON readers lose digits of it before we see it.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Decimal, D::Error> {
    struct Visit;
    impl de::Visitor<'_> for Visit {
        type Value = Decimal;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a decimal as text such as \"0.30\", or a whole number")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Decimal, E> {
            // One spelling for one number: no plus sign, no separators, digits on both sides of the point.
            let unsigned = text.strip_prefix('-').unwrap_or(text);
            let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
            let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            let exact = if digits(whole) && digits(part) { Decimal::from_str_exact(text).ok() } else { None };
            exact.ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
        }

        fn visit_i64<E: de::Error>(self, whole: i64) -> Result<Decimal, E> {
            Ok(whole.into())
        }

        fn visit_u64<E: de::Error>(self, whole: u64) -> Result<Decimal, E> {
            Ok(whole.into())
        }
    }
    from.deserialize_any(Visit)
}

/// The same for an optional decimal, which is absent or `null` when there is none.
pub(crate) mod optional {
    use super::Decimal;
    use serde::{Deserialize, Deserializer, Serializer};

    #[derive(Deserialize)]
    struct Some_(#[serde(with = "super")] Decimal);

    // serde's `with` passes the field by reference.
    #[allow(clippy::ref_option)]
    pub(crate) fn serialize<S: Serializer>(value: &Option<Decimal>, to: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => to.collect_str(value),
            None => to.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Decimal>, D::Error> {
        Ok(Option::<Some_>::deserialize(from)?.map(|s| s.0))
    }
}

/// The same for a list of decimals.
pub(crate) mod list {
    use super::Decimal;
    use alloc::vec::Vec;
    use serde::{Deserialize, Deserializer, Serializer};

    #[derive(Deserialize)]
    struct Item(#[serde(with = "super")] Decimal);

    pub(crate) fn serialize<S: Serializer>(values: &[Decimal], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(values.iter().map(|v| alloc::format!("{v}")))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Decimal>, D::Error> {
        Ok(Vec::<Item>::deserialize(from)?.into_iter().map(|i| i.0).collect())
    }
}
