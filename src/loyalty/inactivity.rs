use super::expiry::end_of;
use super::{Life, Points, RoundUp};
use crate::{
    calendar::{CalendarError, Moment, Zone},
    money::{Ratio, Rounding},
};
use chrono::NaiveDate;
use core::num::NonZeroU16;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Points that are lost by those who do nothing, at once or little by little.
///
/// What counts as activity is for the programme to say. The last day without loss is so long after the last day with activity, and the
/// loss falls at its end, as with an [`Expiry`](super::Expiry).
///
/// ```
/// use customer_value::{calendar::Zone, loyalty::{Inactivity, Life}};
///
/// let year = Inactivity::new(Life::Months(12));
/// let gone = year.deadline("2024-02-29".parse()?, &Zone::UTC)?;
/// assert_eq!(gone.to_string(), "2025-03-01T00:00:00+00:00"); // 28 February is the last day
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inactivity {
    /// The last day is the one so long after the last day with activity.
    pub after: Life,
    /// Or the end of the calendar unit which that day is in.
    #[serde(default)]
    pub to: RoundUp,
    /// What is lost: `None`, and it is everything at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decay: Option<Decay>,
}

/// A loss that is repeated: a share of the points that are there, time and again, and some day the rest.
///
/// ```
/// use customer_value::{loyalty::{Decay, Points}, money::Rounding};
///
/// let weekly = Decay::new(7, "0.05".parse()?, Rounding::Floor, Points::new(5), Some(8))?;
/// assert_eq!(weekly.of(Points::new(1_000)), Points::new(50));
/// assert_eq!(weekly.of(Points::new(60)), Points::new(5)); // 5 % are 3; at least 5
/// assert_eq!(weekly.of(Points::new(4)), Points::new(4));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Decay {
    every_days: NonZeroU16,
    share: Ratio,
    rounding: Rounding,
    at_least: Points,
    rest_after: Option<NonZeroU16>,
}

/// Why there is no such decay.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InactivityError {
    /// A share below 0 or above 1, or with a denominator above 10¹⁸.
    #[error("{0} is no share of points: it takes 0 to 1, in terms of up to 10^18")]
    NotAShare(Ratio),
    /// Neither a share nor points are lost.
    #[error("a decay of no share and no points is none")]
    Nothing,
    /// Losses that are no days apart.
    #[error("losses must be at least a day apart")]
    NoDays,
    /// A rest that is lost after no losses is the whole, which is lost without a decay.
    #[error("the rest can be lost after one loss at the earliest; without a decay all is lost at once")]
    RestAtOnce,
}

/// What is lost at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Loss {
    /// When.
    pub at: Moment,
    /// What.
    pub taken: Taken,
}

/// Which points are lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Taken {
    /// The part that [`Decay::of`] takes of what is there then.
    Part,
    /// All that are there then.
    Rest,
}

impl Inactivity {
    /// All points are lost so long after the last activity.
    pub const fn new(after: Life) -> Inactivity {
        Inactivity { after, to: RoundUp::None, decay: None }
    }

    /// The moment of the first loss, or of the loss of everything, if nothing was done since that day.
    ///
    /// # Errors
    /// [`OutOfRange`](CalendarError::OutOfRange) if that is after the year 9999.
    pub fn deadline(&self, last_activity: NaiveDate, zone: &Zone) -> Result<Moment, CalendarError> {
        end_of(self.last_day(last_activity)?, zone)
    }

    /// All losses in order of time, if nothing was done since that day and nothing will be: the first at the
    /// [`deadline`](Self::deadline), the others in days of 24 hours from it. Without a rest they go on until the year 9999, so take what
    /// you need.
    ///
    /// # Errors
    /// [`OutOfRange`](CalendarError::OutOfRange) if the first is after the year 9999.
    pub fn losses(&self, last_activity: NaiveDate, zone: &Zone) -> Result<Losses, CalendarError> {
        Ok(Losses { next: Some(self.deadline(last_activity, zone)?), decay: self.decay, taken: 0 })
    }

    /// The points that are left of some at a moment, nothing having been done since that day: what all losses up to and including that
    /// moment leave.
    ///
    /// # Errors
    /// As [`losses`](Self::losses).
    pub fn left(&self, of: Points, last_activity: NaiveDate, at: Moment, zone: &Zone) -> Result<Points, CalendarError> {
        let mut left = of;
        for loss in self.losses(last_activity, zone)?.take_while(|loss| loss.at <= at) {
            let lost = match (loss.taken, &self.decay) {
                (Taken::Part, Some(decay)) => decay.of(left),
                _ => left,
            };
            left = left.checked_sub(lost).unwrap_or_default(); // never more than are there
            // One that takes nothing is the last, unless the rest goes some day.
            if left.is_zero() || lost.is_zero() && self.decay.is_none_or(|decay| decay.rest_after.is_none()) {
                break;
            }
        }
        Ok(left)
    }

    fn last_day(&self, last_activity: NaiveDate) -> Result<NaiveDate, CalendarError> {
        self.to.end_of(self.after.after(last_activity)?)
    }
}

impl Decay {
    /// Days between two losses.
    pub const fn every_days(&self) -> NonZeroU16 {
        self.every_days
    }

    /// After how many losses the rest goes; `None` for never.
    pub const fn rest_after(&self) -> Option<NonZeroU16> {
        self.rest_after
    }

    /// Every so many days that share of the points that are there, rounded, or so many points if that is more. If `rest_after` is given,
    /// the loss after so many takes all that are left.
    ///
    /// # Errors
    /// [`NotAShare`](InactivityError::NotAShare) for 5/4; [`Nothing`](InactivityError::Nothing) for a share of 0 and at least 0 points;
    /// [`NoDays`](InactivityError::NoDays) for every 0 days; [`RestAtOnce`](InactivityError::RestAtOnce) for a rest after 0 losses.
    pub fn new(
        every_days: u16,
        share: Ratio,
        rounding: Rounding,
        at_least: Points,
        rest_after: Option<u16>,
    ) -> Result<Decay, InactivityError> {
        // With such a denominator the product with 64 bits fits.
        if share < Ratio::ZERO || share > Ratio::ONE || Ratio::common_denominator([share]).is_none() {
            return Err(InactivityError::NotAShare(share));
        }
        if share == Ratio::ZERO && at_least.is_zero() {
            return Err(InactivityError::Nothing);
        }
        let every_days = NonZeroU16::new(every_days).ok_or(InactivityError::NoDays)?;
        let rest_after = rest_after.map(|losses| NonZeroU16::new(losses).ok_or(InactivityError::RestAtOnce)).transpose()?;
        Ok(Decay { every_days, share, rounding, at_least, rest_after })
    }

    /// The next loss after one.
    pub(in crate::loyalty) fn next(&self, at: Moment) -> Option<Moment> {
        at.plus_minutes(i64::from(self.every_days.get()) * 24 * 60).ok()
    }

    /// What one loss takes of so many points: never more than are there.
    pub fn of(&self, points: Points) -> Points {
        let product = self.share.numerator().checked_mul(points.units().into());
        let share = product.and_then(|product| self.rounding.divide(product, self.share.denominator()));
        let share = share.and_then(|units| u64::try_from(units).ok()).map_or(points, Points::new);
        share.max(self.at_least).min(points)
    }
}

/// The losses of those who do nothing; see [`Inactivity::losses`].
#[derive(Clone, Debug)]
pub struct Losses {
    /// When the next loss is; `None` after the last.
    next: Option<Moment>,
    decay: Option<Decay>,
    taken: u32,
}

impl Iterator for Losses {
    type Item = Loss;

    fn next(&mut self) -> Option<Loss> {
        let at = self.next.take()?;
        let taken = match self.decay {
            Some(decay) if decay.rest_after.is_none_or(|losses| self.taken < u32::from(losses.get())) => {
                self.next = decay.next(at);
                Taken::Part
            }
            _ => Taken::Rest,
        };
        self.taken = self.taken.saturating_add(1);
        Some(Loss { at, taken })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Decay")]
struct Wire {
    every_days: u16,
    share: Ratio,
    rounding: Rounding,
    at_least: Points,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rest_after: Option<u16>,
}

impl TryFrom<Wire> for Decay {
    type Error = InactivityError;

    fn try_from(wire: Wire) -> Result<Decay, InactivityError> {
        Decay::new(wire.every_days, wire.share, wire.rounding, wire.at_least, wire.rest_after)
    }
}

impl From<Decay> for Wire {
    fn from(decay: Decay) -> Wire {
        let Decay { every_days, share, rounding, at_least, rest_after } = decay;
        Wire { every_days: every_days.get(), share, rounding, at_least, rest_after: rest_after.map(NonZeroU16::get) }
    }
}
