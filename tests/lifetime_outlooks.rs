//! Many customers asked in one go, against each asked alone, and what their future is worth against brute force.
#![allow(clippy::excessive_precision, clippy::needless_for_each, clippy::type_complexity)]
// Figures stand as their sources print them.
#![allow(clippy::unreadable_literal, clippy::float_cmp, clippy::unwrap_used)]

extern crate alloc;

mod common;
#[path = "common/lifetime.rs"]
mod shared;

use common::cases;
use core::{
    cell::Cell,
    num::{NonZeroU8, NonZeroU32},
};
use customer_value::{
    money::{Currency, Money, Ratio, Rounding},
    quantity::Confidence,
    value::economics::Timing,
    value::lifetime::{
        Chances, Discount, DiscountRate, Dropout, FallsDue, Family, GammaGamma, Horizon, LifetimeError, NormalNormal,
        PurchaseCounts, PurchaseModel, Rates, SpendBasis, Spent, Summary, TimeUnit, ValueCounts, ValueTerms,
    },
};
use proptest::prelude::*;

fn summary(x: u32, t_x: u32, t: u32) -> Summary {
    Summary::new(x, t_x, t).unwrap()
}

fn rate(text: &str) -> DiscountRate {
    DiscountRate::annual_365(text.parse().unwrap()).unwrap()
}

fn days(days: u32) -> FallsDue {
    FallsDue::InPeriods { days: NonZeroU32::new(days).unwrap(), timing: Timing::Middle }
}

fn bits(numbers: impl Iterator<Item = f64>) -> Vec<u64> {
    numbers.map(f64::to_bits).collect()
}

fn repeats(x: u32, cents: i64) -> Spent {
    Spent::new(SpendBasis::RepeatOnly, x, Money::from_minor(cents, Currency::USD))
}

fn published() -> PurchaseModel {
    PurchaseModel::bg_nbd([0.243, 4.414, 0.793, 2.426], TimeUnit::WEEK).unwrap()
}

/// A model of every kind, with parameters around those of real bases.
fn any_model() -> impl Strategy<Value = PurchaseModel> {
    let one = || (-1.0..1.0_f64).prop_map(|p| 10_f64.powf(p));
    (one(), one(), one(), one(), 0..13_u8, 1..4_u8).prop_map(|(r, alpha, a, b, kind, k)| {
        let (four, week, k) = ([r, alpha, a, b], TimeUnit::WEEK, NonZeroU8::new(k).unwrap());
        let (gamma, alike) = (Rates::gamma(r, alpha).unwrap(), Rates::alike(r / alpha).unwrap());
        let (beta, hazard) = (Chances::beta(a, b).unwrap(), Rates::alike(a / b / 10.0).unwrap());
        let new = |rates, k, dropout| PurchaseModel::new(rates, k, dropout, week);
        let model = match kind {
            0 => new(gamma, k, Dropout::Never),
            1 => new(alike, k, Dropout::Never),
            2 | 3 => PurchaseModel::bg_cnbd(k, four, week),
            4 | 5 => PurchaseModel::mbg_cnbd(k, four, week),
            6 => new(alike, k, Dropout::AtPurchases { chance: beta, first: false }),
            7 => new(gamma, k, Dropout::AtPurchases { chance: Chances::alike(0.2).unwrap(), first: true }),
            8 => new(gamma, NonZeroU8::MIN, Dropout::InTime { hazard, ageing: 0.0 }),
            9 => new(alike, NonZeroU8::MIN, Dropout::InTime { hazard, ageing: 0.01 }),
            10 => PurchaseModel::ggom_nbd([r, alpha, 0.01 * b, a, b], week),
            _ => PurchaseModel::pareto_nbd(four, week),
        };
        model.unwrap()
    })
}

/// Some customers of a few kinds, in any order.
fn any_customers() -> impl Strategy<Value = Vec<Summary>> {
    let one = (0..30_u32, 1..700_u32, 0..700_u32)
        .prop_map(|(x, t_x, more)| if x == 0 { summary(0, 0, more) } else { summary(x, t_x, t_x + more) });
    let kinds = prop::collection::vec(one, 1..8);
    (kinds, prop::collection::vec((0..8_usize, 0..3_u32), 0..16)).prop_map(|(kinds, rows)| {
        // Some differ in the time since the last purchase alone.
        let row = |(at, later): (usize, u32)| {
            let (x, t_x, t) = kinds[at % kinds.len()].into();
            summary(x, t_x.saturating_sub(later).max(u32::from(x > 0)), t)
        };
        rows.into_iter().map(row).collect()
    })
}

fn any_discount() -> impl Strategy<Value = Discount> {
    let due = prop_oneof![Just(FallsDue::AsTheyOccur), (60..200_u32).prop_map(days)];
    let horizon = prop_oneof![8 => (0..1000_u32).prop_map(Horizon::Days), 1 => Just(Horizon::ForEver)];
    (40..200_i64, due, horizon).prop_map(|(percent, due, horizon)| Discount {
        rate: DiscountRate::annual_365(Ratio::new(percent.into(), 100).unwrap()).unwrap(),
        due,
        horizon,
    })
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn together_as_alone(model in any_model(), customers in any_customers(), ahead in 0..800_u32, discount in any_discount()) {
        let all = || model.outlooks(customers.iter().copied());
        let alone = |of: &dyn Fn(Summary) -> f64| bits(customers.iter().map(|c| of(*c)));
        prop_assert_eq!(bits(all().alive()), alone(&|c| model.outlook(c).alive()));
        prop_assert_eq!(bits(all().purchases(ahead)), alone(&|c| model.outlook(c).purchases(ahead)));
        let discounted = all().discounted(&discount).unwrap();
        prop_assert_eq!(discounted.size_hint(), (customers.len(), Some(customers.len())));
        prop_assert_eq!(bits(discounted), alone(&|c| model.outlook(c).discounted(&discount).unwrap()));
    }

    #[test]
    fn the_same_money_or_the_same_refusal(
        model in any_model(), customers in any_customers(), cents in prop::collection::vec(-500..9000_i64, 16),
        q in 0.5..4.0_f64, percent in -50..101_i64, discount in any_discount(),
    ) {
        let terms = ValueTerms::new(discount, Ratio::new(percent.into(), 100).unwrap(), SpendBasis::RepeatOnly).unwrap();
        let currency = |cents: i64| if cents % 10 == 9 { Currency::GBP } else { Currency::USD };
        let spent = |(c, cents): (&Summary, &i64)| {
            (*c, Spent::new(SpendBasis::RepeatOnly, c.x(), Money::from_minor(cents * i64::from(c.x()), currency(*cents))))
        };
        let base: Vec<(Summary, Spent)> = customers.iter().zip(&cents).map(spent).collect();
        let gamma = GammaGamma::new([6.25, q, 15.44], Currency::USD).unwrap();
        let found: Vec<_> = terms.residuals(&model, &gamma, base.iter().copied()).unwrap().collect();
        prop_assert_eq!(found.len(), base.len());
        for (found, (customer, spent)) in found.into_iter().zip(base) {
            let alone = terms.residual(&model, &gamma, customer, spent);
            prop_assert_eq!(&found, &alone);
            if let (Ok(found), Ok(alone)) = (found, alone) {
                prop_assert_eq!(found.minor().to_bits(), alone.minor().to_bits());
                for rounding in [Rounding::HalfEven, Rounding::Floor, Rounding::HalfUp] {
                    prop_assert_eq!(found.in_money(rounding), alone.in_money(rounding));
                }
            }
        }
    }
}

#[test]
fn a_base_is_worth_what_its_customers_are() {
    let discount = Discount { rate: rate("0.1"), due: FallsDue::AsTheyOccur, horizon: Horizon::Days(365) };
    let terms = ValueTerms::new(discount, Ratio::ONE, SpendBasis::RepeatOnly).unwrap();
    let spending = GammaGamma::new([6.25, 3.74, 15.44], Currency::USD).unwrap();
    let base =
        [(summary(2, 213, 272), repeats(2, 44_70)), (summary(0, 0, 272), repeats(0, 0)), (summary(2, 100, 272), repeats(2, 9_00))];
    let mut counts = ValueCounts::new(SpendBasis::RepeatOnly, Currency::USD);
    base.iter().for_each(|(customer, spent)| counts.push(*customer, *spent, 3).unwrap());
    let sum: f64 = terms.residuals(&published(), &spending, base).unwrap().map(|value| 3.0 * value.unwrap().minor()).sum();
    let equity = terms.equity(&published(), &spending, &counts, Confidence::P95).unwrap();
    assert!((equity.minor() / sum - 1.0).abs() < 1e-14);
}

#[test]
fn what_no_customer_can_be_asked_is_refused_at_once() {
    let asked = Cell::new(0);
    let nobody = || core::iter::repeat_with(|| summary(2, 213, 272)).inspect(|_| asked.set(asked.get() + 1)).take(3);
    let model = published();
    let refused = |discount: Discount| model.outlooks(nobody()).discounted(&discount).err();
    let endless = Discount { rate: rate("0"), due: FallsDue::AsTheyOccur, horizon: Horizon::ForEver };
    assert_eq!(refused(endless), Some(LifetimeError::Endless));
    let many = Discount { rate: rate("0.0001"), due: days(1), horizon: Horizon::ForEver };
    assert!(matches!(refused(many), Some(LifetimeError::TooManyPeriods(n)) if n > 1e6));
    // As many as can be added up, and one more.
    let within = |days_ahead| Discount { rate: rate("0.0001"), due: days(1), horizon: Horizon::Days(days_ahead) };
    assert_eq!((refused(within(100_000)), refused(within(100_001))), (None, Some(LifetimeError::TooManyPeriods(100_001.0))));

    let spending = GammaGamma::new([6.25, 3.74, 15.44], Currency::USD).unwrap();
    let both = || nobody().map(|s| (s, repeats(2, 44_70)));
    let year = Discount { rate: rate("0.1"), due: FallsDue::AsTheyOccur, horizon: Horizon::Days(365) };
    let refused = |discount, basis| {
        let terms = ValueTerms::new(discount, Ratio::ONE, basis).unwrap();
        terms.residuals(&model, &spending, both()).err()
    };
    assert_eq!(refused(endless, SpendBasis::RepeatOnly), Some(LifetimeError::Endless));
    let (expected, found) = (SpendBasis::All, SpendBasis::RepeatOnly);
    assert_eq!(refused(year, SpendBasis::All), Some(LifetimeError::WrongBasis { expected, found }));
    assert_eq!((refused(year, SpendBasis::RepeatOnly), asked.get()), (None, 0));
}

#[test]
fn one_who_cannot_be_valued_does_not_stand_in_the_way() {
    let year = Discount { rate: rate("0.1"), due: FallsDue::AsTheyOccur, horizon: Horizon::Days(365) };
    let terms = ValueTerms::new(year, Ratio::ONE, SpendBasis::RepeatOnly).unwrap();
    let worth = |spending: &dyn Fn(&[(Summary, Spent)]) -> Vec<Result<i64, LifetimeError>>| {
        let customers = [summary(2, 213, 272), summary(2, 213, 272), summary(2, 213, 272)];
        spending(&[(customers[0], repeats(2, 44_70)), (customers[1], repeats(2, -1)), (customers[2], repeats(2, 44_70))])
    };
    let cents = |found: Result<customer_value::value::lifetime::CustomerValue, LifetimeError>| {
        found.and_then(|value| value.in_money(Rounding::HalfEven)).map(|money| money.minor())
    };
    let gamma = GammaGamma::new([6.25, 3.74, 15.44], Currency::USD).unwrap();
    let found = worth(&|base| terms.residuals(&published(), &gamma, base.iter().copied()).unwrap().map(cents).collect());
    // 1.49524185 purchases (mpmath) at 6.25·(15.44 + 44.70)/(6.25·2 + 2.74) dollars.
    let value = Money::from_minor(-1, Currency::USD);
    assert_eq!(found, [Ok(3688), Err(LifetimeError::NotPositive { x: 2, value }), Ok(3688)]);
    // Where amounts may be below zero, everybody has a value.
    let normal = NormalNormal::new([20.0, 5.0, 10.0], SpendBasis::RepeatOnly, Currency::USD).unwrap();
    let found = worth(&|base| terms.residuals(&published(), &normal, base.iter().copied()).unwrap().map(cents).collect());
    assert!(
        found.iter().all(Result::is_ok) && found[0] == found[2] && found[1].clone().unwrap() < found[0].clone().unwrap(),
        "{found:?}"
    );
}

#[test]
fn a_long_base_has_no_seams() {
    // Side by side or alone, whoever is next to whom, and wherever a stretch of them ends.
    let new = |rates, dropout| PurchaseModel::new(rates, NonZeroU8::MIN, dropout, TimeUnit::WEEK).unwrap();
    let at_purchases = |chance, first| Dropout::AtPurchases { chance, first };
    let (gamma, beta) = (Rates::gamma(0.243, 4.414).unwrap(), Chances::beta(0.793, 2.426).unwrap());
    let [alike, chance] = [Rates::alike(0.05).unwrap(), Rates::alike(0.3).unwrap()];
    let models = [
        new(gamma, at_purchases(beta, false)),
        new(gamma, at_purchases(beta, true)),
        new(gamma, at_purchases(Chances::alike(0.2).unwrap(), false)),
        new(alike, at_purchases(beta, true)),
        new(gamma, Dropout::Never),
        new(gamma, Dropout::InTime { hazard: chance, ageing: 0.0 }),
    ];
    let customer = |at: u32| {
        let (x, t) = ([0, 3, 1, 0, 40][at as usize % 5], 30 + at % 97);
        summary(x, if x > 0 { 1 + at % 29 } else { 0 }, t)
    };
    for model in &models {
        let alone: Vec<u64> = (0..1_025).map(|at| model.outlook(customer(at)).alive().to_bits()).collect();
        for count in [1_u32, 2, 255, 256, 257, 511, 512, 513, 1_025] {
            let all = || model.outlooks((0..count).map(customer)).alive();
            let count = count as usize;
            assert_eq!(bits(all()), alone[..count], "{count}");
            let (mut some, taken) = (all(), count / 2);
            some.by_ref().take(taken).for_each(drop);
            assert_eq!(some.size_hint(), (count - taken, Some(count - taken)));
            assert_eq!(bits(some), alone[taken..count], "{count}");
        }
    }
    // Nobody need come to an end.
    let endless = models[0].outlooks((0..).map(customer)).alive();
    assert_eq!(endless.size_hint(), (usize::MAX, None));
    assert_eq!(bits(endless.skip(1_000).take(1)), bits(core::iter::once(models[0].outlook(customer(1_000)).alive())));
}

#[test]
fn the_ends_of_what_can_be_asked() {
    let most =
        [summary(u32::MAX, u32::MAX, u32::MAX), summary(u32::MAX, u32::MAX - 1, u32::MAX), summary(1, 1, u32::MAX), Summary::NEW];
    for model in [
        published(),
        PurchaseModel::mbg_cnbd(NonZeroU8::MAX, [0.5, 6.0, 0.9, 1.6], TimeUnit::DAY).unwrap(),
        PurchaseModel::pareto_nbd([0.553, 10.578, 0.606, 11.669], TimeUnit::WEEK).unwrap(),
    ] {
        let found = bits(model.outlooks(most).alive());
        assert_eq!(found, bits(most.iter().map(|c| model.outlook(*c).alive())));
        assert!(found.iter().all(|bits| (0.0..=1.0).contains(&f64::from_bits(*bits))));
        assert_eq!(model.outlooks([]).purchases(365).count(), 0);
    }
}

#[test]
fn discounted_purchases_as_brute_force_has_them() {
    // mpmath, 30 digits, of a customer who is alive: ∫ e^(−δt) (r + x)/(α + T) ₂F₁(r + x + 1, a; a + b + x; −t/(α + T)) dt, and where all
    // have the rate λ, ∫ e^(−δt) λ ₁F₁(a; a + b + x; −λt) dt, over small and large times, many purchases, and high discounts.
    let bg = |parameters| PurchaseModel::bg_nbd(parameters, TimeUnit::WEEK).unwrap();
    let known = [0.243, 4.414, 0.793, 2.426];
    let beta = Dropout::AtPurchases { chance: Chances::beta(0.8, 2.5).unwrap(), first: false };
    let alike = PurchaseModel::new(Rates::alike(0.2).unwrap(), NonZeroU8::MIN, beta, TimeUnit::DAY).unwrap();
    for (model, (x, t), horizon, yearly, want) in [
        (bg(known), (0, 0), 365, "0.1", 1.3932316865556696),
        (bg(known), (0, 0), 36500, "0.1", 4.3686638490313702),
        (bg(known), (300, 400), 3650, "0.5", 326.26719805265269),
        (bg(known), (5000, 11000), 3650, "0.1", 966.25145096876354),
        (bg([0.05, 0.5, 0.01, 0.1]), (1, 3), 1000, "9", 24.67485645634713),
        (bg([5.0, 50.0, 3.0, 20.0]), (20, 1000), 730, "0.1", 8.2552363146836734),
        (bg(known), (2, 272), 365, "0.0001", 2.1501268706411619),
        (alike, (5, 50), 365, "0.1", 22.251259231367511),
    ] {
        let outlook = model.outlook(summary(x, if x > 0 { t } else { 0 }, t));
        let discount = Discount { rate: rate(yearly), due: FallsDue::AsTheyOccur, horizon: Horizon::Days(horizon) };
        let found = outlook.discounted(&discount).unwrap() / outlook.alive();
        assert!((found / want - 1.0).abs() < 1e-12, "{x} {t} {horizon}: {found} {want}");
    }
    // With ageing, (r + x)/(α + T) ∫ e^(−δt) S(T + t)/S(T) dt, in weeks, S(t) = (β/(β + e^(bt) − 1))^s.
    let ggom = |parameters| PurchaseModel::ggom_nbd(parameters, TimeUnit::WEEK).unwrap();
    for (model, (x, t), horizon, yearly, want) in [
        (ggom([0.55, 10.6, 0.01, 0.6, 0.5]), (2, 272), Horizon::Days(365), "0.1", 2.0807298649247754),
        (ggom([0.55, 10.6, 0.01, 0.6, 0.5]), (2, 272), Horizon::ForEver, "0.1", 5.699348838909141),
        (ggom([0.55, 10.6, 0.3, 2.0, 100.0]), (0, 100), Horizon::Days(3650), "0.3", 0.061941139409344884),
        (ggom([0.55, 10.6, 5.0, 0.1, 1000.0]), (7, 50), Horizon::Days(365), "0.1", 0.84794683171861288),
        (ggom([0.55, 10.6, 0.0001, 0.6, 0.001]), (2, 272), Horizon::ForEver, "900", 0.36471308286279366),
    ] {
        let outlook = model.outlook(summary(x, if x > 0 { t } else { 0 }, t));
        let found =
            outlook.discounted(&Discount { rate: rate(yearly), due: FallsDue::AsTheyOccur, horizon }).unwrap() / outlook.alive();
        assert!((found / want - 1.0).abs() < 1e-12, "{x} {t}: {found} {want}");
    }
}

#[test]
fn as_many_threads_as_one_likes() {
    // Counted in parts on threads and merged as these end, fitted, asked in parts on threads: the same bits.
    let mut random = shared::words(3);
    let customers: Vec<Summary> =
        (0..600).map(|at| published().simulate(100 + at, &mut random).unwrap().summary(100 + at).unwrap()).collect();
    let by_threads = |threads: usize| {
        let parts: Vec<&[Summary]> = customers.chunks(customers.len().div_ceil(threads)).collect();
        let counts = std::sync::Mutex::new(PurchaseCounts::new());
        std::thread::scope(|scope| {
            for part in &parts {
                scope.spawn(|| counts.lock().unwrap().merge(&shared::table(part)).unwrap());
            }
        });
        let fit = PurchaseModel::fit(Family::BgNbd, &counts.into_inner().unwrap(), TimeUnit::WEEK).unwrap();
        let ask = |part: &[Summary]| {
            let all = || fit.model().outlooks(part.iter().copied());
            bits(all().alive().zip(all().purchases(90)).flat_map(|(alive, purchases)| [alive, purchases]))
        };
        let answers: Vec<u64> = std::thread::scope(|scope| {
            let asked: Vec<_> = parts.iter().map(|part| scope.spawn(|| ask(part))).collect();
            asked.into_iter().flat_map(|answer| answer.join().unwrap()).collect()
        });
        (fit, answers)
    };
    let one = by_threads(1);
    assert!(one.1.len() == 1200 && one.0.limits().is_empty());
    for threads in [2, 3, 7, 600] {
        assert_eq!(by_threads(threads), one, "{threads}");
    }
}
