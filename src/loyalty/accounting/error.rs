use super::Flow;
use crate::{
    calendar::{CalendarError, Moment},
    loyalty::{Points, account::Corrupt},
    money::{Money, MoneyError, Ratio},
    quantity::{EstimateError, ShareError},
};
use chrono::NaiveDate;
use thiserror::Error;

/// Why a price, a liability or a share of points cannot be computed.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum AccountingError {
    /// Amounts of two currencies, or an amount out of range.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A price below zero. What is given back is taken back from what was allocated.
    #[error("{0} is below zero; nothing can be allocated from it or to it")]
    Negative(Money),
    /// The price of a point is below zero.
    #[error("a point cannot cost {0}")]
    NegativePoint(Ratio),
    /// A share below 0 or above 1.
    #[error("{0} is no share: it takes 0 to 1")]
    NotAShare(Ratio),
    /// Neither the goods nor the points have a price of their own.
    #[error("neither the goods nor the points have a price of their own; there is nothing to allocate by")]
    NothingToAllocateBy,
    /// Numbers that outgrow 128 bits, or points beyond 2⁶⁴ − 1.
    #[error("numbers out of range")]
    TooLarge,
    /// More points were redeemed than are expected to be.
    #[error("{redeemed} points were redeemed; no fewer can be expected in all, and {expected} are")]
    MoreThanExpected {
        /// Redeemed so far.
        redeemed: Points,
        /// Expected in all.
        expected: Points,
    },
    /// More is to be taken back than is still deferred.
    #[error("{asked} is to be taken back; {liability} is still deferred")]
    MoreThanDeferred {
        /// The amount asked for.
        asked: Money,
        /// What is left.
        liability: Money,
    },
    /// A price is deferred for points none of which is expected to be redeemed.
    #[error("{0} is deferred for points, none of which is expected to be redeemed")]
    NothingExpected(Money),
    /// Cohorts are counted by whole months.
    #[error("{0} is not the last day of a month")]
    NotAMonthsEnd(NaiveDate),
    /// A day after the last that is counted.
    #[error("{day} lies after {last}, the last day that is counted")]
    AfterEnd {
        /// The day.
        day: NaiveDate,
        /// The last day.
        last: NaiveDate,
    },
    /// Points were used before they were issued.
    #[error("points of {issued} cannot be used on {day}")]
    BeforeIssue {
        /// The day of the use.
        day: NaiveDate,
        /// The day of issue.
        issued: NaiveDate,
    },
    /// More points were used, taken back or undone than are there.
    #[error("{points} points of the month of {issued}: there are only {left}")]
    MoreThanThere {
        /// The day of issue.
        issued: NaiveDate,
        /// The points.
        points: Points,
        /// The points that are there.
        left: Points,
    },
    /// Two tables end with different months.
    #[error("one table ends with {left}, the other with {right}")]
    OtherEnd {
        /// The last day of the one.
        left: NaiveDate,
        /// That of the other.
        right: NaiveDate,
    },
    /// Numbers that no cohort has.
    #[error("the cohort of {0} is none: it takes the first day of a month, once, and no more points used than issued")]
    BadCohort(NaiveDate),
    /// A day out of the calendar.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// No points were issued.
    #[error("no points were issued; there is no share of none")]
    NothingIssued,
    /// The history does not reach far enough: while points are still there, nobody has seen what becomes of them.
    #[error("points can be used for {needed} months; what becomes of them was seen for {observed}")]
    TooShort {
        /// Months that were seen.
        observed: u32,
        /// Months that are needed.
        needed: u32,
    },
    /// Points were redeemed later than they could be.
    #[error("points were redeemed in month {age} after their issue, though they could be used for {months} only")]
    AfterHorizon {
        /// The age at which they were, 0 in the month of issue.
        age: u32,
        /// The months in which they can be used.
        months: u32,
    },
    /// An interval needs at least two cohorts that can be compared at the same age.
    #[error("there are no two cohorts of the same age to tell how much they differ; no interval can be given")]
    OneCohort,
    /// All points or none were redeemed, which leaves nothing to tell how sure that is.
    #[error("all points were redeemed, or none; no interval can be given")]
    AllOrNone,
    /// An interval that cannot be computed.
    #[error(transparent)]
    Estimate(#[from] EstimateError),
    /// Counts that give no share.
    #[error(transparent)]
    Share(#[from] ShareError),
    /// A period that ends before it begins.
    #[error("{until} lies before {from}")]
    EmptyPeriod {
        /// The beginning.
        from: Moment,
        /// The end.
        until: Moment,
    },
    /// Less had come in or gone out by the end of a period than by its beginning.
    #[error("{0:?}: less until the end than until the beginning")]
    Shrinks(Flow),
    /// Two of different kinds of points, periods or axes of time.
    #[error("one is of other points, of another period or on another axis than the other")]
    OtherPeriod,
    /// A log that does not hold together.
    #[error(transparent)]
    Log(#[from] Corrupt),
}
