//! Holds sends back so that they keep to WhatsApp's limits.

mod paced;
mod queue;

pub use self::paced::{Held, Paced};
