use crate::{
    calendar::{CalendarError, Period},
    money::{Money, MoneyError, Ratio},
    quantity::{EstimateError, Name, NameError, ShareError},
};
use chrono::NaiveDate;
use thiserror::Error;

/// Why retention or churn cannot be counted or estimated.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum RetentionError {
    /// Counts that give no share: more were lost than there were.
    #[error(transparent)]
    Share(#[from] ShareError),
    /// Nobody was counted, so there is no rate.
    #[error("nobody was counted; there is no rate of nobody")]
    Nobody,
    /// More customers than 64 bits can count.
    #[error("more customers than 64 bits can count")]
    TooLarge,
    /// A day lies after the day up to which is counted.
    #[error("{day} lies after {as_of}, the day up to which is counted")]
    AfterEnd {
        /// The day.
        day: NaiveDate,
        /// The last day that is counted.
        as_of: NaiveDate,
    },
    /// A day lies before the customer's first.
    #[error("{day} lies before {first}, the customer's first day")]
    BeforeFirst {
        /// The day.
        day: NaiveDate,
        /// The customer's first day.
        first: NaiveDate,
    },
    /// Purchases were settled as of another day than that up to which is counted.
    #[error("the purchases stand at the close of {purchases}, the count at that of {as_of}")]
    OtherDay {
        /// The day of the purchases.
        purchases: NaiveDate,
        /// The last day that is counted.
        as_of: NaiveDate,
    },
    /// A period has days after that up to which is known.
    #[error("period {period} is not over at the close of {as_of}")]
    NotOver {
        /// The period.
        period: Period,
        /// The last day that is known.
        as_of: NaiveDate,
    },
    /// Two tallies count something else: other periods, another day, another number of days.
    #[error("the tallies were not made to the same plan")]
    OtherPlan,
    /// Nobody was observed for so long, so the curve says nothing there.
    #[error("time {time} was not observed; the last is {last}")]
    NotObserved {
        /// The time asked for.
        time: u32,
        /// The longest observation.
        last: u32,
    },
    /// A share that must lie between 0 and 1, the ends excluded.
    #[error("{0} must lie between 0 and 1, the ends excluded")]
    NotBetween(Ratio),
    /// There is no time at which both groups could have lost somebody, so they cannot be compared.
    #[error("at no time with an event were both groups observed; they cannot be compared")]
    NotComparable,
    /// A stored tally with a time given twice, or with nobody.
    #[error("time {0} is given twice, or without customers")]
    BadTime(u32),
    /// A stored cohort that no customers can give: nobody in it, not begun, given twice, or with numbers that do not fit together.
    #[error("the cohort of period {0} cannot have been counted")]
    BadCohort(i32),
    /// A stored reason that nobody gave.
    #[error("nobody gave the reason {0:?}")]
    NoSuchReason(Name),
    /// An amount below zero.
    #[error("{0} is below zero")]
    NegativeAmount(Money),
    /// A rhythm needs at least one gap between purchases.
    #[error("a rhythm needs at least one gap between purchases")]
    NoGaps,
    /// Thresholds of a warning that are not in order.
    #[error("late from {late} and overdue from {overdue}: the first must be above 0, the second no smaller and at most 1")]
    BadThresholds {
        /// From which percentile a silence is late.
        late: Ratio,
        /// From which it is overdue.
        overdue: Ratio,
    },
    /// An amount does not fit, or is in another currency.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A date is unusable.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// A text that cannot be a name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A number is not finite.
    #[error(transparent)]
    Estimate(#[from] EstimateError),
}
