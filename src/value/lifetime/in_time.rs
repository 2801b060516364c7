//! Customers who buy at random and drop out in the course of time: their rates, and the time axis cut into pieces on which what is
//! integrated over the day of dropout bends little.

use crate::numeric::GAUSS_LEGENDRE;

/// Mean and dispersion of the purchase rate, mean and dispersion of the hazard at the start, and its ageing: one unit of time for all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct InTime {
    pub(super) m: f64,
    pub(super) phi: f64,
    pub(super) mu: f64,
    pub(super) psi: f64,
    pub(super) b: f64,
}

/// Beyond this, `eˣ` is too large to be of use.
pub(super) const MOST: f64 = 500.0;

/// `ln(1 + φu)/φ`, which is `u` at `φ = 0`: of events at a gamma-distributed rate, none has come with the probability `exp` of minus this.
pub(super) fn lapse(u: f64, dispersion: f64) -> f64 {
    if dispersion > 0.0 { libm::log1p(dispersion * u) / dispersion } else { u }
}

impl InTime {
    /// By how much a hazard of 1 at the start has added up: `(e^{bt} − 1)/b`.
    pub(super) fn age(&self, t: f64) -> f64 {
        if self.b > 0.0 { libm::expm1((self.b * t).min(MOST)) / self.b } else { t }
    }

    /// `ln(1 + ψμG(t))`, and minus the logarithm of the share that is left, `ln(1 + ψμG(t))/ψ`.
    pub(super) fn fading(&self, t: f64) -> (f64, f64) {
        let (growth, age) = (self.b * t, self.age(t));
        let log = libm::log1p(self.psi * self.mu * age) + if self.psi > 0.0 { (growth - MOST).max(0.0) } else { 0.0 };
        (log, if self.psi > 0.0 { log / self.psi } else { self.mu * age })
    }

    /// The share of customers that is left after a time.
    pub(super) fn staying(&self, t: f64) -> f64 {
        libm::exp(-self.fading(t).1)
    }

    /// The mean hazard of those who are left after a time.
    pub(super) fn hazard(&self, t: f64) -> f64 {
        let grown = libm::exp((self.b * t).min(MOST));
        self.mu * grown / (1.0 + self.psi * self.mu * self.age(t))
    }

    /// The mean rate of those who have bought x times in a time.
    pub(super) fn rate(&self, x: f64, t: f64) -> f64 {
        self.m * (1.0 + self.phi * x) / (1.0 + self.phi * self.m * t)
    }

    /// Minus the logarithm of `(1 + φmt)^−(1/φ + x)`: of what a history of x purchases makes of a time without more.
    pub(super) fn silence(&self, x: f64, t: f64) -> f64 {
        let log = libm::log1p(self.phi * self.m * t);
        (if self.phi > 0.0 { log / self.phi } else { self.m * t }) + x * log
    }

    /// A customer who still is one after x purchases in a time, as a new one of a base that has learned from their history.
    pub(super) fn after(&self, x: f64, t: f64) -> InTime {
        InTime { m: self.rate(x, t), phi: self.phi / (1.0 + self.phi * x), mu: self.hazard(t), ..*self }
    }

    /// Minus the logarithm of the probability that a new customer neither buys nor drops out in a time.
    pub(super) fn still(&self, t: f64) -> f64 {
        self.silence(0.0, t) + self.fading(t).1
    }

    /// The pieces between two times, for a history of x purchases.
    pub(super) fn pieces(&self, x: f64, from: f64, to: f64) -> Pieces<'_> {
        // The nearest pole before the start: 1/(φm) or 1/(ψμ) away.
        let pole = 1.0 / (self.phi * self.m).max(self.psi * self.mu);
        // With ageing, there are poles beside this time.
        let turn = if self.b > 0.0 { libm::log1p(self.b / (self.psi * self.mu)) / self.b } else { f64::INFINITY };
        Pieces { of: self, x, at: from, to, pole, turn, left: 1000 }
    }
}

/// One piece, with what the integrand may bend in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) low: f64,
    pub(super) high: f64,
    smooth: bool,
}

pub(super) struct Pieces<'a> {
    of: &'a InTime,
    x: f64,
    at: f64,
    to: f64,
    pole: f64,
    turn: f64,
    left: u32,
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    /// Within a piece the integrand falls by e¹² at most (with ageing e³³, at the end of a life), and its poles are as far from the middle
    /// as three times half its length; then the sixteen points of Gauss and Legendre are exact to 10⁻¹⁴.
    fn next(&mut self) -> Option<Piece> {
        let (low, of) = (self.at, self.of);
        if low >= self.to || self.left == 0 {
            return None;
        }
        let (now, mut room) = (of.hazard(low), self.pole + low);
        if of.b > 0.0 {
            // In such a time the hazard grows by e at most.
            room = room.min(f64::max(1.0 / of.b, low - self.turn));
        }
        // The logarithm of the hazard rises or falls by b − ψh, which goes to zero.
        let slope = of.rate(self.x, low) + now + (of.b - of.psi * now).abs();
        let (rest, longest) = (self.to - low, room.min(12.0 / slope));
        let high = if rest <= longest { self.to } else { low + longest };
        let length = high - low;
        self.at = high;
        self.left -= 1;
        (high > low).then_some(Piece { low, high, smooth: length * slope < 2.5 && length < 0.4 * room })
    }
}

impl Piece {
    /// Points and weights of Gauss and Legendre: eight where the integrand is nearly straight, else sixteen.
    pub(super) fn points(self) -> impl Iterator<Item = (f64, f64)> {
        let (middle, half) = (f64::midpoint(self.low, self.high), (self.high - self.low) / 2.0);
        let table: &[(f64, f64)] = if self.smooth { &EIGHT } else { &GAUSS_LEGENDRE };
        table.iter().flat_map(move |(at, weight)| [(middle - half * at, half * weight), (middle + half * at, half * weight)])
    }
}

/// The positive nodes of the eight points of Gauss and Legendre on −1 to 1, and their weights.
#[rustfmt::skip]
const EIGHT: [(f64, f64); 4] = [
    (0.960_289_856_497_536_3, 0.101_228_536_290_376_26),
    (0.796_666_477_413_626_7, 0.222_381_034_453_374_48),
    (0.525_532_409_916_329, 0.313_706_645_877_887_27),
    (0.183_434_642_495_649_8, 0.362_683_783_378_362),
];
