use super::{Alternatives, RankingError, alternatives::no_name_twice};
use crate::{money::decimal, quantity::Name, value::Direction};
use alloc::vec::Vec;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The fixed ends of one criterion: what counts as worst, and what as best. Where less is better, the best is the smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    /// The value at which it cannot be worse.
    #[serde(with = "decimal")]
    pub worst: Decimal,
    /// The value at which it cannot be better.
    #[serde(with = "decimal")]
    pub best: Decimal,
}

/// The anchors of all criteria: fixed before anybody is compared, and stored with the model.
///
/// On the wire a list of pairs: `[["sales",{"worst":"0","best":"1000000"}]]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<(Name, Anchor)>", into = "Vec<(Name, Anchor)>")]
pub struct Anchors(Vec<(Name, Anchor)>);

/// What happens to a value beyond its anchor. Taken as it is, a value better than the best would count as worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outside {
    /// It is refused, by name.
    Refuse,
    /// It counts as the anchor.
    CountAsAnchor,
}

impl Anchors {
    /// Checks and keeps.
    ///
    /// # Errors
    /// [`NoCriteria`](RankingError::NoCriteria) for `[]`, [`Twice`](RankingError::Twice) for a name given twice, and
    /// [`FlatAnchor`](RankingError::FlatAnchor) for one from 5 to 5.
    pub fn new(anchors: Vec<(Name, Anchor)>) -> Result<Anchors, RankingError> {
        if anchors.is_empty() {
            return Err(RankingError::NoCriteria);
        }
        no_name_twice(anchors.iter().map(|(name, _)| name))?;
        match anchors.iter().find(|(_, anchor)| anchor.worst == anchor.best) {
            Some((name, _)) => Err(RankingError::FlatAnchor(name.clone())),
            None => Ok(Anchors(anchors)),
        }
    }

    /// The anchor of a criterion; `None` for one that has none.
    pub fn of(&self, criterion: &str) -> Option<Anchor> {
        self.0.iter().find(|(name, _)| name == criterion).map(|(_, anchor)| *anchor)
    }

    /// The anchors in the order of the criteria, and the rows brought within them.
    pub(super) fn apply(&self, to: &Alternatives, outside: Outside) -> Result<(Vec<Anchor>, Vec<Vec<Decimal>>), RankingError> {
        if let Some((name, _)) = self.0.iter().find(|(name, _)| to.criteria.iter().all(|criterion| criterion.name != *name)) {
            return Err(RankingError::NoCriterion(name.clone()));
        }
        let mut anchors = Vec::new();
        for criterion in &to.criteria {
            let anchor = self.of(&criterion.name).ok_or_else(|| RankingError::NoAnchor(criterion.name.clone()))?;
            if (anchor.best > anchor.worst) != (criterion.direction == Direction::HigherIsBetter) {
                return Err(RankingError::AgainstDirection { criterion: criterion.name.clone(), anchor });
            }
            anchors.push(anchor);
        }
        let mut rows = Vec::new();
        for (alternative, row) in &to.rows {
            let mut within = Vec::new();
            for ((value, anchor), criterion) in row.iter().zip(&anchors).zip(&to.criteria) {
                let bounded = (*value).clamp(anchor.worst.min(anchor.best), anchor.worst.max(anchor.best));
                if bounded != *value && outside == Outside::Refuse {
                    let (alternative, criterion) = (alternative.clone(), criterion.name.clone());
                    return Err(RankingError::Outside { alternative, criterion, value: *value, anchor: *anchor });
                }
                within.push(bounded);
            }
            rows.push(within);
        }
        Ok((anchors, rows))
    }
}

impl TryFrom<Vec<(Name, Anchor)>> for Anchors {
    type Error = RankingError;

    fn try_from(anchors: Vec<(Name, Anchor)>) -> Result<Anchors, RankingError> {
        Anchors::new(anchors)
    }
}

impl From<Anchors> for Vec<(Name, Anchor)> {
    fn from(anchors: Anchors) -> Vec<(Name, Anchor)> {
        anchors.0
    }
}
