//! Where a customer is in the life cycle: stages and edges as data, told from evidence, with the customer's way through them.
//!
//! | step | type |
//! |---|---|
//! | what the purchases of a day say | [`Evidence`] |
//! | which stage these facts speak for, with reasons | [`StageModel::infer`], a [`Decision`](crate::reason::Decision) |
//! | which stage that makes, given where the customer was | [`StageModel::advance`], a [`LifeCycle`] and a [`Step`] |
//! | the end, when nothing is owed any more | [`StageModel::close`], [`Obligations`] |
//! | how many moved from where to where | [`Transitions`], [`Moves`] |
//! | where they will be | [`Moves::chain`], a [`Markov`](crate::value::markov::Markov) chain |
//!
//! Two questions are kept apart. The facts of one day *speak for* a stage; nothing but these facts counts. The customer *is* in a stage,
//! and leaves it only for a stage that may follow, after as many observations as the model asks for.
//!
//! ```
//! use customer_value::{
//!     calendar::Window, customer::{History, Record, ReturnPolicy}, money::Currency, quantity::{Fact, Name, Quantity}, reason::Language,
//!     lifecycle::stage::{Closing, Evidence, Obligations, StageError, Standard, StageModel}, tier::membership::Confirmation,
//! };
//!
//! let evidence = Evidence::new(Window::Days(180), 180, Currency::GBP)?;
//! let bounds = Standard { new_days: 90, fall: "0.75".parse()?, rise: "1.25".parse()?, trend: Confirmation::AT_ONCE };
//! let model = StageModel::standard(Name::new("shop")?, evidence, &bounds)?;
//! let mut history = History::new(Currency::GBP);
//! for day in ["2023-01-10", "2023-02-05", "2023-12-20"] {
//!     history.push(Record::sale(day.parse()?, "20.00 GBP".parse()?))?;
//! }
//! let look = |day: &str| Ok::<_, Box<dyn core::error::Error>>(model.observe(&history.as_of(day.parse()?, ReturnPolicy::STRICT)?)?);
//!
//! let (life, _) = model.advance(None, &look("2023-03-31")?)?;
//! let (life, step) = model.advance(Some(&life), &look("2023-09-30")?)?;
//! assert_eq!(step.explain(Language::English), "2023-09-30: from new to lapsed.");
//! let (life, step) = model.advance(Some(&life), &look("2023-12-31")?)?;
//! assert_eq!(step.explain(Language::Chinese), "2023-12-31：由 lapsed 转为 won back。");
//!
//! let nothing = Fact::Known(Quantity::count(0));
//! let obligations = Obligations { balance: nothing.clone(), complaints: Fact::Known(Quantity::count(1)), points: nothing };
//! let (to, because) = (Name::new("closed")?, Name::new("moved abroad")?);
//! let refused = model.close(&life, &Closing { to, on: "2024-01-15".parse()?, because, obligations });
//! assert!(matches!(refused, Err(StageError::Unsettled { .. }))); // a complaint is open
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod advance;
mod error;
mod evidence;
mod kind;
mod life;
mod model;
mod moves;
mod obligations;
mod route;
mod standard;
mod step;
mod transitions;

pub use advance::{Closing, StageEvent};
pub use error::StageError;
pub use evidence::Evidence;
pub use kind::{Phase, StageKind};
pub use life::{LifeCycle, Run, StageMove};
pub use model::{Stage, StageModel};
pub use moves::Moves;
pub use obligations::{Obligation, Obligations};
pub use standard::Standard;
pub use step::{Outcome, Step};
pub use transitions::Transitions;
