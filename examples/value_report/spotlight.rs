//! Three customers whose grade is explained in full, chosen by what their case shows.

use crate::{
    figures,
    grading::{Frozen, Graded, Grading},
    policy::Policy,
};
use anyhow::{Context, Result};
use customer_value::{quantity::Name, reason::Language, tier::Grade, value::Rfm};
use std::cmp::Reverse;

/// A customer and the whole explanation.
#[derive(Debug)]
pub(crate) struct Spotlight {
    pub(crate) key: String,
    /// Why this customer was chosen.
    pub(crate) chosen: String,
    pub(crate) grade: Grade,
    pub(crate) segment: Name,
    pub(crate) rfm: Rfm,
    /// What the customer was a year before.
    pub(crate) before: Option<(Grade, Rfm)>,
    /// The reasons in words.
    pub(crate) reasons: Vec<String>,
}

/// Chooses the customers; fewer than three if there is nobody to show a case.
pub(crate) fn choose(
    policy: &Policy,
    frozen: &Frozen,
    now: &Grading,
    before: Option<&Grading>,
    language: Language,
) -> Result<Vec<Spotlight>> {
    let cases = Cases { now, before };
    let second_best = policy.model.grades().best_first().get(1);
    let last = match before {
        Some(before) => cases.fell_furthest(before),
        None => policy.model.grades().best_first().last().and_then(|grade| cases.typical(grade)),
    };
    let found = [cases.decided_by_a_rule(), second_best.and_then(|grade| cases.typical(grade)), last];
    let mut chosen: Vec<(usize, String)> = Vec::new();
    for case in found.into_iter().flatten() {
        // One customer can be two cases, and is told once.
        if chosen.iter().all(|(at, _)| *at != case.0) {
            chosen.push(case);
        }
    }
    chosen.into_iter().map(|(at, why)| cases.explain(policy, frozen, at, why, language)).collect()
}

struct Cases<'a> {
    now: &'a Grading,
    before: Option<&'a Grading>,
}

impl Cases<'_> {
    fn customers(&self) -> impl Iterator<Item = (usize, &Graded, &Rfm)> {
        self.now.customers.iter().zip(&self.now.population.rfm).enumerate().map(|(at, (graded, rfm))| (at, graded, rfm))
    }

    /// The one with the highest sales of those whose grade is not the grid's. Of equals the first in order of key, here and below.
    fn decided_by_a_rule(&self) -> Option<(usize, String)> {
        let changed = self.customers().filter(|(_, graded, _)| graded.changed_by_rule);
        let (at, ..) = changed.max_by_key(|(at, _, rfm)| (rfm.monetary.minor(), Reverse(*at)))?;
        Some((at, "Decided by a rule: the highest sales among the customers whose grade a rule changed".to_owned()))
    }

    /// The one in the middle of a grade, by sales.
    fn typical(&self, grade: &Grade) -> Option<(usize, String)> {
        let mut members: Vec<(i64, usize)> = self
            .customers()
            .filter(|(_, graded, _)| graded.grade == *grade)
            .map(|(at, _, rfm)| (rfm.monetary.minor(), at))
            .collect();
        members.sort_unstable();
        let (_, at) = members.get(members.len().checked_sub(1)? / 2)?;
        Some((*at, format!("A typical {grade}: the median of the grade by sales")))
    }

    /// The one who lost the most grades, and of those the one who lost the most sales.
    fn fell_furthest(&self, before: &Grading) -> Option<(usize, String)> {
        let falls = self.customers().filter_map(|(at, graded, rfm)| {
            let was = before.population.position(&self.now.population.keys[at])?;
            let grades = graded.grade.rank().checked_sub(before.customers[was].grade.rank()).filter(|fallen| *fallen > 0)?;
            let sales = before.population.rfm[was].monetary.minor() - rfm.monetary.minor();
            Some((grades, sales, Reverse(at)))
        });
        let (_, _, Reverse(at)) = falls.max()?;
        Some((at, "Fell furthest: lost the most grades in a year, and of those customers the most sales".to_owned()))
    }

    fn explain(&self, policy: &Policy, frozen: &Frozen, at: usize, chosen: String, language: Language) -> Result<Spotlight> {
        let population = &self.now.population;
        let (key, rfm, graded) = (population.keys[at].clone(), population.rfm[at], &self.now.customers[at]);
        let decision = frozen.checked(&rfm, population.as_of)?;
        let before = self.before.and_then(|before| {
            let was = before.population.position(&key)?;
            Some((before.customers[was].grade.clone(), before.population.rfm[was]))
        });
        let segment = policy.segments.segments().get(graded.segment).context("a segment is missing")?.name.clone();
        Ok(Spotlight {
            key,
            chosen,
            grade: decision.value.clone(),
            segment,
            rfm,
            before,
            reasons: decision.explain(language).lines().map(|line| sentence(line, language)).collect(),
        })
    }
}

/// Reasons may begin with the name of a dimension, which is in lower case.
fn sentence(line: &str, language: Language) -> String {
    match language {
        Language::English => figures::capitalised(line),
        Language::Chinese => line.to_owned(),
    }
}

impl Spotlight {
    /// Where the customer stands, in one sentence.
    pub(crate) fn summary(&self) -> String {
        let now = format!("Grade {}, {}; sales of {}", self.grade, self.segment, figures::money(self.rfm.monetary));
        match &self.before {
            Some((grade, rfm)) => format!("{now}. A year before: grade {grade}, sales of {}.", figures::money(rfm.monetary)),
            None => format!("{now}."),
        }
    }
}
