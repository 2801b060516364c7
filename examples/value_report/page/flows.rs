//! Who moved: bands from the grade before to the grade now, as wide as they are many.

use super::{
    palette::{self, Colour},
    svg::{self, number},
};
use crate::{
    figures::{count, customers},
    groups,
};
use customer_value::tier::{Grade, migration::Migration};
use maud::{Markup, html};

const HEIGHT: f64 = 400.0;
const GAP: f64 = 12.0;
const NODE: f64 = 16.0;
const LEFT: f64 = 110.0;
const RIGHT: f64 = 900.0;

/// A place to come from or to go to; no grade is "not there".
struct Node {
    label: String,
    colour: Colour,
    y: f64,
    height: f64,
    /// Where the next band begins.
    next: f64,
}

pub(crate) fn chart(moves: &Migration) -> Markup {
    let places: Vec<Option<&Grade>> = moves.grades().best_first().iter().map(Some).chain([None]).collect();
    let counts: Vec<Vec<u64>> = places.iter().map(|&from| places.iter().map(|&to| moved(moves, from, to)).collect()).collect();
    let all: u64 = counts.iter().flatten().sum();
    let unit = |customers: u64| HEIGHT * groups::share(customers.into(), all.into()).to_f64();
    let sums_before: Vec<u64> = counts.iter().map(|row| row.iter().sum()).collect();
    let sums_after: Vec<u64> = (0..places.len()).map(|to| counts.iter().map(|row| row[to]).sum()).collect();
    let mut before = nodes(moves, &places, &sums_before, "new", &unit);
    let mut after = nodes(moves, &places, &sums_after, "gone", &unit);
    let mut bands = Vec::new();
    for (from, row) in before.iter_mut().zip(&counts) {
        for (to, &many) in after.iter_mut().zip(row).filter(|(_, many)| **many > 0) {
            bands.push(band(from, to, unit(many), many));
        }
    }
    html! {
        svg viewBox="0 0 1000 452" role="img" aria-label="Moves between the grades" {
            @for band in bands { (band) }
            @for node in &before { (label(node, LEFT - NODE, LEFT - NODE - 10.0, "end")) }
            @for node in &after { (label(node, RIGHT, RIGHT + NODE + 10.0, "start")) }
        }
    }
}

fn moved(moves: &Migration, from: Option<&Grade>, to: Option<&Grade>) -> u64 {
    match (from, to) {
        (Some(from), Some(to)) => moves.count(from, to),
        (None, Some(to)) => moves.entered_with(to),
        (Some(from), None) => moves.left_with(from),
        (None, None) => 0,
    }
}

fn nodes(moves: &Migration, places: &[Option<&Grade>], sums: &[u64], nowhere: &str, unit: &impl Fn(u64) -> f64) -> Vec<Node> {
    let mut y = 2.0;
    let node = |(place, &sum): (Option<&Grade>, &u64)| {
        let (name, colour) = match place {
            Some(grade) => (grade.to_string(), palette::of(grade, moves.grades())),
            None => (nowhere.to_owned(), palette::NONE),
        };
        let node = Node { label: format!("{name}  {}", count(sum)), colour, y, height: unit(sum), next: y };
        y += node.height + if sum > 0 { GAP } else { 0.0 };
        node
    };
    places.iter().copied().zip(sums).map(node).collect()
}

/// A band of that height; it takes its place at both nodes.
fn band(from: &mut Node, to: &mut Node, height: f64, many: u64) -> Markup {
    let (y0, y1, middle) = (from.next, to.next, f64::midpoint(LEFT, RIGHT));
    from.next += height;
    to.next += height;
    let path = format!(
        "M{LEFT} {y0:.1} C{middle} {y0:.1} {middle} {y1:.1} {RIGHT} {y1:.1} L{RIGHT} {:.1} C{middle} {:.1} {middle} {:.1} {LEFT} {:.1} Z",
        y1 + height,
        y1 + height,
        y0 + height,
        y0 + height
    );
    html! {
        path d=(path) fill=(from.colour.fill) fill-opacity="0.45" {
            title { (from.label) " to " (to.label) ": " (customers(many)) }
        }
    }
}

fn label(node: &Node, x: f64, text_x: f64, anchor: &str) -> Markup {
    html! {
        @if node.height > 0.0 {
            rect x=(number(x)) y=(number(node.y)) width=(NODE) height=(number(node.height.max(1.0))) fill=(node.colour.fill) {}
            (svg::text(text_x, node.y + node.height / 2.0 + 4.5, anchor, "#1c2a29", &node.label))
        }
    }
}
