use super::{
    Criterion, GradeRange, ProfileError,
    credibility::{self, Indices, PLACES, Zone, as_decimal, rounded},
    criterion::{Weights, check},
};
use crate::{
    money::{Ratio, Rounding, decimal},
    quantity::Name,
    reason::{Case, Claim, Opinion, Outranking},
    tier::{Grade, GradeSet, error::first_twice},
    value::Direction,
};
use alloc::vec::Vec;
use core::fmt;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// How far a value may stray from a border, in the criterion's unit: 0 ≤ indifference ≤ preference ≤ veto.
#[doc(alias = "阈值")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// The criterion.
    pub of: Name,
    /// A difference up to this one is none (usually written q).
    #[serde(with = "decimal")]
    pub indifference: Decimal,
    /// A difference of this much or more is a clear one (p); between the two, support fades evenly.
    #[serde(with = "decimal")]
    pub preference: Decimal,
    /// A shortfall of this much or more cannot be outvoted (v); from the preference threshold on, opposition grows evenly. Where the two
    /// are equal, any shortfall beyond them is such a one.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "decimal::optional")]
    pub veto: Option<Decimal>,
}

/// Which of the two procedures of ELECTRE TRI decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Procedure {
    /// From the best grade down: the first whose lower border the customer outranks. Whoever cannot be compared gets the lower grade.
    Pessimistic,
    /// From the worst grade up: the first whose upper border clearly outranks the customer, and is not outranked in turn. Whoever cannot
    /// be compared gets the higher grade.
    Optimistic,
}

/// Sorting by degrees: ELECTRE TRI-B. Near a border support fades evenly, instead of ending at a cent, and a large shortfall on one
/// criterion weakens the claim of all, up to a veto.
///
/// A claim "the customer is at least as good as the border" has a concordance `C`, the weights of the criteria times how far each supports
/// it. Each discordance `d` above `C` makes it weaker by the factor `(1 − d) / (1 − C)`. What remains is the credibility, rounded half even
/// to 9 places; the claim is accepted where it reaches the cutting level, itself rounded so. The [`Procedure`] turns claims into grades.
/// Improving a value never lowers the grade, and the pessimistic grade is never better than the optimistic one.
///
/// Sources: Yu (1992), "ELECTRE TRI: aspects méthodologiques et manuel d'utilisation"; Roy & Bouyssou (1993), "Aide multicritère à la
/// décision"; Mousseau, Słowiński & Zielniewicz (2000), "A user-oriented implementation of the ELECTRE-TRI method". Thresholds here belong
/// to the criterion and are the same at every border. Where [`MrSort`](super::MrSort) does, it is easier to explain.
///
/// ```
/// use customer_value::{quantity::Name, tier::{GradeSet, profiles::*}, value::Direction::{self, *}};
///
/// let criterion = |of, direction: Direction, borders: [i64; 2]| Ok::<_, Box<dyn core::error::Error>>(
///     Criterion { of: Name::new(of)?, direction, weight: "1/2".parse()?, borders: borders.map(Into::into).to_vec() });
/// let thresholds = |of, [q, p, v]: [i64; 3]| Ok::<_, Box<dyn core::error::Error>>(
///     Thresholds { of: Name::new(of)?, indifference: q.into(), preference: p.into(), veto: Some(v.into()) });
/// let model = |procedure| Ok::<_, Box<dyn core::error::Error>>(ElectreTri::new(
///     GradeSet::letters(3)?,
///     procedure,
///     "0.75".parse()?,
///     vec![criterion("sales", HigherIsBetter, [1000, 500])?, criterion("days overdue", LowerIsBetter, [10, 30])?],
///     vec![thresholds("sales", [50, 150, 600])?, thresholds("days overdue", [0, 5, 60])?],
/// )?);
/// let (low, high) = (model(Procedure::Pessimistic)?, model(Procedure::Optimistic)?);
///
/// let grade = |model: &ElectreTri, values: [i64; 2]| Ok::<_, Box<dyn core::error::Error>>(
///     model.assign(|at| Some(values[at].into()))?.certain().unwrap().to_string());
/// assert_eq!(grade(&low, [900, 10])?, "A"); // 100 short of the border: half the support of sales, 0.75 in all
/// assert_eq!(grade(&low, [899, 10])?, "B");
/// // Much sold, paid late: neither he nor the border for A outranks the other.
/// assert_eq!((grade(&low, [2000, 80])?, grade(&high, [2000, 80])?), ("C".into(), "A".into()));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct ElectreTri {
    grades: GradeSet,
    procedure: Procedure,
    cut: Ratio,
    criteria: Vec<Criterion>,
    thresholds: Vec<Thresholds>,
    weights: Weights,
    /// The cutting level with 9 places.
    needed: i128,
    /// For each border, for each criterion: the zones of the customer's claim and the border's.
    zones: Vec<[Zone; 2]>,
    /// Positions of the criteria by name: products are rounded in this order, so that the order in which criteria are listed does not
    /// matter.
    by_name: Vec<usize>,
}

/// A claim weighed, in fixed point: the concordance with 18 places, the credibility with 9.
struct Weighed {
    concordance: i128,
    credibility: i128,
}

impl ElectreTri {
    /// A sorter from its parts. `cut` is the cutting level, often written λ. A criterion without thresholds has an indifference and a
    /// preference of zero and no veto.
    ///
    /// # Errors
    /// [`BadCriterionCount`](ProfileError::BadCriterionCount) for none or 101; [`Twice`](ProfileError::Twice) for two criteria of one name
    /// or two thresholds of one criterion; [`WeightNotPositive`](ProfileError::WeightNotPositive) and
    /// [`WeightsDoNotSum`](ProfileError::WeightsDoNotSum), as for ½ and ⅓; [`WeightsTooFine`](ProfileError::WeightsTooFine) and
    /// [`ShareTooFine`](ProfileError::ShareTooFine); [`BadBorderCount`](ProfileError::BadBorderCount),
    /// [`BorderOutOfOrder`](ProfileError::BorderOutOfOrder) and [`EqualBorders`](ProfileError::EqualBorders) for borders that do not
    /// dominate one another; [`BadCut`](ProfileError::BadCut) for 0.49; [`UnknownCriterion`](ProfileError::UnknownCriterion) for thresholds
    /// of something else; [`BadThresholds`](ProfileError::BadThresholds) for 2, 1;
    /// [`BorderOutOfRange`](ProfileError::BorderOutOfRange) for a border of 10^28 with an indifference of 10^-28.
    pub fn new(
        grades: GradeSet,
        procedure: Procedure,
        cut: Ratio,
        mut criteria: Vec<Criterion>,
        mut thresholds: Vec<Thresholds>,
    ) -> Result<ElectreTri, ProfileError> {
        let weights = check(&grades, &mut criteria)?;
        if cut > Ratio::ONE || cut.numerator() < cut.denominator() - cut.denominator() / 2 {
            return Err(ProfileError::BadCut(cut));
        }
        let scaled = decimal::power_of_ten(PLACES).and_then(|power| cut.numerator().checked_mul(power));
        let needed = scaled.and_then(|scaled| Rounding::HalfEven.divide(scaled, cut.denominator()));
        let needed = needed.ok_or(ProfileError::ShareTooFine(cut))?;
        if let Some(of) = first_twice(thresholds.iter().map(|t| &t.of)) {
            return Err(ProfileError::Twice(of.clone()));
        }
        for t in &mut thresholds {
            if !criteria.iter().any(|c| c.of == t.of) {
                return Err(ProfileError::UnknownCriterion(t.of.clone()));
            }
            (t.indifference, t.preference) = (t.indifference.normalize(), t.preference.normalize());
            t.veto = t.veto.map(|veto| veto.normalize());
            if t.indifference < Decimal::ZERO || t.preference < t.indifference || t.veto.is_some_and(|veto| veto < t.preference) {
                return Err(ProfileError::BadThresholds(t.of.clone()));
            }
        }
        let mut zones = Vec::new();
        for border in 0..grades.best_first().len() - 1 {
            for criterion in &criteria {
                let none =
                    Thresholds { of: criterion.of.clone(), indifference: Decimal::ZERO, preference: Decimal::ZERO, veto: None };
                let thresholds = thresholds.iter().find(|t| t.of == criterion.of).unwrap_or(&none);
                let higher = criterion.direction == Direction::HigherIsBetter;
                let zone = |rising| {
                    let zone = Zone::new(criterion.borders[border], thresholds, rising);
                    zone.ok_or_else(|| ProfileError::BorderOutOfRange(criterion.of.clone()))
                };
                zones.push([zone(!higher)?, zone(higher)?]);
            }
        }
        let mut by_name: Vec<usize> = (0..criteria.len()).collect();
        by_name.sort_unstable_by(|&a, &b| criteria[a].of.cmp(&criteria[b].of));
        Ok(ElectreTri { grades, procedure, cut, criteria, thresholds, weights, needed, zones, by_name })
    }

    /// The grades it can give.
    pub const fn grades(&self) -> &GradeSet {
        &self.grades
    }

    /// The criteria, in the order in which values are asked for.
    pub fn criteria(&self) -> &[Criterion] {
        &self.criteria
    }

    /// The thresholds.
    pub fn thresholds(&self) -> &[Thresholds] {
        &self.thresholds
    }

    /// The cutting level.
    pub const fn cut(&self) -> Ratio {
        self.cut
    }

    /// The procedure.
    pub const fn procedure(&self) -> Procedure {
        self.procedure
    }

    /// Sorts a customer without allocating. `values` gives the value on each criterion, counted from 0, or `None` if it is missing.
    ///
    /// # Errors
    /// [`TooPrecise`](ProfileError::TooPrecise) for a value such as 10^-28 between thresholds that are 10^12 apart.
    pub fn assign(&self, values: impl Fn(usize) -> Option<Decimal>) -> Result<GradeRange<'_>, ProfileError> {
        self.sort(&values, |_| {})
    }

    /// As [`assign`](ElectreTri::assign), with the claims that were weighed, in their order: from the best grade down to the first that
    /// holds, or from the worst up; there, where the border outranks the customer, followed by the customer's claim against it. Where a
    /// value is missing, first those of the worst case, then those of the best.
    ///
    /// # Errors
    /// As [`assign`](ElectreTri::assign).
    pub fn explain(&self, values: impl Fn(usize) -> Option<Decimal>) -> Result<(GradeRange<'_>, Vec<Outranking>), ProfileError> {
        let mut claims = Vec::new();
        let range = self.sort(&values, |claim| claims.push(claim()))?;
        Ok((range, claims))
    }

    fn sort(
        &self,
        values: &impl Fn(usize) -> Option<Decimal>,
        mut note: impl FnMut(&dyn Fn() -> Outranking),
    ) -> Result<GradeRange<'_>, ProfileError> {
        GradeRange::sort(&self.criteria, values, |case| self.place(values, case, &mut note))
    }

    /// The grade in one case, noting each claim; a note that is not taken costs nothing.
    pub(in crate::tier) fn place(
        &self,
        values: &impl Fn(usize) -> Option<Decimal>,
        case: Option<Case>,
        note: &mut impl FnMut(&dyn Fn() -> Outranking),
    ) -> Result<&Grade, ProfileError> {
        let worst = self.grades.best_first().len() - 1;
        let mut holds = |border, claim| {
            let weighed = self.weigh(border, claim, values, case)?;
            note(&|| self.outranking(border, claim, values, case, &weighed));
            Ok::<_, ProfileError>(weighed.credibility >= self.needed)
        };
        let mut place = if self.procedure == Procedure::Pessimistic { worst } else { 0 };
        match self.procedure {
            Procedure::Pessimistic => {
                for border in 0..worst {
                    if holds(border, Claim::CustomerOutranks)? {
                        place = border;
                        break;
                    }
                }
            }
            Procedure::Optimistic => {
                for border in (0..worst).rev() {
                    if holds(border, Claim::BorderOutranks)? && !holds(border, Claim::CustomerOutranks)? {
                        place = border + 1;
                        break;
                    }
                }
            }
        }
        Ok(&self.grades.best_first()[place])
    }

    /// What a criterion says to a claim.
    fn indices(
        &self,
        border: usize,
        claim: Claim,
        values: &impl Fn(usize) -> Option<Decimal>,
        case: Option<Case>,
        at: usize,
    ) -> Result<Indices, ProfileError> {
        let [customers, borders] = &self.zones[border * self.criteria.len() + at];
        let zone = if claim == Claim::CustomerOutranks { customers } else { borders };
        match values(at) {
            Some(value) => zone.of(value, &self.criteria[at]),
            None => Ok(zone.of_extreme((case == Some(Case::Best)) == (claim == Claim::CustomerOutranks))),
        }
    }

    fn weigh(
        &self,
        border: usize,
        claim: Claim,
        values: &impl Fn(usize) -> Option<Decimal>,
        case: Option<Case>,
    ) -> Result<Weighed, ProfileError> {
        let indices = |at| self.indices(border, claim, values, case, at);
        let mut sum = 0;
        for (at, part) in self.weights.parts.iter().enumerate() {
            // Parts and concordances add up to at most 10^18 · 10^18.
            sum += part * indices(at)?.concordance;
        }
        let concordance = credibility::concordance(sum, self.weights.whole);
        let weaken = |credibility, &at: &usize| Ok(credibility::weakened(credibility, indices(at)?.discordance, concordance));
        let credibility = self.by_name.iter().try_fold(concordance, weaken)?;
        Ok(Weighed { concordance, credibility: rounded(credibility) })
    }

    fn outranking(
        &self,
        border: usize,
        claim: Claim,
        values: &impl Fn(usize) -> Option<Decimal>,
        case: Option<Case>,
        weighed: &Weighed,
    ) -> Outranking {
        let share = |index| as_decimal(rounded(index));
        let opinion = |(at, criterion): (usize, &Criterion)| {
            // They were all found when the claim was weighed.
            let indices = self.indices(border, claim, values, case, at).ok()?;
            let (concordance, discordance) = (share(indices.concordance), share(indices.discordance));
            Some(Opinion { of: criterion.of.clone(), weight: criterion.weight, concordance, discordance })
        };
        Outranking {
            grade: self.grades.best_first()[border].name().clone(),
            claim,
            case,
            opinions: self.criteria.iter().enumerate().filter_map(opinion).collect(),
            concordance: share(weighed.concordance),
            credibility: as_decimal(weighed.credibility),
            needed: as_decimal(self.needed),
            holds: weighed.credibility >= self.needed,
        }
    }
}

/// The sorter whole, one criterion a line, then the thresholds.
impl fmt::Display for ElectreTri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let procedure = match self.procedure {
            Procedure::Pessimistic => "pessimistic",
            Procedure::Optimistic => "optimistic",
        };
        writeln!(f, "grades {}", self.grades)?;
        writeln!(f, "  by ELECTRE TRI, {procedure}, cut at {}", self.cut)?;
        self.criteria.iter().try_for_each(|c| writeln!(f, "  criterion {c}"))?;
        for t in &self.thresholds {
            write!(f, "  thresholds of {:?}: indifference {}, preference {}", t.of, t.indifference, t.preference)?;
            match t.veto {
                Some(veto) => writeln!(f, ", veto {veto}")?,
                None => writeln!(f)?,
            }
        }
        Ok(())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "ElectreTri")]
struct Wire {
    grades: GradeSet,
    procedure: Procedure,
    cut: Ratio,
    criteria: Vec<Criterion>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    thresholds: Vec<Thresholds>,
}

impl TryFrom<Wire> for ElectreTri {
    type Error = ProfileError;

    fn try_from(wire: Wire) -> Result<ElectreTri, ProfileError> {
        ElectreTri::new(wire.grades, wire.procedure, wire.cut, wire.criteria, wire.thresholds)
    }
}

impl From<ElectreTri> for Wire {
    fn from(m: ElectreTri) -> Wire {
        Wire { grades: m.grades, procedure: m.procedure, cut: m.cut, criteria: m.criteria, thresholds: m.thresholds }
    }
}
