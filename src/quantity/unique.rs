use alloc::{collections::BTreeMap, format};
use core::{fmt, marker::PhantomData};
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};

/// Reads a map in which no key occurs twice, for `#[serde(deserialize_with)]`: serde itself would silently keep the last of two values, and
/// which of them was meant nobody could tell.
pub(crate) fn unique_keys<'de, D, K, V>(from: D) -> Result<BTreeMap<K, V>, D::Error>
where
    D: Deserializer<'de>,
    K: Deserialize<'de> + Ord + fmt::Debug,
    V: Deserialize<'de>,
{
    from.deserialize_map(Unique(PhantomData))
}

/// The same of a map that may be absent.
pub(crate) fn some_unique_keys<'de, D, K, V>(from: D) -> Result<Option<BTreeMap<K, V>>, D::Error>
where
    D: Deserializer<'de>,
    K: Deserialize<'de> + Ord + fmt::Debug,
    V: Deserialize<'de>,
{
    Ok(Option::<UniqueKeys<K, V>>::deserialize(from)?.map(|map| map.0))
}

/// The same of a map within another type.
#[derive(Deserialize)]
#[serde(transparent, bound = "K: Deserialize<'de> + Ord + fmt::Debug, V: Deserialize<'de>")]
pub(crate) struct UniqueKeys<K, V>(#[serde(deserialize_with = "unique_keys")] pub(crate) BTreeMap<K, V>);

struct Unique<K, V>(PhantomData<(K, V)>);

impl<'de, K: Deserialize<'de> + Ord + fmt::Debug, V: Deserialize<'de>> Visitor<'de> for Unique<K, V> {
    type Value = BTreeMap<K, V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map in which no key occurs twice")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<BTreeMap<K, V>, A::Error> {
        let mut map = BTreeMap::new();
        while let Some(key) = entries.next_key()? {
            if map.contains_key(&key) {
                return Err(A::Error::custom(format!("{key:?} occurs twice as a key")));
            }
            map.insert(key, entries.next_value()?);
        }
        Ok(map)
    }
}
