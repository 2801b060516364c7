use super::{Stage, StageError};
use alloc::{vec, vec::Vec};

/// For every two stages the shortest way from the one to the other along the edges.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Routes {
    /// From stage to stage: the stages that are passed, both ends left out; `None` without a way.
    passed: Vec<Vec<Option<Vec<usize>>>>,
}

impl Routes {
    /// Checks the edges, and that no shortest way has a rival.
    pub(super) fn of(stages: &[Stage]) -> Result<Routes, StageError> {
        let mut edges: Vec<Vec<usize>> = Vec::with_capacity(stages.len());
        for from in stages {
            let mut next = Vec::with_capacity(from.leads_to.len());
            for name in &from.leads_to {
                let at = stages.iter().position(|stage| stage.name == *name);
                let at = at.ok_or_else(|| StageError::UnknownStage(name.clone()))?;
                let to = &stages[at];
                if to.name == from.name || !from.kind.may_lead_to(to.kind) {
                    let (from_kind, to_kind) = (from.kind, to.kind);
                    return Err(StageError::BadEdge { from: from.name.clone(), from_kind, to: to.name.clone(), to_kind });
                }
                if next.contains(&at) {
                    return Err(StageError::Twice(name.clone()));
                }
                next.push(at);
            }
            edges.push(next);
        }
        let passed = (0..stages.len()).map(|from| ways(stages, &edges, from)).collect::<Result<_, _>>()?;
        Ok(Routes { passed })
    }

    pub(super) fn between(&self, from: usize, to: usize) -> Option<&[usize]> {
        self.passed.get(from)?.get(to)?.as_deref()
    }
}

/// The shortest ways from one stage to every other, step by step outwards.
fn ways(stages: &[Stage], edges: &[Vec<usize>], from: usize) -> Result<Vec<Option<Vec<usize>>>, StageError> {
    let mut ways: Vec<Option<Vec<usize>>> = vec![None; stages.len()];
    let mut ring = vec![from];
    while !ring.is_empty() {
        let mut next: Vec<usize> = Vec::new();
        for &last in &ring {
            let mut way = ways[last].clone().unwrap_or_default();
            if last != from {
                way.push(last);
            }
            for &to in edges[last].iter().filter(|&&to| to != from) {
                match &ways[to] {
                    None => {
                        ways[to] = Some(way.clone());
                        next.push(to);
                    }
                    // Another way, just as long: nearer stages were reached in an earlier ring. The end is no matter of inference.
                    Some(rival) if next.contains(&to) && stages[to].when.is_some() => {
                        let name = |at: Option<&usize>| stages[at.copied().unwrap_or(from)].name.clone();
                        let apart = rival.iter().zip(&way).find(|(a, b)| a != b);
                        let (mut one, mut other) = (name(apart.map(|(a, _)| a)), name(apart.map(|(_, b)| b)));
                        if other < one {
                            core::mem::swap(&mut one, &mut other);
                        }
                        let (from, to) = (stages[from].name.clone(), stages[to].name.clone());
                        return Err(StageError::TwoWays { from, to, one, other });
                    }
                    Some(_) => {}
                }
            }
        }
        ring = next;
    }
    Ok(ways)
}
