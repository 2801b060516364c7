use super::{Grade, GradeSet, TierError};
use crate::quantity::Name;
use alloc::vec::Vec;
use core::fmt;
use serde::{Deserialize, Serialize};

/// What we do for the customers of each grade. Every grade has a treatment, and no two are alike: a grade that is not treated
/// differently is not a grade.
///
/// On the wire: `[{"grade":"A","treatment":{"name":"key account","actions":[{"lever":"service","what":"a named account manager"}]}},…]`,
/// best grade first.
///
/// ```
/// use customer_value::{quantity::Name, tier::{Action, Lever, Playbook, TierError, Treatment}};
///
/// let treat = |name, lever, what| Ok::<_, TierError>(
///     Treatment { name: Name::new(name)?, actions: vec![Action { lever, what: Name::new(what)? }] });
/// let book = Playbook::new(vec![
///     (Name::new("A")?, treat("key account", Lever::Service, "a named account manager")?),
///     (Name::new("B")?, treat("standard", Lever::Service, "web shop and call centre")?),
/// ])?;
/// let a = book.grades().grade("A").unwrap();
/// assert_eq!(book.treatment(a).unwrap().name, "key account");
/// # Ok::<(), TierError>(())
/// ```
#[doc(alias = "客户策略")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<Page>", into = "Vec<Page>")]
pub struct Playbook {
    grades: GradeSet,
    treatments: Vec<Treatment>,
}

/// What is done for the customers of a grade.
#[doc(alias = "差异化服务")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Treatment {
    /// What it is called.
    pub name: Name,
    /// What is done, at least one thing. To do what everybody gets is an action too.
    pub actions: Vec<Action>,
}

/// One thing that is done.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// With which lever.
    pub lever: Lever,
    /// What it is.
    pub what: Name,
}

/// With what a company can treat customers differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lever {
    /// Price and terms (价格).
    Price,
    /// Product and quality (产品品质).
    Product,
    /// Service (服务).
    Service,
    /// Policy: returns, credit, priority (政策).
    Policy,
    /// Campaigns (营销活动).
    #[doc(alias = "营销活动")]
    Campaign,
    /// The channel through which the customer is reached (渠道).
    #[doc(alias = "渠道")]
    Channel,
}

impl Playbook {
    /// A playbook from grades, best first, and their treatments.
    ///
    /// # Errors
    /// The errors of [`GradeSet::new`]; [`NoAction`](TierError::NoAction) for a treatment without actions;
    /// [`TreatedAlike`](TierError::TreatedAlike) for two grades with the same actions, whatever the treatments are called.
    pub fn new(best_first: Vec<(Name, Treatment)>) -> Result<Playbook, TierError> {
        let (names, treatments): (Vec<Name>, Vec<Treatment>) = best_first.into_iter().unzip();
        let grades = GradeSet::new(names)?;
        let mut actions: Vec<Vec<&Action>> = Vec::new();
        for (at, (grade, treatment)) in grades.best_first().iter().zip(&treatments).enumerate() {
            if treatment.actions.is_empty() {
                return Err(TierError::NoAction(grade.name().clone()));
            }
            let mut sorted: Vec<&Action> = treatment.actions.iter().collect();
            sorted.sort_unstable();
            sorted.dedup();
            if let Some(first) = actions[..at].iter().position(|earlier| *earlier == sorted) {
                let first = grades.best_first()[first].name().clone();
                return Err(TierError::TreatedAlike { first, second: grade.name().clone() });
            }
            actions.push(sorted);
        }
        Ok(Playbook { grades, treatments })
    }

    /// The grades it has treatments for.
    pub const fn grades(&self) -> &GradeSet {
        &self.grades
    }

    /// Checks that it covers the grades of a model: the same ones, in the same order.
    ///
    /// # Errors
    /// [`LeftOut`](TierError::LeftOut) for a grade without a treatment; [`UnknownGrade`](TierError::UnknownGrade) for one too many or in
    /// another place.
    pub fn covers(&self, grades: &GradeSet) -> Result<(), TierError> {
        if let Some(grade) = grades.best_first().iter().find(|g| self.grades.grade(g.name()).is_none()) {
            return Err(TierError::LeftOut(grade.name().clone()));
        }
        match self.grades.best_first().iter().find(|g| !grades.best_first().contains(g)) {
            Some(grade) => Err(TierError::UnknownGrade(grade.name().clone())),
            None => Ok(()),
        }
    }

    /// The treatment of a grade; `None` only for a grade of another set.
    pub fn treatment(&self, grade: &Grade) -> Option<&Treatment> {
        let at = self.grades.best_first().iter().position(|g| g == grade)?;
        self.treatments.get(at)
    }

    /// Grades and treatments, best first.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Grade, &Treatment)> {
        self.grades.best_first().iter().zip(&self.treatments)
    }
}

impl fmt::Display for Lever {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Lever::Price => "price",
            Lever::Product => "product",
            Lever::Service => "service",
            Lever::Policy => "policy",
            Lever::Campaign => "campaign",
            Lever::Channel => "channel",
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    grade: Name,
    treatment: Treatment,
}

impl TryFrom<Vec<Page>> for Playbook {
    type Error = TierError;

    fn try_from(pages: Vec<Page>) -> Result<Playbook, TierError> {
        Playbook::new(pages.into_iter().map(|p| (p.grade, p.treatment)).collect())
    }
}

impl From<Playbook> for Vec<Page> {
    fn from(book: Playbook) -> Vec<Page> {
        let names: Vec<Name> = book.grades.into();
        names.into_iter().zip(book.treatments).map(|(grade, treatment)| Page { grade, treatment }).collect()
    }
}
