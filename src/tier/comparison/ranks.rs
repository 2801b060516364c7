use alloc::{vec, vec::Vec};

/// How well two rankings of the same customers agree: Kendall's τ-b and Spearman's ρ, with the counts they rest on.
///
/// τ-b (Kendall 1945) is (concordant − discordant) / √(pairs not tied in the first · pairs not tied in the second), counted in
/// O(n log n) as Knight (1966) does it. ρ (Spearman 1904) is the correlation of the mid-ranks. Both sums are whole numbers, so that the
/// order in which customers come decides nothing.
///
/// ```
/// use customer_value::tier::comparison::RankAgreement;
///
/// let ranks = RankAgreement::of([(1, 1), (2, 3), (3, 2), (4, 4)]);
/// assert_eq!((ranks.concordant(), ranks.discordant()), (5, 1));
/// assert_eq!((ranks.tau_b(), ranks.spearman()), (Some(2.0 / 3.0), Some(0.8)));
/// assert_eq!(RankAgreement::of([(1, 7), (2, 7)]).tau_b(), None); // whoever is equal has no rank
/// ```
#[doc(alias = "秩相关")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RankAgreement {
    customers: usize,
    concordant: i128,
    discordant: i128,
    tied_in_first: i128,
    tied_in_second: i128,
    /// Of doubled mid-ranks, less their mean: the sum of the products, and of the squares of each.
    products: i128,
    squares: (i128, i128),
}

/// The groups of equals in a sorted list.
fn groups<T>(sorted: &[T], same: impl Fn(&T, &T) -> bool) -> impl Iterator<Item = core::ops::Range<usize>> {
    let mut from = 0;
    core::iter::from_fn(move || {
        let first = sorted.get(from)?;
        let to = sorted[from..].iter().position(|other| !same(first, other)).map_or(sorted.len(), |length| from + length);
        let group = from..to;
        from = to;
        Some(group)
    })
}

/// What can be counted as a whole number: a length in memory.
fn whole(length: usize) -> i128 {
    i128::try_from(length).unwrap_or(i128::MAX)
}

/// The pairs of so many.
fn pairs(of: usize) -> i128 {
    let n = whole(of);
    n * (n - 1) / 2
}

impl RankAgreement {
    /// Compares two scorings; each customer has a place in both.
    pub fn of<A: Ord, B: Ord>(scores: impl IntoIterator<Item = (A, B)>) -> RankAgreement {
        let mut scores: Vec<(A, B)> = scores.into_iter().collect();
        scores.sort_unstable();
        let n = scores.len();
        // The doubled mid-rank of the places `from..to` is `from + to + 1`, and the mean of all is `n + 1`.
        let place = |group: &core::ops::Range<usize>| whole(group.start) + whole(group.end) - whole(n);

        let mut first = vec![0_i128; n];
        let mut tied_in_first = 0;
        for group in groups(&scores, |a, b| a.0 == b.0) {
            tied_in_first += pairs(group.len());
            let place = place(&group);
            first[group].fill(place);
        }
        let tied_in_both: i128 = groups(&scores, |a, b| a == b).map(|group| pairs(group.len())).sum();

        let mut by_second: Vec<usize> = (0..n).collect();
        by_second.sort_unstable_by(|&a, &b| scores[a].1.cmp(&scores[b].1));
        let mut second = vec![0_i128; n];
        let mut tied_in_second = 0;
        for group in groups(&by_second, |&a, &b| scores[a].1 == scores[b].1) {
            tied_in_second += pairs(group.len());
            let place = place(&group);
            by_second[group].iter().for_each(|&customer| second[customer] = place);
        }

        let products = first.iter().zip(&second).map(|(a, b)| a * b).sum();
        let squares = (first.iter().map(|a| a * a).sum(), second.iter().map(|b| b * b).sum());
        let discordant = inversions(second);
        let (tied_in_first, tied_in_second) = (tied_in_first - tied_in_both, tied_in_second - tied_in_both);
        let concordant = pairs(n) - discordant - tied_in_first - tied_in_second - tied_in_both;
        RankAgreement { customers: n, concordant, discordant, tied_in_first, tied_in_second, products, squares }
    }

    /// The number of customers.
    pub const fn customers(&self) -> usize {
        self.customers
    }

    /// The pairs of customers that both scorings order the same way.
    pub const fn concordant(&self) -> u128 {
        self.concordant.unsigned_abs()
    }

    /// The pairs of customers that the two scorings order in opposite ways.
    pub const fn discordant(&self) -> u128 {
        self.discordant.unsigned_abs()
    }

    /// The pairs that only the first scoring holds equal.
    pub const fn tied_in_first(&self) -> u128 {
        self.tied_in_first.unsigned_abs()
    }

    /// The pairs that only the second scoring holds equal.
    pub const fn tied_in_second(&self) -> u128 {
        self.tied_in_second.unsigned_abs()
    }

    /// Kendall's τ-b, −1 to 1; `None` if one scoring holds all customers equal, or there are fewer than two.
    #[doc(alias = "肯德尔")]
    pub fn tau_b(&self) -> Option<f64> {
        let ordered = self.concordant + self.discordant;
        correlation(self.concordant - self.discordant, ordered + self.tied_in_second, ordered + self.tied_in_first)
    }

    /// Spearman's ρ of mid-ranks, −1 to 1; `None` if one scoring holds all customers equal, or there are fewer than two.
    #[doc(alias = "斯皮尔曼")]
    pub fn spearman(&self) -> Option<f64> {
        correlation(self.products, self.squares.0, self.squares.1)
    }
}

/// `sum / √(first · second)`, in operations that IEEE rounds correctly.
#[allow(clippy::cast_precision_loss)]
fn correlation(sum: i128, first: i128, second: i128) -> Option<f64> {
    (first > 0 && second > 0).then(|| (sum as f64 / libm::sqrt(first as f64 * second as f64)).clamp(-1.0, 1.0))
}

/// The pairs of which the earlier is the greater, by merging ever longer runs.
fn inversions(mut list: Vec<i128>) -> i128 {
    let (mut merged, mut count) = (Vec::with_capacity(list.len()), 0);
    let mut length = 1;
    while length < list.len() {
        merged.clear();
        for run in list.chunks(length.saturating_mul(2)) {
            let (mut left, mut right) = run.split_at(length.min(run.len()));
            while let (Some(&l), Some(&r)) = (left.first(), right.first()) {
                if l <= r {
                    merged.push(l);
                    left = &left[1..];
                } else {
                    // It passes all that are still waiting on the left.
                    count += whole(left.len());
                    merged.push(r);
                    right = &right[1..];
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        core::mem::swap(&mut list, &mut merged);
        length = length.saturating_mul(2);
    }
    count
}
