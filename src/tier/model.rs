use super::{
    GradeSet, Grid, Rule, Sorter, TierError,
    error::no_two_alike,
    profiles::{ElectreTri, MrSort},
    regions::Regions,
    ruling::{self, Verdicts},
};
use crate::{
    quantity::{Column, Name, Predicate, Seen},
    reason::{ModelId, fingerprint},
    score::{AnyScale, Fitted, Scale, ScalePlan, ScoreError, ScoreModel},
    value::{Dimension, Direction},
};
use alloc::{string::ToString, vec::Vec};
use core::fmt;
use serde::{Deserialize, Serialize};

/// A frozen grade model: dimensions, scores of them, a sorter such as a grid, and rules beside it.
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
    pub(super) dimensions: Vec<Dimension>,
    scores: Vec<ScoreModel<S>>,
    sorter: Sorter,
    rules: Vec<Rule>,
    /// The dimensions and attributes that rules look at and nothing before them does.
    pub(super) only_in_rules: Vec<Name>,
}

/// A grade model whose scores are still to be fitted on a population. Everything else in it is checked already.
pub type GradePlan = GradeModel<ScalePlan>;

impl<S: fmt::Display> GradeModel<S> {
    /// The most scores that a model can have.
    pub(super) const MOST_SCORES: usize = 8;

    /// The most comparisons and names that the conditions of all rules can have together.
    pub(super) const MOST_COMPARISONS: usize = 1_000;

    /// A model from its parts. `dimensions` are those that no score has but the sorter or the rules look at: a fact that only a rule needs
    /// is listed here too. An axis or a rule may name a score. Attributes that rules compare with names need not be listed.
    ///
    /// # Errors
    /// [`Twice`](TierError::Twice) for two dimensions, scores or rules of one name;
    /// [`UnknownDimension`](TierError::UnknownDimension) for an axis or rule on something else;
    /// [`OtherDirection`](TierError::OtherDirection) for a criterion that is better when lower on a score;
    /// [`UnknownGrade`](TierError::UnknownGrade) for a rule to a grade that the sorter does not have;
    /// [`Contradiction`](TierError::Contradiction) for two rules of which one pins to A whoever has large sales and the other caps at C
    /// whoever pays late; days and counts are taken as whole and not negative, amounts as whole smallest units; what rests on a score, or
    /// takes more than 16,384 cases to tell, is found on the day when it happens, as [`Conflict`](TierError::Conflict);
    /// [`BadPredicate`](TierError::BadPredicate); [`NotNamed`](TierError::NotNamed) for a number that is to be one of several names;
    /// [`TooManyScores`](TierError::TooManyScores), [`TooManyRules`](TierError::TooManyRules),
    /// [`TooManyComparisons`](TierError::TooManyComparisons) for more than 1,000 comparisons and names in all conditions;
    /// [`BadLevels`](ScoreError::BadLevels) for a dimension whose levels do not fit its unit.
    pub fn new(
        name: Name,
        dimensions: Vec<Dimension>,
        scores: Vec<ScoreModel<S>>,
        sorter: impl Into<Sorter>,
        rules: Vec<Rule>,
    ) -> Result<GradeModel<S>, TierError> {
        if scores.len() > Self::MOST_SCORES {
            return Err(TierError::TooManyScores(scores.len()));
        }
        if rules.len() > Verdicts::MOST {
            return Err(TierError::TooManyRules(rules.len()));
        }
        let size = rules.iter().map(|rule| rule.when.size()).sum();
        if size > Self::MOST_COMPARISONS {
            return Err(TierError::TooManyComparisons(size));
        }
        let id = ModelId { name, fingerprint: 0 };
        let mut model = GradeModel { id, dimensions, scores, sorter: sorter.into(), rules, only_in_rules: Vec::new() };
        no_two_alike(model.dimensions().map(|d| &d.name).chain(model.scores.iter().map(ScoreModel::name)))?;
        no_two_alike(model.rules.iter().map(|r| &r.name))?;
        if let Some(bad) = model.dimensions.iter().find(|d| !d.is_consistent()) {
            return Err(ScoreError::BadLevels(bad.name.clone()).into());
        }
        let (dimension, is_score) = (|name: &Name| model.dimension(name), |name: &Name| model.score(name).is_some());
        if let Some(of) = model.sorter.looks_at().find(|of| dimension(of).is_none() && !is_score(of)) {
            return Err(TierError::UnknownDimension(of.clone()));
        }
        let direction = |of: &Name| dimension(of).map_or(Direction::HigherIsBetter, |d| d.direction);
        if let Some(criterion) = model.sorter.criteria().iter().find(|c| c.direction != direction(&c.of)) {
            return Err(TierError::OtherDirection(criterion.of.clone()));
        }
        let mut only_in_rules: Vec<Name> = Vec::new();
        for rule in &model.rules {
            rule.check(model.grades(), &dimension, &is_score)?;
            rule.when.visit(Predicate::DEEPEST, &mut |comparison| {
                let Some(of) = comparison.of() else { return };
                let before = model.scored().any(|d| d.name == *of) || is_score(of) || model.sorter.looks_at().any(|n| n == of);
                if !before && !only_in_rules.contains(of) {
                    only_in_rules.push(of.clone());
                }
            });
        }
        model.only_in_rules = only_in_rules;
        model.check_contradictions()?;
        model.id.fingerprint = fingerprint(&model);
        Ok(model)
    }
}

impl<S> GradeModel<S> {
    /// Looks for customers on whom two rules contradict each other. What rests on a score is left to the day when it happens, because which
    /// scores go with which facts is not known here; so are two conditions that part customers into more than 16,384 regions. Equal
    /// conditions are found in any case.
    fn check_contradictions(&self) -> Result<(), TierError> {
        let dimension = |name: &Name| self.dimension(name);
        let rests_on_score = |rule: &Rule| {
            let mut rests = false;
            let mut visit = |c: &Predicate| rests |= c.of().is_some_and(|of| self.score(of).is_some());
            rule.when.visit(Predicate::DEEPEST, &mut visit);
            rests
        };
        for (i, second) in self.rules.iter().enumerate() {
            for first in &self.rules[..i] {
                if !ruling::contradict(first, second, self.grades())? {
                    continue;
                }
                if first.when == second.when {
                    let (first, second, example) = (first.name.clone(), second.name.clone(), second.when.to_string());
                    return Err(TierError::Contradiction { first, second, example });
                }
                if rests_on_score(first) || rests_on_score(second) {
                    continue;
                }
                let Some(regions) = Regions::of([&first.when, &second.when], &dimension, 1 << 14) else { continue };
                let both = |seen: &dyn Fn(&str) -> Seen| [first, second].iter().all(|r| r.when.decide(&seen) == Some(true));
                if let Some(example) = regions.find(both) {
                    let (first, second) = (first.name.clone(), second.name.clone());
                    return Err(TierError::Contradiction { first, second, example: example.to_string() });
                }
            }
        }
        Ok(())
    }

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
        self.sorter.grades()
    }

    /// The scores.
    pub fn scores(&self) -> &[ScoreModel<S>] {
        &self.scores
    }

    /// The score of that name.
    pub fn score(&self, name: &str) -> Option<&ScoreModel<S>> {
        self.scores.iter().find(|score| *score.name() == *name)
    }

    /// The sorter.
    pub const fn sorter(&self) -> &Sorter {
        &self.sorter
    }

    /// The rules.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// All dimensions: those of the scores, then the others.
    pub fn dimensions(&self) -> impl Iterator<Item = &Dimension> + Clone {
        self.scored().chain(&self.dimensions)
    }

    /// The dimension of that name.
    pub fn dimension(&self, name: &str) -> Option<&Dimension> {
        self.dimensions().find(|d| *d.name == *name)
    }

    /// The rules by which a customer who improves can lose: for these the law that a better value never lowers a grade does not hold.
    /// The sorter always keeps it. Whether two rules can contradict each other is another question, which is asked when a model is built.
    pub fn rules_against_improvement(&self) -> impl Iterator<Item = &Rule> {
        let dimension = |name: &Name| self.dimension(name);
        self.rules.iter().filter(move |rule| rule.can_punish_improvement(self.grades(), &dimension))
    }

    fn scored(&self) -> impl Iterator<Item = &Dimension> + Clone {
        self.scores.iter().flat_map(ScoreModel::terms).map(|t| &t.dimension)
    }
}

impl GradePlan {
    /// Fits the scales of the scores on a population and freezes the model; as [`ScorePlan::fit`](crate::score::ScorePlan), one score after
    /// the other.
    ///
    /// # Errors
    /// As [`ScorePlan::fit`](crate::score::ScorePlan).
    pub fn fit<'a>(&self, column: impl Fn(&Name) -> Option<Column<'a>>) -> Result<(GradeModel, Vec<Option<Fitted>>), TierError> {
        let (mut scores, mut fits) = (Vec::with_capacity(self.scores.len()), Vec::new());
        for plan in &self.scores {
            let (score, fitted) = plan.fit(&column)?;
            scores.push(score);
            fits.extend(fitted);
        }
        let GradeModel { id, dimensions, sorter, rules, only_in_rules, .. } = self.clone();
        let mut model = GradeModel { id, dimensions, scores, sorter, rules, only_in_rules };
        model.id.fingerprint = fingerprint(&model);
        Ok((model, fits))
    }
}

/// The model whole: what its fingerprint is taken of.
impl<S: fmt::Display> fmt::Display for GradeModel<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "grade model {:?}", self.id.name)?;
        self.dimensions.iter().try_for_each(|d| writeln!(f, "dimension {d}"))?;
        self.scores.iter().try_for_each(|score| write!(f, "{score}"))?;
        write!(f, "{}", self.sorter)?;
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
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    scores: Vec<ScoreModel<S>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    grid: Option<Grid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mr_sort: Option<MrSort>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    electre_tri: Option<ElectreTri>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rules: Vec<Rule>,
}

impl<S: fmt::Display> TryFrom<Wire<S>> for GradeModel<S> {
    type Error = TierError;

    fn try_from(wire: Wire<S>) -> Result<GradeModel<S>, TierError> {
        let sorter = match (wire.grid, wire.mr_sort, wire.electre_tri) {
            (Some(grid), None, None) => Sorter::Grid(grid),
            (None, Some(sorter), None) => Sorter::MrSort(sorter),
            (None, None, Some(sorter)) => Sorter::ElectreTri(sorter),
            _ => return Err(TierError::NotOneSorter),
        };
        GradeModel::new(wire.name, wire.dimensions, wire.scores, sorter, wire.rules)
    }
}

impl<S> From<GradeModel<S>> for Wire<S> {
    fn from(m: GradeModel<S>) -> Wire<S> {
        let (mut grid, mut mr_sort, mut electre_tri) = (None, None, None);
        match m.sorter {
            Sorter::Grid(sorter) => grid = Some(sorter),
            Sorter::MrSort(sorter) => mr_sort = Some(sorter),
            Sorter::ElectreTri(sorter) => electre_tri = Some(sorter),
        }
        let (name, dimensions, scores, rules) = (m.id.name, m.dimensions, m.scores, m.rules);
        Wire { name, dimensions, scores, grid, mr_sort, electre_tri, rules }
    }
}
