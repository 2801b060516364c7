//! Programmes, baskets and commands out of small numbers.
//!
//! Every function takes a source of numbers: called with a bound above zero, it returns a number below it. Behind it may be a random
//! generator, the bytes of a fuzzer, or a list that a property test shrinks: smaller numbers make simpler things. Everything is drawn from
//! tiny ranges, so that equal expiry dates, exact thresholds and names that are used again are common.

mod basket;
mod command;
mod ladder;
mod programme;

pub use basket::basket;
pub use command::{between, command, later, sent};
pub use ladder::{intervention, ladder};
pub use programme::{programme, revision};

use crate::{
    calendar::CalendarError,
    loyalty::{earning::EarningError, ladder::LadderError, programme::ProgrammeError},
    money::MoneyError,
    quantity::{Name, NameError},
};
use thiserror::Error;

/// Why nothing could be made: a moment at the end of the calendar, or a programme whose amounts are as large as they can be.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum GenerateError {
    /// A name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A day or moment.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// An amount.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A basket or rules.
    #[error(transparent)]
    Earning(#[from] EarningError),
    /// A ladder.
    #[error(transparent)]
    Ladder(#[from] LadderError),
    /// A programme.
    #[error(transparent)]
    Programme(#[from] ProgrammeError),
}

/// A source of numbers, and what is drawn with it.
pub(super) struct Dice<'a>(pub(super) &'a mut dyn FnMut(u64) -> u64);

impl Dice<'_> {
    /// A number below a bound; 0 if there is none.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        if bound < 2 { 0 } else { (self.0)(bound).min(bound - 1) }
    }

    /// Once in so many times. It is what large numbers give, so that it goes away where numbers shrink.
    pub(super) fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == times.saturating_sub(1)
    }

    /// One of some, the first where numbers are small.
    pub(super) fn one_of<T: Clone>(&mut self, choices: &[T]) -> Option<T> {
        let place = self.below(choices.len() as u64);
        usize::try_from(place).ok().and_then(|place| choices.get(place)).cloned()
    }

    /// One of some, and the first where numbers are small.
    #[allow(clippy::needless_pass_by_value)] // a list that is written where it is passed
    pub(super) fn of<T: Clone, const N: usize>(&mut self, first: T, others: [T; N]) -> T {
        match self.below(N as u64 + 1) {
            0 => first,
            place => usize::try_from(place - 1).ok().and_then(|place| others.get(place)).cloned().unwrap_or(first),
        }
    }
}

pub(super) fn name(text: &str) -> Result<Name, NameError> {
    Name::new(text)
}
