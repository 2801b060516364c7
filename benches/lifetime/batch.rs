//! Predictions for a million customers, in one go and one by one.

use crate::{splitmix, timed};
use customer_value::{
    money::{Currency, Money, Ratio, Rounding},
    value::lifetime::{Discount, GammaGamma, PurchaseCounts, PurchaseModel, SpendBasis, Spent, Summary, ValueTerms},
};
use std::{fs, hint::black_box};

pub struct Base {
    name: &'static str,
    summaries: Vec<Summary>,
    spent: Vec<Spent>,
}

impl Base {
    /// Customers of a model, won evenly over the last two years, who spend up to 100 dollars a purchase.
    pub fn simulated(customers: u32, model: &PurchaseModel) -> Base {
        let mut state = 20_240_608_u64;
        let one = |at| {
            let days = at % 730;
            let summary = model.simulate(days, &mut || splitmix(&mut state)).unwrap().summary(days).unwrap();
            (summary, spent(summary, splitmix(&mut state)))
        };
        let (summaries, spent) = (0..customers).map(one).unzip();
        Base { name: "simulated", summaries, spent }
    }

    /// No two of them have the same x, `t_x` and T.
    pub fn all_different(customers: u32) -> Base {
        let mut state = 20_240_609_u64;
        let one = |at| {
            let (t, rest) = (365 + at % 365, at / 365);
            let summary = Summary::new(1 + rest % 40, 40 + rest / 40, t).unwrap();
            (summary, spent(summary, splitmix(&mut state)))
        };
        let (summaries, spent) = (0..customers).map(one).unzip();
        Base { name: "all different", summaries, spent }
    }

    fn summaries(&self) -> impl ExactSizeIterator<Item = Summary> {
        self.summaries.iter().copied()
    }

    fn both(&self) -> impl ExactSizeIterator<Item = (Summary, Spent)> {
        self.summaries().zip(self.spent.iter().copied())
    }

    /// Columns that other libraries can read: x, `t_x` and T in days, what repeat purchases come to in cents; little-endian.
    pub fn save(&self, prefix: &str) {
        let column = |name: &str, of: &dyn Fn((Summary, Spent)) -> i64| {
            let bytes: Vec<u8> = self.both().flat_map(|c| of(c).to_le_bytes()).collect();
            fs::write(format!("{prefix}.{name}.bin"), bytes).unwrap();
        };
        column("x", &|(s, _)| s.x().into());
        column("t_x", &|(s, _)| s.t_x_days().into());
        column("t", &|(s, _)| s.t_days().into());
        column("cents", &|(_, spent)| spent.total().minor());
    }

    /// Times each question, and holds every answer against the one given to the customer alone.
    pub fn report(&self, name: &str, model: &PurchaseModel, spending: &GammaGamma, discount: Discount, runs: usize) {
        let mut counts = PurchaseCounts::new();
        self.summaries().for_each(|summary| counts.push(summary, 1).unwrap());
        println!("{name}, {} {} customers, {} different x, t_x, T", counts.customers(), self.name, counts.len());
        let terms = ValueTerms::new(discount, Ratio::ONE, SpendBasis::RepeatOnly).unwrap();
        let each = |what: &str, together: &dyn Fn() -> Vec<f64>, alone: &dyn Fn(Summary) -> f64| {
            let found = timed(what, runs, || black_box(together()), self.summaries.len());
            let same = found.iter().zip(self.summaries()).all(|(found, s)| found.to_bits() == alone(s).to_bits());
            assert!(same && found.len() == self.summaries.len(), "{what}");
        };
        each("all: alive", &|| model.outlooks(self.summaries()).alive().collect(), &|s| model.outlook(s).alive());
        each("all: purchases in a year", &|| model.outlooks(self.summaries()).purchases(365).collect(), &|s| {
            model.outlook(s).purchases(365)
        });
        let found = timed(
            "all: value of a year in money",
            runs,
            || {
                let values = terms.residuals(model, spending, self.both()).unwrap();
                values.map(|value| value.unwrap().in_money(Rounding::HalfEven).unwrap()).collect::<Vec<Money>>()
            },
            self.summaries.len(),
        );
        let alone = |(summary, spent)| terms.residual(model, spending, summary, spent).unwrap();
        let same = found.iter().zip(self.both()).all(|(found, c)| *found == alone(c).in_money(Rounding::HalfEven).unwrap());
        assert!(same && found.len() == self.summaries.len(), "values");
        println!("  together {} cents", found.iter().map(|money| i128::from(money.minor())).sum::<i128>());
    }
}

fn spent(summary: Summary, random: u64) -> Spent {
    let cents = i64::from(summary.x()) * i64::try_from(500 + random % 9_500).unwrap();
    Spent::new(SpendBasis::RepeatOnly, summary.x(), Money::from_minor(cents, Currency::USD))
}
