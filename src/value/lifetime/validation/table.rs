use super::{Split, ValidationError};
use crate::{
    calendar::days_from,
    customer::{CustomerBase, History, ReturnPolicy},
    money::Money,
    value::{
        RepeatPurchases,
        lifetime::{GapCounts, LifetimeError, PurchaseCounts, Summary},
    },
};
use alloc::{collections::BTreeMap, vec::Vec};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One customer on both sides of a [`Split`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldOut {
    /// What was known at the split: the summary, and the value of the repeat days, without the first.
    pub calibration: RepeatPurchases,
    /// Days with purchases in the holdout, none of which is a first.
    pub purchases: u32,
    /// What these days come to, as it stands at the end.
    pub value: Money,
    /// Purchases on the same day as another, on both sides; each day counts once.
    pub merged: u64,
}

/// What customers did before a [`Split`] and after it: how many customers with each [`Summary`] bought on how many days of the holdout,
/// and on which days all of them bought again. Tables of one split merge, whatever the order and the splitting of customers.
///
/// Only customers who had bought by the split are in it; those who [came later](Holdout::late) are counted.
#[doc(alias = "calibration and holdout")]
#[doc(alias = "留出样本")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Holdout {
    split: Split,
    rows: BTreeMap<Summary, BTreeMap<u32, u64>>,
    /// Repeat purchases by day, on both sides.
    repeats: BTreeMap<NaiveDate, u64>,
    /// Before the split.
    gaps: GapCounts,
    totals: Totals,
}

/// Every count in the table is a part of one of these, and fits where they do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Totals {
    customers: u64,
    repeats: u64,
    purchases: u64,
    active: u64,
    late: u64,
    merged: u64,
}

impl Totals {
    fn plus(self, more: Totals) -> Option<Totals> {
        let repeats = self.repeats.checked_add(more.repeats)?;
        let purchases = self.purchases.checked_add(more.purchases)?;
        repeats.checked_add(purchases)?;
        Some(Totals {
            customers: self.customers.checked_add(more.customers)?,
            repeats,
            purchases,
            active: self.active.checked_add(more.active)?,
            late: self.late.checked_add(more.late)?,
            merged: self.merged.checked_add(more.merged)?,
        })
    }
}

/// All customers with one summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoldoutRow {
    /// What was known of them at the split.
    pub summary: Summary,
    /// How many they are.
    pub customers: u64,
    /// Days with purchases in the holdout, of all together.
    pub purchases: u64,
    /// How many bought in the holdout.
    pub active: u64,
}

impl Holdout {
    /// A table without customers.
    pub const fn new(split: Split) -> Holdout {
        let totals = Totals { customers: 0, repeats: 0, purchases: 0, active: 0, late: 0, merged: 0 };
        Holdout { split, rows: BTreeMap::new(), repeats: BTreeMap::new(), gaps: GapCounts::new(), totals }
    }

    /// The table of a base.
    ///
    /// # Errors
    /// As [`push`](Holdout::push).
    pub fn of<K>(base: &CustomerBase<K>, split: Split, policy: ReturnPolicy) -> Result<Holdout, ValidationError> {
        let mut table = Holdout::new(split);
        base.iter().try_for_each(|(_, history)| table.push(history, policy).map(drop))?;
        Ok(table)
    }

    /// Adds a customer, and says what was added: `None` for who had not bought by the split. Returns are settled twice, with what is known
    /// at the split and with what is known at the end; later records are left out.
    ///
    /// # Errors
    /// As [`History::as_of`] where the policy refuses returns; [`ValidationError::TooMany`] beyond 2⁶⁴ − 1 of anything. The table stays
    /// as it was.
    pub fn push(&mut self, history: &History, policy: ReturnPolicy) -> Result<Option<HeldOut>, ValidationError> {
        let known = history.as_of(self.split.as_of(), policy)?;
        let end = history.as_of(self.split.end(), policy)?;
        let later = &end.days()[end.days().partition_point(|day| day.on <= self.split.as_of())..];
        let Some(calibration) = RepeatPurchases::of(&known) else {
            let late = u64::from(!later.is_empty());
            self.totals = self.totals.plus(Totals { late, ..Totals::default() }).ok_or(ValidationError::TooMany)?;
            return Ok(None);
        };
        let summary = Summary::try_from(&calibration)?;
        let purchases = u32::try_from(later.len()).map_err(|_| ValidationError::TooMany)?;
        let merged = known.days().iter().chain(later).map(|day| u64::from(day.count) - 1).sum();
        let customer = Totals {
            customers: 1,
            repeats: calibration.x.into(),
            purchases: purchases.into(),
            active: (purchases > 0).into(),
            late: 0,
            merged,
        };
        let totals = self.totals.plus(customer).ok_or(ValidationError::TooMany)?;
        self.gaps.add(&known)?;
        self.totals = totals;
        *self.rows.entry(summary).or_default().entry(purchases).or_default() += 1;
        for day in known.days().iter().skip(1).chain(later) {
            *self.repeats.entry(day.on).or_default() += 1;
        }
        Ok(Some(HeldOut { calibration, purchases, value: end.within(self.split.holdout()).1, merged }))
    }

    /// Adds the customers of another table of the same split.
    ///
    /// # Errors
    /// [`ValidationError::SplitsDiffer`], and [`ValidationError::TooMany`] as for [`push`](Holdout::push). The table stays as it was.
    pub fn merge(&mut self, other: &Holdout) -> Result<(), ValidationError> {
        if self.split != other.split {
            return Err(ValidationError::SplitsDiffer);
        }
        let totals = self.totals.plus(other.totals).ok_or(ValidationError::TooMany)?;
        self.gaps.merge(&other.gaps)?;
        self.totals = totals;
        for (summary, purchases, customers) in other.distribution() {
            *self.rows.entry(summary).or_default().entry(purchases).or_default() += customers;
        }
        for (day, repeats) in &other.repeats {
            *self.repeats.entry(*day).or_default() += repeats;
        }
        Ok(())
    }

    /// Where the histories were cut.
    pub const fn split(&self) -> Split {
        self.split
    }

    /// How many customers with a summary bought on so many days of the holdout: (summary, days, customers), in order.
    pub fn distribution(&self) -> impl Iterator<Item = (Summary, u32, u64)> {
        self.rows.iter().flat_map(|(summary, of)| of.iter().map(|(purchases, customers)| (*summary, *purchases, *customers)))
    }

    /// One row a summary, in order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = HoldoutRow> {
        self.rows.iter().map(|(summary, of)| {
            let row = HoldoutRow { summary: *summary, customers: 0, purchases: 0, active: 0 };
            of.iter().fold(row, |row, (purchases, customers)| HoldoutRow {
                customers: row.customers + customers,
                purchases: row.purchases + u64::from(*purchases) * customers,
                active: row.active + if *purchases > 0 { *customers } else { 0 },
                ..row
            })
        })
    }

    /// The summaries at the split: what a model is fitted on.
    ///
    /// # Errors
    /// None for a table that could be made.
    pub fn calibration(&self) -> Result<PurchaseCounts, LifetimeError> {
        let mut counts = PurchaseCounts::new();
        self.distribution().try_for_each(|(summary, _, customers)| counts.push(summary, customers))?;
        Ok(counts)
    }

    /// The gaps between purchases up to the split.
    pub const fn gaps(&self) -> &GapCounts {
        &self.gaps
    }

    /// How many repeat purchases were made on each day, on both sides of the split, in order.
    pub fn repeats(&self) -> impl ExactSizeIterator<Item = (NaiveDate, u64)> {
        self.repeats.iter().map(|(day, repeats)| (*day, *repeats))
    }

    /// Number of customers.
    pub const fn customers(&self) -> u64 {
        self.totals.customers
    }

    /// Days with purchases in the holdout, of all together.
    pub const fn purchases(&self) -> u64 {
        self.totals.purchases
    }

    /// How many customers bought in the holdout.
    pub const fn active(&self) -> u64 {
        self.totals.active
    }

    /// Customers left out because their first purchase came after the split.
    pub const fn late(&self) -> u64 {
        self.totals.late
    }

    /// Purchases that were made on the same day as another of the same customer, and count once with it.
    pub const fn merged(&self) -> u64 {
        self.totals.merged
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Holdout")]
struct Wire {
    split: Split,
    /// Summary, days with purchases in the holdout, customers.
    rows: Vec<(Summary, u32, u64)>,
    repeats: Vec<(NaiveDate, u64)>,
    gaps: GapCounts,
    late: u64,
    merged: u64,
}

impl TryFrom<Wire> for Holdout {
    type Error = ValidationError;

    fn try_from(w: Wire) -> Result<Holdout, ValidationError> {
        let (split, mut table) = (w.split, Holdout::new(w.split));
        let mut totals = Totals { late: w.late, merged: w.merged, ..Totals::default() };
        // Days from the first purchases to the last; u128 holds every sum of the gaps.
        let (mut spans, mut longest) = (0_u128, 0);
        for (summary, purchases, customers) in w.rows.into_iter().filter(|row| row.2 > 0) {
            if purchases > split.days() || summary.x() > summary.t_x_days() {
                return Err(ValidationError::Contradiction("more purchases than days"));
            }
            let all = |number: u32| u64::from(number).checked_mul(customers);
            let (Some(repeats), Some(purchases_of_all)) = (all(summary.x()), all(purchases)) else {
                return Err(ValidationError::TooMany);
            };
            let active = if purchases > 0 { customers } else { 0 };
            let more = Totals { customers, repeats, purchases: purchases_of_all, active, late: 0, merged: 0 };
            totals = totals.plus(more).ok_or(ValidationError::TooMany)?;
            spans += u128::from(summary.t_x_days()) * u128::from(customers);
            longest = longest.max(summary.t_days());
            *table.rows.entry(summary).or_default().entry(purchases).or_default() += customers;
        }
        let first = days_from(split.as_of(), 0_i32.saturating_sub_unsigned(longest))?;
        let (mut before, mut after) = (0_u64, 0_u64);
        for (day, repeats) in w.repeats.into_iter().filter(|row| row.1 > 0) {
            if day <= first || day > split.end() {
                return Err(ValidationError::Contradiction("a repeat purchase outside the days of observation"));
            }
            let side = if day <= split.as_of() { &mut before } else { &mut after };
            *side = side.checked_add(repeats).ok_or(ValidationError::TooMany)?;
            *table.repeats.entry(day).or_default() += repeats;
        }
        if (before, after) != (totals.repeats, totals.purchases) {
            return Err(ValidationError::Contradiction("repeat purchases by customer and by day"));
        }
        let gaps: u128 = w.gaps.rows().map(|(days, times)| u128::from(days.get()) * u128::from(times)).sum();
        if w.gaps.total() != totals.repeats || gaps != spans {
            return Err(ValidationError::Contradiction("gaps and repeat purchases"));
        }
        Ok(Holdout { gaps: w.gaps, totals, ..table })
    }
}

impl From<Holdout> for Wire {
    fn from(table: Holdout) -> Wire {
        Wire {
            split: table.split,
            rows: table.distribution().collect(),
            late: table.totals.late,
            merged: table.totals.merged,
            repeats: table.repeats.into_iter().collect(),
            gaps: table.gaps,
        }
    }
}
