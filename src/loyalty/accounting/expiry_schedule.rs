use super::{AccountingError, roll_forward::value};
use crate::{
    calendar::{Moment, Zone},
    loyalty::{Account, Points},
    money::{Currency, Money, Ratio, Rounding},
    quantity::{Name, unique_keys},
};
use alloc::collections::BTreeMap;
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// When the points of a kind expire if nothing happens, over any number of accounts: by the first day on which they can no longer be
/// spent, and those that never expire. Points that are pending or held are in it; those that will pay a debt are not.
///
/// ```
/// use customer_value::{
///     calendar::Zone,
///     loyalty::{
///         Account, AccountId, Command, CommandId, Expiry, Life, Points, Programme, RoundUp, SourceId,
///         account::Grant,
///         accounting::ExpirySchedule,
///         earning::{Basis, EarningPolicy, EarningRules},
///         programme::{Kind, Terms},
///     },
///     money::{Currency, Ratio, Rounding},
///     quantity::Name,
/// };
///
/// let points = Name::new("points")?;
/// let policy = EarningPolicy { basis: Basis::NET, rounding: Rounding::Floor, times_at_most: None, grades: vec![], rules: vec![] };
/// let kind = Kind::spendable(points.clone(), Expiry::after(Life::Months(12), RoundUp::MonthEnd));
/// let terms = Terms::new(Name::new("1")?, Zone::UTC, Currency::EUR, vec![kind], EarningRules::new(policy)?);
/// let programme = Programme::new(terms)?;
///
/// let mut schedule = ExpirySchedule::new(points.clone(), "2026-06-30T00:00:00Z".parse()?, Zone::UTC);
/// for (id, amount) in [("a", 70), ("b", 35)] {
///     let mut account = Account::new(AccountId::new(id)?, "2026-01-01T00:00:00Z".parse()?);
///     let (kind, amount, reason) = (points.clone(), Points::new(amount), "welcome".into());
///     let grant = Grant { kind, points: amount, pending: None, expiry: None, cost: None, reason };
///     let command = Command::Grant { source: SourceId::new("welcome")?, grant };
///     account.execute(&programme, "2026-01-10T00:00:00Z".parse()?, &CommandId::new("1")?, &command)?;
///     schedule.push(&account)?;
/// }
/// let money = schedule.in_money(Ratio::new(1, 200)?, Currency::EUR, Rounding::HalfUp)?; // half a cent a point
/// assert_eq!(money.by_day[&"2027-02-01".parse()?], "0.53 EUR".parse()?);
/// assert_eq!(money.total, "0.53 EUR".parse()?);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "积分到期表")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpirySchedule {
    kind: Name,
    at: Moment,
    zone: Zone,
    #[serde(deserialize_with = "unique_keys")]
    by_day: BTreeMap<NaiveDate, Points>,
    never: Points,
}

/// An [`ExpirySchedule`] in money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoneySchedule {
    /// What expires, by the first day on which it can no longer be spent.
    #[serde(deserialize_with = "unique_keys")]
    pub by_day: BTreeMap<NaiveDate, Money>,
    /// What never expires.
    pub never: Money,
    /// All of it.
    pub total: Money,
}

impl ExpirySchedule {
    /// One of no accounts, as of a moment; the zone says to which day an expiry belongs.
    pub const fn new(kind: Name, at: Moment, zone: Zone) -> ExpirySchedule {
        ExpirySchedule { kind, at, zone, by_day: BTreeMap::new(), never: Points::ZERO }
    }

    /// Adds an account. One that was taken over has nothing.
    ///
    /// # Errors
    /// [`TooLarge`](AccountingError::TooLarge) beyond 2⁶⁴ − 1 points; the schedule is as it was.
    pub fn push(&mut self, account: &Account) -> Result<(), AccountingError> {
        let mut one = ExpirySchedule::new(self.kind.clone(), self.at, self.zone.clone());
        for expiring in account.expiring(&self.kind, self.at) {
            one.add(self.zone.day_of(expiring.at), expiring.points)?;
        }
        let left = account.balance(&self.kind, Moment::LAST);
        one.never = Points::sum([left.available, left.pending, left.held]).ok_or(AccountingError::TooLarge)?;
        self.merge(&one)
    }

    /// Adds another one, of other accounts.
    ///
    /// # Errors
    /// [`OtherPeriod`](AccountingError::OtherPeriod) for one of another kind of points, moment or zone;
    /// [`TooLarge`](AccountingError::TooLarge).
    pub fn merge(&mut self, other: &ExpirySchedule) -> Result<(), AccountingError> {
        if (&self.kind, self.at, &self.zone) != (&other.kind, other.at, &other.zone) {
            return Err(AccountingError::OtherPeriod);
        }
        let mut sum = self.clone();
        sum.never = sum.never.checked_add(other.never).ok_or(AccountingError::TooLarge)?;
        other.by_day.iter().try_for_each(|(day, points)| sum.add(*day, *points))?;
        *self = sum;
        Ok(())
    }

    /// The same by months: what expires on any day of a month stands at its first.
    ///
    /// # Errors
    /// [`TooLarge`](AccountingError::TooLarge).
    pub fn by_month(&self) -> Result<ExpirySchedule, AccountingError> {
        let mut months = ExpirySchedule { by_day: BTreeMap::new(), ..self.clone() };
        let first = |day: NaiveDate| day.with_day(1).unwrap_or(day); // every month has one
        self.by_day.iter().try_for_each(|(day, points)| months.add(first(*day), *points))?;
        Ok(months)
    }

    /// How many points expire, by the first day on which they can no longer be spent.
    pub const fn by_day(&self) -> &BTreeMap<NaiveDate, Points> {
        &self.by_day
    }

    /// How many points never expire.
    pub const fn never(&self) -> Points {
        self.never
    }

    /// The same in money, at so much a point. What has expired by each day is valued and rounded once; a line is the difference that its
    /// day makes, and what never expires comes last. So the lines add up to the value of all points.
    ///
    /// # Errors
    /// [`NegativePoint`](AccountingError::NegativePoint) for a point of −0.01; [`TooLarge`](AccountingError::TooLarge) if an amount does
    /// not fit.
    pub fn in_money(&self, per_point: Ratio, currency: Currency, rounding: Rounding) -> Result<MoneySchedule, AccountingError> {
        let (mut points, mut before, mut by_day) = (0_i128, 0_i64, BTreeMap::new());
        let mut next = |more: Points| {
            points += i128::from(more.units()); // not more days than fit memory, of 64 bits each
            let so_far = value(points, per_point, currency, rounding)?;
            let line = Money::from_minor(so_far - before, currency); // values never fall
            before = so_far;
            Ok::<_, AccountingError>(line)
        };
        for (day, more) in &self.by_day {
            by_day.insert(*day, next(*more)?);
        }
        let never = next(self.never)?;
        Ok(MoneySchedule { by_day, never, total: Money::from_minor(before, currency) })
    }

    fn add(&mut self, day: NaiveDate, points: Points) -> Result<(), AccountingError> {
        let sum = self.by_day.entry(day).or_default();
        *sum = sum.checked_add(points).ok_or(AccountingError::TooLarge)?;
        Ok(())
    }
}
