//! The figures as one JSON object.

use crate::study::{Model, Study};
use anyhow::Result;
use customer_value::{
    money::Rounding,
    quantity::Estimate,
    value::lifetime::{Fit, Parametric},
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
        "models": models,
        "best": study.models[study.best].family.to_string(),
        "spending": study.spending.as_ref().map(|s| json!({
            "n": s.fit.customers(),
            "parameters": parameters(&s.fit),
            "standard_errors": standard_errors(&s.fit),
            "log_likelihood": s.fit.log_likelihood(),
            "warnings": s.fit.limits().iter().map(|l| format!("{l:?}")).collect::<Vec<_>>(),
            "equity": s.equity,
        })),
        "top": top(study)?,
    });
    serde_json::to_writer_pretty(&mut *to, &object)?;
    Ok(writeln!(to)?)
}

fn model(model: &Model, study: &Study) -> Value {
    match &model.fit {
        Err(why) => json!({ "error": why.to_string() }),
        Ok(fit) => json!({
            "n": fit.customers(),
            "parameters": parameters(fit),
            "standard_errors": standard_errors(fit),
            "log_likelihood": fit.log_likelihood(),
            "aic": fit.aic(),
            "convergence": { "iterations": fit.iterations(), "gradient": fit.gradient(), "gain": fit.gain() },
            "log_score_holdout": model.tested.as_ref().map(|t| t.log_score),
            "expected_holdout": model.tested.as_ref().map(|t| t.expected),
            "actual_holdout": study.holdout.purchases(),
            "warnings": fit.limits().iter().map(|l| format!("{l:?}")).collect::<Vec<_>>(),
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
    let interval = |e: Estimate| json!({ "value": e.value(), "low": e.low(), "high": e.high() });
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
