use super::{Evidence, StageError, StageKind, route::Routes};
use crate::{
    customer::Purchases,
    quantity::{Name, NameError, Predicate},
    reason::{Decision, ModelId, Unsound, fingerprint},
    score::facts_read,
    tier::{
        membership::Confirmation,
        segments::{Attribute, Bases, Belonging, Segment, Segmentation},
    },
    value::{Dimension, Facts},
};
use alloc::vec::Vec;
use chrono::NaiveDate;
use core::fmt;
use serde::{Deserialize, Serialize};

/// A stage of the life cycle: what kind it is of, which evidence it takes, where it may lead, and how often it must be seen.
#[doc(alias = "生命周期阶段")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// What it is called.
    pub name: Name,
    /// What kind it is of.
    pub kind: StageKind,
    /// The evidence rule; none for the end of the relationship, which is closed by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Predicate>,
    /// The stages that may follow, in no particular order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leads_to: Vec<Name>,
    /// What a move to this stage takes.
    #[serde(default = "at_once", skip_serializing_if = "is_at_once")]
    pub confirmation: Confirmation,
}

const fn at_once() -> Confirmation {
    Confirmation::AT_ONCE
}

// serde passes the field by reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_at_once(confirmation: &Confirmation) -> bool {
    *confirmation == Confirmation::AT_ONCE
}

impl Stage {
    /// A stage that a rule tells, that nothing follows yet, and that is believed at once.
    ///
    /// # Errors
    /// [`NameError`] for the name `""`.
    pub fn new(name: &str, kind: StageKind, when: Predicate) -> Result<Stage, NameError> {
        Ok(Stage { when: Some(when), ..Stage::end(name, kind)? })
    }

    /// A stage without a rule: the end.
    ///
    /// # Errors
    /// [`NameError`] for the name `""`.
    pub fn end(name: &str, kind: StageKind) -> Result<Stage, NameError> {
        Ok(Stage { name: Name::new(name)?, kind, when: None, leads_to: Vec::new(), confirmation: Confirmation::AT_ONCE })
    }

    /// The stage with those that may follow.
    ///
    /// # Errors
    /// [`NameError`] for the name `""`.
    pub fn leading_to<'a>(mut self, next: impl IntoIterator<Item = &'a str>) -> Result<Stage, NameError> {
        for name in next {
            self.leads_to.push(Name::new(name)?);
        }
        Ok(self)
    }

    /// The stage with what a move to it takes.
    #[must_use]
    pub fn confirmed(self, confirmation: Confirmation) -> Stage {
        Stage { confirmation, ..self }
    }
}

/// The stages of the life cycle as data: rules that tell the stage from facts of a day, edges along which customers move, and what a move
/// takes.
///
/// The rules are a [`Segmentation`]: it is proven when the model is built that they claim every customer once, so neither their order nor
/// a priority decides. The edges are checked against the [kinds](StageKind::may_lead_to) of their stages; and where two stages have no
/// edge, the shortest way between them must be the only one of its length.
///
/// The [standard model](StageModel::standard) needs no more than purchases. Rules may look at the facts of the [`Evidence`] and at what
/// else is declared: complaints, log-ins, a contract.
///
/// ```
/// use customer_value::{
///     calendar::Window, lifecycle::stage::{Evidence, StageError, Standard, StageModel}, money::Currency, quantity::{Name, Quantity},
///     reason::Language, tier::membership::Confirmation, value::FactSheet,
/// };
///
/// let evidence = Evidence::new(Window::Days(180), 180, Currency::GBP)?;
/// let bounds = Standard { new_days: 90, fall: "0.75".parse()?, rise: "1.25".parse()?, trend: Confirmation::AT_ONCE };
/// let model = StageModel::standard(Name::new("shop")?, evidence, &bounds)?;
///
/// let facts = FactSheet::new()
///     .with("purchases", Quantity::count(9))?
///     .with("silent days", Quantity::days(180))?; // 180 days: the bound is in
/// let stage = model.infer(&facts, "2011-12-09".parse()?)?;
/// assert_eq!(stage.value.only().ok_or("open")?, &"lapsed"); // whatever the trend is, which nobody has looked at
/// let rule = "Segment \"lapsed\" (purchases is at least 1 and silent days is at least 180) applies.";
/// assert!(stage.explain(Language::English).contains(rule));
/// stage.verify()?;
/// model.replay(&stage)?;
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "生命周期管理")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct StageModel {
    id: ModelId,
    evidence: Evidence,
    /// What the rules may look at beside the evidence.
    others: Bases,
    stages: Vec<Stage>,
    rules: Segmentation,
    routes: Routes,
}

impl StageModel {
    /// A model from its evidence, what else its rules may look at, and its stages. The order of the stages orders reports and nothing else.
    ///
    /// # Errors
    /// [`BadStageCount`](StageError::BadStageCount) for 1 or 17; [`Twice`](StageError::Twice) for a stage or edge that comes twice;
    /// [`UnknownStage`](StageError::UnknownStage) for an edge to nowhere; [`BadEdge`](StageError::BadEdge) for mature to new, or growing to
    /// won back; [`TwoWays`](StageError::TwoWays); [`NoRule`](StageError::NoRule), [`RuleForTheEnd`](StageError::RuleForTheEnd);
    /// [`BadConfirmation`](StageError::BadConfirmation) for 0 observations; [`Segment`](StageError::Segment) for two rules that both
    /// claim a customer, a customer whom none claims, and rules that do not fit what is declared.
    pub fn new(name: Name, evidence: Evidence, others: Bases, stages: Vec<Stage>) -> Result<StageModel, StageError> {
        if !(2..=16).contains(&stages.len()) {
            return Err(StageError::BadStageCount(stages.len()));
        }
        for (at, stage) in stages.iter().enumerate() {
            if stages[..at].iter().any(|earlier| earlier.name == stage.name) {
                return Err(StageError::Twice(stage.name.clone()));
            }
            match (stage.kind, &stage.when) {
                (StageKind::Closed, Some(_)) => return Err(StageError::RuleForTheEnd(stage.name.clone())),
                (StageKind::Closed, None) | (_, Some(_)) => {}
                (_, None) => return Err(StageError::NoRule(stage.name.clone())),
            }
            let Confirmation { decisions, days } = stage.confirmation;
            if decisions == 0 || days > 36_525 {
                return Err(StageError::BadConfirmation(stage.name.clone()));
            }
        }
        let routes = Routes::of(&stages)?;
        let dimensions: Vec<Dimension> = evidence.dimensions()?.into_iter().chain(others.dimensions().iter().cloned()).collect();
        let bases = Bases::new(dimensions, others.attributes().to_vec())?;
        let rule = |stage: &Stage| stage.when.clone().map(|when| Segment { name: stage.name.clone(), when });
        let rules = Segmentation::new(name.clone(), bases, stages.iter().filter_map(rule).collect())?;
        let id = ModelId { name, fingerprint: 0 };
        let mut model = StageModel { id, evidence, others, stages, rules, routes };
        model.id.fingerprint = fingerprint(&model);
        Ok(model)
    }

    /// Which model this is.
    pub const fn id(&self) -> &ModelId {
        &self.id
    }

    /// What is read from purchases.
    pub const fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// What the rules may look at beside it.
    pub const fn others(&self) -> &Bases {
        &self.others
    }

    /// The stages, in the order in which they were given.
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// The stage of that name.
    pub fn stage(&self, name: &str) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.name == name)
    }

    /// The names of the stages, in their order: what a playbook or a chain takes.
    pub fn names(&self) -> Vec<Name> {
        self.stages.iter().map(|stage| stage.name.clone()).collect()
    }

    /// The stage as an attribute of that name, to segment customers by.
    pub fn attribute(&self, name: Name) -> Attribute {
        Attribute { name, values: self.names() }
    }

    /// The way from one stage to another: the stages that are passed, both ends left out. `None` if there is no way.
    pub fn way(&self, from: &str, to: &str) -> Option<Vec<Name>> {
        let at = |name: &str| self.stages.iter().position(|stage| stage.name == name);
        let passed = self.routes.between(at(from)?, at(to)?)?;
        Some(passed.iter().map(|&stage| self.stages[stage].name.clone()).collect())
    }

    /// The stage that the facts of a day speak for, or those that are possible where facts are missing. How the customer came there is
    /// not looked at: that is for [`advance`](StageModel::advance).
    ///
    /// # Errors
    /// [`Segment`](StageError::Segment) for a fact that does not fit its dimension.
    #[doc(alias = "阶段判断")]
    pub fn infer(&self, facts: &impl Facts, as_of: NaiveDate) -> Result<Decision<Belonging>, StageError> {
        Ok(Decision { model: self.id.clone(), ..self.rules.of(facts, as_of)? })
    }

    /// [`infer`](StageModel::infer) from purchases alone, as of their day. For rules that look at more, infer from
    /// `(evidence().facts(…)?, &more)`.
    ///
    /// # Errors
    /// As [`Evidence::facts`] and [`infer`](StageModel::infer).
    pub fn observe(&self, purchases: &Purchases) -> Result<Decision<Belonging>, StageError> {
        self.infer(&self.evidence.facts(purchases)?, purchases.as_of())
    }

    /// Infers again from the facts that a decision says were read, and compares.
    ///
    /// # Errors
    /// [`Unsound::OtherModel`] if another model decided; [`Unsound::NotReproduced`] if this one decides otherwise.
    pub fn replay(&self, decision: &Decision<Belonging>) -> Result<(), Unsound> {
        if decision.model != self.id {
            return Err(Unsound::OtherModel);
        }
        let again = self.infer(&facts_read(&decision.reasons), decision.as_of);
        if again.as_ref() == Ok(decision) { Ok(()) } else { Err(Unsound::NotReproduced) }
    }
}

/// The model whole: what its fingerprint is taken of.
impl fmt::Display for StageModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "stages {:?}", self.id.name)?;
        writeln!(f, "evidence: {}", self.evidence)?;
        write!(f, "{}", self.others)?;
        self.stages.iter().try_for_each(|Stage { name, kind, when, leads_to, confirmation }| {
            write!(f, "{name:?} ({kind})")?;
            when.iter().try_for_each(|when| write!(f, ": {when}"))?;
            writeln!(f, "; leads to {leads_to:?}; {confirmation}")
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "StageModel")]
struct Wire {
    name: Name,
    evidence: Evidence,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    dimensions: Vec<Dimension>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    attributes: Vec<Attribute>,
    stages: Vec<Stage>,
}

impl TryFrom<Wire> for StageModel {
    type Error = StageError;

    fn try_from(wire: Wire) -> Result<StageModel, StageError> {
        StageModel::new(wire.name, wire.evidence, Bases::new(wire.dimensions, wire.attributes)?, wire.stages)
    }
}

impl From<StageModel> for Wire {
    fn from(model: StageModel) -> Wire {
        let (dimensions, attributes) = (model.others.dimensions().to_vec(), model.others.attributes().to_vec());
        Wire { name: model.id.name, evidence: model.evidence, dimensions, attributes, stages: model.stages }
    }
}
