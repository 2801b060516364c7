//! How far is it to another grade? One dimension is changed, all others stay as they are, and every answer is a customer who was graded.

use super::{
    Grade, GradeModel, TierError,
    line::{Changed, Line},
};
use crate::{
    quantity::{Fact, Name, Predicate, Quantity, Unit},
    reason::{Language, fact_in_words, quantity_in_words},
    score::{ScoreError, number},
    value::{Dimension, Direction, Facts},
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What is asked of [`GradeModel::nearest`]: how far is it to there?
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Goal {
    /// This grade or a better one.
    #[doc(alias = "升级")]
    Reach(Grade),
    /// Any grade worse than this one: how much room is left above it.
    #[doc(alias = "降级")]
    Lose(Grade),
}

impl Goal {
    const fn grade(&self) -> &Grade {
        match self {
            Goal::Reach(grade) | Goal::Lose(grade) => grade,
        }
    }

    /// Whether the goal is met whatever the missing facts are, given the worst grade that the customer can have and the best; with the one
    /// of the two that is nearer to missing it.
    pub(super) fn met<'a>(&self, (worst, best): (&'a Grade, &'a Grade)) -> Option<&'a Grade> {
        match self {
            Goal::Reach(grade) => (worst >= grade).then_some(worst),
            Goal::Lose(grade) => (best < grade).then_some(best),
        }
    }
}

/// How far a customer is from a [`Goal`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Distance {
    /// Nothing has to change: the goal is met with this grade.
    Met(Grade),
    /// One answer for each dimension, in the order of the model, then one for each attribute that rules compare with names.
    Away(Vec<Nearest>),
}

/// How one dimension alone would have to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nearest {
    /// The dimension, or the attribute.
    pub dimension: Name,
    /// What is known of it now.
    pub from: Fact,
    /// What it takes.
    pub change: Change,
}

/// The change that it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The least change that does it.
    Least {
        /// The value that does it, or the level.
        to: Fact,
        /// `to` less `from`, in the unit of the dimension, below zero for a change downwards; of levels, the number of places. Exact unless
        /// that takes more digits than a decimal has.
        by: Quantity,
        /// Whether the value becomes better; a rule against improvement can ask for a worse one.
        better: bool,
        /// The grade of the changed customer. Where a missing fact leaves that open, the end nearer to missing the goal.
        grade: Grade,
    },
    /// Any of these names does it, and makes this grade. Between names there is no distance.
    Names {
        /// Of the names that rules mention.
        mentioned: Vec<(Name, Grade)>,
        /// The grade that any other name makes, one that no rule mentions; `None` if such a name does not do it.
        other: Option<Grade>,
    },
    /// No change of this dimension alone does it.
    NotAlone,
    /// The fact is missing, so there is nothing to measure a change from.
    Missing,
}

impl GradeModel {
    /// How much one dimension would have to change, everything else staying as it is, to meet a goal: the nearest counterfactual in one
    /// dimension (Wachter, Mittelstadt, Russell 2018). Every answer comes from grading the changed customer, and no value is nearer.
    ///
    /// Values are those that the unit can have: money in smallest units, days and counts whole and not below zero, levels from their list.
    /// A plain number has as many decimal places as the finest among the customer's value and the numbers that the model compares it with,
    /// from 2 to 12, or fewer where they are too large for that. Numbers end where a decimal does; where a score would overflow before
    /// that, at the last row of nines that it can take. Of two values equally near, the better one is given. Where facts are missing
    /// elsewhere, a goal is met if it is met whatever they are.
    ///
    /// ```
    /// use customer_value::{
    ///     money::{Currency, Money},
    ///     quantity::{Name, Predicate, Ties, Unit},
    ///     reason::Language,
    ///     score::Cutpoints,
    ///     tier::{Axis, Effect, GradeModel, GradeSet, Grid, Rule, nearest::{Change, Distance, Goal}},
    ///     value::{Dimension, Direction, FactSheet, Family},
    /// };
    ///
    /// let sales = Dimension::new("annual sales", Family::Economic, Direction::HigherIsBetter, Unit::Money(Currency::CNY))?;
    /// let axis = Axis { of: sales.name.clone(), cutpoints: Cutpoints::new(vec![1_000_000.into()], Ties::ToUpper)? };
    /// let name = |text| Name::new(text);
    /// let grid = Grid::new(GradeSet::letters(3)?, vec![axis], vec![name("C")?, name("B")?])?;
    /// let key_account = Rule {
    ///     name: name("key account")?,
    ///     when: Predicate::AtLeast { of: sales.name.clone(), bound: 10_000_000.into() },
    ///     then: Effect::Pin(name("A")?),
    ///     because: name("ten million or more decide alone")?,
    /// };
    /// let model = GradeModel::new(name("accounts")?, vec![sales], vec![], grid, vec![key_account])?;
    ///
    /// let facts = FactSheet::new().with("annual sales", Money::from_minor(9_999_999_99, Currency::CNY))?;
    /// let grade = |name| model.grades().grade(name).cloned().unwrap();
    /// let to_a = model.nearest(&facts, &Goal::Reach(grade("A")))?; // how much more must they buy for A?
    /// assert_eq!(
    ///     to_a.explain(Language::English),
    ///     "annual sales: 0.01 CNY more, 10,000,000.00 CNY instead of 9,999,999.99 CNY, makes A.\n",
    /// );
    ///
    /// // And how much room is left above B?
    /// let Distance::Away(ways) = model.nearest(&facts, &Goal::Lose(grade("B")))? else { return Err("it is lost already".into()) };
    /// let Change::Least { by, better, .. } = &ways[0].change else { return Err("it cannot be lost".into()) };
    /// assert_eq!((by.to_string().as_str(), *better), ("-9000000.00 CNY", false));
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`UnknownGrade`](TierError::UnknownGrade) for a goal of another grade set; as [`grade`](GradeModel::grade) for a customer who cannot
    /// be graded, but not [`Uncertain`](TierError::Uncertain); [`PointsOutOfRange`](ScoreError::PointsOutOfRange) for a change from one
    /// end of the decimals to the other, which no decimal holds.
    #[doc(alias = "反事实解释")]
    pub fn nearest(&self, facts: &impl Facts, goal: &Goal) -> Result<Distance, TierError> {
        if self.grades().find(goal.grade().name())? != goal.grade() {
            return Err(TierError::UnknownGrade(goal.grade().name().clone()));
        }
        if let Some(grade) = goal.met(self.extremes(facts)?) {
            return Ok(Distance::Met(grade.clone()));
        }
        let dimensions = self.dimensions().map(|dimension| {
            let (dimension_name, from) = (dimension.name.clone(), facts.fact(&dimension.name));
            let change = self.least(dimension, facts, &from, goal)?;
            Ok(Nearest { dimension: dimension_name, from, change })
        });
        let attributes = self.only_in_rules.iter().filter(|name| self.dimension(name).is_none()).map(|name| {
            let from = facts.fact(name);
            let change = self.names(name, facts, &from, goal);
            Ok(Nearest { dimension: name.clone(), from, change })
        });
        dimensions.chain(attributes).collect::<Result<_, _>>().map(Distance::Away)
    }

    /// The worst grade that the customer can have and the best.
    pub(super) fn extremes(&self, facts: &impl Facts) -> Result<(&Grade, &Grade), TierError> {
        match self.grade_only(facts) {
            Ok(grade) => Ok((grade, grade)),
            Err(TierError::Uncertain { worst, best, .. }) => Ok((self.grades().find(&worst)?, self.grades().find(&best)?)),
            Err(other) => Err(other),
        }
    }

    /// The least change of a dimension.
    fn least(&self, dimension: &Dimension, facts: &impl Facts, from: &Fact, goal: &Goal) -> Result<Change, TierError> {
        let Some(from) = number(dimension, from)? else { return Ok(Change::Missing) };
        let Some((to, value, grade)) = Line::new(self, facts, goal, dimension, from).nearest(from) else {
            return Ok(Change::NotAlone);
        };
        let by = value.checked_sub(from).ok_or_else(|| ScoreError::PointsOutOfRange(dimension.name.clone()))?;
        let better = match dimension.direction {
            Direction::HigherIsBetter => value > from,
            Direction::LowerIsBetter => value < from,
        };
        Ok(Change::Least { to, by: Quantity { value: by, unit: dimension.unit }, better, grade: grade.clone() })
    }

    /// The names that do it: of those that rules mention, in the order in which they do, and any other.
    fn names(&self, of: &Name, facts: &impl Facts, from: &Fact, goal: &Goal) -> Change {
        let mut mentioned: Vec<&Name> = Vec::new();
        for rule in self.rules() {
            rule.when.visit(Predicate::DEEPEST, &mut |comparison| {
                if let Predicate::OneOf { of: this, names } = comparison
                    && this == of
                {
                    mentioned.extend(names);
                }
            });
        }
        let made = |name: &Name| {
            let changed = Changed { facts, of, to: Fact::Named(name.clone()) };
            self.extremes(&changed).ok().and_then(|extremes| goal.met(extremes)).cloned()
        };
        let mut found: Vec<(Name, Grade)> = Vec::new();
        for &name in mentioned.iter().filter(|&&name| from.named() != Some(name)) {
            if found.iter().all(|(before, _)| before != name)
                && let Some(grade) = made(name)
            {
                found.push((name.clone(), grade));
            }
        }
        // Rules answer alike to all names that none of them mentions, so one speaks for all.
        let other = none_of(&mentioned).as_ref().and_then(made);
        if found.is_empty() && other.is_none() { Change::NotAlone } else { Change::Names { mentioned: found, other } }
    }
}

/// A name that is none of these.
fn none_of(names: &[&Name]) -> Option<Name> {
    (0..=names.len()).filter_map(|n| Name::new(&format!("another·{n}")).ok()).find(|candidate| !names.contains(&candidate))
}

impl Distance {
    /// In words, one dimension a line.
    pub fn explain(&self, language: Language) -> String {
        match (self, language) {
            (Distance::Met(grade), Language::English) => format!("Nothing has to change: the grade is {grade}.\n"),
            (Distance::Met(grade), Language::Chinese) => format!("无需改变：等级为 {grade}。\n"),
            (Distance::Away(ways), _) => ways.iter().map(|way| way.explain(language) + "\n").collect(),
        }
    }
}

impl Nearest {
    /// In words, one line without an end.
    pub fn explain(&self, language: Language) -> String {
        match language {
            Language::English => self.english(),
            Language::Chinese => self.chinese(),
        }
    }

    fn english(&self) -> String {
        let Nearest { dimension, from, change } = self;
        match change {
            Change::Least { to, by, grade, .. } => {
                let (up, by) = apart(*by);
                let amount = quantity_in_words(&by, Language::English);
                let by = match (by.unit, up) {
                    (Unit::Level, _) => {
                        let (places, up) =
                            (if by.value == Decimal::ONE { "place" } else { "places" }, if up { "up" } else { "down" });
                        format!("{amount} {places} {up}")
                    }
                    (_, true) => format!("{amount} more"),
                    (_, false) => format!("{amount} less"),
                };
                let (to, from) = (value(to, Language::English), value(from, Language::English));
                format!("{dimension}: {by}, {to} instead of {from}, makes {grade}.")
            }
            Change::Names { mentioned, other } => {
                let each = mentioned.iter().map(|(name, grade)| format!("{name} makes {grade}"));
                let each: Vec<String> = each.chain(other.iter().map(|grade| format!("any other makes {grade}"))).collect();
                let instead = if from.is_absent() { String::new() } else { format!(" (now {})", value(from, Language::English)) };
                format!("{dimension}{instead}: {}.", each.join(", "))
            }
            Change::NotAlone => format!("{dimension}: no change of it alone does it."),
            Change::Missing => {
                format!("{dimension} {}: there is nothing to measure a change from.", fact_in_words(from, Language::English))
            }
        }
    }

    fn chinese(&self) -> String {
        let Nearest { dimension, from, change } = self;
        match change {
            Change::Least { to, by, grade, .. } => {
                let (up, by) = apart(*by);
                let amount = quantity_in_words(&by, Language::Chinese);
                let by = match (by.unit, up) {
                    (Unit::Level, true) => format!("上升 {amount} 位"),
                    (Unit::Level, false) => format!("下降 {amount} 位"),
                    (_, true) => format!("增加 {amount}"),
                    (_, false) => format!("减少 {amount}"),
                };
                let (to, from) = (value(to, Language::Chinese), value(from, Language::Chinese));
                format!("{dimension}：{by}，由 {from} 变为 {to}，等级为 {grade}。")
            }
            Change::Names { mentioned, other } => {
                let each = mentioned.iter().map(|(name, grade)| format!("改为 {name}，等级为 {grade}"));
                let each: Vec<String> = each.chain(other.iter().map(|grade| format!("改为任何其他名称，等级为 {grade}"))).collect();
                let now = if from.is_absent() { String::new() } else { format!("（现为 {}）", value(from, Language::Chinese)) };
                format!("{dimension}{now}：{}。", each.join("；"))
            }
            Change::NotAlone => format!("{dimension}：仅改变此项不能达到目标。"),
            Change::Missing => format!("{dimension}{}：无从计算差距。", fact_in_words(from, Language::Chinese)),
        }
    }
}

/// Whether a change goes up, and how far.
fn apart(by: Quantity) -> (bool, Quantity) {
    (by.value > Decimal::ZERO, Quantity { value: by.value.abs(), ..by })
}

/// A fact that is there, in words.
fn value(fact: &Fact, language: Language) -> String {
    match fact {
        Fact::Known(quantity) => quantity_in_words(quantity, language),
        Fact::Named(name) => name.to_string(),
        absent => fact_in_words(absent, language),
    }
}
