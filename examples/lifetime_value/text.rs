//! The report as text.

use crate::{
    published,
    study::{Model, Spending, Study},
};
use anyhow::Result;
use customer_value::{
    money::Rounding,
    quantity::Estimate,
    value::lifetime::{Fit, Limit, Parametric},
};
use std::io::Write;

pub(crate) fn write(study: &Study, sample: bool, out: &mut impl Write) -> Result<()> {
    let (split, table) = (study.holdout.split(), &study.holdout);
    writeln!(out, "{} customers, {} to {}; fitted up to {}.", table.customers(), study.log.first, study.log.last, split.as_of())?;
    writeln!(out, "{} orders on a day of another were merged; {} customers came later.", table.merged(), table.late())?;
    for model in &study.models {
        fitted(model, sample, out)?;
    }
    match &study.spending {
        Some(Ok(spending)) => spent(spending, sample, out)?,
        Some(Err(why)) => writeln!(out, "\ngamma-gamma   {why}")?,
        None => {}
    }
    holdout(study, out)?;
    best_customers(study, out)
}

fn spent(spending: &Spending, sample: bool, out: &mut impl Write) -> Result<()> {
    let Spending { fit, independence, free_of_charge, .. } = spending;
    let beside = if sample { "   published -4055.9177 (Fader and Hardie 2013)" } else { "" };
    writeln!(
        out,
        "\ngamma-gamma, {} customers with repeats   log-likelihood {:.4}{beside}",
        fit.customers(),
        fit.log_likelihood()
    )?;
    limits(fit.limits(), out)?;
    parameters(fit, sample.then_some(&published::GAMMA_GAMMA[..]), out)?;
    if let Some(r) = independence {
        writeln!(out, "  correlation of frequency and spend {:.3} ({:.3} to {:.3})", r.value(), r.low(), r.high())?;
    }
    if *free_of_charge > 0 {
        writeln!(out, "  left out: {free_of_charge} whose repeats were free of charge")?;
    }
    Ok(())
}

fn limits(limits: &[Limit], out: &mut impl Write) -> Result<()> {
    limits.iter().try_for_each(|limit| Ok(writeln!(out, "  the data ask for a simpler model: {limit}")?))
}

fn fitted(model: &Model, sample: bool, out: &mut impl Write) -> Result<()> {
    match &model.fit {
        Err(why) => writeln!(out, "\n{}   {why}", model.family)?,
        Ok(fit) => {
            let published = sample.then(|| published::of(model.family)).flatten();
            let beside =
                published.as_ref().map_or(String::new(), |p| format!("   published {:.1} ({})", p.log_likelihood, p.source));
            let (log_likelihood, (aic, _)) = (model.log_likelihood(fit), model.criteria(fit));
            writeln!(out, "\n{}   log-likelihood {log_likelihood:.4}{beside}   AIC {aic:.1}", model.family)?;
            limits(fit.limits(), out)?;
            // A simpler model has other parameters than the published ones.
            parameters(fit, published.map(|p| p.parameters).filter(|_| fit.limits().is_empty()), out)?;
        }
    }
    Ok(())
}

fn parameters<M: Parametric>(fit: &Fit<M>, published: Option<&[f64]>, out: &mut impl Write) -> Result<()> {
    let errors = fit.standard_errors();
    for (at, parameter) in fit.parameters().iter().enumerate() {
        let error = errors.as_ref().and_then(|e| e.get(at)).map_or(String::new(), |e| format!(" ± {e:.4}"));
        let beside = published.and_then(|p| p.get(at)).map_or(String::new(), |p| format!("   published {p}"));
        writeln!(out, "  {:<6} {:>9.4}{error}{beside}", parameter.name(), parameter.value())?;
    }
    Ok(())
}

fn holdout(study: &Study, out: &mut impl Write) -> Result<()> {
    let (split, actual) = (study.holdout.split(), study.holdout.purchases());
    writeln!(out, "\nHeld out, {} to {}: {actual} purchases", split.holdout().from(), split.end())?;
    writeln!(out, "             expected        off   log score   error of a customer   by the naive one's")?;
    for model in &study.models {
        let Some(tested) = &model.tested else { continue };
        #[allow(clippy::cast_precision_loss)] // a count for a percentage
        let off = 100.0 * (tested.expected / actual as f64 - 1.0);
        let relative = tested.relative.map_or(String::new(), |r| format!("{r:.3}"));
        writeln!(
            out,
            "  {:<10} {:>8.1}  {off:>+8.1}%   {:>9.4}   {:>19.3}   {relative:>18}",
            model.family.to_string(),
            tested.expected,
            tested.log_score,
            tested.error
        )?;
    }
    writeln!(out, "  {:<10} {:>8}  {:>9}   {:>9}   {:>19.3}   (as often as before)", "naive", "", "", "", study.naive)?;
    Ok(())
}

fn best_customers(study: &Study, out: &mut impl Write) -> Result<()> {
    let family = study.models[study.best].family;
    writeln!(out)?;
    if study.models.len() > 1 {
        writeln!(out, "To {family} what was held out was most probable, for a customer on average (log score); so it ranks them:")?;
    }
    let most = if study.spending().is_some() { "most valuable customers" } else { "customers with the most purchases to come" };
    writeln!(out, "The ten {most}, by {family} over the year after {}", study.log.last)?;
    writeln!(
        out,
        "(x repeat purchases, the last of them so many days after the first purchase, of so many days seen; the interval of 95 %"
    )?;
    writeln!(out, "says what the parameters leave open, the range of 90 % what chance does)")?;
    let value = if study.spending().is_some() { "   value" } else { "" };
    writeln!(out, "  customer    x   last   seen   alive   purchases (95 %)        range (90 %){value}")?;
    let interval = |e: &Estimate| format!("{:.1} ({:.1} to {:.1})", e.value(), e.low(), e.high());
    for one in &study.top {
        let purchases = one.purchases.as_ref().map_or_else(|| format!("{:.1}", one.prediction.mean()), interval);
        let range = format!("{} to {}", one.prediction.low(), one.prediction.high());
        let value = match one.value {
            Some(value) => format!("   {}", value.in_money(study.log.currency, Rounding::HalfEven)?),
            None => String::new(),
        };
        let c = one.customer;
        writeln!(
            out,
            "  {:<8} {:>4} {:>6} {:>6}   {:.3}   {purchases:<22}  {range:>12}{value}",
            one.name,
            c.x(),
            c.t_x_days(),
            c.t_days(),
            one.alive
        )?;
    }
    if let Some(spending) = study.spending() {
        writeln!(out, "\nAll customers together, sales of a year discounted at 10 %: {}", spending.equity)?;
    }
    Ok(())
}
