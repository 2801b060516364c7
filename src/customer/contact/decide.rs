use super::policy::concerns;
use super::{BlockedDays, Cap, Channel, ConsentStatus, ContactError, ContactPolicy, Direction, InteractionLog, QuietHours, Terms};
use crate::{calendar::Moment, quantity::Name, reason::ModelId};
use alloc::vec::Vec;
use core::fmt;
use serde::{Deserialize, Serialize};

/// A contact that the firm has in mind.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// When, on the customer's clock: quiet hours and blocked days are read from it.
    pub at: Moment,
    /// By what.
    pub channel: Channel,
    /// What for: one of the policy's purposes.
    pub purpose: Name,
}

/// One reason against a contact.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// The customer has not agreed. Waiting does not help; asking may.
    Consent(ConsentStatus),
    /// A cap is reached.
    Capped {
        /// Which.
        cap: Cap,
        /// The contacts in its window, the earliest first.
        contacts: Vec<Name>,
        /// When there is room again.
        until: Moment,
    },
    /// It is a quiet hour.
    Quiet {
        /// Which hours.
        hours: QuietHours,
        /// When they end.
        until: Moment,
    },
    /// It is a blocked day.
    Blocked {
        /// Which days.
        days: BlockedDays,
        /// When they end.
        until: Moment,
    },
}

/// What a policy says to a proposal.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permission {
    /// Which policy it was.
    pub policy: ModelId,
    /// What was proposed.
    pub proposal: Proposal,
    /// Every reason against it, consent first, then in the order of the policy. None: it is allowed.
    pub refusals: Vec<Refusal>,
    /// The earliest moment at which nothing stands against it, if no other contact comes between: the proposed one if it is allowed, none
    /// if consent is missing. It is read from the same clock; where summer time begins or ends in between, ask again.
    pub earliest: Option<Moment>,
}

impl Permission {
    /// Whether nothing stands against it.
    pub fn is_allowed(&self) -> bool {
        self.refusals.is_empty()
    }
}

impl Refusal {
    /// When this reason alone has ended; never for a missing consent.
    pub const fn until(&self) -> Option<Moment> {
        match self {
            Refusal::Consent(_) => None,
            Refusal::Capped { until, .. } | Refusal::Quiet { until, .. } | Refusal::Blocked { until, .. } => Some(*until),
        }
    }
}

impl ContactPolicy {
    /// Whether the firm may turn to the customer, all reasons why not, and when it may. What the customer has agreed to is looked up by
    /// [`ConsentStatus::of`].
    ///
    /// Caps count the contacts that the firm began, up to and at the proposed moment, whose purpose keeps caps; so do contacts for a
    /// purpose that the policy does not name. A contact that was planned for later and logged ahead is not looked at.
    ///
    /// # Errors
    /// [`UnknownPurpose`](ContactError::UnknownPurpose); [`Calendar`](ContactError::Calendar) in the last days of the year 9999.
    ///
    /// ```
    /// use customer_value::customer::contact::{Channel, ConsentStatus, ContactPolicy, InteractionLog, Proposal, Refusal};
    /// use customer_value::quantity::Name;
    ///
    /// let policy: ContactPolicy = serde_json::from_str(r#"{
    ///     "name": "2024", "purposes": { "offer": { "consent": true, "caps": true, "quiet": true } },
    ///     "quiet_hours": [{ "channel": "phone", "from": "21:00", "until": "08:00" }],
    ///     "blocked": [{ "days": { "weekday": "Fri" }, "reason": "stocktaking" }]
    /// }"#)?;
    /// let call = Proposal { at: "2024-02-29T21:00:00+08:00".parse()?, channel: Channel::Phone, purpose: Name::new("offer")? };
    /// let answer = policy.decide(&InteractionLog::new(), &call, ConsentStatus::Given)?;
    /// assert!(matches!(answer.refusals[..], [Refusal::Quiet { .. }]));
    /// // Quiet until Friday 08:00, blocked until midnight, quiet again.
    /// assert_eq!(answer.earliest, Some("2024-03-02T08:00:00+08:00".parse()?));
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[doc(alias = "联系许可")]
    pub fn decide(&self, log: &InteractionLog, proposal: &Proposal, consent: ConsentStatus) -> Result<Permission, ContactError> {
        let purposes = &self.rules().purposes;
        let unknown = || ContactError::UnknownPurpose(proposal.purpose.clone());
        let terms = *purposes.get(&proposal.purpose).ok_or_else(unknown)?;
        let counts = |purpose: &Name| purposes.get(purpose).is_none_or(|terms| terms.caps);
        let made: Vec<Contact> = log
            .until(proposal.at)
            .into_iter()
            .filter(|i| i.direction == Direction::Outbound && counts(&i.purpose))
            .map(|i| Contact { id: &i.id, at: i.at, channel: &i.touchpoint.channel })
            .collect();

        let mut refusals = Vec::new();
        if terms.consent && consent != ConsentStatus::Given {
            refusals.push(Refusal::Consent(consent));
        }
        let mut earliest = refusals.is_empty().then_some(proposal.at);
        refusals.extend(self.caps_against(terms, &proposal.channel, &made, proposal.at)?);
        refusals.extend(self.hours_against(terms, &proposal.channel, proposal.at)?);
        if let Some(at) = &mut earliest {
            let mut against = refusals.iter().filter_map(Refusal::until).max();
            // Every end lies ahead. Caps that have room once keep it, periods end for good, and every week has an open minute.
            while let Some(end) = against {
                *at = end;
                against = self.hours_against(terms, &proposal.channel, end)?.iter().filter_map(Refusal::until).max();
            }
        }
        Ok(Permission { policy: self.id().clone(), proposal: proposal.clone(), refusals, earliest })
    }

    /// The caps that are reached at a moment.
    fn caps_against(&self, terms: Terms, channel: &Channel, made: &[Contact], at: Moment) -> Result<Vec<Refusal>, ContactError> {
        let (rules, mut against) = (self.rules(), Vec::new());
        for cap in rules.caps.iter().filter(|cap| terms.caps && concerns(cap.channel.as_ref(), channel)) {
            let counted = made.iter().filter(|c| concerns(cap.channel.as_ref(), c.channel));
            let inside: Vec<&Contact> = counted.filter(|c| at.seconds_since(&c.at) < i64::from(cap.minutes) * 60).collect();
            // There is room when the contact has left the window that is the last but so many.
            let leaves = usize::try_from(cap.at_most).ok().and_then(|n| inside.len().checked_sub(n));
            if let Some(contact) = leaves.and_then(|place| inside.get(place)) {
                let until = contact.at.at_offset(at.offset_minutes())?.plus_minutes(cap.minutes.into())?;
                against.push(Refusal::Capped { cap: cap.clone(), contacts: inside.iter().map(|c| c.id.clone()).collect(), until });
            }
        }
        Ok(against)
    }

    /// The quiet hours and blocked days in which a moment lies.
    fn hours_against(&self, terms: Terms, channel: &Channel, at: Moment) -> Result<Vec<Refusal>, ContactError> {
        let (rules, mut against) = (self.rules(), Vec::new());
        for hours in rules.quiet_hours.iter().filter(|q| terms.quiet && concerns(q.channel.as_ref(), channel)) {
            if let Some(until) = hours.end(at)? {
                against.push(Refusal::Quiet { hours: hours.clone(), until });
            }
        }
        for days in rules.blocked.iter().filter(|b| terms.quiet && concerns(b.channel.as_ref(), channel)) {
            if let Some(until) = days.days.end(at)? {
                against.push(Refusal::Blocked { days: days.clone(), until });
            }
        }
        Ok(against)
    }
}

struct Contact<'a> {
    id: &'a Name,
    at: Moment,
    channel: &'a Channel,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Consent(status) => write!(f, "consent {status}"),
            Refusal::Capped { cap, contacts, until } => {
                write!(f, "{cap}, and there were {}; room again at {until}", contacts.len())
            }
            Refusal::Quiet { hours, until } => write!(f, "{hours}; over at {until}"),
            Refusal::Blocked { days, until } => write!(f, "{days}; over at {until}"),
        }
    }
}
