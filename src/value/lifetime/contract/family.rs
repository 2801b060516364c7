use core::fmt;
use serde::{Deserialize, Serialize};

/// The models of contracts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContractFamily {
    /// Each customer leaves at every renewal with the same chance (Fader and Hardie 2007).
    ShiftedBetaGeometric,
    /// The chance falls or rises with tenure (Fader, Hardie, Liu, Davin and Steenburgh 2018).
    BetaDiscreteWeibull,
}

impl fmt::Display for ContractFamily {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ContractFamily::ShiftedBetaGeometric => "sBG",
            ContractFamily::BetaDiscreteWeibull => "BdW",
        })
    }
}
