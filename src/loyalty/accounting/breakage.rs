use super::{AccountingError, Cohorts};
use crate::{
    loyalty::Points,
    money::{Ratio, Rounding},
    numeric::{count, normal_tail, quotient},
    quantity::{Confidence, Estimate, Share},
};
use alloc::vec::Vec;
use core::num::NonZeroU16;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, ToPrimitive, Zero};

/// The share of points that will be redeemed, and so of those that never will (*breakage*), from what became of earlier ones.
///
/// Points are followed from month to month after their issue, as claims are in a chain ladder: at each age stands the share of the points
/// then outstanding that was redeemed, and that expired, of all cohorts that have reached that age. Chained up they give the share that
/// is redeemed in the end (the cumulative incidence of Aalen and Johansen 1978, in months). So young cohorts are used for what they have
/// shown, and no cohort is taken for complete that is not.
///
/// It supposes that points of an age are treated now as they were before. A changed rule of expiry, or a new reward, is not foreseen.
///
/// ```
/// use customer_value::loyalty::{Points, accounting::{Breakage, Cohorts, Movement}};
/// use customer_value::money::Rounding;
///
/// let mut cohorts = Cohorts::new("2024-02-29".parse()?)?;
/// for (issued, redeemed, on) in [("2024-01-10", 40, "2024-01-20"), ("2024-01-10", 30, "2024-02-10"), ("2024-02-10", 60, "2024-02-20")] {
///     let issued = issued.parse()?;
///     cohorts.push(issued, Movement::Issued(Points::new(100)))?;
///     cohorts.push(issued, Movement::Redeemed { on: on.parse()?, points: Points::new(redeemed) })?;
/// }
/// // Points live for two months. In the first, 40 + 60 of 300 go; of the 160 of January that are left, 30 in the second.
/// let breakage = Breakage::of(&cohorts, 2.try_into()?)?;
/// assert_eq!(breakage.developments()[1].redeemed.to_string(), "30 of 160");
/// assert_eq!(breakage.redeemed(4, Rounding::HalfEven)?, "0.4583".parse()?); // 1/3 + 2/3 · 3/16
/// // The 40 of February that are left will bring 7.5.
/// assert_eq!(breakage.yet_to_come(Points::new(40), 1, Rounding::Floor), Points::new(7));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "沉淀率")]
#[doc(alias = "chain ladder")]
#[derive(Clone, Debug, PartialEq)]
pub struct Breakage {
    /// By age.
    developments: Vec<Development>,
    /// By age: the share of the points outstanding at its beginning that is redeemed from then on.
    redeemed: Vec<BigRational>,
    /// Pearson's sum over the cohorts of an age, and its degrees of freedom.
    differences: (f64, u64),
}

/// What became of points in the month of one age, out of those that were there at its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Development {
    /// The points redeemed.
    pub redeemed: Share,
    /// The points expired.
    pub expired: Share,
}

impl Development {
    /// The points still there at its end.
    fn left(&self) -> u64 {
        self.redeemed.whole() - self.redeemed.part() - self.expired.part()
    }
}

impl Breakage {
    /// From cohorts of points that can be used for so many months, that of the issue counted: 13 if points of a month live for twelve
    /// months more. What is left after them will never be redeemed.
    ///
    /// # Errors
    /// [`NothingIssued`](AccountingError::NothingIssued) without points; [`TooShort`](AccountingError::TooShort) if no cohort is so old,
    /// or none still had points at an age that others will reach with points;
    /// [`AfterHorizon`](AccountingError::AfterHorizon) if points were redeemed later than that; [`Share`](AccountingError::Share) for
    /// more than 2⁶⁴ − 1 points in all.
    pub fn of(cohorts: &Cohorts, months: NonZeroU16) -> Result<Breakage, AccountingError> {
        let needed = usize::from(months.get());
        // By age, of every cohort that has reached it: outstanding, redeemed, expired.
        let mut cells: Vec<Vec<(u64, u64, u64)>> = Vec::new();
        for cohort in cohorts.iter() {
            let mut there = cohort.issued().units();
            for age in 0..cohort.ages() {
                let at = |points: Option<Points>| points.map_or(0, Points::units);
                let (redeemed, expired) = (at(cohort.redeemed_at(age)), at(cohort.expired_at(age)));
                if age >= needed && redeemed > 0 {
                    let age = u32::try_from(age).unwrap_or(u32::MAX);
                    return Err(AccountingError::AfterHorizon { age, months: months.get().into() });
                }
                if age < needed && there > 0 {
                    cells.resize_with(cells.len().max(age + 1), Vec::new);
                    cells[age].push((there, redeemed, expired));
                }
                there -= redeemed + expired; // no more are used than were issued
            }
        }
        if cells.is_empty() {
            return Err(AccountingError::NothingIssued);
        }
        let mut developments = Vec::with_capacity(cells.len());
        for of_age in &cells {
            let add = |used: fn(&(u64, u64, u64)) -> u64| {
                of_age.iter().try_fold(Share::default(), |sum, cell| sum.try_add(Share::new(used(cell), cell.0)?))
            };
            developments.push(Development { redeemed: add(|cell| cell.1)?, expired: add(|cell| cell.2)? });
        }
        // Where points are left after the last age that was seen, it must be the last that they can be used in.
        let observed = developments.len();
        if observed < needed && developments.last().is_some_and(|last| last.left() > 0) {
            let observed = u32::try_from(observed).unwrap_or(u32::MAX);
            return Err(AccountingError::TooShort { observed, needed: months.get().into() });
        }
        let mut redeemed: Vec<BigRational> = Vec::with_capacity(observed);
        let mut later = BigRational::zero();
        for age in developments.iter().rev() {
            let left = BigRational::from_integer(age.left().into()) * later;
            later = (BigRational::from_integer(age.redeemed.part().into()) + left) / BigInt::from(age.redeemed.whole());
            redeemed.push(later.clone());
        }
        redeemed.reverse();
        let differences = differences(&cells, &developments);
        Ok(Breakage { developments, redeemed, differences })
    }

    /// What became of points at each age, from 0 on, up to the last at which any are left.
    pub fn developments(&self) -> &[Development] {
        &self.developments
    }

    /// The share of points issued that is redeemed in the end, rounded once, by name; `places` up to 28.
    /// [`PointsAlone`](super::PointsAlone) takes it.
    ///
    /// # Errors
    /// [`TooLarge`](AccountingError::TooLarge) for more than 28 places.
    pub fn redeemed(&self, places: u8, rounding: Rounding) -> Result<Ratio, AccountingError> {
        let power = 10_i128.checked_pow(places.into()).filter(|_| places <= 28).ok_or(AccountingError::TooLarge)?;
        let units = rounded(&(self.redeemed_from(0) * BigInt::from(power)), rounding).to_i128();
        Ok(Ratio::new(units.ok_or(AccountingError::TooLarge)?, power)?)
    }

    /// How many of so many points will be redeemed that are outstanding at the beginning of the month of that age, rounded once, by name.
    /// With those redeemed before they are the points expected in all: what [`catch_up`](super::DeferredRevenue::catch_up) asks for.
    pub fn yet_to_come(&self, outstanding: Points, age: usize, rounding: Rounding) -> Points {
        let units = rounded(&(self.redeemed_from(age) * BigInt::from(outstanding.units())), rounding);
        units.to_u64().map_or(outstanding, Points::new) // no more than there are
    }

    /// How much more the cohorts differ from each other at the same age than independent points would: Pearson's sum over its degrees of
    /// freedom (`McCullagh` and Nelder 1989), 1 at least. `None` without two cohorts to compare. Points are redeemed by the thousand, so
    /// that it is far above 1.
    pub fn dispersion(&self) -> Option<f64> {
        let (sum, degrees) = self.differences;
        (degrees > 0).then(|| (sum / count(degrees)).max(1.0))
    }

    /// The share of points issued that is never redeemed, with its interval.
    ///
    /// Greenwood's variance (1926), for points that are redeemed, expire or stay, times the [dispersion](Self::dispersion) between
    /// cohorts, on the scale of log odds, so that it stays inside 0 to 1. It tells chance, not a change of habits.
    ///
    /// # Errors
    /// [`OneCohort`](AccountingError::OneCohort) without two cohorts to compare; [`AllOrNone`](AccountingError::AllOrNone) if all points
    /// were redeemed at some age, or none at any; [`Estimate`](AccountingError::Estimate) if the interval cannot be computed.
    pub fn estimate(&self, confidence: Confidence) -> Result<Estimate, AccountingError> {
        let float = |exact: &BigRational| quotient(exact.numer(), exact.denom());
        let redeemed = float(&self.redeemed_from(0));
        let broken = float(&(BigRational::one() - self.redeemed_from(0)));
        if redeemed <= 0.0 || broken <= 0.0 {
            return Err(AccountingError::AllOrNone);
        }
        let dispersion = self.dispersion().ok_or(AccountingError::OneCohort)?;
        let (mut reached, mut variance) = (1.0, 0.0);
        for (age, step) in self.developments.iter().enumerate() {
            let whole = count(step.redeemed.whole());
            let (gone, left) = (count(step.redeemed.part()) / whole, count(step.left()) / whole);
            let (now, next) = (float(&self.redeemed_from(age)), float(&self.redeemed_from(age + 1)));
            // What a point of this age brings: 1 if redeemed, 0 if expired, `next` if it stays.
            variance += reached * reached / whole * (gone + left * next * next - now * now).max(0.0);
            reached *= left;
        }
        let reach = normal_tail(confidence.tail()) * libm::sqrt(dispersion * variance) / (redeemed * broken);
        let end = |reach: f64| broken / (broken + redeemed * libm::exp(reach));
        Ok(Estimate::new(broken, end(reach).min(broken), end(-reach).max(broken), confidence)?)
    }

    /// The share of points outstanding at the beginning of that age that is redeemed from then on.
    fn redeemed_from(&self, age: usize) -> BigRational {
        self.redeemed.get(age).cloned().unwrap_or_default()
    }
}

/// Pearson's sum over all cohorts at all ages at which some points were redeemed and some not, and its degrees of freedom.
fn differences(cells: &[Vec<(u64, u64, u64)>], developments: &[Development]) -> (f64, u64) {
    let (mut sum, mut degrees) = (0.0, 0);
    for (of_age, step) in cells.iter().zip(developments) {
        let (part, whole) = (step.redeemed.part(), step.redeemed.whole());
        if part == 0 || part == whole {
            continue;
        }
        let share = count(part) / count(whole);
        let rest = count(whole - part) / count(whole);
        for &(there, redeemed, _) in of_age {
            let off = count(redeemed) / count(there) - share;
            sum += count(there) * off * off / (share * rest);
        }
        degrees += of_age.len() as u64 - 1; // at least one cohort has points at each age
    }
    (sum, degrees)
}

/// A fraction, not below zero, as a whole number.
fn rounded(exact: &BigRational, rounding: Rounding) -> BigInt {
    let whole = exact.numer() / exact.denom();
    let rest = exact.numer() % exact.denom();
    let odd = (&whole % 2_u8) == BigInt::one();
    let away = !rest.is_zero() && rounding.goes_away(false, odd, (rest * 2_u8).cmp(exact.denom()));
    if away { whole + 1_u8 } else { whole }
}
