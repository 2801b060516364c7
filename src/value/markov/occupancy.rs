use super::{Markov, MarkovError, chain::Discount, fraction::Fraction};
use crate::money::Rounding;
use alloc::{vec, vec::Vec};
use rust_decimal::Decimal;

/// The shares of customers that a period leaves as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SteadyState {
    /// In order of the states. Each is rounded by itself, so they may not add up to exactly one.
    pub shares: Vec<Decimal>,
    /// 1 if the shares are also where every mix of customers tends to. Otherwise the mix comes back in turns of so many periods, and the
    /// shares are only its mean over a turn.
    pub period: u32,
}

impl SteadyState {
    /// Whether every mix of customers tends to these shares (the chain is aperiodic).
    pub const fn is_limit(&self) -> bool {
        self.period == 1
    }
}

/// Where customers stay, how long, and where they end. All is computed exactly, and rounded once, by name.
impl Markov {
    /// The expected number of periods that customers who start in one state spend in another, the present period counted: an entry of
    /// the fundamental matrix (Kemeny and Snell 1960).
    ///
    /// # Errors
    /// [`NeverLeft`](MarkovError::NeverLeft) for a state that can be reached and comes back without end;
    /// [`UnknownState`](MarkovError::UnknownState); [`TooFine`](MarkovError::TooFine) if it does not fit with so many places.
    ///
    /// ```
    /// use customer_value::{money::Rounding, quantity::Name, value::markov::Markov};
    ///
    /// let states = vec![Name::new("customer")?, Name::new("gone")?];
    /// let chain = Markov::new(states, vec![vec!["0.8".parse()?, "0.2".parse()?], vec!["0".parse()?, "1".parse()?]])?;
    /// assert_eq!(chain.stay("customer", "customer", 1, Rounding::HalfEven)?.to_string(), "5.0"); // 1 / (1 − 0.8)
    /// assert_eq!(chain.time_to("customer", "gone", 1, Rounding::HalfEven)?.to_string(), "5.0");
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn stay(&self, from: &str, within: &str, places: u8, rounding: Rounding) -> Result<Decimal, MarkovError> {
        let (start, at, chain) = (self.at(from)?, self.at(within)?, self.chain());
        if !chain.reached(start, None)[at] {
            return decimal(&Fraction::from(0), places, rounding);
        }
        let recurrent = chain.recurrent();
        if recurrent[at] {
            return Err(MarkovError::NeverLeft { from: self.states()[start].clone(), to: self.states()[at].clone() });
        }
        // The start leads to a state that is left for good, so it is itself one.
        let passing: Vec<usize> = (0..recurrent.len()).filter(|&state| !recurrent[state]).collect();
        let here: Vec<i64> = passing.iter().map(|&state| i64::from(state == at)).collect();
        let stays = chain.sum_forever(&passing, &Discount::none(), &here).unwrap_or_default();
        let stay = passing.iter().zip(&stays).find(|(state, _)| **state == start).map(|(_, stay)| stay);
        decimal(stay.ok_or(MarkovError::TooFine)?, places, rounding)
    }

    /// The expected number of periods until customers of one state are in another for the first time; 0 for those who are there.
    ///
    /// # Errors
    /// [`MayNotArrive`](MarkovError::MayNotArrive) if some never come there;
    /// [`UnknownState`](MarkovError::UnknownState); [`TooFine`](MarkovError::TooFine) if it does not fit with so many places.
    pub fn time_to(&self, from: &str, to: &str, places: u8, rounding: Rounding) -> Result<Decimal, MarkovError> {
        let (start, end, chain) = (self.at(from)?, self.at(to)?, self.chain());
        if start == end {
            return decimal(&Fraction::from(0), places, rounding);
        }
        let reached = chain.reached(start, Some(end));
        let before: Vec<usize> = (0..reached.len()).filter(|&state| reached[state] && state != end).collect();
        if before.iter().any(|&state| !chain.reached(state, None)[end]) {
            return Err(MarkovError::MayNotArrive { from: self.states()[start].clone(), to: self.states()[end].clone() });
        }
        let times = chain.sum_forever(&before, &Discount::none(), &vec![1; before.len()]).unwrap_or_default();
        let time = before.iter().zip(&times).find(|(state, _)| **state == start).map(|(_, time)| time);
        decimal(time.ok_or(MarkovError::TooFine)?, places, rounding)
    }

    /// The shares that stay as they are from period to period. There is exactly one such mix if all customers come to the same set of
    /// states at last.
    ///
    /// # Errors
    /// [`SeveralEnds`](MarkovError::SeveralEnds) if it depends on the start where customers end;
    /// [`TooFine`](MarkovError::TooFine) if a share does not fit with so many places.
    #[doc(alias = "稳态")]
    pub fn steady_state(&self, places: u8, rounding: Rounding) -> Result<SteadyState, MarkovError> {
        let chain = self.chain();
        let recurrent = chain.recurrent();
        let ends: Vec<usize> = (0..recurrent.len()).filter(|&state| recurrent[state]).collect();
        // A finite chain has at least one such state.
        let one = *ends.first().ok_or(MarkovError::TooFine)?;
        let reached = chain.reached(one, None);
        if let Some(&other) = ends.iter().find(|&&state| !reached[state]) {
            return Err(MarkovError::SeveralEnds { one: self.states()[one].clone(), other: self.states()[other].clone() });
        }
        let found = chain.steady(&ends).ok_or(MarkovError::TooFine)?;
        let mut shares = vec![Fraction::from(0); recurrent.len()];
        for (&state, share) in ends.iter().zip(found) {
            shares[state] = share;
        }
        let shares = shares.iter().map(|share| decimal(share, places, rounding)).collect::<Result<_, _>>()?;
        Ok(SteadyState { shares, period: chain.period(&ends) })
    }

    /// Where so many customers in each state are expected to be after so many periods, in order of the states. Nobody enters meanwhile.
    /// Each number is rounded by itself.
    ///
    /// # Errors
    /// [`BadLength`](MarkovError::BadLength) unless there is one number a state;
    /// [`TooLong`](MarkovError::TooLong) for so many periods that the exact fractions would be too much work, or need more than
    /// 2¹⁸ bits;
    /// [`TooFine`](MarkovError::TooFine) if a number does not fit with so many places.
    pub fn project(&self, customers: &[u64], periods: u32, places: u8, rounding: Rounding) -> Result<Vec<Decimal>, MarkovError> {
        if customers.len() != self.states().len() {
            return Err(MarkovError::BadLength { expected: self.states().len(), found: customers.len() });
        }
        let heads = self.chain().project(customers, periods)?;
        heads.iter().map(|heads| decimal(heads, places, rounding)).collect()
    }
}

fn decimal(fraction: &Fraction, places: u8, rounding: Rounding) -> Result<Decimal, MarkovError> {
    fraction.to_decimal(places, rounding).ok_or(MarkovError::TooFine)
}
