use super::ServiceError;
use crate::{
    calendar::in_range,
    customer::contact::Channel,
    quantity::{Name, Share, unique_keys},
};
use alloc::{collections::BTreeMap, vec::Vec};
use chrono::NaiveDate;
use core::cmp::Reverse;
use serde::{Deserialize, Serialize};

/// Something that customers have told the firm.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feedback {
    /// What tells it from all other feedback: delivered twice, it counts once.
    pub id: Name,
    /// The business day on which it came.
    pub on: NaiveDate,
    /// By what.
    pub channel: Channel,
}

/// What the firm does about a theme.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// What tells it from all other actions.
    pub id: Name,
    /// About which theme.
    pub theme: Name,
    /// What is done.
    pub what: Name,
    /// Who answers for it.
    pub owner: Name,
    /// The day on which it was decided.
    pub decided: NaiveDate,
    /// The last day on which it is not overdue.
    pub due: NaiveDate,
    /// The day on which it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<NaiveDate>,
    /// The day on which the customers were told what was done: only then is the loop closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<NaiveDate>,
}

/// How far an action has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActionState {
    /// To be done.
    Open,
    /// It should have been done.
    Overdue,
    /// Done, and the customers do not know.
    Done,
    /// Done, and the customers know: the loop is closed.
    Closed,
}

/// Feedback, what it is about, and what is done about it.
///
/// Coding is a person's judgement and may change; every piece has one theme at most, so that themes and the rest add up to all.
///
/// On the wire: `{"feedback":[…],"themes":{"review 17":"noise"},"actions":[…]}`.
///
/// ```
/// use customer_value::{customer::{contact::Channel, service::{Feedback, FeedbackLoop}}, quantity::Name};
///
/// let mut book = FeedbackLoop::new();
/// for id in ["review 1", "review 2", "review 3"] {
///     book.push(Feedback { id: Name::new(id)?, on: "2024-02-29".parse()?, channel: Channel::Email })?;
/// }
/// book.assign(&Name::new("review 1")?, Some(Name::new("noise")?))?;
/// book.assign(&Name::new("review 3")?, Some(Name::new("noise")?))?;
/// let report = book.report("2024-02-29".parse()?);
/// assert_eq!(report.themes[0].feedback.to_string(), "2 of 3");
/// assert_eq!(report.unassigned.to_string(), "1 of 3");
/// assert!(report.themes[0].actions.is_empty()); // and nobody does anything about it
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "反馈闭环")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct FeedbackLoop {
    feedback: BTreeMap<Name, Feedback>,
    themes: BTreeMap<Name, Name>,
    actions: BTreeMap<Name, Action>,
}

/// What was said, and what is done, as of a day.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedbackReport {
    /// The day, included.
    pub as_of: NaiveDate,
    /// Every theme with feedback or an action, that with most feedback first; equal ones in order of name.
    pub themes: Vec<ThemeAccount>,
    /// What nobody has given a theme, of all feedback. With the themes it makes all.
    pub unassigned: Share,
}

/// One theme of a [`FeedbackReport`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThemeAccount {
    /// Which theme.
    pub theme: Name,
    /// How much feedback was about it, of all.
    pub feedback: Share,
    /// What is done about it, in order of identity; nothing if it is empty.
    pub actions: Vec<(Action, ActionState)>,
}

impl ThemeAccount {
    /// Whether something was done, all of it, and the customers know.
    pub fn is_closed(&self) -> bool {
        !self.actions.is_empty() && self.actions.iter().all(|(_, state)| *state == ActionState::Closed)
    }
}

impl Action {
    /// How far it has come at the close of a day. On the day on which it is due it is not overdue.
    pub fn state(&self, as_of: NaiveDate) -> ActionState {
        let by_then = |day: Option<NaiveDate>| day.is_some_and(|day| day <= as_of);
        match () {
            () if by_then(self.told) => ActionState::Closed,
            () if by_then(self.done) => ActionState::Done,
            () if as_of > self.due => ActionState::Overdue,
            () => ActionState::Open,
        }
    }

    /// The action as it was known at the close of a day.
    fn at(&self, as_of: NaiveDate) -> Action {
        let by_then = |day: &NaiveDate| *day <= as_of;
        Action { done: self.done.filter(by_then), told: self.told.filter(by_then), ..self.clone() }
    }

    fn check(&self) -> Result<(), ServiceError> {
        for day in [Some(self.decided), Some(self.due), self.done, self.told].into_iter().flatten() {
            in_range(day)?;
        }
        if self.told.is_some() && self.done.is_none() {
            return Err(ServiceError::NotDone(self.id.clone()));
        }
        let not_before = |from: NaiveDate, day: Option<NaiveDate>| match day {
            Some(at) if at < from => Err(ServiceError::BeforeStart { from, at }),
            _ => Ok(()),
        };
        not_before(self.decided, Some(self.due))?;
        not_before(self.decided, self.done)?;
        not_before(self.done.unwrap_or(self.decided), self.told)
    }
}

impl FeedbackLoop {
    /// A book without entries.
    pub const fn new() -> FeedbackLoop {
        FeedbackLoop { feedback: BTreeMap::new(), themes: BTreeMap::new(), actions: BTreeMap::new() }
    }

    /// Takes in feedback. `false` if it was there already.
    ///
    /// # Errors
    /// [`Conflict`](ServiceError::Conflict) if other feedback came under the same identity; [`Calendar`](ServiceError::Calendar) for the
    /// year 0.
    pub fn push(&mut self, feedback: Feedback) -> Result<bool, ServiceError> {
        in_range(feedback.on)?;
        take_in(&mut self.feedback, feedback.id.clone(), feedback)
    }

    /// Says what feedback is about, instead of what was said before; or that this is not known.
    ///
    /// # Errors
    /// [`Unknown`](ServiceError::Unknown) for feedback that is not there.
    pub fn assign(&mut self, feedback: &Name, theme: Option<Name>) -> Result<(), ServiceError> {
        if !self.feedback.contains_key(feedback) {
            return Err(ServiceError::Unknown(feedback.clone()));
        }
        match theme {
            Some(theme) => self.themes.insert(feedback.clone(), theme),
            None => self.themes.remove(feedback),
        };
        Ok(())
    }

    /// Takes in an action. `false` if it was there already, whether or not it has got on since.
    ///
    /// # Errors
    /// [`BeforeStart`](ServiceError::BeforeStart) for one that is due before it was decided; [`NotDone`](ServiceError::NotDone) for
    /// customers who were told before anything was done; [`Conflict`](ServiceError::Conflict) for another action under the same identity.
    pub fn act(&mut self, action: Action) -> Result<bool, ServiceError> {
        action.check()?;
        // Its decision delivered again, after it has got on.
        let decision = |known: &Action| Action { done: None, told: None, ..known.clone() };
        if self.actions.get(&action.id).is_some_and(|known| decision(known) == action) {
            return Ok(false);
        }
        take_in(&mut self.actions, action.id.clone(), action)
    }

    /// Says that an action was done on a day, or that the customers were told; see [`Action`]. What is `None` stays as it is.
    ///
    /// # Errors
    /// [`Unknown`](ServiceError::Unknown) for an action that is not there; else as [`act`](Self::act), and nothing has changed.
    pub fn progress(&mut self, action: &Name, done: Option<NaiveDate>, told: Option<NaiveDate>) -> Result<(), ServiceError> {
        let known = self.actions.get_mut(action).ok_or_else(|| ServiceError::Unknown(action.clone()))?;
        let after = Action { done: done.or(known.done), told: told.or(known.told), ..known.clone() };
        after.check()?;
        *known = after;
        Ok(())
    }

    /// What was said up to and on a day, and what is done about it. Themes count as they are assigned now.
    pub fn report(&self, as_of: NaiveDate) -> FeedbackReport {
        let mut accounts: BTreeMap<&Name, (u64, Vec<_>)> = BTreeMap::new();
        let (mut all, mut unassigned) = (0, 0);
        for feedback in self.feedback.values().filter(|f| f.on <= as_of) {
            all += 1;
            match self.themes.get(&feedback.id) {
                Some(theme) => accounts.entry(theme).or_default().0 += 1,
                None => unassigned += 1,
            }
        }
        for action in self.actions.values().filter(|a| a.decided <= as_of) {
            accounts.entry(&action.theme).or_default().1.push((action.at(as_of), action.state(as_of)));
        }
        let of_all = |part| Share::new(part, all).unwrap_or_default(); // a part of all
        let account = |(theme, (n, actions)): (&Name, _)| ThemeAccount { theme: theme.clone(), feedback: of_all(n), actions };
        let mut themes: Vec<ThemeAccount> = accounts.into_iter().map(account).collect();
        themes.sort_by_key(|account| Reverse(account.feedback.part())); // stable, and the names are in order
        FeedbackReport { as_of, themes, unassigned: of_all(unassigned) }
    }
}

fn take_in<T: PartialEq>(book: &mut BTreeMap<Name, T>, id: Name, entry: T) -> Result<bool, ServiceError> {
    match book.get(&id) {
        Some(known) if *known == entry => Ok(false),
        Some(_) => Err(ServiceError::Conflict(id)),
        None => {
            book.insert(id, entry);
            Ok(true)
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "FeedbackLoop")]
struct Wire {
    feedback: Vec<Feedback>,
    #[serde(deserialize_with = "unique_keys")]
    themes: BTreeMap<Name, Name>,
    actions: Vec<Action>,
}

impl TryFrom<Wire> for FeedbackLoop {
    type Error = ServiceError;

    fn try_from(wire: Wire) -> Result<FeedbackLoop, ServiceError> {
        let mut book = FeedbackLoop::new();
        for feedback in wire.feedback {
            book.push(feedback)?;
        }
        for (feedback, theme) in wire.themes {
            book.assign(&feedback, Some(theme))?;
        }
        for action in wire.actions {
            book.act(action)?;
        }
        Ok(book)
    }
}

impl From<FeedbackLoop> for Wire {
    fn from(book: FeedbackLoop) -> Wire {
        Wire { feedback: book.feedback.into_values().collect(), themes: book.themes, actions: book.actions.into_values().collect() }
    }
}
