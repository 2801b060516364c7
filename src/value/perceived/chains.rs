use super::{PerceivedError, answer::counted};
use crate::quantity::Name;
use alloc::{collections::BTreeMap, vec::Vec};
use serde::{Deserialize, Serialize};

/// One customer's ladder from what a product has to what it is good for in life (Gutman 1982): "why does that matter to you?", asked twice.
#[doc(alias = "手段目的链")]
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ladder {
    /// What the product has.
    #[doc(alias = "属性")]
    pub attribute: Name,
    /// What that does for the customer.
    #[doc(alias = "期望结果")]
    pub consequence: Name,
    /// What the customer is after in the end.
    #[doc(alias = "目标")]
    pub value: Name,
}

/// The ladders of many customers, and which links carry them. They merge in any order.
///
/// ```
/// use customer_value::{quantity::Name, value::perceived::{Ladder, Ladders}};
///
/// let ladder = |attribute: &str| {
///     let [attribute, consequence, value] = [attribute, "saves time", "family"].map(Name::new);
///     Ok::<_, customer_value::quantity::NameError>(Ladder { attribute: attribute?, consequence: consequence?, value: value? })
/// };
/// let mut ladders = Ladders::new();
/// ladders.push(ladder("delivery")?)?;
/// ladders.push(ladder("near by")?)?;
/// assert_eq!(ladders.to_values(2).len(), 1); // saves time → family, twice
/// assert!(ladders.to_consequences(2).is_empty());
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "手段目的链")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<Times>", into = "Vec<Times>")]
pub struct Ladders(BTreeMap<Ladder, u64>);

impl Ladders {
    /// No ladder yet.
    pub const fn new() -> Ladders {
        Ladders(BTreeMap::new())
    }

    /// Counts a ladder.
    ///
    /// # Errors
    /// [`TooMany`](PerceivedError::TooMany) for the 2⁶³rd of one kind.
    pub fn push(&mut self, ladder: Ladder) -> Result<(), PerceivedError> {
        let n = self.0.entry(ladder).or_insert(0);
        *n = counted(*n, 1)?;
        Ok(())
    }

    /// Takes in the ladders of others.
    ///
    /// # Errors
    /// [`TooMany`](PerceivedError::TooMany) beyond 2⁶³ − 1 of one kind; nothing is taken in then.
    pub fn merge(&mut self, other: &Ladders) -> Result<(), PerceivedError> {
        let mut sum = self.0.clone();
        for (ladder, &n) in &other.0 {
            let before = sum.entry(ladder.clone()).or_insert(0);
            *before = counted(*before, n)?;
        }
        self.0 = sum;
        Ok(())
    }

    /// How often an attribute led to a consequence, for links found at least so often (the cutoff of Reynolds and Gutman 1988).
    pub fn to_consequences(&self, least: u64) -> BTreeMap<(&Name, &Name), u64> {
        self.links(least, |ladder| (&ladder.attribute, &ladder.consequence))
    }

    /// How often a consequence led to a value, for links found at least so often.
    pub fn to_values(&self, least: u64) -> BTreeMap<(&Name, &Name), u64> {
        self.links(least, |ladder| (&ladder.consequence, &ladder.value))
    }

    fn links<'a>(&'a self, least: u64, link: impl Fn(&'a Ladder) -> (&'a Name, &'a Name)) -> BTreeMap<(&'a Name, &'a Name), u64> {
        let mut links: BTreeMap<_, u64> = BTreeMap::new();
        for (ladder, &n) in &self.0 {
            let sum = links.entry(link(ladder)).or_insert(0);
            *sum = sum.saturating_add(n);
        }
        links.retain(|_, n| *n >= least);
        links
    }
}

/// A ladder as it is stored.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Times {
    ladder: Ladder,
    times: u64,
}

impl TryFrom<Vec<Times>> for Ladders {
    type Error = PerceivedError;

    fn try_from(stored: Vec<Times>) -> Result<Ladders, PerceivedError> {
        let mut ladders = BTreeMap::new();
        for Times { ladder, times } in stored {
            if times == 0 || ladders.insert(ladder, counted(0, times)?).is_some() {
                return Err(PerceivedError::BadCounts);
            }
        }
        Ok(Ladders(ladders))
    }
}

impl From<Ladders> for Vec<Times> {
    fn from(ladders: Ladders) -> Vec<Times> {
        ladders.0.into_iter().map(|(ladder, times)| Times { ladder, times }).collect()
    }
}
