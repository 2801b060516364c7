use super::{Action, Treatment, TreatmentError};
use crate::{
    money::MoneyError,
    quantity::Name,
    reason::{ModelId, fingerprint},
    tier::{Grade, GradeSet},
};
use alloc::vec::Vec;
use core::fmt;
use serde::{Deserialize, Serialize};

const MOST_STAGES: usize = 20;

/// What we do for the customers of each grade, and of each stage of the life cycle if there are stages. Every grade has a treatment, and
/// no two are alike: a grade that is not treated differently is not a grade.
///
/// On the wire: `{"name":"2024","grades":["A","B"],"stages":["new","regular"],"pages":[{"grade":"A","stage":"new","treatment":{…}},…]}`;
/// without stages, `stages` and `stage` are left out.
///
/// ```
/// use customer_value::{quantity::Name, tier::treatment::{Action, Lever, Playbook, Treatment, TreatmentError}};
///
/// let treat = |name, what| Ok::<_, TreatmentError>(Treatment::new(Name::new(name)?, vec![Action::new(Lever::Service, what)?]));
/// let book = Playbook::new(Name::new("2024")?, vec![
///     (Name::new("A")?, treat("key account", "a named account manager")?),
///     (Name::new("B")?, treat("standard", "web shop and call centre")?),
/// ])?;
/// let a = book.grades().grade("A").unwrap();
/// assert_eq!(book.treatment(a, None).unwrap().name, "key account");
/// # Ok::<(), TreatmentError>(())
/// ```
#[doc(alias = "客户策略")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Playbook {
    id: ModelId,
    grades: GradeSet,
    stages: Vec<Name>,
    /// Best grade first; within a grade, in the order of the stages.
    treatments: Vec<Treatment>,
}

/// The treatment of a grade, in a stage if the playbook has stages.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// The grade.
    pub grade: Name,
    /// The stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Name>,
    /// The treatment.
    pub treatment: Treatment,
}

impl Playbook {
    /// A playbook without stages, from grades, best first, and their treatments.
    ///
    /// # Errors
    /// The errors of [`GradeSet::new`], and those of [`with_stages`](Playbook::with_stages).
    pub fn new(name: Name, best_first: Vec<(Name, Treatment)>) -> Result<Playbook, TreatmentError> {
        let grades = GradeSet::new(best_first.iter().map(|(grade, _)| grade.clone()).collect())?;
        let pages = best_first.into_iter().map(|(grade, treatment)| Page { grade, stage: None, treatment }).collect();
        Playbook::with_stages(name, grades, Vec::new(), pages)
    }

    /// A playbook with a page for every grade in every stage, in any order; for every grade if there are no stages.
    ///
    /// # Errors
    /// [`Twice`](TreatmentError::Twice) for a stage that comes twice; [`TooManyStages`](TreatmentError::TooManyStages) for 21;
    /// [`TwoTreatments`](TreatmentError::TwoTreatments) for two pages of one grade and stage;
    /// [`LeftOut`](TreatmentError::LeftOut), [`UnknownGrade`](TreatmentError::UnknownGrade) and
    /// [`UnknownStage`](TreatmentError::UnknownStage) for pages that do not fit the grades and stages;
    /// [`NoAction`](TreatmentError::NoAction) for a treatment without actions; [`TreatedAlike`](TreatmentError::TreatedAlike) for two
    /// grades with the same actions and levels of service in all stages, whatever the treatments are called or cost;
    /// [`ServiceInverted`](TreatmentError::ServiceInverted) for premium service below standard;
    /// [`NegativeCost`](TreatmentError::NegativeCost), and [`Money`](TreatmentError::Money) for costs in two currencies.
    pub fn with_stages(name: Name, grades: GradeSet, stages: Vec<Name>, pages: Vec<Page>) -> Result<Playbook, TreatmentError> {
        if stages.len() > MOST_STAGES {
            return Err(TreatmentError::TooManyStages(stages.len()));
        }
        if let Some((_, twice)) = stages.iter().enumerate().find(|(at, stage)| stages[..*at].contains(stage)) {
            return Err(TreatmentError::Twice(twice.clone()));
        }
        let id = ModelId { name, fingerprint: 0 };
        let mut book = Playbook { id, grades, stages, treatments: Vec::new() };
        let mut slots: Vec<Option<Treatment>> = alloc::vec![None; book.grades.best_first().len() * book.stages.len().max(1)];
        for Page { grade, stage, treatment } in pages {
            let known = book.grades.grade(&grade).ok_or_else(|| TreatmentError::UnknownGrade(grade.clone()))?;
            let at = book.position(known, stage.as_ref())?;
            if treatment.actions.is_empty() {
                return Err(TreatmentError::NoAction(grade));
            }
            match slots.get_mut(at) {
                Some(slot @ None) => *slot = Some(treatment),
                _ => return Err(TreatmentError::TwoTreatments { grade, stage }),
            }
        }
        let fill = |(slot, (grade, stage)): (Option<Treatment>, (&Grade, Option<&Name>))| {
            slot.ok_or_else(|| TreatmentError::LeftOut { grade: grade.name().clone(), stage: stage.cloned() })
        };
        book.treatments = slots.into_iter().zip(book.keys()).map(fill).collect::<Result<_, _>>()?;
        book.check_costs()?;
        book.check_grades()?;
        book.id.fingerprint = fingerprint(&book);
        Ok(book)
    }

    fn check_costs(&self) -> Result<(), TreatmentError> {
        let mut costs = self.treatments.iter().filter_map(|t| t.yearly_cost);
        let Some(first) = costs.clone().next() else { return Ok(()) };
        let wrong = costs.find_map(|cost| match (cost.is_negative(), cost.currency() == first.currency()) {
            (true, _) => Some(TreatmentError::NegativeCost(cost)),
            (_, false) => Some(MoneyError::CurrencyMismatch { left: first.currency(), right: cost.currency() }.into()),
            _ => None,
        });
        wrong.map_or(Ok(()), Err)
    }

    /// No two grades alike, and none with a higher level of service than a better one.
    fn check_grades(&self) -> Result<(), TreatmentError> {
        for (better, worse) in self.pairs() {
            let both = || self.row(better).iter().zip(self.row(worse));
            let names = || (better.name().clone(), worse.name().clone());
            if both().all(|(a, b)| a.substance() == b.substance()) {
                let (first, second) = names();
                return Err(TreatmentError::TreatedAlike { first, second });
            }
            // A treatment without a level says nothing about service.
            if both().any(|(a, b)| a.service_level.is_some_and(|a| b.service_level.is_some_and(|b| b > a))) {
                let (better, worse) = names();
                return Err(TreatmentError::ServiceInverted { better, worse });
            }
        }
        Ok(())
    }

    /// Which playbook this is.
    pub const fn id(&self) -> &ModelId {
        &self.id
    }

    /// The grades it has treatments for.
    pub const fn grades(&self) -> &GradeSet {
        &self.grades
    }

    /// The stages it tells apart; none if it does not.
    pub fn stages(&self) -> &[Name] {
        &self.stages
    }

    /// Checks that it covers the grades of a model: the same ones, in the same order.
    ///
    /// # Errors
    /// [`LeftOut`](TreatmentError::LeftOut) for a grade without a treatment; [`UnknownGrade`](TreatmentError::UnknownGrade) for one too
    /// many or in another place.
    pub fn covers(&self, grades: &GradeSet) -> Result<(), TreatmentError> {
        if let Some(grade) = grades.best_first().iter().find(|g| self.grades.grade(g.name()).is_none()) {
            return Err(TreatmentError::LeftOut { grade: grade.name().clone(), stage: None });
        }
        match self.grades.best_first().iter().find(|g| !grades.best_first().contains(g)) {
            Some(grade) => Err(TreatmentError::UnknownGrade(grade.name().clone())),
            None => Ok(()),
        }
    }

    /// The treatment of a grade in a stage; `None` as stage for a playbook without stages.
    ///
    /// # Errors
    /// [`UnknownGrade`](TreatmentError::UnknownGrade) for a grade of another set; [`UnknownStage`](TreatmentError::UnknownStage) for a
    /// stage that the playbook does not have, or for none where it has stages.
    pub fn treatment(&self, grade: &Grade, stage: Option<&Name>) -> Result<&Treatment, TreatmentError> {
        let at = self.position(grade, stage)?;
        self.treatments.get(at).ok_or_else(|| TreatmentError::UnknownGrade(grade.name().clone()))
    }

    /// Grades, stages and treatments: best grade first, in the order of the stages.
    pub fn iter(&self) -> impl Iterator<Item = (&Grade, Option<&Name>, &Treatment)> {
        self.keys().zip(&self.treatments).map(|((grade, stage), treatment)| (grade, stage, treatment))
    }

    /// The treatments of a grade, in the order of the stages.
    pub(super) fn row(&self, grade: &Grade) -> &[Treatment] {
        let width = self.stages.len().max(1);
        let from = usize::from(grade.rank() - 1) * width;
        self.treatments.get(from..from + width).unwrap_or_default()
    }

    /// Every two grades, the better one first.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&Grade, &Grade)> {
        let grades = self.grades.best_first();
        grades.iter().enumerate().flat_map(|(at, better)| grades[at + 1..].iter().map(move |worse| (better, worse)))
    }

    /// The stages, or the one that is no stage.
    pub(super) fn columns(&self) -> impl Iterator<Item = Option<&Name>> + Clone {
        let none = self.stages.is_empty().then_some(None);
        self.stages.iter().map(Some).chain(none)
    }

    fn keys(&self) -> impl Iterator<Item = (&Grade, Option<&Name>)> {
        self.grades.best_first().iter().flat_map(|grade| self.columns().map(move |stage| (grade, stage)))
    }

    fn position(&self, grade: &Grade, stage: Option<&Name>) -> Result<usize, TreatmentError> {
        let row = self.grades.best_first().iter().position(|g| g == grade);
        let row = row.ok_or_else(|| TreatmentError::UnknownGrade(grade.name().clone()))?;
        let column = self.columns().position(|s| s == stage).ok_or_else(|| TreatmentError::UnknownStage(stage.cloned()))?;
        Ok(row * self.stages.len().max(1) + column)
    }
}

/// The playbook whole, one treatment a line: what its fingerprint is taken of.
impl fmt::Display for Playbook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "playbook {:?}", self.id.name)?;
        writeln!(f, "grades {}", self.grades)?;
        for (grade, stage, treatment) in self.iter() {
            write!(f, "  {:?}", grade.name())?;
            if let Some(stage) = stage {
                write!(f, " in {stage:?}")?;
            }
            write!(f, ": {:?}", treatment.name)?;
            if let Some(level) = treatment.service_level {
                write!(f, ", {level} service")?;
            }
            if let Some(cost) = treatment.yearly_cost {
                write!(f, ", {cost} a year")?;
            }
            for Action { lever, what } in &treatment.actions {
                write!(f, "; {lever} {what:?}")?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Playbook")]
struct Wire {
    name: Name,
    grades: GradeSet,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    stages: Vec<Name>,
    pages: Vec<Page>,
}

impl TryFrom<Wire> for Playbook {
    type Error = TreatmentError;

    fn try_from(wire: Wire) -> Result<Playbook, TreatmentError> {
        Playbook::with_stages(wire.name, wire.grades, wire.stages, wire.pages)
    }
}

impl From<Playbook> for Wire {
    fn from(book: Playbook) -> Wire {
        let page = |(grade, stage, treatment): (&Grade, Option<&Name>, &Treatment)| Page {
            grade: grade.name().clone(),
            stage: stage.cloned(),
            treatment: treatment.clone(),
        };
        let pages = book.iter().map(page).collect();
        Wire { name: book.id.name, grades: book.grades, stages: book.stages, pages }
    }
}
