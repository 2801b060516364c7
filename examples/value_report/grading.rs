//! Grades a population with a frozen model, and checks every decision.

use crate::{
    levels::{Levels, Segmenter},
    policy::Policy,
    population::Population,
    progress,
};
use anyhow::{Context, Result};
use chrono::NaiveDate;
use customer_value::{
    quantity::Name,
    reason::{Decision, Reason, Verdict},
    score::{Fitted, Scale},
    tier::{Grade, GradeModel, Rule},
    value::{Dimension, Rfm},
};
use rust_decimal::Decimal;

/// A model whose scales are frozen, and what the fit came to.
#[derive(Debug)]
pub(crate) struct Frozen {
    pub(crate) model: GradeModel,
    pub(crate) fits: Vec<Fit>,
    /// The day whose population the scales were fitted on.
    pub(crate) fitted_on: NaiveDate,
}

/// The cutpoints of one dimension.
#[derive(Debug)]
pub(crate) struct Fit {
    pub(crate) dimension: Dimension,
    pub(crate) cuts: Vec<Decimal>,
    /// `None` where the policy gives the cuts itself.
    pub(crate) fitted: Option<Fitted>,
}

/// A population and what became of everybody.
#[derive(Debug)]
pub(crate) struct Grading {
    pub(crate) population: Population,
    /// In the order of the population.
    pub(crate) customers: Vec<Graded>,
    /// What the rules did, in the order of the model.
    pub(crate) rules: Vec<RuleTally>,
}

/// One customer's result. The reasons are not kept; the model gives them again when they are asked for.
#[derive(Debug)]
pub(crate) struct Graded {
    pub(crate) grade: Grade,
    /// Whether the grid alone would have said otherwise.
    pub(crate) changed_by_rule: bool,
    pub(crate) score: Decimal,
    /// In the order of [`MEASURED`](crate::policy::MEASURED).
    pub(crate) levels: [u8; 3],
    /// Position in the policy's segments.
    pub(crate) segment: usize,
}

/// How often a rule applied, and how often it changed a grade.
#[derive(Debug)]
pub(crate) struct RuleTally {
    pub(crate) name: Name,
    pub(crate) because: Name,
    pub(crate) applied: u64,
    pub(crate) changed: u64,
}

impl Frozen {
    /// Fits the policy's model on a population.
    pub(crate) fn fit(policy: &Policy, population: &Population) -> Result<Frozen> {
        let (model, reports) = policy.model.fit(|dimension| population.column(dimension)).context("fitting the model")?;
        let terms = model.scores().first().map_or(&[][..], |score| score.terms());
        let fits = terms.iter().zip(reports).map(|(term, fitted)| Fit {
            dimension: term.dimension.clone(),
            cuts: match &term.scale {
                Scale::Bins(cutpoints) => cutpoints.cuts().to_vec(),
                _ => Vec::new(),
            },
            fitted,
        });
        Ok(Frozen { fits: fits.collect(), fitted_on: population.as_of, model })
    }

    /// Grades everybody. Every decision must hold together by itself, and the model must arrive at it again.
    pub(crate) fn grade(&self, policy: &Policy, population: Population) -> Result<Grading> {
        let levels = Levels::of(&self.model, &population)?;
        let segments = Segmenter::new(policy)?;
        let tally = |rule: &Rule| RuleTally { name: rule.name.clone(), because: rule.because.clone(), applied: 0, changed: 0 };
        let mut rules: Vec<RuleTally> = self.model.rules().iter().map(tally).collect();
        let mut customers = Vec::with_capacity(population.len());
        let bar = progress::customers(population.len(), "grading the customers");
        for (at, (key, rfm)) in population.keys.iter().zip(&population.rfm).enumerate() {
            let decision = self.checked(rfm, population.as_of).with_context(|| format!("customer {key:?}"))?;
            count(&mut rules, &decision.reasons);
            let levels_here = levels.at(at)?;
            customers.push(Graded {
                changed_by_rule: cell_grade(&decision).is_some_and(|grade| grade != decision.value.name()),
                score: levels.score(at)?,
                levels: levels_here,
                segment: segments.of(levels_here)?,
                grade: decision.value,
            });
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(Grading { population, customers, rules })
    }

    /// A decision that has been verified and replayed.
    pub(crate) fn checked(&self, rfm: &Rfm, as_of: NaiveDate) -> Result<Decision<Grade>> {
        let decision = self.model.grade(rfm, as_of)?;
        decision.verify().context("verifying the decision")?;
        self.model.replay(&decision).context("replaying the decision")?;
        Ok(decision)
    }
}

/// The grade that the grid gave, before any rule.
fn cell_grade(decision: &Decision<Grade>) -> Option<&Name> {
    decision.reasons.iter().find_map(|reason| match reason {
        Reason::Cell { grade, .. } => Some(grade),
        _ => None,
    })
}

fn count(rules: &mut [RuleTally], reasons: &[Reason]) {
    for reason in reasons {
        if let Reason::Rule { rule, verdict: Verdict::Applies, before, after, .. } = reason {
            for tally in rules.iter_mut().filter(|tally| tally.name == *rule) {
                tally.applied += 1;
                tally.changed += u64::from(before != after);
            }
        }
    }
}
