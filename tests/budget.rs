//! Budgets over grades: published forms, comparison with every possible division, laws, and input that means harm.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Dice, cases, gbp, name};
use customer_value::{
    money::{
        Currency, Money, MoneyError, Ratio,
        Rounding::{Floor, HalfEven},
    },
    tier::budget::{Allocation, BudgetError, Curve, Response, Shape, allocate},
};
use proptest::{collection::vec, prelude::Strategy, prop_assert, prop_assert_eq, proptest};

const SHAPES: [Shape; 2] = [Shape::Exponential, Shape::Hyperbolic];

fn ratio(text: &str) -> Ratio {
    text.parse().unwrap()
}

fn curve(shape: Shape, ceiling: &str, response: &str, pence: i64) -> Curve {
    Curve::new(shape, ratio(ceiling), ratio(response), gbp(pence)).unwrap()
}

fn response(grade: &str, customers: u64, margin: i64, curve: Curve) -> Response {
    Response { grade: name(grade), customers, margin: gbp(margin), curve }
}

fn amounts(plan: &Allocation) -> Vec<i64> {
    plan.parts.iter().map(|p| p.amount.minor()).collect()
}

fn close(found: f64, want: f64, digits: i32) {
    let off = (found - want).abs();
    assert!(off <= 0.5 * 10_f64.powi(-digits), "{found} instead of {want}");
}

/// Blattberg and Deighton (1996), in the form of Tsao: 10 % at 5, ceiling 25 %, margin 100; numbers computed from it.
#[test]
fn one_grade_gets_what_the_closed_form_says() {
    let curve = curve(Shape::Exponential, "0.25", "0.1", 5_00);
    close(curve.parameter(), 0.102_165, 6);
    // A million customers show the digits that a penny hides.
    let plan = allocate(gbp(100_000_000_00), &[response("prospects", 1_000_000, 100_00, curve.clone())]).unwrap();
    let part = &plan.parts[0];
    close(f64::from(i32::try_from(part.amount.minor()).unwrap()) / 1e8, 9.178_386, 6);
    close(part.expected_return / 1e10, 0.152_119, 6);
    close(f64::from(i32::try_from(plan.gain(HalfEven).unwrap().minor()).unwrap()) / 1e8, 6.033_538, 6);
    close(curve.share(9.178_386), 0.152_119, 6);
    // At the best, the marginal cost of a response is its margin (Pfeifer 2005): slope times margin is one.
    close(part.marginal_return, 1.0, 8);
    close(1.0 / curve.slope(9.178_386_1), 100.0, 3);
    assert_eq!((plan.shadow_price.to_bits(), part.per_customer(Floor)), (0, Some(gbp(9_17))));
    plan.verify(&[response("prospects", 1_000_000, 100_00, curve)]).unwrap();
}

/// The same by hand for the hyperbola: h = 5·(0.25 − 0.1)/0.1 = 7.5; s = √(m·c·h) − h = √187.5 − 7.5.
#[test]
fn the_hyperbola_has_its_closed_form_too() {
    let curve = curve(Shape::Hyperbolic, "0.25", "0.1", 5_00);
    close(curve.parameter(), 7.5, 12);
    close(curve.share(7.5), 0.125, 12);
    close(curve.slope(0.0), 0.25 / 7.5, 12);
    let plan = allocate(gbp(100_000_000_00), &[response("prospects", 1_000_000, 100_00, curve)]).unwrap();
    assert_eq!(plan.parts[0].amount, gbp(6_193_063_93)); // √187.5 − 7.5 = 6.19306393762…
}

#[test]
fn the_lowest_grade_may_rightly_get_nothing() {
    let steep = curve(Shape::Exponential, "0.25", "0.1", 5_00);
    let grades = [
        response("A", 1_000, 200_00, steep.clone()),
        response("B", 5_000, 60_00, steep.clone()),
        response("C", 50_000, 30_00, steep),
    ];
    // The first pound returns margin · c · k: 5.11, 1.53, 0.77.
    let first: Vec<f64> =
        grades.iter().map(|g| g.curve.slope(0.0) * f64::from(i32::try_from(g.margin.minor() / 100).unwrap())).collect();
    close(first[0], 5.108, 3);
    close(first[2], 0.766, 3);
    let rich = allocate(gbp(10_000_000_00), &grades).unwrap();
    assert_eq!(amounts(&rich)[2], 0);
    assert_eq!(rich.shadow_price.to_bits(), 0);
    assert_eq!(rich.unspent.minor(), 10_000_000_00 - amounts(&rich).iter().sum::<i64>());
    // A small budget goes to the best grade alone, until its last pound returns what the first does elsewhere.
    let poor = allocate(gbp(1_000_00), &grades).unwrap();
    assert_eq!(amounts(&poor)[1..], [0, 0]);
    assert!(poor.parts[0].amount.minor() >= 999_99 && poor.shadow_price > 0.5);
    for (plan, budget) in [(&rich, 10_000_000_00), (&poor, 1_000_00)] {
        plan.verify(&grades).unwrap();
        assert_eq!(plan.spent().unwrap().minor() + plan.unspent.minor(), budget);
    }
    // What one more pound brings is the shadow price, in both directions and in between.
    let plan = allocate(gbp(20_000_00), &grades).unwrap();
    let gain = |budget: i64| allocate(gbp(budget), &grades).unwrap().gain(HalfEven).unwrap().minor();
    #[allow(clippy::cast_precision_loss)]
    let more = (gain(20_100_00) - gain(20_000_00)) as f64 / 100_00.0;
    assert!((more - plan.shadow_price).abs() < 0.01 && more < plan.shadow_price + 1e-4, "{more} {}", plan.shadow_price);
}

/// Among very many customers a step of the price, however small, is worth more than what is left.
#[test]
fn what_the_price_is_too_coarse_for_is_handed_out() {
    let many = 1_000_000_000_000;
    for (shapes, margins) in
        [([0, 0], [100_00, 100_00]), ([0, 1], [100_00, 90_00]), ([1, 1], [500_00, 1_00]), ([1, 0], [37_00, 41_00])]
    {
        let of = |at: usize| curve(SHAPES[shapes[at]], "0.25", "0.1", 5_00);
        let grades = [response("A", many, margins[0], of(0)), response("B", many / 3, margins[1], of(1))];
        for budget in [1, 9, 1_000_003, 99_999_999_999, 500_000_000_000_01] {
            let plan = allocate(gbp(budget), &grades).unwrap();
            plan.verify(&grades).unwrap();
            assert!(plan.shadow_price > 0.0 && plan.unspent.minor() < 2, "{budget}: {plan:?}");
            let alone = allocate(gbp(budget), &grades[..1]).unwrap();
            alone.verify(&grades[..1]).unwrap();
            assert_eq!(alone.unspent, gbp(0));
            let mut turned = allocate(gbp(budget), &[grades[1].clone(), grades[0].clone()]).unwrap();
            turned.parts.reverse();
            assert_eq!(turned, plan);
            // As much left as there are grades is too much.
            if budget > 2 {
                let mut miser = allocate(gbp(budget - 2), &grades).unwrap();
                (miser.budget, miser.unspent) = (gbp(budget), gbp(miser.unspent.minor() + 2));
                assert_eq!(miser.verify(&grades), Err(BudgetError::LeftOver(miser.unspent)));
            }
        }
    }
    // Equal grades share evenly; the odd penny is nobody's.
    let steep = || curve(Shape::Exponential, "0.25", "0.1", 5_00);
    let twins = [response("A", many, 100_00, steep()), response("B", many, 100_00, steep())];
    let plan = allocate(gbp(9), &twins).unwrap();
    assert_eq!((amounts(&plan), plan.unspent), (vec![4, 4], gbp(1)));
}

#[test]
fn nothing_to_spend_and_nobody_to_spend_it_on() {
    let steep = || curve(Shape::Exponential, "0.25", "0.1", 5_00);
    let grades = [response("A", 10, 200_00, steep()), response("B", 0, 200_00, steep()), response("C", 10, 0, steep())];
    let none = allocate(gbp(0), &grades).unwrap();
    assert_eq!((amounts(&none), none.unspent), (vec![0, 0, 0], gbp(0)));
    assert!((none.shadow_price - 4.108).abs() < 0.01, "{}", none.shadow_price); // the first penny would go to A
    none.verify(&grades).unwrap();
    let all = allocate(gbp(i64::MAX), &grades).unwrap();
    assert_eq!((amounts(&all)[1..].to_vec(), all.parts[1].per_customer(Floor)), (vec![0, 0], None));
    all.verify(&grades).unwrap();
    // One grade that is not worth a penny.
    let plan = allocate(gbp(100), &[response("C", 10, 20_00, steep())]).unwrap();
    assert_eq!((amounts(&plan), plan.unspent, plan.gain(HalfEven).unwrap()), (vec![0], gbp(100), gbp(0)));
}

#[test]
fn the_ends_of_the_range_do_not_overflow() {
    for shape in SHAPES {
        let flat = curve(shape, "1", "0.000001", i64::MAX);
        let steep = curve(shape, "1", "0.999999", 1);
        let grades =
            [response("A", u64::MAX, i64::MAX, flat), response("B", u64::MAX, i64::MAX, steep.clone()), response("C", 1, 1, steep)];
        for budget in [0, 1, 1_000_000, i64::MAX] {
            let plan = allocate(gbp(budget), &grades).unwrap();
            assert!(amounts(&plan).iter().all(|a| *a >= 0) && plan.unspent.minor() >= 0);
            assert!(plan.shadow_price.is_finite());
            plan.verify(&grades).unwrap_or_else(|e| panic!("{shape:?} {budget}: {e} {plan:?}"));
        }
        let plan = allocate(gbp(i64::MAX), &grades).unwrap();
        assert_eq!(plan.gain(HalfEven), Err(MoneyError::Overflow { currency: Currency::GBP }));
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let good = || curve(Shape::Exponential, "0.25", "0.1", 5_00);
    let refused =
        |ceiling: &str, response: &str, pence: i64| Curve::new(SHAPES[0], ratio(ceiling), ratio(response), gbp(pence)).unwrap_err();
    for (ceiling, response) in [("25", "10"), ("0.25", "0.25"), ("0.25", "0.3"), ("0.25", "0"), ("0.25", "-0.1"), ("1.01", "0.5")] {
        let want = BudgetError::BadResponse { ceiling: ratio(ceiling), response: ratio(response) };
        assert_eq!(refused(ceiling, response, 5_00), want);
    }
    // So close to the ceiling that floating-point numbers see none of the difference.
    let nearly = Ratio::new(10_i128.pow(30) - 1, 10_i128.pow(30)).unwrap();
    for shape in SHAPES {
        assert!(matches!(Curve::new(shape, Ratio::ONE, nearly, gbp(5)), Err(BudgetError::BadResponse { .. })));
    }
    assert_eq!(refused("0.25", "0.1", 0), BudgetError::BadSpending(gbp(0)));
    assert_eq!(refused("0.25", "0.1", -1), BudgetError::BadSpending(gbp(-1)));

    let one = || response("A", 1, 1, good());
    assert_eq!(allocate(gbp(-1), &[one()]), Err(BudgetError::NegativeBudget(gbp(-1))));
    assert_eq!(allocate(gbp(1), &[]), Err(BudgetError::BadGradeCount(0)));
    assert_eq!(allocate(gbp(1), &vec![one(); 1001]), Err(BudgetError::BadGradeCount(1001)));
    assert_eq!(allocate(gbp(1), &[one(), one()]), Err(BudgetError::Twice(name("A"))));
    let loss = response("A", 1, -1, good());
    assert_eq!(allocate(gbp(1), &[loss]), Err(BudgetError::NegativeMargin { grade: name("A"), margin: gbp(-1) }));
    let mixed = BudgetError::Money(MoneyError::CurrencyMismatch { left: Currency::EUR, right: Currency::GBP });
    assert_eq!(allocate(Money::zero(Currency::EUR), &[one()]), Err(mixed.clone()));
    let half_mixed = Response { margin: Money::zero(Currency::EUR), ..one() };
    assert_eq!(allocate(Money::zero(Currency::EUR), &[half_mixed]), Err(mixed));
}

#[test]
fn a_division_that_was_tampered_with_is_found_out() {
    let steep = |pence| curve(Shape::Exponential, "0.25", "0.1", pence);
    let grades = [response("A", 1_000, 200_00, steep(5_00)), response("B", 5_000, 60_00, steep(3_00))];
    let plan = allocate(gbp(10_000_00), &grades).unwrap();
    let text = serde_json::to_string(&plan).unwrap();
    let read: Allocation = serde_json::from_str(&text).unwrap();
    assert_eq!(read, plan);
    read.verify(&grades).unwrap();

    let spoiled = |change: &dyn Fn(&mut Allocation)| {
        let mut plan = plan.clone();
        change(&mut plan);
        plan.verify(&grades).unwrap_err()
    };
    assert_eq!(spoiled(&|p| p.budget = gbp(9_999_00)), BudgetError::OtherParts);
    assert_eq!(spoiled(&|p| p.parts.swap(0, 1)), BudgetError::OtherParts);
    assert_eq!(spoiled(&|p| p.parts.truncate(1)), BudgetError::OtherParts);
    assert_eq!(spoiled(&|p| p.parts[0].customers = 999), BudgetError::OtherParts);
    assert_eq!(spoiled(&|p| p.shadow_price = f64::NAN), BudgetError::OtherParts);
    assert_eq!(spoiled(&|p| p.shadow_price = -0.5), BudgetError::OtherParts);
    assert!(matches!(spoiled(&|p| p.parts[0].expected_return *= 1.000_1), BudgetError::WrongReturn { .. }));
    assert!(matches!(spoiled(&|p| p.parts[1].marginal_return *= 1.000_1), BudgetError::WrongReturn { .. }));
    assert!(matches!(spoiled(&|p| p.shadow_price *= 1.01), BudgetError::LeftOver(_)));
    assert!(matches!(spoiled(&|p| p.shadow_price *= 0.99), BudgetError::NotOptimal { .. }));
    // Money moved from one grade to the other, with the returns that belong to it.
    let (more, less) = (allocate(gbp(10_100_00), &grades).unwrap(), allocate(gbp(9_000_00), &grades).unwrap());
    for (a, b, at_fault) in [(&more, &less, "A"), (&less, &more, "A"), (&plan, &less, "B")] {
        let mut moved = Allocation { parts: vec![a.parts[0].clone(), b.parts[1].clone()], ..plan.clone() };
        moved.unspent = gbp(10_000_00 - amounts(&moved).iter().sum::<i64>());
        assert!(matches!(moved.verify(&grades), Err(BudgetError::NotOptimal { grade, .. }) if grade == at_fault));
    }
    // Too little spent, at a price that fits what is spent.
    let mut miser = allocate(gbp(9_900_00), &grades).unwrap();
    (miser.budget, miser.unspent) = (plan.budget, miser.unspent.try_add(gbp(100_00)).unwrap());
    assert_eq!(miser.verify(&grades), Err(BudgetError::LeftOver(miser.unspent)));

    for (good, bad) in [("\"shadow_price\":\"", "\"shadow_price\":\"x"), ("\"budget\"", "\"more\":1,\"budget\"")] {
        assert!(serde_json::from_str::<Allocation>(&text.replacen(good, bad, 1)).is_err());
    }
    let price = format!("\"shadow_price\":\"{}\"", plan.shadow_price);
    for bad in ["\"shadow_price\":\"inf\"", "\"shadow_price\":\"NaN\"", "\"shadow_price\":1.5"] {
        assert!(text.contains(&price) && serde_json::from_str::<Allocation>(&text.replacen(&price, bad, 1)).is_err(), "{bad}");
    }
    let text = r#"{"shape":"exponential","ceiling":"0.25","response":"0.1","spending":{"amount":"5.00","currency":"GBP"}}"#;
    assert_eq!(serde_json::to_string(&steep(5_00)).unwrap(), text);
    for (good, bad) in [("0.25", "25"), ("exponential", "linear"), ("5.00", "0.00"), ("0.1", "0.25")] {
        assert!(serde_json::from_str::<Curve>(&text.replacen(good, bad, 1)).is_err(), "{bad}");
    }
}

/// What a division of whole pennies brings, by the definition.
fn net(grades: &[Response], amounts: &[i64]) -> f64 {
    let part = |(g, &a): (&Response, &i64)| {
        #[allow(clippy::cast_precision_loss)]
        let (n, m, a) = (g.customers as f64, g.margin.minor() as f64, a as f64);
        n * m * g.curve.share(a / n / 100.0) - a
    };
    grades.iter().zip(amounts).map(part).sum()
}

/// Every division of a small budget into pennies: none is better than the one found, but for the pennies that rounding down leaves.
#[test]
fn no_other_division_is_better() {
    let mut dice = Dice(5);
    for round in 0..60 {
        let grades: Vec<Response> = ["A", "B", "C"]
            .into_iter()
            .map(|grade| {
                let response_ = Ratio::new(i128::try_from(1 + dice.below(40)).unwrap(), 100).unwrap();
                let at = i64::try_from(1 + dice.below(30)).unwrap();
                let curve = Curve::new(SHAPES[dice.below(2)], ratio("0.5"), response_, gbp(at)).unwrap();
                response(grade, 1 + dice.below(5) as u64, i64::try_from(dice.below(150)).unwrap(), curve)
            })
            .collect();
        let budget = i64::try_from(dice.below(60)).unwrap();
        let plan = allocate(gbp(budget), &grades).unwrap();
        plan.verify(&grades).unwrap();
        let mut best = f64::MIN;
        for a in 0..=budget {
            for b in 0..=budget - a {
                for c in 0..=budget - a - b {
                    best = best.max(net(&grades, &[a, b, c]));
                }
            }
        }
        let found = net(&grades, &amounts(&plan));
        let lost = if plan.shadow_price > 0.0 { 3.0 * plan.shadow_price } else { 0.0 };
        // At most three pennies that round down, at what a penny brings there; pennies below their price in a grade cost less still.
        assert!(found >= best - lost - 0.5, "{round}: {found} instead of {best}: {plan:?}");
        assert!(plan.shadow_price.to_bits() == 0 || plan.unspent.minor() <= 3, "{plan:?}");
    }
}

fn grades() -> impl Strategy<Value = Vec<Response>> {
    let one = (0..2_usize, 2..100_i128, 1..100_i128, 1..5000_i64, 0..100_000_u64, 0..1_000_00_i64);
    vec(one, 1..5).prop_map(|all| {
        let grade = |(at, (shape, ceiling, below, spending, customers, margin)): (usize, _)| {
            let (ceiling, response_) = (Ratio::new(ceiling, 100), Ratio::new(ceiling * below, 100 * 100));
            let curve = Curve::new(SHAPES[shape], ceiling.unwrap(), response_.unwrap(), gbp(spending)).unwrap();
            response(&format!("g{at}"), customers, margin, curve)
        };
        all.into_iter().enumerate().map(grade).collect()
    })
}

proptest! {
    #![proptest_config(cases(300))]

    /// More budget: no grade gets less, the shadow price does not rise, the gain does not fall.
    #[test]
    fn more_budget_is_never_worse(grades in grades(), budget in 0..50_000_000_i64, more in 0..10_000_000_i64) {
        let (less, more) = (allocate(gbp(budget), &grades).unwrap(), allocate(gbp(budget + more), &grades).unwrap());
        less.verify(&grades).unwrap();
        more.verify(&grades).unwrap();
        prop_assert!(amounts(&less).iter().zip(amounts(&more)).all(|(a, b)| *a <= b));
        prop_assert!(more.shadow_price <= less.shadow_price);
        prop_assert!(less.spent().unwrap().minor() <= budget);
        prop_assert!(more.gain(HalfEven).unwrap().minor() >= less.gain(HalfEven).unwrap().minor() - 1);
    }

    /// Ten times the customers and ten times the budget: ten times the amounts, at the same price; the order of the grades does not matter.
    #[test]
    fn divisions_scale_and_know_no_order(grades in grades(), budget in 1_000_000..50_000_000_i64) {
        let plan = allocate(gbp(budget), &grades).unwrap();
        let larger: Vec<Response> = grades.iter().map(|g| Response { customers: g.customers * 10, ..g.clone() }).collect();
        let large = allocate(gbp(budget * 10), &larger).unwrap();
        let slack = 10 + i64::try_from(10 * grades.len()).unwrap();
        for (small, large) in amounts(&plan).into_iter().zip(amounts(&large)) {
            prop_assert!((small * 10 - large).abs() <= slack, "{} {}", small, large);
        }
        prop_assert!((plan.shadow_price - large.shadow_price).abs() <= 1e-3 * (1.0 + plan.shadow_price));
        let backwards: Vec<Response> = grades.iter().rev().cloned().collect();
        let mut turned = allocate(gbp(budget), &backwards).unwrap();
        turned.parts.reverse();
        prop_assert_eq!(turned, plan);
    }
}
