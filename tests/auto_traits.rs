//! Public types can be sent to and shared with other threads, and the errors are errors.

use core::{error::Error, fmt::Debug, hash::Hash};
use customer_value::customer::identity;
use customer_value::customer::{contact, service};
use customer_value::customer::{credit, file, party, privacy, profile};
use customer_value::lifecycle::{funnel, journey, stage};
use customer_value::loyalty::{self, account, accounting, earning, history, ladder, programme};
use customer_value::score::{ranking, weights};
use customer_value::tier::{budget, effect, migration};
use customer_value::tier::{lint, membership, nearest, profiles, segments, target, treatment};
use customer_value::value::economics;
use customer_value::value::lifetime::validation;
use customer_value::value::lifetime::{self, contract, discrete};
use customer_value::value::markov;
use customer_value::value::perceived;
use customer_value::{calendar, customer, money, quantity, reason, score, tier, value};
use serde::{Serialize, de::DeserializeOwned};

fn plain<T: Send + Sync + Unpin + Debug + Clone + 'static>() {}
fn closed<T: Send + Sync + Unpin + Debug>() {}
fn comparable<T: PartialEq + Eq>() {}
fn a_key<T: Eq + Hash>() {}
fn stored<T: Serialize + DeserializeOwned>() {}
fn error<T: Error + Send + Sync + Clone + PartialEq + 'static>() {}

macro_rules! all {
    ($check:ident: $($type:ty),+ $(,)?) => { $($check::<$type>();)+ };
}

#[test]
#[allow(clippy::too_many_lines)] // a list
fn every_type_can_go_to_another_thread() {
    all!(plain: calendar::CalendarError, calendar::Period, calendar::Window);
    all!(plain: customer::Beyond, customer::CustomerBase<u64>, customer::CustomerBase<String>, customer::History, customer::HistoryError);
    all!(plain: customer::OrderColumns<'static>, customer::PurchaseDay, customer::Purchases, customer::Record, customer::ReturnPolicy);
    all!(plain: customer::Returned, customer::Unmatched);
    all!(plain: credit::Aging, credit::Buckets, credit::Collection, credit::CreditError, credit::CreditLine, credit::CreditUse);
    all!(plain: credit::Invoice, credit::Payment, credit::Receivables, file::Customer, file::Erased, file::Erasure);
    all!(plain: file::ErasureReceipt, file::FileError, file::Gradable, file::Survives, party::BusinessModel, party::Company);
    all!(plain: party::CompanySize, party::Government, party::GovernmentLevel, party::Party, party::PartyError, party::PartyKind);
    all!(plain: party::Relationship, party::Role, party::Side, privacy::Access, privacy::Basis, privacy::Consent, privacy::Consents);
    all!(plain: privacy::CustomerKey, privacy::Detail, privacy::Ground, privacy::PrivacyError, privacy::Purpose, privacy::Withdrawal);
    all!(plain: profile::Area, profile::Catalogue, profile::Coverage, profile::Entry, profile::IncomeBands, profile::Kind);
    all!(plain: profile::InvestmentPreference, profile::Profile, profile::ProfileError, profile::Resolution, profile::RiskTolerance);
    all!(plain: profile::Snapshot, profile::Standing, profile::Statement);
    // Personal data is not cloned.
    all!(closed: file::Identified, privacy::Exported<'static>, privacy::Permit<'static>, privacy::Person, privacy::Pii<String>);
    all!(closed: privacy::Vault);
    all!(plain: identity::Candidate, identity::Cluster, identity::Clusters, identity::Comparison);
    all!(plain: identity::Expected, identity::Ground, identity::IdentityError, identity::Level, identity::LinkageModel, identity::Links);
    all!(plain: identity::MatchWeight, identity::Numbering, identity::Part, identity::Prefer, identity::RecordKey, identity::Resolved);
    all!(plain: identity::Rule, identity::Says, identity::SourceRecord, identity::Standing, identity::Assertion, identity::Strength);
    all!(plain: identity::Survivorship, identity::Thresholds, identity::Verdict, identity::View, identity::Weighed, identity::Retraction);
    all!(plain: calendar::Moment, calendar::TimeError, calendar::TimeOfDay);
    all!(plain: contact::BlockedDays, contact::Cap, contact::Care<'static>, contact::CareKey, contact::CareOccasion, contact::CarePlan);
    all!(plain: contact::CareState, contact::Channel, contact::ConsentStatus, contact::ContactError, contact::ContactPolicy);
    all!(plain: contact::ContactRules, contact::CustomerEvent, contact::Days, contact::Direction, contact::Interaction);
    all!(plain: contact::InteractionLog, contact::JourneyStage, contact::Permission, contact::Proposal, contact::QuietHours);
    all!(plain: contact::Refusal, contact::Terms, contact::Touchpoint);
    all!(plain: service::Action, service::ActionState, service::Clock, service::ClockMeasure, service::ClockStatus, service::Complaint);
    all!(plain: service::Conflict, service::Due<'static>, service::Event, service::Feedback, service::FeedbackLoop);
    all!(plain: service::FeedbackReport, service::Ladder, service::Means, service::Milestone, service::Pace, service::Percentile);
    all!(plain: service::Reading<'static>, service::Reception, service::Rung, service::ServiceError, service::ServicePolicy);
    all!(plain: service::ServiceReport, service::Shift, service::State, service::Step, service::ThemeAccount, service::WorkingHours);
    all!(plain: money::Currency, money::ExchangeRate, money::Money, money::MoneyError, money::RateTable, money::Ratio, money::Rounding);
    all!(plain: quantity::Column<'static>, quantity::Fact, quantity::Interval, quantity::Name, quantity::NameError, quantity::Quantity);
    all!(plain: quantity::Share, quantity::ShareError, quantity::Ties, quantity::Unit);
    all!(plain: reason::Decision<score::Score>, reason::Decision<tier::Grade>, reason::Language, reason::ModelId, reason::Reason);
    all!(plain: reason::Unsound, reason::Verdict);
    all!(plain: score::Cutpoints, score::Fitted, score::Missing, score::Quantile, score::Reference, score::Scale, score::ScalePlan);
    all!(plain: weights::Consistency, weights::Frozen, weights::Measured<'static>, weights::Objective, weights::Pairwise);
    all!(plain: weights::RandomIndex, weights::Shares, weights::Suspect, weights::Weights, weights::WeightsError);
    all!(plain: ranking::Alternatives, ranking::Anchors, ranking::Exact, ranking::Ranking<f64>, ranking::RankingError, ranking::Vikor);
    all!(plain: score::Score, score::ScoreColumns, score::ScoreError, score::ScoreModel, score::ScorePlan, score::Term);
    all!(plain: profiles::Criterion, profiles::ElectreTri, profiles::GradeRange<'static>, profiles::MrSort, profiles::Procedure);
    all!(plain: profiles::ProfileError, profiles::Thresholds, profiles::Veto);
    all!(plain: reason::Bounds<tier::Grade>, reason::Case, reason::Claim, reason::Majority, reason::Opinion, reason::Outranking);
    all!(plain: tier::Axis, tier::Effect, tier::Grade, tier::GradeModel, tier::GradePlan, tier::GradeSet, tier::Grid);
    all!(plain: tier::Sorter, tier::GradeColumns, tier::Rule, tier::TierError);
    all!(plain: membership::Carry, membership::Original, membership::Cause, membership::Command, membership::Confirmation);
    all!(plain: membership::Course, membership::Event, membership::Hold);
    all!(plain: membership::LastDecision, membership::Membership, membership::MembershipError, membership::Outlook, membership::Policy);
    all!(plain: membership::Release, membership::Run, membership::Terms, membership::Transition);
    all!(plain: treatment::Action, treatment::CostBounds, treatment::CostShare, treatment::GradeServing, treatment::Inversion);
    all!(plain: treatment::Lever, treatment::Measure, treatment::Misserved<u64>, treatment::Page, treatment::Plan, treatment::Playbook);
    all!(plain: treatment::PlaybookLint, treatment::Served<u64>, treatment::ServiceLevel, treatment::Serving<u64>);
    all!(plain: treatment::ServingPolicy, treatment::Treatment, treatment::TreatmentError, treatment::Verdict);
    all!(plain: segments::Attribute, segments::Audiences, segments::Bases, segments::Belonging, segments::Place, segments::Segment);
    all!(plain: segments::Segmentation, segments::SegmentError, segments::SegmentTable, segments::TableAxis, segments::TableSegment);
    all!(plain: nearest::Change, nearest::Distance, nearest::Goal, nearest::Nearest);
    all!(plain: validation::Baseline, validation::Bin, validation::By, validation::Candidate, validation::ChosenBy);
    all!(plain: validation::Comparison, validation::Confusion, validation::Criterion, validation::Forecast, validation::ForecastErrors);
    all!(plain: validation::Forecasts<'static>, validation::HeldOut, validation::Hiatus, validation::Holdout, validation::HoldoutChoice);
    all!(plain: validation::HoldoutColumns, validation::HoldoutRow, validation::HoldoutScore, validation::LikelihoodRatio);
    all!(plain: validation::Null, validation::Ranked, validation::RelativeErrors, validation::ReliabilityBin, validation::Split);
    all!(plain: validation::Tracked, validation::Tracking, validation::ValidationError);
    all!(plain: lint::Lint, lint::LintError, lint::LintPolicy, lint::Severity);
    all!(plain: budget::Allocation, budget::BudgetError, budget::Curve, budget::Part, budget::Response, budget::Shape);
    all!(plain: effect::Amounts, effect::Conversions, effect::EffectError, effect::MeanDifference);
    all!(plain: migration::Census, migration::Migration, migration::MigrationError);
    all!(plain: migration::MixChange, markov::Horizon, markov::Markov, markov::MarkovError, markov::StateValues, markov::SteadyState);
    all!(plain: quantity::Confidence, quantity::ConfidenceError, quantity::Estimate, quantity::EstimateError, quantity::MoneyEstimate);
    all!(plain: perceived::Advantage, perceived::Alpha, perceived::Answer<i8>, perceived::Bipolar, perceived::Comparison);
    all!(plain: perceived::Csat);
    all!(plain: perceived::DeliveredValue, perceived::EffortQuestion, perceived::Gap, perceived::KanoTally, perceived::Ladders);
    all!(plain: perceived::Measure, perceived::Nps, perceived::NpsQuestion, perceived::Perceived, perceived::PerceivedError);
    all!(plain: perceived::Points, perceived::Questionnaire, perceived::Responses, perceived::SemanticDifferential);
    all!(plain: perceived::ServiceGaps, perceived::Servqual, perceived::Tally<perceived::Csat>, perceived::Turnout);
    all!(plain: perceived::ValueModel);
    all!(plain: value::AbcClass, value::Concentration, value::ConcentrationError, value::Dimension, value::Direction, value::FactSheet);
    all!(plain: value::Exchange, value::ExchangeError, value::Gains, value::TwoSides);
    all!(plain: score::Strategy, score::Phase, score::Change<score::Score>, score::Split, score::StrategyError, target::Target);
    all!(plain: target::Goal);
    all!(plain: target::Progress, target::TargetError, tier::MixGoal, tier::MixShare, value::Assessments, value::Table<'static>);
    all!(plain: economics::Acquisition, economics::Advocacy, economics::BehaviouralLoyalty, economics::CashFlows);
    all!(plain: economics::ReasonShares);
    all!(plain: economics::Claim, economics::CreditPolicy, economics::Credits<u64>, economics::EconomicsError, economics::Established);
    all!(plain: economics::FirstMargin, economics::GrowthRate, economics::Holdings<u64>, economics::MarginMultiple, economics::ModelGap);
    all!(plain: economics::Payback, economics::Potential, economics::ReferenceProfile, economics::Referrals<u64>);
    all!(plain: economics::RetainedCustomer, economics::ShareBounds, economics::ShareOfCustomer, economics::Timing);
    all!(plain: economics::UnitEconomics, economics::Wallet, economics::WhiteSpace<'static, u64>, economics::Worth);
    all!(plain: contract::ContractFamily, contract::ContractModel, contract::LikelihoodRatio, contract::Sum, contract::Tenure);
    all!(plain: contract::TenureCounts, contract::When, discrete::BgBb, discrete::Counted, discrete::Opportunities);
    all!(plain: discrete::OpportunityCalendar, discrete::OpportunityCounts, discrete::Outlook, lifetime::PeriodDiscount);
    all!(plain: lifetime::Fit<contract::ContractModel>, lifetime::Fit<discrete::BgBb>);
    all!(plain: stage::Closing, stage::Evidence, stage::LifeCycle, stage::Moves, stage::Obligation, stage::Obligations, stage::Outcome);
    all!(plain: stage::Phase, stage::Run, stage::Stage, stage::StageError, stage::StageEvent, stage::StageKind, stage::StageModel);
    all!(plain: stage::StageMove, stage::Standard, stage::Step, stage::Transitions);
    all!(plain: journey::Bond, journey::Breakdown<stage::Phase>, journey::Journey, journey::JourneyError, journey::JourneyStep);
    all!(plain: journey::StageStrategy, journey::TenureProfit, journey::TenureStep, journey::Encounter);
    all!(plain: funnel::Case, funnel::Funnel, funnel::FunnelError);
    all!(plain: lifetime::AmountCounts, lifetime::CustomerEquity, lifetime::CustomerValue, lifetime::Discount);
    all!(plain: lifetime::DiscountRate, lifetime::FallsDue);
    all!(plain: lifetime::FirstPurchase, lifetime::GammaGamma, lifetime::Horizon, lifetime::MeanSpend, lifetime::NormalNormal);
    all!(plain: lifetime::RatePeriod, lifetime::SpendBasis);
    all!(plain: lifetime::SpendCounts, lifetime::Spent, lifetime::ValueCounts, lifetime::ValueTerms, lifetime::ValueWarning);
    all!(plain: lifetime::SpendPrediction);
    all!(plain: lifetime::GapCounts, lifetime::RegularityFit, lifetime::PurchaseModel, lifetime::Outlook, lifetime::Prediction);
    all!(plain: lifetime::Bootstrap<lifetime::PurchaseModel>, lifetime::Life);
    all!(plain: value::Family, value::LorenzPoint, value::RepeatColumns, value::RepeatPurchases, value::Rfm, value::RfmColumns);
}

#[test]
fn what_is_compared_compares_exactly_and_what_is_stored_can_be_stored() {
    all!(comparable: customer::History, customer::CustomerBase<u8>, customer::Purchases, value::RfmColumns, value::RepeatColumns);
    all!(comparable: reason::Decision<score::Score>, reason::Decision<tier::Grade>, score::Fitted, score::ScoreColumns);
    all!(comparable: migration::Census, migration::Migration, markov::Markov, migration::MixChange, effect::Amounts, budget::Curve);
    all!(a_key: calendar::Period, money::Currency, money::Money, money::Ratio, quantity::Name, quantity::Quantity, score::Score);
    all!(comparable: contract::TenureCounts, discrete::OpportunityCounts);
    all!(a_key: contract::Tenure, discrete::Counted, discrete::Opportunities, discrete::OpportunityCalendar, lifetime::PeriodDiscount);
    all!(a_key: calendar::Moment, contact::ContactPolicy, contact::Permission, service::Complaint, service::ServicePolicy);
    all!(a_key: profiles::ElectreTri, profiles::MrSort);
    all!(a_key: membership::Membership, membership::Policy, membership::Transition, treatment::Plan, treatment::Playbook);
    all!(a_key: score::Cutpoints, score::ScoreModel, tier::Grade, tier::GradeModel, reason::ModelId);
    all!(a_key: stage::Evidence, stage::LifeCycle, stage::Moves, stage::StageModel, stage::Transitions, journey::Journey);
    all!(a_key: journey::Breakdown<u8>, journey::StageStrategy, journey::TenureProfit, funnel::Funnel);
    all!(a_key: segments::SegmentTable, segments::Segmentation, segments::Audiences);
    all!(a_key: privacy::CustomerKey, privacy::Purpose, party::Party, party::Relationship);
    all!(stored: credit::Buckets, credit::CreditLine, credit::Receivables, file::Customer, file::Erasure, file::ErasureReceipt);
    all!(stored: party::Party, party::Relationship, privacy::Access, privacy::Consents, privacy::CustomerKey, privacy::Ground);
    all!(stored: profile::Catalogue, profile::IncomeBands, profile::InvestmentPreference, profile::Profile, profile::RiskTolerance);
    all!(stored: calendar::Period, calendar::Window, customer::CustomerBase<String>, customer::History, customer::Record);
    all!(stored: calendar::Moment, calendar::TimeOfDay, contact::CarePlan, contact::ContactPolicy, contact::InteractionLog);
    all!(stored: contact::Permission, contact::Proposal, service::ClockStatus, service::Complaint, service::FeedbackLoop);
    all!(stored: service::Ladder, service::ServicePolicy, service::WorkingHours);
    all!(stored: lifetime::Fit<contract::ContractModel>, lifetime::Fit<discrete::BgBb>, lifetime::Limit);
    all!(stored: customer::ReturnPolicy, money::Currency, money::ExchangeRate, money::Money, money::Ratio, money::Rounding);
    all!(stored: identity::Comparison, identity::LinkageModel, identity::Links, identity::MatchWeight, identity::Numbering);
    all!(stored: identity::RecordKey, identity::SourceRecord, identity::Assertion, identity::Survivorship, identity::Weighed);
    all!(stored: quantity::Fact, quantity::Interval, quantity::Name, quantity::Quantity, quantity::Ties, quantity::Unit);
    all!(stored: reason::Decision<score::Score>, reason::Decision<tier::Grade>, reason::Language, reason::Reason);
    all!(stored: profiles::ElectreTri, profiles::MrSort, value::Dimension, value::FactSheet);
    all!(stored: ranking::Anchors, ranking::Normalisation, ranking::Outside);
    all!(stored: weights::Pairwise, weights::RandomIndex, weights::Weights);
    all!(stored: score::Cutpoints, score::ScoreModel, score::ScorePlan, tier::GradeModel, tier::GradePlan, tier::Grid);
    all!(stored: membership::Event, membership::Membership, membership::Outlook, membership::Policy, membership::Transition);
    all!(stored: lifetime::AmountCounts, lifetime::Discount, lifetime::FirstPurchase, lifetime::GammaGamma, lifetime::NormalNormal);
    all!(stored: lifetime::SpendCounts);
    all!(stored: lifetime::GapCounts, lifetime::PurchaseModel, lifetime::PurchaseCounts, lifetime::CovariateModel, lifetime::Priors);
    all!(stored: lifetime::ValueCounts, lifetime::ValueTerms);
    all!(stored: treatment::Plan, treatment::Playbook, treatment::PlaybookLint, treatment::ServingPolicy);
    all!(stored: segments::SegmentTable, segments::Segmentation, segments::Audiences, reason::Decision<segments::Belonging>);
    all!(stored: stage::Closing, stage::Evidence, stage::LifeCycle, stage::Moves, stage::Obligations, stage::Phase, stage::Stage);
    all!(stored: stage::StageEvent, stage::StageModel, stage::StageMove, stage::Step, stage::Transitions);
    all!(stored: journey::Bond, journey::Breakdown<String>, journey::Journey, journey::StageStrategy, journey::TenureProfit);
    all!(stored: funnel::Case, funnel::Funnel);
    all!(stored: lint::Lint, lint::LintPolicy, value::Dimension, value::FactSheet);
    all!(stored: budget::Allocation, budget::Curve, budget::Response, effect::Amounts, effect::Conversions, migration::Census);
    all!(stored: markov::Horizon, markov::Markov, migration::Migration, migration::MixChange, quantity::Confidence);
    all!(stored: quantity::Estimate, quantity::MoneyEstimate, quantity::Share, value::Exchange, value::Gains);
    all!(stored: perceived::KanoTally, perceived::Ladders, perceived::Nps, perceived::Questionnaire, perceived::Responses);
    all!(stored: perceived::SemanticDifferential, perceived::ServiceGaps, perceived::Tally<perceived::NpsQuestion>);
    all!(stored: perceived::ValueModel);
    all!(stored: economics::Acquisition, economics::Advocacy, economics::BehaviouralLoyalty, economics::CashFlows, economics::Claim);
    all!(stored: economics::ReasonShares, economics::CreditPolicy, economics::Established, economics::FirstMargin, economics::Payback);
    all!(stored: economics::Holdings<String>, economics::MarginMultiple, economics::Potential, economics::Timing);
    all!(stored: economics::ReferenceProfile, economics::Referrals<String>, economics::RetainedCustomer, economics::ShareOfCustomer);
    all!(stored: economics::UnitEconomics, economics::Wallet);
    all!(stored: contract::ContractFamily, contract::ContractModel, contract::Tenure, contract::TenureCounts, contract::When);
    all!(stored: discrete::BgBb, discrete::Opportunities, discrete::OpportunityCalendar, discrete::OpportunityCounts);
    all!(stored: lifetime::PeriodDiscount);
    all!(stored: validation::Holdout, validation::Split);
}

#[test]
fn every_error_is_an_error() {
    all!(error: credit::CreditError, file::FileError, party::PartyError, privacy::PrivacyError, profile::ProfileError);
    all!(error: calendar::CalendarError, customer::HistoryError, money::MoneyError, quantity::NameError, reason::Unsound);
    all!(error: identity::IdentityError, ranking::RankingError, weights::WeightsError);
    all!(error: calendar::TimeError, contact::ContactError, service::ServiceError);
    all!(error: ranking::RankingError, weights::WeightsError);
    all!(error: score::ScoreError, profiles::ProfileError, tier::TierError, membership::MembershipError, treatment::TreatmentError);
    all!(error: segments::SegmentError, lint::LintError, value::ConcentrationError, value::TableError, value::AssessmentError);
    all!(error: value::ExchangeError);
    all!(error: perceived::PerceivedError);
    all!(error: economics::EconomicsError, validation::ValidationError);
    all!(error: stage::StageError, journey::JourneyError, funnel::FunnelError);
    all!(error: budget::BudgetError, effect::EffectError, migration::MigrationError, markov::MarkovError, quantity::ConfidenceError);
    all!(error: quantity::EstimateError, quantity::ShareError);
}

#[test]
fn loyalty_can_go_to_another_thread_and_be_stored() {
    all!(plain: loyalty::Account, loyalty::Command, loyalty::Decision, loyalty::Rejection, loyalty::MergeError, loyalty::PoolPolicy);
    all!(plain: account::Balance, account::Corrupt, account::Draw, account::Event, account::Hold, account::Lot, account::Record);
    all!(plain: accounting::AccountingError, accounting::Allocation, accounting::Breakage, accounting::Cohorts);
    all!(plain: accounting::DeferredRevenue, accounting::PointsAlone, accounting::RollForward, accounting::MoneyRollForward);
    all!(plain: accounting::ExpirySchedule, accounting::MoneySchedule, account::Earning);
    all!(plain: earning::Award, earning::Basket, earning::EarningError, earning::EarningRules, earning::Occurrence, earning::Step);
    all!(plain: history::Axis, history::View, ladder::Ladder, ladder::LadderError, ladder::Run, ladder::StatusCredits, ladder::StatusState);
    all!(plain: programme::Kind, programme::ProgrammeError, programme::Reward, programme::Terms, loyalty::Programme);
    all!(stored: loyalty::Account, loyalty::Command, account::Record, account::Event, account::Balance, account::Lot);
    all!(stored: accounting::ExpirySchedule, accounting::MoneySchedule, account::Earning);
    all!(stored: accounting::Cohorts, accounting::RollForward, accounting::MoneyRollForward, history::View, loyalty::Programme);
    all!(stored: earning::Award, earning::Basket, earning::EarningRules, ladder::Ladder, ladder::StatusState, ladder::StatusChange);
    all!(stored: loyalty::Points, loyalty::Expiry, loyalty::Inactivity, loyalty::Occasion, loyalty::PoolPolicy, programme::Terms);
    all!(a_key: loyalty::AccountId, loyalty::CommandId, loyalty::HoldId, loyalty::LotId, loyalty::Points, loyalty::SourceId);
    all!(error: loyalty::Rejection, account::Corrupt, earning::EarningError, ladder::LadderError, programme::ProgrammeError);
    all!(error: loyalty::MergeError, loyalty::InactivityError, accounting::AccountingError);
}
