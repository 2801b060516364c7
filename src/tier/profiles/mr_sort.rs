use super::{
    Criterion, GradeRange, ProfileError,
    criterion::{Weights, check},
};
use crate::{
    money::{Ratio, decimal},
    quantity::Name,
    reason::{Case, Majority, Supporter},
    tier::{Grade, GradeSet, error::first_twice},
};
use alloc::{vec, vec::Vec};
use core::{convert::Infallible, fmt};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A value so bad that it cannot be outvoted.
#[doc(alias = "一票否决")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Veto {
    /// The criterion.
    pub of: Name,
    /// The grade that is denied, and with it every better one.
    pub grade: Name,
    /// The value, in the criterion's unit, that denies it; worse values do too.
    #[serde(with = "decimal")]
    pub at: Decimal,
}

/// Sorting by majority: the best grade whose lower border is met on criteria that weigh at least the majority, unless a veto stands
/// against it.
///
/// The rule counts and compares, and nothing else: it needs no scale on which a good value makes up for a bad one, so criteria in
/// different units mix freely, and every decision can be told in a sentence. The borders of a criterion are exact, and meeting one exactly
/// counts. Improving a value never lowers the grade. A customer far above a border has no more votes for it than one who just meets it.
///
/// Sources: Leroy, Mousseau & Pirlot (2011), "Learning the parameters of a multiple criteria sorting method"; the theory in Bouyssou &
/// Marchant (2007), "An axiomatic approach to noncompensatory sorting methods in MCDM". There a veto may stand against one grade and
/// leave a better one open; here what denies a grade denies the better ones too.
///
/// ```
/// use customer_value::{quantity::Name, tier::{GradeSet, profiles::{Criterion, MrSort, Veto}}, value::Direction::{self, *}};
///
/// let criterion = |of, direction: Direction, weight: &str, borders: [i64; 2]| Ok::<_, Box<dyn core::error::Error>>(
///     Criterion { of: Name::new(of)?, direction, weight: weight.parse()?, borders: borders.map(Into::into).to_vec() });
/// let criteria = vec![
///     criterion("sales", HigherIsBetter, "0.4", [1000, 200])?,
///     criterion("orders", HigherIsBetter, "0.3", [12, 4])?,
///     criterion("days overdue", LowerIsBetter, "0.3", [0, 30])?,
/// ];
/// // Who pays 90 days late or later is not a B, whatever he buys.
/// let veto = Veto { of: Name::new("days overdue")?, grade: Name::new("B")?, at: 90.into() };
/// let model = MrSort::new(GradeSet::letters(3)?, "0.6".parse()?, criteria, vec![veto])?;
///
/// let grade = |values: [i64; 3]| model.assign(|at| Some(values[at].into())).certain().unwrap().to_string();
/// assert_eq!(grade([1000, 12, 89]), "A"); // 0.7 of the weight, exactly on both borders
/// assert_eq!(grade([1000, 12, 90]), "C"); // the veto alone
/// assert_eq!(grade([5000, 3, 10]), "B"); // 0.4 is no majority for A; 0.7 is one for B
///
/// let unknown = model.assign(|at| [Some(1000.into()), None, Some(10.into())][at]);
/// assert_eq!((unknown.worst.name().as_str(), unknown.best.name().as_str()), ("B", "A"));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "多数规则")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct MrSort {
    grades: GradeSet,
    majority: Ratio,
    criteria: Vec<Criterion>,
    vetoes: Vec<Veto>,
    weights: Weights,
    /// The majority in parts of the weights, rounded up: a sum of parts reaches the one exactly where it reaches the other.
    needed: i128,
    /// For each border, for each criterion, the value that blocks it.
    blocks: Vec<Option<Decimal>>,
}

/// Where one criterion stands on one border.
#[derive(Clone, Copy, PartialEq)]
enum Stand {
    Supports,
    Opposes,
    Vetoes,
}

impl MrSort {
    /// A sorter from its parts. `majority` is above one half and at most one.
    ///
    /// # Errors
    /// [`BadCriterionCount`](ProfileError::BadCriterionCount) for none or 101; [`Twice`](ProfileError::Twice) for two criteria of one name
    /// or two vetoes of one criterion on one grade; [`WeightNotPositive`](ProfileError::WeightNotPositive) and
    /// [`WeightsDoNotSum`](ProfileError::WeightsDoNotSum), as for ½ and ⅓; [`WeightsTooFine`](ProfileError::WeightsTooFine) and
    /// [`ShareTooFine`](ProfileError::ShareTooFine); [`BadBorderCount`](ProfileError::BadBorderCount),
    /// [`BorderOutOfOrder`](ProfileError::BorderOutOfOrder) and [`EqualBorders`](ProfileError::EqualBorders) for borders that do not
    /// dominate one another; [`BadMajority`](ProfileError::BadMajority) for ½; [`UnknownCriterion`](ProfileError::UnknownCriterion) and
    /// [`CannotBeDenied`](ProfileError::CannotBeDenied) for a veto on something else, or on the worst grade;
    /// [`VetoMeetsBorder`](ProfileError::VetoMeetsBorder).
    pub fn new(
        grades: GradeSet,
        majority: Ratio,
        mut criteria: Vec<Criterion>,
        mut vetoes: Vec<Veto>,
    ) -> Result<MrSort, ProfileError> {
        let weights = check(&grades, &mut criteria)?;
        if majority > Ratio::ONE || majority.numerator() <= majority.denominator() / 2 {
            return Err(ProfileError::BadMajority(majority));
        }
        let product = majority.numerator().checked_mul(weights.whole).ok_or(ProfileError::ShareTooFine(majority))?;
        let needed = product / majority.denominator() + i128::from(product % majority.denominator() != 0);
        if let Some((of, _)) = first_twice(vetoes.iter().map(|v| (&v.of, &v.grade))) {
            return Err(ProfileError::Twice(of.clone()));
        }
        let mut blocks = vec![None; (grades.best_first().len() - 1) * criteria.len()];
        for veto in &mut vetoes {
            veto.at = veto.at.normalize();
            let unknown = || ProfileError::UnknownCriterion(veto.of.clone());
            let (at, criterion) = criteria.iter().enumerate().find(|(_, c)| c.of == veto.of).ok_or_else(unknown)?;
            let cannot = || ProfileError::CannotBeDenied(veto.grade.clone());
            let border = grades.grade(&veto.grade).map(|g| usize::from(g.rank()) - 1).ok_or_else(cannot)?;
            let &value = criterion.borders.get(border).ok_or_else(cannot)?;
            if criterion.at_least(veto.at, value) {
                let (criterion, grade) = (veto.of.clone(), veto.grade.clone());
                return Err(ProfileError::VetoMeetsBorder { criterion, grade, at: veto.at, border: value });
            }
            for better in 0..=border {
                let slot: &mut Option<Decimal> = &mut blocks[better * criteria.len() + at];
                // Of two vetoes the one that blocks more.
                *slot = Some(slot.filter(|&other| criterion.at_least(other, veto.at)).unwrap_or(veto.at));
            }
        }
        Ok(MrSort { grades, majority, criteria, vetoes, weights, needed, blocks })
    }

    /// The grades it can give.
    pub const fn grades(&self) -> &GradeSet {
        &self.grades
    }

    /// The criteria, in the order in which values are asked for.
    pub fn criteria(&self) -> &[Criterion] {
        &self.criteria
    }

    /// The weight that is needed for a border.
    pub const fn majority(&self) -> Ratio {
        self.majority
    }

    /// The vetoes.
    pub fn vetoes(&self) -> &[Veto] {
        &self.vetoes
    }

    /// Sorts a customer without allocating. `values` gives the value on each criterion, counted from 0, or `None` if it is missing.
    pub fn assign(&self, values: impl Fn(usize) -> Option<Decimal>) -> GradeRange<'_> {
        self.sort(&values, |_| {})
    }

    /// As [`assign`](MrSort::assign), with the votes that were taken, in their order: from the best grade down to the first that holds.
    /// Where a value is missing, first those of the worst case, then those of the best.
    pub fn explain(&self, values: impl Fn(usize) -> Option<Decimal>) -> (GradeRange<'_>, Vec<Majority>) {
        let mut votes = Vec::new();
        let range = self.sort(&values, |vote| votes.push(vote()));
        (range, votes)
    }

    fn sort(&self, values: &impl Fn(usize) -> Option<Decimal>, mut note: impl FnMut(&dyn Fn() -> Majority)) -> GradeRange<'_> {
        let place = |case| Ok::<_, Infallible>(self.place(values, case, &mut note));
        let Ok(range) = GradeRange::sort(&self.criteria, values, place);
        range
    }

    /// The grade in one case, noting each vote; a note that is not taken costs nothing.
    pub(in crate::tier) fn place(
        &self,
        values: &impl Fn(usize) -> Option<Decimal>,
        case: Option<Case>,
        note: &mut impl FnMut(&dyn Fn() -> Majority),
    ) -> &Grade {
        let worst = self.grades.best_first().len() - 1;
        let mut holds = |border: &usize| {
            note(&|| self.vote(*border, values, case));
            self.holds(self.count(*border, values, case, |_, _| {}))
        };
        &self.grades.best_first()[(0..worst).find(&mut holds).unwrap_or(worst)]
    }

    /// The weight in favour, and whether nobody blocks.
    fn count(
        &self,
        border: usize,
        values: &impl Fn(usize) -> Option<Decimal>,
        case: Option<Case>,
        mut note: impl FnMut(&Criterion, Stand),
    ) -> (i128, bool) {
        let (mut support, mut free) = (0, true);
        for (at, criterion) in self.criteria.iter().enumerate() {
            let block = self.blocks[border * self.criteria.len() + at];
            let stand = match (values(at), block) {
                (Some(value), _) if criterion.meets(value, border) => Stand::Supports,
                (None, _) if case == Some(Case::Best) => Stand::Supports,
                (None, Some(_)) => Stand::Vetoes,
                (Some(value), Some(block)) if criterion.at_least(block, value) => Stand::Vetoes,
                _ => Stand::Opposes,
            };
            support += if stand == Stand::Supports { self.weights.parts[at] } else { 0 };
            free &= stand != Stand::Vetoes;
            note(criterion, stand);
        }
        (support, free)
    }

    const fn holds(&self, (support, free): (i128, bool)) -> bool {
        support >= self.needed && free
    }

    fn vote(&self, border: usize, values: &impl Fn(usize) -> Option<Decimal>, case: Option<Case>) -> Majority {
        let (mut supporting, mut vetoing) = (Vec::new(), Vec::new());
        let count = self.count(border, values, case, |criterion, stand| match stand {
            Stand::Supports => supporting.push(Supporter { of: criterion.of.clone(), weight: criterion.weight }),
            Stand::Vetoes => vetoing.push(criterion.of.clone()),
            Stand::Opposes => {}
        });
        Majority {
            grade: self.grades.best_first()[border].name().clone(),
            case,
            supporting,
            // Parts of a whole above zero are always a ratio.
            support: Ratio::new(count.0, self.weights.whole).unwrap_or(Ratio::ZERO),
            needed: self.majority,
            vetoing,
            holds: self.holds(count),
        }
    }
}

/// The sorter whole, one criterion a line, then the vetoes.
impl fmt::Display for MrSort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "grades {}", self.grades)?;
        writeln!(f, "  by a majority of {}", self.majority)?;
        self.criteria.iter().try_for_each(|c| writeln!(f, "  criterion {c}"))?;
        self.vetoes.iter().try_for_each(|v| writeln!(f, "  veto of {:?} at {} against {:?}", v.of, v.at, v.grade))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "MrSort")]
struct Wire {
    grades: GradeSet,
    majority: Ratio,
    criteria: Vec<Criterion>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    vetoes: Vec<Veto>,
}

impl TryFrom<Wire> for MrSort {
    type Error = ProfileError;

    fn try_from(wire: Wire) -> Result<MrSort, ProfileError> {
        MrSort::new(wire.grades, wire.majority, wire.criteria, wire.vetoes)
    }
}

impl From<MrSort> for Wire {
    fn from(m: MrSort) -> Wire {
        Wire { grades: m.grades, majority: m.majority, criteria: m.criteria, vetoes: m.vetoes }
    }
}
