use super::{Dice, GenerateError, name};
use crate::{
    loyalty::ladder::{
        Action, Corrections, Counting, Cycle, CycleStart, Failure, Floor, FloorAfter, Grace, Intervention, Ladder, LadderTerms,
        Requirement, RollOver, Span, Success, TierRule, UpgradePlan,
    },
    quantity::Name,
};
use alloc::{collections::BTreeMap, vec, vec::Vec};
use chrono::{Days, NaiveDate};

/// Two tiers by counts of a metric, so low that single purchases decide, over every sort of time. It has no milestones: what time gives
/// is points.
///
/// # Errors
/// None that is known.
pub fn ladder(metric: &Name, pick: &mut impl FnMut(u64) -> u64) -> Result<Ladder, GenerateError> {
    make(metric, &mut Dice(pick))
}

pub(super) fn make(metric: &Name, dice: &mut Dice<'_>) -> Result<Ladder, GenerateError> {
    let periods = |start, months, stands| Counting::Periods { cycle: Cycle { start, months }, stands };
    let counting = dice.of(
        periods(CycleStart::Calendar(1), 1, 1),
        [
            Counting::Rolling { months: 1, stands: 1 },
            periods(CycleStart::Joining, 1, 2),
            periods(CycleStart::Status, 1, 1),
            Counting::Rolling { months: 1, stands: 0 },
            Counting::Lifetime,
            Counting::Balance,
        ],
    );
    let at_least = |count| Requirement::at_least(metric.clone(), count);
    let (low, more) = (dice.of(2, [1, 3]), dice.of(2, [1, 4]));
    let mut rules = Vec::new();
    for (tier, count) in [("silver", low), ("gold", low + more)] {
        let mut rule = TierRule::new(name(tier)?, at_least(count));
        rule.keep = dice.once_in(3).then(|| at_least(if tier == "silver" { 1 } else { low }));
        rule.reentry = dice.once_in(4).then(|| at_least(count + 1));
        rules.push(rule);
    }
    let in_periods = matches!(counting, Counting::Periods { .. });
    let ends = in_periods || matches!(counting, Counting::Rolling { stands: 1.., .. });
    let grace = dice.once_in(3).then_some(Grace { span: Span::Days(5), makes_up: true });
    let roll_over = RollOver { caps: BTreeMap::from([(metric.clone(), 2)]), percent: 100, again: false };
    let floor = Floor { tier: name("silver")?, after: FloorAfter::Credits(at_least(9)) };
    Ok(Ladder::new(LadderTerms {
        grace,
        landing: (dice.once_in(3) && ends).then_some(1),
        roll_over: (dice.once_in(3) && in_periods).then_some(roll_over),
        floors: if dice.once_in(3) { vec![floor] } else { Vec::new() },
        corrections: dice.of(Corrections::Sticky, [Corrections::Recompute]),
        ..LadderTerms::new(name("member")?, rules, counting)
    })?)
}

/// Something that is decided by hand about a member's status on a day, or one near it.
///
/// # Errors
/// None that is known.
pub fn intervention(metric: &Name, today: NaiveDate, pick: &mut impl FnMut(u64) -> u64) -> Result<Intervention, GenerateError> {
    decide(metric, today, &mut Dice(pick))
}

pub(super) fn decide(metric: &Name, today: NaiveDate, dice: &mut Dice<'_>) -> Result<Intervention, GenerateError> {
    let after = |days: u64| today.checked_add_days(Days::new(days)).unwrap_or(today);
    let tier = name(dice.of("silver", ["gold"]))?;
    let until = after(dice.of(6, [1, 20]));
    let action = match dice.below(6) {
        0 => Action::Hold { tier, until: dice.of(Some(until), [None]) },
        1 => Action::Hold { tier: name("member")?, until: Some(until) },
        2 => Action::Release,
        3 => Action::Relationship { with: name("spouse")?, tier, until },
        4 => Action::Floor(tier),
        _ => Action::Plan(UpgradePlan {
            name: name("match")?,
            tier,
            trial: dice.once_in(2),
            window: Span::Days(dice.of(10, [3])),
            target: Requirement::at_least(metric.clone(), dice.of(1, [2])),
            on_success: Success::For(Span::Days(15)),
            on_failure: dice.of(Failure::Restore, [Failure::Soften]),
            once_in_years: dice.of(None, [Some(1)]),
        }),
    };
    let on = if dice.once_in(6) { after(1) } else { today };
    Ok(Intervention { on, action, reason: name("a test")?, author: name("test")? })
}
