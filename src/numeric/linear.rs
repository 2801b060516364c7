use alloc::{vec, vec::Vec};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// The least common multiple of two numbers above zero.
pub(crate) fn lcm(a: BigInt, b: &BigInt) -> BigInt {
    let reduced = BigRational::new(b.clone(), a.clone());
    a * reduced.numer()
}

/// Solves `matrix · x = right` for whole numbers, exactly: `x = numerators / denominator`, the denominator above zero. `None` for a
/// singular matrix.
///
/// Elimination without fractions (Bareiss 1968): every division leaves no rest, and no number outgrows a determinant of the matrix.
pub(crate) fn solve(mut matrix: Vec<Vec<BigInt>>, right: Vec<BigInt>) -> Option<(Vec<BigInt>, BigInt)> {
    let size = matrix.len();
    for (row, value) in matrix.iter_mut().zip(right) {
        row.push(value);
    }
    let mut before = BigInt::one();
    for step in 0..size {
        let pivot = (step..size).find(|&row| !matrix[row][step].is_zero())?;
        matrix.swap(step, pivot);
        let (done, rest) = matrix.split_at_mut(step + 1);
        let pivot = &done[step];
        for row in rest {
            let factor = row[step].clone();
            for at in step..=size {
                row[at] = (&row[at] * &pivot[step] - &factor * &pivot[at]) / &before;
            }
        }
        before.clone_from(&matrix[step][step]);
    }
    // `before` is the determinant, up to its sign, and the denominator of every unknown (Cramer).
    let mut x = vec![BigInt::zero(); size];
    for row in (0..size).rev() {
        let known: BigInt = (row + 1..size).map(|at| &matrix[row][at] * &x[at]).sum();
        x[row] = (&matrix[row][size] * &before - known) / &matrix[row][row];
    }
    Some(if before.is_negative() { (x.into_iter().map(|v| -v).collect(), -before) } else { (x, before) })
}

/// `numerator / denominator` as a floating-point number, of whole numbers of any size; the denominator is above zero.
pub(crate) fn quotient(numerator: &BigInt, denominator: &BigInt) -> f64 {
    // 64 significant bits of the quotient, rounded again by the conversion: off by at most one unit in the last place.
    let bits = |n: &BigInt| i64::try_from(n.bits()).unwrap_or(i64::MAX);
    let shift = 66 - bits(numerator) + bits(denominator);
    let whole = if shift >= 0 { (numerator << shift) / denominator } else { numerator / (denominator << -shift) };
    #[allow(clippy::cast_precision_loss)]
    let mantissa = whole.to_i128().unwrap_or(0) as f64;
    libm::scalbn(mantissa, i32::try_from(-shift).unwrap_or(i32::MIN))
}

#[cfg(test)]
mod tests {
    use super::{lcm, quotient, solve};
    use alloc::{vec, vec::Vec};
    use num_bigint::BigInt;

    fn big(values: &[i64]) -> Vec<BigInt> {
        values.iter().map(|v| BigInt::from(*v)).collect()
    }

    #[test]
    fn a_system_is_solved_exactly() {
        // x = 2, y = 3, z = −1.
        let rows = vec![big(&[2, 1, -1]), big(&[-3, -1, 2]), big(&[-2, 1, 2])];
        let (x, d) = solve(rows, big(&[8, -11, -3])).unwrap();
        assert_eq!((x, d), (big(&[2, 3, -1]), BigInt::from(1)));
        // A pivot of zero needs another row; a half stays a half.
        let (x, d) = solve(vec![big(&[0, 2]), big(&[4, 0])], big(&[1, 8])).unwrap();
        assert!(d > BigInt::from(0) && x[0] == &d * 2 && &x[1] * 2 == d);
        assert_eq!(solve(vec![big(&[1, 2]), big(&[2, 4])], big(&[1, 2])), None);
        assert_eq!(solve(vec![], vec![]), Some((vec![], BigInt::from(1))));
    }

    #[test]
    fn quotients_of_large_numbers_keep_their_digits() {
        let power = |n: u32| BigInt::from(10).pow(n);
        for (n, d, want) in [
            (power(40), power(39) * 3, 10.0 / 3.0),
            (BigInt::from(-1), power(30), -1e-30),
            (power(60), BigInt::from(1), 1e60),
            (BigInt::from(0), BigInt::from(7), 0.0),
        ] {
            assert!((quotient(&n, &d) - want).abs() <= 3e-16 * want.abs(), "{n}/{d}");
        }
    }

    #[test]
    fn the_least_common_multiple_is_the_least() {
        assert_eq!(lcm(BigInt::from(12), &BigInt::from(18)), BigInt::from(36));
        assert_eq!(lcm(BigInt::from(7), &BigInt::from(1)), BigInt::from(7));
    }
}
