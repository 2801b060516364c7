use super::{Answer, Measure, PerceivedError, Turnout, answer::counted, scores::share};
use crate::{
    money::Ratio,
    quantity::{Confidence, Estimate},
};
use alloc::{collections::BTreeMap, vec::Vec};
use serde::{Deserialize, Serialize};

/// How a customer feels if a product has something, or has it not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Feeling {
    /// I like it that way.
    Like,
    /// It must be that way.
    MustBe,
    /// I am neutral.
    Neutral,
    /// I can live with it that way.
    LiveWith,
    /// I dislike it that way.
    Dislike,
}

/// What a quality is to a customer (Kano, Seraku, Takahashi and Tsuji 1984).
///
/// ```
/// use customer_value::value::perceived::{Feeling, KanoClass, ValueLevel};
///
/// let class = KanoClass::of(Feeling::Neutral, Feeling::Dislike); // nothing special if there, bad if not
/// assert_eq!(class, KanoClass::MustBe);
/// assert_eq!(class.level(), Some(ValueLevel::Basic));
/// ```
#[doc(alias = "卡诺模型")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KanoClass {
    /// Taken for granted: its absence annoys, its presence goes unnoticed.
    #[doc(alias = "基本型需求")]
    MustBe,
    /// The more the better.
    #[doc(alias = "期望型需求")]
    OneDimensional,
    /// Its presence delights, its absence goes unnoticed.
    #[doc(alias = "兴奋型需求")]
    Attractive,
    /// It does not matter.
    #[doc(alias = "无差异型需求")]
    Indifferent,
    /// Its absence is what is wanted.
    #[doc(alias = "反向型需求")]
    Reverse,
    /// The two answers contradict each other.
    #[doc(alias = "可疑结果")]
    Questionable,
}

/// The three levels of value in the eyes of a customer.
#[doc(alias = "价值层次")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ValueLevel {
    /// What must be.
    #[doc(alias = "基本价值")]
    Basic,
    /// What is asked for, and paid for by its degree.
    #[doc(alias = "客户期望价值")]
    Expected,
    /// What nobody asked for, and delights.
    #[doc(alias = "超越期望价值")]
    BeyondExpectation,
}

impl KanoClass {
    /// All six.
    pub const ALL: [KanoClass; 6] = [
        KanoClass::MustBe,
        KanoClass::OneDimensional,
        KanoClass::Attractive,
        KanoClass::Indifferent,
        KanoClass::Reverse,
        KanoClass::Questionable,
    ];

    /// The evaluation table of Berger et al. (1993): how they feel if the product has it (functional), and if it has not (dysfunctional).
    pub const fn of(functional: Feeling, dysfunctional: Feeling) -> KanoClass {
        use Feeling::{Dislike, Like};
        match (functional, dysfunctional) {
            (Like, Like) | (Dislike, Dislike) => KanoClass::Questionable,
            (Like, Dislike) => KanoClass::OneDimensional,
            (Like, _) => KanoClass::Attractive,
            (_, Like) | (Dislike, _) => KanoClass::Reverse,
            (_, Dislike) => KanoClass::MustBe,
            (_, _) => KanoClass::Indifferent,
        }
    }

    /// The level of value that a quality of this class belongs to; `None` where it adds none.
    pub const fn level(self) -> Option<ValueLevel> {
        match self {
            KanoClass::MustBe => Some(ValueLevel::Basic),
            KanoClass::OneDimensional => Some(ValueLevel::Expected),
            KanoClass::Attractive => Some(ValueLevel::BeyondExpectation),
            KanoClass::Indifferent | KanoClass::Reverse | KanoClass::Questionable => None,
        }
    }
}

/// What one quality is to many customers: how many put it into which class. Tallies merge in any order.
///
/// ```
/// use customer_value::{quantity::Confidence, value::perceived::{KanoClass::*, KanoTally}};
///
/// let tally = KanoTally::of_counts([(Attractive, 30), (OneDimensional, 40), (MustBe, 20), (Indifferent, 10)])?;
/// assert_eq!(tally.class(), Some(OneDimensional));
/// assert_eq!(tally.better(Confidence::P95)?.estimate.value(), 0.7);
/// assert_eq!(tally.worse(Confidence::P95)?.estimate.value(), -0.6);
/// # Ok::<(), customer_value::value::perceived::PerceivedError>(())
/// ```
#[doc(alias = "卡诺问卷")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct KanoTally {
    /// Above zero.
    counts: BTreeMap<KanoClass, u64>,
    not_applicable: u64,
    no_answer: u64,
}

impl KanoTally {
    /// No answers yet.
    pub const fn new() -> KanoTally {
        KanoTally { counts: BTreeMap::new(), not_applicable: 0, no_answer: 0 }
    }

    /// From counts by class; those of a class named twice add up.
    ///
    /// # Errors
    /// [`TooMany`](PerceivedError::TooMany) beyond 2⁶³ − 1 answers.
    pub fn of_counts(counts: impl IntoIterator<Item = (KanoClass, u64)>) -> Result<KanoTally, PerceivedError> {
        let mut tally = KanoTally::new();
        counts.into_iter().try_for_each(|(class, n)| tally.add(Answer::Given(class), n))?;
        Ok(tally)
    }

    /// Counts the two answers of one customer. One that is not applicable, or missing, makes the pair so.
    ///
    /// # Errors
    /// [`TooMany`](PerceivedError::TooMany) for the 2⁶³rd.
    pub fn push(&mut self, functional: Answer<Feeling>, dysfunctional: Answer<Feeling>) -> Result<(), PerceivedError> {
        let answer = match (functional, dysfunctional) {
            (Answer::Given(with), Answer::Given(without)) => Answer::Given(KanoClass::of(with, without)),
            (Answer::NotApplicable, _) | (_, Answer::NotApplicable) => Answer::NotApplicable,
            (Answer::NoAnswer, _) | (_, Answer::NoAnswer) => Answer::NoAnswer,
        };
        self.add(answer, 1)
    }

    /// Takes in the answers of others about the same quality.
    ///
    /// # Errors
    /// [`TooMany`](PerceivedError::TooMany) beyond 2⁶³ − 1 answers; nothing is taken in then.
    pub fn merge(&mut self, other: &KanoTally) -> Result<(), PerceivedError> {
        counted(self.turnout().asked(), other.turnout().asked())?;
        other.counts.iter().for_each(|(&class, n)| *self.counts.entry(class).or_insert(0) += n);
        self.not_applicable += other.not_applicable;
        self.no_answer += other.no_answer;
        Ok(())
    }

    fn add(&mut self, answer: Answer<KanoClass>, times: u64) -> Result<(), PerceivedError> {
        counted(self.turnout().asked(), times)?;
        match answer {
            Answer::Given(_) if times == 0 => {}
            Answer::Given(class) => *self.counts.entry(class).or_insert(0) += times,
            Answer::NotApplicable => self.not_applicable += times,
            Answer::NoAnswer => self.no_answer += times,
        }
        Ok(())
    }

    /// How many put it into a class.
    pub fn count(&self, class: KanoClass) -> u64 {
        self.counts.get(&class).copied().unwrap_or(0)
    }

    /// The share of a class in all answers, questionable and reverse ones among them; `None` without an answer.
    pub fn share(&self, class: KanoClass) -> Option<Ratio> {
        Ratio::new(self.count(class).into(), self.turnout().answered.into()).ok()
    }

    /// How many were asked, and what became of it.
    pub fn turnout(&self) -> Turnout {
        let answered = self.counts.values().sum(); // `counted` keeps all of them in range
        Turnout { answered, not_applicable: self.not_applicable, no_answer: self.no_answer }
    }

    /// The classes that lead, by the rule of Berger et al. (1993): if more see a quality that counts (must-be, one-dimensional or
    /// attractive) than one that does not (indifferent, reverse or questionable), the most frequent of the first three; otherwise the most
    /// frequent of the last three. More than one if they tie, in the order of [`KanoClass::ALL`]; none without an answer.
    pub fn leading(&self) -> Vec<KanoClass> {
        let (counting, others) = KanoClass::ALL.split_at(3);
        let sum = |of: &[KanoClass]| of.iter().map(|&class| self.count(class)).sum::<u64>();
        let group = if sum(counting) > sum(others) { counting } else { others };
        let most = group.iter().map(|&class| self.count(class)).max().unwrap_or(0);
        group.iter().copied().filter(|&class| most > 0 && self.count(class) == most).collect()
    }

    /// The class that leads alone; `None` if there is no answer or a tie. The custom of breaking a tie for the class that hurts most,
    /// must-be before one-dimensional before attractive, is the first of [`leading`](KanoTally::leading).
    pub fn class(&self) -> Option<KanoClass> {
        match self.leading().as_slice() {
            [class] => Some(*class),
            _ => None,
        }
    }

    /// Category strength (Lee and Newcomb 1997): the share of the most frequent class of all six less that of the next. Below 0.06 they
    /// call a quality a mixture. `None` without an answer.
    pub fn category_strength(&self) -> Option<Ratio> {
        let mut counts = KanoClass::ALL.map(|class| self.count(class));
        counts.sort_unstable_by(|a, b| b.cmp(a));
        Ratio::new((counts[0] - counts[1]).into(), self.turnout().answered.into()).ok()
    }

    /// Total strength (Lee and Newcomb 1997): the share of those to whom it counts, as must-be, one-dimensional or attractive. `None`
    /// without an answer.
    pub fn total_strength(&self) -> Option<Ratio> {
        let [m, o, a, ..] = KanoClass::ALL.map(|class| self.count(class));
        Ratio::new((m + o + a).into(), self.turnout().answered.into()).ok()
    }

    /// The better coefficient (Timko, in Berger et al. 1993): `(A + O)/(A + O + M + I)`, how many would be more satisfied with it, from 0
    /// to 1, with the score interval of Wilson (1927). Reverse and questionable answers are in no part of it; [`Measure::n`] says how many
    /// are.
    ///
    /// # Errors
    /// [`TooFew`](PerceivedError::TooFew) if there is no answer of these four classes.
    pub fn better(&self, confidence: Confidence) -> Result<Measure, PerceivedError> {
        let [_, o, a, ..] = KanoClass::ALL.map(|class| self.count(class));
        self.coefficient(o + a, confidence)
    }

    /// The worse coefficient: `−(O + M)/(A + O + M + I)`, how many would be less satisfied without it, from −1 to 0.
    ///
    /// # Errors
    /// As [`better`](KanoTally::better).
    pub fn worse(&self, confidence: Confidence) -> Result<Measure, PerceivedError> {
        let [m, o, ..] = KanoClass::ALL.map(|class| self.count(class));
        let measure = self.coefficient(o + m, confidence)?;
        let of = measure.estimate;
        Ok(Measure { estimate: Estimate::new(-of.value(), -of.high(), -of.low(), confidence)?, ..measure })
    }

    fn coefficient(&self, part: u64, confidence: Confidence) -> Result<Measure, PerceivedError> {
        let [m, o, a, i, ..] = KanoClass::ALL.map(|class| self.count(class));
        let n = m + o + a + i;
        Ok(Measure { estimate: share(part, n, confidence)?, n, turnout: self.turnout() })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "KanoTally")]
struct Wire {
    counts: BTreeMap<KanoClass, u64>,
    #[serde(default)]
    not_applicable: u64,
    #[serde(default)]
    no_answer: u64,
}

impl TryFrom<Wire> for KanoTally {
    type Error = PerceivedError;

    fn try_from(wire: Wire) -> Result<KanoTally, PerceivedError> {
        let mut tally = KanoTally::of_counts(wire.counts)?;
        tally.add(Answer::NotApplicable, wire.not_applicable)?;
        tally.add(Answer::NoAnswer, wire.no_answer)?;
        Ok(tally)
    }
}

impl From<KanoTally> for Wire {
    fn from(t: KanoTally) -> Wire {
        Wire { counts: t.counts, not_applicable: t.not_applicable, no_answer: t.no_answer }
    }
}
