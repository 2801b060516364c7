use super::EconomicsError;
use crate::{
    money::Ratio,
    quantity::{Name, Share},
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::ToString,
    vec::Vec,
};
use core::fmt::Display;
use serde::{Deserialize, Serialize};

/// Which customers hold which products, and which group of similar customers each belongs to: the matrix behind cross-selling.
///
/// Its white space is a count and nothing more: a customer could buy what many others of their group hold and they do not. What makes
/// customers similar is the caller's decision: a segment, an industry, a grade. Holdings merge: the order and the splitting change nothing.
///
/// ```
/// use customer_value::{quantity::Name, value::economics::Holdings};
///
/// let dealers = Name::new("dealers")?;
/// let mut holdings = Holdings::new();
/// for (customer, products) in [("Chen", "creams perfume"), ("Li", "creams perfume soap"), ("Wu", "perfume"), ("Zhao", "creams")] {
///     let products = products.split(' ').map(Name::new).collect::<Result<Vec<_>, _>>()?;
///     holdings.push(customer, &dealers, products)?;
/// }
/// // Who of the dealers could buy what at least half of the other dealers hold?
/// let space = holdings.white_space("0.5".parse()?);
/// let list: Vec<_> = space.iter().map(|s| format!("{} {} ({})", s.customer, s.product, s.held)).collect();
/// assert_eq!(list, ["Wu creams (3 of 3)", "Zhao perfume (3 of 3)"]);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "交叉销售")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    try_from = "Wire<K>",
    into = "Wire<K>",
    bound(serialize = "K: Clone + Serialize", deserialize = "K: Ord + Clone + Display + Deserialize<'de>")
)]
pub struct Holdings<K> {
    customers: BTreeMap<K, Held>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Held {
    group: Name,
    products: BTreeSet<Name>,
}

/// A product that a customer does not hold, and how many of the others in their group do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WhiteSpace<'a, K> {
    /// The customer.
    pub customer: &'a K,
    /// What they do not hold.
    pub product: &'a Name,
    /// How many of the other customers of the group hold it.
    pub held: Share,
}

impl<K> Default for Holdings<K> {
    fn default() -> Holdings<K> {
        Holdings { customers: BTreeMap::new() }
    }
}

impl<K> Holdings<K> {
    /// No customers.
    pub fn new() -> Holdings<K> {
        Holdings::default()
    }

    /// The number of customers.
    pub fn len(&self) -> usize {
        self.customers.len()
    }

    /// Whether there is no customer.
    pub fn is_empty(&self) -> bool {
        self.customers.is_empty()
    }
}

impl<K: Ord + Clone + Display> Holdings<K> {
    /// Adds what a customer holds to what is known of them; none is a possible answer.
    ///
    /// # Errors
    /// [`TwoGroups`](EconomicsError::TwoGroups) if the customer is in another group already; nothing is added then.
    pub fn push(&mut self, customer: K, group: &Name, products: impl IntoIterator<Item = Name>) -> Result<(), EconomicsError> {
        self.same_group(&customer, group)?;
        let held = self.customers.entry(customer).or_insert_with(|| Held { group: group.clone(), products: BTreeSet::new() });
        held.products.extend(products);
        Ok(())
    }

    /// Takes in other holdings. Where one customer is refused, nothing is taken in.
    ///
    /// # Errors
    /// As [`push`](Holdings::push).
    pub fn merge(&mut self, other: &Holdings<K>) -> Result<(), EconomicsError> {
        other.customers.iter().try_for_each(|(customer, held)| self.same_group(customer, &held.group))?;
        other
            .customers
            .iter()
            .try_for_each(|(customer, held)| self.push(customer.clone(), &held.group, held.products.iter().cloned()))
    }

    fn same_group(&self, customer: &K, group: &Name) -> Result<(), EconomicsError> {
        match self.customers.get(customer) {
            Some(held) if held.group != *group => {
                let (left, right) = (held.group.clone().min(group.clone()), held.group.clone().max(group.clone()));
                Err(EconomicsError::TwoGroups { customer: customer.to_string(), left, right })
            }
            _ => Ok(()),
        }
    }

    /// What a customer is known to hold, by name; `None` for a customer who is not known.
    pub fn of(&self, customer: &K) -> Option<impl ExactSizeIterator<Item = &Name>> {
        self.customers.get(customer).map(|held| held.products.iter())
    }

    /// How many customers of a group hold a product; `None` for a group without customers.
    #[doc(alias = "渗透率")]
    pub fn penetration(&self, group: &str, product: &str) -> Option<Share> {
        let members = || self.customers.values().filter(|held| held.group == *group);
        let holders = members().filter(|held| held.products.contains(product)).count();
        let share = Share::new(u64::try_from(holders).ok()?, u64::try_from(members().count()).ok()?).ok()?;
        (share.whole() > 0).then_some(share)
    }

    /// Every product that a customer does not hold while at least such a share of the *others* in their group does; by customer, then by
    /// product. Who is alone in their group has nobody to be like.
    pub fn white_space(&self, at_least: Ratio) -> Vec<WhiteSpace<'_, K>> {
        let mut groups: BTreeMap<&Name, (u64, BTreeMap<&Name, u64>)> = BTreeMap::new();
        for held in self.customers.values() {
            let (members, holders) = groups.entry(&held.group).or_default();
            *members += 1;
            held.products.iter().for_each(|product| *holders.entry(product).or_default() += 1);
        }
        let mut space = Vec::new();
        for (customer, held) in &self.customers {
            let Some((members, holders)) = groups.get(&held.group) else { continue };
            let missing = holders.iter().filter(|(product, _)| !held.products.contains(**product));
            for (&product, &holders) in missing {
                // The customer is a member and no holder, so the others are at least the holders.
                let share = Share::new(holders, members - 1).ok().filter(|share| share.ratio() >= Some(at_least));
                space.extend(share.map(|held| WhiteSpace { customer, product, held }));
            }
        }
        space
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Holdings")]
struct Wire<K> {
    customers: Vec<WireHeld<K>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireHeld<K> {
    customer: K,
    group: Name,
    products: Vec<Name>,
}

impl<K: Ord + Clone + Display> TryFrom<Wire<K>> for Holdings<K> {
    type Error = EconomicsError;

    fn try_from(wire: Wire<K>) -> Result<Holdings<K>, EconomicsError> {
        let mut holdings = Holdings::new();
        wire.customers.into_iter().try_for_each(|held| holdings.push(held.customer, &held.group, held.products))?;
        Ok(holdings)
    }
}

impl<K> From<Holdings<K>> for Wire<K> {
    fn from(holdings: Holdings<K>) -> Wire<K> {
        let held =
            |(customer, held): (K, Held)| WireHeld { customer, group: held.group, products: held.products.into_iter().collect() };
        Wire { customers: holdings.customers.into_iter().map(held).collect() }
    }
}
