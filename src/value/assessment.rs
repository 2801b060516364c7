use super::FactSheet;
use crate::{
    calendar,
    money::Ratio,
    quantity::{Fact, Name, Source},
};
use alloc::{collections::BTreeMap, format, vec::Vec};
use chrono::NaiveDate;
use core::{cmp::Ordering, fmt};
use serde::{Deserialize, Deserializer, Serialize, de};
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
///     source: Source::new(Name::new("trade survey")?, on.parse()?, Some(confidence.parse()?))?,
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
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
        // In an order that does not depend on the order of the pushes.
        if let Err(at) = list.binary_search_by(|other| order(other, &assessment)) {
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

    /// What holds in a dimension at the close of a day: the latest judgement that was made by then and may still be used; of several on
    /// one day, the surest. That it does not apply, or has been erased, needs no confidence, does not grow old, and goes before the
    /// judgements of its day.
    ///
    /// # Errors
    /// [`Contradiction`](AssessmentError::Contradiction) for two judgements of one day that are equally sure and differ; a surer one of
    /// that day settles it.
    pub fn latest(&self, dimension: &Name, day: NaiveDate, validity: Validity) -> Result<Option<&Assessment>, AssessmentError> {
        let usable = self.of(dimension).iter().filter(|a| validity.allows(a, day)).map(|a| (rank(a), a));
        let Some((best, found)) = usable.clone().max_by_key(|(rank, _)| *rank) else { return Ok(None) };
        match usable.clone().find(|(rank, a)| *rank == best && a.fact != found.fact) {
            Some((_, other)) => {
                let (dimension, on) = (dimension.clone(), found.source.on());
                Err(AssessmentError::Contradiction { dimension, on, one: other.fact.clone(), other: found.fact.clone() })
            }
            None => Ok(Some(found)),
        }
    }

    /// What can be taken for known at the close of a day, in every dimension as [`latest`](Assessments::latest). A dimension without a
    /// usable judgement is left out, and so unknown.
    ///
    /// # Errors
    /// As [`latest`](Assessments::latest), for the first dimension; ask for the dimensions one by one where some are not needed.
    pub fn as_of(&self, day: NaiveDate, validity: Validity) -> Result<FactSheet, AssessmentError> {
        let mut sheet = FactSheet::new();
        for dimension in self.0.keys() {
            if let Some(found) = self.latest(dimension, day, validity)? {
                sheet.set(dimension.clone(), found.fact.clone(), Some(found.source.clone()));
            }
        }
        Ok(sheet)
    }
}

/// Which judgement goes before which.
fn rank(a: &Assessment) -> (NaiveDate, bool, Option<Ratio>) {
    (a.source.on(), a.fact.is_absent(), a.source.confidence())
}

/// A total order: nothing else about a judgement is left that could differ but what the text of its fact shows.
fn order(a: &Assessment, b: &Assessment) -> Ordering {
    let first = rank(a).cmp(&rank(b)).then_with(|| a.source.evidence().cmp(b.source.evidence()));
    let text = |a: &Assessment| format!("{:?}", a.fact);
    first.then_with(|| if a.fact == b.fact { Ordering::Equal } else { text(a).cmp(&text(b)) })
}

impl Validity {
    /// Whether a judgement may be used on a day.
    pub fn allows(&self, assessment: &Assessment, day: NaiveDate) -> bool {
        let source = &assessment.source;
        let young = self.days.is_none_or(|days| calendar::days_between(source.on(), day) <= days);
        let sure = self.least_confidence.is_none_or(|least| source.confidence().is_some_and(|c| c >= least));
        source.on() <= day && (assessment.fact.is_absent() || (young && sure))
    }
}

/// A dimension that is given twice has the judgements of both.
impl<'de> Deserialize<'de> for Assessments {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Assessments, D::Error> {
        struct Visit;
        impl<'de> de::Visitor<'de> for Visit {
            type Value = Assessments;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("judgements by the names of their dimensions")
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Assessments, A::Error> {
                let mut all = Assessments::new();
                while let Some((dimension, list)) = map.next_entry::<Name, Vec<Assessment>>()? {
                    for assessment in list {
                        all.push(dimension.clone(), assessment);
                    }
                }
                Ok(all)
            }
        }
        from.deserialize_map(Visit)
    }
}
