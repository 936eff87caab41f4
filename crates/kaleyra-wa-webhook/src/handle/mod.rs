//! What is done with one event, without I/O: this module knows no runtime and no HTTP library.

mod conversation_key;
mod handled;
mod handler;
mod handler_error;
mod incoming_event;

pub use conversation_key::ConversationKey;
pub use handled::{Handled, done};
pub use handler::{Handler, HandlerFn, handler_fn};
pub use handler_error::HandlerError;
pub use incoming_event::IncomingEvent;
