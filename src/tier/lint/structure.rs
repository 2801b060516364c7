//! What can be seen of a model alone.

use super::{Lint, LintPolicy, influence};
use crate::{
    quantity::{Name, Predicate, Seen},
    tier::{GradeModel, Rule, regions::Regions},
    value::Family,
};
use alloc::vec::Vec;

impl LintPolicy {
    /// Looks at a model by itself: how many dimensions and grades, which families of value, weights, dimensions and rules without effect.
    ///
    /// What is said to have no effect has none, for any customer; the reverse is not claimed: scores that go with the facts of no customer
    /// are supposed to be possible.
    pub fn of_model(&self, model: &GradeModel) -> Vec<Lint> {
        let mut lints = Vec::new();
        let dimensions = model.dimensions().count();
        if dimensions > usize::from(self.most_dimensions) {
            lints.push(Lint::TooManyDimensions { found: dimensions, most: self.most_dimensions });
        }
        let grades = model.grades().best_first().len();
        if grades > usize::from(self.most_grades) {
            lints.push(Lint::TooManyGrades { found: grades, most: self.most_grades });
        }
        lints.extend(families(model));
        for score in model.scores().iter().filter(|score| score.terms().len() > 1) {
            let heavy = score.terms().iter().filter(|term| term.weight > self.most_weight);
            lints.extend(heavy.map(|term| Lint::Dominated {
                score: score.name().clone(),
                dimension: term.dimension.name.clone(),
                weight: term.weight,
                most: self.most_weight,
            }));
        }
        let idle = model.dimensions().filter(|d| !influence::can_change_a_grade(model, &d.name));
        lints.extend(idle.map(|d| Lint::WithoutInfluence { dimension: d.name.clone() }));
        let never = model.rules().iter().filter(|rule| never_applies(model, rule));
        lints.extend(never.map(|rule| Lint::NeverApplies { rule: rule.name.clone() }));
        lints
    }
}

fn families(model: &GradeModel) -> Vec<Lint> {
    let (has, has_not): (Vec<Family>, Vec<Family>) =
        [Family::Economic, Family::Social, Family::Latent].into_iter().partition(|f| model.dimensions().any(|d| d.family == *f));
    match has[..] {
        [] => Vec::new(),
        [family] => [Lint::OneFamily { family }].into(),
        _ => has_not.into_iter().map(|family| Lint::NoFamily { family }).collect(),
    }
}

/// Whether no customer at all meets the condition. A score is taken for free between its ends.
fn never_applies(model: &GradeModel, rule: &Rule) -> bool {
    let Some(regions) = Regions::of([&rule.when], &|name: &Name| model.dimension(name), 1 << 14) else { return false };
    let ends: Vec<_> = model.scores().iter().filter_map(|score| Some((score.name(), influence::ends(score)?))).collect();
    let possible = |supposed: &dyn Fn(&str) -> Seen| {
        let seen = |of: &str| {
            let found = supposed(of);
            match (found.number, ends.iter().find(|(score, _)| **score == *of)) {
                // A stretch between bounds that the score can reach holds the number that is nearest to it.
                (Some((value, _)), Some((_, (low, high)))) => Seen::number(value.clamp(*low, *high)),
                _ => found,
            }
        };
        Predicate::decide(&rule.when, &seen) == Some(true)
    };
    regions.find(possible).is_none()
}
