//! The same grades by a loop that knows the model by heart: the floor.

use crate::population::{CUTS, Population, WEIGHTS};

/// Ranks, 1 for the best. The rules meet nowhere in a contradiction, so they are applied one after the other.
pub fn grade(customers: &Population) -> Vec<u8> {
    const CELLS: [u8; 12] = [4, 4, 3, 4, 3, 2, 3, 2, 2, 2, 1, 1];
    let bin = |cuts: &[i64; 4], value: i64, unit: i64| cuts.iter().map(|cut| i64::from(value > cut * unit)).sum::<i64>();
    let grade = |i: usize| {
        let sales = customers.sales[i];
        // Hundredths of a point: a twentieth of a level is five of them.
        let score = 5
            * (WEIGHTS[0] * (5 - bin(&CUTS[0].1, customers.recency[i], 1))
                + WEIGHTS[1] * (1 + bin(&CUTS[1].1, customers.orders[i], 1))
                + WEIGHTS[2] * (1 + bin(&CUTS[2].1, sales, 100))
                + WEIGHTS[3] * (1 + bin(&CUTS[3].1, customers.margin[i], 10))
                + WEIGHTS[4] * (1 + bin(&CUTS[4].1, customers.referrals[i], 1))
                + WEIGHTS[5] * [1, 2, 4, 5][customers.potential[i] as usize]);
        let row = usize::from(score > 200) + usize::from(score > 300) + usize::from(score > 400);
        let column = usize::from(sales > 500_00) + usize::from(sales > 2_500_00);
        let mut rank = CELLS[row * 3 + column];
        if customers.potential[i] == 3 {
            rank = rank.min(3);
        }
        if customers.recency[i] > 365 && sales < 3_000_00 {
            rank = rank.max(3);
        }
        if sales >= 3_000_00 { 1 } else { rank }
    };
    (0..customers.len()).map(grade).collect()
}
