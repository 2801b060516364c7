use super::{Carry, Hold, Membership, MembershipError, Policy, Release, Transition};
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
    /// A change of the grades; the next policy is followed from here on.
    Carried(Carry),
}

impl Policy {
    /// The step that an event makes.
    ///
    /// # Errors
    /// Those of [`advance`](Policy::advance), [`hold`](Membership::hold), [`release`](Membership::release) and
    /// [`carry`](Membership::carry); [`NotEntered`](MembershipError::NotEntered) for anything else before the first decision;
    /// [`OtherGrades`](MembershipError::OtherGrades) for a command on a membership in other grades, or a carrying to others.
    pub fn apply(&self, before: Option<&Membership>, event: &Event) -> Result<(Membership, Transition), MembershipError> {
        let entered = || {
            let membership = before.ok_or(MembershipError::NotEntered)?;
            self.check(membership).map(|()| membership)
        };
        match event {
            Event::Decided { entry, keep } => self.advance(before, entry, keep.as_ref()),
            Event::Held(hold) => entered()?.hold(hold.clone()),
            Event::Released(release) => entered()?.release(release.clone()),
            Event::Carried(carry) if carry.to == *self.grades() => before.ok_or(MembershipError::NotEntered)?.carry(carry.clone()),
            Event::Carried(carry) => {
                Err(MembershipError::OtherGrades { membership: carry.to.clone(), policy: self.grades().clone() })
            }
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
        Membership::replay(&[self], from, events)
    }
}

impl Membership {
    /// All steps that events make under one policy after another: the first until the membership is [carried](Membership::carry) to
    /// other grades, the second until it is carried again, and so on. One log then covers a change of strategy.
    ///
    /// # Errors
    /// Those of [`Policy::replay`]: event 7 with [`OtherGrades`](MembershipError::OtherGrades) if it carries to other grades than the
    /// next policy's, or there is no next one; [`NothingToReplay`](MembershipError::NothingToReplay) for no policy, too.
    pub fn replay<'a>(
        policies: &[&Policy],
        from: Option<&Membership>,
        events: impl IntoIterator<Item = &'a Event>,
    ) -> Result<(Membership, Vec<Transition>), MembershipError> {
        let Some((first, rest)) = policies.split_first() else { return Err(MembershipError::NothingToReplay) };
        let (mut policy, mut rest) = (*first, rest.iter());
        let mut membership = from.cloned();
        let mut transitions = Vec::new();
        for (at, event) in events.into_iter().enumerate() {
            // The same carrying once more leads nowhere else.
            if matches!(event, Event::Carried(carry) if carry.to != *policy.grades()) {
                policy = rest.next().copied().unwrap_or(policy);
            }
            let step = policy.apply(membership.as_ref(), event);
            let (after, transition) = step.map_err(|why| MembershipError::Event { at, why: Box::new(why) })?;
            membership = Some(after);
            transitions.push(transition);
        }
        Ok((membership.ok_or(MembershipError::NothingToReplay)?, transitions))
    }
}
