use super::Score;
use crate::{
    money::decimal,
    quantity::Name,
    reason::{Decision, Language, Reason, grouped},
};
use alloc::{format, string::String, vec::Vec};
use core::fmt::{self, Write};
use rust_decimal::Decimal;

/// What has changed between two days under a [`Strategy`](super::Strategy): four decisions, and what they say of the difference.
///
/// Whether the customer or the strategy is to be reckoned with first is nobody's to say, and makes a difference: a customer who has lost
/// cities loses much where cities count, and little where they no longer do. [`customer_first`](Change::customer_first) and
/// [`strategy_first`](Change::strategy_first) tell the two stories; [`split`](Change::split) is their mean. Each adds up to
/// [`whole`](Change::whole), exactly.
#[doc(alias = "变化归因")]
#[must_use = "a change carries four decisions and the split of their difference"]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<T> {
    /// The phase in force then.
    pub old_phase: Name,
    /// The phase in force now.
    pub new_phase: Name,
    /// The facts of then under the model of then: what was decided.
    pub then: Decision<T>,
    /// The facts of now under the model of then: if only the customer had changed.
    pub customer_only: Decision<T>,
    /// The facts of then under the model of now: if only the strategy had changed.
    pub strategy_only: Decision<T>,
    /// The facts of now under the model of now: what is decided.
    pub now: Decision<T>,
    /// The four values as numbers, if their differences mean something.
    heights: Option<[Decimal; 4]>,
}

/// A difference in two parts: in points of a score, or in steps from grade to grade; above zero for the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Split {
    /// What the customer has changed.
    pub customer: Decimal,
    /// What the strategy has changed.
    pub strategy: Decimal,
}

/// What a text calls the values: in English before a value, and in the plural; in Chinese.
pub(crate) type Nouns = [&'static str; 3];

impl<T> Change<T> {
    pub(super) fn between(phases: [Name; 2], decisions: [Decision<T>; 4], height: Option<fn(&T) -> Decimal>) -> Change<T> {
        let heights = height.map(|height| decisions.each_ref().map(|decision| height(&decision.value)));
        let ([old_phase, new_phase], [then, customer_only, strategy_only, now]) = (phases, decisions);
        Change { old_phase, new_phase, then, customer_only, strategy_only, now, heights }
    }

    /// The whole difference. `None` if the two phases do not measure alike (another set of grades, another range of scores), or a number
    /// does not fit a decimal.
    pub fn whole(&self) -> Option<Decimal> {
        let [then, _, _, now] = self.heights?;
        balance(&[now], &[then], false)
    }

    /// The difference in two parts, each the mean of what it is in the two orders: the Shapley value (1953) of a game of two. Exact: it has
    /// one decimal place more than the values.
    ///
    /// Within one phase the strategy's part is exactly zero. `None` as for [`whole`](Change::whole).
    #[doc(alias = "沙普利值")]
    #[doc(alias = "Shapley")]
    pub fn split(&self) -> Option<Split> {
        shapley(self.heights?)
    }

    /// First the customer changed, then the strategy. `None` as for [`whole`](Change::whole).
    pub fn customer_first(&self) -> Option<Split> {
        let [then, customer_only, _, now] = self.heights?;
        Some(Split { customer: balance(&[customer_only], &[then], false)?, strategy: balance(&[now], &[customer_only], false)? })
    }

    /// First the strategy changed, then the customer. `None` as for [`whole`](Change::whole).
    pub fn strategy_first(&self) -> Option<Split> {
        let [then, _, strategy_only, now] = self.heights?;
        Some(Split { customer: balance(&[now], &[strategy_only], false)?, strategy: balance(&[strategy_only], &[then], false)? })
    }

    /// The change in words.
    pub(crate) fn tell(&self, nouns: Nouns, dimensions: &[(Name, Split)], language: Language) -> String
    where
        T: fmt::Display,
    {
        let mut out = String::new();
        let moved = self.old_phase != self.new_phase;
        let corners = [
            (&self.then, &self.old_phase, true, ["", ""]),
            (&self.customer_only, &self.old_phase, moved, [" if only the customer had changed", "（若仅客户变化）"]),
            (&self.strategy_only, &self.new_phase, moved, [" if only the strategy had changed", "（若仅战略变化）"]),
            (&self.now, &self.new_phase, true, ["", ""]),
        ];
        for (Decision { value, as_of, .. }, phase, _, [english, chinese]) in corners.into_iter().filter(|corner| corner.2) {
            let _ = match language {
                Language::English => writeln!(out, "{as_of} in phase \"{phase}\": {} {value}{english}.", nouns[0]),
                Language::Chinese => writeln!(out, "{as_of}，“{phase}”阶段：{} {value}{chinese}。", nouns[2]),
            };
        }
        let Some((whole, split)) = self.whole().zip(self.split()) else {
            out.push_str(match language {
                Language::English => "The values of the two phases cannot be compared in numbers.\n",
                Language::Chinese => "两个阶段的结果无法用数字比较。\n",
            });
            return out;
        };
        let _ = match language {
            Language::English => writeln!(out, "The difference in {} is {}: {}.", nouns[1], signed(whole), parts(&split, language)),
            Language::Chinese => writeln!(out, "{}相差 {}：{}。", nouns[2], signed(whole), parts(&split, language)),
        };
        if let (true, Some(customer_first), Some(strategy_first)) = (moved, self.customer_first(), self.strategy_first()) {
            let (first, second) = (parts(&customer_first, language), parts(&strategy_first, language));
            let _ = match language {
                Language::English => writeln!(out, "With the customer first: {first}. With the strategy first: {second}."),
                Language::Chinese => writeln!(out, "先计客户：{first}。先计战略：{second}。"),
            };
        }
        for (dimension, split) in dimensions {
            let parts = parts(split, language);
            let _ = match language {
                Language::English => writeln!(out, "{dimension}: {parts}."),
                Language::Chinese => writeln!(out, "{dimension}：{parts}。"),
            };
        }
        out
    }
}

impl Change<Score> {
    /// The difference dimension by dimension, in points: first the dimensions of the model of then, in its order, then those that only the
    /// model of now has. They add up to [`split`](Change::split), exactly. A dimension that a model does not have, or leaves out,
    /// counts 0 points there. `None` as for [`whole`](Change::whole).
    pub fn dimensions(&self) -> Option<Vec<(Name, Split)>> {
        self.heights?;
        let corners = [&self.then, &self.customer_only, &self.strategy_only, &self.now];
        let mut names: Vec<&Name> = Vec::new();
        for (name, _) in corners.into_iter().flat_map(weighed) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let points =
            |name: &Name| corners.map(|c| weighed(c).find(|(of, _)| *of == name).map_or(Decimal::ZERO, |(_, points)| points));
        names.into_iter().map(|name| Some((name.clone(), shapley(points(name))?))).collect()
    }

    /// The change in words, dimension by dimension.
    pub fn explain(&self, language: Language) -> String {
        self.tell(["score", "points", "分数"], &self.dimensions().unwrap_or_default(), language)
    }
}

/// The points of the dimensions in a score.
fn weighed(decision: &Decision<Score>) -> impl Iterator<Item = (&Name, Decimal)> {
    decision.reasons.iter().filter_map(|reason| match reason {
        Reason::Weighed { dimension, points, .. } => Some((dimension, *points)),
        _ => None,
    })
}

/// Half the sum of what a part makes when it comes first and when it comes second.
fn shapley([then, customer_only, strategy_only, now]: [Decimal; 4]) -> Option<Split> {
    Some(Split {
        customer: balance(&[customer_only, now], &[then, strategy_only], true)?,
        strategy: balance(&[strategy_only, now], &[then, customer_only], true)?,
    })
}

/// What is over when the second numbers are taken from the first, or half of it; exactly, which a sum of decimals near the end of their
/// range is not. `None` if it does not fit.
fn balance(plus: &[Decimal], minus: &[Decimal], halve: bool) -> Option<Decimal> {
    let places = plus.iter().chain(minus).map(Decimal::scale).max()?;
    let mut total = 0_i128;
    for (value, sign) in plus.iter().map(|v| (v, 1)).chain(minus.iter().map(|v| (v, -1))) {
        let power = decimal::power_of_ten(u8::try_from(places - value.scale()).ok()?)?;
        total = total.checked_add(value.mantissa().checked_mul(power)?.checked_mul(sign)?)?;
    }
    let (total, places) = if halve { (total.checked_mul(5)?, places + 1) } else { (total, places) };
    Decimal::try_from_i128_with_scale(total, places).ok()
}

fn parts(split: &Split, language: Language) -> String {
    let (customer, strategy) = (signed(split.customer), signed(split.strategy));
    match language {
        Language::English => format!("{customer} by the customer, {strategy} by the strategy"),
        Language::Chinese => format!("客户变化 {customer}，战略变化 {strategy}"),
    }
}

/// With its sign, and without zeros at the end.
fn signed(value: Decimal) -> String {
    let plus = if value > Decimal::ZERO { "+" } else { "" };
    format!("{plus}{}", grouped(value.normalize()))
}
