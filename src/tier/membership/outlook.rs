use super::{Course, Membership, MembershipError, Policy};
use crate::{
    calendar::{days_between, days_from, in_range},
    reason::Language,
    tier::Grade,
};
use alloc::{format, string::String};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What comes next if the same grade is earned again and again.
#[doc(alias = "保级预告")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Outlook {
    /// Nothing moves.
    Stays {
        /// The grade.
        grade: Grade,
    },
    /// A move.
    Moves {
        /// Which way.
        course: Course,
        /// To which grade.
        to: Grade,
        /// The first day on which a decision can bring it: the day it comes if the customer is graded every day.
        not_before: NaiveDate,
        /// How many more decisions it takes at least.
        decisions: u32,
        /// The last day on which the next decision can go on with what has begun; after it, confirmation starts anew. `None` where
        /// nothing has begun that could lapse, or where that day would come after the year 9999.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next_by: Option<NaiveDate>,
    },
}

impl Policy {
    /// What becomes of a customer who goes on earning the grade of the last decision, provided that no decision becomes stale meanwhile.
    /// Holds are left aside.
    ///
    /// # Errors
    /// [`OtherGrades`](MembershipError::OtherGrades) for a membership in other grades; [`Calendar`](MembershipError::Calendar) if the
    /// move would come after the year 9999.
    pub fn outlook(&self, membership: &Membership) -> Result<Outlook, MembershipError> {
        self.check(membership)?;
        let Some((course, grade)) = membership.demand() else {
            return Ok(Outlook::Stays { grade: membership.automatic.clone() });
        };
        let later = |day, days: u32| days_from(day, i32::try_from(days).unwrap_or(i32::MAX));
        let last = membership.decision.as_of;
        let tomorrow = later(last, 1)?.max(membership.settled());
        let run = membership.run.as_ref();
        let to = self.reach(&membership.automatic, course, run.map_or(grade, |run| &run.grade));
        if let Some(grace) = membership.grace {
            return Ok(Outlook::Moves { course, to, not_before: grace.until().max(tomorrow), decisions: 1, next_by: None });
        }
        let takes = self.confirmation(course);
        let (since, count) = run.map_or((tomorrow, 0), |run| (run.since, run.count));
        let by_count = u32::from(takes.decisions).saturating_sub(count).max(1);
        // The decisions of a run are no further apart than they are usable, so its span takes several, too; one more if none began it.
        let spanned = later(since, takes.days)?;
        let usable = self.terms().usable_days;
        let by_days = match run {
            Some(_) => days_between(last, spanned).div_ceil(usable),
            None => takes.days.div_ceil(usable) + 1,
        };
        let missing = by_count.max(by_days);
        let confirmed = later(tomorrow, by_count - 1)?.max(spanned);
        let not_before = match (course, self.terms().grace_days) {
            (Course::Demotion, days @ 1..) => later(confirmed, days)?,
            _ => confirmed,
        };
        // The decision that confirms a demotion with grace is not yet the one that demotes.
        let decisions = missing + u32::from(not_before != confirmed);
        let next_by = run.and_then(|_| later(last, usable).ok());
        Ok(Outlook::Moves { course, to, not_before: in_range(not_before)?, decisions, next_by })
    }
}

impl Outlook {
    /// The outlook in words.
    pub fn explain(&self, language: Language) -> String {
        match (self, language) {
            (Outlook::Stays { grade }, Language::English) => format!("If the same grade is earned again, {grade} stays."),
            (Outlook::Stays { grade }, Language::Chinese) => format!("若下次仍得同一等级，保持 {grade}。"),
            (Outlook::Moves { course, to, not_before, decisions, next_by }, Language::English) => {
                let times = if *decisions == 1 { "once more".into() } else { format!("{decisions} more times") };
                let by = next_by.map(|day| format!(" The next decision must be of {day} or earlier, or confirmation starts anew."));
                let by = by.unwrap_or_default();
                format!("If the same grade is earned {times}, {course} to {to}, on {not_before} at the earliest.{by}")
            }
            (Outlook::Moves { course, to, not_before, decisions, next_by }, Language::Chinese) => {
                let word = super::text::in_chinese(*course);
                let by = next_by.map(|day| format!("下次评定不得晚于 {day}，否则重新开始确认。")).unwrap_or_default();
                format!("若再有 {decisions} 次得到同一等级，最早于 {not_before} {word}至 {to}。{by}")
            }
        }
    }
}
