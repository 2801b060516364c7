use super::{Cause, ComparisonError, Psi, account::Account, cause::causes};
use crate::{
    money::Ratio,
    quantity::Name,
    reason::{Decision, ModelId},
    tier::{
        Grade, GradeModel, GradeSet, TierError,
        migration::{Migration, MigrationError},
    },
    value::Facts,
};
use alloc::{
    boxed::Box,
    collections::{BTreeMap, btree_map::Entry},
    format, vec,
};
use chrono::NaiveDate;
use core::fmt;

/// Two grade models over the same customers: who changes grade, and why.
///
/// Keys keep customers apart; parts of a population that are compared separately merge to the same as the whole. See the
/// [module](super) for an example.
#[doc(alias = "模型比较")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison<K> {
    before: ModelId,
    after: ModelId,
    grades: GradeSet,
    customers: BTreeMap<K, Outcome>,
}

/// What became of a customer. Grades are positions in the set.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    Stays(u8),
    Changes { before: u8, after: u8, causes: Box<[Cause]> },
    Ungraded(Box<[Result<u8, TierError>; 2]>),
}

/// A customer whom the two models grade differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<'a, K> {
    /// Who it is.
    pub key: &'a K,
    /// The grade that the first model gives.
    pub before: &'a Grade,
    /// The grade that the second model gives.
    pub after: &'a Grade,
    /// Why; never empty.
    pub causes: &'a [Cause],
}

/// A customer whom at least one of the two models does not grade.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ungraded<'a, K> {
    /// Who it is.
    pub key: &'a K,
    /// The grade that the first model gives, or why it gives none.
    pub before: Result<&'a Grade, &'a TierError>,
    /// The grade that the second model gives, or why it gives none.
    pub after: Result<&'a Grade, &'a TierError>,
}

impl<K: Ord + fmt::Debug> Comparison<K> {
    /// Grades every customer by both models.
    ///
    /// # Errors
    /// [`OtherGrades`](ComparisonError::OtherGrades) for models that do not give the same grades; [`Twice`](ComparisonError::Twice) for a
    /// key that occurs twice. A customer who cannot be graded is no error: see [`ungraded`](Comparison::ungraded).
    pub fn of<F: Facts>(
        before: &GradeModel,
        after: &GradeModel,
        customers: impl IntoIterator<Item = (K, F)>,
    ) -> Result<Comparison<K>, ComparisonError> {
        let grades = before.grades();
        if grades != after.grades() {
            return Err(ComparisonError::OtherGrades { before: grades.clone(), after: after.grades().clone() });
        }
        let ids = (before.id().clone(), after.id().clone());
        let mut all = Comparison { before: ids.0, after: ids.1, grades: grades.clone(), customers: BTreeMap::new() };
        for (key, facts) in customers {
            match all.customers.entry(key) {
                Entry::Vacant(place) => drop(place.insert(outcome(before, after, &facts)?)),
                Entry::Occupied(taken) => return Err(ComparisonError::Twice(format!("{:?}", taken.key()))),
            }
        }
        Ok(all)
    }

    /// Takes in the customers of another part of the population.
    ///
    /// # Errors
    /// [`OtherModel`](ComparisonError::OtherModel) if it compares other models; [`Twice`](ComparisonError::Twice) for a customer of both
    /// parts. Nothing is taken in then.
    pub fn merge(&mut self, other: Comparison<K>) -> Result<(), ComparisonError> {
        for (ours, theirs) in [(&self.before, &other.before), (&self.after, &other.after)] {
            if ours != theirs {
                return Err(ComparisonError::OtherModel { expected: ours.clone(), found: theirs.clone() });
            }
        }
        if let Some(key) = other.customers.keys().find(|key| self.customers.contains_key(key)) {
            return Err(ComparisonError::Twice(format!("{key:?}")));
        }
        self.customers.extend(other.customers);
        Ok(())
    }
}

/// What two models make of one customer.
fn outcome(before: &GradeModel, after: &GradeModel, facts: &impl Facts) -> Result<Outcome, ComparisonError> {
    let position = |grade: &Grade| grade.rank() - 1;
    let (was, now) = match (before.grade_only(facts), after.grade_only(facts)) {
        (Ok(was), Ok(now)) => (was, now),
        (was, now) => return Ok(Outcome::Ungraded(Box::new([was.map(position), now.map(position)]))),
    };
    if was == now {
        return Ok(Outcome::Stays(position(was)));
    }
    // Only the reasons are looked at, and no reason depends on the day.
    let decide = |model: &GradeModel| -> Result<Decision<Grade>, TierError> { model.grade(facts, NaiveDate::default()) };
    let (first, second) = (decide(before)?, decide(after)?);
    let effect = |model: &GradeModel, name: &Name| model.rules().iter().find(|r| r.name == *name).map(|r| r.then.clone());
    let other_effect = |name: &Name| effect(before, name) != effect(after, name);
    let causes = causes(&Account::of(&first.reasons), &Account::of(&second.reasons), &other_effect);
    Ok(Outcome::Changes { before: position(was), after: position(now), causes: causes.into() })
}

impl<K> Comparison<K> {
    /// The first model.
    pub const fn before(&self) -> &ModelId {
        &self.before
    }

    /// The second model.
    pub const fn after(&self) -> &ModelId {
        &self.after
    }

    /// The grades that both give.
    pub const fn grades(&self) -> &GradeSet {
        &self.grades
    }

    /// All customers, graded or not.
    pub fn customers(&self) -> usize {
        self.customers.len()
    }

    /// The customers who change grade, in order of their keys.
    pub fn changes(&self) -> impl Iterator<Item = Change<'_, K>> {
        self.customers.iter().filter_map(|(key, outcome)| match outcome {
            Outcome::Changes { before, after, causes } => {
                Some(Change { key, before: self.grade(*before), after: self.grade(*after), causes })
            }
            Outcome::Stays(_) | Outcome::Ungraded(_) => None,
        })
    }

    /// The customers whom one of the models, or both, cannot grade, with the errors, in order of their keys.
    pub fn ungraded(&self) -> impl Iterator<Item = Ungraded<'_, K>> {
        self.customers.iter().filter_map(|(key, outcome)| match outcome {
            Outcome::Ungraded(results) => {
                let [before, after] = &**results;
                let (before, after) = (before.as_ref().map(|&at| self.grade(at)), after.as_ref().map(|&at| self.grade(at)));
                Some(Ungraded { key, before, after })
            }
            Outcome::Stays(_) | Outcome::Changes { .. } => None,
        })
    }

    /// The share of those whom both models grade who change grade; `None` if there is nobody.
    pub fn share_changed(&self) -> Option<Ratio> {
        let (changed, of) = self.graded().fold((0_i128, 0_i128), |(changed, of), (b, a)| (changed + i128::from(b != a), of + 1));
        Ratio::new(changed, of).ok()
    }

    /// How many move from which grade to which. A customer whom a model does not grade counts as not there on its side.
    ///
    /// # Errors
    /// None that can occur: the grades are those of the models.
    pub fn migration(&self) -> Result<Migration, MigrationError> {
        let pairs = self.customers.values().map(|outcome| match outcome {
            Outcome::Stays(at) => (Some(self.grade(*at)), Some(self.grade(*at))),
            Outcome::Changes { before, after, .. } => (Some(self.grade(*before)), Some(self.grade(*after))),
            Outcome::Ungraded(results) => {
                let grade = |side: usize| results[side].as_ref().ok().map(|&at| self.grade(at));
                (grade(0), grade(1))
            }
        });
        Migration::between(&self.grades, pairs)
    }

    /// How far the mix of grades shifts, over the customers whom both models grade; the best grade is the first bin.
    ///
    /// # Errors
    /// [`EmptyPopulation`](ComparisonError::EmptyPopulation) if there is nobody whom both grade.
    pub fn psi(&self) -> Result<Psi, ComparisonError> {
        let mut counts = [vec![0_u64; self.grades.best_first().len()], vec![0; self.grades.best_first().len()]];
        for (before, after) in self.graded() {
            counts[0][usize::from(before)] += 1;
            counts[1][usize::from(after)] += 1;
        }
        Psi::between(&counts[0], &counts[1])
    }

    /// The positions of the grades of those whom both models grade.
    fn graded(&self) -> impl Iterator<Item = (u8, u8)> {
        self.customers.values().filter_map(|outcome| match outcome {
            Outcome::Stays(at) => Some((*at, *at)),
            Outcome::Changes { before, after, .. } => Some((*before, *after)),
            Outcome::Ungraded(_) => None,
        })
    }

    /// The grade at a position, which came from the set.
    fn grade(&self, at: u8) -> &Grade {
        &self.grades.best_first()[usize::from(at)]
    }
}
