use super::{Dropout, PurchaseModel, Summary, clock_outlook::ClockOutlook, coin_outlook::CoinOutlook};

/// What a model expects of a customer from the day of observation on, whether they are known or new. The future of a customer who is still
/// one has the shape of a new customer's, with what was learned of their rate and their dropout; what is said here takes into account
/// that they may be gone.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    alive: f64,
    future: Future,
}

/// What a customer does who is still one. Times are in days from now.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Future {
    Coin(CoinOutlook),
    Clock(ClockOutlook),
}

impl PurchaseModel {
    /// What is expected of a customer after the observation; of one who has just bought for the first time with [`Summary::NEW`].
    pub fn outlook(&self, customer: Summary) -> Outlook {
        match self.dropout() {
            Dropout::InTime { hazard, ageing } => {
                let (alive, future) = ClockOutlook::of(self, hazard, ageing, customer);
                Outlook { alive, future: Future::Clock(future) }
            }
            Dropout::Never | Dropout::AtPurchases { .. } => {
                let (alive, future) = CoinOutlook::of(self, customer);
                Outlook { alive, future: Future::Coin(future) }
            }
        }
    }
}

impl Outlook {
    /// The probability that the customer is still one, at the end of the observation. It falls with every day without a purchase. In
    /// BG/NBD it is 1 for a customer without repeats, because nobody drops out before.
    #[doc(alias = "存活概率")]
    #[doc(alias = "P(alive)")]
    pub const fn alive(&self) -> f64 {
        self.alive
    }

    /// The number of purchases expected in so many days.
    #[doc(alias = "conditional expected transactions")]
    pub fn purchases(&self, days: u32) -> f64 {
        let days = f64::from(days);
        self.alive
            * match &self.future {
                Future::Coin(future) => future.purchases(days),
                Future::Clock(future) => future.purchases(days),
            }
    }
}
