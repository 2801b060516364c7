//! The Lorenz curve: how much of the sales the customers hold, the smallest first.

use super::svg::{self, text};
use crate::{figures::percent, spread::Spread};
use customer_value::money::Ratio;
use maud::{Markup, html};

const SIZE: f64 = 380.0;
const LEFT: f64 = 52.0;
const TOP: f64 = 14.0;

pub(crate) fn chart(spread: &Spread) -> Markup {
    let points: Vec<(f64, f64)> = spread.lorenz.iter().map(|p| (x(p.customers), y(p.value))).collect();
    let curve = svg::polyline(&points);
    let (equal_from, equal_to) = ((LEFT, TOP + SIZE), (LEFT + SIZE, TOP));
    let bow = format!("{curve} Z");
    html! {
        svg viewBox="0 0 450 456" role="img" aria-label="Lorenz curve of net sales" {
            @for tick in 0..=4 {
                (gridline(tick))
            }
            path d=(bow) fill="#1f6f68" fill-opacity="0.13" {}
            path d=(svg::polyline(&[equal_from, equal_to])) stroke="#8a9896" stroke-dasharray="5 5" fill="none" {}
            path d=(curve) stroke="#1f6f68" stroke-width="2.5" fill="none" stroke-linejoin="round" {}
            @if let Some((best, share)) = spread.top.last() {
                (callout(*best, *share))
            }
            (text(LEFT + SIZE / 2.0, TOP + SIZE + 44.0, "middle", "#5d6d6b", "share of customers, the smallest first"))
        }
    }
}

fn gridline(tick: i128) -> Markup {
    let share = crate::groups::share(tick, 4);
    let label = format!("{}%", tick * 25);
    html! {
        path d=(svg::polyline(&[(LEFT, y(share)), (LEFT + SIZE, y(share))])) stroke="#e2e8e6" {}
        (text(LEFT - 8.0, y(share) + 4.0, "end", "#5d6d6b", &label))
        (text(x(share), TOP + SIZE + 20.0, "middle", "#5d6d6b", &label))
    }
}

/// Marks the point that the best customers begin at.
fn callout(best: Ratio, share: Ratio) -> Markup {
    let (at_x, at_y) = (LEFT + SIZE * (1.0 - best.to_f64()), TOP + SIZE * share.to_f64());
    let words = format!("the best {} hold {}", percent(best).replace(".0%", "%"), percent(share));
    html! {
        path d=(svg::polyline(&[(at_x, at_y), (at_x, TOP + SIZE)])) stroke="#1f6f68" stroke-dasharray="2 3" {}
        circle cx=(svg::number(at_x)) cy=(svg::number(at_y)) r="4.5" fill="#1f6f68" {}
        (text(at_x - 10.0, at_y - 8.0, "end", "#1c2a29", &words))
    }
}

fn x(share: Ratio) -> f64 {
    LEFT + SIZE * share.to_f64()
}

fn y(share: Ratio) -> f64 {
    TOP + SIZE * (1.0 - share.to_f64())
}
