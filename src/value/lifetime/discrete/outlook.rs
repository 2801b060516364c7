use super::{BgBb, Opportunities};
use crate::{
    quantity::Confidence,
    value::lifetime::{PeriodDiscount, Posterior, Prediction, beta::Beta, mixture::Mixture, prediction::range_up_to},
};
use alloc::vec::Vec;

/// What the model expects of a customer after the last opportunity observed, whether they are known or new. The future of a customer who
/// is still one has the shape of a new customer's, with what was learned of their chances; all that is said here takes into account that
/// they may be gone. Horizons are numbers of opportunities.
///
/// ```
/// use customer_value::{quantity::Confidence, value::lifetime::{PeriodDiscount, discrete::{BgBb, Opportunities}}};
///
/// let model = BgBb::of([1.204, 0.750, 0.657, 2.783])?;
/// let donor = model.outlook(Opportunities::new(4, 5, 6)?);
/// let five_years = donor.prediction(5, Confidence::P90);
/// assert_eq!((five_years.low(), five_years.high()), (0, 5));
/// // A gift of 1 each time is worth as much, at 10 % a year.
/// let worth = donor.discounted_purchases(PeriodDiscount::per_period("0.1".parse()?)?);
/// assert_eq!(format!("{worth:.2}"), "3.20");
/// assert_eq!(format!("{:.2}", model.outlook(Opportunities::NEW).purchases(6)), "2.22");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    model: BgBb,
    customer: Opportunities,
    alive: f64,
    /// The chances of the customer if they are still one: to buy, and to drop out.
    pub(super) bought: Beta,
    pub(super) dropout: Beta,
}

impl BgBb {
    /// What is expected of a customer after these opportunities; of one who has just become one with [`Opportunities::NEW`].
    pub fn outlook(&self, customer: Opportunities) -> Outlook {
        let (x, n) = (f64::from(customer.x()), f64::from(customer.n()));
        let (bought, dropout) = (Beta::of(self.purchases()).after(x, n - x), self.theta().after(0.0, n));
        let mut outlook = Outlook { model: *self, customer, alive: 1.0, bought, dropout };
        let histories = outlook.histories();
        outlook.alive = histories.first().map_or(1.0, |(weight, ..)| *weight);
        outlook
    }
}

impl Outlook {
    /// Every way in which the customer may have come to the opportunities observed: how probable it is, and what it makes of their chances.
    /// First the one in which they are still a customer, then those in which they dropped out after y opportunities.
    fn histories(&self) -> Vec<(f64, Beta, Beta)> {
        let (p, theta) = (Beta::of(self.model.purchases()), self.model.theta());
        let [x, t_x, n] = [self.customer.x(), self.customer.t_x(), self.customer.n()];
        let (x, n) = (f64::from(x), f64::from(n));
        let mut all = Vec::with_capacity(1 + usize::from(self.customer.since_last()));
        all.push((p.ln_run(x, n - x) + theta.ln_run(0.0, n), self.bought, self.dropout));
        for y in (t_x..self.customer.n()).map(f64::from).filter(|_| theta.yes > 0.0) {
            all.push((p.ln_run(x, y - x) + theta.ln_run(1.0, y), p.after(x, y - x), theta.after(1.0, y)));
        }
        let top = all.iter().fold(f64::NEG_INFINITY, |top, (log, ..)| top.max(*log));
        let mut sum = 0.0;
        for (log, ..) in &mut all {
            *log = libm::exp(*log - top);
            sum += *log;
        }
        for (weight, ..) in &mut all {
            *weight /= sum;
        }
        all
    }

    /// The model that says so.
    pub const fn model(&self) -> &BgBb {
        &self.model
    }

    /// The customer that it is about.
    pub const fn customer(&self) -> Opportunities {
        self.customer
    }

    /// The probability that the customer is still one after the last opportunity observed; 1 if they took it. It falls with every
    /// opportunity let pass.
    #[doc(alias = "存活概率")]
    #[doc(alias = "P(alive)")]
    pub const fn alive(&self) -> f64 {
        self.alive
    }

    /// The probability that the customer is still one at so many more opportunities. Fader, Hardie and Shang tabulate it at 1, as P(alive
    /// at n + 1).
    pub fn alive_after(&self, opportunities: u16) -> f64 {
        self.alive * libm::exp(self.dropout.ln_run(0.0, opportunities.into()))
    }

    /// The number of purchases expected at so many more opportunities.
    #[doc(alias = "conditional expected transactions")]
    pub fn purchases(&self, opportunities: u16) -> f64 {
        self.alive * self.bought.yes * self.dropout.run_of_at_most(opportunities)
    }

    /// The number of purchases expected at all opportunities to come, each discounted by its distance from the last one observed: DERT. A
    /// purchase at the next counts 1/(1 + d).
    #[doc(alias = "DERT")]
    #[doc(alias = "discounted expected residual transactions")]
    pub fn discounted_purchases(&self, discount: PeriodDiscount) -> f64 {
        self.alive * self.bought.yes * self.dropout.discounted_run(discount.d())
    }

    /// The same for no more than so many opportunities.
    pub fn discounted_purchases_within(&self, opportunities: u16, discount: PeriodDiscount) -> f64 {
        self.alive * self.bought.yes * self.dropout.discounted_run_of_at_most(opportunities, discount.d())
    }

    /// The probability of exactly so many purchases at so many more opportunities. The time it takes grows with the opportunities.
    pub fn exactly(&self, purchases: u32, opportunities: u16) -> f64 {
        let of_customer = self.alive * self.exactly_of_customer(purchases, opportunities);
        if purchases == 0 { (of_customer + (1.0 - self.alive)).min(1.0) } else { of_customer }
    }

    /// The same for a customer who is still one: the sum over how long they stay, of the probability to buy so many times meanwhile.
    fn exactly_of_customer(&self, purchases: u32, opportunities: u16) -> f64 {
        let (k, n) = (f64::from(purchases), f64::from(opportunities));
        if k > n {
            return 0.0;
        }
        let Beta { no, dispersion, .. } = self.bought;
        let Beta { yes: leaving, no: staying, dispersion: apart } = self.dropout;
        // Of k purchases in i opportunities, and of staying for i of them.
        let (mut i, mut bought, mut stayed) = (k, self.bought.ln_run(k, 0.0), self.dropout.ln_run(0.0, k));
        let mut sum = 0.0;
        while i < n {
            sum += libm::exp(bought + stayed) * (leaving / (1.0 + i * apart));
            bought += libm::log((i + 1.0) / (i + 1.0 - k) * ((no + (i - k) * dispersion) / (1.0 + i * dispersion)));
            stayed += libm::log((staying + i * apart) / (1.0 + i * apart));
            i += 1.0;
        }
        (sum + libm::exp(bought + stayed)).min(1.0)
    }

    /// The probability of one purchase or more at so many more opportunities.
    pub fn at_least_one(&self, opportunities: u16) -> f64 {
        let Beta { yes, no, dispersion } = self.bought;
        // Of letting pass all before.
        let mut passed = 1.0;
        let first = self.dropout.runs(opportunities).map(|(k, staying)| {
            let first = passed * staying * (yes / (1.0 + (k - 1.0) * dispersion));
            passed *= (no + (k - 1.0) * dispersion) / (1.0 + (k - 1.0) * dispersion);
            first
        });
        self.alive * first.sum::<f64>().min(1.0)
    }

    /// How many purchases to expect at so many more opportunities, and the range in which their number lies with at least this
    /// probability: what chance leaves open even if the model were known for sure. The time it takes grows with the square of the
    /// opportunities.
    pub fn prediction(&self, opportunities: u16, confidence: Confidence) -> Prediction {
        range_up_to(opportunities, self.purchases(opportunities), confidence, |n| self.exactly(n, opportunities))
    }

    /// The number of opportunities for which a customer who is still one is expected to remain one: δ/(γ − 1) with what was learned of
    /// them. `None` where it is infinite: nobody drops out, or a few stay so long (γ ≤ 1).
    pub fn mean_lifetime(&self) -> Option<f64> {
        Some(self.dropout.mean_run()).filter(|run| run.is_finite())
    }

    /// What the data say of the customer's own chance to buy at an opportunity (while they are a customer), whether they are still one or
    /// not.
    pub fn chance(&self) -> Posterior {
        let parts = self.histories().into_iter().map(|(weight, bought, _)| (weight, bought.part()));
        Posterior(Mixture { parts: parts.collect() })
    }

    /// What the data say of the customer's own chance to drop out before an opportunity; `None` where nobody drops out.
    pub fn dropout(&self) -> Option<Posterior> {
        self.model.dropout()?;
        let parts = self.histories().into_iter().map(|(weight, _, dropout)| (weight, dropout.part()));
        Some(Posterior(Mixture { parts: parts.collect() }))
    }
}
