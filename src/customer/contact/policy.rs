use super::{Channel, ContactError};
use crate::{
    calendar::{Moment, Period, TimeOfDay, days_from},
    quantity::{Name, unique_keys},
    reason::{ModelId, fingerprint},
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use chrono::{Datelike, Weekday};
use core::fmt;
use serde::{Deserialize, Serialize};

/// The longest span in minutes: ten years of 365 days.
pub(super) const MOST_MINUTES: u32 = 10 * 365 * 24 * 60;
/// The most caps, quiet hours or blocked days of a policy.
const MOST_RULES: usize = 1000;
const DAY: u32 = 24 * 60 * 60;

/// Which rules a purpose keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Whether the customer must have agreed. A purpose that rests on something else, such as the answer to a complaint, needs no consent.
    pub consent: bool,
    /// Whether the caps hold for it. A purpose that keeps no caps is not counted for them either.
    pub caps: bool,
    /// Whether it waits for the end of quiet hours and blocked days.
    pub quiet: bool,
}

/// At most so many contacts by the firm in any stretch of so many minutes: a cap of frequency, and with one contact the least gap between
/// two.
///
/// The window rolls: a contact counts from its moment on, and no longer when exactly so many minutes have passed.
#[doc(alias = "frequency cap")]
#[doc(alias = "频次上限")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cap {
    /// On this channel; on all together if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// How many, 1 or more.
    pub at_most: u32,
    /// In how many minutes, 1 to 5,256,000 (ten years).
    pub minutes: u32,
}

/// Hours without contact, every day on the customer's clock, the end not included. They cross midnight if they end before they begin.
#[doc(alias = "免打扰时段")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// On this channel; on all if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// The first quiet minute.
    pub from: TimeOfDay,
    /// The first minute that is not quiet any more.
    pub until: TimeOfDay,
}

/// Whole days on the customer's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Days {
    /// Days in a row.
    Period(Period),
    /// One day of every week.
    Weekday(Weekday),
}

/// Days without contact.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlockedDays {
    /// On this channel; on all if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// Which days.
    pub days: Days,
    /// Why.
    pub reason: Name,
}

/// The rules of a [`ContactPolicy`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ContactRules {
    /// What contacts may be for, and which of the rules below each keeps.
    pub purposes: BTreeMap<Name, Terms>,
    /// How often.
    pub caps: Vec<Cap>,
    /// At which hours not.
    pub quiet_hours: Vec<QuietHours>,
    /// On which days not.
    pub blocked: Vec<BlockedDays>,
}

/// When, how often and by what a firm may turn to a customer; [`decide`](Self::decide) applies it.
///
/// On the wire: `{"name":"2024","purposes":{"offer":{"consent":true,"caps":true,"quiet":true}},"caps":[{"at_most":2,"minutes":10080}],
/// "quiet_hours":[{"channel":"phone","from":"21:00","until":"08:00"}],"blocked":[{"days":{"weekday":"Sun"},"reason":"day of rest"}]}`.
#[doc(alias = "沟通规范")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct ContactPolicy {
    id: ModelId,
    rules: ContactRules,
}

pub(super) fn concerns(rule: Option<&Channel>, channel: &Channel) -> bool {
    rule.is_none_or(|of| of == channel)
}

impl QuietHours {
    /// The end of the quiet hours in which a moment lies.
    pub(super) fn end(&self, at: Moment) -> Result<Option<Moment>, ContactError> {
        let (second, from, until) = (at.second_of_day(), self.from.seconds(), self.until.seconds());
        let crosses = from > until;
        let left = if crosses && second >= from {
            DAY - second + until
        } else if second < until && (crosses || second >= from) {
            until - second
        } else {
            return Ok(None);
        };
        Ok(Some(at.plus_seconds(left.into())?))
    }

    fn has_length(&self) -> bool {
        self.from != self.until && (self.from, self.until) != (TimeOfDay::END, TimeOfDay::START)
    }

    /// All quiet minutes of a day.
    fn minutes(&self) -> impl Iterator<Item = u16> {
        let (from, until, end) = (self.from.minutes(), self.until.minutes(), TimeOfDay::END.minutes());
        let (late, early) = if from > until { (from..end, 0..until) } else { (from..until, 0..0) };
        late.chain(early)
    }
}

impl Days {
    /// The end of the days in which a moment lies.
    pub(super) fn end(self, at: Moment) -> Result<Option<Moment>, ContactError> {
        let until = match self {
            Days::Period(period) if period.contains(at.date()) => period.until(),
            Days::Weekday(weekday) if weekday == at.date().weekday() => days_from(at.date(), 1)?,
            _ => return Ok(None),
        };
        Ok(Some(Moment::start_of(until, at.offset_minutes())))
    }
}

impl ContactPolicy {
    /// A policy of these rules.
    ///
    /// # Errors
    /// [`NoPurposes`](ContactError::NoPurposes); [`BadCap`](ContactError::BadCap) for 0 contacts or 0 minutes;
    /// [`BadQuietHours`](ContactError::BadQuietHours) from 08:00 until 08:00; [`NeverOpen`](ContactError::NeverOpen) for quiet hours from
    /// 08:00 until 20:00 and from 20:00 until 08:00, and for seven blocked weekdays; [`TooMany`](ContactError::TooMany) for 1,001 caps,
    /// quiet hours or blocked days.
    pub fn new(name: Name, rules: ContactRules) -> Result<ContactPolicy, ContactError> {
        if rules.purposes.is_empty() {
            return Err(ContactError::NoPurposes);
        }
        let lengths = [rules.caps.len(), rules.quiet_hours.len(), rules.blocked.len()];
        if let Some(&found) = lengths.iter().find(|found| **found > MOST_RULES) {
            return Err(ContactError::TooMany { found, most: MOST_RULES });
        }
        let bad = |cap: &&Cap| cap.at_most == 0 || !(1..=MOST_MINUTES).contains(&cap.minutes);
        if let Some(&Cap { at_most, minutes, .. }) = rules.caps.iter().find(bad) {
            return Err(ContactError::BadCap { at_most, minutes });
        }
        if let Some(quiet) = rules.quiet_hours.iter().find(|q| !q.has_length()) {
            return Err(ContactError::BadQuietHours(quiet.until));
        }
        rules.check_open()?;
        let mut policy = ContactPolicy { id: ModelId { name, fingerprint: 0 }, rules };
        policy.id.fingerprint = fingerprint(&policy);
        Ok(policy)
    }

    /// Which policy this is.
    pub const fn id(&self) -> &ModelId {
        &self.id
    }

    /// The rules.
    pub const fn rules(&self) -> &ContactRules {
        &self.rules
    }
}

impl ContactRules {
    /// Every channel, and one that no rule names, has a minute in every week. So whoever waits comes through.
    fn check_open(&self) -> Result<(), ContactError> {
        let (mut quiet, mut blocked): (BTreeMap<_, BTreeSet<u16>>, BTreeMap<_, BTreeSet<u32>>) = Default::default();
        for hours in &self.quiet_hours {
            quiet.entry(hours.channel.as_ref()).or_default().extend(hours.minutes());
        }
        for BlockedDays { channel, days, .. } in &self.blocked {
            let weekday = if let Days::Weekday(day) = days { Some(day.num_days_from_monday()) } else { None };
            blocked.entry(channel.as_ref()).or_default().extend(weekday);
        }
        // What holds for all channels holds for each.
        let named: BTreeSet<Option<&Channel>> = quiet.keys().chain(blocked.keys()).copied().chain([None]).collect();
        for channel in named {
            let applying = || [None, channel].into_iter();
            let is_quiet = |minute| applying().filter_map(|of| quiet.get(&of)).any(|minutes| minutes.contains(&minute));
            let is_blocked = |day| applying().filter_map(|of| blocked.get(&of)).any(|days| days.contains(&day));
            if (0..TimeOfDay::END.minutes()).all(is_quiet) || (0..7).all(is_blocked) {
                return Err(ContactError::NeverOpen(channel.cloned()));
            }
        }
        Ok(())
    }
}

fn by(channel: Option<&Channel>) -> impl fmt::Display {
    fmt::from_fn(move |f| match channel {
        Some(Channel::Other(name)) => write!(f, "{name:?}"),
        Some(channel) => write!(f, "{channel}"),
        None => f.write_str("any channel"),
    })
}

impl fmt::Display for Cap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unit) = match self.minutes {
            minutes if minutes % (24 * 60) == 0 => (minutes / (24 * 60), "day"),
            minutes if minutes % 60 == 0 => (minutes / 60, "hour"),
            minutes => (minutes, "minute"),
        };
        let plural = if count == 1 { "" } else { "s" };
        write!(f, "at most {} in {count} {unit}{plural} by {}", self.at_most, by(self.channel.as_ref()))
    }
}

impl fmt::Display for QuietHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "quiet from {} until {} by {}", self.from, self.until, by(self.channel.as_ref()))
    }
}

impl fmt::Display for BlockedDays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.days {
            Days::Period(period) => write!(f, "blocked {period}")?,
            Days::Weekday(weekday) => write!(f, "blocked every {weekday}")?,
        }
        write!(f, " by {} ({:?})", by(self.channel.as_ref()), self.reason)
    }
}

/// The policy whole: what its fingerprint is taken of.
impl fmt::Display for ContactPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ContactRules { purposes, caps, quiet_hours, blocked } = &self.rules;
        writeln!(f, "contact policy {:?}", self.id.name)?;
        for (purpose, Terms { consent, caps, quiet }) in purposes {
            writeln!(f, "for {purpose:?}: consent {consent}, caps {caps}, quiet {quiet}")?;
        }
        caps.iter().try_for_each(|cap| writeln!(f, "{cap}"))?;
        quiet_hours.iter().try_for_each(|quiet| writeln!(f, "{quiet}"))?;
        blocked.iter().try_for_each(|days| writeln!(f, "{days}"))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "ContactPolicy")]
struct Wire {
    name: Name,
    #[serde(deserialize_with = "unique_keys")]
    purposes: BTreeMap<Name, Terms>,
    #[serde(default)]
    caps: Vec<Cap>,
    #[serde(default)]
    quiet_hours: Vec<QuietHours>,
    #[serde(default)]
    blocked: Vec<BlockedDays>,
}

impl TryFrom<Wire> for ContactPolicy {
    type Error = ContactError;

    fn try_from(wire: Wire) -> Result<ContactPolicy, ContactError> {
        let Wire { name, purposes, caps, quiet_hours, blocked } = wire;
        ContactPolicy::new(name, ContactRules { purposes, caps, quiet_hours, blocked })
    }
}

impl From<ContactPolicy> for Wire {
    fn from(ContactPolicy { id, rules }: ContactPolicy) -> Wire {
        let ContactRules { purposes, caps, quiet_hours, blocked } = rules;
        Wire { name: id.name, purposes, caps, quiet_hours, blocked }
    }
}
