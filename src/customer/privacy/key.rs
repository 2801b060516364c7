use super::PrivacyError;
use alloc::borrow::Cow;
use core::{fmt, str::FromStr};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The pseudonym under which a customer is kept: 128 bits that mean nothing.
///
/// Draw it at random (a UUID of version 4), not from a name, a telephone number or a hash of one: only the vault knows whose it is. It
/// cannot hold a text, so nobody is filed under an e-mail address. Written and read as 32 hexadecimal digits.
///
/// ```
/// use customer_value::customer::privacy::CustomerKey;
///
/// let key = CustomerKey::new(0x67e5_5044_10b1_426f_9247_bb68_0e5f_e0c8);
/// assert_eq!(key.to_string(), "67e5504410b1426f9247bb680e5fe0c8");
/// assert_eq!("67e5504410b1426f9247bb680e5fe0c8".parse(), Ok(key));
/// assert!("Li Lei".parse::<CustomerKey>().is_err());
/// ```
#[doc(alias = "假名")]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CustomerKey(u128);

impl CustomerKey {
    /// The key of these bits.
    pub const fn new(bits: u128) -> CustomerKey {
        CustomerKey(bits)
    }

    /// Its bits.
    pub const fn bits(&self) -> u128 {
        self.0
    }
}

impl fmt::Display for CustomerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for CustomerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for CustomerKey {
    type Err = PrivacyError;

    /// # Errors
    /// [`NotAKey`](PrivacyError::NotAKey) for anything but 32 lower-case hexadecimal digits. The text is not repeated: it may be a name.
    fn from_str(text: &str) -> Result<CustomerKey, PrivacyError> {
        let good = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let bits = u128::from_str_radix(text, 16).ok().filter(|_| good);
        bits.map(CustomerKey).ok_or(PrivacyError::NotAKey)
    }
}

impl Serialize for CustomerKey {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CustomerKey {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<CustomerKey, D::Error> {
        let not_a_key = || de::Error::custom(PrivacyError::NotAKey);
        Cow::<str>::deserialize(from).map_err(|_| not_a_key())?.parse().map_err(|_| not_a_key())
    }
}
