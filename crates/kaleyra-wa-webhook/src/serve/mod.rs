//! From a socket to the sink: the part that knows hyper and tokio.

mod activity;
mod answer;
#[cfg(feature = "axum")]
mod axum;
mod catch_panic;
mod connections;
mod lingering;
mod read_body;
mod server;
mod service;
#[cfg(feature = "tower")]
mod tower;
mod watched;

pub use server::{Server, serve};
pub use service::WebhookService;
