//! The regions into which conditions part all customers: within one, no condition of them changes its answer. There are finitely many, so
//! a statement about all customers can be checked by looking at one of each.

use crate::{
    money::Rounding,
    quantity::{Name, Predicate, Seen, Unit},
    value::Dimension,
};
use alloc::{format, vec, vec::Vec};
use core::fmt;
use rust_decimal::Decimal;

/// What the conditions look at, and for each a value out of every stretch between their bounds.
pub(super) struct Regions<'a> {
    axes: Vec<(&'a Name, Vec<Seen>)>,
}

impl<'a> Regions<'a> {
    /// The regions of some conditions. `dimension` gives a dimension by its name; a name without one is a score if it is compared with
    /// numbers, otherwise an attribute. `None` if there are more than `most`.
    pub(super) fn of<'d>(
        conditions: impl IntoIterator<Item = &'a Predicate>,
        dimension: &impl Fn(&Name) -> Option<&'d Dimension>,
        most: usize,
    ) -> Option<Regions<'a>> {
        let mut found: Vec<(&Name, Vec<Decimal>, Vec<&Name>)> = Vec::new();
        for condition in conditions {
            condition.visit(Predicate::DEEPEST, &mut |comparison| {
                let Some(of) = comparison.of() else { return };
                let at = found.iter().position(|(name, ..)| *name == of).unwrap_or_else(|| {
                    found.push((of, Vec::new(), Vec::new()));
                    found.len() - 1
                });
                match comparison {
                    Predicate::AtLeast { bound, .. }
                    | Predicate::MoreThan { bound, .. }
                    | Predicate::AtMost { bound, .. }
                    | Predicate::LessThan { bound, .. } => found[at].1.push(*bound),
                    Predicate::OneOf { names, .. } => found[at].2.extend(names),
                    Predicate::All(_) | Predicate::Any(_) | Predicate::Not(_) => {}
                }
            });
        }
        let axes: Vec<_> = found.into_iter().map(|(of, bounds, names)| (of, values(dimension(of), bounds, names))).collect();
        let size = axes.iter().try_fold(1_usize, |size, (_, values)| size.checked_mul(values.len()));
        size.filter(|&size| size <= most).map(|_| Regions { axes })
    }

    /// The first region in which the statement holds, in words.
    pub(super) fn find(&self, mut holds: impl FnMut(&dyn Fn(&str) -> Seen) -> bool) -> Option<Example<'_>> {
        let mut at = vec![0; self.axes.len()];
        loop {
            let seen = |of: &str| {
                let axis = self.axes.iter().position(|(name, _)| **name == *of);
                axis.map(|axis| self.axes[axis].1[at[axis]].clone()).unwrap_or_default()
            };
            // An axis without any possible value has no region at all.
            if self.axes.iter().any(|(_, values)| values.is_empty()) {
                return None;
            }
            if holds(&seen) {
                return Some(Example { regions: self, at });
            }
            let mut axis = 0;
            loop {
                if axis == at.len() {
                    return None;
                }
                at[axis] += 1;
                if at[axis] < self.axes[axis].1.len() {
                    break;
                }
                at[axis] = 0;
                axis += 1;
            }
        }
    }
}

/// A region, by a customer in it: "annual sales = 10000000, region = 华南".
pub(super) struct Example<'a> {
    regions: &'a Regions<'a>,
    at: Vec<usize>,
}

impl fmt::Display for Example<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, ((of, values), at)) in self.regions.axes.iter().zip(&self.at).enumerate() {
            f.write_str(if i == 0 { "" } else { ", " })?;
            match &values[*at] {
                Seen { name: Some(name), .. } => write!(f, "{of} = {name}")?,
                Seen { number: Some((value, _)), .. } => write!(f, "{of} = {}", value.normalize())?,
                Seen { name: None, number: None } => {}
            }
        }
        Ok(())
    }
}

/// A value out of every stretch between the bounds, and each bound that is possible; or each of the names, and one that is none of them.
fn values(dimension: Option<&Dimension>, bounds: Vec<Decimal>, mut names: Vec<&Name>) -> Vec<Seen> {
    if let Some(judged) = dimension.filter(|d| d.unit == Unit::Level) {
        let place = |(place, name): (u32, &Name)| Seen { name: Some(name.clone()), ..Seen::number(place.into()) };
        return (1..).zip(&judged.levels).map(place).collect();
    }
    if bounds.is_empty() {
        names.sort_unstable();
        names.dedup();
        let named = |name| Seen { number: None, name: Some(name) };
        return names.iter().map(|name| named((*name).clone())).chain(none_of(&names).map(named)).collect();
    }
    let mut values = match dimension.map(|d| d.unit) {
        Some(Unit::Money(currency)) => lattice(&bounds, currency.exponent()),
        // Zero is possible even where every bound is below it.
        Some(Unit::Days | Unit::Count) => lattice(&bounds, 0).into_iter().map(|v| v.max(Decimal::ZERO)).collect(),
        Some(Unit::Number | Unit::Level) | None => dense(bounds),
    };
    values.sort_unstable();
    values.dedup();
    values.into_iter().map(Seen::number).collect()
}

/// A name that is none of these.
fn none_of(names: &[&Name]) -> Option<Name> {
    let candidates = (0..=names.len()).map(|n| Name::new(&format!("another{}", "'".repeat(n))));
    candidates.flatten().find(|candidate| !names.contains(&candidate))
}

/// Numbers of so many decimal places: the last below each bound, the bound itself if it is one, and the first above.
fn lattice(bounds: &[Decimal], places: u8) -> Vec<Decimal> {
    let step = Decimal::new(1, places.into());
    let around = |bound: &Decimal| {
        let floor = bound.round_dp_with_strategy(places.into(), Rounding::Floor.strategy());
        let ceiling = bound.round_dp_with_strategy(places.into(), Rounding::Ceiling.strategy());
        [ceiling.checked_sub(step), Some(floor), Some(ceiling), floor.checked_add(step)]
    };
    bounds.iter().flat_map(around).flatten().collect()
}

/// Numbers that lie as densely as one likes: each bound, one below all, one above all, and one between any two.
fn dense(mut bounds: Vec<Decimal>) -> Vec<Decimal> {
    bounds.sort_unstable();
    let between = |pair: &[Decimal]| (pair[0] / Decimal::TWO).checked_add(pair[1] / Decimal::TWO);
    let ends = [bounds[0].checked_sub(Decimal::ONE), bounds[bounds.len() - 1].checked_add(Decimal::ONE)];
    let more: Vec<Decimal> = bounds.windows(2).filter_map(between).chain(ends.into_iter().flatten()).collect();
    bounds.extend(more);
    bounds
}
