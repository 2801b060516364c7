use super::IdentityError;
use crate::quantity::Name;
use alloc::borrow::Cow;
use core::{fmt, str::FromStr};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Which record of which system: a customer number in the shop, a contact in the call centre.
///
/// Written `system/id`; a system's name has no slash, an id may have some. The id is one that means nothing outside its system: never a
/// name, a telephone number or an address.
///
/// ```
/// use customer_value::customer::identity::RecordKey;
///
/// let key: RecordKey = "shop/4711".parse()?;
/// assert_eq!((key.system().as_str(), key.id().as_str()), ("shop", "4711"));
/// assert!("4711".parse::<RecordKey>().is_err());
/// # Ok::<(), customer_value::customer::identity::IdentityError>(())
/// ```
#[doc(alias = "记录号")]
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordKey {
    system: Name,
    id: Name,
}

impl RecordKey {
    /// The record with that id in that system.
    ///
    /// # Errors
    /// [`NotAKey`](IdentityError::NotAKey) for the system `shop/web`: keys could then be mistaken for one another.
    pub fn new(system: Name, id: Name) -> Result<RecordKey, IdentityError> {
        if system.contains('/') { Err(IdentityError::NotAKey) } else { Ok(RecordKey { system, id }) }
    }

    /// The system.
    pub const fn system(&self) -> &Name {
        &self.system
    }

    /// The id within the system.
    pub const fn id(&self) -> &Name {
        &self.id
    }
}

impl fmt::Display for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&alloc::format!("{}/{}", self.system, self.id))
    }
}

impl fmt::Debug for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.system, self.id)
    }
}

impl FromStr for RecordKey {
    type Err = IdentityError;

    fn from_str(text: &str) -> Result<RecordKey, IdentityError> {
        let bad = || IdentityError::NotAKey;
        let (system, id) = text.split_once('/').ok_or_else(bad)?;
        Ok(RecordKey { system: Name::new(system).map_err(|_| bad())?, id: Name::new(id).map_err(|_| bad())? })
    }
}

impl Serialize for RecordKey {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RecordKey {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<RecordKey, D::Error> {
        Cow::<str>::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}
