use super::{Award, Basis, Context, EarningError, Give, Occurrence, Rule, Stacking, Trigger, calculate::Calculation, rule::Stage};
use crate::{
    calendar::Zone,
    money::{Currency, Money, Ratio, Rounding},
    quantity::Name,
};
use alloc::{
    boxed::Box,
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use serde::{Deserialize, Serialize};

/// How points are earned, as data: what [`EarningRules`] are made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EarningPolicy {
    /// Which part of a sale earns.
    pub basis: Basis,
    /// How the points of a kind are rounded, once an occurrence. Recommended is [`Floor`](Rounding::Floor): with
    /// [`Ceiling`](Rounding::Ceiling), two small orders earn more than a large one.
    pub rounding: Rounding,
    /// What all [multiples](Give::Times) together come to at most, one or more: with 5, two times 3 is times 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times_at_most: Option<Ratio>,
    /// The statuses that conditions may name, from the lowest to the highest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grades: Vec<Name>,
    /// The rules. Their order never matters.
    pub rules: Vec<Rule>,
}

/// Rules by which points are earned, checked: a pure function from what happened to an [`Award`].
///
/// ```
/// use customer_value::{
///     calendar::Zone,
///     loyalty::{Points, earning::{Basis, Basket, EarningPolicy, EarningRules, Give, Known, Line, Occurrence, Rule, Trigger}},
///     money::{Ratio, Rounding},
///     quantity::Name,
/// };
///
/// let name = |text: &str| Name::new(text);
/// let give = Give::PerAmount { points: Points::new(10), per: "3.00 USD".parse()? };
/// let base = Rule::new(name("base")?, name("points")?, Trigger::Purchase, give);
/// let half = Rule::new(name("campaign")?, name("points")?, Trigger::Purchase, Give::Bonus(Ratio::new(1, 2)?));
/// let policy = EarningPolicy {
///     basis: Basis::NET,
///     rounding: Rounding::Floor,
///     times_at_most: None,
///     grades: vec![],
///     rules: vec![base, half],
/// };
/// let rules = EarningRules::new(policy)?;
///
/// let line = Line::new(name("1")?, name("lamp")?, "8.80 USD".parse()?);
/// let sale = Occurrence::Purchase(Basket::new("2026-03-01T10:00:00Z".parse()?, vec![line])?);
/// let award = rules.award(&Zone::fixed(0)?, &sale, &Known::default())?;
/// assert_eq!(award.credits[0].points, Points::new(44)); // 29.33… and half as much, rounded once
/// award.verify()?;
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "积分累积")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "EarningPolicy", into = "EarningPolicy")]
pub struct EarningRules {
    policy: EarningPolicy,
    /// The currency of all amounts in the rules, if there are any.
    currency: Option<Currency>,
    /// The rules that look at the same occurrences and give the same points, by name.
    sets: BTreeMap<(Trigger, Name), Vec<usize>>,
}

impl EarningRules {
    /// Checks the rules, and brings them into the order of their names.
    ///
    /// # Errors
    /// [`RuleTwice`](EarningError::RuleTwice), [`GradeTwice`](EarningError::GradeTwice) for two of one name;
    /// [`UnknownGrade`](EarningError::UnknownGrade) for a condition on a grade that is not listed; [`BadGive`](EarningError::BadGive) for
    /// 1 point per 0.00, a bonus of 0, times 1, an amount for a birthday; [`BadCondition`](EarningError::BadCondition) for days from
    /// 1 March until 1 March; [`NoLinesToSelect`](EarningError::NoLinesToSelect) for a category on a birthday;
    /// [`BadCap`](EarningError::BadCap) for a cap of 0; [`AloneWithNothing`](EarningError::AloneWithNothing) for a bonus that stands alone;
    /// [`SamePriority`](EarningError::SamePriority) for two rules alone with priority 1; [`MixedGroup`](EarningError::MixedGroup) for a
    /// group of a fixed number and a bonus; [`Currency`](EarningError::Currency) for rules per EUR and per USD;
    /// [`LimitBelowOne`](EarningError::LimitBelowOne) for multiples of at most 1/2; [`BadStep`](EarningError::BadStep) for a basis in steps
    /// of 0.00.
    pub fn new(mut policy: EarningPolicy) -> Result<EarningRules, EarningError> {
        policy.basis.check()?;
        if let Some(most) = policy.times_at_most.filter(|most| *most < Ratio::ONE) {
            return Err(EarningError::LimitBelowOne(most));
        }
        let mut grades = BTreeSet::new();
        if let Some(twice) = policy.grades.iter().find(|grade| !grades.insert(*grade)) {
            return Err(EarningError::GradeTwice(twice.clone()));
        }
        policy.rules.sort_by(|a, b| a.name.cmp(&b.name));
        if let Some(pair) = policy.rules.windows(2).find(|pair| pair[0].name == pair[1].name) {
            return Err(EarningError::RuleTwice(pair[0].name.clone()));
        }
        let mut currency = policy.basis.currency();
        for rule in &policy.rules {
            rule.check(&policy.grades)?;
            rule.one_currency(&mut currency)?;
        }
        check_stacking(&policy.rules)?;
        let mut sets: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (place, rule) in policy.rules.iter().enumerate() {
            sets.entry((rule.on.clone(), rule.kind.clone())).or_default().push(place);
        }
        Ok(EarningRules { policy, currency, sets })
    }

    /// What they are made of, the rules in the order of their names.
    pub const fn policy(&self) -> &EarningPolicy {
        &self.policy
    }

    /// The rule of that name.
    pub fn rule(&self, name: &str) -> Option<&Rule> {
        let place = self.policy.rules.binary_search_by(|rule| rule.name.as_str().cmp(name)).ok()?;
        self.policy.rules.get(place)
    }

    /// What an occurrence earns, with every step that led there. Rules that wait for something else are not mentioned.
    ///
    /// # Errors
    /// [`Currency`](EarningError::Currency) for a basket in EUR where the rules speak of USD: convert it first;
    /// [`UnknownGrade`](EarningError::UnknownGrade) for a customer with a status that a condition cannot place;
    /// [`TooLarge`](EarningError::TooLarge) for more than 2⁶⁴ − 1 points.
    pub fn award(&self, zone: &Zone, occurrence: &Occurrence, context: &dyn Context) -> Result<Award, EarningError> {
        Calculation::new(self, zone, occurrence, context, Some(Vec::new()))?.award()
    }

    /// The same without the steps, for where nobody will read them.
    ///
    /// # Errors
    /// As [`award`](Self::award).
    pub fn award_quietly(&self, zone: &Zone, occurrence: &Occurrence, context: &dyn Context) -> Result<Award, EarningError> {
        Calculation::new(self, zone, occurrence, context, None)?.award()
    }

    /// The currency of all amounts in the rules, if there are any.
    pub const fn currency(&self) -> Option<Currency> {
        self.currency
    }

    /// The kinds of points that the occurrence may earn, with the rules for each.
    pub(super) fn sets<'a>(&'a self, on: &Occurrence) -> impl Iterator<Item = (&'a Name, impl Iterator<Item = &'a Rule>)> {
        let fitting = self.sets.iter().filter(|((trigger, _), _)| trigger.fits(on));
        fitting.map(|((_, kind), places)| (kind, places.iter().map(|&place| &self.policy.rules[place])))
    }
}

impl TryFrom<EarningPolicy> for EarningRules {
    type Error = EarningError;

    fn try_from(policy: EarningPolicy) -> Result<EarningRules, EarningError> {
        EarningRules::new(policy)
    }
}

impl From<EarningRules> for EarningPolicy {
    fn from(rules: EarningRules) -> EarningPolicy {
        rules.policy
    }
}

impl Rule {
    fn check(&self, grades: &[Name]) -> Result<(), EarningError> {
        let purchase = self.on == Trigger::Purchase;
        if !self.gives_soundly(purchase) {
            return Err(EarningError::BadGive { rule: self.name.clone(), give: Box::new(self.give.clone()) });
        }
        if !purchase && !self.lines.is_all() {
            return Err(EarningError::NoLinesToSelect(self.name.clone()));
        }
        let mut periods = BTreeSet::new();
        if !self.caps.iter().all(|cap| !cap.points.is_zero() && periods.insert(cap.per)) {
            return Err(EarningError::BadCap(self.name.clone()));
        }
        if matches!(self.stacking, Stacking::Alone { .. }) && self.give.is_multiple() {
            return Err(EarningError::AloneWithNothing(self.name.clone()));
        }
        self.when.iter().try_for_each(|condition| condition.check(&self.name, purchase, grades))
    }

    fn gives_soundly(&self, purchase: bool) -> bool {
        match &self.give {
            Give::PerAmount { points, per } => purchase && !points.is_zero() && per.minor() > 0,
            Give::Brackets(brackets) => {
                let sound = brackets.iter().all(|b| !b.points.is_zero() && b.per.minor() > 0 && !b.from.is_negative());
                let rises = brackets.windows(2).all(|pair| {
                    let rate = |i: usize| Ratio::new(pair[i].points.units().into(), pair[i].per.minor().into());
                    pair[0].from.minor() < pair[1].from.minor() && matches!((rate(0), rate(1)), (Ok(low), Ok(high)) if low <= high)
                });
                purchase && !brackets.is_empty() && sound && rises
            }
            Give::PerItem(points) | Give::Fixed(points) => !points.is_zero(),
            Give::Bonus(share) => *share > Ratio::ZERO,
            Give::Times(times) => *times > Ratio::ONE && self.multiplied,
        }
    }

    /// Notes the currency of the amounts in the rule, and that it is the same as before.
    fn one_currency(&self, currency: &mut Option<Currency>) -> Result<(), EarningError> {
        let mut fault = None;
        let mut note = |amount: Money| match *currency {
            None => *currency = Some(amount.currency()),
            Some(expected) if expected == amount.currency() => {}
            Some(expected) => fault = fault.take().or(Some(EarningError::Currency { expected, found: amount.currency() })),
        };
        match &self.give {
            Give::PerAmount { per, .. } => note(*per),
            Give::Brackets(brackets) => brackets.iter().flat_map(|bracket| [bracket.from, bracket.per]).for_each(&mut note),
            Give::PerItem(_) | Give::Fixed(_) | Give::Bonus(_) | Give::Times(_) => {}
        }
        self.when.iter().for_each(|condition| condition.amounts(&mut note));
        fault.map_or(Ok(()), Err)
    }
}

/// Rules that displace each other can be compared, and never tie. A rule that is not in force ties with none.
fn check_stacking(rules: &[Rule]) -> Result<(), EarningError> {
    let mut groups: BTreeMap<(&Trigger, &Name), (&Name, Stage, &Name)> = BTreeMap::new();
    let mut priorities: BTreeMap<(&Trigger, &Name, Option<&Name>, u16), &Name> = BTreeMap::new();
    for rule in rules {
        let (group, priority) = match &rule.stacking {
            Stacking::Adds => continue,
            Stacking::Alone { priority } => (None, *priority),
            Stacking::BestOf { group, priority } => (Some(group), *priority),
        };
        if let Some(group) = group {
            let (kind, stage, one) = *groups.entry((&rule.on, group)).or_insert((&rule.kind, rule.give.stage(), &rule.name));
            if (kind, stage) != (&rule.kind, rule.give.stage()) {
                return Err(EarningError::MixedGroup { group: group.clone(), one: one.clone(), other: rule.name.clone() });
            }
        }
        if rule.enabled
            && let Some(one) = priorities.insert((&rule.on, &rule.kind, group, priority), &rule.name)
        {
            return Err(EarningError::SamePriority { one: one.clone(), other: rule.name.clone() });
        }
    }
    Ok(())
}
