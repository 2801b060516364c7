use super::{LifetimeError, Outlook, course::Course};
use crate::{
    money::Ratio,
    numeric::{integral, ln_integral_singular},
    value::economics::Timing,
};
use core::num::NonZeroU32;
use serde::{Deserialize, Serialize};

/// An effective rate of discount: by how much less a coin is worth a year, or so many days, later. What it is per day, and continuously,
/// is worked out here and nowhere else.
///
/// ```
/// use customer_value::value::lifetime::DiscountRate;
///
/// let yearly = DiscountRate::annual_365("0.1".parse()?)?;
/// assert!((yearly.factor(365.0) * 1.1 - 1.0).abs() < 1e-15);
/// assert!(DiscountRate::annual_365("-0.1".parse()?).is_err());
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "折现率")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "RateWire", into = "RateWire")]
pub struct DiscountRate {
    rate: Ratio,
    period: RatePeriod,
}

/// What a rate of discount is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RatePeriod {
    /// A year of 365 days (actual/365).
    Year365,
    /// A year of 365¼ days (actual/365.25).
    Year36525,
    /// So many days.
    Days(NonZeroU32),
}

impl DiscountRate {
    /// A rate of 0 and more: 0.1 for 10 %.
    ///
    /// # Errors
    /// [`LifetimeError::BadDiscount`] for −0.1.
    pub fn new(rate: Ratio, period: RatePeriod) -> Result<DiscountRate, LifetimeError> {
        if rate < Ratio::ZERO { Err(LifetimeError::BadDiscount(rate)) } else { Ok(DiscountRate { rate, period }) }
    }

    /// A rate per year of 365 days.
    ///
    /// # Errors
    /// As [`new`](DiscountRate::new).
    pub fn annual_365(rate: Ratio) -> Result<DiscountRate, LifetimeError> {
        DiscountRate::new(rate, RatePeriod::Year365)
    }

    /// A rate per year of 365¼ days.
    ///
    /// # Errors
    /// As [`new`](DiscountRate::new).
    pub fn annual_365_25(rate: Ratio) -> Result<DiscountRate, LifetimeError> {
        DiscountRate::new(rate, RatePeriod::Year36525)
    }

    /// The rate, exactly.
    pub const fn rate(&self) -> Ratio {
        self.rate
    }

    /// What it is for.
    pub const fn period(&self) -> RatePeriod {
        self.period
    }

    /// The continuous rate per day δ: a coin is worth e^(−δt) after t days.
    pub fn per_day(&self) -> f64 {
        let days = match self.period {
            RatePeriod::Year365 => 365.0,
            RatePeriod::Year36525 => 365.25,
            RatePeriod::Days(days) => f64::from(days.get()),
        };
        libm::log1p(self.rate.to_f64()) / days
    }

    /// What a coin is worth that comes after so many days.
    pub fn factor(&self, days: f64) -> f64 {
        libm::exp(-self.per_day() * days)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "DiscountRate")]
struct RateWire {
    rate: Ratio,
    period: RatePeriod,
}

impl TryFrom<RateWire> for DiscountRate {
    type Error = LifetimeError;

    fn try_from(w: RateWire) -> Result<DiscountRate, LifetimeError> {
        DiscountRate::new(w.rate, w.period)
    }
}

impl From<DiscountRate> for RateWire {
    fn from(d: DiscountRate) -> RateWire {
        RateWire { rate: d.rate, period: d.period }
    }
}

/// When what customers pay is thought to fall due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum FallsDue {
    /// At the moment of the purchase.
    AsTheyOccur,
    /// All purchases of a period at once.
    InPeriods {
        /// The length of a period in days; periods are counted from now.
        days: NonZeroU32,
        /// When in the period, even if the horizon ends before.
        timing: Timing,
    },
}

/// How far ahead is looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Horizon {
    /// So many days.
    Days(u32),
    /// Without end.
    ForEver,
}

/// How the future is discounted: at which rate, when payments fall due, and how far ahead is looked.
///
/// ```
/// use customer_value::value::lifetime::{Discount, DiscountRate, FallsDue, Horizon, PurchaseModel, Summary, TimeUnit};
///
/// let model = PurchaseModel::bg_nbd([0.243, 4.414, 0.793, 2.426], TimeUnit::WEEK)?;
/// let outlook = model.outlook(Summary::new(2, 213, 272)?);
/// let rate = DiscountRate::annual_365("0.15".parse().unwrap())?;
/// let year = Discount { rate, due: FallsDue::AsTheyOccur, horizon: Horizon::Days(365) };
/// let ever = Discount { horizon: Horizon::ForEver, ..year };
/// assert!(outlook.discounted(&year)? < outlook.purchases(365));
/// assert!(outlook.discounted(&year)? < outlook.discounted(&ever)?);
/// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Discount {
    /// The rate.
    pub rate: DiscountRate,
    /// When payments fall due.
    pub due: FallsDue,
    /// How far ahead is looked.
    pub horizon: Horizon,
}

/// So many periods are taken: the first one by one, until what follows is smooth, and the sum of the others as an integral.
const MOST_PERIODS: f64 = 100_000.0;

impl Outlook {
    /// The number of purchases expected within the horizon, each discounted to now: what they are worth if each brings one coin. With
    /// [`FallsDue::AsTheyOccur`] and without end this is the discounted expected residual transactions (DERT) of the literature, for
    /// every model.
    ///
    /// The integral ∫ e^(−δt) dE(t) is taken by parts, so that only expected purchases E enter, which all models have. With
    /// [`FallsDue::AsTheyOccur`] and an end it costs as much as ten to 2,000 calls of [`purchases`](Outlook::purchases), which makes
    /// seconds at a regularity in the hundreds; in periods it is one call a period or fewer, and without end a regularity costs little.
    ///
    /// Source: Fader, Hardie and Lee, RFM and CLV (2005), for Pareto/NBD.
    ///
    /// # Errors
    /// [`LifetimeError::Endless`] without end at a rate of 0; [`LifetimeError::TooManyPeriods`] for more than 100,000 periods, or so many
    /// needed until what is left is below 10⁻¹⁶ of what comes first.
    #[doc(alias = "DERT")]
    #[doc(alias = "discounted expected residual transactions")]
    pub fn discounted(&self, discount: &Discount) -> Result<f64, LifetimeError> {
        Ok(self.alive() * discount.ready()?.of(self.course()))
    }
}

/// A [`Discount`] made ready for customers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Discounting {
    /// The continuous rate per day.
    delta: f64,
    /// Days, also without end.
    end: f64,
    due: FallsDue,
}

impl Discount {
    pub(super) fn ready(&self) -> Result<Discounting, LifetimeError> {
        let (delta, due) = (self.rate.per_day(), self.due);
        let end = match self.horizon {
            Horizon::ForEver if delta <= 0.0 => return Err(LifetimeError::Endless),
            Horizon::ForEver => f64::INFINITY,
            Horizon::Days(days) => f64::from(days),
        };
        let ready = Discounting { delta, end, due };
        match due {
            FallsDue::InPeriods { days, .. } if delta > 0.0 && ready.periods(days) > MOST_PERIODS => {
                Err(LifetimeError::TooManyPeriods(ready.periods(days)))
            }
            _ => Ok(ready),
        }
    }
}

impl Discounting {
    /// What is discounted of a customer who is alive.
    pub(super) fn of(&self, course: &dyn Course) -> f64 {
        match self.due {
            _ if self.delta <= 0.0 => course.purchases(self.end),
            FallsDue::AsTheyOccur => self.as_they_occur(course),
            FallsDue::InPeriods { days, timing } => self.in_periods(course, days, timing),
        }
    }

    /// e^(−δH)·E(H) + δ∫ e^(−δt)·E(t) dt from 0 to H.
    fn as_they_occur(&self, course: &dyn Course) -> f64 {
        let Discounting { delta, end, .. } = *self;
        if let Some(closed) = course.discounted(delta, end) {
            return closed;
        }
        if end.is_infinite() {
            // By v = 1 − e^(−δt); `left` is 1 − v.
            let days = |v: f64, left: f64| (if v < 0.5 { -libm::log1p(-v) } else { -libm::log(left) }) / delta;
            return libm::exp(ln_integral_singular(|v, left| libm::log(course.purchases(days(v, left))), 1.0));
        }
        let (last, slowing) = (course.purchases(end), course.slowing());
        let at = |days: f64| libm::exp(-delta * days) * course.purchases(days);
        let before = if slowing > 0.0 {
            // By u = ln(1 + slowing·t).
            let grown = |u: f64| libm::expm1(u) / slowing;
            integral(|u| (1.0 / slowing + grown(u)) * at(grown(u)), 0.0, libm::log1p(slowing * end))
        } else {
            integral(at, 0.0, end)
        };
        // No more than at the end, also where rounding says so.
        (libm::exp(-delta * end) * last + delta * before).min(last)
    }

    /// The number of periods that anything falls into.
    fn periods(&self, days: NonZeroU32) -> f64 {
        let (delta, length) = (self.delta, f64::from(days.get()));
        // Expected purchases grow at most linearly, so that nothing comes after this.
        libm::ceil(self.end.min((40.0 + libm::log1p(1.0 / (delta * length))) / delta) / length)
    }

    /// Σ e^(−δ·tᵢ)·(E(i·L) − E((i − 1)·L)), the last period cut off by the horizon.
    fn in_periods(&self, course: &dyn Course, days: NonZeroU32, timing: Timing) -> f64 {
        let (periods, length) = (self.periods(days), f64::from(days.get()));
        let due = match timing {
            Timing::Start => 0.0,
            Timing::Middle => 0.5,
            Timing::End => 1.0,
        };
        let worth = |period: f64| libm::exp(-self.delta * length * period);
        // Discounted to the end of their period, and all purchases up to each end, for a sum by parts.
        let (mut sum, mut all, mut before, mut period) = (0.0, 0.0, 0.0, 0.0);
        let mut last = [0.0; 6];
        while period < periods {
            let now = course.purchases(f64::min(length * (period + 1.0), self.end));
            period += 1.0;
            sum += worth(period) * (now - before).max(0.0);
            before = now;
            last.rotate_left(1);
            last[5] = worth(period) * now;
            all += last[5];
            let smooth = CORRECTIONS[2] * differences(&last)[2].abs() <= 1e-12 * all;
            if smooth && period > 12.0 && period + 12.0 < periods && self.smooth_between(course, length, period - 3.0, &last, all) {
                let rest = self.rest(course, length, period - 2.5, periods, &last);
                let at_end = if self.end.is_finite() { worth(periods) * course.purchases(self.end) } else { 0.0 };
                sum = at_end - libm::expm1(-self.delta * length) * (all - last[3..].iter().sum::<f64>() + rest);
                break;
            }
        }
        worth(due - 1.0) * sum
    }

    /// Whether the values at the ends of six periods also say what is between the third and the fourth. They do not where a rhythm keeps
    /// time with the periods, so that all ends are at the same point of it; the place is at another point of every rhythm that is slow
    /// enough to matter.
    fn smooth_between(&self, course: &dyn Course, length: f64, third: f64, values: &[f64; 6], all: f64) -> bool {
        const PART: f64 = 0.381_966;
        let period = third + PART;
        let found = libm::exp(-self.delta * length * period) * course.purchases(length * period);
        (found - interpolated(values, 2.0 + PART)).abs() <= 1e-12 * all
    }

    /// The sum of `e^(−δiL)·E(iL)` over whole i from the middle of six on, which are given, to below a number of periods: the integral,
    /// and what Euler and Maclaurin add to it, in differences.
    fn rest(&self, course: &dyn Course, length: f64, from: f64, periods: f64, values: &[f64; 6]) -> f64 {
        let value = |period: f64| libm::exp(-self.delta * length * period) * course.purchases(length * period);
        // ∫ e^(−δt)·E(t) dt up to here, times δ.
        let up_to = |period: f64| {
            let part = Discounting { end: length * period, ..*self }.as_they_occur(course);
            if period.is_finite() { part - value(period) } else { part }
        };
        let (to, after) = if self.end.is_finite() {
            let to = periods - 0.5;
            (to, correction(&[-2.5, -1.5, -0.5, 0.5, 1.5, 2.5].map(|step| value(to + step))))
        } else {
            (f64::INFINITY, 0.0)
        };
        (up_to(to) - up_to(from)) / (self.delta * length) + correction(values) - after
    }
}

/// The polynomial through six values, counted from 0, elsewhere (Lagrange).
fn interpolated(values: &[f64; 6], at: f64) -> f64 {
    let places = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0];
    let weight = |i: usize| -> f64 {
        let others = places.iter().enumerate().filter(|(j, _)| *j != i);
        others.map(|(_, other)| (at - other) / (places[i] - other)).product()
    };
    values.iter().enumerate().map(|(i, value)| value * weight(i)).sum()
}

/// The first, third and fifth differences about the middle of six values.
fn differences([a, b, c, d, e, f]: &[f64; 6]) -> [f64; 3] {
    [d - c, e - b - 3.0 * (d - c), f - a - 5.0 * (e - b) + 10.0 * (d - c)]
}

/// With which they correct an integral to a sum (Gauss and Encke).
const CORRECTIONS: [f64; 3] = [1.0 / 24.0, -17.0 / 5760.0, 367.0 / 967_680.0];

fn correction(values: &[f64; 6]) -> f64 {
    differences(values).iter().zip(CORRECTIONS).map(|(difference, times)| difference * times).sum()
}
