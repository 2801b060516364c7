use super::{Consents, CustomerKey, Detail, PrivacyError, Purpose};
use crate::{calendar::in_range, quantity::Name};
use chrono::NaiveDate;
use core::marker::PhantomData;
use serde::{Deserialize, Serialize};

/// What makes the use of personal data lawful: article 6(1) of the GDPR, article 13 of the Personal Information Protection Law of the PRC.
#[doc(alias = "法律依据")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The customer has consented.
    Consent,
    /// A contract with the customer cannot be performed otherwise: an address to deliver to.
    Contract,
    /// A law demands it: the identity of who opens an account.
    LegalObligation,
    /// Somebody's life or health is at stake.
    VitalInterest,
    /// A task in the public interest.
    PublicTask,
    /// An interest of the firm that outweighs the customer's; PIPL knows no such ground.
    LegitimateInterest,
}

/// A ground other than consent for using a customer's data for a purpose, declared by the firm, from a day on.
///
/// On the wire: `{"basis":"contract","purpose":"delivery","from":"2024-03-01","until":"2025-03-01","because":"order 17"}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Ground {
    from: NaiveDate,
    basis: Basis,
    purpose: Purpose,
    until: Option<NaiveDate>,
    because: Name,
}

impl Ground {
    /// The ground, the purpose it is for, the first day on which it holds and the first on which it no longer does, and the reason.
    ///
    /// # Errors
    /// [`ConsentIsGiven`](PrivacyError::ConsentIsGiven) for [`Basis::Consent`];
    /// [`EndsBeforeItBegins`](PrivacyError::EndsBeforeItBegins) for a ground of no day;
    /// [`DateOutOfRange`](PrivacyError::DateOutOfRange) for the year 10000.
    pub fn new(
        basis: Basis,
        purpose: Purpose,
        from: NaiveDate,
        until: Option<NaiveDate>,
        because: Name,
    ) -> Result<Ground, PrivacyError> {
        if basis == Basis::Consent {
            return Err(PrivacyError::ConsentIsGiven);
        }
        for day in [Some(from), until].into_iter().flatten() {
            in_range(day).map_err(|_| PrivacyError::DateOutOfRange(day))?;
        }
        match until {
            Some(until) if until <= from => Err(PrivacyError::EndsBeforeItBegins { on: from, until }),
            _ => Ok(Ground { from, basis, purpose, until, because }),
        }
    }

    /// The kind of ground.
    pub const fn basis(&self) -> Basis {
        self.basis
    }

    /// What for.
    pub const fn purpose(&self) -> &Purpose {
        &self.purpose
    }

    /// The first day on which it holds.
    pub const fn from(&self) -> NaiveDate {
        self.from
    }

    /// The first day on which it no longer holds, if there is one.
    pub const fn until(&self) -> Option<NaiveDate> {
        self.until
    }

    /// The reason.
    pub const fn because(&self) -> &Name {
        &self.because
    }

    /// Whether it holds on a day.
    pub fn holds(&self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }

    /// A permit on this ground, for one customer's data, one user and one day. A ground does not know whose it is: that it is this
    /// customer's is for the caller to see to. [`Customer::permit`](crate::customer::file::Customer::permit) does, and is the way to ask
    /// wherever there is a file.
    ///
    /// # Errors
    /// [`NoBasis`](PrivacyError::NoBasis) on a day on which it does not hold.
    pub fn permit(&self, subject: CustomerKey, by: Name, on: NaiveDate) -> Result<Permit<'_>, PrivacyError> {
        if !self.holds(on) {
            return Err(PrivacyError::NoBasis { purpose: self.purpose.clone(), on });
        }
        let (purpose, basis, since) = (self.purpose.clone(), self.basis, self.from);
        Ok(Permit { subject, purpose, basis, since, by, on, rests_on: PhantomData })
    }
}

/// Leave to open one customer's personal data for one purpose on one day. It comes from a consent that holds, or from another
/// [`Ground`], and from nowhere else: it has no public fields and is not read from JSON.
///
/// It borrows what it rests on. Nobody can withdraw a consent, or erase the customer, while a permit from it is in use:
///
/// ```compile_fail,E0502
/// use customer_value::customer::privacy::{Consents, CustomerKey, Purpose, Withdrawal};
/// use customer_value::quantity::Name;
///
/// fn f(mut consents: Consents, purpose: &Purpose, by: Name, on: chrono::NaiveDate) {
///     let permit = consents.permit(CustomerKey::new(1), purpose, by, on).unwrap();
///     consents.withdraw(Withdrawal::of_all(on)).unwrap();
///     println!("{permit:?}"); // still in use
/// }
/// ```
///
/// Nor can it be made by hand, or read:
///
/// ```compile_fail,E0451
/// use customer_value::customer::privacy::{Basis, CustomerKey, Permit, Purpose};
///
/// fn f(permit: Permit<'static>) -> Permit<'static> {
///     Permit { basis: Basis::Consent, ..permit }
/// }
/// ```
///
/// ```compile_fail,E0277
/// let permit: customer_value::customer::privacy::Permit<'_> = serde_json::from_str("{}").unwrap();
/// ```
#[doc(alias = "许可")]
#[derive(Debug)]
pub struct Permit<'a> {
    subject: CustomerKey,
    purpose: Purpose,
    basis: Basis,
    /// The day since which the consent or the ground holds.
    since: NaiveDate,
    by: Name,
    on: NaiveDate,
    rests_on: PhantomData<&'a ()>,
}

impl Permit<'_> {
    /// Whose data may be opened.
    pub const fn subject(&self) -> CustomerKey {
        self.subject
    }

    /// What for.
    pub const fn purpose(&self) -> &Purpose {
        &self.purpose
    }

    /// What allows it.
    pub const fn basis(&self) -> Basis {
        self.basis
    }

    /// The day on which.
    pub const fn on(&self) -> NaiveDate {
        self.on
    }

    /// Whether it rests on a consent that was given after that day.
    pub(super) fn is_consent_after(&self, day: NaiveDate) -> bool {
        self.basis == Basis::Consent && self.since > day
    }

    /// Checks that it is for this customer's data, and writes the receipt.
    pub(super) fn admit(&self, subject: CustomerKey, what: Detail) -> Result<Access, PrivacyError> {
        if subject != self.subject {
            return Err(PrivacyError::AnotherSubject { subject, permitted: self.subject });
        }
        Ok(Access { by: self.by.clone(), subject, what, purpose: self.purpose.clone(), basis: self.basis, on: self.on })
    }
}

impl Consents {
    /// A permit from a consent that holds: for the data of the customer whose consents these are, for a purpose, for one user
    /// (a person, a department, a program) and one day.
    ///
    /// Consents do not know whose they are: that they are the subject's is for the caller to see to, and another customer's key would get
    /// a permit too. [`Customer::permit`](crate::customer::file::Customer::permit) asks a customer's own, and is the way wherever there is
    /// a file.
    ///
    /// # Errors
    /// [`NoBasis`](PrivacyError::NoBasis) without a consent to the use of data for that purpose that holds on that day.
    pub fn permit(&self, subject: CustomerKey, purpose: &Purpose, by: Name, on: NaiveDate) -> Result<Permit<'_>, PrivacyError> {
        let consent = self.live(purpose, None, on).ok_or_else(|| PrivacyError::NoBasis { purpose: purpose.clone(), on })?;
        let (purpose, since) = (purpose.clone(), consent.on());
        Ok(Permit { subject, purpose, basis: Basis::Consent, since, by, on, rests_on: PhantomData })
    }
}

/// The receipt of one look at personal data: who saw what of whom, for what, on which ground, when. Keep it: it is the log that an
/// auditor asks for.
#[doc(alias = "访问记录")]
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Access {
    /// Who opened it.
    pub by: Name,
    /// Whose data it is.
    pub subject: CustomerKey,
    /// Which data.
    pub what: Detail,
    /// What for.
    pub purpose: Purpose,
    /// What allowed it.
    pub basis: Basis,
    /// When.
    pub on: NaiveDate,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Ground")]
struct Wire {
    basis: Basis,
    purpose: Purpose,
    from: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<NaiveDate>,
    because: Name,
}

impl TryFrom<Wire> for Ground {
    type Error = PrivacyError;

    fn try_from(w: Wire) -> Result<Ground, PrivacyError> {
        Ground::new(w.basis, w.purpose, w.from, w.until, w.because)
    }
}

impl From<Ground> for Wire {
    fn from(g: Ground) -> Wire {
        Wire { basis: g.basis, purpose: g.purpose, from: g.from, until: g.until, because: g.because }
    }
}
