use super::Facts;
use crate::quantity::{Fact, Name, NameError, Quantity, Source};
use alloc::collections::BTreeMap;
use core::fmt;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, value::MapAccessDeserializer},
};

/// Facts by dimension name. What is not on the sheet is unknown.
///
/// On the wire: `{"sales":{"known":{"value":"12.50","unit":{"money":"CNY"}}},"region":{"named":"华南"},"credit":"erased"}`; a fact
/// can say where it comes from: `{"named":"national","source":{"evidence":"survey","on":"2011-05-01","confidence":"0.8"}}`,
/// `{"absent":"erased","source":{…}}`.
///
/// ```
/// use customer_value::{money::{Currency, Money}, quantity::{Fact, Name, Quantity}, value::{Facts, FactSheet}};
///
/// let sheet = FactSheet::new()
///     .with("annual sales", Money::from_minor(10_000_000_00, Currency::CNY))?
///     .with("awareness", Quantity::number("0.6".parse()?))?
///     .with("region", Name::new("华南")?)?;
/// assert_eq!(sheet.fact("industry"), Fact::Unknown);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FactSheet(BTreeMap<Name, (Fact, Option<Source>)>);

impl FactSheet {
    /// An empty sheet: everything is unknown.
    pub const fn new() -> FactSheet {
        FactSheet(BTreeMap::new())
    }

    /// The sheet with one known quantity or name more, or a fact that is absent; a fact of the same name is replaced.
    ///
    /// # Errors
    /// [`NameError`] for the dimension `""`.
    pub fn with(mut self, dimension: &str, fact: impl Into<Fact>) -> Result<FactSheet, NameError> {
        self.set(Name::new(dimension)?, fact.into(), None);
        Ok(self)
    }

    /// Sets a fact and where it comes from; one of the same name is replaced.
    pub fn set(&mut self, dimension: Name, fact: Fact, source: Option<Source>) {
        self.0.insert(dimension, (fact, source));
    }

    /// The facts, in order of their names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Name, &Fact, Option<&Source>)> {
        self.0.iter().map(|(name, (fact, source))| (name, fact, source.as_ref()))
    }
}

impl Facts for FactSheet {
    fn fact(&self, dimension: &str) -> Fact {
        self.0.get(dimension).map_or(Fact::Unknown, |(fact, _)| fact.clone())
    }

    fn source(&self, dimension: &str) -> Option<Source> {
        self.0.get(dimension)?.1.clone()
    }
}

/// An entry of the sheet, as it is written and read.
struct Entry(Fact, Option<Source>);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Fact")]
struct Stated {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    known: Option<Quantity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    named: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    absent: Option<Fact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<Source>,
}

impl Serialize for Entry {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let source = self.1.clone();
        match &self.0 {
            Fact::Known(quantity) => Stated { known: Some(*quantity), named: None, absent: None, source }.serialize(to),
            Fact::Named(name) => Stated { known: None, named: Some(name.clone()), absent: None, source }.serialize(to),
            absent if source.is_some() => Stated { known: None, named: None, absent: Some(absent.clone()), source }.serialize(to),
            absent => absent.serialize(to),
        }
    }
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Entry, D::Error> {
        struct Visit;
        impl<'de> de::Visitor<'de> for Visit {
            type Value = Entry;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a fact: {\"known\":…}, {\"named\":…}, \"unknown\", \"not-applicable\" or \"erased\"")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Entry, E> {
                Fact::deserialize(de::value::StrDeserializer::new(text)).map(|fact| Entry(fact, None))
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Entry, A::Error> {
                match Stated::deserialize(MapAccessDeserializer::new(map))? {
                    Stated { known: Some(quantity), named: None, absent: None, source } => Ok(Entry(Fact::Known(quantity), source)),
                    Stated { known: None, named: Some(name), absent: None, source } => Ok(Entry(Fact::Named(name), source)),
                    Stated { known: None, named: None, absent: Some(fact), source } if fact.is_absent() => Ok(Entry(fact, source)),
                    _ => Err(de::Error::custom("a fact has one of \"known\", \"named\" and \"absent\"")),
                }
            }
        }
        from.deserialize_any(Visit)
    }
}

impl Serialize for FactSheet {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(name, (fact, source))| (name, Entry(fact.clone(), source.clone()))))
    }
}

/// A dimension that is given twice is refused: which of the two would count?
impl<'de> Deserialize<'de> for FactSheet {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<FactSheet, D::Error> {
        struct Visit;
        impl<'de> de::Visitor<'de> for Visit {
            type Value = FactSheet;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("facts by the names of their dimensions")
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<FactSheet, A::Error> {
                let mut sheet = FactSheet::new();
                while let Some((name, Entry(fact, source))) = map.next_entry::<Name, Entry>()? {
                    if sheet.0.contains_key(&name) {
                        return Err(de::Error::custom(format_args!("{name:?} is given twice")));
                    }
                    sheet.set(name, fact, source);
                }
                Ok(sheet)
            }
        }
        from.deserialize_map(Visit)
    }
}
