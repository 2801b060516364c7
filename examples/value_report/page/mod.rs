//! The report as one page: no scripts, nothing from a network. Every text goes through maud, which escapes it.

mod flows;
mod lorenz;
mod mix;
mod palette;
mod people;
mod svg;
mod tables;

use crate::{
    figures::{capitalised, count, customers, day, fraction, money, percent, whole},
    groups, orders,
    report::{Report, Year},
};
use customer_value::money::Money;
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("style.css");

pub(crate) fn render(report: &Report) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Customer value: " (report.source) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { "Customer value report" }
                    p.lead {
                        (report.source) ", " (day(report.log.first)) " to " (day(report.log.last))
                        ". As of the close of " (day(report.now.as_of())) "."
                    }
                    (key_figures(report))
                }
                main {
                    (grades(report))
                    (moves(report))
                    (concentration(report))
                    (segments(report))
                    (rules(report))
                    (explained(report))
                    (treatments(report))
                    (method(report))
                }
                footer { (attribution(report)) }
            }
        }
    }
}

fn figure(what: &str, value: &str, beside: &str) -> Markup {
    html! { div.figure { dt { (what) } dd { (value) small { (beside) } } } }
}

fn key_figures(report: &Report) -> Markup {
    let now = &report.now;
    let top = report.spread.as_ref().and_then(|spread| spread.top.last());
    html! {
        dl.figures {
            (figure(&format!("Sales since {}", day(now.since)), &whole(sales(now)), &change(report)))
            (figure("Customers", &count(now.grading.population.len()), "with a purchase that stands"))
            @if let (Some(best), Some(grade)) = (now.grades.first(), report.policy.model.grades().best_first().first()) {
                (figure(&format!("Held by grade {grade}"), &percent(best.of_sales), &format!("of the sales, by {}", customers(best.customers))))
            }
            @if let Some((best, share)) = top {
                (figure(
                    &format!("Held by the best {}", percent(*best).replace(".0%", "%")),
                    &percent(*share),
                    "of the net sales in the log",
                ))
            }
        }
    }
}

fn sales(year: &Year) -> Money {
    let population = &year.grading.population;
    // A part of the net sales, which were added up before.
    Money::sum(year.grades.iter().map(|group| group.sales), population.currency()).unwrap_or(Money::zero(population.currency()))
}

/// The change of sales since the year before, in words.
fn change(report: &Report) -> String {
    let Some(before) = &report.before else { return format!("until {}", day(report.now.as_of())) };
    let (was, is) = (i128::from(sales(before).minor()), i128::from(sales(&report.now).minor()));
    if was == 0 {
        return "nothing the year before".to_owned();
    }
    let way = if is < was { "less" } else { "more" };
    format!("{} {way} than the year before", percent(groups::share((is - was).abs(), was)))
}

fn grades(report: &Report) -> Markup {
    let set = report.policy.model.grades();
    html! {
        section {
            h2 { "Grades" }
            p.note {
                "How the customers divide into grades, and how much of the sales each grade brings. Customers who stop buying stay in the \
                 count, so the worst grade grows over the years."
            }
            figure.wide { (mix::chart(report)) }
            div.pair { @for year in report.years() { div { (tables::grades(year, set)) } } }
        }
    }
}

fn moves(report: &Report) -> Markup {
    html! {
        section {
            h2 { "Moves between the years" }
            @if let (Some(moves), Some(before)) = (&report.moves, &report.before) {
                p.note {
                    (count(moves.up())) " customers moved up, " (count(moves.stayed())) " stayed, " (count(moves.down())) " moved down; "
                    (count(moves.entered())) " came in, " (count(moves.left())) " are gone. The scales were fitted on the customers of "
                    (day(report.frozen.fitted_on)) " and frozen, so every move is the customer's own."
                }
                figure.wide {
                    (flows::chart(moves))
                    figcaption { "Left: " (day(before.as_of())) ". Right: " (day(report.now.as_of())) ". Bands have the colour of the grade they come from." }
                }
                div.matrix {
                    h3 { "Of the customers of each grade" }
                    (tables::moves(moves))
                }
            } @else {
                p.note { "The log begins on " (day(report.log.first)) ", too late for a full year before; there is one grading." }
            }
        }
    }
}

fn concentration(report: &Report) -> Markup {
    html! {
        section {
            h2 { "Concentration" }
            @if let Some(spread) = &report.spread {
                p.note {
                    "How unevenly the net sales of the whole log are spread over " (customers(spread.customers as u64))
                    ". Gini coefficient: " (fraction(spread.gini, 3)) "."
                }
                div.pair {
                    figure { (lorenz::chart(spread)) figcaption { "The dashed line is where all customers would buy the same." } }
                    div { (tables::concentration(spread)) }
                }
            } @else {
                p.note { "Nothing is left of any purchase." }
            }
        }
    }
}

fn segments(report: &Report) -> Markup {
    html! {
        section {
            h2 { "Segments" }
            p.note { "Named by the levels of recency, frequency and monetary value, as of " (day(report.now.as_of())) "." }
            div.lean {
                div.scroll { (tables::segments(&report.now)) }
                figure {
                    h3 { "Customers by recency and frequency" }
                    (tables::levels(&report.now))
                    figcaption { "R 5 bought most recently, F 5 most often." }
                }
            }
        }
    }
}

fn rules(report: &Report) -> Markup {
    html! {
        section {
            h2 { "Rules beside the grid" }
            div.scroll { (tables::rules(report)) }
        }
    }
}

fn explained(report: &Report) -> Markup {
    html! {
        section {
            h2 { "Customers explained" }
            p.note { "Every grade comes with its reasons. These are whole." }
            (people::spotlights(report))
        }
    }
}

fn treatments(report: &Report) -> Markup {
    html! {
        section {
            h2 { "What we do for each grade" }
            (people::treatments(report))
        }
    }
}

fn method(report: &Report) -> Markup {
    let (log, totals) = (&report.log, &report.now.grading.population.totals);
    html! {
        section {
            h2 { "Basis" }
            div.pair {
                table.basis {
                    tr { th { "The orders" } th { "Number" } th { "Amount" } }
                    tr { td { "Rows read" } td { (count(log.rows)) } td {} }
                    tr { td { "Bad rows left out" } td { (count(log.bad_rows)) } td {} }
                    tr { td { "Customers" } td { (count(log.base.len())) } td {} }
                    tr { td { "Purchases, gross" } td { (count(totals.purchases)) } td { (money(totals.gross)) } }
                    tr { td { "Returns" } td { (count(totals.returns)) } td {} }
                    tr { td { "– matched with their sale" } td {} td { (money(totals.matched)) } }
                    tr { td { "– off the latest purchases, by assumption" } td {} td { (money(totals.assumed)) } }
                    tr { td { "– set aside, beyond all purchases" } td {} td { (money(totals.set_aside)) } }
                    tr { td { "Net sales" } td {} td { (money(totals.net)) } }
                    tr { td { "Records after the report's date" } td { (count(totals.later)) } td {} }
                }
                div {
                    h3 { (capitalised(report.policy.model.name())) ": cutpoints of the score" }
                    (tables::cutpoints(report))
                    p.small.wide {
                        "Fitted once, on the customers of " (day(report.frozen.fitted_on)) ", and frozen. Model " (report.frozen.model.id()) ". "
                        (count(report.checked)) " decisions were made; each was verified and replayed, and each holds."
                    }
                }
            }
        }
    }
}

fn attribution(report: &Report) -> Markup {
    html! {
        @if report.built_in { p { "Data: " (orders::ATTRIBUTION) } }
        p { "Made with the Rust crate customer-value." }
    }
}
