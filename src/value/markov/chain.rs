use super::{MarkovError, fraction::Fraction};
use crate::{
    money::Ratio,
    numeric::{lcm, solve},
};
use alloc::{vec, vec::Vec};
use num_bigint::BigInt;
use num_traits::{One, ToPrimitive, Zero};

/// The chances of a chain in whole numbers, of any size.
pub(super) struct Chain {
    /// For each state, the common denominator of its chances.
    scales: Vec<BigInt>,
    /// For each state, its chances times that denominator.
    rows: Vec<Vec<BigInt>>,
}

/// What a reward a period later is worth now: `above / below`, at most one.
pub(super) struct Discount {
    pub(super) above: BigInt,
    pub(super) below: BigInt,
}

impl Discount {
    pub(super) fn none() -> Discount {
        Discount { above: BigInt::one(), below: BigInt::one() }
    }
}

/// The longest number that a computation over periods may need, in bits.
const MOST_BITS: u64 = 1 << 18;

/// The most work that such a computation may make: with every period each chance meets a number that has grown by so many bits, so it
/// is counted as periods² · states² · bits, and again for every further 64 bits of a chance. This much takes about a second at most.
const MOST_WORK: u64 = 1 << 37;

impl Chain {
    pub(super) fn of(rows: &[Vec<Ratio>]) -> Chain {
        let scale = |row: &Vec<Ratio>| row.iter().fold(BigInt::one(), |scale, chance| lcm(scale, &chance.denominator().into()));
        let scales: Vec<BigInt> = rows.iter().map(scale).collect();
        let whole = |(row, scale): (&Vec<Ratio>, &BigInt)| {
            row.iter().map(|chance| scale / chance.denominator() * chance.numerator()).collect()
        };
        Chain { rows: rows.iter().zip(&scales).map(whole).collect(), scales }
    }

    fn leads(&self, from: usize, to: usize) -> bool {
        !self.rows[from][to].is_zero()
    }

    /// The states that a state leads to, itself included, not looking beyond `wall`.
    pub(super) fn reached(&self, from: usize, wall: Option<usize>) -> Vec<bool> {
        let mut reached = vec![false; self.rows.len()];
        reached[from] = true;
        let mut open = vec![from];
        while let Some(state) = open.pop() {
            if Some(state) == wall {
                continue;
            }
            for (next, seen) in reached.iter_mut().enumerate().filter(|(next, _)| self.leads(state, *next)) {
                if !*seen {
                    *seen = true;
                    open.push(next);
                }
            }
        }
        reached
    }

    /// For each state, whether it is recurrent: wherever customers go from it, they can come back.
    pub(super) fn recurrent(&self) -> Vec<bool> {
        let reached: Vec<Vec<bool>> = (0..self.rows.len()).map(|state| self.reached(state, None)).collect();
        let comes_back = |state: usize| (0..reached.len()).all(|other| !reached[state][other] || reached[other][state]);
        (0..reached.len()).map(comes_back).collect()
    }

    /// Solves `x = right + discount · P · x` over some of the states. `None` if that has no single solution.
    pub(super) fn sum_forever(&self, states: &[usize], discount: &Discount, right: &[i64]) -> Option<Vec<Fraction>> {
        let entry = |from: usize, to: usize| {
            let kept = if from == to { &self.scales[from] * &discount.below } else { BigInt::zero() };
            kept - &self.rows[from][to] * &discount.above
        };
        let matrix = states.iter().map(|&from| states.iter().map(|&to| entry(from, to)).collect()).collect();
        let right = states.iter().zip(right).map(|(&from, &value)| &self.scales[from] * &discount.below * value).collect();
        let (x, below) = solve(matrix, right)?;
        Some(x.into_iter().map(|above| Fraction::new(above, below.clone())).collect())
    }

    /// One denominator for all states, and the chances times that denominator.
    fn common(&self) -> (BigInt, Vec<Vec<BigInt>>) {
        let common = self.scales.iter().fold(BigInt::one(), lcm);
        let whole = |(row, scale): (&Vec<BigInt>, &BigInt)| row.iter().map(|chance| chance * (&common / scale)).collect();
        let rows = self.rows.iter().zip(&self.scales).map(whole).collect();
        (common, rows)
    }

    /// The sum of `right` now and after each of `periods` further periods, discounted.
    pub(super) fn sum_for(&self, periods: u32, discount: &Discount, right: &[i64]) -> Result<Vec<Fraction>, MarkovError> {
        let (common, rows) = self.common();
        let below = &common * &discount.below;
        self.within_limit(periods, &below)?;
        let mut values: Vec<BigInt> = right.iter().map(|&value| value.into()).collect();
        let mut power = BigInt::one();
        for _ in 0..periods {
            power *= &below;
            let next = |(row, &value): (&Vec<BigInt>, &i64)| {
                let later: BigInt = row.iter().zip(&values).map(|(chance, value)| chance * value).sum();
                &power * value + later * &discount.above
            };
            values = rows.iter().zip(right).map(next).collect();
        }
        Ok(values.into_iter().map(|above| Fraction::new(above, power.clone())).collect())
    }

    /// Where so many customers a state are after so many periods.
    pub(super) fn project(&self, customers: &[u64], periods: u32) -> Result<Vec<Fraction>, MarkovError> {
        let (common, rows) = self.common();
        self.within_limit(periods, &common)?;
        let mut heads: Vec<BigInt> = customers.iter().map(|&n| n.into()).collect();
        let mut power = BigInt::one();
        for _ in 0..periods {
            power *= &common;
            heads = (0..rows.len()).map(|to| heads.iter().zip(&rows).map(|(heads, row)| heads * &row[to]).sum()).collect();
        }
        Ok(heads.into_iter().map(|above| Fraction::new(above, power.clone())).collect())
    }

    fn within_limit(&self, periods: u32, denominator: &BigInt) -> Result<(), MarkovError> {
        // A denominator above zero has at least one bit; with at most 16 states it has less than 2^12.
        let (bits, states) = (denominator.bits().max(1), self.rows.len().max(1) as u64);
        let each = (states * states).saturating_mul(bits).saturating_mul(bits.div_ceil(64));
        let most = (MOST_BITS / bits).min((MOST_WORK / each).isqrt()).to_u32().unwrap_or(u32::MAX);
        if periods <= most { Ok(()) } else { Err(MarkovError::TooLong { periods, most }) }
    }

    /// The shares that a period leaves as they are, over states that all lead to each other and nowhere else.
    pub(super) fn steady(&self, states: &[usize]) -> Option<Vec<Fraction>> {
        // The unknowns are the shares, each divided by the denominator of its state: a common denominator of all would be long.
        let balance = |&to: &usize| {
            let stays = |from: usize| if from == to { self.scales[from].clone() } else { BigInt::zero() };
            states.iter().map(|&from| &self.rows[from][to] - stays(from)).collect::<Vec<BigInt>>()
        };
        // One balance follows from the others; in its place the shares add up to one.
        let mut matrix: Vec<Vec<BigInt>> = states.iter().skip(1).map(balance).collect();
        matrix.push(states.iter().map(|&state| self.scales[state].clone()).collect());
        let mut right = vec![BigInt::zero(); states.len()];
        *right.last_mut()? = BigInt::one();
        let (x, below) = solve(matrix, right)?;
        let share = |(above, &state): (BigInt, &usize)| Fraction::new(above * &self.scales[state], below.clone());
        Some(x.into_iter().zip(states).map(share).collect())
    }

    /// The period of states that all lead to each other: the greatest number that divides the length of every way back.
    pub(super) fn period(&self, states: &[usize]) -> u32 {
        let Some(&start) = states.first() else { return 1 };
        let mut level = vec![None; self.rows.len()];
        level[start] = Some(0_u32);
        let mut open = vec![start];
        let mut period = 0;
        while let Some(from) = open.pop() {
            let next = level[from].unwrap_or(0) + 1;
            for &to in states.iter().filter(|&&to| self.leads(from, to)) {
                match level[to] {
                    None => {
                        level[to] = Some(next);
                        open.push(to);
                    }
                    Some(seen) => period = gcd(period, next.abs_diff(seen)),
                }
            }
        }
        period.max(1)
    }
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}
