//! What a sum of money or a single deed earns by all rules together.

use super::{
    Finding,
    look::{Look, bracket_rate, rate},
    rules::least_spend,
    suppose::{Scene, Space},
};
use crate::{
    loyalty::{
        Points,
        earning::{BasisRounding, Cap, CapPeriod, Condition, Give, Rule, Stacking, Trigger},
        programme::{Kind, Worth},
    },
    money::{Money, Ratio, Rounding},
    quantity::Name,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

/// An order that is looked at: a hundred of the currency.
const HUNDRED: i64 = 100;

pub(super) fn findings(look: &Look, findings: &mut Vec<Finding>) {
    findings.extend(rounding(look));
    findings.extend(basis_rounding(look));
    findings.extend(look.rules.iter().filter_map(|rule| fixed(rule)));
    findings.extend(look.rules.iter().filter_map(|rule| capped(look, rule)));
    for kind in &look.kinds {
        let best = best_rate(look, kind);
        findings.extend(points_on_points(look, kind, best.as_ref()));
        findings.extend(worth_more(look, kind, best));
        findings.extend(fixed_worth_more(look, kind));
    }
    higher_earns_less(look, findings);
}

/// How much a rule gives: per smallest unit of money, or per piece and occurrence.
#[derive(Clone, Copy, PartialEq)]
enum Measure {
    PerMoney,
    PerTime,
}

impl Measure {
    fn of(self, rule: &Rule) -> Option<Ratio> {
        match (&rule.give, self) {
            (Give::PerAmount { points, per }, Measure::PerMoney) => rate(points.units(), *per),
            (Give::Brackets(brackets), Measure::PerMoney) => brackets.last().and_then(bracket_rate),
            (Give::Fixed(points) | Give::PerItem(points), Measure::PerTime) => Ratio::new(points.units().into(), 1).ok(),
            _ => Some(Ratio::ZERO),
        }
    }
}

/// What comes of some rules together.
struct Sum<'a> {
    total: Ratio,
    rules: Vec<&'a Rule>,
}

fn times(a: Ratio, b: Ratio) -> Option<Ratio> {
    Ratio::new(a.numerator().checked_mul(b.numerator())?, a.denominator().checked_mul(b.denominator())?).ok()
}

fn plus(a: Ratio, b: Ratio) -> Option<Ratio> {
    Ratio::sum([a, b]).ok()
}

/// The most that the rules for one occurrence and kind of points give in a situation, whatever is left open in it.
fn best<'a>(look: &Look, rules: &[&'a Rule], scene: &Scene, measure: Measure) -> Option<Sum<'a>> {
    let open: Vec<(&Rule, Option<bool>)> = rules.iter().map(|rule| (*rule, scene.applies(rule, &look.grades))).collect();
    let possible: Vec<&Rule> = open.iter().filter(|(_, applies)| *applies != Some(false)).map(|(rule, _)| *rule).collect();
    let alone = |rule: &Rule| if let Stacking::Alone { priority } = rule.stacking { Some(priority) } else { None };
    // Such a rule displaces all below it, whatever is left open.
    let certain = open.iter().filter(|(rule, applies)| *applies == Some(true) && rule.caps.is_empty());
    let certain = certain.filter(|(rule, _)| !matches!(rule.give, Give::Brackets(_))).filter_map(|(rule, _)| alone(rule)).max();
    let mut best: Option<Sum> = None;
    for rule in &possible {
        if alone(rule).is_none_or(|priority| certain.is_some_and(|certain| priority < certain)) {
            continue;
        }
        let total = measure.of(rule)?;
        best = Some(best.filter(|best| best.total >= total).unwrap_or(Sum { total, rules: Vec::from([*rule]) }));
    }
    if certain.is_none() {
        let stacked: Vec<&Rule> = possible.into_iter().filter(|rule| alone(rule).is_none()).collect();
        let stack = stack(look, &stacked, measure)?;
        best = Some(best.filter(|best| best.total > stack.total).unwrap_or(stack));
    }
    best
}

/// What rules give that go together, the best of each group.
fn stack<'a>(look: &Look, rules: &[&'a Rule], measure: Measure) -> Option<Sum<'a>> {
    let strength = |rule: &Rule| match &rule.give {
        Give::Bonus(share) => Some(*share),
        Give::Times(factor) => Some(*factor),
        _ => measure.of(rule),
    };
    let mut counted: Vec<&Rule> = Vec::new();
    let mut groups: BTreeMap<&Name, (Ratio, &Rule)> = BTreeMap::new();
    for rule in rules {
        let strength = strength(rule)?;
        match &rule.stacking {
            Stacking::BestOf { group, .. } => {
                let most = groups.entry(group).or_insert((strength, rule));
                if strength > most.0 {
                    *most = (strength, rule);
                }
            }
            _ => counted.push(rule),
        }
    }
    counted.extend(groups.into_values().map(|(_, rule)| rule));
    counted.sort_by(|a, b| a.name.cmp(&b.name));

    let sum = |fits: &dyn Fn(&Rule) -> bool| {
        counted.iter().filter(|rule| fits(rule)).try_fold(Ratio::ZERO, |sum, rule| plus(sum, strength(rule)?))
    };
    let base = |rule: &Rule| !rule.give.is_multiple();
    let bonus = |rule: &Rule| matches!(rule.give, Give::Bonus(_));
    let multiplied = sum(&|rule| base(rule) && rule.multiplied)?;
    let apart = sum(&|rule| base(rule) && !rule.multiplied)?;
    let bonuses = times(multiplied, sum(&|rule| bonus(rule) && rule.multiplied)?)?;
    let apart = plus(apart, times(multiplied, sum(&|rule| bonus(rule) && !rule.multiplied)?)?)?;
    let factors = counted.iter().filter_map(|rule| if let Give::Times(factor) = &rule.give { Some(*factor) } else { None });
    let factor = factors.into_iter().try_fold(Ratio::ONE, times)?;
    let factor = look.terms.earning.policy().times_at_most.map_or(factor, |most| most.min(factor));
    let total = plus(times(plus(multiplied, bonuses)?, factor)?, apart)?;
    if multiplied == Ratio::ZERO {
        counted.retain(|rule| base(rule));
    }
    counted.retain(|rule| !base(rule) || measure.of(rule).is_some_and(|part| part > Ratio::ZERO));
    Some(Sum { total, rules: counted })
}

/// The most points per smallest unit of money there can be from the day on.
fn best_rate<'a>(look: &Look<'a>, kind: &Kind) -> Option<Sum<'a>> {
    let rules: Vec<&Rule> = look.of_kind(&kind.name).filter(|rule| rule.on == Trigger::Purchase).collect();
    let space = Space::of(rules.iter().copied(), look.ranks());
    let mut most: Option<Sum> = None;
    for scene in space.days_from(look.as_of).into_iter().flat_map(|day| space.scenes(day)) {
        let Some(sum) = best(look, &rules, &scene, Measure::PerMoney) else { continue };
        if most.as_ref().is_none_or(|most| sum.total > most.total) {
            most = Some(sum);
        }
    }
    most.filter(|most| most.total > Ratio::ZERO)
}

/// What a point is worth in smallest units of money.
fn value(worth: Worth) -> Option<Ratio> {
    Ratio::new(worth.money.minor().into(), worth.points.units().into()).ok()
}

fn points_on_points(look: &Look, kind: &Kind, best: Option<&Sum>) -> Option<Finding> {
    if !look.terms.earning.policy().basis.paid_in_points || !kind.spendable {
        return None;
    }
    let again = times(best?.total, value(kind.redemption.worth?)?)?;
    let kept = plus(Ratio::ONE, times(again, Ratio::new(-1, 1).ok()?)?)?;
    let compounds = if kept > Ratio::ZERO { Ratio::new(kept.denominator(), kept.numerator()).ok() } else { None };
    Some(Finding::PointsOnPoints { kind: kind.name.clone(), again, compounds })
}

fn worth_more(look: &Look, kind: &Kind, best: Option<Sum>) -> Option<Finding> {
    let (worth, best) = (kind.redemption.worth.filter(|_| kind.spendable)?, best?);
    if times(best.total, value(worth)?)? <= Ratio::ONE {
        return None;
    }
    // So little that no cap of these rules is reached.
    let caps = best.rules.iter().flat_map(|rule| &rule.caps).map(|cap| cap.points.units()).min();
    let within = |cap: u64| Rounding::Floor.divide(best.total.denominator().checked_mul(cap.into())?, best.total.numerator());
    let hundred = i128::from(HUNDRED) * 10_i128.pow(u32::from(look.terms.currency.exponent()));
    let least = best.rules.iter().filter_map(|rule| reaches(rule)).max().unwrap_or_default();
    let paid = caps.map_or(Some(hundred), |cap| Some(within(cap)?.min(hundred)))?.max(least.into());
    let paid = Money::from_minor(i64::try_from(paid).ok()?, look.terms.currency);
    let product = best.total.numerator().checked_mul(paid.minor().into())?;
    let earned = u64::try_from(Rounding::Floor.divide(product, best.total.denominator())?).ok().map(Points::new)?;
    let money = worth.of(earned, Rounding::Floor)?;
    let rules = best.rules.iter().map(|rule| rule.name.clone()).collect();
    let beyond = caps.is_some_and(|cap| earned.units() > cap);
    (money.minor() > paid.minor() && !beyond).then_some(Finding::WorthMoreThanPaid {
        kind: kind.name.clone(),
        paid,
        earned,
        worth: money,
        rules,
    })
}

/// From which amount on a rule gives what its rate says.
fn reaches(rule: &Rule) -> Option<i64> {
    let bracket = if let Give::Brackets(brackets) = &rule.give { brackets.last().map(|last| last.from.minor()) } else { None };
    bracket.max(least_spend(rule).map(|least| least.minor()))
}

/// A fixed number for every order, that is worth more than the least order.
fn fixed_worth_more(look: &Look, kind: &Kind) -> Vec<Finding> {
    let Some(worth) = kind.redemption.worth.filter(|_| kind.spendable) else { return Vec::new() };
    let rules = look.of_kind(&kind.name).filter(|rule| rule.on == Trigger::Purchase && !is_once(rule));
    let finding = |rule: &Rule| {
        let Give::Fixed(points) = rule.give else { return None };
        let points = rule.caps.iter().map(|cap| cap.points).min().map_or(points, |cap| cap.min(points));
        let paid = least_spend(rule).unwrap_or(Money::from_minor(1, look.terms.currency));
        let money = worth.of(points, Rounding::Floor).filter(|money| money.minor() > paid.minor())?;
        let rules = Vec::from([rule.name.clone()]);
        Some(Finding::WorthMoreThanPaid { kind: kind.name.clone(), paid, earned: points, worth: money, rules })
    };
    rules.filter_map(finding).collect()
}

/// Whether it gives once in a member's life.
fn is_once(rule: &Rule) -> bool {
    rule.when.contains(&Condition::FirstPurchase) || rule.caps.iter().any(|cap| cap.per == CapPeriod::Lifetime)
}

/// An order, what two of it come to, and what one twice as large comes to; where the former is more. Looked for from an order on.
fn split(of: impl Fn(i128) -> Option<i128>, from: i128) -> Option<(i64, i64, i64)> {
    const TRIES: i128 = 10_000;
    (from..from.checked_add(TRIES)?).find_map(|order| {
        let (one, both) = (of(order)?, of(order.checked_mul(2)?)?);
        let apart = one.checked_mul(2)?;
        (apart > both).then(|| Some((i64::try_from(order).ok()?, i64::try_from(apart).ok()?, i64::try_from(both).ok()?)))?
    })
}

const fn is_down(rounding: Rounding) -> bool {
    matches!(rounding, Rounding::Floor | Rounding::TowardZero)
}

/// The rule, by name, which shows that rounding pays.
fn rounding(look: &Look) -> Vec<Finding> {
    let rounding = look.terms.earning.policy().rounding;
    let mut shown = BTreeSet::new();
    let mut findings = Vec::new();
    let purchase = look.rules.iter().filter(|rule| rule.on == Trigger::Purchase && !is_down(rounding));
    for rule in purchase {
        let Some(rate) = Measure::PerMoney.of(rule).filter(|rate| *rate > Ratio::ZERO) else { continue };
        let of = |order: i128| rounding.divide(rate.numerator().checked_mul(order)?, rate.denominator());
        let half = (rate.denominator() / (rate.numerator() * 2).max(1)).max(1);
        let from = half.max(reaches(rule).unwrap_or_default().into());
        if shown.contains(&rule.kind) {
            continue;
        }
        let Some((order, apart, together)) = split(of, from) else { continue };
        shown.insert(rule.kind.clone());
        findings.push(Finding::RoundingPaysForSplitting {
            rule: rule.name.clone(),
            rounding,
            order: Money::from_minor(order, look.terms.currency),
            apart: Points::new(apart.unsigned_abs()),
            together: Points::new(together.unsigned_abs()),
        });
    }
    findings
}

fn basis_rounding(look: &Look) -> Option<Finding> {
    let BasisRounding { step, rounding } = look.terms.earning.policy().basis.rounding?;
    let steps = |order: i128| rounding.divide(order, step.minor().into())?.checked_mul(step.minor().into());
    let (order, apart, together) = split(steps, (i128::from(step.minor()) / 2).max(1)).filter(|_| !is_down(rounding))?;
    let money = |minor| Money::from_minor(minor, step.currency());
    Some(Finding::BasisPaysForSplitting { rounding, order: money(order), apart: money(apart), together: money(together) })
}

/// Whether something limits how many orders a rule rewards.
fn is_limited(rule: &Rule) -> bool {
    rule.when.contains(&Condition::FirstPurchase) || rule.caps.iter().any(|Cap { per, .. }| *per != CapPeriod::Order)
}

fn fixed(rule: &Rule) -> Option<Finding> {
    let Give::Fixed(points) = rule.give else { return None };
    let splits = rule.on == Trigger::Purchase && !is_limited(rule);
    splits.then(|| Finding::FixedPaysForSplitting { rule: rule.name.clone(), points, from: least_spend(rule) })
}

/// A rule that gives by what is bought, up to a cap for each order.
fn capped(look: &Look, rule: &Rule) -> Option<Finding> {
    let cap = rule.caps.iter().map(|cap| cap.points).min()?;
    if rule.on != Trigger::Purchase || is_limited(rule) || matches!(rule.give, Give::Fixed(_)) {
        return None;
    }
    let order = if let Give::PerAmount { points, per } = rule.give {
        let product = i128::from(cap.units()).checked_mul(per.minor().into());
        let minor = product.and_then(|product| Rounding::Ceiling.divide(product, points.units().into()));
        let minor = minor.and_then(|minor| i64::try_from(minor).ok());
        minor.map(|minor| Money::from_minor(minor.max(reaches(rule).unwrap_or_default()), look.terms.currency))
    } else {
        None
    };
    Some(Finding::CapPaysForSplitting { rule: rule.name.clone(), cap, order })
}

/// Compares each grade with the one below, where nothing else differs.
fn higher_earns_less(look: &Look, findings: &mut Vec<Finding>) {
    let sets: BTreeSet<(&Name, &Trigger)> = look.rules.iter().map(|rule| (&rule.kind, &rule.on)).collect();
    let mut told = BTreeSet::new();
    for (kind, trigger) in sets {
        let rules: Vec<&Rule> = look.of_kind(kind).filter(|rule| rule.on == *trigger).collect();
        let space = Space::of(rules.iter().copied(), look.ranks());
        for day in space.days_from(look.as_of) {
            for (rank, pair) in look.grades.windows(2).enumerate() {
                for measure in [Measure::PerMoney, Measure::PerTime] {
                    let lower = space.scenes_of(day, &[Some(rank)]);
                    for (lower, higher) in lower.zip(space.scenes_of(day, &[Some(rank + 1)])) {
                        let totals = best(look, &rules, &lower, measure).zip(best(look, &rules, &higher, measure));
                        let Some((less_than, has)) = totals.map(|(lower, higher)| (lower.total, higher.total)) else { continue };
                        if has < less_than && told.insert((kind, rank)) {
                            findings.push(Finding::HigherEarnsLess {
                                kind: kind.clone(),
                                grade: pair[1].clone(),
                                below: pair[0].clone(),
                                on: day,
                                has,
                                less_than,
                            });
                        }
                    }
                }
            }
        }
    }
}
