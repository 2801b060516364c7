//! Purchases to come where every k-th event of the process is one: exact sums of positive terms.

use super::{chance::Chance, events::Events};
use crate::numeric::GAUSS_LEGENDRE;
use alloc::vec::Vec;

/// Terms that are taken one by one; those of more purchases are integrated.
const FEW: f64 = 512.0;

/// The events to come of a customer of whom `j` have been since the last purchase, with these probabilities: k − j are missing to the next
/// purchase, k to every further one.
#[derive(Clone, Debug)]
pub(super) struct Rhythm<'a> {
    k: f64,
    /// The probabilities of 0, 1, … k − 1 events since.
    hidden: &'a [f64],
    /// The probabilities of more than i, and of i and fewer.
    beyond: Vec<f64>,
    within: Vec<f64>,
    /// To come after none since; each since raises the rate.
    events: Events,
}

impl Rhythm<'_> {
    /// With the probabilities of 0, 1, … k − 1 events since the last purchase.
    pub(super) fn new(hidden: &[f64], events: Events) -> Rhythm<'_> {
        let sums = |of: &mut dyn Iterator<Item = &f64>| -> Vec<f64> {
            let mut sum = 0.0;
            of.take(hidden.len() - 1).map(|weight| (sum += weight, sum).1).collect()
        };
        let (within, mut beyond) = (sums(&mut hidden.iter()), sums(&mut hidden.iter().rev()));
        beyond.reverse();
        let k = hidden.iter().fold(0.0, |k, _| k + 1.0);
        Rhythm { k, hidden, beyond, within, events }
    }

    /// The events to come after so many since the last purchase.
    fn after(&self, j: f64) -> Events {
        let more = 1.0 + j * self.events.dispersion;
        Events { mean: self.events.mean * more, dispersion: self.events.dispersion / more }
    }

    /// What the probability of m events and more in all gains by every event that has been since, from i to i + 1, each times this.
    ///
    /// If i + 1 have been, fewer by one are needed, at a greater rate: for shapes s = r + i and with x = τ/(1 + τ),
    /// `Iₓ(m − i − 1, s + 1) − Iₓ(m − i, s) = x^(m − i − 1)·(1 − x)^s / (s B(m − i, s))`, the probability of m − i − 1 events at s + 1
    /// divided by 1 − x; from one to the next by a ratio, so that k tails cost little more than one.
    fn gain(&self, m: f64, times: &[f64]) -> f64 {
        let Events { mean, dispersion } = self.events;
        if mean <= 0.0 || times.is_empty() {
            return 0.0;
        }
        let last = self.k - 2.0;
        let rise = |i: f64| (m - i - 1.0) / (mean * (1.0 + dispersion * (i + 1.0)));
        // Where it is greatest, so that the others may vanish.
        let top = libm::floor((m - 1.0 - mean * (1.0 + dispersion)) / (1.0 + mean * dispersion)).clamp(0.0, last);
        let at_top = (1.0 + mean * dispersion) * self.after(top + 1.0).exactly(m - top - 1.0);
        let mut at = 0_usize;
        let mut i = 0.0;
        while i < top {
            (at, i) = (at + 1, i + 1.0);
        }
        let (mut sum, mut gain) = (at_top * times[at], at_top);
        for time in &times[at + 1..] {
            gain *= rise(i);
            i += 1.0;
            sum += gain * time;
        }
        (gain, i) = (at_top, top);
        for time in times[..at].iter().rev() {
            i -= 1.0;
            gain /= rise(i);
            sum += gain * time;
        }
        sum
    }

    /// The probability of n purchases and more, if the customer stays.
    fn more(&self, n: f64) -> f64 {
        self.events.tails(n * self.k).1 + self.gain(n * self.k, &self.beyond)
    }

    /// The probability of fewer than n purchases.
    fn fewer(&self, n: f64) -> f64 {
        if n <= 0.0 {
            0.0
        } else {
            self.after(self.k - 1.0).tails((n - 1.0) * self.k + 1.0).0 + self.gain(n * self.k, &self.within)
        }
    }

    /// The probability of one purchase or more.
    pub(super) fn any(&self) -> f64 {
        self.more(1.0)
    }

    /// The probability of n purchases and more, one at least: none of the n − 1 before was the last.
    pub(super) fn at_least(&self, n: f64, chance: Chance) -> f64 {
        chance.staying(n - 1.0) * self.more(n)
    }

    /// Expected purchases: `Σ E[(1 − p)^(n − 1)] · P(N + j ≥ nk)` over n from 1.
    pub(super) fn purchases(&self, chance: Chance) -> f64 {
        let (mut most, few, least) = (libm::ceil(2.0 * self.events.mean / self.k) + 1.0, self.few(), 1e-19 * self.more(1.0));
        while most < few && self.more(most) > least {
            most *= 2.0;
        }
        most = most.min(few);
        // What is beyond the events of each purchase, from the last; so nothing is subtracted.
        let (mut above, mut n) = (self.events.tails((most + 1.0) * self.k).1, most);
        let mut sum = if most < few { 0.0 } else { self.far(most, |n| chance.staying(n) * self.more(n + 1.0)) };
        let events = self.events.each(self.k, (most + 1.0) * self.k);
        let blocks = events.rchunks_exact(self.hidden.len());
        let staying = chance.each_staying(blocks.len());
        for (block, staying) in blocks.zip(staying.iter().rev()) {
            above += block.iter().sum::<f64>();
            sum += staying * (above + self.gain(n * self.k, &self.beyond));
            n -= 1.0;
        }
        sum
    }

    /// Purchases that are looked at one by one, beyond those among which most of the events end if they vary little.
    fn few(&self) -> f64 {
        let (centre, width) = (self.events.mean / self.k, self.events.relative_width() * self.events.mean / self.k);
        if width < 30.0 && (centre - FEW).abs() < 9.0 * width { libm::ceil(centre + 9.0 * width) } else { FEW }
    }

    /// The probability of staying: `Σ E[(1 − p)ⁿ] · P(nk ≤ N + j < (n + 1)k)` over n from 0.
    pub(super) fn staying(&self, chance: Chance) -> f64 {
        if chance == Chance::Never {
            return 1.0;
        }
        self.sum(self.events.mean / self.k, |n| chance.staying(n) * self.between(n))
    }

    /// The probability of exactly n purchases, if the customer stays.
    fn between(&self, n: f64) -> f64 {
        // The difference of the smaller two.
        let above = if n > 0.0 { self.more(n) } else { 1.0 };
        (if above < 0.5 { above - self.more(n + 1.0) } else { self.fewer(n + 1.0) - self.fewer(n) }).max(0.0)
    }

    /// The probability of exactly n purchases: so many without the last among them, or so many of which the n-th is the last.
    pub(super) fn exactly(&self, n: f64, chance: Chance) -> f64 {
        if n <= 0.0 {
            return self.fewer(1.0);
        }
        let (mut all, mut j) = (0.0, 0.0);
        for weight in self.hidden {
            if *weight > 0.0 {
                all += weight * self.after(j).each(n * self.k - j, (n + 1.0) * self.k - j).iter().sum::<f64>();
            }
            j += 1.0;
        }
        let ending = chance.ending(n);
        chance.staying(n) * all + if ending > 0.0 { ending * self.more(n) } else { 0.0 }
    }

    /// How many times as long so many purchases take, in the mean: k events each, less those that have been, at `E[1/λ]` an event.
    pub(super) fn mean_wait(&self, purchases: f64) -> f64 {
        let (mut sum, mut j) = (0.0, 0.0);
        for weight in self.hidden {
            let Events { mean, dispersion } = self.after(j);
            let wait = if dispersion < 1.0 { 1.0 / (mean * (1.0 - dispersion)) } else { f64::INFINITY };
            if *weight > 0.0 {
                sum += weight * (self.k * purchases - j) * wait;
            }
            j += 1.0;
        }
        sum
    }

    /// The sum of a function over n from 0, which falls from a number of purchases on and vanishes with the tail of the events.
    fn sum(&self, falls: f64, f: impl Fn(f64) -> f64) -> f64 {
        let (mut n, mut sum, few, far) = (0.0, 0.0, self.few(), self.events.ceiling() / self.k + 1.0);
        while n < few {
            let term = f(n);
            sum += term;
            n += 1.0;
            if n > falls && term <= 1e-17 * sum || n > far {
                return sum;
            }
        }
        sum + self.far(n, f)
    }

    /// The same from n on, where the function is smooth: its sum is the integral from half a step before, with the first two corrections
    /// of Euler and Maclaurin, in differences.
    fn far(&self, n: f64, f: impl Fn(f64) -> f64) -> f64 {
        let far = self.events.ceiling() / self.k + 1.0;
        if far <= n {
            return 0.0;
        }
        // In the logarithm of n, coarse but where the tail of the events falls.
        let (low, high) = (libm::log(n - 0.5), libm::log(far));
        let (centre, width) = (libm::log(self.events.mean / self.k), self.events.relative_width());
        let integrand = |y: f64| f(libm::exp(y)) * libm::exp(y);
        let mut integral = 0.0;
        if width > 0.1 {
            integral += gauss(low, high, 0.3, integrand);
        } else {
            let (left, right) = ((centre - 10.0 * width).clamp(low, high), (centre + 10.0 * width).clamp(low, high));
            integral += gauss(low, left, 0.3, integrand) + gauss(left, right, width, integrand);
        }
        let [before, low, high, after] = [n - 2.0, n - 1.0, n, n + 1.0].map(f);
        integral + (high - low) / 24.0 - 17.0 / 5760.0 * (after - before - 3.0 * (high - low))
    }
}

/// The integral of a smooth function, by panels of sixteen points of at most this width.
fn gauss(low: f64, high: f64, panel: f64, f: impl Fn(f64) -> f64) -> f64 {
    if high <= low {
        return 0.0;
    }
    let panels = libm::ceil((high - low) / panel);
    let half = (high - low) / panels / 2.0;
    let (mut sum, mut middle) = (0.0, low + half);
    while middle < high {
        sum += GAUSS_LEGENDRE.iter().map(|(at, weight)| weight * (f(middle - half * at) + f(middle + half * at))).sum::<f64>();
        middle += 2.0 * half;
    }
    sum * half
}

#[cfg(test)]
mod tests {
    use super::{Chance, Events, Rhythm};
    use alloc::{vec, vec::Vec};

    const CHANCES: [Chance; 4] = [Chance::Never, Chance::Alike(0.2), Chance::Beta(0.8, 2.4), Chance::Beta(30.0, 7.0)];
    /// Events to come, and their dispersion: for next to no purchase, a few, and more than are looked at one by one.
    const EVENTS: [(f64, f64); 9] = [
        (0.01, 0.5),
        (2.0, 0.0),
        (7.0, 0.9),
        (300.0, 0.0),
        (300.0, 0.01),
        (40.0, 3.0),
        (1500.0, 0.0),
        (2400.0, 0.01),
        (4000.0, 0.0005),
    ];

    /// What may have been since the last purchase: nothing, most likely much, anything.
    fn hidden() -> Vec<Vec<f64>> {
        vec![vec![1.0, 0.0], vec![0.0, 0.0, 1.0], vec![0.5, 0.3, 0.2], vec![0.1, 0.1, 0.2, 0.2, 0.4], vec![0.125; 8]]
    }

    /// The events to come of those of whom `j` have been since: at a rate that has learned of them.
    fn after(events: Events, j: f64) -> Events {
        let more = 1.0 + j * events.dispersion;
        Events { mean: events.mean * more, dispersion: events.dispersion / more }
    }

    /// The probabilities of 0, 1, … purchases, from the definition.
    fn purchases(hidden: &[f64], events: Events) -> Vec<f64> {
        let mut all = vec![0.0; 4000];
        for (j, weight) in hidden.iter().enumerate() {
            let events = after(events, f64::from(u32::try_from(j).unwrap_or(0)));
            for (m, p) in events.each(0.0, 12_000.0).iter().enumerate() {
                let n = (m + j) / hidden.len();
                if n < all.len() {
                    all[n] += weight * p;
                }
            }
        }
        all
    }

    fn near(found: f64, want: f64, error: f64) -> bool {
        (found - want).abs() <= error * want.abs() + 1e-290
    }

    #[test]
    fn purchases_have_their_distribution() {
        for hidden in hidden() {
            for (mean, dispersion) in EVENTS {
                let rhythm = Rhythm::new(&hidden, Events { mean, dispersion });
                let all = purchases(&hidden, rhythm.events);
                for (i, n) in (0..90_u32).map(f64::from).enumerate() {
                    let (fewer, more): (f64, f64) = (all[..i].iter().sum(), all[i..].iter().rev().sum());
                    // In both tails with all digits, down to what no difference from 1 can tell.
                    assert!(near(rhythm.fewer(n), fewer, 1e-10), "{hidden:?} {mean} {dispersion} {n}: {} {fewer}", rhythm.fewer(n));
                    assert!(
                        n < 1.0 || near(rhythm.more(n), more, 1e-10),
                        "{hidden:?} {mean} {dispersion} {n}: {} {more}",
                        rhythm.more(n)
                    );
                    let between = rhythm.between(n);
                    // A difference, of numbers that are small where it is.
                    let error = 1e-9 * (fewer.min(more) + all[i]) + 1e-290;
                    assert!((between - all[i]).abs() <= error, "{hidden:?} {mean} {dispersion} {n}: {between} {}", all[i]);
                    assert!(near(rhythm.exactly(n, Chance::Never), all[i], 1e-10), "{hidden:?} {mean} {dispersion} {n}");
                }
                assert!(near(rhythm.any(), all[1..].iter().rev().sum(), 1e-10), "{hidden:?} {mean} {dispersion}");
            }
        }
    }

    #[test]
    fn sums_over_purchases_are_sums() {
        for hidden in hidden() {
            for (mean, dispersion) in EVENTS {
                let rhythm = Rhythm::new(&hidden, Events { mean, dispersion });
                let all = purchases(&hidden, rhythm.events);
                let mut more: Vec<f64> = all.iter().rev().scan(0.0, |sum, p| (*sum += p, Some(*sum)).1).collect();
                more.reverse();
                for chance in CHANCES {
                    let counted = || (0_u32..).map(f64::from).zip(&all).zip(&more);
                    let staying: f64 = counted().map(|((n, p), _)| chance.staying(n) * p).sum();
                    let found = rhythm.staying(chance);
                    let good = near(found, staying, 3e-12) || (found < 1e-20 && near(found, staying, 1e-7));
                    assert!(good, "{hidden:?} {mean} {dispersion} {chance:?}: {found} {staying}");
                    let expected: f64 = counted().skip(1).map(|((n, _), more)| chance.staying(n - 1.0) * more).sum();
                    let found = rhythm.purchases(chance);
                    assert!(near(found, expected, 3e-12), "{hidden:?} {mean} {dispersion} {chance:?}: {found} {expected}");
                    for (i, n) in [(1, 1.0), (2, 2.0), (9, 9.0)] {
                        let none_last = chance.staying(n - 1.0) * more[i];
                        assert!(
                            near(rhythm.at_least(n, chance), none_last, 1e-10),
                            "{hidden:?} {mean} {dispersion} {chance:?} {n}"
                        );
                        let exactly = chance.staying(n) * all[i] + chance.ending(n) * more[i];
                        assert!(near(rhythm.exactly(n, chance), exactly, 1e-10), "{hidden:?} {mean} {dispersion} {chance:?} {n}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_wait_is_that_of_its_events() {
        for hidden in hidden() {
            let k = hidden.iter().fold(0.0, |k, _| k + 1.0);
            let rhythm = Rhythm::new(&hidden, Events { mean: 3.0, dispersion: 0.25 });
            // Of the rate with shape r + j, the mean of 1/λ is (r + j)/(r + j − 1) times 1 by its mean.
            let wait = |j: f64| (4.0 + j) / (3.0 + j) / (3.0 * (1.0 + j / 4.0));
            for n in [1.0, 2.0, 30.0] {
                let want: f64 = (0_u32..).map(f64::from).zip(&hidden).map(|(j, weight)| weight * (k * n - j) * wait(j)).sum();
                assert!(near(rhythm.mean_wait(n), want, 1e-14), "{hidden:?} {n}");
            }
            // As many customers with next to no rate as make the mean endless, whatever has been since.
            let lazy = Rhythm::new(&hidden, Events { mean: 3.0, dispersion: 1.5 });
            assert_eq!(lazy.mean_wait(2.0).is_finite(), hidden[0] <= 0.0, "{hidden:?}");
        }
    }
}
