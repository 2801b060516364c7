use super::{Collection, CreditError, collection::Item};
use crate::{
    calendar::in_range,
    money::{Currency, Money},
    quantity::Name,
};
use alloc::{collections::BTreeMap, vec::Vec};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a customer has to pay, and until when.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invoice {
    /// Its number.
    pub id: Name,
    /// The day of issue.
    pub issued: NaiveDate,
    /// The last day on which a payment is on time.
    pub due: NaiveDate,
    /// What is to be paid, above zero.
    pub amount: Money,
}

/// What a customer has paid of an invoice, all or part.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    /// Its own number.
    pub id: Name,
    /// The invoice.
    pub of: Name,
    /// The day on which it came in.
    pub on: NaiveDate,
    /// What came in, above zero.
    pub amount: Money,
}

/// The invoices and payments of one customer, in one currency.
///
/// Like a [`History`](crate::customer::History) it is a commutative monoid: it merges in any order, a repeated delivery changes nothing,
/// and a payment may arrive before its invoice.
///
/// ```
/// use customer_value::{customer::credit::{Invoice, Payment, Receivables}, money::Currency, quantity::Name};
///
/// let mut owed = Receivables::new(Currency::EUR);
/// let (id, issued, due) = (Name::new("R1")?, "2024-01-01".parse()?, "2024-01-31".parse()?);
/// owed.invoice(Invoice { id: id.clone(), issued, due, amount: "100 EUR".parse()? })?;
/// owed.payment(Payment { id: Name::new("Z1")?, of: id, on: "2024-02-10".parse()?, amount: "60 EUR".parse()? })?;
///
/// let now = owed.as_of("2024-03-01".parse()?)?;
/// assert_eq!(now.exposure()?.to_string(), "40.00 EUR");
/// assert_eq!(now.days_overdue(), Some(30));
/// assert_eq!(now.days_to_pay().map(|d| d.to_string()).as_deref(), Some("40"));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "应收账款")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Receivables {
    currency: Currency,
    invoices: BTreeMap<Name, Invoice>,
    payments: BTreeMap<Name, Payment>,
}

impl Receivables {
    /// Nothing to be paid, in a currency.
    pub const fn new(currency: Currency) -> Receivables {
        Receivables { currency, invoices: BTreeMap::new(), payments: BTreeMap::new() }
    }

    /// The currency it is kept in.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// Number of invoices and payments.
    pub fn len(&self) -> usize {
        self.invoices.len() + self.payments.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds an invoice.
    ///
    /// # Errors
    /// Nothing changes on an error: [`Money`](CreditError::Money) for another currency, [`NotPositive`](CreditError::NotPositive) for
    /// 0.00 EUR, [`DueBeforeIssue`](CreditError::DueBeforeIssue), [`DateOutOfRange`](CreditError::DateOutOfRange) for the year 10000,
    /// [`Conflict`](CreditError::Conflict) for a known number with other content.
    pub fn invoice(&mut self, invoice: Invoice) -> Result<(), CreditError> {
        self.check(invoice.amount, [invoice.issued, invoice.due])?;
        if invoice.due < invoice.issued {
            return Err(CreditError::DueBeforeIssue { issued: invoice.issued, due: invoice.due });
        }
        keep(&mut self.invoices, invoice.id.clone(), invoice)
    }

    /// Adds a payment.
    ///
    /// # Errors
    /// As [`invoice`](Receivables::invoice). Whether its invoice is there, and not overpaid, is asked at a date.
    pub fn payment(&mut self, payment: Payment) -> Result<(), CreditError> {
        self.check(payment.amount, [payment.on; 2])?;
        keep(&mut self.payments, payment.id.clone(), payment)
    }

    /// Takes in another part of the same customer's invoices and payments.
    ///
    /// # Errors
    /// Nothing changes on an error: [`Money`](CreditError::Money) for another currency, [`Conflict`](CreditError::Conflict) for a number
    /// with other content.
    pub fn merge(&mut self, other: &Receivables) -> Result<(), CreditError> {
        Money::zero(self.currency).try_add(Money::zero(other.currency))?;
        let mut both = self.clone();
        other.invoices.values().try_for_each(|invoice| both.invoice(invoice.clone()))?;
        other.payments.values().try_for_each(|payment| both.payment(payment.clone()))?;
        *self = both;
        Ok(())
    }

    /// How the customer pays, from what was issued and what came in by the close of a day. A payment ahead of its invoice counts from the
    /// day on which the invoice is issued, as one that took no days.
    ///
    /// # Errors
    /// [`UnknownInvoice`](CreditError::UnknownInvoice) for a payment whose invoice is not there;
    /// [`Overpaid`](CreditError::Overpaid) if more was paid of an invoice than it is.
    pub fn as_of(&self, day: NaiveDate) -> Result<Collection, CreditError> {
        let issued = self.invoices.iter().filter(|(_, invoice)| invoice.issued <= day);
        let mut items: BTreeMap<&Name, Item> = issued.map(|(id, invoice)| (id, Item::new(invoice))).collect();
        for payment in self.payments.values().filter(|payment| payment.on <= day) {
            let unknown = || CreditError::UnknownInvoice { payment: payment.id.clone(), invoice: payment.of.clone() };
            match items.get_mut(&payment.of) {
                Some(item) => item.pay(payment),
                None if self.invoices.contains_key(&payment.of) => {} // to be issued
                None => return Err(unknown()),
            }
        }
        for (id, item) in &items {
            if item.paid > item.minor {
                let paid =
                    i64::try_from(item.paid).map_or(Err(self.overflow()), |minor| Ok(Money::from_minor(minor, self.currency)))?;
                let amount = self.invoices.get(*id).map_or(Money::zero(self.currency), |invoice| invoice.amount);
                return Err(CreditError::Overpaid { invoice: (*id).clone(), amount, paid });
            }
        }
        Ok(Collection::new(day, self.currency, items.into_values().collect()))
    }

    fn check(&self, amount: Money, days: [NaiveDate; 2]) -> Result<(), CreditError> {
        Money::zero(self.currency).try_add(amount)?;
        if amount.minor() <= 0 {
            return Err(CreditError::NotPositive(amount));
        }
        days.into_iter().try_for_each(|day| in_range(day).map(|_| ()).map_err(|_| CreditError::DateOutOfRange(day)))
    }

    fn overflow(&self) -> CreditError {
        crate::money::MoneyError::Overflow { currency: self.currency }.into()
    }
}

/// New content is kept, equal content changes nothing, other content is refused.
fn keep<T: PartialEq>(map: &mut BTreeMap<Name, T>, id: Name, content: T) -> Result<(), CreditError> {
    match map.get(&id) {
        Some(known) if *known != content => Err(CreditError::Conflict(id)),
        Some(_) => Ok(()),
        None => {
            map.insert(id, content);
            Ok(())
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Receivables")]
struct Wire {
    currency: Currency,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    invoices: Vec<Invoice>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    payments: Vec<Payment>,
}

impl TryFrom<Wire> for Receivables {
    type Error = CreditError;

    fn try_from(wire: Wire) -> Result<Receivables, CreditError> {
        let mut all = Receivables::new(wire.currency);
        wire.invoices.into_iter().try_for_each(|invoice| all.invoice(invoice))?;
        wire.payments.into_iter().try_for_each(|payment| all.payment(payment))?;
        Ok(all)
    }
}

impl From<Receivables> for Wire {
    fn from(all: Receivables) -> Wire {
        let (invoices, payments) = (all.invoices.into_values().collect(), all.payments.into_values().collect());
        Wire { currency: all.currency, invoices, payments }
    }
}
