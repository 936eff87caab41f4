//! What the causes below an error say.

#[cfg(any(feature = "reqwest", feature = "tower"))]
use std::io;
#[cfg(any(feature = "conformance", feature = "tower"))]
use std::{error::Error, iter::successors};

#[cfg(any(feature = "reqwest", feature = "tower"))]
use crate::TransportErrorKind;

/// The error and its causes, outermost first.
#[cfg(any(feature = "conformance", feature = "tower"))]
pub(crate) fn causes<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    successors(Some(error), |error: &&'a (dyn Error + 'static)| {
        (*error).source()
    })
}

/// What an error of the operating system says about an exchange under way.
#[cfg(any(feature = "reqwest", feature = "tower"))]
pub(crate) fn of_io(error: &io::Error) -> Option<TransportErrorKind> {
    match error.kind() {
        io::ErrorKind::BrokenPipe
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::ConnectionReset
        | io::ErrorKind::NotConnected
        | io::ErrorKind::UnexpectedEof => Some(TransportErrorKind::Interrupted),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
            Some(TransportErrorKind::InvalidResponse)
        }
        io::ErrorKind::TimedOut => Some(TransportErrorKind::Timeout),
        _ => None,
    }
}
