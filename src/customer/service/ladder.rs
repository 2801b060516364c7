use super::ServiceError;
use crate::quantity::Name;
use alloc::vec::Vec;
use core::fmt;
use serde::{Deserialize, Serialize};

/// How two sides that disagree come to an end, mildest first. The last three are those of ISO 10003:2018 for disputes that leave the firm.
#[doc(alias = "冲突解决方式")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Means {
    /// They talk.
    #[doc(alias = "协商")]
    Direct,
    /// A third person helps them to agree: mediation.
    #[doc(alias = "调解")]
    Facilitated,
    /// A third person says what would be right.
    Advised,
    /// A third person decides: arbitration.
    #[doc(alias = "仲裁")]
    Determined,
}

/// Who deals with a complaint, and how.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rung {
    /// Who: "front desk", "head of service", "ombudsman".
    pub name: Name,
    /// How.
    pub means: Means,
}

/// The rungs that a complaint goes up, one by one: 1 to 9, with different names, never back to milder means. On the wire: a list of rungs.
#[doc(alias = "escalation levels")]
#[doc(alias = "升级层级")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<Rung>", into = "Vec<Rung>")]
pub struct Ladder(Vec<Rung>);

/// Whether the two sides agree.
#[doc(alias = "冲突状态")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conflict {
    /// The customer has refused nothing, nor come back after the end.
    None,
    /// An offer was refused, or the customer came back, and nothing was accepted since.
    Open,
    /// The customer accepted something in the end.
    Settled,
    /// It was closed without agreement.
    Unsettled,
    /// The customer gave up.
    Dropped,
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Conflict::None => "never disputed",
            Conflict::Open => "disputed",
            Conflict::Settled => "disputed, and settled",
            Conflict::Unsettled => "disputed, and closed without agreement",
            Conflict::Dropped => "disputed, and given up",
        })
    }
}

impl Ladder {
    /// These rungs, the first being where every complaint begins.
    ///
    /// # Errors
    /// [`BadLadder`](ServiceError::BadLadder) for 0 or 10 rungs; [`Twice`](ServiceError::Twice) for one name twice;
    /// [`Milder`](ServiceError::Milder) for talks after arbitration.
    pub fn new(rungs: Vec<Rung>) -> Result<Ladder, ServiceError> {
        if !(1..=9).contains(&rungs.len()) {
            return Err(ServiceError::BadLadder(rungs.len()));
        }
        for (place, rung) in rungs.iter().enumerate() {
            let below = &rungs[..place];
            if below.iter().any(|r| r.name == rung.name) {
                return Err(ServiceError::Twice(rung.name.clone()));
            }
            if below.last().is_some_and(|r| r.means > rung.means) {
                return Err(ServiceError::Milder(rung.name.clone()));
            }
        }
        Ok(Ladder(rungs))
    }

    /// The rungs, lowest first.
    pub fn rungs(&self) -> &[Rung] {
        &self.0
    }

    /// The place of the highest rung, counted from 0.
    pub(super) fn top(&self) -> u8 {
        u8::try_from(self.0.len() - 1).unwrap_or(u8::MAX) // 1 to 9 rungs
    }
}

impl TryFrom<Vec<Rung>> for Ladder {
    type Error = ServiceError;

    fn try_from(rungs: Vec<Rung>) -> Result<Ladder, ServiceError> {
        Ladder::new(rungs)
    }
}

impl From<Ladder> for Vec<Rung> {
    fn from(ladder: Ladder) -> Vec<Rung> {
        ladder.0
    }
}

impl Means {
    const fn name(self) -> &'static str {
        match self {
            Means::Direct => "direct",
            Means::Facilitated => "facilitated",
            Means::Advised => "advised",
            Means::Determined => "determined",
        }
    }
}

impl fmt::Display for Ladder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, rung) in self.0.iter().enumerate() {
            write!(f, "{}{:?} ({})", if place > 0 { " < " } else { "" }, rung.name, rung.means.name())?;
        }
        Ok(())
    }
}
