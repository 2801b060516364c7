//! The likelihood where dropout comes in the course of time: Pareto/NBD and GGom/NBD.

use super::{
    PurchaseCounts, Summary,
    climb::Kernel,
    in_time::{InTime, MOST},
    pareto::{Moment, Pareto},
};
use crate::numeric::{Jet, count, ln_rising};
use alloc::vec::Vec;

/// One row of the table.
struct Row {
    x: u32,
    /// The last purchase and the observation: places in the list of moments.
    t_x: usize,
    t: usize,
    customers: f64,
}

/// A table ready for evaluation at many parameters.
pub(super) struct Clock {
    /// In order of x.
    rows: Vec<Row>,
    /// Every number of purchases with every time that occurs with it, in the climb's unit.
    moments: Vec<(f64, f64)>,
}

impl Clock {
    pub(super) fn new(counts: &PurchaseCounts, days_per_unit: f64) -> Clock {
        let mut moments: Vec<(u32, u32)> = counts.rows().flat_map(|(s, _)| [(s.x(), s.t_x_days()), (s.x(), s.t_days())]).collect();
        moments.sort_unstable();
        moments.dedup();
        // Every moment asked for is in the list.
        let place = |moment: (u32, u32)| moments.partition_point(|m| *m < moment);
        let row = |(s, customers): (Summary, u64)| Row {
            x: s.x(),
            t_x: place((s.x(), s.t_x_days())),
            t: place((s.x(), s.t_days())),
            customers: count(customers),
        };
        let rows = counts.rows().map(row).collect();
        Clock { rows, moments: moments.iter().map(|(x, day)| (f64::from(*x), f64::from(*day) / days_per_unit)).collect() }
    }
}

impl Kernel for Clock {
    /// The sum over all customers, at the mean and the dispersion of the rate, those of the hazard at the start, and its ageing; the
    /// derivative by the ageing is left out where there is none.
    ///
    /// With r = 1/φ, α = r/m and the share S(t) that is left after a time, a customer’s likelihood is `Γ(r+x)/Γ(r) · αʳ` times
    /// `(α+T)^−(r+x) S(T) + ∫ (α+τ)^−(r+x) (−S'(τ)) dτ` over the times τ from `t_x` to T at which they may have dropped out. Nothing is
    /// subtracted; and as a mean over these times, it has the moments of their logarithms’ derivatives for derivatives. The integral is
    /// the general case; Pareto/NBD has a closed form, most of which many customers share.
    fn at(&self, &[m, phi, mu, psi, b]: &[f64; 5]) -> Jet<5> {
        let clock = InTime { m, phi, mu, psi, b };
        let pareto = Pareto::of(&clock);
        let closed: Vec<Option<Moment>> = match &pareto {
            Some(pareto) => self.moments.iter().map(|(x, t)| pareto.moment(*x, *t)).collect(),
            None => Vec::new(),
        };
        let known = |place: usize| closed.get(place)?.as_ref();
        let (mut sum, mut quick, mut rising, mut group) = (Jet::ZERO, Jet::ZERO, Jet::ZERO, 0);
        for row in &self.rows {
            let (x, t_x) = self.moments[row.t_x];
            if group < row.x {
                group = row.x;
                let [value, first, second] = ln_rising(x, phi);
                rising.value = value + x * libm::log(m);
                (rising.first[0], rising.second[0][0]) = (x / m, -x / (m * m));
                (rising.first[1], rising.second[1][1]) = (first, second);
            }
            sum.add(row.customers, &rising);
            match (known(row.t_x), known(row.t)) {
                (Some(then), Some(now)) => quick.add(row.customers, &Pareto::ln_history(then, now)),
                _ => sum.add(row.customers, &clock.ln_history(x, t_x, self.moments[row.t].1)),
            }
        }
        if let Some(pareto) = pareto {
            sum.add(1.0, &pareto.by_means(&quick));
        }
        sum
    }
}

/// The last purchase, from which the integral is measured: beside millions of purchases, what differs from it would be lost in rounding.
struct Start {
    x: f64,
    t: f64,
    /// `1 + φmt` and minus the logarithm of S(t).
    grown: f64,
    fading: f64,
    /// Derivatives of `ln [A(t) S(t)]`.
    slopes: [f64; 5],
}

/// A time as the integral sees it.
struct Point {
    t: f64,
    age: f64,
    /// `ln(1 + φmt)` and `ln(1 + ψμG(t))`.
    logs: [f64; 2],
    /// Derivatives of the logarithm of the age by b.
    ageing: [f64; 2],
    /// The logarithm of `A(t) S(t)`, less that at the start.
    still: f64,
}

impl InTime {
    /// `ln [A(T) S(T) + ∫ A(τ) (−S'(τ)) dτ]` with its derivatives, where `A(t) = (1 + φmt)^−(1/φ + x)`.
    pub(super) fn ln_history(&self, x: f64, t_x: f64, t: f64) -> Jet<5> {
        // Where nobody drops out there is but the end, which may be all but impossible beside the start.
        let start = self.start(x, if self.mu > 0.0 { t_x } else { t });
        let end = self.point(&start, t);
        let mut moments = Jet::ZERO;
        self.add(&mut moments, libm::exp(end.still), &start, &end, 0.0);
        if self.mu > 0.0 {
            for piece in self.pieces(x, t_x, t) {
                for (at, width) in piece.points() {
                    let point = self.point(&start, at);
                    let grown = if self.psi > 0.0 { self.b * at } else { (self.b * at).min(MOST) };
                    let weight = width * self.mu * libm::exp(grown - point.logs[1] + point.still);
                    self.add(&mut moments, weight, &start, &point, 1.0);
                }
                // No more than this is left of the integral.
                if libm::exp(self.point(&start, piece.high).still) < 1e-17 * moments.value {
                    break;
                }
            }
        }
        let mut history = moments.divided_by(moments.value);
        for i in 0..5 {
            for j in i..5 {
                history.second[i][j] -= history.first[i] * history.first[j];
            }
        }
        history.first.iter_mut().zip(start.slopes).for_each(|(first, slope)| *first += slope);
        history.value = libm::log(moments.value) - self.silence(x, start.t) - start.fading;
        history
    }

    fn start(&self, x: f64, t: f64) -> Start {
        let (grown, (_, fading)) = (1.0 + self.phi * self.m * t, self.fading(t));
        let mut start = Start { x, t, grown, fading, slopes: [0.0; 5] };
        start.slopes = self.slopes(x, &self.point(&start, t), 0.0).0;
        start
    }

    fn point(&self, start: &Start, t: f64) -> Point {
        let (fade, fading) = self.fading(t);
        let passed = self.m * (t - start.t) / start.grown;
        let log = libm::log1p(self.phi * passed);
        let silence = (if self.phi > 0.0 { log / self.phi } else { passed }) + start.x * log;
        let logs = [libm::log1p(self.phi * self.m * t), fade];
        let ageing = if self.b > 0.0 { ageing(t, self.b) } else { [0.0; 2] };
        Point { t, age: self.age(t), logs, ageing, still: start.fading - fading - silence }
    }

    /// The derivatives of `ln [A(t) S(t) h(t)ⁿ]`, where h is the hazard and n is 0 or 1, and what their second ones are made of.
    fn slopes(&self, x: f64, at: &Point, events: f64) -> ([f64; 5], [Decay; 2]) {
        let buying = Decay::of(at.t, self.m, self.phi, x, at.logs[0]);
        let leaving = Decay::of(at.age, self.mu, self.psi, events, at.logs[1]);
        let mut g = [-buying.mean, -buying.dispersion, -leaving.mean, -leaving.dispersion, 0.0];
        if events > 0.0 {
            g[2] += 1.0 / self.mu;
        }
        if self.b > 0.0 {
            g[4] = events * at.t - leaving.by_exposure(at.age, self.mu, self.psi, events)[0] * at.ageing[0];
        }
        (g, [buying, leaving])
    }

    /// Adds the moments of these derivatives, less those of the start.
    fn add(&self, moments: &mut Jet<5>, weight: f64, start: &Start, at: &Point, events: f64) {
        if weight <= 0.0 {
            return;
        }
        let (mut g, [buying, leaving]) = self.slopes(start.x, at, events);
        g.iter_mut().zip(start.slopes).for_each(|(g, slope)| *g -= slope);
        let mut bends = [buying.second, leaving.second];
        if events > 0.0 {
            bends[1][0] += 1.0 / (self.mu * self.mu);
        }
        moments.value += weight;
        for i in 0..5 {
            moments.first[i] += weight * g[i];
            for j in i..5 {
                moments.second[i][j] += weight * (g[i] * g[j]);
            }
        }
        for (i, [both, mixed, dispersion]) in [0, 2].into_iter().zip(bends) {
            moments.second[i][i] -= weight * both;
            moments.second[i][i + 1] -= weight * mixed;
            moments.second[i + 1][i + 1] -= weight * dispersion;
        }
        if self.b > 0.0 {
            let [once, twice] = at.ageing;
            let exposed = leaving.by_exposure(at.age, self.mu, self.psi, events);
            moments.second[2][4] -= weight * (exposed[1] * once);
            moments.second[3][4] -= weight * (exposed[2] * once);
            moments.second[4][4] -= weight * (exposed[3] * once * once + exposed[0] * twice);
        }
    }
}

/// The derivatives of `ln(1 + φcu)/φ + n·ln(1 + φcu)` by the mean c and the dispersion φ: of the gamma-distributed rate of events that
/// came n times in the exposure u; the logarithm is given.
struct Decay {
    mean: f64,
    dispersion: f64,
    /// By both means, the mean and the dispersion, both dispersions.
    second: [f64; 3],
    /// `1/(1 + φcu)`.
    rest: f64,
}

impl Decay {
    fn of(u: f64, mean: f64, phi: f64, n: f64, log: f64) -> Decay {
        let (v, all) = (mean * u, 1.0 + n * phi);
        let y = phi * v;
        let rest = 1.0 / (1.0 + y);
        let (once, by_mean) = (v * rest, u * rest);
        let [first, second] = if y < 0.02 {
            // ln(1 + φv)/φ = v Σ (−y)ᵏ/(k + 1)
            let slope = [-1.0 / 2.0, 2.0 / 3.0, -3.0 / 4.0, 4.0 / 5.0, -5.0 / 6.0, 6.0 / 7.0, -7.0 / 8.0, 8.0 / 9.0];
            let bend = [2.0 / 3.0, -6.0 / 4.0, 12.0 / 5.0, -20.0 / 6.0, 30.0 / 7.0, -42.0 / 8.0, 56.0 / 9.0, -72.0 / 10.0];
            let series = |terms: [f64; 8]| terms.iter().rev().fold(0.0, |sum, term| sum * y + term);
            [v * v * series(slope), v * v * v * series(bend)]
        } else {
            let first = (once - log / phi) / phi;
            [first, -(2.0 * first + once * once) / phi]
        };
        Decay {
            mean: all * by_mean,
            dispersion: first + n * once,
            second: [-all * phi * by_mean * by_mean, (n - v) * by_mean * rest, second - n * once * once],
            rest,
        }
    }

    /// The derivatives by the logarithm of u as a factor of u: once, and once more by the mean, by the dispersion, by u as a factor.
    fn by_exposure(&self, u: f64, mean: f64, phi: f64, n: f64) -> [f64; 4] {
        let (all, v) = (1.0 + n * phi, mean * u);
        let once = v * self.rest;
        [all * once, all * (u * self.rest) * self.rest, once * (self.rest * (n - v)), -all * phi * once * once]
    }
}

/// The first and the second derivative of `(e^{bt} − 1)/b` by b, divided by it: however large it is.
fn ageing(t: f64, b: f64) -> [f64; 2] {
    let y = b * t;
    if y > 0.5 {
        let grown = -t / libm::expm1(-y);
        let once = grown - 1.0 / b;
        return [once, t * grown - 2.0 * once / b];
    }
    // Of Σ yᵏ/(k + 1)!, term by term: with yᵏ, yᵏ⁻¹ and yᵏ⁻².
    let (mut sums, mut share, mut k, mut powers) = ([0.0; 3], 1.0, 0.0, [1.0, 0.0, 0.0]);
    while k < 16.0 {
        sums[0] += share * powers[0];
        sums[1] += share * k * powers[1];
        sums[2] += share * k * (k - 1.0) * powers[2];
        k += 1.0;
        share /= k + 1.0;
        powers = [powers[0] * y, powers[0], powers[1]];
    }
    [t * sums[1] / sums[0], t * t * sums[2] / sums[0]]
}

#[cfg(test)]
mod tests {
    use super::{InTime, Jet, Pareto};

    const HISTORIES: [[f64; 3]; 5] =
        [[0.0, 0.0, 30.0], [2.0, 20.0, 30.0], [2.0, 30.0, 30.0], [40.0, 3.0, 30.0], [300.0, 5.0, 390.0]];

    fn at([m, phi, mu, psi, b]: [f64; 5], [x, t_x, t]: [f64; 3]) -> Jet<5> {
        InTime { m, phi, mu, psi, b }.ln_history(x, t_x, t)
    }

    /// Whether derivatives by the logarithms of what is not zero are equal, relatively or beside 1.
    fn same(p: [f64; 5], found: &Jet<5>, want: &Jet<5>, error: f64) -> bool {
        let close = |a: f64, b: f64, scale: f64| ((a - b) * scale).abs() <= error * (1.0 + (b * scale).abs());
        (0..5).all(|i| close(found.first[i], want.first[i], p[i]))
            && (0..5).all(|i| (i..5).all(|j| close(found.second[i][j], want.second[i][j], p[i] * p[j])))
    }

    #[test]
    fn derivatives_are_those_of_differences() {
        for p in [
            [0.05, 1.8, 0.05, 1.6, 0.0],
            [0.05, 1.8, 0.05, 1.6, 0.02],
            [0.5, 0.003, 0.05, 0.3, 0.1],
            [0.05, 0.0, 0.05, 0.0, 0.05],
            [0.05, 1e-4, 0.05, 0.3, 0.0],
            [0.2, 0.7, 0.001, 50.0, 1e-5],
            [0.05, 1.8, 0.001, 20.0, 3.0],
            [0.05, 1.8, 0.001, 200.0, 30.0],
        ] {
            for history in HISTORIES {
                let mut differences = Jet::ZERO;
                for i in (0..5).filter(|i| p[*i] > 0.0) {
                    let step = p[i] * 1e-4;
                    let moved = |steps: f64| {
                        let mut there = p;
                        there[i] += steps * step;
                        at(there, history)
                    };
                    let [near, far] = [[moved(1.0), moved(-1.0)], [moved(2.0), moved(-2.0)]];
                    let slope = |of: &dyn Fn(&Jet<5>) -> f64| {
                        (8.0 * (of(&near[0]) - of(&near[1])) - (of(&far[0]) - of(&far[1]))) / (12.0 * step)
                    };
                    differences.first[i] = slope(&|jet| jet.value);
                    for j in i..5 {
                        differences.second[i][j] = slope(&|jet| jet.first[j]);
                    }
                }
                assert!(same(p, &at(p, history), &differences, 2e-8), "{p:?} {history:?} {:?} {differences:?}", at(p, history));
            }
        }
    }

    #[test]
    fn purchases_by_the_million_lose_no_digits() {
        // Where customers hardly differ, x purchases at a rate m until t_x and a small hazard ever after: of the time without purchase,
        // only its beginning counts.
        for x in [1e3, 1e6, 1e9] {
            let (m, mu) = (x / 900.0, 1e-3);
            let found = at([m, 0.0, mu, 0.0, 0.0], [x, 900.0, 1000.0]);
            let (rate, stay) = (m + mu, libm::exp(-(m + mu) * 100.0));
            let want = [-900.0 * rate + libm::log(mu / rate + m / rate * stay), 1.0 / mu - 1.0 / rate - 900.0, 1.0 / (mu * mu)];
            assert!((found.value / want[0] - 1.0).abs() < 1e-14, "{x} {} {want:?}", found.value);
            assert!((found.first[2] / want[1] - 1.0).abs() < 1e-11, "{x} {:?} {want:?}", found.first);
            // The second derivatives of −900(m + μ) + ln μ − ln(m + μ).
            let square = 1.0 / (rate * rate);
            assert!((found.second[2][2] / (square - want[2]) - 1.0).abs() < 1e-11, "{x} {:?} {want:?}", found.second);
            assert!(
                (found.second[0][0] / square - 1.0).abs() < 1e-6 && (found.second[0][2] / square - 1.0).abs() < 1e-6,
                "{x} {found:?}"
            );
        }
    }

    #[test]
    fn nobody_drops_out_however_long_nobody_buys() {
        let found = at([1e6, 0.5, 0.0, 0.0, 0.0], [1e9, 900.0, 1000.0]);
        let want = -(2.0 + 1e9) * libm::log1p(5e8);
        assert!((found.value / want - 1.0).abs() < 1e-14, "{} {want}", found.value);
    }

    #[test]
    fn whoever_never_buys_stays_or_drops_out() {
        // The likelihood is then 1, however the hazard runs: so it is the integral of its density that is tried.
        for mu in [1e-6, 0.001, 0.05, 0.36, 3.0, 100.0] {
            for psi in [0.0, 1e-6, 0.1, 1.6, 40.0] {
                for b in [0.0, 1e-6, 0.004, 0.02, 0.3, 5.0] {
                    for t in [1.0, 40.0, 300.0, 20_000.0] {
                        let found = at([1e-20, 1.0, mu, psi, b], [0.0, 0.0, t]).value;
                        assert!(found.abs() < 3e-14, "{mu} {psi} {b} {t}: {found:e}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_closed_form_is_the_integral_with_its_derivatives() {
        let mut compared = 0;
        for [r, alpha, s, beta] in [
            [0.55, 10.6, 0.6, 11.7],
            [0.55, 10.6, 0.6, 40.0],
            [3.0, 40.0, 0.6, 11.7],
            [20.0, 100.0, 30.0, 120.0],
            [0.02, 1.0, 80.0, 3.0],
        ] {
            let p = [r / alpha, 1.0 / r, s / beta, 1.0 / s, 0.0];
            let pareto = Pareto::of(&InTime { m: p[0], phi: p[1], mu: p[2], psi: p[3], b: p[4] }).unwrap();
            for [x, t_x, t] in HISTORIES {
                let (Some(then), Some(now)) = (pareto.moment(x, t_x), pareto.moment(x, t)) else { continue };
                let (closed, integral) = (pareto.by_means(&Pareto::ln_history(&then, &now)), at(p, [x, t_x, t]));
                assert!((closed.value - integral.value).abs() < 1e-14 * (1.0 + integral.value.abs()), "{p:?} {x}");
                assert!(same(p, &closed, &integral, 1e-10), "{p:?} {x} {closed:?} {integral:?}");
                compared += 1;
            }
        }
        assert!(compared > 20, "{compared}");
    }
}
