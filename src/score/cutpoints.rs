use super::{
    ScoreError,
    quantile::{Place, Quantile},
    select::order_statistics,
};
use crate::{
    money::decimal::{self, FINE_PLACES},
    quantity::{Column, Interval, Ties},
};
use alloc::{vec, vec::Vec};
use core::fmt;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Frozen cuts of a scale: `n` cuts make `n + 1` bins, and every value has exactly one bin.
///
/// Two neighbouring cuts may be equal: the bin between them is empty, and the numbers of the others stay what they are. On the wire:
/// `{"cuts":["90","365"],"ties":"to-lower"}`.
///
/// ```
/// use customer_value::{quantity::Ties, score::Cutpoints};
///
/// let cuts = Cutpoints::new(vec!["10000000.00".parse()?], Ties::ToUpper)?;
/// assert_eq!(cuts.bin("10000000".parse()?), 1); // 以上: the bound itself is in
/// assert_eq!(cuts.bin("9999999.99".parse()?), 0);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "分割点")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Cutpoints {
    cuts: Vec<Decimal>,
    ties: Ties,
}

/// Cutpoints fresh from a population, and what came of the wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fitted {
    /// The cutpoints, to be frozen.
    pub cutpoints: Cutpoints,
    /// The number of bins asked for.
    pub asked: u8,
    /// How many members of the population each bin holds, the lowest values first.
    pub customers: Vec<usize>,
}

impl Fitted {
    /// The number of bins that hold anybody. Fewer than asked means that too many are equal.
    pub fn obtained(&self) -> u8 {
        u8::try_from(self.customers.iter().filter(|&&n| n > 0).count()).unwrap_or(u8::MAX)
    }

    /// The number of members of the population.
    pub fn population(&self) -> usize {
        self.customers.iter().sum()
    }
}

impl Cutpoints {
    /// Cuts given by hand.
    ///
    /// # Errors
    /// [`ScoreError::BadBins`] for no cut and for more than 99; [`ScoreError::FallingCuts`] for 365, 90.
    pub fn new(cuts: Vec<Decimal>, ties: Ties) -> Result<Cutpoints, ScoreError> {
        check_bins(cuts.len() + 1)?;
        if let Some(at) = (1..cuts.len()).find(|&i| cuts[i] < cuts[i - 1]) {
            return Err(ScoreError::FallingCuts { at, cut: cuts[at] });
        }
        // One text for one value, so that equal models print alike.
        Ok(Cutpoints { cuts: cuts.into_iter().map(|c| c.normalize()).collect(), ties })
    }

    /// Cuts that part a population into bins of equal size, as nearly as equal values allow: the `k/bins` quantiles.
    ///
    /// A cut between two values is rounded, half even, to 12 decimal places, or to two more than the values have if that is more.
    ///
    /// # Errors
    /// [`ScoreError::EmptyPopulation`]; [`ScoreError::BadBins`] for fewer than 2 or more than 100 bins.
    pub fn fit(sample: &[Decimal], bins: u8, quantile: Quantile, ties: Ties) -> Result<Fitted, ScoreError> {
        let mut sorted = sample.to_vec();
        sorted.sort_unstable();
        let places = places(sorted.len(), bins, quantile)?;
        let cuts = places.iter().map(|p| at_place(p, |rank| sorted[rank])).collect::<Result<_, _>>()?;
        let cutpoints = Cutpoints::new(cuts, ties)?;
        let mut customers = vec![0; usize::from(bins)];
        for value in sample {
            customers[usize::from(cutpoints.bin(*value))] += 1;
        }
        Ok(Fitted { cutpoints, asked: bins, customers })
    }

    /// As [`fit`](Cutpoints::fit), for a column.
    ///
    /// # Errors
    /// As [`fit`](Cutpoints::fit); [`ScoreError::ColumnPlaces`] for a column of more than 18 decimal places.
    pub fn fit_column(column: &Column<'_>, bins: u8, quantile: Quantile, ties: Ties) -> Result<Fitted, ScoreError> {
        check_places(column.places)?;
        let places = places(column.values.len(), bins, quantile)?;
        let last = column.values.len() - 1;
        let mut ranks: Vec<usize> = places.iter().flat_map(|p| [p.rank, last.min(p.rank + 1)]).collect();
        ranks.sort_unstable();
        ranks.dedup();
        let found = order_statistics(column.values, &ranks);
        let value = |rank| {
            let at = ranks.binary_search(&rank).unwrap_or(0);
            decimal::from_fixed(found[at].into(), column.places)
        };
        let cuts = places.iter().map(|p| at_place(p, value)).collect::<Result<_, _>>()?;
        let cutpoints = Cutpoints::new(cuts, ties)?;
        let mut customers = vec![0; usize::from(bins)];
        let fixed = cutpoints.fixed(column.places)?;
        for &value in column.values {
            customers[usize::from(fixed.bin(value))] += 1;
        }
        Ok(Fitted { cutpoints, asked: bins, customers })
    }

    /// The cuts, lowest first.
    pub fn cuts(&self) -> &[Decimal] {
        &self.cuts
    }

    /// Where a value exactly on a cut goes.
    pub const fn ties(&self) -> Ties {
        self.ties
    }

    /// The number of bins, 2 to 100.
    pub fn bins(&self) -> u8 {
        u8::try_from(self.cuts.len() + 1).unwrap_or(u8::MAX)
    }

    /// The bin of a value, counted from 0 for the lowest values. Every value has one.
    pub fn bin(&self, value: Decimal) -> u8 {
        let passed = match self.ties {
            Ties::ToLower => self.cuts.partition_point(|&cut| cut < value),
            Ties::ToUpper => self.cuts.partition_point(|&cut| cut <= value),
        };
        u8::try_from(passed).unwrap_or(u8::MAX)
    }

    /// The bins of a column.
    ///
    /// # Errors
    /// [`ScoreError::ColumnPlaces`] for a column of more than 18 decimal places.
    pub fn bins_of(&self, column: &Column<'_>) -> Result<Vec<u8>, ScoreError> {
        let fixed = self.fixed(column.places)?;
        Ok(column.values.iter().map(|&v| fixed.bin(v)).collect())
    }

    /// The values that a bin holds; the last bin's for a number beyond it.
    pub fn interval(&self, bin: u8) -> Interval {
        let bin = usize::from(bin).min(self.cuts.len());
        let lower = bin.checked_sub(1).map(|below| self.cuts[below]);
        Interval { lower, upper: self.cuts.get(bin).copied(), ties: self.ties }
    }

    /// The same cuts for values in fixed point, exactly.
    pub(crate) fn fixed(&self, places: u8) -> Result<FixedCuts, ScoreError> {
        check_places(places)?;
        let mut fixed = FixedCuts { always: 0, above: Vec::new() };
        for cut in &self.cuts {
            // `value > cut` is `fixed > floor(cut · 10^places)`; `value >= cut` is `fixed > ceil(cut · 10^places) − 1`.
            let least = match self.ties {
                Ties::ToLower => cut.mantissa(),
                Ties::ToUpper => cut.mantissa() - 1,
            };
            let scale = u8::try_from(cut.scale()).unwrap_or(0);
            let whole = match decimal::power_of_ten(scale.abs_diff(places)) {
                Some(power) if scale >= places => Some(least.div_euclid(power)),
                Some(power) => cut.mantissa().checked_mul(power).map(|scaled| scaled - (cut.mantissa() - least)),
                None => None,
            };
            match whole.map(i64::try_from) {
                Some(Ok(bound)) => fixed.above.push(bound),
                // Beyond 64 bits, a cut is below or above every value.
                _ if cut.is_sign_negative() => fixed.always += 1,
                _ => {}
            }
        }
        Ok(fixed)
    }
}

/// Cuts in fixed point: a value's bin is `always` and one for each bound it is above.
#[derive(Clone, Debug)]
pub(crate) struct FixedCuts {
    always: u8,
    above: Vec<i64>,
}

impl FixedCuts {
    /// The bins of many values. Four cuts at a time stay in registers while the values pass by.
    pub(crate) fn bins(&self, values: &[i64]) -> Vec<u8> {
        let mut bins = vec![self.always; values.len()];
        let (fours, rest) = self.above.as_chunks();
        for &[a, b, c, d] in fours {
            let add = |(bin, &v): (&mut u8, &i64)| *bin += u8::from(v > a) + u8::from(v > b) + u8::from(v > c) + u8::from(v > d);
            bins.iter_mut().zip(values).for_each(add);
        }
        for &bound in rest {
            bins.iter_mut().zip(values).for_each(|(bin, &value)| *bin += u8::from(value > bound));
        }
        bins
    }

    #[allow(clippy::cast_possible_truncation)] // at most 99
    pub(crate) fn bin(&self, value: i64) -> u8 {
        self.always + self.above.iter().map(|&bound| u8::from(value > bound)).sum::<u8>()
    }
}

/// Ten to the power of a column's places.
pub(super) fn check_places(places: u8) -> Result<i128, ScoreError> {
    let power = if places <= 18 { decimal::power_of_ten(places) } else { None };
    power.ok_or(ScoreError::ColumnPlaces(places))
}

fn check_bins(bins: usize) -> Result<(), ScoreError> {
    if (2..=100).contains(&bins) { Ok(()) } else { Err(ScoreError::BadBins(bins)) }
}

/// Where the cuts lie among `n` sorted values.
fn places(n: usize, bins: u8, quantile: Quantile) -> Result<Vec<Place>, ScoreError> {
    check_bins(bins.into())?;
    if n == 0 {
        return Err(ScoreError::EmptyPopulation);
    }
    Ok((1..bins).map(|k| quantile.place(n, k.into(), bins.into())).collect())
}

/// The value at a place between two order statistics.
fn at_place(place: &Place, value: impl Fn(usize) -> Decimal) -> Result<Decimal, ScoreError> {
    let low = value(place.rank);
    if place.part == 0 {
        return Ok(low);
    }
    let high = value(place.rank + 1);
    let between = || {
        let way = high.checked_sub(low)?.checked_mul(place.part.into())?.checked_div(place.whole.into())?;
        let places = u32::from(FINE_PLACES).max(low.scale().max(high.scale()) + 2).min(Decimal::MAX_SCALE);
        Some(low.checked_add(way)?.round_dp(places).clamp(low, high))
    };
    between().ok_or(ScoreError::CutOutOfRange(low, high))
}

impl fmt::Display for Cutpoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, cut) in self.cuts.iter().enumerate() {
            write!(f, "{}{cut}", if i == 0 { "" } else { " | " })?;
        }
        f.write_str(match self.ties {
            Ties::ToLower => " (ties to lower)",
            Ties::ToUpper => " (ties to upper)",
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Cutpoints")]
struct Wire {
    #[serde(with = "decimal::list")]
    cuts: Vec<Decimal>,
    ties: Ties,
}

impl TryFrom<Wire> for Cutpoints {
    type Error = ScoreError;

    fn try_from(wire: Wire) -> Result<Cutpoints, ScoreError> {
        Cutpoints::new(wire.cuts, wire.ties)
    }
}

impl From<Cutpoints> for Wire {
    fn from(c: Cutpoints) -> Wire {
        Wire { cuts: c.cuts, ties: c.ties }
    }
}
