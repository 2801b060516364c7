//! Whether a dimension can change anybody's grade.

use crate::{
    money::Rounding,
    quantity::{Name, Predicate, Ties},
    score::{AnyScale, Missing, ScoreModel, Term},
    tier::{Axis, GradeModel, Grid, cells},
};
use alloc::{vec, vec::Vec};
use rust_decimal::Decimal;

/// A stretch of numbers, both ends included.
type Stretch = (Decimal, Decimal);

/// A score that can come out at more places than this is supposed to come out anywhere.
const MOST_STRETCHES: usize = 1 << 14;

/// `false` only if it cannot.
pub(super) fn can_change_a_grade(model: &GradeModel, dimension: &Name) -> bool {
    let in_rules = comparisons(model).iter().any(|c| c.of() == Some(dimension));
    let grid = model.sorter().grid();
    // Of a sorter that is no grid, it is taken that all it looks at matters.
    let sorted_by = |name: &Name| grid.is_none() && model.sorter().looks_at().any(|of| of == name);
    let moves = |grid: &Grid| grid.axes().iter().enumerate().any(|(at, axis)| axis.of == *dimension && !steps(grid, at).is_empty());
    let by_score = || {
        let of_dimension = |term: &Term| term.dimension.name == *dimension;
        model.scores().iter().filter_map(|score| Some((score, score.terms().iter().position(of_dimension)?))).any(
            |(score, term)| {
                let cuts = cuts_of(model, grid, score.name());
                sorted_by(score.name()) || (!cuts.is_empty() && can_cross(score, term, &cuts))
            },
        )
    };
    in_rules || sorted_by(dimension) || grid.is_some_and(moves) || by_score()
}

/// The lowest and the highest that a score can be; `None` if a term has no ends, or leaves its weight to others.
pub(super) fn ends(score: &ScoreModel) -> Option<Stretch> {
    score.terms().iter().try_fold((Decimal::ZERO, Decimal::ZERO), |(low, high), term| {
        let points = points(score, term)?;
        Some((low.checked_add(points.first()?.0)?, high.checked_add(points.last()?.1)?))
    })
}

fn comparisons(model: &GradeModel) -> Vec<&Predicate> {
    let mut all = Vec::new();
    for rule in model.rules() {
        rule.when.visit(Predicate::DEEPEST, &mut |comparison| all.push(comparison));
    }
    all
}

/// The steps of an axis, counted from 0 for that between the two worst levels, across which some cell holds another grade.
fn steps(grid: &Grid, axis: usize) -> Vec<usize> {
    let sizes: Vec<u8> = grid.axes().iter().map(|a| a.cutpoints.bins()).collect();
    let cells: usize = sizes.iter().map(|&size| usize::from(size)).product();
    let mut found = vec![false; usize::from(sizes[axis])];
    for at in 0..cells {
        let mut levels = cells::levels(at, sizes.iter().copied());
        let step = usize::from(levels[axis]) - 1;
        if levels[axis] < sizes[axis] && !found[step] {
            let here = grid.cell(&levels);
            levels[axis] += 1;
            found[step] = here != grid.cell(&levels);
        }
    }
    (0..found.len()).filter(|&step| found[step]).collect()
}

/// The numbers at which a score changes something, and to which side the number itself belongs.
fn cuts_of(model: &GradeModel, grid: Option<&Grid>, score: &Name) -> Vec<(Decimal, Ties)> {
    let mut cuts = Vec::new();
    for (grid, at, Axis { of, cutpoints }) in
        grid.into_iter().flat_map(|grid| grid.axes().iter().enumerate().map(move |(at, axis)| (grid, at, axis)))
    {
        if of == score {
            cuts.extend(steps(grid, at).into_iter().filter_map(|step| Some((*cutpoints.cuts().get(step)?, cutpoints.ties()))));
        }
    }
    for comparison in comparisons(model) {
        match comparison {
            Predicate::AtLeast { of, bound } | Predicate::LessThan { of, bound } if of == score => {
                cuts.push((*bound, Ties::ToUpper));
            }
            Predicate::MoreThan { of, bound } | Predicate::AtMost { of, bound } if of == score => {
                cuts.push((*bound, Ties::ToLower));
            }
            _ => {}
        }
    }
    cuts
}

/// What a term can add to its score, from the worst to the best; `None` if that has no end, or depends on what else is known.
fn points(score: &ScoreModel, term: &Term) -> Option<Vec<Stretch>> {
    if matches!(term.missing, Missing::LeaveOut { .. }) {
        return None;
    }
    let weigh = |level: Decimal| term.weight.times(level, score.places(), Rounding::HalfEven);
    let levels = term.scale.levels();
    if levels.is_empty() {
        let (low, high) = term.scale.ends(&term.dimension)?;
        return Some(vec![(weigh(low)?, weigh(high)?)]);
    }
    levels.into_iter().map(|level| weigh(level).map(|points| (points, points))).collect()
}

/// Whether the score can lie on either side of one of the cuts, depending on that term alone.
fn can_cross(score: &ScoreModel, term: usize, cuts: &[(Decimal, Ties)]) -> bool {
    let all: Option<Vec<_>> = score.terms().iter().map(|term| points(score, term)).collect();
    let Some(mut all) = all else { return true };
    let ours = all.remove(term);
    let (Some((worst, _)), Some((_, best))) = (ours.first(), ours.last()) else { return true };
    if worst == best {
        return false;
    }
    let Some(others) = sums(&all) else { return true };
    cuts.iter().any(|(cut, ties)| {
        // Somewhere in `low..=high`, the worst points do not pass the cut and the best do.
        let (Some(from), Some(to)) = (cut.checked_sub(*best), cut.checked_sub(*worst)) else { return true };
        others.iter().any(|&(low, high)| match ties {
            Ties::ToUpper => from.max(low) <= high && from.max(low) < to,
            Ties::ToLower => to.min(high) >= low && to.min(high) > from,
        })
    })
}

/// Where the sum of one stretch of each list can lie; `None` if that is too much to list.
fn sums(terms: &[Vec<Stretch>]) -> Option<Vec<Stretch>> {
    let mut sums = vec![(Decimal::ZERO, Decimal::ZERO)];
    for term in terms {
        if sums.len() * term.len() > MOST_STRETCHES {
            return None;
        }
        let mut next = Vec::with_capacity(sums.len() * term.len());
        for (low, high) in &sums {
            for (worst, best) in term {
                next.push((low.checked_add(*worst)?, high.checked_add(*best)?));
            }
        }
        next.sort_unstable();
        next.dedup();
        sums = next;
    }
    Some(sums)
}
