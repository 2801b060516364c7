//! What a customer does who may drop out at a purchase, or never.

use super::{
    Dropout, PurchaseModel, Summary,
    chance::{Chance, Odds},
    course::{Course, Learned},
    events::Events,
    expectation::{mean_purchases, staying},
    hidden::weights,
    living::BLOCK,
    mixture::{Mixture, Part},
    perpetual::Perpetuity,
    rhythm::Rhythm,
};
use crate::numeric;
use alloc::{vec, vec::Vec};
use core::num::NonZeroU8;

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

/// A model in days, made ready for customers.
#[derive(Clone, Copy, Debug)]
pub(super) struct CoinModel {
    /// Mean and dispersion of all customers' rates, and the reciprocal of the latter.
    m: f64,
    phi: f64,
    shape: f64,
    regularity: NonZeroU8,
    /// Purchases before the repeats that may have been the last: none or one.
    first: f64,
    chance: Chance,
    odds: Odds,
}

impl CoinModel {
    pub(super) fn of(model: &PurchaseModel) -> CoinModel {
        let first = matches!(model.dropout(), Dropout::AtPurchases { first: true, .. });
        let (phi, chance) = (model.purchases().dispersion(), Chance::of(model.dropout()));
        CoinModel {
            m: model.purchases().mean() / model.unit().in_days(),
            phi,
            shape: 1.0 / phi,
            regularity: model.regularity(),
            first: u8::from(first).into(),
            chance,
            odds: chance.odds(),
        }
    }

    /// Whether every purchase is an event: then the future does not depend on the time since the last.
    #[inline]
    pub(super) fn at_random(&self) -> bool {
        self.regularity == NonZeroU8::MIN
    }

    /// Events up to the last purchase.
    #[inline]
    fn events(&self, customer: Summary) -> f64 {
        f64::from(self.regularity.get()) * f64::from(customer.x())
    }

    /// Purchases that may have been the last.
    #[inline]
    fn chances(&self, customer: Summary) -> f64 {
        f64::from(customer.x()) + self.first
    }

    /// The probabilities of hidden events, and the logarithm of their sum.
    fn hidden(&self, customer: Summary) -> (Vec<f64>, f64) {
        let (since, t) = (customer.days_since_last().into(), customer.t_days().into());
        weights(self.regularity, self.events(customer), since, self.m, self.phi, t)
    }

    pub(super) fn alive(&self, customer: Summary) -> f64 {
        if self.chances(customer) <= 0.0 || self.chance == Chance::Never {
            return 1.0;
        }
        let log_hidden = if self.at_random() { 0.0 } else { self.hidden(customer).1 };
        self.alive_despite_chances(customer, log_hidden)
    }

    /// Of a customer who had a chance to drop out. Without a branch that the customer decides, and in line, or the compiler would not work
    /// out two of them at a time.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn alive_despite_chances(&self, customer: Summary, log_hidden: f64) -> f64 {
        let [since, t_x] = [customer.days_since_last(), customer.t_x_days()].map(f64::from);
        // (r + n) ln[(α + T)/(α + t_x)]
        let since = self.m * since / (1.0 + self.phi * self.m * t_x);
        let silence = if self.phi > 0.0 { (self.shape + self.events(customer)) * numeric::ln_1p(self.phi * since) } else { since };
        1.0 / (1.0 + self.odds.of(self.chances(customer)) * numeric::exp(silence - log_hidden))
    }

    /// Of many, if purchases come at random: the same numbers. Those who had a chance to drop out are brought together first.
    pub(super) fn alive_side_by_side<T>(&self, customers: &[(Summary, T)], alive: &mut [f64; BLOCK]) {
        *alive = [1.0; BLOCK];
        if self.chance == Chance::Never {
            return;
        }
        let (mut places, mut asked, mut count) = ([0; BLOCK], [Summary::NEW; BLOCK], 0);
        for (place, (customer, _)) in customers.iter().enumerate().take(BLOCK) {
            (places[count], asked[count]) = (place, *customer);
            count += usize::from(self.chances(*customer) > 0.0);
        }
        let mut found = [0.0; BLOCK];
        for (found, customer) in found.iter_mut().zip(&asked[..count]) {
            *found = self.alive_despite_chances(*customer, 0.0);
        }
        for (place, found) in places.iter().zip(&found[..count]) {
            alive[*place] = *found;
        }
    }

    pub(super) fn future(&self, customer: Summary) -> CoinOutlook {
        let CoinModel { m, phi, chance, .. } = *self;
        let learned = 1.0 + phi * self.events(customer);
        CoinOutlook {
            rate: m * learned / (1.0 + phi * m * f64::from(customer.t_days())),
            dispersion: phi / learned,
            hidden: self.hidden(customer).0,
            chance: chance.after(self.chances(customer)),
        }
    }

    /// Gamma and beta distributions with the parameters of a customer who is alive, for every number of hidden events, or of one who is
    /// gone since the last purchase.
    pub(super) fn learned(&self, customer: Summary, alive: f64) -> Learned {
        let CoinModel { m, phi, chance, .. } = *self;
        let (n, chances) = (self.events(customer), self.chances(customer));
        let [t_x, t] = [customer.t_x_days(), customer.t_days()].map(f64::from);
        let (hidden, _) = self.hidden(customer);
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
}

impl CoinOutlook {
    /// The events of the process in so many days.
    fn events(&self, days: f64) -> Events {
        Events { mean: self.rate * days, dispersion: self.dispersion }
    }

    /// The purchases of so many days.
    fn rhythm(&self, days: f64) -> Rhythm<'_> {
        Rhythm::new(if self.hidden.is_empty() { &[1.0] } else { &self.hidden }, self.events(days))
    }
}

impl Course for CoinOutlook {
    fn purchases(&self, days: f64) -> f64 {
        if self.hidden.is_empty() {
            return mean_purchases(self.events(days), self.chance);
        }
        self.rhythm(days).purchases(self.chance)
    }

    /// Where nobody drops out and purchases come at random, an annuity; and without end.
    fn discounted(&self, delta: f64, days: f64) -> Option<f64> {
        let &CoinOutlook { rate, dispersion, chance, .. } = self;
        if self.hidden.is_empty() && chance == Chance::Never {
            return Some(rate * -libm::expm1(-delta * days) / delta);
        }
        let hidden = if self.hidden.is_empty() { &[1.0] } else { &self.hidden[..] };
        days.is_infinite().then(|| Perpetuity { rate, dispersion, hidden, chance }.discounted(delta))
    }

    /// The rate of those who do not buy falls as 1/(1 + `slowing`·t), by the day.
    /// In a regular rhythm they come up to it over the first purchases.
    fn slowing(&self) -> f64 {
        let mut slowing = self.rate * self.dispersion;
        if !self.hidden.is_empty() {
            let k = self.hidden.iter().fold(0.0, |k, _| k + 1.0);
            slowing = slowing.max(self.rate / k);
        }
        slowing
    }

    fn exactly(&self, n: u32, days: f64) -> f64 {
        self.rhythm(days).exactly(n.into(), self.chance).min(1.0)
    }

    fn at_least(&self, n: f64, days: f64) -> f64 {
        self.rhythm(days).at_least(n, self.chance).min(1.0)
    }

    fn any(&self, days: f64) -> f64 {
        if self.hidden.is_empty() {
            return -libm::expm1(-self.events(days).thinning(1.0));
        }
        self.rhythm(days).any().min(1.0)
    }

    fn staying(&self, days: f64) -> f64 {
        if self.hidden.is_empty() {
            return staying(self.events(days), self.chance);
        }
        self.rhythm(days).staying(self.chance).min(1.0)
    }

    /// `E[1/p]` purchases.
    fn mean_life(&self) -> f64 {
        self.rhythm(1.0).mean_wait(self.chance.purchases())
    }
}
