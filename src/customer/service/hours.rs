use super::ServiceError;
use crate::calendar::{CalendarError, Moment, TimeOfDay, check_offset, days_from, in_range};
use crate::quantity::unique_keys;
use alloc::{collections::BTreeMap, vec::Vec};
use chrono::{Datelike, NaiveDate, Weekday};
use core::fmt;
use serde::{Deserialize, Serialize};

const DAY: i64 = 24 * 60 * 60;

/// Hours of work in a row on one day, the end not included. A night shift is two: until 24:00, and from 00:00 on the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// The first minute.
    pub from: TimeOfDay,
    /// The first minute after it.
    pub until: TimeOfDay,
}

/// When a service works: shifts on the days of a week, and days that are different, such as holidays and the working Sundays that make up
/// for them.
///
/// They are read from one clock on the wall. Where summer time begins and ends, its offset changes from one day to the next, as
/// [given](Self::with_offset_changes).
///
/// On the wire: `{"offset_minutes":480,"week":{"Mon":[{"from":"09:00","until":"18:00"}]},"exceptions":{"2024-02-12":[]}}`, and
/// `"offset_changes":{"2024-03-31":120}` where there are any; a weekday that is not there is free.
///
/// ```
/// use customer_value::customer::service::WorkingHours;
///
/// let hours: WorkingHours = serde_json::from_str(r#"{
///     "offset_minutes": 480,
///     "week": { "Thu": [{ "from": "09:00", "until": "18:00" }], "Fri": [{ "from": "09:00", "until": "18:00" }] },
///     "exceptions": { "2024-03-01": [] }
/// }"#)?;
/// let thursday = "2024-02-29T17:30:00+08:00".parse()?;
/// assert_eq!(hours.after(thursday, 30)?, "2024-02-29T18:00:00+08:00".parse()?);
/// assert_eq!(hours.after(thursday, 31)?, "2024-03-07T09:01:00+08:00".parse()?); // Friday is a holiday
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "工作时间")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct WorkingHours {
    offset: i16,
    /// From which day on it is another.
    changes: BTreeMap<NaiveDate, i16>,
    /// From Monday to Sunday.
    week: [Vec<Shift>; 7],
    exceptions: BTreeMap<NaiveDate, Vec<Shift>>,
}

impl WorkingHours {
    /// Shifts by weekday, and days with shifts of their own, or with none. The clock is so many minutes ahead of UTC.
    ///
    /// # Errors
    /// [`BadShift`](ServiceError::BadShift) for a shift from 18:00 until 09:00, and for shifts of a day that overlap or are not in order;
    /// [`NeverOpen`](ServiceError::NeverOpen) for a week without shifts; [`Calendar`](ServiceError::Calendar) for an offset of 19 hours,
    /// and for an exception in the year 10000.
    pub fn new(
        offset_minutes: i16,
        week: impl IntoIterator<Item = (Weekday, Vec<Shift>)>,
        exceptions: BTreeMap<NaiveDate, Vec<Shift>>,
    ) -> Result<WorkingHours, ServiceError> {
        let (offset, changes) = (check_offset(offset_minutes)?, BTreeMap::new());
        exceptions.keys().try_for_each(|day| in_range(*day).map(|_| ()))?;
        let mut hours = WorkingHours { offset, changes, week: Default::default(), exceptions };
        for (weekday, shifts) in week {
            hours.week[place(weekday)].extend(shifts);
        }
        for shifts in hours.week.iter().chain(hours.exceptions.values()) {
            let mut free_from = TimeOfDay::START;
            for &Shift { from, until } in shifts {
                if from < free_from || until <= from {
                    return Err(ServiceError::BadShift { from, until });
                }
                free_from = until;
            }
        }
        if hours.week.iter().all(Vec::is_empty) { Err(ServiceError::NeverOpen) } else { Ok(hours) }
    }

    /// The same hours on a clock that is put forward or back: from each of these days on, it is so many minutes ahead of UTC. A day counts
    /// as if the clock had been changed at its first midnight, so that only shifts in that night are off, by what the clock is changed.
    ///
    /// # Errors
    /// [`Calendar`](ServiceError::Calendar) for an offset of 19 hours, and for a change in the year 10000.
    #[doc(alias = "daylight saving time")]
    pub fn with_offset_changes(self, changes: BTreeMap<NaiveDate, i16>) -> Result<WorkingHours, ServiceError> {
        for (day, offset) in &changes {
            in_range(*day)?;
            check_offset(*offset)?;
        }
        Ok(WorkingHours { changes, ..self })
    }

    /// The shifts of a day.
    pub fn shifts(&self, day: NaiveDate) -> &[Shift] {
        self.exceptions.get(&day).unwrap_or(&self.week[place(day.weekday())])
    }

    /// The first moment at which so many minutes of work have passed, on the clock of `from`. At the end of a shift that is its end, not
    /// the start of the next.
    ///
    /// # Errors
    /// [`Calendar`](ServiceError::Calendar) if that is after the year 9999.
    pub fn after(&self, from: Moment, minutes: u32) -> Result<Moment, ServiceError> {
        self.after_seconds(from, u64::from(minutes) * 60)
    }

    pub(super) fn after_seconds(&self, from: Moment, seconds: u64) -> Result<Moment, ServiceError> {
        let mut left = i64::try_from(seconds).map_err(|_| CalendarError::OutOfRange)?;
        if left == 0 {
            return Ok(from);
        }
        let (mut day, a_week) = (a_day_before(from), self.seconds_a_week());
        loop {
            if Moment::start_of(day, self.offset_on(day)) >= from {
                let weeks = self.plain_weeks(day, (left - 1) / a_week);
                left -= weeks * a_week;
                day = weeks_from(day, weeks)?;
            }
            for (start, end) in self.spans(day)? {
                let start = start.max(from);
                let work = end.seconds_since(&start);
                if work >= left {
                    return Ok(start.plus_seconds(left)?.at_offset(from.offset_minutes())?);
                }
                left -= work.max(0);
            }
            day = days_from(day, 1)?;
        }
    }

    /// Seconds of work between two moments; 0 if they are the other way round.
    ///
    /// # Errors
    /// [`Calendar`](ServiceError::Calendar) in the last days of the year 9999.
    pub fn seconds_between(&self, from: Moment, until: Moment) -> Result<u64, ServiceError> {
        let (mut day, mut sum) = (a_day_before(from), 0);
        loop {
            let start = Moment::start_of(day, self.offset_on(day));
            if start >= until {
                return Ok(u64::try_from(sum).unwrap_or(0)); // never below 0
            }
            if start >= from {
                let weeks = self.plain_weeks(day, until.seconds_since(&start) / (7 * DAY));
                sum += weeks * self.seconds_a_week();
                day = weeks_from(day, weeks)?;
            }
            for (start, end) in self.spans(day)? {
                sum += end.min(until).seconds_since(&start.max(from)).max(0);
            }
            day = days_from(day, 1)?;
        }
    }

    /// Seconds of work in a week without exceptions; never 0.
    fn seconds_a_week(&self) -> i64 {
        let shifts = self.week.iter().flatten();
        shifts.map(|shift| i64::from(shift.until.seconds()) - i64::from(shift.from.seconds())).sum::<i64>().max(1)
    }

    /// How many whole weeks from a day on, at most so many, have neither an exception nor a change of the clock. They are all alike, so
    /// that nobody has to walk through them.
    fn plain_weeks(&self, day: NaiveDate, most: i64) -> i64 {
        let exception = self.exceptions.range(day..).next().map(|(on, _)| *on);
        let change = self.changes.range(day..).next().map(|(on, _)| *on);
        let next = exception.into_iter().chain(change).min();
        next.map_or(most, |next| most.min((next - day).num_days() / 7)).max(0)
    }

    fn offset_on(&self, day: NaiveDate) -> i16 {
        self.changes.range(..=day).next_back().map_or(self.offset, |(_, offset)| *offset)
    }

    /// The shifts of a day, as moments.
    fn spans(&self, day: NaiveDate) -> Result<Vec<(Moment, Moment)>, CalendarError> {
        let start = Moment::start_of(day, self.offset_on(day));
        // Where the clock is put forward, the day before ends after this one has begun.
        let free_from = days_from(day, -1).map_or(start, |before| Moment::start_of(day, self.offset_on(before)));
        let moment = |time: TimeOfDay| start.plus_seconds(time.seconds().into());
        let spans = self.shifts(day).iter().map(|shift| Ok((moment(shift.from)?.max(free_from), moment(shift.until)?)));
        spans.collect()
    }
}

fn weeks_from(day: NaiveDate, weeks: i64) -> Result<NaiveDate, CalendarError> {
    days_from(day, weeks.checked_mul(7).and_then(|days| days.try_into().ok()).ok_or(CalendarError::OutOfRange)?)
}

/// A day that is over, or nearly so, at a moment on every clock.
fn a_day_before(moment: Moment) -> NaiveDate {
    [-2, -1].into_iter().find_map(|days| days_from(moment.date(), days).ok()).unwrap_or(moment.date())
}

fn place(weekday: Weekday) -> usize {
    weekday.num_days_from_monday() as usize
}

impl fmt::Display for WorkingHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shifts = |f: &mut fmt::Formatter<'_>, shifts: &[Shift]| {
            shifts.iter().try_for_each(|shift| write!(f, " {}-{}", shift.from, shift.until))
        };
        write!(f, "{} minutes ahead of UTC", self.offset)?;
        self.changes.iter().try_for_each(|(day, offset)| write!(f, ", {offset} from {day}"))?;
        for (weekday, of_day) in self.days() {
            write!(f, "; {weekday}")?;
            shifts(f, of_day)?;
        }
        for (day, of_day) in &self.exceptions {
            write!(f, "; {day}")?;
            shifts(f, of_day)?;
        }
        Ok(())
    }
}

impl WorkingHours {
    /// The weekdays that are not free.
    fn days(&self) -> impl Iterator<Item = (Weekday, &Vec<Shift>)> {
        let weekdays = (0..7).filter_map(|n| Weekday::try_from(n).ok());
        weekdays.zip(&self.week).filter(|(_, shifts)| !shifts.is_empty())
    }
}

/// A day of the week by its place, so that the week is written in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
struct DayOfWeek(Weekday);

impl Ord for DayOfWeek {
    fn cmp(&self, other: &DayOfWeek) -> core::cmp::Ordering {
        place(self.0).cmp(&place(other.0))
    }
}

impl PartialOrd for DayOfWeek {
    fn partial_cmp(&self, other: &DayOfWeek) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "WorkingHours")]
struct Wire {
    offset_minutes: i16,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "unique_keys")]
    offset_changes: BTreeMap<NaiveDate, i16>,
    #[serde(deserialize_with = "unique_keys")]
    week: BTreeMap<DayOfWeek, Vec<Shift>>,
    #[serde(default, deserialize_with = "unique_keys")]
    exceptions: BTreeMap<NaiveDate, Vec<Shift>>,
}

impl TryFrom<Wire> for WorkingHours {
    type Error = ServiceError;

    fn try_from(wire: Wire) -> Result<WorkingHours, ServiceError> {
        let week = wire.week.into_iter().map(|(day, shifts)| (day.0, shifts));
        WorkingHours::new(wire.offset_minutes, week, wire.exceptions)?.with_offset_changes(wire.offset_changes)
    }
}

impl From<WorkingHours> for Wire {
    fn from(hours: WorkingHours) -> Wire {
        let week = hours.days().map(|(day, shifts)| (DayOfWeek(day), shifts.clone())).collect();
        Wire { offset_minutes: hours.offset, offset_changes: hours.changes, week, exceptions: hours.exceptions }
    }
}
