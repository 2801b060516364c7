//! The words of a finding: what, and why it matters.

use super::{Dead, Finding, Goal, Jurisdiction, Shortage, jurisdiction::Law};
use crate::{
    loyalty::{Points, programme::Shortfall},
    money::{Ratio, Rounding},
    quantity::Name,
};
use core::fmt::{Display, Formatter, Result};

/// Several parts with a word between the last two, a comma between the others.
struct List<'a, T>(&'a [T], &'a str);

impl<T: Display> Display for List<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for (i, part) in self.0.iter().enumerate() {
            match i {
                0 => write!(f, "{part}")?,
                _ if i + 1 == self.0.len() => write!(f, " {} {part}", self.1)?,
                _ => write!(f, ", {part}")?,
            }
        }
        Ok(())
    }
}

/// Rules by name.
struct Rules<'a>(&'a [Name]);

impl Display for Rules<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(if self.0.len() == 1 { "rule " } else { "rules " })?;
        for (i, rule) in self.0.iter().enumerate() {
            let between = match i {
                0 => "",
                _ if i + 1 == self.0.len() => " and ",
                _ => ", ",
            };
            write!(f, "{between}{rule:?}")?;
        }
        Ok(())
    }
}

struct Many(Points);

impl Display for Many {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{} point{}", self.0, if self.0 == Points::new(1) { "" } else { "s" })
    }
}

const fn rounded(rounding: Rounding) -> &'static str {
    match rounding {
        Rounding::Ceiling | Rounding::AwayFromZero => "Rounded up",
        Rounding::HalfUp => "Rounded half up",
        Rounding::HalfDown => "Rounded half down",
        Rounding::HalfEven => "Rounded half to even",
        Rounding::Floor | Rounding::TowardZero => "Rounded down",
    }
}

/// A fraction as a decimal of two or more places that do not vanish.
fn about(ratio: Ratio) -> impl Display {
    let places = [2, 4, 6].into_iter().find(|places| {
        let least = Ratio::new(1, 10_i128.pow(u32::from(*places) - 1)).unwrap_or(Ratio::ONE);
        ratio >= least || ratio == Ratio::ZERO
    });
    ratio.to_decimal(places.unwrap_or(8), Rounding::HalfEven).unwrap_or_default().normalize()
}

impl Display for Finding {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Finding::DeadRule { .. }
            | Finding::CapBelowAward { .. }
            | Finding::IdleCap { .. }
            | Finding::Uncapped { .. }
            | Finding::ReferralAtOnce { .. }
            | Finding::Uncelebrated { .. }
            | Finding::FixedPaysForSplitting { .. } => self.of_a_rule(f),
            Finding::RoundingPaysForSplitting { .. }
            | Finding::BasisPaysForSplitting { .. }
            | Finding::CapPaysForSplitting { .. }
            | Finding::PointsOnPoints { .. }
            | Finding::WorthMoreThanPaid { .. }
            | Finding::KeptAfterReturn { .. }
            | Finding::FreePointsMove { .. } => self.of_cleverness(f),
            Finding::HigherEarnsLess { .. }
            | Finding::HigherPaysMore { .. }
            | Finding::Unreachable { .. }
            | Finding::CountsForNothing { .. }
            | Finding::StatusKeptAfterReturn { .. }
            | Finding::StatusByBalance => self.of_the_status(f),
            Finding::ExpiresByTime { .. }
            | Finding::TransferExpiresByTime { .. }
            | Finding::InactivityTooShort { .. }
            | Finding::NoticeOutside { .. } => self.of_a_law(f),
            _ => self.of_a_kind(f),
        }
    }
}

impl Finding {
    fn of_a_rule(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Finding::DeadRule { rule, because } => write!(f, "Rule {rule:?} gives nothing: {because}."),
            Finding::CapBelowAward { rule, cap, award } => write!(
                f,
                "Rule {rule:?} gives {} at the least, but its cap is {} per {}: nobody ever gets what it promises.",
                Many(*award),
                cap.points,
                cap.per
            ),
            Finding::IdleCap { rule, cap, longer } => write!(
                f,
                "The cap of {} per {} of rule {rule:?} never binds: it gives no more than {} per {} anyway.",
                cap.points, cap.per, longer.points, longer.per
            ),
            Finding::Uncapped { rule, points, worth } => {
                write!(f, "Nothing limits how often rule {rule:?} gives ")?;
                match (points, worth) {
                    (Some(points), Some(worth)) => write!(f, "{}, worth {worth}", Many(*points))?,
                    (Some(points), None) => write!(f, "{}", Many(*points))?,
                    _ => f.write_str("points")?,
                }
                f.write_str(": whoever makes up such deeds is paid for each. Cap it by day or month.")
            }
            Finding::ReferralAtOnce { rule } => write!(
                f,
                "Rule {rule:?} rewards a referral at once: the points can be spent before the order behind it is returned. Let them wait."
            ),
            Finding::Uncelebrated { occasion } => write!(f, "No rule gives anything for the occasion {occasion:?}."),
            Finding::FixedPaysForSplitting { rule, points, from } => {
                write!(f, "Rule {rule:?} gives {} for every order", Many(*points))?;
                if let Some(from) = from {
                    write!(f, " of {from} or more")?;
                }
                f.write_str(", however often: it pays to split orders. Cap it by day, or give by amount.")
            }
            _ => Ok(()),
        }
    }

    fn of_cleverness(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Finding::RoundingPaysForSplitting { rule, rounding, order, apart, together } => {
                let both = order.try_mul(2).unwrap_or(*order);
                write!(
                    f,
                    "{}, two orders of {order} earn {} by rule {rule:?}, and one of {both} earns {together}: it pays to split orders.",
                    rounded(*rounding),
                    Many(*apart)
                )
            }
            Finding::BasisPaysForSplitting { rounding, order, apart, together } => {
                let both = order.try_mul(2).unwrap_or(*order);
                write!(
                    f,
                    "{}, two orders of {order} count for {apart}, and one of {both} for {together}: it pays to split orders.",
                    rounded(*rounding)
                )
            }
            Finding::CapPaysForSplitting { rule, cap, order } => {
                write!(f, "Rule {rule:?} gives {} for an order at most, and nothing limits how many orders", Many(*cap))?;
                let both = order.and_then(|order| order.try_mul(2).ok()).zip(cap.checked_add(*cap));
                if let Some((order, (together, apart))) = order.zip(both) {
                    write!(f, ": two of {order} earn {apart}, one of {together} earns {cap}")?;
                }
                f.write_str(". It pays to split orders: cap it by day.")
            }
            Finding::PointsOnPoints { kind, again, compounds: Some(compounds) } => write!(
                f,
                "What is paid in points earns points: for every 100 {kind:?} spent, up to {} come back, so that all are worth up to {} \
                 times their face.",
                about(Ratio::new(again.numerator().saturating_mul(100), again.denominator()).unwrap_or(*again)),
                about(*compounds)
            ),
            Finding::PointsOnPoints { kind, again, compounds: None } => write!(
                f,
                "What is paid in points earns points: every {kind:?} spent brings up to {} back, so that they never run out.",
                about(*again)
            ),
            Finding::WorthMoreThanPaid { kind, paid, earned, worth, rules } => write!(
                f,
                "Whoever pays {paid} can earn {earned} {kind:?} by {}, worth {worth}: that is more than was paid.",
                Rules(rules)
            ),
            Finding::KeptAfterReturn { kind, rules, shortfall } => {
                let how = match shortfall {
                    Shortfall::PendingOnly => "a return takes back only points that still wait",
                    Shortfall::WithinBalance | Shortfall::Debt { .. } => "a return takes back only what is still there",
                };
                write!(
                    f,
                    "The {kind:?} of {} can be spent at once, and {how}: who buys, spends them and returns the purchase keeps what they \
                     bought. Let them wait, or let them be owed.",
                    Rules(rules)
                )
            }
            Finding::FreePointsMove { kind, rules } => write!(
                f,
                "The {kind:?} of {} are given for nothing, and can be moved to another account: many new accounts can feed one.",
                Rules(rules)
            ),
            _ => Ok(()),
        }
    }

    fn of_the_status(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Finding::HigherEarnsLess { kind, grade, below, on, .. } => write!(
                f,
                "On {on}, {grade:?} can earn fewer {kind:?} than {below:?} below it, for the same: it does not pay to rise."
            ),
            Finding::HigherPaysMore { reward, grade, below, price: Some(price), less } => write!(
                f,
                "The reward {reward:?} costs {} with {grade:?}, and {less} with {below:?} below it: it does not pay to rise.",
                Many(*price)
            ),
            Finding::HigherPaysMore { reward, grade, below, price: None, .. } => {
                write!(f, "The reward {reward:?} is for {below:?}, and not for {grade:?} above it: whoever rises loses it.")
            }
            Finding::Unreachable { goal, short } => {
                write!(f, "{goal} cannot be reached by what the rules give: {}.", List(short, "and"))
            }
            Finding::StatusKeptAfterReturn { rules } => write!(
                f,
                "A tier that was reached by {} stands, though the purchase is returned: who buys, rises and returns all of it keeps the \
                 tier. Let corrections recompute it.",
                Rules(rules)
            ),
            Finding::CountsForNothing { kind } => {
                write!(f, "The {kind:?} count for the status, but no tier, milestone or floor looks at them.")
            }
            Finding::StatusByBalance => f.write_str(
                "The status falls as soon as too little is there: a return takes it away on the same day. Members resent it.",
            ),
            _ => Ok(()),
        }
    }

    fn of_a_kind(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Finding::NeverEarned { kind } => write!(f, "No rule gives {kind:?}: they only come by hand."),
            Finding::NothingToBuy { kind } => {
                write!(f, "The {kind:?} pay no part of an order and no reward: the scheme does not say what they are good for.")
            }
            Finding::RewardOver { reward, until } => write!(f, "The reward {reward:?} has not been offered since {until}."),
            Finding::RewardBelowMinimum { reward, price, minimum } => write!(
                f,
                "The reward {reward:?} costs {}, while an order takes at least {minimum} at a time: the minimum does not hold for rewards.",
                Many(*price)
            ),
            Finding::NoNotice { kind } => {
                write!(f, "Nobody is told before their {kind:?} are gone: most complaints about loyalty schemes begin so.")
            }
            Finding::NothingKeepsAlive { kind } => write!(
                f,
                "The {kind:?} are lost by inactivity, but nothing counts as activity: they expire by time, from the first of them on."
            ),
            Finding::KeptAliveForNothing { kind } => {
                write!(f, "Deeds are named that keep the {kind:?} alive, but no inactivity threatens them: these names do nothing.")
            }
            Finding::DiesPending { rule, kind, earned, spendable, last_day, days, of } => {
                let every = if days == of { "always" } else { "at times" };
                write!(
                    f,
                    "The {kind:?} of rule {rule:?} {every} expire before they can be spent: those of {earned} could be from {spendable} \
                     on, and until {last_day}"
                )?;
                if days < of { write!(f, "; it is so on {days} of {of} days.") } else { f.write_str(".") }
            }
            _ => Ok(()),
        }
    }

    fn of_a_law(&self, f: &mut Formatter<'_>) -> Result {
        let jurisdiction = match self {
            Finding::ExpiresByTime { kind, rules, jurisdiction } => {
                write!(f, "The {kind:?} expire by the passing of time alone")?;
                if !rules.is_empty() {
                    write!(f, ", by {} too", Rules(rules))?;
                }
                write!(f, ", which {} forbids", jurisdiction.law().place)?;
                jurisdiction
            }
            Finding::TransferExpiresByTime { kind, jurisdiction } => {
                let place = jurisdiction.law().place;
                write!(f, "The {kind:?} that are given to another expire by the passing of time alone, which {place} forbids")?;
                jurisdiction
            }
            Finding::InactivityTooShort { kind, least_months, jurisdiction } => {
                let place = jurisdiction.law().place;
                write!(f, "The {kind:?} expire by a shorter inactivity than the {least_months} months that {place} asks for")?;
                jurisdiction
            }
            Finding::NoticeOutside { kind, notice, days: (fewest, most), jurisdiction } => {
                match notice {
                    Some(days) => write!(f, "Members are told {days} days before their {kind:?} expire")?,
                    None => write!(f, "Members are not told before their {kind:?} expire")?,
                }
                write!(f, ", while {} asks for a notice {fewest} to {most} days before", jurisdiction.law().place)?;
                jurisdiction
            }
            _ => return Ok(()),
        };
        write!(f, " ({jurisdiction}). This is no legal advice: check today's text.")
    }
}

impl Display for Jurisdiction {
    /// Where it is written, and since when.
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Law { source, since, .. } = self.law();
        f.write_str(source)?;
        since.map_or(Ok(()), |since| write!(f, ", in force since {since}"))
    }
}

impl Display for Dead {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Dead::Contradiction => f.write_str("its conditions contradict each other"),
            Dead::Over { last_day } => write!(f, "its last day was {last_day}"),
            Dead::NoLines => f.write_str("it excludes all that it includes"),
            Dead::UnknownOccasion(occasion) => write!(f, "the scheme has no occasion and no milestone {occasion:?}"),
            Dead::Displaced { by } => write!(f, "whenever it applies, rule {by:?} counts in its place"),
            Dead::NothingToMultiply => f.write_str("it multiplies what other rules give, and there are none"),
            Dead::LimitedToOne => f.write_str("all multiples together come to 1 at most"),
        }
    }
}

impl Display for Goal {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Goal::Entry(tier) => write!(f, "The tier {tier:?}"),
            Goal::Reentry(tier) => write!(f, "The tier {tier:?}, once lost,"),
            Goal::Floor(tier) => write!(f, "The tier {tier:?} for life"),
            Goal::Milestone(milestone) => write!(f, "The milestone {milestone:?}"),
            Goal::Reward(reward) => write!(f, "The reward {reward:?}"),
            Goal::Minimum(kind) => write!(f, "The least number of {kind:?} that can be spent"),
        }
    }
}

impl Display for Shortage {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "it takes {} {:?}, and there can be {}", self.needed, self.kind, self.most)
    }
}
