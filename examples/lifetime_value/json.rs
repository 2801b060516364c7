//! The figures as one JSON object.

use crate::study::{Model, Spending, Study};
use anyhow::Result;
use customer_value::{
    money::Rounding,
    quantity::Estimate,
    value::lifetime::{Fit, LifetimeError, Limit, Parametric},
};
use serde_json::{Value, json};
use std::io::Write;

/// Writes the object and a line end.
pub(crate) fn write(study: &Study, to: &mut impl Write) -> Result<()> {
    let models: serde_json::Map<String, Value> = study.models.iter().map(|m| (m.family.to_string(), model(m, study))).collect();
    let object = json!({
        "customers": study.holdout.customers(),
        "calibration_end": study.holdout.split().as_of(),
        "end": study.holdout.split().end(),
        "unit_days": study.unit,
        "models": models,
        "best": study.models[study.best].family.to_string(),
        "spending": study.spending.as_ref().map(spending),
        "top": top(study)?,
    });
    serde_json::to_writer_pretty(&mut *to, &object)?;
    Ok(writeln!(to)?)
}

fn spending(spending: &Result<Spending, LifetimeError>) -> Value {
    match spending {
        Err(why) => json!({ "error": why.to_string() }),
        Ok(Spending { fit, free_of_charge, independence, equity, .. }) => json!({
            "n": fit.customers(),
            "parameters": parameters(fit),
            "standard_errors": standard_errors(fit),
            "log_likelihood": fit.log_likelihood(),
            "convergence": convergence(fit),
            "correlation": independence.map(interval),
            "free_of_charge": free_of_charge,
            "warnings": warnings(fit.limits()),
            "equity": equity,
        }),
    }
}

fn convergence<M>(fit: &Fit<M>) -> Value {
    json!({ "iterations": fit.iterations(), "gradient": fit.gradient(), "gain": fit.gain() })
}

/// The name of each limit, and what it means.
fn warnings(limits: &[Limit]) -> Vec<String> {
    limits.iter().map(|limit| format!("{limit:?}: {limit}")).collect()
}

fn interval(e: Estimate) -> Value {
    json!({ "value": e.value(), "low": e.low(), "high": e.high() })
}

fn model(model: &Model, study: &Study) -> Value {
    match &model.fit {
        Err(why) => json!({ "error": why.to_string() }),
        Ok(fit) => json!({
            "n": fit.customers(),
            "parameters": parameters(fit),
            "standard_errors": standard_errors(fit),
            "log_likelihood": model.log_likelihood(fit),
            "aic": model.criteria(fit).0,
            "bic": model.criteria(fit).1,
            "convergence": convergence(fit),
            "log_score_holdout": model.tested.as_ref().map(|t| t.log_score),
            "mean_absolute_error_holdout": model.tested.as_ref().map(|t| t.error),
            "expected_holdout": model.tested.as_ref().map(|t| t.expected),
            "actual_holdout": study.holdout.purchases(),
            "warnings": warnings(fit.limits()),
        }),
    }
}

/// By their names.
fn parameters<M: Parametric>(fit: &Fit<M>) -> Value {
    fit.parameters().iter().map(|p| (p.name().to_owned(), p.value().into())).collect::<serde_json::Map<_, Value>>().into()
}

/// By the names of the parameters; `null` where that theory says nothing.
fn standard_errors<M: Parametric>(fit: &Fit<M>) -> Option<serde_json::Map<String, Value>> {
    let errors = fit.standard_errors()?;
    Some(fit.parameters().iter().zip(errors).map(|(p, error)| (p.name().to_owned(), error.into())).collect())
}

fn top(study: &Study) -> Result<Vec<Value>> {
    let one = |valued: &crate::study::Valued| -> Result<Value> {
        let value = valued.value.map(|v| v.in_money(study.log.currency, Rounding::HalfEven)).transpose()?;
        Ok(json!({
            "customer": valued.name,
            "summary": valued.customer,
            "alive": valued.alive,
            "purchases": valued.purchases.map(interval),
            "prediction": [valued.prediction.low(), valued.prediction.high()],
            "value": value.map(|v| json!({ "value": v.value, "low": v.low, "high": v.high })),
        }))
    };
    study.top.iter().map(one).collect()
}
