use super::{
    Dropout, PurchaseModel, Summary,
    clock_outlook::{ClockModel, ClockOutlook},
    coin_outlook::{CoinModel, CoinOutlook},
    course::{Course, Learned},
    memo::Key,
    mixture::Mixture,
    prediction::{Prediction, range},
};
use crate::quantity::Confidence;

/// What a model expects of a customer from the day of observation on, whether they are known or new. The future of a customer who is still
/// one has the shape of a new customer's, with what was learned of their rate and their dropout; all that is said here takes into account
/// that they may be gone.
///
/// ```
/// use customer_value::{quantity::Confidence, value::lifetime::{PurchaseModel, Summary, TimeUnit}};
///
/// // As published for CDNOW, in weeks.
/// let model = PurchaseModel::pareto_nbd([0.553, 10.578, 0.606, 11.669], TimeUnit::WEEK)?;
/// let outlook = model.outlook(Summary::new(2, 213, 272)?);
/// let year = outlook.prediction(365, Confidence::P90);
/// assert_eq!((year.low(), year.high()), (0, 6));
/// assert!(outlook.at_least_one(365) < outlook.alive() && outlook.alive_after(365) < outlook.alive());
/// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    model: PurchaseModel,
    customer: Summary,
    alive: f64,
    future: Future,
}

/// What a customer does who is still one.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Future {
    Coin(CoinOutlook),
    Clock(ClockOutlook),
}

/// A model made ready for customers: what depends on none of them is worked out.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ready {
    Coin(CoinModel),
    Clock(ClockModel),
}

impl Ready {
    pub(super) fn of(model: &PurchaseModel) -> Ready {
        match model.dropout() {
            Dropout::InTime { .. } => Ready::Clock(ClockModel::of(model)),
            Dropout::Never | Dropout::AtPurchases { .. } => Ready::Coin(CoinModel::of(model)),
        }
    }

    pub(super) fn alive(&self, customer: Summary) -> f64 {
        match self {
            Ready::Coin(model) => model.alive(customer),
            Ready::Clock(model) => model.alive(customer),
        }
    }

    pub(super) fn future(&self, customer: Summary) -> Future {
        match self {
            Ready::Coin(model) => Future::Coin(model.future(customer)),
            Ready::Clock(model) => Future::Clock(model.future(customer)),
        }
    }

    /// What of a history the future depends on, of one who is still a customer: not on the time since the last purchase, unless that says
    /// where in their rhythm they are.
    pub(super) fn matters(&self, customer: Summary) -> Key {
        match self {
            Ready::Coin(model) if !model.at_random() => customer.into(),
            _ => (customer.x(), 0, customer.t_days()),
        }
    }
}

impl Future {
    pub(super) fn course(&self) -> &dyn Course {
        match self {
            Future::Coin(future) => future,
            Future::Clock(future) => future,
        }
    }
}

impl PurchaseModel {
    /// What is expected of a customer after the observation; of one who has just bought for the first time with [`Summary::NEW`]. For
    /// many customers, see [`outlooks`](PurchaseModel::outlooks).
    pub fn outlook(&self, customer: Summary) -> Outlook {
        let ready = Ready::of(self);
        Outlook { model: *self, customer, alive: ready.alive(customer), future: ready.future(customer) }
    }
}

impl Outlook {
    pub(super) fn course(&self) -> &dyn Course {
        self.future.course()
    }

    /// The model that says so.
    pub const fn model(&self) -> &PurchaseModel {
        &self.model
    }

    /// What was seen of the customer.
    pub const fn customer(&self) -> Summary {
        self.customer
    }

    /// The probability that the customer is still one, at the end of the observation. It falls with every day without a purchase. In
    /// BG/NBD it is 1 for a customer without repeats, because nobody drops out before.
    #[doc(alias = "存活概率")]
    #[doc(alias = "P(alive)")]
    pub const fn alive(&self) -> f64 {
        self.alive
    }

    /// The probability that the customer is still one after so many days.
    pub fn alive_after(&self, days: u32) -> f64 {
        self.alive * self.course().staying(days.into())
    }

    /// The number of purchases expected in so many days.
    ///
    /// With a regularity of k it is a sum over purchases, each of up to k events: a hundred times as dear as for purchases at random, and
    /// for hundreds of purchases at a k in the hundreds ten thousand times.
    #[doc(alias = "conditional expected transactions")]
    pub fn purchases(&self, days: u32) -> f64 {
        self.alive * self.course().purchases(days.into())
    }

    /// The probability of exactly so many purchases in so many days. With a regularity of k its cost grows with k²: at 255 it is about a
    /// thousand times that at 1.
    pub fn exactly(&self, purchases: u32, days: u32) -> f64 {
        let of_customer = self.alive * self.course().exactly(purchases, days.into());
        if purchases == 0 { (of_customer + (1.0 - self.alive)).min(1.0) } else { of_customer }
    }

    /// The probability of one purchase or more in so many days.
    pub fn at_least_one(&self, days: u32) -> f64 {
        self.alive * self.course().any(days.into())
    }

    /// How many purchases to expect in so many days, and the range in which their number lies with at least this probability: what chance
    /// leaves open even if the model were known for sure. It asks for [`purchases`](Outlook::purchases) and for several of
    /// [`exactly`](Outlook::exactly), and costs as much as they do together.
    pub fn prediction(&self, days: u32, confidence: Confidence) -> Prediction {
        let at_least = |n: f64| self.alive * self.course().at_least(n, days.into());
        range(self.purchases(days), confidence, |n| self.exactly(n, days), at_least)
    }

    /// The days until the customer drops out, if they are still one: their mean. `None` where the mean is infinite: nobody drops out, or
    /// a few stay so long that it does not exist (s ≤ 1 or a ≤ 1, and r ≤ 1 where purchases must be waited for).
    #[doc(alias = "expected residual lifetime")]
    pub fn mean_lifetime(&self) -> Option<f64> {
        Some(self.course().mean_life()).filter(|days| days.is_finite())
    }

    /// The day by which a customer who is still one has dropped out with this probability, such as 0.5 for the median, counted from the
    /// observation; `None` unless that happens within `u32::MAX` days, and for a number that is no probability below 1.
    pub fn gone_by(&self, probability: f64) -> Option<u32> {
        let stays = |days: u32| self.course().staying(days.into()) > 1.0 - probability;
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

    /// What the data say of the customer's own rate of purchases a day (while they are a customer), whether they are still one or not.
    pub fn rate(&self) -> Posterior {
        Posterior(self.learned().rate)
    }

    /// What the data say of the customer's own hazard a day or chance to drop out at a purchase; `None` where nobody drops out.
    pub fn dropout(&self) -> Option<Posterior> {
        self.learned().dropout.map(Posterior)
    }

    fn learned(&self) -> Learned {
        match Ready::of(&self.model) {
            Ready::Coin(model) => model.learned(self.customer, self.alive),
            Ready::Clock(model) => model.learned(self.customer, self.alive),
        }
    }
}

/// The distribution of a number of one customer's own, after all that was seen of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Posterior(pub(super) Mixture);

impl Posterior {
    /// Its mean.
    pub fn mean(&self) -> f64 {
        self.0.mean()
    }

    /// Its standard deviation.
    pub fn standard_deviation(&self) -> f64 {
        libm::sqrt(self.0.variance())
    }

    /// The probability that the number is at most a value.
    pub fn at_most(&self, value: f64) -> f64 {
        if value >= 0.0 { self.0.below(value) } else { 0.0 }
    }

    /// The range that holds the number with this probability, with equal tails.
    pub fn range(&self, confidence: Confidence) -> (f64, f64) {
        let tail = confidence.tail();
        (self.0.quantile(tail), self.0.quantile(1.0 - tail))
    }
}
