//! Grade models that sort against profiles: their reasons hold together, their bounds are honest, and they survive being written down.
#![allow(clippy::unwrap_used)]

mod common;

use common::{cases, date, dec, name, names};
use customer_value::{
    money::{Currency, Money},
    quantity::{Fact, Predicate, Quantity, Ties, Unit},
    reason::{Language, Reason, Unsound},
    score::{Cutpoints, Missing, Scale, ScoreError, ScoreModel, Term},
    tier::{
        Effect, GradeModel, GradeSet, Rule, Sorter, TierError,
        profiles::{Criterion, ElectreTri, MrSort, Procedure, Thresholds, Veto},
    },
    value::{Dimension, Direction, FactSheet, Family},
};
use proptest::{array::uniform5, option, prop_assert, prop_assert_eq, proptest};
use rust_decimal::Decimal;

const BETTER: [Direction; 5] = [
    Direction::HigherIsBetter,
    Direction::LowerIsBetter,
    Direction::HigherIsBetter,
    Direction::HigherIsBetter,
    Direction::HigherIsBetter,
];

fn dimensions() -> Vec<Dimension> {
    let measured = |i: usize, title: &str, unit| Dimension::new(title, Family::Economic, BETTER[i], unit).unwrap();
    vec![
        measured(0, "sales", Unit::Money(Currency::CNY)),
        measured(1, "days overdue", Unit::Days),
        measured(2, "orders", Unit::Count),
        Dimension::judged("influence", Family::Social, ["unknown", "regional", "national", "leading"]).unwrap(),
    ]
}

/// The fifth criterion is a score of visits.
fn contact() -> ScoreModel {
    let dimension = Dimension::new("visits", Family::Social, Direction::HigherIsBetter, Unit::Count).unwrap();
    let scale = Scale::Bins(Cutpoints::new(vec![2.into(), 6.into()], Ties::ToUpper).unwrap());
    let term = Term { dimension, weight: "1".parse().unwrap(), scale, missing: Missing::Bounds };
    ScoreModel::new(name("contact"), 0, vec![term]).unwrap()
}

fn criteria() -> Vec<Criterion> {
    let titles = ["sales", "days overdue", "orders", "influence", "contact"];
    let weights = ["0.3", "0.2", "0.2", "1/6", "2/15"];
    let borders = [[1000, 200], [10, 40], [12, 4], [4, 2], [3, 2]];
    let criterion = |i: usize| Criterion {
        of: name(titles[i]),
        direction: BETTER[i],
        weight: weights[i].parse().unwrap(),
        borders: borders[i].map(Decimal::from).to_vec(),
    };
    (0..5).map(criterion).collect()
}

fn sorters() -> [Sorter; 3] {
    let grades = || GradeSet::letters(3).unwrap();
    let veto = Veto { of: name("days overdue"), grade: name("B"), at: 90.into() };
    let majority = MrSort::new(grades(), "0.6".parse().unwrap(), criteria(), vec![veto]).unwrap();
    let thresholds = |of: &str, q: &str, p: &str, v: Option<&str>| Thresholds {
        of: name(of),
        indifference: dec(q),
        preference: dec(p),
        veto: v.map(dec),
    };
    let thresholds = vec![thresholds("sales", "20", "80", None), thresholds("days overdue", "0", "10", Some("60"))];
    let electre =
        |procedure| ElectreTri::new(grades(), procedure, "0.7".parse().unwrap(), criteria(), thresholds.clone()).unwrap().into();
    [majority.into(), electre(Procedure::Pessimistic), electre(Procedure::Optimistic)]
}

fn model(sorter: Sorter) -> GradeModel {
    let rule = Rule {
        name: name("large"),
        when: Predicate::AtLeast { of: name("sales"), bound: 5000.into() },
        then: Effect::AtLeast(name("B")),
        because: name("whoever buys so much is looked after"),
    };
    GradeModel::new(name("five criteria"), dimensions(), vec![contact()], sorter, vec![rule]).unwrap()
}

/// Sales, days overdue, orders, place of the influence, visits.
type Customer = [Option<u32>; 5];

fn facts(customer: Customer) -> FactSheet {
    let [sales, days, orders, influence, visits] = customer;
    let levels = ["unknown", "regional", "national", "leading"];
    let influence = influence.map(|i| Fact::Named(name(levels[i as usize % 4])));
    let or = |fact: Option<Fact>| fact.unwrap_or(Fact::Unknown);
    FactSheet::new()
        .with("sales", or(sales.map(|s| Money::from_minor(i64::from(s) * 100, Currency::CNY).into())))
        .unwrap()
        .with("days overdue", or(days.map(|d| Quantity::days(d).into())))
        .unwrap()
        .with("orders", or(orders.map(|n| Quantity::count(n).into())))
        .unwrap()
        .with("influence", or(influence))
        .unwrap()
        .with("visits", or(visits.map(|n| Quantity::count(n).into())))
        .unwrap()
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn reasons_hold_together_and_bounds_contain_whatever_turns_out(
        sales in option::weighted(0.8, 0..6000_u32), days in option::weighted(0.8, 0..120_u32), orders in option::weighted(0.8, 0..20_u32),
        influence in option::weighted(0.8, 0..4_u32), visits in option::weighted(0.8, 0..9_u32), fill in uniform5(0..120_u32),
    ) {
        let customer = [sales, days, orders, influence, visits];
        let today = date("2024-06-30");
        for sorter in sorters() {
            let model = model(sorter);
            let bounds = model.bounds(&facts(customer), today).unwrap();
            for decision in [&bounds.worst, &bounds.best] {
                decision.verify().unwrap();
                model.replay(decision).unwrap();
                let again = serde_json::from_str(&serde_json::to_string(decision).unwrap()).unwrap();
                prop_assert_eq!(decision, &again);
                prop_assert!(decision.before_rules().is_some());
                for language in [Language::English, Language::Chinese] {
                    prop_assert_eq!(decision.explain(language).lines().count(), decision.reasons.len());
                }
            }
            match model.grade(&facts(customer), today) {
                Ok(decision) => prop_assert_eq!(Some(&decision.value), bounds.certain()),
                Err(TierError::Uncertain { .. }) => prop_assert!(bounds.certain().is_none()),
                Err(other) => prop_assert!(false, "{other}"),
            }
            let mut filled = customer;
            filled.iter_mut().zip(fill).for_each(|(value, fill)| *value = value.or(Some(fill)));
            let found = model.grade_only(&facts(filled)).unwrap();
            prop_assert!(&bounds.worst.value <= found && found <= &bounds.best.value);
            // A better value of any one of them never makes a worse grade.
            for (at, better) in BETTER.iter().enumerate() {
                let mut improved = filled;
                let by = if at == 3 { 1 } else { 7 };
                improved[at] = improved[at].map(|v| match better {
                    Direction::HigherIsBetter if at == 3 => (v % 4 + by).min(3),
                    Direction::HigherIsBetter => v + by,
                    Direction::LowerIsBetter => v.saturating_sub(by),
                });
                prop_assert!(model.grade_only(&facts(improved)).unwrap() >= found);
            }
        }
    }
}

#[test]
fn a_model_with_profiles_is_read_back_as_it_was_and_with_another_sorter_is_another() {
    let models = sorters().map(model);
    for (i, one) in models.iter().enumerate() {
        let json = serde_json::to_string(one).unwrap();
        let again: GradeModel = serde_json::from_str(&json).unwrap();
        assert_eq!((one, one.id()), (&again, again.id()));
        for other in &models[i + 1..] {
            assert_ne!(one.id(), other.id());
        }
        // A model has one sorter, not two and not none.
        let mut two: serde_json::Value = serde_json::from_str(&json).unwrap();
        two["grid"] = serde_json::json!({"grades": ["A", "B"], "cells": ["B", "A"],
            "axes": [{"of": "orders", "cutpoints": {"cuts": ["1"], "ties": "to-upper"}}]});
        assert!(serde_json::from_value::<GradeModel>(two.clone()).unwrap_err().to_string().contains("one of grid"));
        two.as_object_mut().unwrap().retain(|field, _| !["grid", "mr_sort", "electre_tri"].contains(&field.as_str()));
        assert!(serde_json::from_value::<GradeModel>(two).is_err());
    }
}

#[test]
fn a_criterion_must_be_better_the_way_its_dimension_is() {
    let turned = |of: &str| {
        let mut criteria = criteria();
        let criterion = criteria.iter_mut().find(|c| c.of == of).unwrap();
        criterion.direction = match criterion.direction {
            Direction::HigherIsBetter => Direction::LowerIsBetter,
            Direction::LowerIsBetter => Direction::HigherIsBetter,
        };
        criterion.borders.reverse();
        let sorter = MrSort::new(GradeSet::letters(3).unwrap(), "0.6".parse().unwrap(), criteria, vec![]).unwrap();
        GradeModel::new(name("m"), dimensions(), vec![contact()], sorter, vec![])
    };
    for of in ["sales", "days overdue", "contact"] {
        assert_eq!(turned(of).unwrap_err(), TierError::OtherDirection(name(of)));
    }
}

#[test]
fn the_votes_are_told_and_a_touched_vote_is_found() {
    let [majority, ..] = sorters();
    let model = model(majority);
    let customer = facts([Some(1500), Some(95), Some(13), Some(3), Some(1)]);
    let decision = model.grade(&customer, date("2024-06-30")).unwrap();
    assert_eq!(decision.value.name(), "C"); // the veto alone: 0.3 + 0.2 + 1/6 would carry it
    let told = decision.explain(Language::English);
    assert!(
        told.contains(
            "For grade A: sales, orders, influence, weighing 2/3 of the 0.6 needed; vetoed by days overdue: not carried."
        ),
        "{told}"
    );
    let told = decision.explain(Language::Chinese);
    assert!(told.contains("等级 A：赞成 sales、orders、influence，权重 2/3，需 0.6；否决 days overdue：未通过。"), "{told}");
    assert!(told.contains("influence：第 4 位（共 4 位）。"), "{told}");
    for (i, reason) in decision.reasons.iter().enumerate() {
        if let Reason::Voted(vote) = reason {
            let mut touched = decision.clone();
            touched.reasons[i] = Reason::Voted(customer_value::reason::Majority { vetoing: vec![], ..vote.clone() });
            assert_eq!(touched.verify(), Err(Unsound::WrongVerdict(i)));
        }
    }
    let mut touched = decision;
    if let Some(Reason::Sorted { grade }) = touched.reasons.iter_mut().find(|r| matches!(r, Reason::Sorted { .. })) {
        *grade = name("B");
    }
    assert!(touched.verify().is_err());
}

#[test]
fn a_level_that_is_not_on_the_list_and_a_number_for_a_level_are_refused() {
    let [majority, ..] = sorters();
    let model = model(majority);
    let whole = || facts([Some(1), Some(1), Some(1), Some(1), Some(1)]);
    let unknown = whole().with("influence", name("global")).unwrap();
    let error = ScoreError::UnknownLevel { dimension: name("influence"), level: name("global") };
    assert_eq!(model.grade_only(&unknown).unwrap_err(), TierError::Score(error));
    let number = whole().with("influence", Quantity::count(3)).unwrap();
    let error = ScoreError::WrongUnit { dimension: name("influence"), expected: Unit::Level, found: Unit::Count };
    assert_eq!(model.grade_only(&number).unwrap_err(), TierError::Score(error));
    // A rule on a level names one that exists.
    let rule = |names| Rule {
        name: name("r"),
        when: Predicate::OneOf { of: name("influence"), names },
        then: Effect::AtMost(name("B")),
        because: name("b"),
    };
    let [majority, ..] = sorters();
    let build = |rule| GradeModel::new(name("m"), dimensions(), vec![contact()], majority.clone(), vec![rule]);
    assert!(build(rule(names("unknown regional"))).is_ok());
    assert!(build(rule(names("unknown global"))).is_err());
    assert!(build(rule(vec![])).is_err());
}
