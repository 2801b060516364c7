use super::Basket;
use crate::{calendar::Moment, quantity::Name};
use alloc::collections::BTreeSet;
use core::{fmt, num::NonZeroU32};
use serde::{Deserialize, Serialize};

/// Something that happened and may earn points.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Occurrence {
    /// A sale.
    Purchase(Basket),
    /// A deed that is no purchase: a review, a visit, 12 kilometres walked.
    Activity {
        /// What was done.
        activity: Name,
        /// When.
        at: Moment,
        /// How many of it.
        units: NonZeroU32,
        /// Its labels: channel, store.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        labels: BTreeSet<Name>,
    },
    /// A day in the customer's life that is due: the birthday, the anniversary of joining.
    Occasion {
        /// Which.
        occasion: Name,
        /// When it is granted.
        at: Moment,
    },
    /// A referral that came about.
    Referral {
        /// Whose side of it.
        side: Side,
        /// When.
        at: Moment,
    },
}

/// Who of the two gets the points of a referral.
#[doc(alias = "推荐")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Side {
    /// Who recommended.
    Referrer,
    /// Who came.
    Referee,
}

/// What a rule waits for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Trigger {
    /// Any [purchase](Occurrence::Purchase).
    Purchase,
    /// An [activity](Occurrence::Activity) of that name.
    Activity(Name),
    /// An [occasion](Occurrence::Occasion) of that name.
    Occasion(Name),
    /// A side of a [referral](Occurrence::Referral).
    Referral {
        /// Which side.
        side: Side,
    },
}

impl Occurrence {
    /// When it happened.
    pub const fn at(&self) -> Moment {
        match self {
            Occurrence::Purchase(basket) => basket.sold(),
            Occurrence::Activity { at, .. } | Occurrence::Occasion { at, .. } | Occurrence::Referral { at, .. } => *at,
        }
    }

    /// The sale, if it is one.
    pub const fn basket(&self) -> Option<&Basket> {
        if let Occurrence::Purchase(basket) = self { Some(basket) } else { None }
    }

    pub(super) fn labels(&self) -> Option<&BTreeSet<Name>> {
        match self {
            Occurrence::Purchase(basket) => Some(basket.labels()),
            Occurrence::Activity { labels, .. } => Some(labels),
            Occurrence::Occasion { .. } | Occurrence::Referral { .. } => None,
        }
    }

    /// Of what there is one or more: of an occasion and a referral, one.
    pub(super) const fn units(&self) -> NonZeroU32 {
        if let Occurrence::Activity { units, .. } = self { *units } else { NonZeroU32::MIN }
    }
}

impl Trigger {
    /// Whether a rule with this trigger looks at the occurrence.
    pub fn fits(&self, occurrence: &Occurrence) -> bool {
        match (self, occurrence) {
            (Trigger::Purchase, Occurrence::Purchase(_)) => true,
            (Trigger::Activity(name), Occurrence::Activity { activity, .. }) => name == activity,
            (Trigger::Occasion(name), Occurrence::Occasion { occasion, .. }) => name == occasion,
            (Trigger::Referral { side }, Occurrence::Referral { side: found, .. }) => side == found,
            _ => false,
        }
    }
}

impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trigger::Purchase => f.write_str("a purchase"),
            Trigger::Activity(name) => write!(f, "the activity {name:?}"),
            Trigger::Occasion(name) => write!(f, "the occasion {name:?}"),
            Trigger::Referral { side: Side::Referrer } => f.write_str("a referral, by the referrer"),
            Trigger::Referral { side: Side::Referee } => f.write_str("a referral, by the referee"),
        }
    }
}
