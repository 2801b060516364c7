//! Public types can be sent to and shared with other threads, and the errors are errors.

use core::{error::Error, fmt::Debug, hash::Hash};
use customer_value::tier::{budget, effect, migration};
use customer_value::{calendar, customer, money, quantity, reason, score, tier, value};
use serde::{Serialize, de::DeserializeOwned};

fn plain<T: Send + Sync + Unpin + Debug + Clone + 'static>() {}
fn comparable<T: PartialEq + Eq>() {}
fn a_key<T: Eq + Hash>() {}
fn stored<T: Serialize + DeserializeOwned>() {}
fn error<T: Error + Send + Sync + Clone + PartialEq + 'static>() {}

macro_rules! all {
    ($check:ident: $($type:ty),+ $(,)?) => { $($check::<$type>();)+ };
}

#[test]
fn every_type_can_go_to_another_thread() {
    all!(plain: calendar::CalendarError, calendar::Period, calendar::Window);
    all!(plain: customer::Beyond, customer::CustomerBase<u64>, customer::CustomerBase<String>, customer::History, customer::HistoryError);
    all!(plain: customer::OrderColumns<'static>, customer::PurchaseDay, customer::Purchases, customer::Record, customer::ReturnPolicy);
    all!(plain: customer::Returned, customer::Unmatched);
    all!(plain: money::Currency, money::ExchangeRate, money::Money, money::MoneyError, money::RateTable, money::Ratio, money::Rounding);
    all!(plain: quantity::Column<'static>, quantity::Fact, quantity::Interval, quantity::Name, quantity::NameError, quantity::Quantity);
    all!(plain: quantity::Ties, quantity::Unit);
    all!(plain: reason::Decision<score::Score>, reason::Decision<tier::Grade>, reason::Language, reason::ModelId, reason::Reason);
    all!(plain: reason::Unsound, reason::Verdict);
    all!(plain: score::Cutpoints, score::Fitted, score::Missing, score::Quantile, score::Reference, score::Scale, score::ScalePlan);
    all!(plain: score::Score, score::ScoreColumns, score::ScoreError, score::ScoreModel, score::ScorePlan, score::Term);
    all!(plain: tier::Action, tier::Axis, tier::Effect, tier::Grade, tier::GradeModel, tier::GradePlan, tier::GradeSet, tier::Grid);
    all!(plain: tier::Lever, tier::Playbook, tier::Predicate, tier::Rule, tier::Segment, tier::SegmentAxis);
    all!(plain: tier::Segments, tier::TierError, tier::Treatment);
    all!(plain: budget::Allocation, budget::BudgetError, budget::Curve, budget::Part, budget::Response, budget::Shape);
    all!(plain: effect::Amounts, effect::Conversions, effect::EffectError, effect::MeanDifference);
    all!(plain: migration::Census, migration::Horizon, migration::Markov, migration::Migration, migration::MigrationError);
    all!(plain: migration::MixChange, migration::StateValues, migration::SteadyState);
    all!(plain: quantity::Confidence, quantity::ConfidenceError, quantity::Estimate, quantity::EstimateError, quantity::MoneyEstimate);
    all!(plain: value::AbcClass, value::Concentration, value::ConcentrationError, value::Dimension, value::Direction, value::FactSheet);
    all!(plain: value::Family, value::LorenzPoint, value::RepeatColumns, value::RepeatPurchases, value::Rfm, value::RfmColumns);
}

#[test]
fn what_is_compared_compares_exactly_and_what_is_stored_can_be_stored() {
    all!(comparable: customer::History, customer::CustomerBase<u8>, customer::Purchases, value::RfmColumns, value::RepeatColumns);
    all!(comparable: reason::Decision<score::Score>, reason::Decision<tier::Grade>, score::Fitted, score::ScoreColumns);
    all!(comparable: migration::Census, migration::Migration, migration::Markov, migration::MixChange, effect::Amounts, budget::Curve);
    all!(a_key: calendar::Period, money::Currency, money::Money, money::Ratio, quantity::Name, quantity::Quantity, score::Score);
    all!(a_key: score::Cutpoints, score::ScoreModel, tier::Grade, tier::GradeModel, tier::Segments, tier::Playbook, reason::ModelId);
    all!(stored: calendar::Period, calendar::Window, customer::CustomerBase<String>, customer::History, customer::Record);
    all!(stored: customer::ReturnPolicy, money::Currency, money::ExchangeRate, money::Money, money::Ratio, money::Rounding);
    all!(stored: quantity::Fact, quantity::Interval, quantity::Name, quantity::Quantity, quantity::Ties, quantity::Unit);
    all!(stored: reason::Decision<score::Score>, reason::Decision<tier::Grade>, reason::Language, reason::Reason);
    all!(stored: score::Cutpoints, score::ScoreModel, score::ScorePlan, tier::GradeModel, tier::GradePlan, tier::Grid, tier::Playbook);
    all!(stored: budget::Allocation, budget::Curve, budget::Response, effect::Amounts, effect::Conversions, migration::Census);
    all!(stored: migration::Horizon, migration::Markov, migration::Migration, migration::MixChange, quantity::Confidence);
    all!(stored: quantity::Estimate, quantity::MoneyEstimate);
    all!(stored: tier::Segments, value::Dimension, value::FactSheet);
}

#[test]
fn every_error_is_an_error() {
    all!(error: calendar::CalendarError, customer::HistoryError, money::MoneyError, quantity::NameError, reason::Unsound);
    all!(error: budget::BudgetError, effect::EffectError, migration::MigrationError, quantity::ConfidenceError, quantity::EstimateError);
    all!(error: score::ScoreError, tier::TierError, value::ConcentrationError);
}
