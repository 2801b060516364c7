use super::Decision;

/// What is decided if every missing fact is as bad as it can be, and if every one is as good as it can be. The truth lies between.
///
/// ```
/// use customer_value::{
///     quantity::{Name, Quantity, Ties, Unit},
///     score::{Cutpoints, Missing, Scale, ScoreModel, Term},
///     value::{Dimension, Direction, FactSheet, Family},
/// };
///
/// let term = |name, weight: &str| Ok::<_, Box<dyn core::error::Error>>(Term {
///     dimension: Dimension::new(name, Family::Economic, Direction::HigherIsBetter, Unit::Count)?,
///     weight: weight.parse()?,
///     scale: Scale::Bins(Cutpoints::new(vec![10.into(), 20.into()], Ties::ToUpper)?),
///     missing: Missing::Bounds,
/// });
/// let model = ScoreModel::new(Name::new("size")?, 1, vec![term("orders", "0.7")?, term("visits", "0.3")?])?;
/// let bounds = model.bounds(&FactSheet::new().with("orders", Quantity::count(12))?, "2011-12-09".parse()?)?;
/// assert_eq!((bounds.worst.value.to_string(), bounds.best.value.to_string()), ("1.7".into(), "2.3".into()));
/// assert!(bounds.certain().is_none());
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "上下界")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounds<T> {
    /// The decision in the worst case.
    pub worst: Decision<T>,
    /// The decision in the best case.
    pub best: Decision<T>,
}

impl<T: PartialEq> Bounds<T> {
    /// The value, if it is the same in both cases.
    pub fn certain(&self) -> Option<&T> {
        (self.worst.value == self.best.value).then_some(&self.worst.value)
    }
}
