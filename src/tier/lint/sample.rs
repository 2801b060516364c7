//! What can be seen of a model's decisions.

use super::{Lint, LintError, LintPolicy};
use crate::{
    money::Ratio,
    quantity::{Fact, Name, Unit},
    reason::{Decision, Reason, Verdict},
    tier::{Effect, Grade, GradeModel},
};
use alloc::{vec, vec::Vec};

/// What has been counted of a rule.
#[derive(Clone, Copy, Default)]
struct OfRule {
    applied: usize,
    decided: usize,
}

/// What has been counted of a judged dimension.
struct OfJudged<'a> {
    dimension: &'a Name,
    judged: usize,
    without: usize,
}

impl LintPolicy {
    /// Looks at decisions that the model has made: grades that nobody has or nearly everybody has, rules that never applied or that decide
    /// instead of the grid, judgements without evidence. No decisions, no lints.
    ///
    /// A rule decides where it pins the grade, and where the grade after it is another than before.
    ///
    /// # Errors
    /// [`OtherModel`](LintError::OtherModel) for a decision of another model.
    pub fn of_decisions<'a>(
        &self,
        model: &GradeModel,
        decisions: impl IntoIterator<Item = &'a Decision<Grade>>,
    ) -> Result<Vec<Lint>, LintError> {
        let grades = model.grades().best_first();
        let (mut of, mut have, mut rules) = (0, vec![0; grades.len()], vec![OfRule::default(); model.rules().len()]);
        let judged = model.dimensions().filter(|d| d.unit == Unit::Level);
        let mut judged: Vec<_> = judged.map(|d| OfJudged { dimension: &d.name, judged: 0, without: 0 }).collect();
        for decision in decisions {
            if decision.model != *model.id() {
                return Err(LintError::OtherModel(decision.model.clone()));
            }
            of += 1;
            if let Some(at) = grades.iter().position(|grade| *grade == decision.value) {
                have[at] += 1;
            }
            for reason in &decision.reasons {
                match reason {
                    Reason::Read { dimension, fact: Fact::Named(_), source } => {
                        for count in judged.iter_mut().filter(|count| count.dimension == dimension) {
                            count.judged += 1;
                            count.without += usize::from(source.is_none());
                        }
                    }
                    Reason::Rule { rule, verdict: Verdict::Applies, before, after, .. } => {
                        let listed = model.rules().iter().zip(&mut rules).filter(|(listed, _)| listed.name == *rule);
                        for (listed, count) in listed {
                            count.applied += 1;
                            count.decided += usize::from(before != after || matches!(listed.then, Effect::Pin(_)));
                        }
                    }
                    _ => {}
                }
            }
        }
        if of == 0 {
            return Ok(Vec::new());
        }
        let mut lints = Vec::new();
        for (grade, have) in grades.iter().zip(have) {
            let (grade, most) = (grade.name().clone(), self.most_in_grade);
            if have == 0 {
                lints.push(Lint::NobodyHas { grade, of });
            } else if above(have, of, most) {
                lints.push(Lint::NearlyEverybodyHas { grade, have, of, most });
            }
        }
        for (rule, OfRule { applied, decided }) in model.rules().iter().zip(rules) {
            let (rule, most) = (rule.name.clone(), self.most_decided_by_rule);
            if applied == 0 {
                lints.push(Lint::NeverApplied { rule, of });
            } else if above(decided, of, most) {
                lints.push(Lint::SwallowsGrid { rule, decided, of, most });
            }
        }
        let most = self.most_without_evidence;
        let unfounded = judged.into_iter().filter(|count| above(count.without, count.judged, most));
        lints.extend(unfounded.map(|OfJudged { dimension, judged, without }| Lint::WithoutEvidence {
            dimension: dimension.clone(),
            without,
            judged,
            most,
        }));
        Ok(lints)
    }
}

/// Whether a part of a whole is more than a share of it; no part of nothing is.
fn above(part: usize, of: usize, share: Ratio) -> bool {
    let ratio = i128::try_from(part).ok().zip(i128::try_from(of).ok()).and_then(|(part, of)| Ratio::new(part, of).ok());
    ratio.is_some_and(|ratio| ratio > share)
}
