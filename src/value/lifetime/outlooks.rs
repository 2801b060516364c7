//! The same question about many customers.

use super::{Discount, LifetimeError, PurchaseModel, Summary, course::Course, living::Living, memo::Memo, outlook::Ready};

/// The [`Outlook`](super::Outlook)s of many customers, one question at a time: the same numbers to the last bit, at a fraction of the
/// time. What is expected of a customer who is still one depends on little, most often on `x` and `T` alone, and is worked out once for
/// all who have it in common.
///
/// Answers come in the order of the customers, one at a time; the customers are taken 256 at a time, so that some can be looked at side by
/// side, and nothing but what all have in common is kept. They may be in any order. Parts of a base that are asked on different threads give
/// the same answers.
///
/// ```
/// use customer_value::{NaiveDate, calendar::day_number, customer::{OrderColumns, ReturnPolicy}, money::Currency,
///     value::{RepeatColumns, lifetime::{PurchaseModel, Summary, TimeUnit}}};
///
/// let (customer, day, cents) = ([1, 2, 1, 1, 2], [9900, 9901, 9950, 9970, 10_080], [29_33, 5_00, 29_73, 14_96, 6_00]);
/// let orders = OrderColumns::new(&customer, &day, &cents, Currency::USD)?;
/// let repeat = RepeatColumns::collect(&orders, "1997-09-30".parse()?, ReturnPolicy::STRICT)?;
/// let customers = repeat.iter().map(|r| Summary::try_from(&r)).collect::<Result<Vec<Summary>, _>>()?;
///
/// let model = PurchaseModel::bg_nbd([0.243, 4.414, 0.793, 2.426], TimeUnit::WEEK)?;
/// let alive: Vec<f64> = model.outlooks(customers.iter().copied()).alive().collect();
/// let year: Vec<f64> = model.outlooks(customers.iter().copied()).purchases(365).collect();
/// assert_eq!((alive[0], year[1]), (model.outlook(customers[0]).alive(), model.outlook(customers[1]).purchases(365)));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc(alias = "batch")]
#[derive(Clone, Debug)]
pub struct Outlooks<I> {
    model: PurchaseModel,
    customers: I,
}

impl PurchaseModel {
    /// What is expected of many customers after the observation: to each, what [`outlook`](PurchaseModel::outlook) says.
    pub fn outlooks<I: IntoIterator<Item = Summary>>(&self, customers: I) -> Outlooks<I::IntoIter> {
        Outlooks { model: *self, customers: customers.into_iter() }
    }
}

impl<I: Iterator<Item = Summary>> Outlooks<I> {
    /// Each customer's [`alive`](super::Outlook::alive).
    pub fn alive(self) -> impl Iterator<Item = f64> {
        Living::new(Ready::of(&self.model), self.customers.map(|customer| (customer, ()))).map(|(_, (), alive)| alive)
    }

    /// Each customer's [`purchases`](super::Outlook::purchases) in so many days.
    pub fn purchases(self, days: u32) -> impl Iterator<Item = f64> {
        let customers = self.customers.map(|customer| (customer, ()));
        expected(Ready::of(&self.model), customers, move |course| course.purchases(days.into())).map(|((), purchases)| purchases)
    }

    /// Each customer's [`discounted`](super::Outlook::discounted) purchases.
    ///
    /// # Errors
    /// As there, before any customer is looked at.
    pub fn discounted(self, discount: &Discount) -> Result<impl Iterator<Item = f64> + use<I>, LifetimeError> {
        let discounting = discount.ready()?;
        let customers = self.customers.map(|customer| (customer, ()));
        Ok(expected(Ready::of(&self.model), customers, move |course| discounting.of(course)).map(|((), purchases)| purchases))
    }
}

/// What each customer is expected to do, beside what is carried with them, if it is said for one who is still alive.
pub(super) fn expected<T: Copy>(
    model: Ready,
    customers: impl Iterator<Item = (Summary, T)>,
    of: impl Fn(&dyn Course) -> f64,
) -> impl Iterator<Item = (T, f64)> {
    let mut known = Memo::new();
    Living::new(model, customers).map(move |(customer, carried, alive)| {
        (carried, alive * known.get(model.matters(customer), || of(model.future(customer).course())))
    })
}
