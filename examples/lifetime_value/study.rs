//! What is computed: the fits, their test on the time after, and the value of every customer.

use crate::{options::Options, orders::OrderLog};
use anyhow::{Context, Result, bail, ensure};
use customer_value::{
    customer::{OrderColumns, ReturnPolicy},
    money::{Money, Ratio, Rounding},
    quantity::{Confidence, Estimate},
    value::{
        RepeatColumns, RepeatPurchases,
        lifetime::{
            Discount, DiscountRate, FallsDue, Family, Fit, GammaGamma, Horizon, LifetimeError, Link, Prediction, PurchaseModel,
            SpendBasis, SpendCounts, Summary, TimeUnit, ValueTerms,
            validation::{
                Baseline, Bin, By, Forecasts, Holdout, HoldoutChoice, HoldoutColumns, ReliabilityBin, Split, Tracked, Tracking,
            },
        },
    },
};
use std::num::NonZeroU8;

pub(crate) const YEAR: u32 = 365;

/// Everything the report says.
pub(crate) struct Study {
    pub(crate) log: OrderLog,
    pub(crate) unit: TimeUnit,
    pub(crate) holdout: Holdout,
    pub(crate) models: Vec<Model>,
    /// Place in `models` of the one that the rest of the report uses: to which what was held out was most probable.
    pub(crate) best: usize,
    /// How far the naive forecast is off for a customer, on average.
    pub(crate) naive: f64,
    /// `None` without amounts.
    pub(crate) spending: Option<Result<Spending, LifetimeError>>,
    pub(crate) top: Vec<Valued>,
}

/// One family and what became of it.
pub(crate) struct Model {
    pub(crate) family: Family,
    pub(crate) fit: Result<Fit<PurchaseModel>, LifetimeError>,
    /// The log-likelihood of the purchase days beside that of their numbers: zero for purchases at random.
    pub(crate) of_gaps: f64,
    pub(crate) tested: Option<Tested>,
}

impl Model {
    /// The log-likelihood of all that was seen, so that regular families can be held against the others.
    pub(crate) fn log_likelihood(&self, fit: &Fit<PurchaseModel>) -> f64 {
        fit.log_likelihood() + self.of_gaps
    }

    /// Akaike's information criterion of the same, and the Bayesian one.
    pub(crate) fn criteria(&self, fit: &Fit<PurchaseModel>) -> (f64, f64) {
        (fit.aic() - 2.0 * self.of_gaps, fit.bic() - 2.0 * self.of_gaps)
    }
}

/// How a model did in the time after.
pub(crate) struct Tested {
    pub(crate) expected: f64,
    /// The mean over customers of the logarithm of the probability of what they did.
    pub(crate) log_score: f64,
    /// Mean absolute error of a customer, and that by the naive forecast's.
    pub(crate) error: f64,
    pub(crate) relative: Option<f64>,
    pub(crate) tracking: Vec<Tracked>,
    pub(crate) bins: Vec<Bin>,
    pub(crate) reliability: Vec<ReliabilityBin>,
}

/// The model of spending, and what was left out of it.
pub(crate) struct Spending {
    pub(crate) fit: Fit<GammaGamma>,
    pub(crate) free_of_charge: u64,
    pub(crate) independence: Option<Estimate>,
    /// What all customers are worth.
    pub(crate) equity: Money,
    pub(crate) terms: ValueTerms,
}

/// One of the most valuable customers.
pub(crate) struct Valued {
    pub(crate) name: String,
    pub(crate) customer: Summary,
    pub(crate) alive: f64,
    /// Purchases in a year: what the parameters leave open, and what chance does.
    pub(crate) purchases: Option<Estimate>,
    pub(crate) prediction: Prediction,
    /// The value of a year in smallest units.
    pub(crate) value: Option<Estimate>,
}

pub(crate) fn conduct(log: OrderLog, options: &Options) -> Result<Study> {
    let middle = || log.first.checked_add_days(chrono::Days::new((log.last - log.first).num_days().unsigned_abs() / 2));
    let end = options.calibration_end.or_else(middle).context("the log has no middle")?;
    ensure!(log.first < log.last, "all orders are of {}: there is nothing to hold out", log.first);
    ensure!(log.first <= end && end < log.last, "the calibration must end on {} or later, and before {}", log.first, log.last);
    let orders = OrderColumns::new(&log.customer, &log.day, &log.minor, log.currency)?;
    let held_out = HoldoutColumns::collect(&orders, Split::new(end, log.last)?, ReturnPolicy::LATEST_FIRST)?;
    let holdout = held_out.table().clone();
    let counts = holdout.calibration()?;
    let naive = Baseline::SameRate.errors(&holdout)?;
    let mut models = Vec::new();
    for &family in &options.families {
        let fit = PurchaseModel::fit(family, &counts, options.unit);
        let tested = match &fit {
            Err(_) => None,
            Ok(fit) => {
                let forecasts = Forecasts::of(fit.model(), &holdout)?;
                let errors = forecasts.errors();
                Some(Tested {
                    expected: errors.expected(),
                    log_score: forecasts.log_score(),
                    error: errors.mean_absolute(),
                    relative: errors.relative_to(&naive)?.mean_absolute,
                    tracking: Tracking::of(fit.model(), &holdout, TimeUnit::WEEK)?.periods().to_vec(),
                    bins: forecasts.bins(By::Frequency, &[0, 1, 2, 3, 4, 5, 6, 7])?,
                    reliability: forecasts.reliability(NonZeroU8::new(10).context("ten")?, Confidence::P95),
                })
            }
        };
        let of_gaps = fit.as_ref().map_or(0.0, |fit| holdout.gaps().log_likelihood(fit.model().regularity(), options.unit));
        models.push(Model { family, fit, of_gaps, tested });
    }
    let best = choose(&models, &holdout)?;
    let known_on = |day| -> Result<Vec<(u64, RepeatPurchases)>> {
        let mut repeat = RepeatColumns::collect(&orders, day, ReturnPolicy::LATEST_FIRST)?;
        repeat.sort_by_key();
        Ok(repeat.keys().iter().copied().zip(repeat.iter()).collect())
    };
    let (calibration, base) = (known_on(end)?, known_on(log.last)?);
    let (unit, naive) = (options.unit, naive.mean_absolute());
    let mut study = Study { holdout, unit, models, best, naive, spending: None, top: Vec::new(), log };
    if study.log.priced {
        study.spending = Some(study.spend(&calibration, &base)?);
    }
    study.top = study.rank(&base)?;
    Ok(study)
}

impl Study {
    /// The fit of the best model.
    pub(crate) fn fit(&self) -> Option<&Fit<PurchaseModel>> {
        self.models[self.best].fit.as_ref().ok()
    }

    /// The model of spending, if there is one.
    pub(crate) fn spending(&self) -> Option<&Spending> {
        self.spending.as_ref()?.as_ref().ok()
    }

    /// Fitted on the calibration as the others are; what everybody is worth by all that is known of them.
    fn spend(
        &self,
        calibration: &[(u64, RepeatPurchases)],
        base: &[(u64, RepeatPurchases)],
    ) -> Result<Result<Spending, LifetimeError>> {
        let mut counts = SpendCounts::new(self.log.currency);
        let mut free_of_charge = 0;
        for (_, repeat) in calibration.iter().filter(|(_, r)| r.x > 0) {
            if repeat.value.minor() > 0 { counts.push(repeat, 1)? } else { free_of_charge += 1 }
        }
        let fit = match GammaGamma::fit(&counts) {
            Ok(fit) => fit,
            Err(why) => return Ok(Err(why)),
        };
        // 10 % a year; sales, not profit: a margin of 1.
        let discount =
            Discount { rate: DiscountRate::annual_365("0.1".parse()?)?, due: FallsDue::AsTheyOccur, horizon: Horizon::Days(YEAR) };
        let terms = ValueTerms::new(discount, Ratio::ONE, SpendBasis::RepeatOnly)?;
        let independence = counts.independence(Confidence::P95);
        let mut spending = Spending { fit, free_of_charge, independence, equity: Money::zero(self.log.currency), terms };
        let values = base.iter().filter_map(|(_, repeat)| self.value(&spending, repeat)).sum::<f64>();
        spending.equity =
            Estimate::new(values, values, values, Confidence::P95)?.in_money(self.log.currency, Rounding::HalfEven)?.value;
        Ok(Ok(spending))
    }

    /// A year of a customer's discounted sales, in smallest units.
    fn value(&self, spending: &Spending, repeat: &RepeatPurchases) -> Option<f64> {
        let (model, customer) = (self.fit()?.model(), Summary::try_from(repeat).ok()?);
        Some(spending.terms.residual(model, spending.fit.model(), customer, &paid(repeat)).ok()?.minor())
    }

    fn rank(&self, base: &[(u64, RepeatPurchases)]) -> Result<Vec<Valued>> {
        let fit = self.fit().context("no fit")?;
        let mut ranked = Vec::new();
        for (key, repeat) in base {
            let customer = Summary::try_from(repeat)?;
            let worth = match self.spending() {
                Some(spending) => self.value(spending, repeat).unwrap_or(0.0),
                None => fit.model().outlook(customer).purchases(YEAR),
            };
            ranked.push((worth, *key, customer, repeat));
        }
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let valued = |(_, key, customer, repeat): &(f64, u64, Summary, &RepeatPurchases)| {
            let outlook = fit.model().outlook(*customer);
            let purchases = fit.estimate(|m| m.outlook(*customer).purchases(YEAR), Link::Log, Confidence::P95);
            let value =
                self.spending().and_then(|s| s.terms.residual_estimate(fit, &s.fit, *customer, &paid(repeat), Confidence::P95));
            Valued {
                name: usize::try_from(*key).ok().and_then(|at| self.log.names.get(at)).cloned().unwrap_or_default(),
                customer: *customer,
                alive: outlook.alive(),
                purchases,
                prediction: outlook.prediction(YEAR, Confidence::P90),
                value,
            }
        };
        Ok(ranked.iter().take(10).map(valued).collect())
    }
}

/// The place of the model that knew best what was held out.
fn choose(models: &[Model], holdout: &Holdout) -> Result<usize> {
    let fitted: Vec<PurchaseModel> = models.iter().filter_map(|m| Some(*m.fit.as_ref().ok()?.model())).collect();
    if fitted.is_empty() {
        let reasons = models.iter().filter_map(|m| Some(format!("{}: {}", m.family, m.fit.as_ref().err()?)));
        bail!("no model can be fitted to these customers\n{}", reasons.collect::<Vec<_>>().join("\n"));
    }
    let choice = HoldoutChoice::among(&fitted, holdout)?;
    let first = choice.ranked().first().map(|score| score.model);
    models.iter().position(|m| m.fit.as_ref().ok().map(|fit| *fit.model()) == first).context("no model")
}

/// What was paid, as the model of spending takes it: who got all repeats free of charge says nothing of amounts.
fn paid(repeat: &RepeatPurchases) -> RepeatPurchases {
    if repeat.value.minor() > 0 { *repeat } else { RepeatPurchases { x: 0, ..*repeat } }
}
