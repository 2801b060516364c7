use super::{Candidate, ValidationError};
use crate::{
    numeric::incomplete_gamma,
    value::lifetime::{Dropout, Family, family::Kind},
};

/// A likelihood-ratio test of a family against one that it is a special case of: how surprising the data would be if the special case
/// held.
///
/// In all nestings of these families the special case lies at the boundary of the general one (a hazard or an ageing of zero), where the
/// usual χ² with one degree of freedom a parameter does not hold. See [`Null`] for what does.
///
/// ```
/// use customer_value::value::lifetime::{Family, PurchaseCounts, Summary, TimeUnit};
/// use customer_value::value::lifetime::validation::{Candidate, LikelihoodRatio, ValidationError};
///
/// let mut counts = PurchaseCounts::new();
/// for (x, t_x, t, customers) in [
///     (0, 0, 270, 60), (1, 20, 260, 12), (1, 140, 272, 9), (2, 60, 268, 5), (2, 213, 272, 6), (4, 250, 265, 4), (9, 120, 270, 2),
/// ] {
///     counts.push(Summary::new(x, t_x, t)?, customers)?;
/// }
/// let fit = |family| Candidate::fit(family, &counts, TimeUnit::WEEK);
/// let (nbd, bg, mbg) = (fit(Family::Nbd)?, fit(Family::BgNbd)?, fit(Family::MbgNbd)?);
/// let test = LikelihoodRatio::between(&nbd, &bg)?;
/// assert!(test.statistic() > 0.0 && test.least_p_value() < test.p_value());
/// assert!(matches!(LikelihoodRatio::between(&bg, &mbg), Err(ValidationError::NotNested { .. })));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "lrtest")]
#[doc(alias = "似然比检验")]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LikelihoodRatio {
    simple: Family,
    rich: Family,
    statistic: f64,
    null: Null,
}

/// The distribution of twice the difference of the log-likelihoods where the special case holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Null {
    /// One parameter at its boundary, all others known: ½χ²₀ + ½χ²₁ (Chernoff 1954; Self and Liang 1987, case 5). So for an ageing of zero,
    /// Pareto/NBD in GGom/NBD.
    Boundary,
    /// Where nobody drops out, it means nothing how customers differ in it, or how it grows with age: these parameters cannot be known
    /// under the null (Davies 1977), and the statistic is the greatest of many, one for each of their values. Each alone has ½χ²₀ + ½χ²₁,
    /// which gives the least p-value. χ² with as many degrees of freedom as there are parameters more gives the greatest: for one parameter
    /// that cannot be known, Davies’ bound `Φ(−√s) + exp(−s/2)·L/2π` lies below χ²₂ unless the scores turn by more than a half circle
    /// (L > π) while the parameter goes from end to end. For two it is the custom, not a bound.
    Unidentified {
        /// How many parameters the general case has more, those that cannot be known among them.
        parameters: u8,
    },
}

/// How much less likely the general case may be than the special case by rounding.
const ROUNDING: f64 = 1e-6;

impl LikelihoodRatio {
    /// Tests the special case against the general one: NBD against any family with dropout (of the same regularity), Pareto/NBD against
    /// GGom/NBD. The fits must be of the same customers, which is checked by their number.
    ///
    /// # Errors
    /// [`ValidationError::NotNested`] for BG/NBD against Pareto/NBD or itself; [`ValidationError::UnitsDiffer`];
    /// [`ValidationError::CustomersDiffer`]; [`ValidationError::WithPrior`]; [`ValidationError::LessLikely`] if one fit must have missed
    /// its maximum.
    pub fn between(simple: &Candidate, rich: &Candidate) -> Result<LikelihoodRatio, ValidationError> {
        let (of_simple, of_rich) = (simple.fit.model(), rich.fit.model());
        if !special_case(simple.family, rich.family) {
            return Err(ValidationError::NotNested { simple: simple.family, rich: rich.family });
        }
        if of_simple.unit() != of_rich.unit() {
            return Err(ValidationError::UnitsDiffer { first: of_simple.unit(), second: of_rich.unit() });
        }
        let (first, second) = (simple.fit.customers(), rich.fit.customers());
        if first != second {
            return Err(ValidationError::CustomersDiffer { first, second });
        }
        // Without a prior this is exactly zero.
        if let Some(prior) = [simple, rich].into_iter().find(|candidate| candidate.fit.log_prior() != 0.0) {
            return Err(ValidationError::WithPrior(prior.family));
        }
        let gain = rich.fit.log_likelihood() - simple.fit.log_likelihood();
        if gain < -ROUNDING {
            return Err(ValidationError::LessLikely { simple: simple.family, rich: rich.family, by: -gain });
        }
        // A Pareto/NBD that ended in NBD says nothing of ageing.
        let null = match of_simple.dropout() {
            Dropout::Never => Null::Unidentified { parameters: parameters(rich.family) - parameters(Family::Nbd) },
            _ => Null::Boundary,
        };
        Ok(LikelihoodRatio { simple: simple.family, rich: rich.family, statistic: (2.0 * gain).max(0.0), null })
    }

    /// The special case.
    pub const fn simple(&self) -> Family {
        self.simple
    }

    /// The general case.
    pub const fn rich(&self) -> Family {
        self.rich
    }

    /// Twice the difference of the log-likelihoods, zero and more.
    pub const fn statistic(&self) -> f64 {
        self.statistic
    }

    /// The distribution that it is judged by.
    pub const fn null(&self) -> Null {
        self.null
    }

    /// The probability of as great a statistic if the special case holds; the greatest that it may be, where it is not known exactly.
    pub fn p_value(&self) -> f64 {
        match self.null {
            Null::Boundary => self.least_p_value(),
            Null::Unidentified { parameters } => upper_tail(parameters, self.statistic),
        }
    }

    /// The least that the p-value may be: that of ½χ²₀ + ½χ²₁. Equal to it where it is known.
    pub fn least_p_value(&self) -> f64 {
        if self.statistic > 0.0 { upper_tail(1, self.statistic) / 2.0 } else { 1.0 }
    }
}

/// The probability that χ² with so many degrees of freedom exceeds a value.
fn upper_tail(degrees: u8, value: f64) -> f64 {
    incomplete_gamma(f64::from(degrees) / 2.0, value / 2.0).1
}

/// Whether the first is the second with a parameter at zero.
pub(super) fn special_case(simple: Family, rich: Family) -> bool {
    let alike = simple.regularity() == rich.regularity();
    alike && simple != rich && (simple.dropout() == Kind::Never || (simple, rich) == (Family::ParetoNbd, Family::GgomNbd))
}

/// How many parameters a family has.
pub(super) fn parameters(family: Family) -> u8 {
    family.free().into_iter().map(u8::from).sum()
}

#[cfg(test)]
mod tests {
    use super::{LikelihoodRatio, Null, special_case, upper_tail};
    use crate::value::lifetime::Family;
    use core::num::NonZeroU8;

    #[test]
    fn tails_are_those_of_tables() {
        // Table 26.8 of Abramowitz and Stegun (1964).
        for (degrees, value, tail) in
            [(1, 3.84146, 0.05), (1, 6.63490, 0.01), (2, 5.99147, 0.05), (3, 7.81473, 0.05), (3, 16.2663, 0.001)]
        {
            assert!((upper_tail(degrees, value) / tail - 1.0).abs() < 1e-5, "{degrees} {value}");
        }
        let test = |null, statistic| LikelihoodRatio { simple: Family::Nbd, rich: Family::BgNbd, statistic, null };
        // 2.70554 is where χ²₁ leaves a tenth.
        let boundary = test(Null::Boundary, 2.70554);
        assert!((boundary.p_value() - 0.05).abs() < 1e-6 && boundary.p_value() <= boundary.least_p_value());
        let unidentified = test(Null::Unidentified { parameters: 2 }, 5.99147);
        assert!((unidentified.p_value() - 0.05).abs() < 1e-6);
        assert!((unidentified.least_p_value() - 0.5 * upper_tail(1, 5.99147)).abs() < 1e-15);
        for null in [Null::Boundary, Null::Unidentified { parameters: 2 }] {
            assert!(test(null, 0.0).p_value() >= 1.0 && test(null, 0.0).least_p_value() >= 1.0 && test(null, 1e5).p_value() <= 0.0);
        }
    }

    #[test]
    fn nesting() {
        let k = |k| NonZeroU8::new(k).unwrap();
        for (simple, rich, nested) in [
            (Family::Nbd, Family::ParetoNbd, true),
            (Family::Nbd, Family::GgomNbd, true),
            (Family::Nbd, Family::BgNbd, true),
            (Family::Nbd, Family::MbgNbd, true),
            (Family::ParetoNbd, Family::GgomNbd, true),
            (Family::Cnbd(k(2)), Family::BgCnbd(k(2)), true),
            (Family::Cnbd(k(2)), Family::MbgCnbd(k(3)), false),
            (Family::Nbd, Family::BgCnbd(k(2)), false),
            (Family::Nbd, Family::Nbd, false),
            (Family::Nbd, Family::Cnbd(k(2)), false),
            (Family::BgNbd, Family::MbgNbd, false),
            (Family::ParetoNbd, Family::BgNbd, false),
            (Family::GgomNbd, Family::ParetoNbd, false),
            (Family::BgNbd, Family::Nbd, false),
        ] {
            assert_eq!(special_case(simple, rich), nested, "{simple} {rich}");
        }
        // NBD by another name.
        assert!(!special_case(Family::Nbd, Family::Cnbd(k(1))));
    }
}
