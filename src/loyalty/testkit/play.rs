use super::{
    Between, Breach, Model,
    generate::{self, GenerateError},
    laws::{check_command, check_log, check_time, same},
};
use crate::{
    calendar::Moment,
    loyalty::{
        Account, AccountId, CommandId, Decision, LotId, Points, Programme, Rejection, SourceId,
        account::{Command, Draw, Event, Happened, Record, SentLot},
        testkit::{ModelLot, Refused},
    },
    quantity::{Name, NameError},
};
use alloc::{boxed::Box, collections::BTreeMap, format, vec::Vec};
use core::fmt::Display;

/// The history of one account, step by step, and the same history of the [`Model`]. After every step both must agree on everything that
/// can be asked: balances, lots, totals, rewards, redemptions, holds, and what is refused.
#[derive(Clone, Debug)]
pub struct Play {
    pub(super) programme: Programme,
    pub(super) joined: Moment,
    pub(super) account: Account,
    pub(super) model: Model,
    pub(super) log: Vec<Record>,
    pub(super) sent: Vec<(CommandId, Command, Points)>,
    commands: u32,
    revised: bool,
    /// Another account, which is played beside.
    pub(super) beside: Option<Box<Play>>,
    /// How many of those there have been; `None` on such a one.
    pub(super) others: Option<u32>,
    /// Those that were taken over, and their logs.
    pub(super) closed: Vec<(Account, Vec<Record>)>,
}

/// What happens next.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// Time passes up to a moment, and nobody writes it down.
    Wait(Moment),
    /// A new command.
    Send(Box<Command>),
    /// The command of a place in the history is sent again.
    Again(usize),
    /// Another command is sent under the id of that one.
    Altered(usize),
    /// Another account has sent lots of a kind.
    Receive(Name, Vec<SentLot>),
    /// Something happens to a second account, which begins with it.
    Beside(Box<Step>),
    /// Something happens between the two.
    Between(Between),
    /// A new command is sent with a moment before the last record.
    Late(Box<Command>),
    /// The account is folded from its log.
    Restart,
    /// The scheme is replaced by another revision.
    Revise(Box<Programme>),
}

fn told<T, E: Display>(result: Result<T, E>) -> Result<T, Breach> {
    result.map_err(|why| Breach::Differs { law: "the ladder knows", one: format!("{why}"), other: "where a member stands".into() })
}

fn other() -> Result<Command, NameError> {
    Ok(Command::Confirm { source: SourceId::new("other")? })
}

impl Play {
    /// An account of a member who joins at a moment.
    ///
    /// # Errors
    /// None that is known.
    pub fn new(programme: Programme, joined: Moment) -> Result<Play, NameError> {
        Ok(Play { others: Some(0), ..Play::of(AccountId::new("model")?, programme, joined) })
    }

    pub(super) fn of(id: AccountId, programme: Programme, joined: Moment) -> Play {
        Play {
            programme,
            joined,
            account: Account::new(id.clone(), joined),
            model: Model::new(id, joined),
            log: Vec::new(),
            sent: Vec::new(),
            commands: 0,
            revised: false,
            beside: None,
            others: None,
            closed: Vec::new(),
        }
    }

    /// Lets the scheme be replaced by other [generated](generate::programme) ones in the course of the history. For those only: they have
    /// kinds of their own.
    #[must_use]
    pub fn with_revisions(self) -> Play {
        Play { revised: true, ..self }
    }

    /// The scheme, the account, and its log.
    pub fn parts(&self) -> (&Programme, &Account, &[Record]) {
        (&self.programme, &self.account, &self.log)
    }

    /// The accounts that this one took over, as they were closed, and their logs.
    pub fn closed(&self) -> &[(Account, Vec<Record>)] {
        &self.closed
    }

    /// The account that is played beside this one.
    pub fn other(&self) -> Option<&Play> {
        self.beside.as_deref()
    }

    /// The model.
    pub const fn model(&self) -> &Model {
        &self.model
    }

    /// When the member joined.
    pub const fn joined(&self) -> Moment {
        self.joined
    }

    /// Something that can happen next, out of numbers.
    ///
    /// # Errors
    /// [`GenerateError`] at the end of the calendar.
    pub fn next(&self, pick: &mut impl FnMut(u64) -> u64) -> Result<Step, GenerateError> {
        let command = |pick: &mut _| {
            let command = generate::command(&self.programme, &self.model, self.model.now(), pick)?;
            Ok::<_, GenerateError>(Box::new(command))
        };
        let mut choose = |bound: usize| usize::try_from(pick(bound.max(1) as u64)).unwrap_or_default();
        // Small numbers send a command.
        let (what, which) = (39_usize.saturating_sub(choose(40)), choose(self.sent.len()));
        Ok(match what {
            0..6 => Step::Wait(generate::later(&self.programme, &self.model, pick)?),
            7 => Step::Late(command(pick)?),
            8 if !self.sent.is_empty() => Step::Again(which),
            9 if !self.sent.is_empty() => Step::Altered(which),
            10 => Step::Restart,
            6 => {
                let (kind, lots) = generate::sent(&self.programme, self.model.now(), pick)?;
                Step::Receive(kind, lots)
            }
            11 if self.revised => Step::Revise(Box::new(generate::revision(&self.programme, self.commands, pick)?)),
            12..20 if self.others.is_some() => Step::Beside(Box::new(self.second()?.next(pick)?)),
            20 | 21 if self.beside.is_some() => {
                Step::Between(generate::between(&self.programme, &self.model, self.model.now(), pick)?)
            }
            _ => Step::Send(command(pick)?),
        })
    }

    /// Something happens that is made out of numbers. To replace a scheme of one's own by another revision, [`take`](Play::take) that step.
    ///
    /// # Errors
    /// The first [`Breach`].
    pub fn step(&mut self, pick: &mut impl FnMut(u64) -> u64) -> Result<Step, Breach> {
        match self.next(pick) {
            Ok(step) => self.take(&step).map(|()| step),
            // The calendar ends.
            Err(_) => Ok(Step::Restart),
        }
    }

    /// Something happens.
    ///
    /// # Errors
    /// The first [`Breach`].
    pub fn take(&mut self, step: &Step) -> Result<(), Breach> {
        let now = self.model.now();
        match step {
            Step::Wait(until) => {
                check_time(&self.account, &self.programme, now, *until)?;
                self.model.pass(*until);
            }
            Step::Send(command) => self.send(command)?,
            Step::Receive(kind, lots) => self.receive(kind, lots)?,
            Step::Again(place) => {
                if let Some((id, command, points)) = self.sent.get(*place) {
                    let before = self.account.clone();
                    let again = self.account.execute(&self.programme, now, id, command).map(|d| (d.points(), d.into_record()));
                    same("the same command again changes nothing", &again, &Ok((*points, None)))?;
                    same("the same command again changes nothing", &self.account, &before)?;
                }
            }
            Step::Altered(place) => {
                if let Some((id, command, _)) = self.sent.get(*place) {
                    let other = if *command == Command::Tick { other()? } else { Command::Tick };
                    let refused = self.account.execute(&self.programme, now, id, &other);
                    same("an id is used once", &matches!(refused, Err(Rejection::IdReused { .. })), &true)?;
                }
            }
            Step::Late(command) => {
                if let Some(last) = self.account.last() {
                    let id = self.id()?;
                    let refused = self.account.execute(&self.programme, last.plus_seconds(-1)?, &id, command);
                    let refused = refused.map(|decision| decision.points());
                    same("the clock does not go back", &refused, &Err(Rejection::ClockWentBack { last }))?;
                }
            }
            Step::Beside(step) => {
                let mut second = self.second()?;
                second.take(step)?;
                self.model.pass(second.model.now());
                self.beside = Some(Box::new(second));
            }
            Step::Between(what) => self.between(what)?,
            Step::Restart => {
                let folded = check_log(self.account.id(), self.joined, &self.log)?;
                same("the log comes to the account", &folded, &self.account)?;
                self.account = folded;
            }
            Step::Revise(programme) => self.programme = (**programme).clone(),
        }
        self.compare()
    }

    pub(super) fn id(&mut self) -> Result<CommandId, NameError> {
        self.commands += 1;
        CommandId::new(&format!("{} {}", self.account.id(), self.commands))
    }

    fn send(&mut self, command: &Command) -> Result<(), Breach> {
        let (now, id) = (self.model.now(), self.id()?);
        check_command(&self.account, &self.programme, now, &id, command)?;
        let expected = self.model.execute(&self.programme, now, command);
        let decided = self.account.decide(&self.programme, now, &id, command);
        if self.commit(decided, expected)? {
            if *command == Command::Tick {
                told(self.model.ticked(&self.programme))?;
            }
            self.sent.push((id, command.clone(), self.log.last().map_or(Points::ZERO, |record| record.points)));
        }
        Ok(())
    }

    fn receive(&mut self, kind: &Name, lots: &[SentLot]) -> Result<(), Breach> {
        let (now, id, from) = (self.model.now(), self.id()?, AccountId::new("other")?);
        let event = Event::Sent { kind: kind.clone(), from: Vec::new(), lots: lots.to_vec(), to: self.account.id().clone() };
        let record = Record {
            format: Record::FORMAT,
            account: from.clone(),
            seq: self.commands.into(),
            at: now,
            command: id.clone(),
            digest: 0,
            revision: self.programme.revision().clone(),
            points: Points::sum(lots.iter().map(|lot| lot.points)).unwrap_or_default(),
            events: Vec::from([Happened { on: now, event }]),
        };
        let decided = self.account.receive(&self.programme, now, &id, &record);
        let expected = self.model.receive(&self.programme, now, kind, lots, &from);
        if self.commit(decided, expected)? {
            let again = self.account.receive(&self.programme, now, &CommandId::new("again")?, &record);
            let taken = Rejection::AlreadyReceived { from, seq: record.seq };
            same("what was sent once is taken in once", &again.map(|_| ()), &Err(taken))?;
        }
        Ok(())
    }

    /// Takes over what both agree on, and says whether there is a record of it.
    pub(super) fn commit(
        &mut self,
        decided: Result<Decision, Rejection>,
        expected: Result<Points, Refused>,
    ) -> Result<bool, Breach> {
        match (decided, expected) {
            (Ok(decision), Ok(points)) => {
                same("as many points", &decision.points(), &points)?;
                let record = self.account.commit(decision)?;
                let any = record.is_some();
                self.log.extend(record);
                Ok(any)
            }
            (Err(_), Err(_)) => Ok(false),
            (account, model) => {
                let (one, other) = (format!("account {:?}", account.map(|d| d.points())), format!("model {model:?}"));
                Err(Breach::Differs { law: "refused by both or by none", one, other })
            }
        }
    }

    /// Compares all that can be asked.
    ///
    /// # Errors
    /// The first [`Breach`].
    pub fn compare(&self) -> Result<(), Breach> {
        let now = self.model.now();
        self.account.audit()?;
        let mut swept = self.account.clone();
        let id = CommandId::new("compare")?;
        let sweep = swept.execute_quietly(&self.programme, now, &id, &Command::Tick);
        sweep.map_err(|rejection| Breach::Rejected { law: "time passes", rejection })?;
        for kind in &self.programme.terms().kinds {
            self.compare_kind(&swept, &kind.name)?;
        }
        for source in self.model.sources() {
            let earned = self.account.earned(source).map(|earned| earned.lots);
            same("as much earned and taken back", &earned, &self.model.earned(source))?;
        }
        for source in self.model.paid() {
            let mut lots: BTreeMap<LotId, u64> = BTreeMap::new();
            for Draw { lot, points } in self.account.redeemed(source).unwrap_or_default() {
                *lots.entry(*lot).or_default() += points.units();
            }
            let lots = lots.into_iter().map(|(lot, points)| (lot, Points::new(points))).collect();
            same("spent from the same lots", &Some(lots), &self.model.redeemed(source))?;
        }
        let standing = told(self.account.standing(&self.programme, now))?;
        same("where the member stands", &standing, &told(self.model.standing(&self.programme))?)?;
        same("what counts for the status", self.account.status_credits(), self.model.credits())?;
        let mut holds: Vec<_> = self.account.holds(now).into_iter().map(|hold| (hold.hold, hold.kind, hold.until)).collect();
        holds.sort();
        let expected = self.model.holds().map(|(hold, kind, until)| (hold.clone(), kind.clone(), until)).collect();
        same("the same holds", &holds, &expected)
    }

    fn compare_kind(&self, swept: &Account, kind: &Name) -> Result<(), Breach> {
        let (account, model, now) = (&self.account, &self.model, self.model.now());
        same("the same balance", &account.balance(kind, now), &model.balance(kind))?;
        same("the same balance", &swept.balance(kind, now), &model.balance(kind))?;
        let row = |lot: crate::loyalty::account::Lot| ModelLot {
            lot: lot.lot,
            active: lot.active,
            expires: lot.expires,
            left: lot.left,
            held: lot.held,
            lapsed: lot.lapsed,
        };
        same("the same lots", &account.lots(kind, now).into_iter().map(row).collect(), &model.lots(kind))?;
        let mut totals = swept.totals(kind);
        // The model does not tell where points came from.
        totals.issued = totals.issued.checked_add(totals.received).unwrap_or_default();
        totals.received = Points::ZERO;
        same("the same totals", &totals, &model.totals(kind))?;
        same("as much let go", &swept.forgiven(kind), &model.forgiven(kind))
    }
}
