//! What if: the same score with one part changed, checked again, under a new fingerprint.

use super::{AnyScale, ScoreError, ScoreModel};
use crate::{money::Ratio, quantity::Name};
use alloc::vec::Vec;

impl<S: AnyScale + Clone> ScoreModel<S> {
    /// The model with other weights, one for every term: a list, or the [`Weights`](super::weights::Weights) of a workshop. It keeps its
    /// name; its fingerprint is another.
    ///
    /// ```
    /// use customer_value::{quantity::{Name, Unit}, score::{Missing, Scale, ScoreModel, Term}, value::{Dimension, Direction, Family}};
    ///
    /// let term = |name, weight: &str| Ok::<_, Box<dyn core::error::Error>>(Term {
    ///     dimension: Dimension::new(name, Family::Economic, Direction::HigherIsBetter, Unit::Count)?,
    ///     weight: weight.parse()?,
    ///     scale: Scale::AsIs,
    ///     missing: Missing::Refuse,
    /// });
    /// let name = |text| Name::new(text);
    /// let model = ScoreModel::new(name("size")?, 1, vec![term("orders", "0.7")?, term("visits", "0.3")?])?;
    /// let other = model.with_weights(vec![(name("orders")?, "0.5".parse()?), (name("visits")?, "0.5".parse()?)])?;
    /// assert_eq!(other.name(), model.name());
    /// assert_ne!(other.id(), model.id());
    /// let equal = customer_value::score::weights::Weights::equal(&[name("orders")?, name("visits")?])?;
    /// assert_eq!(model.with_weights(equal)?, other);
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`NoTerm`](ScoreError::NoTerm) for a name that no term has; [`NoWeight`](ScoreError::NoWeight) for a term that is left out;
    /// [`TwiceTheDimension`](ScoreError::TwiceTheDimension); and as [`new`](ScoreModel::new) for weights that do not add up to one.
    #[doc(alias = "假设分析")]
    pub fn with_weights(&self, weights: impl Into<Vec<(Name, Ratio)>>) -> Result<ScoreModel<S>, ScoreError> {
        let weights = weights.into();
        let mut terms = self.terms().to_vec();
        let mut given: Vec<Name> = Vec::with_capacity(weights.len());
        for (name, weight) in weights {
            if given.contains(&name) {
                return Err(ScoreError::TwiceTheDimension(name));
            }
            let Some(term) = terms.iter_mut().find(|t| t.dimension.name == name) else { return Err(ScoreError::NoTerm(name)) };
            term.weight = weight;
            given.push(name);
        }
        if let Some(left_out) = terms.iter().find(|t| !given.contains(&t.dimension.name)) {
            return Err(ScoreError::NoWeight(left_out.dimension.name.clone()));
        }
        ScoreModel::new(self.name().clone(), self.places(), terms)
    }

    /// The model with another scale for the term on that dimension: other cuts are another [`Scale::Bins`](super::Scale::Bins).
    ///
    /// # Errors
    /// [`NoTerm`](ScoreError::NoTerm) for a name that no term has; and as [`new`](ScoreModel::new) for a scale that does not fit.
    pub fn with_scale(&self, dimension: &Name, scale: S) -> Result<ScoreModel<S>, ScoreError> {
        let mut terms = self.terms().to_vec();
        let term = terms.iter_mut().find(|t| t.dimension.name == *dimension);
        term.ok_or_else(|| ScoreError::NoTerm(dimension.clone()))?.scale = scale;
        ScoreModel::new(self.name().clone(), self.places(), terms)
    }
}
