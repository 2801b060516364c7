use super::{TierError, error::no_two_alike};
use crate::{
    quantity::Name,
    reason::{Conclusion, Decision, Reason},
};
use alloc::vec::Vec;
use core::{cmp::Ordering, fmt};
use serde::{Deserialize, Serialize};

/// A grade of a [`GradeSet`]. A better grade is greater, whatever it is called.
///
/// ```
/// use customer_value::tier::GradeSet;
///
/// let set = GradeSet::letters(3)?;
/// let (a, c) = (set.grade("A").unwrap(), set.grade("C").unwrap());
/// assert!(a > c);
/// assert_eq!((a.rank(), a.to_string().as_str()), (1, "A"));
/// # Ok::<(), customer_value::tier::TierError>(())
/// ```
#[doc(alias = "等级")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire")]
pub struct Grade {
    rank: u8,
    name: Name,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename = "Grade")]
struct Wire {
    rank: u8,
    name: Name,
}

impl TryFrom<Wire> for Grade {
    type Error = TierError;

    fn try_from(Wire { rank, name }: Wire) -> Result<Grade, TierError> {
        if (1..=7).contains(&rank) { Ok(Grade { rank, name }) } else { Err(TierError::UnknownGrade(name)) }
    }
}

impl Grade {
    /// 1 for the best.
    pub const fn rank(&self) -> u8 {
        self.rank
    }

    /// What it is called.
    pub const fn name(&self) -> &Name {
        &self.name
    }
}

impl Ord for Grade {
    fn cmp(&self, other: &Grade) -> Ordering {
        other.rank.cmp(&self.rank).then_with(|| other.name.cmp(&self.name))
    }
}

impl PartialOrd for Grade {
    fn partial_cmp(&self, other: &Grade) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.name, f)
    }
}

impl Conclusion for Grade {
    fn follows_from(&self, reason: &Reason) -> Option<bool> {
        match reason {
            Reason::Cell { grade, .. } | Reason::Sorted { grade } | Reason::Rule { after: grade, .. } => Some(*grade == self.name),
            _ => None,
        }
    }
}

impl Decision<Grade> {
    /// The grade that the sorter gave, before the rules were considered.
    pub fn before_rules(&self) -> Option<&Name> {
        self.reasons.iter().find_map(|reason| match reason {
            Reason::Cell { grade, .. } | Reason::Sorted { grade } => Some(grade),
            _ => None,
        })
    }
}

/// The grades of a model, best first: 2 to 7 of them, because a grade that nobody can treat differently is one too many.
///
/// On the wire: `["A","B","C"]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<Name>", into = "Vec<Name>")]
pub struct GradeSet(Vec<Grade>);

impl GradeSet {
    /// A set of grades, best first.
    ///
    /// # Errors
    /// [`TierError::BadGradeCount`] for fewer than 2 or more than 7; [`TierError::Twice`] for A, B, A.
    pub fn new(best_first: Vec<Name>) -> Result<GradeSet, TierError> {
        if !(2..=7).contains(&best_first.len()) {
            return Err(TierError::BadGradeCount(best_first.len()));
        }
        no_two_alike(best_first.iter())?;
        Ok(GradeSet((1..).zip(best_first).map(|(rank, name)| Grade { rank, name }).collect()))
    }

    /// A, B, C …
    ///
    /// # Errors
    /// [`TierError::BadGradeCount`] for fewer than 2 or more than 7.
    pub fn letters(count: u8) -> Result<GradeSet, TierError> {
        let letters = ["A", "B", "C", "D", "E", "F", "G"];
        let names = letters.iter().take(count.into()).filter_map(|l| Name::new(l).ok()).collect();
        if usize::from(count) > letters.len() { Err(TierError::BadGradeCount(count.into())) } else { GradeSet::new(names) }
    }

    /// The grades, best first.
    pub fn best_first(&self) -> &[Grade] {
        &self.0
    }

    /// The grade of that name.
    pub fn grade(&self, name: &str) -> Option<&Grade> {
        self.0.iter().find(|g| g.name == name)
    }

    /// As [`grade`](GradeSet::grade); a name that is not there is an error.
    pub(super) fn find(&self, name: &Name) -> Result<&Grade, TierError> {
        self.grade(name).ok_or_else(|| TierError::UnknownGrade(name.clone()))
    }
}

impl TryFrom<Vec<Name>> for GradeSet {
    type Error = TierError;

    fn try_from(names: Vec<Name>) -> Result<GradeSet, TierError> {
        GradeSet::new(names)
    }
}

impl From<GradeSet> for Vec<Name> {
    fn from(set: GradeSet) -> Vec<Name> {
        set.0.into_iter().map(|g| g.name).collect()
    }
}

impl fmt::Display for GradeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(i, grade)| write!(f, "{}{:?}", if i == 0 { "" } else { " > " }, grade.name))
    }
}
