//! The same account, the dumb way: a list of single points.

mod between;
mod credit;
mod give;
mod merge;
mod spend;
mod status;
mod take_back;
mod time;

use crate::{
    calendar::{CalendarError, Moment},
    loyalty::{
        AccountId, CostBasis, HoldId, Inactivity, LotId, Points, Programme, SourceId,
        account::{Balance, Command, Rejection, SentLot, Totals},
        earning::{CapWindow, EarningError},
        ladder::{StatusCredits, StatusState},
        programme::Returns,
    },
    quantity::Name,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
    vec::Vec,
};
use chrono::NaiveDate;
use num_rational::BigRational;

/// What an account should be, kept so simply that it can be checked by reading: every point on its own, with its own state. It knows no
/// sums, no events and no log, and takes time for every command in proportion to all points that ever were.
///
/// It was written from the rules, not from [`Account`](crate::loyalty::Account); only what an occurrence earns is taken from the
/// calculator, and from the ladder where a status comes from what counts, which it keeps itself. Where rules look at the grade, or a
/// ladder gives gifts, it cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    id: AccountId,
    joined: Moment,
    now: Moment,
    points: Vec<Point>,
    /// Those that live on in another lot, as they were: their lots may have no other.
    moved: Vec<Point>,
    lots: u32,
    /// What others bear for a lot, the oldest first, point by point.
    claims: Vec<Claim>,
    /// Of which kind, until when, and the turn in which they were made.
    holds: BTreeMap<HoldId, (Name, Moment, u64)>,
    sources: BTreeMap<SourceId, Source>,
    paid: BTreeMap<SourceId, Paid>,
    clocks: BTreeMap<Name, Clock>,
    capped: BTreeMap<(Name, CapWindow), Points>,
    celebrated: BTreeSet<(Name, String)>,
    /// What counts for the status, and what the ladder remembers; nothing before anything counts.
    credits: StatusCredits,
    status: Option<StatusState>,
    known: bool,
    /// The tier as of the last command.
    grade: Option<Name>,
    /// Counts draws and claims, so that it is known what came after what.
    turn: u64,
}

/// One point.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Point {
    kind: Name,
    lot: u32,
    earned: Moment,
    active: Option<Moment>,
    expires: Option<Moment>,
    cost: CostBasis,
    /// Lost, wherever it is, because the member stayed away.
    idled: bool,
    /// The turn in which it was drawn last.
    drawn: u64,
    state: State,
}

/// Where a point is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Free,
    Held(HoldId, u64),
    Burned(SourceId, u64),
    Lapsed,
    /// Lapsed, and a return has counted it.
    WrittenOff,
    ClawedBack,
    Deducted,
    Sent,
}

/// One point that a lot should have given back and could not.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Claim {
    kind: Name,
    owed_by: u32,
    paid_by: Bearer,
    /// The turn in which it was made.
    turn: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bearer {
    /// The point at a place of the list.
    Point(usize),
    Debt,
    Programme,
    /// The programme, whatever comes back: it never wanted points that can be spent.
    ForGood,
}

/// What earned.
#[allow(clippy::struct_excessive_bools)] // four things that are so or not
#[derive(Clone, Debug, PartialEq, Eq)]
struct Source {
    purchase: bool,
    lots: Vec<Rewarded>,
    /// What counts for the status, by day; no lots.
    counts: Vec<(NaiveDate, Rewarded)>,
    lines: BTreeMap<Name, Sold>,
    documents: BTreeSet<SourceId>,
    /// The share that came back of what has no lines.
    undone: bool,
    /// How returns are counted, by the scheme when it was earned.
    returns: Returns,
    /// Whether it rewarded a member who was referred.
    referee: bool,
    /// What it used up of caps; none if it was said to be wrong.
    used: Option<Vec<(Name, CapWindow, Points)>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rewarded {
    kind: Name,
    lot: u32,
    points: u64,
    lines: Vec<(Name, u64)>,
    taken_back: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Sold {
    units: u32,
    paid: i64,
    /// Which share of it came back.
    returned: BigRational,
}

/// What was paid with points.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Paid {
    kind: Name,
    /// The rewards and their windows, while they have not been given back wholly.
    claims: Vec<(Name, CapWindow)>,
}

/// When staying away costs points.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Clock {
    policy: Inactivity,
    at: Moment,
    losses: u32,
}

/// Why the model carries out no command. It does not say which of several reasons comes first.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the rules do not allow it: {0}")]
pub struct Refused(pub &'static str);

impl From<CalendarError> for Refused {
    fn from(_: CalendarError) -> Refused {
        Refused("no such day")
    }
}

impl From<EarningError> for Refused {
    fn from(_: EarningError) -> Refused {
        Refused("the earning rules")
    }
}

impl From<Rejection> for Refused {
    fn from(_: Rejection) -> Refused {
        Refused("a kind, or the ladder")
    }
}

/// A lot as single points make it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelLot {
    /// Its number.
    pub lot: LotId,
    /// From when its points can be spent.
    pub active: Option<Moment>,
    /// From when they no longer can.
    pub expires: Option<Moment>,
    /// Points neither held nor gone.
    pub left: Points,
    /// Points set aside.
    pub held: Points,
    /// Points that expired and that no return has counted.
    pub lapsed: Points,
}

impl Model {
    /// The account of a member who joined at a moment.
    pub fn new(id: AccountId, joined: Moment) -> Model {
        Model {
            id,
            joined,
            now: joined,
            points: Vec::new(),
            moved: Vec::new(),
            lots: 0,
            claims: Vec::new(),
            holds: BTreeMap::new(),
            sources: BTreeMap::new(),
            paid: BTreeMap::new(),
            clocks: BTreeMap::new(),
            capped: BTreeMap::new(),
            celebrated: BTreeSet::new(),
            credits: StatusCredits::new(),
            status: None,
            known: false,
            grade: None,
            turn: 0,
        }
    }

    /// Carries out a command that was not carried out before, or changes nothing but the time.
    ///
    /// # Errors
    /// [`Refused`] where an account has to refuse as well.
    pub fn execute(&mut self, programme: &Programme, at: Moment, command: &Command) -> Result<Points, Refused> {
        self.pass(at);
        if *command == Command::Tick {
            return Ok(Points::ZERO);
        }
        let mut next = self.clone();
        next.advance(programme)?;
        let points = next.carry_out(programme, command)?;
        next.pass(at);
        next.advance(programme)?;
        next.settle(programme);
        *self = next;
        Ok(Points::new(points))
    }

    /// Takes in what another account has sent.
    ///
    /// # Errors
    /// [`Refused`] where an account has to refuse as well.
    pub fn receive(
        &mut self,
        programme: &Programme,
        at: Moment,
        kind: &Name,
        lots: &[SentLot],
        from: &AccountId,
    ) -> Result<Points, Refused> {
        self.pass(at);
        let mut next = self.clone();
        next.advance(programme)?;
        let points = next.take_in(programme, kind, lots, from)?;
        next.pass(at);
        next.settle(programme);
        *self = next;
        Ok(Points::new(points))
    }

    fn carry_out(&mut self, programme: &Programme, command: &Command) -> Result<u64, Refused> {
        match command {
            Command::Earn { source, basket } => self.earn(programme, source, basket),
            Command::Act { source, activity, units, on, labels } => self.act(programme, source, activity, (*units, labels), *on),
            Command::Celebrate { occasion, key, day } => self.celebrate(programme, occasion, key, *day),
            Command::Grant { source, grant } => self.grant(programme, source, grant),
            Command::Confirm { source } => self.confirm(source),
            Command::Return { source, document, parts } => self.take_back(programme, source, document, parts),
            Command::Void { source, document } => self.void(programme, source, document),
            Command::Redeem { source, kind, points, order } => self.redeem(programme, source, kind, points.units(), *order),
            Command::Claim { source, reward } => self.claim(programme, source, reward),
            Command::CancelRedemption { source, points } => self.cancel(source, points.map(Points::units)),
            Command::Hold { hold, kind, points, order, until } => self.hold(programme, hold, kind, points.units(), *order, *until),
            Command::Capture { hold, source, points } => self.capture(programme, hold, source, points.units()),
            Command::Release { hold } => self.release(hold),
            Command::Deduct { kind, points, .. } => self.deduct(programme, kind, points.units()),
            Command::Extend { kind, lots, .. } => self.extend(programme, kind, lots),
            Command::MoveExpiry { kind, lots, last_day, .. } => self.move_expiry(programme, kind, lots, *last_day),
            Command::Reinstate { kind, lots, last_day, .. } => self.reinstate(programme, kind, lots, *last_day),
            Command::Send { kind, points, to } => self.send(programme, kind, points.units(), to),
            Command::Intervene(intervention) => self.intervene(programme, intervention),
            // What needs another account.
            _ => Err(Refused("not by itself")),
        }
    }

    /// Whose account it is.
    pub const fn id(&self) -> &AccountId {
        &self.id
    }

    /// The moment up to which time has passed.
    pub const fn now(&self) -> Moment {
        self.now
    }

    /// What there is of a kind now.
    pub fn balance(&self, kind: &Name) -> Balance {
        let free = |p: &&Point| p.kind == *kind && p.state == State::Free;
        let pending = self.points.iter().filter(free).filter(|p| !p.is_active(self.now)).count();
        Balance {
            available: number(self.spendable(kind, self.now).len()),
            pending: number(pending),
            held: number(self.points.iter().filter(|p| p.kind == *kind && p.is_held()).count()),
            debt: number(self.owed(kind, |bearer| bearer == Bearer::Debt)),
        }
    }

    /// The lots of a kind that have points, in the order in which these will be spent.
    pub fn lots(&self, kind: &Name) -> Vec<ModelLot> {
        let there = |p: &&Point| p.kind == *kind && (p.state == State::Free || p.is_held());
        let mut present: Vec<&Point> = self.points.iter().filter(there).collect();
        present.sort_by_key(|p| p.order());
        let mut lots: Vec<ModelLot> = Vec::new();
        for p in present {
            let lot = LotId(p.lot);
            if lots.last().is_none_or(|last| last.lot != lot) {
                let of = |state: &dyn Fn(&State) -> bool| {
                    number(self.points.iter().filter(|q| q.lot == p.lot && q.kind == *kind && state(&q.state)).count())
                };
                let (left, held) = (of(&|s| *s == State::Free), of(&|s| matches!(s, State::Held(..))));
                let lapsed = of(&|s| *s == State::Lapsed);
                lots.push(ModelLot { lot, active: p.active, expires: p.expires, left, held, lapsed });
            }
        }
        lots
    }

    /// All points of a kind by where they went.
    pub fn totals(&self, kind: &Name) -> Totals {
        let of = |state: &dyn Fn(&State) -> bool| number(self.points.iter().filter(|p| p.kind == *kind && state(&p.state)).count());
        Totals {
            // All that is not here came as one of these; what was received is told by the caller.
            issued: of(&|_| true),
            received: Points::ZERO,
            burned: of(&|s| matches!(s, State::Burned(..))),
            expired: of(&|s| matches!(s, State::Lapsed | State::WrittenOff)),
            clawed_back: of(&|s| *s == State::ClawedBack),
            deducted: of(&|s| *s == State::Deducted),
            sent: of(&|s| *s == State::Sent),
        }
    }

    /// The points of a kind that returns should have taken back and the programme let go.
    pub fn forgiven(&self, kind: &Name) -> Points {
        number(self.owed(kind, |bearer| matches!(bearer, Bearer::Programme | Bearer::ForGood)))
    }

    /// What a source earned, by kind and lot: credited, and taken back.
    pub fn earned(&self, source: &SourceId) -> Option<Vec<(Name, LotId, Points, Points)>> {
        let row = |r: &Rewarded| (r.kind.clone(), LotId(r.lot), Points::new(r.points), Points::new(r.taken_back));
        self.sources.get(source).map(|s| s.lots.iter().map(row).collect())
    }

    /// How many points of each lot paid a source and have not come back.
    pub fn redeemed(&self, source: &SourceId) -> Option<BTreeMap<LotId, Points>> {
        self.paid.get(source)?;
        let mut lots: BTreeMap<LotId, usize> = BTreeMap::new();
        for p in self.points.iter().filter(|p| matches!(&p.state, State::Burned(by, _) if by == source)) {
            *lots.entry(LotId(p.lot)).or_default() += 1;
        }
        Some(lots.into_iter().map(|(lot, points)| (lot, number(points))).collect())
    }

    /// The holds that are open, and until when.
    pub fn holds(&self) -> impl Iterator<Item = (&HoldId, &Name, Moment)> {
        self.holds.iter().map(|(hold, (kind, until, _))| (hold, kind, *until))
    }

    /// Everything that earned.
    pub fn sources(&self) -> impl Iterator<Item = &SourceId> {
        self.sources.keys()
    }

    /// The lines of a purchase.
    pub fn lines(&self, source: &SourceId) -> impl Iterator<Item = (&Name, u32, i64)> {
        self.sources.get(source).into_iter().flat_map(|s| &s.lines).map(|(name, line)| (name, line.units, line.paid))
    }

    /// Everything that was paid with points.
    pub fn paid(&self) -> impl Iterator<Item = &SourceId> {
        self.paid.keys()
    }

    /// The numbers of the lots, those without points included.
    pub fn numbers(&self) -> impl Iterator<Item = LotId> {
        (1..=self.lots).map(LotId)
    }

    /// The lots of a kind in which points lapsed.
    pub fn lapsed(&self, kind: &Name) -> Vec<LotId> {
        let lapsed = self.points.iter().filter(|p| p.kind == *kind && p.state == State::Lapsed);
        lapsed.map(|p| LotId(p.lot)).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The points that can be spent at a moment, as places in the list, in the order in which they are spent.
    fn spendable(&self, kind: &Name, at: Moment) -> Vec<usize> {
        let can = |p: &Point| p.kind == *kind && p.state == State::Free && p.is_active(at) && !p.is_over(at);
        let mut places: Vec<usize> = (0..self.points.len()).filter(|&i| can(&self.points[i])).collect();
        places.sort_by_key(|&i| self.points[i].order());
        places
    }

    fn owed(&self, kind: &Name, by: impl Fn(Bearer) -> bool) -> usize {
        self.claims.iter().filter(|claim| claim.kind == *kind && by(claim.paid_by)).count()
    }
}

impl Point {
    fn is_active(&self, at: Moment) -> bool {
        self.active.is_some_and(|from| from <= at)
    }

    fn is_over(&self, at: Moment) -> bool {
        self.idled || self.expires.is_some_and(|end| end <= at)
    }

    const fn is_held(&self) -> bool {
        matches!(self.state, State::Held(..))
    }

    /// Soonest to expire first, never last; then the cheapest, the earliest earned, the earliest credited.
    fn order(&self) -> (bool, Option<Moment>, CostBasis, Moment, u32) {
        (self.expires.is_none(), self.expires, self.cost, self.earned, self.lot)
    }
}

fn number(points: usize) -> Points {
    Points::new(points as u64)
}
