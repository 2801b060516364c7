use super::Proposal;
use crate::customer::privacy::{Consent, Consents};
use chrono::NaiveDate;
use core::fmt;
use serde::{Deserialize, Serialize};

/// Whether the customer has agreed to be reached on that channel for that purpose, at the moment of a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentStatus {
    /// Yes, and it is in force.
    Given,
    /// Nobody asked, or no answer came: this is no consent.
    NeverAsked,
    /// No.
    Refused,
    /// Yes, and then no.
    Withdrawn,
    /// Yes, for a time that is over.
    Expired,
}

impl ConsentStatus {
    /// What the consents of a customer say to a proposal, on its day. The use of data as such is another consent: it opens no channel.
    ///
    /// Who withdrew without ever having agreed has refused. Of several consents the one given last decides, and a no that came after it
    /// counts even where the consent had ended by itself.
    ///
    /// ```
    /// use customer_value::{
    ///     customer::{
    ///         contact::{Channel, ConsentStatus, ContactPolicy, InteractionLog, Proposal},
    ///         privacy::{Consent, Consents, Purpose, Withdrawal},
    ///     },
    ///     quantity::Name,
    /// };
    ///
    /// let policy: ContactPolicy =
    ///     serde_json::from_str(r#"{ "name": "2024", "purposes": { "offer": { "consent": true, "caps": true, "quiet": true } } }"#)?;
    /// let call = Proposal { at: "2024-05-02T10:00:00+08:00".parse()?, channel: Channel::Phone, purpose: Name::new("offer")? };
    /// let mut consents = Consents::new();
    /// let form = Consent::new(Purpose::new("offer")?, "2024-03-01".parse()?, Name::new("web form 7")?)?;
    /// consents.give(form.over(Channel::Phone));
    ///
    /// let ask = |consents: &Consents| policy.decide(&InteractionLog::new(), &call, ConsentStatus::of(consents, &call));
    /// assert!(ask(&consents)?.is_allowed());
    /// consents.withdraw(Withdrawal::of_all("2024-05-02".parse()?))?;
    /// assert_eq!(ask(&consents)?.refusals[0].to_string(), "consent withdrawn");
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn of(consents: &Consents, proposal: &Proposal) -> ConsentStatus {
        let (day, purpose, channel) = (proposal.at.date(), proposal.purpose.clone().into(), Some(&proposal.channel));
        if consents.allows(&purpose, channel, day) {
            return ConsentStatus::Given;
        }
        let about = consents.given().filter(|c| c.on() <= day && *c.purpose() == purpose && c.channel() == channel);
        let last = about.map(Consent::on).max();
        let no_since = |first: Option<NaiveDate>| {
            consents.withdrawn().any(|w| {
                first.is_none_or(|first| first <= w.on)
                    && w.on <= day
                    && w.purpose.as_ref().is_none_or(|of| *of == purpose)
                    && (w.channel.is_none() || w.channel.as_ref() == channel)
            })
        };
        match (last, no_since(last)) {
            (Some(_), true) => ConsentStatus::Withdrawn,
            (Some(_), false) => ConsentStatus::Expired,
            (None, true) => ConsentStatus::Refused,
            (None, false) => ConsentStatus::NeverAsked,
        }
    }
}

impl fmt::Display for ConsentStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            ConsentStatus::Given => "given",
            ConsentStatus::NeverAsked => "never asked for",
            ConsentStatus::Refused => "refused",
            ConsentStatus::Withdrawn => "withdrawn",
            ConsentStatus::Expired => "expired",
        })
    }
}
