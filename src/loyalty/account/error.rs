use super::Broken;
use crate::{
    calendar::{CalendarError, Moment},
    loyalty::{AccountId, HoldId, LotId, Points, SourceId, earning::EarningError, ladder::LadderError},
    money::{Currency, Money},
    quantity::Name,
};
use alloc::string::String;
use thiserror::Error;

/// Why a command is refused. The account is as it was.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Rejection {
    /// The id was used for another command.
    #[error("this command id belongs to another command, recorded as number {seq}")]
    IdReused {
        /// The record of the other command.
        seq: u64,
    },
    /// The account has records of a later moment. A late fact is recorded now, and names its own moment.
    #[error("the clock went back: the account was last changed at {last}")]
    ClockWentBack {
        /// The latest record.
        last: Moment,
    },
    /// The account was merged into another.
    #[error("the account is closed; {into} has taken it over")]
    Closed {
        /// That account.
        into: AccountId,
    },
    /// The programme has no such kind of points.
    #[error("the programme has no points called {0}")]
    UnknownKind(Name),
    /// The kind counts for the status and cannot be credited, spent or moved like points.
    #[error("{0} cannot be spent")]
    NotSpendable(Name),
    /// The business event has earned already.
    #[error("{source_id} has earned already, record {seq}")]
    AlreadyEarned {
        /// The event.
        source_id: SourceId,
        /// The record.
        seq: u64,
    },
    /// The business event has been paid with points already.
    #[error("{source_id} has been paid already, record {seq}; after a cancellation, pay under another name")]
    AlreadyRedeemed {
        /// The event.
        source_id: SourceId,
        /// The record.
        seq: u64,
    },
    /// The occasion has been granted under that key.
    #[error("the occasion {occasion} has been granted for {key}, record {seq}")]
    AlreadyCelebrated {
        /// The occasion.
        occasion: Name,
        /// The key.
        key: String,
        /// The record.
        seq: u64,
    },
    /// The points of that record were taken in before.
    #[error("what record {seq} of {from} sent was taken in before")]
    AlreadyReceived {
        /// Who sent them.
        from: AccountId,
        /// By which of its records.
        seq: u64,
    },
    /// Nothing was earned or redeemed under that name.
    #[error("nothing is known of {0}")]
    UnknownSource(SourceId),
    /// No points of the business event wait for a confirmation.
    #[error("no points of {0} wait for a confirmation")]
    NothingPending(SourceId),
    /// What happened after it was posted.
    #[error("{what} lies after {at}, when it was posted")]
    InTheFuture {
        /// The moment of the event.
        what: Moment,
        /// The moment of the command.
        at: Moment,
    },
    /// An amount in another currency than the scheme's.
    #[error("an amount in {found} where {expected} is expected")]
    Currency {
        /// That of the scheme.
        expected: Currency,
        /// That of the amount.
        found: Currency,
    },
    /// There are not enough points.
    #[error("{wanted} points are wanted, {available} are available")]
    Insufficient {
        /// Wanted.
        wanted: Points,
        /// Available now.
        available: Points,
    },
    /// No points at all are named.
    #[error("no points are named")]
    NoPoints,
    /// The kind is spent in whole multiples.
    #[error("points are spent in multiples of {multiple}; {usable} of these can be")]
    NotAMultiple {
        /// Of how many.
        multiple: Points,
        /// The most that can be spent of what is wanted.
        usable: Points,
    },
    /// The kind is spent from a minimum on.
    #[error("at least {minimum} points are spent at a time")]
    BelowMinimum {
        /// The fewest.
        minimum: Points,
    },
    /// The points would pay more of the order than they may.
    #[error("at most {most} points can be spent on this order")]
    AboveShare {
        /// The most.
        most: Points,
    },
    /// The kind limits the share of an order, and no order is named.
    #[error("the amount of the order is needed")]
    OrderNeeded,
    /// More would come back than was spent.
    #[error("{wanted} points are to come back, {left} were spent and not yet given back")]
    OverCancelled {
        /// Wanted.
        wanted: Points,
        /// Left.
        left: Points,
    },
    /// The order has no such line.
    #[error("{source_id} has no line {line}")]
    UnknownLine {
        /// The order.
        source_id: SourceId,
        /// The line.
        line: Name,
    },
    /// More would be returned than was bought.
    #[error("of line {line}, {units} units and {amount} are left to return")]
    OverReturned {
        /// The line.
        line: Name,
        /// Units left.
        units: u32,
        /// Amount left.
        amount: Money,
    },
    /// The document of the return has been counted.
    #[error("the return {0} has been counted")]
    AlreadyReturned(SourceId),
    /// Nothing is left to return.
    #[error("nothing of {0} is left to return")]
    NothingToReturn(SourceId),
    /// The hold is not there: it was never made, or is settled.
    #[error("there is no open hold {0}")]
    UnknownHold(HoldId),
    /// There is such a hold.
    #[error("there is a hold {0} already")]
    HoldTaken(HoldId),
    /// More would be captured than was held.
    #[error("{wanted} points are to be captured, {held} are held")]
    OverCaptured {
        /// Wanted.
        wanted: Points,
        /// Held.
        held: Points,
    },
    /// The moment or day is not after the present one.
    #[error("{0} is over")]
    TooLate(Moment),
    /// The account has no such lot of this kind.
    #[error("there is no {0} of this kind with points to move")]
    UnknownLot(LotId),
    /// The programme has no such reward, occasion or activity, or not now.
    #[error("{what} is not offered: {why}")]
    NotOffered {
        /// Its name.
        what: Name,
        /// Why.
        why: String,
    },
    /// What is done by hand needs a reason.
    #[error("say why")]
    NoReason,
    /// The member was referred before, and that stands.
    #[error("{0} has referred the member before")]
    AlreadyReferred(AccountId),
    /// The programme has no ladder.
    #[error("the scheme has no status")]
    NoLadder,
    /// An account does not give points to itself, or take itself over.
    #[error("the other account is this one")]
    SameAccount,
    /// The programme does not let these points change accounts.
    #[error("{0} cannot be given to another account")]
    NotTransferable(Name),
    /// The record sent nothing to this account.
    #[error("the record of {0} sent nothing to this account")]
    NothingSent(String),
    /// The command needs what another account says: [`Account::receive`](crate::loyalty::Account::receive),
    /// [`merge`](crate::loyalty::merge).
    #[error("the other account is needed")]
    OtherAccountNeeded,
    /// Both accounts have a hold, a purchase, or a redemption of other points under the same name.
    #[error("both accounts know {0}")]
    KnownToBoth(String),
    /// Points beyond 2⁶⁴ − 1, or lots beyond 2³² − 1.
    #[error("more points than can be counted")]
    TooMany,
    /// What the earning rules refuse.
    #[error(transparent)]
    Earning(#[from] EarningError),
    /// What the ladder refuses.
    #[error(transparent)]
    Ladder(#[from] LadderError),
    /// A day or moment outside the years 1 to 9999.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}

/// Why a record does not continue an account: it belongs to another, is not the next, or was changed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Corrupt {
    /// It is the record of another account.
    #[error("the record belongs to {0}")]
    OtherAccount(AccountId),
    /// It is not the next one.
    #[error("record {found} comes where {expected} is expected")]
    OutOfSequence {
        /// The number of the record.
        found: u64,
        /// The number that comes next.
        expected: u64,
    },
    /// It was written by a later version of this crate.
    #[error("the record has format {0}, which this version does not know")]
    UnknownFormat(u16),
    /// It is older than the one before.
    #[error("the record is older than {0}, when the one before it was made")]
    ClockWentBack(Moment),
    /// The command was recorded before.
    #[error("the command was recorded before, as number {0}")]
    CommandTwice(u64),
    /// The business event was rewarded or paid before.
    #[error("{0} occurs twice")]
    SourceTwice(SourceId),
    /// Nothing is known of the business event.
    #[error("nothing is known of {0}")]
    UnknownSource(SourceId),
    /// A lot is opened under a number that is not the next.
    #[error("{0} is not the next to be opened")]
    LotOutOfSequence(LotId),
    /// The lot was never opened.
    #[error("{0} was never opened")]
    UnknownLot(LotId),
    /// The lot has not so many points where they are taken from, or no room for those that come back.
    #[error("{0} does not have these points there")]
    NotThere(LotId),
    /// A hold of that name is open.
    #[error("there is a hold {0} already")]
    HoldTaken(HoldId),
    /// No hold of that name is open.
    #[error("there is no open hold {0}")]
    UnknownHold(HoldId),
    /// A debt is paid that is not owed.
    #[error("more is paid than is owed")]
    NotOwed,
    /// The account is closed.
    #[error("the account is closed")]
    Closed,
    /// The record contradicts itself.
    #[error("record {0} does not add up")]
    DoesNotAddUp(u64),
    /// All records together contradict each other.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// Points beyond 2⁶⁴ − 1.
    #[error("more points than can be counted")]
    TooMany,
}
