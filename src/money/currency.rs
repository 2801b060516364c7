use super::MoneyError;
use alloc::{format, string::ToString};
use core::{fmt, str::FromStr};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A unit of money: an ISO 4217 currency, or a unit of the caller's own.
///
/// The exponent is the number of decimal places of the smallest unit that amounts are kept in: 2 for GBP, 0 for JPY, 3 for KWD.
/// Withdrawn currencies, metals and units that ISO 4217 does not list are made with [`Currency::custom`].
///
/// On the wire it is text: `"GBP"`, or `"BTC:8"` (code and exponent) for a unit outside the list.
///
/// ```
/// use customer_value::money::Currency;
///
/// assert_eq!("JPY".parse(), Ok(Currency::JPY));
/// assert_eq!(Currency::KWD.exponent(), 3);
///
/// let coin = Currency::custom("BTC", 8)?;
/// assert_eq!("BTC:8".parse(), Ok(coin));
/// assert!(Currency::custom("GBP", 4).is_err()); // ISO 4217 says 2
/// # Ok::<(), customer_value::money::MoneyError>(())
/// ```
#[doc(alias = "货币")]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency {
    code: [u8; 6],
    exponent: u8,
}

macro_rules! iso_4217 {
    ($($exponent:literal: $($code:ident)+;)+) => {
        impl Currency {
            $($(
                #[doc = concat!("ISO 4217 ", stringify!($code), ", ", stringify!($exponent), " decimal places.")]
                pub const $code: Currency = Currency::raw(stringify!($code).as_bytes(), $exponent);
            )+)+
            /// Every currency of ISO 4217 list one (2026) that has a minor unit, in no particular order.
            pub const ISO_4217: &'static [Currency] = &[$($(Currency::$code,)+)+];
        }
    };
}

iso_4217! {
    0: BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF;
    2: AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC
       CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR
       KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN
       PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS
       UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG;
    3: BHD IQD JOD KWD LYD OMR TND;
    4: CLF UYW;
}

impl Currency {
    const fn raw(letters: &[u8], exponent: u8) -> Currency {
        let mut code = [0; 6];
        let mut i = 0;
        while i < letters.len() && i < 6 {
            code[i] = letters[i];
            i += 1;
        }
        Currency { code, exponent }
    }

    /// A unit that ISO 4217 does not list: 1 to 6 upper-case letters or digits, 0 to 18 decimal places.
    ///
    /// # Errors
    /// [`MoneyError::UnknownCurrency`] for `("", 2)`, `("btc", 8)`, `("TOOLONG", 2)`, `("BTC", 19)`, and for an ISO code with an
    /// exponent that is not its own, such as `("GBP", 4)`.
    pub fn custom(code: &str, exponent: u8) -> Result<Currency, MoneyError> {
        let well_formed =
            (1..=6).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) && exponent <= 18;
        let made = Currency::raw(code.as_bytes(), exponent);
        match Currency::iso(code) {
            Some(iso) if iso != made => {}
            _ if well_formed => return Ok(made),
            _ => {}
        }
        Err(MoneyError::UnknownCurrency(format!("{code}:{exponent}")))
    }

    fn iso(code: &str) -> Option<Currency> {
        Self::ISO_4217.iter().copied().find(|c| c.code() == code)
    }

    /// The code without its exponent: `GBP`, `BTC`.
    pub fn code(&self) -> &str {
        let length = self.code.iter().position(|&b| b == 0).unwrap_or(self.code.len());
        // The bytes are ASCII by construction.
        core::str::from_utf8(&self.code[..length]).unwrap_or_default()
    }

    /// Decimal places of the smallest unit, 0 to 18.
    pub const fn exponent(&self) -> u8 {
        self.exponent
    }
}

/// The code; for a unit outside ISO 4217 with its exponent, as it is read again.
impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if Currency::iso(self.code()).is_some() { f.pad(self.code()) } else { fmt::Debug::fmt(self, f) }
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.code(), self.exponent)
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Currency, MoneyError> {
        let unknown = || MoneyError::UnknownCurrency(text.to_string());
        match text.split_once(':') {
            None => Currency::iso(text).ok_or_else(unknown),
            Some((code, places)) => Currency::custom(code, places.parse().map_err(|_| unknown())?),
        }
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Currency, D::Error> {
        alloc::borrow::Cow::<str>::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_has_no_code_twice_and_every_code_is_three_letters() {
        let mut codes: alloc::vec::Vec<&str> = Currency::ISO_4217.iter().map(Currency::code).collect();
        codes.sort_unstable();
        assert!(codes.windows(2).all(|w| w[0] < w[1]));
        assert!(codes.iter().all(|c| c.len() == 3));
        assert_eq!(codes.len(), 165);
    }

    #[test]
    fn custom_units_are_checked() {
        for (code, exponent) in [("", 2), ("btc", 8), ("TOOLONG", 2), ("BTC", 19), ("GBP", 4), ("G P", 2), ("元", 2)] {
            assert!(Currency::custom(code, exponent).is_err(), "{code}:{exponent}");
        }
        assert_eq!(Currency::custom("GBP", 2), Ok(Currency::GBP));
        assert_eq!(Currency::custom("MILES1", 0).map(|c| c.code().to_string()), Ok("MILES1".to_string()));
        for text in ["BTC", "BTC:", "BTC:x", ":2", "GBP:3", "gbp", "BTC:8:1", "BTC:-1"] {
            assert!(text.parse::<Currency>().is_err(), "{text}");
        }
    }
}
