use super::{Fact, Name};
use crate::money::decimal;
use alloc::{boxed::Box, vec::Vec};
use core::fmt;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A condition on what is known of a customer. Bounds are in the unit of the dimension; of a level, the number is its place on its list.
///
/// A missing fact makes a comparison undecided, and the others follow three-valued logic (Kleene 1952): *undecided or true* is true.
///
/// On the wire: `{"at-least":{"of":"monetary","bound":"10000"}}`, `{"one-of":{"of":"region","names":["华南"]}}`, `{"all":[…]}`.
///
/// ```
/// use customer_value::{quantity::{Name, Predicate, Quantity}, value::{Facts, FactSheet}};
///
/// let coast = Predicate::OneOf { of: Name::new("region")?, names: vec![Name::new("华南")?, Name::new("华东")?] };
/// let large = Predicate::AtLeast { of: Name::new("orders")?, bound: 12.into() };
/// let both = Predicate::All(vec![coast, large]);
///
/// let facts = FactSheet::new().with("region", Name::new("华南")?)?;
/// assert_eq!(both.holds(&|of: &str| facts.fact(of)), None); // how many orders is unknown
/// let facts = facts.with("orders", Quantity::count(12))?;
/// assert_eq!(both.holds(&|of: &str| facts.fact(of)), Some(true)); // 以上: the bound itself is in
/// # Ok::<(), customer_value::quantity::NameError>(())
/// ```
#[doc(alias = "条件")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Predicate {
    /// The bound or more (以上).
    #[doc(alias = "以上")]
    AtLeast {
        /// The dimension, or the score.
        of: Name,
        /// The bound; it is included.
        #[serde(with = "decimal")]
        bound: Decimal,
    },
    /// More than the bound (超过).
    #[doc(alias = "超过")]
    MoreThan {
        /// The dimension, or the score.
        of: Name,
        /// The bound; it is not included.
        #[serde(with = "decimal")]
        bound: Decimal,
    },
    /// The bound or less (以下).
    #[doc(alias = "以下")]
    AtMost {
        /// The dimension, or the score.
        of: Name,
        /// The bound; it is included.
        #[serde(with = "decimal")]
        bound: Decimal,
    },
    /// Less than the bound (不满).
    #[doc(alias = "不满")]
    LessThan {
        /// The dimension, or the score.
        of: Name,
        /// The bound; it is not included.
        #[serde(with = "decimal")]
        bound: Decimal,
    },
    /// One of these names: regions, occupations, channels, stages.
    OneOf {
        /// What is named.
        of: Name,
        /// The names that will do.
        names: Vec<Name>,
    },
    /// Every one of them.
    All(Vec<Predicate>),
    /// At least one of them.
    Any(Vec<Predicate>),
    /// Not that one.
    Not(Box<Predicate>),
}

/// What a predicate sees of a dimension: nothing, a number within bounds (one number if they agree), a name, or both.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    /// From the lowest that the number can be to the highest.
    pub(crate) number: Option<(Decimal, Decimal)>,
    pub(crate) name: Option<Name>,
}

impl Seen {
    pub(crate) const fn number(value: Decimal) -> Seen {
        Seen { number: Some((value, value)), name: None }
    }
}

/// The answer for a number within bounds, given the answer at either end; all comparisons are monotone.
fn agreed(low: bool, high: bool) -> Option<bool> {
    (low == high).then_some(low)
}

impl Predicate {
    /// How deep predicates may be nested in a model.
    pub(crate) const DEEPEST: u8 = 16;

    /// Whether it holds; `None` if that depends on a fact that is missing, or that is a name where a number is asked for, or the other way
    /// round.
    pub fn holds(&self, fact: &impl Fn(&str) -> Fact) -> Option<bool> {
        self.decide(&|of| match fact(of) {
            Fact::Known(quantity) => Seen::number(quantity.value),
            Fact::Named(name) => Seen { number: None, name: Some(name) },
            Fact::Unknown | Fact::NotApplicable | Fact::Erased => Seen::default(),
        })
    }

    /// As [`holds`](Predicate::holds), for what is seen.
    pub(crate) fn decide(&self, seen: &impl Fn(&str) -> Seen) -> Option<bool> {
        let number = |of: &Name, test: &dyn Fn(Decimal) -> bool| {
            let (low, high) = seen(of).number?;
            agreed(test(low), test(high))
        };
        match self {
            Predicate::AtLeast { of, bound } => number(of, &|v| v >= *bound),
            Predicate::MoreThan { of, bound } => number(of, &|v| v > *bound),
            Predicate::AtMost { of, bound } => number(of, &|v| v <= *bound),
            Predicate::LessThan { of, bound } => number(of, &|v| v < *bound),
            Predicate::OneOf { of, names } => seen(of).name.map(|name| names.contains(&name)),
            Predicate::All(parts) => combine(parts, seen, false),
            Predicate::Any(parts) => combine(parts, seen, true),
            Predicate::Not(part) => part.decide(seen).map(|holds| !holds),
        }
    }

    /// Calls `visit` with every comparison in it. `false` if a list is empty, or it is nested deeper than `depth`.
    pub(crate) fn visit<'a>(&'a self, depth: u8, visit: &mut impl FnMut(&'a Predicate)) -> bool {
        match self {
            Predicate::AtLeast { .. } | Predicate::MoreThan { .. } | Predicate::AtMost { .. } | Predicate::LessThan { .. } => {
                visit(self);
                true
            }
            Predicate::OneOf { names, .. } => {
                visit(self);
                !names.is_empty()
            }
            Predicate::All(parts) | Predicate::Any(parts) => {
                !parts.is_empty() && depth > 0 && parts.iter().all(|part| part.visit(depth - 1, visit))
            }
            Predicate::Not(part) => depth > 0 && part.visit(depth - 1, visit),
        }
    }

    /// How many comparisons and names it has, in all.
    pub(crate) fn size(&self) -> usize {
        match self {
            Predicate::OneOf { names, .. } => 1 + names.len(),
            Predicate::All(parts) | Predicate::Any(parts) => parts.iter().map(Predicate::size).sum(),
            Predicate::Not(part) => part.size(),
            Predicate::AtLeast { .. } | Predicate::MoreThan { .. } | Predicate::AtMost { .. } | Predicate::LessThan { .. } => 1,
        }
    }

    /// What it compares, if it is a comparison.
    pub(crate) const fn of(&self) -> Option<&Name> {
        match self {
            Predicate::AtLeast { of, .. }
            | Predicate::MoreThan { of, .. }
            | Predicate::AtMost { of, .. }
            | Predicate::LessThan { of, .. }
            | Predicate::OneOf { of, .. } => Some(of),
            Predicate::All(_) | Predicate::Any(_) | Predicate::Not(_) => None,
        }
    }
}

/// The first part that equals `decisive` decides; without one, an undecided part leaves the whole undecided.
fn combine(parts: &[Predicate], seen: &impl Fn(&str) -> Seen, decisive: bool) -> Option<bool> {
    let mut all = Some(!decisive);
    for part in parts {
        match part.decide(seen) {
            Some(holds) if holds == decisive => return Some(decisive),
            Some(_) => {}
            None => all = None,
        }
    }
    all
}

impl fmt::Display for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, word: &str, parts: &[Predicate]| {
            parts.iter().enumerate().try_for_each(|(i, part)| {
                let between = if i == 0 { "" } else { word };
                match part {
                    Predicate::All(_) | Predicate::Any(_) => write!(f, "{between}({part})"),
                    _ => write!(f, "{between}{part}"),
                }
            })
        };
        match self {
            Predicate::AtLeast { of, bound } => write!(f, "{of:?} ≥ {}", bound.normalize()),
            Predicate::MoreThan { of, bound } => write!(f, "{of:?} > {}", bound.normalize()),
            Predicate::AtMost { of, bound } => write!(f, "{of:?} ≤ {}", bound.normalize()),
            Predicate::LessThan { of, bound } => write!(f, "{of:?} < {}", bound.normalize()),
            Predicate::OneOf { of, names } => {
                write!(f, "{of:?} ∈ {{")?;
                names.iter().enumerate().try_for_each(|(i, name)| write!(f, "{}{name:?}", if i == 0 { "" } else { ", " }))?;
                f.write_str("}")
            }
            Predicate::All(parts) if parts.len() == 1 => write!(f, "all ({})", parts[0]),
            Predicate::Any(parts) if parts.len() == 1 => write!(f, "any ({})", parts[0]),
            Predicate::All(parts) => list(f, " and ", parts),
            Predicate::Any(parts) => list(f, " or ", parts),
            Predicate::Not(part) => write!(f, "not ({part})"),
        }
    }
}
