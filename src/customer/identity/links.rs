use super::{Clusters, IdentityError, RecordKey, Statement, Withdrawal};
use crate::{calendar::in_range, quantity::Name};
use alloc::{collections::BTreeMap, sync::Arc, vec::Vec};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Everything that was said about which records are one customer. Statements are only ever added and withdrawn, never changed; clusters
/// are derived from those that stand on a day, so that nothing is ever merged for good.
///
/// Like a history, links are a commutative monoid: the order of arrival, the splitting over machines and repeated delivery change nothing.
///
/// Of all that was said about a pair and not withdrawn, one statement stands: the latest decision by hand; without one, the latest
/// evidence. On one day, the more careful.
///
/// ```
/// use customer_value::{
///     customer::identity::{Ground, Links, RecordKey, Says, Statement, Withdrawal}, quantity::Name,
/// };
///
/// let [shop, till]: [RecordKey; 2] = ["shop/4711".parse()?, "till/88".parse()?];
/// let (by, because) = (Name::new("help desk")?, Name::new("she showed both cards")?);
/// let mut links = Links::new();
/// let same = Ground::Manual { says: Says::Same, by: by.clone(), because };
/// links.push(Statement::new(Name::new("s1")?, shop.clone(), till.clone(), "2024-03-01".parse()?, same)?)?;
/// assert_eq!(links.clusters("2024-03-01".parse()?, []).len(), 1);
///
/// let because = Name::new("it was her sister's card")?;
/// links.withdraw(Withdrawal { of: Name::new("s1")?, on: "2024-05-01".parse()?, by, because })?;
/// assert_eq!(links.clusters("2024-04-30".parse()?, [shop.clone(), till.clone()]).len(), 1); // what was believed then
/// assert_eq!(links.clusters("2024-05-01".parse()?, [shop, till]).len(), 2);                 // and both are back
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "identity graph")]
#[doc(alias = "身份图谱")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Links {
    statements: BTreeMap<Name, Arc<Statement>>,
    withdrawals: BTreeMap<Name, Withdrawal>,
}

impl Links {
    /// Nothing was said.
    pub const fn new() -> Links {
        Links { statements: BTreeMap::new(), withdrawals: BTreeMap::new() }
    }

    /// Adds a statement. The same one again changes nothing.
    ///
    /// # Errors
    /// [`Conflict`](IdentityError::Conflict) for a known identity with other content; nothing changes.
    pub fn push(&mut self, statement: Statement) -> Result<(), IdentityError> {
        keep(&mut self.statements, statement.id().clone(), Arc::new(statement))
    }

    /// Withdraws a statement, which may arrive later. The same withdrawal again changes nothing.
    ///
    /// # Errors
    /// [`Conflict`](IdentityError::Conflict) for another withdrawal of the same statement,
    /// [`DateOutOfRange`](IdentityError::DateOutOfRange) for the year 10000; nothing changes.
    pub fn withdraw(&mut self, withdrawal: Withdrawal) -> Result<(), IdentityError> {
        in_range(withdrawal.on).map_err(|_| IdentityError::DateOutOfRange(withdrawal.on))?;
        keep(&mut self.withdrawals, withdrawal.of.clone(), withdrawal)
    }

    /// Takes in all that was said elsewhere.
    ///
    /// # Errors
    /// [`Conflict`](IdentityError::Conflict) where an identity has other content on the two sides; nothing changes.
    pub fn merge(&mut self, other: &Links) -> Result<(), IdentityError> {
        agree(&self.statements, &other.statements)?;
        agree(&self.withdrawals, &other.withdrawals)?;
        self.statements.extend(other.statements.iter().map(|(id, statement)| (id.clone(), statement.clone())));
        self.withdrawals.extend(other.withdrawals.iter().map(|(of, withdrawal)| (of.clone(), withdrawal.clone())));
        Ok(())
    }

    /// All statements, withdrawn or not, in order of their identity.
    pub fn statements(&self) -> impl ExactSizeIterator<Item = &Statement> {
        self.statements.values().map(|statement| &**statement)
    }

    /// The withdrawal of a statement, if there is one.
    pub fn withdrawal(&self, of: &str) -> Option<&Withdrawal> {
        self.withdrawals.get(of)
    }

    /// The statement about two records that stands at the close of a day, in either order.
    pub fn standing(&self, a: &RecordKey, b: &RecordKey, as_of: NaiveDate) -> Option<&Statement> {
        let pair = if a < b { (a, b) } else { (b, a) };
        self.counting(as_of).filter(|s| s.records() == pair).max_by_key(|s| s.precedence()).map(|s| &**s)
    }

    /// Who is one customer at the close of a day: the known records, and all that are linked, each in exactly one cluster.
    pub fn clusters(&self, as_of: NaiveDate, known: impl IntoIterator<Item = RecordKey>) -> Clusters {
        let mut standing: BTreeMap<_, &Arc<Statement>> = BTreeMap::new();
        for statement in self.counting(as_of) {
            let stands = standing.entry(statement.records()).or_insert(statement);
            if statement.precedence() > stands.precedence() {
                *stands = statement;
            }
        }
        Clusters::of(as_of, known.into_iter().collect(), &standing.into_values().collect::<Vec<_>>())
    }

    /// Removes every statement about a record, as its erasure demands: its key would lead back to it. Customers who were linked through
    /// it may come apart. Gives the number removed. The same has to be done to every other copy, because merging brings them back.
    pub fn forget(&mut self, record: &RecordKey) -> usize {
        let names = |s: &Statement| s.records().0 == record || s.records().1 == record;
        let gone: Vec<Name> = self.statements.values().filter(|s| names(s)).map(|s| s.id().clone()).collect();
        for id in &gone {
            self.statements.remove(id);
            self.withdrawals.remove(id);
        }
        gone.len()
    }

    /// What was said up to a day and is not withdrawn by then.
    fn counting(&self, as_of: NaiveDate) -> impl Iterator<Item = &Arc<Statement>> {
        let withdrawn = move |id: &Name| self.withdrawals.get(id).is_some_and(|w| w.on <= as_of);
        self.statements.iter().filter(move |(id, s)| s.on() <= as_of && !withdrawn(id)).map(|(_, s)| s)
    }
}

/// Adds what has an identity: new content is kept, equal content changes nothing, other content is refused.
fn keep<T: PartialEq>(map: &mut BTreeMap<Name, T>, id: Name, content: T) -> Result<(), IdentityError> {
    match map.get(&id) {
        None => {
            map.insert(id, content);
            Ok(())
        }
        Some(known) if *known == content => Ok(()),
        Some(_) => Err(IdentityError::Conflict(id)),
    }
}

fn agree<T: PartialEq>(ours: &BTreeMap<Name, T>, theirs: &BTreeMap<Name, T>) -> Result<(), IdentityError> {
    match theirs.iter().find(|(id, content)| ours.get(*id).is_some_and(|known| known != *content)) {
        Some((id, _)) => Err(IdentityError::Conflict(id.clone())),
        None => Ok(()),
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Links")]
struct Wire {
    statements: Vec<Statement>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    withdrawals: Vec<Withdrawal>,
}

impl TryFrom<Wire> for Links {
    type Error = IdentityError;

    fn try_from(wire: Wire) -> Result<Links, IdentityError> {
        let mut links = Links::new();
        wire.statements.into_iter().try_for_each(|statement| links.push(statement))?;
        wire.withdrawals.into_iter().try_for_each(|withdrawal| links.withdraw(withdrawal))?;
        Ok(links)
    }
}

impl From<Links> for Wire {
    fn from(links: Links) -> Wire {
        Wire {
            statements: links.statements.into_values().map(Arc::unwrap_or_clone).collect(),
            withdrawals: links.withdrawals.into_values().collect(),
        }
    }
}
