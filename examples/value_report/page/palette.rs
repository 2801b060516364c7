//! One colour for each grade, the same in every chart and table.

use customer_value::tier::{Grade, GradeSet};

/// From the best to the worst; fewer grades take every second or third of them.
const RAMP: [Colour; 7] = [
    Colour { fill: "#0f4c48", text: "#ffffff" },
    Colour { fill: "#2f7d74", text: "#ffffff" },
    Colour { fill: "#63a496", text: "#10302d" },
    Colour { fill: "#a8c8b8", text: "#10302d" },
    Colour { fill: "#e0cf98", text: "#3a3212" },
    Colour { fill: "#d8ae70", text: "#3a2a10" },
    Colour { fill: "#bdb8ae", text: "#2c2a26" },
];
/// For those who have no grade: newcomers, and customers who are gone.
pub(crate) const NONE: Colour = Colour { fill: "#ccd6e2", text: "#2a3440" };

/// A colour, and the colour of text on it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Colour {
    pub(crate) fill: &'static str,
    pub(crate) text: &'static str,
}

/// The colour of a grade.
pub(crate) fn of(grade: &Grade, grades: &GradeSet) -> Colour {
    let last = grades.best_first().len().saturating_sub(1).max(1);
    let at = (usize::from(grade.rank()) - 1) * (RAMP.len() - 1) / last;
    RAMP.get(at).copied().unwrap_or(NONE)
}

/// The colour of a cell in a heat map; `strength` from 0 to 1.
pub(crate) fn heat(strength: f64) -> String {
    // Small numbers would all look white: the root parts them.
    let alpha = strength.sqrt();
    let text = if alpha > 0.78 { "#ffffff" } else { "#1c2a29" };
    format!("background:rgba(31,111,104,{alpha:.3});color:{text}")
}
