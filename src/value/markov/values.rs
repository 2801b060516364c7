use super::{
    Markov, MarkovError,
    chain::{Chain, Discount},
    fraction::Fraction,
};
use crate::{
    money::{Currency, Money, MoneyError, Ratio, Rounding},
    quantity::Name,
};
use alloc::vec::Vec;
use num_bigint::BigInt;
use serde::{Deserialize, Serialize};

/// How far ahead rewards are counted. The reward of the present state falls due now, and always counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Horizon {
    /// Now, and at the end of each of so many further periods.
    Periods(u32),
    /// Without end.
    Forever,
}

impl Markov {
    /// What a customer of each state is worth: the expected rewards from now on, discounted.
    ///
    /// `V = Σ (1 + d)⁻ᵗ · Pᵗ · R`, from t = 0: the reward of the present state falls due now in full, that of the state a period later
    /// at the end of that period (Pfeifer and Carraway 2000). `discount` is the rate of one period, 0.2 for 20 %. All of it is
    /// computed in fractions of any size; only what is taken from the result is rounded.
    ///
    /// Without a discount (0) and without end there is a sum only where every state that comes back for ever has a reward of zero.
    ///
    /// # Errors
    /// [`BadLength`](MarkovError::BadLength) unless there is one reward a state; [`Money`](MarkovError::Money) for two currencies;
    /// [`BadDiscount`](MarkovError::BadDiscount) for −0.1; [`Endless`](MarkovError::Endless) for a sum without discount and end;
    /// [`TooLong`](MarkovError::TooLong) for so many periods that the exact fractions would be too much work, or need more than
    /// 2¹⁸ bits.
    pub fn value(&self, rewards: &[Money], discount: Ratio, horizon: Horizon) -> Result<StateValues, MarkovError> {
        let (Some(first), true) = (rewards.first(), rewards.len() == self.states().len()) else {
            return Err(MarkovError::BadLength { expected: self.states().len(), found: rewards.len() });
        };
        let currency = first.currency();
        if let Some(other) = rewards.iter().find(|r| r.currency() != currency) {
            return Err(MoneyError::CurrencyMismatch { left: currency, right: other.currency() }.into());
        }
        if discount < Ratio::ZERO {
            return Err(MarkovError::BadDiscount(discount));
        }
        let below = BigInt::from(discount.numerator()) + discount.denominator();
        let factor = Discount { above: discount.denominator().into(), below };
        let rewards: Vec<i64> = rewards.iter().map(Money::minor).collect();
        let chain = self.chain();
        let values = match horizon {
            Horizon::Periods(periods) => chain.sum_for(periods, &factor, &rewards)?,
            Horizon::Forever if discount == Ratio::ZERO => self.undiscounted(&chain, &rewards)?,
            Horizon::Forever => {
                let all: Vec<usize> = (0..rewards.len()).collect();
                // Discounted chances add up to less than one in every row, so there is a solution.
                chain.sum_forever(&all, &factor, &rewards).ok_or(MarkovError::TooFine)?
            }
        };
        Ok(StateValues { states: self.states().to_vec(), currency, values })
    }

    fn undiscounted(&self, chain: &Chain, rewards: &[i64]) -> Result<Vec<Fraction>, MarkovError> {
        let recurrent = chain.recurrent();
        if let Some(earning) = (0..rewards.len()).find(|&state| recurrent[state] && rewards[state] != 0) {
            return Err(MarkovError::Endless(self.states()[earning].clone()));
        }
        let passing: Vec<usize> = (0..rewards.len()).filter(|&state| !recurrent[state]).collect();
        let right: Vec<i64> = passing.iter().map(|&state| rewards[state]).collect();
        // Customers leave passing states for good, so there is a solution.
        let sums = chain.sum_forever(&passing, &Discount::none(), &right).ok_or(MarkovError::TooFine)?;
        let mut values: Vec<Fraction> = rewards.iter().map(|_| Fraction::from(0)).collect();
        for (state, sum) in passing.into_iter().zip(sums) {
            values[state] = sum;
        }
        Ok(values)
    }
}

/// What a customer of each state is worth, exactly; every amount taken from it is rounded once, by name.
#[derive(Clone, Debug)]
pub struct StateValues {
    states: Vec<Name>,
    currency: Currency,
    /// In smallest units.
    values: Vec<Fraction>,
}

impl StateValues {
    /// The states.
    pub fn states(&self) -> &[Name] {
        &self.states
    }

    /// What a customer in that state is worth.
    ///
    /// # Errors
    /// [`UnknownState`](MarkovError::UnknownState); [`Money`](MarkovError::Money) if it does not fit an amount.
    pub fn of(&self, state: &str, rounding: Rounding) -> Result<Money, MarkovError> {
        Ok(self.exact(state)?.to_money(self.currency, rounding)?)
    }

    /// The same in smallest units, not rounded.
    ///
    /// # Errors
    /// [`UnknownState`](MarkovError::UnknownState); [`TooFine`](MarkovError::TooFine) if the fraction's terms outgrow 128 bits.
    pub fn minor(&self, state: &str) -> Result<Ratio, MarkovError> {
        self.exact(state)?.to_ratio().ok_or(MarkovError::TooFine)
    }

    /// What a customer in each state is worth, in order of the states.
    ///
    /// # Errors
    /// [`Money`](MarkovError::Money) if one does not fit an amount.
    pub fn rounded(&self, rounding: Rounding) -> Result<Vec<Money>, MarkovError> {
        self.values.iter().map(|value| Ok(value.to_money(self.currency, rounding)?)).collect()
    }

    /// Customer equity: what so many customers in each state are worth together, in order of the states. Rounded once, so it may differ by
    /// some smallest units from the sum of rounded values.
    ///
    /// # Errors
    /// [`BadLength`](MarkovError::BadLength) unless there is one number a state; [`Money`](MarkovError::Money) if the sum does not fit an
    /// amount.
    #[doc(alias = "客户资产")]
    pub fn equity(&self, customers: &[u64], rounding: Rounding) -> Result<Money, MarkovError> {
        if customers.len() != self.states.len() {
            return Err(MarkovError::BadLength { expected: self.states.len(), found: customers.len() });
        }
        let add = |sum: Fraction, (value, &many): (&Fraction, &u64)| sum.plus(&value.times(many));
        let sum = self.values.iter().zip(customers).fold(Fraction::from(0), add);
        Ok(sum.to_money(self.currency, rounding)?)
    }

    fn exact(&self, state: &str) -> Result<&Fraction, MarkovError> {
        let at = self.states.iter().position(|s| s == state);
        at.map(|at| &self.values[at]).ok_or_else(|| MarkovError::UnknownState(state.into()))
    }
}
