use super::{
    Award, Credit, EarningError, Step,
    calculate::{Gift, Parts},
    scene::Scene,
};
use crate::{
    loyalty::{CostBasis, Expiry, Pending, Points},
    money::{Ratio, hand_out},
    quantity::Name,
};
use alloc::vec::Vec;
use smallvec::{SmallVec, smallvec};

/// Whole points, by line or rule.
type Shares = SmallVec<[u64; 4]>;
type Terms = (Option<Pending>, Option<Expiry>, Option<CostBasis>);

/// Rounds what the rules gave of a kind, divides it among the terms that the points come with, and adds it to the award.
pub(super) fn add(
    award: &mut Award,
    kind: &Name,
    mut gifts: Vec<Gift>,
    denominator: i128,
    scene: &Scene,
    trace: &mut Option<Vec<Step>>,
) -> Result<(), EarningError> {
    if gifts.is_empty() {
        return Ok(());
    }
    gifts.sort_by(|a, b| a.rule.name.cmp(&b.rule.name));
    let rounding = scene.rules.policy().rounding;
    let exact = gifts.iter().try_fold(0_i128, |sum, gift| sum.checked_add(gift.total)).ok_or(EarningError::TooLarge)?;
    let points = rounding.divide(exact, denominator).and_then(|points| u64::try_from(points).ok()).ok_or(EarningError::TooLarge)?;
    if let Some(trace) = trace {
        let exact = Ratio::new(exact, denominator)?;
        trace.push(Step::Rounded { kind: kind.clone(), exact, rounding, points: Points::new(points) });
    }

    let mut groups: SmallVec<[(Terms, i128); 2]> = SmallVec::new();
    for gift in &gifts {
        match groups.iter_mut().find(|(group, _)| *group == terms(gift)) {
            Some((_, total)) => *total += gift.total,
            None => groups.push((terms(gift), gift.total)),
        }
    }
    let totals: Parts = groups.iter().map(|(_, total)| *total).collect();
    award.credits.reserve_exact(groups.len());
    for ((group, _), points) in groups.iter().zip(whole_parts(&totals, denominator, points)) {
        if points == 0 {
            continue;
        }
        let gifts: SmallVec<[&Gift; 4]> = gifts.iter().filter(|gift| terms(gift) == *group).collect();
        let mut rules = Vec::with_capacity(gifts.len());
        let totals: Parts = gifts.iter().map(|gift| gift.total).collect();
        for (Gift { rule, .. }, points) in
            gifts.iter().zip(whole_parts(&totals, denominator, points)).filter(|(_, points)| *points > 0)
        {
            rules.push((rule.name.clone(), Points::new(points)));
        }
        let mut lines = Vec::new();
        if let Some(basket) = scene.occurrence.basket() {
            let mut totals: Parts = smallvec![0; basket.lines().len()];
            for gift in &gifts {
                totals.iter_mut().zip(&gift.parts).for_each(|(sum, part)| *sum += part);
            }
            let parts = whole_parts(&totals, denominator, points);
            lines.reserve_exact(parts.iter().filter(|points| **points > 0).count());
            let earned = basket.lines().iter().zip(parts).filter(|(_, points)| *points > 0);
            lines.extend(earned.map(|(line, points)| (line.name.clone(), Points::new(points))));
        }
        let (pending, expiry, cost) = *group;
        award.credits.push(Credit { kind: kind.clone(), points: Points::new(points), pending, expiry, cost, lines, rules });
    }
    Ok(())
}

/// The terms that points of a rule come with, as far as they are its own.
const fn terms(gift: &Gift) -> Terms {
    (gift.rule.pending, gift.rule.expiry, gift.rule.cost)
}

/// The whole parts of fractions, and what their rounded sum leaves over to those with the largest remainders, the earlier where
/// remainders tie: each part is its fraction rounded down or up. `whole` is the sum of the fractions, rounded down or up, or a part so
/// made of a larger sum.
fn whole_parts(numerators: &[i128], denominator: i128, whole: u64) -> Shares {
    if numerators.len() == 1 {
        return smallvec![whole]; // the usual case, without a division
    }
    let floor = |numerator: &i128| u64::try_from(numerator / denominator).unwrap_or(u64::MAX); // at most `whole`, which fits
    let mut parts: Shares = numerators.iter().map(floor).collect();
    hand_out(&mut parts, whole, |i| numerators[i] % denominator);
    parts
}

/// Divides a number by weights, by largest remainder, the earlier where remainders tie; nothing if all weights are 0.
pub(super) fn share(weights: &[i128], whole: u64) -> Result<Shares, EarningError> {
    let total = weights.iter().try_fold(0_i128, |sum, weight| sum.checked_add(*weight)).ok_or(EarningError::TooLarge)?;
    if total == 0 {
        return Ok(weights.iter().map(|_| 0).collect());
    }
    let product = |weight: &i128| weight.checked_mul(whole.into()).ok_or(EarningError::TooLarge);
    let products: Parts = weights.iter().map(product).collect::<Result<_, _>>()?;
    Ok(whole_parts(&products, total, whole))
}
