/// A share between 0 and 1, with what is accurate at either end: its complement, and the logarithms of both and of their ratio.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Odds {
    pub(crate) log_ratio: f64,
    pub(crate) share: f64,
    pub(crate) other: f64,
    pub(crate) log_share: f64,
    pub(crate) log_other: f64,
}

impl Odds {
    /// From the logarithm of share to complement.
    pub(crate) fn at(log_odds: f64) -> Odds {
        let small = libm::exp(-log_odds.abs());
        let (less, more) = (small / (1.0 + small), 1.0 / (1.0 + small));
        let (share, other) = if log_odds > 0.0 { (more, less) } else { (less, more) };
        Odds { log_ratio: log_odds, share, other, log_share: -softplus(-log_odds), log_other: -softplus(log_odds) }
    }

    /// From a share and its complement, of which the caller knows the digits.
    pub(crate) fn of(share: f64, other: f64) -> Odds {
        let log = |near: f64, far: f64| if near < 0.5 { libm::log(near) } else { libm::log1p(-far) };
        let (log_share, log_other) = (log(share, other), log(other, share));
        Odds { log_ratio: log_share - log_other, share, other, log_share, log_other }
    }

    /// Seen from the other end.
    pub(crate) const fn reversed(self) -> Odds {
        let Odds { log_ratio, share, other, log_share, log_other } = self;
        Odds { log_ratio: -log_ratio, share: other, other: share, log_share: log_other, log_other: log_share }
    }
}

/// `ln(1 + eʸ)`.
fn softplus(y: f64) -> f64 {
    y.max(0.0) + libm::log1p(libm::exp(-y.abs()))
}
