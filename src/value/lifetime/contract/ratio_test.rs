use super::{ContractFamily, ContractModel};
use crate::value::lifetime::{Fit, Limit};

/// How much better the data are explained by a model than by a simpler one that it contains, and how often chance alone would do as much.
#[doc(alias = "似然比检验")]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LikelihoodRatio {
    statistic: f64,
    p_value: f64,
}

impl LikelihoodRatio {
    /// Twice the difference of the log-likelihoods, zero or above.
    pub const fn statistic(&self) -> f64 {
        self.statistic
    }

    /// How often the statistic would be as large if the simpler model were true: the tail of χ² with one degree of freedom (Wilks 1938).
    pub const fn p_value(&self) -> f64 {
        self.p_value
    }
}

impl Fit<ContractModel> {
    /// Whether the chance to leave changes with tenure: this fit of beta-discrete-Weibull against one of sBG (c = 1) on the same table.
    /// `None` unless they are these two, rest on as many customers, and ended at models of equally many parameters besides c.
    ///
    /// ```
    /// use customer_value::value::lifetime::contract::{ContractFamily, ContractModel, TenureCounts};
    ///
    /// let mut counts = TenureCounts::new();
    /// counts.push_cohort(&[1000, 869, 743, 653, 593, 551, 517, 491])?; // Fader and Hardie 2007, "High End"
    /// let same = ContractModel::fit(ContractFamily::ShiftedBetaGeometric, &counts)?;
    /// let ageing = ContractModel::fit(ContractFamily::BetaDiscreteWeibull, &counts)?;
    /// let test = ageing.against(&same).unwrap();
    /// assert!(test.statistic() > 11.6 && test.p_value() < 0.001); // at first, leaving grows more likely
    /// # Ok::<(), customer_value::value::lifetime::LifetimeError>(())
    /// ```
    pub fn against(&self, simpler: &Fit<ContractModel>) -> Option<LikelihoodRatio> {
        let families = [self.model().family(), simpler.model().family()];
        let proper = |fit: &Fit<ContractModel>| fit.limits().iter().all(|limit| *limit != Limit::Flat && limit.is_nested());
        let comparable = families == [ContractFamily::BetaDiscreteWeibull, ContractFamily::ShiftedBetaGeometric]
            && self.customers() == simpler.customers()
            && self.parameters().len() == simpler.parameters().len() + 1
            && proper(self)
            && proper(simpler);
        let statistic = (2.0 * (self.log_likelihood() - simpler.log_likelihood())).max(0.0);
        comparable.then(|| LikelihoodRatio { statistic, p_value: libm::erfc(libm::sqrt(statistic / 2.0)) })
    }
}
