use super::{BudgetError, Curve, curve::Fitted};
use crate::{
    money::{Money, MoneyError, Rounding},
    numeric::count,
    quantity::{Name, float},
    tier::error::first_twice,
};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// A grade that a budget may be spent on.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    /// The grade.
    pub grade: Name,
    /// How many customers it has.
    pub customers: u64,
    /// What one response brings, before the spending: zero or more.
    pub margin: Money,
    /// Which share of the customers respond to how much spending each.
    pub curve: Curve,
}

/// What one grade gets, and what that returns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The grade.
    pub grade: Name,
    /// How many customers it has.
    pub customers: u64,
    /// What is spent on all of them.
    pub amount: Money,
    /// What the last coin returns, the first one where nothing is spent: margin times slope of the curve. 1.25 means that a coin more
    /// would bring 1.25 back.
    #[serde(with = "float")]
    pub marginal_return: f64,
    /// The margins that the amount is expected to bring, in smallest units, before the amount itself is taken off.
    #[serde(with = "float")]
    pub expected_return: f64,
}

impl Part {
    /// What is spent on one customer; `None` if there is none.
    pub fn per_customer(&self, rounding: Rounding) -> Option<Money> {
        let minor = rounding.divide(self.amount.minor().into(), self.customers.into())?;
        Some(Money::from_minor(i64::try_from(minor).ok()?, self.amount.currency()))
    }
}

/// A budget, divided over grades.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allocation {
    /// What there was to spend.
    pub budget: Money,
    /// One a grade, in the order given.
    pub parts: Vec<Part>,
    /// What is not spent: where the shadow price is zero, because it would not earn itself back; otherwise fewer smallest units than
    /// grades, which do not divide evenly among grades where they would return the same.
    pub unspent: Money,
    /// What one coin more of budget would bring beyond itself; 0 if it would not be spent. It falls as the budget grows.
    #[serde(with = "float")]
    pub shadow_price: f64,
}

/// Divides a budget so that the expected margins less the spending are as high as they can be.
///
/// Maximises `Σ nᵢ·(mᵢ·aᵢ(sᵢ) − sᵢ)` over `Σ nᵢ·sᵢ ≤ budget`: at the best, `mᵢ·aᵢ′(sᵢ) = 1 + μ` wherever something is spent, and no more
/// where nothing is (Karush, Kuhn and Tucker); μ is the shadow price. For a given μ each `sᵢ` has a closed form; μ is found by bisection.
/// Every amount is [rounded down](Rounding::Floor) to the smallest unit, so the amounts never exceed the budget. Among very many customers
/// the next smaller price that a floating-point number can be may call for much more than is left; the rest is then divided in proportion
/// to what each grade would take at that price, since until there all returns are equal to the last digit. Fewer smallest units than there
/// are grades stay behind where they do not divide evenly: the order of the grades decides nothing.
///
/// # Errors
/// [`NegativeBudget`](BudgetError::NegativeBudget), [`NegativeMargin`](BudgetError::NegativeMargin);
/// [`Money`](BudgetError::Money) if budget, margins and curves are not all in one currency;
/// [`BadGradeCount`](BudgetError::BadGradeCount) for none or 1001; [`Twice`](BudgetError::Twice) for A, B, A.
pub fn allocate(budget: Money, grades: &[Response]) -> Result<Allocation, BudgetError> {
    let demands = demands(budget, grades)?;
    // The first coin of nobody returns twice this much, so nothing is spent there.
    let mut high = 2.0 * demands.iter().fold(1.0, |most: f64, d| most.max(d.marginal(0)));
    let mut low = 1.0;
    let most = i128::from(budget.minor());
    let fits = |price: f64| amounts(&demands, price, budget).iter().sum::<i128>() <= most;
    if fits(low) {
        high = low;
    }
    // Until no floating-point number lies between the two.
    while low < high {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        if fits(middle) { high = middle } else { low = middle }
    }
    let mut spent = amounts(&demands, high, budget);
    if low < high {
        hand_out(&mut spent, &amounts(&demands, low, budget), most);
    }
    // No amount is larger than the budget.
    let spent: Vec<i64> = spent.into_iter().map(|minor| i64::try_from(minor).unwrap_or(0)).collect();
    let part = |((grade, demand), minor): ((&Response, &Demand), i64)| Part {
        grade: grade.grade.clone(),
        customers: grade.customers,
        amount: Money::from_minor(minor, budget.currency()),
        marginal_return: demand.marginal(minor),
        expected_return: demand.returns(minor),
    };
    let unspent = Money::from_minor(budget.minor() - spent.iter().sum::<i64>(), budget.currency());
    let parts = grades.iter().zip(&demands).zip(spent).map(part).collect();
    Ok(Allocation { budget, parts, unspent, shadow_price: high - 1.0 })
}

impl Allocation {
    /// What is spent in all.
    ///
    /// # Errors
    /// As [`Money::try_sub`]; none for what [`allocate`] gave.
    pub fn spent(&self) -> Result<Money, MoneyError> {
        self.budget.try_sub(self.unspent)
    }

    /// The margins that are expected in all, less the spending, rounded once, by name.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] if it does not fit an amount.
    pub fn gain(&self, rounding: Rounding) -> Result<Money, MoneyError> {
        let currency = self.budget.currency();
        let returns: f64 = self.parts.iter().map(|part| part.expected_return).sum();
        let returns = rounding.whole(returns).ok_or(MoneyError::Overflow { currency })?;
        Money::from_minor(returns, currency).try_sub(self.spent()?)
    }

    /// Checks the division against the grades it was made for: the amounts add up, the returns are those of the curves, and no other
    /// division brings more by more than rounding down may cost. Where a grade gets something, its last coin returns at least one and the
    /// shadow price, and a coin more no more than that; where the shadow price is not zero, fewer smallest units are left than there are
    /// grades.
    ///
    /// # Errors
    /// [`OtherParts`](BudgetError::OtherParts), [`WrongReturn`](BudgetError::WrongReturn), [`LeftOver`](BudgetError::LeftOver),
    /// [`NotOptimal`](BudgetError::NotOptimal), and those of [`allocate`].
    pub fn verify(&self, grades: &[Response]) -> Result<(), BudgetError> {
        const SLACK: f64 = 1e-9;
        let demands = demands(self.budget, grades)?;
        let same = |(part, grade): (&Part, &Response)| part.grade == grade.grade && part.customers == grade.customers;
        let all = Money::sum(self.parts.iter().map(|p| p.amount).chain([self.unspent]), self.budget.currency())?;
        let priced = self.shadow_price >= 0.0 && self.shadow_price.is_finite();
        if self.parts.len() != grades.len()
            || !self.parts.iter().zip(grades).all(same)
            || all != self.budget
            || self.unspent.is_negative()
            || !priced
        {
            return Err(BudgetError::OtherParts);
        }
        let price = 1.0 + self.shadow_price;
        // At a price hardly lower, the grades would take all there is, but for a unit a grade.
        let taken: i128 = amounts(&demands, price * (1.0 - SLACK), self.budget).iter().sum();
        let (grades, unspent) = (demands.len() as i128, i128::from(self.unspent.minor()));
        if self.shadow_price > 0.0 && taken + grades < self.budget.minor().into() {
            return Err(BudgetError::LeftOver(self.unspent));
        }
        for (part, demand) in self.parts.iter().zip(&demands) {
            let (grade, amount, minor) = (part.grade.clone(), part.amount, part.amount.minor());
            let alike = |a: f64, b: f64| a.to_bits() == b.to_bits();
            let returns = alike(part.marginal_return, demand.marginal(minor)) && alike(part.expected_return, demand.returns(minor));
            if minor < 0 || !returns || (minor > 0 && part.customers == 0) {
                return Err(BudgetError::WrongReturn { grade, amount });
            }
            let next = demand.marginal(minor.saturating_add(1));
            if next > price * (1.0 + SLACK) || (minor > 0 && part.marginal_return < price * (1.0 - SLACK)) {
                return Err(BudgetError::NotOptimal { grade, amount });
            }
        }
        // Divided in proportion, less than a unit a grade stays behind.
        if self.shadow_price > 0.0 && unspent >= grades { Err(BudgetError::LeftOver(self.unspent)) } else { Ok(()) }
    }
}

/// What a grade does with money.
struct Demand {
    customers: f64,
    margin: f64,
    curve: Fitted,
}

impl Demand {
    /// What the grade takes while the last coin returns `price`, rounded down; `None` if it is no amount.
    fn amount(&self, price: f64) -> Option<i64> {
        if self.margin <= 0.0 {
            return Some(0);
        }
        Rounding::Floor.whole(self.customers * self.curve.spending_at(price / self.margin))
    }

    fn each(&self, minor: i64) -> f64 {
        #[allow(clippy::cast_precision_loss)] // one IEEE conversion
        let minor = minor as f64;
        if self.customers > 0.0 { minor / self.customers } else { 0.0 }
    }

    fn marginal(&self, minor: i64) -> f64 {
        if self.customers > 0.0 { self.margin * self.curve.slope(self.each(minor)) } else { 0.0 }
    }

    fn returns(&self, minor: i64) -> f64 {
        self.customers * self.margin * self.curve.share(self.each(minor))
    }
}

/// What each grade takes at that price; a unit more than the budget stands for all that is too much.
fn amounts(demands: &[Demand], price: f64, budget: Money) -> Vec<i128> {
    let too_much = i128::from(budget.minor()) + 1;
    demands.iter().map(|d| d.amount(price).map_or(too_much, |amount| i128::from(amount).min(too_much))).collect()
}

/// Divides what is left of the budget in proportion to what each grade would take more, rounded down. All of them together would take more
/// than is left.
fn hand_out(spent: &mut [i128], wanted: &[i128], budget: i128) {
    let more: Vec<i128> = spent.iter().zip(wanted).map(|(spent, wanted)| (wanted - spent).max(0)).collect();
    let (left, all) = (budget - spent.iter().sum::<i128>(), more.iter().sum::<i128>());
    for (spent, more) in spent.iter_mut().zip(more).filter(|_| all > 0) {
        *spent += left * more / all;
    }
}

fn demands(budget: Money, grades: &[Response]) -> Result<Vec<Demand>, BudgetError> {
    if budget.is_negative() {
        return Err(BudgetError::NegativeBudget(budget));
    }
    if !(1..=1000).contains(&grades.len()) {
        return Err(BudgetError::BadGradeCount(grades.len()));
    }
    if let Some(name) = first_twice(grades.iter().map(|g| &g.grade)) {
        return Err(BudgetError::Twice(name.clone()));
    }
    let demand = |grade: &Response| {
        for currency in [grade.margin.currency(), grade.curve.currency()] {
            if currency != budget.currency() {
                return Err(MoneyError::CurrencyMismatch { left: budget.currency(), right: currency }.into());
            }
        }
        // What is not below zero is a count of smallest units.
        let margin = u64::try_from(grade.margin.minor());
        let margin = margin.map_err(|_| BudgetError::NegativeMargin { grade: grade.grade.clone(), margin: grade.margin })?;
        Ok(Demand { customers: count(grade.customers), margin: count(margin), curve: grade.curve.fitted() })
    };
    grades.iter().map(demand).collect()
}
