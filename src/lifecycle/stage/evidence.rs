use super::StageError;
use crate::{
    calendar::{Window, days_between, days_from, in_range},
    customer::{PurchaseDay, Purchases},
    money::{Currency, Ratio, Rounding},
    quantity::{Fact, Name, Quantity, Unit},
    value::{Dimension, Direction, FactSheet, Family},
};
use alloc::vec::Vec;
use chrono::NaiveDate;
use core::fmt;
use serde::{Deserialize, Serialize};

/// What is read from a customer's purchases to tell the stage: two windows of equal length side by side, and the silence after which a
/// customer counts as lapsed.
///
/// The recent window ends with the day; the earlier one ends on the day before the recent one begins. Each fact has a name of its own:
///
/// | fact | unit | what it is |
/// |---|---|---|
/// | `purchases` | count | all purchases up to the day |
/// | `tenure days` | days | since the first purchase, which is day 0; not applicable without purchases |
/// | `silent days` | days | since the last purchase; not applicable without purchases |
/// | `recent purchases`, `earlier purchases` | count | within each window |
/// | `recent spend`, `earlier spend` | money | what these come to, after returns |
/// | `purchase trend`, `spend trend` | number | recent over earlier, half even to 6 places; not applicable where nothing is earlier |
/// | `comebacks` | count | purchase days in the recent window that ended a silence of `lapse_days` or more |
///
/// On the wire: `{"window":{"days":180},"lapse_days":180,"currency":"GBP"}`.
///
/// ```
/// use customer_value::{calendar::Window, customer::{History, Record, ReturnPolicy}, lifecycle::stage::Evidence, money::Currency,
///     quantity::{Fact, Quantity}, value::Facts};
///
/// let mut history = History::new(Currency::GBP);
/// for day in ["2023-01-10", "2024-02-01", "2024-05-20"] {
///     history.push(Record::sale(day.parse()?, "20.00 GBP".parse()?))?;
/// }
/// let facts = Evidence::new(Window::Days(180), 180, Currency::GBP)?.facts(&history.as_of("2024-06-30".parse()?, ReturnPolicy::STRICT)?)?;
/// assert_eq!(facts.fact("silent days"), Fact::Known(Quantity::days(41)));
/// assert_eq!(facts.fact("recent purchases"), Fact::Known(Quantity::count(2)));
/// assert_eq!(facts.fact("comebacks"), Fact::Known(Quantity::count(1))); // 387 days of silence ended on 2024-02-01
/// assert_eq!(facts.fact("purchase trend"), Fact::NotApplicable); // nothing in the 180 days before: no ratio, and no zero
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Evidence {
    window: Window,
    lapse_days: u32,
    currency: Currency,
}

impl Evidence {
    /// The number of places of a trend.
    const PLACES: u8 = 6;

    /// From the length of each window, the silence that counts as a lapse, and the currency of the purchases.
    ///
    /// # Errors
    /// [`BadWindow`](StageError::BadWindow) for no days, and for windows that have no equal one before them, as the calendar year to date;
    /// [`NoSilence`](StageError::NoSilence) for a lapse after 0 days.
    pub fn new(window: Window, lapse_days: u32, currency: Currency) -> Result<Evidence, StageError> {
        match window {
            Window::Days(1..) | Window::Months(1..) if lapse_days > 0 => Ok(Evidence { window, lapse_days, currency }),
            Window::Days(1..) | Window::Months(1..) => Err(StageError::NoSilence),
            _ => Err(StageError::BadWindow(window)),
        }
    }

    /// The length of each window.
    pub const fn window(&self) -> Window {
        self.window
    }

    /// The silence that counts as a lapse.
    pub const fn lapse_days(&self) -> u32 {
        self.lapse_days
    }

    /// The currency of the purchases.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// The facts as of the day of the purchases.
    ///
    /// # Errors
    /// [`OtherCurrency`](StageError::OtherCurrency); [`Calendar`](StageError::Calendar) where a window would begin before the year 1;
    /// [`Money`](StageError::Money) for a trend that does not fit a decimal.
    pub fn facts(&self, purchases: &Purchases) -> Result<FactSheet, StageError> {
        if purchases.currency() != self.currency {
            return Err(StageError::OtherCurrency { expected: self.currency, found: purchases.currency() });
        }
        let as_of = in_range(purchases.as_of())?;
        let recent = self.window.ending(as_of)?;
        let earlier = self.window.ending(days_from(recent.from(), -1)?)?;
        let since = |day: Option<NaiveDate>| day.map_or(Fact::NotApplicable, |day| Quantity::days(days_between(day, as_of)).into());
        let ((now, spent), (before, spent_before)) = (purchases.within(recent), purchases.within(earlier));
        let ended = |pair: &&[PurchaseDay]| recent.contains(pair[1].on) && days_between(pair[0].on, pair[1].on) >= self.lapse_days;
        // There are fewer days in the calendar than 32 bits count.
        let comebacks = purchases.days().windows(2).filter(ended).fold(0_u32, |count, _| count + 1);
        let known = |count| Fact::from(Quantity::count(count));
        let facts = [
            ("purchases", known(purchases.count())),
            ("tenure days", since(purchases.first())),
            ("silent days", since(purchases.last())),
            ("recent purchases", known(now)),
            ("earlier purchases", known(before)),
            ("purchase trend", trend(now.into(), before.into())?),
            ("recent spend", spent.into()),
            ("earlier spend", spent_before.into()),
            ("spend trend", trend(spent.minor().into(), spent_before.minor().into())?),
            ("comebacks", known(comebacks)),
        ];
        let mut sheet = FactSheet::new();
        for (name, fact) in facts {
            sheet.set(Name::new(name)?, fact, None);
        }
        Ok(sheet)
    }

    /// The facts as dimensions.
    pub(super) fn dimensions(&self) -> Result<Vec<Dimension>, StageError> {
        use Direction::{HigherIsBetter as Higher, LowerIsBetter as Lower};
        let money = Unit::Money(self.currency);
        let rows = [
            ("purchases", Higher, Unit::Count),
            ("tenure days", Higher, Unit::Days),
            ("silent days", Lower, Unit::Days),
            ("recent purchases", Higher, Unit::Count),
            ("earlier purchases", Higher, Unit::Count),
            ("purchase trend", Higher, Unit::Number),
            ("recent spend", Higher, money),
            ("earlier spend", Higher, money),
            ("spend trend", Higher, Unit::Number),
            ("comebacks", Higher, Unit::Count),
        ];
        let dimension = |(name, better, unit)| Ok(Dimension::new(name, Family::Economic, better, unit)?);
        rows.into_iter().map(dimension).collect()
    }
}

/// Recent over earlier; there is none of nothing.
fn trend(recent: i128, earlier: i128) -> Result<Fact, StageError> {
    if earlier == 0 {
        return Ok(Fact::NotApplicable);
    }
    let ratio = Ratio::new(recent, earlier)?.to_decimal(Evidence::PLACES, Rounding::HalfEven)?;
    Ok(Quantity::number(ratio.normalize()).into())
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Evidence { window, lapse_days, currency } = self;
        match window {
            Window::Days(days) => write!(f, "windows of {days} days")?,
            Window::Months(months) => write!(f, "windows of {months} months")?,
            Window::CalendarYear | Window::All => write!(f, "{window:?}")?,
        }
        // With its exponent, which the text of an ISO currency leaves out.
        write!(f, ", lapsed after {lapse_days} days, {currency:?}")
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Evidence")]
struct Wire {
    window: Window,
    lapse_days: u32,
    currency: Currency,
}

impl TryFrom<Wire> for Evidence {
    type Error = StageError;

    fn try_from(w: Wire) -> Result<Evidence, StageError> {
        Evidence::new(w.window, w.lapse_days, w.currency)
    }
}

impl From<Evidence> for Wire {
    fn from(e: Evidence) -> Wire {
        Wire { window: e.window, lapse_days: e.lapse_days, currency: e.currency }
    }
}
