use super::{
    Account, Draw, SentLot,
    totals::{Movement, Place},
};
use crate::{
    calendar::{CalendarError, Moment, Zone},
    loyalty::{
        AccountId, CostBasis, Decay, HoldId, Inactivity, LotId, Points, SourceId,
        earning::{CapUse, CapWindow, Side},
        ladder::{Gift, Intervention, StatusChange, StatusState},
        programme::Returns,
    },
    quantity::Name,
};
use alloc::{boxed::Box, string::String, sync::Arc, vec::Vec};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A lot as it is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// Its number.
    pub lot: LotId,
    /// The kind of points.
    pub kind: Name,
    /// How many.
    pub points: Points,
    /// From when they can be spent; `None` until a confirmation.
    pub active: Option<Moment>,
    /// From when they no longer can; `None` for never.
    pub expires: Option<Moment>,
    /// What they cost the programme.
    pub cost: CostBasis,
    /// The part of each line of the basket, in order of their names; empty for what no basket earned.
    pub lines: Vec<(Name, Points)>,
}

/// Points that count for the status: no lot, they cannot be spent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusCredit {
    /// Which kind of points.
    pub metric: Name,
    /// The day for which they count.
    pub day: NaiveDate,
    /// How many; a reversal is negative.
    pub points: i64,
    /// The part of each line of the basket; empty for what no basket earned, and in reversals.
    pub lines: Vec<(Name, Points)>,
}

/// What a line of a basket came to, so that parts of it can be returned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineSold {
    /// Its name.
    pub line: Name,
    /// How many units.
    pub units: u32,
    /// What was paid for it, after discounts, in smallest units of the programme's currency.
    pub paid: i64,
}

/// Points of a lot that go from one place to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moved {
    /// The kind of points.
    pub kind: Name,
    /// The lot.
    pub lot: LotId,
    /// How many.
    pub points: Points,
    /// Where they were.
    pub from: Place,
    /// Where they are.
    pub to: Place,
}

/// Why points were credited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A purchase.
    Purchase,
    /// Something else the member did.
    Activity(Name),
    /// An occasion, and the key under which it is granted once.
    Occasion {
        /// Which one.
        occasion: Name,
        /// Such as `2026`.
        key: String,
    },
    /// A decision by hand, with its reason.
    Grant(String),
    /// A referral, and the other side of it.
    Referral {
        /// The other account.
        peer: AccountId,
        /// Which side this one is on.
        side: Side,
    },
}

/// A reward that was claimed, and the window in which that counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claimed {
    /// The reward.
    pub reward: Name,
    /// The window, if the reward has a limit.
    pub window: Option<CapWindow>,
}

/// Where a clawback was taken instead of the lot that owed it, whose points were spent or held. If they come back, they pay it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Displaced {
    /// The lot that owes it.
    pub owed_by: LotId,
    /// Who has paid so far.
    pub paid_by: Payer,
    /// How many points.
    pub points: Points,
}

/// Who bears a clawback that its own lot cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Payer {
    /// Points of another lot.
    Lot(LotId),
    /// The member, who owes them.
    Debt,
    /// The programme, which lets them go.
    Programme,
    /// The programme, whatever comes back: points of this kind are only taken back before they can be spent.
    ProgrammeForGood,
}

/// What a source earned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Earning {
    /// The business event.
    pub source: SourceId,
    /// Why.
    pub cause: Cause,
    /// The lots it opened.
    pub lots: Vec<Opened>,
    /// What counts for the status.
    pub status: Vec<StatusCredit>,
    /// What was sold, so that it can be returned.
    pub lines: Vec<LineSold>,
    /// What each rule gave, by name, of all kinds of points; empty for what no rule gave.
    pub rules: Vec<(Name, Points)>,
    /// How returns of it are counted, whatever the scheme says by then.
    pub returns: Returns,
    /// What each rule with caps wanted to give and gave, by the window that its cap is for.
    pub caps: Vec<CapUse>,
}

impl Earning {
    /// What it used up of caps that are not for it alone.
    pub(super) fn used_up(&self) -> impl Iterator<Item = (&Name, CapWindow, Points)> {
        let used = self.caps.iter().filter(|used| !used.granted.is_zero());
        used.filter_map(|used| Some((&used.rule, used.window?, used.granted)))
    }
}

/// A fact: what was moved, from which lots. Folding events never runs a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// A source was rewarded, possibly with nothing. The account remembers it, and shares it with the record.
    Earned(Arc<Earning>),
    /// Pending points of a source may be spent from now on.
    Confirmed {
        /// The business event.
        source: SourceId,
        /// The kind of points.
        kind: Name,
        /// The lots.
        lots: Vec<LotId>,
    },
    /// Points were spent.
    Redeemed {
        /// For which business event.
        source: SourceId,
        /// The kind of points.
        kind: Name,
        /// The lots.
        from: Vec<Draw>,
        /// The reward, if it was one of the catalogue.
        reward: Option<Claimed>,
    },
    /// Spent points came back to their own lots.
    RedemptionCancelled {
        /// The business event for which they had been spent.
        source: SourceId,
        /// The kind of points.
        kind: Name,
        /// The lots.
        to: Vec<Draw>,
    },
    /// Points were set aside.
    Held {
        /// Under which name.
        hold: HoldId,
        /// The kind of points.
        kind: Name,
        /// The lots.
        from: Vec<Draw>,
        /// When they are free again if nobody decides.
        until: Moment,
    },
    /// A hold ended: its points were spent or came back.
    HoldSettled {
        /// Which one.
        hold: HoldId,
        /// The kind of points.
        kind: Name,
        /// For which business event points were spent; `None` if none were.
        source: Option<SourceId>,
        /// Points spent.
        captured: Vec<Draw>,
        /// Points that came back to their lots.
        released: Vec<Draw>,
    },
    /// So much of each line has come back by now: units, and what was paid for others.
    Returned {
        /// The business event that had earned.
        source: SourceId,
        /// The document of the return.
        document: SourceId,
        /// Line, units and amount in smallest units, all returns together.
        lines: Vec<(Name, u32, i64)>,
    },
    /// What a source had earned was recorded wrongly: from the moment at which it had counted, it does not.
    Voided {
        /// The business event that had earned.
        source: SourceId,
        /// The document of the correction.
        document: SourceId,
    },
    /// Points of a returned purchase were taken back.
    ClawedBack {
        /// The business event that had earned.
        source: SourceId,
        /// The kind of points.
        kind: Name,
        /// The lot that owes them, and how many: the sum of all below.
        owed: Draw,
        /// Where they were taken.
        from: Vec<Draw>,
        /// Those that had expired in it: nothing is left to take.
        lapsed: Option<Draw>,
        /// Those that others bear, other lots included.
        displaced: Vec<Displaced>,
    },
    /// Points that came back to a lot paid what the lot owed, in place of who had paid: another lot, the debt or the programme.
    ClawbackSettled {
        /// The kind of points.
        kind: Name,
        /// By lot and payer.
        paid: Vec<Displaced>,
    },
    /// Points came back that were away when the programme let a clawback go: the member owes it after all, and those that are left pay.
    Reclaimed {
        /// The kind of points.
        kind: Name,
        /// They had left after so many clawbacks; what was let go before is not theirs to pay.
        after: u32,
        /// What the programme no longer bears.
        let_go: Vec<Displaced>,
    },
    /// Counts for the status were taken back, on the days on which they had been given.
    StatusReversed {
        /// The business event that had earned.
        source: SourceId,
        /// What is taken back; the points are negative.
        status: Vec<StatusCredit>,
    },
    /// Points paid a debt.
    DebtRepaid {
        /// The kind of points.
        kind: Name,
        /// The lots.
        from: Vec<Draw>,
    },
    /// Points were taken by a decision by hand.
    Deducted {
        /// The kind of points.
        kind: Name,
        /// The lots.
        from: Vec<Draw>,
        /// Why.
        reason: String,
    },
    /// Points expired.
    Expired {
        /// The kind of points.
        kind: Name,
        /// The lots.
        from: Vec<Draw>,
        /// Why.
        because: Lapse,
    },
    /// Lots expire later than they were to, or earlier.
    ExpiryMoved {
        /// The kind of points.
        kind: Name,
        /// Lot, the old moment and the new one; `None` for never.
        lots: Vec<(LotId, Option<Moment>, Option<Moment>)>,
        /// Why.
        reason: String,
    },
    /// Expired points came back, with a life of their own.
    Reinstated {
        /// The kind of points.
        kind: Name,
        /// The lots in which they had expired.
        from: Vec<Draw>,
        /// The lot in which they live on.
        lot: Opened,
        /// Why.
        reason: String,
    },
    /// The member was active: from when points expire if they are not again.
    WasActive {
        /// The kind of points.
        kind: Name,
        /// The idle time that follows.
        idle: Idle,
    },
    /// Points were given to another account.
    Sent {
        /// The kind of points.
        kind: Name,
        /// The lots.
        from: Vec<Draw>,
        /// What the receiver needs to know of them.
        lots: Vec<SentLot>,
        /// To whom.
        to: AccountId,
    },
    /// Points came from another account.
    Received {
        /// The lots.
        lots: Vec<Opened>,
        /// From whom.
        from: AccountId,
        /// By which of its records.
        seq: u64,
    },
    /// The account took over all of another.
    Absorbed {
        /// That account, as it was.
        account: Box<Account>,
        /// The last lot before its own, which are numbered on from there.
        after: LotId,
    },
    /// Another account took over all of this one, which is closed.
    Closed {
        /// Which one.
        into: AccountId,
    },
    /// Someone decided about the status by hand, or by a match.
    Intervened(Intervention),
    /// The status changed, or what the ladder knows of the member.
    StatusChanged {
        /// How, and why.
        changes: Vec<StatusChange>,
        /// What the member reached on the way: the earning rules that wait for it follow.
        gifts: Vec<Gift>,
        /// Where the member stands now.
        state: Box<StatusState>,
    },
}

/// Why points expired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lapse {
    /// The time of the lot was over.
    Time,
    /// The member was not active for too long: everything the account had by then.
    Inactivity,
    /// The member was not active: a part.
    Decay,
}

/// What becomes of points if the member stays away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Idle {
    /// When the next loss is due.
    pub at: Moment,
    /// Whether that takes everything.
    pub rest: bool,
    /// How the points melt away until then.
    pub decay: Option<Decay>,
    /// How many losses there have been.
    pub losses: u32,
}

impl Idle {
    /// What follows from a policy, after a moment of activity.
    pub(super) fn since(policy: &Inactivity, day: NaiveDate, zone: &Zone) -> Result<Idle, CalendarError> {
        let rest = policy.decay.is_none();
        Ok(Idle { at: policy.deadline(day, zone)?, rest, decay: policy.decay, losses: 0 })
    }

    /// After a loss. One that took nothing takes nothing again, unless it is the rest that goes some day.
    pub(super) fn after(self, took: bool, left: bool) -> Option<Idle> {
        let decay = self.decay.filter(|decay| !self.rest && left && (took || decay.rest_after().is_some()))?;
        let (losses, at) = (self.losses.checked_add(1)?, decay.next(self.at)?);
        let rest = decay.rest_after().is_some_and(|most| losses >= most.get().into());
        Some(Idle { at, rest, decay: Some(decay), losses })
    }
}

impl Event {
    /// The lots that it opens.
    pub fn opened(&self) -> &[Opened] {
        match self {
            Event::Earned(earning) => &earning.lots,
            Event::Received { lots, .. } => lots,
            Event::Reinstated { lot, .. } => core::slice::from_ref(lot),
            _ => &[],
        }
    }

    /// Whether it accounts for all that it says.
    pub(super) fn adds_up(&self) -> bool {
        let sum = |draws: &mut dyn Iterator<Item = Points>| Points::sum(draws);
        let all = |draws: &[Draw]| !draws.is_empty() && draws.iter().all(|draw| !draw.points.is_zero());
        let opened = |lot: &Opened| {
            let by_line = sum(&mut lot.lines.iter().map(|(_, points)| *points));
            !lot.points.is_zero() && (lot.lines.is_empty() || by_line == Some(lot.points))
        };
        match self {
            Event::Earned(earning) => {
                let Earning { lots, lines, .. } = &**earning;
                let mut names: Vec<&Name> = lines.iter().map(|line| &line.line).collect();
                names.sort_unstable();
                let sold = lines.iter().all(|line| line.units > 0 && line.paid >= 0);
                sold && names.windows(2).all(|pair| pair[0] != pair[1]) && lots.iter().all(opened)
            }
            Event::Received { lots, .. } => lots.iter().all(opened),
            Event::Reinstated { kind, from, lot, .. } => {
                lot.kind == *kind && opened(lot) && sum(&mut from.iter().map(|draw| draw.points)) == Some(lot.points)
            }
            Event::Redeemed { from, .. } | Event::Held { from, .. } | Event::RedemptionCancelled { to: from, .. } => all(from),
            Event::ClawedBack { owed, from, lapsed, displaced, .. } => {
                let (own, others): (Vec<Draw>, Vec<Draw>) = from.iter().partition(|draw| draw.lot == owed.lot);
                let by_lots = displaced.iter().filter_map(|what| match what.paid_by {
                    Payer::Lot(lot) => Some(Draw { lot, points: what.points }),
                    _ => None,
                });
                let own = own.into_iter().chain(*lapsed).map(|draw| draw.points);
                let in_its_place = displaced.iter().all(|what| what.owed_by == owed.lot);
                in_its_place
                    && by_lots.eq(others)
                    && lapsed.is_none_or(|draw| draw.lot == owed.lot)
                    && sum(&mut own.chain(displaced.iter().map(|what| what.points))) == Some(owed.points)
            }
            _ => true,
        }
    }

    /// What it moves, in double entry: every movement takes from one place what it gives to another.
    pub fn all_movements(&self) -> Vec<Moved> {
        let mut all = Vec::new();
        self.movements(|kind, Movement { lot, points, from, to }| all.push(Moved { kind: kind.clone(), lot, points, from, to }));
        all
    }

    /// The kind of points and the movements, in order: every one takes from one place what it gives to another.
    pub(super) fn movements(&self, mut each: impl FnMut(&Name, Movement)) {
        use Place::{Burned, ClawedBack, Deducted, Expired, Held, Issued, Lot, Received, Sent};
        let mut all = |kind: &Name, draws: &[Draw], from: Place, to: Place| {
            for draw in draws {
                each(kind, Movement { lot: draw.lot, points: draw.points, from, to });
            }
        };
        let draw = |lot: &Opened| [Draw { lot: lot.lot, points: lot.points }];
        match self {
            Event::Earned(earning) => earning.lots.iter().for_each(|lot| all(&lot.kind, &draw(lot), Issued, Lot)),
            Event::Received { lots, .. } => lots.iter().for_each(|lot| all(&lot.kind, &draw(lot), Received, Lot)),
            Event::Reinstated { lot, .. } => all(&lot.kind, &draw(lot), Expired, Lot),
            Event::Redeemed { kind, from, .. } => all(kind, from, Lot, Burned),
            Event::RedemptionCancelled { kind, to, .. } => all(kind, to, Burned, Lot),
            Event::Held { kind, from, .. } => all(kind, from, Lot, Held),
            Event::HoldSettled { kind, captured, released, .. } => {
                all(kind, captured, Held, Burned);
                all(kind, released, Held, Lot);
            }
            Event::ClawedBack { kind, from, .. } | Event::DebtRepaid { kind, from } => all(kind, from, Lot, ClawedBack),
            Event::ClawbackSettled { kind, paid } => {
                for Displaced { owed_by, paid_by, points } in paid {
                    all(kind, &[Draw { lot: *owed_by, points: *points }], Lot, ClawedBack);
                    if let Payer::Lot(lot) = *paid_by {
                        all(kind, &[Draw { lot, points: *points }], ClawedBack, Lot);
                    }
                }
            }
            Event::Deducted { kind, from, .. } => all(kind, from, Lot, Deducted),
            Event::Expired { kind, from, .. } => all(kind, from, Lot, Expired),
            Event::Sent { kind, from, .. } => all(kind, from, Lot, Sent),
            _ => {}
        }
    }
}
