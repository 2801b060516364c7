//! The likelihood where a purchase may be the last: BG/NBD, MBG/NBD, and NBD where it never is; with a regular rhythm also the CNBD forms.

use super::{PurchaseCounts, Summary, climb::Kernel, hidden::Hidden};
use crate::numeric::{Jet, count, ln_per_dispersion, ln_rising};
use alloc::vec::Vec;
use core::num::NonZeroU8;

/// One row of the table; times are places in the list of days.
struct Row {
    x: u32,
    t_x: usize,
    t: usize,
    customers: f64,
}

/// A table ready for evaluation at many parameters.
pub(super) struct Coin {
    /// In order of x.
    rows: Vec<Row>,
    /// Every time that occurs, in the climb's unit.
    times: Vec<f64>,
    /// Events to a purchase.
    regularity: NonZeroU8,
    /// 1 where a customer may drop out after the first purchase too.
    first: u32,
}

impl Coin {
    pub(super) fn new(counts: &PurchaseCounts, regularity: NonZeroU8, first: bool, days_per_unit: f64) -> Coin {
        let mut days: Vec<u32> = counts.rows().flat_map(|(s, _)| [s.t_x_days(), s.t_days()]).collect();
        days.sort_unstable();
        days.dedup();
        // Every day asked for is in the list.
        let place = |day: u32| days.partition_point(|d| *d < day);
        let row = |(s, customers): (Summary, u64)| Row {
            x: s.x(),
            t_x: place(s.t_x_days()),
            t: place(s.t_days()),
            customers: count(customers),
        };
        let rows = counts.rows().map(row).collect();
        Coin { rows, times: days.iter().map(|d| f64::from(*d) / days_per_unit).collect(), regularity, first: first.into() }
    }
}

/// What a time u contributes beside x events: `h(u) = ln(1 + φmu)/φ + x·ln(1 + φmu)`, taken apart by what is multiplied with x.
struct Elapsed {
    u: f64,
    /// m·u.
    mu: f64,
    /// `ln(1 + φmu)/φ`, and its derivatives by φ.
    stretch: [f64; 3],
    /// `ln(1 + φmu)`, and `1/(1 + φmu)`.
    log: f64,
    rest: f64,
}

/// The derivatives of h(u) by m and φ.
struct Slopes {
    m: f64,
    phi: f64,
    mm: f64,
    m_phi: f64,
    phi_phi: f64,
}

impl Slopes {
    fn subtract(&mut self, hidden: &Hidden) {
        self.m -= hidden.first[0];
        self.phi -= hidden.first[1];
        self.mm -= hidden.second[0];
        self.m_phi -= hidden.second[1];
        self.phi_phi -= hidden.second[2];
    }
}

impl Elapsed {
    fn slopes(&self, x: f64, phi: f64) -> Slopes {
        let Elapsed { u, mu, stretch, rest, .. } = *self;
        let n = 1.0 + x * phi;
        Slopes {
            m: n * u * rest,
            phi: stretch[1] + x * mu * rest,
            mm: -n * phi * (u * rest) * (u * rest),
            m_phi: (x - mu) * u * rest * rest,
            phi_phi: stretch[2] - x * (mu * rest) * (mu * rest),
        }
    }
}

impl Kernel for Coin {
    /// The sum over all customers at the mean m and the dispersion φ of the rate, the mean p and the dispersion ψ of the chance.
    ///
    /// With r = 1/φ, α = r/m, n events up to the last purchase and k the purchases that may have ended it (`x`, or `x + 1` with the
    /// first), a customer’s likelihood is `Γ(r+n)/Γ(r) · αʳ(α+T)^−(r+n) · A · E[(1−p)ᵏ]` times one plus the odds of having dropped out,
    /// `o = (α+T)^(r+n)/(α+t_x)^(r+n)/A · E[p(1−p)^(k−1)]/E[(1−p)ᵏ]`: nothing is subtracted, nothing overflows, and φ = 0, ψ = 0 and
    /// p = 0 are values like others. A stands for the events since the last purchase that do not yet make one, see [`Hidden`]; it is 1
    /// for purchases at random.
    fn at(&self, &[m, phi, p, psi, _]: &[f64; 5]) -> Jet<5> {
        let elapsed = |&u: &f64| {
            let mu = m * u;
            Elapsed { u, mu, stretch: ln_per_dispersion(mu, phi), log: libm::log1p(phi * mu), rest: 1.0 / (1.0 + phi * mu) }
        };
        let elapsed: Vec<Elapsed> = self.times.iter().map(elapsed).collect();
        // A mean of 1 is one that rounds to it.
        let (q, log_m, regular) = ((1.0 - p).max(f64::EPSILON / 16.0), libm::log(m), self.regularity.get() > 1);
        let mut sum = Jet::ZERO;
        for group in self.rows.chunk_by(|a, b| a.x == b.x) {
            let (n, x) = (group[0].x, self.events(group[0].x));
            let ([value, by_phi, phi_phi], chance) = self.terms(n, [phi, q, psi]);
            sum.add(group.iter().map(|row| row.customers).sum(), &chance);
            // Of the odds of having dropped out: what depends on x alone.
            let k = n.saturating_add(self.first);
            let (may_end, j) = (k > 0 && p > 0.0, f64::from(k.max(1) - 1));
            let rest = q + j * psi;
            let (log_chance, by_chance) = (libm::log(p / rest), [1.0 / p + 1.0 / rest, -j / rest]);
            // The sums of the probability, of its bend, and of the bend times the slope of the odds by m and by φ.
            let (mut all_gone, mut bends, mut sloped) = (0.0, 0.0, [0.0; 2]);
            for row in group {
                let (times, end) = (row.customers, &elapsed[row.t]);
                let mut slopes = end.slopes(x, phi);
                let mut hidden = 0.0;
                if regular {
                    let w = end.u - self.times[row.t_x];
                    let of = Hidden::at(self.regularity, x, w, m, phi, end.u);
                    hidden = of.value;
                    slopes.subtract(&of);
                }
                // What time takes back is taken from each row, and not from a sum of large numbers.
                let mut one = value + (x * (log_m - end.log) - end.stretch[0] + hidden);
                let mut first = [x / m - slopes.m, by_phi - slopes.phi];
                let mut second = [-x / (m * m) - slopes.mm, -slopes.m_phi, phi_phi - slopes.phi_phi];
                if may_end {
                    let last = &elapsed[row.t_x];
                    let then = last.slopes(x, phi);
                    let odds = (end.stretch[0] - last.stretch[0]) + x * (end.log - last.log) + log_chance - hidden;
                    // The probability of having dropped out, and its complement.
                    let small = libm::exp(-odds.abs());
                    let (less, more) = (small / (1.0 + small), 1.0 / (1.0 + small));
                    let (gone, bend) = (if odds > 0.0 { more } else { less }, less * more);
                    let slope = [slopes.m - then.m, slopes.phi - then.phi];
                    one += odds.max(0.0) + libm::log1p(small);
                    first[0] += gone * slope[0];
                    first[1] += gone * slope[1];
                    second[0] += gone * (slopes.mm - then.mm) + bend * slope[0] * slope[0];
                    second[1] += gone * (slopes.m_phi - then.m_phi) + bend * slope[0] * slope[1];
                    second[2] += gone * (slopes.phi_phi - then.phi_phi) + bend * slope[1] * slope[1];
                    all_gone += times * gone;
                    bends += times * bend;
                    sloped[0] += times * bend * slope[0];
                    sloped[1] += times * bend * slope[1];
                }
                sum.value += times * one;
                sum.first[0] += times * first[0];
                sum.first[1] += times * first[1];
                sum.second[0][0] += times * second[0];
                sum.second[0][1] += times * second[1];
                sum.second[1][1] += times * second[2];
            }
            if may_end {
                for (i, slope) in by_chance.into_iter().enumerate() {
                    sum.first[2 + i] += all_gone * slope;
                    sum.second[0][2 + i] += sloped[0] * slope;
                    sum.second[1][2 + i] += sloped[1] * slope;
                    sum.second[2][2 + i] += bends * by_chance[0] * slope;
                }
                sum.second[3][3] += bends * by_chance[1] * by_chance[1];
                sum.second[2][2] += all_gone * (1.0 / (rest * rest) - 1.0 / (p * p));
                sum.second[2][3] -= all_gone * j / (rest * rest);
                sum.second[3][3] += all_gone * j * j / (rest * rest);
            }
        }
        sum
    }
}

impl Coin {
    /// The events that so many repeat purchases took.
    fn events(&self, x: u32) -> f64 {
        f64::from(self.regularity.get()) * f64::from(x)
    }

    /// What depends on x alone: `Σ_{j<n} ln(1 + jφ) + Σ_{j<k} [ln(q + jψ) − ln(1 + jψ)]` with the derivatives by φ; apart from these,
    /// those by p and ψ.
    fn terms(&self, x: u32, [phi, q, psi]: [f64; 3]) -> ([f64; 3], Jet<5>) {
        let k = f64::from(x.saturating_add(self.first));
        let ([rate, rate_1, rate_2], [all, all_1, all_2]) = (ln_rising(self.events(x), phi), ln_rising(k, psi));
        // Σ ln(q + jψ) = k·ln q + Σ ln(1 + j·ψ/q)
        let [stay, stay_1, stay_2] = ln_rising(k, psi / q);
        let size = psi / q;
        let mut terms = Jet::ZERO;
        terms.first[2] = (size * stay_1 - k) / q;
        terms.first[3] = stay_1 / q - all_1;
        terms.second[2][2] = (size * (size * stay_2 + 2.0 * stay_1) - k) / (q * q);
        terms.second[2][3] = (size * stay_2 + stay_1) / (q * q);
        terms.second[3][3] = stay_2 / (q * q) - all_2;
        ([rate + k * libm::log(q) + stay - all, rate_1, rate_2], terms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(regularity: u8, first: bool) -> Coin {
        let mut counts = PurchaseCounts::new();
        for (x, t_x, t, n) in [(0, 0, 40, 3), (1, 3, 40, 2), (2, 39, 40, 5), (4, 40, 40, 1), (30, 300, 350, 1), (0, 0, 0, 2)] {
            assert!(Summary::new(x, t_x, t).and_then(|s| counts.push(s, n)).is_ok());
        }
        Coin::new(&counts, NonZeroU8::new(regularity).unwrap_or(NonZeroU8::MIN), first, 7.0)
    }

    #[test]
    fn derivatives_are_those_of_the_values() {
        for (k, first) in [(1, false), (1, true), (2, true), (3, false), (40, true)] {
            let coin = table(k, first);
            for at in [[0.3, 0.8, 0.2, 0.4, 0.0], [2.0, 3.0, 0.6, 2.0, 0.0], [0.05, 0.01, 0.02, 0.03, 0.0]] {
                let jet = coin.at(&at);
                for i in 0..4 {
                    let step = 1e-5 * at[i];
                    let [low, high] = [-step, step].map(|step| {
                        let mut there = at;
                        there[i] += step;
                        coin.at(&there)
                    });
                    let near = |found: f64, slope: f64| (found - slope).abs() <= 1e-5 * (1.0 + found.abs());
                    let by = |of: &dyn Fn(&Jet<5>) -> f64| (of(&high) - of(&low)) / (2.0 * step);
                    assert!(near(jet.first[i], by(&|jet| jet.value)), "{k} {first} {at:?} {i}");
                    for j in 0..4 {
                        let (row, column) = (i.min(j), i.max(j));
                        let (found, slope) = (jet.second[row][column], by(&|jet| jet.first[j]));
                        assert!(near(found, slope), "{k} {first} {at:?} {i} {j}: {found} {slope}");
                    }
                }
            }
        }
    }

    #[test]
    fn those_who_are_alike_and_those_who_stay_are_values_like_others() {
        for k in [1, 3] {
            let coin = table(k, true);
            for (limit, close) in [
                ([0.3, 0.0, 0.2, 0.4, 0.0], [0.3, 1e-9, 0.2, 0.4, 0.0]),
                ([0.3, 0.8, 0.2, 0.0, 0.0], [0.3, 0.8, 0.2, 1e-9, 0.0]),
                ([0.3, 0.8, 0.0, 0.0, 0.0], [0.3, 0.8, 1e-9, 0.0, 0.0]),
            ] {
                let (limit, close) = (coin.at(&limit), coin.at(&close));
                assert!((limit.value - close.value).abs() < 1e-5, "{k}");
                assert!((limit.first[0] - close.first[0]).abs() < 1e-4 && limit.second[1][1].is_finite(), "{k}");
            }
        }
    }
}
