use super::{Dice, GenerateError, ladder, name};
use crate::{
    calendar::{Moment, Zone, ZoneChange},
    loyalty::{
        CostBasis, Decay, Expiry, Inactivity, Life, Occasion, Pending, Points, Programme, RoundUp,
        earning::{
            Basis, Cap, CapPeriod, Condition, Discounts, EarningPolicy, EarningRules, Give, Rule, Selector, Side, Stacking, Trigger,
        },
        programme::{
            Deed, Extension, Kind, RedemptionTerms, ReturnBasis, Returns, Reward, RewardLimit, Shortfall, Terms, TransferTerms,
            Worth,
        },
    },
    money::{Currency, Money, Ratio, Rounding},
    quantity::Name,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format, vec,
    vec::Vec,
};
use chrono::NaiveDate;

const CURRENCY: Currency = Currency::EUR;

fn euro(minor: u64) -> Money {
    Money::from_minor(i64::try_from(minor).unwrap_or(0), CURRENCY)
}

/// A scheme with two kinds of points to spend and one that counts for the status, of every sort of terms and rules. Two that are made of
/// other numbers are two revisions of one scheme: they have the same kinds.
///
/// # Errors
/// None that is known.
pub fn programme(revision: u32, pick: &mut impl FnMut(u64) -> u64) -> Result<Programme, GenerateError> {
    let dice = &mut Dice(pick);
    let has_ladder = dice.below(2) == 1;
    make(revision, has_ladder, dice)
}

/// Another revision of a [programme](programme()): with a ladder if that has one.
///
/// # Errors
/// None that is known.
pub fn revision(of: &Programme, revision: u32, pick: &mut impl FnMut(u64) -> u64) -> Result<Programme, GenerateError> {
    make(revision, of.terms().ladder.is_some(), &mut Dice(pick))
}

fn make(revision: u32, has_ladder: bool, dice: &mut Dice<'_>) -> Result<Programme, GenerateError> {
    let [points, cash, nights] = [name("points")?, name("cash")?, name("nights")?];
    let ladder = if has_ladder { Some(ladder::make(&nights, dice)?) } else { None };
    let gold = if has_ladder { BTreeSet::from([name("gold")?]) } else { BTreeSet::new() };
    let grades = if has_ladder { vec![name("member")?, name("silver")?, name("gold")?] } else { Vec::new() };
    let terms = Terms {
        revision: name(&format!("{revision}"))?,
        zone: zone(dice)?,
        currency: CURRENCY,
        kinds: vec![kind(dice, points.clone(), &gold)?, kind(dice, cash.clone(), &gold)?, Kind::counting(nights.clone())],
        earning: rules(dice, [&points, &cash, &nights], grades)?,
        returns: Returns {
            by: dice.of(ReturnBasis::Line, [ReturnBasis::Purchase]),
            rounding: dice.of(Rounding::Floor, [Rounding::Ceiling, Rounding::HalfUp, Rounding::HalfEven]),
        },
        occasions: BTreeMap::from([(name("birthday")?, Occasion::birthday())]),
        ladder,
        rewards: rewards(dice, &points, &gold)?,
        benefits: Vec::new(),
    };
    Ok(Programme::new(terms)?)
}

fn zone(dice: &mut Dice<'_>) -> Result<Zone, GenerateError> {
    if dice.once_in(3) {
        // Midnight of 10 January is skipped.
        let midnight = NaiveDate::default().and_hms_opt(0, 0, 0).unwrap_or_default();
        let from = Moment::new(midnight, 0)?.plus_minutes(20_463 * 24 * 60)?;
        return Ok(Zone::new(0, [ZoneChange { from, offset_minutes: 60 }])?);
    }
    Ok(Zone::fixed(dice.of(0, [60, -300]))?)
}

fn kind(dice: &mut Dice<'_>, name: Name, gold: &BTreeSet<Name>) -> Result<Kind, GenerateError> {
    let expiry = expiry(dice)?;
    let decay = if dice.once_in(2) {
        let share = Ratio::new(1, 3)?;
        let rest_after = dice.of(None, [Some(1), Some(2)]);
        Decay::new(dice.of(1, [2, 5]), share, dice.of(Rounding::Floor, [Rounding::Ceiling]), Points::new(dice.below(3)), rest_after)
            .ok()
    } else {
        None
    };
    let inactivity = dice.once_in(2).then(|| Inactivity { after: Life::Days(dice.of(8, [3, 15])), to: RoundUp::None, decay });
    let deeds =
        [Deed::Purchase, Deed::EmptyPurchase, Deed::Activity, Deed::Occasion, Deed::Grant, Deed::Referral, Deed::Redemption];
    let kept_alive_by: BTreeSet<Deed> = deeds.into_iter().chain([Deed::Transfer]).filter(|_| dice.once_in(3)).collect();
    let most = dice.of(None, [Some(Ratio::new(1, 2)?), Some(Ratio::new(1, 3)?)]);
    let worth = Worth { points: Points::new(dice.of(1, [3])), money: euro(dice.of(100, [50])) };
    let worth = (most.is_some() || dice.once_in(3)).then_some(worth);
    let step = |dice: &mut Dice<'_>| (Points::new(dice.of(0, [1, 2])), Points::new(dice.of(0, [1, 3])));
    let (multiple, minimum) = if dice.once_in(4) { step(dice) } else { (Points::ZERO, Points::ZERO) };
    let redemption = RedemptionTerms { multiple, minimum, worth, most };
    let (multiple, minimum) = if dice.once_in(4) { step(dice) } else { (Points::ZERO, Points::ZERO) };
    let limit = self::expiry(dice)?;
    let transfer = TransferTerms { multiple, minimum, expiry: dice.of(None, [Some(limit)]) };
    Ok(Kind {
        pending: pending(dice),
        inactivity,
        kept_alive_by,
        cost: CostBasis(u32::from(dice.once_in(3))),
        shortfall: dice.of(
            Shortfall::Debt { limit: None },
            [Shortfall::Debt { limit: Some(Points::new(3)) }, Shortfall::WithinBalance, Shortfall::PendingOnly],
        ),
        redemption,
        extensions: extensions(dice, gold),
        transfer: dice.of(Some(transfer), [None]),
        status: dice.once_in(4),
        ..Kind::spendable(name, expiry)
    })
}

fn extensions(dice: &mut Dice<'_>, gold: &BTreeSet<Name>) -> Vec<Extension> {
    let all = [(Life::Days(3), BTreeSet::new()), (Life::Months(1), gold.clone())].map(|(by, grades)| Extension { by, grades });
    all.into_iter().filter(|_| dice.once_in(2)).collect()
}

pub(super) fn expiry(dice: &mut Dice<'_>) -> Result<Expiry, GenerateError> {
    let days = |days| Expiry::after(Life::Days(days), RoundUp::None);
    Ok(match dice.below(6) {
        0 => days(10),
        1 => Expiry::Never,
        2 => days(dice.of(0, [1, 4, 30])),
        3 => Expiry::after(Life::Days(0), RoundUp::MonthEnd),
        4 => Expiry::EachYear { day: crate::calendar::DayOfYear::new(1, 20)?, at_least_months: 0 },
        _ => NaiveDate::from_ymd_opt(2026, 1, 15).map_or(Expiry::Never, Expiry::On),
    })
}

pub(super) fn pending(dice: &mut Dice<'_>) -> Pending {
    match dice.below(6) {
        0..3 => Pending::None,
        3 => Pending::Days(u16::from(dice.once_in(2)) * 4 + 1),
        4 => Pending::Confirmation,
        _ => Pending::Days(12),
    }
}

fn rules(dice: &mut Dice<'_>, [points, cash, nights]: [&Name; 3], grades: Vec<Name>) -> Result<EarningRules, GenerateError> {
    let per = |dice: &mut Dice<'_>| Give::PerAmount { points: Points::new(dice.of(1, [2, 10])), per: euro(dice.of(100, [300])) };
    let rule =
        |label: &str, kind: &Name, on: Trigger, give: Give| Ok::<_, GenerateError>(Rule::new(name(label)?, kind.clone(), on, give));
    let mut rules = vec![rule("base", points, Trigger::Purchase, per(dice))?];
    if !grades.is_empty() {
        rules.push(rule("stay", nights, Trigger::Purchase, Give::PerItem(Points::new(1)))?);
    }
    let mut extra = |dice: &mut Dice<'_>, mut rule: Rule| {
        if dice.once_in(2) {
            if dice.once_in(3) {
                rule.pending = Some(pending(dice));
                rule.cost = Some(CostBasis(u32::from(dice.once_in(2)) * 2));
            }
            if dice.once_in(3) {
                rule.expiry = expiry(dice).ok();
            }
            if dice.once_in(3) && !rule.give.is_multiple() {
                let per = dice.of(CapPeriod::Day, [CapPeriod::Order, CapPeriod::Month, CapPeriod::Lifetime]);
                rule.caps = vec![Cap { per, points: Points::new(dice.of(5, [3, 10])) }];
            }
            if dice.once_in(4) && rule.on == Trigger::Purchase {
                rule.lines = Selector { items: BTreeSet::from_iter(name("tea")), ..Selector::default() };
            }
            rules.push(rule);
        }
    };
    let purchase = || Trigger::Purchase;
    let back = per(dice);
    extra(dice, rule("back", cash, purchase(), back)?);
    let kind = dice.of(points, [cash]);
    extra(dice, rule("piece", kind, purchase(), Give::PerItem(Points::new(2)))?);
    let mut welcome = rule("welcome", points, purchase(), Give::Fixed(Points::new(5)))?;
    welcome.when = vec![Condition::FirstPurchase];
    extra(dice, welcome);
    let mut large = rule("large", points, purchase(), Give::Fixed(Points::new(3)))?;
    large.when = vec![Condition::Spend { at_least: euro(300) }];
    large.stacking = dice.of(Stacking::Adds, [Stacking::Alone { priority: 1 }]);
    extra(dice, large);
    extra(dice, rule("half", points, purchase(), Give::Bonus(Ratio::new(1, 2)?))?);
    extra(dice, rule("triple", points, purchase(), Give::Times(Ratio::new(3, 1)?))?);
    extra(dice, rule("night", nights, purchase(), Give::PerItem(Points::new(1)))?);
    let review = || Ok::<_, GenerateError>(Trigger::Activity(name("review")?));
    extra(dice, rule("review", points, review()?, Give::PerItem(Points::new(2)))?);
    extra(dice, rule("reviewer", cash, review()?, Give::Fixed(Points::new(1)))?);
    extra(dice, rule("birthday", points, Trigger::Occasion(name("birthday")?), Give::Fixed(Points::new(4)))?);
    extra(dice, rule("friend", points, Trigger::Referral { side: Side::Referrer }, Give::Fixed(Points::new(6)))?);
    let basis = Basis { discounts: dice.of(Discounts::Deducted, [Discounts::Ignored]), ..Basis::NET };
    let rounding = dice.of(Rounding::Floor, [Rounding::Ceiling, Rounding::HalfUp]);
    Ok(EarningRules::new(EarningPolicy { basis, rounding, times_at_most: None, grades, rules })?)
}

fn rewards(dice: &mut Dice<'_>, kind: &Name, gold: &BTreeSet<Name>) -> Result<Vec<Reward>, GenerateError> {
    let limit = dice.of(None, [Some(RewardLimit { times: 1, per: CapPeriod::Month })]);
    let until = dice.of(None, [NaiveDate::from_ymd_opt(2026, 1, 20)]);
    let reward = Reward {
        name: name("cup")?,
        kind: kind.clone(),
        price: Points::new(dice.of(1, [3])),
        price_by_grade: gold.iter().map(|gold| (gold.clone(), Points::new(2))).collect(),
        grades: if dice.once_in(3) { gold.clone() } else { BTreeSet::new() },
        from: None,
        until,
        limit,
    };
    Ok(vec![reward])
}
