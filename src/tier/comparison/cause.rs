use super::{
    account::{Account, Step, either},
    words,
};
use crate::{
    money::Ratio,
    quantity::{Fact, Name, Predicate},
    reason::{Language, Verdict},
};
use alloc::{string::String, vec::Vec};
use rust_decimal::Decimal;

/// One thing that differs between two decisions on a customer and has a part in the change of grade.
///
/// A difference that cannot have had a part is not listed: an axis whose level changed while the grade before the rules did not, a rule
/// that applies in one decision only but left the grade as it was.
///
/// What is listed had a part; it need not have sufficed alone. And a difference that would have sufficed is not listed if another came
/// first: of two rules that each lift C to B, the one that stands first in the reasons changes the grade, the other finds it changed.
#[doc(alias = "原因")]
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// A fact is another, and a rule whose verdict changed looks at it.
    Fact(FactChange),
    /// A score is another, and an axis or a rule that changed looks at it.
    Score(ScoreChange),
    /// The level on an axis of the grid is another.
    Level(LevelChange),
    /// The grade before the rules is another.
    Sorted {
        /// The grade that the first model's sorter gives.
        before: Name,
        /// The grade that the second one's gives.
        after: Name,
    },
    /// The verdict of a rule, or its effect, is another, and it changed the grade before or after.
    Rule {
        /// The rule.
        rule: Name,
        /// Its verdict before; `None` if there was no such rule.
        before: Option<Verdict>,
        /// Its verdict after; `None` if there is no such rule. The same as before if its effect is another.
        after: Option<Verdict>,
    },
}

/// A fact in two decisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactChange {
    /// The dimension or attribute.
    pub dimension: Name,
    /// What was read before.
    pub before: Fact,
    /// What was read after.
    pub after: Fact,
}

/// A level on an axis of a grid in two decisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelChange {
    /// The dimension or score that is the axis.
    pub of: Name,
    /// The value, if there was one, and its level, 1 for the worst; `None` if the grid had no such axis.
    pub before: Option<(Option<Decimal>, u8)>,
    /// The same after.
    pub after: Option<(Option<Decimal>, u8)>,
}

/// A score in two decisions, with the terms that make the difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoreChange {
    /// The score.
    pub score: Name,
    /// Its points before; `None` if there was no such score.
    pub before: Option<Decimal>,
    /// Its points after; `None` if there is no such score.
    pub after: Option<Decimal>,
    /// The terms that are not the same, in the order of the model. Their differences add up to the difference of the score, exactly.
    pub terms: Vec<TermChange>,
}

/// A term of a score in two decisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermChange {
    /// The dimension.
    pub dimension: Name,
    /// What it brought before; `None` if there was no such term, or it was left out.
    pub before: Option<Part>,
    /// What it brings after; `None` if there is no such term, or it is left out.
    pub after: Option<Part>,
}

/// What a dimension brings to a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The value, the place on the list for one that is judged; `None` if nothing was known and something supposed.
    pub value: Option<Decimal>,
    /// The level that the scale made of it.
    pub level: Decimal,
    /// The weight.
    pub weight: Ratio,
    /// Level times weight, rounded to the places of the score.
    pub points: Decimal,
}

impl TermChange {
    /// How much better or worse the score became by this term; `None` if the number does not fit.
    pub fn difference(&self) -> Option<Decimal> {
        let points = |part: Option<Part>| part.map_or(Decimal::ZERO, |p| p.points);
        points(self.after).checked_sub(points(self.before))
    }
}

impl ScoreChange {
    /// How much better or worse the score became; `None` if it was not there before or is not there after, or the number does not fit.
    pub fn difference(&self) -> Option<Decimal> {
        self.after?.checked_sub(self.before?)
    }
}

impl Cause {
    /// The cause in words, as one line: "value score 2.40 → 2.70: sales weight 0.4 → 0.5, points 0.80 → 1.10".
    pub fn in_words(&self, language: Language) -> String {
        words::cause(self, language)
    }
}

/// The facts that were read in both decisions and are not the same.
pub(super) fn facts(before: &Account<'_>, after: &Account<'_>) -> Vec<FactChange> {
    let change = |&(name, now): &(&Name, &Fact)| {
        let was = before.fact(name)?;
        (was != now).then(|| FactChange { dimension: name.clone(), before: was.clone(), after: now.clone() })
    };
    after.facts.iter().filter_map(change).collect()
}

/// The scores that are not the same, or whose terms are not.
pub(super) fn scores(before: &Account<'_>, after: &Account<'_>) -> Vec<ScoreChange> {
    let names = either(before.scores.iter().map(|s| s.score), after.scores.iter().map(|s| s.score));
    let change = |name: &Name| {
        let (was, now) = (before.score(name), after.score(name));
        let (old, new) = (was.map_or(&[][..], |s| &s.terms), now.map_or(&[][..], |s| &s.terms));
        let part = |of: &[(&Name, Part)], name: &Name| of.iter().find(|(n, _)| *n == name).map(|(_, part)| *part);
        let dimensions = either(old.iter().map(|(n, _)| *n), new.iter().map(|(n, _)| *n)).into_iter();
        let terms = dimensions.map(|d| TermChange { dimension: d.clone(), before: part(old, d), after: part(new, d) });
        let terms: Vec<_> = terms.filter(|term| term.before != term.after).collect();
        let (was, now) = (was.map(|s| s.total), now.map(|s| s.total));
        (was != now || !terms.is_empty()).then(|| ScoreChange { score: name.clone(), before: was, after: now, terms })
    };
    names.into_iter().filter_map(change).collect()
}

/// The axes on which the value or the level is not the same.
pub(super) fn levels(before: &Account<'_>, after: &Account<'_>) -> Vec<LevelChange> {
    let names = either(before.axes.iter().map(|(n, _)| *n), after.axes.iter().map(|(n, _)| *n));
    let change = |of: &Name| LevelChange { of: of.clone(), before: before.axis(of), after: after.axis(of) };
    names.into_iter().map(change).filter(|change| change.before != change.after).collect()
}

/// Why the grade is another. `other_effect` says of a rule that both models have whether its effect is another.
///
/// Never empty if the grades differ: either the grade before the rules is another; or the rules make the difference, and then one of
/// those whose verdict or effect is another changed the grade in one of the two decisions, because taking steps that change nothing out
/// of both would leave the same rules on the same grade.
pub(super) fn causes(before: &Account<'_>, after: &Account<'_>, other_effect: &dyn Fn(&Name) -> bool) -> Vec<Cause> {
    let (mut of_sorter, mut of_rules) = (Vec::new(), Vec::new());
    // The scores that an axis or a rule which changed looks at, and the facts that such a rule looks at.
    let (mut by_axes, mut by_rules): (Vec<Name>, Vec<Name>) = (Vec::new(), Vec::new());
    if let (Some(was), Some(now)) = (before.sorted, after.sorted)
        && was != now
    {
        let known = !before.axes.is_empty() && !after.axes.is_empty();
        for change in levels(before, after) {
            if change.before.map(|(_, level)| level) != change.after.map(|(_, level)| level) {
                by_axes.push(change.of.clone());
                of_sorter.push(Cause::Level(change));
            }
        }
        if !known {
            // A sorter without axes can have looked at anything.
            by_axes.extend(scores(before, after).into_iter().map(|s| s.score));
            by_rules.extend(facts(before, after).into_iter().map(|f| f.dimension));
        }
        of_sorter.push(Cause::Sorted { before: was.clone(), after: now.clone() });
    }
    for name in either(before.rules.iter().map(|r| r.rule), after.rules.iter().map(|r| r.rule)) {
        let (was, now) = (before.rule(name), after.rule(name));
        let other = was.map(|r| r.verdict) != now.map(|r| r.verdict) || other_effect(name);
        if !other || !was.into_iter().chain(now).any(Step::moves) {
            continue;
        }
        for step in was.into_iter().chain(now) {
            step.condition.visit(Predicate::DEEPEST, &mut |comparison| by_rules.extend(comparison.of().cloned()));
        }
        of_rules.push(Cause::Rule { rule: name.clone(), before: was.map(|r| r.verdict), after: now.map(|r| r.verdict) });
    }
    let facts = facts(before, after).into_iter().filter(|f| by_rules.contains(&f.dimension)).map(Cause::Fact);
    let looked_at = |s: &ScoreChange| s.before != s.after && (by_axes.contains(&s.score) || by_rules.contains(&s.score));
    let scores = scores(before, after).into_iter().filter(looked_at).map(Cause::Score);
    facts.chain(scores).chain(of_sorter).chain(of_rules).collect()
}
