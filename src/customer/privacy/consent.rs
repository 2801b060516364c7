use super::PrivacyError;
use crate::{
    calendar::in_range,
    customer::contact::Channel,
    quantity::{Name, NameError},
};
use alloc::collections::{BTreeMap, BTreeSet};
use chrono::NaiveDate;
use core::fmt;
use serde::{Deserialize, Serialize};

/// What personal data is used for: `"marketing"`, `"credit check"`, `"delivery"`. Consent is given for a purpose, and so is every permit.
#[doc(alias = "处理目的")]
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Purpose(Name);

impl Purpose {
    /// A purpose of that name.
    ///
    /// # Errors
    /// [`NameError`] for `""`.
    pub fn new(name: &str) -> Result<Purpose, NameError> {
        Name::new(name).map(Purpose)
    }

    /// Its name.
    pub const fn name(&self) -> &Name {
        &self.0
    }
}

impl From<Name> for Purpose {
    fn from(name: Name) -> Purpose {
        Purpose(name)
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// One consent: for a purpose, and either for a channel over which the customer may be reached for it, or for the use of data as such.
///
/// The two are asked for apart: who lets a firm use the data for marketing has not let it telephone.
#[doc(alias = "同意")]
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Consent {
    // First, so that consents are in order of the days on which they were given.
    on: NaiveDate,
    purpose: Purpose,
    channel: Option<Channel>,
    until: Option<NaiveDate>,
    evidence: Name,
}

impl Consent {
    /// Consent to the use of data for a purpose, given on a day, and by what that can be shown (a form, a recorded call). It holds from
    /// that day on.
    ///
    /// # Errors
    /// [`DateOutOfRange`](PrivacyError::DateOutOfRange) for the year 10000.
    pub fn new(purpose: Purpose, on: NaiveDate, evidence: Name) -> Result<Consent, PrivacyError> {
        in_range(on).map_err(|_| PrivacyError::DateOutOfRange(on))?;
        Ok(Consent { on, purpose, channel: None, until: None, evidence })
    }

    /// The same consent, but to being reached for that purpose over this channel.
    #[must_use]
    pub fn over(self, channel: Channel) -> Consent {
        Consent { channel: Some(channel), ..self }
    }

    /// The same consent for a limited time: `until` is the first day on which it no longer holds.
    ///
    /// # Errors
    /// [`EndsBeforeItBegins`](PrivacyError::EndsBeforeItBegins) unless that is after the day on which it was given.
    pub fn until(self, until: NaiveDate) -> Result<Consent, PrivacyError> {
        in_range(until).map_err(|_| PrivacyError::DateOutOfRange(until))?;
        if until <= self.on {
            return Err(PrivacyError::EndsBeforeItBegins { on: self.on, until });
        }
        Ok(Consent { until: Some(until), ..self })
    }

    /// What for.
    pub const fn purpose(&self) -> &Purpose {
        &self.purpose
    }

    /// The channel, if it is consent to being reached; `None` for the use of data.
    pub const fn channel(&self) -> Option<&Channel> {
        self.channel.as_ref()
    }

    /// The day on which it was given, the first on which it holds.
    pub const fn on(&self) -> NaiveDate {
        self.on
    }

    /// The first day on which it no longer holds, if it was given for a limited time.
    pub const fn expires(&self) -> Option<NaiveDate> {
        self.until
    }

    /// By what it can be shown.
    pub const fn evidence(&self) -> &Name {
        &self.evidence
    }

    fn holds(&self, day: NaiveDate) -> bool {
        self.on <= day && self.until.is_none_or(|until| day < until)
    }
}

/// Consents are withdrawn: for one purpose or for all, over one channel or altogether.
///
/// On the wire: `{"on":"2024-05-01","purpose":"marketing","channel":"text-message"}`; what is left out is not limited.
#[doc(alias = "撤回同意")]
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// The day, the first on which the consents no longer hold.
    pub on: NaiveDate,
    /// The purpose; all of them if none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// The channel; if none is given, all channels and the use of data too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
}

impl Withdrawal {
    /// Everything is withdrawn on that day.
    pub const fn of_all(on: NaiveDate) -> Withdrawal {
        Withdrawal { on, purpose: None, channel: None }
    }

    /// Whether this ends that consent for good: it was given by the day of the withdrawal. A consent of the same day is ended too,
    /// because nobody can tell which came last, and silence is not consent.
    fn ends(&self, consent: &Consent) -> bool {
        consent.on <= self.on
            && self.purpose.as_ref().is_none_or(|purpose| *purpose == consent.purpose)
            && (self.channel.is_none() || self.channel == consent.channel)
    }
}

/// The consents of one customer and what has been withdrawn of them: for every purpose and channel apart, answered at a day.
///
/// Without a consent there is none. A consent holds from the day it is given to the day before it ends or is withdrawn; what is
/// withdrawn stays so until it is given anew on a later day. Consents are a set: they merge in any order, and repeating one changes
/// nothing.
///
/// ```
/// use customer_value::{
///     customer::{contact::Channel, privacy::{Consent, Consents, Purpose, Withdrawal}},
///     quantity::Name,
/// };
///
/// let (marketing, sms) = (Purpose::new("marketing")?, Channel::TextMessage);
/// let given = Consent::new(marketing.clone(), "2024-03-01".parse()?, Name::new("web form 7")?)?;
///
/// let mut consents = Consents::new();
/// consents.give(given.clone());
/// consents.give(given.over(sms.clone()));
/// consents.withdraw(Withdrawal { on: "2024-05-01".parse()?, purpose: Some(marketing.clone()), channel: Some(sms.clone()) })?;
///
/// assert!(!consents.allows(&marketing, Some(&sms), "2024-02-29".parse()?)); // not yet
/// assert!(consents.allows(&marketing, Some(&sms), "2024-03-01".parse()?)); // on the day itself
/// assert!(!consents.allows(&marketing, Some(&sms), "2024-05-01".parse()?)); // no longer
/// assert!(consents.allows(&marketing, None, "2024-05-01".parse()?)); // the use of data goes on
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "同意管理")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "WireConsents", into = "WireConsents")]
pub struct Consents {
    given: BTreeSet<Consent>,
    withdrawn: BTreeSet<Withdrawal>,
}

impl Consents {
    /// No consent.
    pub const fn new() -> Consents {
        Consents { given: BTreeSet::new(), withdrawn: BTreeSet::new() }
    }

    /// Adds a consent.
    pub fn give(&mut self, consent: Consent) {
        self.given.insert(consent);
    }

    /// Withdraws what has been given up to that day, that day included.
    ///
    /// # Errors
    /// [`DateOutOfRange`](PrivacyError::DateOutOfRange) for the year 10000; nothing changes.
    pub fn withdraw(&mut self, withdrawal: Withdrawal) -> Result<(), PrivacyError> {
        in_range(withdrawal.on).map_err(|_| PrivacyError::DateOutOfRange(withdrawal.on))?;
        self.withdrawn.insert(withdrawal);
        Ok(())
    }

    /// Adds what another part of the same customer's file knows.
    pub fn merge(&mut self, other: Consents) {
        self.given.extend(other.given);
        self.withdrawn.extend(other.withdrawn);
    }

    /// The consent that holds at the close of a day, for reaching the customer over a channel, or for the use of data if no channel is
    /// given; of several, the one given last.
    pub fn live(&self, purpose: &Purpose, channel: Option<&Channel>, day: NaiveDate) -> Option<&Consent> {
        self.alive(day).rev().find(|consent| consent.purpose == *purpose && consent.channel() == channel)
    }

    /// Whether there is a consent that holds: see [`live`](Consents::live).
    pub fn allows(&self, purpose: &Purpose, channel: Option<&Channel>, day: NaiveDate) -> bool {
        self.live(purpose, channel, day).is_some()
    }

    /// Every consent that holds at the close of a day, the oldest first.
    pub fn alive(&self, day: NaiveDate) -> impl DoubleEndedIterator<Item = &Consent> {
        // The last withdrawal of each kind: they are in order of their days.
        let by_then = self.withdrawn.iter().filter(|w| w.on <= day);
        let last: BTreeMap<_, &Withdrawal> = by_then.map(|w| ((w.purpose.as_ref(), w.channel.as_ref()), w)).collect();
        let withdrawn = move |consent: &Consent| {
            let (purpose, channel) = (Some(&consent.purpose), consent.channel());
            let kinds = [(None, None), (purpose, None), (None, channel), (purpose, channel)];
            kinds.iter().filter_map(|kind| last.get(kind)).any(|w| w.ends(consent))
        };
        self.given.iter().filter(move |consent| consent.holds(day) && !withdrawn(consent))
    }

    /// Every consent that was ever given, the oldest first.
    pub fn given(&self) -> impl ExactSizeIterator<Item = &Consent> {
        self.given.iter()
    }

    /// Everything that was ever withdrawn, the oldest first.
    pub fn withdrawn(&self) -> impl ExactSizeIterator<Item = &Withdrawal> {
        self.withdrawn.iter()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Consent")]
struct Wire {
    purpose: Purpose,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    channel: Option<Channel>,
    on: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<NaiveDate>,
    evidence: Name,
}

impl TryFrom<Wire> for Consent {
    type Error = PrivacyError;

    fn try_from(wire: Wire) -> Result<Consent, PrivacyError> {
        let consent = Consent { channel: wire.channel, ..Consent::new(wire.purpose, wire.on, wire.evidence)? };
        wire.until.map_or(Ok(consent.clone()), |until| consent.until(until))
    }
}

impl From<Consent> for Wire {
    fn from(c: Consent) -> Wire {
        Wire { purpose: c.purpose, channel: c.channel, on: c.on, until: c.until, evidence: c.evidence }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Consents")]
struct WireConsents {
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    given: BTreeSet<Consent>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    withdrawn: BTreeSet<Withdrawal>,
}

impl TryFrom<WireConsents> for Consents {
    type Error = PrivacyError;

    fn try_from(wire: WireConsents) -> Result<Consents, PrivacyError> {
        let mut consents = Consents { given: wire.given, withdrawn: BTreeSet::new() };
        wire.withdrawn.into_iter().try_for_each(|withdrawal| consents.withdraw(withdrawal))?;
        Ok(consents)
    }
}

impl From<Consents> for WireConsents {
    fn from(consents: Consents) -> WireConsents {
        WireConsents { given: consents.given, withdrawn: consents.withdrawn }
    }
}
