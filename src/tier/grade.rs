use super::{TierError, error::no_two_alike};
use crate::{
    quantity::Name,
    reason::{Conclusion, Decision, Language, Reason},
};
use alloc::vec::Vec;
use core::{cmp::Ordering, fmt};
use serde::{Deserialize, Serialize};

/// A grade of a [`GradeSet`]. A better grade is greater, whatever it is called.
///
/// ```
/// use customer_value::tier::GradeSet;
///
/// let set = GradeSet::letters(3)?;
/// let (a, c) = (set.grade("A").unwrap(), set.grade("C").unwrap());
/// assert!(a > c);
/// assert_eq!((a.rank(), a.to_string().as_str()), (1, "A"));
/// # Ok::<(), customer_value::tier::TierError>(())
/// ```
#[doc(alias = "等级")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire")]
pub struct Grade {
    rank: u8,
    name: Name,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename = "Grade")]
struct Wire {
    rank: u8,
    name: Name,
}

impl TryFrom<Wire> for Grade {
    type Error = TierError;

    fn try_from(Wire { rank, name }: Wire) -> Result<Grade, TierError> {
        if (1..=7).contains(&rank) { Ok(Grade { rank, name }) } else { Err(TierError::UnknownGrade(name)) }
    }
}

impl Grade {
    /// 1 for the best.
    pub const fn rank(&self) -> u8 {
        self.rank
    }

    /// What it is called.
    pub const fn name(&self) -> &Name {
        &self.name
    }
}

impl Ord for Grade {
    fn cmp(&self, other: &Grade) -> Ordering {
        other.rank.cmp(&self.rank).then_with(|| other.name.cmp(&self.name))
    }
}

impl PartialOrd for Grade {
    fn partial_cmp(&self, other: &Grade) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.name, f)
    }
}

impl Conclusion for Grade {
    fn follows_from(&self, reason: &Reason) -> Option<bool> {
        match reason {
            Reason::Cell { grade, .. } | Reason::Sorted { grade } | Reason::Rule { after: grade, .. } => Some(*grade == self.name),
            _ => None,
        }
    }
}

impl Decision<Grade> {
    /// The grade that the sorter gave, before the rules were considered.
    pub fn before_rules(&self) -> Option<&Name> {
        self.reasons.iter().find_map(|reason| match reason {
            Reason::Cell { grade, .. } | Reason::Sorted { grade } => Some(grade),
            _ => None,
        })
    }
}

/// The grades of a model, best first: 2 to 7 of them, because a grade that nobody can treat differently is one too many.
///
/// On the wire: `["A","B","C"]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<Name>", into = "Vec<Name>")]
pub struct GradeSet(Vec<Grade>);

impl GradeSet {
    /// A set of grades, best first.
    ///
    /// # Errors
    /// [`TierError::BadGradeCount`] for fewer than 2 or more than 7; [`TierError::Twice`] for A, B, A.
    pub fn new(best_first: Vec<Name>) -> Result<GradeSet, TierError> {
        if !(2..=7).contains(&best_first.len()) {
            return Err(TierError::BadGradeCount(best_first.len()));
        }
        no_two_alike(best_first.iter())?;
        Ok(GradeSet((1..).zip(best_first).map(|(rank, name)| Grade { rank, name }).collect()))
    }

    /// A, B, C …
    ///
    /// # Errors
    /// [`TierError::BadGradeCount`] for fewer than 2 or more than 7.
    pub fn letters(count: u8) -> Result<GradeSet, TierError> {
        let letters = ["A", "B", "C", "D", "E", "F", "G"];
        let names = letters.iter().take(count.into()).filter_map(|l| Name::new(l).ok()).collect();
        if usize::from(count) > letters.len() { Err(TierError::BadGradeCount(count.into())) } else { GradeSet::new(names) }
    }

    /// A, B, C, after ABC analysis (Dickie 1951).
    ///
    /// By two criteria at once, deal value and growth potential, with the joint matrix of Flores and Whybark (*Multiple criteria ABC
    /// analysis*, 1986): whoever is A in one and B in the other is A; A and C make B; B and C make C. The cuts are this example's own.
    ///
    /// ```
    /// use customer_value::{
    ///     money::{Currency, Money}, quantity::{Name, Ties, Unit}, score::Cutpoints, tier::{Axis, GradeModel, GradeSet, Grid},
    ///     value::{Dimension, Direction::HigherIsBetter, FactSheet, Family},
    /// };
    ///
    /// let deals = Dimension::new("成交额", Family::Economic, HigherIsBetter, Unit::Money(Currency::CNY))?;
    /// let growth = Dimension::judged("发展潜力", Family::Latent, ["low", "middle", "high"])?;
    /// let axis = |of: &Dimension, cuts: [i64; 2]| Ok::<_, Box<dyn core::error::Error>>(
    ///     Axis { of: of.name.clone(), cutpoints: Cutpoints::new(cuts.map(Into::into).to_vec(), Ties::ToUpper)? });
    /// let axes = vec![axis(&deals, [100_000, 1_000_000])?, axis(&growth, [2, 3])?];
    /// let cells = "C C B  C B A  B A A".split_whitespace().map(Name::new).collect::<Result<_, _>>()?; // worst to best
    /// let model = GradeModel::new(Name::new("ABC")?, vec![deals, growth], vec![], Grid::new(GradeSet::abc()?, axes, cells)?, vec![])?;
    ///
    /// let grade = |yuan: i64, growth: &str| {
    ///     let facts = FactSheet::new().with("成交额", Money::from_minor(yuan * 100, Currency::CNY))?.with("发展潜力", Name::new(growth)?)?;
    ///     Ok::<_, Box<dyn core::error::Error>>(model.grade_only(&facts)?.to_string())
    /// };
    /// assert_eq!((grade(1_000_000, "low")?, grade(1_000_000, "middle")?), ("B".into(), "A".into()));
    /// assert_eq!((grade(50_000, "high")?, grade(50_000, "middle")?), ("B".into(), "C".into()));
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// None occur.
    #[doc(alias = "ABC分类")]
    pub fn abc() -> Result<GradeSet, TierError> {
        GradeSet::letters(3)
    }

    /// A, B, C, D: as ABC, with a last grade for those who are served at no more than they bring.
    ///
    /// # Errors
    /// None occur.
    pub fn a_to_d() -> Result<GradeSet, TierError> {
        GradeSet::letters(4)
    }

    /// Core, potential and ordinary customers; 核心客户, 潜力客户, 普通客户.
    ///
    /// By contribution and stage of the life cycle; the stages are ordered by what is still to come, and the cuts and cells are this
    /// example's own:
    ///
    /// ```
    /// use customer_value::{
    ///     money::{Currency, Money}, quantity::{Name, Ties, Unit}, reason::Language, score::Cutpoints,
    ///     tier::{Axis, GradeModel, GradeSet, Grid}, value::{Dimension, Direction::HigherIsBetter, FactSheet, Family},
    /// };
    ///
    /// let contribution = Dimension::new("贡献度", Family::Economic, HigherIsBetter, Unit::Money(Currency::CNY))?;
    /// let stage = Dimension::judged("生命周期阶段", Family::Latent, ["衰退期", "成熟期", "成长期"])?;
    /// let axis = |of: &Dimension, cuts: &[i64]| Ok::<_, Box<dyn core::error::Error>>(
    ///     Axis { of: of.name.clone(), cutpoints: Cutpoints::new(cuts.iter().map(|&c| c.into()).collect(), Ties::ToUpper)? });
    /// let axes = vec![axis(&contribution, &[100_000])?, axis(&stage, &[2, 3])?];
    /// let cells = "普通客户 普通客户 潜力客户  潜力客户 核心客户 核心客户"; // contribution low, then high; each from decline to growth
    /// let cells = cells.split_whitespace().map(Name::new).collect::<Result<_, _>>()?;
    /// let grid = Grid::new(GradeSet::core(Language::Chinese)?, axes, cells)?;
    /// let model = GradeModel::new(Name::new("贡献与阶段")?, vec![contribution, stage], vec![], grid, vec![])?;
    ///
    /// let young = FactSheet::new().with("贡献度", Money::from_minor(20_000_00, Currency::CNY))?.with("生命周期阶段", Name::new("成长期")?)?;
    /// assert_eq!(model.grade_only(&young)?.name(), &"潜力客户");
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// None occur.
    #[doc(alias = "核心客户")]
    #[doc(alias = "潜力客户")]
    #[doc(alias = "普通客户")]
    pub fn core(language: Language) -> Result<GradeSet, TierError> {
        GradeSet::of(match language {
            Language::English => &["core", "potential", "ordinary"],
            Language::Chinese => &["核心客户", "潜力客户", "普通客户"],
        })
    }

    /// The categories of a key account programme: strategic, star, status, streamline; 战略客户, 明星客户, 稳定客户, 精简客户.
    ///
    /// Categories: `McDonald` and Woodburn, *Key Account Management: The Definitive Guide* (2007), by how attractive a customer is and how
    /// strong the supplier is with him: both (strategic), only attractive (star), only strong (status), neither (streamline). That a star
    /// ranks above a status customer is our order: what he is worth is the customer's, what we are to him is ours to change.
    ///
    /// ```
    /// use customer_value::{reason::Language, tier::GradeSet};
    ///
    /// let programme = GradeSet::key_accounts(Language::English)?;
    /// assert_eq!(programme.to_string(), r#""strategic" > "star" > "status" > "streamline""#);
    /// # Ok::<(), customer_value::tier::TierError>(())
    /// ```
    ///
    /// # Errors
    /// None occur.
    #[doc(alias = "大客户")]
    #[doc(alias = "重点客户")]
    pub fn key_accounts(language: Language) -> Result<GradeSet, TierError> {
        GradeSet::of(match language {
            Language::English => &["strategic", "star", "status", "streamline"],
            Language::Chinese => &["战略客户", "明星客户", "稳定客户", "精简客户"],
        })
    }

    fn of(best_first: &[&str]) -> Result<GradeSet, TierError> {
        GradeSet::new(best_first.iter().map(|name| Name::new(name)).collect::<Result<_, _>>()?)
    }

    /// The grades, best first.
    pub fn best_first(&self) -> &[Grade] {
        &self.0
    }

    /// The grade of that name.
    pub fn grade(&self, name: &str) -> Option<&Grade> {
        self.0.iter().find(|g| g.name == name)
    }

    /// As [`grade`](GradeSet::grade); a name that is not there is an error.
    pub(super) fn find(&self, name: &Name) -> Result<&Grade, TierError> {
        self.grade(name).ok_or_else(|| TierError::UnknownGrade(name.clone()))
    }
}

impl TryFrom<Vec<Name>> for GradeSet {
    type Error = TierError;

    fn try_from(names: Vec<Name>) -> Result<GradeSet, TierError> {
        GradeSet::new(names)
    }
}

impl From<GradeSet> for Vec<Name> {
    fn from(set: GradeSet) -> Vec<Name> {
        set.0.into_iter().map(|g| g.name).collect()
    }
}

impl fmt::Display for GradeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(i, grade)| write!(f, "{}{:?}", if i == 0 { "" } else { " > " }, grade.name))
    }
}
