use crate::{
    calendar::CalendarError,
    money::{MoneyError, Ratio},
    quantity::{EstimateError, Name, ShareError},
};
use alloc::string::String;
use chrono::NaiveDate;
use thiserror::Error;

/// What can be wrong with the figures of unit economics, or with a question put to them.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum EconomicsError {
    /// An amount in another currency, or one that does not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A date outside the years 1 to 9999.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// An interval that cannot be computed.
    #[error(transparent)]
    Estimate(#[from] EstimateError),
    /// A share that must lie between 0 and 1.
    #[error("{what} of {value}: it must lie between 0 and 1")]
    BadShare {
        /// Which share.
        what: &'static str,
        /// What was given.
        value: Ratio,
    },
    /// A rate per period that must be above −1: nothing can shrink by more than all of it.
    #[error("{what} of {value}: it must be above -1")]
    BadRate {
        /// Which rate.
        what: &'static str,
        /// What was given.
        value: Ratio,
    },
    /// The sum never ends: customers are kept for ever, and nothing is discounted away.
    #[error("the sum has no end: what is expected does not shrink from period to period")]
    Endless,
    /// Money was spent, or is said to be spent, per customer won, but none was won.
    #[error("no customer was won")]
    NobodyWon,
    /// A cost must not be below zero.
    #[error("a cost of {0} smallest units is below zero")]
    NegativeCost(i64),
    /// A multiple of the acquisition cost was asked for, and there was no cost.
    #[error("acquisition cost nothing, so there is no multiple of it")]
    NoCost,
    /// The terms of an exact ratio outgrow 128 bits.
    #[error("the ratio is too fine: its terms outgrow 128 bits")]
    TooFine,
    /// So many periods at such a rate that the fractions would need more than 2¹⁷ bits.
    #[error("{0} periods are too many for rates with so many digits")]
    TooLong(u32),
    /// A length of no periods.
    #[error("there is no period")]
    NoPeriod,
    /// A rate of growth needs a first value above zero and a last that is not below.
    #[error("there is no rate of growth from {first} to {last} smallest units")]
    NoGrowth {
        /// The first value.
        first: i64,
        /// The last value.
        last: i64,
    },
    /// A part is larger than its whole, or the whole is nothing.
    #[error(transparent)]
    Share(#[from] ShareError),
    /// More than can be counted.
    #[error("more than 2^64 - 1")]
    TooMany,
    /// A cash flow lies before the day on which it is to be valued.
    #[error("the flow of {on} lies before {from}")]
    Past {
        /// The day of the flow.
        on: NaiveDate,
        /// The day of the valuation.
        from: NaiveDate,
    },
    /// Something that may occur once only occurs again.
    #[error("{0} occurs twice")]
    Twice(String),
    /// Shares of one whole add up to more than it.
    #[error("the shares add up to {0}, more than the whole")]
    MoreThanWhole(Ratio),
    /// What we sold, or the lower bound of a customer's spending, does not go with the whole spending.
    #[error("{least} to {most} smallest units cannot be the whole of which {ours} are ours")]
    BadWallet {
        /// What the customer spends with us.
        ours: i64,
        /// The least that they may spend in all.
        least: i64,
        /// The most that they may spend in all.
        most: String,
    },
    /// A lower bound above the upper one.
    #[error("at least {least} and at most {most} smallest units cannot be")]
    Bounds {
        /// The lower bound.
        least: i64,
        /// The upper bound.
        most: i64,
    },
    /// A potential value that rests on no assumption.
    #[error("a potential value needs an assumption that it rests on")]
    NoAssumption,
    /// Gaps to two reference profiles do not add up.
    #[error("a gap to {left:?} does not go with a gap to {right:?}")]
    OtherProfile {
        /// One profile.
        left: Name,
        /// The other.
        right: Name,
    },
    /// A reference profile without parts.
    #[error("a reference profile needs a part")]
    NoPart,
    /// A part of the reference profile that the customer has no figure for. Absence is not zero.
    #[error("there is no figure for {0:?}")]
    MissingPart(Name),
    /// A figure for a part that the reference profile does not have.
    #[error("the reference profile has no {0:?}")]
    UnknownPart(Name),
    /// A customer belongs to two groups.
    #[error("{customer} is in group {left:?} and in group {right:?}")]
    TwoGroups {
        /// The customer.
        customer: String,
        /// One group.
        left: Name,
        /// The other.
        right: Name,
    },
    /// Nobody can bring themselves.
    #[error("{0} cannot bring themselves")]
    SelfReferral(String),
    /// Following referrals upwards leads back to the same customer.
    #[error("{0} would be among those who brought them")]
    Cycle(String),
    /// The same referral has two dates.
    #[error("{referrer} brought {referred} on {left} and on {right}")]
    TwoDates {
        /// Who brought.
        referrer: String,
        /// Who was brought.
        referred: String,
        /// One date.
        left: NaiveDate,
        /// The other.
        right: NaiveDate,
    },
    /// A credit policy has weights for 1 to 16 levels, the first above zero.
    #[error("a credit policy needs weights for 1 to 16 levels, the first above zero")]
    BadLevels,
}
