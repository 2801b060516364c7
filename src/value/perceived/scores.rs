use super::{PerceivedError, answer::counted};
use crate::{
    money::Ratio,
    numeric::{Share, count, normal_tail, student_tail},
    quantity::{Confidence, Estimate},
};
use alloc::collections::BTreeMap;

/// The scores of many persons: how many have which. Equal scores are one entry, so the order of persons cannot be seen.
#[derive(Default)]
pub(super) struct Scores(BTreeMap<Ratio, u64>);

impl Scores {
    pub(super) fn add(&mut self, score: Ratio, persons: u64) -> Result<(), PerceivedError> {
        if persons > 0 {
            let before = self.0.entry(score).or_insert(0);
            *before = counted(*before, persons)?;
        }
        Ok(())
    }

    pub(super) fn n(&self) -> u64 {
        self.0.values().sum() // no more than were tallied
    }

    /// The mean, exactly, if it fits 128 bits; `None` of nobody.
    pub(super) fn mean(&self) -> Result<Option<Ratio>, PerceivedError> {
        let persons = self.0.iter().map(|(&score, &n)| (n.into(), score));
        weighted_mean(persons)
    }

    /// The mean with the interval of Student (1908), cut off at the bounds, which no mean can leave.
    pub(super) fn estimate(&self, bounds: (f64, f64), confidence: Confidence) -> Result<Estimate, PerceivedError> {
        let answered = self.n();
        if answered < 2 {
            return Err(PerceivedError::TooFew { answered, least: 2 });
        }
        if self.0.len() < 2 {
            return Err(PerceivedError::NoVariation { answered });
        }
        let n = count(answered);
        let mean = match self.mean() {
            Ok(Some(mean)) => mean.to_f64(),
            // Many different denominators outgrow 128 bits; then in floating point, and still the same for every order of persons.
            _ => self.0.iter().map(|(score, &persons)| score.to_f64() * (count(persons) / n)).sum(),
        };
        let mean = mean.clamp(bounds.0, bounds.1);
        let square = |(score, &persons): (&Ratio, &u64)| {
            let off = score.to_f64() - mean;
            off * off * count(persons)
        };
        let squares: f64 = self.0.iter().map(square).sum();
        let reach = student_tail(confidence.tail(), n - 1.0) * libm::sqrt(squares / (n - 1.0) / n);
        Ok(Estimate::new(mean, (mean - reach).max(bounds.0), (mean + reach).min(bounds.1), confidence)?)
    }
}

/// `Σ w·x / Σ w`, exactly; `None` without a weight.
pub(super) fn weighted_mean(terms: impl Iterator<Item = (i128, Ratio)>) -> Result<Option<Ratio>, PerceivedError> {
    let (mut sum, mut weights) = (Ratio::ZERO, 0_i128);
    for (weight, value) in terms {
        let part = value.numerator().checked_mul(weight).and_then(|n| Ratio::new(n, value.denominator()).ok());
        sum = Ratio::sum([sum, part.ok_or(PerceivedError::TooMany)?]).map_err(|_| PerceivedError::TooMany)?;
        weights = weights.checked_add(weight).ok_or(PerceivedError::TooMany)?;
    }
    if weights == 0 {
        return Ok(None);
    }
    let whole = sum.denominator().checked_mul(weights);
    whole.and_then(|d| Ratio::new(sum.numerator(), d).ok()).map(Some).ok_or(PerceivedError::TooMany)
}

/// A share with the score interval of Wilson (1927).
pub(super) fn share(part: u64, whole: u64, confidence: Confidence) -> Result<Estimate, PerceivedError> {
    if whole == 0 {
        return Err(PerceivedError::TooFew { answered: 0, least: 1 });
    }
    let share = Share::wilson(part, whole, normal_tail(confidence.tail()));
    Ok(Estimate::new(share.value, share.low, share.high, confidence)?)
}
