use super::Case;
use crate::{
    money::{Ratio, Rounding, decimal},
    quantity::Name,
};
use alloc::vec::Vec;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A claim about a customer and a border.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Claim {
    /// The customer is at least as good as the border.
    CustomerOutranks,
    /// The border is at least as good as the customer.
    BorderOutranks,
}

/// A criterion that speaks for a grade.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Supporter {
    /// The criterion.
    pub of: Name,
    /// Its weight.
    pub weight: Ratio,
}

/// What one criterion says to a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opinion {
    /// The criterion.
    pub of: Name,
    /// Its weight.
    pub weight: Ratio,
    /// How far it supports the claim, 0 to 1, rounded half even to 9 places.
    #[serde(with = "decimal")]
    pub concordance: Decimal,
    /// How far it speaks against it, 0 to 1, rounded half even to 9 places. One is a veto.
    #[serde(with = "decimal")]
    pub discordance: Decimal,
}

/// One claim, weighed: the evidence for a grade or against it.
///
/// `holds` is true exactly where `credibility >= needed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outranking {
    /// The grade whose lower border it is.
    pub grade: Name,
    /// What is claimed.
    pub claim: Claim,
    /// What missing values were taken for, if any are missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<Case>,
    /// What each criterion says, in the order of the criteria.
    pub opinions: Vec<Opinion>,
    /// The support of all, weighed; rounded half even to 9 places.
    #[serde(with = "decimal")]
    pub concordance: Decimal,
    /// The same, weakened by each discordance above it; rounded half even to 9 places.
    #[serde(with = "decimal")]
    pub credibility: Decimal,
    /// The cutting level, rounded half even to 9 places.
    #[serde(with = "decimal")]
    pub needed: Decimal,
    /// Whether the claim is accepted.
    pub holds: bool,
}

/// One vote on one border: the evidence for a grade or against it.
///
/// `holds` is true exactly where `support >= needed` and `vetoing` is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Majority {
    /// The grade whose lower border it is.
    pub grade: Name,
    /// What missing values were taken for, if any are missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<Case>,
    /// The criteria on which the customer meets the border.
    pub supporting: Vec<Supporter>,
    /// What they weigh together.
    pub support: Ratio,
    /// The majority.
    pub needed: Ratio,
    /// The criteria whose value blocks the grade.
    pub vetoing: Vec<Name>,
    /// Whether the customer has that grade or a better one.
    pub holds: bool,
}

impl Majority {
    /// Whether the weights of the supporters add up to the support, and the vote holds exactly where that suffices and nobody vetoes.
    pub(super) fn adds_up(&self) -> bool {
        let sum = Ratio::sum(self.supporting.iter().map(|s| s.weight));
        let positive = self.supporting.iter().all(|s| s.weight > Ratio::ZERO) && self.support <= Ratio::ONE;
        sum == Ok(self.support) && positive && self.holds == (self.support >= self.needed && self.vetoing.is_empty())
    }
}

impl Outranking {
    /// Whether the weights add up to one, the opinions to the concordance and the credibility, as exactly as the nine places to which they
    /// are rounded allow, and the claim holds exactly where the credibility suffices.
    pub(super) fn adds_up(&self) -> bool {
        const UNIT: Decimal = Decimal::from_parts(1, 0, 0, false, 9);
        let whole = Ratio::sum(self.opinions.iter().map(|o| o.weight)) == Ok(Ratio::ONE);
        let parts = self.opinions.iter().map(|o| o.weight.times(o.concordance, 18, Rounding::HalfEven));
        let sum = parts.sum::<Option<Decimal>>();
        let concordance = sum.is_some_and(|sum| (sum - self.concordance).abs() <= UNIT);
        let indices = self.opinions.iter().flat_map(|o| [o.concordance, o.discordance]).chain([self.concordance, self.credibility]);
        let shares = indices.into_iter().all(|index| (Decimal::ZERO..=Decimal::ONE).contains(&index));
        whole && concordance && shares && self.weakened(UNIT) && self.holds == (self.credibility >= self.needed)
    }

    /// Whether the discordances above the concordance weaken it to the credibility. Each is rounded by half a unit, which moves each factor
    /// by no more than a unit over what the concordance leaves to one.
    fn weakened(&self, unit: Decimal) -> bool {
        let left = Decimal::ONE - self.concordance;
        let above = self.opinions.iter().filter(|o| o.discordance > self.concordance);
        let mut credibility = self.concordance;
        let mut slack = unit;
        for opinion in above {
            // `left` is above zero, because a discordance is at most one.
            credibility = credibility * (Decimal::ONE - opinion.discordance) / left;
            slack += unit / left;
        }
        (credibility - self.credibility).abs() <= slack
    }
}
