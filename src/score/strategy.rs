use super::{AnyModel, Change, Score, ScoreModel, StrategyError};
use crate::{
    calendar::{self, Period},
    quantity::Name,
    reason::Decision,
    value::Facts,
};
use alloc::{boxed::Box, collections::BTreeSet, vec::Vec};
use chrono::NaiveDate;
use core::fmt;
use serde::{Deserialize, Serialize};

/// A strategy: phases in order, without gap or overlap, each with its own dimensions and weights.
///
/// What counts as worth follows what the firm is after, and that changes. A strategy keeps the models of all phases, so that a score or
/// grade of the past is found again under the model of its day, and [`change`](Strategy::change) can tell a customer who has changed
/// from a strategy that has. `M` is a [`ScoreModel`] or a [`GradeModel`](crate::tier::GradeModel).
///
/// On the wire: `{"phases":[{"name":"coverage","from":"2004-01-01","until":"2008-01-01","model":{…}},{"name":"control","from":"2008-01-01",
/// "model":{…}}]}`.
///
/// ```
/// use customer_value::{
///     quantity::{Name, Quantity, Unit},
///     score::{Missing, Phase, Scale, ScoreModel, Strategy, Term},
///     value::{Dimension, Direction, FactSheet, Family},
/// };
///
/// let model = |name: &str, cities: &str, sales: &str| {
///     let term = |dimension, weight: &str, best: i64| Ok::<_, Box<dyn core::error::Error>>(Term {
///         dimension: Dimension::new(dimension, Family::Economic, Direction::HigherIsBetter, Unit::Count)?,
///         weight: weight.parse()?,
///         scale: Scale::Range { worst: 0.into(), best: best.into() },
///         missing: Missing::Refuse,
///     });
///     let terms = vec![term("cities", cities, 10)?, term("orders", sales, 100)?];
///     Ok::<_, Box<dyn core::error::Error>>(ScoreModel::new(Name::new(name)?, 2, terms)?)
/// };
/// let phase = |name: &str, from: &str, until: Option<&str>, model| Ok::<_, Box<dyn core::error::Error>>(Phase {
///     name: Name::new(name)?, from: from.parse()?, until: until.map(str::parse).transpose()?, model,
/// });
/// let strategy = Strategy::new(vec![
///     phase("coverage", "2004-01-01", Some("2008-01-01"), model("early", "0.8", "0.2")?)?,
///     phase("control", "2008-01-01", None, model("late", "0.3", "0.7")?)?,
/// ])?;
///
/// let facts = |cities, orders| FactSheet::new().with("cities", Quantity::count(cities))?.with("orders", Quantity::count(orders));
/// let (then, now) = (("2007-12-31".parse()?, &facts(9, 10)?), ("2008-12-31".parse()?, &facts(9, 30)?));
/// assert_eq!(strategy.score(then.1, then.0)?.value.to_string(), "0.74");
///
/// let change = strategy.change(then, now)?; // from 0.74 to 0.48
/// let split = change.split().ok_or("the same scale")?;
/// assert_eq!((split.customer.to_string(), split.strategy.to_string()), ("0.090".into(), "-0.350".into()));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "战略")]
#[doc(alias = "战略阶段")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(
    try_from = "Wire<M>",
    into = "Wire<M>",
    bound(serialize = "M: Clone + Serialize", deserialize = "M: Deserialize<'de> + AnyModel")
)]
pub struct Strategy<M = ScoreModel> {
    phases: Vec<Phase<M>>,
}

/// A phase of a strategy: some days, and the model that is in force on them.
#[doc(alias = "阶段")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phase<M = ScoreModel> {
    /// What it is called; no other phase of the strategy is called so.
    pub name: Name,
    /// The first day.
    pub from: NaiveDate,
    /// The first day after it; only the last phase may be without an end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// The model in force.
    pub model: M,
}

impl<M> Phase<M> {
    /// Whether the day lies in it.
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }
}

impl<M> Strategy<M> {
    /// The phases, the earliest first.
    pub fn phases(&self) -> &[Phase<M>] {
        &self.phases
    }

    /// The phase of that name.
    pub fn phase(&self, name: &str) -> Option<&Phase<M>> {
        self.phases.iter().find(|phase| *phase.name == *name)
    }

    /// The phase in force on a day; `None` before the first and after the last.
    pub fn on(&self, day: NaiveDate) -> Option<&Phase<M>> {
        self.phases.iter().find(|phase| phase.contains(day))
    }

    /// The same phases with other models; `None` if a model has no such counterpart.
    pub(crate) fn with_models<N>(&self, of: impl Fn(&M) -> Option<N>) -> Option<Strategy<N>> {
        let phase = |p: &Phase<M>| Some(Phase { name: p.name.clone(), from: p.from, until: p.until, model: of(&p.model)? });
        Some(Strategy { phases: self.phases.iter().map(phase).collect::<Option<_>>()? })
    }
}

impl<M: AnyModel> Strategy<M> {
    /// A strategy from its phases, the earliest first.
    ///
    /// # Errors
    /// [`NoPhases`](StrategyError::NoPhases) for `[]`; [`Twice`](StrategyError::Twice); [`Days`](StrategyError::Days) for a phase from a
    /// day until the same day; [`OutOfOrder`](StrategyError::OutOfOrder), [`NoEnd`](StrategyError::NoEnd); [`Gap`](StrategyError::Gap) for
    /// a phase until 2008-01-01 and the next from 2008-01-02; [`Overlap`](StrategyError::Overlap) if the next is from 2007-12-31.
    pub fn new(phases: Vec<Phase<M>>) -> Result<Strategy<M>, StrategyError<M::Error>> {
        if phases.is_empty() {
            return Err(StrategyError::NoPhases);
        }
        let mut names = BTreeSet::new();
        for Phase { name, from, until, .. } in &phases {
            if !names.insert(name) {
                return Err(StrategyError::Twice(name.clone()));
            }
            let checked = until.map_or_else(|| calendar::in_range(*from).map(drop), |until| Period::new(*from, until).map(drop));
            checked.map_err(|error| StrategyError::Days { phase: name.clone(), error })?;
        }
        for (first, second) in phases.iter().zip(&phases[1..]) {
            let (before, after, from) = (first.name.clone(), second.name.clone(), second.from);
            if from < first.from {
                return Err(StrategyError::OutOfOrder { first: before, second: after });
            }
            let until = first.until.ok_or_else(|| StrategyError::NoEnd(first.name.clone()))?;
            if until < from {
                return Err(StrategyError::Gap { before, after, from: until, until: from });
            }
            if from < until {
                return Err(StrategyError::Overlap { first: before, second: after, day: from });
            }
        }
        Ok(Strategy { phases })
    }

    /// Decides under the phase in force on the day.
    pub(crate) fn decide(&self, facts: &impl Facts, as_of: NaiveDate) -> Result<Decision<M::Value>, StrategyError<M::Error>> {
        self.in_force(as_of)?.decide(facts, as_of)
    }

    /// The phase whose model made a decision: the one in force on its day, or the only other that has this model. `None` if no phase has
    /// it, or several have and none of them was in force.
    pub fn phase_of(&self, decision: &Decision<M::Value>) -> Option<&Phase<M>> {
        let made = |phase: &&Phase<M>| *phase.model.id() == decision.model;
        self.on(decision.as_of).filter(made).or_else(|| {
            let mut all = self.phases.iter().filter(made);
            all.next().filter(|_| all.next().is_none())
        })
    }

    /// What has changed between two days, and whether it is the customer or the strategy: the facts of each day under the model of
    /// each.
    ///
    /// # Errors
    /// [`Backwards`](StrategyError::Backwards) if the second day is before the first; [`Before`](StrategyError::Before) and
    /// [`After`](StrategyError::After) for a day outside all phases; [`Undecided`](StrategyError::Undecided) if a model cannot decide on
    /// the facts of one of the days, for example on last year's facts because nobody had judged yet what counts this year.
    #[doc(alias = "归因")]
    pub fn change(
        &self,
        (then, facts_then): (NaiveDate, &impl Facts),
        (now, facts_now): (NaiveDate, &impl Facts),
    ) -> Result<Change<M::Value>, StrategyError<M::Error>> {
        if now < then {
            return Err(StrategyError::Backwards { then, now });
        }
        let (old, new) = (self.in_force(then)?, self.in_force(now)?);
        Ok(Change::between(
            [old.name.clone(), new.name.clone()],
            [
                old.decide(facts_then, then)?,
                old.decide(facts_now, now)?,
                new.decide(facts_then, then)?,
                new.decide(facts_now, now)?,
            ],
            old.model.is_comparable(&new.model).then_some(M::height),
        ))
    }

    fn in_force(&self, day: NaiveDate) -> Result<&Phase<M>, StrategyError<M::Error>> {
        let outside = || match (self.phases.first(), self.phases.last()) {
            (Some(Phase { name, from, .. }), _) if day < *from => StrategyError::Before { day, phase: name.clone(), from: *from },
            (_, Some(Phase { name, until: Some(until), .. })) => StrategyError::After { day, phase: name.clone(), until: *until },
            _ => StrategyError::NoPhases,
        };
        self.on(day).ok_or_else(outside)
    }
}

impl<M: AnyModel> Phase<M> {
    fn decide(&self, facts: &impl Facts, as_of: NaiveDate) -> Result<Decision<M::Value>, StrategyError<M::Error>> {
        self.model.decide(facts, as_of).map_err(|error| StrategyError::Undecided {
            phase: self.name.clone(),
            as_of,
            error: Box::new(error),
        })
    }
}

impl Strategy<ScoreModel> {
    /// Scores a customer under the phase in force on the day.
    ///
    /// # Errors
    /// [`Before`](StrategyError::Before) and [`After`](StrategyError::After) for a day outside all phases;
    /// [`Undecided`](StrategyError::Undecided) with the errors of [`ScoreModel::score`].
    pub fn score(&self, facts: &impl Facts, as_of: NaiveDate) -> Result<Decision<Score>, StrategyError> {
        self.decide(facts, as_of)
    }
}

/// The phases with their days; the models print themselves.
impl<M: AnyModel + fmt::Display> fmt::Display for Strategy<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.phases.iter().try_for_each(|Phase { name, from, until, model }| {
            write!(f, "phase {name:?}, {from}..")?;
            until.iter().try_for_each(|until| write!(f, "{until}"))?;
            write!(f, "\n{model}")
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Strategy")]
struct Wire<M> {
    phases: Vec<Phase<M>>,
}

impl<M: AnyModel> TryFrom<Wire<M>> for Strategy<M> {
    type Error = StrategyError<M::Error>;

    fn try_from(wire: Wire<M>) -> Result<Strategy<M>, StrategyError<M::Error>> {
        Strategy::new(wire.phases)
    }
}

impl<M> From<Strategy<M>> for Wire<M> {
    fn from(strategy: Strategy<M>) -> Wire<M> {
        Wire { phases: strategy.phases }
    }
}
