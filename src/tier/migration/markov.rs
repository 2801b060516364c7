use super::{Migration, MigrationError, chain::Chain, fraction::Fraction};
use crate::{money::Ratio, quantity::Name, tier::error::first_twice};
use alloc::{string::ToString, vec::Vec};
use serde::{Deserialize, Serialize};

/// A Markov chain over named states, usually the grades and "gone": the chances to be in each state a period later, exactly.
///
/// It assumes that where customers go next depends on where they are, not on how they came there, and that the chances stay as they
/// are. Whether that holds is for the caller to judge, for example by [`Migration`]s of several periods side by side.
///
/// On the wire: `{"states":["A","gone"],"rows":[["0.9","0.1"],["0","1"]]}`.
///
/// ```
/// use customer_value::{
///     money::{Currency, Money, Ratio, Rounding},
///     quantity::Name,
///     tier::migration::{Horizon, Markov},
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
    /// [`BadStateCount`](MigrationError::BadStateCount) for none or 17; [`Twice`](MigrationError::Twice) for A, B, A;
    /// [`BadLength`](MigrationError::BadLength) for a row too few or too long;
    /// [`NegativeChance`](MigrationError::NegativeChance) for −0.1; [`BadRowSum`](MigrationError::BadRowSum) for 0.3 and 0.6.
    pub fn new(states: Vec<Name>, rows: Vec<Vec<Ratio>>) -> Result<Markov, MigrationError> {
        if !(1..=16).contains(&states.len()) {
            return Err(MigrationError::BadStateCount(states.len()));
        }
        if let Some(name) = first_twice(states.iter()) {
            return Err(MigrationError::Twice(name.clone()));
        }
        for found in [rows.len()].into_iter().chain(rows.iter().map(Vec::len)) {
            if found != states.len() {
                return Err(MigrationError::BadLength { expected: states.len(), found });
            }
        }
        for (from, row) in states.iter().zip(&rows) {
            if let Some((to, &chance)) = states.iter().zip(row).find(|(_, chance)| **chance < Ratio::ZERO) {
                return Err(MigrationError::NegativeChance { from: from.clone(), to: to.clone(), chance });
            }
            // As large as it needs to be: the sum of sixteen ratios may outgrow 128 bits.
            let add = |sum: Fraction, chance: &Ratio| sum.plus(&Fraction::product(chance.numerator(), 1, chance.denominator()));
            let sum = row.iter().fold(Fraction::from(0), add);
            if sum.to_ratio() != Some(Ratio::ONE) {
                return Err(MigrationError::BadRowSum { state: from.clone(), sum: sum.to_text() });
            }
        }
        Ok(Markov { states, rows })
    }

    /// The chain of a migration: its grades, best first, and behind them a state of its own for those who left, who stay away.
    ///
    /// The chance of a move is the share of those who made it among all who had the grade. Customers who entered are no move. For a
    /// grade that nobody had, `otherwise` may give the row, in order of the states; rows of grades that somebody had are not looked at.
    ///
    /// # Errors
    /// [`Nobody`](MigrationError::Nobody) for a grade that nobody had and `otherwise` does not give;
    /// [`UnknownState`](MigrationError::UnknownState) if `otherwise` names something else than a grade;
    /// [`Twice`](MigrationError::Twice) if `gone` is the name of a grade; otherwise as [`new`](Markov::new).
    pub fn of(moves: &Migration, gone: Name, otherwise: &[(Name, Vec<Ratio>)]) -> Result<Markov, MigrationError> {
        let grades = moves.grades().best_first();
        if let Some((other, _)) = otherwise.iter().find(|(name, _)| moves.grades().grade(name).is_none()) {
            return Err(MigrationError::UnknownState(other.to_string()));
        }
        if let Some(name) = first_twice(otherwise.iter().map(|(name, _)| name)) {
            return Err(MigrationError::Twice(name.clone()));
        }
        let mut rows = Vec::with_capacity(grades.len() + 1);
        for before in grades {
            let counts = grades.iter().map(|after| moves.count(before, after)).chain([moves.left_with(before)]);
            let chances = counts.map(|n| Ratio::new(n.into(), moves.had(before).into()).ok()).collect();
            let given = || otherwise.iter().find(|(name, _)| name == before.name()).map(|(_, row)| row.clone());
            let row: Option<Vec<Ratio>> = if moves.had(before) == 0 { given() } else { chances };
            rows.push(row.ok_or_else(|| MigrationError::Nobody(before.name().clone()))?);
        }
        rows.push(grades.iter().map(|_| Ratio::ZERO).chain([Ratio::ONE]).collect());
        Markov::new(grades.iter().map(|g| g.name().clone()).chain([gone]).collect(), rows)
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

    pub(super) fn at(&self, state: &str) -> Result<usize, MigrationError> {
        self.states.iter().position(|s| s == state).ok_or_else(|| MigrationError::UnknownState(state.into()))
    }

    /// The same chances in whole numbers.
    pub(super) fn chain(&self) -> Chain {
        Chain::of(&self.rows)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Markov")]
struct Wire {
    states: Vec<Name>,
    rows: Vec<Vec<Ratio>>,
}

impl TryFrom<Wire> for Markov {
    type Error = MigrationError;

    fn try_from(wire: Wire) -> Result<Markov, MigrationError> {
        Markov::new(wire.states, wire.rows)
    }
}

impl From<Markov> for Wire {
    fn from(markov: Markov) -> Wire {
        Wire { states: markov.states, rows: markov.rows }
    }
}
