//! The report as one page: no scripts, nothing from a network. Every text goes through maud, which escapes it.

use crate::{
    charts, published,
    study::{Model, Spending, Study},
};
use customer_value::{
    money::Rounding,
    value::lifetime::{Fit, LifetimeError, Limit, Parametric},
};
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("../value_report/page/style.css");

pub(crate) fn render(study: &Study, sample: bool) -> Markup {
    let split = study.holdout.split();
    let best = &study.models[study.best];
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Customer lifetime value" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { "Customer lifetime value" }
                    p.lead {
                        (study.holdout.customers()) " customers, " (study.log.first) " to " (study.log.last)
                        ". Fitted up to " (split.as_of()) ", tested on what came after."
                    }
                    (figures(study, best))
                }
                main {
                    section {
                        h2 { "Who will buy again" }
                        p.note { "Models fitted by maximum likelihood; after ± one standard error." }
                        @for model in &study.models { (fitted(model, sample)) }
                    }
                    @if let Some(spending) = &study.spending { (spent(spending, sample)) }
                    @if let (Some(fit), Some(tested)) = (study.fit(), &best.tested) {
                        section {
                            h2 { "How well they knew: " (best.family) }
                            div.pair {
                                figure { (charts::tracking(study, tested, true)) figcaption { "Repeat purchases so far." } }
                                figure { (charts::tracking(study, tested, false)) figcaption { "Repeat purchases of each week." } }
                                figure { (charts::bins(&tested.bins)) figcaption { "Purchases of a customer in the time held out, by those before." } }
                                figure { (charts::reliability(tested)) figcaption { "Of those to whom the model gave a probability, how many bought (95 % intervals)." } }
                            }
                            (errors(study))
                        }
                        section {
                            h2 { "Who is still a customer" }
                            @let days = study.holdout.rows().map(|row| row.summary.t_days()).max().unwrap_or(1).max(1);
                            figure style="max-width: 680px; margin-top: 20px" { (charts::matrix(fit.model(), days)) figcaption { "The darker, the more probable. Many purchases long ago mean that a customer is gone." } }
                        }
                    }
                    (top(study))
                }
                footer { p.small { @if sample { "Data: CDNOW sample, first published by P. Fader and B. Hardie." } } }
            }
        }
    }
}

fn figures(study: &Study, best: &Model) -> Markup {
    let figure = |what: &str, value: String, beside: &str| html! { div.figure { dt { (what) } dd { (value) small { (beside) } } } };
    html! {
        dl.figures {
            (figure("bought in the time held out", study.holdout.purchases().to_string(), "purchases"))
            @if let Some(tested) = &best.tested {
                (figure("expected", format!("{:.0}", tested.expected), &format!("by {}, which knew best", best.family)))
            }
            @if let Some(spending) = study.spending() {
                (figure("worth of all customers", spending.equity.to_string(), "sales of a year, discounted at 10 %"))
            }
        }
    }
}

fn fitted(model: &Model, sample: bool) -> Markup {
    let published = sample.then(|| published::of(model.family)).flatten();
    html! {
        h3 style="margin-top:24px" { (model.family) }
        @match &model.fit {
            Err(why) => p.note { (why) },
            Ok(fit) => {
                p.small {
                    "log-likelihood " (format!("{:.3}", model.log_likelihood(fit)))
                    @if let Some(p) = &published { " (published " (format!("{:.1}", p.log_likelihood)) ", " (p.source) ")" }
                    ", AIC " (format!("{:.1}", model.criteria(fit).0)) ", " (fit.iterations()) " steps" (limits(fit.limits()))
                }
                (parameters(fit, published.map(|p| p.parameters).filter(|_| fit.limits().is_empty())))
            }
        }
    }
}

fn spent(spending: &Result<Spending, LifetimeError>, sample: bool) -> Markup {
    html! {
        section {
            h2 { "What they spend" }
            @match spending {
                Err(why) => p.note { "gamma-gamma: " (why) },
                Ok(Spending { fit, independence, free_of_charge, .. }) => {
                    p.small {
                        "gamma-gamma, " (fit.customers()) " customers with repeats, log-likelihood " (format!("{:.3}", fit.log_likelihood()))
                        @if sample { " (published -4055.918, Fader and Hardie 2013)" } (limits(fit.limits()))
                        @if *free_of_charge > 0 { "; left out: " (free_of_charge) " whose repeats were free of charge" }
                    }
                    (parameters(fit, sample.then_some(&published::GAMMA_GAMMA[..])))
                    @if let Some(r) = independence {
                        p.small {
                            "The model takes spend to be independent of frequency; their correlation is "
                            (format!("{:.3} ({:.3} to {:.3})", r.value(), r.low(), r.high())) "."
                        }
                    }
                }
            }
        }
    }
}

fn limits(limits: &[Limit]) -> Markup {
    html! { @for limit in limits { "; the data ask for a simpler model: " (limit) } }
}

fn parameters<M: Parametric>(fit: &Fit<M>, published: Option<&[f64]>) -> Markup {
    let (all, errors) = (fit.parameters(), fit.standard_errors());
    html! {
        div.scroll { table {
            tr { th {} @for p in &all { th { (p.name()) } } }
            tr { td { "estimate" } @for (at, p) in all.iter().enumerate() {
                td { (format!("{:.4}", p.value())) @if let Some(e) = errors.as_ref().and_then(|e| e.get(at)) { (format!(" ± {e:.4}")) } }
            } }
            @if let Some(published) = published { tr { td { "published" } @for value in published { td { (value) } } } }
        } }
    }
}

fn errors(study: &Study) -> Markup {
    html! {
        div.scroll { table {
            tr { th { "model" } th { "expected" } th { "log score" } th { "error of a customer" } th { "by that of “as often as before”" } }
            @for model in &study.models {
                @if let Some(tested) = &model.tested {
                    tr {
                        td { (model.family) }
                        td { (format!("{:.1}", tested.expected)) }
                        td { (format!("{:.4}", tested.log_score)) }
                        td { (format!("{:.3}", tested.error)) }
                        td { (tested.relative.map_or(String::new(), |r| format!("{r:.3}"))) }
                    }
                }
            }
        } }
    }
}

fn top(study: &Study) -> Markup {
    html! {
        section {
            h2 { @if study.spending().is_some() { "The ten most valuable customers" } @else { "The ten customers with the most purchases to come" } }
            p.note {
                "By what they did up to " (study.log.last) ", over the year after it, by " (study.models[study.best].family) ". Intervals of 95 % say what the parameters leave open; the range holds the number "
                "of purchases in 90 of 100 cases even if the model is right."
            }
            div.scroll { table {
                tr { th { "customer" } th { "repeats" } th { "last" } th { "alive" } th { "purchases" } th { "range" } th { "value" } }
                @for one in &study.top {
                    tr {
                        td { (one.name) }
                        td { (one.customer.x()) }
                        td { "day " (one.customer.t_x_days()) " of " (one.customer.t_days()) }
                        td { (format!("{:.1} %", 100.0 * one.alive)) }
                        td { @if let Some(e) = one.purchases { (format!("{:.1} ({:.1} to {:.1})", e.value(), e.low(), e.high())) } }
                        td { (one.prediction.low()) " to " (one.prediction.high()) }
                        td { @if let Some(Ok(value)) = one.value.map(|v| v.in_money(study.log.currency, Rounding::HalfEven)) { (value) } }
                    }
                }
            } }
        }
    }
}
