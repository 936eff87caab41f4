//! Faults on demand: which there are, for whom, when, and how each decision is made.

mod answer;
mod armed;
mod callback;
mod preset;
mod rule;
mod spec;

pub use answer::{Fault, UnknownFault};
pub(crate) use armed::{Faults, Hit, Subject, matches};
pub use callback::{CallbackFault, Delay, MessageFault};
pub use rule::{Effect, FaultRule, Filter, When};
pub use spec::{FaultSpec, FaultSpecError};
