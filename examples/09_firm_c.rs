//! Which customers of an electronics firm get close, one-stop service, when few of them bring most of the profit?
//!
//! Firm C of the source article grades by market share in cities of the second tier and above, ranks customers in South, East and North
//! China high, looks at sales too, and serves its key customers closely. The figures are this example's own. `cargo run --example 09_firm_c`
#![allow(clippy::print_stdout, clippy::std_instead_of_core)] // an example is a program: it has std, and it prints

use customer_value::money::{Currency, Money};
use customer_value::quantity::{Column, Fact, Name, NameError, Predicate, Quantity, Ties, Unit};
use customer_value::reason::Language;
use customer_value::score::Cutpoints;
use customer_value::tier::treatment::{Action, Lever, Playbook, Treatment};
use customer_value::tier::{Axis, Effect, GradeModel, GradeSet, Grid, Rule, lint::LintPolicy};
use customer_value::value::{Concentration, Dimension, Direction::HigherIsBetter, FactSheet, Family};
use std::error::Error;

/// Customer, region, market share in percent if it is known, sales and profit in thousands of yuan.
const CUSTOMERS: [(&str, &str, Option<u32>, i64, i64); 16] = [
    ("c01", "华南", Some(22), 9_800, 2_450),
    ("c02", "华东", Some(18), 8_100, 1_900),
    ("c03", "华北", Some(16), 6_400, 1_350),
    ("c04", "华东", None, 5_200, 240),
    ("c05", "西南", Some(15), 4_999, 170),
    ("c06", "华南", Some(3), 700, 110),
    ("c07", "东北", Some(8), 2_300, 105),
    ("c08", "西北", Some(4), 1_900, 90),
    ("c09", "华中", Some(6), 800, 85),
    ("c10", "西南", Some(2), 1_100, 70),
    ("c11", "华中", Some(2), 640, 60),
    ("c12", "东北", Some(1), 510, 45),
    ("c13", "西北", Some(1), 420, 40),
    ("c14", "西南", Some(3), 380, 30),
    ("c15", "华中", Some(2), 260, 20),
    ("c16", "东北", Some(1), 90, 5),
];

fn main() -> Result<(), Box<dyn Error>> {
    let profit: Vec<i64> = CUSTOMERS.iter().map(|c| c.4 * 1_000_00).collect();
    let best = Concentration::of(&Column::money(&profit, Currency::CNY))?.abc(&["0.8".parse()?])?[0];
    println!("{} of {} customers bring {:.1} % of the profit.\n", best.customers, CUSTOMERS.len(), best.share.to_f64() * 100.0);

    let (model, playbook) = firm_c()?;
    let as_of = "2011-12-31".parse()?;
    let mut decisions = Vec::new();
    println!("customer  region  share in %  sales, 1000 CNY  grade   treatment");
    for (customer, region, share, sales, _) in CUSTOMERS {
        let known = share.map_or(Fact::Unknown, |share| Quantity::number(share.into()).into());
        let money = Money::from_minor(sales * 1_000_00, Currency::CNY);
        let facts = FactSheet::new().with("region", Name::new(region)?)?.with("sales", money)?.with("share in %", known)?;
        let bounds = model.bounds(&facts, as_of)?;
        let (grade, treatment) = match bounds.certain() {
            Some(grade) => (grade.to_string(), playbook.treatment(grade, None)?.name.as_str()),
            None => (format!("{} to {}", bounds.worst.value, bounds.best.value), "ask for the share first"),
        };
        let share = share.map_or("?".into(), |s| s.to_string());
        println!("{customer:<8}  {region}    {share:>10}  {sales:>15}  {grade:<6}  {treatment}");
        decisions.extend(model.grade(&facts, as_of).ok());
    }
    let lifted = decisions.iter().find(|d| d.before_rules() != Some(d.value.name())).ok_or("nobody is lifted")?;
    println!("\nA customer lifted by the region:");
    lifted.explain(Language::English).lines().for_each(|line| println!("  {line}"));

    let known = CUSTOMERS.iter().filter_map(|c| Some((i64::from(c.2?), c.3 * 1_000_00)));
    let (shares, sales): (Vec<i64>, Vec<i64>) = known.unzip();
    let share = Column { values: &shares, places: 0, unit: Unit::Number };
    let column = |of: &Name| Some(if *of == "share in %" { share } else { Column::money(&sales, Currency::CNY) });
    let policy = LintPolicy::default();
    println!("\nWhat is suspicious about the model:");
    for lint in [policy.of_model(&model), policy.of_columns(&model, column)?, policy.of_decisions(&model, &decisions)?].concat() {
        println!("  {:?}: {}\n    {}", lint.severity(), lint.text(Language::English), lint.text(Language::Chinese));
    }
    Ok(())
}

fn firm_c() -> Result<(GradeModel, Playbook), Box<dyn Error>> {
    let share = Dimension::new("share in %", Family::Economic, HigherIsBetter, Unit::Number)?;
    let sales = Dimension::new("sales", Family::Economic, HigherIsBetter, Unit::Money(Currency::CNY))?;
    let axis = |of: &Dimension, cuts: [i64; 2]| -> Result<Axis, Box<dyn Error>> {
        Ok(Axis { of: of.name.clone(), cutpoints: Cutpoints::new(cuts.map(Into::into).to_vec(), Ties::ToUpper)? })
    };
    let axes = vec![axis(&share, [5, 15])?, axis(&sales, [1_000_000, 5_000_000])?];
    let cells = "C C B  C B B  B B A".split_whitespace().map(Name::new).collect::<Result<_, NameError>>()?;
    let names = ["华南", "华东", "华北"].map(Name::new).into_iter().collect::<Result<_, _>>()?;
    let coast = Rule {
        name: Name::new("coast")?,
        when: Predicate::OneOf { of: Name::new("region")?, names },
        then: Effect::AtLeast(Name::new("B")?),
        because: Name::new("customers in South, East and North China rank high")?,
    };
    let grid = Grid::new(GradeSet::abc()?, axes, cells)?;
    let serve = |what| Ok::<_, NameError>(vec![Action { lever: Lever::Service, what: Name::new(what)? }]);
    let treat = |grade, name, what| Ok::<_, NameError>((Name::new(grade)?, Treatment::new(Name::new(name)?, serve(what)?)));
    let pages = vec![
        treat("A", "close, one-stop service", "a team at the customer's site; one contact for everything")?,
        treat("B", "regular visits", "a visit every quarter; delivery dates are kept")?,
        treat("C", "standard", "order desk and catalogue")?,
    ];
    let playbook = Playbook::new(Name::new("firm C")?, pages)?;
    Ok((GradeModel::new(Name::new("firm C")?, vec![share, sales], vec![], grid, vec![coast])?, playbook))
}
