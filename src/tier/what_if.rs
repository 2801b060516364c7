//! What if: the same grade model with one part changed, checked again, under a new fingerprint.

use super::{Axis, GradeModel, Grid, Rule, Sorter, TierError, cells};
use crate::{
    money::Ratio,
    quantity::Name,
    score::{AnyScale, Cutpoints, ScoreModel},
};
use alloc::vec::Vec;

/// What if. Each of these gives a new model, checked as a whole like any other: it keeps its name, and its fingerprint is another. What
/// the change does to a population, [`Comparison`](super::comparison::Comparison) tells.
impl<S: AnyScale + Clone> GradeModel<S> {
    /// The model with other weights in a score, one for every term.
    ///
    /// # Errors
    /// [`UnknownScore`](TierError::UnknownScore); as [`ScoreModel::with_weights`].
    #[doc(alias = "假设分析")]
    pub fn with_weights(&self, score: &Name, weights: impl Into<Vec<(Name, Ratio)>>) -> Result<GradeModel<S>, TierError> {
        self.with_score(self.score_named(score)?.with_weights(weights)?)
    }

    /// The model with another scale for a term of a score.
    ///
    /// # Errors
    /// [`UnknownScore`](TierError::UnknownScore); as [`ScoreModel::with_scale`].
    pub fn with_scale(&self, score: &Name, dimension: &Name, scale: S) -> Result<GradeModel<S>, TierError> {
        self.with_score(self.score_named(score)?.with_scale(dimension, scale)?)
    }

    /// The model with another score in the place of the one of the same name.
    ///
    /// # Errors
    /// [`UnknownScore`](TierError::UnknownScore) if it has none of that name; as [`new`](GradeModel::new).
    pub fn with_score(&self, score: ScoreModel<S>) -> Result<GradeModel<S>, TierError> {
        let mut scores = self.scores().to_vec();
        let Some(slot) = scores.iter_mut().find(|s| s.name() == score.name()) else {
            return Err(TierError::UnknownScore(score.name().clone()));
        };
        *slot = score;
        self.rebuilt(scores, self.sorter().clone(), self.rules().to_vec())
    }

    /// The model with other cuts on an axis of its grid; there must be as many as before, because the cells stay.
    ///
    /// # Errors
    /// [`UnknownAxis`](TierError::UnknownAxis) if it has no grid, or the grid no such axis; [`BadCellCount`](TierError::BadCellCount) for
    /// more or fewer levels.
    pub fn with_cuts(&self, axis: &Name, cutpoints: Cutpoints) -> Result<GradeModel<S>, TierError> {
        let unknown = || TierError::UnknownAxis(axis.clone());
        let grid = self.sorter().grid().ok_or_else(unknown)?;
        let mut axes: Vec<Axis> = grid.axes().to_vec();
        let sizes: Vec<u8> = axes.iter().map(|a| a.cutpoints.bins()).collect();
        axes.iter_mut().find(|a| a.of == *axis).ok_or_else(unknown)?.cutpoints = cutpoints;
        let names = (0..sizes.iter().map(|&s| usize::from(s)).product())
            .filter_map(|at| grid.cell(&cells::levels(at, sizes.iter().copied())))
            .map(|grade| grade.name().clone());
        self.with_sorter(Grid::new(self.grades().clone(), axes, names.collect())?)
    }

    /// The model with another sorter, which may give other grades.
    ///
    /// # Errors
    /// As [`new`](GradeModel::new).
    pub fn with_sorter(&self, sorter: impl Into<Sorter>) -> Result<GradeModel<S>, TierError> {
        self.rebuilt(self.scores().to_vec(), sorter.into(), self.rules().to_vec())
    }

    /// The model with one rule more, listed last.
    ///
    /// # Errors
    /// [`Twice`](TierError::Twice) if it has one of that name; as [`new`](GradeModel::new).
    pub fn with_rule(&self, rule: Rule) -> Result<GradeModel<S>, TierError> {
        let mut rules = self.rules().to_vec();
        rules.push(rule);
        self.rebuilt(self.scores().to_vec(), self.sorter().clone(), rules)
    }

    /// The model with another rule in the place of the one of the same name.
    ///
    /// # Errors
    /// [`UnknownRule`](TierError::UnknownRule) if it has none of that name; as [`new`](GradeModel::new).
    pub fn with_rule_replaced(&self, rule: Rule) -> Result<GradeModel<S>, TierError> {
        let mut rules = self.rules().to_vec();
        let Some(slot) = rules.iter_mut().find(|r| r.name == rule.name) else { return Err(TierError::UnknownRule(rule.name)) };
        *slot = rule;
        self.rebuilt(self.scores().to_vec(), self.sorter().clone(), rules)
    }

    /// The model without that rule.
    ///
    /// # Errors
    /// [`UnknownRule`](TierError::UnknownRule) if it has none of that name.
    pub fn without_rule(&self, name: &Name) -> Result<GradeModel<S>, TierError> {
        let rules: Vec<Rule> = self.rules().iter().filter(|r| r.name != *name).cloned().collect();
        if rules.len() == self.rules().len() {
            return Err(TierError::UnknownRule(name.clone()));
        }
        self.rebuilt(self.scores().to_vec(), self.sorter().clone(), rules)
    }

    fn score_named(&self, name: &Name) -> Result<&ScoreModel<S>, TierError> {
        self.score(name).ok_or_else(|| TierError::UnknownScore(name.clone()))
    }

    fn rebuilt(&self, scores: Vec<ScoreModel<S>>, sorter: Sorter, rules: Vec<Rule>) -> Result<GradeModel<S>, TierError> {
        GradeModel::new(self.name().clone(), self.dimensions.clone(), scores, sorter, rules)
    }
}
