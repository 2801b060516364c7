use super::{IdentityError, RecordKey};
use crate::{
    calendar::in_range,
    quantity::{Fact, Name, Source},
};
use alloc::{collections::BTreeMap, vec::Vec};
use serde::{Deserialize, Serialize};

/// What one record of one system says of a customer: facts, each with its source and day.
///
/// Facts are numbers and names of kinds (a region, an occupation). Personal data stay where they are: a view says which record's value
/// survives, and its key leads there.
///
/// ```
/// use customer_value::{customer::identity::SourceRecord, quantity::{Fact, Name, Source}};
///
/// let source = Source::new(Name::new("order form")?, "2024-03-01".parse()?, None)?;
/// let record = SourceRecord::new("shop/4711".parse()?).with("region", Name::new("South")?, source)?;
/// assert_eq!(record.get("region").map(|(fact, _)| fact), Some(&Fact::Named(Name::new("South")?)));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct SourceRecord {
    key: RecordKey,
    attributes: BTreeMap<Name, (Fact, Source)>,
}

impl SourceRecord {
    /// A record that says nothing yet.
    pub const fn new(key: RecordKey) -> SourceRecord {
        SourceRecord { key, attributes: BTreeMap::new() }
    }

    /// The same record, saying one thing more.
    ///
    /// # Errors
    /// [`Twice`](IdentityError::Twice) for an attribute that it speaks of already: which holds is for the system to say.
    /// [`DateOutOfRange`](IdentityError::DateOutOfRange) for a source of the year 10000, [`Name`](IdentityError::Name) for `""`.
    pub fn with(mut self, attribute: &str, fact: impl Into<Fact>, source: Source) -> Result<SourceRecord, IdentityError> {
        let attribute = Name::new(attribute)?;
        in_range(source.on()).map_err(|_| IdentityError::DateOutOfRange(source.on()))?;
        if self.attributes.contains_key(&attribute) {
            return Err(IdentityError::Twice(attribute));
        }
        self.attributes.insert(attribute, (fact.into(), source));
        Ok(self)
    }

    /// Which record of which system.
    pub const fn key(&self) -> &RecordKey {
        &self.key
    }

    /// What it says of an attribute.
    pub fn get(&self, attribute: &str) -> Option<&(Fact, Source)> {
        self.attributes.get(attribute)
    }

    /// All that it says, in order of name.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Name, &(Fact, Source))> {
        self.attributes.iter()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "SourceRecord")]
struct Wire {
    key: RecordKey,
    attributes: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    attribute: Name,
    fact: Fact,
    source: Source,
}

impl TryFrom<Wire> for SourceRecord {
    type Error = IdentityError;

    fn try_from(wire: Wire) -> Result<SourceRecord, IdentityError> {
        let record = SourceRecord::new(wire.key);
        wire.attributes.into_iter().try_fold(record, |record, e| record.with(&e.attribute, e.fact, e.source))
    }
}

impl From<SourceRecord> for Wire {
    fn from(record: SourceRecord) -> Wire {
        let entry = |(attribute, (fact, source))| Entry { attribute, fact, source };
        Wire { key: record.key, attributes: record.attributes.into_iter().map(entry).collect() }
    }
}
