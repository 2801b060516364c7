use crate::{
    quantity::Name,
    reason::{Conclusion, Reason},
};
use alloc::collections::BTreeSet;
use serde::{Deserialize, Serialize};

/// Where a customer belongs, and where he may belong, as far as facts are missing.
///
/// ```
/// use customer_value::tier::segments::Belonging;
///
/// let belonging: Belonging = serde_json::from_str(r#"{"certain":[],"possible":["micro","ordinary"]}"#)?;
/// assert_eq!(belonging.only(), None);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Belonging {
    /// Here he belongs, whatever the missing facts are.
    pub certain: BTreeSet<Name>,
    /// Here he may belong: that depends on facts that are missing.
    pub possible: BTreeSet<Name>,
}

impl Belonging {
    /// The one group to which he belongs, if there is one and he cannot belong to another.
    pub fn only(&self) -> Option<&Name> {
        let mut certain = self.certain.iter();
        let first = certain.next()?;
        (certain.next().is_none() && self.possible.is_empty()).then_some(first)
    }
}

impl Conclusion for Belonging {
    fn follows_from(&self, reason: &Reason) -> Option<bool> {
        match reason {
            Reason::Belongs { certain, possible } => Some(self.certain.iter().eq(certain) && self.possible.iter().eq(possible)),
            _ => None,
        }
    }
}
