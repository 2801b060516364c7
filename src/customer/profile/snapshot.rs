use super::{Area, Catalogue, Profile, ProfileError};
use crate::{
    calendar::days_between,
    customer::party::PartyKind,
    money::Ratio,
    quantity::{Fact, Name, Source},
};
use alloc::collections::BTreeMap;
use chrono::NaiveDate;

/// How a fact stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Known, and fresh.
    Known,
    /// Stated once, too long ago.
    Stale,
    /// Never stated.
    Unknown,
    /// It cannot exist for this customer.
    NotApplicable,
    /// Erased.
    Erased,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Held {
    area: Area,
    standing: Standing,
    fact: Fact,
    source: Option<Source>,
}

/// What can be taken for known of a customer at the close of a day: one fact for every entry of the catalogue, with its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    on: NaiveDate,
    held: BTreeMap<Name, Held>,
}

/// How much of what could be known is known (数据质量).
#[doc(alias = "数据质量")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Coverage {
    /// Known, and fresh.
    pub known: u32,
    /// Stated once, too long ago.
    pub stale: u32,
    /// Never stated.
    pub unknown: u32,
    /// Cannot exist for this customer.
    pub not_applicable: u32,
    /// Erased.
    pub erased: u32,
}

impl Coverage {
    /// The known part of what applies, stale, unknown and erased facts counted as not known; `None` if nothing applies.
    pub fn share(&self) -> Option<Ratio> {
        let applies = [self.known, self.stale, self.unknown, self.erased].map(i128::from).iter().sum();
        Ratio::new(self.known.into(), applies).ok()
    }
}

impl Catalogue {
    /// What a profile says of a party of that kind at the close of a day: of every fact the statement that counts, of those made by then
    /// that are still fresh.
    ///
    /// # Errors
    /// As [`check`](Catalogue::check), for whatever the profile has; [`Contradiction`](ProfileError::Contradiction) where statements of
    /// equal rank differ.
    pub fn snapshot(&self, profile: &Profile, kind: PartyKind, day: NaiveDate) -> Result<Snapshot, ProfileError> {
        self.read(profile, Some(kind), day, Standing::Unknown)
    }

    /// The same; `absent` is how a fact stands of which nothing was stated.
    pub(in crate::customer) fn read(
        &self,
        profile: &Profile,
        kind: Option<PartyKind>,
        day: NaiveDate,
        absent: Standing,
    ) -> Result<Snapshot, ProfileError> {
        for name in profile.facts() {
            profile.of(name).iter().try_for_each(|statement| self.check_for(name, &statement.fact, kind))?;
        }
        let mut held = BTreeMap::new();
        for entry in self.entries() {
            let made = profile.of(&entry.name).iter().filter(|statement| statement.source.on() <= day);
            let found = entry.resolve(made.clone().filter(|statement| entry.is_fresh(statement, day)))?;
            let applies = kind.is_none_or(|kind| entry.parties.contains(&kind));
            let (standing, fact) = match found {
                Some(statement) if statement.fact == Fact::NotApplicable => (Standing::NotApplicable, Fact::NotApplicable),
                Some(statement) => (Standing::Known, statement.fact.clone()),
                None if !applies => (Standing::NotApplicable, Fact::NotApplicable),
                None if made.count() > 0 => (Standing::Stale, Fact::Unknown),
                None if absent == Standing::Erased => (Standing::Erased, Fact::Erased),
                None => (Standing::Unknown, Fact::Unknown),
            };
            let source = found.map(|statement| statement.source.clone());
            held.insert(entry.name.clone(), Held { area: entry.area, standing, fact, source });
        }
        Ok(Snapshot { on: day, held })
    }
}

impl Snapshot {
    /// The day at whose close it holds.
    pub const fn on(&self) -> NaiveDate {
        self.on
    }

    /// A fact; [`Fact::Unknown`] for what is not in the catalogue.
    pub fn fact(&self, name: &str) -> Fact {
        self.held.get(name).map_or(Fact::Unknown, |held| held.fact.clone())
    }

    /// Where a fact comes from, if it is known.
    pub fn source(&self, name: &str) -> Option<&Source> {
        self.held.get(name)?.source.as_ref()
    }

    /// How a fact stands; `None` for what is not in the catalogue.
    pub fn standing(&self, name: &str) -> Option<Standing> {
        self.held.get(name).map(|held| held.standing)
    }

    /// How many days ago a fact was found, if it is known.
    pub fn age(&self, name: &str) -> Option<u32> {
        self.source(name).map(|source| days_between(source.on(), self.on))
    }

    /// The facts, in order of name.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Name, &Fact, Option<&Source>)> {
        self.held.iter().map(|(name, held)| (name, &held.fact, held.source.as_ref()))
    }

    /// How much is known, of one area or of all.
    pub fn coverage(&self, area: Option<Area>) -> Coverage {
        let mut coverage = Coverage::default();
        for held in self.held.values().filter(|held| area.is_none_or(|area| area == held.area)) {
            let count = match held.standing {
                Standing::Known => &mut coverage.known,
                Standing::Stale => &mut coverage.stale,
                Standing::Unknown => &mut coverage.unknown,
                Standing::NotApplicable => &mut coverage.not_applicable,
                Standing::Erased => &mut coverage.erased,
            };
            *count = count.saturating_add(1);
        }
        coverage
    }
}
