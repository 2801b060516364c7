use super::{Cause, Course, LastDecision, Membership, MembershipError, Policy, Run, Transition};
use crate::{
    calendar::{Period, days_between, days_from, in_range},
    reason::Decision,
    tier::Grade,
};
use alloc::{vec, vec::Vec};

impl Policy {
    /// The next membership, after a decision: `entry` by the model for promotion, `keep` by the more lenient model for keeping a grade.
    /// Without `keep`, both bounds are the same. `before` is `None` for a customer about whom nothing has been decided.
    ///
    /// A customer is promoted towards `entry` where that is above the automatic grade, demoted towards `keep` where that is below it, and
    /// stays otherwise; each after its confirmations. Decisions come in the order of their days. The same decision again (day, grades and
    /// models; reasons are not remembered) changes nothing.
    ///
    /// A decision may come after a hold or release of a later day: its transition tells what is shown on the decision's own day.
    ///
    /// # Errors
    /// [`UnknownGrade`](MembershipError::UnknownGrade) or [`OtherGrades`](MembershipError::OtherGrades) for other grades than the
    /// policy's; [`KeepBelowEntry`](MembershipError::KeepBelowEntry) for `entry` A and `keep` B; [`TwoDays`](MembershipError::TwoDays) for
    /// decisions of two days; [`Backwards`](MembershipError::Backwards) for a day before the last decision's, or before the membership was
    /// [carried](Membership::carry); [`AnotherThatDay`](MembershipError::AnotherThatDay) for another decision on that day;
    /// [`Calendar`](MembershipError::Calendar) for a day outside the years 1 to 9999, or a grace that would end after them: 60 days from
    /// 9999-12-01.
    pub fn advance(
        &self,
        before: Option<&Membership>,
        entry: &Decision<Grade>,
        keep: Option<&Decision<Grade>>,
    ) -> Result<(Membership, Transition), MembershipError> {
        let decision = self.read(entry, keep)?;
        let on = decision.as_of;
        let Some(before) = before else { return Ok(self.enter(decision)) };
        self.check(before)?;
        let last = before.decision.as_of;
        if decision == before.decision {
            return Ok((before.clone(), self.sign(before.repeated(on))));
        }
        before.check_settled(on)?;
        if on == last { Err(MembershipError::AnotherThatDay(on)) } else { self.step(before, decision) }
    }

    fn read(&self, entry: &Decision<Grade>, keep: Option<&Decision<Grade>>) -> Result<LastDecision, MembershipError> {
        let as_of = in_range(entry.as_of)?;
        let kept = keep.unwrap_or(entry);
        if kept.as_of != as_of {
            return Err(MembershipError::TwoDays { entry: as_of, keep: kept.as_of });
        }
        for grade in [&entry.value, &kept.value] {
            if !self.grades().best_first().contains(grade) {
                return Err(MembershipError::UnknownGrade(grade.name().clone()));
            }
        }
        if kept.value < entry.value {
            let (entry, keep) = (entry.value.name().clone(), kept.value.name().clone());
            return Err(MembershipError::KeepBelowEntry { entry, keep });
        }
        Ok(LastDecision {
            as_of,
            earned: entry.value.clone(),
            kept: kept.value.clone(),
            model: entry.model.clone(),
            keep_model: keep.map(|k| k.model.clone()),
            original: None,
        })
    }

    fn sign(&self, transition: Transition) -> Transition {
        Transition { policy: Some(self.id().clone()), ..transition }
    }

    fn enter(&self, decision: LastDecision) -> (Membership, Transition) {
        let membership = Membership {
            grades: self.grades().clone(),
            automatic: decision.earned.clone(),
            since: decision.as_of,
            run: None,
            grace: None,
            holds: Vec::new(),
            command: None,
            carried: None,
            decision,
        };
        let transition = Transition::new(membership.since, None, &membership, vec![Cause::Entered]);
        (membership, self.sign(transition))
    }

    /// The step after a decision of a later day.
    fn step(&self, before: &Membership, decision: LastDecision) -> Result<(Membership, Transition), MembershipError> {
        let (on, last) = (decision.as_of, &before.decision);
        let mut causes = Vec::new();
        if (&decision.model, &decision.keep_model) != (&last.model, &last.keep_model) {
            causes.push(Cause::OtherModels { model: last.model.clone(), keep_model: last.keep_model.clone() });
        }
        let (shown, expired) = before.shown_until(on);
        causes.extend(expired.cloned().map(Cause::HoldExpired));
        let mut after = Membership { decision, run: None, grace: None, ..before.clone() };
        after.settle();
        self.follow(before, &mut after, &mut causes)?;
        let transition = self.sign(Transition::new(on, Some(shown), &after, causes));
        Ok((after, transition))
    }

    /// Run, grace and automatic grade after the decision that `after` holds.
    fn follow(&self, before: &Membership, after: &mut Membership, causes: &mut Vec<Cause>) -> Result<(), MembershipError> {
        let on = after.decision.as_of;
        let demand = after.demand().map(|(course, grade)| (course, grade.clone()));
        let same_way = before.run.as_ref().filter(|run| demand.as_ref().is_some_and(|(course, _)| *course == run.course));
        // A confirmed demotion waits for its grace only; everything else needs decisions that follow each other in time.
        let continued = same_way.filter(|_| before.grace.is_some() || !self.is_stale(before, on));
        match (&before.run, before.grace) {
            _ if continued.is_some() => {}
            (Some(_), Some(grace)) => causes.push(Cause::Recovered { grace }),
            (Some(_), None) if same_way.is_some() => causes.push(Cause::Lapsed { last: before.decision.as_of }),
            (Some(run), None) => causes.push(Cause::Broken { course: run.course, count: run.count }),
            (None, _) => {}
        }
        let Some((course, grade)) = demand else {
            causes.push(Cause::Stays);
            return Ok(());
        };
        let run = match continued {
            Some(run) => {
                Run { course, since: run.since, count: run.count.saturating_add(1), grade: course.common(&run.grade, &grade) }
            }
            None => Run { course, since: on, count: 1, grade },
        };
        let waiting = continued.and(before.grace);
        let takes = self.confirmation(course);
        if waiting.is_none() && !takes.is_met(&run, on) {
            causes.push(Cause::Confirming {
                course,
                grade: run.grade.clone(),
                count: run.count,
                of: takes.decisions,
                days: days_between(run.since, on),
                of_days: takes.days,
            });
            after.run = Some(run);
            return Ok(());
        }
        let to = self.reach(&before.automatic, course, &run.grade);
        let grace = match (course, waiting, self.terms().grace_days) {
            (Course::Demotion, None, days @ 1..) => Some(Period::new(on, days_from(on, i32::try_from(days).unwrap_or(i32::MAX))?)?),
            _ => waiting,
        };
        if let Some(grace) = grace.filter(|grace| grace.contains(on)) {
            causes.push(Cause::InGrace { grace, to });
            (after.run, after.grace) = (Some(run), Some(grace));
            return Ok(());
        }
        let (from, confirmed) = (before.automatic.clone(), run.grade);
        (after.automatic, after.since) = (to.clone(), on);
        causes.push(match course {
            Course::Promotion => Cause::Promoted { from, to, confirmed },
            Course::Demotion => Cause::Demoted { from, to, confirmed },
        });
        Ok(())
    }
}

impl Course {
    /// The grade that two decisions of a run both support.
    fn common(self, one: &Grade, other: &Grade) -> Grade {
        match self {
            Course::Promotion => one.min(other).clone(),
            Course::Demotion => one.max(other).clone(),
        }
    }
}
