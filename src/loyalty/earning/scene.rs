use super::{Condition, Context, EarningError, EarningRules, Occurrence, Rule, Unmet, basis::Amounts};
use crate::{
    calendar::{Moment, Zone, days_between},
    money::{Currency, Money},
    quantity::Name,
};
use chrono::{Datelike, NaiveDate};
use core::cell::OnceCell;
use smallvec::smallvec;

/// What the rules look at: what happened, when by the clock of the programme, what of it counts, and to whom.
pub(super) struct Scene<'a> {
    pub(super) rules: &'a EarningRules,
    pub(super) occurrence: &'a Occurrence,
    pub(super) context: &'a dyn Context,
    zone: &'a Zone,
    local: OnceCell<Moment>,
    /// What of each line counts, before the rounding; one unit where there are no lines.
    pub(super) spent: Amounts,
    /// After the rounding, where it changes anything.
    rounded: Option<Amounts>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(
        rules: &'a EarningRules,
        zone: &'a Zone,
        occurrence: &'a Occurrence,
        context: &'a dyn Context,
    ) -> Result<Scene<'a>, EarningError> {
        let (spent, rounded) = match occurrence.basket() {
            None => (smallvec![1], None),
            Some(basket) => {
                let found = basket.currency();
                if let Some(expected) = rules.currency().filter(|expected| *expected != found) {
                    return Err(EarningError::Currency { expected, found });
                }
                rules.policy().basis.amounts(basket)?
            }
        };
        Ok(Scene { rules, occurrence, context, zone, local: OnceCell::new(), spent, rounded })
    }

    /// What of each line earns.
    pub(super) fn earning(&self) -> &[i64] {
        self.rounded.as_ref().unwrap_or(&self.spent)
    }

    /// Whether the rule looks at a line, and it earns.
    pub(super) fn takes(&self, rule: &Rule, line: usize) -> bool {
        self.spent[line] > 0 && self.occurrence.basket().is_none_or(|basket| rule.lines.takes(&basket.lines()[line]))
    }

    /// The pieces on a line; units where there are no lines.
    pub(super) fn pieces(&self, line: usize) -> u32 {
        self.occurrence.basket().map_or(self.occurrence.units(), |basket| basket.lines()[line].quantity).get()
    }

    pub(super) fn line(&self, line: usize) -> Option<&'a Name> {
        self.occurrence.basket().map(|basket| &basket.lines()[line].name)
    }

    /// The currency of the basket, if there is one.
    pub(super) fn currency(&self) -> Option<Currency> {
        self.occurrence.basket().map(super::Basket::currency)
    }

    fn local(&self) -> Moment {
        *self.local.get_or_init(|| self.zone.local(self.occurrence.at()))
    }

    pub(super) fn day(&self) -> NaiveDate {
        self.local().date()
    }

    /// Why a condition of the rule does not hold; `None` if it holds.
    pub(super) fn unmet(&self, rule: &Rule, condition: &Condition) -> Result<Option<Unmet>, EarningError> {
        let basket_has = |has: &dyn Fn(&super::Line) -> bool| self.occurrence.basket().is_some_and(|b| b.lines().iter().any(has));
        Ok(match condition {
            Condition::Days { from: Some(opens), .. } if self.day() < *opens => {
                Some(Unmet::NotYet { opens: *opens, days: days_between(self.day(), *opens) })
            }
            Condition::Days { until: Some(until), .. } if self.day() >= *until => {
                Some(Unmet::Over { until: *until, days: days_between(*until, self.day()) + 1 })
            }
            Condition::Days { .. } => None,
            Condition::Weekdays(days) => {
                let today = self.day().weekday();
                (!days.contains(&today)).then_some(Unmet::OtherWeekday(today))
            }
            Condition::Hours { from, until } => {
                let (now, from, until) = (self.local().second_of_day(), from.seconds(), until.seconds());
                let inside = if from < until { (from..until).contains(&now) } else { now >= from || now < until };
                (!inside).then(|| Unmet::OtherHour(self.local()))
            }
            Condition::FirstPurchase => (!self.context.first_purchase()).then_some(Unmet::NotFirst),
            Condition::Spend { at_least } => {
                let spent = Money::from_minor(self.spent.iter().sum(), at_least.currency());
                (spent.minor() < at_least.minor()).then_some(Unmet::Below { at_least: *at_least, spent })
            }
            Condition::GradeAtLeast(least) => self.other_grade(|rank| Some(rank) >= self.rank(least))?,
            Condition::GradeIn(names) => self.other_grade(|rank| names.iter().any(|name| self.rank(name) == Some(rank)))?,
            Condition::Label(label) => {
                let labelled = self.occurrence.labels().is_some_and(|labels| labels.contains(label));
                (!labelled).then(|| Unmet::NoLabel(label.clone()))
            }
            Condition::Item(item) => (!basket_has(&|line| line.item == *item)).then(|| Unmet::NoItem(item.clone())),
            Condition::Category(category) => {
                (!basket_has(&|line| line.categories.contains(category))).then(|| Unmet::NoCategory(category.clone()))
            }
            Condition::Units { at_least } => {
                let lines = (0..self.spent.len()).filter(|line| self.takes(rule, *line));
                let units: u64 = lines.map(|line| u64::from(self.pieces(line))).sum();
                (units < u64::from(*at_least)).then_some(Unmet::TooFew { at_least: *at_least, units })
            }
            Condition::Not(part) => self.unmet(rule, part)?.is_none().then_some(Unmet::Excepted),
            Condition::Any(parts) => {
                for part in parts {
                    if self.unmet(rule, part)?.is_none() {
                        return Ok(None);
                    }
                }
                Some(Unmet::NoneHolds)
            }
        })
    }

    /// The place of a grade among all.
    fn rank(&self, grade: &Name) -> Option<usize> {
        self.rules.policy().grades.iter().position(|name| name == grade)
    }

    fn other_grade(&self, fits: impl Fn(usize) -> bool) -> Result<Option<Unmet>, EarningError> {
        let Some(grade) = self.context.grade() else { return Ok(Some(Unmet::OtherGrade { grade: None })) };
        let rank = self.rank(grade).ok_or_else(|| EarningError::UnknownGrade(grade.clone()))?;
        Ok((!fits(rank)).then(|| Unmet::OtherGrade { grade: Some(grade.clone()) }))
    }
}
