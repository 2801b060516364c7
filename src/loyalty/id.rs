use crate::quantity::{Name, NameError};
use core::fmt;
use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $id:ident,)*) => {$(
        $(#[$doc])*
        ///
        /// The caller chooses it: 1 to 200 characters, see [`Name`].
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $id(Name);

        impl $id {
            /// The identity written so.
            ///
            /// # Errors
            /// [`NameError`] for a text that is no [`Name`]: `""`, `" a"`.
            pub fn new(text: &str) -> Result<$id, NameError> {
                Name::new(text).map($id)
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl fmt::Display for $id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl From<Name> for $id {
            fn from(name: Name) -> $id {
                $id(name)
            }
        }
    )*};
}

ids! {
    /// Whose points they are: no name or number of a person, which would stay in the log for ever, but a pseudonym.
    AccountId,
    /// One attempt to change an account, however often it is sent: sent again with the same content it changes nothing, with other
    /// content it is refused.
    CommandId,
    /// The business event behind points: an order, a redemption, a gift. It earns once, whatever the command.
    SourceId,
    /// Points set aside until a decision.
    HoldId,
}

/// A lot of an account: the number under which its points were credited, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LotId(pub(super) u32);

impl LotId {
    /// The lot of that number; there is none of number 0.
    pub const fn new(number: u32) -> Option<LotId> {
        if number == 0 { None } else { Some(LotId(number)) }
    }

    /// The number.
    pub const fn number(self) -> u32 {
        self.0
    }
}

impl fmt::Display for LotId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "lot {}", self.0)
    }
}
