use crate::{
    money::{Money, MoneyError, Ratio},
    quantity::{Name, NameError},
    tier::TierError,
};
use alloc::{format, string::String};
use thiserror::Error;

/// What can be wrong with a playbook, a plan, or a report of what is served.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TreatmentError {
    /// The grades have something wrong.
    #[error(transparent)]
    Tier(#[from] TierError),
    /// A text that cannot be a name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A stage is named twice.
    #[error("stage {0:?} occurs twice")]
    Twice(Name),
    /// Two treatments for one grade, or for one grade in one stage.
    #[error("grade {grade:?}{} has two treatments", in_stage(stage.as_ref()))]
    TwoTreatments {
        /// The grade.
        grade: Name,
        /// The stage, if the playbook has stages.
        stage: Option<Name>,
    },
    /// More than 20 stages.
    #[error("{0} stages; there can be at most 20")]
    TooManyStages(usize),
    /// No treatment for a grade, or for a grade in a stage.
    #[error("grade {grade:?}{} has no treatment", in_stage(stage.as_ref()))]
    LeftOut {
        /// The grade.
        grade: Name,
        /// The stage, if the playbook has stages.
        stage: Option<Name>,
    },
    /// A grade that is not the playbook's, or stands in another place there.
    #[error("{0:?} is not one of the grades, or stands in another place")]
    UnknownGrade(Name),
    /// A stage that the playbook does not have; `None` for none where one is needed.
    #[error("{}", no_stage(.0.as_ref()))]
    UnknownStage(Option<Name>),
    /// Two grades get the same treatment, in every stage, so one of them is not needed.
    #[error("grades {first:?} and {second:?} are treated alike")]
    TreatedAlike {
        /// The better grade.
        first: Name,
        /// The worse one.
        second: Name,
    },
    /// A treatment does nothing.
    #[error("the treatment of grade {0:?} has no action")]
    NoAction(Name),
    /// A worse grade gets a higher level of service than a better one, in the same stage.
    #[error("grade {worse:?} gets a higher level of service than grade {better:?}")]
    ServiceInverted {
        /// The better grade.
        better: Name,
        /// The worse grade.
        worse: Name,
    },
    /// A cost below zero.
    #[error("{0} is no cost: it is below zero")]
    NegativeCost(Money),
    /// Bounds that no share can meet.
    #[error("no share of cost lies from {least} to {most}, or it starts below zero")]
    BadBounds {
        /// The least share.
        least: Ratio,
        /// The greatest share.
        most: Ratio,
    },
    /// More bounds than grades.
    #[error("{bounds} bounds are given for {grades} grades")]
    TooManyBounds {
        /// The number of grades.
        grades: usize,
        /// The number of bounds.
        bounds: usize,
    },
    /// Amounts in two currencies, or too large.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

fn in_stage(stage: Option<&Name>) -> String {
    stage.map_or_else(String::new, |stage| format!(" in stage {stage:?}"))
}

fn no_stage(stage: Option<&Name>) -> String {
    stage.map_or_else(|| "a stage must be given".into(), |stage| format!("{stage:?} is not a stage of the playbook"))
}
