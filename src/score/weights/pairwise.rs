use super::{Consistency, RandomIndex, Shares, Suspect, Weights, WeightsError, consistency::Matrix, repeated};
use crate::{money::Ratio, quantity::Name};
use alloc::{vec, vec::Vec};
use serde::{Deserialize, Serialize};

/// Judgements in pairs, by one person or by several: how many times as much one dimension counts as another.
///
/// Every pair is judged exactly once, in either direction; the other direction is the reciprocal, by construction. Judgements are exact
/// and stay so: for a group the judgements of each person are kept, and their geometric mean is taken only where it is computed with
/// (Aczél and Saaty 1983: no other mean keeps the reciprocals). On the wire:
/// `{"names":["a","b","c"],"people":[["3","5","2"]]}`, row by row above the diagonal: a over b, a over c, b over c.
///
/// ```
/// use customer_value::{money::Ratio, quantity::Name, score::weights::Pairwise};
///
/// let [economic, social] = ["economic", "social"].map(|n| Name::new(n).unwrap());
/// let judge = |ratio: &str| Pairwise::new(
///     vec![economic.clone(), social.clone()],
///     &[(economic.clone(), social.clone(), ratio.parse().unwrap())],
/// );
/// let both = Pairwise::group(&[judge("8")?, judge("1/2")?])?; // √(8 · ½) = 2
/// assert_eq!(both.judgements("social", "economic").unwrap(), [Ratio::new(1, 8)?, Ratio::new(2, 1)?]);
/// assert_eq!(both.principal().freeze(3)?.weights.to_string(), "economic 0.667, social 0.333");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// Sources: Saaty, The Analytic Hierarchy Process (1980); Crawford and Williams, A Note on the Analysis of Subjective Judgment Matrices
/// (1985), for the geometric means.
#[doc(alias = "AHP")]
#[doc(alias = "层次分析法")]
#[doc(alias = "判断矩阵")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Pairwise {
    names: Vec<Name>,
    /// For every person the judgements above the diagonal, row by row.
    people: Vec<Vec<Ratio>>,
}

impl Pairwise {
    /// As many names as can be compared: the tables of random indices end here, and so does people's patience.
    pub const MOST: usize = 15;

    /// One person's judgements: the first of each triple counts so many times as much as the second.
    ///
    /// # Errors
    /// [`Nothing`](WeightsError::Nothing) for no names, [`TooMany`](WeightsError::TooMany) for 16, [`Twice`](WeightsError::Twice) for a
    /// name given twice, [`Unknown`](WeightsError::Unknown) for a judgement on another name,
    /// [`JudgedTwice`](WeightsError::JudgedTwice) for a pair judged twice (in both directions, too) and a name judged against itself,
    /// [`NotJudged`](WeightsError::NotJudged) for a pair left out, [`JudgementOutOfRange`](WeightsError::JudgementOutOfRange) for 0, −2
    /// and 1001. Saaty's scale goes from 1/9 to 9; finer and wider judgements, such as measured proportions, are allowed.
    pub fn new(names: Vec<Name>, judgements: &[(Name, Name, Ratio)]) -> Result<Pairwise, WeightsError> {
        check_names(&names)?;
        let place = |name: &Name| names.iter().position(|n| n == name).ok_or_else(|| WeightsError::Unknown(name.clone()));
        let mut upper = vec![None; names.len() * names.len().saturating_sub(1) / 2];
        for (of, over, ratio) in judgements {
            let (i, j) = (place(of)?, place(over)?);
            check_judgement(of, over, *ratio)?;
            let again = || WeightsError::JudgedTwice(of.clone(), over.clone());
            let judged = if i < j { Some(*ratio) } else { reciprocal(*ratio) };
            match upper.get_mut(index(names.len(), i, j).ok_or_else(again)?) {
                Some(free @ None) => *free = judged,
                _ => return Err(again()),
            }
        }
        let missing = |(i, j): (usize, usize)| WeightsError::NotJudged(names[i].clone(), names[j].clone());
        let judged = pairs(names.len()).zip(upper).map(|(pair, judged)| judged.ok_or_else(|| missing(pair)));
        let people = vec![judged.collect::<Result<_, _>>()?];
        Ok(Pairwise { names, people })
    }

    /// The judgements of several people, each person counting the same. The order of the people does not matter to any result, nor does
    /// the order in which each has the names; the group has them as the first person.
    ///
    /// # Errors
    /// [`Nothing`](WeightsError::Nothing) for nobody, [`DifferentNames`](WeightsError::DifferentNames) where one compared other names.
    pub fn group(groups: &[Pairwise]) -> Result<Pairwise, WeightsError> {
        let names = groups.first().map(|group| group.names.clone()).ok_or(WeightsError::Nothing)?;
        let mut people: Vec<Vec<Ratio>> = Vec::new();
        for group in groups {
            let places: Option<Vec<usize>> = names.iter().map(|name| group.names.iter().position(|n| n == name)).collect();
            let places = places.filter(|_| group.names.len() == names.len()).ok_or(WeightsError::DifferentNames)?;
            for person in 0..group.people.len() {
                let judged = pairs(names.len()).map(|(i, j)| group.judgement(person, places[i], places[j]));
                people.push(judged.collect::<Option<_>>().ok_or(WeightsError::DifferentNames)?);
            }
        }
        Ok(Pairwise { names, people })
    }

    /// The names that are compared.
    pub fn names(&self) -> &[Name] {
        &self.names
    }

    /// How many people judged.
    pub fn people(&self) -> usize {
        self.people.len()
    }

    /// How many times as much the first counts as the second, by each person; `None` for a name that is not compared.
    pub fn judgements(&self, of: &str, over: &str) -> Option<Vec<Ratio>> {
        let place = |name: &str| self.names.iter().position(|n| n == name);
        let (i, j) = (place(of)?, place(over)?);
        (0..self.people.len()).map(|person| self.judgement(person, i, j)).collect()
    }

    fn judgement(&self, person: usize, i: usize, j: usize) -> Option<Ratio> {
        let Some(at) = index(self.names.len(), i, j) else { return Some(Ratio::ONE) };
        let judged = *self.people.get(person)?.get(at)?;
        if i < j { Some(judged) } else { reciprocal(judged) }
    }

    /// The weights by the principal eigenvector (Saaty), converged to machine accuracy.
    #[doc(alias = "特征向量法")]
    pub fn principal(&self) -> Shares {
        self.shares(&self.matrix().principal())
    }

    /// The weights by the geometric means of the rows (Crawford and Williams 1985), for comparison: the same where the judgements are
    /// consistent or the names are at most three, and others where they are not.
    #[doc(alias = "几何平均法")]
    pub fn geometric(&self) -> Shares {
        self.shares(&self.matrix().geometric())
    }

    /// How far the judgements agree with one another.
    ///
    /// # Errors
    /// [`NoRandomIndex`](WeightsError::NoRandomIndex) where a table of the caller's own ends before.
    #[doc(alias = "一致性检验")]
    pub fn consistency(&self, random: &RandomIndex) -> Result<Consistency, WeightsError> {
        let size = self.names.len();
        if size < 3 {
            return Ok(Consistency::PERFECT.of_size(size));
        }
        let random = random.value(size).ok_or(WeightsError::NoRandomIndex(size))?;
        if self.is_exactly_consistent() {
            return Ok(Consistency { random, ..Consistency::PERFECT.of_size(size) });
        }
        Ok(Consistency::measured(self.matrix().eigenvalue(), size, random))
    }

    /// The weights, if the judgements are consistent: a consistency ratio at or below `limit`, 0.1 by custom.
    ///
    /// # Errors
    /// [`BadLimit`](WeightsError::BadLimit) for a limit of 0 or −1;
    /// [`Inconsistent`](WeightsError::Inconsistent) above the limit, with the judgement to reconsider;
    /// [`NoRandomIndex`](WeightsError::NoRandomIndex), [`BadPlaces`](WeightsError::BadPlaces) for 0 places and
    /// [`Vanishes`](WeightsError::Vanishes) where a weight below 0.05 is asked for at one place.
    pub fn weights(&self, random: &RandomIndex, limit: Ratio, places: u8) -> Result<(Weights, Consistency), WeightsError> {
        if limit <= Ratio::ZERO {
            return Err(WeightsError::BadLimit(limit));
        }
        let consistency = self.consistency(random)?;
        if consistency.ratio > limit.to_f64() {
            return Err(WeightsError::Inconsistent { ratio: consistency.ratio, limit, suspects: self.suspects() });
        }
        let frozen = self.principal().freeze(places)?;
        match frozen.vanished.into_iter().next() {
            Some(name) => Err(WeightsError::Vanishes { name, places }),
            None => Ok((frozen.weights, consistency)),
        }
    }

    /// The judgement that deviates most from the weights, up or down: the largest `a·w_j/w_i` or its inverse. Several where they deviate
    /// equally (as in a circle), none where fewer than three names are compared or the judgements agree exactly.
    pub fn suspects(&self) -> Vec<Suspect> {
        if self.names.len() < 3 || self.is_exactly_consistent() {
            return Vec::new();
        }
        let matrix = self.matrix();
        let worst = matrix.worst(pairs(self.names.len()));
        let suspect = |(i, j): (usize, usize)| {
            let judged = (0..self.people.len()).filter_map(|person| self.judgement(person, i, j)).collect();
            Suspect::new(self.names[i].clone(), self.names[j].clone(), judged, matrix.without(i, j))
        };
        worst.into_iter().map(suspect).collect()
    }

    /// Whether all judgements follow from those on the first name, exactly. Never claimed of fractions too fine to compute with, nor of
    /// a group, whose mean is not exact.
    fn is_exactly_consistent(&self) -> bool {
        let follows = |(i, j): (usize, usize)| {
            let (left, right, direct) = (self.judgement(0, i, 0)?, self.judgement(0, 0, j)?, self.judgement(0, i, j)?);
            let numerator = left.numerator().checked_mul(right.numerator())?;
            let by_way = Ratio::new(numerator, left.denominator().checked_mul(right.denominator())?).ok()?;
            Some(by_way == direct)
        };
        self.people.len() == 1 && pairs(self.names.len()).all(|pair| follows(pair) == Some(true))
    }

    /// The geometric means over the people, in floating point.
    fn matrix(&self) -> Matrix {
        let cell =
            |i, j| (0..self.people.len()).filter_map(move |person| self.judgement(person, i, j)).map(Ratio::to_f64).collect();
        Matrix::of_means(self.names.len(), cell)
    }

    fn shares(&self, weights: &[f64]) -> Shares {
        Shares::of_weights(self.names.iter().cloned().zip(weights.iter().copied()).collect())
    }
}

fn check_names(names: &[Name]) -> Result<(), WeightsError> {
    match (names.len(), repeated(names)) {
        (0, _) => Err(WeightsError::Nothing),
        (found, _) if found > Pairwise::MOST => Err(WeightsError::TooMany { found, most: Pairwise::MOST }),
        (_, Some(name)) => Err(WeightsError::Twice(name.clone())),
        (_, None) => Ok(()),
    }
}

/// Within 1/1000 to 1000: there the eigenvector provably converges.
fn check_judgement(of: &Name, over: &Name, ratio: Ratio) -> Result<(), WeightsError> {
    let large = |ratio: Ratio| Ratio::new(1000, 1).is_ok_and(|most| ratio > most);
    if ratio <= Ratio::ZERO || large(ratio) || reciprocal(ratio).is_none_or(large) {
        return Err(WeightsError::JudgementOutOfRange { of: of.clone(), over: over.clone(), ratio });
    }
    Ok(())
}

fn reciprocal(ratio: Ratio) -> Option<Ratio> {
    Ratio::new(ratio.denominator(), ratio.numerator()).ok()
}

/// Where the judgement on a pair stands, in either direction; nowhere for a name and itself.
fn index(size: usize, i: usize, j: usize) -> Option<usize> {
    let (row, column) = (i.min(j), i.max(j));
    (row < column).then(|| row * (2 * size - row - 1) / 2 + column - row - 1)
}

/// All pairs above the diagonal, row by row.
fn pairs(size: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..size).flat_map(move |i| (i + 1..size).map(move |j| (i, j)))
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    names: Vec<Name>,
    people: Vec<Vec<Ratio>>,
}

impl TryFrom<Wire> for Pairwise {
    type Error = WeightsError;

    fn try_from(wire: Wire) -> Result<Pairwise, WeightsError> {
        check_names(&wire.names)?;
        let pairs: Vec<(usize, usize)> = pairs(wire.names.len()).collect();
        for person in &wire.people {
            let name = |at: usize| wire.names[at].clone();
            match pairs.get(person.len()) {
                Some((i, j)) => return Err(WeightsError::NotJudged(name(*i), name(*j))),
                // More judgements than pairs.
                None if person.len() > pairs.len() => {
                    let last = wire.names.len() - 1;
                    return Err(WeightsError::JudgedTwice(name(last.saturating_sub(1)), name(last)));
                }
                None => {}
            }
            for ((i, j), ratio) in pairs.iter().zip(person) {
                check_judgement(&wire.names[*i], &wire.names[*j], *ratio)?;
            }
        }
        if wire.people.is_empty() { Err(WeightsError::Nothing) } else { Ok(Pairwise { names: wire.names, people: wire.people }) }
    }
}

impl From<Pairwise> for Wire {
    fn from(pairwise: Pairwise) -> Wire {
        Wire { names: pairwise.names, people: pairwise.people }
    }
}
