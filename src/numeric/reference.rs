//! Holds every special function to a table of 40-digit references, made by `tests/data/special_functions.py`.

use super::*;
use alloc::{collections::BTreeMap, string::String, vec, vec::Vec};

const TABLE: &str = include_str!("../../tests/data/special_functions.csv");

/// What a function gives, and how its error is measured: against the value, or against a scale that the table gives as a last value.
fn found(function: &str, a: &[f64]) -> Vec<f64> {
    match function {
        "ln_gamma_ratio" => vec![ln_gamma_ratio(a[0], a[1])],
        "ln_gamma_bend" => vec![ln_gamma_bend(a[0], a[1], a[2])],
        "ln_beta" => vec![ln_beta(a[0], a[1])],
        "ln_beta_ratio" => vec![ln_beta_ratio(a[0], a[1], a[2], a[3])],
        "polygamma" => <[f64; 2]>::from(polygamma(a[0])).to_vec(),
        "ln_rising" => ln_rising(a[0], a[1]).to_vec(),
        "ln_per_dispersion" => ln_per_dispersion(a[0], a[1]).to_vec(),
        "hypergeometric" => vec![hypergeometric(a[0], a[1], a[2], a[3])],
        "ln_hypergeometric" => {
            let Local { value, gradient: g, hessian: h } = ln_hypergeometric(a[0], a[1], a[2], a[3]);
            vec![value, g[0], g[1], g[2], h[0][0], h[0][1], h[1][1], h[0][2], h[1][2], h[2][2]]
        }
        "ln_hypergeometric_next" => vec![ln_hypergeometric_next(a[0], a[1], a[2], a[3])],
        "ln_hypergeometric_negative" => vec![ln_hypergeometric_negative(a[0], a[1], a[2], a[3])],
        "incomplete_gamma" => <[f64; 2]>::from(incomplete_gamma(a[0], a[1])).to_vec(),
        "gamma_quantile" => vec![gamma_quantile(a[0], a[1]), gamma_upper_quantile(a[0], a[1])],
        "incomplete_beta" => <[f64; 2]>::from(incomplete_beta(a[0], a[1], Odds::of(a[2], a[3]))).to_vec(),
        "beta_quantile" => {
            let (low, high) = (beta_quantile(a[0], a[1], a[2]), beta_upper_quantile(a[0], a[1], a[2]));
            vec![low.share, low.other, high.share, high.other]
        }
        "pareto_integral" => {
            let [r, s, alpha, beta, x, t_x, t] = a[..] else { panic!("{a:?}") };
            let f = |u: f64| -(r + x) * libm::log1p(u / (alpha + t_x)) - (s + 1.0) * libm::log1p(u / (beta + t_x));
            vec![ln_integral(f, 0.0, t - t_x)]
        }
        other => panic!("no function {other}"),
    }
}

/// The largest relative error that each function may have.
fn most(function: &str) -> f64 {
    match function {
        _ => 1e-12,
    }
}

#[test]
fn functions_agree_with_40_digit_references() {
    let numbers = |text: &str| text.split_whitespace().map(|n| n.parse().unwrap()).collect::<Vec<f64>>();
    let (mut worst, mut rows): (BTreeMap<String, (f64, &str)>, BTreeMap<&str, u32>) = (BTreeMap::new(), BTreeMap::new());
    for line in TABLE.lines().skip(1) {
        let [function, arguments, scales, values] = line.split(',').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let (want, scale) = (numbers(values), numbers(scales));
        let got = found(function, &numbers(arguments));
        assert_eq!(got.len(), want.len(), "{line}");
        *rows.entry(function).or_default() += 1;
        for (at, (got, want)) in got.iter().zip(&want).enumerate() {
            let scale = scale.get(at).copied().unwrap_or(0.0).max(want.abs());
            let error = if scale > 0.0 { (got - want).abs() / scale } else { got.abs() };
            let entry = worst.entry(alloc::format!("{function}.{at}")).or_insert((0.0, line));
            if error > entry.0 || error.is_nan() {
                *entry = (error, line);
            }
        }
    }
    let bad: Vec<_> = worst.iter().filter(|(name, (error, _))| !(*error <= most(name.split('.').next().unwrap()))).collect();
    if std::env::var("SHOW").is_ok() {
        for (n, (e, l)) in &worst {
            println!("{n:24} {e:.1e} {l}");
        }
        println!("{rows:?}");
    }
    assert!(bad.is_empty(), "{bad:#?}");
    assert!(rows.len() >= 7 && rows.values().all(|n| *n >= 10), "{rows:?}");
}
