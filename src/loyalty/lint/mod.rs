//! What is suspicious about a scheme, although it is sound: a rounding that pays for splitting orders, a status that nobody can reach,
//! points that are worth more than what earned them, an expiry that is forbidden where the members live.
//!
//! [`Programme::lint`] looks at the terms alone, on a day, and gives [`Finding`]s: data with the numbers that show them, a
//! [severity](Finding::severity), and a text that says what and why. What is said to be impossible is; the reverse is not claimed.
//!
//! | question | findings |
//! |---|---|
//! | Does every part do something? | [`DeadRule`], [`IdleCap`], [`NeverEarned`], [`CountsForNothing`] and others |
//! | Can members get where they are promised? | [`Unreachable`], [`CapBelowAward`], [`DiesPending`] |
//! | Does it pay to be clever? | [`RoundingPaysForSplitting`], [`PointsOnPoints`], [`WorthMoreThanPaid`] and others |
//! | What is left after a return? | [`KeptAfterReturn`], [`StatusKeptAfterReturn`], [`StatusByBalance`] |
//! | Does it pay to rise? | [`HigherEarnsLess`], [`HigherPaysMore`] |
//! | May points expire so? | [`ExpiresByTime`], [`TransferExpiresByTime`], [`InactivityTooShort`], [`NoticeOutside`], [`NoNotice`] |
//!
//! [`DeadRule`]: Finding::DeadRule
//! [`IdleCap`]: Finding::IdleCap
//! [`NeverEarned`]: Finding::NeverEarned
//! [`CountsForNothing`]: Finding::CountsForNothing
//! [`Unreachable`]: Finding::Unreachable
//! [`CapBelowAward`]: Finding::CapBelowAward
//! [`DiesPending`]: Finding::DiesPending
//! [`RoundingPaysForSplitting`]: Finding::RoundingPaysForSplitting
//! [`PointsOnPoints`]: Finding::PointsOnPoints
//! [`WorthMoreThanPaid`]: Finding::WorthMoreThanPaid
//! [`KeptAfterReturn`]: Finding::KeptAfterReturn
//! [`StatusKeptAfterReturn`]: Finding::StatusKeptAfterReturn
//! [`StatusByBalance`]: Finding::StatusByBalance
//! [`HigherEarnsLess`]: Finding::HigherEarnsLess
//! [`HigherPaysMore`]: Finding::HigherPaysMore
//! [`ExpiresByTime`]: Finding::ExpiresByTime
//! [`TransferExpiresByTime`]: Finding::TransferExpiresByTime
//! [`InactivityTooShort`]: Finding::InactivityTooShort
//! [`NoticeOutside`]: Finding::NoticeOutside
//! [`NoNotice`]: Finding::NoNotice

mod finding;
mod jurisdiction;
mod kinds;
mod look;
mod rates;
mod reach;
mod rules;
mod suppose;
mod text;

pub use crate::tier::lint::Severity;
pub use finding::{Dead, Finding, Goal, Shortage};
pub use jurisdiction::{ExpiryLaw, Jurisdiction};

use super::Programme;
use alloc::vec::Vec;
use chrono::NaiveDate;
use core::cmp::Reverse;
use look::Look;

impl Programme {
    /// What is suspicious about the scheme for purchases and deeds from a day on, under the laws of some places. The gravest come first;
    /// the order in which the terms list rules, kinds and rewards does not matter.
    ///
    /// ```
    /// use customer_value::{
    ///     calendar::Zone,
    ///     loyalty::{
    ///         Expiry, Points, Programme,
    ///         earning::{Basis, EarningPolicy, EarningRules, Give, Rule, Trigger},
    ///         programme::{Kind, ReturnBasis, Returns, Terms, Worth},
    ///     },
    ///     money::{Currency, Rounding},
    ///     quantity::Name,
    /// };
    ///
    /// let mut kind = Kind::spendable(Name::new("points")?, Expiry::Never);
    /// kind.redemption.worth = Some(Worth { points: Points::new(100), money: "1.00 EUR".parse()? });
    /// let give = Give::PerAmount { points: Points::new(1), per: "1.00 EUR".parse()? };
    /// let rules = vec![Rule::new(Name::new("base")?, kind.name.clone(), Trigger::Purchase, give)];
    /// let rounding = Rounding::Ceiling;
    /// let policy = EarningPolicy { basis: Basis::NET, rounding, times_at_most: None, grades: vec![], rules };
    /// let scheme = Programme::new(Terms {
    ///     revision: Name::new("2026-1")?,
    ///     zone: Zone::UTC,
    ///     currency: Currency::EUR,
    ///     kinds: vec![kind],
    ///     earning: EarningRules::new(policy)?,
    ///     returns: Returns { by: ReturnBasis::Line, rounding: Rounding::Floor },
    ///     occasions: Default::default(),
    ///     ladder: None,
    ///     rewards: vec![],
    ///     benefits: vec![],
    /// })?;
    /// let findings = scheme.lint("2026-01-01".parse()?, &[]);
    /// assert_eq!(findings.len(), 1);
    /// assert_eq!(
    ///     findings[0].to_string(),
    ///     "Rounded up, two orders of 0.50 EUR earn 2 points by rule \"base\", and one of 1.00 EUR earns 1: it pays to split orders.",
    /// );
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[doc(alias = "方案检查")]
    pub fn lint(&self, as_of: NaiveDate, jurisdictions: &[Jurisdiction]) -> Vec<Finding> {
        let mut findings = Vec::new();
        let look = Look::new(self, as_of, &mut findings);
        rules::findings(&look, &mut findings);
        rates::findings(&look, &mut findings);
        reach::findings(&look, &mut findings);
        kinds::findings(&look, jurisdictions, &mut findings);
        findings.sort_by_key(|finding| Reverse(finding.severity()));
        findings
    }
}
