use super::{Hold, Membership, MembershipError, Policy, Release, Transition};
use crate::{reason::Decision, tier::Grade};
use alloc::{boxed::Box, vec::Vec};
use serde::{Deserialize, Serialize};

/// Something that moves a [`Membership`]: kept in a log, it can be replayed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Event {
    /// Decisions of a day.
    Decided {
        /// By the model for promotion.
        entry: Decision<Grade>,
        /// By the model for keeping a grade.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        keep: Option<Decision<Grade>>,
    },
    /// A hold.
    Held(Hold),
    /// The end of a hold.
    Released(Release),
}

impl Policy {
    /// The step that an event makes.
    ///
    /// # Errors
    /// Those of [`advance`](Policy::advance), [`hold`](Membership::hold) and [`release`](Membership::release);
    /// [`NotEntered`](MembershipError::NotEntered) for a command before the first decision;
    /// [`OtherGrades`](MembershipError::OtherGrades) for a command on a membership in other grades.
    pub fn apply(&self, before: Option<&Membership>, event: &Event) -> Result<(Membership, Transition), MembershipError> {
        let entered = || {
            let membership = before.ok_or(MembershipError::NotEntered)?;
            self.check(membership).map(|()| membership)
        };
        match event {
            Event::Decided { entry, keep } => self.advance(before, entry, keep.as_ref()),
            Event::Held(hold) => entered()?.hold(hold.clone()),
            Event::Released(release) => entered()?.release(release.clone()),
        }
    }

    /// All steps that events make, in their order: the membership at the end, equal to the stored one, and every transition on the way.
    /// Start from `None`, or from a membership that an earlier policy left.
    ///
    /// # Errors
    /// The first event that cannot be applied, as [`Event`](MembershipError::Event); [`NothingToReplay`](MembershipError::NothingToReplay)
    /// for no events and no membership.
    #[doc(alias = "重放")]
    pub fn replay<'a>(
        &self,
        from: Option<&Membership>,
        events: impl IntoIterator<Item = &'a Event>,
    ) -> Result<(Membership, Vec<Transition>), MembershipError> {
        let mut membership = from.cloned();
        let mut transitions = Vec::new();
        for (at, event) in events.into_iter().enumerate() {
            let step = self.apply(membership.as_ref(), event);
            let (after, transition) = step.map_err(|why| MembershipError::Event { at, why: Box::new(why) })?;
            membership = Some(after);
            transitions.push(transition);
        }
        Ok((membership.ok_or(MembershipError::NothingToReplay)?, transitions))
    }
}
