use super::{Access, CustomerKey, Permit, PrivacyError};
use crate::quantity::Name;
use core::fmt;
use serde::{Deserialize, Serialize};

/// What a piece of personal data is.
///
/// On the wire: `"name"`, `"birth"`, `"gender"`, `{"contact":"e-mail"}`, `{"other":"passport"}`, `"admission"`, `"export"`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Detail {
    /// The name (姓名).
    #[doc(alias = "姓名")]
    Name,
    /// The day of birth, from which an age follows (年龄).
    #[doc(alias = "年龄")]
    Birth,
    /// The gender (性别).
    #[doc(alias = "性别")]
    Gender,
    /// How to reach the person over a channel (联系方式).
    #[doc(alias = "联系方式")]
    Contact(Name),
    /// Anything else: a passport number, the number in another system.
    Other(Name),
    /// The whole person, put into the vault.
    Admission,
    /// The whole person, taken out of the vault in writing.
    Export,
}

/// A piece of personal data, closed: it knows whose it is and what it is, and shows neither itself nor whether it equals a guess.
///
/// [`open`](Pii::open) is the only way to the value, and leaves a receipt. `Debug` prints `[redacted]`. There is no `Display`, no
/// `Serialize`, no `PartialEq` or `Hash` (whoever can compare can guess), no `Clone` (a copy would survive its erasure). When it is dropped
/// its memory is given back, not overwritten.
///
/// ```
/// use customer_value::customer::privacy::{Consent, Consents, CustomerKey, Detail, Pii, Purpose};
/// use customer_value::quantity::Name;
///
/// let (li, delivery) = (CustomerKey::new(7), Purpose::new("delivery")?);
/// let name = Pii::new(li, Detail::Name, "Li Lei");
/// assert_eq!(format!("{name:?}"), "[redacted]");
///
/// let mut consents = Consents::new();
/// consents.give(Consent::new(delivery.clone(), "2024-03-01".parse()?, Name::new("order form")?)?);
/// let permit = consents.permit(li, &delivery, Name::new("dispatch")?, "2024-03-09".parse()?)?;
/// let (opened, receipt) = name.open(&permit)?;
/// assert_eq!((*opened, receipt.what), ("Li Lei", Detail::Name));
///
/// let of_another = Pii::new(CustomerKey::new(8), Detail::Name, "Han Meimei");
/// assert!(of_another.open(&permit).is_err());
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// What does not compile: printing, writing, comparing, copying it,
///
/// ```compile_fail,E0277
/// # use customer_value::customer::privacy::Pii;
/// fn f(name: Pii<String>) -> String { format!("{name}") }
/// ```
///
/// ```compile_fail,E0277
/// # use customer_value::customer::privacy::Pii;
/// fn f(name: Pii<String>) -> String { serde_json::to_string(&name).unwrap() }
/// ```
///
/// ```compile_fail,E0369
/// # use customer_value::customer::privacy::Pii;
/// fn f(a: Pii<String>, b: Pii<String>) -> bool { a == b }
/// ```
///
/// ```compile_fail,E0599
/// # use customer_value::customer::privacy::Pii;
/// fn f(name: Pii<String>) -> Pii<String> { name.clone() }
/// ```
///
/// and a name in a score, as a fact of a customer or as where facts are read from:
///
/// ```compile_fail,E0277
/// use customer_value::{customer::privacy::Pii, quantity::Name, value::FactSheet};
///
/// fn f(name: Pii<Name>) { FactSheet::new().with("name", name).unwrap(); }
/// ```
///
/// ```compile_fail,E0277
/// use customer_value::{customer::privacy::Person, score::ScoreModel};
///
/// fn f(model: &ScoreModel, person: &Person, on: chrono::NaiveDate) { model.score(person, on).unwrap(); }
/// ```
#[doc(alias = "个人信息")]
pub struct Pii<T> {
    subject: CustomerKey,
    what: Detail,
    value: T,
}

impl<T> Pii<T> {
    /// Closes a piece of personal data.
    pub const fn new(subject: CustomerKey, what: Detail, value: T) -> Pii<T> {
        Pii { subject, what, value }
    }

    /// Whose it is.
    pub const fn subject(&self) -> CustomerKey {
        self.subject
    }

    /// What it is.
    pub const fn what(&self) -> &Detail {
        &self.what
    }

    /// The value, and the receipt for having seen it.
    ///
    /// # Errors
    /// [`AnotherSubject`](PrivacyError::AnotherSubject) for a permit that is for another customer's data.
    pub fn open(&self, permit: &Permit<'_>) -> Result<(&T, Access), PrivacyError> {
        Ok((&self.value, permit.admit(self.subject, self.what.clone())?))
    }

    /// The value, for writing it where a permit has been shown.
    pub(super) const fn value(&self) -> &T {
        &self.value
    }
}

impl<T> fmt::Debug for Pii<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
