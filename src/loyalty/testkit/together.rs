use super::{
    Breach, Play,
    laws::{check_log, check_merge, check_pool, check_referral, check_transfer, same},
};
use crate::{
    calendar::Moment,
    loyalty::{
        AccountId, CommandId, Decision, Points, PoolPolicy, Rejection, SourceId,
        account::{Command, Event},
        between,
    },
    money::Money,
    quantity::{Name, NameError},
};
use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
};

/// What two accounts do together.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Between {
    /// The first takes over the second.
    Merge,
    /// One gives points to the other.
    Transfer {
        /// Of which kind.
        kind: Name,
        /// How many.
        points: Points,
        /// The second to the first.
        back: bool,
    },
    /// One has brought the other.
    Refer {
        /// The referral.
        source: SourceId,
        /// When the first order was made.
        on: Moment,
        /// The second the first.
        back: bool,
    },
    /// Both spend points for one business event.
    Pool {
        /// The business event.
        source: SourceId,
        /// The kind of points.
        kind: Name,
        /// How many.
        points: Points,
        /// The order that is paid with them.
        order: Option<Money>,
        /// Who gives how many.
        policy: PoolPolicy,
    },
}

impl Play {
    /// The second account, as old as the first.
    pub(super) fn second(&self) -> Result<Play, NameError> {
        let number = self.others.unwrap_or_default() + 1;
        let new = || Ok(Play::of(AccountId::new(&format!("other {number}"))?, self.programme.clone(), self.model.now()));
        let mut second = self.beside.as_deref().map_or_else(new, |second| Ok(second.clone()))?;
        second.programme = self.programme.clone();
        second.model.pass(self.model.now());
        Ok(second)
    }

    pub(super) fn between(&mut self, what: &Between) -> Result<(), Breach> {
        let mut second = self.second()?;
        let (now, id) = (self.model.now(), self.id()?);
        match what {
            Between::Merge => _ = check_merge(&self.account, &second.account, &self.programme, now)?,
            Between::Transfer { kind, points, .. } => {
                _ = check_transfer(&self.account, &second.account, &self.programme, now, kind, *points)?;
            }
            Between::Refer { source, on, .. } => {
                _ = check_referral(&self.account, &second.account, &self.programme, now, source, *on)?;
            }
            Between::Pool { source, kind, points, order, policy } => {
                let pool = [&self.account, &second.account];
                _ = check_pool(&pool, &self.programme, now, source, kind, *points, *order, *policy)?;
            }
        }
        let decided = self.decide_with(&second, now, &id, what);
        let expected = self.model.together(&mut second.model, &self.programme, now, what);
        let (one, two) = match (decided, expected) {
            (Ok(decided), Ok(expected)) => {
                let [one, two] = decided;
                let points = |decision: &Option<Decision>| decision.as_ref().map(|decision| decision.points().units());
                same("as many points", &[points(&one), points(&two)], &expected)?;
                (one, two)
            }
            (Err(_), Err(_)) => {
                // Those that cannot be merged never can.
                if *what == Between::Merge {
                    (self.beside, self.others) = (None, self.others.map(|others| others + 1));
                } else {
                    self.beside = Some(Box::new(second));
                }
                return Ok(());
            }
            (account, model) => {
                let (one, other) = (format!("accounts {account:?}"), format!("models {model:?}"));
                return Err(Breach::Differs { law: "refused by both or by none", one, other });
            }
        };
        for (play, decision) in [(&mut *self, one), (&mut second, two)] {
            if let Some(decision) = decision {
                let record = play.account.commit(decision)?;
                let status = record.iter().flat_map(|record| &record.events).rev().find_map(|happened| match &happened.event {
                    Event::StatusChanged { state, .. } => Some(state),
                    _ => None,
                });
                if let (Between::Merge, Some(state)) = (what, status) {
                    play.model.stands(&play.programme, state);
                }
                play.log.extend(record);
            }
        }
        let again = self.decide_with(&second, now, &id, what).map(|decided| decided.map(|d| d.map(Decision::into_record)));
        let nothing = again.as_ref().is_ok_and(|decided| decided.iter().flatten().all(Option::is_none));
        same("the same command again changes nothing", &nothing, &true)?;
        if *what == Between::Merge {
            let late = second.account.decide(&self.programme, now, &CommandId::new("late")?, &Command::Tick);
            let closed = Err(Rejection::Closed { into: self.account.id().clone() });
            same("an account that was taken over does nothing", &late.map(|_| ()), &closed)?;
            let folded = check_log(second.account.id(), second.joined, &second.log)?;
            same("the log comes to the account", &folded, &second.account)?;
            self.sent.extend(second.sent);
            self.closed.push((second.account, second.log));
            (self.beside, self.others) = (None, self.others.map(|others| others + 1));
        } else {
            second.compare()?;
            self.beside = Some(Box::new(second));
        }
        Ok(())
    }

    /// What the first does, and the second.
    fn decide_with(&self, second: &Play, now: Moment, id: &CommandId, what: &Between) -> Result<[Option<Decision>; 2], String> {
        let (one, two, programme) = (&self.account, &second.account, &self.programme);
        let swap = |back: bool, [a, b]: [Decision; 2]| if back { [Some(b), Some(a)] } else { [Some(a), Some(b)] };
        let in_order = |back: bool| if back { (two, one) } else { (one, two) };
        let told = |rejection: Rejection| rejection.to_string();
        match what {
            Between::Merge => {
                let decided = between::merge(one, two, programme, now, id).map_err(|error| error.to_string())?;
                Ok(swap(false, decided))
            }
            Between::Transfer { kind, points, back } => {
                let (from, to) = in_order(*back);
                between::transfer(from, to, programme, now, id, kind, *points).map(|both| swap(*back, both)).map_err(told)
            }
            Between::Refer { source, on, back } => {
                let (referrer, referee) = in_order(*back);
                between::refer(referrer, referee, programme, now, id, source, *on).map(|both| swap(*back, both)).map_err(told)
            }
            Between::Pool { source, kind, points, order, policy } => {
                let pool = [one, two];
                let parts = between::redeem_together(&pool, programme, now, id, source, kind, *points, *order, *policy);
                let mut both = [None, None];
                for (place, decision) in parts.map_err(told)? {
                    both[place] = Some(decision);
                }
                Ok(both)
            }
        }
    }
}
