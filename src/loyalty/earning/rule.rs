use super::{Cap, Condition, Line, Trigger};
use crate::{
    loyalty::{CostBasis, Expiry, Pending, Points},
    money::{Money, Ratio},
    quantity::Name,
};
use alloc::{collections::BTreeSet, vec::Vec};
use serde::{Deserialize, Serialize};

/// One rule by which points are earned.
///
/// ```
/// use customer_value::{
///     loyalty::{Points, earning::{Give, Rule, Trigger}},
///     quantity::Name,
/// };
///
/// let give = Give::PerAmount { points: Points::new(1), per: "10.00 USD".parse()? };
/// let rule = Rule::new(Name::new("base")?, Name::new("points")?, Trigger::Purchase, give);
/// let json = r#"{"name":"base","kind":"points","on":"purchase",
///     "give":{"per_amount":{"points":1,"per":{"amount":"10.00","currency":"USD"}}}}"#;
/// assert_eq!(serde_json::from_str::<Rule>(json)?, rule);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "积分规则")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What it is called; no other rule is called so.
    pub name: Name,
    /// Which points it gives.
    pub kind: Name,
    /// What it waits for.
    pub on: Trigger,
    /// Which conditions must hold, all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub when: Vec<Condition>,
    /// For which lines of a purchase.
    #[serde(default, skip_serializing_if = "Selector::is_all")]
    pub lines: Selector,
    /// What it gives.
    pub give: Give,
    /// Whether rules that [multiply](Give::is_multiple) count on what it gives. That is always so for [`Give::Times`].
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub multiplied: bool,
    /// Whether it goes together with others of its kind of points.
    #[serde(default, skip_serializing_if = "Stacking::is_adds")]
    pub stacking: Stacking,
    /// How much it gives at most, by period; each period once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caps: Vec<Cap>,
    /// When its points can be spent, if otherwise than is usual in the programme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<Pending>,
    /// When its points expire, if otherwise than is usual in the programme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<Expiry>,
    /// What its points cost, if otherwise than is usual in the programme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<CostBasis>,
    /// Whether it is in force.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub enabled: bool,
}

/// What a rule gives.
///
/// Points that [stand alone](Self::is_multiple) are counted first, as exact fractions; then bonuses are added, each as a share of what
/// stood there before any bonus; then the total is multiplied, by one multiple after the other.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Give {
    /// So many points for so much money, in proportion: 1 for 10.00 is half a point for 5.00.
    PerAmount {
        /// The points.
        points: Points,
        /// For that much, above zero.
        per: Money,
    },
    /// By what the lines come to together: the whole of it earns at the rate of the last bracket that it reaches, and nothing below the
    /// first. Rates do not fall from one bracket to the next, or more spending would earn less.
    Brackets(Vec<Bracket>),
    /// So many for each piece; of an activity, for each unit.
    PerItem(Points),
    /// So many in all. Lines share them by their amounts, by largest remainder; a multiple for some lines multiplies their share.
    Fixed(Points),
    /// A share more, beside other bonuses: `1/2` is half as much again, and two such bonuses double the points.
    Bonus(Ratio),
    /// Times so much, above one, over bonuses and earlier multiples: two times `3/2` are `9/4`.
    Times(Ratio),
}

/// A rate from an amount on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bracket {
    /// From this amount on, itself included.
    pub from: Money,
    /// So many points…
    pub points: Points,
    /// …for so much money, above zero.
    pub per: Money,
}

/// Which lines of a purchase a rule looks at: those with an item or category that is included (all, if none is named) and without any
/// that is excluded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Selector {
    /// Items that are included.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub items: BTreeSet<Name>,
    /// Categories that are included.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub categories: BTreeSet<Name>,
    /// Items that are excluded.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub except_items: BTreeSet<Name>,
    /// Categories that are excluded.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub except_categories: BTreeSet<Name>,
}

/// Whether a rule goes together with others on the same occurrence and of the same kind of points.
#[doc(alias = "叠加")]
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Stacking {
    /// With all that are not displaced.
    #[default]
    Adds,
    /// Of a group, only the rule counts that gives most; the one with the highest priority, where two give as much. A group holds only
    /// rules of one sort: those that stand alone, bonuses, or multiples. Multiples are compared as if each were the only one.
    BestOf {
        /// The group.
        group: Name,
        /// Decides a tie; no other rule of the group has it.
        priority: u16,
    },
    /// If it gives anything, it displaces all others, bonuses and multiples too. Of several such, the one with the highest priority.
    Alone {
        /// No other rule that stands alone has it.
        priority: u16,
    },
}

impl Rule {
    /// A rule for all lines, without conditions, caps or terms of its own, that adds to others, is multiplied, and is in force.
    pub fn new(name: Name, kind: Name, on: Trigger, give: Give) -> Rule {
        Rule {
            name,
            kind,
            on,
            when: Vec::new(),
            lines: Selector::default(),
            give,
            multiplied: true,
            stacking: Stacking::Adds,
            caps: Vec::new(),
            pending: None,
            expiry: None,
            cost: None,
            enabled: true,
        }
    }
}

impl Give {
    /// Whether it only adds to what other rules give.
    pub const fn is_multiple(&self) -> bool {
        matches!(self, Give::Bonus(_) | Give::Times(_))
    }

    pub(super) const fn stage(&self) -> Stage {
        match self {
            Give::PerAmount { .. } | Give::Brackets(_) | Give::PerItem(_) | Give::Fixed(_) => Stage::Base,
            Give::Bonus(_) => Stage::Bonus,
            Give::Times(_) => Stage::Times,
        }
    }
}

/// The steps in which points are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    Base,
    Bonus,
    Times,
}

impl Selector {
    /// Whether it takes every line.
    pub fn is_all(&self) -> bool {
        *self == Selector::default()
    }

    /// Whether it takes the line.
    pub fn takes(&self, line: &Line) -> bool {
        let in_any = |categories: &BTreeSet<Name>| line.categories.iter().any(|category| categories.contains(category));
        let all = self.items.is_empty() && self.categories.is_empty();
        let included = all || self.items.contains(&line.item) || in_any(&self.categories);
        included && !self.except_items.contains(&line.item) && !in_any(&self.except_categories)
    }
}

impl Stacking {
    fn is_adds(&self) -> bool {
        *self == Stacking::Adds
    }
}

const fn yes() -> bool {
    true
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde hands a reference
const fn is_true(value: &bool) -> bool {
    *value
}
