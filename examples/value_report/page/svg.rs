//! The few shapes that the charts are made of.

use maud::{Markup, html};
use std::fmt::Write;

/// A coordinate, to a tenth of a unit.
pub(crate) fn number(value: f64) -> String {
    format!("{value:.1}")
}

/// A path through points.
pub(crate) fn polyline(points: &[(f64, f64)]) -> String {
    let mut path = String::new();
    for (at, (x, y)) in points.iter().enumerate() {
        // Writing to a `String` cannot fail.
        let _ = write!(path, "{}{x:.1} {y:.1}", if at == 0 { "M" } else { " L" });
    }
    path
}

/// A line of text; `anchor` is `start`, `middle` or `end`.
pub(crate) fn text(x: f64, y: f64, anchor: &str, fill: &str, words: &str) -> Markup {
    html! {
        text x=(number(x)) y=(number(y)) text-anchor=(anchor) fill=(fill) font-size="13" { (words) }
    }
}

/// A rectangle with a tool tip.
pub(crate) fn bar(x: f64, y: f64, width: f64, height: f64, fill: &str, tip: &str) -> Markup {
    html! {
        rect x=(number(x)) y=(number(y)) width=(number(width)) height=(number(height)) fill=(fill) { title { (tip) } }
    }
}
