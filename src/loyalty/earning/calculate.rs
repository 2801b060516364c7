use super::{
    Award, Bracket, Cap, CapPeriod, CapUse, Context, EarningError, EarningRules, Give, Occurrence, Rule, Stacking, Step, Verdict,
    credit::{self, share},
    rule::Stage,
    scene::Scene,
};
use crate::{
    calendar::Zone,
    loyalty::Points,
    money::{Money, Ratio},
    quantity::Name,
};
use alloc::{collections::BTreeMap, vec::Vec};
use smallvec::{SmallVec, smallvec};

/// Numerators by line of the basket, of which there are few as a rule.
pub(super) type Parts = SmallVec<[i128; 4]>;

/// One award in the making.
pub(super) struct Calculation<'a> {
    scene: Scene<'a>,
    trace: Option<Vec<Step>>,
    /// The rules with caps that had something to give, and what.
    capped: Vec<(&'a Rule, Ratio)>,
}

/// What a rule gives: numerators over the common denominator of its kind of points.
pub(super) struct Gift<'a> {
    pub(super) rule: &'a Rule,
    /// By line.
    pub(super) parts: Parts,
    pub(super) total: i128,
    /// What it would have given without the limit on multiples, and then without its caps.
    unlimited: i128,
    wanted: i128,
    /// The tightest of its caps, and the room that it left.
    cap: Option<(Cap, Points)>,
}

impl<'a> Calculation<'a> {
    pub(super) fn new(
        rules: &'a EarningRules,
        zone: &'a Zone,
        occurrence: &'a Occurrence,
        context: &'a dyn Context,
        trace: Option<Vec<Step>>,
    ) -> Result<Calculation<'a>, EarningError> {
        Ok(Calculation { scene: Scene::new(rules, zone, occurrence, context)?, trace, capped: Vec::new() })
    }

    pub(super) fn award(mut self) -> Result<Award, EarningError> {
        if let (Some(trace), Some(currency)) = (&mut self.trace, self.scene.currency()) {
            let amounts = self.scene.earning().iter().enumerate();
            trace.extend(amounts.filter_map(|(line, amount)| {
                let amount = Money::from_minor(*amount, currency);
                self.scene.line(line).map(|line| Step::Basis { line: line.clone(), amount })
            }));
        }
        let mut award = Award::default();
        let rules = self.scene.rules;
        for (kind, of_kind) in rules.sets(self.scene.occurrence) {
            let mut eligible: SmallVec<[&Rule; 8]> = SmallVec::new();
            for rule in of_kind {
                match self.obstacle(rule)? {
                    Some(verdict) => self.considered(rule, verdict),
                    None => eligible.push(rule),
                }
            }
            let denominator = self.denominator(&eligible)?;
            let gifts = self.gifts(&eligible, denominator)?;
            credit::add(&mut award, kind, gifts, denominator, &self.scene, &mut self.trace)?;
        }
        award.caps_used = self.caps_used(&award);
        award.trace = self.trace.unwrap_or_default();
        Ok(award)
    }

    /// By the names of the rules, so that their order decides nothing.
    fn caps_used(&mut self, award: &Award) -> Vec<CapUse> {
        self.capped.sort_unstable_by(|(one, _), (other, _)| one.name.cmp(&other.name));
        let day = self.scene.day();
        let uses = self.capped.iter().flat_map(|&(rule, wanted)| {
            let granted = award.credits.iter().flat_map(|credit| &credit.rules).find(|(name, _)| *name == rule.name);
            let granted = granted.map_or(Points::ZERO, |(_, points)| *points);
            rule.caps.iter().map(move |cap| CapUse { rule: rule.name.clone(), window: cap.per.window(day), wanted, granted })
        });
        uses.collect()
    }

    fn considered(&mut self, rule: &Rule, verdict: Verdict) {
        if let Some(trace) = &mut self.trace {
            trace.push(Step::Considered { rule: rule.name.clone(), verdict });
        }
    }

    /// Why a rule does not apply, before anything is counted.
    fn obstacle(&self, rule: &Rule) -> Result<Option<Verdict>, EarningError> {
        if !rule.enabled {
            return Ok(Some(Verdict::Disabled));
        }
        for condition in &rule.when {
            if let Some(unmet) = self.scene.unmet(rule, condition)? {
                return Ok(Some(Verdict::Unmet(unmet)));
            }
        }
        let any = (0..self.scene.spent.len()).any(|line| self.scene.takes(rule, line));
        Ok((!any).then_some(Verdict::NoLine))
    }

    /// A denominator for all fractions that can come up.
    fn denominator(&self, rules: &[&Rule]) -> Result<i128, EarningError> {
        let (mut rates, mut bonuses, mut times) = (1_i128, 1_i128, 1_i128);
        for rule in rules {
            match &rule.give {
                Give::PerAmount { points, per } => rates = common(rates, rate(*points, *per)?.denominator())?,
                Give::Brackets(brackets) => {
                    if let Some(bracket) = self.bracket(rule, brackets) {
                        rates = common(rates, rate(bracket.points, bracket.per)?.denominator())?;
                    }
                }
                Give::PerItem(_) | Give::Fixed(_) => {}
                Give::Bonus(share) => bonuses = common(bonuses, share.denominator())?,
                Give::Times(factor) => times = times.checked_mul(factor.denominator()).ok_or(EarningError::TooLarge)?,
            }
        }
        let limit = self.scene.rules.policy().times_at_most.map_or(1, |most| most.denominator());
        let product = rates.checked_mul(bonuses).and_then(|product| product.checked_mul(times)?.checked_mul(limit));
        product.ok_or(EarningError::TooLarge)
    }

    /// The rules that count, with what they give.
    fn gifts(&mut self, eligible: &[&'a Rule], denominator: i128) -> Result<Vec<Gift<'a>>, EarningError> {
        let mut gifts: Vec<Gift> = Vec::new();
        let mut pool: Parts = smallvec![0; self.scene.spent.len()]; // what can be multiplied, by line
        let mut alone: Option<&Name> = None;
        for stage in [Stage::Base, Stage::Bonus, Stage::Times] {
            let of_stage = || eligible.iter().filter(|rule| rule.give.stage() == stage);
            let number = of_stage().count();
            if number == 0 {
                continue;
            }
            let mut offers = Vec::with_capacity(number);
            for &rule in of_stage() {
                if let Some(by) = alone {
                    self.considered(rule, Verdict::Displaced { by: by.clone() });
                } else if let Some(offer) = self.offer(rule, denominator, &pool, &pool)? {
                    offers.push(offer);
                }
            }
            if stage == Stage::Base {
                alone = the_one_alone(&offers);
            }
            let best = best_of_groups(&offers);
            let before = if stage == Stage::Times { pool.clone() } else { Parts::new() };
            for mut offer in offers {
                let rule = offer.rule;
                let winner = alone.or_else(|| best.get(group(rule)?).map(|(.., name)| *name));
                if let Some(by) = winner.filter(|winner| **winner != rule.name) {
                    self.considered(rule, Verdict::Displaced { by: by.clone() });
                    continue;
                }
                if stage == Stage::Times {
                    // What it gives after the multiples before it.
                    let Some(after) = self.offer(rule, denominator, &pool, &before)? else { continue };
                    offer = after;
                }
                if rule.multiplied {
                    for (sum, part) in pool.iter_mut().zip(&offer.parts) {
                        *sum = sum.checked_add(*part).ok_or(EarningError::TooLarge)?;
                    }
                }
                if !rule.caps.is_empty() {
                    self.capped.push((rule, Ratio::new(offer.wanted, denominator)?));
                }
                self.tell(&offer, denominator)?;
                gifts.push(offer);
            }
        }
        Ok(gifts)
    }

    /// What a rule would give: a multiple on `pool`, with `before` standing there before any multiple. `None`, and noted, if nothing.
    fn offer(
        &mut self,
        rule: &'a Rule,
        denominator: i128,
        pool: &[i128],
        before: &[i128],
    ) -> Result<Option<Gift<'a>>, EarningError> {
        let mut parts = self.parts(rule, denominator, pool)?;
        let unlimited = sum(&parts)?;
        let most = self.scene.rules.policy().times_at_most.filter(|_| rule.give.stage() == Stage::Times);
        if let Some(most) = most {
            for (part, (now, before)) in parts.iter_mut().zip(pool.iter().zip(before)) {
                let limit = scaled(*before, most)?;
                *part = (*part).min(limit - now).max(0);
            }
        }
        let wanted = sum(&parts)?;
        if wanted == 0 {
            let verdict =
                if unlimited == 0 { Verdict::Nothing } else { Verdict::LimitReached { most: most.unwrap_or(Ratio::ONE) } };
            self.considered(rule, verdict);
            return Ok(None);
        }
        let mut gift = Gift { rule, parts, total: wanted, unlimited, wanted, cap: None };
        if let Some((cap, room)) = self.tightest(rule) {
            let limit = i128::from(room.units()).checked_mul(denominator).filter(|limit| *limit < wanted);
            if let Some(limit) = limit {
                if room.is_zero() {
                    let wanted = Ratio::new(wanted, denominator)?;
                    self.capped.push((rule, wanted));
                    self.considered(rule, Verdict::Exhausted { wanted, per: cap.per, cap: cap.points });
                    return Ok(None);
                }
                // Whole points, so that no fraction becomes finer.
                let shares = share(&gift.parts, room.units())?;
                gift.parts = shares.into_iter().map(|points| i128::from(points) * denominator).collect();
                gift.total = limit;
                gift.cap = Some((cap, room));
            }
        }
        Ok(Some(gift))
    }

    /// What a rule would give without caps and limits, by line.
    fn parts(&self, rule: &Rule, denominator: i128, pool: &[i128]) -> Result<Parts, EarningError> {
        let scene = &self.scene;
        let by_line = |count: &dyn Fn(usize) -> Option<i128>| -> Result<Parts, EarningError> {
            let mut parts: Parts = smallvec![0; pool.len()];
            for (line, part) in parts.iter_mut().enumerate().filter(|(line, _)| scene.takes(rule, *line)) {
                *part = count(line).ok_or(EarningError::TooLarge)?;
            }
            Ok(parts)
        };
        let by_amount = |rate: Ratio| {
            let factor = rate.numerator().checked_mul(denominator / rate.denominator()).ok_or(EarningError::TooLarge)?;
            by_line(&|line| i128::from(scene.earning()[line]).checked_mul(factor))
        };
        match &rule.give {
            Give::PerAmount { points, per } => by_amount(rate(*points, *per)?),
            Give::Brackets(brackets) => match self.bracket(rule, brackets) {
                Some(bracket) => by_amount(rate(bracket.points, bracket.per)?),
                None => Ok(smallvec![0; pool.len()]),
            },
            Give::PerItem(points) => {
                let each = i128::from(points.units()).checked_mul(denominator).ok_or(EarningError::TooLarge)?;
                by_line(&|line| each.checked_mul(scene.pieces(line).into()))
            }
            Give::Fixed(points) => {
                let weights = by_line(&|line| Some(scene.spent[line].into()))?;
                let shares = share(&weights, points.units())?.into_iter();
                shares.map(|points| i128::from(points).checked_mul(denominator).ok_or(EarningError::TooLarge)).collect()
            }
            Give::Bonus(share) => by_line(&|line| scaled(pool[line], *share).ok()),
            Give::Times(times) => by_line(&|line| scaled(pool[line], *times).ok()?.checked_sub(pool[line])),
        }
    }

    /// The last bracket that the rule's lines reach together.
    fn bracket(&self, rule: &Rule, brackets: &[Bracket]) -> Option<Bracket> {
        let lines = (0..self.scene.spent.len()).filter(|line| self.scene.takes(rule, *line));
        let total: i64 = lines.map(|line| self.scene.spent[line]).sum(); // checked with the basket
        brackets.iter().take_while(|bracket| bracket.from.minor() <= total).last().copied()
    }

    /// The cap of a rule with the least room, and the room.
    fn tightest(&self, rule: &Rule) -> Option<(Cap, Points)> {
        let room = |cap: &Cap| {
            let window = if cap.per == CapPeriod::Order { None } else { cap.per.window(self.scene.day()) };
            let used = window.map_or(Points::ZERO, |window| self.scene.context.used(&rule.name, window));
            (*cap, cap.points.checked_sub(used).unwrap_or_default())
        };
        rule.caps.iter().map(room).min_by_key(|(cap, room)| (*room, cap.per))
    }

    /// Notes what a rule gives.
    fn tell(&mut self, gift: &Gift, denominator: i128) -> Result<(), EarningError> {
        let Some(trace) = &mut self.trace else { return Ok(()) };
        let exact = |parts: i128| Ratio::new(parts, denominator);
        let rule = &gift.rule.name;
        trace.push(Step::Considered { rule: rule.clone(), verdict: Verdict::Counted });
        if let Some(most) = self.scene.rules.policy().times_at_most.filter(|_| gift.wanted < gift.unlimited) {
            let (wanted, left) = (exact(gift.unlimited)?, exact(gift.wanted)?);
            trace.push(Step::Limited { rule: rule.clone(), wanted, left, most });
        }
        if let Some((cap, room)) = gift.cap {
            trace.push(Step::Capped { rule: rule.clone(), wanted: exact(gift.wanted)?, room, per: cap.per });
        }
        for (line, part) in gift.parts.iter().enumerate().filter(|(_, part)| **part > 0) {
            let (kind, line) = (gift.rule.kind.clone(), self.scene.line(line).cloned());
            trace.push(Step::Gave { rule: rule.clone(), kind, line, points: exact(*part)? });
        }
        Ok(())
    }
}

/// The rule that stands alone with the highest priority.
fn the_one_alone<'a>(offers: &[Gift<'a>]) -> Option<&'a Name> {
    let alone = offers.iter().filter_map(|offer| match offer.rule.stacking {
        Stacking::Alone { priority } => Some((priority, &offer.rule.name)),
        Stacking::Adds | Stacking::BestOf { .. } => None,
    });
    alone.max().map(|(_, name)| name)
}

const fn group(rule: &Rule) -> Option<&Name> {
    if let Stacking::BestOf { group, .. } = &rule.stacking { Some(group) } else { None }
}

/// The best of each group: what it gives, its priority and its name.
fn best_of_groups<'a>(offers: &[Gift<'a>]) -> BTreeMap<&'a Name, (i128, u16, &'a Name)> {
    let mut best: BTreeMap<&Name, (i128, u16, &Name)> = BTreeMap::new();
    for offer in offers {
        if let Stacking::BestOf { group, priority } = &offer.rule.stacking {
            let this = (offer.total, *priority, &offer.rule.name);
            let most = best.entry(group).or_insert(this);
            *most = this.max(*most);
        }
    }
    best
}

fn rate(points: Points, per: Money) -> Result<Ratio, EarningError> {
    Ok(Ratio::new(points.units().into(), per.minor().into())?)
}

/// Numerators times a fraction whose denominator divides them.
fn scaled(parts: i128, by: Ratio) -> Result<i128, EarningError> {
    (parts / by.denominator()).checked_mul(by.numerator()).ok_or(EarningError::TooLarge)
}

/// The least common multiple.
fn common(one: i128, other: i128) -> Result<i128, EarningError> {
    let missing = Ratio::new(one, other)?.denominator();
    one.checked_mul(missing).ok_or(EarningError::TooLarge)
}

fn sum(parts: &[i128]) -> Result<i128, EarningError> {
    parts.iter().try_fold(0_i128, |sum, part| sum.checked_add(*part)).ok_or(EarningError::TooLarge)
}
