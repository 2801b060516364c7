//! The tables of the page.

use super::palette;
use crate::{
    figures::{count, customers, day, percent, whole},
    groups::{self, Group},
    report::{Report, Year},
    spread::Spread,
};
use customer_value::{
    money::Ratio,
    tier::{Grade, GradeSet, migration::Migration},
};
use maud::{Markup, html};

/// A grade in its colour.
pub(crate) fn badge(grade: &Grade, grades: &GradeSet) -> Markup {
    let colour = palette::of(grade, grades);
    html! { span.badge style={ "background:" (colour.fill) ";color:" (colour.text) } { (grade) } }
}

pub(crate) fn grades(year: &Year, grades: &GradeSet) -> Markup {
    html! {
        h3 { (day(year.as_of())) }
        table {
            tr { th { "Grade" } th { "Customers" } th { "Share" } th { "Sales" } th { "Share" } }
            @for (group, grade) in year.grades.iter().zip(grades.best_first()) {
                tr { td { (badge(grade, grades)) } (heads_and_sales(group)) }
            }
        }
    }
}

fn heads_and_sales(group: &Group) -> Markup {
    html! {
        td { (count(group.customers)) }
        td { (percent(group.of_customers)) }
        td { (whole(group.sales)) }
        td { (percent(group.of_sales)) }
    }
}

pub(crate) fn segments(year: &Year) -> Markup {
    let most = year.segments.iter().map(|group| group.of_sales).max();
    // The longest bar fills its cell.
    let length =
        |group: &Group| most.filter(|most| most.numerator() > 0).map_or(0.0, |m| 100.0 * group.of_sales.to_f64() / m.to_f64());
    html! {
        table {
            tr { th { "Segment" } th { "Customers" } th { "Share" } th { "Sales" } th { "Share" } th.bar {} }
            @for group in &year.segments {
                tr {
                    td { (group.name) }
                    (heads_and_sales(group))
                    td.bar { div style=(format!("width:{:.1}%", length(group))) {} }
                }
            }
        }
    }
}

/// Customers by level of recency (rows, the best on top) and frequency (columns, the best on the right).
pub(crate) fn levels(year: &Year) -> Markup {
    let most = year.levels.most();
    html! {
        table.heat {
            @for (at, row) in year.levels.cells.iter().enumerate().rev() {
                tr {
                    th { "R " (at + 1) }
                    @for &cell in row {
                        td style=(palette::heat(groups::share(cell.into(), most.into()).to_f64())) { (count(cell)) }
                    }
                }
            }
            tr {
                th {}
                @for level in 1..=year.levels.cells.first().map_or(0, Vec::len) { th { "F " (level) } }
            }
        }
    }
}

/// Where the customers of each grade went, by share of the grade.
pub(crate) fn moves(moves: &Migration) -> Markup {
    let grades = moves.grades();
    html! {
        table.heat {
            tr { th {} @for to in grades.best_first() { th { "to " (to) } } }
            @for from in grades.best_first() {
                tr {
                    th { "from " (from) }
                    @for to in grades.best_first() {
                        @let share = moves.share(from, to).unwrap_or(Ratio::ZERO);
                        td style=(palette::heat(share.to_f64())) { (percent(share)) }
                    }
                }
            }
        }
    }
}

pub(crate) fn concentration(spread: &Spread) -> Markup {
    html! {
        table {
            tr { th { "The best ..." } th { "hold" } }
            @for (best, share) in &spread.top {
                tr { td { (percent(*best).replace(".0%", "%")) " of the customers" } td { (percent(*share)) " of the sales" } }
            }
        }
        br;
        table {
            tr { th { "Class" } th { "Customers" } th { "Share of sales" } }
            @for (class, name) in spread.abc.iter().zip(["A, up to 80% of sales", "B, up to 95%", "C, the rest"]) {
                tr { td { (name) } td { (count(class.customers)) } td { (percent(class.share)) } }
            }
        }
    }
}

pub(crate) fn rules(report: &Report) -> Markup {
    html! {
        table {
            tr { th { "Rule" } th.words { "Because" } th { "As of" } th { "Applied to" } th { "Grades changed" } }
            @for year in report.years() {
                @for rule in &year.grading.rules {
                    tr {
                        td { (rule.name) }
                        td.words { (rule.because) }
                        td { (day(year.as_of())) }
                        td { (customers(rule.applied)) }
                        td { (count(rule.changed)) }
                    }
                }
            }
        }
    }
}

pub(crate) fn cutpoints(report: &Report) -> Markup {
    html! {
        table {
            tr { th { "Dimension" } th.words { "Unit" } th.words { "Cuts" } th { "Bins asked" } th { "Obtained" } }
            @for fit in &report.frozen.fits {
                tr {
                    td { (fit.dimension.name) }
                    td.words { (fit.dimension.unit) }
                    td.words { (fit.cuts.iter().map(count).collect::<Vec<_>>().join("; ")) }
                    @if let Some(fitted) = &fit.fitted {
                        td { (fitted.asked) }
                        td { (fitted.obtained()) }
                    } @else {
                        td {} td {}
                    }
                }
            }
        }
    }
}
