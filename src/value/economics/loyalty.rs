use super::{EconomicsError, Referrals};
use crate::quantity::{Share, ShareError};
use core::fmt::Display;
use serde::{Deserialize, Serialize};

/// Loyalty in what customers do themselves: the share of buyers who bought again.
///
/// It is another thing than [`Advocacy`], and one does not stand for the other: who is bound by a contract buys again and recommends
/// nothing, and who bought a house recommends the builder and never buys again.
#[doc(alias = "行为忠诚")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BehaviouralLoyalty {
    /// Those who bought again, of those who bought.
    pub bought_again: Share,
}

/// Loyalty in what customers do to others: the share of customers who brought at least one.
///
/// ```
/// use customer_value::{quantity::Share, value::economics::{Advocacy, BehaviouralLoyalty, Referrals}};
///
/// let day = "2024-03-01".parse()?;
/// let mut referrals = Referrals::new();
/// referrals.push("Chen", "Li", day)?;
/// referrals.push("Chen", "Wu", day)?;
/// let advocacy = Advocacy::of(&referrals, ["Chen", "Li", "Wu", "Zhao"])?;
/// assert_eq!(advocacy.brought_others.to_string(), "1 of 4");
///
/// let behaviour = BehaviouralLoyalty { bought_again: Share::new(3, 4)? };
/// assert_eq!(behaviour.bought_again.to_string(), "3 of 4");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
/// ```compile_fail,E0308
/// # use customer_value::value::economics::{Advocacy, BehaviouralLoyalty};
/// fn f(advocacy: Advocacy, behaviour: BehaviouralLoyalty) -> bool {
///     advocacy == behaviour
/// }
/// ```
#[doc(alias = "口碑")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advocacy {
    /// Those who brought somebody, of all customers.
    pub brought_others: Share,
}

impl Advocacy {
    /// How many of these customers brought somebody. Each must come once.
    ///
    /// # Errors
    /// [`Twice`](EconomicsError::Twice) for a customer who comes twice; [`Share`](EconomicsError::Share) for no customers.
    pub fn of<K: Ord + Clone + Display>(
        referrals: &Referrals<K>,
        customers: impl IntoIterator<Item = K>,
    ) -> Result<Advocacy, EconomicsError> {
        let advocates = referrals.advocates();
        let mut seen = alloc::collections::BTreeSet::new();
        let (mut part, mut whole) = (0, 0);
        for customer in customers {
            whole += 1;
            part += u64::from(advocates.contains(&customer));
            if let Some(twice) = seen.replace(customer) {
                return Err(EconomicsError::Twice(alloc::format!("{twice}")));
            }
        }
        if whole == 0 {
            return Err(ShareError::OfNothing.into());
        }
        Ok(Advocacy { brought_others: Share::new(part, whole)? })
    }
}
