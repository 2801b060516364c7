//! The charts: tracking, P(alive) by frequency and recency, calibration, conditional expectations.

#[path = "../value_report/page/svg.rs"]
mod svg;

use crate::study::{Study, Tested};
use customer_value::value::lifetime::{PurchaseModel, Summary, validation::Bin};
use maud::{Markup, html};
use svg::{bar, number, polyline, text};

const INK: &str = "#1c2a29";
const MUTED: &str = "#5d6d6b";
const ACCENT: &str = "#1f6f68";
const OTHER: &str = "#c06a2b";

/// A plane with axes: `x` and `y` take values to places.
struct Plane {
    width: f64,
    height: f64,
    x_most: f64,
    y_most: f64,
}

const LEFT: f64 = 56.0;
const TOP: f64 = 12.0;

impl Plane {
    fn x(&self, value: f64) -> f64 {
        LEFT + self.width * value / self.x_most
    }

    fn y(&self, value: f64) -> f64 {
        TOP + self.height * (1.0 - value / self.y_most)
    }

    fn path(&self, points: impl Iterator<Item = (f64, f64)>) -> String {
        polyline(&points.map(|(x, y)| (self.x(x), self.y(y))).collect::<Vec<_>>())
    }

    /// The frame of a chart: five lines across, with their numbers, and what the axis below says.
    fn frame(&self, below: &str, ticks: &[(f64, String)], figure: impl Fn(f64) -> String) -> Markup {
        html! {
            @for fifth in 0..=5 {
                @let value = self.y_most * f64::from(fifth) / 5.0;
                path d=(polyline(&[(LEFT, self.y(value)), (LEFT + self.width, self.y(value))])) stroke="#e2e8e6" {}
                (text(LEFT - 8.0, self.y(value) + 4.0, "end", MUTED, &figure(value)))
            }
            @for (at, words) in ticks { (text(self.x(*at), TOP + self.height + 20.0, "middle", MUTED, words)) }
            (text(LEFT + self.width / 2.0, TOP + self.height + 42.0, "middle", MUTED, below))
        }
    }

    fn view(&self) -> String {
        format!("0 0 {} {}", self.width + LEFT + 24.0, self.height + TOP + 54.0)
    }
}

/// The next round number above.
fn round_up(value: f64) -> f64 {
    let power = 10_f64.powf(value.max(1e-9).log10().floor());
    [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|step| step * power).find(|top| *top >= value).unwrap_or(value)
}

#[allow(clippy::cast_precision_loss)] // counts on a chart
fn of(count: u64) -> f64 {
    count as f64
}

/// Repeat purchases week by week, or all that were made so far: expected against actual.
pub(crate) fn tracking(study: &Study, tested: &Tested, so_far: bool) -> Markup {
    let rows = &tested.tracking;
    let expected: Vec<f64> = rows.iter().map(|r| if so_far { r.expected_so_far } else { r.expected }).collect();
    let actual: Vec<f64> = rows.iter().map(|r| of(if so_far { r.actual_so_far } else { r.actual })).collect();
    let most = expected.iter().chain(&actual).fold(0.0_f64, |most, v| most.max(*v));
    let weeks = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let plane = Plane { width: 400.0, height: 260.0, x_most: f64::from(weeks.max(1)), y_most: round_up(most) };
    let split = rows.iter().take_while(|r| r.period.from() <= study.holdout.split().as_of()).count();
    let at = f64::from(u32::try_from(split).unwrap_or(0));
    let along = |values: &[f64]| plane.path((1..).map(f64::from).zip(values.iter().copied()));
    let ticks: Vec<(f64, String)> = (0..=4).map(|q| (f64::from(weeks * q / 4), (weeks * q / 4).to_string())).collect();
    html! {
        svg viewBox=(plane.view()) role="img" aria-label="Repeat purchases, expected against actual" {
            (plane.frame("week", &ticks, |v| format!("{v:.0}")))
            path d=(polyline(&[(plane.x(at), TOP), (plane.x(at), TOP + plane.height)])) stroke=(MUTED) stroke-dasharray="4 4" {}
            path d=(along(&actual)) stroke=(INK) stroke-width="1.6" fill="none" {}
            path d=(along(&expected)) stroke=(ACCENT) stroke-width="2.4" fill="none" {}
            (text(LEFT + 10.0, TOP + 14.0, "start", INK, "actual"))
            (text(LEFT + 64.0, TOP + 14.0, "start", ACCENT, "expected"))
            (text(plane.x(at) + 6.0, TOP + 14.0, "start", MUTED, "held out"))
        }
    }
}

/// How probably a customer is still one, by purchases and by the week of the last.
pub(crate) fn matrix(model: &PurchaseModel, days: u32) -> Markup {
    let (cell, columns, rows) = (26.0, 20_u32, 13_u32);
    let alive = |x: u32, column: u32| {
        let last = if x == 0 { 0 } else { (days * (column + 1) / columns).max(1) };
        Summary::new(x, last, days).map_or(0.0, |customer| model.outlook(customer).alive())
    };
    html! {
        svg viewBox="0 0 600 420" role="img" aria-label="Probability to be alive by frequency and recency" {
            @for x in 0..rows {
                @for column in 0..columns {
                    @let p = alive(x, column);
                    @let top = TOP + cell * f64::from(rows - 1 - x);
                    rect x=(number(LEFT + cell * f64::from(column))) y=(number(top)) width=(number(cell - 1.0)) height=(number(cell - 1.0))
                        fill=(ACCENT) fill-opacity=(format!("{:.3}", 0.04 + 0.96 * p)) { title { (format!("{x} repeats: {:.0} %", 100.0 * p)) } }
                }
                (text(LEFT - 8.0, TOP + cell * f64::from(rows - 1 - x) + 17.0, "end", MUTED, &x.to_string()))
            }
            @for quarter in 0..=4_u32 {
                (text(LEFT + cell * f64::from(columns * quarter) / 4.0, TOP + cell * 13.0 + 20.0, "middle", MUTED, &(days * quarter / 4).to_string()))
            }
            (text(LEFT + cell * 10.0, TOP + cell * 13.0 + 42.0, "middle", MUTED, "day of the last purchase (rows: repeat purchases)"))
        }
    }
}

/// The share of customers who bought, against the probability that the model gave them.
pub(crate) fn reliability(tested: &Tested) -> Markup {
    let plane = Plane { width: 400.0, height: 260.0, x_most: 1.0, y_most: 1.0 };
    let ticks: Vec<(f64, String)> = (0..=4).map(|q| (f64::from(q) / 4.0, format!("{} %", 25 * q))).collect();
    html! {
        svg viewBox=(plane.view()) role="img" aria-label="Calibration of the probability to buy" {
            (plane.frame("probability to buy in the time held out", &ticks, |v| format!("{:.0} %", 100.0 * v)))
            path d=(plane.path([(0.0, 0.0), (1.0, 1.0)].into_iter())) stroke="#8a9896" stroke-dasharray="5 5" {}
            @for bin in &tested.reliability {
                @if let (Some(expected), Some(observed)) = (bin.expected, bin.observed) {
                    @let x = plane.x(expected);
                    path d=(polyline(&[(x, plane.y(observed.low())), (x, plane.y(observed.high()))])) stroke=(ACCENT) stroke-width="1.5" {}
                    circle cx=(number(x)) cy=(number(plane.y(observed.value()))) r="4.5" fill=(ACCENT) {
                        title { (format!("{} customers: {:.1} % expected, {:.1} % bought", bin.customers, 100.0 * expected, 100.0 * observed.value())) }
                    }
                }
            }
        }
    }
}

/// Mean purchases in the time held out, by purchases before.
pub(crate) fn bins(bins: &[Bin]) -> Markup {
    let means: Vec<(String, f64, f64)> = bins
        .iter()
        .filter_map(|bin| {
            let name = format!("{}{}", bin.from, if bin.until.is_none() { "+" } else { "" });
            Some((name, bin.mean_expected()?, bin.mean_actual()?))
        })
        .collect();
    let most = means.iter().fold(0.0_f64, |most, (_, e, a)| most.max(*e).max(*a));
    let groups = f64::from(u32::try_from(means.len()).unwrap_or(1).max(1));
    let plane = Plane { width: 400.0, height: 260.0, x_most: groups, y_most: round_up(most) };
    let ticks: Vec<(f64, String)> = (0..).map(f64::from).zip(&means).map(|(at, (name, ..))| (at + 0.5, name.clone())).collect();
    html! {
        svg viewBox=(plane.view()) role="img" aria-label="Purchases by frequency, expected against actual" {
            (plane.frame("repeat purchases before", &ticks, |v| format!("{v:.1}")))
            @for (at, (name, expected, actual)) in (0..).map(f64::from).zip(&means) {
                @let third = plane.width / groups / 3.2;
                @let (e, a) = (plane.y(*expected), plane.y(*actual));
                (bar(plane.x(at) + 0.4 * third, a, third, TOP + plane.height - a, OTHER, &format!("{name}: {actual:.2} bought")))
                (bar(plane.x(at) + 1.5 * third, e, third, TOP + plane.height - e, ACCENT, &format!("{name}: {expected:.2} expected")))
            }
            (text(LEFT + 10.0, TOP + 14.0, "start", OTHER, "actual"))
            (text(LEFT + 64.0, TOP + 14.0, "start", ACCENT, "expected"))
        }
    }
}
