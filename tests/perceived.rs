//! The customer's side of value: published figures, laws of the tallies, and input that means harm.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Dice, cases, name};
use customer_value::{
    money::{Currency, Money, Ratio},
    quantity::{Confidence, Estimate},
    value::perceived::{
        Answer::{self, Given, NoAnswer, NotApplicable},
        Bipolar, Component, Csat, DeliveredValue, EffortQuestion,
        Feeling::{self, Dislike, Like, LiveWith, MustBe, Neutral},
        KanoClass, KanoTally, Ladder, Ladders, Likert, Nps, NpsQuestion, Part, Perceived, PerceivedError as E, Points, Question,
        Questionnaire, Rated, Responses, SemanticDifferential,
        ServiceDimension::{self, Empathy, Reliability, Responsiveness},
        ServiceGaps, Servqual, Side, Tally, ValueLevel, ValueModel,
    },
    value::{Exchange, ExchangeError, Gains, TwoSides},
};
use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any},
    prop_assert, prop_assert_eq, prop_oneof, proptest,
};

const P95: Confidence = Confidence::P95;

#[track_caller]
fn near(found: f64, want: f64, off: f64) {
    assert!((found - want).abs() <= off, "{found} instead of {want}");
}

#[track_caller]
fn interval(found: &Estimate, value: f64, low: f64, high: f64, off: f64) {
    near(found.value(), value, off);
    near(found.low(), low, off);
    near(found.high(), high, off);
}

fn ratio(text: &str) -> Ratio {
    text.parse().unwrap()
}

fn tally<Q: Question>(question: Q, answers: &[Answer<i8>]) -> Tally<Q> {
    let mut tally = Tally::new(question);
    for &answer in answers {
        tally.push(answer).unwrap();
    }
    tally
}

fn likert(text: &str, points: Points, reversed: bool) -> Likert {
    Likert { name: name(text), points, reversed }
}

fn responses(of: Questionnaire, rows: &[Vec<Answer<i8>>]) -> Responses {
    let mut responses = Responses::new(of);
    for row in rows {
        responses.push(row).unwrap();
    }
    responses
}

/// N1: a half promoters, a third passives, a sixth detractors (whuber on Cross Validated): 33.33, variance 5/9, standard error 4.1409 for
/// 324 answers, 95 % ± 8.116.
#[test]
fn nps_of_324() {
    let nps = Nps::new(162, 108, 54).unwrap();
    assert_eq!((nps.score(), nps.variance()), (Some(ratio("100/3")), Some(ratio("5/9"))));
    near(nps.standard_error().unwrap(), 4.1409, 5e-5);
    let wald = nps.wald(P95).unwrap();
    near(wald.high() - wald.value(), 8.116, 5e-4);
    near(wald.value() - wald.low(), 8.116, 5e-4);
}

/// N2: cybaea.net (2016). N5: CDCgov/prime-reportstream#5281, whose "32 provided" cannot be.
#[test]
fn nps_by_the_usual_formula() {
    interval(&Nps::new(70, 20, 10).unwrap().wald(P95).unwrap(), 60.0, 46.999, 73.001, 5e-4);
    let real = Nps::new(18, 11, 2).unwrap();
    assert_eq!(real.answered(), 31);
    interval(&real.wald(P95).unwrap(), 51.613, 29.95, 73.28, 5e-3);
}

/// N4: ten promoters. The usual formula would say 100 ± 0; the adjusted one (Rocks 2016) 76.92, 47.5 to 100.
#[test]
fn nps_of_few_that_agree() {
    let nps = Nps::new(10, 0, 0).unwrap();
    assert_eq!(nps.wald(P95), Err(E::NoVariation { answered: 10 }));
    let adjusted = nps.estimate(P95).unwrap();
    interval(&adjusted, 76.923, 47.5, 100.0, 5e-3);
    assert_eq!(adjusted.high().to_bits(), 100.0_f64.to_bits());
    assert_eq!(Nps::default().wald(P95), Err(E::TooFew { answered: 0, least: 1 }));
    assert_eq!(Nps::default().estimate(P95), Err(E::TooFew { answered: 0, least: 1 }));
    assert_eq!((Nps::default().score(), Nps::default().variance(), Nps::default().standard_error()), (None, None, None));
}

#[test]
fn promoters_start_at_9_and_detractors_end_at_6() {
    let each: Vec<_> = (0..=10).map(Given).collect();
    let mut of = tally(NpsQuestion::WouldRecommend, &each);
    assert_eq!(of.nps(), Nps::new(2, 2, 7).unwrap());
    of.push(NotApplicable).unwrap();
    of.push(NoAnswer).unwrap();
    let measure = of.nps_measure(P95).unwrap();
    let turnout = measure.turnout;
    assert_eq!((measure.n, turnout.asked(), turnout.not_applicable(), turnout.no_answer()), (11, 13, 1, 1));
    assert_eq!(measure.estimate, Nps::new(2, 2, 7).unwrap().estimate(P95).unwrap());
    for point in [-1, 11, i8::MIN, i8::MAX] {
        assert_eq!(of.push(Given(point)), Err(E::OffScale { point, points: Points::ZERO_TO_TEN }));
    }
    assert_eq!(of.turnout(), turnout);
}

/// Q1 as satisfied customers: Wilson intervals by statsmodels.
#[test]
fn csat_of_few() {
    for (satisfied, of, low, high) in
        [(8, 10, 0.490_162, 0.943_318), (10, 10, 0.722_467, 1.0), (0, 10, 0.0, 0.277_533), (15, 148, 0.062_386, 0.160_487)]
    {
        // 4 and 5 count, 3 does not; who does not apply or is silent is in no denominator.
        let mut answers: Vec<_> = (0..of).map(|i| Given(if i < satisfied { 4 + i8::from(i % 2 == 0) } else { 3 })).collect();
        answers.extend([NotApplicable, NoAnswer, NotApplicable]);
        let tally = tally(Csat::FIVE_TOP_TWO, &answers);
        let csat = tally.satisfied(P95).unwrap();
        interval(&csat.estimate, f64::from(satisfied) / f64::from(of), low, high, 5e-7);
        assert_eq!((csat.n, csat.turnout.not_applicable()), (u64::try_from(of).unwrap(), 2));
        assert_eq!(tally.share(), Ratio::new(satisfied.into(), of.into()).ok());
    }
    let silent = tally(Csat::FIVE_TOP_TWO, &[NotApplicable, NoAnswer]);
    assert_eq!(silent.satisfied(P95), Err(E::TooFew { answered: 0, least: 1 }));
    assert_eq!((silent.share(), silent.mean()), (None, None));
}

/// Half-width of Student's interval by hand: t(4; 0.975) = 2.776445, s² = 1.3.
#[test]
fn means_of_ratings() {
    let five = [2, 4, 4, 5, 3].map(Given);
    let rated = tally(likert("clear", Points::FIVE, false), &five);
    let mean = rated.mean_measure(P95).unwrap();
    interval(&mean.estimate, 3.6, 2.184_285, 5.0, 5e-7); // 5.0157 without the end of the scale
    assert_eq!(rated.mean(), Some(ratio("3.6")));
    assert_eq!(tally(likert("unclear", Points::FIVE, true), &five).mean(), Some(ratio("2.4")));

    let alike = tally(likert("clear", Points::FIVE, false), &[Given(5); 4]);
    assert_eq!(alike.mean_measure(P95), Err(E::NoVariation { answered: 4 }));
    let alone = tally(likert("clear", Points::FIVE, false), &[Given(5), NoAnswer]);
    assert_eq!(alone.mean_measure(P95), Err(E::TooFew { answered: 1, least: 2 }));
}

#[test]
fn effort_rises_with_ease_in_both_wordings() {
    // Very low effort, and strong agreement that it was easy.
    let first = tally(EffortQuestion::HowMuchEffort, &[1, 2, 3, 5].map(Given));
    assert_eq!(first.mean(), Some(ratio("3.25"))); // 5, 4, 3, 1
    interval(&first.easy(P95).unwrap().estimate, 0.5, 0.150_04, 0.849_96, 5e-6); // statsmodels, 2 of 4
    let second = tally(EffortQuestion::MadeItEasy, &[7, 5, 4, 1].map(Given));
    assert_eq!(second.mean(), Some(ratio("4.25")));
    near(second.easy(P95).unwrap().estimate.value(), 0.5, 0.0);
    assert_eq!(second.question().points(), Points::SEVEN);
}

/// Q2: (Σwx̄ − Σw)/(9Σw)·100 for weights .387 .322 .291 and means 8.5 7.9 7.6 is 78.2767; the interval from ten persons' own indices.
#[test]
fn index_in_the_form_of_acsi() {
    let items = ["overall", "expectations met", "close to ideal"].map(|text| likert(text, Points::TEN, false)).to_vec();
    let of = Questionnaire::weighted(items, vec![387, 322, 291]).unwrap();
    let mut rows = vec![[9, 8, 8]; 5];
    rows.extend([[8, 8, 8], [8, 8, 7], [8, 8, 7], [8, 8, 7], [8, 7, 7]]);
    let mut all = responses(of, &rows.iter().map(|row| row.map(Given).to_vec()).collect::<Vec<_>>());
    for (item, mean) in ["8.5", "7.9", "7.6"].into_iter().enumerate() {
        assert_eq!(all.item(item).unwrap().mean(), Some(ratio(mean)));
    }
    assert!(all.item(3).is_none());
    let index = all.index(P95).unwrap();
    interval(&index.estimate, 78.2767, 75.188_59, 81.364_75, 5e-5);
    assert_eq!(index.n, 10);
    // Who left one blank, and who has nothing to say, change the turnout and not the index.
    all.push(&[Given(1), NoAnswer, Given(1)]).unwrap();
    all.push(&[NotApplicable; 3]).unwrap();
    let again = all.index(P95).unwrap();
    assert_eq!(again.estimate, index.estimate);
    assert_eq!((again.turnout.asked(), again.turnout.no_answer(), again.turnout.not_applicable()), (12, 1, 1));
    // Where an item does not apply, the others take its weight: (387·9 + 291·6)/678.
    let mut one = Responses::new(all.questionnaire().clone());
    one.push(&[Given(9), NotApplicable, Given(6)]).unwrap();
    assert_eq!(one.mean().unwrap(), Some(ratio("5229/678")));
}

/// Three items of satisfaction, 1 to 10, of 250 customers of a mobile phone firm (European Customer Satisfaction Index; Tenenhaus and others
/// 2005; `mobi` of the R package seminr, from which only these counts are taken): how many gave 1, 2, … 10. Wilson intervals and the index by
/// a few lines of Python.
#[test]
fn satisfaction_of_mobile_phone_customers() {
    let counts: [[usize; 10]; 3] =
        [[0, 0, 0, 1, 8, 15, 50, 109, 29, 38], [2, 2, 3, 9, 29, 33, 60, 66, 20, 26], [2, 2, 3, 7, 22, 25, 72, 63, 22, 32]];
    let answers =
        counts.map(|of| (1_i8..).zip(of).flat_map(|(point, n)| core::iter::repeat_n(Given(point), n)).collect::<Vec<_>>());
    let satisfied = [(0.704, 0.644_671_6, 0.757_154_0), (0.448, 0.387_606_7, 0.509_967_2), (0.468, 0.407_099_7, 0.529_868_8)];
    for (answers, (value, low, high)) in answers.iter().zip(satisfied) {
        let top_three = tally(Csat::new(Points::TEN, 3).unwrap(), answers).satisfied(P95).unwrap();
        assert_eq!(top_three.n, 250);
        interval(&top_three.estimate, value, low, high, 5e-7);
    }
    let items = ["overall", "expectations met", "close to ideal"].map(|text| likert(text, Points::TEN, false)).to_vec();
    let rows: Vec<_> = (0..250).map(|i| vec![answers[0][i], answers[1][i], answers[2][i]]).collect();
    let all = responses(Questionnaire::new(items).unwrap(), &rows);
    assert_eq!([0, 1, 2].map(|item| all.item(item).unwrap().mean().unwrap()), ["1997/250", "891/125", "1829/250"].map(ratio));
    near(all.index(P95).unwrap().estimate.value(), 9716.0 / 135.0, 1e-12); // 71.97; who gave which three answers does not move it
}

/// A thousand simulated answers (`testdata` of the R package NPS, from which only these counts are taken).
#[test]
fn nps_of_a_thousand() {
    let counts = [74, 10, 22, 35, 40, 140, 41, 57, 119, 227, 235];
    let answers: Vec<_> = (0_i8..).zip(counts).flat_map(|(point, n)| core::iter::repeat_n(Given(point), n)).collect();
    let nps = tally(NpsQuestion::WouldRecommend, &answers).nps();
    assert_eq!((nps.promoters(), nps.passives(), nps.detractors()), (462, 176, 362));
    assert_eq!((nps.score(), nps.variance()), (Some(ratio("10")), Some(ratio("0.814"))));
    interval(&nps.wald(P95).unwrap(), 10.0, 4.408_088, 15.591_912, 5e-7);
    interval(&nps.estimate(P95).unwrap(), 9.970_090, 4.389_667, 15.550_513, 5e-7); // of so many it hardly matters which
}

/// Cronbach (1951) and the interval of Bonett (2002), both in exact fractions outside this crate: α = 390/413.
#[test]
fn alpha_of_six_persons() {
    let items = ["one", "two", "three"].map(|text| likert(text, Points::FIVE, false)).to_vec();
    let of = Questionnaire::new(items).unwrap();
    let rows = [[4, 5, 4], [2, 3, 2], [5, 5, 4], [3, 3, 3], [1, 2, 2], [4, 4, 5]].map(|row| row.map(Given).to_vec());
    let mut all = responses(of.clone(), &rows);
    all.push(&[Given(1), NotApplicable, Given(5)]).unwrap(); // not complete: no part of alpha
    let alpha = all.alpha(P95).unwrap();
    interval(&alpha.estimate, 390.0 / 413.0, 0.695_953_544_7, 0.989_799_637_1, 1e-9);
    assert_eq!(alpha.n, 6);

    // Two items that say the same to the last answer leave no room for chance; two that contradict go below zero.
    let two = Questionnaire::new(of.items()[..2].to_vec()).unwrap();
    let same = responses(two.clone(), &[1, 3, 5, 2].map(|x| vec![Given(x); 2]));
    assert_eq!(same.alpha(P95), Err(E::NoVariation { answered: 4 }));
    let level = responses(two.clone(), &[1, 3, 5, 2].map(|x| vec![Given(x), Given(6 - x)]));
    assert_eq!(level.alpha(P95), Err(E::NoVariation { answered: 4 })); // all totals 6
    let against = responses(two.clone(), &[[1, 5], [5, 2], [4, 1]].map(|row| row.map(Given).to_vec()));
    assert!(against.alpha(P95).unwrap().estimate.value() < 0.0);
    let few = responses(two, &[1, 3].map(|x| vec![Given(x), Given(1)]));
    assert_eq!(few.alpha(P95), Err(E::TooFew { answered: 2, least: 3 }));
    let single = responses(Questionnaire::new(of.items()[..1].to_vec()).unwrap(), &[vec![Given(1)]]);
    assert_eq!(single.alpha(P95), Err(E::NoItem));
}

/// Q3 (inartifexyou.com): Reliability 5.1 − 6.4 = −1.3, Responsiveness 5.4 − 6.1 = −.7; intervals of the paired gaps by hand.
#[test]
fn servqual_gaps() {
    let instrument = Servqual::new(Points::SEVEN, ServiceDimension::ALL.to_vec(), [10, 40, 30, 20, 0]).unwrap();
    let mut gaps = ServiceGaps::new(instrument);
    let (reliable, prompt) = (
        ([7, 7, 7, 7, 6, 6, 6, 6, 6, 6], [5, 5, 5, 6, 5, 5, 5, 5, 5, 5]),
        ([7, 6, 6, 6, 6, 6, 6, 6, 6, 6], [5, 5, 5, 5, 5, 5, 6, 6, 6, 6]),
    );
    let rated = |expected, perceived| Rated { expected: Given(expected), perceived: Given(perceived) };
    let none = Rated { expected: Given(7), perceived: NoAnswer };
    let unfit = Rated { expected: NotApplicable, perceived: NoAnswer };
    for i in 0..10 {
        let row = [rated(4, 4), rated(reliable.0[i], reliable.1[i]), rated(prompt.0[i], prompt.1[i]), rated(5, 5), none];
        gaps.push(&row).unwrap();
    }
    let found = gaps.gap(Reliability, P95).unwrap();
    assert_eq!((found.expected, found.perceived), (ratio("6.4"), ratio("5.1")));
    interval(&found.measure.estimate, -1.3, -1.645_550_2, -0.954_449_8, 5e-8);
    let found = gaps.gap(Responsiveness, P95).unwrap();
    assert_eq!((found.expected, found.perceived), (ratio("6.1"), ratio("5.4")));
    interval(&found.measure.estimate, -0.7, -1.182_829_1, -0.217_170_9, 5e-8);
    assert_eq!(gaps.gap(Empathy, P95), Err(E::TooFew { answered: 0, least: 2 }));
    assert_eq!(gaps.gap(ServiceDimension::Tangibles, P95), Err(E::NoVariation { answered: 10 }));
    // Empathy weighs nothing here, so its blanks do not matter: (40·−1.3 + 30·−0.7)/100.
    let overall = gaps.overall(P95).unwrap();
    near(overall.estimate.value(), -0.73, 1e-12);
    assert_eq!(overall.n, 10);
    // A dimension that does not apply gives its weight to the others; one left blank leaves the person out.
    gaps.push(&[unfit, rated(7, 5), rated(7, 6), rated(7, 6), unfit]).unwrap(); // (80 + 30 + 20)/90
    gaps.push(&[rated(1, 7), none, rated(1, 7), rated(1, 7), unfit]).unwrap();
    gaps.push(&[unfit; 5]).unwrap();
    let more = gaps.overall(P95).unwrap();
    assert_eq!((more.n, more.turnout.no_answer(), more.turnout.not_applicable()), (11, 1, 1));
    near(more.estimate.value(), (-7.3 - 130.0 / 90.0) / 11.0, 1e-12);
    assert_eq!(gaps.push(&[unfit; 4]), Err(E::WrongLength { given: 4, items: 5 }));
    assert_eq!(gaps.push(&[rated(1, 8); 5]), Err(E::OffScale { point: 8, points: Points::SEVEN }));
    assert_eq!(Servqual::standard().items().len(), 22);
    assert_eq!(Servqual::new(Points::SEVEN, vec![Reliability; 5], [20; 5]), Err(E::NoItem));
    assert_eq!(Servqual::new(Points::SEVEN, ServiceDimension::ALL.to_vec(), [20, 20, 20, 20, 19]), Err(E::BadWeights));
}

/// Q4: the table (scribd 60002990, after Berger et al. 1993), letter by letter; rows functional, columns dysfunctional.
#[test]
fn kano_table_and_coefficients() {
    use KanoClass::{Attractive, Indifferent, OneDimensional, Questionable, Reverse};
    let feelings = [Like, MustBe, Neutral, LiveWith, Dislike];
    let letter = |with: Feeling, without: Feeling| match KanoClass::of(with, without) {
        KanoClass::MustBe => 'M',
        OneDimensional => 'O',
        Attractive => 'A',
        Indifferent => 'I',
        Reverse => 'R',
        Questionable => 'Q',
    };
    for (with, row) in feelings.into_iter().zip(["QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ"]) {
        assert_eq!(feelings.map(|without| letter(with, without)).iter().collect::<String>(), row);
    }
    let counts = [(Attractive, 30), (OneDimensional, 40), (KanoClass::MustBe, 20), (Indifferent, 10)];
    let mut tally = KanoTally::of_counts(counts).unwrap();
    interval(&tally.better(P95).unwrap().estimate, 0.70, 0.604_151_5, 0.781_051_1, 5e-8);
    interval(&tally.worse(P95).unwrap().estimate, -0.60, -0.690_598_7, -0.502_002_6, 5e-8);
    assert_eq!((tally.category_strength(), tally.total_strength()), (Some(ratio("0.1")), Some(ratio("0.9"))));
    // Reverse and questionable answers are counted, and in neither coefficient.
    tally.push(Given(Like), Given(Like)).unwrap();
    tally.push(Given(Dislike), Given(Like)).unwrap();
    tally.push(Given(Like), NotApplicable).unwrap();
    tally.push(NoAnswer, Given(Like)).unwrap();
    let better = tally.better(P95).unwrap();
    assert_eq!((better.n, better.turnout.answered(), better.turnout.asked()), (100, 102, 104));
    assert_eq!((tally.count(Questionable), tally.count(Reverse), tally.share(Reverse)), (1, 1, Some(ratio("1/102"))));
    assert_eq!(tally.class().unwrap().level(), Some(ValueLevel::Expected));
}

#[test]
fn kano_ties_and_the_rule_of_the_two_groups() {
    use KanoClass::{Attractive, Indifferent, OneDimensional, Reverse};
    let of = |counts: &[(KanoClass, u64)]| KanoTally::of_counts(counts.iter().copied()).unwrap();
    // Indifferent is the most frequent of all, but more see something that counts.
    let split = of(&[(KanoClass::MustBe, 20), (Attractive, 25), (Indifferent, 44)]);
    assert_eq!((split.class(), split.category_strength()), (Some(Attractive), Ratio::new(19, 89).ok()));
    // As many on both sides: not more.
    assert_eq!(of(&[(Attractive, 25), (KanoClass::MustBe, 19), (Indifferent, 44)]).class(), Some(Indifferent));
    let tie = of(&[(Attractive, 5), (OneDimensional, 5), (KanoClass::MustBe, 5), (Reverse, 1)]);
    assert_eq!((tie.class(), tie.leading()), (None, vec![KanoClass::MustBe, OneDimensional, Attractive]));
    let empty = KanoTally::new();
    assert!(empty.leading().is_empty() && empty.class().is_none() && empty.category_strength().is_none());
    assert_eq!(empty.better(P95), Err(E::TooFew { answered: 0, least: 1 }));
    assert_eq!(of(&[(Reverse, 9)]).worse(P95), Err(E::TooFew { answered: 0, least: 1 }));
    assert_eq!(KanoClass::ALL.map(KanoClass::level).iter().flatten().count(), 3);
}

fn pairs() -> SemanticDifferential {
    let pair = |left, right, reversed| Bipolar { left: name(left), right: name(right), reversed };
    SemanticDifferential::new(vec![pair("slow", "fast", false), pair("friendly", "cold", true)]).unwrap()
}

#[test]
fn profiles_of_the_semantic_differential() {
    let (mut ours, mut theirs) = (pairs(), pairs());
    for row in [[Given(2), Given(-3)], [Given(1), Given(-1)], [NotApplicable, Given(-2)]] {
        ours.push(&row).unwrap();
    }
    assert_eq!(ours.line(), [Some(ratio("1.5")), Some(ratio("2"))]);
    assert_eq!(ours.pairs()[0].turnout().not_applicable(), 1);
    assert_eq!(ours.pairs()[1].count(-3), 1); // as it was ticked
    let line = ours.line_measures(P95);
    assert_eq!(line[0].as_ref().unwrap().estimate.high().to_bits(), 3.0_f64.to_bits()); // t = 12.7 of two answers reaches past the end
    interval(&line[1].as_ref().unwrap().estimate, 2.0, -0.484_138, 3.0, 5e-7); // 2 − 4.302653/√3
    assert_eq!(ours.distance(&theirs), Err(E::TooFew { answered: 0, least: 1 }));
    theirs.push(&[Given(0), Given(0)]).unwrap();
    near(ours.distance(&theirs).unwrap(), 2.5, 0.0);
    near(theirs.distance(&ours).unwrap(), 2.5, 0.0);
    near(ours.distance(&ours).unwrap(), 0.0, 0.0);
    // A row that is refused leaves nothing behind, not even its first answer.
    let before = ours.clone();
    assert_eq!(ours.push(&[Given(3), Given(4)]), Err(E::OffScale { point: 4, points: Points::BIPOLAR }));
    assert_eq!(ours.push(&[Given(3)]), Err(E::WrongLength { given: 1, items: 2 }));
    assert_eq!(ours, before);
    let other = SemanticDifferential::new(vec![Bipolar { left: name("dear"), right: name("cheap"), reversed: false }]).unwrap();
    assert_eq!((ours.distance(&other), ours.merge(&other)), (Err(E::OtherQuestion), Err(E::OtherQuestion)));
    assert_eq!(SemanticDifferential::new(vec![]), Err(E::NoItem));
    let twice = Bipolar { left: name("fast"), right: name("fast"), reversed: false };
    assert_eq!(SemanticDifferential::new(vec![twice]), Err(E::SameName(name("fast"))));
}

const ALL: [Component; 16] = {
    use Component::*;
    [
        Function,
        Quality,
        Style,
        Introduction,
        Delivery,
        Installation,
        Commissioning,
        Repair,
        Training,
        Guarantee,
        Personnel,
        Image,
        Money,
        Time,
        Energy,
        Psychic,
    ]
};

fn judged(weights: &[u32], points: &[i8]) -> DeliveredValue {
    let model = ValueModel::new(Points::ZERO_TO_TEN, ALL.into_iter().zip(weights.iter().copied()), []).unwrap();
    model.judge(ALL.into_iter().zip(points.iter().map(|&p| if p < 0 { NotApplicable } else { Given(p) }))).unwrap()
}

/// By hand: 12 components of value and 4 of cost, all weights 1. Value 12/16·mean, cost 4/16·mean.
#[test]
fn delivered_value_of_two_offers() {
    let one = judged(&[1; 16], &[8, 6, 7, 5, 5, 5, 5, 5, 5, 5, 9, 7, 4, 6, 2, 8]);
    assert_eq!((one.total_value().points(), one.total_cost().points()), (ratio("4.5"), ratio("1.25")));
    assert_eq!((one.net().points(), one.ratio()), (ratio("3.25"), Some(ratio("3.6"))));
    assert_eq!(one.part(Part::Product).unwrap().points(), ratio("7"));
    assert_eq!(one.part(Part::Psychic).unwrap().points(), ratio("8"));
    // Without installation (not applicable) its weight goes to the other eleven: 67/11·12/16.
    let other = judged(&[1; 16], &[8, 6, 7, 5, 5, -1, 5, 5, 5, 5, 9, 7, 4, 5, 2, 8]);
    assert_eq!(other.total_value().points(), ratio("67/11").mul(12, 16));
    assert_eq!(other.component(Component::Installation), Some(NotApplicable));
    assert_eq!(other.part(Part::Service).unwrap().points(), ratio("5"));
    // Over what applies to both, one point less of time is all: 1/16.
    let compared = other.compare(&one).unwrap();
    assert_eq!(compared.net.points(), ratio("1/16"));
    let parts: Vec<_> = compared.components.iter().filter(|c| c.advantage.is_none_or(|a| a.points() != Ratio::ZERO)).collect();
    assert_eq!(parts.iter().map(|c| c.component).collect::<Vec<_>>(), [Component::Installation, Component::Time]);
    // One point less of function: the eleven components that apply to both share the weight of all twelve, −1/11·12/16.
    let plainer = judged(&[1; 16], &[7, 6, 7, 5, 5, -1, 5, 5, 5, 5, 9, 7, 4, 6, 2, 8]);
    assert_eq!(plainer.compare(&one).unwrap().net.points(), ratio("-3/44"));
    // Nothing given for it: no ratio, and no division.
    let free = judged(&[1; 16], &[8, 6, 7, 5, 5, 5, 5, 5, 5, 5, 9, 7, 0, 0, 0, 0]);
    assert_eq!((free.ratio(), free.net().points()), (None, ratio("4.5")));

    let mean = Perceived::mean([one.net(), free.net(), one.net()], P95).unwrap();
    assert_eq!(mean.n, 3);
    interval(&mean.estimate, 11.0 / 3.0, 11.0 / 3.0 - 4.302_652_73 / 2.4, 11.0 / 3.0 + 4.302_652_73 / 2.4, 1e-7); // s²/3 = 1.25²/9
    assert_eq!(Perceived::mean([one.net()], P95), Err(E::TooFew { answered: 1, least: 2 }));
    assert_eq!(Perceived::mean([one.net(); 2], P95), Err(E::NoVariation { answered: 2 }));
}

trait Times {
    fn mul(self, n: i128, d: i128) -> Ratio;
}

impl Times for Ratio {
    fn mul(self, n: i128, d: i128) -> Ratio {
        Ratio::new(self.numerator() * n, self.denominator() * d).unwrap()
    }
}

/// A gain is more than zero on its side; the two sides are counted together and never added.
#[test]
fn created_and_captured_stand_side_by_side() {
    let left_out = Part::ALL.into_iter().filter(|part| ![Part::Product, Part::Money].contains(part));
    let model = ValueModel::new(Points::ZERO_TO_TEN, [(Component::Quality, 1), (Component::Money, 1)], left_out).unwrap();
    let felt = |got, given| model.judge([(Component::Quality, Given(got)), (Component::Money, Given(given))]).unwrap();
    let money = |cents| Money::from_minor(cents, Currency::EUR);
    let exchange = |paid, cost| Exchange::new(money(paid), money(cost)).unwrap();

    let customers = [
        (felt(6, 5), exchange(1, 0), Gains::Both),
        (felt(6, 5), exchange(1, 1), Gains::Customer),   // nothing kept is no gain
        (felt(5, 5), exchange(1, 0), Gains::Enterprise), // nor is nothing felt
        (felt(5, 6), exchange(1, 2), Gains::Neither),
        (felt(9, 1), exchange(0, 70), Gains::Customer), // a gift
    ];
    let mut sides = TwoSides::new(Currency::EUR);
    for (felt, exchange, gains) in &customers {
        let before = sides.customers(*gains);
        sides.push(felt, exchange).unwrap();
        assert_eq!(sides.customers(*gains), before + 1);
    }
    assert_eq!(sides.captured().money(), money(1 + 1 - 1 - 70));
    near(sides.created(P95).unwrap().estimate.value(), (0.5 + 0.5 + 0.0 - 0.5 + 4.0) / 5.0, 1e-12);
    assert_eq!(sides.created(P95).unwrap().n, 5);

    // In any order and split: the same.
    let (mut one, mut other) = (TwoSides::new(Currency::EUR), TwoSides::new(Currency::EUR));
    for (at, (felt, exchange, _)) in customers.iter().enumerate().rev() {
        if at % 2 == 0 { &mut one } else { &mut other }.push(felt, exchange).unwrap();
    }
    one.merge(&other).unwrap();
    assert_eq!(one, sides);

    // What cannot be leaves everything as it was.
    let dollars = Exchange::new(Money::from_minor(1, Currency::USD), Money::from_minor(0, Currency::USD)).unwrap();
    assert!(matches!(sides.push(&felt(6, 5), &dollars), Err(ExchangeError::Money(_))));
    let most = exchange(i64::MAX, 0);
    assert!(matches!(one.push(&felt(6, 5), &most), Ok(())));
    assert!(matches!(one.push(&felt(6, 5), &most), Err(ExchangeError::Money(_))));
    assert_eq!((sides.customers(Gains::Both), one.customers(Gains::Both)), (1, 2));
    assert!(matches!(most.try_add(exchange(1, 0)), Err(ExchangeError::Money(_))));
    assert_eq!(exchange(3, 1).try_add(exchange(4, 9)), Ok(exchange(7, 10)));
    assert_eq!(exchange(7, 10).profit().unwrap().money(), money(-3));
    assert_eq!(Exchange::new(money(-1), money(0)), Err(ExchangeError::Negative(money(-1))));
    assert_eq!(Exchange::new(money(0), money(-1)), Err(ExchangeError::Negative(money(-1))));
    assert!(matches!(Exchange::new(money(1), Money::from_minor(1, Currency::USD)), Err(ExchangeError::Money(_))));
    assert_eq!(TwoSides::new(Currency::EUR).created(P95), Err(E::TooFew { answered: 0, least: 2 }));

    let json = serde_json::to_string(&exchange(120_00, 95_00)).unwrap();
    assert_eq!(serde_json::from_str::<Exchange>(&json).unwrap(), exchange(120_00, 95_00));
    for forged in [json.replace("95.00", "-95.00"), json.replacen("EUR", "USD", 1), json.replace("cost", "profit")] {
        assert!(forged != json && serde_json::from_str::<Exchange>(&forged).is_err(), "{forged}");
    }
}

#[test]
fn no_part_of_delivered_value_is_forgotten() {
    use Component::{Function, Image, Money};
    let rest = || Part::ALL.into_iter().filter(|part| ![Part::Product, Part::Money].contains(part));
    let model = |weights: &[(Component, u32)], left_out: Vec<Part>| ValueModel::new(Points::TEN, weights.iter().copied(), left_out);
    assert_eq!(model(&[(Function, 1), (Money, 1)], rest().skip(1).collect()), Err(E::PartForgotten(Part::Service)));
    assert_eq!(model(&[(Function, 1), (Money, 1), (Image, 1)], rest().collect()), Err(E::PartBoth(Part::Image)));
    assert_eq!(model(&[(Function, 1), (Money, 0)], rest().collect()), Err(E::BadWeights));
    assert_eq!(model(&[(Function, 1), (Money, 1), (Money, 2)], rest().collect()), Err(E::Twice(Money)));
    assert_eq!(model(&[(Money, 1)], rest().chain([Part::Product]).collect()), Err(E::OneSided(Side::Value)));
    assert_eq!(ValueModel::new(Points::BIPOLAR, [(Money, 1)], []), Err(E::BadPoints { low: -3, high: 3 }));

    let good = model(&[(Function, 1), (Money, u32::MAX)], rest().collect()).unwrap();
    assert_eq!(good.judge([(Function, Given(3))]), Err(E::Unanswered(Money)));
    assert_eq!(good.judge([(Function, NoAnswer), (Money, Given(1))]), Err(E::Unanswered(Function)));
    assert_eq!(good.judge([(Function, Given(3)), (Money, NotApplicable)]), Err(E::NothingApplies(Side::Cost)));
    assert_eq!(good.judge([(Function, Given(3)), (Image, Given(3))]), Err(E::NotAsked(Image)));
    assert_eq!(good.judge([(Function, Given(3)), (Function, Given(3))]), Err(E::Twice(Function)));
    assert_eq!(good.judge([(Function, Given(11))]), Err(E::OffScale { point: 11, points: Points::TEN }));
    assert_eq!((good.weights().len(), good.left_out().len()), (2, 6));
    let offer = good.judge([(Function, Given(3)), (Money, Given(3))]).unwrap();
    assert_eq!((offer.part(Part::Image), offer.component(Image)), (None, None));
    assert_eq!(offer.compare(&judged(&[1; 16], &[1; 16])), Err(E::OtherQuestion));
    let json = serde_json::to_string(&good).unwrap();
    assert_eq!(serde_json::from_str::<ValueModel>(&json).unwrap(), good);
    assert!(serde_json::from_str::<ValueModel>(&json.replace("\"function\":1", "\"function\":0")).is_err());
}

#[test]
fn ladders_count_their_links() {
    let ladder = |a, c, v| Ladder { attribute: name(a), consequence: name(c), value: name(v) };
    let mut ladders = Ladders::new();
    for (a, c, v) in
        [("delivery", "time", "family"), ("near", "time", "family"), ("near", "time", "calm"), ("near", "time", "calm")]
    {
        ladders.push(ladder(a, c, v)).unwrap();
    }
    let mut twice = ladders.clone();
    twice.merge(&ladders).unwrap();
    assert_eq!(ladders.to_consequences(2), [((&name("near"), &name("time")), 3)].into());
    assert_eq!(twice.to_values(0), [((&name("time"), &name("calm")), 4), ((&name("time"), &name("family")), 4)].into());
    let json = serde_json::to_string(&twice).unwrap();
    assert_eq!(serde_json::from_str::<Ladders>(&json).unwrap(), twice);
    assert!(serde_json::from_str::<Ladders>(&json.replace("\"times\":2", "\"times\":0")).is_err());
}

#[test]
fn scales_and_questionnaires_are_checked() {
    assert_eq!(Points::new(3, 3), Err(E::BadPoints { low: 3, high: 3 }));
    assert!(Points::new(-50, 50).is_ok() && Points::new(-50, 51).is_err() && Points::new(i8::MIN, i8::MAX).is_err());
    assert_eq!(Points::new(100, 127).unwrap().turned(100), 127);
    assert_eq!((Points::FIVE.turned(-9), Points::FIVE.turned(99)), (5, 1));
    assert_eq!(Csat::new(Points::FIVE, 0), Err(E::BadTop { top: 0, points: Points::FIVE }));
    assert_eq!(Csat::new(Points::FIVE, 5), Err(E::BadTop { top: 5, points: Points::FIVE }));
    assert_eq!(tally(Csat::new(Points::FIVE, 4).unwrap(), &[1, 2].map(Given)).share(), Some(ratio("0.5")));
    let item = |text, points| likert(text, points, false);
    assert_eq!(Questionnaire::new(vec![]), Err(E::NoItem));
    let (a, b) = (item("a", Points::FIVE), item("b", Points::SEVEN));
    assert_eq!(Questionnaire::new(vec![a.clone(), a.clone()]), Err(E::SameName(name("a"))));
    assert_eq!(Questionnaire::new(vec![a.clone(), b]), Err(E::MixedPoints(Points::FIVE, Points::SEVEN)));
    for weights in [vec![], vec![0], vec![1, 1]] {
        assert_eq!(Questionnaire::weighted(vec![a.clone()], weights), Err(E::BadWeights));
    }
    let mut one = Responses::new(Questionnaire::new(vec![a.clone()]).unwrap());
    let two = Responses::new(Questionnaire::weighted(vec![a], vec![2]).unwrap());
    assert_eq!(one.merge(&two), Err(E::OtherQuestion));
    assert_eq!(one.push(&[]), Err(E::WrongLength { given: 0, items: 1 }));
    assert_eq!(one.push(&[Given(0)]), Err(E::OffScale { point: 0, points: Points::FIVE }));
    assert_eq!((one.mean(), one.turnout().asked()), (Ok(None), 0));
    assert_eq!(one.index(P95), Err(E::TooFew { answered: 0, least: 2 }));
}

#[test]
fn counts_stop_before_they_overflow() {
    let most = u64::MAX / 2;
    assert_eq!(Nps::new(most, 1, 0), Err(E::TooMany));
    assert_eq!(Nps::new(u64::MAX, u64::MAX, u64::MAX), Err(E::TooMany));
    let mut full = Nps::new(most, 0, 0).unwrap();
    assert_eq!((full.merge(&Nps::new(0, 0, 1).unwrap()), full.answered()), (Err(E::TooMany), most));
    assert_eq!((full.score(), full.variance()), (Some(ratio("100")), Some(Ratio::ZERO)));
    assert_eq!(Nps::new(most / 2, 0, most / 2).unwrap().variance(), Some(Ratio::ONE));
    let json = format!(r#"{{"question":"made-it-easy","counts":[{most},0,0,0,0,0,0]}}"#);
    let mut full: Tally<EffortQuestion> = serde_json::from_str(&json).unwrap();
    let before = full.clone();
    assert_eq!(
        (full.push(Given(1)), full.push(NoAnswer), full.merge(&before)),
        (Err(E::TooMany), Err(E::TooMany), Err(E::TooMany))
    );
    assert_eq!((full.mean(), &full), (Some(Ratio::ONE), &before));
    let item = r#"{"name":"a","points":{"low":-50,"high":50}}"#;
    let json = format!(
        r#"{{"questionnaire":{{"items":[{item},{}],"weights":[4294967295,1]}},"rows":[
            {{"answers":[{{"given":-50}},{{"given":50}}],"persons":{}}},{{"answers":[{{"given":49}},{{"given":3}}],"persons":{}}}]}}"#,
        item.replace("\"a\"", "\"b\""),
        most / 2,
        most / 2
    );
    let large: Responses = serde_json::from_str(&json).unwrap();
    assert_eq!(large.mean(), Err(E::TooMany)); // exactly; the estimate does without
    near(large.mean_measure(P95).unwrap().estimate.value(), -0.5, 1e-6);
    assert!(large.alpha(P95).is_ok());
}

/// Forty items with forty weights of which different ones do not apply to different persons: the fractions have no common denominator that
/// fits, and the order of persons still cannot be seen.
#[test]
fn many_weights_with_gaps_have_a_mean() {
    let items: Vec<_> = (0..40).map(|i| likert(&format!("item {i}"), Points::SEVEN, false)).collect();
    let of = Questionnaire::weighted(items, (0..40).map(|i| 1_000 + i * i * 37).collect()).unwrap();
    let mut dice = Dice(7);
    let answer = |dice: &mut Dice| if dice.below(3) == 0 { NotApplicable } else { Given(i8::try_from(dice.below(7)).unwrap() + 1) };
    let mut rows: Vec<Vec<_>> = (0..300).map(|_| (0..40).map(|_| answer(&mut dice)).collect()).collect();
    let one = responses(of.clone(), &rows);
    assert_eq!(one.mean(), Err(E::TooMany));
    let index = one.index(P95).unwrap();
    assert!(index.estimate.covers(50.0) && index.n == 300, "{index:?}");
    // The mean of persons' means, person by person.
    let single = |row: &Vec<Answer<i8>>| responses(of.clone(), core::slice::from_ref(row)).mean().unwrap().unwrap().to_f64();
    let mean = rows.iter().map(single).sum::<f64>() / 300.0;
    near(one.mean_measure(P95).unwrap().estimate.value(), mean, 1e-12);
    dice.shuffle(&mut rows);
    assert_eq!(responses(of.clone(), &rows).index(P95), Ok(index));
}

#[test]
fn what_cannot_be_built_cannot_be_read() {
    let csat = tally(Csat::new(Points::ZERO_TO_TEN, 2).unwrap(), &[Given(9), NotApplicable]);
    let json = serde_json::to_string(&csat).unwrap();
    assert_eq!(serde_json::from_str::<Tally<Csat>>(&json).unwrap(), csat);
    // Satisfaction on eleven points does not become a recommendation on the way.
    assert!(serde_json::from_str::<Tally<NpsQuestion>>(&json).is_err());
    for (good, bad) in [
        ("\"top\":2", "\"top\":11"),
        ("\"high\":10", "\"high\":11"),
        ("\"low\":0", "\"low\":10"),
        ("\"no_answer\":0", "\"no_answer\":9223372036854775807"),
        ("\"no_answer\":0", "\"no_answers\":0"),
        ("\"not_applicable\":1", "\"not_applicable\":-1"),
        ("[0,", "["),
    ] {
        let forged = json.replacen(good, bad, 1);
        assert!(forged != json && serde_json::from_str::<Tally<Csat>>(&forged).is_err(), "{forged}");
    }
    for nps in
        [r#"{"promoters":9223372036854775807,"passives":1,"detractors":0}"#, r#"{"promoters":0.5,"passives":1,"detractors":0}"#]
    {
        assert!(serde_json::from_str::<Nps>(nps).is_err());
    }
    let items = r#"{"items":[{"name":"a","points":{"low":1,"high":5}}]}"#;
    for (rows, good) in [
        (r#"[{"answers":[{"given":5}],"persons":2},{"answers":["not-applicable"],"persons":1}]"#, true),
        (r#"[{"answers":[{"given":6}],"persons":2}]"#, false),
        (r#"[{"answers":[],"persons":2}]"#, false),
        (r#"[{"answers":["no-answer"],"persons":0}]"#, false),
        (r#"[{"answers":["no-answer"],"persons":1},{"answers":["no-answer"],"persons":1}]"#, false),
        (r#"[{"answers":["no-answer"],"persons":9223372036854775808}]"#, false),
    ] {
        let read = serde_json::from_str::<Responses>(&format!(r#"{{"questionnaire":{items},"rows":{rows}}}"#));
        assert_eq!(read.is_ok(), good, "{rows}");
        if let Ok(read) = read {
            assert_eq!(serde_json::from_str::<Responses>(&serde_json::to_string(&read).unwrap()).unwrap(), read);
        }
    }
    for kano in [r#"{"counts":{"delightful":1}}"#, r#"{"counts":{"must-be":9223372036854775807,"reverse":1}}"#] {
        assert!(serde_json::from_str::<KanoTally>(kano).is_err());
    }
    let zero: KanoTally = serde_json::from_str(r#"{"counts":{"must-be":0}}"#).unwrap();
    assert_eq!(zero, KanoTally::new()); // one way to say nothing
}

fn answer(points: Points) -> impl Strategy<Value = Answer<i8>> {
    prop_oneof![6 => (points.low()..=points.high()).prop_map(Given), 1 => Just(NotApplicable), 1 => Just(NoAnswer)]
}

fn feeling() -> impl Strategy<Value = Answer<Feeling>> {
    prop_oneof![
        Just(Given(Like)),
        Just(Given(MustBe)),
        Just(Given(Neutral)),
        Just(Given(LiveWith)),
        Just(Given(Dislike)),
        Just(NotApplicable),
        Just(NoAnswer)
    ]
}

/// The whole, taken in one by one, and its parts, shuffled, cut and merged the other way round.
fn whole_and_parts<T: Clone, A: Clone>(
    empty: &T,
    all: &[A],
    seed: u64,
    push: impl Fn(&mut T, &A),
    merge: impl Fn(&mut T, &T),
) -> (T, T) {
    let (mut whole, mut left, mut right) = (empty.clone(), empty.clone(), empty.clone());
    for a in all {
        push(&mut whole, a);
    }
    let mut shuffled = all.to_vec();
    Dice(seed).shuffle(&mut shuffled);
    let (head, tail) = shuffled.split_at(shuffled.len() / 3);
    for a in head {
        push(&mut left, a);
    }
    for a in tail {
        push(&mut right, a);
    }
    merge(&mut right, &left);
    merge(&mut right, empty);
    (whole, right)
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn tallies_do_not_see_order_or_splitting(
        scores in vec(answer(Points::ZERO_TO_TEN), 0..40), kano in vec((feeling(), feeling()), 0..40),
        rows in vec(vec(answer(Points::FIVE), 3), 0..30), service in vec(vec((answer(Points::SEVEN), answer(Points::SEVEN)), 5), 0..20),
        steps in vec(vec(answer(Points::BIPOLAR), 2), 0..20), seed in any::<u64>(),
    ) {
        let (one, other) = whole_and_parts(&Tally::new(NpsQuestion::WouldRecommend), &scores, seed, |t, &a| t.push(a).unwrap(), |t, u| t.merge(u).unwrap());
        prop_assert_eq!(&one, &other);
        let mut summed = Nps::default();
        for part in scores.chunks(7) {
            summed.merge(&tally(NpsQuestion::WouldRecommend, part).nps()).unwrap();
        }
        prop_assert_eq!(one.nps(), summed);
        let (one, other) = whole_and_parts(&KanoTally::new(), &kano, seed, |t, &(f, d)| t.push(f, d).unwrap(), |t, u| t.merge(u).unwrap());
        prop_assert_eq!(one, other);
        let items = vec![likert("a", Points::FIVE, false), likert("b", Points::FIVE, true), likert("c", Points::FIVE, false)];
        let empty = Responses::new(Questionnaire::weighted(items, vec![3, 1, 2]).unwrap());
        let (one, other) = whole_and_parts(&empty, &rows, seed, |t, row| t.push(row).unwrap(), |t, u| t.merge(u).unwrap());
        prop_assert_eq!(&one, &other);
        prop_assert_eq!(one.index(P95), other.index(P95));
        prop_assert_eq!(one.alpha(P95), other.alpha(P95));
        let empty = ServiceGaps::new(Servqual::new(Points::SEVEN, ServiceDimension::ALL.to_vec(), [20; 5]).unwrap());
        let push = |t: &mut ServiceGaps, row: &Vec<(Answer<i8>, Answer<i8>)>| {
            let row: Vec<_> = row.iter().map(|&(expected, perceived)| Rated { expected, perceived }).collect();
            t.push(&row).unwrap();
        };
        let (one, other) = whole_and_parts(&empty, &service, seed, push, |t, u| t.merge(u).unwrap());
        prop_assert_eq!(&one, &other);
        prop_assert_eq!(one.overall(P95), other.overall(P95));
        prop_assert_eq!(serde_json::from_str::<ServiceGaps>(&serde_json::to_string(&one).unwrap()).unwrap(), one);
        let (one, other) = whole_and_parts(&pairs(), &steps, seed, |t, row| t.push(row).unwrap(), |t, u| t.merge(u).unwrap());
        prop_assert_eq!(&one, &other);
        prop_assert_eq!(serde_json::from_str::<SemanticDifferential>(&serde_json::to_string(&one).unwrap()).unwrap(), one);
    }

    /// An item declared reversed and answered the other way round changes nothing that is measured.
    #[test]
    fn reversed_items_read_the_same(rows in vec(vec(answer(Points::SEVEN), 3), 0..30), turned in vec(any::<bool>(), 3)) {
        let of = |reversed: &[bool]| {
            let items = reversed.iter().zip(["a", "b", "c"]).map(|(&r, text)| likert(text, Points::SEVEN, r)).collect();
            Questionnaire::weighted(items, vec![5, 2, 1]).unwrap()
        };
        let turn = |(answer, turned): (&Answer<i8>, &bool)| match answer {
            Given(point) if *turned => Given(8 - point),
            other => *other,
        };
        let other: Vec<Vec<_>> = rows.iter().map(|row| row.iter().zip(&turned).map(turn).collect()).collect();
        let (straight, reversed) = (responses(of(&[false; 3]), &rows), responses(of(&turned), &other));
        prop_assert_eq!(straight.index(P95), reversed.index(P95));
        prop_assert_eq!(straight.alpha(P95), reversed.alpha(P95));
        for item in 0..3 {
            prop_assert_eq!(straight.item(item).unwrap().mean(), reversed.item(item).unwrap().mean());
        }
    }

    #[test]
    fn measures_stay_in_bounds_and_never_shrink_to_a_point(
        (p, m, d) in (0_u64..50, 0_u64..50, 0_u64..50), rows in vec(vec(answer(Points::TEN), 2), 0..12), wide in any::<bool>(),
    ) {
        let confidence = if wide { Confidence::P99 } else { Confidence::P90 };
        let (nps, turned) = (Nps::new(p, m, d).unwrap(), Nps::new(d, m, p).unwrap());
        if p + m + d > 0 {
            let (e, t) = (nps.estimate(confidence).unwrap(), turned.estimate(confidence).unwrap());
            prop_assert!(-100.0 <= e.low() && e.low() < e.value() && e.value() < e.high() && e.high() <= 100.0);
            // Fewer answers than five say too little for the score itself, which may be the end of the scale, to be believed at 90 %.
            prop_assert!(p + m + d < 5 || e.covers(nps.score().unwrap().to_f64()), "{:?} {:?}", nps, e);
            prop_assert!((e.low() + t.high()).abs() < 1e-9 && (e.value() + t.value()).abs() < 1e-9);
        }
        let items = ["a", "b"].map(|text| likert(text, Points::TEN, false)).to_vec();
        let all = responses(Questionnaire::new(items).unwrap(), &rows);
        let turnout = all.turnout();
        prop_assert_eq!(turnout.asked(), u64::try_from(rows.len()).unwrap());
        match all.index(confidence) {
            Ok(index) => {
                let e = index.estimate;
                prop_assert!(0.0 <= e.low() && e.low() < e.high() && e.high() <= 100.0);
                prop_assert_eq!(index.n, turnout.answered());
            }
            Err(E::TooFew { answered, .. }) => prop_assert!(answered < 2 && answered == turnout.answered()),
            Err(error) => prop_assert_eq!(error, E::NoVariation { answered: turnout.answered() }),
        }
        if let Ok(alpha) = all.alpha(confidence) {
            prop_assert!(alpha.estimate.high() < 1.0 && alpha.estimate.low() < alpha.estimate.high());
        }
    }

    #[test]
    fn delivered_value_adds_up(weights in vec(1_u32..1000, 16), one in vec(0_i8..=10, 16), other in vec(0_i8..=10, 16), raised in 0_usize..16) {
        let (a, b) = (judged(&weights, &one), judged(&weights, &other));
        let (ab, ba) = (a.compare(&b).unwrap(), b.compare(&a).unwrap());
        let sum = Ratio::sum(ab.components.iter().map(|c| c.advantage.unwrap().points())).unwrap();
        prop_assert_eq!(ab.net.points(), sum);
        prop_assert_eq!(Ratio::sum([sum, ba.net.points()]).unwrap(), Ratio::ZERO);
        prop_assert_eq!(Ratio::sum([b.net().points(), sum]).unwrap(), a.net().points());
        let tenfold: Vec<u32> = weights.iter().map(|w| w * 10).collect();
        prop_assert_eq!(judged(&tenfold, &one).net(), a.net());
        // One point more of value, or of cost.
        let mut more = one.clone();
        more[raised] += 1;
        if more[raised] <= 10 {
            let higher = judged(&weights, &more).net();
            prop_assert_eq!(ALL[raised].side() == Side::Value, higher > a.net());
            prop_assert!(higher != a.net());
        }
    }
}
