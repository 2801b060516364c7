use alloc::{borrow::Cow, string::String, sync::Arc};
use core::{borrow::Borrow, fmt, ops::Deref};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

/// A short text that names or explains something: a dimension, a grade, a rule, the reason given for it.
///
/// 1 to 200 characters, no control characters, no blanks at the ends. Cloning is cheap: decisions share the names of their model.
///
/// ```
/// use customer_value::quantity::Name;
///
/// let name = Name::new("annual sales")?;
/// assert_eq!(name.as_str(), "annual sales");
/// assert!(Name::new("").is_err());
/// assert!(Name::new("line\nbreak").is_err());
/// # Ok::<(), customer_value::quantity::NameError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Arc<str>);

/// A text that is no [`Name`]: empty, longer than 200 characters, with a control character, or with a blank at an end.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0:?} is not a name: it takes 1 to 200 characters, none of them control characters, no blank at either end")]
pub struct NameError(pub String);

impl Name {
    /// Checks and keeps the text.
    ///
    /// # Errors
    /// [`NameError`] for `""`, `" A"`, `"A\n"` and texts of more than 200 characters.
    pub fn new(text: &str) -> Result<Name, NameError> {
        let good = !text.is_empty() && text.chars().count() <= 200 && !text.chars().any(char::is_control) && text.trim() == text;
        if good { Ok(Name(text.into())) } else { Err(NameError(text.into())) }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

impl TryFrom<&str> for Name {
    type Error = NameError;

    fn try_from(text: &str) -> Result<Name, NameError> {
        Name::new(text)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Name, D::Error> {
        Name::new(&Cow::<str>::deserialize(from)?).map_err(de::Error::custom)
    }
}
