use super::{Dice, GenerateError, name};
use crate::{
    calendar::Moment,
    loyalty::{
        Programme,
        earning::{Basket, Condition, Give, Line, Rule},
    },
    money::Money,
    quantity::Name,
};
use alloc::{format, vec::Vec};
use core::num::NonZeroU32;

/// A sale that the rules of a programme care about: its items, categories and labels are theirs, and its amounts those at which they
/// begin, one less, one more, and a multiple.
///
/// # Errors
/// [`GenerateError`] where the amounts of the rules are as large as they can be.
pub fn basket(programme: &Programme, sold: Moment, pick: &mut impl FnMut(u64) -> u64) -> Result<Basket, GenerateError> {
    make(programme, sold, &mut Dice(pick))
}

pub(super) fn make(programme: &Programme, sold: Moment, dice: &mut Dice<'_>) -> Result<Basket, GenerateError> {
    let rules = &programme.terms().earning.policy().rules;
    let mut known = Known { amounts: Vec::new(), items: Vec::new(), categories: Vec::new(), labels: Vec::new() };
    known.items.push(name("tea")?);
    known.items.push(name("cup")?);
    for rule in rules {
        known.see(rule);
    }
    let lines = (0..=dice.below(3)).map(|number| known.line(programme, number + 1, dice)).collect::<Result<_, _>>()?;
    let labels: Vec<Name> = known.labels.iter().filter(|_| dice.once_in(2)).cloned().collect();
    Ok(Basket::new(sold, lines)?.with_labels(labels))
}

/// What rules speak of.
struct Known {
    amounts: Vec<i64>,
    items: Vec<Name>,
    categories: Vec<Name>,
    labels: Vec<Name>,
}

impl Known {
    fn see(&mut self, rule: &Rule) {
        match &rule.give {
            Give::PerAmount { per, .. } => self.amounts.push(per.minor()),
            Give::Brackets(brackets) => self.amounts.extend(brackets.iter().flat_map(|b| [b.from.minor(), b.per.minor()])),
            _ => {}
        }
        self.items.extend(rule.lines.items.iter().chain(&rule.lines.except_items).cloned());
        self.categories.extend(rule.lines.categories.iter().chain(&rule.lines.except_categories).cloned());
        rule.when.iter().for_each(|condition| self.condition(condition));
    }

    fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::Spend { at_least } => self.amounts.push(at_least.minor()),
            Condition::Label(label) => self.labels.push(label.clone()),
            Condition::Item(item) => self.items.push(item.clone()),
            Condition::Category(category) => self.categories.push(category.clone()),
            Condition::Not(part) => self.condition(part),
            Condition::Any(parts) => parts.iter().for_each(|part| self.condition(part)),
            _ => {}
        }
    }

    fn line(&self, programme: &Programme, number: u64, dice: &mut Dice<'_>) -> Result<Line, GenerateError> {
        let currency = programme.terms().currency;
        let amount = dice.one_of(&self.amounts).unwrap_or(100);
        let times = i64::try_from(dice.below(4) + 1).unwrap_or(1);
        let minor = amount.saturating_mul(times).saturating_add(dice.of(0, [1, -1, 50])).clamp(0, i64::MAX / 8);
        let minor = if dice.once_in(12) { 0 } else { minor };
        let item = dice.one_of(&self.items).map_or_else(|| name("tea"), Ok)?;
        let mut line = Line::new(name(&format!("{number}"))?, item, Money::from_minor(minor, currency));
        line.categories = self.categories.iter().filter(|_| dice.once_in(2)).cloned().collect();
        line.quantity = NonZeroU32::MIN.saturating_add(u32::try_from(dice.below(3)).unwrap_or(0));
        if dice.once_in(5) {
            line.discount = Money::from_minor(dice.of(minor / 3, [minor, minor / 2]), currency);
        }
        if dice.once_in(6) {
            line.paid_in_points = Money::from_minor((minor - line.discount.minor()) / 2, currency);
        }
        line.shipping = dice.once_in(10);
        Ok(line)
    }
}
