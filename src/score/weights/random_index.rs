use super::WeightsError;
use crate::money::decimal;
use alloc::vec::Vec;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The random index: the mean consistency index of judgements drawn at random. The consistency ratio is measured in it, and the
/// published tables differ in the third decimal of the ratio, so the table is an argument, and belongs beside the result.
///
/// | names | Saaty 1980 | Saaty 2005 | Donegan, Dodd 1991 | Alonso, Lamata 2006 |
/// |---|---|---|---|---|
/// | 3 | .58 | .52 | .4914 | .5247 |
/// | 4 | .90 | .89 | .8286 | .8816 |
/// | 5 | 1.12 | 1.11 | 1.0591 | 1.1086 |
/// | 6 | 1.24 | 1.25 | 1.1797 | 1.2479 |
/// | 7 | 1.32 | 1.35 | 1.2519 | 1.3417 |
/// | 8 | 1.41 | 1.40 | 1.3171 | 1.4057 |
/// | 9 | 1.45 | 1.45 | 1.3733 | 1.4499 |
/// | 10 | 1.49 | 1.49 | 1.4055 | 1.4854 |
/// | 11 | 1.51 | 1.52 | 1.4213 | 1.5140 |
/// | 12 | 1.48 | 1.54 | 1.4497 | 1.5365 |
/// | 13 | 1.56 | 1.56 | 1.4643 | 1.5551 |
/// | 14 | 1.57 | 1.58 | 1.4822 | 1.5713 |
/// | 15 | 1.59 | 1.59 | 1.4969 | 1.5838 |
///
/// ```
/// use customer_value::score::weights::RandomIndex;
///
/// assert_eq!(RandomIndex::Saaty1980.value(4).unwrap().to_string(), "0.9000");
/// assert_eq!(RandomIndex::AlonsoLamata2006.value(16), None);
/// ```
#[doc(alias = "平均随机一致性指标")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RandomIndex {
    /// Saaty, The Analytic Hierarchy Process (1980): the table most often reprinted, from 500 matrices a size. The fall at 12 is in it.
    #[serde(rename = "saaty-1980")]
    Saaty1980,
    /// Saaty, Theory and Applications of the Analytic Network Process (2005), page 31.
    #[serde(rename = "saaty-2005")]
    Saaty2005,
    /// Donegan and Dodd, A Note on Saaty's Random Indexes, Mathematical and Computer Modelling 15:10 (1991).
    #[serde(rename = "donegan-dodd-1991")]
    DoneganDodd1991,
    /// Alonso and Lamata, Consistency in the Analytic Hierarchy Process: A New Approach (2006), from 500,000 matrices a size.
    #[serde(rename = "alonso-lamata-2006")]
    AlonsoLamata2006,
    /// A table of the caller's own.
    Own(RandomTable),
}

impl RandomIndex {
    /// The index for so many names; `None` beyond the table, and below 3, where judgements cannot contradict one another.
    pub fn value(&self, names: usize) -> Option<Decimal> {
        let table: [i64; 13] = match self {
            RandomIndex::Saaty1980 => [5800, 9000, 11200, 12400, 13200, 14100, 14500, 14900, 15100, 14800, 15600, 15700, 15900],
            RandomIndex::Saaty2005 => [5200, 8900, 11100, 12500, 13500, 14000, 14500, 14900, 15200, 15400, 15600, 15800, 15900],
            RandomIndex::DoneganDodd1991 => {
                [4914, 8286, 10591, 11797, 12519, 13171, 13733, 14055, 14213, 14497, 14643, 14822, 14969]
            }
            RandomIndex::AlonsoLamata2006 => {
                [5247, 8816, 11086, 12479, 13417, 14057, 14499, 14854, 15140, 15365, 15551, 15713, 15838]
            }
            RandomIndex::Own(table) => return table.0.get(names.checked_sub(3)?).copied(),
        };
        table.get(names.checked_sub(3)?).map(|&value| Decimal::new(value, 4))
    }
}

/// Random indices for 3, 4, 5 … names, up to 15.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "WireTable", into = "WireTable")]
pub struct RandomTable(Vec<Decimal>);

impl RandomTable {
    /// Keeps the values, the first for 3 names.
    ///
    /// # Errors
    /// [`BadRandomTable`](WeightsError::BadRandomTable) for `[]`, for `[0]`, and for 14 values.
    pub fn new(values: Vec<Decimal>) -> Result<RandomTable, WeightsError> {
        let good = (1..=13).contains(&values.len()) && values.iter().all(|&value| value > Decimal::ZERO);
        if good { Ok(RandomTable(values)) } else { Err(WeightsError::BadRandomTable(values)) }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct WireTable(#[serde(with = "decimal::list")] Vec<Decimal>);

impl TryFrom<WireTable> for RandomTable {
    type Error = WeightsError;

    fn try_from(wire: WireTable) -> Result<RandomTable, WeightsError> {
        RandomTable::new(wire.0)
    }
}

impl From<RandomTable> for WireTable {
    fn from(table: RandomTable) -> WireTable {
        WireTable(table.0)
    }
}
