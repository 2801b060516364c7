use super::mixture::Mixture;

/// What a customer does from now on who is still one. Times are in days from now, zero and more; every number is finite or infinite as
/// said, never NaN, and probabilities lie between 0 and 1.
pub(super) trait Course {
    /// Expected purchases.
    fn purchases(&self, days: f64) -> f64;

    /// Expected purchases up to a time that may be infinite, each times e^(−δt), where there is a closed form; δ is above zero.
    fn discounted(&self, _delta: f64, _days: f64) -> Option<f64> {
        None
    }

    /// Expected purchases are a smooth function of `ln(1 + slowing·t)`, or of t where it is 0: per day.
    fn slowing(&self) -> f64 {
        0.0
    }

    /// The probability of exactly so many purchases.
    fn exactly(&self, n: u32, days: f64) -> f64;

    /// The probability of so many purchases and more, one at least.
    fn at_least(&self, n: f64, days: f64) -> f64;

    /// The probability of one purchase or more, without a difference to 1.
    fn any(&self, days: f64) -> f64;

    /// The probability of still being a customer then.
    fn staying(&self, days: f64) -> f64;

    /// Expected days until dropout; infinite where nobody drops out or the mean does not exist.
    fn mean_life(&self) -> f64;
}

/// What the data say of one customer's own rate and dropout, whether they are still one or not.
pub(super) struct Learned {
    /// Of the rate of purchases (events, with a regularity above 1) a day.
    pub(super) rate: Mixture,
    /// Of the hazard a day (at the first purchase) or the chance at a purchase; `None` where nobody drops out.
    pub(super) dropout: Option<Mixture>,
}
