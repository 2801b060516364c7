use super::Jurisdiction;
use crate::{
    loyalty::{Points, earning::Cap, programme::Shortfall},
    money::{Money, Ratio, Rounding},
    quantity::Name,
    tier::lint::Severity,
};
use alloc::vec::Vec;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Something suspicious in a scheme, with the numbers that show it. Its [`Display`](core::fmt::Display) says what, and why it matters.
#[doc(alias = "方案检查")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Finding {
    /// The rule never gives anything.
    DeadRule {
        /// The rule.
        rule: Name,
        /// Why not.
        because: Dead,
    },
    /// A cap is less than a single award, so that the rule never gives in full.
    CapBelowAward {
        /// The rule.
        rule: Name,
        /// The cap.
        cap: Cap,
        /// What the rule gives for the least that it rewards; for a rate, what it gives for one step of it.
        award: Points,
    },
    /// A cap never binds, because the cap of a longer period is no larger.
    IdleCap {
        /// The rule.
        rule: Name,
        /// The cap that never binds.
        cap: Cap,
        /// The one that always does before.
        longer: Cap,
    },
    /// Nothing limits how often an activity or a referral is rewarded, which invites those who make them up.
    Uncapped {
        /// The rule.
        rule: Name,
        /// What it gives each time, if that is a number.
        points: Option<Points>,
        /// What that is worth where points pay orders.
        worth: Option<Money>,
    },
    /// A referral is rewarded before the order behind it can no longer be returned.
    ReferralAtOnce {
        /// The rule.
        rule: Name,
    },
    /// An occasion of the scheme for which no rule gives anything.
    Uncelebrated {
        /// The occasion.
        occasion: Name,
    },
    /// The points are rounded up, so that two small orders earn more than one large one.
    RoundingPaysForSplitting {
        /// The rule that shows it.
        rule: Name,
        /// The rounding of the scheme.
        rounding: Rounding,
        /// An order.
        order: Money,
        /// What two of it earn by the rule.
        apart: Points,
        /// What one order of twice as much earns.
        together: Points,
    },
    /// The amount that earns is rounded up, so that two small orders count for more than one large one.
    BasisPaysForSplitting {
        /// The rounding of the basis.
        rounding: Rounding,
        /// An order.
        order: Money,
        /// What two of it count for.
        apart: Money,
        /// What one order of twice as much counts for.
        together: Money,
    },
    /// A number of points is given for every order, however often.
    FixedPaysForSplitting {
        /// The rule.
        rule: Name,
        /// The points.
        points: Points,
        /// The least order that gets them, if there is one.
        from: Option<Money>,
    },
    /// What a rule gives for an order is limited, and nothing limits how often.
    CapPaysForSplitting {
        /// The rule.
        rule: Name,
        /// The most for an order.
        cap: Points,
        /// The least order that gets it, by a rate: two of it earn twice the cap, one of twice as much no more than the cap.
        order: Option<Money>,
    },
    /// The part of an order that is paid in points earns points.
    PointsOnPoints {
        /// The points that pay it.
        kind: Name,
        /// What share of the points spent comes back, at the highest rate there can be.
        again: Ratio,
        /// How many times the points are worth their face in the end; `None` if there is no end.
        compounds: Option<Ratio>,
    },
    /// An order earns points that are worth more than it costs.
    WorthMoreThanPaid {
        /// The points.
        kind: Name,
        /// What is paid.
        paid: Money,
        /// What it earns, at the highest rate there can be.
        earned: Points,
        /// What that is worth where points pay orders.
        worth: Money,
        /// The rules together, by name.
        rules: Vec<Name>,
    },
    /// Members of a higher grade earn less than those of the grade below for the same.
    HigherEarnsLess {
        /// Which points.
        kind: Name,
        /// The higher grade.
        grade: Name,
        /// The grade below.
        below: Name,
        /// A day on which it is so.
        on: NaiveDate,
        /// What the higher grade has at most: points per smallest unit of money, or per piece and occurrence.
        has: Ratio,
        /// What the grade below has.
        less_than: Ratio,
    },
    /// Members of a higher grade pay more for a reward than those of the grade below.
    HigherPaysMore {
        /// The reward.
        reward: Name,
        /// The higher grade.
        grade: Name,
        /// The grade below.
        below: Name,
        /// What the higher grade pays; `None` if it cannot have the reward at all.
        price: Option<Points>,
        /// What the grade below pays.
        less: Points,
    },
    /// What the rules give within the time is less than what it takes.
    Unreachable {
        /// What cannot be reached.
        goal: Goal,
        /// What is missing, on every way there.
        short: Vec<Shortage>,
    },
    /// A tier that a purchase brought stands, though the purchase is returned.
    StatusKeptAfterReturn {
        /// The rules that give what tiers count.
        rules: Vec<Name>,
    },
    /// Points that count for the status, which nothing in the ladder looks at.
    CountsForNothing {
        /// The points.
        kind: Name,
    },
    /// The status falls on the day on which too little is there: a return can take it away at once.
    StatusByBalance,
    /// No rule gives these points.
    NeverEarned {
        /// The points.
        kind: Name,
    },
    /// Points that neither pay an order nor any reward.
    NothingToBuy {
        /// The points.
        kind: Name,
    },
    /// A reward that is no longer offered.
    RewardOver {
        /// The reward.
        reward: Name,
        /// The first day without it.
        until: NaiveDate,
    },
    /// A reward costs less than the least that members may spend at a time on an order.
    RewardBelowMinimum {
        /// The reward.
        reward: Name,
        /// Its lowest price.
        price: Points,
        /// The least.
        minimum: Points,
    },
    /// Points expire by the passing of time alone where that is forbidden.
    ExpiresByTime {
        /// The points.
        kind: Name,
        /// The rules that set an expiry of their own.
        rules: Vec<Name>,
        /// Where.
        jurisdiction: Jurisdiction,
    },
    /// Points that were given to another expire by the passing of time alone where that is forbidden.
    TransferExpiresByTime {
        /// The points.
        kind: Name,
        /// Where.
        jurisdiction: Jurisdiction,
    },
    /// Points expire after a shorter inactivity than a law allows.
    InactivityTooShort {
        /// The points.
        kind: Name,
        /// The least in months.
        least_months: u16,
        /// Where.
        jurisdiction: Jurisdiction,
    },
    /// The notice before points expire is not within the days that a law asks for.
    NoticeOutside {
        /// The points.
        kind: Name,
        /// The notice of the scheme, in days before.
        notice: Option<u16>,
        /// The fewest and the most days.
        days: (u16, u16),
        /// Where.
        jurisdiction: Jurisdiction,
    },
    /// Members are not told before points expire.
    NoNotice {
        /// The points.
        kind: Name,
    },
    /// Points are lost by inactivity, and nothing counts as activity.
    NothingKeepsAlive {
        /// The points.
        kind: Name,
    },
    /// Deeds are named that keep points alive, which no inactivity threatens.
    KeptAliveForNothing {
        /// The points.
        kind: Name,
    },
    /// Points expire before they can be spent.
    DiesPending {
        /// The rule that gives them.
        rule: Name,
        /// The points.
        kind: Name,
        /// The first day on which such points are earned.
        earned: NaiveDate,
        /// The day from which they could be spent.
        spendable: NaiveDate,
        /// The last day on which they can.
        last_day: NaiveDate,
        /// On how many days it is so, of the year that is looked at.
        days: u16,
        /// Of how many days on which the rule can give anything.
        of: u16,
    },
    /// Points can be spent at once, and are not owed back: buy, spend the points, return the purchase.
    KeptAfterReturn {
        /// The points.
        kind: Name,
        /// The rules that give them at once.
        rules: Vec<Name>,
        /// What happens where a return finds too few points.
        shortfall: Shortfall,
    },
    /// Points that are given for nothing can be moved to another account: many new accounts feed one.
    FreePointsMove {
        /// The points.
        kind: Name,
        /// The rules that give them for nothing.
        rules: Vec<Name>,
    },
}

/// Why a rule never gives anything.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Dead {
    /// Its conditions contradict each other, whatever is bought by whomever on whatever day.
    Contradiction,
    /// It could still apply on this day, and on none since.
    Over {
        /// The last day.
        last_day: NaiveDate,
    },
    /// All lines that it includes are excluded.
    NoLines,
    /// The scheme has no such occasion, nor a milestone of that name.
    UnknownOccasion(Name),
    /// Whenever it applies, another rule counts in its place.
    Displaced {
        /// The other rule.
        by: Name,
    },
    /// It multiplies, and no rule gives points that it could multiply.
    NothingToMultiply,
    /// It multiplies, and all multiples together come to one at most.
    LimitedToOne,
}

/// What cannot be reached by what the rules give.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Goal {
    /// Entering a tier, within a period of the ladder.
    Entry(Name),
    /// Coming back to a tier, within a period of the ladder.
    Reentry(Name),
    /// A tier for life.
    Floor(Name),
    /// A milestone.
    Milestone(Name),
    /// A reward, within the life of its points.
    Reward(Name),
    /// The least that can be spent at a time, within the life of the points.
    Minimum(Name),
}

/// What is missing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shortage {
    /// The points.
    pub kind: Name,
    /// How many it takes.
    pub needed: u64,
    /// How many the rules give at most.
    pub most: u64,
}

impl Finding {
    /// How much it matters.
    pub const fn severity(&self) -> Severity {
        match self {
            Finding::DeadRule { because: Dead::Over { .. }, .. }
            | Finding::IdleCap { .. }
            | Finding::Uncelebrated { .. }
            | Finding::FixedPaysForSplitting { .. }
            | Finding::CapPaysForSplitting { .. }
            | Finding::StatusKeptAfterReturn { .. }
            | Finding::StatusByBalance
            | Finding::NothingToBuy { .. }
            | Finding::RewardOver { .. }
            | Finding::RewardBelowMinimum { .. }
            | Finding::NoNotice { .. }
            | Finding::KeptAliveForNothing { .. }
            | Finding::FreePointsMove { .. } => Severity::Hint,
            Finding::CapBelowAward { .. }
            | Finding::Uncapped { .. }
            | Finding::ReferralAtOnce { .. }
            | Finding::RoundingPaysForSplitting { .. }
            | Finding::BasisPaysForSplitting { .. }
            | Finding::PointsOnPoints { compounds: Some(_), .. }
            | Finding::HigherEarnsLess { .. }
            | Finding::HigherPaysMore { .. }
            | Finding::CountsForNothing { .. }
            | Finding::NeverEarned { .. }
            | Finding::InactivityTooShort { .. }
            | Finding::NoticeOutside { .. }
            | Finding::NothingKeepsAlive { .. }
            | Finding::KeptAfterReturn { .. }
            | Finding::ExpiresByTime { .. }
            | Finding::TransferExpiresByTime { .. } => Severity::Warning,
            Finding::DiesPending { days, of, .. } => {
                if *days < *of {
                    Severity::Warning
                } else {
                    Severity::Fault
                }
            }
            Finding::DeadRule { .. }
            | Finding::PointsOnPoints { compounds: None, .. }
            | Finding::WorthMoreThanPaid { .. }
            | Finding::Unreachable { .. } => Severity::Fault,
        }
    }
}
