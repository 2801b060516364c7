use super::{Cause, Command, Hold, LastDecision, Membership, MembershipError, Transition};
use crate::{
    calendar::in_range,
    quantity::Name,
    tier::{Grade, GradeSet},
};
use alloc::vec;
use chrono::NaiveDate;

impl Membership {
    /// The membership in the grades of a new strategy, from a day on. A grade becomes the one that `renamed` says (old name, new name), or
    /// else the one of the same name.
    ///
    /// Runs and graces end: they counted decisions on grades that are gone. A demotion that was waiting is decided anew, under the new
    /// policy. Holds go on.
    ///
    /// # Errors
    /// [`NoCounterpart`](MembershipError::NoCounterpart) for a grade that is neither renamed nor among the new ones;
    /// [`Backwards`](MembershipError::Backwards) for a day before the last decision or command.
    ///
    /// ```
    /// # use customer_value::{NaiveDate, quantity::Name, reason::{Decision, ModelId}};
    /// use customer_value::tier::{GradeSet, membership::{Confirmation, MembershipError, Policy, Terms}};
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
    /// assert_eq!(b.carry_to(&metals, &[], day(2)), Err(MembershipError::NoCounterpart(Name::new("B")?)));
    ///
    /// let (carried, _) = b.carry_to(&metals, &[(Name::new("B")?, Name::new("silver")?)], day(2))?;
    /// assert_eq!(carried.shown(day(2)).name(), "silver");
    /// assert_eq!(new.advance(Some(&carried), &gold, None)?.0.shown(day(2)).name(), "gold");
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn carry_to(
        &self,
        grades: &GradeSet,
        renamed: &[(Name, Name)],
        on: NaiveDate,
    ) -> Result<(Membership, Transition), MembershipError> {
        let on = in_range(on)?;
        let last = self.command.iter().map(Command::on).fold(self.decision.as_of, NaiveDate::max);
        if on < last {
            return Err(MembershipError::Backwards { last, on });
        }
        let counterpart = |grade: &Grade| {
            let name = renamed.iter().find(|(old, _)| old == grade.name()).map_or(grade.name(), |(_, new)| new);
            grades.grade(name).cloned().ok_or_else(|| MembershipError::NoCounterpart(grade.name().clone()))
        };
        let earned = counterpart(&self.decision.earned)?;
        // Two grades may have changed places; what is earned is kept all the same.
        let kept = counterpart(&self.decision.kept)?.max(earned.clone());
        let command = match &self.command {
            Some(Command::Hold(hold)) => Some(Command::Hold(Hold { grade: counterpart(&hold.grade)?, ..hold.clone() })),
            other => other.clone(),
        };
        let after = Membership {
            grades: grades.clone(),
            automatic: counterpart(&self.automatic)?,
            since: self.since,
            decision: LastDecision { earned, kept, ..self.decision.clone() },
            run: None,
            grace: None,
            command,
        };
        let cause = Cause::Carried { from: self.grades.clone(), to: grades.clone() };
        let transition = Transition::new(on, Some(self.shown(on)), &after, vec![cause]);
        Ok((after, transition))
    }
}
