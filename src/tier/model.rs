use super::{Grade, GradeSet, Grid, Rule, TierError, error::no_two_alike, ruling};
use crate::{
    quantity::{Column, Fact, Name},
    reason::{Decision, ModelId, Reason, Unsound, Verdict, fingerprint},
    score::{AnyScale, Fitted, Missing, Scale, ScalePlan, ScoreModel, check_unit, facts_read},
    value::{Dimension, Direction, Facts},
};
use alloc::{string::ToString, vec::Vec};
use chrono::NaiveDate;
use core::fmt;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A frozen grade model: dimensions, a score of them (or none), a grid, and rules beside it.
///
/// Built with [`GradeModel::new`], read with serde, or fitted from a [`GradePlan`]. See the [module](super) for an example.
#[doc(alias = "等级划分标准")]
#[doc(alias = "客户分级")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(
    try_from = "Wire<S>",
    into = "Wire<S>",
    bound(serialize = "S: Clone + Serialize", deserialize = "S: Deserialize<'de> + AnyScale")
)]
pub struct GradeModel<S = Scale> {
    id: ModelId,
    dimensions: Vec<Dimension>,
    score: Option<ScoreModel<S>>,
    grid: Grid,
    rules: Vec<Rule>,
    /// Positions of the dimensions that rules look at and nothing before them does.
    only_in_rules: Vec<usize>,
}

/// A grade model whose score is still to be fitted on a population. Everything else in it is checked already.
pub type GradePlan = GradeModel<ScalePlan>;

impl<S: fmt::Display> GradeModel<S> {
    /// A model from its parts. `dimensions` are those that the score does not have but the grid or the rules look at: a fact that only a
    /// rule needs is listed here too. An axis or a rule may name the score itself.
    ///
    /// # Errors
    /// [`Twice`](TierError::Twice) for two dimensions or two rules of one name, or a dimension called like the score;
    /// [`UnknownDimension`](TierError::UnknownDimension) for an axis or rule on something else;
    /// [`UnknownGrade`](TierError::UnknownGrade) for a rule to a grade that the grid does not have;
    /// [`BadPredicate`](TierError::BadPredicate).
    pub fn new(
        name: Name,
        dimensions: Vec<Dimension>,
        score: Option<ScoreModel<S>>,
        grid: Grid,
        rules: Vec<Rule>,
    ) -> Result<GradeModel<S>, TierError> {
        let id = ModelId { name, fingerprint: 0 };
        let mut model = GradeModel { id, dimensions, score, grid, rules, only_in_rules: Vec::new() };
        let mut names: Vec<&Name> = model.scored().chain(&model.dimensions).map(|d| &d.name).collect();
        names.extend(model.score.as_ref().map(ScoreModel::name));
        no_two_alike(names.iter().copied())?;
        no_two_alike(model.rules.iter().map(|r| &r.name))?;
        let known = |name: &Name| names.contains(&name);
        if let Some(axis) = model.grid.axes().iter().find(|a| !known(&a.of)) {
            return Err(TierError::UnknownDimension(axis.of.clone()));
        }
        let mut in_rules: Vec<&Name> = Vec::new();
        for rule in &model.rules {
            rule.check(model.grid.grades(), &known)?;
            rule.when.visit(16, &mut |name| in_rules.extend(names.iter().find(|n| **n == name)));
        }
        let only_in_rules = |d: &Dimension| in_rules.contains(&&d.name) && !model.grid.axes().iter().any(|a| a.of == d.name);
        model.only_in_rules = (0..model.dimensions.len()).filter(|&i| only_in_rules(&model.dimensions[i])).collect();
        model.id.fingerprint = fingerprint(&model);
        Ok(model)
    }
}

impl<S> GradeModel<S> {
    /// Which model this is.
    pub const fn id(&self) -> &ModelId {
        &self.id
    }

    /// What the model is called.
    pub const fn name(&self) -> &Name {
        &self.id.name
    }

    /// The grades it gives.
    pub const fn grades(&self) -> &GradeSet {
        self.grid.grades()
    }

    /// The score, if it has one.
    pub const fn score_model(&self) -> Option<&ScoreModel<S>> {
        self.score.as_ref()
    }

    /// The grid.
    pub const fn grid(&self) -> &Grid {
        &self.grid
    }

    /// The rules.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// All dimensions: those of the score, then the others.
    pub fn dimensions(&self) -> impl Iterator<Item = &Dimension> {
        self.scored().chain(&self.dimensions)
    }

    /// The rules by which a customer who improves can lose: for these the law that a better value never lowers a grade does not hold.
    /// The grid always keeps it. Whether two rules can contradict each other is another question, which only a customer's values answer.
    pub fn rules_against_improvement(&self) -> impl Iterator<Item = &Rule> {
        let direction = |name: &Name| {
            let dimension = self.dimensions().find(|d| d.name == *name);
            dimension.map_or(Direction::HigherIsBetter, |d| d.direction)
        };
        self.rules.iter().filter(move |rule| rule.can_punish_improvement(self.grades(), &direction))
    }

    fn scored(&self) -> impl Iterator<Item = &Dimension> {
        self.score.iter().flat_map(ScoreModel::terms).map(|t| &t.dimension)
    }
}

impl GradePlan {
    /// Fits the scales of the score on a population and freezes the model; as [`ScorePlan::fit`](crate::score::ScorePlan).
    ///
    /// # Errors
    /// As [`ScorePlan::fit`](crate::score::ScorePlan).
    pub fn fit<'a>(&self, column: impl Fn(&Name) -> Option<Column<'a>>) -> Result<(GradeModel, Vec<Option<Fitted>>), TierError> {
        let (score, fits) = match &self.score {
            Some(plan) => plan.fit(column).map(|(score, fits)| (Some(score), fits))?,
            None => (None, Vec::new()),
        };
        let GradeModel { id, dimensions, grid, rules, only_in_rules, .. } = self.clone();
        let mut model = GradeModel { id, dimensions, score, grid, rules, only_in_rules };
        model.id.fingerprint = fingerprint(&model);
        Ok((model, fits))
    }
}

impl GradeModel {
    /// Grades a customer, with reasons.
    ///
    /// # Errors
    /// [`Missing`](TierError::Missing) if a fact that the grid needs is absent; [`Undecided`](TierError::Undecided) if the grade hangs on
    /// a rule whose fact is; [`Conflict`](TierError::Conflict) if two rules contradict each other; [`Score`](TierError::Score) for the
    /// errors of the score, and for a fact in another unit.
    pub fn grade(&self, facts: &impl Facts, as_of: NaiveDate) -> Result<Decision<Grade>, TierError> {
        let mut reasons = Vec::new();
        let value = self.decide(facts, &mut |reason| reasons.push(reason()))?.clone();
        Ok(Decision { value, reasons, model: self.id.clone(), as_of })
    }

    /// The grade alone, without allocating.
    ///
    /// # Errors
    /// As [`grade`](GradeModel::grade).
    pub fn grade_only(&self, facts: &impl Facts) -> Result<&Grade, TierError> {
        self.decide(facts, &mut |_| {})
    }

    /// Grades the facts that a decision says were read, and compares.
    ///
    /// # Errors
    /// [`Unsound::OtherModel`] if another model decided; [`Unsound::NotReproduced`] if this one decides otherwise.
    pub fn replay(&self, decision: &Decision<Grade>) -> Result<(), Unsound> {
        if decision.model != self.id {
            return Err(Unsound::OtherModel);
        }
        match self.grade(&facts_read(&decision.reasons), decision.as_of) {
            Ok(again) if again == *decision => Ok(()),
            _ => Err(Unsound::NotReproduced),
        }
    }

    fn decide(&self, facts: &impl Facts, note: &mut impl FnMut(&dyn Fn() -> Reason)) -> Result<&Grade, TierError> {
        let score = match &self.score {
            Some(model) => Some(model.points(facts, &mut *note)?.points()),
            None => None,
        };
        let facts = &WithSubstitutes { facts, score: self.score.as_ref() };
        let cell = self.cell(facts, score, note)?;
        for &i in &self.only_in_rules {
            let dimension = &self.dimensions[i];
            read(dimension, facts, Some(&mut *note))?;
        }
        let value = |name: &str| match &self.score {
            Some(model) if *model.name() == name => score,
            _ => facts.fact(name).known().map(|quantity| quantity.value),
        };
        let grade = ruling::settle(&self.rules, self.grades(), &value, cell)?;
        let mut before = cell;
        for rule in &self.rules {
            let (verdict, after) = match rule.when.holds(&value) {
                Some(true) => (Verdict::Applies, ruling::step(&rule.then, before, self.grades())?),
                Some(false) => (Verdict::DoesNotApply, before),
                None => (Verdict::Undecided, before),
            };
            note(&|| Reason::Rule {
                rule: rule.name.clone(),
                condition: rule.when.to_string(),
                because: rule.because.clone(),
                verdict,
                before: before.name().clone(),
                after: after.name().clone(),
            });
            before = after;
        }
        Ok(grade)
    }

    /// Looks up the grid.
    fn cell(
        &self,
        facts: &impl Facts,
        score: Option<Decimal>,
        note: &mut impl FnMut(&dyn Fn() -> Reason),
    ) -> Result<&Grade, TierError> {
        let mut levels = [0; 4];
        let axes = self.grid.axes();
        for (slot, axis) in levels.iter_mut().zip(axes) {
            let (value, direction) = match (self.dimensions().find(|d| d.name == axis.of), score) {
                (Some(dimension), _) => {
                    let in_score = self.scored().any(|d| d.name == axis.of);
                    let fact = read(dimension, facts, if in_score { None } else { Some(&mut *note) })?;
                    let missing = || TierError::Missing { dimension: axis.of.clone(), fact };
                    (fact.known().ok_or_else(missing)?.value, dimension.direction)
                }
                (None, Some(score)) => (score, Direction::HigherIsBetter),
                // `new` has checked that an axis is a dimension or the score.
                (None, None) => return Err(TierError::UnknownDimension(axis.of.clone())),
            };
            let (bin, of) = (axis.cutpoints.bin(value), axis.cutpoints.bins());
            let level = direction.level(bin, of);
            let interval = || axis.cutpoints.interval(bin);
            note(&|| Reason::Placed { dimension: axis.of.clone(), value, interval: interval(), level, of });
            *slot = level;
        }
        let levels = &levels[..axes.len()];
        // `Grid::new` has checked that every cell is there.
        let grade = self.grid.cell(levels).ok_or_else(|| TierError::Hole(levels.to_vec()))?;
        note(&|| Reason::Cell { levels: levels.to_vec(), grade: grade.name().clone() });
        Ok(grade)
    }
}

/// Facts as the score took them: where its term substitutes for what is missing, the grid and the rules see the substitute too.
struct WithSubstitutes<'a, F> {
    facts: &'a F,
    score: Option<&'a ScoreModel>,
}

impl<F: Facts> Facts for WithSubstitutes<'_, F> {
    fn fact(&self, dimension: &str) -> Fact {
        let fact = self.facts.fact(dimension);
        if fact.known().is_some() {
            return fact;
        }
        let mut terms = self.score.iter().flat_map(|s| s.terms());
        match terms.find(|t| t.dimension.name == dimension).map(|t| &t.missing) {
            Some(Missing::Substitute { value, .. }) => Fact::Known(*value),
            _ => fact,
        }
    }
}

/// A fact in the right unit.
fn read<N: FnMut(&dyn Fn() -> Reason)>(dimension: &Dimension, facts: &impl Facts, note: Option<&mut N>) -> Result<Fact, TierError> {
    let fact = facts.fact(&dimension.name);
    if let Some(quantity) = fact.known() {
        check_unit(dimension, quantity.unit)?;
    }
    if let Some(note) = note {
        note(&|| Reason::Read { dimension: dimension.name.clone(), fact });
    }
    Ok(fact)
}

/// The model whole: what its fingerprint is taken of.
impl<S: fmt::Display> fmt::Display for GradeModel<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "grade model {:?}", self.id.name)?;
        self.dimensions.iter().try_for_each(|d| writeln!(f, "dimension {d}"))?;
        self.score.iter().try_for_each(|score| write!(f, "{score}"))?;
        write!(f, "{}", self.grid)?;
        self.rules.iter().try_for_each(|rule| writeln!(f, "rule {rule}"))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(
    deny_unknown_fields,
    rename = "GradeModel",
    bound(deserialize = "S: Deserialize<'de> + AnyScale", serialize = "S: Clone + Serialize")
)]
struct Wire<S> {
    name: Name,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    dimensions: Vec<Dimension>,
    #[serde(default = "nothing", skip_serializing_if = "Option::is_none")]
    score: Option<ScoreModel<S>>,
    grid: Grid,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rules: Vec<Rule>,
}

fn nothing<T>() -> Option<T> {
    None
}

impl<S: fmt::Display> TryFrom<Wire<S>> for GradeModel<S> {
    type Error = TierError;

    fn try_from(wire: Wire<S>) -> Result<GradeModel<S>, TierError> {
        GradeModel::new(wire.name, wire.dimensions, wire.score, wire.grid, wire.rules)
    }
}

impl<S> From<GradeModel<S>> for Wire<S> {
    fn from(m: GradeModel<S>) -> Wire<S> {
        Wire { name: m.id.name, dimensions: m.dimensions, score: m.score, grid: m.grid, rules: m.rules }
    }
}
