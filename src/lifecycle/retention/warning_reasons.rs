use super::{EarlyWarning, RetentionError, Rhythm, Signal, Warning};
use crate::{
    money::Ratio,
    quantity::{Interval, Name, Quantity, Ties, Unit},
    reason::{Conclusion, Decision, ModelId, Reason, fingerprint},
};
use alloc::vec;
use core::fmt;
use num_bigint::BigInt;
use num_traits::ToPrimitive;
use rust_decimal::Decimal;

/// What the reasons of a warning speak of.
const SILENT: &str = "silent days";
const GAPS: &str = "gaps";
const OUTLASTED: &str = "gaps outlasted";

impl Warning {
    /// The signal with its reasons: the silence, the gaps, how many of them it has outlasted (an equal one by half), and between which
    /// bounds that lies. `name` is what the policy is called.
    ///
    /// # Errors
    /// None: the names in it are good.
    ///
    /// ```
    /// use customer_value::{lifecycle::retention::EarlyWarning, quantity::Name, reason::Language};
    ///
    /// let policy = EarlyWarning::new(3, "0.6".parse()?, "1".parse()?)?;
    /// let bought = ["2024-01-05", "2024-02-04", "2024-03-06", "2024-04-03"].map(|day| day.parse());
    /// let bought = bought.into_iter().collect::<Result<Vec<_>, _>>()?; // gaps of 30, 31 and 28 days
    /// let warning = policy.watch(bought, "2024-05-03".parse()?)?.ok_or("no purchases")?;
    /// let decision = warning.decision(Name::new("spring")?)?;
    /// decision.verify()?;
    /// assert_eq!(decision.explain(Language::Chinese), "silent days为 30 天。\ngaps为 3。\ngaps outlasted为 1.5。\n\
    ///     gaps outlasted 1.5 低于 2：第 3 级（共 3 级）。\n");
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn decision(&self, name: Name) -> Result<Decision<Signal>, RetentionError> {
        let Rhythm { silent_days, shorter, equal, .. } = self.rhythm;
        let gaps = self.rhythm.gaps();
        let read = |dimension: &str, value: Decimal, unit| -> Result<Reason, RetentionError> {
            Ok(Reason::Read { dimension: Name::new(dimension)?, fact: Quantity { value, unit }.into(), source: None })
        };
        let placed = |dimension: &str, value, lower, upper, level, of| -> Result<Reason, RetentionError> {
            let interval = Interval { lower, upper, ties: Ties::ToUpper };
            Ok(Reason::Placed { dimension: Name::new(dimension)?, value, interval, level, of })
        };
        let mut reasons = vec![read(SILENT, silent_days.into(), Unit::Days)?, read(GAPS, gaps.into(), Unit::Count)?];
        let EarlyWarning { min_gaps, late, overdue } = self.policy;
        if gaps < min_gaps.into() {
            reasons.push(placed(GAPS, gaps.into(), None, Some(min_gaps.into()), 1, 2)?);
        } else {
            let outlasted = halves(2 * u64::from(shorter) + u64::from(equal));
            let (late, overdue) = (least(late, gaps), least(overdue, gaps));
            let (lower, upper, level) = match self.policy.judge(&self.rhythm) {
                Signal::Overdue => (Some(overdue), None, 1),
                Signal::Late => (Some(late), Some(overdue), 2),
                Signal::InRhythm | Signal::TooFewGaps => (None, Some(late), 3),
            };
            reasons.push(read(OUTLASTED, outlasted, Unit::Number)?);
            reasons.push(placed(OUTLASTED, outlasted, lower, upper, level, 3)?);
        }
        let model = ModelId { name, fingerprint: fingerprint(&self.policy) };
        Ok(Decision { value: self.signal, reasons, model, as_of: self.as_of })
    }
}

/// The least half of a number that is at least this share of the gaps. Gaps outlasted are counted in halves, so it draws the same line.
fn least(share: Ratio, gaps: u64) -> Decimal {
    let (doubled, below) = (BigInt::from(share.numerator()) * 2 * gaps, BigInt::from(share.denominator()));
    let up: BigInt = (doubled + &below - 1) / below;
    // A share of at most one, of three times 32 bits at most.
    halves(up.to_u64().unwrap_or(u64::MAX))
}

fn halves(number: u64) -> Decimal {
    (Decimal::from(number) * Decimal::new(5, 1)).normalize()
}

impl Conclusion for Signal {
    fn follows_from(&self, reason: &Reason) -> Option<bool> {
        let Reason::Placed { dimension, level, .. } = reason else { return None };
        match (dimension.as_str(), level) {
            (GAPS, _) => Some(*self == Signal::TooFewGaps),
            (OUTLASTED, 1) => Some(*self == Signal::Overdue),
            (OUTLASTED, 2) => Some(*self == Signal::Late),
            (OUTLASTED, 3) => Some(*self == Signal::InRhythm),
            _ => None,
        }
    }
}

/// The policy whole: what its fingerprint is taken of.
impl fmt::Display for EarlyWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "early warning: from {} gaps; late from {}, overdue from {}", self.min_gaps, self.late, self.overdue)
    }
}
