//! What a customer does who may drop out at a purchase, or never.

use super::{
    Dropout, PurchaseModel, Summary,
    course::{Course, Learned},
    expectation::mean_purchases,
    mixture::{Mixture, Part},
};
use crate::numeric::ln_per_dispersion;
use alloc::vec;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct CoinOutlook {
    /// Mean purchases a day, and their dispersion, given what was seen.
    rate: f64,
    dispersion: f64,
    /// Mean chance that a purchase is the last, its complement, and the dispersion; `None` where no purchase ever is.
    chance: Option<(f64, f64, f64)>,
}

impl CoinOutlook {
    pub(super) fn of(model: &PurchaseModel, customer: Summary) -> (f64, CoinOutlook) {
        let (x, days) = (f64::from(customer.x()), f64::from(customer.t_days()));
        let (m, phi) = (model.purchases().mean() / model.unit().in_days(), model.purchases().dispersion());
        let (rate, dispersion) = (m * (1.0 + phi * x) / (1.0 + phi * m * days), phi / (1.0 + phi * x));
        let Dropout::AtPurchases { chance, first } = model.dropout() else {
            return (1.0, CoinOutlook { rate, dispersion, chance: None });
        };
        let (p, psi, k) = (chance.mean(), chance.dispersion(), x + f64::from(u8::from(first)));
        let all = 1.0 + k * psi;
        let left = (p / all, (1.0 - p + k * psi) / all, psi / all);
        let mut alive = 1.0;
        if k > 0.0 {
            let mu = m * f64::from(customer.t_x_days());
            let since = m * f64::from(customer.days_since_last()) / (1.0 + phi * mu);
            let odds = ln_per_dispersion(since, phi)[0] + x * libm::log1p(phi * since) + libm::log(p / (1.0 - p + (k - 1.0) * psi));
            alive = 1.0 / (1.0 + libm::exp(odds));
        }
        (alive, CoinOutlook { rate, dispersion, chance: Some(left) })
    }

    pub(super) fn learned(_: &PurchaseModel, _: Summary, _: f64) -> Learned {
        Learned { rate: Mixture { parts: vec![(1.0, Part::Point(0.0))] }, dropout: None }
    }
}

impl Course for CoinOutlook {
    fn purchases(&self, days: f64) -> f64 {
        let Some((p, q, psi)) = self.chance else { return self.rate * days };
        let tau = self.rate * self.dispersion * days;
        mean_purchases(1.0 / self.dispersion, p / psi, q / psi, tau)
    }

    fn exactly(&self, _: u32, _: f64) -> f64 {
        0.0
    }

    fn any(&self, _: f64) -> f64 {
        0.0
    }

    fn staying(&self, _: f64) -> f64 {
        0.0
    }

    fn mean_life(&self) -> f64 {
        0.0
    }
}
