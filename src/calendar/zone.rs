use super::moment::MOST_OFFSET;
use super::{CalendarError, Moment, check_offset, in_range};
use alloc::vec::Vec;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A clock on the wall of a business: how far it is ahead of UTC, and when that changes.
///
/// The changes are data, such as the caller's time zone database gives them; there is none in this crate. Days are read from this clock:
/// [`day_of`](Self::day_of) a moment, and the moment at which a day [begins](Self::start_of).
///
/// On the wire: `{"offset_minutes":60}`, with `"changes":[{"from":"2024-03-31T01:00:00+00:00","offset_minutes":120}]` where there are
/// any.
///
/// ```
/// use customer_value::calendar::{Zone, ZoneChange};
///
/// let copenhagen = Zone::new(60, [
///     ZoneChange { from: "2024-03-31T01:00:00Z".parse()?, offset_minutes: 120 },
///     ZoneChange { from: "2024-10-27T01:00:00Z".parse()?, offset_minutes: 60 },
/// ])?;
/// let at = "2024-06-30T22:30:00Z".parse()?;
/// assert_eq!(copenhagen.local(at).to_string(), "2024-07-01T00:30:00+02:00");
/// assert_eq!(copenhagen.day_of(at), "2024-07-01".parse()?);
/// assert_eq!(copenhagen.start_of("2024-07-01".parse()?)?, "2024-06-30T22:00:00Z".parse()?);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "时区")]
#[doc(alias = "time zone")]
#[doc(alias = "daylight saving time")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Zone {
    offset: i16,
    changes: Vec<ZoneChange>,
}

/// A moment from which on a clock is so many minutes ahead of UTC (behind, if negative).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZoneChange {
    /// The first moment with the new offset.
    pub from: Moment,
    /// The new offset.
    pub offset_minutes: i16,
}

impl Zone {
    /// The clock that never changes, at +00:00.
    pub const UTC: Zone = Zone { offset: 0, changes: Vec::new() };

    /// A clock that is always so many minutes ahead of UTC (behind, if negative), as that of China is 480.
    ///
    /// # Errors
    /// [`BadOffset`](CalendarError::BadOffset) beyond 18 hours.
    pub fn fixed(offset_minutes: i16) -> Result<Zone, CalendarError> {
        Zone::new(offset_minutes, [])
    }

    /// A clock that is so many minutes ahead of UTC up to the first change, and then as the last change says.
    ///
    /// # Errors
    /// [`BadOffset`](CalendarError::BadOffset) for an offset beyond 18 hours; [`ChangesNotInOrder`](CalendarError::ChangesNotInOrder) for
    /// changes that are not in order of time, and for two at one moment; [`OutOfRange`](CalendarError::OutOfRange) for a change that is
    /// outside the years 1 to 9999 in UTC.
    pub fn new(offset_minutes: i16, changes: impl IntoIterator<Item = ZoneChange>) -> Result<Zone, CalendarError> {
        let mut zone = Zone { offset: check_offset(offset_minutes)?, changes: Vec::new() };
        for ZoneChange { from, offset_minutes } in changes {
            check_offset(offset_minutes)?;
            if zone.changes.last().is_some_and(|before| before.from >= from) {
                return Err(CalendarError::ChangesNotInOrder(from));
            }
            // On one clock, so that equal zones are written in the same way.
            zone.changes.push(ZoneChange { from: from.at_offset(0)?, offset_minutes });
        }
        Ok(zone)
    }

    /// How many minutes the clock is ahead of UTC at a moment; negative behind.
    pub fn offset_at(&self, at: Moment) -> i16 {
        self.offset_after(self.changes.partition_point(|change| change.from <= at))
    }

    /// The same moment on this clock. Within hours of the ends of the years 1 to 9999, where this clock would leave them, the moment stays
    /// on its own.
    #[must_use]
    pub fn local(&self, at: Moment) -> Moment {
        at.at_offset(self.offset_at(at)).unwrap_or(at)
    }

    /// The day on this clock at a moment, as [`local`](Self::local) reads it.
    pub fn day_of(&self, at: Moment) -> NaiveDate {
        self.local(at).date()
    }

    /// The first moment of a day, on this clock: the first at which the clock shows that day's midnight or later.
    ///
    /// Where the clock is put forward over midnight, that is the moment at which it is; where it is put back over midnight, the first of
    /// the two midnights.
    ///
    /// # Errors
    /// [`OutOfRange`](CalendarError::OutOfRange) outside the years 1 to 9999.
    pub fn start_of(&self, day: NaiveDate) -> Result<Moment, CalendarError> {
        let midnight = Moment::start_of(in_range(day)?, 0);
        // Stretches of one offset that end before any clock could show that midnight are passed over.
        let reach = i64::from(MOST_OFFSET) * 60;
        let mut stretch = self.changes.partition_point(|change| change.from.seconds_since(&midnight) <= -reach);
        loop {
            let offset = self.offset_after(stretch);
            let shown = Moment::start_of(day, offset);
            let begins = stretch.checked_sub(1).map(|last| self.changes[last].from);
            // At the beginning of its stretch the clock may show more than that already.
            let first = begins.map_or(Ok(shown), |begins| if begins > shown { begins.at_offset(offset) } else { Ok(shown) })?;
            match self.changes.get(stretch) {
                Some(next) if next.from <= first => stretch += 1,
                _ => return Ok(first),
            }
        }
    }

    /// The offset after so many of the changes.
    fn offset_after(&self, changes: usize) -> i16 {
        changes.checked_sub(1).map_or(self.offset, |last| self.changes[last].offset_minutes)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Zone")]
struct Wire {
    offset_minutes: i16,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    changes: Vec<ZoneChange>,
}

impl TryFrom<Wire> for Zone {
    type Error = CalendarError;

    fn try_from(wire: Wire) -> Result<Zone, CalendarError> {
        Zone::new(wire.offset_minutes, wire.changes)
    }
}

impl From<Zone> for Wire {
    fn from(zone: Zone) -> Wire {
        Wire { offset_minutes: zone.offset, changes: zone.changes }
    }
}
