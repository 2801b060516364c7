use crate::{loyalty::Points, quantity::Name};
use alloc::collections::BTreeMap;
use chrono::{Datelike, Days, NaiveDate};
use core::fmt;
use serde::{Deserialize, Serialize};

/// The most that a rule gives in a period. A return does not give the room back: what was used counts, whatever became of it.
#[doc(alias = "上限")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cap {
    /// In which period.
    pub per: CapPeriod,
    /// So many, above zero.
    pub points: Points,
}

/// The period of a cap, by the calendar in the zone of the programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum CapPeriod {
    /// One occurrence.
    Order,
    /// A day.
    Day,
    /// A week, from Monday on (ISO 8601).
    Week,
    /// A month.
    Month,
    /// A quarter of the calendar year.
    Quarter,
    /// A calendar year.
    Year,
    /// All time.
    Lifetime,
}

/// A period in which a rule is capped and of which something has been used: which day, month or year it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapWindow {
    /// What it is: the first of a month starts a day as well as a month.
    pub per: CapPeriod,
    /// Its first day; none for all time.
    pub from: Option<NaiveDate>,
}

impl CapPeriod {
    /// The window that a day lies in; none for [`Order`](Self::Order), of which nothing is carried on.
    ///
    /// ```
    /// use customer_value::loyalty::earning::CapPeriod;
    ///
    /// let day = "2026-03-01".parse()?; // a Sunday
    /// let from = |per: CapPeriod| per.window(day).and_then(|w| w.from).map(|from| from.to_string());
    /// assert_eq!(from(CapPeriod::Week).as_deref(), Some("2026-02-23"));
    /// assert_eq!(from(CapPeriod::Quarter).as_deref(), Some("2026-01-01"));
    /// assert_eq!(from(CapPeriod::Lifetime), None);
    /// assert!(CapPeriod::Order.window(day).is_none());
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn window(self, day: NaiveDate) -> Option<CapWindow> {
        // The first of a month exists; a week that would begin before the calendar does begins with it.
        let first_of = |month| NaiveDate::from_ymd_opt(day.year(), month, 1).unwrap_or(day);
        let from = match self {
            CapPeriod::Order => return None,
            CapPeriod::Day => Some(day),
            CapPeriod::Week => {
                let since_monday = Days::new(day.weekday().num_days_from_monday().into());
                Some(day.checked_sub_days(since_monday).unwrap_or(day))
            }
            CapPeriod::Month => Some(first_of(day.month())),
            CapPeriod::Quarter => Some(first_of(day.month0() / 3 * 3 + 1)),
            CapPeriod::Year => Some(first_of(1)),
            CapPeriod::Lifetime => None,
        };
        Some(CapWindow { per: self, from })
    }
}

impl fmt::Display for CapPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CapPeriod::Order => "order",
            CapPeriod::Day => "day",
            CapPeriod::Week => "week",
            CapPeriod::Month => "month",
            CapPeriod::Quarter => "quarter",
            CapPeriod::Year => "year",
            CapPeriod::Lifetime => "lifetime",
        })
    }
}

/// What the calculator asks about the customer.
pub trait Context {
    /// The status as which the customer earns, if any: the one at the time of what is rewarded.
    fn grade(&self) -> Option<&Name>;

    /// Whether this purchase is the customer's first.
    fn first_purchase(&self) -> bool;

    /// How many points a rule has given the customer in a window so far.
    fn used(&self, rule: &Name, window: CapWindow) -> Points;
}

/// What is known of a customer, for a preview or a test: by default no status, no first purchase, nothing used.
///
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The status.
    pub grade: Option<Name>,
    /// Whether the purchase is the first.
    pub first_purchase: bool,
    /// What rules have given in windows so far.
    pub used: BTreeMap<(Name, CapWindow), Points>,
}

impl Context for Known {
    fn grade(&self) -> Option<&Name> {
        self.grade.as_ref()
    }

    fn first_purchase(&self) -> bool {
        self.first_purchase
    }

    fn used(&self, rule: &Name, window: CapWindow) -> Points {
        self.used.get(&(rule.clone(), window)).copied().unwrap_or_default()
    }
}
