use super::{ProfileError, Statement};
use crate::{
    calendar::days_between,
    customer::party::PartyKind,
    quantity::{Fact, Name, Quantity, Unit},
};
use alloc::{
    boxed::Box,
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use chrono::NaiveDate;
use core::cmp::Reverse;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The parts of a customer's file.
#[doc(alias = "信息分类")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Area {
    /// Who they are, without saying who: region, occupation, age band (基本信息).
    #[doc(alias = "基本信息")]
    Basic,
    /// What they own, of ours and of others' (已购产品).
    #[doc(alias = "已购产品")]
    Holdings,
    /// What they would rather have (偏好).
    #[doc(alias = "偏好")]
    Preferences,
    /// What they do (行为习惯).
    #[doc(alias = "行为习惯")]
    Habits,
    /// How they stand with money: income band, risk tolerance (财务状况).
    #[doc(alias = "财务状况")]
    Financial,
    /// How they pay (信用).
    #[doc(alias = "信用度")]
    Credit,
}

/// What a fact can be. There is no free text: what is not a number comes from a list, so nobody's name becomes a fact.
///
/// On the wire: `{"measured":"count"}`, `{"levels":["low","high"]}`, `{"one-of":["华南","华东"]}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A number in this unit, but for levels.
    Measured(Unit),
    /// A level: one of 2 to 100 names, the worst first.
    Levels(Vec<Name>),
    /// One of these names, in no order.
    OneOf(Vec<Name>),
}

/// Which of several statements counts. A tie between statements that differ is an error, never decided by their order.
///
/// On the wire: `"newest"`, `"surest"`, `{"ranked":["bank statement","questionnaire"]}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Resolution {
    /// The newest; of one day, the surest. One that does not say how sure it is comes last.
    #[default]
    Newest,
    /// The surest; of equally sure ones, the newest.
    Surest,
    /// By evidence, the best first; what is not listed comes last. Of the same evidence, the newest, then the surest.
    Ranked(Vec<Name>),
}

/// One fact that can be known: what it is, of whom, for how long, and whom to believe.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its name: the dimension or attribute under which models read it.
    pub name: Name,
    /// The part of the file it belongs to.
    pub area: Area,
    /// What it can be.
    pub kind: Kind,
    /// The kinds of party that have it. For the others it does not apply.
    pub parties: BTreeSet<PartyKind>,
    /// After how many days it has to be found out anew; never if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fresh_days: Option<u32>,
    /// Which of several statements counts.
    #[serde(default)]
    pub resolution: Resolution,
}

impl Entry {
    /// A fact of all kinds of party, which does not grow old, and of which the newest statement counts.
    pub fn new(name: Name, area: Area, kind: Kind) -> Entry {
        Entry { name, area, kind, parties: PartyKind::ALL.into(), fresh_days: None, resolution: Resolution::Newest }
    }

    fn check(&self) -> Result<(), ProfileError> {
        let (ranked, listed) = (
            if let Resolution::Ranked(list) = &self.resolution { Some(list) } else { None },
            match &self.kind {
                Kind::Measured(_) => None,
                Kind::Levels(list) | Kind::OneOf(list) => Some(list),
            },
        );
        for list in [ranked, listed].into_iter().flatten() {
            let mut seen = BTreeSet::new();
            if let Some(twice) = list.iter().find(|name| !seen.insert(*name)) {
                return Err(ProfileError::Twice(twice.clone()));
            }
        }
        let good = match &self.kind {
            Kind::Measured(unit) => *unit != Unit::Level,
            Kind::Levels(list) => (2..=100).contains(&list.len()),
            Kind::OneOf(list) => !list.is_empty(),
        };
        if !good || ranked.is_some_and(Vec::is_empty) {
            return Err(ProfileError::BadList(self.name.clone()));
        }
        if self.parties.is_empty() { Err(ProfileError::ForNobody(self.name.clone())) } else { Ok(()) }
    }

    /// Whether a fact is of that kind. What does not apply is of any.
    fn takes(&self, fact: &Fact) -> bool {
        match (&self.kind, fact) {
            (_, Fact::NotApplicable) => true,
            (Kind::Measured(unit), Fact::Known(quantity)) => {
                let counted = matches!(unit, Unit::Days | Unit::Count);
                quantity.unit == *unit && (!counted || (quantity.value.is_integer() && quantity.value >= Decimal::ZERO))
            }
            (Kind::Levels(list), Fact::Known(quantity)) => {
                let place = u8::try_from(quantity.value).ok().filter(|_| quantity.value.is_integer());
                quantity.unit == Unit::Level && place.is_some_and(|place| (1..=list.len()).contains(&place.into()))
            }
            (Kind::Levels(list) | Kind::OneOf(list), Fact::Named(name)) => list.contains(name),
            _ => false,
        }
    }

    /// A level is the same, said as a name or as a place on the list.
    fn meaning(&self, fact: &Fact) -> Fact {
        let (Kind::Levels(list), Fact::Named(name)) = (&self.kind, fact) else { return fact.clone() };
        let place = list.iter().position(|level| level == name).and_then(|at| u8::try_from(at + 1).ok());
        place.map_or_else(|| fact.clone(), |place| Fact::Known(Quantity { value: place.into(), unit: Unit::Level }))
    }

    /// Whether a statement may still be used on a day on which it was known.
    pub(super) fn is_fresh(&self, statement: &Statement, day: NaiveDate) -> bool {
        self.fresh_days.is_none_or(|days| days_between(statement.source.on(), day) <= days)
    }

    /// The statement that counts.
    pub(super) fn resolve<'a>(
        &self,
        mut statements: impl Iterator<Item = &'a Statement> + Clone,
    ) -> Result<Option<&'a Statement>, ProfileError> {
        let rank = |s: &Statement| {
            let (on, sure) = (s.source.on(), s.source.confidence());
            match &self.resolution {
                Resolution::Newest => (None, Some(on), sure, None),
                Resolution::Surest => (None, None, sure, Some(on)),
                Resolution::Ranked(list) => {
                    let place = list.iter().position(|evidence| evidence == s.source.evidence()).unwrap_or(list.len());
                    (Some(Reverse(place)), Some(on), sure, None)
                }
            }
        };
        let Some(best) = statements.clone().max_by_key(|s| rank(s)) else { return Ok(None) };
        match statements.find(|s| rank(s) == rank(best) && self.meaning(&s.fact) != self.meaning(&best.fact)) {
            Some(other) => {
                let (one, other) = (Box::new(other.source.clone()), Box::new(best.source.clone()));
                Err(ProfileError::Contradiction { fact: self.name.clone(), one, other })
            }
            None => Ok(Some(best)),
        }
    }
}

/// The facts that can be known of customers: what is not in the catalogue is not collected.
///
/// ```
/// use customer_value::{
///     customer::{
///         party::PartyKind,
///         profile::{Area, Catalogue, Entry, Kind, Profile, Statement},
///     },
///     quantity::{Fact, Name, Quantity, Source, Unit},
/// };
///
/// let shops = Entry::new(Name::new("shops")?, Area::Basic, Kind::Measured(Unit::Count));
/// let catalogue = Catalogue::new([Entry { parties: [PartyKind::Company].into(), fresh_days: Some(365), ..shops }])?;
///
/// let source = Source::new(Name::new("visit report")?, "2024-02-01".parse()?, None)?;
/// let mut profile = Profile::new();
/// profile.push(Name::new("shops")?, Statement { fact: Quantity::count(4).into(), source })?;
///
/// let on = |day: &str| Ok::<_, Box<dyn core::error::Error>>(catalogue.snapshot(&profile, PartyKind::Company, day.parse()?)?);
/// assert_eq!(on("2024-06-30")?.fact("shops"), Fact::Known(Quantity::count(4)));
/// assert_eq!(on("2025-06-30")?.fact("shops"), Fact::Unknown); // too long ago
/// assert_eq!(catalogue.snapshot(&Profile::new(), PartyKind::Consumer, "2024-06-30".parse()?)?.fact("shops"), Fact::NotApplicable);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "信息目录")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<Entry>", into = "Vec<Entry>")]
pub struct Catalogue(BTreeMap<Name, Entry>);

impl Catalogue {
    /// A catalogue of these facts.
    ///
    /// # Errors
    /// [`Twice`](ProfileError::Twice) for a fact, or a name of its lists, that comes twice; [`BadList`](ProfileError::BadList) for one
    /// level, and for a unit of [`Unit::Level`]; [`ForNobody`](ProfileError::ForNobody) without a kind of party.
    pub fn new(entries: impl IntoIterator<Item = Entry>) -> Result<Catalogue, ProfileError> {
        let mut catalogue = Catalogue(BTreeMap::new());
        for entry in entries {
            entry.check()?;
            if let Some(twice) = catalogue.0.insert(entry.name.clone(), entry) {
                return Err(ProfileError::Twice(twice.name));
            }
        }
        Ok(catalogue)
    }

    /// The facts, in order of name.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = &Entry> {
        self.0.values()
    }

    /// One of them.
    pub fn get(&self, fact: &str) -> Option<&Entry> {
        self.0.get(fact)
    }

    /// Checks that something can be stated of a party of that kind.
    ///
    /// # Errors
    /// [`NotInCatalogue`](ProfileError::NotInCatalogue), [`DoesNotFit`](ProfileError::DoesNotFit) for days where a count is asked for
    /// and for a name that is not on the list, [`NotFor`](ProfileError::NotFor) for the industry of a consumer,
    /// [`NothingStated`](ProfileError::NothingStated) for what is unknown or erased.
    pub fn check(&self, fact: &Name, stated: &Fact, kind: PartyKind) -> Result<(), ProfileError> {
        self.check_for(fact, stated, Some(kind))
    }

    /// The same; of a party of unknown kind everything can be stated.
    pub(in crate::customer) fn check_for(&self, fact: &Name, stated: &Fact, kind: Option<PartyKind>) -> Result<(), ProfileError> {
        let entry = self.get(fact).ok_or_else(|| ProfileError::NotInCatalogue(fact.clone()))?;
        if matches!(stated, Fact::Unknown | Fact::Erased) {
            return Err(ProfileError::NothingStated(fact.clone()));
        }
        if !entry.takes(stated) {
            return Err(ProfileError::DoesNotFit(fact.clone()));
        }
        match kind {
            Some(kind) if !entry.parties.contains(&kind) && *stated != Fact::NotApplicable => {
                Err(ProfileError::NotFor { fact: fact.clone(), kind })
            }
            _ => Ok(()),
        }
    }
}

impl TryFrom<Vec<Entry>> for Catalogue {
    type Error = ProfileError;

    fn try_from(entries: Vec<Entry>) -> Result<Catalogue, ProfileError> {
        Catalogue::new(entries)
    }
}

impl From<Catalogue> for Vec<Entry> {
    fn from(catalogue: Catalogue) -> Vec<Entry> {
        catalogue.0.into_values().collect()
    }
}
