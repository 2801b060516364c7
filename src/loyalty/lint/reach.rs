//! What can be reached by what the rules give.

use super::{Finding, Goal, Shortage, look::Look, suppose::Space};
use crate::{
    loyalty::{
        Expiry, Life, Occasion, RoundUp,
        earning::{CapPeriod, Condition, Give, Rule, Trigger},
        ladder::{Corrections, Counting, Cycle, CycleStart, FloorAfter, Ladder, Reached, Requirement},
        programme::{Kind, Reward},
    },
    money::{Ratio, Rounding},
    quantity::Name,
};
use alloc::{collections::BTreeSet, vec::Vec};

/// For how long something is gathered.
#[derive(Clone, Copy)]
enum Span {
    Ever,
    Months {
        months: u32,
        /// The month in which it begins, 0 for January; `None` for any day.
        start: Option<u32>,
    },
}

pub(super) fn findings(look: &Look, findings: &mut Vec<Finding>) {
    let reachable = look.ladder().map_or_else(BTreeSet::new, |ladder| tiers(look, ladder, findings));
    for kind in &look.kinds {
        if look.of_kind(&kind.name).next().is_none() {
            findings.push(Finding::NeverEarned { kind: kind.name.clone() });
        }
        let minimum = kind.redemption.minimum;
        if kind.spendable && !minimum.is_zero() {
            let goal = Goal::Minimum(kind.name.clone());
            findings.extend(within_life(look, kind, &reachable, minimum.units()).map(|short| unreachable(goal, [short])));
        }
    }
    let mut rewards: Vec<&Reward> = look.terms.rewards.iter().collect();
    rewards.sort_by(|a, b| a.name.cmp(&b.name));
    for reward in rewards {
        reward_findings(look, reward, &reachable, findings);
    }
}

fn unreachable(goal: Goal, short: impl IntoIterator<Item = Shortage>) -> Finding {
    Finding::Unreachable { goal, short: short.into_iter().collect() }
}

fn reward_findings(look: &Look, reward: &Reward, reachable: &BTreeSet<usize>, findings: &mut Vec<Finding>) {
    let Some(kind) = look.kinds.iter().find(|kind| kind.name == reward.kind) else { return };
    let has = |grade: &Name| reward.grades.is_empty() || reward.grades.contains(grade);
    let price = |grade: &Name| has(grade).then(|| reward.price_by_grade.get(grade).copied().unwrap_or(reward.price));
    if let Some(until) = reward.until.filter(|until| *until <= look.as_of) {
        findings.push(Finding::RewardOver { reward: reward.name.clone(), until });
        return;
    }
    for pair in look.grades.windows(2) {
        let Some(less) = price(&pair[0]) else { continue };
        let higher = price(&pair[1]);
        if higher.is_none_or(|price| price > less) {
            let (reward, grade, below) = (reward.name.clone(), pair[1].clone(), pair[0].clone());
            findings.push(Finding::HigherPaysMore { reward, grade, below, price: higher, less });
        }
    }
    let lowest = look.grades.iter().filter_map(price).min().unwrap_or(reward.price);
    if lowest < kind.redemption.minimum {
        let minimum = kind.redemption.minimum;
        findings.push(Finding::RewardBelowMinimum { reward: reward.name.clone(), price: lowest, minimum });
    }
    let goal = Goal::Reward(reward.name.clone());
    findings.extend(within_life(look, kind, reachable, lowest.units()).map(|short| unreachable(goal, [short])));
}

/// What is missing of so many points, if they cannot be gathered while they live.
fn within_life(look: &Look, kind: &Kind, reachable: &BTreeSet<usize>, needed: u64) -> Option<Shortage> {
    let expiries = look.of_kind(&kind.name).map(|rule| rule.expiry.unwrap_or(kind.expiry));
    let span = expiries.map(|expiry| life(look, expiry)).reduce(|a, b| match (a, b) {
        (Span::Months { months, .. }, Span::Months { months: other, .. }) => {
            Span::Months { months: months.max(other), start: None }
        }
        _ => Span::Ever,
    });
    short_of(look, &kind.name, span.unwrap_or(Span::Ever), reachable, needed, 0)
}

/// How long points live at most, in months rounded up.
fn life(look: &Look, expiry: Expiry) -> Span {
    let months_of = |days: u32| days / 28 + 1;
    let months = match expiry {
        Expiry::Never => return Span::Ever,
        Expiry::After { life, to, plus_days } => {
            let life = match life {
                Life::Months(months) => months.into(),
                Life::Days(days) => months_of(days.into()),
            };
            let to = match to {
                RoundUp::None => 0,
                RoundUp::MonthEnd => 1,
                RoundUp::QuarterEnd => 3,
                RoundUp::HalfYearEnd => 6,
                RoundUp::YearEnd => 12,
            };
            life + to + months_of(plus_days.into())
        }
        Expiry::EachYear { at_least_months, .. } => 13 + u32::from(at_least_months),
        Expiry::On(day) if day < look.as_of => 0,
        Expiry::On(day) => months_of(crate::calendar::days_between(look.as_of, day)),
    };
    Span::Months { months, start: None }
}

/// The tiers that can be reached, the base included.
fn tiers(look: &Look, ladder: &Ladder, findings: &mut Vec<Finding>) -> BTreeSet<usize> {
    let terms = ladder.terms();
    let span = match terms.counting {
        Counting::Periods { cycle, .. } => span_of(cycle),
        Counting::Rolling { months, .. } => Span::Months { months: months.into(), start: None },
        Counting::Lifetime | Counting::Balance => Span::Ever,
    };
    let rolled = |metric: &Name| terms.roll_over.as_ref().and_then(|roll| roll.caps.get(metric)).copied().unwrap_or_default();
    let mut reachable = BTreeSet::from([0]);
    let short = |requirement: &Requirement, span: Span, reachable: &BTreeSet<usize>| {
        shortages(requirement, |metric, needed| short_of(look, metric, span, reachable, needed, rolled(metric)))
    };
    // What a tier earns may be what the next takes.
    loop {
        let next = (1..)
            .zip(&terms.tiers)
            .find(|(rank, tier)| !reachable.contains(rank) && short(&tier.entry, span, &reachable).is_none());
        let Some((rank, _)) = next else { break };
        reachable.insert(rank);
    }
    for tier in &terms.tiers {
        let goal = Goal::Entry(tier.name.clone());
        findings.extend(short(&tier.entry, span, &reachable).map(|short| unreachable(goal, short)));
        let again = tier.reentry.as_ref().and_then(|requirement| short(requirement, span, &reachable));
        findings.extend(again.map(|short| unreachable(Goal::Reentry(tier.name.clone()), short)));
    }
    for floor in &terms.floors {
        if let FloorAfter::Credits(requirement) = &floor.after {
            let goal = Goal::Floor(floor.tier.clone());
            findings.extend(short(requirement, Span::Ever, &reachable).map(|short| unreachable(goal, short)));
        }
    }
    let mut milestones: Vec<_> = terms.milestones.iter().collect();
    milestones.sort_by(|a, b| a.name.cmp(&b.name));
    for milestone in milestones {
        if let Reached::Credits(requirement) = &milestone.reached {
            let goal = Goal::Milestone(milestone.name.clone());
            let span = milestone.every.map_or(Span::Ever, span_of);
            findings.extend(short(requirement, span, &reachable).map(|short| unreachable(goal, short)));
        }
    }
    let metrics = ladder.metrics();
    let idle = look.kinds.iter().filter(|kind| kind.status && !metrics.contains(&kind.name));
    findings.extend(idle.map(|kind| Finding::CountsForNothing { kind: kind.name.clone() }));
    if terms.counting == Counting::Balance {
        findings.push(Finding::StatusByBalance);
    }
    findings.extend(kept_after_return(look, ladder, &reachable));
    reachable
}

/// Whether a tier stands whose purchase is returned.
fn kept_after_return(look: &Look, ladder: &Ladder, reachable: &BTreeSet<usize>) -> Option<Finding> {
    let terms = ladder.terms();
    if terms.corrections != Corrections::Sticky || ladder.is_continuous() {
        return None;
    }
    let mut counted = BTreeSet::new();
    for (_, tier) in (1..).zip(&terms.tiers).filter(|(rank, _)| reachable.contains(rank)) {
        tier.entry.metrics(&mut counted);
    }
    let brings = |rule: &&Rule| rule.on == Trigger::Purchase && !rule.give.is_multiple() && counted.contains(&rule.kind);
    let mut rules: Vec<Name> = look.rules.iter().copied().filter(brings).map(|rule| rule.name.clone()).collect();
    rules.sort();
    (!rules.is_empty()).then_some(Finding::StatusKeptAfterReturn { rules })
}

fn span_of(cycle: Cycle) -> Span {
    let start = if let CycleStart::Calendar(month) = cycle.start { Some(u32::from(month).saturating_sub(1)) } else { None };
    Span::Months { months: cycle.months.into(), start }
}

/// What is missing on every way to meet a requirement; `None` if there is a way.
fn shortages(requirement: &Requirement, short: impl Fn(&Name, u64) -> Option<Shortage>) -> Option<Vec<Shortage>> {
    let mut all = BTreeSet::new();
    for way in requirement.ways().ok()? {
        let mut missing = way.iter().filter_map(|(metric, needed)| short(metric, *needed)).peekable();
        missing.peek()?;
        all.extend(missing);
    }
    Some(all.into_iter().collect())
}

/// What is missing of so many points of a kind, by all that the rules give within a span to members of some ranks.
fn short_of(look: &Look, kind: &Name, span: Span, reachable: &BTreeSet<usize>, needed: u64, rolled: u64) -> Option<Shortage> {
    let most = most(look, kind, span, reachable)?.saturating_add(rolled);
    (most < needed).then(|| Shortage { kind: kind.clone(), needed, most })
}

/// The most that the rules give within a span; `None` if nothing limits it.
fn most(look: &Look, kind: &Name, span: Span, reachable: &BTreeSet<usize>) -> Option<u64> {
    let ranks: Vec<Option<usize>> =
        if look.grades.is_empty() { Vec::from([None]) } else { reachable.iter().copied().map(Some).collect() };
    let for_them = |rule: &&Rule| {
        let space = Space::of([*rule], ranks.clone());
        space.days_from(look.as_of).into_iter().any(|day| space.can_apply(rule, day, &look.grades))
    };
    let rules: Vec<&Rule> = look.of_kind(kind).filter(for_them).collect();
    let (multiples, base): (Vec<&Rule>, Vec<&Rule>) = rules.into_iter().partition(|rule| rule.give.is_multiple());
    let sum = base.iter().try_fold(0_u64, |sum, rule| sum.checked_add(most_by(look, rule, span)?))?;
    // Every multiple on all of it, unless its own cap says less.
    let (mut bonuses, mut factor, mut capped) = (Ratio::ONE, Ratio::ONE, 0_u64);
    for rule in multiples {
        match (&rule.give, by_caps(rule, span)) {
            (_, Some(most)) => capped = capped.checked_add(most)?,
            (Give::Times(times), None) => {
                let numerator = factor.numerator().checked_mul(times.numerator())?;
                factor = Ratio::new(numerator, factor.denominator().checked_mul(times.denominator())?).ok()?;
            }
            (Give::Bonus(share), None) => bonuses = Ratio::sum([bonuses, *share]).ok()?,
            _ => {}
        }
    }
    let numerator = bonuses.numerator().checked_mul(factor.numerator())?.checked_mul(sum.checked_add(capped)?.into())?;
    let product = Rounding::Ceiling.divide(numerator, bonuses.denominator().checked_mul(factor.denominator())?)?;
    u64::try_from(product).ok()
}

/// The most that a rule gives of itself within a span.
fn most_by(look: &Look, rule: &Rule, span: Span) -> Option<u64> {
    let order = rule.caps.iter().filter(|cap| cap.per == CapPeriod::Order).map(|cap| cap.points.units());
    let fixed = if let Give::Fixed(points) = rule.give { Some(points.units()) } else { None };
    let each = order.chain(fixed).min();
    let by_times = each.and_then(|each| times(look, rule, span)?.checked_mul(each));
    by_times.into_iter().chain(by_caps(rule, span)).min()
}

/// How often what it waits for can happen.
fn times(look: &Look, rule: &Rule, span: Span) -> Option<u64> {
    if rule.when.contains(&Condition::FirstPurchase) {
        return Some(1);
    }
    let Trigger::Occasion(name) = &rule.on else { return None };
    let in_years = |years: u32| match span {
        Span::Ever => None,
        Span::Months { months, .. } => Some(u64::from(months.div_ceil(12 * years))),
    };
    let occasion = look.terms.occasions.get(name).map(|occasion| match occasion {
        Occasion::Joining { every_years, .. } => in_years(u32::from(every_years.get())),
        Occasion::Birthday { .. } | Occasion::EachYear { .. } => in_years(1),
    });
    let milestones = look.ladder().map_or(&[][..], |ladder| &ladder.terms().milestones);
    let milestone = milestones.iter().find(|milestone| milestone.name == *name).map(|milestone| match (milestone.every, span) {
        (None, _) => Some(1),
        (Some(_), Span::Ever) => None,
        (Some(cycle), Span::Months { months, .. }) => Some(u64::from(months.div_ceil(cycle.months.into())) + 1),
    });
    occasion.into_iter().chain(milestone).try_fold(0_u64, |sum, times| sum.checked_add(times?))
}

/// The most that its caps let a rule give within a span.
fn by_caps(rule: &Rule, span: Span) -> Option<u64> {
    let caps = rule.caps.iter().filter_map(|cap| cap.points.units().checked_mul(windows(cap.per, span)?));
    caps.min()
}

/// In how many periods of a cap a span can lie, at most.
fn windows(per: CapPeriod, span: Span) -> Option<u64> {
    let Span::Months { months, start } = span else { return (per == CapPeriod::Lifetime).then_some(1) };
    let days = (months / 12 * 366 + months % 12 * 31).max(1);
    let units = |of: u32| match start {
        // The span and those after it begin so many months after January.
        Some(start) => {
            let touched = |first: u32| (first + months.max(1) - 1) / of - first / of + 1;
            (0..12).map(|n| touched(start % 12 + n * months)).max().unwrap_or(1)
        }
        None => months.div_ceil(of) + 1,
    };
    let windows = match per {
        CapPeriod::Order => return None,
        CapPeriod::Day => days,
        CapPeriod::Week => days.div_ceil(7) + 1,
        CapPeriod::Month => units(1),
        CapPeriod::Quarter => units(3),
        CapPeriod::Year => units(12),
        CapPeriod::Lifetime => 1,
    };
    Some(windows.into())
}
