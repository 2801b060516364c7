use crate::quantity::Name;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A place whose law has something to say about points that expire. What this crate knows of a law is a figure or two, read on some day:
/// it is no legal advice, and today's text decides. Most laws exempt some schemes, such as cards for one thing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Jurisdiction {
    /// Ontario: since 1 January 2018, points do not expire by the passing of time alone. A bill of 2025 is to change the rules.
    Ontario,
    /// Québec: since 1 August 2019, points expire only by inactivity of a year or more, and with a notice 30 to 60 days before.
    Quebec,
    /// Another one, as the caller has read its law.
    Other(ExpiryLaw),
}

/// What a law says about points that expire.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpiryLaw {
    /// Where it holds.
    pub place: Name,
    /// Where it is written.
    pub source: Name,
    /// Since when it has been in force as described here.
    pub since: NaiveDate,
    /// Whether it forbids that points expire by the passing of time alone.
    pub forbids_time_alone: bool,
    /// The least inactivity by which points may expire, in months, if it says.
    #[serde(default)]
    pub least_inactivity_months: Option<u16>,
    /// The notice before, in days: the fewest and the most, if it says.
    #[serde(default)]
    pub notice_days: Option<(u16, u16)>,
}

/// The same, whoever has read it.
pub(super) struct Law<'a> {
    pub(super) place: &'a str,
    pub(super) source: &'a str,
    pub(super) since: Option<NaiveDate>,
    pub(super) forbids_time_alone: bool,
    pub(super) least_inactivity_months: Option<u16>,
    pub(super) notice_days: Option<(u16, u16)>,
}

impl Jurisdiction {
    pub(super) fn law(&self) -> Law<'_> {
        match self {
            Jurisdiction::Ontario => Law {
                place: "Ontario",
                source: "Consumer Protection Act, 2002, section 47.1, with O. Reg. 17/05",
                since: NaiveDate::from_ymd_opt(2018, 1, 1),
                forbids_time_alone: true,
                least_inactivity_months: None,
                notice_days: None,
            },
            Jurisdiction::Quebec => Law {
                place: "Québec",
                source: "Consumer Protection Act, section 187.8, with regulation P-40.1, r. 3, section 79.6.3",
                since: NaiveDate::from_ymd_opt(2019, 8, 1),
                forbids_time_alone: true,
                least_inactivity_months: Some(12),
                notice_days: Some((30, 60)),
            },
            Jurisdiction::Other(law) => Law {
                place: &law.place,
                source: &law.source,
                since: Some(law.since),
                forbids_time_alone: law.forbids_time_alone,
                least_inactivity_months: law.least_inactivity_months,
                notice_days: law.notice_days,
            },
        }
    }
}
