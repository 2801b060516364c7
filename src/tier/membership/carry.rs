use super::{Cause, Command, Hold, LastDecision, Membership, MembershipError, Original, Transition, hold::Held};
use crate::{
    calendar::in_range,
    quantity::Name,
    tier::{Grade, GradeSet},
};
use alloc::vec::Vec;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A change of the grades themselves: the strategy is another one, and has other grades.
#[doc(alias = "等级体系转换")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Carry {
    /// The new grades.
    pub to: GradeSet,
    /// Old name, new name. A grade that is not listed becomes the one of the same name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renamed: Vec<(Name, Name)>,
    /// The first day in the new grades.
    pub on: NaiveDate,
    /// Why.
    pub reason: Name,
    /// Who decided it.
    pub author: Name,
}

impl Carry {
    fn counterpart(&self, grade: &Grade) -> Result<Grade, MembershipError> {
        let name = self.renamed.iter().find(|(old, _)| old == grade.name()).map_or(grade.name(), |(_, new)| new);
        self.to.grade(name).cloned().ok_or_else(|| MembershipError::NoCounterpart(grade.name().clone()))
    }

    fn hold(&self, hold: &Hold) -> Result<Hold, MembershipError> {
        Ok(Hold { grade: self.counterpart(&hold.grade)?, ..hold.clone() })
    }

    fn decision(&self, decision: &LastDecision) -> Result<LastDecision, MembershipError> {
        let earned = self.counterpart(&decision.earned)?;
        // Two grades may have changed places; what is earned is kept all the same.
        let kept = self.counterpart(&decision.kept)?.max(earned.clone());
        let (old, new) = ((&decision.earned, &decision.kept), (&earned, &kept));
        let original = || Original { earned: decision.earned.clone(), kept: decision.kept.clone() };
        let original = decision.original.clone().or_else(|| (old != new).then(original));
        Ok(LastDecision { earned, kept, original, ..decision.clone() })
    }
}

impl Membership {
    /// The membership in the grades of a new strategy, from a day on.
    ///
    /// Runs and graces end: they counted decisions on grades that are gone. A demotion that was waiting is decided anew, under the new
    /// policy. Holds go on, and begin if they were ordered for a later day. What the models decided stays on record in their own
    /// [grades](LastDecision::original). The same carrying again changes nothing.
    ///
    /// # Errors
    /// [`NoCounterpart`](MembershipError::NoCounterpart) for a grade that is neither renamed nor among the new ones;
    /// [`SameGrades`](MembershipError::SameGrades) for the grades that the membership is in; [`Backwards`](MembershipError::Backwards) for
    /// a day before the last decision or carrying; [`AnotherThatDay`](MembershipError::AnotherThatDay) for a second one on a day;
    /// [`Calendar`](MembershipError::Calendar) for a day outside the years 1 to 9999.
    ///
    /// ```
    /// # use customer_value::{NaiveDate, quantity::Name, reason::{Decision, ModelId}};
    /// use customer_value::tier::{GradeSet, membership::{Carry, Confirmation, MembershipError, Policy, Terms}};
    /// # let at_once = Confirmation::AT_ONCE;
    /// # let terms = Terms { promotion: at_once, demotion: at_once, grace_days: 0, steps: None, usable_days: 99 };
    /// # let day = |d| NaiveDate::from_ymd_opt(2024, 1, d).unwrap();
    /// # let model = ModelId { name: Name::new("m")?, fingerprint: 1 };
    /// # let decided = |d, value| Decision { value, reasons: vec![], model: model.clone(), as_of: day(d) };
    /// let (letters, metals) = (GradeSet::letters(3)?, GradeSet::new(vec![Name::new("gold")?, Name::new("silver")?])?);
    /// let (old, new) = (Policy::new(Name::new("old")?, letters.clone(), terms)?, Policy::new(Name::new("new")?, metals.clone(), terms)?);
    ///
    /// let (b, _) = old.advance(None, &decided(1, letters.grade("B").unwrap().clone()), None)?;
    /// let gold = decided(2, metals.grade("gold").unwrap().clone());
    /// assert!(matches!(new.advance(Some(&b), &gold, None), Err(MembershipError::OtherGrades { .. })));
    /// let carry = Carry {
    ///     to: metals.clone(),
    ///     renamed: vec![],
    ///     on: day(2),
    ///     reason: Name::new("the new programme")?,
    ///     author: Name::new("head of sales")?,
    /// };
    /// assert_eq!(b.carry(carry.clone()), Err(MembershipError::NoCounterpart(Name::new("B")?)));
    ///
    /// let carry = Carry { renamed: vec![(Name::new("B")?, Name::new("silver")?)], ..carry };
    /// let (carried, _) = b.carry(carry)?;
    /// assert_eq!(carried.shown(day(2)).name(), "silver");
    /// assert_eq!(new.advance(Some(&carried), &gold, None)?.0.shown(day(2)).name(), "gold");
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn carry(&self, carry: Carry) -> Result<(Membership, Transition), MembershipError> {
        let on = in_range(carry.on)?;
        if self.carried.as_ref() == Some(&carry) {
            return Ok((self.clone(), self.repeated(on)));
        }
        self.check_settled(on)?;
        if carry.to == self.grades {
            return Err(MembershipError::SameGrades(carry.to));
        }
        if self.carried.as_ref().is_some_and(|last| last.on == on) {
            return Err(MembershipError::AnotherThatDay(on));
        }
        let command = match &self.command {
            Some(Command::Hold(hold)) => Some(Command::Hold(carry.hold(hold)?)),
            other => other.clone(),
        };
        let held = |held: &Held| Ok(Held { hold: carry.hold(&held.hold)?, until: held.until });
        let mut after = Membership {
            grades: carry.to.clone(),
            automatic: carry.counterpart(&self.automatic)?,
            since: self.since,
            decision: carry.decision(&self.decision)?,
            run: None,
            grace: None,
            holds: self.holds.iter().map(held).collect::<Result<_, MembershipError>>()?,
            command,
            carried: Some(carry.clone()),
        };
        after.settle();
        let (shown, expired) = self.shown_until(on);
        let cause = Cause::Carried { from: self.grades.clone(), carry };
        let causes = expired.cloned().map(Cause::HoldExpired).into_iter().chain([cause]).collect();
        let transition = Transition::new(on, Some(shown), &after, causes);
        Ok((after, transition))
    }
}
