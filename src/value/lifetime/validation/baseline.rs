use super::{ForecastErrors, Holdout, ValidationError};
use crate::{
    money::Ratio,
    numeric::count,
    value::lifetime::{GapCounts, Summary},
};

/// Forecasts that need no model, which a model has to beat. They know the calibration only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Baseline {
    /// Everybody goes on at their own rate: x/T times the length of the holdout, and nothing for those without repeats.
    SameRate,
    /// Everybody buys at the rate of all together, `Σx / ΣT`.
    OverallMean,
    /// Whoever the hiatus heuristic says is active goes on at their own rate, the others buy nothing (Wübben and Wangenheim 2008).
    Hiatus(Hiatus),
}

/// The heuristic of managers: a customer is inactive who has been silent for longer than so many days (Wübben and Wangenheim 2008, Instant
/// customer base analysis: managerial heuristics often “get it right”). In many firms it is hard to beat.
///
/// ```
/// use core::num::NonZeroU32;
/// use customer_value::value::lifetime::{GapCounts, Summary, validation::Hiatus};
///
/// let mut gaps = GapCounts::new();
/// for (days, times) in [(7, 50), (30, 40), (90, 9), (200, 1)] {
///     gaps.push(NonZeroU32::new(days).unwrap(), times)?;
/// }
/// let hiatus = Hiatus::of(&gaps, "0.9".parse()?)?;
/// assert_eq!(hiatus, Hiatus::new(30)); // nine gaps of ten were no longer
/// assert!(hiatus.says_active(Summary::new(1, 70, 100)?) && !hiatus.says_active(Summary::new(1, 69, 100)?));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "hiatus heuristic")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hiatus {
    days: u32,
}

impl Hiatus {
    /// With a threshold of so many days.
    pub const fn new(days: u32) -> Hiatus {
        Hiatus { days }
    }

    /// With the shortest threshold that at least this share of all gaps between purchases did not exceed. Frequent buyers have many gaps,
    /// and gaps that had not ended by the split are not among them, so the threshold is short for those who buy rarely.
    ///
    /// # Errors
    /// [`ValidationError::BadShare`] for −0.1 and 90; [`ValidationError::NoGaps`] where nobody has bought twice.
    pub fn of(gaps: &GapCounts, share: Ratio) -> Result<Hiatus, ValidationError> {
        if share < Ratio::ZERO || share > Ratio::ONE {
            return Err(ValidationError::BadShare(share));
        }
        let mut so_far = 0_i128;
        for (days, times) in gaps.rows() {
            so_far += i128::from(times);
            if Ratio::new(so_far, gaps.total().into()).is_ok_and(|reached| reached >= share) {
                return Ok(Hiatus { days: days.get() });
            }
        }
        Err(ValidationError::NoGaps)
    }

    /// The threshold.
    pub const fn days(&self) -> u32 {
        self.days
    }

    /// Whether the customer is said to be active: not silent for longer than the threshold. The first purchase counts as the last where
    /// there is no other.
    pub const fn says_active(&self, customer: Summary) -> bool {
        customer.days_since_last() <= self.days
    }
}

impl Baseline {
    /// How far the forecasts are from what happened.
    ///
    /// # Errors
    /// [`ValidationError::NoCustomers`] for an empty table; [`ValidationError::NoTime`] for the overall mean if everybody came on the day
    /// of the split.
    pub fn errors(self, holdout: &Holdout) -> Result<ForecastErrors, ValidationError> {
        if holdout.customers() == 0 {
            return Err(ValidationError::NoCustomers);
        }
        let days = f64::from(holdout.split().days());
        let own = |s: Summary| if s.x() == 0 { 0.0 } else { f64::from(s.x()) / f64::from(s.t_days()) * days };
        let of_all = || {
            let total = |number: fn(&Summary) -> u32| {
                holdout.rows().map(|r| u128::from(number(&r.summary)) * u128::from(r.customers)).sum()
            };
            let (repeats, time): (u128, u128) = (total(Summary::x), total(Summary::t_days));
            let whole = |n: u128| u64::try_from(n).map(count).map_err(|_| ValidationError::TooMany);
            if time == 0 { Err(ValidationError::NoTime) } else { Ok(whole(repeats)? / whole(time)? * days) }
        };
        let mean = if self == Baseline::OverallMean { of_all()? } else { 0.0 };
        let forecast = |s: Summary| match self {
            Baseline::SameRate => own(s),
            Baseline::OverallMean => mean,
            Baseline::Hiatus(hiatus) => {
                if hiatus.says_active(s) {
                    own(s)
                } else {
                    0.0
                }
            }
        };
        Ok(ForecastErrors::of(holdout, holdout.rows().map(|row| forecast(row.summary))))
    }
}
