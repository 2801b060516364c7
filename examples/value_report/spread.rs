//! How unevenly the sales are spread over the customers.

use crate::population::Population;
use anyhow::Result;
use customer_value::{
    money::Ratio,
    value::{AbcClass, Concentration, ConcentrationError, LorenzPoint},
};

/// The best so many of a hundred customers whose share is told.
const BEST: [i128; 4] = [1, 5, 10, 20];

/// The spread of what is left of all purchases.
#[derive(Debug)]
pub(crate) struct Spread {
    pub(crate) customers: usize,
    pub(crate) gini: Ratio,
    /// The best share of the customers, and the share of the sales that they hold.
    pub(crate) top: Vec<(Ratio, Ratio)>,
    /// A, B and C: up to 80 %, up to 95 %, the rest.
    pub(crate) abc: Vec<AbcClass>,
    pub(crate) lorenz: Vec<LorenzPoint>,
}

impl Spread {
    /// `None` if nothing is left of any purchase: then there is nothing to have a share of.
    pub(crate) fn of(population: &Population) -> Result<Option<Spread>> {
        let sales = match Concentration::of(&population.net()) {
            Ok(sales) => sales,
            Err(ConcentrationError::NothingToShare) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let percent = |n| Ratio::new(n, 100);
        let top = |n| Ok((percent(n)?, sales.top_share(percent(n)?)?));
        Ok(Some(Spread {
            customers: sales.customers(),
            gini: sales.gini(),
            top: BEST.into_iter().map(top).collect::<Result<_>>()?,
            abc: sales.abc(&[percent(80)?, percent(95)?])?,
            lorenz: sales.lorenz(100),
        }))
    }
}
