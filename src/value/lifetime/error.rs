use super::SpendBasis;
use crate::{
    calendar::CalendarError,
    money::{Currency, Money, MoneyError, Ratio},
    quantity::Name,
};
use core::num::NonZeroU8;
use rust_decimal::Decimal;
use thiserror::Error;

/// Why a lifetime model cannot be fitted, built or asked.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum LifetimeError {
    /// Numbers that no customer can have.
    #[error("{x} repeat purchases by day {t_x_days} of {t_days} cannot be: a repeat takes time, and the last is not after the end")]
    BadSummary {
        /// Repeat purchases.
        x: u32,
        /// Day of the last purchase.
        t_x_days: u32,
        /// Day of observation.
        t_days: u32,
    },
    /// More customers than 64 bits count.
    #[error("more customers than can be counted")]
    TooManyCustomers,
    /// More gaps between purchases than 64 bits count.
    #[error("more gaps between purchases than can be counted")]
    TooManyGaps,
    /// Gaps of other customers than those in the table: there is one for every repeat purchase.
    #[error("{gaps} gaps between purchases for {repeats} repeat purchases; there must be as many")]
    GapsDiffer {
        /// Gaps in the table of gaps.
        gaps: u64,
        /// Repeat purchases in the table of customers.
        repeats: u64,
    },
    /// Too few customers for the number of parameters.
    #[error("{customers} customers are too few for a fit; at least {least} are needed")]
    TooFew {
        /// Customers that the fit could use.
        customers: u64,
        /// How many are needed.
        least: u64,
    },
    /// Nobody has bought again, so that nothing is known of repeat purchases but that they are rare.
    #[error("none of {customers} customers has bought again; there is no rate to estimate")]
    NobodyRepeats {
        /// Customers in the table.
        customers: u64,
    },
    /// The climb ended where the likelihood still rises; the number is the steepest derivative for one customer.
    #[error("no maximum of the likelihood was reached: it still rises by {gradient:e} for a customer")]
    NotConverged {
        /// The steepest derivative of the mean log-likelihood.
        gradient: f64,
    },
    /// A parameter outside 10⁻¹² to 10¹².
    #[error("parameter {name} is {value}; it must lie between 1e-12 and 1e12")]
    BadParameter {
        /// The parameter's name in the literature.
        name: &'static str,
        /// What it was.
        value: f64,
    },
    /// A part of a stored fit that no fit has: a covariance that is none, of other parameters than the model's, or a negative slope.
    #[error("no fit has this {0}")]
    NotAFit(&'static str),
    /// A regular rhythm of purchases together with dropout in time.
    #[error("purchases at every {0}-th event and dropout in time are no model of the literature")]
    RegularInTime(NonZeroU8),
    /// A prior of another kind than its number needs, a probability's for a positive number or the other way round, or of a number that the
    /// model does not have.
    #[error("the prior of {0} is of the wrong kind, or of nothing in the model")]
    WrongPrior(&'static str),
    /// A covariate's name that comes twice.
    #[error("covariate {0:?} comes twice")]
    CovariateTwice(Name),
    /// Another number of covariates than there are names for.
    #[error("{found} covariates where there should be {expected}")]
    CovariatesMissing {
        /// As many as the table or model has.
        expected: usize,
        /// As many as came.
        found: usize,
    },
    /// A covariate beyond a million either way.
    #[error("a covariate of {0} is out of range: measure it in larger units")]
    CovariateTooLarge(Decimal),
    /// A coefficient that is no number from −10¹² to 10¹².
    #[error("a coefficient of {0} is out of range")]
    BadCoefficient(f64),
    /// Amounts of other purchases than the table or model has.
    #[error("amounts of {found} where there should be {expected}")]
    WrongBasis {
        /// Those of the table or model.
        expected: SpendBasis,
        /// The others.
        found: SpendBasis,
    },
    /// Amounts of another number of purchases than the customer made.
    #[error("amounts of {found} purchases of a customer with {expected}")]
    OtherPurchases {
        /// As many as the customer made, on that basis.
        expected: u64,
        /// As many as there are amounts for.
        found: u32,
    },
    /// A discount below zero.
    #[error("a discount of {0} is below zero")]
    BadDiscount(Ratio),
    /// A margin above 1.
    #[error("a margin of {0} is above 1")]
    BadMargin(Ratio),
    /// A horizon without end where nothing is discounted.
    #[error("without a discount, a horizon without end has no value")]
    Endless,
    /// More purchases are expected than can be told apart.
    #[error("{0:e} expected purchases are too many to add up")]
    TooManyToAddUp(f64),
    /// So many periods that their sum would take too long: take longer periods, a nearer horizon, or discount purchases as they occur.
    #[error("{0:e} periods are too many to add up")]
    TooManyPeriods(f64),
    /// No customer has made two purchases, so nothing tells customers' differences from those of their purchases.
    #[error("none of {customers} customers has two purchases")]
    OnePurchaseEach {
        /// Customers in the table.
        customers: u64,
    },
    /// A mean of repeat purchases that is not above zero; the gamma-gamma model knows only positive amounts.
    #[error("{x} repeat purchases worth {value} have no mean above zero")]
    NotPositive {
        /// Repeat purchases.
        x: u32,
        /// What they come to.
        value: Money,
    },
    /// Amounts in two currencies.
    #[error("an amount in {found} among amounts in {expected}")]
    MixedCurrencies {
        /// The currency of the table or model.
        expected: Currency,
        /// The other.
        found: Currency,
    },
    /// The model's mean is infinite for a customer with so few purchases: there is no expected value.
    #[error("the mean spending after {x} repeat purchases is infinite in this model (p·x + q must exceed 1)")]
    InfiniteMean {
        /// Repeat purchases.
        x: u32,
    },
    /// All mean amounts are equal, so nothing says how customers differ.
    #[error("all mean amounts are equal; there is nothing to estimate")]
    NoVariation,
    /// Numbers that no customer can have in discrete time.
    #[error("{x} purchases at {n} opportunities, the last at number {t_x}, cannot be; and 65535 opportunities are the most")]
    BadOpportunities {
        /// Opportunities taken.
        x: u32,
        /// Number of the last one taken.
        t_x: u32,
        /// Opportunities in all.
        n: u32,
    },
    /// Nobody was watched for long enough to tell the parameters apart.
    #[error("no customer was watched for more than {found} periods; at least {least} are needed")]
    TooFewPeriods {
        /// The most periods that a customer was watched for.
        found: u16,
        /// How many are needed.
        least: u16,
    },
    /// Everybody buys at every opportunity, so that nothing says when they do not, or would drop out.
    #[error("all of {customers} customers bought at every opportunity; there is no chance to estimate")]
    EverybodyBuys {
        /// Customers in the table.
        customers: u64,
    },
    /// No contract has ended, so that nothing is known of its end but that it is rare.
    #[error("none of {customers} contracts has ended; there is no chance to estimate")]
    NobodyLeft {
        /// Customers in the table.
        customers: u64,
    },
    /// No contract has been renewed.
    #[error("none of {customers} contracts has been renewed; there is no chance to estimate")]
    NobodyRenewed {
        /// Customers in the table.
        customers: u64,
    },
    /// A cohort that grows: its customers were all won at its start.
    #[error("{after} customers of a cohort after {renewals} renewals, when there were {before} before")]
    GrowingCohort {
        /// Renewals made by those of after.
        renewals: u16,
        /// Customers before.
        before: u64,
        /// Customers after.
        after: u64,
    },
    /// A discount outside 10⁻⁹ to 10⁹ a period.
    #[error("a discount of {0} a period; it must lie between 1e-9 and 1e9")]
    BadPeriodDiscount(Ratio),
    /// A date or a length of time out of range.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// More purchases of one customer than a million in a simulation, or than 32 bits count in all.
    #[error("a customer with more purchases than can be simulated")]
    TooManyPurchases,
    /// A history that would end beyond the days that 32 bits count.
    #[error("more days after the first purchase than can be counted")]
    TooLong,
    /// A question about days that were not simulated.
    #[error("{days} days are asked for where {simulated} were simulated")]
    NotSimulated {
        /// As many as were asked for.
        days: u32,
        /// As many as there are.
        simulated: u32,
    },
    /// An amount beyond the range.
    #[error(transparent)]
    Money(#[from] MoneyError),
}
