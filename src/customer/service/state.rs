use core::fmt;
use serde::{Deserialize, Serialize};

/// Where a complaint stands. The walk is that of ISO 10002:2018, clause 8: receipt, acknowledgement, investigation, response, closing.
#[doc(alias = "投诉状态")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It has come in, and nobody has answered.
    Received,
    /// The customer knows that it has come in.
    Acknowledged,
    /// Somebody looks into it.
    Investigating,
    /// The customer was asked something.
    AwaitingCustomer,
    /// The customer was offered something.
    Offered,
    /// The customer has taken the offer; it has to be carried out.
    Accepted,
    /// The customer has refused the offer.
    Rejected,
    /// It is over for the firm.
    Closed,
    /// The customer has taken it back.
    Withdrawn,
}

/// What happens to a complaint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// The firm says that it has come in.
    Acknowledge,
    /// The firm begins, or goes on, to look into it.
    Investigate,
    /// The firm asks the customer something.
    Ask,
    /// The customer answers what was asked.
    Reply,
    /// The firm offers something, or something else; an explanation or an apology is an offer.
    Offer,
    /// The customer takes the offer.
    Accept,
    /// The customer refuses the offer.
    Reject,
    /// The firm closes it: the offer was carried out, the customer does not answer, or there is no agreement.
    Close,
    /// The customer takes the complaint back.
    Withdraw,
    /// What was closed or taken back is taken up again.
    Reopen,
    /// It goes one rung up the ladder, whatever its state.
    #[doc(alias = "升级")]
    Escalate,
}

impl State {
    /// Where a step leads, or nothing if it is not possible. Whether there is a rung left to escalate to is another matter.
    pub const fn after(self, step: Step) -> Option<State> {
        use State::{Accepted, Acknowledged, AwaitingCustomer, Closed, Investigating, Offered, Received, Rejected, Withdrawn};
        Some(match (step, self) {
            (Step::Acknowledge, Received) => Acknowledged,
            (Step::Investigate, Received | Acknowledged | AwaitingCustomer | Rejected)
            | (Step::Reply, AwaitingCustomer)
            | (Step::Reopen, Closed | Withdrawn) => Investigating,
            (Step::Ask, Received | Acknowledged | Investigating | Rejected) => AwaitingCustomer,
            (Step::Offer, Received | Acknowledged | Investigating | AwaitingCustomer | Offered | Rejected) => Offered,
            (Step::Accept, Offered) => Accepted,
            (Step::Reject, Offered) => Rejected,
            (Step::Close, AwaitingCustomer | Offered | Accepted | Rejected) => Closed,
            (Step::Withdraw, Received | Acknowledged | Investigating | AwaitingCustomer | Offered | Rejected) => Withdrawn,
            (Step::Escalate, open) if open.is_open() => open,
            _ => return None,
        })
    }

    /// The steps that are possible.
    pub fn steps(self) -> impl Iterator<Item = Step> {
        Step::ALL.into_iter().filter(move |step| self.after(*step).is_some())
    }

    /// Whether somebody still has to do something.
    pub const fn is_open(self) -> bool {
        !matches!(self, State::Closed | State::Withdrawn)
    }

    /// Whether it is the customer's turn.
    pub const fn waits_for_customer(self) -> bool {
        matches!(self, State::AwaitingCustomer | State::Offered)
    }

    /// The state in words.
    pub const fn name(self) -> &'static str {
        match self {
            State::Received => "received",
            State::Acknowledged => "acknowledged",
            State::Investigating => "investigating",
            State::AwaitingCustomer => "awaiting the customer",
            State::Offered => "offered",
            State::Accepted => "accepted",
            State::Rejected => "rejected",
            State::Closed => "closed",
            State::Withdrawn => "withdrawn",
        }
    }
}

impl Step {
    /// Every step.
    pub const ALL: [Step; 11] = [
        Step::Acknowledge,
        Step::Investigate,
        Step::Ask,
        Step::Reply,
        Step::Offer,
        Step::Accept,
        Step::Reject,
        Step::Close,
        Step::Withdraw,
        Step::Reopen,
        Step::Escalate,
    ];

    /// Whether the customer hears from the firm by it.
    pub const fn is_response(self) -> bool {
        matches!(self, Step::Acknowledge | Step::Ask | Step::Offer)
    }

    /// The step in a word.
    pub const fn name(self) -> &'static str {
        match self {
            Step::Acknowledge => "acknowledge",
            Step::Investigate => "investigate",
            Step::Ask => "ask",
            Step::Reply => "reply",
            Step::Offer => "offer",
            Step::Accept => "accept",
            Step::Reject => "reject",
            Step::Close => "close",
            Step::Withdraw => "withdraw",
            Step::Reopen => "reopen",
            Step::Escalate => "escalate",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
