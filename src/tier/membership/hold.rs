use super::{Cause, Membership, MembershipError, Transition};
use crate::{
    calendar::{Period, in_range},
    quantity::Name,
    tier::Grade,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A grade set by hand for a while. What is shown changes; what is earned and what the policy makes of it does not.
#[doc(alias = "人工保级")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// The grade that is shown, better or worse than the automatic one.
    pub grade: Grade,
    /// From the day of the command up to the day on which the hold has expired. There is no hold without an end.
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
    /// The day on which it was given.
    pub const fn on(&self) -> NaiveDate {
        match self {
            Command::Hold(hold) => hold.during.from(),
            Command::Release(release) => release.on,
        }
    }
}

impl Membership {
    /// Holds a grade from the first day of the hold. A later hold takes the place of an earlier one. The same hold again changes nothing.
    ///
    /// # Errors
    /// [`UnknownGrade`](MembershipError::UnknownGrade) for a grade of another set; [`Backwards`](MembershipError::Backwards) for a day
    /// before the last command; [`AnotherThatDay`](MembershipError::AnotherThatDay) for a second hold on a day, or one on the day of a
    /// release.
    pub fn hold(&self, hold: Hold) -> Result<(Membership, Transition), MembershipError> {
        let on = hold.during.from();
        if !self.grades.best_first().contains(&hold.grade) {
            return Err(MembershipError::UnknownGrade(hold.grade.name().clone()));
        }
        let command = Command::Hold(hold.clone());
        if self.is_repeated(&command)? {
            return Ok((self.clone(), self.repeated(on)));
        }
        if self.command.as_ref().is_some_and(|last| last.on() == on) {
            return Err(MembershipError::AnotherThatDay(on));
        }
        Ok(self.commanded(command, Cause::Held(hold)))
    }

    /// Ends the hold that is in force. The same release again changes nothing.
    ///
    /// # Errors
    /// [`NotHeld`](MembershipError::NotHeld) if none is in force on that day; [`Backwards`](MembershipError::Backwards) for a day before
    /// the last command.
    pub fn release(&self, release: Release) -> Result<(Membership, Transition), MembershipError> {
        let on = in_range(release.on)?;
        let command = Command::Release(release.clone());
        if self.is_repeated(&command)? {
            return Ok((self.clone(), self.repeated(on)));
        }
        let hold = self.hold_on(on).ok_or(MembershipError::NotHeld(on))?.clone();
        Ok(self.commanded(command, Cause::Released { release, hold }))
    }

    /// Whether a command is the last one again; it may not be older.
    fn is_repeated(&self, command: &Command) -> Result<bool, MembershipError> {
        let on = command.on();
        match &self.command {
            Some(last) if last == command => Ok(true),
            Some(last) if on < last.on() => Err(MembershipError::Backwards { last: last.on(), on }),
            _ => Ok(false),
        }
    }

    fn commanded(&self, command: Command, cause: Cause) -> (Membership, Transition) {
        let on = command.on();
        let after = Membership { command: Some(command), ..self.clone() };
        let transition = Transition::new(on, Some(self.shown(on)), &after, alloc::vec![cause]);
        (after, transition)
    }

    /// What comes of the same thing a second time.
    pub(super) fn repeated(&self, on: NaiveDate) -> Transition {
        Transition::new(on, Some(self.shown(on)), self, alloc::vec![Cause::Repeated])
    }
}
