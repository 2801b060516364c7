use super::BudgetError;
use crate::money::{Currency, Money, Ratio};
use serde::{Deserialize, Serialize};

/// The form of a response curve. Both rise ever more slowly, from nothing towards the ceiling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// `ceiling · (1 − e^(−k·s))`, the form of Blattberg and Deighton (1996): every further coin wins the same share of those who are
    /// still to be won.
    Exponential,
    /// `ceiling · s / (s + h)`, the concave case of Little (1970): it starts as steeply and takes longer to reach the ceiling.
    Hyperbolic,
}

/// Which share of customers respond to how much spending each: a shape, its ceiling, and one point that was observed.
///
/// The point decides the one parameter that is left, so nothing is stored but what somebody knows. On the wire:
/// `{"shape":"exponential","ceiling":"0.25","response":"0.1","spending":{"amount":"5.00","currency":"EUR"}}`.
///
/// ```
/// use customer_value::{money::Money, tier::budget::{Curve, Shape}};
///
/// let five: Money = "5 EUR".parse()?;
/// let curve = Curve::new(Shape::Exponential, "0.25".parse()?, "0.1".parse()?, five)?;
/// assert!((curve.share(5.0) - 0.1).abs() < 1e-12);
/// assert!(curve.share(1e6) <= 0.25);
/// assert!(curve.slope(5.0) < curve.slope(0.0));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "响应曲线")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Curve {
    shape: Shape,
    ceiling: Ratio,
    response: Ratio,
    spending: Money,
}

impl Curve {
    /// The curve of that shape under a ceiling, through one observed point: the share `response` responded to `spending` each.
    ///
    /// # Errors
    /// [`BadResponse`](BudgetError::BadResponse) unless `0 < response < ceiling <= 1`, such as 25 for 25 %, and for a
    /// response closer to the ceiling than 10⁻¹⁶;
    /// [`BadSpending`](BudgetError::BadSpending) for an amount of zero or less.
    pub fn new(shape: Shape, ceiling: Ratio, response: Ratio, spending: Money) -> Result<Curve, BudgetError> {
        if !(Ratio::ZERO < response && response < ceiling && ceiling <= Ratio::ONE) {
            return Err(BudgetError::BadResponse { ceiling, response });
        }
        if spending.minor() <= 0 {
            return Err(BudgetError::BadSpending(spending));
        }
        let curve = Curve { shape, ceiling, response, spending };
        // A response that floating-point numbers cannot tell from the ceiling, or from nothing.
        let parameter = curve.fitted().parameter;
        if parameter.is_normal() { Ok(curve) } else { Err(BudgetError::BadResponse { ceiling, response }) }
    }

    /// The form.
    pub const fn shape(&self) -> Shape {
        self.shape
    }

    /// The share that responds to any amount.
    pub const fn ceiling(&self) -> Ratio {
        self.ceiling
    }

    /// The share that was seen to respond, and the spending each that it responded to.
    pub const fn observed(&self) -> (Ratio, Money) {
        (self.response, self.spending)
    }

    /// The currency of the spending.
    pub const fn currency(&self) -> Currency {
        self.spending.currency()
    }

    /// The share that responds to so much spending each, in the currency's main unit.
    pub fn share(&self, spending: f64) -> f64 {
        self.fitted().share(spending * self.unit())
    }

    /// How much the share grows with the next coin at so much spending each, both in the currency's main unit.
    pub fn slope(&self, spending: f64) -> f64 {
        self.fitted().slope(spending * self.unit()) * self.unit()
    }

    /// The parameter that the observed point decides, for spending in the currency's main unit: the rate `k` of the exponential, the
    /// spending `h` at which the hyperbola reaches half the ceiling.
    pub fn parameter(&self) -> f64 {
        match self.shape {
            Shape::Exponential => self.fitted().parameter * self.unit(),
            Shape::Hyperbolic => self.fitted().parameter / self.unit(),
        }
    }

    /// Smallest units in a main unit.
    fn unit(&self) -> f64 {
        (0..self.currency().exponent()).fold(1.0, |unit, _| unit * 10.0)
    }

    /// The curve over smallest units.
    pub(super) fn fitted(&self) -> Fitted {
        let (ceiling, response) = (self.ceiling.to_f64(), self.response.to_f64());
        #[allow(clippy::cast_precision_loss)] // one IEEE conversion
        let spending = self.spending.minor() as f64;
        let parameter = match self.shape {
            Shape::Exponential => -libm::log1p(-response / ceiling) / spending,
            Shape::Hyperbolic => spending * (ceiling - response) / response,
        };
        Fitted { shape: self.shape, ceiling, parameter }
    }
}

/// A curve over spending in smallest units.
#[derive(Clone, Copy)]
pub(super) struct Fitted {
    shape: Shape,
    ceiling: f64,
    parameter: f64,
}

impl Fitted {
    pub(super) fn share(self, spending: f64) -> f64 {
        match self.shape {
            Shape::Exponential => -self.ceiling * libm::expm1(-self.parameter * spending),
            Shape::Hyperbolic => self.ceiling * spending / (spending + self.parameter),
        }
    }

    pub(super) fn slope(self, spending: f64) -> f64 {
        match self.shape {
            Shape::Exponential => self.ceiling * self.parameter * libm::exp(-self.parameter * spending),
            Shape::Hyperbolic => self.ceiling / self.parameter / square(1.0 + spending / self.parameter),
        }
    }

    /// The spending at which the slope has fallen to that; nothing if it begins lower.
    pub(super) fn spending_at(self, slope: f64) -> f64 {
        let times = self.slope(0.0) / slope;
        if times <= 1.0 {
            return 0.0;
        }
        match self.shape {
            Shape::Exponential => libm::log(times) / self.parameter,
            Shape::Hyperbolic => self.parameter * (libm::sqrt(times) - 1.0),
        }
    }
}

fn square(x: f64) -> f64 {
    x * x
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Curve")]
struct Wire {
    shape: Shape,
    ceiling: Ratio,
    response: Ratio,
    spending: Money,
}

impl TryFrom<Wire> for Curve {
    type Error = BudgetError;

    fn try_from(wire: Wire) -> Result<Curve, BudgetError> {
        Curve::new(wire.shape, wire.ceiling, wire.response, wire.spending)
    }
}

impl From<Curve> for Wire {
    fn from(c: Curve) -> Wire {
        Wire { shape: c.shape, ceiling: c.ceiling, response: c.response, spending: c.spending }
    }
}
