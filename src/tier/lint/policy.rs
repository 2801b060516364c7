use crate::money::Ratio;
use serde::{Deserialize, Serialize};

/// From where on something is worth a word. A threshold itself is still allowed; what is above it is reported.
///
/// A share of 1 switches its lint off. On the wire, what is left out has its default: `{"most_grades":4}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LintPolicy {
    /// The most dimensions (纬度尽量不要太多). Default: 7, about as many things as can be held in mind at once (Miller 1956).
    pub most_dimensions: u8,
    /// The most grades (等级数量不要过多过细). Default: 5.
    pub most_grades: u8,
    /// The largest weight of one dimension in a score of two or more. Default: 1/2; above it, one outweighs all the others together.
    pub most_weight: Ratio,
    /// The largest share of decisions that one rule may decide instead of the grid. Default: 1/4; rules are for exceptions.
    pub most_decided_by_rule: Ratio,
    /// The largest share of decisions that one grade may hold. Default: 4/5, where a grade no longer tells customers apart.
    pub most_in_grade: Ratio,
    /// The largest correlation of two dimensions, without its sign. Default: 9/10; above it, they measure nearly the same.
    pub most_correlation: Ratio,
    /// The largest share of judgements without evidence. Default: 0.
    pub most_without_evidence: Ratio,
}

impl Default for LintPolicy {
    fn default() -> LintPolicy {
        // No denominator is zero.
        let share = |part, of| Ratio::new(part, of).unwrap_or(Ratio::ONE);
        LintPolicy {
            most_dimensions: 7,
            most_grades: 5,
            most_weight: share(1, 2),
            most_decided_by_rule: share(1, 4),
            most_in_grade: share(4, 5),
            most_correlation: share(9, 10),
            most_without_evidence: Ratio::ZERO,
        }
    }
}
