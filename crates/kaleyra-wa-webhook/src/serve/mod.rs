//! From a socket to the sink: the part that knows hyper and tokio.

mod activity;
mod answer;
mod awaited;
#[cfg(feature = "axum")]
mod axum;
mod connections;
mod lingering;
mod mended;
mod read_body;
mod server;
mod service;
#[cfg(feature = "tower")]
mod tower;
mod watched;

pub use server::{Server, serve};
pub use service::WebhookService;
