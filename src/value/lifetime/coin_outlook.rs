//! What a customer does who may drop out at a purchase, or never.

use super::{
    Dropout, PurchaseModel, Summary,
    chance::Chance,
    course::{Course, Learned},
    events::Events,
    expectation::{mean_purchases, staying},
    hidden::weights,
    mixture::{Mixture, Part},
    rhythm::Rhythm,
};
use alloc::{vec, vec::Vec};

/// The future of a customer who is still one: a new customer's, with what was learned.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct CoinOutlook {
    /// Mean events a day, and their dispersion, given the events up to the last purchase.
    rate: f64,
    dispersion: f64,
    /// With a regularity of k, the probabilities of 0 … k − 1 events since; empty for purchases at random. Each event raises the rate.
    hidden: Vec<f64>,
    chance: Chance,
}

/// A customer in a model's terms, with times in days.
struct Seen {
    /// Mean and dispersion of all customers' rates.
    m: f64,
    phi: f64,
    /// Events up to the last purchase.
    n: f64,
    t_x: f64,
    t: f64,
    /// Purchases that may have been the last.
    chances: f64,
    chance: Chance,
}

impl Seen {
    fn of(model: &PurchaseModel, customer: Summary) -> Seen {
        let first = matches!(model.dropout(), Dropout::AtPurchases { first: true, .. });
        Seen {
            m: model.purchases().mean() / model.unit().in_days(),
            phi: model.purchases().dispersion(),
            n: f64::from(model.regularity().get()) * f64::from(customer.x()),
            t_x: customer.t_x_days().into(),
            t: customer.t_days().into(),
            chances: f64::from(customer.x()) + f64::from(u8::from(first)),
            chance: Chance::of(model.dropout()),
        }
    }
}

impl CoinOutlook {
    pub(super) fn of(model: &PurchaseModel, customer: Summary) -> (f64, CoinOutlook) {
        let Seen { m, phi, n, t_x, t, chances, chance } = Seen::of(model, customer);
        let (hidden, log_hidden) = weights(model.regularity(), n, t - t_x, m, phi, t);
        let mut alive = 1.0;
        if chances > 0.0 && chance != Chance::Never {
            let since = m * (t - t_x) / (1.0 + phi * m * t_x);
            // (r + n) ln[(α + T)/(α + t_x)]
            let silence = Events { mean: (1.0 + phi * n) * since, dispersion: phi / (1.0 + phi * n) }.thinning(1.0);
            alive = 1.0 / (1.0 + chance.odds(chances) * libm::exp(silence - log_hidden));
        }
        let rate = m * (1.0 + phi * n) / (1.0 + phi * m * t);
        (alive, CoinOutlook { rate, dispersion: phi / (1.0 + phi * n), hidden, chance: chance.after(chances) })
    }

    /// Gamma and beta distributions with the parameters of a customer who is alive, for every number of hidden events, or of one who is
    /// gone since the last purchase.
    pub(super) fn learned(model: &PurchaseModel, customer: Summary, alive: f64) -> Learned {
        let Seen { m, phi, n, t_x, t, chances, chance } = Seen::of(model, customer);
        let (hidden, _) = weights(model.regularity(), n, t - t_x, m, phi, t);
        let of_rate = |events: f64, time: f64| {
            if phi > 0.0 { Part::Gamma(1.0 / phi + events, (1.0 + phi * m * time) / (phi * m)) } else { Part::Point(m) }
        };
        let hidden = if hidden.is_empty() { vec![1.0] } else { hidden };
        let counted = hidden.iter().zip(0_u8..);
        let mut rate: Vec<(f64, Part)> = counted.map(|(weight, j)| (alive * weight, of_rate(n + f64::from(j), t))).collect();
        let mut dropout = Vec::new();
        let mut add = |weight: f64, chance: Chance| match chance {
            Chance::Never => {}
            Chance::Alike(p) => dropout.push((weight, Part::Point(p))),
            Chance::Beta(a, b) => dropout.push((weight, Part::Beta(a, b))),
        };
        add(alive, chance.after(chances));
        if alive < 1.0 {
            rate.push((1.0 - alive, of_rate(n, t_x)));
            add(1.0 - alive, chance.after(chances - 1.0).ended());
        }
        Learned { rate: Mixture { parts: rate }, dropout: (!dropout.is_empty()).then_some(Mixture { parts: dropout }) }
    }

    /// The events of the process in so many days.
    fn events(&self, days: f64) -> Events {
        Events { mean: self.rate * days, dispersion: self.dispersion }
    }

    /// The mean over the hidden events.
    fn over_hidden(&self, days: f64, f: impl Fn(Rhythm) -> f64) -> f64 {
        let all = self.events(days);
        if self.hidden.is_empty() {
            return f(Rhythm { k: 1.0, hidden: 0.0, events: all });
        }
        let (mut sum, mut k, mut j) = (0.0, 0.0, 0.0);
        self.hidden.iter().for_each(|_| k += 1.0);
        for weight in &self.hidden {
            let more = 1.0 + j * self.dispersion;
            let events = Events { mean: all.mean * more, dispersion: self.dispersion / more };
            if *weight > 0.0 {
                sum += weight * f(Rhythm { k, hidden: j, events });
            }
            j += 1.0;
        }
        sum
    }
}

impl Course for CoinOutlook {
    fn purchases(&self, days: f64) -> f64 {
        if self.hidden.is_empty() {
            return mean_purchases(self.events(days), self.chance);
        }
        self.over_hidden(days, |rhythm| rhythm.purchases(self.chance))
    }

    fn exactly(&self, n: u32, days: f64) -> f64 {
        self.over_hidden(days, |rhythm| rhythm.exactly(n.into(), self.chance)).min(1.0)
    }

    fn any(&self, days: f64) -> f64 {
        if self.hidden.is_empty() {
            return -libm::expm1(-self.events(days).thinning(1.0));
        }
        self.over_hidden(days, Rhythm::any).min(1.0)
    }

    fn staying(&self, days: f64) -> f64 {
        if self.hidden.is_empty() {
            return staying(self.events(days), self.chance);
        }
        self.over_hidden(days, |rhythm| rhythm.staying(self.chance)).min(1.0)
    }

    /// `E[1/p]` purchases of k events each, less those that are past, at `E[1/λ]` days an event.
    fn mean_life(&self) -> f64 {
        let purchases = self.chance.purchases();
        self.over_hidden(1.0, |Rhythm { k, hidden, events }| {
            let days = if events.dispersion < 1.0 { 1.0 / (events.mean * (1.0 - events.dispersion)) } else { f64::INFINITY };
            (k * purchases - hidden) * days
        })
    }
}
