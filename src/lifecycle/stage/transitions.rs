use super::{LifeCycle, Moves, StageError, StageModel};
use crate::{
    calendar::{Period, days_from},
    quantity::Name,
};
use alloc::{collections::BTreeMap, vec::Vec};
use serde::{Deserialize, Serialize};

/// The moves between stages, period by period. Periods that are put together in one chain should be equally long; whether customers move
/// alike in all of them is seen side by side.
///
/// ```
/// use customer_value::{calendar::{Period, Window}, customer::{History, Record, ReturnPolicy}, money::Currency, quantity::Name,
///     lifecycle::stage::{Evidence, Standard, StageModel, Transitions}, tier::membership::Confirmation};
///
/// let evidence = Evidence::new(Window::Days(90), 90, Currency::GBP)?;
/// let bounds = Standard { new_days: 60, fall: "0.75".parse()?, rise: "1.25".parse()?, trend: Confirmation::AT_ONCE };
/// let model = StageModel::standard(Name::new("shop")?, evidence, &bounds)?;
/// let mut history = History::new(Currency::GBP);
/// history.push(Record::sale("2024-01-10".parse()?, "20.00 GBP".parse()?))?;
///
/// let (mut life, mut table) = (None, Transitions::new(&model));
/// for day in ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"] {
///     let seen = model.observe(&history.as_of(day.parse()?, ReturnPolicy::STRICT)?)?;
///     life = Some(model.advance(life.as_ref(), &seen)?.0);
/// }
/// let life = life.ok_or("observed four times")?;
/// let months = Period::new("2024-02-01".parse()?, "2024-06-01".parse()?)?.split(1)?; // February to May
/// months.iter().try_for_each(|month| table.push(*month, &life))?;
/// let in_month = |n: usize| table.moves(months[n]).ok_or("counted");
/// assert_eq!(in_month(0)?.count("new", "new"), 1);
/// assert_eq!(in_month(1)?.count("new", "growing"), 1); // bought in the window, and nothing before
/// assert_eq!(in_month(2)?.count("growing", "lapsed"), 1);
/// assert_eq!(in_month(3)?.unseen("lapsed"), 1); // nobody has looked since
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Transitions {
    none: Moves,
    periods: BTreeMap<Period, Moves>,
}

impl Transitions {
    /// A table of nobody, over the stages of a model.
    pub fn new(model: &StageModel) -> Transitions {
        Transitions { none: Moves::new(model), periods: BTreeMap::new() }
    }

    /// Counts a customer in a period: by the stage at the close of the day before it, and at the close of its last day.
    ///
    /// # Errors
    /// [`UnknownStage`](StageError::UnknownStage) for a life cycle with other stages; [`TooMany`](StageError::TooMany);
    /// [`Calendar`](StageError::Calendar) for a period that begins with the year 1.
    pub fn push(&mut self, period: Period, life: &LifeCycle) -> Result<(), StageError> {
        let (before, last) = (days_from(period.from(), -1)?, days_from(period.until(), -1)?);
        let (before, after) = (life.stage_on(before), life.stage_on(last));
        if let Some(moves) = self.periods.get_mut(&period) {
            return moves.push(before, after);
        }
        let mut moves = self.none.clone();
        moves.push(before, after)?;
        self.periods.insert(period, moves);
        Ok(())
    }

    /// Takes in the customers of another table.
    ///
    /// # Errors
    /// [`OtherStages`](StageError::OtherStages); [`TooMany`](StageError::TooMany). Nothing is taken in then.
    pub fn merge(&mut self, other: &Transitions) -> Result<(), StageError> {
        if self.none != other.none {
            return Err(StageError::OtherStages);
        }
        let mut periods = self.periods.clone();
        for (period, more) in &other.periods {
            periods.entry(*period).or_insert_with(|| self.none.clone()).merge(more)?;
        }
        self.periods = periods;
        Ok(())
    }

    /// The moves within a period that was counted.
    pub fn moves(&self, period: Period) -> Option<&Moves> {
        self.periods.get(&period)
    }

    /// The periods, in order, and the moves within each.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (Period, &Moves)> {
        self.periods.iter().map(|(period, moves)| (*period, moves))
    }

    /// The moves of all periods together. A customer counts once in each.
    ///
    /// # Errors
    /// [`TooMany`](StageError::TooMany).
    pub fn total(&self) -> Result<Moves, StageError> {
        let mut total = self.none.clone();
        self.periods.values().try_for_each(|moves| total.merge(moves))?;
        Ok(total)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Transitions")]
struct Wire {
    stages: Vec<Name>,
    periods: Vec<Counted>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Counted")]
struct Counted {
    period: Period,
    moves: Moves,
}

impl TryFrom<Wire> for Transitions {
    type Error = StageError;

    fn try_from(Wire { stages, periods: read }: Wire) -> Result<Transitions, StageError> {
        let none = Moves::over(stages)?;
        let mut periods = BTreeMap::new();
        for Counted { period, moves } in read {
            if moves.stages() != none.stages() {
                return Err(StageError::OtherStages);
            }
            if periods.insert(period, moves).is_some() {
                return Err(StageError::BadCounts);
            }
        }
        Ok(Transitions { none, periods })
    }
}

impl From<Transitions> for Wire {
    fn from(table: Transitions) -> Wire {
        let counted = |(period, moves)| Counted { period, moves };
        Wire { stages: table.none.stages().to_vec(), periods: table.periods.into_iter().map(counted).collect() }
    }
}
