use super::{MarkovError, chain::Chain, fraction::Fraction};
use crate::{money::Ratio, quantity::Name};
use alloc::{string::ToString, vec::Vec};
use serde::{Deserialize, Serialize};

/// A Markov chain over named states, such as the grades and "gone", or the stages of the life cycle: the chances to be in each state a
/// period later, exactly.
///
/// It assumes that where customers go next depends on where they are, not on how they came there, and that the chances stay as they
/// are. Whether that holds is for the caller to judge, for example by counts of several periods side by side.
///
/// On the wire: `{"states":["A","gone"],"rows":[["0.9","0.1"],["0","1"]]}`.
///
/// ```
/// use customer_value::{
///     money::{Currency, Money, Ratio, Rounding},
///     quantity::Name,
///     value::markov::{Horizon, Markov},
/// };
///
/// // Customers who stay with probability 0.8, discounted at 12 %: the margin multiple is 1.12 / (1.12 − 0.8) = 3.5.
/// let states = vec![Name::new("customer")?, Name::new("gone")?];
/// let row = |stay: &str, go: &str| Ok::<_, Box<dyn core::error::Error>>(vec![stay.parse::<Ratio>()?, go.parse()?]);
/// let chain = Markov::new(states, vec![row("0.8", "0.2")?, row("0", "1")?])?;
/// let margin = [100_00, 0].map(|minor| Money::from_minor(minor, Currency::USD));
/// let values = chain.value(&margin, "0.12".parse()?, Horizon::Forever)?;
/// assert_eq!(values.rounded(Rounding::HalfEven)?[0].to_string(), "350.00 USD");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "马尔可夫链")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Markov {
    states: Vec<Name>,
    /// From state to state; every row adds up to one.
    rows: Vec<Vec<Ratio>>,
}

impl Markov {
    /// A chain from its states and, for each, the chances to be in every state a period later.
    ///
    /// # Errors
    /// [`BadStateCount`](MarkovError::BadStateCount) for none or 17; [`Twice`](MarkovError::Twice) for A, B, A;
    /// [`BadLength`](MarkovError::BadLength) for a row too few or too long;
    /// [`NegativeChance`](MarkovError::NegativeChance) for −0.1; [`BadRowSum`](MarkovError::BadRowSum) for 0.3 and 0.6.
    pub fn new(states: Vec<Name>, rows: Vec<Vec<Ratio>>) -> Result<Markov, MarkovError> {
        if !(1..=16).contains(&states.len()) {
            return Err(MarkovError::BadStateCount(states.len()));
        }
        if let Some(name) = first_twice(&states, |name| name) {
            return Err(MarkovError::Twice(name.clone()));
        }
        for found in [rows.len()].into_iter().chain(rows.iter().map(Vec::len)) {
            if found != states.len() {
                return Err(MarkovError::BadLength { expected: states.len(), found });
            }
        }
        for (from, row) in states.iter().zip(&rows) {
            if let Some((to, &chance)) = states.iter().zip(row).find(|(_, chance)| **chance < Ratio::ZERO) {
                return Err(MarkovError::NegativeChance { from: from.clone(), to: to.clone(), chance });
            }
            // As large as it needs to be: the sum of sixteen ratios may outgrow 128 bits.
            let add = |sum: Fraction, chance: &Ratio| sum.plus(&Fraction::product(chance.numerator(), 1, chance.denominator()));
            let sum = row.iter().fold(Fraction::from(0), add);
            if sum.to_ratio() != Some(Ratio::ONE) {
                return Err(MarkovError::BadRowSum { state: from.clone(), sum: sum.to_text() });
            }
        }
        Ok(Markov { states, rows })
    }

    /// The chain of counted moves: for each state, how many customers were in every state a period later.
    ///
    /// The chance of a move is the share of those who made it among all who were there. For a state where nobody was, `otherwise` may give
    /// the row, in order of the states; rows of states where somebody was are not looked at.
    ///
    /// # Errors
    /// [`Nobody`](MarkovError::Nobody) for a state where nobody was and that `otherwise` does not give;
    /// [`UnknownState`](MarkovError::UnknownState) and [`Twice`](MarkovError::Twice) for the names in `otherwise`; otherwise as
    /// [`new`](Markov::new).
    ///
    /// ```
    /// use customer_value::{quantity::Name, value::markov::Markov};
    ///
    /// let (new, closed) = (Name::new("new")?, Name::new("closed")?);
    /// let stays = (closed.clone(), vec!["0".parse()?, "1".parse()?]); // nobody was closed before
    /// let chain = Markov::of_counts(vec![new, closed], &[vec![2, 1], vec![0, 0]], &[stays])?;
    /// assert_eq!(chain.chance("new", "closed").ok_or("two states")?.to_string(), "1/3");
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn of_counts(states: Vec<Name>, counts: &[Vec<u64>], otherwise: &[(Name, Vec<Ratio>)]) -> Result<Markov, MarkovError> {
        if counts.len() != states.len() {
            return Err(MarkovError::BadLength { expected: states.len(), found: counts.len() });
        }
        if let Some((other, _)) = otherwise.iter().find(|(name, _)| !states.contains(name)) {
            return Err(MarkovError::UnknownState(other.to_string()));
        }
        if let Some(name) = first_twice(otherwise, |(name, _)| name) {
            return Err(MarkovError::Twice(name.clone()));
        }
        let mut rows = Vec::with_capacity(states.len());
        for (state, counts) in states.iter().zip(counts) {
            let all: i128 = counts.iter().map(|&n| i128::from(n)).sum();
            let counted = counts.iter().map(|&n| Ratio::new(n.into(), all).ok()).collect();
            let given = || otherwise.iter().find(|(name, _)| name == state).map(|(_, row)| row.clone());
            let row: Option<Vec<Ratio>> = if all == 0 { given() } else { counted };
            rows.push(row.ok_or_else(|| MarkovError::Nobody(state.clone()))?);
        }
        Markov::new(states, rows)
    }

    /// The states.
    pub fn states(&self) -> &[Name] {
        &self.states
    }

    /// For each state, the chances to be in every state a period later.
    pub fn rows(&self) -> &[Vec<Ratio>] {
        &self.rows
    }

    /// The chance to go from one state to another within a period; `None` for a state that the chain does not have.
    pub fn chance(&self, from: &str, to: &str) -> Option<Ratio> {
        Some(self.rows[self.at(from).ok()?][self.at(to).ok()?])
    }

    pub(super) fn at(&self, state: &str) -> Result<usize, MarkovError> {
        self.states.iter().position(|s| s == state).ok_or_else(|| MarkovError::UnknownState(state.into()))
    }

    /// The same chances in whole numbers.
    pub(super) fn chain(&self) -> Chain {
        Chain::of(&self.rows)
    }
}

/// The first name that has come before.
fn first_twice<T>(items: &[T], name: impl Fn(&T) -> &Name) -> Option<&Name> {
    let came_before = |(at, item): &(usize, &T)| items[..*at].iter().any(|earlier| name(earlier) == name(item));
    items.iter().enumerate().find(came_before).map(|(_, item)| name(item))
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Markov")]
struct Wire {
    states: Vec<Name>,
    rows: Vec<Vec<Ratio>>,
}

impl TryFrom<Wire> for Markov {
    type Error = MarkovError;

    fn try_from(wire: Wire) -> Result<Markov, MarkovError> {
        Markov::new(wire.states, wire.rows)
    }
}

impl From<Markov> for Wire {
    fn from(markov: Markov) -> Wire {
        Wire { states: markov.states, rows: markov.rows }
    }
}
