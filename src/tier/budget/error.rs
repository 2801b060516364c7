use crate::{
    money::{Money, MoneyError, Ratio},
    quantity::Name,
};
use thiserror::Error;

/// What can be wrong with a curve, a budget, or a division of it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BudgetError {
    /// The ceiling and the response must satisfy 0 < response < ceiling ≤ 1.
    #[error("a response of {response} below a ceiling of {ceiling} is no point of a curve: 0 < response < ceiling <= 1")]
    BadResponse {
        /// The share that responds to any amount.
        ceiling: Ratio,
        /// The share that was seen to respond.
        response: Ratio,
    },
    /// The spending at which a response was seen must be above zero.
    #[error("{0} is not above zero; a curve needs a response to some spending")]
    BadSpending(Money),
    /// The budget is below zero.
    #[error("the budget {0} is below zero")]
    NegativeBudget(Money),
    /// The margin of a grade is below zero.
    #[error("the margin {margin} of grade {grade:?} is below zero")]
    NegativeMargin {
        /// The grade.
        grade: Name,
        /// Its margin per response.
        margin: Money,
    },
    /// There is no grade to divide over, or more than 1000.
    #[error("{0} grades; there can be 1 to 1000")]
    BadGradeCount(usize),
    /// A grade occurs twice.
    #[error("grade {0:?} occurs twice")]
    Twice(Name),
    /// Amounts in different currencies, or beyond the range.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The parts, the unspent rest and the budget do not belong together, or are about other grades.
    #[error("the parts do not add up to the budget, or are not those of the grades given")]
    OtherParts,
    /// A grade's amount is below zero, or its return is not the one the curve gives.
    #[error("grade {grade:?} does not get what its curve says for {amount}")]
    WrongReturn {
        /// The grade.
        grade: Name,
        /// What it gets.
        amount: Money,
    },
    /// Money is left although more of it would bring something.
    #[error("{0} is left although it would bring more than itself")]
    LeftOver(Money),
    /// A grade gets too much or too little: moving money to or from it would bring more.
    #[error("grade {grade:?} with {amount} is not at the shadow price: another division brings more")]
    NotOptimal {
        /// The grade.
        grade: Name,
        /// What it gets.
        amount: Money,
    },
}
