//! The policy of a run: one document that says how customers are seen, graded and treated.

use anyhow::{Context, Result, bail, ensure};
use customer_value::{
    calendar::Window,
    customer::ReturnPolicy,
    money::Currency,
    quantity::Unit,
    score::{Scale, ScalePlan, ScorePlan, Term},
    tier::{GradePlan, segments::SegmentTable, treatment::Playbook},
    value::{Dimension, Rfm},
};
use serde::Deserialize;
use std::{fs, path::Path};

const BUILT_IN: &str = include_str!("policy.json");
/// The dimensions that this program measures; the position is that of a customer's level.
pub(crate) const MEASURED: [&str; 3] = [Rfm::RECENCY, Rfm::FREQUENCY, Rfm::MONETARY];

/// What the report goes by. The parts are the library's own types, which check themselves while they are read; that they fit each
/// other, and this program, is checked by [`load`].
#[derive(Debug)]
pub(crate) struct Policy {
    /// The length of time that frequency and monetary value look at.
    pub(crate) window: Window,
    pub(crate) returns: ReturnPolicy,
    pub(crate) model: GradePlan,
    pub(crate) playbook: Playbook,
    pub(crate) segments: SegmentTable,
}

/// The policy as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    window: Window,
    returns: ReturnPolicy,
    model: GradePlan,
    playbook: Playbook,
    /// The twelve segments of the trade, unless others are given.
    #[serde(default)]
    segments: Option<SegmentTable>,
}

/// Reads the policy: the user's, or the built-in one in the currency of the orders.
pub(crate) fn load(path: Option<&Path>, currency: Currency) -> Result<Policy> {
    let Some(path) = path else { return built_in(currency).context("the built-in policy") };
    let read = || {
        let text = fs::read_to_string(path).context("cannot be read")?;
        Policy::checked(serde_json::from_str(&text)?, currency)
    };
    read().with_context(|| format!("policy {}", path.display()))
}

fn built_in(currency: Currency) -> Result<Policy> {
    let mut document: Document = serde_json::from_str(BUILT_IN)?;
    document.model = in_currency(&document.model, currency)?;
    Policy::checked(document, currency)
}

impl Policy {
    fn checked(document: Document, currency: Currency) -> Result<Policy> {
        let Document { window, returns, model, playbook, segments } = document;
        let segments = segments.map_or_else(SegmentTable::rfm, Ok)?;
        let policy = Policy { window, returns, model, playbook, segments };
        policy.playbook.covers(policy.model.grades()).context("the playbook")?;
        ensure!(policy.playbook.stages().is_empty(), "the playbook: this report knows no stages");
        policy.check_dimensions(currency)?;
        policy.check_levels()?;
        Ok(policy)
    }

    /// The model looks at what this program measures, in the currency of the orders.
    fn check_dimensions(&self, currency: Currency) -> Result<()> {
        let measured = Rfm::dimensions(currency)?;
        for dimension in self.model.dimensions() {
            let Some(ours) = measured.iter().find(|m| m.name == dimension.name) else {
                bail!("the model looks at {:?}; this report measures {}", dimension.name, MEASURED.join(", "));
            };
            ensure!(
                dimension.unit == ours.unit,
                "{:?} is in {}, but the orders are in {} (see --currency)",
                dimension.name,
                dimension.unit,
                ours.unit
            );
        }
        Ok(())
    }

    /// Every measured dimension has levels, as many as the segments count on.
    fn check_levels(&self) -> Result<()> {
        MEASURED.iter().try_for_each(|dimension| self.levels(dimension).map(|_| ()))?;
        for axis in self.segments.axes() {
            let levels = self.levels(&axis.of)?;
            ensure!(axis.levels == levels, "the segments have {} levels of {:?}, the score {levels}", axis.levels, axis.of);
        }
        Ok(())
    }

    /// The number of levels in which the score places a dimension.
    pub(crate) fn levels(&self, dimension: &str) -> Result<u8> {
        let terms = self.model.scores().first().context("the model has no score")?.terms();
        match terms.iter().find(|term| term.dimension.name == *dimension).map(|term| &term.scale) {
            Some(ScalePlan::Quantiles { bins, .. }) => Ok(*bins),
            Some(ScalePlan::Fixed(Scale::Bins(cutpoints))) => Ok(cutpoints.bins()),
            _ => bail!("the score needs a term for {dimension:?} with a scale in bins"),
        }
    }
}

/// The same plan for another currency. Bounds keep their numbers: 20,000 pounds become 20,000 euros.
fn in_currency(plan: &GradePlan, currency: Currency) -> Result<GradePlan> {
    let exchanged = |dimension: &Dimension| match dimension.unit {
        Unit::Money(_) => Dimension { unit: Unit::Money(currency), ..dimension.clone() },
        Unit::Days | Unit::Count | Unit::Number | Unit::Level => dimension.clone(),
    };
    let score = plan.scores().first().context("the model has no score")?;
    let terms: Vec<Term<ScalePlan>> =
        score.terms().iter().map(|term| Term { dimension: exchanged(&term.dimension), ..term.clone() }).collect();
    let others = plan.dimensions().skip(terms.len()).map(exchanged).collect();
    let score = ScorePlan::new(score.name().clone(), score.places(), terms)?;
    Ok(GradePlan::new(plan.name().clone(), others, vec![score], plan.sorter().clone(), plan.rules().to_vec())?)
}
