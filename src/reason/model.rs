use crate::quantity::Name;
use core::fmt::{self, Write};
use serde::{Deserialize, Serialize};

/// Which model made a decision: its name, and a fingerprint of everything in it.
///
/// Two models with the same fingerprint are, short of a contrived collision, the same model; changing one cut, weight or rule changes
/// it. It guards against accidents, not against forgers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelId {
    /// The model's name, given by its author.
    pub name: Name,
    /// FNV-1a (64 bits; Fowler, Noll, Vo) of the text in which the model prints itself whole. On the wire: 16 hexadecimal digits, as text.
    #[serde(with = "hex")]
    pub fingerprint: u64,
}

impl fmt::Display for ModelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} #{:016x}", self.name, self.fingerprint)
    }
}

/// Numbers of 64 bits as text: JSON readers that use floating-point numbers lose digits of them.
pub(crate) mod hex {
    use alloc::borrow::Cow;
    use serde::{Deserialize, Deserializer, Serializer, de};

    // serde's `with` passes the field by reference.
    #[allow(clippy::trivially_copy_pass_by_ref)]
    pub(crate) fn serialize<S: Serializer>(value: &u64, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&format_args!("{value:016x}"))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
        let text = Cow::<str>::deserialize(from)?;
        let sixteen = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = if sixteen { u64::from_str_radix(&text, 16).ok() } else { None };
        number.ok_or_else(|| de::Error::custom(format_args!("{text:?} is no fingerprint: 16 hexadecimal digits")))
    }
}

/// FNV-1a of a model's own printout.
pub(crate) fn fingerprint(model: &impl fmt::Display) -> u64 {
    struct Fnv(u64);
    impl Write for Fnv {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            for byte in text.bytes() {
                self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
            Ok(())
        }
    }
    let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
    // `Fnv` never refuses, and the models' printouts pass its answer on.
    let _ = write!(hash, "{model}");
    hash.0
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_hash_is_fnv_1a() {
        // Test vectors of the FNV authors (isthe.com, "FNV-1a 64 bit").
        assert_eq!(super::fingerprint(&""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(super::fingerprint(&"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(super::fingerprint(&"foobar"), 0x8594_4171_f739_67e8);
    }
}
