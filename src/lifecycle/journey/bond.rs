use crate::{
    quantity::{Name, NameError},
    value::{Dimension, Family},
};
use alloc::format;
use core::fmt;
use serde::{Deserialize, Serialize};

/// What ties a customer to the firm, weakest first: the deal, the person, the common cause.
///
/// The three kinds are those of relationship marketing (002: 交易关系、情感关系、合作关系); their order is that of Berry and Parasuraman
/// (1991), whose financial, social and structural bonds are the harder to imitate the later they come. Where that order does not hold, make
/// it an attribute instead of a dimension.
///
/// ```
/// use customer_value::{lifecycle::journey::Bond, quantity::Name, value::{Facts, FactSheet}};
///
/// let bond = Bond::dimension("bond")?; // an axis of a grid, a term of a score
/// assert_eq!(bond.level(&Bond::Emotional.name()?), Some(2));
/// let facts = FactSheet::new().with("bond", Bond::Cooperative.name()?)?;
/// assert_eq!(facts.fact("bond").named(), Some(&Name::new("cooperative")?));
/// # Ok::<(), customer_value::quantity::NameError>(())
/// ```
#[doc(alias = "客户关系类型")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bond {
    /// By price and terms; it lasts as long as nobody is cheaper.
    #[doc(alias = "交易关系")]
    Transactional,
    /// By trust in persons and liking.
    #[doc(alias = "情感关系")]
    Emotional,
    /// By what both have built together: systems, plans, knowledge.
    #[doc(alias = "合作关系")]
    Cooperative,
}

impl Bond {
    /// All of them, the weakest first.
    pub const ALL: [Bond; 3] = [Bond::Transactional, Bond::Emotional, Bond::Cooperative];

    /// A judged dimension with the bonds as its levels.
    ///
    /// # Errors
    /// [`NameError`] for the dimension `""`.
    pub fn dimension(name: &str) -> Result<Dimension, NameError> {
        Dimension::judged(name, Family::Social, ["transactional", "emotional", "cooperative"])
    }

    /// The name of the level.
    ///
    /// # Errors
    /// None: the names of levels are good.
    pub fn name(self) -> Result<Name, NameError> {
        Name::new(&format!("{self}"))
    }
}

impl fmt::Display for Bond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Bond::Transactional => "transactional",
            Bond::Emotional => "emotional",
            Bond::Cooperative => "cooperative",
        })
    }
}
