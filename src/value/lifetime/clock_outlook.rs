//! What a customer does who drops out in the course of time.

use super::{
    PurchaseModel, Summary,
    course::{Course, Learned},
    events::Events,
    in_time::{InTime, lapse},
    mixture::{Mixture, Part},
    pareto::Pareto,
};
use crate::numeric::{ln_integral, ln_rising, scaled_exponential_integral_to};
use alloc::vec::Vec;

/// A customer who still is one, as a new customer of a base that has learned from their history: they have bought as often as customers do
/// at the new rates, and outlived what others did not. All times are in days.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ClockOutlook(InTime);

/// A model in days, made ready for customers.
#[derive(Clone, Copy, Debug)]
pub(super) struct ClockModel {
    base: InTime,
    closed: Option<Pareto>,
}

impl ClockModel {
    pub(super) fn of(model: &PurchaseModel) -> ClockModel {
        let (unit, [mu, psi, b]) = (model.unit().in_days(), model.hazard());
        let (m, phi) = (model.purchases().mean() / unit, model.purchases().dispersion());
        let base = InTime { m, phi, mu: mu / unit, psi, b: b / unit };
        ClockModel { base, closed: Pareto::of(&base) }
    }

    /// The probability of still being a customer after x purchases, the last at `t_x`, up to T.
    pub(super) fn alive(&self, customer: Summary) -> f64 {
        let [x, t_x, t] = numbers(customer);
        if t_x >= t {
            return 1.0;
        }
        let since = self.base.after(x, t_x);
        let still = libm::exp(-since.still(t - t_x));
        match self.closed.and_then(|p| Some([p.dropout_first(x, t_x)?, p.dropout_first(x, t)?])) {
            Some([then, now]) => (still / (then + still * (1.0 - now))).min(1.0),
            None => still / (still + since.gone(t - t_x).iter().map(|(_, weight)| weight).sum::<f64>()),
        }
    }

    pub(super) fn future(&self, customer: Summary) -> ClockOutlook {
        let [x, _, t] = numbers(customer);
        ClockOutlook(self.base.after(x, t))
    }

    /// A customer who is alive has bought x times in T; one who dropped out at τ has in τ, and their hazard has come to pass.
    pub(super) fn learned(&self, customer: Summary, alive: f64) -> Learned {
        let (base, [x, t_x, t]) = (&self.base, numbers(customer));
        let (mut rate, mut hazard) = (Vec::new(), Vec::new());
        let mut add = |weight: f64, t: f64, events: f64| {
            rate.push((weight, part(base.m, base.phi, x, t)));
            hazard.push((weight, part(base.mu, base.psi, events, base.age(t))));
        };
        add(alive, t, 0.0);
        let gone = base.after(x, t_x).gone(t - t_x);
        let all: f64 = gone.iter().map(|(_, weight)| weight).sum();
        if all > 0.0 {
            for (at, weight) in gone {
                add((1.0 - alive) * (weight / all), t_x + at, 1.0);
            }
        }
        Learned { rate: Mixture { parts: rate }, dropout: Some(Mixture { parts: hazard }) }
    }
}

fn numbers(customer: Summary) -> [f64; 3] {
    [customer.x(), customer.t_x_days(), customer.t_days()].map(f64::from)
}

/// What is known of a gamma-distributed rate of events after so many in an exposure.
fn part(mean: f64, dispersion: f64, events: f64, exposure: f64) -> Part {
    if dispersion > 0.0 { Part::Gamma(1.0 / dispersion + events, 1.0 / (dispersion * mean) + exposure) } else { Part::Point(mean) }
}

impl InTime {
    /// The times at which a new customer who does not buy may drop out, with the share of those who do.
    fn gone(&self, t: f64) -> Vec<(f64, f64)> {
        let (mut points, mut sum): (Vec<(f64, f64)>, f64) = (Vec::new(), 0.0);
        for piece in self.pieces(0.0, 0.0, t) {
            for (at, width) in piece.points() {
                let weight = width * self.hazard(at) * libm::exp(-self.still(at));
                sum += weight;
                points.push((at, weight));
            }
            // No more than this is left.
            if libm::exp(-self.still(piece.high)) < 1e-17 * sum {
                break;
            }
        }
        points
    }

    /// The integral of a function that falls as the share of those who have neither bought nor dropped out, up to a time, which may be
    /// infinite.
    fn total(&self, to: f64, f: impl Fn(f64) -> f64) -> f64 {
        let mut sum = 0.0;
        for piece in self.pieces(0.0, 0.0, to) {
            sum += piece.points().map(|(at, width)| width * f(at)).sum::<f64>();
            let (now, last) = (self.hazard(piece.high), self.b / self.psi);
            // The hazard goes from one to the other; where everybody has the same, it grows without limit.
            let rest = (to - piece.high).min(1.0 / if self.psi > 0.0 { now.min(last) } else { now });
            if rest * libm::exp(-self.still(piece.high)) < 1e-17 * sum {
                break;
            }
        }
        sum
    }
}

impl Course for ClockOutlook {
    /// The mean rate, for as long as a customer is expected to be one within that time.
    fn purchases(&self, days: f64) -> f64 {
        self.0.m * self.within(days)
    }

    /// The mean rate times `∫ e^(−δt) S(t) dt`. For Pareto/NBD, where S is `(1 + ψμt)^(−1/ψ)`, it is an exponential integral (Fader, Hardie
    /// and Lee 2005); with ageing, e^(−δt) S is the share of those who have done neither of two things, one of them at the rate δ.
    fn discounted(&self, delta: f64, days: f64) -> Option<f64> {
        let InTime { m, mu, psi, b, .. } = self.0;
        match (b > 0.0, psi > 0.0) {
            (true, _) => {
                let either = InTime { m: delta, phi: 0.0, ..self.0 };
                Some(m * either.total(days, |t| libm::exp(-either.still(t))))
            }
            (_, false) => Some(m * -libm::expm1(-(delta + mu) * days) / (delta + mu)),
            _ => Some(m / (psi * mu) * scaled_exponential_integral_to(1.0 / psi, delta / (psi * mu), psi * mu * days)),
        }
    }

    /// So many in the whole time, or so many up to a dropout within it.
    fn exactly(&self, n: u32, days: f64) -> f64 {
        let InTime { m, phi, .. } = self.0;
        let n = f64::from(n);
        let front = ln_rising(n, phi)[0] - libm::lgamma(n + 1.0);
        let ln_pmf = |t: f64| {
            let (log, mean) = (libm::log1p(phi * m * t), m * t);
            front - lapse(mean, phi) + if n > 0.0 { n * (libm::log(mean) - log) } else { 0.0 }
        };
        let whole = libm::exp(ln_pmf(days) - self.0.fading(days).1);
        if days <= 0.0 {
            return if n > 0.0 { 0.0 } else { 1.0 };
        }
        let gone = ln_integral(|t| ln_pmf(t) - self.0.fading(t).1 + libm::log(self.0.hazard(t)), 0.0, days);
        (whole + libm::exp(gone)).min(1.0)
    }

    /// So many in the whole time, or in the time up to a dropout within it.
    fn at_least(&self, n: f64, days: f64) -> f64 {
        let InTime { m, phi, .. } = self.0;
        let at_least = |t: f64| Events { mean: m * t, dispersion: phi }.tails(n).1;
        let whole = at_least(days) * self.0.staying(days);
        let gone = |t: f64| libm::log(at_least(t)) - self.0.fading(t).1 + libm::log(self.0.hazard(t));
        (whole + libm::exp(ln_integral(gone, 0.0, days))).min(1.0)
    }

    /// The first purchase comes while they are still one.
    fn any(&self, days: f64) -> f64 {
        let first = |t: f64| self.0.rate(0.0, t) * libm::exp(-self.0.still(t));
        self.0.total(days, first).min(1.0)
    }

    fn staying(&self, days: f64) -> f64 {
        self.0.staying(days)
    }

    fn mean_life(&self) -> f64 {
        if self.0.b > 0.0 || self.0.psi < 1.0 { self.within(f64::INFINITY) } else { f64::INFINITY }
    }
}

impl ClockOutlook {
    /// The mean time for which they are a customer within so many days: `∫ S(t) dt`. For Pareto/NBD (without ageing)
    /// `(1 − exp(−(1 − ψ)L))/((1 − ψ)μ)` with `L = ln(1 + ψμt)/ψ`, also where everybody has one hazard, and where its mean is infinite.
    fn within(&self, days: f64) -> f64 {
        let InTime { mu, psi, b, .. } = self.0;
        if b > 0.0 {
            let buying_or_not = InTime { m: 0.0, ..self.0 };
            return buying_or_not.total(days, |t| self.0.staying(t));
        }
        let (rest, fading) = (1.0 - psi, lapse(mu * days, psi));
        if rest.abs() < 1e-300 { fading / mu } else { -libm::expm1(-rest * fading) / rest / mu }
    }
}
