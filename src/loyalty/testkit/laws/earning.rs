use super::{Breach, same};
use crate::{
    calendar::{Zone, days_from},
    loyalty::{
        Points,
        earning::{
            Award, Basket, CapUse, Condition, Context, EarningPolicy, EarningRules, Give, Known, Occurrence, Stacking, Trigger,
        },
    },
    money::Rounding,
    quantity::Name,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    vec::Vec,
};

/// What the rules give, without the steps.
fn given(award: Award) -> impl PartialEq + core::fmt::Debug {
    (award.credits, award.caps_used)
}

/// The parts of an award add up, by rule and by line, and it says so itself, step by step; neither the order in which rules and lines
/// are listed nor a rule that is switched off or out of its days changes anything. What a basket earns names lines.
///
/// # Errors
/// The first [`Breach`]; what the rules refuse is one.
pub fn check_award(rules: &EarningRules, zone: &Zone, occurrence: &Occurrence, context: &dyn Context) -> Result<(), Breach> {
    let award = rules.award(zone, occurrence, context)?;
    award.verify()?;
    let quiet = rules.award_quietly(zone, occurrence, context)?;
    same("an award is the same without its steps", &given(quiet), &given(award.clone()))?;
    for credit in &award.credits {
        let sum = |parts: &[(Name, Points)]| Points::sum(parts.iter().map(|(_, points)| *points));
        same("the rules of an award add up", &sum(&credit.rules), &Some(credit.points))?;
        if let Some(basket) = occurrence.basket() {
            same("the lines of an award add up", &sum(&credit.lines), &Some(credit.points))?;
            let known = credit.lines.iter().all(|(name, _)| basket.lines().iter().any(|line| line.name == *name));
            same("the lines of an award are those of the basket", &known, &true)?;
        }
    }
    let policy = rules.policy();
    let mut turned = policy.clone();
    turned.rules.reverse();
    let law = "the order of rules and lines decides nothing";
    same(law, &EarningRules::new(turned)?.award(zone, occurrence, context)?, &award)?;
    if let Occurrence::Purchase(basket) = occurrence {
        let lines = basket.lines().iter().rev().cloned().collect();
        let turned = Basket::new(basket.sold(), lines)?.with_labels(basket.labels().iter().cloned());
        same(law, &rules.award(zone, &Occurrence::Purchase(turned), context)?, &award)?;
    }
    let tomorrow = days_from(zone.day_of(occurrence.at()), 1)?;
    let mut more = policy.clone();
    for (i, rule) in policy.rules.iter().enumerate() {
        let mut off = rule.clone();
        off.name = Name::new(&format!("law {i}"))?;
        // Two that stand alone with one priority could not be listed.
        off.stacking = Stacking::Adds;
        if i % 2 == 0 {
            off.enabled = false;
        } else {
            off.when.push(Condition::Days { from: Some(tomorrow), until: None });
        }
        more.rules.push(off);
    }
    let more = EarningRules::new(more)?.award_quietly(zone, occurrence, context)?;
    same("a rule that is not in force changes nothing", &given(more), &given(award))
}

/// In no window does a rule give more than its caps, in whatever order things happen; under a cap it gives what it wanted, to the whole
/// point next to it, or all the room there was, and says both. `known` is what had been used before.
///
/// # Errors
/// The first [`Breach`]; what the rules refuse is one.
pub fn check_caps(rules: &EarningRules, zone: &Zone, occurrences: &[Occurrence], known: &Known) -> Result<bool, Breach> {
    let mut said = false;
    for backwards in [false, true] {
        let (mut known, mut order): (Known, Vec<&Occurrence>) = (known.clone(), occurrences.iter().collect());
        if backwards {
            order.reverse();
        }
        for occurrence in order {
            let award = rules.award_quietly(zone, occurrence, &known)?;
            said |= !award.caps_used.is_empty();
            check_uses(rules, zone, occurrence, &award, &known)?;
            for CapUse { rule, window, granted, .. } in award.caps_used {
                let Some(window) = window else { continue };
                let used = known.used.entry((rule, window)).or_default();
                *used = used.checked_add(granted).unwrap_or(*used);
            }
        }
    }
    Ok(said)
}

fn check_uses(rules: &EarningRules, zone: &Zone, occurrence: &Occurrence, award: &Award, known: &Known) -> Result<(), Breach> {
    let day = zone.day_of(occurrence.at());
    let mut named = BTreeSet::new();
    for rule in rules.policy().rules.iter().filter(|rule| !rule.caps.is_empty()) {
        let credited = award.credits.iter().flat_map(|credit| &credit.rules).filter(|(name, _)| *name == rule.name);
        let credited = Points::sum(credited.map(|(_, points)| *points));
        let uses: Vec<&CapUse> = award.caps_used.iter().filter(|used| used.rule == rule.name).collect();
        if uses.is_empty() {
            same("what is given under a cap is charged to it", &credited, &Some(Points::ZERO))?;
            continue;
        }
        named.insert(&rule.name);
        let windows: Vec<_> = rule.caps.iter().map(|cap| cap.per.window(day)).collect();
        same("every cap of a rule is charged", &uses.iter().map(|used| used.window).collect(), &windows)?;
        let room = |window| known.used.get(&(rule.name.clone(), window)).copied().unwrap_or_default();
        let rooms = rule.caps.iter().map(|cap| {
            let used = cap.per.window(day).map_or(Points::ZERO, room);
            cap.points.checked_sub(used).unwrap_or_default()
        });
        let room = rooms.min().unwrap_or_default();
        for used in uses {
            same("what is given under a cap is charged to it", &Some(used.granted), &credited)?;
            let whole =
                |rounding: Rounding| rounding.divide(used.wanted.numerator(), used.wanted.denominator()).unwrap_or(i128::MAX);
            let (granted, room) = (i128::from(used.granted.units()), i128::from(room.units()));
            let most = whole(Rounding::Ceiling).min(room);
            let least = if whole(Rounding::Ceiling) > room { room } else { whole(Rounding::Floor) };
            if !(least..=most).contains(&granted) {
                let (one, other) = (format!("{used:?}"), format!("a room of {room}"));
                return Err(Breach::Differs { law: "under a cap, a rule gives what it wanted or the room there was", one, other });
            }
        }
    }
    let strange = award.caps_used.iter().find(|used| !named.contains(&used.rule));
    same("only rules with caps charge them", &strange, &None)
}

/// To split a purchase never pays, and costs at most a point of each kind; a purchase of which nothing counts earns nothing. Says nothing
/// unless points are rounded down, once, and every rule for purchases gives by amount, by piece or a share, always and without a cap:
/// minimum spends, caps and points for the first purchase are meant to look at the whole.
///
/// # Errors
/// The first [`Breach`]; what the rules refuse is one.
pub fn check_splitting(
    rules: &EarningRules,
    zone: &Zone,
    basket: &Basket,
    first_lines: usize,
    context: &dyn Context,
) -> Result<bool, Breach> {
    let EarningPolicy { basis, rounding, times_at_most, rules: listed, .. } = rules.policy();
    let lasting = listed.iter().filter(|rule| rule.on == Trigger::Purchase && rule.enabled).all(|rule| {
        let by_amount = matches!(rule.give, Give::PerAmount { .. } | Give::PerItem(_) | Give::Bonus(_) | Give::Times(_));
        by_amount && rule.when.is_empty() && rule.caps.is_empty() && rule.stacking == Stacking::Adds
    });
    let split = first_lines > 0 && first_lines < basket.lines().len();
    if !lasting || !split || *rounding != Rounding::Floor || basis.rounding.is_some() || times_at_most.is_some() {
        return Ok(false);
    }
    let earned = |lines: &[crate::loyalty::earning::Line]| {
        let part = Basket::new(basket.sold(), lines.to_vec())?.with_labels(basket.labels().iter().cloned());
        let award = rules.award_quietly(zone, &Occurrence::Purchase(part), context)?;
        let mut sums: BTreeMap<Name, u64> = BTreeMap::new();
        for credit in award.credits {
            *sums.entry(credit.kind).or_default() += credit.points.units();
        }
        Ok::<_, Breach>(sums)
    };
    let (one, other) = basket.lines().split_at(first_lines);
    let (whole, one, other) = (earned(basket.lines())?, earned(one)?, earned(other)?);
    for rule in listed {
        let of = |sums: &BTreeMap<Name, u64>| sums.get(&rule.kind).copied().unwrap_or_default();
        let parts = of(&one) + of(&other);
        if parts > of(&whole) || of(&whole) > parts + 1 {
            let (one, other) = (format!("{parts} {} in two", rule.kind), format!("{} in one", of(&whole)));
            return Err(Breach::Differs { law: "to split a purchase never pays, and costs a point at most", one, other });
        }
    }
    Ok(true)
}
