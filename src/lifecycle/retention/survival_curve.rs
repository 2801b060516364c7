use super::{RetentionError, Survival};
use crate::{
    money::Ratio,
    numeric::{count, normal_tail},
    quantity::{Confidence, Estimate},
};
use alloc::vec::Vec;
use core::cmp::Ordering;
use num_bigint::BigInt;
use num_traits::One;

/// The share of customers who stay longer than a time (Kaplan and Meier 1958), with right-censored observations.
///
/// At each time at which somebody left, the share falls by the part of those at risk who left: `S(t) = Π (n − d) / n`. At risk is who was
/// observed up to that time; a customer last seen at the very time of an event was at risk of it.
///
/// The counts are exact. Their product is too where it fits ([`SurvivalPoint::exact`]); everywhere it is a floating-point number in
/// which stretches without censoring are one division, so without censoring `S` is the plain share of those who are left.
#[doc(alias = "生存曲线")]
#[doc(alias = "Kaplan-Meier")]
#[derive(Clone, Debug, PartialEq)]
pub struct SurvivalCurve {
    points: Vec<SurvivalPoint>,
    last: Option<u32>,
}

/// The curve at a time at which somebody left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SurvivalPoint {
    /// The time.
    pub time: u32,
    /// Customers who were observed up to this time.
    pub at_risk: u64,
    /// Customers who left at this time, at least 1.
    pub left: u64,
    /// The share who stay longer.
    pub survival: f64,
    /// The same as an exact fraction, where its terms fit 128 bits.
    pub exact: Option<Ratio>,
    /// Greenwood's sum `Σ d / (n (n − d))` up to here; without meaning where nobody is left.
    greenwood: f64,
}

/// A time by which the share that is left has fallen to a level, with its interval. `None` is a time that the observations do not reach:
/// *later than the last one*, not zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SurvivalTime {
    /// The first time with no more than that share left.
    pub value: Option<u32>,
    /// The lower end of the interval.
    pub low: Option<u32>,
    /// The upper end of the interval.
    pub high: Option<u32>,
    /// How sure the interval is.
    pub confidence: Confidence,
}

impl SurvivalPoint {
    /// The standard error of the share (Greenwood 1926); `None` where nobody is left, for there it would be zero, as if that were sure.
    pub fn standard_error(&self) -> Option<f64> {
        (self.left < self.at_risk).then(|| self.survival * libm::sqrt(self.greenwood))
    }

    /// The share with its pointwise interval: Greenwood's variance on the scale of `log(−log S)` (Kalbfleisch and Prentice 1980).
    ///
    /// On that scale there are no bounds, so the interval stays inside 0 to 1 by itself, which `S ± z·se` does not; and it keeps its
    /// promise better for few customers (Borgan and Liestøl 1990). `None` where nobody is left: the scale ends there.
    pub fn estimate(&self, confidence: Confidence) -> Option<Estimate> {
        // Of very many customers one may leave without the share moving in 53 bits; there is no interval then either.
        if self.left == self.at_risk || self.survival <= 0.0 || self.survival >= 1.0 {
            return None;
        }
        let log = libm::log(self.survival);
        let reach = normal_tail(confidence.tail()) * libm::sqrt(self.greenwood) / -log;
        let end = |reach: f64| libm::exp(log * libm::exp(reach));
        let (low, high) = (end(reach).min(self.survival), end(-reach).max(self.survival));
        Estimate::new(self.survival, low, high, confidence).ok()
    }

    /// What the point adds to Greenwood's sum.
    fn term(&self) -> f64 {
        greenwood_term(self.at_risk, self.left)
    }
}

/// `d / (n (n − d))`; 0 where nobody is left, where nothing uses it.
fn greenwood_term(at_risk: u64, left: u64) -> f64 {
    let stay = at_risk - left;
    if stay == 0 { 0.0 } else { count(left) / count(at_risk) / count(stay) }
}

impl SurvivalCurve {
    pub(super) fn of(tally: &Survival) -> SurvivalCurve {
        let mut points: Vec<SurvivalPoint> = Vec::new();
        let (mut at_risk, mut survival, mut greenwood) = (tally.customers(), 1.0, 0.0);
        let mut exact = Some(Ratio::ONE);
        // The share, and the customers at risk, when somebody was last censored.
        let (mut share, mut of) = (survival, at_risk);
        for (&time, ends) in tally.times() {
            if ends.events > 0 {
                let stay = at_risk - ends.events;
                survival = share * (count(stay) / count(of));
                greenwood += greenwood_term(at_risk, ends.events);
                exact = exact.and_then(|s| lower(s, at_risk, stay));
                points.push(SurvivalPoint { time, at_risk, left: ends.events, survival, exact, greenwood });
            }
            at_risk -= ends.events + ends.censored;
            if ends.censored > 0 {
                (share, of) = (survival, at_risk);
            }
        }
        SurvivalCurve { points, last: tally.last() }
    }

    /// The times at which somebody left, in order; empty if nobody did.
    pub fn points(&self) -> &[SurvivalPoint] {
        &self.points
    }

    /// The longest observation; `None` of nobody.
    pub const fn last(&self) -> Option<u32> {
        self.last
    }

    /// The share who stay longer than that: 1 before anybody left. `None` beyond the longest observation, unless nobody is left by then,
    /// and always of nobody.
    pub fn at(&self, time: u32) -> Option<f64> {
        let last = self.last?;
        match self.point(time) {
            Some(point) if time <= last || point.left == point.at_risk => Some(point.survival),
            None if time <= last => Some(1.0),
            _ => None,
        }
    }

    /// The same with its interval, that of the last point up to then. `None` where [`at`](SurvivalCurve::at) is, before anybody left, and
    /// where nobody is left: Greenwood's variance says nothing there.
    pub fn estimate(&self, time: u32, confidence: Confidence) -> Option<Estimate> {
        self.at(time)?;
        self.point(time)?.estimate(confidence)
    }

    /// The first time by which half of the customers have left; see [`time_until`](SurvivalCurve::time_until).
    ///
    /// # Errors
    /// As [`time_until`](SurvivalCurve::time_until).
    #[doc(alias = "中位生存时间")]
    pub fn median(&self, confidence: Confidence) -> Result<SurvivalTime, RetentionError> {
        self.time_until(Ratio::new(1, 2).map_err(|_| RetentionError::NotBetween(Ratio::ZERO))?, confidence)
    }

    /// The first time with no more than that share left, compared exactly, so that a half is a half. Its interval holds the times whose
    /// own interval covers the share (Brookmeyer and Crowley 1982, on the scale of `log(−log S)`).
    ///
    /// Some programs give the middle of the stretch where the curve lies at the share exactly; this is its beginning, an observed time.
    ///
    /// # Errors
    /// [`NotBetween`](RetentionError::NotBetween) for 0 and 1; [`Nobody`](RetentionError::Nobody) of nobody.
    pub fn time_until(&self, share_left: Ratio, confidence: Confidence) -> Result<SurvivalTime, RetentionError> {
        if share_left <= Ratio::ZERO || share_left >= Ratio::ONE {
            return Err(RetentionError::NotBetween(share_left));
        }
        self.last.ok_or(RetentionError::Nobody)?;
        let level = share_left.to_f64();
        // `S` never rises, so the points part in two.
        let value = self.first(self.points_above(share_left));
        let ends = |end: fn(&Estimate) -> f64| {
            self.points.iter().find(|p| p.estimate(confidence).is_some_and(|e| end(&e) <= level)).map(|p| p.time)
        };
        let low = match (ends(Estimate::low), value) {
            (Some(low), Some(value)) => Some(low.min(value)),
            (low, value) => low.or(value),
        };
        let high = value.and_then(|value| ends(Estimate::high).map(|high| high.max(value)));
        Ok(SurvivalTime { value, low, high, confidence })
    }

    /// The mean time customers stay within the first `until` units: the area under the curve (Irwin 1949), with the variance of Kaplan
    /// and Meier. A mean without a limit would need to know what nobody has seen.
    ///
    /// # Errors
    /// [`NotObserved`](RetentionError::NotObserved) beyond the longest observation while somebody is left;
    /// [`Nobody`](RetentionError::Nobody) of nobody.
    pub fn restricted_mean(&self, until: u32, confidence: Confidence) -> Result<Estimate, RetentionError> {
        let last = self.last.ok_or(RetentionError::Nobody)?;
        self.at(until).ok_or(RetentionError::NotObserved { time: until, last })?;
        // From the end to the beginning: what is left of the area after each point.
        let (mut area, mut variance, mut end) = (0.0, 0.0, until);
        for point in self.points.iter().rev().filter(|p| p.time < until) {
            area += point.survival * f64::from(end - point.time);
            variance += area * area * point.term();
            end = point.time;
        }
        area += f64::from(end);
        let (area, most) = (area.min(f64::from(until)), f64::from(until));
        let reach = normal_tail(confidence.tail()) * libm::sqrt(variance);
        Ok(Estimate::new(area, (area - reach).max(0.0), (area + reach).min(most), confidence)?)
    }

    /// The last point up to a time.
    fn point(&self, time: u32) -> Option<&SurvivalPoint> {
        self.points[..self.points.partition_point(|p| p.time <= time)].last()
    }

    fn first(&self, index: usize) -> Option<u32> {
        self.points.get(index).map(|p| p.time)
    }

    /// How many points lie above a share.
    fn points_above(&self, share: Ratio) -> usize {
        let (mut low, mut high) = (0, self.points.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.compare(middle, share) == Ordering::Greater {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// Compares the share at a point, exactly.
    fn compare(&self, index: usize, share: Ratio) -> Ordering {
        let point = &self.points[index];
        if let Some(exact) = point.exact {
            return exact.cmp(&share);
        }
        // Every point adds at most two roundings, of 2⁻⁵³ each; far away from the share they cannot matter.
        let (difference, roundings) = (point.survival - share.to_f64(), 2 * index + 4);
        if difference.abs() > count(roundings as u64) * f64::EPSILON {
            return difference.total_cmp(&0.0);
        }
        let (mut stay, mut of) = (BigInt::one(), BigInt::one());
        let mut before = None;
        for point in &self.points[..=index] {
            if before != Some(point.at_risk) {
                stay *= before.unwrap_or(1);
                of *= point.at_risk;
            }
            before = Some(point.at_risk - point.left);
        }
        stay *= before.unwrap_or(1);
        (stay * share.denominator()).cmp(&(of * share.numerator()))
    }
}

/// `share · stay / at_risk`, if it fits.
fn lower(share: Ratio, at_risk: u64, stay: u64) -> Option<Ratio> {
    if stay == 0 { Some(Ratio::ZERO) } else { share.part_of(Ratio::new(at_risk.into(), stay.into()).ok()?) }
}
