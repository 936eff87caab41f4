//! From a request to a delivery, without I/O: this module knows no runtime and no HTTP library.

mod media_type;
mod received_callback;
mod receiver;
mod rejection;

pub use received_callback::ReceivedCallback;
pub use receiver::Receiver;
pub use rejection::Rejection;
