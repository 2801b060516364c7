use super::FactSheet;
use crate::{
    calendar,
    money::Ratio,
    quantity::{Fact, Name, Source},
};
use alloc::{collections::BTreeMap, vec::Vec};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A judgement of a customer in one dimension: the level, and what it rests on.
///
/// Social and latent value cannot be counted; somebody judges it, on a day, by some evidence, more or less surely.
#[doc(alias = "评估")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    /// The level, by name; or that the dimension does not apply, or has been erased.
    pub fact: Fact,
    /// Evidence, day and confidence.
    pub source: Source,
}

/// When a judgement may still be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validity {
    /// At most this many days old; any age if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// At least this sure; a judgement that does not say how sure it is will not do then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least_confidence: Option<Ratio>,
}

/// What has been judged of a customer, dimension by dimension. Judgements merge in any order; repeating one changes nothing.
///
/// ```
/// use customer_value::{
///     quantity::{Fact, Name, Source},
///     value::{Assessment, Assessments, Facts, Validity},
/// };
///
/// let judged = |level: &str, on: &str, confidence: &str| Ok::<_, Box<dyn core::error::Error>>(Assessment {
///     fact: Fact::Named(Name::new(level)?),
///     source: Source { evidence: Name::new("trade survey")?, on: on.parse()?, confidence: Some(confidence.parse()?) },
/// });
/// let mut all = Assessments::new();
/// all.push(Name::new("market influence")?, judged("national", "2011-03-01", "0.9")?);
/// all.push(Name::new("market influence")?, judged("regional", "2011-09-01", "0.4")?);
///
/// let sure = Validity { days: Some(365), least_confidence: Some("0.6".parse()?) };
/// assert_eq!(all.as_of("2011-12-31".parse()?, sure)?.fact("market influence"), Fact::Named(Name::new("national")?));
/// assert_eq!(all.as_of("2012-12-31".parse()?, sure)?.fact("market influence"), Fact::Unknown); // nobody has looked for too long
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "BTreeMap<Name, Vec<Assessment>>", into = "BTreeMap<Name, Vec<Assessment>>")]
pub struct Assessments(BTreeMap<Name, Vec<Assessment>>);

/// What can be wrong with judgements.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AssessmentError {
    /// Two judgements of the same day, equally sure, say different things.
    #[error("{dimension:?} was judged {one:?} and {other:?} on {on}, and neither judgement is surer")]
    Contradiction {
        /// The dimension.
        dimension: Name,
        /// The day.
        on: NaiveDate,
        /// What one says.
        one: Fact,
        /// What another says.
        other: Fact,
    },
}

impl Assessments {
    /// Nothing judged yet.
    pub const fn new() -> Assessments {
        Assessments(BTreeMap::new())
    }

    /// Adds a judgement; the very same one again changes nothing.
    pub fn push(&mut self, dimension: Name, assessment: Assessment) {
        let list = self.0.entry(dimension).or_default();
        if !list.contains(&assessment) {
            // In an order that does not depend on the order of the pushes.
            let at = list.partition_point(|other| order(other) < order(&assessment));
            list.insert(at, assessment);
        }
    }

    /// Adds all judgements of another collection.
    pub fn merge(&mut self, other: Assessments) {
        for (dimension, list) in other.0 {
            for assessment in list {
                self.push(dimension.clone(), assessment);
            }
        }
    }

    /// The judgements of a dimension, the oldest first.
    pub fn of(&self, dimension: &str) -> &[Assessment] {
        self.0.get(dimension).map_or(&[], Vec::as_slice)
    }

    /// What can be taken for known at the close of a day: in every dimension the latest judgement that was made by then and is still valid;
    /// of several on one day, the surest. A dimension without one is left out, and so unknown.
    ///
    /// # Errors
    /// [`Contradiction`](AssessmentError::Contradiction) for two judgements of one day that are equally sure and differ.
    pub fn as_of(&self, day: NaiveDate, validity: Validity) -> Result<FactSheet, AssessmentError> {
        let mut sheet = FactSheet::new();
        for (dimension, list) in &self.0 {
            let usable = list.iter().filter(|a| validity.allows(&a.source, day)).map(|a| ((a.source.on, a.source.confidence), a));
            let Some((rank, found)) = usable.clone().max_by_key(|(rank, _)| *rank) else { continue };
            if let Some((_, other)) = usable.clone().find(|(r, a)| *r == rank && a.fact != found.fact) {
                let (dimension, on) = (dimension.clone(), found.source.on);
                return Err(AssessmentError::Contradiction { dimension, on, one: other.fact.clone(), other: found.fact.clone() });
            }
            sheet.set(dimension.clone(), found.fact.clone(), Some(found.source.clone()));
        }
        Ok(sheet)
    }
}

/// A total order: nothing else about a judgement is left that could differ but what the text of its fact shows.
fn order(a: &Assessment) -> (NaiveDate, Option<Ratio>, &Name, alloc::string::String) {
    (a.source.on, a.source.confidence, &a.source.evidence, alloc::format!("{:?}", a.fact))
}

impl Validity {
    /// Whether what was found on a day may be used on another.
    pub fn allows(&self, source: &Source, on: NaiveDate) -> bool {
        let young = self.days.is_none_or(|days| calendar::days_between(source.on, on) <= days);
        let sure = self.least_confidence.is_none_or(|least| source.confidence.is_some_and(|c| c >= least));
        source.on <= on && young && sure
    }
}

impl From<BTreeMap<Name, Vec<Assessment>>> for Assessments {
    fn from(lists: BTreeMap<Name, Vec<Assessment>>) -> Assessments {
        let mut all = Assessments::new();
        for (dimension, list) in lists {
            for assessment in list {
                all.push(dimension.clone(), assessment);
            }
        }
        all
    }
}

impl From<Assessments> for BTreeMap<Name, Vec<Assessment>> {
    fn from(all: Assessments) -> BTreeMap<Name, Vec<Assessment>> {
        all.0
    }
}
