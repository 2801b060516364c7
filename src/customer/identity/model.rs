use super::{Comparison, IdentityError, MatchWeight, Part, Thresholds, Weighed};
use crate::{
    money::{Ratio, Rounding},
    quantity::Name,
    reason::{ModelId, fingerprint},
};
use alloc::{collections::BTreeMap, vec::Vec};
use core::fmt;
use serde::{Deserialize, Serialize};

/// How the agreement of two records is weighed (Fellegi and Sunter 1969): declared probabilities, made once into weights that add up.
///
/// The model never sees a name, an address or a number: the caller compares the fields, by whatever measure of likeness, and brings only
/// how each comparison turned out. The weights suppose that, among records of one customer and among records of two, the fields turn out
/// independently of each other; two fields that repeat each other (a postcode and its town) belong into one comparison.
///
/// ```
/// use customer_value::{
///     customer::identity::{Comparison, LinkageModel, Thresholds, Verdict}, money::Rounding, quantity::Name,
/// };
///
/// let model = LinkageModel::new(
///     Name::new("shop and till")?,
///     "1/1001".parse()?, // of 1001 pairs taken at random, one is a true one
///     vec![
///         Comparison::same_or_different("birthday", "0.97".parse()?, "0.003".parse()?)?,
///         Comparison::same_or_different("telephone", "0.8".parse()?, "0.0001".parse()?)?,
///     ],
///     Thresholds { link: "8".parse()?, review: "0".parse()? },
///     Rounding::HalfEven,
/// )?;
/// let evidence = model.weigh([("birthday", "same"), ("telephone", "same")])?;
/// assert_eq!(evidence.prior().to_string(), "-9.966");
/// assert_eq!(evidence.parts().iter().map(|p| p.weight.to_string()).collect::<Vec<_>>(), ["8.337", "12.966"]);
/// assert_eq!((evidence.total().to_string().as_str(), evidence.verdict()), ("11.337", Verdict::Link));
///
/// let without_number = model.weigh([("birthday", "same")])?; // a missing number says nothing, neither for nor against
/// assert_eq!((without_number.total().to_string().as_str(), without_number.verdict()), ("-1.629", Verdict::NoLink));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "Fellegi-Sunter")]
#[doc(alias = "record linkage")]
#[doc(alias = "entity resolution")]
#[doc(alias = "身份匹配")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct LinkageModel {
    id: ModelId,
    prior: Ratio,
    comparisons: Vec<Comparison>,
    thresholds: Thresholds,
    rounding: Rounding,
    /// What the prior weighs.
    prior_weight: MatchWeight,
    /// What each level of each comparison weighs.
    weights: Vec<Vec<MatchWeight>>,
}

/// How pairs of one kind fall, if both records have every field and the model's probabilities are true.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Expected {
    /// The share that is linked.
    pub link: f64,
    /// The share that somebody has to look at.
    pub review: f64,
    /// The share that is left apart.
    pub no_link: f64,
}

impl LinkageModel {
    /// The most different sums that [`expected`](LinkageModel::expected) follows.
    const MOST_SUMS: usize = 1 << 18;

    /// A model from the probability that two records taken at random are one customer, 1 to 50 comparisons, and how much evidence
    /// decides. Each weight is rounded to a thousandth of a bit here, once, by name; from then on all is whole numbers. With a prior of
    /// 1/2, which weighs nothing, the total is that of Fellegi and Sunter.
    ///
    /// # Errors
    /// [`BadPrior`](IdentityError::BadPrior) for 0 and 1, [`BadCount`](IdentityError::BadCount) for no comparison,
    /// [`Twice`](IdentityError::Twice) for two of one field, [`Thresholds`](IdentityError::Thresholds) for a link at 3 and a review at 4.
    pub fn new(
        name: Name,
        prior: Ratio,
        comparisons: Vec<Comparison>,
        thresholds: Thresholds,
        rounding: Rounding,
    ) -> Result<LinkageModel, IdentityError> {
        // Above one, the rest is below zero and has no weight.
        let rest = Ratio::new(prior.denominator().saturating_sub(prior.numerator()), prior.denominator()).unwrap_or(Ratio::ZERO);
        let prior_weight = MatchWeight::of(prior, rest, rounding).ok_or(IdentityError::BadPrior(prior))?;
        if !(1..=50).contains(&comparisons.len()) {
            return Err(IdentityError::BadCount { what: "comparisons", found: comparisons.len(), least: 1, most: 50 });
        }
        for (i, comparison) in comparisons.iter().enumerate() {
            if comparisons[..i].iter().any(|earlier| earlier.field() == comparison.field()) {
                return Err(IdentityError::Twice(comparison.field().clone()));
            }
        }
        let Thresholds { link, review } = thresholds;
        if link < review {
            return Err(IdentityError::Thresholds { link, review });
        }
        let of = |comparison: &Comparison| {
            // The probabilities are above zero.
            comparison.levels().iter().map(|l| MatchWeight::of(l.m, l.u, rounding).unwrap_or_default()).collect()
        };
        let weights = comparisons.iter().map(of).collect();
        let id = ModelId { name, fingerprint: 0 };
        let mut model = LinkageModel { id, prior, comparisons, thresholds, rounding, prior_weight, weights };
        model.id.fingerprint = fingerprint(&model);
        Ok(model)
    }

    /// Its name and fingerprint.
    pub const fn id(&self) -> &ModelId {
        &self.id
    }

    /// The fields that are compared.
    pub fn comparisons(&self) -> &[Comparison] {
        &self.comparisons
    }

    /// How much evidence decides.
    pub const fn thresholds(&self) -> Thresholds {
        self.thresholds
    }

    /// Weighs how the fields of two records compare: the name of a field and of one of its levels, in any order. A field that is not
    /// named is missing and weighs nothing.
    ///
    /// # Errors
    /// [`UnknownField`](IdentityError::UnknownField) and [`UnknownLevel`](IdentityError::UnknownLevel) for what the model does not have,
    /// [`Twice`](IdentityError::Twice) for a field that is named twice.
    pub fn weigh<'a>(&self, outcomes: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Weighed, IdentityError> {
        let missing = |c: &Comparison| Part { field: c.field().clone(), level: None, weight: MatchWeight::ZERO };
        let mut parts: Vec<Part> = self.comparisons.iter().map(missing).collect();
        for (field, level) in outcomes {
            let at = self.comparisons.iter().position(|c| *c.field() == field);
            let at = at.ok_or_else(|| IdentityError::UnknownField(field.into()))?;
            let (comparison, part) = (&self.comparisons[at], &mut parts[at]);
            let found = comparison.levels().iter().zip(&self.weights[at]).find(|(known, _)| known.name == level);
            let Some((known, &weight)) = found else {
                return Err(IdentityError::UnknownLevel { field: comparison.field().clone(), level: level.into() });
            };
            if part.level.is_some() {
                return Err(IdentityError::Twice(comparison.field().clone()));
            }
            (part.level, part.weight) = (Some(known.name.clone()), weight);
        }
        Weighed::new(self.id.clone(), self.prior_weight, parts, self.thresholds)
    }

    /// Weighs the same outcomes again.
    ///
    /// # Errors
    /// [`OtherModel`](IdentityError::OtherModel) if another model weighed them, [`NotReproduced`](IdentityError::NotReproduced) if this
    /// one comes to anything else.
    pub fn replay(&self, weighed: &Weighed) -> Result<(), IdentityError> {
        if *weighed.model() != self.id {
            return Err(IdentityError::OtherModel);
        }
        let outcomes = weighed.parts().iter().filter_map(|part| Some((part.field.as_str(), part.level.as_ref()?.as_str())));
        let again = self.weigh(outcomes);
        if again.as_ref() == Ok(weighed) { Ok(()) } else { Err(IdentityError::NotReproduced) }
    }

    /// How pairs of records of one customer fall, and how pairs of two customers do, if the probabilities are true, the fields
    /// independent and none missing. `no_link` of the first and `link` of the second are the two errors that Fellegi and Sunter hold
    /// down; moving the thresholds trades them against the work of looking.
    ///
    /// # Errors
    /// [`TooManySums`](IdentityError::TooManySums) if the levels make more than 2¹⁸ different totals.
    pub fn expected(&self) -> Result<(Expected, Expected), IdentityError> {
        let mut totals = BTreeMap::from([(self.prior_weight, (1.0_f64, 1.0_f64))]);
        for (comparison, weights) in self.comparisons.iter().zip(&self.weights) {
            let mut next: BTreeMap<MatchWeight, (f64, f64)> = BTreeMap::new();
            for (total, (of_one, of_two)) in &totals {
                for (level, weight) in comparison.levels().iter().zip(weights) {
                    // At most 51 weights of at most 254 bits.
                    let sum = MatchWeight::sum([*total, *weight]).unwrap_or_default();
                    let share = next.entry(sum).or_default();
                    share.0 += of_one * level.m.to_f64();
                    share.1 += of_two * level.u.to_f64();
                }
            }
            if next.len() > Self::MOST_SUMS {
                return Err(IdentityError::TooManySums(Self::MOST_SUMS));
            }
            totals = next;
        }
        let mut expected = (Expected::default(), Expected::default());
        for (total, (of_one, of_two)) in totals {
            let verdict = self.thresholds.verdict(total);
            *expected.0.share(verdict) += of_one;
            *expected.1.share(verdict) += of_two;
        }
        Ok(expected)
    }
}

impl Expected {
    fn share(&mut self, of: super::Verdict) -> &mut f64 {
        match of {
            super::Verdict::Link => &mut self.link,
            super::Verdict::Review => &mut self.review,
            super::Verdict::NoLink => &mut self.no_link,
        }
    }
}

/// The prior, the thresholds, and every level with its probabilities and its weight, one a line.
impl fmt::Display for LinkageModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Thresholds { link, review } = self.thresholds;
        writeln!(f, "{:?}: prior {} weighs {}, rounded {:?}", self.id.name, self.prior, self.prior_weight, self.rounding)?;
        writeln!(f, "link from {link}, review from {review}")?;
        for (comparison, weights) in self.comparisons.iter().zip(&self.weights) {
            for (level, weight) in comparison.levels().iter().zip(weights) {
                writeln!(f, "{:?} {:?}: m {}, u {} weighs {weight}", comparison.field(), level.name, level.m, level.u)?;
            }
        }
        Ok(())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "LinkageModel")]
struct Wire {
    name: Name,
    prior: Ratio,
    comparisons: Vec<Comparison>,
    thresholds: Thresholds,
    rounding: Rounding,
}

impl TryFrom<Wire> for LinkageModel {
    type Error = IdentityError;

    fn try_from(wire: Wire) -> Result<LinkageModel, IdentityError> {
        LinkageModel::new(wire.name, wire.prior, wire.comparisons, wire.thresholds, wire.rounding)
    }
}

impl From<LinkageModel> for Wire {
    fn from(model: LinkageModel) -> Wire {
        let LinkageModel { id, prior, comparisons, thresholds, rounding, .. } = model;
        Wire { name: id.name, prior, comparisons, thresholds, rounding }
    }
}
