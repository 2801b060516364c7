//! Floating-point numbers on the wire: text with all their digits, because readers of JSON lose some.

use alloc::borrow::Cow;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Such a number in a list or where there may be none.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Float(#[serde(with = "self")] pub(crate) f64);

// serde's `with` passes the field by reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
pub(crate) fn serialize<S: Serializer>(value: &f64, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(value)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    let text = Cow::<str>::deserialize(from)?;
    let value = text.parse().ok().filter(|v: &f64| v.is_finite());
    value.ok_or_else(|| de::Error::invalid_value(de::Unexpected::Str(&text), &"a number as text such as \"0.05\""))
}
