use super::RetentionError;
use crate::quantity::{Name, Share};
use alloc::collections::BTreeMap;
use serde::{Deserialize, Serialize};

/// Why customers left, as far as they said: one main reason each, and a remainder without any.
///
/// The remainder stays. Every share is of all who left; taking it of those with a reason would lay the silent ones to the charge of what
/// the others said.
///
/// ```
/// use customer_value::{lifecycle::retention::ChurnReasons, quantity::Name};
///
/// let mut reasons = ChurnReasons::new();
/// for reason in [Some("price"), Some("moved"), None, Some("price"), None] {
///     reasons.push(reason.map(Name::new).transpose()?)?;
/// }
/// assert_eq!(reasons.share(&Name::new("price")?).to_string(), "2 of 5");
/// assert_eq!(reasons.unexplained().to_string(), "2 of 5");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "流失原因")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct ChurnReasons {
    reasons: BTreeMap<Name, u64>,
    unexplained: u64,
    lost: u64,
}

impl ChurnReasons {
    /// A tally of nobody.
    pub const fn new() -> ChurnReasons {
        ChurnReasons { reasons: BTreeMap::new(), unexplained: 0, lost: 0 }
    }

    /// Counts a customer who left, with the main reason, if one is known.
    ///
    /// # Errors
    /// [`TooLarge`](RetentionError::TooLarge) for the 2⁶⁴th customer.
    pub fn push(&mut self, reason: Option<Name>) -> Result<(), RetentionError> {
        self.add(reason, 1)
    }

    fn add(&mut self, reason: Option<Name>, customers: u64) -> Result<(), RetentionError> {
        self.lost = self.lost.checked_add(customers).ok_or(RetentionError::TooLarge)?;
        let known = match reason {
            Some(reason) => self.reasons.entry(reason).or_default(),
            None => &mut self.unexplained,
        };
        *known += customers; // no more than all
        Ok(())
    }

    /// Takes in a tally of other customers.
    ///
    /// # Errors
    /// [`TooLarge`](RetentionError::TooLarge) for more than 2⁶⁴ − 1 customers; nobody is taken in then.
    pub fn merge(&mut self, other: &ChurnReasons) -> Result<(), RetentionError> {
        self.lost = self.lost.checked_add(other.lost).ok_or(RetentionError::TooLarge)?;
        self.unexplained += other.unexplained;
        for (reason, customers) in &other.reasons {
            *self.reasons.entry(reason.clone()).or_default() += customers;
        }
        Ok(())
    }

    /// All customers who left.
    pub const fn lost(&self) -> u64 {
        self.lost
    }

    /// Those who gave this reason, of all who left.
    pub fn share(&self, reason: &Name) -> Share {
        self.of_all(self.reasons.get(reason).copied().unwrap_or(0))
    }

    /// Those whose reason is not known, of all who left.
    pub fn unexplained(&self) -> Share {
        self.of_all(self.unexplained)
    }

    /// The reasons that were given, in order of name, each of all who left. With the unexplained they make one.
    pub fn iter(&self) -> impl Iterator<Item = (&Name, Share)> {
        self.reasons.iter().map(|(reason, customers)| (reason, self.of_all(*customers)))
    }

    fn of_all(&self, customers: u64) -> Share {
        // A part of the sum, so it is a share.
        Share::new(customers, self.lost).unwrap_or_default()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "ChurnReasons")]
struct Wire {
    reasons: BTreeMap<Name, u64>,
    unexplained: u64,
}

impl TryFrom<Wire> for ChurnReasons {
    type Error = RetentionError;

    fn try_from(wire: Wire) -> Result<ChurnReasons, RetentionError> {
        let mut reasons = ChurnReasons::new();
        reasons.add(None, wire.unexplained)?;
        for (reason, customers) in wire.reasons {
            if customers == 0 {
                return Err(RetentionError::NoSuchReason(reason));
            }
            reasons.add(Some(reason), customers)?;
        }
        Ok(reasons)
    }
}

impl From<ChurnReasons> for Wire {
    fn from(r: ChurnReasons) -> Wire {
        Wire { reasons: r.reasons, unexplained: r.unexplained }
    }
}
