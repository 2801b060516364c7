use super::{
    Answer, Component, Measure, Part, PerceivedError, Points, Side, Turnout,
    scores::{Scores, weighted_mean},
    tally::whole,
};
use crate::{
    money::{Ratio, Rounding},
    quantity::Confidence,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use core::fmt;
use serde::{Deserialize, Serialize};

/// A score in the eyes of the customer. It is no money of the enterprise and no fact about the customer, and becomes neither:
///
/// ```compile_fail,E0277
/// # fn f(felt: customer_value::value::perceived::Perceived) {
/// let facts = customer_value::value::FactSheet::new().with("value", felt); // what a customer feels is not what a customer is worth
/// # }
/// ```
///
/// ```compile_fail,E0277
/// # fn f(felt: customer_value::value::perceived::Perceived) {
/// let worth: customer_value::money::Money = felt.into();
/// # }
/// ```
#[doc(alias = "感知价值")]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Perceived(pub(super) Ratio);

impl Perceived {
    /// The points, to be read, compared and printed.
    pub const fn points(self) -> Ratio {
        self.0
    }

    /// The mean over many customers with the interval of Student (1908): of their net values, say, or of the net advantages of one offer
    /// over another. The order of customers cannot be seen.
    ///
    /// # Errors
    /// [`TooFew`](PerceivedError::TooFew) of less than two customers; [`NoVariation`](PerceivedError::NoVariation) if all say the same.
    pub fn mean(many: impl IntoIterator<Item = Perceived>, confidence: Confidence) -> Result<Measure, PerceivedError> {
        let mut scores = Scores::default();
        many.into_iter().try_for_each(|one| scores.add(one.0, 1))?;
        let turnout = Turnout { answered: scores.n(), ..Turnout::default() };
        Ok(Measure { estimate: scores.estimate((f64::MIN, f64::MAX), confidence)?, n: turnout.answered, turnout })
    }
}

impl fmt::Display for Perceived {
    /// With two decimal places, rounded half even.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.to_decimal(2, Rounding::HalfEven) {
            Ok(points) => fmt::Display::fmt(&points, f),
            Err(_) => fmt::Display::fmt(&self.0, f),
        }
    }
}

impl fmt::Debug for Perceived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} points", self.0)
    }
}

/// What customers are asked about an offer, and how much each component matters to them.
///
/// All eight parts of [delivered value](DeliveredValue) are asked about or left out by name: none is forgotten in silence.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct ValueModel {
    points: Points,
    weights: BTreeMap<Component, u32>,
    left_out: BTreeSet<Part>,
}

impl ValueModel {
    /// The scale, from 0 or more: more points are more of it, of value as of cost. The weights say what each component matters beside the
    /// others of both sides.
    ///
    /// # Errors
    /// [`BadPoints`](PerceivedError::BadPoints) for a scale from −3, [`BadWeights`](PerceivedError::BadWeights) for a weight of zero,
    /// [`Twice`](PerceivedError::Twice) for a component with two weights,
    /// [`PartForgotten`](PerceivedError::PartForgotten), [`PartBoth`](PerceivedError::PartBoth), and
    /// [`OneSided`](PerceivedError::OneSided) if all parts of one side are left out.
    pub fn new(
        points: Points,
        weights: impl IntoIterator<Item = (Component, u32)>,
        left_out: impl IntoIterator<Item = Part>,
    ) -> Result<ValueModel, PerceivedError> {
        let left_out: BTreeSet<Part> = left_out.into_iter().collect();
        let mut by_component = BTreeMap::new();
        for (component, weight) in weights {
            if by_component.insert(component, weight).is_some() {
                return Err(PerceivedError::Twice(component));
            }
        }
        let weights = by_component;
        if points.low() < 0 {
            return Err(PerceivedError::BadPoints { low: points.low(), high: points.high() });
        }
        if weights.values().any(|&w| w == 0) {
            return Err(PerceivedError::BadWeights);
        }
        for part in Part::ALL {
            match (weights.keys().any(|c| c.part() == part), left_out.contains(&part)) {
                (true, true) => return Err(PerceivedError::PartBoth(part)),
                (false, false) => return Err(PerceivedError::PartForgotten(part)),
                _ => {}
            }
        }
        for side in [Side::Value, Side::Cost] {
            if !weights.keys().any(|c| c.side() == side) {
                return Err(PerceivedError::OneSided(side));
            }
        }
        Ok(ValueModel { points, weights, left_out })
    }

    /// What is asked about, and what it matters.
    pub const fn weights(&self) -> &BTreeMap<Component, u32> {
        &self.weights
    }

    /// The parts that are left out.
    pub const fn left_out(&self) -> &BTreeSet<Part> {
        &self.left_out
    }

    /// What one customer thinks of one offer.
    ///
    /// # Errors
    /// [`Unanswered`](PerceivedError::Unanswered) for a component without an answer, given as such or not given at all;
    /// [`NotAsked`](PerceivedError::NotAsked); [`Twice`](PerceivedError::Twice); [`OffScale`](PerceivedError::OffScale);
    /// [`NothingApplies`](PerceivedError::NothingApplies) if no component of a side applies.
    pub fn judge(&self, answers: impl IntoIterator<Item = (Component, Answer<i8>)>) -> Result<DeliveredValue, PerceivedError> {
        let mut given: BTreeMap<Component, Option<i8>> = BTreeMap::new();
        for (component, answer) in answers {
            if !self.weights.contains_key(&component) {
                return Err(PerceivedError::NotAsked(component));
            }
            let points = match answer {
                Answer::Given(point) => Some(self.points.check(point)?),
                Answer::NotApplicable => None,
                Answer::NoAnswer => return Err(PerceivedError::Unanswered(component)),
            };
            if given.insert(component, points).is_some() {
                return Err(PerceivedError::Twice(component));
            }
        }
        if let Some(&missing) = self.weights.keys().find(|c| !given.contains_key(*c)) {
            return Err(PerceivedError::Unanswered(missing));
        }
        let (value, cost) = (self.total(Side::Value, &given)?, self.total(Side::Cost, &given)?);
        let net = Perceived(minus(value, cost)?);
        Ok(DeliveredValue { model: self.clone(), given, value: Perceived(value), cost: Perceived(cost), net })
    }

    /// The weighted mean of the side, times the share of its weights in all.
    fn total(&self, side: Side, given: &BTreeMap<Component, Option<i8>>) -> Result<Ratio, PerceivedError> {
        let mean = self.mean(given, |c| c.side() == side)?.ok_or(PerceivedError::NothingApplies(side))?;
        let (of_side, all) = (self.weight(|c| c.side() == side), self.weight(|_| true));
        let share = mean.numerator().checked_mul(of_side).zip(mean.denominator().checked_mul(all));
        share.and_then(|(n, d)| Ratio::new(n, d).ok()).ok_or(PerceivedError::TooMany)
    }

    fn mean(
        &self,
        given: &BTreeMap<Component, Option<i8>>,
        of: impl Fn(Component) -> bool,
    ) -> Result<Option<Ratio>, PerceivedError> {
        let given = given.iter().filter(|(c, _)| of(**c));
        weighted_mean(given.filter_map(|(c, points)| Some((i128::from(*self.weights.get(c)?), whole((*points)?.into())))))
    }

    fn weight(&self, of: impl Fn(Component) -> bool) -> i128 {
        self.weights.iter().filter(|(c, _)| of(**c)).map(|(_, &w)| i128::from(w)).sum()
    }
}

/// Customer delivered value (Kotler): what one customer thinks to get from an offer against what it takes to get it.
///
/// The total of a side is the weighted mean of its components times the share of its weights in all weights; so value and cost are points
/// on one scale, and one is worth as much as the other. The weight of a component that does not apply goes to the others of its side.
///
/// ```
/// use customer_value::value::perceived::{Answer::{Given, NotApplicable}, Component::*, Part, Points, ValueModel};
///
/// let model = ValueModel::new(
///     Points::ZERO_TO_TEN,
///     [(Quality, 30), (Delivery, 10), (Personnel, 10), (Money, 30), (Time, 20)],
///     [Part::Image, Part::Energy, Part::Psychic],
/// )?;
/// let offer = model.judge([(Quality, Given(8)), (Delivery, Given(6)), (Personnel, Given(10)), (Money, Given(7)), (Time, Given(2))])?;
/// assert_eq!((offer.total_value().to_string(), offer.total_cost().to_string()), ("4.00".into(), "2.50".into()));
/// assert_eq!(offer.net().to_string(), "1.50");
/// assert_eq!(offer.ratio().unwrap().to_string(), "1.6");
///
/// let answers = [(Quality, Given(8)), (Delivery, NotApplicable), (Personnel, Given(10)), (Money, Given(5)), (Time, Given(6))];
/// let pick_up = model.judge(answers)?;
/// let compared = pick_up.compare(&offer)?; // over what applies to both
/// assert_eq!(compared.components[1].advantage, None);
/// assert_eq!(compared.net.to_string(), "-0.20"); // cheaper by 0.60, slower by 0.80
/// # Ok::<(), customer_value::value::perceived::PerceivedError>(())
/// ```
#[doc(alias = "顾客让渡价值")]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DeliveredValue {
    model: ValueModel,
    /// `None` where it does not apply.
    given: BTreeMap<Component, Option<i8>>,
    value: Perceived,
    cost: Perceived,
    net: Perceived,
}

impl DeliveredValue {
    /// Total customer value.
    #[doc(alias = "顾客整体价值")]
    pub const fn total_value(&self) -> Perceived {
        self.value
    }

    /// Total customer cost.
    #[doc(alias = "顾客整体成本")]
    pub const fn total_cost(&self) -> Perceived {
        self.cost
    }

    /// Total value less total cost.
    pub const fn net(&self) -> Perceived {
        self.net
    }

    /// Total value over total cost: above 1 if it is worth it. `None` where nothing is given for it.
    pub fn ratio(&self) -> Option<Ratio> {
        self.value.0.part_of(self.cost.0)
    }

    /// A part, in points of the scale: the weighted mean of its components that apply. `None` if it is left out or none applies.
    pub fn part(&self, part: Part) -> Option<Perceived> {
        self.model.mean(&self.given, |c| c.part() == part).ok()?.map(Perceived)
    }

    /// The points of a component; not applicable as it was answered, `None` if it was not asked about.
    pub fn component(&self, component: Component) -> Option<Answer<i8>> {
        self.given.get(&component).map(|points| points.map_or(Answer::NotApplicable, Answer::Given))
    }

    /// What this offer has before another in the eyes of the same customer, component by component, over what applies to both.
    ///
    /// # Errors
    /// [`OtherQuestion`](PerceivedError::OtherQuestion) if the two were not judged by the same model;
    /// [`NothingApplies`](PerceivedError::NothingApplies) if nothing of one side applies to both.
    pub fn compare(&self, other: &DeliveredValue) -> Result<Comparison, PerceivedError> {
        if self.model != other.model {
            return Err(PerceivedError::OtherQuestion);
        }
        let model = &self.model;
        let both = |c: Component| [self, other].iter().all(|offer| matches!(offer.given.get(&c), Some(Some(_))));
        let all = model.weight(|_| true);
        let (mut components, mut net) = (Vec::new(), Ratio::ZERO);
        for side in [Side::Value, Side::Cost] {
            let (of_side, shared) = (model.weight(|c| c.side() == side), model.weight(|c| c.side() == side && both(c)));
            if shared == 0 {
                return Err(PerceivedError::NothingApplies(side));
            }
            for ((&component, &one), &other) in self.given.iter().zip(other.given.values()).filter(|((c, _), _)| c.side() == side) {
                let mut advantage = None;
                if let (Some(one), Some(other)) = (one, other) {
                    let more = i128::from(one) - i128::from(other);
                    let better = if side == Side::Value { more } else { -more };
                    let weight = model.weight(|c| c == component); // all weights are 32 bits, at most 16 of them
                    let points = Ratio::new(better * weight * of_side, shared * all).map_err(|_| PerceivedError::TooMany)?;
                    net = Ratio::sum([net, points]).map_err(|_| PerceivedError::TooMany)?;
                    advantage = Some(Perceived(points));
                }
                components.push(Advantage { component, one, other, advantage });
            }
        }
        Ok(Comparison { components, net: Perceived(net) })
    }
}

/// One offer against another in the eyes of one customer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Comparison {
    /// All that is asked about, value first.
    pub components: Vec<Advantage>,
    /// How much more delivered value the first offer has: the sum of the advantages. If the same applies to both offers, it is the
    /// difference of their [net](DeliveredValue::net) values.
    pub net: Perceived,
}

/// One component of two offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Advantage {
    /// Which.
    pub component: Component,
    /// Points of the first offer; `None` where it does not apply.
    pub one: Option<i8>,
    /// Points of the other offer; `None` where it does not apply.
    pub other: Option<i8>,
    /// What it adds to the net: above zero if the first offer is better, by more value or by less cost. `None` unless it applies to both.
    pub advantage: Option<Perceived>,
}

fn minus(one: Ratio, other: Ratio) -> Result<Ratio, PerceivedError> {
    let less = Ratio::new(-other.numerator(), other.denominator()).map_err(|_| PerceivedError::TooMany)?;
    Ratio::sum([one, less]).map_err(|_| PerceivedError::TooMany)
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "ValueModel")]
struct Wire {
    points: Points,
    weights: BTreeMap<Component, u32>,
    #[serde(default)]
    left_out: BTreeSet<Part>,
}

impl TryFrom<Wire> for ValueModel {
    type Error = PerceivedError;

    fn try_from(wire: Wire) -> Result<ValueModel, PerceivedError> {
        ValueModel::new(wire.points, wire.weights, wire.left_out)
    }
}

impl From<ValueModel> for Wire {
    fn from(model: ValueModel) -> Wire {
        Wire { points: model.points, weights: model.weights, left_out: model.left_out }
    }
}
