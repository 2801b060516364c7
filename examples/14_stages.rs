//! Where is every customer of the shop, and where will they be next year?
//!
//! A wholesaler's orders, looked at every quarter: stages, moves, a projection. Run it with `cargo run --example 14_stages`.
#![allow(clippy::print_stdout, clippy::std_instead_of_core)] // an example is a program: it has std, and it prints

use customer_value::NaiveDate;
use customer_value::calendar::{Period, Window};
use customer_value::customer::{CustomerBase, Record, ReturnPolicy};
use customer_value::lifecycle::journey::Breakdown;
use customer_value::lifecycle::stage::{Evidence, LifeCycle, Phase, StageModel, Standard, Transitions};
use customer_value::money::{Currency, Money, Rounding};
use customer_value::quantity::Name;
use customer_value::reason::Language;
use customer_value::tier::membership::Confirmation;
use customer_value::value::markov::Horizon;
use flate2::read::GzDecoder;
use std::error::Error;

const DAYS: [&str; 5] = ["2010-12-09", "2011-03-09", "2011-06-09", "2011-09-09", "2011-12-09"];
const ORDERS: &[u8] = include_bytes!("data/online_retail_ii_invoices.csv.gz");
const ROUNDING: Rounding = Rounding::HalfEven;

fn main() -> Result<(), Box<dyn Error>> {
    let evidence = Evidence::new(Window::Days(180), 180, Currency::GBP)?;
    let trend = Confirmation { decisions: 2, days: 90 }; // two quarters in a row; the bounds are this example's own
    let bounds = Standard { new_days: 90, fall: "0.75".parse()?, rise: "1.25".parse()?, trend };
    let model = StageModel::standard(Name::new("wholesale")?, evidence, &bounds)?;
    let (year, base) = (Period::new("2010-12-10".parse()?, "2011-12-10".parse()?)?, orders()?);

    let mut table = Transitions::new(&model);
    let (mut views, mut spends) = (Breakdown::new(Currency::GBP), Breakdown::new(Currency::GBP));
    for (key, history) in base.iter() {
        let mut life: Option<LifeCycle> = None;
        for day in DAYS.map(str::parse::<NaiveDate>) {
            let purchases = history.as_of(day?, ReturnPolicy::LATEST_FIRST)?;
            if life.is_none() && purchases.count() == 0 {
                continue; // the file knows no prospects
            }
            let seen = model.observe(&purchases)?;
            let (next, step) = model.advance(life.as_ref(), &seen)?;
            if [12346, 12347].contains(key) {
                println!("{key}  {}", step.explain(Language::English));
            }
            if *key == 12347 && step.on.to_string() == DAYS[4] {
                seen.verify()?; // the reasons lead to the stage,
                model.replay(&seen)?; // and the model decides so again
                let says = |line: &&str| line.contains("purchase trend is") && !line.contains("does not apply");
                seen.explain(Language::English).lines().filter(says).for_each(|line| println!("       {line}"));
            }
            life = Some(next);
        }
        let Some(life) = life else { continue };
        table.push(year, &life)?;
        let (_, spent) = history.as_of(life.observed(), ReturnPolicy::LATEST_FIRST)?.within(year);
        views.push(life.kind().phase(), spent)?;
        spends.push(life.stage().clone(), spent)?;
    }

    let moves = table.moves(year).ok_or("the year was counted")?;
    println!("\nFrom 2010-12-09 (down) to 2011-12-09 (across):");
    let names: Vec<&Name> = moves.stages().iter().filter(|stage| spends.share_of_customers(stage).part() > 0).collect();
    let wide = |cells: Vec<String>| cells.iter().fold(String::new(), |line, cell| format!("{line}{cell:>11}"));
    let row = |text: &str, cells| println!("{text:<10}{}", wide(cells));
    row("", names.iter().map(ToString::to_string).collect());
    for before in &names {
        row(before, names.iter().map(|after| moves.count(before, after).to_string()).collect());
    }
    row("newcomers", names.iter().map(|after| moves.entered(after).to_string()).collect());

    // Nobody was a prospect or closed, so the moves do not say what becomes of them: they stay.
    let [prospect, closed] = [Name::new("prospect")?, Name::new("closed")?];
    let chain = moves.chain(&[moves.staying(&prospect)?, moves.staying(&closed)?])?;
    let later = chain.project(&moves.at_end(), 1, 0, ROUNDING)?;
    let mean = |stage| spends.mean(stage, ROUNDING).unwrap_or(Money::zero(Currency::GBP));
    let rewards: Vec<Money> = moves.stages().iter().map(mean).collect();
    let worth = chain.value(&rewards, "0.1".parse()?, Horizon::Periods(3))?;
    println!("\nstage       now  in a year*  spent this year, each  and with three years more, at 10 %");
    let stages = moves.stages().iter().zip(moves.at_end()).zip(later.iter().zip(&rewards));
    for ((name, now), (later, spent)) in stages.filter(|(stage, _)| stage.1 > 0) {
        println!("{name:<10}{now:>5}  {later:>10}  {:>21}  {:>34}", spent.amount(), worth.of(name, ROUNDING)?.amount());
    }
    println!("* of these customers; newcomers not counted\n");
    for phase in [Phase::Acquire, Phase::Develop, Phase::Retain, Phase::Regain] {
        let value = views.share_of_value(&phase).ok_or("nothing was spent")?.to_decimal(2, ROUNDING)?;
        println!("to {phase}: {} customers, {value} of what was spent", views.share_of_customers(&phase));
    }
    Ok(())
}

fn orders() -> Result<CustomerBase<u32>, Box<dyn Error>> {
    let mut base = CustomerBase::new(Currency::GBP);
    for row in csv::Reader::from_reader(GzDecoder::new(ORDERS)).deserialize() {
        let (customer, invoice, on, _, back, pence): (u32, String, NaiveDate, u32, bool, i64) = row?;
        let amount = Money::from_minor(pence.abs(), Currency::GBP);
        let record = if back { Record::returned(on, amount) } else { Record::sale(on, amount) };
        base.push(customer, record.with_id(&invoice)?)?;
    }
    Ok(base)
}
