//! What can be seen of the kinds of points: how they expire, how they come back, what they buy.

use super::{Finding, Jurisdiction, look::Look, rules::is_at_once, suppose::Space};
use crate::{
    calendar::days_from,
    loyalty::{
        Expiry, Life, Pending, Points,
        earning::{Condition, Rule, Trigger},
        programme::{Kind, Shortfall},
    },
    quantity::Name,
};
use alloc::vec::Vec;
use chrono::NaiveDate;

/// The days that are looked at from a day on: a year, whichever it is.
const DAYS: i32 = 366;

pub(super) fn findings(look: &Look, jurisdictions: &[Jurisdiction], findings: &mut Vec<Finding>) {
    let mut jurisdictions: Vec<&Jurisdiction> = jurisdictions.iter().collect();
    jurisdictions.sort();
    jurisdictions.dedup();
    for kind in look.kinds.iter().filter(|kind| kind.spendable) {
        expiry(look, kind, &jurisdictions, findings);
        findings.extend(look.of_kind(&kind.name).filter_map(|rule| dies_pending(look, kind, rule)));
        findings.extend(kept_after_return(look, kind));
        findings.extend(free_points_move(look, kind));
        let offered = |until: Option<NaiveDate>| until.is_none_or(|until| until > look.as_of);
        let rewarded = look.terms.rewards.iter().any(|reward| reward.kind == kind.name && offered(reward.until));
        if kind.redemption.worth.is_none() && !rewarded {
            findings.push(Finding::NothingToBuy { kind: kind.name.clone() });
        }
    }
    if look.ladder().is_none() {
        let idle = look.kinds.iter().filter(|kind| kind.status);
        findings.extend(idle.map(|kind| Finding::CountsForNothing { kind: kind.name.clone() }));
    }
}

fn names<'a>(rules: impl Iterator<Item = &'a Rule>) -> Vec<Name> {
    rules.map(|rule| rule.name.clone()).collect()
}

fn expiry(look: &Look, kind: &Kind, jurisdictions: &[&Jurisdiction], findings: &mut Vec<Finding>) {
    let expires = |expiry: Expiry| expiry != Expiry::Never;
    let own = names(look.of_kind(&kind.name).filter(|rule| rule.expiry.is_some_and(expires)));
    let by_time = expires(kind.expiry) || !own.is_empty();
    let moved = kind.transfer.and_then(|terms| terms.expiry).is_some_and(expires);
    let notice = kind.notice.map(|notice| notice.days_before);
    let mut told = notice.is_some();
    for jurisdiction in jurisdictions {
        let (law, here) = (jurisdiction.law(), || (*jurisdiction).clone());
        if by_time && law.forbids_time_alone {
            findings.push(Finding::ExpiresByTime { kind: kind.name.clone(), rules: own.clone(), jurisdiction: here() });
        }
        if moved && law.forbids_time_alone {
            findings.push(Finding::TransferExpiresByTime { kind: kind.name.clone(), jurisdiction: here() });
        }
        let short = |least: u16| {
            kind.inactivity.is_some_and(|inactivity| match inactivity.after {
                Life::Months(months) => months < least,
                // A year has up to 366 days, a month up to 31.
                Life::Days(days) => u32::from(days) < u32::from(least) / 12 * 366 + u32::from(least) % 12 * 31,
            })
        };
        if let Some(least_months) = law.least_inactivity_months.filter(|least| short(*least)) {
            findings.push(Finding::InactivityTooShort { kind: kind.name.clone(), least_months, jurisdiction: here() });
        }
        let outside = |days: &(u16, u16)| notice.is_none_or(|notice| notice < days.0 || notice > days.1);
        if let Some(days) = law.notice_days.filter(outside).filter(|_| by_time || moved || kind.inactivity.is_some()) {
            findings.push(Finding::NoticeOutside { kind: kind.name.clone(), notice, days, jurisdiction: here() });
            told = true;
        }
    }
    if !told && (by_time || moved || kind.inactivity.is_some()) {
        findings.push(Finding::NoNotice { kind: kind.name.clone() });
    }
    match (kind.inactivity, kind.kept_alive_by.is_empty()) {
        (Some(_), true) => findings.push(Finding::NothingKeepsAlive { kind: kind.name.clone() }),
        (None, false) => findings.push(Finding::KeptAliveForNothing { kind: kind.name.clone() }),
        _ => {}
    }
}

/// Whether points of a rule are over before they can be spent, on the days of a year on which it can give any.
fn dies_pending(look: &Look, kind: &Kind, rule: &Rule) -> Option<Finding> {
    let zone = &look.terms.zone;
    let (pending, expiry) = (rule.pending.unwrap_or(kind.pending), rule.expiry.unwrap_or(kind.expiry));
    let space = Space::of([rule], look.ranks());
    let (mut days, mut of, mut first) = (0_u16, 0_u16, None);
    for day in (0..DAYS).filter_map(|n| days_from(look.as_of, n).ok()) {
        if !space.scenes(day).any(|scene| scene.applies(rule, &look.grades) != Some(false)) {
            continue;
        }
        of += 1;
        let spendable = match pending {
            Pending::None => day,
            Pending::Days(n) => days_from(day, n.into()).ok()?,
            Pending::Until(moment) => zone.day_of(moment).max(day),
            Pending::Confirmation => return None,
        };
        let last_day = expiry.last_day(day).ok()??;
        if spendable > last_day {
            days += 1;
            first = first.or(Some((day, spendable, last_day)));
        }
    }
    let (earned, spendable, last_day) = first?;
    let (rule, kind) = (rule.name.clone(), kind.name.clone());
    Some(Finding::DiesPending { rule, kind, earned, spendable, last_day, days, of })
}

fn kept_after_return(look: &Look, kind: &Kind) -> Option<Finding> {
    let kept = match kind.shortfall {
        Shortfall::PendingOnly | Shortfall::WithinBalance => true,
        Shortfall::Debt { limit } => limit == Some(Points::ZERO),
    };
    let at_once = |rule: &&Rule| {
        rule.on == Trigger::Purchase && !rule.give.is_multiple() && is_at_once(look, rule.pending.unwrap_or(kind.pending))
    };
    let rules = names(look.of_kind(&kind.name).filter(at_once));
    let (kind, shortfall) = (kind.name.clone(), kind.shortfall);
    (kept && !rules.is_empty()).then_some(Finding::KeptAfterReturn { kind, rules, shortfall })
}

fn free_points_move(look: &Look, kind: &Kind) -> Option<Finding> {
    let free =
        |rule: &&Rule| !rule.give.is_multiple() && (rule.on != Trigger::Purchase || rule.when.contains(&Condition::FirstPurchase));
    let rules = names(look.of_kind(&kind.name).filter(free));
    (kind.transfer.is_some() && !rules.is_empty()).then(|| Finding::FreePointsMove { kind: kind.name.clone(), rules })
}
