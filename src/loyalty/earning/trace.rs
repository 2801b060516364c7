use super::CapPeriod;
use crate::{
    calendar::Moment,
    loyalty::Points,
    money::{Money, Ratio, Rounding},
    quantity::Name,
};
use chrono::{NaiveDate, Weekday};
use core::fmt;
use serde::{Deserialize, Serialize};

/// One step on the way to an [`Award`](super::Award).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// So much of a line counts, after the rounding of the basis.
    Basis {
        /// The line.
        line: Name,
        /// The amount.
        amount: Money,
    },
    /// A rule was looked at.
    Considered {
        /// The rule.
        rule: Name,
        /// Whether it counted, and if not, why.
        verdict: Verdict,
    },
    /// A rule was limited by its cap.
    Capped {
        /// The rule.
        rule: Name,
        /// What it would have given.
        wanted: Ratio,
        /// What the cap still left, which is what it gave.
        room: Points,
        /// The period of the cap.
        per: CapPeriod,
    },
    /// A multiple was limited by what all multiples together come to at most.
    Limited {
        /// The rule.
        rule: Name,
        /// What it would have given.
        wanted: Ratio,
        /// What was left for it, before a cap of its own.
        left: Ratio,
        /// What all multiples come to at most.
        most: Ratio,
    },
    /// A rule gave points.
    Gave {
        /// The rule.
        rule: Name,
        /// Which points.
        kind: Name,
        /// For which line of a purchase.
        line: Option<Name>,
        /// How many, exactly.
        points: Ratio,
    },
    /// The points of a kind were added up and rounded.
    Rounded {
        /// Which points.
        kind: Name,
        /// Their exact sum.
        exact: Ratio,
        /// By which rounding.
        rounding: Rounding,
        /// The points that come of it.
        points: Points,
    },
}

/// What became of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Verdict {
    /// It counted.
    Counted,
    /// It is not in force.
    Disabled,
    /// A condition does not hold; the first of them.
    Unmet(Unmet),
    /// No line that it selects earns anything.
    NoLine,
    /// It comes to nothing: below the first bracket, or there is nothing to multiply.
    Nothing,
    /// Its cap leaves no room.
    Exhausted {
        /// What it would have given.
        wanted: Ratio,
        /// The period of the cap.
        per: CapPeriod,
        /// The cap.
        cap: Points,
    },
    /// Other multiples have reached what all together come to at most.
    LimitReached {
        /// The limit.
        most: Ratio,
    },
    /// Another rule counts in its place.
    Displaced {
        /// The other rule.
        by: Name,
    },
}

/// Why a condition does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Unmet {
    /// The window opens later.
    NotYet {
        /// Its first day.
        opens: NaiveDate,
        /// In so many days.
        days: u32,
    },
    /// The window has closed.
    Over {
        /// The first day after it.
        until: NaiveDate,
        /// So many days after its last.
        days: u32,
    },
    /// It is another day of the week.
    OtherWeekday(Weekday),
    /// It is another time of day; on the clock of the programme.
    OtherHour(Moment),
    /// It is not the first purchase.
    NotFirst,
    /// Too little was spent.
    Below {
        /// The least.
        at_least: Money,
        /// What counts.
        spent: Money,
    },
    /// The customer's status is too low, or another.
    OtherGrade {
        /// The status, if there is one.
        grade: Option<Name>,
    },
    /// There is no such label.
    NoLabel(Name),
    /// There is no such item.
    NoItem(Name),
    /// There is no such category.
    NoCategory(Name),
    /// There are too few pieces.
    TooFew {
        /// The least.
        at_least: u32,
        /// How many there are.
        units: u64,
    },
    /// What must not be is the case.
    Excepted,
    /// None of several holds.
    NoneHolds,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Basis { line, amount } => write!(f, "line {line:?}: {amount} counts"),
            Step::Considered { rule, verdict } => write!(f, "rule {rule:?} {verdict}"),
            Step::Capped { rule, wanted, room, per } => {
                write!(f, "rule {rule:?} is capped per {per}: wanted {wanted}, room for {room}")
            }
            Step::Limited { rule, wanted, left, most } => {
                write!(f, "rule {rule:?} is limited to {left} of {wanted}: multiples come to at most {most}")
            }
            Step::Gave { rule, kind, line: Some(line), points } => {
                write!(f, "rule {rule:?} gives {points} {kind:?} for line {line:?}")
            }
            Step::Gave { rule, kind, line: None, points } => write!(f, "rule {rule:?} gives {points} {kind:?}"),
            Step::Rounded { kind, exact, rounding, points } => {
                write!(f, "{points} {kind:?}: {exact}, {}", direction(*rounding))
            }
        }
    }
}

const fn direction(rounding: Rounding) -> &'static str {
    match rounding {
        Rounding::HalfEven => "rounded half to even",
        Rounding::HalfUp => "rounded half up",
        Rounding::HalfDown => "rounded half down",
        Rounding::AwayFromZero | Rounding::Ceiling => "rounded up",
        Rounding::TowardZero | Rounding::Floor => "rounded down",
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Counted => f.write_str("counts"),
            Verdict::Disabled => f.write_str("is not in force"),
            Verdict::Unmet(unmet) => write!(f, "does not count: {unmet}"),
            Verdict::NoLine => f.write_str("does not count: no line that it selects earns anything"),
            Verdict::Nothing => f.write_str("comes to nothing"),
            Verdict::Exhausted { wanted, per, cap } => {
                write!(f, "does not count: wanted {wanted}, and its cap of {cap} per {per} is used up")
            }
            Verdict::LimitReached { most } => write!(f, "does not count: multiples already come to {most}"),
            Verdict::Displaced { by } => write!(f, "does not count: rule {by:?} counts in its place"),
        }
    }
}

const fn in_full(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = |n: u32| if n == 1 { "day" } else { "days" };
        match self {
            Unmet::NotYet { opens, days: n } => write!(f, "it opens in {n} {}, on {opens}", days(*n)),
            Unmet::Over { until, days: n } => write!(f, "it closed {n} {} ago, before {until}", days(*n)),
            Unmet::OtherWeekday(day) => write!(f, "it is a {}", in_full(*day)),
            Unmet::OtherHour(at) => write!(f, "it is {}", at.local().time()),
            Unmet::NotFirst => f.write_str("it is not the first purchase"),
            Unmet::Below { at_least, spent } => write!(f, "{spent} is less than {at_least}"),
            Unmet::OtherGrade { grade: Some(grade) } => write!(f, "the status is {grade:?}"),
            Unmet::OtherGrade { grade: None } => f.write_str("there is no status"),
            Unmet::NoLabel(label) => write!(f, "there is no label {label:?}"),
            Unmet::NoItem(item) => write!(f, "there is no item {item:?}"),
            Unmet::NoCategory(category) => write!(f, "there is no category {category:?}"),
            Unmet::TooFew { at_least, units } => write!(f, "{units} pieces are fewer than {at_least}"),
            Unmet::Excepted => f.write_str("what must not be is the case"),
            Unmet::NoneHolds => f.write_str("none of its alternatives holds"),
        }
    }
}
