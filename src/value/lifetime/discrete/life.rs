use super::Opportunities;
use crate::value::lifetime::LifetimeError;
use alloc::vec::Vec;

/// What a simulated customer does at so many opportunities, and what nobody sees: after which they cease to be one. Made by
/// [`BgBb::simulate`](super::BgBb::simulate) and [`Outlook::simulate`](super::Outlook::simulate).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    before: Opportunities,
    opportunities: u16,
    purchases: Vec<u16>,
    dropout: Option<u16>,
}

impl Life {
    /// Purchases in order, at opportunities numbered from 1; a dropout not before the last of them.
    pub(super) const fn new(before: Opportunities, opportunities: u16, purchases: Vec<u16>, dropout: Option<u16>) -> Life {
        Life { before, opportunities, purchases, dropout }
    }

    /// How many opportunities were simulated.
    pub const fn opportunities(&self) -> u16 {
        self.opportunities
    }

    /// The opportunities at which the customer bought, in order; the first of those simulated is number 1.
    pub fn purchases(&self) -> &[u16] {
        &self.purchases
    }

    /// After how many of the opportunities simulated the customer dropped out: 0 if before the first of them, so also if before the
    /// observation ended; `None` if they were still a customer at the last.
    pub const fn dropout(&self) -> Option<u16> {
        self.dropout
    }

    /// What is seen of the customer after so many of the opportunities simulated, together with what was seen of them before.
    ///
    /// # Errors
    /// [`LifetimeError::BadOpportunities`] for more than were simulated.
    pub fn summary(&self, opportunities: u16) -> Result<Opportunities, LifetimeError> {
        let seen = self.purchases.partition_point(|at| *at <= opportunities);
        // No more than opportunities, which together with those before are at most 65535.
        let more = u16::try_from(seen).unwrap_or(u16::MAX);
        let n = self.before.n().saturating_add(opportunities);
        let x = self.before.x().saturating_add(more);
        let t_x = self.purchases[..seen].last().map_or(self.before.t_x(), |at| self.before.n().saturating_add(*at));
        if opportunities > self.opportunities {
            return Err(LifetimeError::BadOpportunities { x: x.into(), t_x: t_x.into(), n: n.into() });
        }
        Opportunities::new(x, t_x, n)
    }
}
