use super::{Account, Command, Corrupt, Event, Idle, Record, Rejection, SentLot, digest::digest, draft::Draft};
use crate::{
    calendar::Moment,
    loyalty::{
        CommandId, Points, Programme,
        earning::Step,
        ladder::{StatusCredits, StatusState},
        programme::{Deed, Kind},
    },
    quantity::Name,
};
use alloc::{borrow::Cow, vec::Vec};

/// What a command does, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    record: Option<Record>,
    points: Points,
    replayed: Option<u64>,
    steps: Vec<Step>,
}

impl Decision {
    /// The entry for the log; `None` for a command that was carried out before, and for a [`Tick`](Command::Tick) when nothing was due.
    pub const fn record(&self) -> Option<&Record> {
        self.record.as_ref()
    }

    /// How many points the command moved: credited, spent, given back, taken back, set aside; of all kinds together, if there are
    /// several: the events name the kinds. The same when it is sent again.
    pub const fn points(&self) -> Points {
        self.points
    }

    /// The record that carried out this very command before.
    pub const fn replayed(&self) -> Option<u64> {
        self.replayed
    }

    /// What happened, in order. In words, with its moment, each [`Happened`](super::Happened) of the [`record`](Self::record) says it.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.record.iter().flat_map(|record| record.events.iter().map(|happened| &happened.event))
    }

    /// How the earning rules came to what they gave, those included that gave nothing. Empty for other commands.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The entry for the log, to keep.
    pub fn into_record(self) -> Option<Record> {
        self.record
    }
}

impl Account {
    /// What a command would do. To simulate, look at the answer and drop it: executing is deciding, and writing it down.
    ///
    /// # Errors
    /// [`Rejection`], which says why not and what would do.
    pub fn decide(&self, programme: &Programme, at: Moment, id: &CommandId, command: &Command) -> Result<Decision, Rejection> {
        self.decide_beside(programme, at, id, command, Beside::Nothing)
    }

    /// Carries out a command: decides, and takes over what was decided. The caller appends the record to the log of the account, and lets
    /// only one process do so at a time, or compares [`seq`](Account::seq).
    ///
    /// # Errors
    /// As [`decide`](Account::decide); the account is as it was.
    pub fn execute(&mut self, programme: &Programme, at: Moment, id: &CommandId, command: &Command) -> Result<Decision, Rejection> {
        self.run(programme, at, id, command, true)
    }

    /// As [`execute`](Account::execute), without the steps of the earning rules: for batches.
    ///
    /// # Errors
    /// As [`decide`](Account::decide); the account is as it was.
    pub fn execute_quietly(
        &mut self,
        programme: &Programme,
        at: Moment,
        id: &CommandId,
        command: &Command,
    ) -> Result<Decision, Rejection> {
        self.run(programme, at, id, command, false)
    }

    /// Takes over a decision of this account.
    ///
    /// # Errors
    /// [`Corrupt::OutOfSequence`] if the account has changed since, or the decision is that of another.
    pub fn commit(&mut self, decision: Decision) -> Result<Option<Record>, Corrupt> {
        if let Some(record) = &decision.record {
            self.apply(record)?;
        }
        Ok(decision.record)
    }

    fn run(
        &mut self,
        programme: &Programme,
        at: Moment,
        id: &CommandId,
        command: &Command,
        explain: bool,
    ) -> Result<Decision, Rejection> {
        let (mut undo, mut book) = (self.book.undo(), core::mem::take(&mut self.book));
        let draft = Draft::new(&mut book, &mut undo, &self.archive, at);
        let decision = self.decide_in(draft, programme, id, command, explain, Beside::Nothing);
        self.book = book;
        match &decision {
            Ok(Decision { record: Some(record), .. }) => self.take_over(&mut undo, record),
            Ok(_) => {}
            Err(_) => self.book.roll_back(undo),
        }
        decision
    }

    /// As [`decide`](Account::decide), with what another account says.
    pub(in crate::loyalty) fn decide_beside(
        &self,
        programme: &Programme,
        at: Moment,
        id: &CommandId,
        command: &Command,
        beside: Beside<'_>,
    ) -> Result<Decision, Rejection> {
        let (mut book, mut undo) = (self.book.clone(), self.book.undo());
        let draft = Draft::new(&mut book, &mut undo, &self.archive, at);
        self.decide_in(draft, programme, id, command, true, beside)
    }

    /// Decides in a draft, in which the book of the account is: its own may not be there.
    fn decide_in(
        &self,
        draft: Draft<'_>,
        programme: &Programme,
        id: &CommandId,
        command: &Command,
        explain: bool,
        beside: Beside<'_>,
    ) -> Result<Decision, Rejection> {
        // The days of a record are those of the programme.
        let at = programme.terms().zone.local(draft.at);
        let (draft, digest) = (Draft { at, ..draft }, digest(command));
        if let Some(seen) = self.commands.get(id) {
            if seen.digest != digest {
                return Err(Rejection::IdReused { seq: seen.seq });
            }
            let (points, replayed) = (seen.points, Some(seen.seq));
            return Ok(Decision { record: None, points, replayed, steps: Vec::new() });
        }
        if let Some(into) = &self.closed {
            return Err(Rejection::Closed { into: into.clone() });
        }
        if let Some(last) = self.last.filter(|last| at < *last) {
            return Err(Rejection::ClockWentBack { last });
        }
        let (credits, status) = (Cow::Borrowed(&self.credits), self.status.as_ref().map(Cow::Borrowed));
        let told = status.is_some();
        let mut deciding = Deciding {
            account: self,
            programme,
            draft,
            credits,
            status,
            told,
            grade: None,
            intervened: false,
            beside,
            explain,
            steps: Vec::new(),
        };
        let points = deciding.all(command)?;
        let Deciding { draft: Draft { events, .. }, steps, .. } = deciding;
        let nothing = events.is_empty() && *command == Command::Tick;
        let seq = self.seq.checked_add(1).ok_or(Rejection::TooMany)?;
        let record = (!nothing).then(|| Record {
            format: Record::FORMAT,
            account: self.id.clone(),
            seq,
            at,
            command: id.clone(),
            digest,
            revision: programme.revision().clone(),
            points,
            events,
        });
        Ok(Decision { record, points, replayed: None, steps })
    }
}

/// What another account says about a command.
#[derive(Clone, Copy)]
pub(in crate::loyalty) enum Beside<'a> {
    Nothing,
    /// What it has sent.
    Sent(&'a [SentLot]),
    /// All of it, closed.
    Account(&'a Account),
}

/// A command on its way.
pub(super) struct Deciding<'a> {
    pub(super) account: &'a Account,
    pub(super) programme: &'a Programme,
    pub(super) draft: Draft<'a>,
    pub(super) credits: Cow<'a, StatusCredits>,
    pub(super) status: Option<Cow<'a, StatusState>>,
    /// Whether the account or the events know it.
    pub(super) told: bool,
    /// The tier as which the member earns for what is being rewarded.
    pub(super) grade: Option<Name>,
    /// Whether somebody decided about the status.
    pub(super) intervened: bool,
    pub(super) beside: Beside<'a>,
    pub(super) explain: bool,
    pub(super) steps: Vec<Step>,
}

impl<'a> Deciding<'a> {
    /// What time has done, what the command does, and what follows for the status.
    fn all(&mut self, command: &Command) -> Result<Points, Rejection> {
        self.draft.sweep()?;
        self.advance_status()?;
        let points = self.carry_out(command)?;
        // Time has been seen to; now only what counts and what somebody decided move the status.
        if self.intervened || matches!(self.credits, Cow::Owned(_)) {
            self.advance_status()?;
        }
        Ok(points)
    }

    fn carry_out(&mut self, command: &Command) -> Result<Points, Rejection> {
        if command.reason().is_some_and(|reason| reason.trim().is_empty()) {
            return Err(Rejection::NoReason);
        }
        match command {
            Command::Earn { source, basket } => self.earn(source, basket),
            Command::Act { source, activity, units, on, labels } => self.act(source, activity, *units, *on, labels),
            Command::Celebrate { occasion, key, day } => self.celebrate(occasion, key, *day),
            Command::Refer { source, side, peer, on } => self.refer(source, *side, peer, *on),
            Command::Grant { source, grant } => self.grant(source, grant),
            Command::Confirm { source } => self.confirm(source),
            Command::Return { source, document, parts } => self.take_back(source, document, parts),
            Command::Void { source, document } => self.void(source, document),
            Command::Redeem { source, kind, points, order } => self.redeem(source, kind, *points, *order),
            Command::Claim { source, reward } => self.claim(source, reward),
            Command::CancelRedemption { source, points } => self.cancel_redemption(source, *points),
            Command::Hold { hold, kind, points, order, until } => self.hold(hold, kind, *points, *order, *until),
            Command::Capture { hold, source, points } => self.capture(hold, source, *points),
            Command::Release { hold } => self.release(hold),
            Command::Deduct { kind, points, reason } => self.deduct(kind, *points, reason),
            Command::MoveExpiry { kind, lots, last_day, reason } => self.move_expiry(kind, lots, *last_day, reason),
            Command::Extend { kind, lots, reason } => self.extend(kind, lots, reason),
            Command::Reinstate { kind, lots, last_day, reason } => self.reinstate(kind, lots, *last_day, reason),
            Command::Send { kind, points, to } => self.send(kind, *points, to),
            Command::Receive { kind, from, seq, .. } => self.receive(kind, from, *seq),
            Command::Contribute { source, kind, points } => self.contribute(source, kind, *points),
            Command::Absorb { account, .. } => self.absorb(account),
            Command::Close { into } => self.close(into),
            Command::Intervene(intervention) => self.intervene(intervention),
            Command::Tick => Ok(Points::ZERO),
        }
    }

    /// The member did something at a moment, which may keep points alive; a first lot starts the clock in any case.
    pub(super) fn touch(&mut self, deed: impl Into<Option<Deed>>, on: Moment) -> Result<(), Rejection> {
        let deed = deed.into();
        let (terms, at) = (self.programme.terms(), self.draft.at);
        for kind in &terms.kinds {
            let Some(policy) = &kind.inactivity else { continue };
            let Some(wallet) = self.draft.book.wallet(&kind.name) else { continue };
            let starts = wallet.idle.is_none() && !wallet.lots.is_empty();
            if !starts && deed.is_none_or(|deed| !kind.kept_alive_by.contains(&deed)) {
                continue;
            }
            // Points that nothing has threatened so far are not lost by what happened before that began.
            let on = if wallet.idle.is_none() { at } else { on };
            let idle = Idle::since(policy, terms.zone.day_of(on), &terms.zone)?;
            // A late fact does not shorten what a later deed has given, nor bring losses back that were over.
            if wallet.idle.is_none_or(|present| idle.at > if present.losses > 0 { at } else { present.at }) {
                self.draft.emit(on, Event::WasActive { kind: kind.name.clone(), idle })?;
            }
        }
        Ok(())
    }

    pub(super) fn kind(&self, name: &Name) -> Result<&'a Kind, Rejection> {
        self.programme.kind(name).ok_or_else(|| Rejection::UnknownKind(name.clone()))
    }

    pub(super) fn spendable_kind(&self, name: &Name) -> Result<&'a Kind, Rejection> {
        let kind = self.kind(name)?;
        if kind.spendable { Ok(kind) } else { Err(Rejection::NotSpendable(name.clone())) }
    }
}
