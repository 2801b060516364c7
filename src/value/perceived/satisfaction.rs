use super::{Measure, PerceivedError, Points, Question, Tally, tally::sealed::Sealed};
use crate::{money::Ratio, quantity::Confidence};
use serde::{Deserialize, Serialize};

/// How satisfied were you? The customer satisfaction score is the share of answers on the best points, the top boxes.
///
/// ```
/// use customer_value::{quantity::Confidence, value::perceived::{Answer::Given, Csat, Tally}};
///
/// let mut tally = Tally::new(Csat::FIVE_TOP_TWO);
/// [5, 4, 4, 5, 5, 4, 5, 4, 3, 1].into_iter().try_for_each(|point| tally.push(Given(point)))?;
/// let csat = tally.satisfied(Confidence::P95)?;
/// let percent = |share: f64| format!("{:.1} %", 100.0 * share);
/// assert_eq!(percent(csat.estimate.value()), "80.0 %");
/// assert_eq!((percent(csat.estimate.low()), percent(csat.estimate.high())), ("49.0 %".into(), "94.3 %".into()));
/// # Ok::<(), customer_value::value::perceived::PerceivedError>(())
/// ```
#[doc(alias = "客户满意度")]
#[doc(alias = "CSAT")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Csat {
    points: Points,
    top: u8,
}

impl Csat {
    /// 1 to 5, of which 4 and 5 are satisfied.
    pub const FIVE_TOP_TWO: Csat = Csat { points: Points::FIVE, top: 2 };

    /// A scale and how many of its best points count as satisfied.
    ///
    /// # Errors
    /// [`BadTop`](PerceivedError::BadTop) for the top 0, and for the top 5 of 1 to 5.
    pub fn new(points: Points, top: u8) -> Result<Csat, PerceivedError> {
        if top > 0 && i16::from(top) <= points.width() {
            Ok(Csat { points, top })
        } else {
            Err(PerceivedError::BadTop { top, points })
        }
    }

    /// How many of the best points count as satisfied.
    pub const fn top(&self) -> u8 {
        self.top
    }

    /// The lowest point that counts as satisfied.
    fn least(self) -> i8 {
        let least = i16::from(self.points.high()) + 1 - i16::from(self.top);
        i8::try_from(least).unwrap_or(self.points.high()) // above the lowest point, as `new` makes sure
    }
}

impl Sealed for Csat {}

impl Question for Csat {
    fn points(&self) -> Points {
        self.points
    }
}

impl Tally<Csat> {
    /// The share of satisfied answers, exactly; `None` without an answer.
    pub fn share(&self) -> Option<Ratio> {
        self.exact_share(self.question().least(), self.question().points.high())
    }

    /// The share of satisfied answers, from 0 to 1, with the score interval of Wilson (1927). It keeps its promise for few answers too.
    ///
    /// # Errors
    /// [`TooFew`](PerceivedError::TooFew) without an answer.
    pub fn satisfied(&self, confidence: Confidence) -> Result<Measure, PerceivedError> {
        self.share_measure(self.question().least(), self.question().points.high(), confidence)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Csat")]
struct Wire {
    points: Points,
    top: u8,
}

impl TryFrom<Wire> for Csat {
    type Error = PerceivedError;

    fn try_from(wire: Wire) -> Result<Csat, PerceivedError> {
        Csat::new(wire.points, wire.top)
    }
}

impl From<Csat> for Wire {
    fn from(csat: Csat) -> Wire {
        Wire { points: csat.points, top: csat.top }
    }
}

/// How hard was it? The customer effort score, in the two wordings in use.
///
/// Its [`mean`](Tally::mean) always rises with ease: the first wording, where more is worse, is read from the other end.
#[doc(alias = "客户费力度")]
#[doc(alias = "CES")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EffortQuestion {
    /// How much effort did you personally have to put forth? 1, very low, to 5, very high (Dixon, Freeman and Toman 2010).
    HowMuchEffort,
    /// The company made it easy to handle my issue: 1, strongly disagree, to 7, strongly agree (Dixon, Toman and `DeLisi` 2013).
    MadeItEasy,
}

impl Sealed for EffortQuestion {}

impl Question for EffortQuestion {
    fn points(&self) -> Points {
        match self {
            EffortQuestion::HowMuchEffort => Points::FIVE,
            EffortQuestion::MadeItEasy => Points::SEVEN,
        }
    }

    fn reversed(&self) -> bool {
        matches!(self, EffortQuestion::HowMuchEffort)
    }
}

impl Tally<EffortQuestion> {
    /// The share of those for whom it was easy, from 0 to 1 (1 and 2 of the first wording, 5 to 7 of the second), with the score interval
    /// of Wilson (1927).
    ///
    /// # Errors
    /// [`TooFew`](PerceivedError::TooFew) without an answer.
    pub fn easy(&self, confidence: Confidence) -> Result<Measure, PerceivedError> {
        let (low, high) = match self.question() {
            EffortQuestion::HowMuchEffort => (1, 2),
            EffortQuestion::MadeItEasy => (5, 7),
        };
        self.share_measure(low, high, confidence)
    }
}
