//! Holds sends back so that they keep to WhatsApp's limits.

mod clock;
mod paced;
mod queue;

pub use self::clock::{PaceClock, SystemClock};
pub use self::paced::{Held, Paced};
