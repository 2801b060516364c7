//! A customer's grade over time: promotions that are confirmed, demotions with grace, holds by hand that expire.
//!
//! A grade model says what a customer earns on a day. Shown to the customer and the sales force, a grade that moved with every wobble
//! of the figures would be worthless. A [`Policy`] says how the grade follows what is earned; a [`Membership`] is where a customer
//! stands; every step from one to the next is a [`Transition`], which says why. All of it is values: store the membership, or replay it.
//!
//! - **Two bounds** (hysteresis, 滞后): a strict model decides who is promoted, a lenient one who keeps the grade. In between, nothing
//!   moves.
//! - **Confirmation**: a move takes so many decisions in a row, over so many days.
//! - **Grace** (宽限期): a confirmed demotion waits, once; whoever recovers meanwhile keeps the grade.
//! - **Hold** (人工保级): a person sets what is shown, with reason, name and expiry. The policy goes on computing beside it.
//!
//! Nothing moves by the passing of time alone: a promotion or demotion always comes with a decision, on its day. Only a hold ends by
//! itself.
//!
//! ```
//! use customer_value::{
//!     NaiveDate,
//!     quantity::Name,
//!     reason::{Decision, Language, ModelId},
//!     tier::{Grade, GradeSet, membership::{Confirmation, Policy, Terms}},
//! };
//!
//! let grades = GradeSet::letters(3)?;
//! let terms = Terms {
//!     promotion: Confirmation::AT_ONCE,
//!     demotion: Confirmation { decisions: 2, days: 0 },
//!     grace_days: 60,
//!     steps: Some(1),
//!     usable_days: 45,
//! };
//! let policy = Policy::new(Name::new("2024")?, grades.clone(), terms)?;
//!
//! // What the grade model decided at the end of each month; its reasons are left out here.
//! let decided = |month, grade| Decision {
//!     value: grades.grade(grade).cloned().expect("a letter of the set"),
//!     reasons: vec![],
//!     model: ModelId { name: Name::new("sales").expect("a name"), fingerprint: 1 },
//!     as_of: NaiveDate::from_ymd_opt(2024, month, 28).expect("a day"),
//! };
//! let (mut membership, _) = policy.advance(None, &decided(1, "B"), None)?;
//! let mut last = String::new();
//! for (month, grade) in [(2, "A"), (3, "C"), (4, "C"), (5, "C")] {
//!     let (next, transition) = policy.advance(Some(&membership), &decided(month, grade), None)?;
//!     (membership, last) = (next, transition.explain(Language::English));
//! }
//! assert_eq!((membership.earned().to_string(), membership.automatic().to_string()), ("C".into(), "A".into()));
//! assert!(last.ends_with("In grace until 2024-06-27: a decision on that day or later that is no better demotes to B.\n"), "{last}");
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod advance;
mod carry;
mod error;
mod hold;
mod outlook;
mod policy;
mod replay;
mod state;
mod text;
mod transition;

pub use carry::Carry;
pub use error::MembershipError;
pub use hold::{Command, Hold, Release};
pub use outlook::Outlook;
pub use policy::{Confirmation, Policy, Terms};
pub use replay::Event;
pub use state::{Course, LastDecision, Membership, Original, Run};
pub use transition::{Cause, Transition};
