use super::{Customer, FileError};
use crate::customer::privacy::Person;

/// A customer's file together with who that is: a full record, as it comes in. It is not written, and not graded, before it is taken
/// apart.
///
/// ```
/// use customer_value::{
///     customer::{
///         file::{Customer, Identified},
///         party::{BusinessModel, Party, Relationship, Role},
///         privacy::{Consent, CustomerKey, Person, Purpose, Vault},
///     },
///     money::Currency,
///     quantity::Name,
/// };
///
/// let (key, service) = (CustomerKey::new(0x5eed), Purpose::new("service")?);
/// let buyer = Relationship::new(BusinessModel::B2c, [Role::EndCustomer])?;
/// let mut customer = Customer::prospect(key, Party::Consumer, buyer, Currency::EUR)?;
/// customer.give(Consent::new(service.clone(), "2024-03-01".parse()?, Name::new("web form")?)?)?;
/// let full = Identified::new(customer, Person::new(key).named("Li Lei"))?;
///
/// let (customer, person) = full.pseudonymise();
/// let mut vault = Vault::new();
/// vault.admit(person, &customer.permit(&service, Name::new("intake")?, "2024-03-01".parse()?)?)?;
/// assert!(!serde_json::to_string(&customer)?.contains("Li Lei"));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// ```compile_fail,E0277
/// # use customer_value::customer::file::Identified;
/// fn f(full: &Identified) -> String { serde_json::to_string(full).unwrap() }
/// ```
#[derive(Debug)]
pub struct Identified {
    customer: Customer,
    person: Person,
}

impl Identified {
    /// The file and the person, which have the same key.
    ///
    /// # Errors
    /// [`AnotherCustomer`](FileError::AnotherCustomer) if they have not; [`Erased`](FileError::Erased) if the customer has been erased and
    /// no consent has been given since.
    pub fn new(customer: Customer, person: Person) -> Result<Identified, FileError> {
        if customer.key() != person.subject() {
            return Err(FileError::AnotherCustomer { file: customer.key(), other: person.subject() });
        }
        customer.allow_anew()?;
        Ok(Identified { customer, person })
    }

    /// The file.
    pub const fn customer(&self) -> &Customer {
        &self.customer
    }

    /// The person, closed.
    pub const fn person(&self) -> &Person {
        &self.person
    }

    /// Takes the record apart (去标识化): the file, which goes on without a name, and the person, who goes into the vault.
    #[doc(alias = "去标识化")]
    #[doc(alias = "假名化")]
    pub fn pseudonymise(self) -> (Customer, Person) {
        (self.customer, self.person)
    }
}
