use core::fmt;
use serde::{Deserialize, Serialize};

/// A simpler model that the data ask for. Where the simpler model is of the same kind with fewer parameters, the fit is that model; where
/// it is not a model any more, the fit ends at the end of the range, as close to it as matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Limit {
    /// All customers buy at one rate (r → ∞), or with one chance (α + β → ∞ in BG/BB): the fitted model has
    /// [`Rates::alike`](super::Rates::alike) or [`Chances::alike`](super::Chances::alike).
    SameRate,
    /// Nobody drops out: the fitted model is NBD, or in discrete time beta-binomial.
    NoDropout,
    /// Hardly anybody drops out at first: the chance, of a contract that to leave at the first renewal, is smaller than what is looked for.
    RareDropout,
    /// All customers drop out with one hazard (s → ∞) or one probability (a + b → ∞).
    SameDropout,
    /// The hazard does not grow (b → 0): the fitted model is Pareto/NBD.
    NoAgeing,
    /// The mean rate itself leaves every sensible range.
    Rate,
    /// Almost nobody buys and a few buy very often (r → 0).
    RatesApart,
    /// Everybody drops out at once.
    DropoutAtOnce,
    /// A customer either drops out at once or never.
    DropoutApart,
    /// Everybody drops out at one age (b → ∞). Of contracts (c → ∞): nobody leaves before some renewal, and thereafter a tail may be left
    /// that falls by a power of tenure.
    DropoutAtOneAge,
    /// A customer always spends the same (p → ∞, or σ = 0): the fitted model is [`GammaGamma::steady`](super::GammaGamma::steady), or has
    /// no noise.
    SteadySpending,
    /// Single amounts say nothing of a customer's mean (p → 0).
    ErraticSpending,
    /// All customers have one mean (q → ∞, or τ = 0): the fitted model is [`GammaGamma::alike`](super::GammaGamma::alike), or has no
    /// spread.
    SameSpending,
    /// Customers' means have no scale in common (q → 0).
    SpendingApart,
    /// The scale of spending leaves every sensible range.
    SpendingScale,
    /// A covariate tells apart those who buy, or stay, and those who never do (complete separation; Albert and Anderson 1984): the
    /// farther out its coefficient, the more likely the data, and the fit ends where that no longer matters.
    Separated,
    /// A combination of parameters makes no difference to the likelihood: their values are one choice of many.
    Flat,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Limit::SameRate => "all customers buy at one rate",
            Limit::NoDropout => "nobody drops out",
            Limit::RareDropout => "hardly anybody drops out at first",
            Limit::SameDropout => "all customers drop out alike",
            Limit::NoAgeing => "customers do not age",
            Limit::Rate => "the mean rate is out of range",
            Limit::RatesApart => "almost nobody buys, and a few buy very often",
            Limit::DropoutAtOnce => "everybody drops out at once",
            Limit::DropoutApart => "a customer drops out at once or never",
            Limit::DropoutAtOneAge => "everybody drops out at one age",
            Limit::SteadySpending => "a customer always spends the same",
            Limit::ErraticSpending => "single amounts say nothing of a customer",
            Limit::SameSpending => "all customers spend the same on average",
            Limit::SpendingApart => "what customers spend has no common scale",
            Limit::SpendingScale => "the scale of spending is out of range",
            Limit::Separated => "a covariate tells apart who buys, or stays, and who does not",
            Limit::Flat => "the data do not determine every parameter",
        })
    }
}

impl Limit {
    /// Whether the fit is the simpler model itself, with a maximum and standard errors of its own.
    pub const fn is_nested(self) -> bool {
        matches!(
            self,
            Limit::SameRate | Limit::NoDropout | Limit::SameDropout | Limit::NoAgeing | Limit::SteadySpending | Limit::SameSpending
        )
    }
}
