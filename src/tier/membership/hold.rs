use super::{Cause, Membership, MembershipError, Transition};
use crate::{
    calendar::{Period, in_range},
    quantity::Name,
    tier::Grade,
};
use alloc::vec::Vec;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A grade set by hand for a while. What is shown changes; what is earned and what the policy makes of it does not.
#[doc(alias = "人工保级")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// The grade that is shown, better or worse than the automatic one.
    pub grade: Grade,
    /// From its first day up to the day on which it has expired. There is no hold without an end.
    pub during: Period,
    /// Why.
    pub reason: Name,
    /// Who decided it.
    pub author: Name,
}

/// The end of a hold before its time.
#[doc(alias = "解除人工保级")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// The first day without the hold.
    pub on: NaiveDate,
    /// Why.
    pub reason: Name,
    /// Who decided it.
    pub author: Name,
}

/// What a person has ordered.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// To hold a grade.
    Hold(Hold),
    /// To end the hold.
    Release(Release),
}

impl Command {
    /// The day from which it counts.
    pub const fn on(&self) -> NaiveDate {
        match self {
            Command::Hold(hold) => hold.during.from(),
            Command::Release(release) => release.on,
        }
    }
}

/// A hold, and where it came to its end: at its own, or where it was released or another one began.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Held {
    pub(super) hold: Hold,
    pub(super) until: NaiveDate,
}

impl Held {
    pub(super) fn contains(&self, day: NaiveDate) -> bool {
        self.hold.during.from() <= day && day < self.until
    }

    /// Whether nothing ends it but its own time.
    pub(super) fn has_run_out(&self) -> bool {
        self.until == self.hold.during.until()
    }
}

impl Membership {
    /// Holds a grade from the first day of the hold. The same hold again changes nothing.
    ///
    /// A hold may be ordered ahead of its first day. One that is in force then ends on that day, not before, and is not taken up again
    /// after it. To call off a hold that was ordered ahead, [`release`](Self::release) it on its first day.
    ///
    /// # Errors
    /// [`UnknownGrade`](MembershipError::UnknownGrade) for a grade of another set; [`Backwards`](MembershipError::Backwards) for a day
    /// before the last decision, carrying or command; [`AnotherThatDay`](MembershipError::AnotherThatDay) for a second hold on a day, or
    /// one on the day of a release.
    ///
    /// ```
    /// # use customer_value::{NaiveDate, calendar::Period, quantity::Name, reason::{Decision, ModelId}};
    /// # use customer_value::tier::{GradeSet, membership::{Confirmation, Hold, Policy, Release, Terms}};
    /// # let at_once = Confirmation::AT_ONCE;
    /// # let terms = Terms { promotion: at_once, demotion: at_once, grace_days: 0, steps: None, usable_days: 99 };
    /// # let day = |month| NaiveDate::from_ymd_opt(2024, month, 1).unwrap();
    /// # let (grades, model) = (GradeSet::letters(3)?, ModelId { name: Name::new("m")?, fingerprint: 1 });
    /// # let policy = Policy::new(Name::new("p")?, grades.clone(), terms)?;
    /// # let decision = Decision { value: grades.grade("B").unwrap().clone(), reasons: vec![], model, as_of: day(1) };
    /// # let (b, _) = policy.advance(None, &decision, None)?;
    /// let (reason, author) = (Name::new("renewal")?, Name::new("head of sales")?);
    /// let hold = |letter, from, until| Hold {
    ///     grade: grades.grade(letter).cloned().expect("a letter of the set"),
    ///     during: Period::new(day(from), day(until)).expect("a period"),
    ///     reason: reason.clone(),
    ///     author: author.clone(),
    /// };
    /// // B is earned. A is held from February to November, and C ordered for September.
    /// let (held, _) = b.hold(hold("A", 2, 12))?;
    /// let (ahead, _) = held.hold(hold("C", 9, 10))?;
    /// let shown = |m: &customer_value::tier::membership::Membership| [2, 6, 9, 10].map(|month| m.shown(day(month)).to_string()).concat();
    /// assert_eq!(shown(&ahead), "AACB");
    /// let (released, _) = ahead.release(Release { on: day(6), reason: reason.clone(), author: author.clone() })?;
    /// assert_eq!(shown(&released), "ABCB");
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn hold(&self, hold: Hold) -> Result<(Membership, Transition), MembershipError> {
        let on = hold.during.from();
        if !self.grades.best_first().contains(&hold.grade) {
            return Err(MembershipError::UnknownGrade(hold.grade.name().clone()));
        }
        let command = Command::Hold(hold.clone());
        let held = Held { until: hold.during.until(), hold: hold.clone() };
        if self.command.as_ref() == Some(&command) || self.holds.contains(&held) {
            return Ok((self.clone(), self.repeated(on)));
        }
        self.check_settled(on)?;
        match self.last_ordered() {
            Some(last) if on < last => return Err(MembershipError::Backwards { last, on }),
            Some(last) if on == last => return Err(MembershipError::AnotherThatDay(on)),
            _ => {}
        }
        let ended = |held: &Held| Held { until: held.until.min(on), ..held.clone() };
        let holds = self.holds.iter().map(ended).chain([held]).collect();
        Ok(self.commanded(command, holds, Cause::Held(hold)))
    }

    /// Ends the hold that is in force on a day. The same release again changes nothing. A hold ordered for a later day still begins.
    ///
    /// # Errors
    /// [`NotHeld`](MembershipError::NotHeld) if none is in force on that day; [`Backwards`](MembershipError::Backwards) for a day before
    /// the last decision or carrying, or one before the last command on which none is in force.
    pub fn release(&self, release: Release) -> Result<(Membership, Transition), MembershipError> {
        let on = in_range(release.on)?;
        let command = Command::Release(release.clone());
        if self.command.as_ref() == Some(&command) {
            return Ok((self.clone(), self.repeated(on)));
        }
        self.check_settled(on)?;
        let Some(hold) = self.hold_on(on).cloned() else {
            return Err(match self.last_ordered() {
                Some(last) if on < last => MembershipError::Backwards { last, on },
                _ => MembershipError::NotHeld(on),
            });
        };
        let ended = |held: &Held| Held { until: if held.contains(on) { on } else { held.until }, ..held.clone() };
        let holds = self.holds.iter().map(ended).collect();
        Ok(self.commanded(command, holds, Cause::Released { release, hold }))
    }

    /// Refuses a day before what is settled: what was shown then has been said, and is no longer known.
    pub(super) fn check_settled(&self, on: NaiveDate) -> Result<(), MembershipError> {
        let last = self.settled();
        if on < last { Err(MembershipError::Backwards { last, on }) } else { Ok(()) }
    }

    /// The latest day of a command, which need not be the last one given.
    fn last_ordered(&self) -> Option<NaiveDate> {
        self.holds.iter().map(|held| held.hold.during.from()).chain(self.command.as_ref().map(Command::on)).max()
    }

    fn commanded(&self, command: Command, holds: Vec<Held>, cause: Cause) -> (Membership, Transition) {
        let on = command.on();
        let mut after = Membership { command: Some(command), holds, ..self.clone() };
        after.settle();
        let (shown, expired) = self.shown_until(on);
        let causes = expired.cloned().map(Cause::HoldExpired).into_iter().chain([cause]).collect();
        let transition = Transition::new(on, Some(shown), &after, causes);
        (after, transition)
    }

    /// What comes of the same thing a second time: as of its day, or of what has been settled since.
    pub(super) fn repeated(&self, on: NaiveDate) -> Transition {
        let on = on.max(self.settled());
        Transition::new(on, Some(self.shown(on)), self, alloc::vec![Cause::Repeated])
    }
}
