//! The grade mix of the years: how the customers and the sales divide into grades.

use super::{palette, svg};
use crate::{
    figures::{count, day, percent, whole},
    groups::Group,
    report::{Report, Year},
};
use customer_value::{money::Ratio, tier::GradeSet};
use maud::{Markup, html};

const WIDTH: f64 = 1000.0;
const LEFT: f64 = 190.0;
const BAR: f64 = 40.0;
const STEP: f64 = 50.0;
/// A narrower piece has no room for its label.
const LABELLED: f64 = 46.0;

/// One bar.
struct Row<'a> {
    label: String,
    groups: &'a [Group],
    share: fn(&Group) -> Ratio,
    amount: fn(&Group) -> String,
}

pub(crate) fn chart(report: &Report) -> Markup {
    let grades = report.policy.model.grades();
    let customers = report.years().map(|year| row("Customers", year, |g| g.of_customers, |g| count(g.customers)));
    let sales = report.years().map(|year| row("Sales", year, |g| g.of_sales, |g| whole(g.sales)));
    let rows: Vec<Row<'_>> = customers.chain(sales).collect();
    let mut y = 0.0;
    let placed: Vec<(f64, &Row<'_>)> = rows
        .iter()
        .enumerate()
        .map(|(at, row)| {
            // A wider gap between the customers and the sales.
            let here = y;
            y += if at + 1 == rows.len() / 2 { STEP + 18.0 } else { STEP };
            (here, row)
        })
        .collect();
    html! {
        svg viewBox={ "0 0 " (WIDTH) " " (svg::number(y)) } role="img" aria-label="Customers and sales by grade" {
            @for (y, row) in placed {
                (svg::text(0.0, y + 25.0, "start", "#1c2a29", &row.label))
                (pieces(row, y, grades))
            }
        }
    }
}

fn row<'a>(what: &str, year: &'a Year, share: fn(&Group) -> Ratio, amount: fn(&Group) -> String) -> Row<'a> {
    Row { label: format!("{what}, {}", day(year.as_of())), groups: &year.grades, share, amount }
}

fn pieces(row: &Row<'_>, y: f64, grades: &GradeSet) -> Markup {
    let mut x = LEFT;
    html! {
        @for (group, grade) in row.groups.iter().zip(grades.best_first()) {
            @let width = (row.share)(group).to_f64() * (WIDTH - LEFT);
            @let colour = palette::of(grade, grades);
            @let share = percent((row.share)(group));
            (svg::bar(x, y, (width - 1.5).max(0.5), BAR, colour.fill, &format!("{grade}: {} ({share})", (row.amount)(group))))
            @if width > LABELLED {
                (svg::text(x + width / 2.0, y + 25.0, "middle", colour.text, &label(&group.name, &share, width)))
            }
            ({ x += width; "" })
        }
    }
}

fn label(name: &str, share: &str, width: f64) -> String {
    if width > 2.0 * LABELLED { format!("{name}  {share}") } else { share.to_owned() }
}
