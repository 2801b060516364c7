//! RFM on public data: the orders that the R package `rfm` 0.3.0 (MIT) ships, 995 customers, as of 2006-12-31.
//!
//! Figures marked R… were computed with that package and match its published vignette ("RFM customer level data") and tests. The
//! package cuts at the type-7 quantile *plus one*, lower bound included; we cut at the quantile itself, so both are shown: its cuts,
//! frozen, give its scores; our cuts differ for three customers, who are named.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
extern crate alloc;

mod common;

use alloc::collections::BTreeMap;
use chrono::NaiveDate;
use common::{Dice, date, dec, decs, gbp, name, number_of, rows};
use customer_value::{
    calendar::Window,
    customer::{CustomerBase, OrderColumns, Record, ReturnPolicy},
    money::{Currency, Money, Ratio, Rounding},
    quantity::{Column, Ties, Unit},
    score::{Cutpoints, Fitted, Missing, Quantile, Scale, ScalePlan, ScoreColumns, ScoreModel, ScorePlan, Term},
    tier::segments::{SegmentError, SegmentTable, TableAxis, TableSegment},
    value::{Concentration, Rfm, RfmColumns},
};

const QUINTILES: ScalePlan = ScalePlan::Quantiles { bins: 5, quantile: Quantile::Linear, ties: Ties::ToLower };

/// R2: the cuts that R `rfm` computes (`rfm_result$threshold`), lowest first.
const R_CUTS: [[&str; 4]; 3] = [["115", "181", "297.4", "482"], ["4", "5", "6", "8"], ["255.8", "382", "506.4", "666"]];

fn as_of() -> NaiveDate {
    date("2006-12-31")
}

struct Orders {
    /// In order of name; a customer's key is the position here.
    people: Vec<String>,
    customer: Vec<u64>,
    day: Vec<i32>,
    minor: Vec<i64>,
}

impl Orders {
    fn read() -> Orders {
        let rows = rows("rfm_data_orders.csv.gz");
        let mut people: Vec<String> = rows.iter().map(|r| r[0].clone()).collect();
        people.sort_unstable();
        people.dedup();
        let key = |r: &Vec<String>| people.binary_search(&r[0]).unwrap() as u64;
        Orders {
            customer: rows.iter().map(key).collect(),
            day: rows.iter().map(|r| number_of(&r[1])).collect(),
            minor: rows.iter().map(|r| r[2].parse::<i64>().unwrap() * 100).collect(),
            people,
        }
    }

    fn summary(&self) -> RfmColumns {
        let orders = OrderColumns::new(&self.customer, &self.day, &self.minor, Currency::USD).unwrap();
        let mut rfm = RfmColumns::collect(&orders, as_of(), Window::All, ReturnPolicy::STRICT).unwrap();
        rfm.sort_by_key();
        rfm
    }
}

fn terms<S: Clone>(scales: [S; 3]) -> Vec<Term<S>> {
    let dimensions = Rfm::dimensions(Currency::USD).unwrap();
    let term = |(dimension, scale)| Term { dimension, weight: "1/3".parse().unwrap(), scale, missing: Missing::Refuse };
    dimensions.into_iter().zip(scales).map(term).collect()
}

/// The scores by R's own cuts, frozen.
fn scored_as_r(rfm: &RfmColumns) -> ScoreColumns {
    let scales = R_CUTS.map(|cuts| Scale::Bins(Cutpoints::new(decs(&cuts), Ties::ToUpper).unwrap()));
    ScoreModel::new(name("R"), 2, terms(scales)).unwrap().score_columns(|d| rfm.column(d)).unwrap()
}

/// The scores by our own cuts, fitted here.
fn fitted(rfm: &RfmColumns) -> (ScoreModel, Vec<Fitted>) {
    let plan = ScorePlan::new(name("ours"), 2, terms([QUINTILES, QUINTILES, QUINTILES])).unwrap();
    let (model, fits) = plan.fit(|d| rfm.column(d)).unwrap();
    (model, fits.into_iter().map(Option::unwrap).collect())
}

fn count(levels: &[u8]) -> [usize; 5] {
    let mut counts = [0; 5];
    for &level in levels {
        counts[usize::from(level) - 1] += 1;
    }
    counts
}

#[test]
fn r1_the_totals_are_those_of_the_package() {
    let (orders, rfm) = (Orders::read(), Orders::read().summary());
    assert_eq!((rfm.len(), orders.customer.len()), (995, 4906));
    assert_eq!(rfm.frequency().values.iter().sum::<i64>(), 4906);
    assert_eq!(rfm.monetary().values.iter().sum::<i64>(), 464_158_00);
}

#[test]
fn every_customers_summary_is_the_packages_on_both_paths() {
    let orders = Orders::read();
    let rfm = orders.summary();
    let mut base = CustomerBase::new(Currency::USD);
    for row in rows("rfm_data_orders.csv.gz") {
        let amount = Money::new(dec(&row[2]), Currency::USD).unwrap();
        base.push(row[0].clone(), Record::sale(date(&row[1]), amount)).unwrap();
    }
    let published = rows("rfm_scores_orders.csv.gz");
    assert_eq!((published.len(), base.len()), (995, 995));
    let published: BTreeMap<&str, &Vec<String>> = published.iter().map(|r| (r[0].as_str(), r)).collect();
    for ((at, person), (key, purchases)) in orders.people.iter().enumerate().zip(base.as_of(as_of(), ReturnPolicy::STRICT)) {
        let one = Rfm::of(&purchases.unwrap(), Window::All).unwrap().unwrap();
        let row = published[person.as_str()];
        assert_eq!((key, Some(one)), (person, rfm.get(at)));
        assert_eq!((one.recency_days.to_string(), one.frequency.to_string()), (row[1].clone(), row[2].clone()), "{person}");
        assert_eq!(one.monetary.amount(), dec(&row[3]), "{person}");
    }
}

#[test]
fn r3_the_packages_cuts_give_the_packages_bin_counts() {
    let scored = scored_as_r(&Orders::read().summary());
    assert_eq!(count(scored.levels(0)), [197, 200, 199, 199, 200]);
    assert_eq!(count(scored.levels(1)), [268, 187, 176, 244, 120]);
    assert_eq!(count(scored.levels(2)), [200, 200, 198, 202, 195]);
}

#[test]
fn r4_the_packages_cuts_give_the_packages_score_of_every_customer() {
    let orders = Orders::read();
    let scored = scored_as_r(&orders.summary());
    let published = rows("rfm_scores_orders.csv.gz");
    let published: BTreeMap<&str, &str> = published.iter().map(|r| (r[0].as_str(), r[7].as_str())).collect();
    let ours: BTreeMap<&str, String> = orders
        .people
        .iter()
        .enumerate()
        .map(|(i, person)| (person.as_str(), (0..3).map(|term| scored.levels(term)[i].to_string()).collect()))
        .collect();
    assert_eq!(ours.len(), 995);
    for (person, score) in &ours {
        assert_eq!(score, published[person], "{person}");
    }
    // The rows that the package's README shows.
    for (person, score) in [
        ("Abbey O'Reilly", "343"),
        ("Add Senger", "412"),
        ("Aden Lesch", "323"),
        ("Aden Murphy", "544"),
        ("Admiral Senger", "433"),
        ("Agness O'Keefe", "555"),
    ] {
        assert_eq!(ours[person], score, "{person}");
    }
}

/// R5: the package's ten segments, in the order in which it tries them: ranges of recency, frequency and monetary score.
const R_SEGMENTS: [(&str, [(u8, u8); 3]); 10] = [
    ("Champions", [(5, 5), (5, 5), (5, 5)]),
    ("Potential Loyalist", [(3, 5), (3, 5), (2, 5)]),
    ("Loyal Customers", [(2, 4), (2, 4), (2, 4)]),
    ("Promising", [(3, 4), (1, 3), (3, 5)]),
    ("New Customers", [(4, 5), (1, 3), (1, 5)]),
    ("Can't Lose Them", [(1, 2), (3, 4), (4, 5)]),
    ("At Risk", [(1, 2), (2, 5), (4, 5)]),
    ("Need Attention", [(1, 3), (3, 5), (3, 5)]),
    ("About To Sleep", [(2, 3), (1, 3), (1, 4)]),
    ("Lost", [(1, 1), (1, 5), (1, 5)]),
];

fn axes() -> Vec<TableAxis> {
    [Rfm::RECENCY, Rfm::FREQUENCY, Rfm::MONETARY].map(|of| TableAxis { of: name(of), levels: 5 }).to_vec()
}

/// The package's table without overlap: every cell belongs to the first segment that claims it, or to "Others".
fn r_segments_resolved() -> SegmentTable {
    let mut list: Vec<TableSegment> =
        R_SEGMENTS.iter().map(|(title, _)| TableSegment { name: name(title), boxes: Vec::new() }).collect();
    list.push(TableSegment { name: name("Others"), boxes: Vec::new() });
    for cell in (0..125_u8).map(|i| [i / 25 + 1, i / 5 % 5 + 1, i % 5 + 1]) {
        let inside = |b: &[(u8, u8); 3]| b.iter().zip(cell).all(|((low, high), level)| (*low..=*high).contains(&level));
        let first = R_SEGMENTS.iter().position(|(_, b)| inside(b)).unwrap_or(R_SEGMENTS.len());
        list[first].boxes.push(cell.map(|level| (level, level)).to_vec());
    }
    SegmentTable::new(axes(), list).unwrap()
}

#[test]
fn r5_the_packages_ten_segments_come_out_once_its_overlaps_are_resolved() {
    let rfm = Orders::read().summary();
    let (scored, table) = (scored_as_r(&rfm), r_segments_resolved());
    let mut found: BTreeMap<&str, (usize, i64, i64)> = BTreeMap::new();
    for i in 0..rfm.len() {
        let segment = table.of(&[0, 1, 2].map(|term| scored.levels(term)[i])).unwrap();
        let entry = found.entry(segment.as_str()).or_default();
        let one = rfm.get(i).unwrap();
        *entry = (entry.0 + 1, entry.1 + i64::from(one.frequency), entry.2 + one.monetary.minor() / 100);
    }
    let published = [
        ("About To Sleep", (102, 283, 23_449)),
        ("At Risk", (28, 216, 22_227)),
        ("Can't Lose Them", (47, 274, 32_446)),
        ("Champions", (35, 316, 31_646)),
        ("Lost", (148, 393, 35_324)),
        ("Loyal Customers", (170, 799, 76_562)),
        ("Need Attention", (10, 57, 4_562)),
        ("New Customers", (104, 329, 28_837)),
        ("Potential Loyalist", (342, 2_211, 204_856)),
        ("Promising", (9, 28, 4_249)),
    ];
    assert_eq!(found, BTreeMap::from(published));
}

#[test]
fn r5_the_packages_own_boxes_are_refused_because_they_overlap() {
    let segment = |(title, b): &(&str, [(u8, u8); 3])| TableSegment { name: name(title), boxes: vec![b.to_vec()] };
    let refused = SegmentTable::new(axes(), R_SEGMENTS.iter().map(segment).collect());
    let Err(SegmentError::Overlap { first, second, example }) = refused else { panic!("{refused:?}") };
    assert_eq!(
        (first.as_str(), second.as_str(), example.as_str()),
        ("Champions", "Potential Loyalist", "recency = 5, frequency = 5, monetary = 5")
    );
}

#[test]
fn our_cuts_are_the_quintiles_themselves_one_below_the_packages() {
    let (_, fits) = fitted(&Orders::read().summary());
    let cuts: Vec<String> = fits.iter().map(|f| f.cutpoints.to_string()).collect();
    assert_eq!(
        cuts,
        ["114 | 180 | 296.4 | 481 (ties to lower)", "3 | 4 | 5 | 7 (ties to lower)", "254.8 | 381 | 505.4 | 665 (ties to lower)"]
    );
    for (fit, r_cuts) in fits.iter().zip(R_CUTS) {
        let plus_one: Vec<_> = fit.cutpoints.cuts().iter().map(|c| c + dec("1")).collect();
        assert_eq!(plus_one, decs(&r_cuts));
        assert_eq!((fit.asked, fit.obtained(), fit.population()), (5, 5, 995));
    }
    assert_eq!(fits[0].customers, [200, 199, 198, 201, 197]); // fewest days first
    assert_eq!(fits[1].customers, [268, 187, 176, 244, 120]);
    assert_eq!(fits[2].customers, [199, 201, 197, 203, 195]);
}

#[test]
fn our_scores_differ_from_the_packages_for_three_customers_between_a_quintile_and_the_next_unit() {
    let orders = Orders::read();
    let rfm = orders.summary();
    let (model, fits) = fitted(&rfm);
    let (ours, theirs) = (model.score_columns(|d| rfm.column(d)).unwrap(), scored_as_r(&rfm));
    let mut differences = Vec::new();
    for (term, fit) in fits.iter().enumerate() {
        let column = rfm.column(&model.terms()[term].dimension.name).unwrap();
        for i in 0..rfm.len() {
            let (our, their) = (ours.levels(term)[i], theirs.levels(term)[i]);
            if our != their {
                let value = column.get(i).unwrap();
                // Why: above our cut q, below the package's q + 1.
                assert!(fit.cutpoints.cuts().iter().any(|q| *q < value && value < q + dec("1")), "{value}");
                differences.push((orders.people[i].as_str(), term, value.normalize().to_string(), our, their));
            }
        }
    }
    let differences: Vec<String> = differences.into_iter().map(|d| format!("{d:?}")).collect();
    assert_eq!(
        differences,
        [r#"("Katlyn Mann", 0, "297", 2, 3)"#, r#"("Jerold Sporer", 2, "506", 4, 3)"#, r#"("Skylar Hoeger", 2, "255", 2, 1)"#]
    );
}

#[test]
fn r8_the_definitions_of_a_quantile_differ_by_less_than_a_unit() {
    let rfm = Orders::read().summary();
    let cuts = |column: &Column<'_>, quantile| {
        Cutpoints::fit_column(column, 5, quantile, Ties::ToLower).unwrap().cutpoints.cuts().to_vec()
    };
    for (quantile, amounts) in [
        (Quantile::Linear, ["254.8", "381", "505.4", "665"]),
        (Quantile::InvertedCdf, ["254", "381", "505", "665"]),
        (Quantile::Hazen, ["254.5", "381", "505.5", "665"]),
        (Quantile::Weibull, ["254.2", "381", "505.6", "665"]),
    ] {
        assert_eq!(cuts(&rfm.monetary(), quantile), decs(&amounts), "{quantile:?}");
        assert_eq!(cuts(&rfm.frequency(), quantile), decs(&["3", "4", "5", "7"]), "{quantile:?}");
    }
}

/// R9: `bins(mtcars$mpg, 5)` in the package's test-utils.R is the quintile plus one. (`mtcars`: Henderson and Velleman 1981.)
#[test]
fn r9_the_quintiles_of_mtcars_are_one_below_the_packages() {
    let mpg = [
        "21", "21", "22.8", "21.4", "18.7", "18.1", "14.3", "24.4", "22.8", "19.2", "17.8", "16.4", "17.3", "15.2", "10.4", "10.4",
        "14.7", "32.4", "30.4", "33.9", "21.5", "15.5", "15.2", "13.3", "19.2", "27.3", "26", "30.4", "15.8", "19.7", "15", "21.4",
    ];
    let fit = Cutpoints::fit(&decs(&mpg), 5, Quantile::Linear, Ties::ToLower).unwrap();
    assert_eq!(fit.cutpoints.cuts(), decs(&["15.2", "17.92", "21", "24.08"]));
    let plus_one: Vec<_> = fit.cutpoints.cuts().iter().map(|c| c + dec("1")).collect();
    assert_eq!(plus_one, decs(&["16.20", "18.92", "22.00", "25.08"]));
}

#[test]
fn r10_the_gini_coefficient_and_the_share_of_the_best_fifth() {
    let spread = Concentration::of(&Orders::read().summary().monetary()).unwrap();
    assert_eq!(spread.total(), 464_158_00);
    assert_eq!(spread.gini(), Ratio::new(133_749_578, 461_837_210).unwrap());
    assert_eq!(spread.gini().to_decimal(5, Rounding::HalfEven).unwrap(), dec("0.28960"));
    let fifth = spread.top_share("0.2".parse().unwrap()).unwrap();
    assert_eq!(fifth, Ratio::new(165_348, 464_158).unwrap()); // 199 whole customers
    assert_eq!(fifth.to_decimal(4, Rounding::HalfEven).unwrap(), dec("0.3562")); // no 80/20 here
}

/// R10 gives 605 / 228 / 162 for a rule by row: the last customer in A is the last whose own total stays below 80 %. Ours keeps equals
/// together and puts the customer who crosses the bound into the better class.
#[test]
fn r10_abc_classes_keep_equal_customers_together() {
    let rfm = Orders::read().summary();
    let spread = Concentration::of(&rfm.monetary()).unwrap();
    let abc = spread.abc(&["0.8".parse().unwrap(), "0.95".parse().unwrap()]).unwrap();
    assert_eq!(abc.iter().map(|c| c.customers).collect::<Vec<_>>(), [607, 228, 160]);
    assert_eq!(abc[0].least, Some(375_00));

    let mut best_first = rfm.monetary().values.to_vec();
    best_first.sort_unstable_by(|a, b| b.cmp(a));
    assert_eq!(best_first[603..607], [375_00; 4]);
    assert!(best_first[602] > 375_00 && best_first[607] < 375_00);
    // By row, the bound falls between the second and the third of the four.
    let held: Vec<i64> = best_first.iter().scan(0, |sum, v| Some((*sum += v, *sum).1)).collect();
    let by_row = |percent: i64| held.iter().filter(|&&h| h * 100 <= percent * 464_158_00).count();
    assert_eq!((by_row(80), by_row(95) - by_row(80), 995 - by_row(95)), (605, 228, 162));
}

/// Totals of the package's customer-level set (its own test); cuts and counts by numpy 2.4 (`quantile`, `searchsorted`).
#[test]
fn r11_customer_level_data_is_scored_as_it_comes() {
    let row = |r: &Vec<String>| {
        let days = u32::try_from((date("2007-01-01") - date(&r[2])).num_days()).unwrap();
        assert_eq!(r[4], days.to_string());
        let rfm = Rfm { recency_days: days, frequency: r[3].parse().unwrap(), monetary: gbp(r[1].parse::<i64>().unwrap() * 100) };
        (r[0].parse().unwrap(), rfm)
    };
    let customers = rows("rfm_data_customer.csv.gz").iter().map(row).collect::<Vec<_>>();
    let rfm = RfmColumns::from_rows(date("2007-01-01"), Currency::GBP, customers).unwrap();
    assert_eq!((rfm.len(), rfm.frequency().values.iter().sum::<i64>()), (39_999, 393_223));
    let fit = |column: &Column<'_>| Cutpoints::fit_column(column, 5, Quantile::Linear, Ties::ToLower).unwrap();
    for (column, cuts, counts) in [
        (rfm.recency(), "76 | 125 | 176 | 265", [8051, 8108, 7889, 7957, 7994]),
        (rfm.frequency(), "7 | 9 | 10 | 12", [9427, 9764, 4945, 8204, 7659]),
        (rfm.monetary(), "640 | 826 | 1002 | 1225", [8016, 7998, 8008, 7997, 7980]),
    ] {
        let fitted = fit(&column);
        assert_eq!(fitted.cutpoints.to_string(), format!("{cuts} (ties to lower)"));
        assert_eq!(fitted.customers, counts);
    }
}

#[test]
fn r12_another_unit_of_money_leaves_every_bin_unchanged() {
    let rfm = Orders::read().summary();
    let (cents, thousands) = (rfm.monetary(), Column { places: 5, ..rfm.monetary() });
    let fit = |column: &Column<'_>| Cutpoints::fit_column(column, 5, Quantile::Linear, Ties::ToLower).unwrap();
    let (small, large) = (fit(&thousands), fit(&cents));
    assert_eq!(small.cutpoints.cuts(), decs(&["0.2548", "0.381", "0.5054", "0.665"]));
    assert_eq!(small.cutpoints.bins_of(&thousands).unwrap(), large.cutpoints.bins_of(&cents).unwrap());
    // With one added to each cut, the package's rule collapses.
    let plus_one = small.cutpoints.cuts().iter().map(|c| c + dec("1")).collect();
    let collapsed = Cutpoints::new(plus_one, Ties::ToUpper).unwrap().bins_of(&thousands).unwrap();
    let levels: Vec<u8> = collapsed.iter().map(|bin| bin + 1).collect();
    assert_eq!(count(&levels), [994, 0, 1, 0, 0]);
}

#[test]
fn r13_the_order_of_the_rows_changes_nothing() {
    let mut orders = Orders::read();
    let expected = orders.summary();
    let (expected_model, expected_fits) = fitted(&expected);
    let mut dice = Dice(13);
    for _ in 0..10 {
        let mut order: Vec<usize> = (0..orders.customer.len()).collect();
        dice.shuffle(&mut order);
        orders.customer = order.iter().map(|&i| orders.customer[i]).collect();
        orders.day = order.iter().map(|&i| orders.day[i]).collect();
        orders.minor = order.iter().map(|&i| orders.minor[i]).collect();
        let shuffled = orders.summary();
        let (model, fits) = fitted(&shuffled);
        assert_eq!((&shuffled, &model, &fits), (&expected, &expected_model, &expected_fits));
    }
}

/// R14: `rfm` 1.0.9 on `PyPI` gives ten identical customers five different scores.
#[test]
fn r14_ten_identical_customers_have_one_score() {
    let column = Column { values: &[7; 10], places: 0, unit: Unit::Count };
    let fit = Cutpoints::fit_column(&column, 5, Quantile::Linear, Ties::ToLower).unwrap();
    assert_eq!(fit.cutpoints.bins_of(&column).unwrap(), [0; 10]);
    assert_eq!((fit.asked, fit.obtained()), (5, 1));
    let upper = Cutpoints::fit_column(&column, 5, Quantile::Linear, Ties::ToUpper).unwrap();
    assert_eq!(upper.cutpoints.bins_of(&column).unwrap(), [4; 10]);
}

/// R15: comparing `dense_rank()` with 0.2 gives all of these the score 5 (estore-analytics, `dim_user_rfm.sql`).
#[test]
fn r15_different_numbers_of_orders_get_different_scores() {
    let fit = Cutpoints::fit(&[1, 1, 2, 3, 5].map(Into::into), 5, Quantile::Linear, Ties::ToLower).unwrap();
    assert_eq!([1, 1, 2, 3, 5].map(|v| fit.cutpoints.bin(v.into()) + 1), [1, 1, 3, 4, 5]);
}

/// R16: `pandas.qcut` raises here; with `duplicates="drop"` the labels shrink to 0, 1, 2 and the best customers get the score 3 of 5.
#[test]
fn r16_ties_leave_bins_empty_and_keep_the_best_score_reachable() {
    let values = [1, 1, 1, 1, 1, 2, 2, 3, 3];
    let fit = Cutpoints::fit(&values.map(Into::into), 5, Quantile::Linear, Ties::ToLower).unwrap();
    assert_eq!(fit.cutpoints.cuts(), decs(&["1", "1", "1.8", "2.4"]));
    assert_eq!(values.map(|v| fit.cutpoints.bin(v.into())), [0, 0, 0, 0, 0, 3, 3, 4, 4]);
    assert_eq!((fit.customers.as_slice(), fit.asked, fit.obtained()), (&[5, 0, 0, 2, 2][..], 5, 3));
}

/// Source: computed with numpy; the formula is that of Gini 1912.
#[test]
fn g1_the_gini_coefficient_of_small_populations() {
    for (values, gini) in [
        (&[1, 1, 1, 1][..], "0"),
        (&[0, 0, 0, 1], "0.75"),
        (&[1, 2, 3, 4, 5], "4/15"),
        (&[1, 3], "0.25"),
        (&[10, 10, 10, 10, 960], "0.76"),
        (&[1000, 500, 250, 125, 125], "0.425"),
    ] {
        let found = Concentration::of(&Column { values, places: 0, unit: Unit::Number }).unwrap().gini();
        assert_eq!(found.to_string(), gini);
        // The unbiased estimate multiplies by n / (n − 1): 0.53125 for the last.
        if gini == "0.425" {
            let n = i128::try_from(values.len()).unwrap();
            let unbiased = Ratio::new(found.numerator() * n, found.denominator() * (n - 1)).unwrap();
            assert_eq!(unbiased.to_string(), "0.53125");
        }
    }
}
