use super::{Weights, WeightsError, exact::check_names};
use crate::{money::Ratio, quantity::Name, score::ordered_sum};
use alloc::vec::Vec;

/// Two remainders nearer to each other than this part of the last place are equal: floating point cannot tell them apart.
const EQUAL: f64 = 1e-4;

/// Weights as floating point gives them: from zero up, adding up to one but for the last bits. To weigh with, [`freeze`](Shares::freeze)
/// them.
///
/// ```
/// use customer_value::{quantity::Name, score::weights::Shares};
///
/// let [a, b, c] = ["a", "b", "c"].map(|n| Name::new(n).unwrap());
/// let shares = Shares::new(vec![(a.clone(), 2.0), (b.clone(), 2.0), (c.clone(), 3.0)])?;
/// // Sevenths in hundredths: 28, 28, 42 and two left over. The largest remainders, of `c` (0.86), and of `a` and `b` (0.57 both).
/// assert_eq!(shares.freeze(2)?.weights.to_string(), "a 0.285, b 0.285, c 0.43");
/// # Ok::<(), customer_value::score::weights::WeightsError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Shares(Vec<(Name, f64)>);

/// Shares that have been rounded to weights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen {
    /// The weights, exactly one together.
    pub weights: Weights,
    /// The names whose share was zero, or was rounded to it. They are not among the weights.
    pub vanished: Vec<Name>,
}

impl Shares {
    /// Shares in proportion to numbers from zero up.
    ///
    /// # Errors
    /// [`NotAShare`](WeightsError::NotAShare) for `NaN`, `∞` and `-0.1`, and for `[0, 0]`, the name being the first;
    /// [`Nothing`](WeightsError::Nothing) for `[]`, [`Twice`](WeightsError::Twice) for a name given twice,
    /// [`TooMany`](WeightsError::TooMany) for 1,001.
    pub fn new(shares: Vec<(Name, f64)>) -> Result<Shares, WeightsError> {
        check_names(shares.iter().map(|(name, _)| name))?;
        let wrong = |(name, share): &(Name, f64)| Err(WeightsError::NotAShare { name: name.clone(), share: *share });
        if let Some(bad) = shares.iter().find(|(_, share)| !share.is_finite() || *share < 0.0) {
            return wrong(bad);
        }
        let largest = shares.iter().map(|(_, share)| *share).fold(0.0, f64::max);
        match shares.first() {
            Some(first) if largest <= 0.0 => return wrong(first),
            _ => {}
        }
        // By the largest first: a sum of large numbers would not fit.
        let total = ordered_sum(shares.iter().map(|(_, share)| share / largest).collect());
        Ok(Shares(shares.into_iter().map(|(name, share)| (name, share / largest / total)).collect()))
    }

    /// Weights that add up to one already, of names that differ.
    pub(super) fn of_weights(weights: Vec<(Name, f64)>) -> Shares {
        Shares(weights)
    }

    /// The share of a name; `None` for one that has none.
    pub fn of(&self, name: &str) -> Option<f64> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, share)| *share)
    }

    /// The names with their shares, in the order in which they were given.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Name, f64)> {
        self.0.iter().map(|(name, share)| (name, *share))
    }

    /// Rounds to `places` decimal places (1 to 9) so that the weights add up to exactly one: every share is cut to whole units of the
    /// last place, and the units left over go to the largest remainders (Hamilton 1792, 最大余数法).
    ///
    /// Where the last units fall on remainders that are equal, those share them equally, as exact fractions: three equal shares become
    /// `1/3` each, at any number of places. So equal shares get equal weights, whatever their order; a smaller share never gets more.
    /// Equal means: closer than 1/10,000 of the last place, directly or through others between them.
    ///
    /// # Errors
    /// [`BadPlaces`](WeightsError::BadPlaces) for 0 and for 10.
    pub fn freeze(&self, places: u8) -> Result<Frozen, WeightsError> {
        if !(1..=9).contains(&places) {
            return Err(WeightsError::BadPlaces(places));
        }
        let units = 10_i128.pow(places.into());
        // At most 10^9, which both types hold exactly.
        #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
        let cut = |share: f64| {
            let quota = share * units as f64;
            let whole = libm::floor(quota);
            (whole as i128, quota - whole)
        };
        let some: Vec<&(Name, f64)> = self.0.iter().filter(|(_, share)| *share > 0.0).collect();
        let quotas: Vec<(i128, f64)> = some.iter().map(|(_, share)| cut(*share)).collect();
        let left = usize::try_from(units - quotas.iter().map(|(whole, _)| whole).sum::<i128>()).unwrap_or(0).min(quotas.len());

        let mut falling: Vec<f64> = quotas.iter().map(|(_, remainder)| *remainder).collect();
        falling.sort_unstable_by(|a, b| b.total_cmp(a));
        // The remainders from `first` up to `end` are equal, and the last unit falls among them.
        let apart = |at: &usize| falling[at - 1] - falling[*at] > EQUAL;
        let first = (1..left).rev().find(apart).unwrap_or(0);
        let end = (left.max(1)..falling.len()).find(apart).unwrap_or(falling.len());
        let extra = |remainder: f64| {
            let above = falling.partition_point(|&other| other > remainder);
            match left {
                0 => (0, 1),
                _ if above < first => (1, 1),
                _ if above < end => (left - first, end - first),
                _ => (0, 1),
            }
        };

        let mut weights = Vec::new();
        for ((name, _), (whole, remainder)) in some.into_iter().zip(quotas) {
            let too_fine = || WeightsError::TooFine(name.clone());
            let (extra, among) = extra(remainder);
            let (extra, among) = (i128::try_from(extra).map_err(|_| too_fine())?, i128::try_from(among).map_err(|_| too_fine())?);
            let weight = Ratio::new(whole * among + extra, units * among).map_err(|_| too_fine())?;
            if weight > Ratio::ZERO {
                weights.push((name.clone(), weight));
            }
        }
        let weights = Weights::exact(weights)?;
        let vanished = self.0.iter().map(|(name, _)| name).filter(|name| weights.of(name).is_none()).cloned().collect();
        Ok(Frozen { weights, vanished })
    }
}
