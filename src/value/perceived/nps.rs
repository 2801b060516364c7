use super::{Measure, PerceivedError, Points, Question, Tally, answer::counted, tally::sealed::Sealed};
use crate::{
    money::Ratio,
    numeric::{count, normal_tail},
    quantity::{Confidence, Estimate},
};
use serde::{Deserialize, Serialize};

/// The one question of which a net promoter score is made. Answers run from 0, not at all likely, to 10, extremely likely.
///
/// Eleven points do not make another question this one:
///
/// ```compile_fail
/// use customer_value::value::perceived::{Csat, Points, Tally};
/// let satisfied = Tally::new(Csat::new(Points::ZERO_TO_TEN, 2).unwrap());
/// satisfied.nps(); // there is no such method
/// ```
#[doc(alias = "净推荐值")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NpsQuestion {
    /// How likely is it that you would recommend us to a friend or colleague?
    WouldRecommend,
}

impl Sealed for NpsQuestion {}

impl Question for NpsQuestion {
    fn points(&self) -> Points {
        Points::ZERO_TO_TEN
    }
}

impl Tally<NpsQuestion> {
    /// Promoters (9 and 10), passives (7 and 8) and detractors (0 to 6).
    pub fn nps(&self) -> Nps {
        Nps { promoters: self.between(9, 10), passives: self.between(7, 8), detractors: self.between(0, 6) }
    }

    /// The net promoter score of these answers with its [adjusted](Nps::estimate) interval.
    ///
    /// # Errors
    /// As [`Nps::estimate`].
    pub fn nps_measure(&self, confidence: Confidence) -> Result<Measure, PerceivedError> {
        Ok(self.measure(self.nps().estimate(confidence)?))
    }
}

/// The net promoter score (Reichheld 2003): the percentage of promoters less that of detractors, from −100 to 100.
///
/// Its only input is counts. Percentages that were rounded, or of a number of answers that is not known, cannot come in.
///
/// ```
/// use customer_value::{quantity::Confidence, value::perceived::Nps};
///
/// let nps = Nps::new(10, 0, 0)?; // ten promoters: the usual interval would say 100 ± 0
/// assert_eq!(nps.score().unwrap().to_string(), "100");
/// let adjusted = nps.estimate(Confidence::P95)?;
/// assert_eq!(format!("{:.1} ({:.1} to {:.0})", adjusted.value(), adjusted.low(), adjusted.high()), "76.9 (47.5 to 100)");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "净推荐值")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Nps {
    promoters: u64,
    passives: u64,
    detractors: u64,
}

impl Nps {
    /// So many promoters, passives and detractors.
    ///
    /// # Errors
    /// [`TooMany`](PerceivedError::TooMany) beyond 2⁶³ − 1 of all together.
    pub fn new(promoters: u64, passives: u64, detractors: u64) -> Result<Nps, PerceivedError> {
        counted(counted(promoters, passives)?, detractors)?;
        Ok(Nps { promoters, passives, detractors })
    }

    /// Takes in the counts of others.
    ///
    /// # Errors
    /// [`TooMany`](PerceivedError::TooMany) beyond 2⁶³ − 1 answers; nothing is taken in then.
    pub fn merge(&mut self, other: &Nps) -> Result<(), PerceivedError> {
        counted(self.answered(), other.answered())?;
        self.promoters += other.promoters;
        self.passives += other.passives;
        self.detractors += other.detractors;
        Ok(())
    }

    /// Those who answered 9 or 10.
    #[doc(alias = "推荐者")]
    pub const fn promoters(&self) -> u64 {
        self.promoters
    }

    /// Those who answered 7 or 8.
    #[doc(alias = "被动者")]
    pub const fn passives(&self) -> u64 {
        self.passives
    }

    /// Those who answered 0 to 6.
    #[doc(alias = "贬损者")]
    pub const fn detractors(&self) -> u64 {
        self.detractors
    }

    /// All of them.
    pub const fn answered(&self) -> u64 {
        self.promoters + self.passives + self.detractors
    }

    /// The score as it was observed, exactly, from −100 to 100; `None` without an answer.
    pub fn score(&self) -> Option<Ratio> {
        Ratio::new((i128::from(self.promoters) - i128::from(self.detractors)) * 100, self.answered().into()).ok()
    }

    /// The variance of one answer, where a promoter is 1, a passive 0 and a detractor −1: `p + d − (p − d)²` for the shares p and d. `None`
    /// without an answer.
    pub fn variance(&self) -> Option<Ratio> {
        let (p, d, n) = (i128::from(self.promoters), i128::from(self.detractors), i128::from(self.answered()));
        Ratio::new((p + d) * n - (p - d) * (p - d), n * n).ok() // below 2¹²⁶
    }

    /// The standard error of the score, in its points from −100 to 100; `None` without an answer.
    pub fn standard_error(&self) -> Option<f64> {
        Some(100.0 * libm::sqrt(self.variance()?.to_f64() / count(self.answered())))
    }

    /// The adjusted interval (Rocks 2016, "Interval estimation for the net promoter score"; after Agresti and Coull 1998, Bonett and Price
    /// 2012): ¾ of a promoter, 1½ passives and ¾ of a detractor are added to the counts, and the usual interval is taken of these:
    ///
    /// `s ± z·√((p + d − s²)/N)` with `N = n + 3`, `p = (promoters + ¾)/N`, `d = (detractors + ¾)/N`, `s = p − d`; cut off at ±100.
    ///
    /// It never shrinks to a point, however few the answers and however much they agree. The [`value`](Estimate::value) is its middle
    /// `s`, drawn towards zero; what was observed is the [`score`](Nps::score).
    ///
    /// # Errors
    /// [`TooFew`](PerceivedError::TooFew) without an answer.
    pub fn estimate(&self, confidence: Confidence) -> Result<Estimate, PerceivedError> {
        self.with_added(0.75, confidence)
    }

    /// The usual interval, `score ± z·`[`standard_error`](Nps::standard_error) (Wald), as many published figures have it. It is too narrow
    /// for few answers; prefer [`estimate`](Nps::estimate).
    ///
    /// # Errors
    /// [`TooFew`](PerceivedError::TooFew) without an answer; [`NoVariation`](PerceivedError::NoVariation) if all answers are of one kind,
    /// where it would claim to be certain.
    pub fn wald(&self, confidence: Confidence) -> Result<Estimate, PerceivedError> {
        let answered = self.answered();
        if answered > 0 && [self.promoters, self.passives, self.detractors].contains(&answered) {
            return Err(PerceivedError::NoVariation { answered });
        }
        self.with_added(0.0, confidence)
    }

    /// The usual interval with so many promoters and detractors more, and twice as many passives.
    fn with_added(&self, added: f64, confidence: Confidence) -> Result<Estimate, PerceivedError> {
        if self.answered() == 0 {
            return Err(PerceivedError::TooFew { answered: 0, least: 1 });
        }
        let n = count(self.answered()) + 4.0 * added;
        let (p, d) = ((count(self.promoters) + added) / n, (count(self.detractors) + added) / n);
        let s = p - d;
        let reach = normal_tail(confidence.tail()) * libm::sqrt((p + d - s * s).max(0.0) / n);
        Ok(Estimate::new(100.0 * s, (100.0 * (s - reach)).max(-100.0), (100.0 * (s + reach)).min(100.0), confidence)?)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Nps")]
struct Wire {
    promoters: u64,
    passives: u64,
    detractors: u64,
}

impl TryFrom<Wire> for Nps {
    type Error = PerceivedError;

    fn try_from(wire: Wire) -> Result<Nps, PerceivedError> {
        Nps::new(wire.promoters, wire.passives, wire.detractors)
    }
}

impl From<Nps> for Wire {
    fn from(nps: Nps) -> Wire {
        Wire { promoters: nps.promoters, passives: nps.passives, detractors: nps.detractors }
    }
}
