use super::{CapWindow, Step, Verdict};
use crate::{
    loyalty::{CostBasis, Expiry, Pending, Points},
    money::{Ratio, Rounding},
    quantity::Name,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
    vec::Vec,
};
use core::fmt::Write;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What an occurrence earns, and why. It names the points that each rule and each line got, so that a return can take back what was
/// given, whatever the rules say by then.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Award {
    /// The points, by kind and by the terms they come with; none with zero points.
    pub credits: Vec<Credit>,
    /// What rules with caps wanted to give and gave, by rule and cap: the caller adds what was granted to what was
    /// [used](super::Context::used).
    pub caps_used: Vec<CapUse>,
    /// The steps that led there; none if it was computed [quietly](super::EarningRules::award_quietly).
    pub trace: Vec<Step>,
}

/// Points of one kind that come with the same terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credit {
    /// Which points.
    pub kind: Name,
    /// How many; more than none.
    pub points: Points,
    /// When they can be spent, if the rules say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<Pending>,
    /// When they expire, if the rules say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<Expiry>,
    /// What they cost, if the rules say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<CostBasis>,
    /// The same points by the lines of the purchase that got some, by name; empty if it was none. They add up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<(Name, Points)>,
    /// The same points by the rules that gave some, by name. They add up.
    pub rules: Vec<(Name, Points)>,
}

/// What a rule wanted to give under a cap, and what it gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapUse {
    /// The rule.
    pub rule: Name,
    /// The window that the cap is for; none if it is for one occurrence, of which nothing is carried on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<CapWindow>,
    /// What the rule would have given without its caps, before it was rounded. Of a rule whose caps were used up, what it offered.
    pub wanted: Ratio,
    /// The points that it was credited with; none if its caps were used up.
    pub granted: Points,
}

/// Where an award contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AwardFlaw {
    /// Points of that kind were credited or given, but the trace rounds them never or twice; as in an award that was computed quietly.
    #[error("the trace does not round the points {0:?} exactly once")]
    NotRounded(Name),
    /// What the rules gave of that kind does not sum to what was rounded.
    #[error("the rules do not give the {exact} {kind:?} that were rounded")]
    Sum {
        /// The kind.
        kind: Name,
        /// What was rounded.
        exact: Ratio,
    },
    /// The rounding of that kind gives another number.
    #[error("{exact} {kind:?} are not rounded to {points}")]
    Rounding {
        /// The kind.
        kind: Name,
        /// What was rounded.
        exact: Ratio,
        /// What is said to come of it.
        points: Points,
    },
    /// The credits of that kind do not sum to what came of the rounding.
    #[error("the credits do not sum to {points} {kind:?}")]
    Credits {
        /// The kind.
        kind: Name,
        /// What came of the rounding.
        points: Points,
    },
    /// The lines or the rules of a credit of that kind do not sum to its points, or it has none.
    #[error("the parts of a credit of {0:?} do not sum to it")]
    Parts(Name),
    /// A rule was credited with points a whole one or more away from what it gave, with more than its cap left, or with something though
    /// it did not count.
    #[error("the credits of rule {0:?} do not follow from the trace")]
    Rule(Name),
    /// What is said to be used of the caps of a rule is not what it was credited with, or not what it wanted.
    #[error("the caps of rule {0:?} are charged with other points than were wanted and credited")]
    CapUse(Name),
}

impl CapUse {
    /// Whether the cap left the rule a whole point or more less than it wanted.
    pub fn is_limited(&self) -> bool {
        round(self.wanted, Rounding::Floor).is_none_or(|wanted| wanted > self.granted)
    }
}

impl Award {
    /// All points of a kind, or `None` beyond 2⁶⁴ − 1, which no calculator awards.
    pub fn points(&self, kind: &str) -> Option<Points> {
        Points::sum(self.credits.iter().filter(|credit| credit.kind == *kind).map(|credit| credit.points))
    }

    /// The steps in English, one a line.
    pub fn explain(&self) -> String {
        let mut text = String::new();
        for step in &self.trace {
            let _ = writeln!(text, "{step}"); // writing to a text never fails
        }
        text
    }

    /// Checks that the trace, the credits and the use of caps agree, to the last fraction: also of an award that was stored.
    ///
    /// # Errors
    /// [`AwardFlaw`], the first that is found.
    pub fn verify(&self) -> Result<(), AwardFlaw> {
        let mut given: BTreeMap<&Name, Vec<Ratio>> = BTreeMap::new(); // by kind
        let mut by_rule: BTreeMap<&Name, Vec<Ratio>> = BTreeMap::new();
        for step in &self.trace {
            if let Step::Gave { rule, kind, points, .. } = step {
                given.entry(kind).or_default().push(*points);
                by_rule.entry(rule).or_default().push(*points);
            }
        }
        let mut credited: BTreeMap<&Name, Vec<Points>> = BTreeMap::new(); // by kind
        let mut to_rule: BTreeMap<&Name, Vec<Points>> = BTreeMap::new();
        for credit in &self.credits {
            let sums_up = |parts: &[(Name, Points)]| Points::sum(parts.iter().map(|part| part.1)) == Some(credit.points);
            if credit.points.is_zero() || !sums_up(&credit.rules) || !(credit.lines.is_empty() || sums_up(&credit.lines)) {
                return Err(AwardFlaw::Parts(credit.kind.clone()));
            }
            credited.entry(&credit.kind).or_default().push(credit.points);
            credit.rules.iter().for_each(|(rule, points)| to_rule.entry(rule).or_default().push(*points));
        }
        self.verify_kinds(&given, &credited)?;
        self.verify_rules(&by_rule, &to_rule)
    }

    fn verify_kinds(&self, given: &BTreeMap<&Name, Vec<Ratio>>, credited: &BTreeMap<&Name, Vec<Points>>) -> Result<(), AwardFlaw> {
        let mut rounded = BTreeSet::new();
        for step in &self.trace {
            let Step::Rounded { kind, exact, rounding, points } = step else { continue };
            if !rounded.insert(kind) {
                return Err(AwardFlaw::NotRounded(kind.clone()));
            }
            let parts = given.get(kind).into_iter().flatten().copied();
            if Ratio::sum(parts) != Ok(*exact) {
                return Err(AwardFlaw::Sum { kind: kind.clone(), exact: *exact });
            }
            if round(*exact, *rounding) != Some(*points) {
                return Err(AwardFlaw::Rounding { kind: kind.clone(), exact: *exact, points: *points });
            }
            if Points::sum(credited.get(kind).into_iter().flatten().copied()) != Some(*points) {
                return Err(AwardFlaw::Credits { kind: kind.clone(), points: *points });
            }
        }
        match given.keys().chain(credited.keys()).find(|kind| !rounded.contains(*kind)) {
            Some(kind) => Err(AwardFlaw::NotRounded((*kind).clone())),
            None => Ok(()),
        }
    }

    fn verify_rules(&self, by_rule: &BTreeMap<&Name, Vec<Ratio>>, to_rule: &BTreeMap<&Name, Vec<Points>>) -> Result<(), AwardFlaw> {
        let credited = |rule: &Name| Points::sum(to_rule.get(rule).into_iter().flatten().copied());
        for rule in by_rule.keys().chain(to_rule.keys()) {
            let exact = Ratio::sum(by_rule.get(*rule).into_iter().flatten().copied()).ok();
            let near = exact.zip(credited(rule)).is_some_and(|(exact, points)| {
                [Rounding::Floor, Rounding::Ceiling].iter().any(|rounding| round(exact, *rounding) == Some(points))
            });
            if !near {
                return Err(AwardFlaw::Rule((*rule).clone()));
            }
        }
        for step in &self.trace {
            let sound = match step {
                Step::Capped { rule, wanted, room, .. } => {
                    let room = Ratio::new(room.units().into(), 1).ok();
                    let exact = Ratio::sum(by_rule.get(rule).into_iter().flatten().copied()).ok();
                    room == exact && room.is_some_and(|room| *wanted > room)
                }
                Step::Considered { rule, verdict } => (*verdict == Verdict::Counted) == by_rule.contains_key(rule),
                _ => true,
            };
            if let (false, Step::Capped { rule, .. } | Step::Considered { rule, .. }) = (sound, step) {
                return Err(AwardFlaw::Rule(rule.clone()));
            }
        }
        // By default, a rule that counted wanted what it gave.
        let wanted = |rule: &Name| {
            let more = self.trace.iter().find_map(|step| match step {
                Step::Capped { rule: of, wanted, .. } if of == rule => Some(*wanted),
                Step::Considered { rule: of, verdict: Verdict::Exhausted { wanted, .. } } if of == rule => Some(*wanted),
                _ => None,
            });
            more.or_else(|| Ratio::sum(by_rule.get(rule)?.iter().copied()).ok())
        };
        let agrees = |used: &&CapUse| credited(&used.rule) == Some(used.granted) && wanted(&used.rule) == Some(used.wanted);
        match self.caps_used.iter().find(|used| !agrees(used)) {
            Some(used) => Err(AwardFlaw::CapUse(used.rule.clone())),
            None => Ok(()),
        }
    }
}

fn round(exact: Ratio, rounding: Rounding) -> Option<Points> {
    u64::try_from(rounding.divide(exact.numerator(), exact.denominator())?).ok().map(Points::new)
}
