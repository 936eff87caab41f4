//! From a socket to the sink: the part that knows hyper and tokio.

mod catch_panic;
mod lingering;
mod server;
mod service;

pub use server::{Server, serve};
pub use service::WebhookService;
