//! Transports for tests: scripted, silent, failing, recording and replaying.

mod cassette;
mod failing;
mod never;
mod recording;
mod replay;
mod scripted;
mod scrubber;
mod tee;

pub use self::cassette::{
    Cassette, CassetteError, Exchange, RecordedBody, RecordedOutcome, RecordedResponse,
};
pub use self::failing::Failing;
pub use self::never::Never;
pub use self::recording::Recording;
pub use self::replay::Replay;
pub use self::scripted::{Scripted, When};
pub use self::scrubber::Scrubber;

use std::error::Error;

use crate::{Operation, Phase, Request, TransportError, TransportErrorKind};

/// There is no response for this request.
fn unscripted(why: impl Into<Box<dyn Error + Send + Sync>>) -> TransportError {
    TransportError::new(Phase::Connect, TransportErrorKind::Unscripted).with_source(why)
}

/// What a request is, without its URL or contents.
fn named(request: &Request) -> String {
    let method = request.method();
    match request.extensions().get::<Operation>() {
        Some(operation) => format!("`{}` ({method})", operation.name),
        None => format!("a {method}"),
    }
}
