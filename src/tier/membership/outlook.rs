use super::{Course, Membership, MembershipError, Policy};
use crate::{
    calendar::{days_from, in_range},
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
        let tomorrow = later(membership.decision.as_of, 1)?;
        let run = membership.run.as_ref();
        let to = self.reach(&membership.automatic, course, run.map_or(grade, |run| &run.grade));
        if let Some(grace) = membership.grace {
            return Ok(Outlook::Moves { course, to, not_before: grace.until().max(tomorrow), decisions: 1 });
        }
        let takes = self.confirmation(course);
        let (since, count) = run.map_or((tomorrow, 0), |run| (run.since, run.count));
        let missing = u32::from(takes.decisions).saturating_sub(count).max(1);
        let confirmed = later(tomorrow, missing - 1)?.max(later(since, takes.days)?);
        let not_before = match (course, self.terms().grace_days) {
            (Course::Demotion, days @ 1..) => later(confirmed, days)?,
            _ => confirmed,
        };
        // The decision that confirms a demotion with grace is not yet the one that demotes.
        let decisions = missing + u32::from(not_before != confirmed);
        Ok(Outlook::Moves { course, to, not_before: in_range(not_before)?, decisions })
    }
}

impl Outlook {
    /// The outlook in words.
    pub fn explain(&self, language: Language) -> String {
        match (self, language) {
            (Outlook::Stays { grade }, Language::English) => format!("If the same grade is earned again, {grade} stays."),
            (Outlook::Stays { grade }, Language::Chinese) => format!("若下次仍得同一等级，保持 {grade}。"),
            (Outlook::Moves { course, to, not_before, decisions }, Language::English) => {
                let times = if *decisions == 1 { "once more".into() } else { format!("{decisions} more times") };
                format!("If the same grade is earned {times}, {course} to {to}, on {not_before} at the earliest.")
            }
            (Outlook::Moves { course, to, not_before, decisions }, Language::Chinese) => {
                let word = super::text::in_chinese(*course);
                format!("若再有 {decisions} 次得到同一等级，最早于 {not_before} {word}至 {to}。")
            }
        }
    }
}
