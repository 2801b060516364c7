//! What can be seen of single rules.

use super::{Finding, look::Look};
use crate::{
    loyalty::{
        Pending, Points,
        earning::{Cap, CapPeriod, Condition, Give, Rule, Side, Trigger},
    },
    money::{Money, Rounding},
};
use alloc::vec::Vec;

pub(super) fn findings(look: &Look, findings: &mut Vec<Finding>) {
    for rule in &look.rules {
        findings.extend(caps(rule));
        findings.extend(uncapped(look, rule));
        findings.extend(referral(look, rule));
    }
    for occasion in look.terms.occasions.keys() {
        let celebrated = |rule: &&Rule| matches!(&rule.on, Trigger::Occasion(of) if of == occasion);
        if !look.rules.iter().any(celebrated) {
            findings.push(Finding::Uncelebrated { occasion: occasion.clone() });
        }
    }
}

fn caps(rule: &Rule) -> Vec<Finding> {
    let award = least_award(rule).unwrap_or_default();
    let mut caps: Vec<Cap> = rule.caps.clone();
    caps.sort();
    let mut findings = Vec::new();
    if let Some(cap) = caps.iter().min_by_key(|cap| (cap.points, cap.per)).filter(|cap| cap.points < award) {
        findings.push(Finding::CapBelowAward { rule: rule.name.clone(), cap: *cap, award });
    }
    for cap in &caps {
        let longer = caps.iter().find(|other| lies_within(cap.per, other.per) && other.points <= cap.points);
        findings.extend(longer.map(|longer| Finding::IdleCap { rule: rule.name.clone(), cap: *cap, longer: *longer }));
    }
    findings
}

/// Whether every period of the first kind lies within one of the second. Weeks reach over the ends of months.
const fn lies_within(short: CapPeriod, long: CapPeriod) -> bool {
    use CapPeriod::{Day, Lifetime, Month, Order, Quarter, Week, Year};
    match short {
        Order => !matches!(long, Order),
        Day => !matches!(long, Order | Day),
        Month => matches!(long, Quarter | Year | Lifetime),
        Quarter => matches!(long, Year | Lifetime),
        Week | Year => matches!(long, Lifetime),
        Lifetime => false,
    }
}

/// The least that a purchase must come to for a rule that counts, as far as a condition of its own says so.
pub(super) fn least_spend(rule: &Rule) -> Option<Money> {
    let spends = rule.when.iter().filter_map(|condition| match condition {
        Condition::Spend { at_least } => Some(*at_least),
        _ => None,
    });
    spends.max_by_key(Money::minor)
}

/// What a rule gives for the least that it rewards; for a rate without a least spend, what it gives for one step of it.
fn least_award(rule: &Rule) -> Option<Points> {
    let at = |points: Points, per: Money, amount: Money| {
        let product = i128::from(points.units()).checked_mul(amount.minor().into())?;
        u64::try_from(Rounding::Floor.divide(product, per.minor().into())?).ok().map(Points::new)
    };
    let units = rule.when.iter().filter_map(|condition| match condition {
        Condition::Units { at_least } => Some(u64::from(*at_least)),
        _ => None,
    });
    match &rule.give {
        Give::Fixed(points) => Some(*points),
        Give::PerItem(points) => points.units().checked_mul(units.max().unwrap_or(1)).map(Points::new),
        Give::PerAmount { points, per } => at(*points, *per, least_spend(rule).unwrap_or(*per)),
        Give::Brackets(brackets) => {
            let first = brackets.first()?;
            let from = if first.from.is_zero() { first.per } else { first.from };
            at(first.points, first.per, from)
        }
        Give::Bonus(_) | Give::Times(_) => None,
    }
}

fn uncapped(look: &Look, rule: &Rule) -> Option<Finding> {
    let often = matches!(rule.on, Trigger::Activity(_) | Trigger::Referral { side: Side::Referrer });
    let capped = rule.caps.iter().any(|cap| cap.per != CapPeriod::Order);
    let kind = look.kinds.iter().find(|kind| kind.name == rule.kind)?;
    if !often || capped || !kind.spendable || rule.give.is_multiple() {
        return None;
    }
    let points = if let Give::Fixed(points) | Give::PerItem(points) = rule.give { Some(points) } else { None };
    let worth = points.and_then(|points| kind.redemption.worth?.of(points, Rounding::Floor));
    Some(Finding::Uncapped { rule: rule.name.clone(), points, worth })
}

fn referral(look: &Look, rule: &Rule) -> Option<Finding> {
    let kind = look.kinds.iter().find(|kind| kind.name == rule.kind)?;
    let referral = matches!(rule.on, Trigger::Referral { .. }) && kind.spendable && !rule.give.is_multiple();
    let at_once = is_at_once(look, rule.pending.unwrap_or(kind.pending));
    (referral && at_once).then(|| Finding::ReferralAtOnce { rule: rule.name.clone() })
}

/// Whether points can be spent on the day on which they are earned.
pub(super) fn is_at_once(look: &Look, pending: Pending) -> bool {
    match pending {
        Pending::None | Pending::Days(0) => true,
        Pending::Until(moment) => look.terms.zone.day_of(moment) <= look.as_of,
        Pending::Days(_) | Pending::Confirmation => false,
    }
}
