//! Settles returns against sales, as of a day.

use super::{Beyond, History, HistoryError, PurchaseDay, Purchases, ReturnPolicy, Returned, Unmatched, history::Tally};
use crate::{calendar::in_range, money::Money, quantity::Name};
use alloc::{
    boxed::Box,
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use chrono::NaiveDate;

impl History {
    /// Settles returns against sales, with what is known at the close of the day; later records are counted and left out.
    ///
    /// Cancellations and returns that name a sale reduce that sale; a cancellation gives back what is left at the close of its day, and
    /// returns of that sale on later days go beyond it. Then the unmatched returns are treated as the policy says, in order of date.
    ///
    /// # Errors
    /// [`NamesNoSale`](HistoryError::NamesNoSale), [`UnknownSale`](HistoryError::UnknownSale) and
    /// [`BeyondSale`](HistoryError::BeyondSale) where the policy refuses; [`Calendar`](HistoryError::Calendar) for a day out of range;
    /// [`Overflow`](HistoryError::Overflow) if the sums do not fit.
    #[doc(alias = "截至")]
    pub fn as_of(&self, as_of: NaiveDate, policy: ReturnPolicy) -> Result<Purchases, HistoryError> {
        Settlement::new(self, in_range(as_of)?, policy).finish()
    }
}

/// The work of [`History::as_of`], step by step.
struct Settlement<'a> {
    history: &'a History,
    as_of: NaiveDate,
    policy: ReturnPolicy,
    days: BTreeMap<NaiveDate, Tally>,
    matched: i128,
    assumed: i128,
    set_aside: i128,
    returns: u64,
    unmatched: u64,
    later: u64,
}

/// What came back.
#[derive(Default)]
struct Back<'a> {
    by_sale: BTreeMap<&'a Name, i128>,
    /// After the sale was cancelled, when nothing of it was left.
    too_late: BTreeMap<&'a Name, i128>,
    /// By date, then by the sale that is not known.
    unmatched: BTreeMap<(NaiveDate, Option<&'a Name>), i128>,
}

impl<'a> Settlement<'a> {
    fn new(history: &'a History, as_of: NaiveDate, policy: ReturnPolicy) -> Self {
        let days = BTreeMap::new();
        Settlement { history, as_of, policy, days, matched: 0, assumed: 0, set_aside: 0, returns: 0, unmatched: 0, later: 0 }
    }

    fn finish(mut self) -> Result<Purchases, HistoryError> {
        let back = self.sort_returns()?;
        self.place_sales(&back)?;
        for ((on, _), minor) in back.unmatched {
            self.place_unmatched(on, minor)?;
        }
        self.into_purchases()
    }

    /// Splits the returns into those with a known sale, summed by sale, and the others, by date.
    fn sort_returns(&mut self) -> Result<Back<'a>, HistoryError> {
        let history = self.history;
        let named = history.returns.values().map(|b| (b.of.as_ref(), b.on, 1, i128::from(b.minor)));
        let unnamed = history.unnamed_returns.iter().map(|((of, on), t)| (of.as_ref(), *on, t.count, t.minor));
        let mut back = Back::default();
        for (of, on, count, minor) in named.chain(unnamed) {
            if on > self.as_of {
                self.later += count;
                continue;
            }
            self.returns += count;
            match of {
                Some(sale) if self.knows(sale) && self.is_cancelled_before(sale, on) => {
                    *back.too_late.entry(sale).or_default() += minor;
                }
                Some(sale) if self.knows(sale) => *back.by_sale.entry(sale).or_default() += minor,
                _ => {
                    self.unmatched += count;
                    if self.policy.unmatched == Unmatched::Refuse {
                        return Err(match of {
                            Some(sale) => HistoryError::UnknownSale { sale: sale.clone(), on },
                            None => HistoryError::NamesNoSale { on, amount: self.money(minor)? },
                        });
                    }
                    *back.unmatched.entry((on, of)).or_default() += minor;
                }
            }
        }
        Ok(back)
    }

    fn knows(&self, sale: &Name) -> bool {
        self.history.sales.get(sale).is_some_and(|sold| sold.on <= self.as_of)
    }

    fn is_cancelled_before(&self, sale: &Name, on: NaiveDate) -> bool {
        self.history.cancellations.get(sale).is_some_and(|&cancelled| cancelled < on && cancelled <= self.as_of)
    }

    /// Puts what is left of each sale on its day.
    fn place_sales(&mut self, back: &Back<'_>) -> Result<(), HistoryError> {
        for (on, tally) in &self.history.unnamed_sales {
            if *on > self.as_of {
                self.later += tally.count;
            } else {
                self.days.entry(*on).or_default().add(tally.count, tally.minor);
            }
        }
        let cancelled = self.cancellations()?;
        for (id, sold) in &self.history.sales {
            if sold.on > self.as_of {
                self.later += 1;
                continue;
            }
            let sum = i128::from(sold.minor);
            let returned = back.by_sale.get(id).copied().unwrap_or(0);
            let is_cancelled = cancelled.contains(id);
            // A cancellation gives back what was left; returns after it go beyond the sale.
            let came_back = if is_cancelled { returned.max(sum) } else { returned };
            let too_late = back.too_late.get(id).copied().unwrap_or(0);
            self.set_aside += self.beyond(Some(id), sum, came_back + too_late)?;
            let taken = came_back.min(sum);
            self.matched += taken;
            let gone = is_cancelled || (taken == sum && taken > 0);
            if !gone {
                self.days.entry(sold.on).or_default().add(1, sum - taken);
            }
        }
        Ok(())
    }

    /// The sales that are called off as of the day.
    fn cancellations(&mut self) -> Result<BTreeSet<&'a Name>, HistoryError> {
        let mut cancelled = BTreeSet::new();
        for (sale, &on) in &self.history.cancellations {
            if on > self.as_of {
                self.later += 1;
                continue;
            }
            self.returns += 1;
            if self.knows(sale) {
                cancelled.insert(sale);
            } else if self.policy.unmatched == Unmatched::Refuse {
                return Err(HistoryError::UnknownSale { sale: sale.clone(), on });
            } else {
                self.unmatched += 1;
            }
        }
        Ok(cancelled)
    }

    fn place_unmatched(&mut self, on: NaiveDate, minor: i128) -> Result<(), HistoryError> {
        if self.policy.unmatched == Unmatched::SetAside {
            self.set_aside += minor;
            return Ok(());
        }
        let mut open = minor;
        for (_, day) in self.days.range_mut(..=on).rev() {
            let taken = open.min(day.minor);
            day.minor -= taken;
            open -= taken;
            if open == 0 {
                break;
            }
        }
        self.assumed += minor - open;
        self.set_aside += self.beyond(None, minor - open, minor)?;
        Ok(())
    }

    /// The part of `back` beyond `sold`, if the policy lets it pass.
    fn beyond(&self, sale: Option<&Name>, sold: i128, back: i128) -> Result<i128, HistoryError> {
        if back > sold && self.policy.beyond == Beyond::Refuse {
            let sale = sale.map(|s| Box::new(s.clone()));
            return Err(HistoryError::BeyondSale { sale, sold: self.money(sold)?, returned: self.money(back)? });
        }
        Ok((back - sold).max(0))
    }

    fn into_purchases(self) -> Result<Purchases, HistoryError> {
        let overflow = || HistoryError::Overflow(self.history.currency);
        let mut days = Vec::with_capacity(self.days.len());
        let (mut count, mut net) = (0_u32, 0_i128);
        for (&on, tally) in &self.days {
            let bought = u32::try_from(tally.count).map_err(|_| overflow())?;
            count = count.checked_add(bought).ok_or_else(overflow)?;
            net += tally.minor;
            days.push(PurchaseDay { on, count: bought, net: self.money(tally.minor)? });
        }
        let returned = Returned {
            matched: self.money(self.matched)?,
            assumed: self.money(self.assumed)?,
            set_aside: self.money(self.set_aside)?,
            count: self.returns,
            unmatched: self.unmatched,
        };
        Ok(Purchases { as_of: self.as_of, days, count, net: self.money(net)?, returned, later: self.later })
    }

    fn money(&self, minor: i128) -> Result<Money, HistoryError> {
        let currency = self.history.currency;
        i64::try_from(minor).map(|m| Money::from_minor(m, currency)).map_err(|_| HistoryError::Overflow(currency))
    }
}
