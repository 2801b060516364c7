use super::TreatmentError;
use crate::{
    money::{Currency, Money, MoneyError, Ratio},
    tier::{Grade, GradeSet},
};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// What serving a grade's customers may cost, as a share of their value. Both ends are in: a customer who costs exactly `most` is served
/// within bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CostBounds {
    /// Below this share of the value, the customer is under-served.
    pub least: Ratio,
    /// Above this share of the value, the customer is over-served.
    pub most: Ratio,
}

/// The bounds of every grade.
///
/// On the wire: `{"grades":["A","B"],"bounds":[{"least":"0.05","most":"0.15"},{"least":"0","most":"0.1"}]}`, best grade first.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct ServingPolicy {
    grades: GradeSet,
    bounds: Vec<CostBounds>,
}

/// One customer of a [`Serving`] report.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Served<K> {
    /// Who it is.
    pub customer: K,
    /// The grade.
    pub grade: Grade,
    /// What the customer is worth in the period: margin, as a rule. It may be zero or below.
    pub value: Money,
    /// What serving the customer cost in the period: zero or more.
    pub cost: Money,
}

/// The cost to serve, seen from the value. Costs without value weigh more than any share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CostShare {
    /// Cost divided by a value above zero.
    Of(Ratio),
    /// A cost, and no value above zero.
    WithoutValue,
}

/// Too much or too little.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The cost is above the bounds of the grade, or there is a cost and no value (小客户远远超值).
    #[doc(alias = "过度服务")]
    OverServed,
    /// The cost is below the bounds of the grade (大客户服务不到位).
    #[doc(alias = "服务不足")]
    UnderServed,
}

/// A customer outside the bounds of the grade.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Misserved<K> {
    /// The customer.
    pub served: Served<K>,
    /// Cost as a share of value.
    pub share: CostShare,
    /// Which way.
    pub verdict: Verdict,
}

/// The customers of one grade together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GradeServing {
    /// The grade.
    pub grade: Grade,
    /// How many.
    pub customers: u64,
    /// Their value.
    pub value: Money,
    /// What serving them cost.
    pub cost: Money,
    /// Cost as a share of value; `None` where there is neither a cost nor a value above zero.
    pub share: Option<CostShare>,
    /// How many are over-served.
    pub over_served: u64,
    /// How many are under-served.
    pub under_served: u64,
}

/// By which measure a worse grade costs more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Cost divided by customers.
    PerCustomer,
    /// Cost divided by value.
    PerValue,
}

/// A worse grade that costs more than a better one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Inversion {
    /// The better grade.
    pub better: Grade,
    /// The worse grade.
    pub worse: Grade,
    /// By which measure.
    pub measure: Measure,
}

/// Cost to serve set against value: who gets too much, who too little, and where grades are upside down.
///
/// ```
/// use customer_value::{money::{Currency, MoneyError}, tier::{GradeSet, treatment::{CostBounds, Served, ServingPolicy, Verdict}}};
///
/// let grades = GradeSet::letters(2)?;
/// let share = |least: &str, most: &str| Ok::<_, MoneyError>(CostBounds { least: least.parse()?, most: most.parse()? });
/// let policy = ServingPolicy::new(grades.clone(), vec![share("0.05", "0.2")?, share("0", "0.1")?])?;
/// let served = |customer, grade, value: &str, cost: &str| -> Result<_, Box<dyn core::error::Error>> {
///     let grade = grades.grade(grade).ok_or("no such grade")?.clone();
///     Ok(Served { customer, grade, value: value.parse()?, cost: cost.parse()? })
/// };
/// let report = policy.report(Currency::CNY, [
///     served("large", "A", "100000.00 CNY", "3000.00 CNY")?, // 3 %
///     served("small", "B", "2000.00 CNY", "900.00 CNY")?,    // 45 %
/// ])?;
/// let verdicts: Vec<_> = report.misserved.iter().map(|m| (m.served.customer, m.verdict)).collect();
/// assert_eq!(verdicts, [("large", Verdict::UnderServed), ("small", Verdict::OverServed)]);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "服务成本")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Serving<K> {
    /// Every grade, best first, those without customers too.
    pub grades: Vec<GradeServing>,
    /// Customers outside their bounds, in the order in which they came.
    pub misserved: Vec<Misserved<K>>,
    /// Worse grades that cost more per customer or per value than better ones.
    pub inversions: Vec<Inversion>,
}

impl CostShare {
    /// Cost as a share of value. `None` where neither cost nor value is above zero: there is nothing to compare.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`] for amounts in two currencies.
    pub fn of(cost: Money, value: Money) -> Result<Option<CostShare>, MoneyError> {
        cost.compare(value)?;
        Ok(match (cost.minor(), value.minor()) {
            (cost, value @ 1..) => Some(CostShare::Of(Ratio::new(cost.into(), value.into())?)),
            (1.., _) => Some(CostShare::WithoutValue),
            _ => None,
        })
    }
}

impl CostBounds {
    /// Which way a share lies outside.
    pub fn judge(&self, share: CostShare) -> Option<Verdict> {
        match share {
            CostShare::WithoutValue => Some(Verdict::OverServed),
            CostShare::Of(share) if share > self.most => Some(Verdict::OverServed),
            CostShare::Of(share) if share < self.least => Some(Verdict::UnderServed),
            CostShare::Of(_) => None,
        }
    }
}

/// The sums of a grade.
#[derive(Clone, Copy, Default)]
struct Sums {
    customers: u64,
    value: i128,
    cost: i128,
    over: u64,
    under: u64,
}

impl ServingPolicy {
    /// Bounds for every grade, best grade first.
    ///
    /// # Errors
    /// [`LeftOut`](TreatmentError::LeftOut) for a grade without bounds; [`TooManyBounds`](TreatmentError::TooManyBounds) for three on two
    /// grades; [`BadBounds`](TreatmentError::BadBounds) for 0.2 to 0.1, and for a share below zero.
    pub fn new(grades: GradeSet, bounds: Vec<CostBounds>) -> Result<ServingPolicy, TreatmentError> {
        if let Some(grade) = grades.best_first().get(bounds.len()) {
            return Err(TreatmentError::LeftOut { grade: grade.name().clone(), stage: None });
        }
        if bounds.len() > grades.best_first().len() {
            return Err(TreatmentError::TooManyBounds { grades: grades.best_first().len(), bounds: bounds.len() });
        }
        match bounds.iter().find(|b| b.least < Ratio::ZERO || b.least > b.most) {
            Some(&CostBounds { least, most }) => Err(TreatmentError::BadBounds { least, most }),
            None => Ok(ServingPolicy { grades, bounds }),
        }
    }

    /// The grades.
    pub const fn grades(&self) -> &GradeSet {
        &self.grades
    }

    /// The bounds, best grade first.
    pub fn bounds(&self) -> &[CostBounds] {
        &self.bounds
    }

    /// Judges customers, and adds them up by grade. All amounts are in that one currency: convert others first.
    ///
    /// # Errors
    /// [`UnknownGrade`](TreatmentError::UnknownGrade) for a grade of another set; [`NegativeCost`](TreatmentError::NegativeCost);
    /// [`Money`](TreatmentError::Money) for two currencies, or sums out of range.
    pub fn report<K>(
        &self,
        currency: Currency,
        customers: impl IntoIterator<Item = Served<K>>,
    ) -> Result<Serving<K>, TreatmentError> {
        let mut sums = alloc::vec![Sums::default(); self.bounds.len()];
        let mut misserved = Vec::new();
        for served in customers {
            let unknown = || TreatmentError::UnknownGrade(served.grade.name().clone());
            let at = self.grades.best_first().iter().position(|g| *g == served.grade).ok_or_else(unknown)?;
            Money::zero(currency).compare(served.value)?;
            let share = CostShare::of(served.cost, served.value)?;
            if served.cost.is_negative() {
                return Err(TreatmentError::NegativeCost(served.cost));
            }
            let sum = &mut sums[at];
            sum.customers += 1;
            sum.value += i128::from(served.value.minor());
            sum.cost += i128::from(served.cost.minor());
            if let Some((share, verdict)) = share.and_then(|share| Some((share, self.bounds[at].judge(share)?))) {
                match verdict {
                    Verdict::OverServed => sum.over += 1,
                    Verdict::UnderServed => sum.under += 1,
                }
                misserved.push(Misserved { served, share, verdict });
            }
        }
        let grades = self.add_up(&sums, currency)?;
        let inversions = inversions(&grades)?;
        Ok(Serving { grades, misserved, inversions })
    }

    fn add_up(&self, sums: &[Sums], currency: Currency) -> Result<Vec<GradeServing>, TreatmentError> {
        let money = |minor: i128| {
            let minor = i64::try_from(minor).map_err(|_| MoneyError::Overflow { currency })?;
            Ok::<_, MoneyError>(Money::from_minor(minor, currency))
        };
        let row = |(grade, sums): (&Grade, &Sums)| {
            let (value, cost) = (money(sums.value)?, money(sums.cost)?);
            let share = CostShare::of(cost, value)?;
            let Sums { customers, over, under, .. } = *sums;
            Ok(GradeServing { grade: grade.clone(), customers, value, cost, share, over_served: over, under_served: under })
        };
        self.grades.best_first().iter().zip(sums).map(row).collect()
    }
}

fn inversions(grades: &[GradeServing]) -> Result<Vec<Inversion>, TreatmentError> {
    let mut found = Vec::new();
    let per_customer = |g: &GradeServing| Ratio::new(g.cost.minor().into(), g.customers.into());
    let served: Vec<&GradeServing> = grades.iter().filter(|g| g.customers > 0).collect();
    for (at, better) in served.iter().enumerate() {
        for worse in &served[at + 1..] {
            let mut note = |measure| {
                found.push(Inversion { better: better.grade.clone(), worse: worse.grade.clone(), measure });
            };
            if per_customer(worse)? > per_customer(better)? {
                note(Measure::PerCustomer);
            }
            // No cost and no value compares with nothing.
            if better.share.is_some_and(|better| worse.share.is_some_and(|worse| worse > better)) {
                note(Measure::PerValue);
            }
        }
    }
    Ok(found)
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "ServingPolicy")]
struct Wire {
    grades: GradeSet,
    bounds: Vec<CostBounds>,
}

impl TryFrom<Wire> for ServingPolicy {
    type Error = TreatmentError;

    fn try_from(wire: Wire) -> Result<ServingPolicy, TreatmentError> {
        ServingPolicy::new(wire.grades, wire.bounds)
    }
}

impl From<ServingPolicy> for Wire {
    fn from(policy: ServingPolicy) -> Wire {
        Wire { grades: policy.grades, bounds: policy.bounds }
    }
}
