use super::{
    Family, Fit, LifetimeError, Priors, PurchaseCounts, PurchaseModel, Summary, TimeUnit,
    climb::{BOUNDS, Group, Kernel, Problem},
    clock::Clock,
    coin::Coin,
    family::Kind,
    fit::Fitted,
};
use crate::numeric::count;
use alloc::{boxed::Box, vec, vec::Vec};

/// Fewer customers than parameters, or as many, say nothing of the fit.
const LEAST: u64 = 5;

impl PurchaseModel {
    /// The model of a family under which the purchases of these customers are most likely. The same table gives the same bits; the unit
    /// only changes how the parameters and the log-likelihood read.
    ///
    /// Data that ask for a simpler model give that model, and [`limits`](Fit::limits) name what has vanished. The log-likelihood is that
    /// of (x, `t_x`, T); with a regularity above 1 it lacks what only the gaps between purchases tell, see
    /// [`GapCounts`](super::GapCounts).
    ///
    /// # Errors
    /// [`LifetimeError::NobodyRepeats`] if no customer has bought again; [`LifetimeError::TooFew`] for fewer than 5 customers;
    /// [`LifetimeError::NotConverged`] if no climb reached a maximum; [`LifetimeError::BadParameter`] if a parameter in that unit outgrows
    /// its range.
    pub fn fit(family: Family, counts: &PurchaseCounts, unit: TimeUnit) -> Result<Fit<PurchaseModel>, LifetimeError> {
        PurchaseModel::fit_with(family, counts, unit, &Priors::NONE)
    }

    /// As [`fit`](PurchaseModel::fit), to the mode of the posterior under these priors.
    ///
    /// # Errors
    /// As [`fit`](PurchaseModel::fit), and [`LifetimeError::WrongPrior`] for a prior of the wrong kind, such as one of a positive number
    /// for the probability of dropout.
    pub fn fit_with(
        family: Family,
        counts: &PurchaseCounts,
        unit: TimeUnit,
        priors: &Priors,
    ) -> Result<Fit<PurchaseModel>, LifetimeError> {
        let scale = Scale::of(&[counts], family)?;
        let kind = family.dropout();
        priors.check(matches!(kind, Kind::AtPurchases { .. }))?;
        let group = Group { kernel: kernel(family, counts, scale.days), covariates: [vec![], vec![]] };
        let unit_in_climb = unit.in_days() / scale.days;
        let customers = count(scale.customers);
        let mut problem = Problem {
            kind,
            groups: vec![group],
            scales: vec![],
            coefficients: [0, 0],
            customers,
            priors,
            unit: unit_in_climb,
            bounds: BOUNDS,
        };
        let (top, model) = problem.model(family, unit)?;
        let log_prior = problem.log_prior(&top);
        let fitted = Fitted {
            model,
            customers: scale.customers,
            log_likelihood: top.optimum.local.value * customers - log_prior + scale.in_unit(family, unit_in_climb),
            log_prior,
            limits: top.limits,
        };
        Ok(Fit::new(fitted, &top.optimum))
    }

    /// The logarithm of the likelihood of a table, in the model's unit of time; see [`fit`](PurchaseModel::fit) for what it covers.
    pub fn log_likelihood(&self, counts: &PurchaseCounts) -> f64 {
        let mut variables = [0.0; 5];
        let (purchases, hazard) = (self.purchases(), self.hazard());
        variables[0] = purchases.mean();
        variables[1] = purchases.dispersion();
        variables[2..].copy_from_slice(&hazard);
        kernel(self.family(), counts, self.unit().in_days()).at(&variables).value
    }
}

/// A table ready to be evaluated under models of a family, with times in units of so many days.
pub(super) fn kernel(family: Family, counts: &PurchaseCounts, days: f64) -> Box<dyn Kernel> {
    match family.dropout() {
        Kind::InTime => Box::new(Clock::new(counts, days)),
        Kind::Never => Box::new(Coin::new(counts, family.regularity(), false, days)),
        Kind::AtPurchases { first } => Box::new(Coin::new(counts, family.regularity(), first, days)),
    }
}

/// The scale in which the climb sees the same numbers whatever the unit.
pub(super) struct Scale {
    pub(super) customers: u64,
    /// Repeat purchases.
    repeats: f64,
    /// Days of observation to a repeat purchase.
    pub(super) days: f64,
}

impl Scale {
    pub(super) fn of(tables: &[&PurchaseCounts], family: Family) -> Result<Scale, LifetimeError> {
        let customers =
            tables.iter().map(|t| t.customers()).try_fold(0_u64, u64::checked_add).ok_or(LifetimeError::TooManyCustomers)?;
        if customers < LEAST {
            return Err(LifetimeError::TooFew { customers, least: LEAST });
        }
        let rows: Vec<(Summary, u64)> = tables.iter().flat_map(|t| t.rows()).collect();
        let total = |number: fn(&Summary) -> u32| rows.iter().map(|(s, n)| count(*n) * f64::from(number(s))).sum::<f64>();
        let repeats = total(Summary::x);
        if repeats <= 0.0 {
            return Err(LifetimeError::NobodyRepeats { customers });
        }
        // With a regularity of k, as many events as the purchases took.
        Ok(Scale { customers, repeats, days: total(Summary::t_days) / (repeats * f64::from(family.regularity().get())) })
    }

    /// What the log-likelihood in the model's unit is above that in the climb's.
    pub(super) fn in_unit(&self, family: Family, unit_in_climb: f64) -> f64 {
        self.repeats * f64::from(family.regularity().get()) * libm::log(unit_in_climb)
    }
}
