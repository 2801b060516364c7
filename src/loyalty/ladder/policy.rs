use super::{Cycle, CycleStart, LadderError, Requirement, Span};
use crate::quantity::{Name, unique_keys};
use alloc::{collections::BTreeMap, collections::BTreeSet, vec::Vec};
use serde::{Deserialize, Serialize};

/// A ladder of status: what each tier takes, over what time it is counted, how long it stands, and how it ends; see the [module](super).
///
/// A ladder exists only if it is sound: every tier takes more than the one below it, and none is harder to keep than to enter.
#[doc(alias = "会员等级阶梯")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "LadderTerms", into = "LadderTerms")]
pub struct Ladder(LadderTerms);

/// The terms of a [`Ladder`], and its form on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LadderTerms {
    /// The name of having no status: where everybody begins.
    pub base: Name,
    /// The tiers above the base, the lowest first.
    pub tiers: Vec<TierRule>,
    /// Over what time credits are counted, and how long a status stands.
    pub counting: Counting,
    /// How long a status goes on after its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace: Option<Grace>,
    /// How many tiers a status falls at most when it ends; `None` for as many as it must.
    #[doc(alias = "软着陆")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub landing: Option<u8>,
    /// What of a surplus goes on to the next period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roll_over: Option<RollOver>,
    /// Tiers that are given for life.
    #[doc(alias = "终身会员")]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub floors: Vec<Floor>,
    /// Gifts on the way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub milestones: Vec<Milestone>,
    /// What a late or corrected entry does.
    #[serde(default)]
    pub corrections: Corrections,
    /// The tiers of earlier revisions that this one does not have, and what each of them is now: a tier of this ladder, or its base, which
    /// is also what those become that are not named here. Keep what earlier revisions say in it, brought up to date, for as long as a
    /// member may not have been seen since.
    #[serde(default, deserialize_with = "unique_keys", skip_serializing_if = "BTreeMap::is_empty")]
    pub formerly: BTreeMap<Name, Name>,
}

impl LadderTerms {
    /// Tiers without grace, landing, roll-over, floors and milestones, corrected forwards, without earlier ones.
    pub const fn new(base: Name, tiers: Vec<TierRule>, counting: Counting) -> LadderTerms {
        LadderTerms {
            base,
            tiers,
            counting,
            grace: None,
            landing: None,
            roll_over: None,
            floors: Vec::new(),
            milestones: Vec::new(),
            corrections: Corrections::Sticky,
            formerly: BTreeMap::new(),
        }
    }
}

/// A tier and what it takes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TierRule {
    /// The tier.
    pub name: Name,
    /// What it takes to enter it.
    pub entry: Requirement,
    /// What it takes to keep it, where that is less.
    #[doc(alias = "保级")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep: Option<Requirement>,
    /// What it takes to come back to it after losing it, where that differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reentry: Option<Requirement>,
}

impl TierRule {
    /// A tier that takes the same to enter, to keep and to come back to.
    pub const fn new(name: Name, entry: Requirement) -> TierRule {
        TierRule { name, entry, keep: None, reentry: None }
    }

    /// What it takes to keep it.
    pub const fn keeping(&self) -> &Requirement {
        match &self.keep {
            Some(keep) => keep,
            None => &self.entry,
        }
    }
}

/// Over what time credits are counted, and how long a status stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Counting {
    /// By periods that begin at nothing. A status earned in a period stands until the end of the `stands`-th period after it.
    Periods {
        /// The periods.
        cycle: Cycle,
        /// 1 for "to the end of the next year", as at most airlines; 1 to 100.
        stands: u8,
    },
    /// Each entry counts for so many months from its own day. A status stands for so many months, and is then judged by what still counts.
    Rolling {
        /// How many months an entry counts, 1 to 1,200.
        months: u16,
        /// How many months a status stands; 0 for as long as enough counts, from day to day.
        stands: u16,
    },
    /// Everything counts for ever, and a status once earned stands for ever.
    Lifetime,
    /// Everything counts for ever, and a status stands only while enough is there: status by balance. Whoever books spent points as
    /// negative entries lowers the status by them, which members resent.
    Balance,
}

/// How long a status goes on after its end, and what is earned meanwhile.
#[doc(alias = "宽限期")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grace {
    /// How long. With periods, less than a period.
    pub span: Span,
    /// With periods: whether what is earned in the grace also counts towards the period that has ended, so that it can be made up for.
    #[serde(default)]
    pub makes_up: bool,
}

/// What of the credits beyond the threshold goes on to the next period, if a tier was entered or kept in this one.
///
/// What is beyond is counted by metric: beyond the most that the tier asks of it.
#[doc(alias = "结转")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RollOver {
    /// By metric, the most that goes on; other metrics do not.
    #[serde(deserialize_with = "unique_keys")]
    pub caps: BTreeMap<Name, u64>,
    /// How much of it goes on, 1 to 100 percent, rounded down.
    #[serde(default = "whole")]
    pub percent: u8,
    /// Whether what was rolled over can roll over once more.
    #[serde(default)]
    pub again: bool,
}

const fn whole() -> u8 {
    100
}

/// A tier for life.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Floor {
    /// The tier below which the member does not fall any more.
    pub tier: Name,
    /// What it takes.
    pub after: FloorAfter,
}

/// What a tier for life takes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FloorAfter {
    /// Counts over the whole membership, and before it.
    Credits(Requirement),
    /// So many days in that tier or above it, together: 3,653 for ten years. Days on trial, by a relationship or by a hold are not among
    /// them.
    DaysHeld(u32),
}

/// A gift for getting somewhere, given once.
#[doc(alias = "里程碑奖励")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Milestone {
    /// The gift.
    pub name: Name,
    /// Where to get.
    pub reached: Reached,
    /// Once in each period of a cycle; `None` for once ever. Leaving and coming back within a period gives no second gift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<Cycle>,
}

/// Where a milestone stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reached {
    /// At the rise to this tier or above it, by what was earned.
    Tier(Name),
    /// At counts over the milestone's own period, or over all time if it is given once ever.
    Credits(Requirement),
}

/// What a late or corrected entry does to what was settled before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Corrections {
    /// What was given stands until its end, and what was lost stays lost; entries count in what is judged from now on.
    #[default]
    Sticky,
    /// The status becomes what it would have been, had the entries been there in time.
    Recompute,
}

impl Ladder {
    /// A ladder of these terms.
    ///
    /// # Errors
    /// [`NotAscending`](LadderError::NotAscending) for Gold at 500 above Silver at 500; [`KeepAboveEntry`](LadderError::KeepAboveEntry) for
    /// a tier entered with 500 and kept with 600; [`Twice`](LadderError::Twice) for a former Gold beside the Gold that there is, and
    /// [`UnknownTier`](LadderError::UnknownTier) for one that became Copper where there is no Copper; and what [`LadderError`] says of bad
    /// counts, cycles, spans, caps and names.
    pub fn new(terms: LadderTerms) -> Result<Ladder, LadderError> {
        check_tiers(&terms)?;
        check_time(&terms)?;
        let ladder = Ladder(terms);
        ladder.check_extras()?;
        Ok(ladder)
    }

    /// Every kind of points that its tiers, milestones and floors count.
    pub fn metrics(&self) -> BTreeSet<Name> {
        let mut metrics = BTreeSet::new();
        for tier in &self.0.tiers {
            [Some(&tier.entry), tier.keep.as_ref(), tier.reentry.as_ref()]
                .into_iter()
                .flatten()
                .for_each(|r| r.metrics(&mut metrics));
        }
        for floor in &self.0.floors {
            if let FloorAfter::Credits(requirement) = &floor.after {
                requirement.metrics(&mut metrics);
            }
        }
        for milestone in &self.0.milestones {
            if let Reached::Credits(requirement) = &milestone.reached {
                requirement.metrics(&mut metrics);
            }
        }
        metrics
    }

    /// Its terms.
    pub const fn terms(&self) -> &LadderTerms {
        &self.0
    }

    /// The rank of a tier: 0 for the base, 1 for the lowest tier.
    ///
    /// # Errors
    /// [`LadderError::UnknownTier`] for any other name.
    pub fn rank(&self, tier: &Name) -> Result<usize, LadderError> {
        if *tier == self.0.base {
            return Ok(0);
        }
        let place = self.0.tiers.iter().position(|rule| rule.name == *tier);
        place.map(|place| place + 1).ok_or_else(|| LadderError::UnknownTier(tier.clone()))
    }

    /// The tier of that rank; the base for 0, the highest for ranks beyond.
    pub fn tier(&self, rank: usize) -> &Name {
        let last = self.0.tiers.len();
        rank.min(last).checked_sub(1).map_or(&self.0.base, |place| &self.0.tiers[place].name)
    }

    /// What a tier is now, of this ladder or an earlier one: itself, or what [`formerly`](LadderTerms::formerly) says, or the base.
    pub fn tier_now<'a>(&'a self, tier: &'a Name) -> &'a Name {
        if self.rank(tier).is_ok() { tier } else { self.0.formerly.get(tier).unwrap_or(&self.0.base) }
    }

    /// The rank of a tier above the base.
    pub(super) fn rank_above_base(&self, tier: &Name) -> Result<usize, LadderError> {
        self.rank(tier).ok().filter(|rank| *rank > 0).ok_or_else(|| LadderError::UnknownTier(tier.clone()))
    }

    /// The rule of a rank from 1.
    pub(super) fn rule(&self, rank: usize) -> &TierRule {
        &self.0.tiers[rank - 1]
    }

    pub(super) const fn top(&self) -> usize {
        self.0.tiers.len()
    }

    /// Whether a status stands only as long as enough counts, from day to day.
    pub(in crate::loyalty) const fn is_continuous(&self) -> bool {
        matches!(self.0.counting, Counting::Balance | Counting::Rolling { stands: 0, .. })
    }

    fn check_extras(&self) -> Result<(), LadderError> {
        for floor in &self.0.floors {
            self.rank_above_base(&floor.tier)?;
            match &floor.after {
                FloorAfter::Credits(requirement) => _ = requirement.ways()?,
                FloorAfter::DaysHeld(0) => return Err(LadderError::BadFloor(floor.tier.clone())),
                FloorAfter::DaysHeld(_) => {}
            }
        }
        for (earlier, now) in &self.0.formerly {
            if self.rank(earlier).is_ok() {
                return Err(LadderError::Twice(earlier.clone()));
            }
            self.rank(now)?;
        }
        let mut names = BTreeSet::new();
        for Milestone { name, reached, every } in &self.0.milestones {
            if !names.insert(name) {
                return Err(LadderError::Twice(name.clone()));
            }
            match reached {
                Reached::Tier(tier) => _ = self.rank_above_base(tier)?,
                Reached::Credits(requirement) => _ = requirement.ways()?,
            }
            match every {
                Some(Cycle { start: CycleStart::Status, .. }) => return Err(LadderError::MilestoneCycle(name.clone())),
                Some(cycle) => cycle.check()?,
                None => {}
            }
        }
        Ok(())
    }
}

fn check_tiers(terms: &LadderTerms) -> Result<(), LadderError> {
    let mut names = BTreeSet::from([&terms.base]);
    if let Some(rule) = terms.tiers.iter().find(|rule| !names.insert(&rule.name)) {
        return Err(LadderError::Twice(rule.name.clone()));
    }
    for rule in &terms.tiers {
        let all = [Some(&rule.entry), rule.keep.as_ref(), rule.reentry.as_ref()];
        for requirement in all.into_iter().flatten() {
            if !requirement.implies(rule.keeping())? {
                return Err(LadderError::KeepAboveEntry(rule.name.clone()));
            }
        }
    }
    for pair in terms.tiers.windows(2) {
        let [below, tier] = pair else { continue };
        let ascends = tier.entry.implies(&below.entry)? && !below.entry.implies(&tier.entry)?;
        if !ascends || !tier.keeping().implies(below.keeping())? {
            return Err(LadderError::NotAscending { tier: tier.name.clone(), below: below.name.clone() });
        }
    }
    if terms.tiers.is_empty() { Err(LadderError::NoTiers) } else { Ok(()) }
}

fn check_time(terms: &LadderTerms) -> Result<(), LadderError> {
    let cycle = match terms.counting {
        Counting::Periods { cycle, stands } => {
            cycle.check()?;
            if !(1..=100).contains(&stands) {
                return Err(LadderError::BadValidity(stands));
            }
            Some(cycle)
        }
        Counting::Rolling { months, stands } => {
            Span::Months(months.into()).check()?;
            Span::Months(stands.max(1).into()).check()?;
            None
        }
        Counting::Lifetime | Counting::Balance => None,
    };
    if let Some(grace) = terms.grace {
        grace.span.check()?;
        if cycle.is_some_and(|cycle| !grace.span.is_shorter_than(cycle.months)) {
            return Err(LadderError::BadGrace);
        }
    }
    let ends = cycle.is_some() || matches!(terms.counting, Counting::Rolling { stands: 1.., .. });
    if terms.landing.is_some_and(|steps| steps == 0 || !ends) {
        return Err(LadderError::BadLanding);
    }
    match &terms.roll_over {
        Some(RollOver { caps, percent, .. }) => {
            let good = cycle.is_some() && !caps.is_empty() && caps.values().all(|cap| *cap > 0) && (1..=100).contains(percent);
            if good { Ok(()) } else { Err(LadderError::BadRollOver) }
        }
        None => Ok(()),
    }
}

impl TryFrom<LadderTerms> for Ladder {
    type Error = LadderError;

    fn try_from(terms: LadderTerms) -> Result<Ladder, LadderError> {
        Ladder::new(terms)
    }
}

impl From<Ladder> for LadderTerms {
    fn from(ladder: Ladder) -> LadderTerms {
        ladder.0
    }
}
