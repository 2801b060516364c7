//! What happened, in words.

use super::{Cause, Displaced, Draw, Earning, Event, Happened, Lapse, Opened, Payer, StatusCredit};
use crate::{
    calendar::{Moment, days_from},
    loyalty::{Points, SourceId, earning::CapUse},
    quantity::Name,
};
use alloc::{format, string::String, vec::Vec};
use core::fmt::{Display, Formatter, Result};

/// Points of several lots, with the lots.
struct Of<'a>(&'a Name, &'a [Draw]);

impl Display for Of<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{} {}", sum(self.1), self.0)
    }
}

/// From which lots, after the rest of the sentence: `, from lot 1`, `: 10 from lot 1 and 5 from lot 2`.
struct Lots<'a>(&'a str, &'a [Draw]);

impl Display for Lots<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Lots(word, draws) = self;
        match draws {
            [] => Ok(()),
            [Draw { lot, .. }] => write!(f, ", {word} {lot}"),
            _ => write!(f, ": {}", joined(draws.iter().map(|Draw { lot, points }| format!("{points} {word} {lot}")))),
        }
    }
}

fn sum(draws: &[Draw]) -> Points {
    draws.iter().fold(Points::ZERO, |sum, draw| sum.checked_add(draw.points).unwrap_or(sum))
}

fn joined(parts: impl IntoIterator<Item = String>) -> String {
    let parts: Vec<String> = parts.into_iter().collect();
    match &*parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Until when, as people say it: the last day, where it ends at midnight.
fn until(end: Moment) -> String {
    let midnight = end.local().time() == chrono::NaiveTime::MIN;
    match days_from(end.date(), -1) {
        Ok(last) if midnight => format!("until {last}"),
        _ => format!("until {end}"),
    }
}

fn until_or_ever(end: Option<Moment>) -> String {
    end.map_or_else(|| "for ever".into(), until)
}

/// Credited points with their terms, as seen at a moment.
fn opened(lot: &Opened, on: Moment) -> String {
    let from = match lot.active {
        None => ", once confirmed".into(),
        Some(active) if active > on => format!(", from {} on", active.date()),
        Some(_) => String::new(),
    };
    let end = lot.expires.map_or_else(String::new, |end| format!(", {}", until(end)));
    format!("{} {} ({}{from}{end})", lot.points, lot.kind, lot.lot)
}

fn counted(credit: &StatusCredit) -> String {
    format!("{} {} for the status", credit.points, credit.metric)
}

fn earner(f: &mut Formatter<'_>, source: &SourceId, cause: &Cause) -> Result {
    match cause {
        Cause::Purchase => write!(f, "{source} earned "),
        Cause::Activity(activity) => write!(f, "{activity} ({source}) earned "),
        Cause::Occasion { key, .. } => write!(f, "{key} brought "),
        Cause::Grant(reason) => write!(f, "{reason} ({source}) brought "),
        Cause::Referral { peer, .. } => write!(f, "a referral with {peer} ({source}) earned "),
    }
}

fn earned(f: &mut Formatter<'_>, Earning { source, cause, lots, status, caps, .. }: &Earning, on: Moment) -> Result {
    earner(f, source, cause)?;
    let credited = joined(lots.iter().map(|lot| opened(lot, on)).chain(status.iter().map(counted)));
    f.write_str(if credited.is_empty() { "nothing" } else { &credited })?;
    // A rule with several caps says the same for each.
    let mut limited: Vec<&CapUse> = caps.iter().filter(|used| used.is_limited()).collect();
    limited.dedup_by_key(|used| &used.rule);
    limited.iter().try_for_each(|CapUse { rule, wanted, granted, .. }| {
        write!(f, "; of {wanted} that {rule} wanted to give, its cap left {granted}")
    })
}

/// Who bears a part of a clawback, if no lot does.
fn borne(f: &mut Formatter<'_>, Displaced { paid_by, points, .. }: &Displaced) -> Result {
    match paid_by {
        Payer::Lot(_) => Ok(()),
        Payer::Debt => write!(f, "; {points} are owed"),
        Payer::Programme | Payer::ProgrammeForGood => write!(f, "; {points} were let go"),
    }
}

fn owed_after_all(Displaced { owed_by, points, .. }: &Displaced) -> String {
    format!("{points} of {owed_by} that were let go while they were away are owed after all")
}

fn in_place(Displaced { owed_by, paid_by, points }: &Displaced) -> String {
    match paid_by {
        Payer::Lot(lot) => format!("{points} of {owed_by} in place of {lot}"),
        Payer::Debt => format!("{points} of {owed_by} in place of the debt"),
        Payer::Programme | Payer::ProgrammeForGood => format!("{points} of {owed_by} in place of the programme"),
    }
}

/// One sentence without an end: the day on the clock of the moment, and what happened.
impl Display for Happened {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Happened { on, event } = self;
        write!(f, "{}: ", on.date())?;
        match event {
            Event::Earned(earning) => earned(f, earning, *on),
            Event::Confirmed { source, kind, lots } => {
                let lots = joined(lots.iter().map(|lot| format!("{lot}")));
                write!(f, "{source} was confirmed, so that the {kind} of {lots} can be spent")
            }
            Event::Redeemed { source, kind, from, reward } => {
                write!(f, "{} were spent on {source}", Of(kind, from))?;
                if let Some(claimed) = reward {
                    write!(f, ", {}", claimed.reward)?;
                }
                write!(f, "{}", Lots("from", from))
            }
            Event::RedemptionCancelled { source, kind, to } => {
                write!(f, "{source} was cancelled, and {} came back{}", Of(kind, to), Lots("to", to))
            }
            Event::Held { hold, kind, from, until: end } => {
                write!(f, "{} were set aside for {hold} {}{}", Of(kind, from), until(*end), Lots("from", from))
            }
            Event::HoldSettled { hold, kind, source, captured, released } => {
                write!(f, "the hold {hold} ended")?;
                if let Some(source) = source {
                    write!(f, ", {} were spent on {source}{}", Of(kind, captured), Lots("from", captured))?;
                }
                if released.is_empty() {
                    return Ok(());
                }
                write!(f, ", {} came back{}", Of(kind, released), Lots("to", released))
            }
            Event::Returned { source, document, lines } => {
                let back = lines.iter().filter(|(_, units, amount)| *units > 0 || *amount > 0);
                let back = joined(back.map(|(line, ..)| format!("{line}")));
                if !back.is_empty() {
                    write!(f, "{back} of ")?;
                }
                write!(f, "{source} came back ({document})")
            }
            Event::Voided { source, document } => write!(f, "{source} was recorded wrongly ({document}): it does not count"),
            Event::ClawedBack { source, kind, owed, from, lapsed, displaced } => {
                write!(f, "{} {kind} of {source} were taken back{}", owed.points, Lots("from", from))?;
                if let Some(lapsed) = lapsed {
                    write!(f, "; {} had expired", lapsed.points)?;
                }
                displaced.iter().try_for_each(|displaced| borne(f, displaced))
            }
            Event::ClawbackSettled { kind, paid } => {
                write!(f, "{kind} that came back paid what a return had left open: {}", joined(paid.iter().map(in_place)))
            }
            Event::Reclaimed { kind, let_go, .. } => {
                write!(f, "{kind} came back, so that {}", joined(let_go.iter().map(owed_after_all)))
            }
            Event::StatusReversed { source, status } => {
                let taken = |c: &StatusCredit| format!("{} {} of {}", c.points.unsigned_abs(), c.metric, c.day);
                write!(f, "{source} counts for less: {} no longer do", joined(status.iter().map(taken)))
            }
            Event::DebtRepaid { kind, from } => write!(f, "{} paid what was owed{}", Of(kind, from), Lots("from", from)),
            Event::Deducted { kind, from, reason } => {
                write!(f, "{} were taken by hand for {reason}{}", Of(kind, from), Lots("from", from))
            }
            Event::Expired { kind, from, because } => {
                let how = match because {
                    Lapse::Time => "expired",
                    Lapse::Inactivity => "were lost for want of activity",
                    Lapse::Decay => "melted away for want of activity",
                };
                write!(f, "{} {how}{}", Of(kind, from), Lots("from", from))
            }
            Event::ExpiryMoved { kind, lots, reason } => {
                let moved =
                    lots.iter().map(|(lot, old, new)| format!("{lot} {}, not {}", until_or_ever(*new), until_or_ever(*old)));
                write!(f, "{kind} live otherwise, for {reason}: {}", joined(moved))
            }
            Event::Reinstated { kind, from, lot, reason } => {
                let (of, lots) = (Of(kind, from), Lots("from", from));
                write!(f, "{of} that had expired came back for {reason}{lots}; they are {} now", opened(lot, *on))
            }
            Event::WasActive { kind, idle } => write!(f, "that keeps the {kind} alive {}", until(idle.at)),
            Event::Sent { kind, from, to, .. } => write!(f, "{} went to {to}{}", Of(kind, from), Lots("from", from)),
            Event::Received { lots, from, .. } => {
                write!(f, "{from} gave {}", joined(lots.iter().map(|lot| opened(lot, *on))))
            }
            Event::Absorbed { account, .. } => write!(f, "all of {} was taken over", account.id()),
            Event::Closed { into } => write!(f, "the account was closed, and {into} took it over"),
            Event::Intervened(decided) => write!(f, "{} decided about the status: {}", decided.author, decided.reason),
            Event::StatusChanged { changes, gifts, state } => {
                let gifts = gifts.iter().map(|gift| format!("the gift {}", gift.milestone));
                let all = joined(changes.iter().map(|change| format!("{change}")).chain(gifts));
                write!(f, "status: {}", if all.is_empty() { state.standing().tier.as_str() } else { &all })
            }
        }
    }
}
