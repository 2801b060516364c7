//! Laws of the population as a whole: how value is spread, who moved between grades, which segment a cell belongs to.
#![allow(clippy::unwrap_used)]

mod common;

use common::{cases, names};
use customer_value::{
    money::Ratio,
    quantity::{Column, Unit},
    tier::{
        Grade, GradeSet,
        migration::{Migration, MigrationError},
        segments::SegmentTable,
    },
    value::{Concentration, LorenzPoint},
};
use proptest::{collection::vec, option, prelude::Strategy, prop_assert, prop_assert_eq, proptest};

fn ratio(numerator: i128, denominator: i128) -> Ratio {
    Ratio::new(numerator, denominator).unwrap()
}

fn spread(values: &[i64]) -> Concentration {
    Concentration::of(&Column { values, places: 0, unit: Unit::Number }).unwrap()
}

/// At least one of them above zero.
fn values() -> impl Strategy<Value = Vec<i64>> {
    vec(0..40_i64, 1..14).prop_map(|mut v| {
        v[0] += 1;
        v
    })
}

fn best_first(values: &[i64]) -> Vec<i128> {
    let mut sorted: Vec<i128> = values.iter().map(|&v| v.into()).collect();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    sorted
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn the_gini_coefficient_is_half_the_relative_mean_difference(values in values(), times in 1..1000_i64) {
        let n = i128::try_from(values.len()).unwrap();
        let total: i64 = values.iter().sum();
        let differences: i64 = values.iter().flat_map(|a| values.iter().map(move |b| (a - b).abs())).sum();
        let gini = spread(&values).gini();
        prop_assert_eq!(gini, ratio(differences.into(), 2 * n * i128::from(total)));
        prop_assert!(gini >= Ratio::ZERO && gini <= ratio(n - 1, n));
        let larger: Vec<i64> = values.iter().map(|v| v * times).collect();
        prop_assert_eq!(spread(&larger).gini(), gini);
    }

    #[test]
    fn the_best_hold_what_they_hold(values in values(), parts in 1..30_i128, of in 30..40_i128) {
        let (spread, sorted) = (spread(&values), best_first(&values));
        let (n, total): (i128, i128) = (i128::try_from(sorted.len()).unwrap(), sorted.iter().sum());
        for (k, held) in (0..).zip(sorted.iter().scan(0, |held, v| Some((*held, *held += v).0)).chain([total])) {
            prop_assert_eq!(spread.top_share(ratio(k, n)).unwrap(), ratio(held, total));
        }
        // Between two whole customers: so much of the next one.
        let (whole, part) = (parts * n / of, parts * n % of);
        let held: i128 = sorted.iter().take(usize::try_from(whole).unwrap()).sum();
        let next = sorted.get(usize::try_from(whole).unwrap()).copied().unwrap_or(0);
        prop_assert_eq!(spread.top_share(ratio(parts, of)).unwrap(), ratio(held * of + next * part, total * of));
    }

    #[test]
    fn the_lorenz_curve_is_the_share_of_the_best_turned_round(values in values(), steps in 1..20_u16) {
        let spread = spread(&values);
        let curve = spread.lorenz(steps);
        prop_assert_eq!(curve.len(), usize::from(steps) + 1);
        for (step, LorenzPoint { customers, value }) in (0..).zip(curve) {
            prop_assert_eq!(customers, ratio(step, steps.into()));
            let rest = spread.top_share(ratio(i128::from(steps) - step, steps.into())).unwrap();
            prop_assert_eq!(Ratio::sum([value, rest]), Ok(Ratio::ONE));
            prop_assert!(value <= customers);
        }
    }

    #[test]
    fn abc_classes_ask_what_those_ahead_hold(values in values(), mut bounds in vec(1..100_i128, 1..4)) {
        bounds.sort_unstable();
        bounds.dedup();
        let ratios: Vec<Ratio> = bounds.iter().map(|&b| ratio(b, 100)).collect();
        let (sorted, total): (Vec<i128>, i64) = (best_first(&values), values.iter().sum());
        let class_of = |value: i128| {
            let ahead: i128 = sorted.iter().filter(|v| **v > value).sum();
            bounds.iter().filter(|b| ahead * 100 >= **b * i128::from(total)).count()
        };
        let classes = spread(&values).abc(&ratios).unwrap();
        prop_assert_eq!(classes.len(), bounds.len() + 1);
        for (at, class) in classes.iter().enumerate() {
            let members: Vec<i128> = sorted.iter().copied().filter(|v| class_of(*v) == at).collect();
            prop_assert_eq!(class.customers, members.len());
            prop_assert_eq!(class.least.map(i128::from), members.last().copied());
            prop_assert_eq!(class.share, ratio(members.iter().sum(), total.into()));
        }
    }

    #[test]
    fn every_move_between_grades_is_counted_once(moves in vec((option::of(0..4_usize), option::of(0..4_usize)), 0..40)) {
        let set = GradeSet::letters(4).unwrap();
        let grade = |at: Option<usize>| at.map(|at| &set.best_first()[at]);
        let migration = Migration::between(&set, moves.iter().map(|(b, a)| (grade(*b), grade(*a)))).unwrap();
        let count = |which: &dyn Fn(Option<usize>, Option<usize>) -> bool| {
            u64::try_from(moves.iter().filter(|(b, a)| which(*b, *a)).count()).unwrap()
        };
        let both = |b: Option<usize>, a: Option<usize>| b.zip(a);
        // Position 0 is the best grade.
        prop_assert_eq!(migration.up(), count(&|b, a| both(b, a).is_some_and(|(b, a)| a < b)));
        prop_assert_eq!(migration.down(), count(&|b, a| both(b, a).is_some_and(|(b, a)| a > b)));
        prop_assert_eq!(migration.stayed(), count(&|b, a| both(b, a).is_some_and(|(b, a)| a == b)));
        prop_assert_eq!(migration.entered(), count(&|b, a| b.is_none() && a.is_some()));
        prop_assert_eq!(migration.left(), count(&|b, a| b.is_some() && a.is_none()));
        for (at, before) in set.best_first().iter().enumerate() {
            prop_assert_eq!(migration.left_with(before), count(&|b, a| b == Some(at) && a.is_none()));
            prop_assert_eq!(migration.entered_with(before), count(&|b, a| b.is_none() && a == Some(at)));
            let still_there = count(&|b, a| b == Some(at) && a.is_some());
            for (to, after) in set.best_first().iter().enumerate() {
                let moved = count(&|b, a| b == Some(at) && a == Some(to));
                prop_assert_eq!(migration.count(before, after), moved);
                let share = (still_there > 0).then(|| ratio(moved.into(), still_there.into()));
                prop_assert_eq!(migration.share(before, after), share);
            }
        }
    }
}

#[test]
fn a_grade_of_another_set_does_not_migrate() {
    let (letters, metals) = (GradeSet::letters(2).unwrap(), GradeSet::new(names("gold silver")).unwrap());
    let gold: Option<&Grade> = metals.grade("gold");
    for customer in [(gold, None), (None, gold)] {
        assert_eq!(Migration::between(&letters, [customer]), Err(MigrationError::UnknownGrade(gold.unwrap().name().clone())));
    }
}

#[test]
fn a_better_grade_is_greater_whatever_it_is_called() {
    let set = GradeSet::new(names("silver gold bronze")).unwrap();
    assert!(set.best_first().windows(2).all(|pair| pair[0] > pair[1]));
    assert_eq!(set.best_first().iter().map(Grade::rank).collect::<Vec<_>>(), [1, 2, 3]);
}

/// The table in the documentation of [`SegmentTable::rfm`], cell by cell.
#[test]
fn the_twelve_segments_stand_where_the_documentation_says() {
    let rows = [
        (4..=5, 4..=5, ["Champions", "Loyal customers", "Loyal customers", "Can't lose them", "Can't lose them"]),
        (4..=5, 1..=3, ["Loyal customers", "Loyal customers", "Loyal customers", "At risk", "At risk"]),
        (2..=3, 4..=5, ["Potential loyalists", "Potential loyalists", "Need attention", "At risk", "At risk"]),
        (2..=3, 1..=3, ["Potential loyalists", "Potential loyalists", "About to sleep", "Hibernating", "Lost"]),
        (1..=1, 4..=5, ["New customers", "Promising", "Big single purchase", "Big single purchase", "Big single purchase"]),
        (1..=1, 1..=3, ["New customers", "Promising", "About to sleep", "Hibernating", "Lost"]),
    ];
    let table = SegmentTable::rfm().unwrap();
    let mut cells = 0;
    for (frequency, monetary, segments) in rows {
        for f in frequency {
            for m in monetary.clone() {
                for (r, segment) in [5, 4, 3, 2, 1].into_iter().zip(segments) {
                    cells += 1;
                    assert_eq!(table.of(&[r, f, m]).unwrap(), segment, "{r}{f}{m}");
                    assert_eq!(table.segments()[table.position(&[r, f, m]).unwrap()].name, segment);
                }
            }
        }
    }
    assert_eq!((cells, table.segments().len()), (125, 12));
}
