use super::EarningError;
use crate::{calendar::TimeOfDay, money::Money, quantity::Name};
use alloc::{boxed::Box, collections::BTreeSet, vec::Vec};
use chrono::{NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

/// What must hold for a rule to count. Times are those of the occurrence, not of its posting, in the zone of the programme.
#[doc(alias = "条件")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// It happens on a day from the first on, and before the second.
    Days {
        /// The first day inside.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<NaiveDate>,
        /// The first day after.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<NaiveDate>,
    },
    /// It happens on one of these days of the week.
    Weekdays(Vec<Weekday>),
    /// It happens at that time of day; from 22:00 until 02:00 passes midnight.
    Hours {
        /// The first minute inside.
        from: TimeOfDay,
        /// The first minute after.
        until: TimeOfDay,
    },
    /// It is the customer's first purchase.
    FirstPurchase,
    /// What of the basket counts by the [`Basis`](super::Basis), before its rounding, comes to at least this much.
    Spend {
        /// The least, itself included; above zero.
        at_least: Money,
    },
    /// The customer has that status or a higher one.
    GradeAtLeast(Name),
    /// The customer has one of these statuses.
    GradeIn(BTreeSet<Name>),
    /// The basket or activity has that label.
    Label(Name),
    /// The basket has a line with that item.
    Item(Name),
    /// The basket has a line with that category.
    Category(Name),
    /// There are at least so many pieces, above zero, on the lines that earn by the rule; units of an activity.
    Units {
        /// The least, itself included.
        at_least: u32,
    },
    /// That does not hold.
    Not(Box<Condition>),
    /// One of these holds, or several.
    Any(Vec<Condition>),
}

/// How deep conditions may be nested.
const DEEPEST: u8 = 8;

impl Condition {
    /// Checks one condition of a rule, and those within it.
    pub(super) fn check(&self, rule: &Name, purchase: bool, grades: &[Name]) -> Result<(), EarningError> {
        self.check_to(DEEPEST, rule, purchase, grades)
    }

    fn check_to(&self, depth: u8, rule: &Name, purchase: bool, grades: &[Name]) -> Result<(), EarningError> {
        let known = |grade: &Name| {
            if grades.contains(grade) { Ok(()) } else { Err(EarningError::UnknownGrade(grade.clone())) }
        };
        let sound = match self {
            Condition::Days { from: Some(from), until: Some(until) } => from < until,
            Condition::Days { from, until } => from.is_some() || until.is_some(),
            Condition::Weekdays(days) => !days.is_empty() && days.iter().enumerate().all(|(i, day)| !days[..i].contains(day)),
            Condition::Hours { from, until } => from != until && *from < TimeOfDay::END && *until > TimeOfDay::START,
            Condition::FirstPurchase | Condition::Item(_) | Condition::Category(_) => purchase,
            Condition::Spend { at_least } => purchase && at_least.minor() > 0,
            Condition::GradeAtLeast(grade) => return known(grade),
            Condition::GradeIn(names) if !names.is_empty() => return names.iter().try_for_each(known),
            Condition::Units { at_least } => *at_least > 0,
            Condition::Label(_) => true,
            Condition::Not(part) if depth > 0 => return part.check_to(depth - 1, rule, purchase, grades),
            Condition::Any(parts) if depth > 0 && !parts.is_empty() => {
                return parts.iter().try_for_each(|part| part.check_to(depth - 1, rule, purchase, grades));
            }
            Condition::GradeIn(_) | Condition::Not(_) | Condition::Any(_) => false,
        };
        if sound { Ok(()) } else { Err(EarningError::BadCondition { rule: rule.clone(), condition: Box::new(self.clone()) }) }
    }

    /// Calls `visit` with every amount in it.
    pub(super) fn amounts(&self, visit: &mut impl FnMut(Money)) {
        match self {
            Condition::Spend { at_least } => visit(*at_least),
            Condition::Not(part) => part.amounts(visit),
            Condition::Any(parts) => parts.iter().for_each(|part| part.amounts(visit)),
            _ => {}
        }
    }
}
