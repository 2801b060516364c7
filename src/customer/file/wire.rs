//! The wire form of a [`Customer`]. It is read by the same steps by which a file is kept, so that no text brings back what was erased.

use super::{Customer, ErasureReceipt, FileError};
use crate::customer::{
    History,
    credit::{CreditLine, Receivables},
    party::{Party, Relationship},
    privacy::{Consents, CustomerKey, Ground},
    profile::Profile,
};
use alloc::collections::BTreeSet;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Customer")]
pub(super) struct Wire {
    key: CustomerKey,
    relationship: Relationship,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    party: Option<Party>,
    #[serde(default, skip_serializing_if = "Profile::is_empty")]
    profile: Profile,
    #[serde(default)]
    consents: Consents,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    grounds: BTreeSet<Ground>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    credit: Option<CreditLine>,
    history: History,
    receivables: Receivables,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    erasure: Option<ErasureReceipt>,
}

impl TryFrom<Wire> for Customer {
    type Error = FileError;

    fn try_from(wire: Wire) -> Result<Customer, FileError> {
        let (history, receivables) = (wire.history.currency(), wire.receivables.currency());
        if history != receivables {
            return Err(FileError::TwoCurrencies { history, receivables });
        }
        let mut customer = Customer {
            key: wire.key,
            relationship: wire.relationship,
            party: None,
            profile: Profile::new(),
            consents: Consents::new(),
            grounds: BTreeSet::new(),
            credit: None,
            history: wire.history,
            receivables: wire.receivables,
            erasure: wire.erasure,
        };
        match &customer.erasure {
            Some(receipt) => receipt.check(wire.key)?,
            None if wire.party.is_none() => return Err(FileError::NoParty(wire.key)),
            None => {}
        }
        wire.consents.given().cloned().try_for_each(|consent| customer.give(consent))?;
        if let Some(party) = wire.party {
            customer.allow_anew()?;
            customer.relationship.suits(party.kind())?;
            customer.party = Some(party);
        }
        for fact in wire.profile.facts() {
            wire.profile.of(fact).iter().try_for_each(|statement| customer.allow(statement.source.on()))?;
        }
        customer.profile = wire.profile;
        wire.grounds.into_iter().try_for_each(|ground| customer.declare(ground))?;
        wire.credit.into_iter().try_for_each(|line| customer.grant(line))?;
        // Last: what came in while a consent held may stay when it is withdrawn, be it for a day before.
        wire.consents.withdrawn().cloned().try_for_each(|withdrawal| customer.withdraw(withdrawal))?;
        Ok(customer)
    }
}

impl From<Customer> for Wire {
    fn from(customer: Customer) -> Wire {
        Wire {
            key: customer.key,
            relationship: customer.relationship,
            party: customer.party,
            profile: customer.profile,
            consents: customer.consents,
            grounds: customer.grounds,
            credit: customer.credit,
            history: customer.history,
            receivables: customer.receivables,
            erasure: customer.erasure,
        }
    }
}
