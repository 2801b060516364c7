use super::{Breach, same};
use crate::{
    calendar::Moment,
    loyalty::{
        Account, AccountId, Points,
        account::{Displaced, Draw, Event, Payer, Record, Totals},
    },
    quantity::Name,
};
use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use core::fmt::Debug;

/// Folds a log and checks after every record that the account does not [contradict itself](Account::audit), that what the events say adds
/// up to its totals, and that nothing takes effect after it was recorded. Folding it in two parts comes to the same account.
///
/// # Errors
/// The first [`Breach`].
pub fn check_log(id: &AccountId, joined: Moment, log: &[Record]) -> Result<Account, Breach> {
    let mut account = Account::new(id.clone(), joined);
    let mut moved = BTreeMap::new();
    for record in log {
        account.apply(record)?;
        account.audit()?;
        for happened in &record.events {
            same("nothing takes effect after it was recorded", &(happened.on <= record.at), &true)?;
            recount(&happened.event, &mut moved)?;
        }
        for (kind, totals) in &moved {
            same("the events add up to the totals", totals, &account.totals(kind))?;
        }
    }
    let middle = log.len() / 2;
    let mut parts = Account::replay(id.clone(), joined, &log[..middle])?;
    log[middle..].iter().try_for_each(|record| parts.apply(record))?;
    same("a log folds in parts as in one", &parts, &account)?;
    Ok(account)
}

/// Counts by hand what an event moves, and checks that it accounts for all it says.
fn recount(event: &Event, moved: &mut BTreeMap<Name, Totals>) -> Result<(), Breach> {
    let law = "an event accounts for what it moves";
    let sum = |draws: &[Draw]| Points::sum(draws.iter().map(|draw| draw.points)).unwrap_or_default();
    let mut change = |kind: &Name, at: fn(&mut Totals) -> &mut Points, more: Points, less: Points| {
        let total = at(moved.entry(kind.clone()).or_default());
        *total = total.checked_add(more).and_then(|total| total.checked_sub(less)).unwrap_or_default();
    };
    let none = Points::ZERO;
    match event {
        Event::Earned(earning) => earning.lots.iter().for_each(|lot| change(&lot.kind, |t| &mut t.issued, lot.points, none)),
        Event::Received { lots, .. } => lots.iter().for_each(|lot| change(&lot.kind, |t| &mut t.received, lot.points, none)),
        Event::Redeemed { kind, from, .. } => change(kind, |t| &mut t.burned, sum(from), none),
        Event::RedemptionCancelled { kind, to, .. } => change(kind, |t| &mut t.burned, none, sum(to)),
        Event::HoldSettled { kind, captured, .. } => change(kind, |t| &mut t.burned, sum(captured), none),
        Event::Deducted { kind, from, .. } => change(kind, |t| &mut t.deducted, sum(from), none),
        Event::Sent { kind, from, .. } => change(kind, |t| &mut t.sent, sum(from), none),
        Event::Expired { kind, from, .. } => change(kind, |t| &mut t.expired, sum(from), none),
        Event::Reinstated { kind, from, lot, .. } => {
            same(law, &sum(from), &lot.points)?;
            change(kind, |t| &mut t.expired, none, lot.points);
        }
        // All of it came here as it was.
        Event::Absorbed { account, .. } => {
            for kind in account.kinds() {
                let sum = moved.entry(kind.clone()).or_default();
                *sum = sum.plus(account.totals(kind)).unwrap_or_default();
            }
        }
        Event::DebtRepaid { kind, from } => change(kind, |t| &mut t.clawed_back, sum(from), none),
        Event::ClawbackSettled { kind, paid } => {
            let lots = paid.iter().filter(|entry| matches!(entry.paid_by, Payer::Lot(_))).map(|entry| entry.points);
            let all = Points::sum(paid.iter().map(|entry| entry.points)).unwrap_or_default();
            change(kind, |t| &mut t.clawed_back, all, Points::sum(lots).unwrap_or_default());
        }
        Event::ClawedBack { kind, owed, from, lapsed, displaced, .. } => {
            change(kind, |t| &mut t.clawed_back, sum(from), none);
            let own = from.iter().filter(|draw| draw.lot == owed.lot).map(|draw| draw.points);
            let borne = displaced.iter().map(|entry| entry.points);
            let all = own.chain(lapsed.map(|draw| draw.points)).chain(borne);
            same(law, &Points::sum(all), &Some(owed.points))?;
            let others: Vec<Draw> = from.iter().filter(|draw| draw.lot != owed.lot).copied().collect();
            let by_lots = |entry: &Displaced| {
                let Payer::Lot(lot) = entry.paid_by else { return None };
                Some(Draw { lot, points: entry.points })
            };
            same(law, &displaced.iter().filter_map(by_lots).collect(), &others)?;
        }
        _ => {}
    }
    Ok(())
}

/// What is written is read back.
///
/// # Errors
/// [`Breach::Differs`] if it is not, or cannot be.
pub fn check_writing<T: PartialEq + Debug, E: Debug>(
    value: &T,
    write: impl Fn(&T) -> Result<String, E>,
    read: impl Fn(&str) -> Result<T, E>,
) -> Result<(), Breach> {
    let law = "what is written is read back";
    let read = write(value).and_then(|text| read(&text));
    match read {
        Ok(read) => same(law, &read, value),
        Err(why) => Err(Breach::Differs { law, one: format!("{why:?}"), other: format!("{value:?}") }),
    }
}
