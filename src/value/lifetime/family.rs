use core::{fmt, num::NonZeroU8};
use serde::{Deserialize, Serialize};

/// The models of purchasing in the literature. All have gamma-distributed purchase rates; they differ in how customers drop out and in how
/// regularly they buy.
///
/// | family | dropout | source |
/// |---|---|---|
/// | [`Nbd`](Family::Nbd) | never | Ehrenberg 1959 |
/// | [`ParetoNbd`](Family::ParetoNbd) | in time | Schmittlein, Morrison and Colombo 1987 |
/// | [`GgomNbd`](Family::GgomNbd) | in time, ever more likely | Bemmaor and Glady 2012, with Adler's correction of 2022 |
/// | [`BgNbd`](Family::BgNbd) | at a repeat purchase | Fader, Hardie and Lee 2005 |
/// | [`MbgNbd`](Family::MbgNbd) | at any purchase | Batislam, Denizel and Filiztekin 2007 |
/// | [`Cnbd`](Family::Cnbd) | never; regular | Chatfield and Goodhardt 1973 |
/// | [`BgCnbd`](Family::BgCnbd) | as BG/NBD; regular | Platzer and Reutterer 2016 |
/// | [`MbgCnbd`](Family::MbgCnbd) | as MBG/NBD; regular | Reutterer, Platzer and Schröder 2021 |
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// Purchases at random, no dropout.
    Nbd,
    /// Purchases at random, dropout in time.
    ParetoNbd,
    /// Purchases at random, dropout in time with a hazard that grows.
    GgomNbd,
    /// Purchases at random, dropout at repeat purchases.
    BgNbd,
    /// Purchases at random, dropout at any purchase.
    MbgNbd,
    /// Every k-th event of a Poisson process is a purchase; no dropout.
    Cnbd(NonZeroU8),
    /// BG/NBD with every k-th event a purchase.
    BgCnbd(NonZeroU8),
    /// MBG/NBD with every k-th event a purchase.
    MbgCnbd(NonZeroU8),
}

/// What a family says of dropout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Never,
    InTime,
    AtPurchases { first: bool },
}

impl Family {
    /// The families with purchases at random.
    pub const AT_RANDOM: [Family; 5] = [Family::Nbd, Family::ParetoNbd, Family::GgomNbd, Family::BgNbd, Family::MbgNbd];

    pub(super) const fn regularity(self) -> NonZeroU8 {
        match self {
            Family::Cnbd(k) | Family::BgCnbd(k) | Family::MbgCnbd(k) => k,
            _ => NonZeroU8::MIN,
        }
    }

    /// The family with another regularity; `None` for dropout in time, which knows none.
    pub(super) const fn with_regularity(self, k: NonZeroU8) -> Option<Family> {
        match (self.dropout(), k.get()) {
            (Kind::InTime, _) => None,
            (Kind::Never, 1) => Some(Family::Nbd),
            (Kind::Never, _) => Some(Family::Cnbd(k)),
            (Kind::AtPurchases { first: false }, 1) => Some(Family::BgNbd),
            (Kind::AtPurchases { first: false }, _) => Some(Family::BgCnbd(k)),
            (Kind::AtPurchases { first: true }, 1) => Some(Family::MbgNbd),
            (Kind::AtPurchases { first: true }, _) => Some(Family::MbgCnbd(k)),
        }
    }

    /// Which of the coordinates a model of the family has: mean and dispersion of the rate, mean and dispersion of the dropout, ageing.
    pub(super) const fn free(self) -> [bool; 5] {
        match self {
            Family::Nbd | Family::Cnbd(_) => [true, true, false, false, false],
            Family::GgomNbd => [true; 5],
            _ => [true, true, true, true, false],
        }
    }

    pub(super) const fn dropout(self) -> Kind {
        match self {
            Family::Nbd | Family::Cnbd(_) => Kind::Never,
            Family::ParetoNbd | Family::GgomNbd => Kind::InTime,
            Family::BgNbd | Family::BgCnbd(_) => Kind::AtPurchases { first: false },
            Family::MbgNbd | Family::MbgCnbd(_) => Kind::AtPurchases { first: true },
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Family::Nbd => f.write_str("NBD"),
            Family::ParetoNbd => f.write_str("Pareto/NBD"),
            Family::GgomNbd => f.write_str("GGom/NBD"),
            Family::BgNbd => f.write_str("BG/NBD"),
            Family::MbgNbd => f.write_str("MBG/NBD"),
            Family::Cnbd(k) => write!(f, "CNBD-{k}"),
            Family::BgCnbd(k) => write!(f, "BG/CNBD-{k}"),
            Family::MbgCnbd(k) => write!(f, "MBG/CNBD-{k}"),
        }
    }
}
