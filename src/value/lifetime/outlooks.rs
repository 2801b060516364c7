//! The same question about many customers.

use super::{Discount, LifetimeError, PurchaseModel, Summary, course::Course, memo::Memo, outlook::Ready};

/// The [`Outlook`](super::Outlook)s of many customers, one question at a time: the same numbers to the last bit, at a fraction of the
/// time. What is expected of a customer who is still one depends on little, most often on `x` and `T` alone, and is worked out once for
/// all who have it in common.
///
/// Answers come in the order of the customers, one at a time, so that nothing but what they have in common is kept; customers may be in any
/// order. Parts of a base that are asked on different threads give the same answers.
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
        let (model, mut known) = (Ready::of(&self.model), Memo::new());
        self.customers.map(move |customer| alive(&model, &mut known, customer))
    }

    /// Each customer's [`purchases`](super::Outlook::purchases) in so many days.
    pub fn purchases(self, days: u32) -> impl Iterator<Item = f64> {
        self.customers.map(expected(Ready::of(&self.model), move |course| course.purchases(days.into())))
    }

    /// Each customer's [`discounted`](super::Outlook::discounted) purchases.
    ///
    /// # Errors
    /// As there, before any customer is looked at.
    pub fn discounted(self, discount: &Discount) -> Result<impl Iterator<Item = f64> + use<I>, LifetimeError> {
        let discounting = discount.ready()?;
        Ok(self.customers.map(expected(Ready::of(&self.model), move |course| discounting.of(course))))
    }
}

#[inline]
fn alive(model: &Ready, known: &mut Memo, customer: Summary) -> f64 {
    // A power takes no longer than to look it up.
    if model.knows_at_once() { model.alive(customer) } else { known.get(customer.into(), || model.alive(customer)) }
}

/// What a customer is expected to do, if it is said for one who is still alive: asked of one after another.
pub(super) fn expected(model: Ready, of: impl Fn(&dyn Course) -> f64) -> impl FnMut(Summary) -> f64 {
    let (mut living, mut known) = (Memo::new(), Memo::new());
    move |customer| {
        alive(&model, &mut living, customer) * known.get(model.matters(customer), || of(model.future(customer).course()))
    }
}
