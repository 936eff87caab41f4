//! From a socket to the sink: the part that knows hyper and tokio.

mod activity;
mod awaited;
#[cfg(feature = "axum")]
mod axum;
mod connections;
mod lingering;
mod mended;
mod monitored;
mod read_body;
mod respond;
mod server;
mod service;
#[cfg(feature = "tower")]
mod tower;

pub use server::{Server, serve};
pub use service::WebhookService;
