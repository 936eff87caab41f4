//! Faults on demand: which there are, for whom, when, and how each decision is made.

mod armed;
mod callback;
mod preset;
mod response;
mod rule;
mod spec;

pub(crate) use armed::{Faults, Hit, Subject, matches};
pub use callback::{CallbackFault, Delay, MessageFault};
pub use response::{Fault, UnknownFault};
pub use rule::{Effect, FaultRule, Filter, When};
pub use spec::{FaultSpec, FaultSpecError};
