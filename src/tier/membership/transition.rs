use super::{Carry, Course, Hold, LastDecision, Membership, Release, text};
use crate::{
    calendar::Period,
    reason::{Language, ModelId},
    tier::{Grade, GradeSet},
};
use alloc::{string::String, vec::Vec};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One step of a [`Membership`], and why: what was shown before, what is shown after, everything that happened in between.
#[doc(alias = "等级变动")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transition {
    /// The day of the decision or command.
    pub on: NaiveDate,
    /// What was shown until then, a hold that has expired since the last transition included; `None` for a customer who was not there.
    pub before: Option<Grade>,
    /// What is shown on that day.
    pub after: Grade,
    /// What happened, in this order. Never empty.
    pub causes: Vec<Cause>,
    /// The last decision, with its models.
    pub decision: LastDecision,
    /// The grade that the policy has arrived at, which may not be the one shown.
    pub automatic: Grade,
    /// The hold in force on that day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<Hold>,
    /// The policy that was followed; `None` for commands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<ModelId>,
}

/// Something that happened to a [`Membership`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Cause {
    /// The first decision about the customer; its grade is given at once.
    Entered,
    /// The decision was made by other models than the one before.
    OtherModels {
        /// The model that decided before.
        model: ModelId,
        /// The model for keeping a grade, if one was asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        keep_model: Option<ModelId>,
    },
    /// A hold has come to its end.
    HoldExpired(Hold),
    /// The decision before was too old to be used, so its run counts no longer.
    Lapsed {
        /// The day of the decision before.
        last: NaiveDate,
    },
    /// A run towards a move has ended without it.
    Broken {
        /// Which way it led.
        course: Course,
        /// How many decisions it had.
        count: u32,
    },
    /// A grace has ended, because the grade is earned again.
    Recovered {
        /// The grace.
        grace: Period,
    },
    /// What is earned and what is shown by the policy agree, or lie within the two bounds.
    Stays,
    /// A move is being confirmed.
    Confirming {
        /// Which way.
        course: Course,
        /// The grade that all decisions of the run support.
        grade: Grade,
        /// Decisions so far.
        count: u32,
        /// Decisions that it takes.
        of: u16,
        /// Days so far.
        days: u32,
        /// Days that it takes.
        of_days: u32,
    },
    /// A demotion is confirmed and waits; the grace began today if it begins on the transition's day.
    InGrace {
        /// The grace; its end is the first day on which a decision demotes.
        grace: Period,
        /// Where the demotion leads.
        to: Grade,
    },
    /// The policy promotes.
    Promoted {
        /// The grade before.
        from: Grade,
        /// The grade after.
        to: Grade,
        /// The grade that was confirmed; better than `to` where the policy goes so many steps at most.
        confirmed: Grade,
    },
    /// The policy demotes.
    Demoted {
        /// The grade before.
        from: Grade,
        /// The grade after.
        to: Grade,
        /// The grade that was confirmed; worse than `to` where the policy goes so many steps at most.
        confirmed: Grade,
    },
    /// A person holds a grade.
    Held(Hold),
    /// A person has ended a hold.
    Released {
        /// The command.
        release: Release,
        /// The hold.
        hold: Hold,
    },
    /// The membership was carried to another set of grades; runs and graces have ended.
    Carried {
        /// The grades before.
        from: GradeSet,
        /// To which grades, why, and by whom.
        carry: Carry,
    },
    /// The same decision or command had been handled already.
    Repeated,
}

impl Transition {
    /// What is left to say once the membership after it is known.
    pub(super) fn new(on: NaiveDate, before: Option<&Grade>, after: &Membership, causes: Vec<Cause>) -> Transition {
        Transition {
            on,
            before: before.cloned(),
            after: after.shown(on).clone(),
            causes,
            decision: after.decision.clone(),
            automatic: after.automatic.clone(),
            hold: after.hold_on(on).cloned(),
            policy: None,
        }
    }

    /// Whether what is shown has changed.
    pub fn is_change(&self) -> bool {
        self.before.as_ref() != Some(&self.after)
    }

    /// The transition in words, one cause a line, after a line that says what is shown and one that says what was earned.
    pub fn explain(&self, language: Language) -> String {
        text::explain(self, language)
    }
}
