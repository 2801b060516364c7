use super::{Action, Playbook, Treatment, TreatmentError};
use crate::{
    quantity::Name,
    reason::{Language, ModelId},
    tier::Grade,
};
use alloc::string::String;
use chrono::NaiveDate;
use core::fmt::{self, Write};
use serde::{Deserialize, Serialize};

/// What is to be done for one customer, and what that follows from.
#[doc(alias = "客户方案")]
#[must_use = "a plan carries what it follows from; use its treatment or store it"]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// What is done.
    pub treatment: Treatment,
    /// The grade that counted.
    pub grade: Grade,
    /// The stage that counted, if the playbook has stages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Name>,
    /// Which playbook says so.
    pub playbook: ModelId,
    /// As of the close of which day.
    pub as_of: NaiveDate,
}

impl Playbook {
    /// The plan for a customer of a grade, in a stage. The grade is the one [shown](crate::tier::membership::Membership::shown) where
    /// there is a membership.
    ///
    /// # Errors
    /// As [`treatment`](Playbook::treatment).
    pub fn plan(&self, grade: &Grade, stage: Option<&Name>, as_of: NaiveDate) -> Result<Plan, TreatmentError> {
        let treatment = self.treatment(grade, stage)?.clone();
        Ok(Plan { treatment, grade: grade.clone(), stage: stage.cloned(), playbook: self.id().clone(), as_of })
    }

    /// Whether this playbook makes the plan again.
    pub fn makes(&self, plan: &Plan) -> bool {
        self.plan(&plan.grade, plan.stage.as_ref(), plan.as_of).as_ref() == Ok(plan)
    }
}

impl Plan {
    /// The plan in words: what it follows from, then one action a line.
    pub fn explain(&self, language: Language) -> String {
        let mut out = String::new();
        // Writing to a `String` cannot fail.
        let _ = match language {
            Language::English => self.english(&mut out),
            Language::Chinese => self.chinese(&mut out),
        };
        out
    }

    fn english(&self, out: &mut String) -> fmt::Result {
        let Plan { treatment, grade, stage, playbook, as_of } = self;
        write!(out, "{as_of}: grade {grade}")?;
        if let Some(stage) = stage {
            write!(out, " in stage {stage}")?;
        }
        writeln!(out, " is treated as {} (playbook {playbook}).", treatment.name)?;
        if let Some(level) = treatment.service_level {
            writeln!(out, "The level of service is {level}.")?;
        }
        for Action { lever, what } in &treatment.actions {
            writeln!(out, "By {lever}: {what}.")?;
        }
        match treatment.yearly_cost {
            Some(cost) => writeln!(out, "Planned cost: {cost} a year."),
            None => Ok(()),
        }
    }

    fn chinese(&self, out: &mut String) -> fmt::Result {
        let Plan { treatment, grade, stage, playbook, as_of } = self;
        write!(out, "{as_of}：等级 {grade}")?;
        if let Some(stage) = stage {
            write!(out, "、阶段 {stage}")?;
        }
        writeln!(out, "，适用策略 {}（{playbook}）。", treatment.name)?;
        if let Some(level) = treatment.service_level {
            writeln!(out, "服务标准：{}。", level.in_chinese())?;
        }
        for Action { lever, what } in &treatment.actions {
            writeln!(out, "{}：{what}。", lever.in_chinese())?;
        }
        match treatment.yearly_cost {
            Some(cost) => writeln!(out, "计划成本：每年 {cost}。"),
            None => Ok(()),
        }
    }
}
