use super::ProfileError;
use crate::{
    calendar::in_range,
    quantity::{Fact, Name, Source},
};
use alloc::{collections::BTreeMap, format, vec::Vec};
use core::cmp::Ordering;
use serde::{Deserialize, Serialize};

/// What one source says: the fact, and by which evidence, on which day and how surely it was found.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// A quantity, a name, or that it does not apply.
    pub fact: Fact,
    /// Where it comes from.
    pub source: Source,
}

/// Everything that has been stated of one customer, fact by fact, source by source. Nothing is overwritten: which statement counts is
/// said by a [`Catalogue`](super::Catalogue) when it is asked.
///
/// Profiles are sets of statements: they merge in any order, and repeating a statement changes nothing.
///
/// ```
/// use customer_value::{
///     customer::profile::{Profile, Statement},
///     quantity::{Fact, Name, Quantity, Source},
/// };
///
/// let said = |count, on: &str| Ok::<_, Box<dyn core::error::Error>>(Statement {
///     fact: Quantity::count(count).into(),
///     source: Source::new(Name::new("visit report")?, on.parse()?, None)?,
/// });
/// let mut profile = Profile::new();
/// profile.push(Name::new("shops")?, said(4, "2024-02-01")?)?;
/// profile.push(Name::new("shops")?, said(3, "2023-02-01")?)?;
/// profile.push(Name::new("shops")?, said(4, "2024-02-01")?)?; // once more
/// assert_eq!(profile.of("shops").len(), 2);
/// assert_eq!(profile.of("shops")[0].fact, Quantity::count(3).into()); // the oldest first
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "客户画像")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<(Name, Statement)>", into = "Vec<(Name, Statement)>")]
pub struct Profile(BTreeMap<Name, Vec<Statement>>);

impl Profile {
    /// Nothing is stated.
    pub const fn new() -> Profile {
        Profile(BTreeMap::new())
    }

    /// Adds a statement; the very same one again changes nothing.
    ///
    /// # Errors
    /// [`NothingStated`](ProfileError::NothingStated) for [`Fact::Unknown`] and [`Fact::Erased`],
    /// [`DateOutOfRange`](ProfileError::DateOutOfRange) for the year 10000; nothing changes.
    pub fn push(&mut self, fact: Name, statement: Statement) -> Result<(), ProfileError> {
        if matches!(statement.fact, Fact::Unknown | Fact::Erased) {
            return Err(ProfileError::NothingStated(fact));
        }
        // So that of two equal statements it does not matter which came first.
        let statement = Statement { fact: statement.fact.normalised(), ..statement };
        let on = statement.source.on();
        in_range(on).map_err(|_| ProfileError::DateOutOfRange(on))?;
        let list = self.0.entry(fact).or_default();
        // In an order that does not depend on the order of the pushes.
        if let Err(at) = list.binary_search_by(|other| order(other, &statement)) {
            list.insert(at, statement);
        }
        Ok(())
    }

    /// Adds all statements of another profile of the same customer.
    pub fn merge(&mut self, other: Profile) {
        for (fact, statement) in Vec::from(other) {
            // What a profile has, a profile takes.
            let _ = self.push(fact, statement);
        }
    }

    /// What was stated of a fact, the oldest first.
    pub fn of(&self, fact: &str) -> &[Statement] {
        self.0.get(fact).map_or(&[], Vec::as_slice)
    }

    /// The facts of which something was stated, in order of name.
    pub fn facts(&self) -> impl ExactSizeIterator<Item = &Name> {
        self.0.keys()
    }

    /// How many statements there are.
    pub fn len(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A total order: by day, confidence, evidence, and at last by the text of the fact, which is all that is left to differ.
fn order(a: &Statement, b: &Statement) -> Ordering {
    let key = |s: &Statement| (s.source.on(), s.source.confidence());
    let first = key(a).cmp(&key(b)).then_with(|| a.source.evidence().cmp(b.source.evidence()));
    let text = |s: &Statement| format!("{:?}", s.fact);
    first.then_with(|| if a.fact == b.fact { Ordering::Equal } else { text(a).cmp(&text(b)) })
}

impl TryFrom<Vec<(Name, Statement)>> for Profile {
    type Error = ProfileError;

    fn try_from(statements: Vec<(Name, Statement)>) -> Result<Profile, ProfileError> {
        let mut profile = Profile::new();
        statements.into_iter().try_for_each(|(fact, statement)| profile.push(fact, statement))?;
        Ok(profile)
    }
}

impl From<Profile> for Vec<(Name, Statement)> {
    fn from(profile: Profile) -> Vec<(Name, Statement)> {
        let all = profile.0.into_iter();
        all.flat_map(|(fact, list)| list.into_iter().map(move |statement| (fact.clone(), statement))).collect()
    }
}
