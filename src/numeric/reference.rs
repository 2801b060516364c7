//! Holds every special function to a table of 40-digit references, which `tests/data/special_functions.py` makes.

#[cfg(test)]
mod tests {
    use crate::numeric::{exponential_integral::scaled_exponential_integral, *};
    use alloc::{vec, vec::Vec};

    const TABLE: &str = include_str!("../../tests/data/special_functions.csv");

    /// The functions, and the largest relative error that any of their values may have.
    const FUNCTIONS: [(&str, f64); 16] = [
        ("ln_gamma_ratio", 2e-14),
        ("ln_gamma_bend", 2e-15),
        ("ln_beta_ratio", 2e-15),
        ("polygamma", 2e-15),
        ("ln_rising", 2e-15),
        ("ln_per_dispersion", 2e-15),
        ("hypergeometric", 2e-13),
        ("ln_hypergeometric", 1e-11),
        ("incomplete_gamma", 1e-12),
        ("gamma_quantile", 1e-12),
        ("gamma_upper_quantile", 1e-12),
        ("incomplete_beta", 1e-12),
        ("beta_quantile", 1e-12),
        ("scaled_exponential_integral", 1e-14),
        ("scaled_exponential_integral_to", 1e-14),
        ("pareto_integral", 2e-15),
    ];

    fn ends(x: Odds) -> Vec<f64> {
        vec![x.share, x.other]
    }

    fn found(function: &str, a: &[f64]) -> Vec<f64> {
        match function {
            "ln_gamma_ratio" => vec![ln_gamma_ratio(a[0], a[1])],
            "ln_gamma_bend" => vec![ln_gamma_bend(a[0], a[1], a[2])],
            "ln_beta_ratio" => vec![ln_beta_ratio(a[0], a[1], a[2], a[3])],
            "polygamma" => <[f64; 2]>::from(polygamma(a[0])).to_vec(),
            "ln_rising" => ln_rising(a[0], a[1]).to_vec(),
            "ln_per_dispersion" => ln_per_dispersion(a[0], a[1]).to_vec(),
            "hypergeometric" => vec![hypergeometric(a[0], a[1], a[2], a[3])],
            "ln_hypergeometric" => {
                let Jet { value, first: g, second: h } = ln_hypergeometric(a[0], a[1], a[2], a[3]);
                vec![value, g[0], g[1], g[2], h[0][0], h[0][1], h[1][1], h[0][2], h[1][2], h[2][2]]
            }
            "incomplete_gamma" => <[f64; 2]>::from(incomplete_gamma(a[0], a[1])).to_vec(),
            "gamma_quantile" => vec![gamma_quantile(a[0], a[1])],
            "gamma_upper_quantile" => vec![gamma_upper_quantile(a[0], a[1])],
            "incomplete_beta" => <[f64; 2]>::from(incomplete_beta(a[0], a[1], Odds::of(a[2], a[3]))).to_vec(),
            "beta_quantile" => ends(beta_quantile(a[0], a[1], a[2])),
            "scaled_exponential_integral" => vec![scaled_exponential_integral(a[0], a[1])],
            "scaled_exponential_integral_to" => vec![scaled_exponential_integral_to(a[0], a[1], a[2])],
            "pareto_integral" => {
                let [r, s, alpha, beta, x, t_x, t] = a[..] else { panic!("{a:?}") };
                let f = |u: f64| -(r + x) * libm::log1p(u / (alpha + t_x)) - (s + 1.0) * libm::log1p(u / (beta + t_x));
                vec![ln_integral(f, 0.0, t - t_x)]
            }
            other => panic!("no function {other}"),
        }
    }

    #[test]
    fn functions_agree_with_40_digit_references() {
        let numbers = |text: &str| text.split_whitespace().map(|n| n.parse().unwrap()).collect::<Vec<f64>>();
        let mut rows = [0; FUNCTIONS.len()];
        for line in TABLE.lines().skip(1) {
            let [function, arguments, scales, values] = line.split(',').collect::<Vec<_>>()[..] else { panic!("{line}") };
            let at = FUNCTIONS.iter().position(|f| f.0 == function).unwrap();
            rows[at] += 1;
            let (got, want, scales) = (found(function, &numbers(arguments)), numbers(values), numbers(scales));
            assert_eq!(got.len(), want.len(), "{line}");
            for (k, (got, want)) in got.iter().zip(&want).enumerate() {
                // The table names a scale where the value alone is none: near a zero, for instance.
                let scale = scales.get(k).copied().unwrap_or(0.0).max(want.abs());
                // Of derivatives, those that become an estimate by themselves; second ones only give its error.
                let most = if function == "ln_hypergeometric" && k < 4 { 1e-12 } else { FUNCTIONS[at].1 };
                assert!((got - want).abs() <= most * scale, "{line}: {got} {want}, off by {:e}", (got - want) / scale);
            }
        }
        assert!(rows.iter().all(|n| *n >= 10), "{rows:?}");
    }
}
