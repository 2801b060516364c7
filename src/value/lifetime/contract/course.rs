//! What a model of contracts says of the time to come.

use super::{ContractFamily, ContractModel};
use crate::{
    numeric::{ln_gamma_bend, ln_gamma_ratio, ln_integral_to_infinity},
    value::lifetime::{
        PeriodDiscount, Posterior,
        beta::Beta,
        mixture::{Mixture, Part},
        spread::Spread,
    },
};
use alloc::vec;
use serde::{Deserialize, Serialize};

/// The sum of a series, and how far it may be from the true one: 0 for closed forms, which are exact but for rounding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sum {
    /// The sum.
    pub value: f64,
    /// The true sum lies within this distance.
    pub error: f64,
}

/// When a customer's future renewals are valued, and so by how much each is discounted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// They have just renewed (or just been won): the next renewal is a period away, and the one just made is not counted.
    JustRenewed,
    /// The next renewal is due now; if it is made, it counts in full. The discounted expected residual lifetime (DERL) of Fader and Hardie
    /// (2010), whose n is the number of renewals made and 1.
    AboutToRenew,
}

/// What the terms of a series are multiplied by.
#[derive(Clone, Copy, PartialEq)]
enum Weight {
    One,
    /// How many periods away they are.
    Distance,
}

/// `ln S(n + k) − ln S(n)` with `S(t) = B(a, b + tᶜ)/B(a, b)`, without the difference; `S(t) = (1 − m)^tᶜ` where the dispersion is 0.
pub(super) fn ln_staying([a, b]: [f64; 2], mean: f64, dispersion: f64, c: f64, n: f64, k: f64) -> f64 {
    // Beyond, powers overflow, and S(t) is Γ(a + b)/Γ(b)·t^−ac to the last digit.
    const FAR: f64 = 230.0;
    let past = if n > 0.0 { libm::pow(n, c) } else { 0.0 };
    let log_end = c * libm::log(n + k);
    if dispersion > 0.0 && n > 0.0 && c * libm::log(n) > FAR {
        return -a * c * libm::log1p(k / n);
    }
    if dispersion > 0.0 && log_end > FAR {
        return ln_gamma_ratio(b, a) - a * log_end + ln_gamma_bend(b, past, a);
    }
    let more = if n > 0.0 { past * libm::expm1(c * libm::log1p(k / n)) } else { libm::pow(k, c) };
    if dispersion > 0.0 {
        -ln_gamma_bend(b + past, more, a)
    } else if more > 0.0 {
        more * libm::log1p(-mean)
    } else {
        0.0
    }
}

impl ContractModel {
    /// The logarithm of the probability that a customer with n renewals behind them makes k more.
    pub(super) fn ln_staying(&self, n: f64, k: f64) -> f64 {
        let shapes = match self.chance().0 {
            Spread::Varied(a, b) => [a, b],
            Spread::Alike(_) => [0.0; 2],
        };
        ln_staying(shapes, self.chance().mean(), self.chance().dispersion(), self.power(), n, k)
    }

    /// The share of customers who are left after so many renewals.
    #[doc(alias = "survival function")]
    pub fn survival(&self, renewals: u32) -> f64 {
        self.staying(0, renewals)
    }

    /// The probability that a customer with so many renewals behind them makes as many more. For no more it is 1: they are there.
    pub fn staying(&self, renewals: u32, more: u32) -> f64 {
        libm::exp(self.ln_staying(renewals.into(), more.into())).min(1.0)
    }

    /// The share that renews of the customers with so many renewals behind them: the retention rate by tenure, from 0 for the first
    /// renewal on; the literature counts it from 1.
    #[doc(alias = "留存率")]
    pub fn retention(&self, renewals: u32) -> f64 {
        self.staying(renewals, 1)
    }

    /// The number of renewals after which a customer with so many behind them has left with this probability, such as 0.5 for the median;
    /// `None` unless that happens within `u32::MAX` more, and for a number that is no probability below 1.
    pub fn gone_by(&self, renewals: u32, probability: f64) -> Option<u32> {
        let stays = |more: u32| self.staying(renewals, more) > 1.0 - probability;
        if !(0.0..1.0).contains(&probability) || stays(u32::MAX) {
            return None;
        }
        let (mut low, mut high) = (0, u32::MAX);
        while low < high {
            let middle = low + (high - low) / 2;
            if stays(middle) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Some(high)
    }

    /// How many more renewals to expect of a customer with so many behind them. `None` where the number is infinite because a few stay so
    /// long: with α ≤ 1 in sBG, with a·c ≤ 1 in beta-discrete-Weibull.
    #[doc(alias = "expected residual lifetime")]
    pub fn further_renewals(&self, renewals: u32) -> Option<Sum> {
        if self.family() == ContractFamily::ShiftedBetaGeometric {
            let value = self.left(renewals).mean_run();
            return value.is_finite().then_some(Sum { value, error: 0.0 });
        }
        let finite = match self.chance().0 {
            Spread::Varied(a, _) => a * self.power() > 1.0,
            Spread::Alike(_) => true,
        };
        finite.then(|| self.series(renewals, 0.0, Weight::One)).filter(|sum| sum.value.is_finite() && sum.error.is_finite())
    }

    /// The same with each renewal discounted by its distance in time: what a customer is worth who pays 1 at each renewal. With
    /// [`When::JustRenewed`] plus 1, the payment just made is in it.
    ///
    /// ```
    /// use customer_value::value::lifetime::{PeriodDiscount, contract::{ContractModel, When}};
    ///
    /// // Fader and Hardie 2010, Table 3, case 1: the worth grows with tenure.
    /// let model = ContractModel::sbg([3.80, 15.20])?;
    /// let ten_percent = PeriodDiscount::per_period("0.1".parse()?)?;
    /// let worth = [0, 1, 2, 3, 4].map(|renewals| model.discounted_renewals(renewals, ten_percent, When::AboutToRenew).value);
    /// assert_eq!(worth.map(|w| format!("{w:.2}")), ["3.31", "3.45", "3.59", "3.72", "3.84"]);
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[doc(alias = "DERL")]
    #[doc(alias = "discounted expected residual lifetime")]
    pub fn discounted_renewals(&self, renewals: u32, discount: PeriodDiscount, when: When) -> Sum {
        let d = discount.d();
        let Sum { value, error } = match self.family() {
            ContractFamily::ShiftedBetaGeometric => Sum { value: self.left(renewals).discounted_run(d), error: 0.0 },
            ContractFamily::BetaDiscreteWeibull => self.series(renewals, d, Weight::One),
        };
        let now = match when {
            When::JustRenewed => 1.0,
            When::AboutToRenew => 1.0 + d,
        };
        Sum { value: value * now, error: error * now }
    }

    /// By how many percent the [discounted renewals](ContractModel::discounted_renewals) of a customer rise, whichever [`When`], if at each
    /// renewal to come every customer's own probability to make it rises by one percent of itself: the retention elasticity of the residual
    /// value. It is the mean distance of the discounted renewals in periods, and so at least 1. Where a payment just made is counted too,
    /// the elasticity of `1 + V` is this times `V/(1 + V)`, with V the discounted renewals of [`When::JustRenewed`].
    ///
    /// One retention rate r for all customers gives (1 + d)/(1 + d − r), which is less: they who stay long weigh more (Fader and Hardie
    /// 2010).
    ///
    /// ```
    /// use customer_value::value::lifetime::{PeriodDiscount, contract::ContractModel};
    ///
    /// let ten_percent = PeriodDiscount::per_period("0.1".parse()?)?;
    /// let model = ContractModel::sbg([3.80, 15.20])?;
    /// let [new, old] = [0, 4].map(|renewals| model.retention_elasticity(renewals, ten_percent).value);
    /// assert!(new > 1.1 / (1.1 - model.retention(0)) && old > new);
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[doc(alias = "留存弹性")]
    pub fn retention_elasticity(&self, renewals: u32, discount: PeriodDiscount) -> Sum {
        let [all, far] = [Weight::One, Weight::Distance].map(|weight| self.series(renewals, discount.d(), weight));
        if all.value > 0.0 {
            let value = (far.value / all.value).max(1.0);
            Sum { value, error: (far.error + value * all.error) / all.value }
        } else {
            // Next to nothing, and all of it at the next renewal.
            Sum { value: 1.0, error: 0.0 }
        }
    }

    /// What the data say of the chance θ of a customer with so many renewals behind them. In sBG it is the chance to leave at the next; in
    /// beta-discrete-Weibull that to have left at the first.
    pub fn learned(&self, renewals: u32) -> Posterior {
        let part = match self.chance().0 {
            Spread::Varied(a, b) => Part::Beta(a, b + libm::pow(renewals.into(), self.power()).min(1e100)),
            Spread::Alike(theta) => Part::Point(theta),
        };
        Posterior(Mixture { parts: vec![(1.0, part)] })
    }

    /// The chance to leave, of those who are left after so many renewals with one chance at each.
    fn left(&self, renewals: u32) -> Beta {
        Beta::of(self.chance()).after(0.0, renewals.into())
    }

    /// `Σ S(n + k)/S(n)/(1 + d)ᵏ` over k from 1, each with a weight: the first terms one by one, the rest by an integral. Where the terms
    /// fall, the rest is at most the integral from the last of them on, and at least that less the last one; the middle of both is taken.
    /// Terms that first rise differ from the integral by no more than the highest of them.
    fn series(&self, renewals: u32, d: f64, weight: Weight) -> Sum {
        const MOST: u32 = 20_000;
        const ENOUGH: f64 = 1e-13;
        /// Relative error of the integral.
        const INTEGRAL: f64 = 1e-9;
        let (n, rate) = (f64::from(renewals), libm::log1p(d));
        let by_distance = weight == Weight::Distance;
        let log_term = |k: f64| self.ln_staying(n, k) - rate * k + if by_distance { libm::log(k) } else { 0.0 };
        // Beyond, the terms fall.
        let top = if by_distance { 1.0 / rate } else { 0.0 };
        let (mut sum, mut k, mut term) = (0.0, 0, 1.0);
        while k < MOST && (term > ENOUGH * sum || f64::from(k) < top) {
            k += 1;
            term = libm::exp(log_term(k.into()));
            sum += term;
        }
        let last = f64::from(k);
        let scale = if rate > 0.0 { (last + n).min(1.0 / rate) } else { last + n };
        let rest = if term > 0.0 { libm::exp(ln_integral_to_infinity(|t| log_term(last + t), scale)) } else { 0.0 };
        // No later term exceeds this one with all who are there at the last staying until the top.
        let highest = if last < top { term * (top / last) * libm::exp(rate * last - 1.0) } else { term / 2.0 };
        Sum { value: sum + (rest - term / 2.0).max(0.0), error: highest + INTEGRAL * rest }
    }
}
