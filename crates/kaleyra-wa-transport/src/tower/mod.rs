//! Adapters between transports and tower's services, in both directions.

mod failure;
mod service;
mod timed;
mod transport;

pub use self::service::TransportService;
pub use self::transport::TowerTransport;
