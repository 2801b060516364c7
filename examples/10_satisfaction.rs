//! How do customers see us: are they satisfied, would they recommend us, and which of two offers do they value more?
//!
//! From raw answers to measures with intervals. All answers are invented for this example. Run it with
//! `cargo run --example 10_satisfaction`.
#![allow(clippy::print_stdout, clippy::std_instead_of_core)] // an example is a program: it has std, and it prints

use customer_value::money::Currency;
use customer_value::quantity::{Confidence, Name};
use customer_value::value::perceived::Component::{Delivery, Energy, Function, Image, Money, Personnel, Quality, Time};
use customer_value::value::perceived::{Answer, Csat, Likert, Measure, NpsQuestion, Part, Perceived, Points};
use customer_value::value::perceived::{Questionnaire, Responses, Tally, ValueModel};
use customer_value::value::{Exchange, Gains, TwoSides};
use std::error::Error;

const P95: Confidence = Confidence::P95;

/// Twelve customers: satisfied 1 to 5, recommend 0 to 10, then "prompt", "had to wait" and "kept their word" 1 to 5.
/// A dash: it does not apply; a dot: left blank.
const SURVEY: &str = "5 10 5 1 5; 4 9 4 2 4; 4 8 4 2 5; 5 10 5 1 5; 2 4 2 4 3; 4 9 4 1 4;
    3 7 3 3 .; 5 9 5 2 5; 4 8 - - 4; - 9 4 2 4; 1 2 1 5 2; 4 . 4 3 4";

/// What each of the five paid us last year, and what serving them cost.
const BOOKS: [(&str, &str); 5] =
    [("900 EUR", "700 EUR"), ("400 EUR", "380 EUR"), ("350 EUR", "420 EUR"), ("150 EUR", "90 EUR"), ("800 EUR", "560 EUR")];

/// Five customers on our offer and on another: function, quality, delivery, personnel, image; money, time, energy.
const OFFERS: &str = "8 8 7 9 6 7 3 4 / 8 7 6 5 7 5 5 6; 7 9 8 8 6 8 2 3 / 7 7 7 6 7 6 4 5; 9 8 6 9 5 6 4 4 / 8 8 8 6 6 5 3 5;
    6 7 - 7 6 7 3 4 / 7 7 - 5 7 5 6 6; 8 8 9 8 7 8 2 2 / 6 6 5 5 6 6 5 7";

fn main() -> Result<(), Box<dyn Error>> {
    // 1. One question, one tally; what may be computed depends on the question.
    let (mut csat, mut recommend) = (Tally::new(Csat::FIVE_TOP_TWO), Tally::new(NpsQuestion::WouldRecommend));
    let item = |name, reversed| Ok::<_, Box<dyn Error>>(Likert { name: Name::new(name)?, points: Points::FIVE, reversed });
    let items = vec![item("prompt", false)?, item("had to wait", true)?, item("kept their word", false)?];
    let mut service = Responses::new(Questionnaire::weighted(items, vec![3, 2, 5])?);
    for row in SURVEY.split(';') {
        let row = answers(row)?;
        csat.push(row[0])?;
        recommend.push(row[1])?;
        service.push(&row[2..])?;
    }
    println!("measure          value    95 % interval      n  what became of the question");
    print("satisfied, %", 100.0, csat.satisfied(P95)?);
    print("promoters, net", 1.0, recommend.nps_measure(P95)?);
    print("service index", 1.0, service.index(P95)?);
    let (alpha, score) = (service.alpha(P95)?, recommend.nps().score().ok_or("nobody answered")?.to_f64());
    let e = alpha.estimate;
    println!("alpha            {:>5.2}  {:>6.2} to {:<6.2}  {:>5}  all items answered", e.value(), e.low(), e.high(), alpha.n);
    println!("\nPromoters less detractors were {score:.2}. For so few the interval is adjusted: its middle is drawn towards zero.");

    // 2. Delivered value: what is got against what is given, in the eyes of each customer. Worry is left out, by name.
    let asked = [(Function, 15), (Quality, 15), (Delivery, 10), (Personnel, 5), (Image, 5), (Money, 30), (Time, 12), (Energy, 8)];
    let model = ValueModel::new(Points::ZERO_TO_TEN, asked, [Part::Psychic])?;
    let judge = |row| Ok::<_, Box<dyn Error>>(model.judge(asked.iter().map(|(c, _)| *c).zip(answers(row)?))?);
    println!("\ncustomer  ours: value  cost   net  ratio  theirs: net  advantage");
    let (mut advantages, mut sides) = (Vec::new(), TwoSides::new(Currency::EUR));
    for ((customer, offers), (paid, spent)) in (1..).zip(OFFERS.split(';')).zip(BOOKS) {
        let (ours, theirs) = offers.split_once('/').ok_or("one offer is missing")?;
        let (ours, theirs) = (judge(ours)?, judge(theirs)?);
        let compared = ours.compare(&theirs)?;
        let [value, cost, net, other] = [ours.total_value(), ours.total_cost(), ours.net(), theirs.net()];
        let ratio = ours.ratio().ok_or("it costs nothing")?.to_f64();
        println!("{customer:>8}  {value:>11}  {cost:>4}  {net:>4}  {ratio:>5.2}  {other:>11}  {:>9}", compared.net);
        if customer == 1 {
            let parts = compared.components.iter().filter_map(|c| Some(format!("{} {}", c.component, c.advantage?)));
            println!("          of which {}", parts.collect::<Vec<_>>().join(", "));
        }
        advantages.push(compared.net);
        sides.push(&ours, &Exchange::new(paid.parse()?, spent.parse()?)?)?;
    }
    println!();
    print("mean advantage", 1.0, Perceived::mean(advantages, P95)?);

    // 3. Both sides of value, beside each other: points in the eyes of customers, money in our books.
    print("value created", 1.0, sides.created(P95)?);
    println!("value captured   {}", sides.captured());
    println!("both gain with {} of 5, only the customer with {}", sides.customers(Gains::Both), sides.customers(Gains::Customer));
    Ok(())
}

fn answers(row: &str) -> Result<Vec<Answer<i8>>, Box<dyn Error>> {
    let answer = |text: &str| match text {
        "-" => Ok(Answer::NotApplicable),
        "." => Ok(Answer::NoAnswer),
        point => Ok(Answer::Given(point.parse()?)),
    };
    row.split_whitespace().map(answer).collect()
}

fn print(what: &str, times: f64, measure: Measure) {
    let [value, low, high] = [measure.estimate.value(), measure.estimate.low(), measure.estimate.high()].map(|x| x * times);
    println!("{what:<15}  {value:>5.2}  {low:>6.2} to {high:<6.2}  {:>5}  {}", measure.n, measure.turnout);
}
