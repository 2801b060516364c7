//! What the literature prints for the CDNOW sample.

use customer_value::value::lifetime::Family;

/// Parameters, log-likelihood, source.
pub(crate) struct Published {
    pub(crate) parameters: &'static [f64],
    pub(crate) log_likelihood: f64,
    pub(crate) source: &'static str,
}

pub(crate) const fn of(family: Family) -> Option<Published> {
    let (parameters, log_likelihood, source): (&[f64], f64, &str) = match family {
        Family::Nbd => (&[0.385, 12.072], -9763.7, "Platzer and Reutterer, BTYDplus"),
        Family::ParetoNbd => (&[0.553, 10.578, 0.606, 11.669], -9595.0, "Fader, Hardie and Lee 2005"),
        Family::GgomNbd => (&[0.553, 10.578, 0.0002, 0.603, 0.0026], -9595.0, "Bemmaor and Glady 2012"),
        Family::BgNbd => (&[0.243, 4.414, 0.793, 2.426], -9582.4, "Fader, Hardie and Lee 2005"),
        Family::MbgNbd => (&[0.525, 6.183, 0.891, 1.614], -9582.1, "Platzer and Reutterer, BTYDplus"),
        _ => return None,
    };
    Some(Published { parameters, log_likelihood, source })
}

/// p, q and γ (Fader and Hardie 2013).
pub(crate) const GAMMA_GAMMA: [f64; 3] = [6.25, 3.74, 15.44];
