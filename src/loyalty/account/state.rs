use super::{
    Cause, Claimed, Corrupt, Draw, Earning, Event, Happened, Record, StatusCredit,
    award::Award,
    book::{Archive, Book},
    tiers::Tiers,
    undo::Undo,
};
use crate::{
    calendar::Moment,
    loyalty::{
        AccountId, CommandId, Points, SourceId,
        earning::CapWindow,
        ladder::{StatusCredits, StatusState},
    },
    quantity::{Name, unique_keys},
};
use alloc::{
    boxed::Box,
    collections::{BTreeMap, BTreeSet},
    string::String,
    sync::Arc,
    vec::Vec,
};
use serde::{Deserialize, Serialize};

/// A member's account: what the records of its log come to.
///
/// It is a value. [`decide`](Account::decide) says what a command would do and changes nothing; [`execute`](Account::execute) does it;
/// [`apply`](Account::apply) takes a [`Record`] from the log. Folding the log gives the account again, whatever the programme has become
/// since. Store the log for ever, and the account as a shortcut to its end.
#[doc(alias = "积分账户")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
pub struct Account {
    pub(super) id: AccountId,
    pub(super) joined: Moment,
    pub(super) seq: u64,
    pub(super) last: Option<Moment>,
    pub(super) closed: Option<AccountId>,
    pub(super) book: Book,
    #[serde(deserialize_with = "unique_keys")]
    pub(super) archive: Archive,
    #[serde(deserialize_with = "unique_keys")]
    pub(super) awards: BTreeMap<SourceId, Award>,
    #[serde(deserialize_with = "unique_keys")]
    pub(super) redemptions: BTreeMap<SourceId, Box<Redemption>>,
    #[serde(deserialize_with = "unique_keys")]
    pub(super) commands: BTreeMap<CommandId, Seen>,
    #[serde(with = "pairs")]
    pub(super) caps: BTreeMap<(Name, CapWindow), Points>,
    /// How often a reward was claimed.
    #[serde(with = "pairs")]
    pub(super) claims: BTreeMap<(Name, CapWindow), u32>,
    #[serde(with = "pairs")]
    pub(super) occasions: BTreeMap<(Name, String), u64>,
    /// What others sent, by their records.
    pub(super) received: BTreeSet<(AccountId, u64)>,
    /// Accounts that it took over.
    pub(super) absorbed: BTreeSet<AccountId>,
    /// Purchases that were not wholly returned.
    pub(super) purchases: u64,
    pub(super) credits: StatusCredits,
    /// As the last change left it; `None` before the first.
    pub(super) status: Option<StatusState>,
    #[serde(default, skip_serializing_if = "Tiers::is_empty")]
    pub(super) tiers: Tiers,
}

/// A command that was carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Seen {
    #[serde(with = "crate::reason::hex")]
    pub(super) digest: u64,
    pub(super) seq: u64,
    pub(super) points: Points,
}

/// What was spent for a source and has not come back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Redemption {
    pub(super) seq: u64,
    pub(super) on: Moment,
    pub(super) kind: Name,
    pub(super) from: Vec<Draw>,
    /// After how many clawbacks of the kind they left their lots.
    pub(super) since: u32,
    pub(super) reward: Option<Claimed>,
}

impl Account {
    /// A new account, of a member who joined at a moment.
    pub fn new(id: AccountId, joined: Moment) -> Account {
        Account {
            id,
            joined,
            seq: 0,
            last: None,
            closed: None,
            book: Book::default(),
            archive: Archive::new(),
            awards: BTreeMap::new(),
            redemptions: BTreeMap::new(),
            commands: BTreeMap::new(),
            caps: BTreeMap::new(),
            claims: BTreeMap::new(),
            occasions: BTreeMap::new(),
            received: BTreeSet::new(),
            absorbed: BTreeSet::new(),
            purchases: 0,
            credits: StatusCredits::default(),
            status: None,
            tiers: Tiers::default(),
        }
    }

    /// Whose points they are.
    pub const fn id(&self) -> &AccountId {
        &self.id
    }

    /// When the member joined.
    pub const fn joined(&self) -> Moment {
        self.joined
    }

    /// The number of records: what an optimistic lock compares.
    pub const fn seq(&self) -> u64 {
        self.seq
    }

    /// When the last record was made.
    pub const fn last(&self) -> Option<Moment> {
        self.last
    }

    /// The account that took this one over.
    pub const fn closed_into(&self) -> Option<&AccountId> {
        self.closed.as_ref()
    }

    /// The account that a log comes to.
    ///
    /// # Errors
    /// [`Corrupt`] for the first record that does not follow from those before, and if what they come to does not pass the
    /// [`audit`](Account::audit).
    pub fn replay<'a>(id: AccountId, joined: Moment, log: impl IntoIterator<Item = &'a Record>) -> Result<Account, Corrupt> {
        let mut account = Account::new(id, joined);
        log.into_iter().try_for_each(|record| account.apply(record))?;
        account.audit()?;
        Ok(account)
    }

    /// Takes over the next record of the log. No policy is asked: events say what was moved.
    ///
    /// # Errors
    /// [`Corrupt`] for a record that is not the next, does not add up, or moves what is not there; the account stays as it was. That a
    /// forged one contradicts others elsewhere, the [`audit`](Account::audit) finds.
    pub fn apply(&mut self, record: &Record) -> Result<(), Corrupt> {
        self.follows(record)?;
        record.adds_up()?;
        let mut undo = self.book.undo();
        let mut events = record.events.iter();
        let happened = events.try_for_each(|Happened { on, event }| self.book.apply(*on, event, &self.archive, &mut undo));
        if let Err(corrupt) = happened.and_then(|()| self.fits(record)) {
            self.book.roll_back(undo);
            return Err(corrupt);
        }
        self.take_over(&mut undo, record);
        Ok(())
    }

    pub(super) fn follows(&self, record: &Record) -> Result<(), Corrupt> {
        let expected = self.seq.saturating_add(1);
        if record.format == 0 || record.format > Record::FORMAT {
            return Err(Corrupt::UnknownFormat(record.format));
        }
        if record.account != self.id {
            return Err(Corrupt::OtherAccount(record.account.clone()));
        }
        if record.seq != expected {
            return Err(Corrupt::OutOfSequence { found: record.seq, expected });
        }
        if let Some(last) = self.last.filter(|last| record.at < *last) {
            return Err(Corrupt::ClockWentBack(last));
        }
        if let Some(seen) = self.commands.get(&record.command) {
            return Err(Corrupt::CommandTwice(seen.seq));
        }
        if self.closed.is_some() { Err(Corrupt::Closed) } else { Ok(()) }
    }

    /// Whether what the events say beside the points continues what is known.
    fn fits(&self, record: &Record) -> Result<(), Corrupt> {
        for Happened { event, .. } in &record.events {
            match event {
                Event::Earned(earning) if self.awards.contains_key(&earning.source) => {
                    return Err(Corrupt::SourceTwice(earning.source.clone()));
                }
                Event::Redeemed { source, .. } | Event::HoldSettled { source: Some(source), .. }
                    if self.redemptions.contains_key(source) =>
                {
                    return Err(Corrupt::SourceTwice(source.clone()));
                }
                Event::RedemptionCancelled { source, .. } if !self.redemptions.contains_key(source) => {
                    return Err(Corrupt::UnknownSource(source.clone()));
                }
                Event::Returned { source, .. }
                | Event::Voided { source, .. }
                | Event::ClawedBack { source, .. }
                | Event::StatusReversed { source, .. }
                    if !self.awards.contains_key(source) =>
                {
                    return Err(Corrupt::UnknownSource(source.clone()));
                }
                Event::Earned(earning) => self.fits_status(&earning.status)?,
                Event::StatusReversed { status, .. } => self.fits_status(status)?,
                Event::Absorbed { account, .. } => self.fits_beside(account)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn fits_status(&self, status: &[StatusCredit]) -> Result<(), Corrupt> {
        if status.is_empty() {
            return Ok(());
        }
        let mut credits = self.credits.clone();
        status.iter().try_for_each(|c| credits.push(&c.metric, c.day, c.points)).map_err(|_| Corrupt::TooMany)
    }

    /// Makes a record the last of the log whose events have happened in the book.
    pub(super) fn take_over(&mut self, undo: &mut Undo, record: &Record) {
        undo.store(&mut self.archive);
        for Happened { on, event } in &record.events {
            self.remember(undo, record.seq, *on, event);
        }
        // Up to here the status is settled: what is corrected later does not judge the past anew, unless the ladder says so.
        if let Some(state) = &mut self.status {
            state.stay(record.at.date());
        }
        (self.seq, self.last) = (record.seq, Some(record.at));
        let seen = Seen { digest: record.digest, seq: record.seq, points: record.points };
        self.commands.insert(record.command.clone(), seen);
    }

    fn remember(&mut self, undo: &Undo, seq: u64, on: Moment, event: &Event) {
        match event {
            Event::Earned(earning) => {
                let Earning { source, cause, status, .. } = &**earning;
                self.purchases += u64::from(*cause == Cause::Purchase);
                if let Cause::Occasion { occasion, key } = cause {
                    self.occasions.insert((occasion.clone(), key.clone()), seq);
                }
                for (rule, window, granted) in earning.used_up() {
                    let used = self.caps.entry((rule.clone(), window)).or_default();
                    *used = used.checked_add(granted).unwrap_or(*used);
                }
                self.count(status);
                self.awards.insert(source.clone(), Award::new(seq, on, Arc::clone(earning)));
            }
            Event::Redeemed { source, kind, from, reward } => {
                let (since, reward) = (undo.clawbacks(kind), reward.clone());
                self.spend(source, Redemption { seq, on, kind: kind.clone(), from: from.clone(), since, reward });
            }
            Event::HoldSettled { hold, source: Some(source), kind, captured, .. } => {
                // They left their lots when they were set aside.
                let since = undo.holds.iter().find(|held| held.hold == *hold).map_or(0, |held| held.since);
                self.spend(source, Redemption { seq, on, kind: kind.clone(), from: captured.clone(), since, reward: None });
            }
            Event::RedemptionCancelled { source, to, .. } => {
                if let Some(redemption) = self.redemptions.get_mut(source) {
                    for back in to {
                        for draw in redemption.from.iter_mut().filter(|draw| draw.lot == back.lot) {
                            draw.points = draw.points.checked_sub(back.points).unwrap_or_default();
                        }
                    }
                    redemption.from.retain(|draw| !draw.points.is_zero());
                    // A reward that was given back wholly was not had.
                    let gone = if redemption.from.is_empty() { redemption.reward.take() } else { None };
                    if let Some(Claimed { reward, window: Some(window) }) = gone
                        && let Some(times) = self.claims.get_mut(&(reward, window))
                    {
                        *times = times.saturating_sub(1);
                    }
                }
            }
            Event::Returned { source, document, lines } => {
                if let Some(award) = self.awards.get_mut(source) {
                    let kept = award.is_kept_purchase();
                    award.returned(document, lines);
                    let gone = kept && !award.is_kept_purchase();
                    self.purchases = self.purchases.saturating_sub(gone.into());
                }
            }
            Event::Voided { source, document } => {
                if let Some(award) = self.awards.get_mut(source) {
                    self.purchases = self.purchases.saturating_sub(award.is_kept_purchase().into());
                    for (rule, window, granted) in award.used_up() {
                        let used = self.caps.entry((rule.clone(), window)).or_default();
                        *used = used.checked_sub(granted).unwrap_or_default();
                    }
                    self.caps.retain(|_, used| !used.is_zero());
                    award.void(document);
                }
            }
            Event::ClawedBack { source, owed, .. } => {
                if let Some(award) = self.awards.get_mut(source) {
                    award.taken_back(owed.lot, owed.points);
                }
            }
            Event::StatusReversed { source, status } => {
                self.count(status);
                if let Some(award) = self.awards.get_mut(source) {
                    for reversal in status {
                        award.reversed(reversal);
                    }
                }
            }
            Event::StatusChanged { changes, state, .. } => {
                for change in changes {
                    self.tiers.take(change);
                }
                self.status = Some((**state).clone());
            }
            Event::Received { from, seq, .. } => {
                self.received.insert((from.clone(), *seq));
            }
            Event::Absorbed { account, after } => self.take_over_rest(undo, account, after.0),
            Event::Closed { into } => self.closed = Some(into.clone()),
            _ => {}
        }
    }

    fn count(&mut self, status: &[StatusCredit]) {
        for StatusCredit { metric, day, points, .. } in status {
            // That it fits was found out before.
            let _ = self.credits.push(metric, *day, *points);
        }
    }

    fn spend(&mut self, source: &SourceId, redemption: Redemption) {
        if let Some(Claimed { reward, window: Some(window) }) = &redemption.reward {
            let times = self.claims.entry((reward.clone(), *window)).or_default();
            *times = times.saturating_add(1);
        }
        self.redemptions.insert(source.clone(), Box::new(redemption));
    }
}

/// Maps whose keys are no texts, as lists of pairs.
mod pairs {
    use alloc::{collections::BTreeMap, vec::Vec};
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    pub(super) fn serialize<K: Serialize, V: Serialize, S: Serializer>(map: &BTreeMap<K, V>, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(map)
    }

    pub(super) fn deserialize<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>, D: Deserializer<'de>>(
        from: D,
    ) -> Result<BTreeMap<K, V>, D::Error> {
        let pairs = Vec::<(K, V)>::deserialize(from)?;
        let number = pairs.len();
        let map: BTreeMap<K, V> = pairs.into_iter().collect();
        if map.len() == number { Ok(map) } else { Err(de::Error::custom("a key occurs twice")) }
    }
}
