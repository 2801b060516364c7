use super::{Holdout, HoldoutRow, ValidationError};
use crate::{
    numeric::count,
    value::lifetime::{PurchaseModel, Summary},
};
use alloc::vec::Vec;

/// What a model, knowing the calibration only, says of every customer in the holdout, beside what they did.
///
/// ```
/// use customer_value::{customer::{History, Record, ReturnPolicy}, money::{Currency, Money}};
/// use customer_value::value::lifetime::{PurchaseModel, TimeUnit, validation::{Forecasts, Holdout, Split}};
/// use chrono::NaiveDate;
///
/// let day = |m, d| NaiveDate::from_ymd_opt(1997, m, d).unwrap();
/// let mut table = Holdout::new(Split::new(day(6, 30), day(12, 31))?);
/// for days in [&[day(1, 5), day(2, 20), day(6, 1), day(9, 9)][..], &[day(1, 9)], &[day(3, 3), day(3, 4)]] {
///     let mut history = History::new(Currency::USD);
///     days.iter().try_for_each(|on| history.push(Record::sale(*on, Money::from_minor(10_00, Currency::USD))))?;
///     table.push(&history, ReturnPolicy::STRICT)?;
/// }
/// let model = PurchaseModel::mbg_nbd([0.525, 6.183, 0.891, 1.614], TimeUnit::WEEK)?;
/// let forecasts = Forecasts::of(&model, &table)?;
/// assert_eq!((forecasts.errors().actual(), forecasts.errors().customers()), (1, 3));
/// assert_eq!(forecasts.confusion().sensitivity().unwrap().to_string(), "1"); // who was active was said to be
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Forecasts<'a> {
    pub(super) holdout: &'a Holdout,
    model: PurchaseModel,
    /// One a row of the table.
    each: Vec<Forecast>,
}

/// What a model says of the holdout of every customer with one summary.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forecast {
    /// What was known of them.
    pub customer: Summary,
    /// Expected purchases.
    pub purchases: f64,
    /// The probability of one purchase or more.
    pub active: f64,
}

impl<'a> Forecasts<'a> {
    /// The forecasts of a model for every customer of a table.
    ///
    /// # Errors
    /// [`ValidationError::NoCustomers`] for an empty table.
    pub fn of(model: &PurchaseModel, holdout: &'a Holdout) -> Result<Forecasts<'a>, ValidationError> {
        let days = holdout.split().days();
        let forecast = |row: HoldoutRow| {
            let outlook = model.outlook(row.summary);
            Forecast { customer: row.summary, purchases: outlook.purchases(days), active: outlook.at_least_one(days) }
        };
        let each: Vec<Forecast> = holdout.rows().map(forecast).collect();
        if each.is_empty() {
            return Err(ValidationError::NoCustomers);
        }
        Ok(Forecasts { holdout, model: *model, each })
    }

    /// One forecast a summary, in order.
    pub fn each(&self) -> &[Forecast] {
        &self.each
    }

    pub(super) fn with_rows(&self) -> impl Iterator<Item = (&Forecast, HoldoutRow)> {
        self.each.iter().zip(self.holdout.rows())
    }

    /// How far the expected purchases are from the actual ones.
    pub fn errors(&self) -> ForecastErrors {
        ForecastErrors::of(self.holdout, self.each.iter().map(|forecast| forecast.purchases))
    }

    /// The mean over customers of the logarithm of the probability that the model gave to what they did: a proper score, the greater, the
    /// better. Negative infinity if something happened that the model holds for impossible.
    #[doc(alias = "log predictive density")]
    pub fn log_score(&self) -> f64 {
        let days = self.holdout.split().days();
        let mut outlook = self.model.outlook(Summary::NEW);
        let (mut of, mut sum) = (Summary::NEW, 0.0);
        for (summary, purchases, customers) in self.holdout.distribution() {
            if summary != of {
                (of, outlook) = (summary, self.model.outlook(summary));
            }
            sum += count(customers) * libm::log(outlook.exactly(purchases, days).clamp(0.0, 1.0));
        }
        sum / count(self.holdout.customers())
    }
}

/// How far forecasts of the number of purchases are from what happened, over customers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ForecastErrors {
    customers: u64,
    mean_absolute: f64,
    root_mean_square: f64,
    expected: f64,
    actual: u64,
}

/// [`ForecastErrors`] as shares of a baseline's: below 1 where the forecast is better. Free of scale, so that customers, periods and firms
/// can be compared. `None` where the baseline is perfect, and nothing can be compared with it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RelativeErrors {
    /// Of the mean absolute errors.
    pub mean_absolute: Option<f64>,
    /// Of the root mean square errors.
    pub root_mean_square: Option<f64>,
    /// Of the sizes of the bias.
    pub bias: Option<f64>,
}

impl ForecastErrors {
    /// The errors of one forecast a row of a table that is not empty.
    pub(super) fn of(holdout: &Holdout, forecasts: impl Iterator<Item = f64>) -> ForecastErrors {
        let (mut absolute, mut square, mut expected) = (0.0, 0.0, 0.0);
        let mut forecasts = holdout.rows().zip(forecasts);
        let (mut of, mut forecast) = (None, 0.0);
        for (summary, purchases, customers) in holdout.distribution() {
            if of != Some(summary) {
                of = Some(summary);
                if let Some((row, next)) = forecasts.next() {
                    forecast = next;
                    expected += count(row.customers) * next;
                }
            }
            let error = f64::from(purchases) - forecast;
            absolute += count(customers) * error.abs();
            square += count(customers) * error * error;
        }
        let customers = count(holdout.customers());
        ForecastErrors {
            customers: holdout.customers(),
            mean_absolute: absolute / customers,
            root_mean_square: libm::sqrt(square / customers),
            expected,
            actual: holdout.purchases(),
        }
    }

    /// Number of customers.
    pub const fn customers(&self) -> u64 {
        self.customers
    }

    /// The mean over customers of the absolute difference of expected and actual purchases.
    #[doc(alias = "MAE")]
    pub const fn mean_absolute(&self) -> f64 {
        self.mean_absolute
    }

    /// The root of the mean of the squared differences.
    #[doc(alias = "RMSE")]
    pub const fn root_mean_square(&self) -> f64 {
        self.root_mean_square
    }

    /// Expected purchases of all customers.
    pub const fn expected(&self) -> f64 {
        self.expected
    }

    /// Actual purchases of all customers.
    pub const fn actual(&self) -> u64 {
        self.actual
    }

    /// Expected less actual purchases of all customers.
    pub fn bias(&self) -> f64 {
        self.expected - count(self.actual)
    }

    /// The bias as a share of the actual purchases; `None` if there were none.
    pub fn relative_bias(&self) -> Option<f64> {
        share(self.bias(), count(self.actual))
    }

    /// These errors by those of a baseline.
    ///
    /// # Errors
    /// [`ValidationError::CustomersDiffer`] if the two rest on different numbers of customers.
    pub fn relative_to(&self, baseline: &ForecastErrors) -> Result<RelativeErrors, ValidationError> {
        if (self.customers, self.actual) != (baseline.customers, baseline.actual) {
            return Err(ValidationError::CustomersDiffer { first: self.customers, second: baseline.customers });
        }
        Ok(RelativeErrors {
            mean_absolute: share(self.mean_absolute, baseline.mean_absolute),
            root_mean_square: share(self.root_mean_square, baseline.root_mean_square),
            bias: share(self.bias().abs(), baseline.bias().abs()),
        })
    }
}

fn share(part: f64, whole: f64) -> Option<f64> {
    let share = part / whole;
    (whole > 0.0 && share.is_finite()).then_some(share)
}
