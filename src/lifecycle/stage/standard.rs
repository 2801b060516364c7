use super::{Evidence, Stage, StageError, StageKind, StageModel};
use crate::{
    quantity::{Name, NameError, Predicate},
    tier::{membership::Confirmation, segments::Bases},
};
use alloc::{vec, vec::Vec};
use rust_decimal::Decimal;

/// The bounds of the standard model. There are none by default: what is long, and what is much, depends on the trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standard {
    /// A customer is new for so many days from the first purchase.
    pub new_days: u32,
    /// Below this purchase trend a customer declines.
    pub fall: Decimal,
    /// Above this purchase trend a customer grows.
    pub rise: Decimal,
    /// What a move to growing, mature or declining takes. A trend of few purchases goes up and down; the other rules have their days.
    pub trend: Confirmation,
}

impl StageModel {
    /// The eight stages that the literature tells apart, by purchases alone:
    ///
    /// | stage | rule |
    /// |---|---|
    /// | `prospect` | no purchase |
    /// | `lapsed` | silent for the `lapse_days` of the evidence, or longer |
    /// | `new` | not lapsed, and a customer for less than `new_days` |
    /// | `won back` | neither, and a lapse has ended in the recent window |
    /// | `growing` | none of these; buys more often than `rise` times the earlier window, or bought nothing then |
    /// | `mature` | … from `fall` to `rise` times, both included |
    /// | `declining` | … less than `fall` times, or nothing in the recent window |
    /// | `closed` | by hand |
    ///
    /// Every stage but the last may lead to `closed`; prospects become new; new customers and those won back grow, mature, decline or
    /// lapse; growing, mature and declining lead to each other and to `lapsed`; `lapsed` leads to `won back`.
    ///
    /// # Errors
    /// [`BadTrend`](StageError::BadTrend) unless `0 < fall ≤ rise`; [`BadConfirmation`](StageError::BadConfirmation) for 0 observations.
    pub fn standard(name: Name, evidence: Evidence, bounds: &Standard) -> Result<StageModel, StageError> {
        let Standard { new_days, fall, rise, trend: takes } = *bounds;
        if fall <= Decimal::ZERO || fall > rise {
            return Err(StageError::BadTrend);
        }
        let at_least = |of: &str, bound: Decimal| Ok::<_, NameError>(Predicate::AtLeast { of: Name::new(of)?, bound });
        let less_than = |of: &str, bound: Decimal| Ok::<_, NameError>(Predicate::LessThan { of: Name::new(of)?, bound });
        let trend = || Name::new("purchase trend");
        let one = Decimal::ONE;
        let bought = at_least("purchases", one)?;
        let (new, lapse) = (Decimal::from(new_days), Decimal::from(evidence.lapse_days()));
        let active = [bought.clone(), less_than("silent days", lapse)?];
        let both = |parts: &[Predicate], more: Vec<Predicate>| [parts, &more].concat();
        let old = both(&active, vec![at_least("tenure days", new)?]);
        let steady = both(&old, vec![less_than("comebacks", one)?]);
        let all = |parts: &[Predicate], more: Vec<Predicate>| Predicate::All(both(parts, more));
        let (now, before) = (at_least("recent purchases", one)?, at_least("earlier purchases", one)?);
        let more = Predicate::MoreThan { of: trend()?, bound: rise };
        let not_more = Predicate::AtMost { of: trend()?, bound: rise };
        let (less, not_less) = (less_than("purchase trend", fall)?, at_least("purchase trend", fall)?);
        let nothing_before = less_than("earlier purchases", one)?;
        let grows = Predicate::Any(vec![nothing_before, more]);
        let declines = Predicate::Any(vec![less_than("recent purchases", one)?, Predicate::All(vec![before.clone(), less])]);

        let rules = [
            ("prospect", StageKind::Prospect, less_than("purchases", one)?, &["new"][..]),
            (
                "new",
                StageKind::New,
                all(&active, vec![less_than("tenure days", new)?]),
                &["growing", "mature", "declining", "lapsed"],
            ),
            ("growing", StageKind::Growing, all(&steady, vec![now.clone(), grows]), &["mature", "declining", "lapsed"]),
            ("mature", StageKind::Mature, all(&steady, vec![now, before, not_less, not_more]), &["growing", "declining", "lapsed"]),
            ("declining", StageKind::Declining, all(&steady, vec![declines]), &["growing", "mature", "lapsed"]),
            ("lapsed", StageKind::Lapsed, all(&[bought], vec![at_least("silent days", lapse)?]), &["won back"]),
            (
                "won back",
                StageKind::WonBack,
                all(&old, vec![at_least("comebacks", one)?]),
                &["growing", "mature", "declining", "lapsed"],
            ),
        ];
        let mut stages = Vec::with_capacity(8);
        for (name, kind, when, next) in rules {
            let stage = Stage::new(name, kind, when)?.leading_to(next.iter().copied().chain(["closed"]))?;
            let by_trend = matches!(kind, StageKind::Growing | StageKind::Mature | StageKind::Declining);
            stages.push(if by_trend { stage.confirmed(takes) } else { stage });
        }
        stages.push(Stage::end("closed", StageKind::Closed)?);
        StageModel::new(name, evidence, Bases::new(vec![], vec![])?, stages)
    }
}
