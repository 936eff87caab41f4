//! From a request to a delivery, without I/O: this module knows no runtime and no HTTP library.

mod delivery;
mod media_type;
mod receiver;
mod rejection;

pub use delivery::Delivery;
pub use receiver::Receiver;
pub use rejection::Rejection;
