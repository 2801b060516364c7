//! The ladder of status: what each tier takes, how long it stands, how it ends, and what leads up.
//!
//! A [`Ladder`] is data. [`Ladder::run`] is a pure function: a member's [`StatusState`], what counts ([`StatusCredits`]) and a day give the
//! state at the close of that day, the [changes](StatusChange) on the way with the numbers that decided, and the [gifts](Gift) due.
//! Points that can be spent are no part of it: spending, transferring or losing them changes no status.
//!
//! ```
//! use customer_value::{
//!     loyalty::ladder::{Counting, Cycle, Ladder, LadderTerms, Requirement, StatusCredits, TierRule},
//!     quantity::Name,
//! };
//!
//! let nights = Name::new("nights")?;
//! let tier = |tier: &str, count| Name::new(tier).map(|tier| TierRule::new(tier, Requirement::at_least(nights.clone(), count)));
//! // A status stands to the end of the year after the one in which it was earned, and falls one tier at a time.
//! let years = Counting::Periods { cycle: Cycle::CALENDAR_YEAR, stands: 1 };
//! let tiers = vec![tier("Silver", 10)?, tier("Gold", 25)?, tier("Platinum", 50)?];
//! let ladder = Ladder::new(LadderTerms { landing: Some(1), ..LadderTerms::new(Name::new("Member")?, tiers, years) })?;
//!
//! let mut stays = StatusCredits::new();
//! stays.push(&nights, "2022-05-01".parse()?, 49)?;
//! let member = ladder.join("2022-01-10".parse()?)?;
//! assert_eq!(ladder.to_next(&member, &stays, "2022-06-01".parse()?)?[0].gaps[0].missing, 1); // one night to Platinum
//! stays.push(&nights, "2022-07-01".parse()?, 1)?;
//!
//! let run = ladder.run(&member, &stays, "2024-12-31".parse()?)?;
//! let told: Vec<String> = run.changes.iter().map(ToString::to_string).collect();
//! assert_eq!(told, [
//!     "2022-05-01 Member → Gold until 2024-01-01; entered: nights 49 of 25 in 2022-01-01..2022-05-02",
//!     "2022-07-01 Gold → Platinum until 2024-01-01; entered: nights 50 of 50 in 2022-01-01..2022-07-02",
//!     "2024-01-01 Platinum → Gold until 2025-01-01; not kept: nights 0 of 50 in 2023-01-01..2024-01-01",
//! ]);
//! assert_eq!(run.next_due, Some("2025-01-01".parse()?));
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```
//!
//! # What happens when
//!
//! A member has *terms*: a tier, and the first day without it. The highest tier is the one that counts, so that a lower one, earned on the
//! way or in a weaker year, is there when the higher one ends. Every change of status is one of five things, in this order on any day:
//!
//! 1. **A period ends** ([`Counting::Periods`]). Every tier whose requirement its count meets gets a term to the end of the period that
//!    stands so many after it. In [`Counting::Rolling`] the same happens when a term ends, by what still counts on that day without the
//!    day's own entries.
//! 2. **A term ends.** It goes on for its [grace](Grace), if there is one. After that the tier is gone, and the member has the next lower
//!    term, or, with a [landing](LadderTerms::landing), a term of the tier so many steps below until the period ends (as long as a status
//!    stands, if it is rolling).
//! 3. **A count rises.** Every tier whose requirement is met by the close of the day, and of which there is no term that stands, gets one:
//!    a rise at once. So does a tier in its grace.
//! 4. **A count falls**, where a status stands only from day to day ([`Counting::Balance`], rolling with `stands` 0): the term ends.
//! 5. **A floor is reached**: the tier is for life.
//!
//! What a tier takes is its entry requirement; its requirement for keeping while the member has it or one above it; its requirement for
//! coming back after the member had it and lost it.
//!
//! Over that lie what is [decided by hand](Action): a hold decides alone; otherwise a trial or a relationship counts where it is higher.
//! Beneath them the member's own status goes on, and shows again when they end.
//!
//! Days are whole: an entry counts from its day on, an end is the first day without. A period's count is taken when it ends; later entries
//! for it change what it gave only where the ladder [recomputes](Corrections::Recompute), and always what [rolls over](RollOver) from it.
//!
//! # When the ladder changes
//!
//! A revision can have other tiers. What a tier that it does not have becomes, it says itself ([`LadderTerms::formerly`]): with
//! `{"Gold": "Platinum"}` whoever has Gold, earned until 2027, for life or by hand, has Platinum instead, until 2027, for life or by hand.
//! What is not named there becomes the base, beneath which a lower tier that the member has besides shows. Who has earned more by the new
//! ladder rises at once; nobody gets a gift for another name.
//!
//! ```
//! use customer_value::{
//!     loyalty::ladder::{Counting, Cycle, Ladder, LadderTerms, Requirement, StatusCredits, TierRule},
//!     quantity::Name,
//! };
//! use std::collections::BTreeMap;
//!
//! let nights = Name::new("nights")?;
//! let years = Counting::Periods { cycle: Cycle::CALENDAR_YEAR, stands: 1 };
//! let ladder = |tier: &str, count, formerly| {
//!     let tiers = vec![TierRule::new(Name::new(tier)?, Requirement::at_least(nights.clone(), count))];
//!     let terms = LadderTerms::new(Name::new("Member")?, tiers, years);
//!     Ok::<_, Box<dyn core::error::Error>>(Ladder::new(LadderTerms { formerly, ..terms })?)
//! };
//! let (old, mut stays) = (ladder("Gold", 25, BTreeMap::new())?, StatusCredits::new());
//! stays.push(&nights, "2025-05-01".parse()?, 30)?;
//! let gold = old.run(&old.join("2025-01-10".parse()?)?, &stays, "2025-12-31".parse()?)?.state;
//!
//! let new = ladder("Platinum", 60, BTreeMap::from([(Name::new("Gold")?, Name::new("Platinum")?)]))?;
//! let run = new.run(&gold, &stays, "2026-03-01".parse()?)?;
//! assert_eq!(run.changes[0].to_string(), "2025-12-31 Gold → Platinum until 2027-01-01; the earlier tier is no more");
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```
//!
//! # What can be relied on
//!
//! - To run to a day and on to another gives what running to the other gives, change for change, and nothing happens before it is due.
//! - More credits never give a lower tier, by periods of the calendar or of the membership and from day to day. (A rolling status that
//!   stands for months is judged on a day that depends on when it was entered, so that who enters earlier may be judged earlier; periods
//!   of the status begin with it, likewise.)
//! - Nobody falls before the end of the grace, further than the landing allows, or below a floor.
//! - Where the ladder recomputes, an order and its return are as if neither had been; gifts are not taken back, and not given twice.

mod change;
mod credits;
mod cycle;
mod earlier;
mod error;
mod machine;
mod merge;
mod plan;
mod policy;
mod requirement;
mod run;
mod standing;
mod state;
mod ways;

pub use change::{Basis, Cause, Gift, Standing};
pub use credits::StatusCredits;
pub use cycle::{Cycle, CycleStart, Span};
pub use error::LadderError;
pub use plan::{Action, Failure, Intervention, Success, UpgradePlan};
pub use policy::{Corrections, Counting, Floor, FloorAfter, Grace, Ladder, LadderTerms, Milestone, Reached, RollOver, TierRule};
pub use requirement::{Counted, Figure, Requirement};
pub use state::{Run, StatusChange, StatusState};
pub use ways::{Gap, Way};
