use super::{Grade, GradeSet, TierError};
use crate::{money::Ratio, quantity::Name};
use alloc::{vec, vec::Vec};
use serde::{Deserialize, Serialize};

/// The mix of grades that a strategy aims at: what share of the customers is to have each grade. The shares add up to one.
///
/// Held against the grades that are given, it shows where execution leaves the strategy. It looks at grades after they are given, and
/// changes none: to grade by quota would make one customer's grade depend on who else is one.
///
/// On the wire: `[{"grade":"A","share":"0.1"},{"grade":"B","share":"0.9"}]`, the best grade first.
///
/// ```
/// use customer_value::{quantity::Name, tier::{GradeSet, MixGoal}};
///
/// let goal = MixGoal::new(vec![(Name::new("A")?, "1/4".parse()?), (Name::new("B")?, "3/4".parse()?)])?;
/// let set = goal.grades().clone();
/// let given = ["A", "B", "A", "B", "A"].iter().filter_map(|name| set.grade(name));
/// let mix = goal.against(given)?;
/// assert_eq!((mix[0].customers, mix[0].share.to_string(), mix[0].gap.to_string()), (3, "0.6".into(), "0.35".into()));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "等级结构目标")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<Wire>", into = "Vec<Wire>")]
pub struct MixGoal {
    grades: GradeSet,
    shares: Vec<Ratio>,
}

/// A grade's place in the mix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MixShare {
    /// The grade.
    pub grade: Grade,
    /// The share that it is to have.
    pub goal: Ratio,
    /// The customers who have it.
    pub customers: u64,
    /// Their share of all.
    pub share: Ratio,
    /// The share less its goal: below zero if too few have the grade.
    pub gap: Ratio,
}

impl MixGoal {
    /// A goal from the grades, best first, and the share of each.
    ///
    /// # Errors
    /// The errors of [`GradeSet::new`]; [`SharesDoNotSum`](TierError::SharesDoNotSum) for 0.1 and 0.8;
    /// [`SharesTooFine`](TierError::SharesTooFine) for 1/p and (p − 1)/p with p = 2¹²⁷ − 1, even though they do;
    /// [`NegativeShare`](TierError::NegativeShare) for −0.1 and 1.1.
    pub fn new(best_first: Vec<(Name, Ratio)>) -> Result<MixGoal, TierError> {
        let (names, shares): (Vec<Name>, Vec<Ratio>) = best_first.into_iter().unzip();
        let grades = GradeSet::new(names)?;
        if let Some((grade, share)) = grades.best_first().iter().zip(&shares).find(|(_, share)| **share < Ratio::ZERO) {
            return Err(TierError::NegativeShare { grade: grade.name().clone(), share: *share });
        }
        match Ratio::sum(shares.iter().copied()) {
            Ok(Ratio::ONE) => Ok(MixGoal { grades, shares }),
            Ok(sum) => Err(TierError::SharesDoNotSum(sum)),
            Err(_) => Err(TierError::SharesTooFine),
        }
    }

    /// The grades.
    pub const fn grades(&self) -> &GradeSet {
        &self.grades
    }

    /// Holds the grades of all customers against the goal, best grade first.
    ///
    /// # Errors
    /// [`UnknownGrade`](TierError::UnknownGrade) for a grade of another set; [`NoCustomers`](TierError::NoCustomers) for none;
    /// [`ShareOutOfRange`](TierError::ShareOutOfRange) if a gap outgrows 128 bits.
    pub fn against<'a>(&self, given: impl IntoIterator<Item = &'a Grade>) -> Result<Vec<MixShare>, TierError> {
        let mut counts = vec![0_u64; self.shares.len()];
        for grade in given {
            let at = self.grades.best_first().iter().position(|g| g == grade);
            counts[at.ok_or_else(|| TierError::UnknownGrade(grade.name().clone()))?] += 1;
        }
        let all: u64 = counts.iter().sum();
        let rows = self.grades.best_first().iter().zip(&self.shares).zip(counts);
        let row = |((grade, goal), customers): ((&Grade, &Ratio), u64)| {
            let share = Ratio::new(customers.into(), all.into()).map_err(|_| TierError::NoCustomers)?;
            let too_fine = |_| TierError::ShareOutOfRange { grade: grade.name().clone(), share: *goal };
            let less = Ratio::new(-goal.numerator(), goal.denominator()).map_err(too_fine)?;
            let gap = Ratio::sum([share, less]).map_err(too_fine)?;
            Ok(MixShare { grade: grade.clone(), goal: *goal, customers, share, gap })
        };
        rows.map(row).collect()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "MixGoal")]
struct Wire {
    grade: Name,
    share: Ratio,
}

impl TryFrom<Vec<Wire>> for MixGoal {
    type Error = TierError;

    fn try_from(wire: Vec<Wire>) -> Result<MixGoal, TierError> {
        MixGoal::new(wire.into_iter().map(|w| (w.grade, w.share)).collect())
    }
}

impl From<MixGoal> for Vec<Wire> {
    fn from(goal: MixGoal) -> Vec<Wire> {
        let names: Vec<Name> = goal.grades.into();
        names.into_iter().zip(goal.shares).map(|(grade, share)| Wire { grade, share }).collect()
    }
}
