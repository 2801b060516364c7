use super::{ComparisonError, account::Account};
use crate::{
    money::Ratio,
    quantity::Name,
    reason::{Decision, ModelId, Verdict},
    tier::{Grade, GradeModel},
};
use alloc::vec::Vec;

/// How often each rule of a model decides: counted over decisions, from their reasons. A rule that never applies is one that nobody
/// would miss, or that watches over something that does not happen; one that applies and never changes a grade may stand behind others
/// that have changed it already.
///
/// ```
/// use customer_value::{quantity::*, score::Cutpoints, tier::{*, comparison::RuleUse}, value::*};
///
/// # let name = |text| Name::new(text);
/// # let sales = Dimension::new("sales", Family::Economic, Direction::HigherIsBetter, Unit::Count)?;
/// # let axis = Axis { of: name("sales")?, cutpoints: Cutpoints::new(vec![10.into()], Ties::ToUpper)? };
/// # let grid = Grid::new(GradeSet::letters(3)?, vec![axis], vec![name("C")?, name("B")?])?;
/// # let rule = Rule {
/// #     name: name("one-vote")?, when: Predicate::AtLeast { of: name("sales")?, bound: 100.into() },
/// #     then: Effect::Pin(name("A")?), because: name("they decide alone")?,
/// # };
/// # let model = GradeModel::new(name("m")?, vec![sales], vec![], grid, vec![rule])?;
/// // A model with one rule: a hundred sales or more make an A.
/// let mut tally = RuleUse::of(&model);
/// for sales in [5, 50, 500] {
///     tally.add(&model.grade(&FactSheet::new().with("sales", Quantity::count(sales))?, "2011-12-31".parse()?)?)?;
/// }
/// let one_vote = &tally.rules()[0];
/// assert_eq!((one_vote.applied, one_vote.decided), (1, 1));
/// assert_eq!(tally.share(one_vote.decided).unwrap().to_string(), "1/3");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "规则使用统计")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleUse {
    model: ModelId,
    decisions: u64,
    rules: Vec<RuleTally>,
}

/// What became of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleTally {
    /// The rule.
    pub rule: Name,
    /// Its condition held.
    pub applied: u64,
    /// Its condition held, and it changed the grade at its place in the reasons. That depends on the order of the rules: a later rule can
    /// have changed the grade further, and of two rules that each lift C to B only the first is counted, although the second would have
    /// done the same without it. Whether a rule would be missed is told by taking it out:
    /// [`GradeModel::without_rule`](crate::tier::GradeModel::without_rule).
    pub decided: u64,
    /// Its condition did not hold.
    pub did_not_apply: u64,
    /// Its condition rested on a missing fact.
    pub undecided: u64,
}

impl RuleUse {
    /// No decision yet; every rule of the model is listed, in its order.
    pub fn of(model: &GradeModel) -> RuleUse {
        let none = |name: &Name| RuleTally { rule: name.clone(), applied: 0, decided: 0, did_not_apply: 0, undecided: 0 };
        RuleUse { model: model.id().clone(), decisions: 0, rules: model.rules().iter().map(|r| none(&r.name)).collect() }
    }

    /// Counts a decision.
    ///
    /// # Errors
    /// [`OtherModel`](ComparisonError::OtherModel); [`OtherSteps`](ComparisonError::OtherSteps) if its reasons do not list the rules of
    /// the model; [`TooMany`](ComparisonError::TooMany). Nothing is counted then.
    pub fn add(&mut self, decision: &Decision<Grade>) -> Result<(), ComparisonError> {
        self.check(&decision.model)?;
        let account = Account::of(&decision.reasons);
        if !account.rules.iter().map(|step| step.rule).eq(self.rules.iter().map(|tally| &tally.rule)) {
            return Err(ComparisonError::OtherSteps(decision.as_of));
        }
        self.decisions = self.decisions.checked_add(1).ok_or(ComparisonError::TooMany)?;
        // None of them is counted more often than there are decisions.
        for (tally, step) in self.rules.iter_mut().zip(&account.rules) {
            match step.verdict {
                Verdict::Applies => {
                    tally.applied += 1;
                    tally.decided += u64::from(step.moves());
                }
                Verdict::DoesNotApply => tally.did_not_apply += 1,
                Verdict::Undecided | Verdict::Supposed => tally.undecided += 1,
            }
        }
        Ok(())
    }

    /// Adds the counts of other decisions by the same model.
    ///
    /// # Errors
    /// [`OtherModel`](ComparisonError::OtherModel); [`TooMany`](ComparisonError::TooMany). Nothing is added then.
    pub fn merge(&mut self, other: &RuleUse) -> Result<(), ComparisonError> {
        self.check(&other.model)?;
        self.decisions = self.decisions.checked_add(other.decisions).ok_or(ComparisonError::TooMany)?;
        for (ours, theirs) in self.rules.iter_mut().zip(&other.rules) {
            ours.applied += theirs.applied;
            ours.decided += theirs.decided;
            ours.did_not_apply += theirs.did_not_apply;
            ours.undecided += theirs.undecided;
        }
        Ok(())
    }

    fn check(&self, found: &ModelId) -> Result<(), ComparisonError> {
        if self.model == *found {
            Ok(())
        } else {
            Err(ComparisonError::OtherModel { expected: self.model.clone(), found: found.clone() })
        }
    }

    /// The model whose rules these are.
    pub const fn model(&self) -> &ModelId {
        &self.model
    }

    /// The decisions that were counted.
    pub const fn decisions(&self) -> u64 {
        self.decisions
    }

    /// The rules, in the order of the model.
    pub fn rules(&self) -> &[RuleTally] {
        &self.rules
    }

    /// The rules that never applied.
    pub fn never(&self) -> impl Iterator<Item = &Name> {
        self.rules.iter().filter(|tally| tally.applied == 0).map(|tally| &tally.rule)
    }

    /// A count as a share of all decisions; `None` if there is none.
    pub fn share(&self, count: u64) -> Option<Ratio> {
        Ratio::new(count.into(), self.decisions.into()).ok()
    }
}
