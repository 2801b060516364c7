use crate::{
    customer::party::PartyKind,
    money::MoneyError,
    quantity::{Name, Source},
};
use alloc::boxed::Box;
use chrono::NaiveDate;
use thiserror::Error;

/// What can be wrong with what is known of a customer. No error repeats what was stated: it may be personal data in the wrong place.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// Something is stated that the catalogue does not list.
    #[error("the catalogue has no fact {0:?}")]
    NotInCatalogue(Name),
    /// What is stated is in another unit, is no number where one is asked for, or is not on the list.
    #[error("what is stated as {0:?} is in another unit or not on its list; it is withheld")]
    DoesNotFit(Name),
    /// A statement that says nothing: not known, or erased.
    #[error("a statement that {0:?} is unknown or erased states nothing")]
    NothingStated(Name),
    /// Something is stated that cannot be known of such a party.
    #[error("a {kind} has no {fact:?}")]
    NotFor {
        /// The fact.
        fact: Name,
        /// The kind of party.
        kind: PartyKind,
    },
    /// The date of a statement lies outside the years 1 to 9999.
    #[error("date {0} is out of range: only the years 0001 to 9999 can be used")]
    DateOutOfRange(NaiveDate),
    /// Two sources contradict each other, and the resolution puts neither before the other.
    #[error("{fact:?} is stated differently by {:?} and {:?}, and neither goes before the other", one.evidence(), other.evidence())]
    Contradiction {
        /// The fact.
        fact: Name,
        /// One source.
        one: Box<Source>,
        /// Another source.
        other: Box<Source>,
    },
    /// A catalogue lists a fact twice, or a list or a ranking has a name twice.
    #[error("{0:?} is listed twice")]
    Twice(Name),
    /// A list of levels takes 2 to 100 names, any other list and a ranking at least one; a level is given by its list, not as a unit.
    #[error("{0:?} has no usable list")]
    BadList(Name),
    /// A fact that no kind of party has.
    #[error("{0:?} applies to nobody")]
    ForNobody(Name),
    /// The bounds of income bands do not rise, there is none, or there are more than 99.
    #[error("income bands need 1 to 99 bounds that rise")]
    BadBands,
    /// An amount in another currency.
    #[error(transparent)]
    Money(#[from] MoneyError),
}
