use super::{Breach, same};
use crate::{
    calendar::Moment,
    loyalty::{
        Account,
        account::Record,
        accounting::{AccountingError, Flow, RollForward},
        history::Axis,
    },
    money::{Currency, Ratio, Rounding},
    quantity::Name,
};
use alloc::string::ToString;

#[allow(clippy::needless_pass_by_value)] // an error that is mapped
fn failed(error: AccountingError) -> Breach {
    Breach::Differs { law: "the books can be kept", one: error.to_string(), other: "the log".into() }
}

/// The books of any number of accounts add up between any two of three moments, in points and in money: the opening and what comes in,
/// less what goes out, is the closing; two periods chain, and together are the long one; after everything, the closing is what the
/// accounts have.
///
/// # Errors
/// The first [`Breach`].
pub fn check_books(
    accounts: &[(&Account, &[Record])],
    kind: &Name,
    [from, middle, until]: [Moment; 3],
    (point, currency): (Ratio, Currency),
) -> Result<(), Breach> {
    let (middle, until) = (middle.max(from), until.max(middle).max(from));
    for axis in [Axis::Recorded, Axis::Effective] {
        let books = |from: Moment, until: Moment| {
            let mut books = RollForward::new(kind.clone(), from, until, axis).map_err(failed)?;
            accounts.iter().try_for_each(|(_, log)| books.push(log)).map_err(failed)?;
            Ok::<_, Breach>(books)
        };
        let (first, second, long) = (books(from, middle)?, books(middle, until)?, books(from, until)?);
        let law = "adjacent periods chain";
        same(law, &(first.closing(), first.opening(), second.closing()), &(second.opening(), long.opening(), long.closing()))?;
        for books in [&first, &second, &long] {
            let sum = |flow: Flow| {
                let points = i128::from(books.flow(flow).units());
                if flow.is_in() { points } else { -points }
            };
            let moved: i128 = Flow::ALL.into_iter().map(sum).sum();
            same("the opening and what moved is the closing", &(books.opening() + moved), &books.closing())?;
            let money = books.in_money(point, currency, Rounding::HalfEven).map_err(failed)?;
            let mut balance = money.opening.minor();
            for (flow, amount) in &money.flows {
                balance += if flow.is_in() { amount.minor() } else { -amount.minor() };
            }
            same("the opening and what moved is the closing, in money", &balance, &money.closing.minor())?;
        }
        let [first_money, second_money] =
            [&first, &second].map(|books| books.in_money(point, currency, Rounding::HalfEven).map_err(failed));
        same("adjacent periods chain in money", &first_money?.closing, &second_money?.opening)?;
        for flow in Flow::ALL {
            let parts = first.flow(flow).checked_add(second.flow(flow));
            same("two periods are the long one", &parts, &Some(long.flow(flow)))?;
        }
    }
    // The end of a period is not in it.
    let last = accounts.iter().filter_map(|(account, _)| account.last()).max().unwrap_or(until).max(until);
    let end = last.plus_seconds(1)?;
    let mut books = RollForward::new(kind.clone(), end, end, Axis::Effective).map_err(failed)?;
    accounts.iter().try_for_each(|(_, log)| books.push(log)).map_err(failed)?;
    let there = |account: &Account| {
        let balance = account.balance(kind, last);
        [balance.available, balance.pending, balance.held].map(|points| i128::from(points.units())).iter().sum::<i128>()
    };
    let sum: i128 = accounts.iter().map(|(account, _)| there(account)).sum();
    same("the books close with what the accounts have", &books.closing(), &sum)
}
