//! Named conditions over bases, and which of them a customer meets: what a segmentation and a list of audiences share.

use super::{Bases, Belonging, SegmentError};
use crate::{
    quantity::{Name, Predicate, Seen},
    reason::{Decision, ModelId, Reason, Unsound, Verdict},
    score::facts_read,
    tier::{error::first_twice, regions::Regions},
    value::Facts,
};
use alloc::vec::Vec;
use chrono::NaiveDate;
use core::fmt;
use serde::{Deserialize, Serialize};

/// A named group of customers, and the condition that they meet.
#[doc(alias = "客户群")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    /// What it is called.
    pub name: Name,
    /// Who belongs to it.
    pub when: Predicate,
}

impl Segment {
    /// A named condition.
    ///
    /// # Errors
    /// [`NameError`](crate::quantity::NameError) for the name `""`.
    pub fn new(name: &str, when: Predicate) -> Result<Segment, SegmentError> {
        Ok(Segment { name: Name::new(name)?, when })
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Groups {
    pub(super) id: ModelId,
    pub(super) bases: Bases,
    pub(super) list: Vec<Segment>,
    /// What the conditions look at, in the order in which they first do.
    looks_at: Vec<Name>,
}

impl Groups {
    /// At most so many regions are looked at.
    pub(super) const MOST_REGIONS: usize = 1 << 16;

    /// The most comparisons and names that all conditions can have together.
    pub(super) const MOST_COMPARISONS: usize = 4_000;

    /// Checks everything that concerns one condition alone. The fingerprint is the caller's to take.
    pub(super) fn new(name: Name, bases: Bases, list: Vec<Segment>) -> Result<Groups, SegmentError> {
        if list.len() > 100 {
            return Err(SegmentError::TooManySegments(list.len()));
        }
        let size = list.iter().map(|segment| segment.when.size()).sum();
        if size > Self::MOST_COMPARISONS {
            return Err(SegmentError::TooManyComparisons(size));
        }
        if let Some(name) = first_twice(list.iter().map(|s| &s.name)) {
            return Err(SegmentError::Twice(name.clone()));
        }
        let mut looks_at: Vec<Name> = Vec::new();
        for segment in &list {
            let mut fault = None;
            let mut visit = |comparison: &Predicate| {
                fault = fault.take().or(bases.check(comparison).err());
                if let Some(of) = comparison.of()
                    && !looks_at.contains(of)
                {
                    looks_at.push(of.clone());
                }
            };
            if !segment.when.visit(Predicate::DEEPEST, &mut visit) {
                return Err(SegmentError::BadCondition(segment.name.clone()));
            }
            if let Some(fault) = fault {
                return Err(fault);
            }
            regions_of(&bases, [&segment.when])?;
        }
        Ok(Groups { id: ModelId { name, fingerprint: 0 }, bases, list, looks_at })
    }

    /// Where the customer belongs, without a judgement on how many groups that should be.
    pub(super) fn place(&self, facts: &impl Facts, note: &mut impl FnMut(&dyn Fn() -> Reason)) -> Result<Belonging, SegmentError> {
        let mut known: Vec<(&Name, Seen)> = Vec::with_capacity(self.looks_at.len());
        for name in &self.looks_at {
            known.push((name, self.bases.read(name, facts, note)?));
        }
        let known = |of: &str| known.iter().find(|(name, _)| **name == *of).map(|(_, seen)| seen.clone()).unwrap_or_default();
        let mut belonging = Belonging::default();
        for Segment { name, when } in &self.list {
            let at_once = when.decide(&known);
            note(&|| Reason::Segment {
                segment: name.clone(),
                condition: when.clone(),
                verdict: match at_once {
                    Some(true) => Verdict::Applies,
                    Some(false) => Verdict::DoesNotApply,
                    None => Verdict::Undecided,
                },
            });
            match at_once.map_or_else(|| self.whatever_is_missing(when, &known), |holds| Ok(Some(holds)))? {
                Some(true) => drop(belonging.certain.insert(name.clone())),
                Some(false) => {}
                None => drop(belonging.possible.insert(name.clone())),
            }
        }
        note(&|| Reason::Belongs {
            certain: belonging.certain.iter().cloned().collect(),
            possible: belonging.possible.iter().cloned().collect(),
        });
        Ok(belonging)
    }

    /// The answer, if it is the same for all values that the missing facts can have. Three-valued logic alone does not see that
    /// "South, or twelve orders" and "not South, or five orders" cannot both fail.
    fn whatever_is_missing(&self, when: &Predicate, known: &dyn Fn(&str) -> Seen) -> Result<Option<bool>, SegmentError> {
        let regions = regions_of(&self.bases, [when])?;
        let can_be = |answer: bool| {
            let found = regions.find(|supposed| {
                let seen = |of: &str| match known(of) {
                    Seen { number: None, name: None } => supposed(of),
                    seen => seen,
                };
                when.decide(&seen) == Some(answer)
            });
            found.is_some()
        };
        Ok(match (can_be(true), can_be(false)) {
            (true, false) => Some(true),
            (false, true) => Some(false),
            _ => None,
        })
    }

    pub(super) fn decide(&self, facts: &impl Facts, as_of: NaiveDate) -> Result<Decision<Belonging>, SegmentError> {
        let mut reasons = Vec::with_capacity(2 * self.list.len() + 1);
        let value = self.place(facts, &mut |reason| reasons.push(reason()))?;
        Ok(Decision { value, reasons, model: self.id.clone(), as_of })
    }

    pub(super) fn replay(&self, decision: &Decision<Belonging>) -> Result<(), Unsound> {
        if decision.model != self.id {
            return Err(Unsound::OtherModel);
        }
        let again = self.decide(&facts_read(&decision.reasons), decision.as_of);
        if again.as_ref() == Ok(decision) { Ok(()) } else { Err(Unsound::NotReproduced) }
    }
}

/// The regions of some conditions, if they are few enough to look at each.
pub(super) fn regions_of<'a>(
    bases: &Bases,
    conditions: impl IntoIterator<Item = &'a Predicate>,
) -> Result<Regions<'a>, SegmentError> {
    let regions = Regions::of(conditions, &|name: &Name| bases.known_to_regions(name), Groups::MOST_REGIONS);
    regions.ok_or(SegmentError::TooManyRegions(Groups::MOST_REGIONS))
}

/// The bases, then the groups, one a line.
impl fmt::Display for Groups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.bases)?;
        self.list.iter().try_for_each(|segment| writeln!(f, "{:?}: {}", segment.name, segment.when))
    }
}
