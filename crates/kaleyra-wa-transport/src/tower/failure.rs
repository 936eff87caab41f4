//! From a service's errors to phases and kinds.

use std::error::Error;
use std::io;

use crate::body::is_of_a_body;
use crate::causes::{causes, of_io};
use crate::{Phase, TransportError, TransportErrorKind};

pub(super) type BoxError = Box<dyn Error + Send + Sync>;

/// What the user of the adapter knows about the errors of a service.
pub(super) type Classify =
    dyn Fn(&(dyn Error + 'static)) -> Option<(Phase, TransportErrorKind)> + Send + Sync;

/// A service's error as a transport's. In this order, from the outermost cause down: the error of a transport that is
/// inside of it, what the user says, what the operating system says, or `Other`.
///
/// Only the causes count that are about the exchange. What a request's body could not be read for lies further down, and
/// may look just like a connection that failed.
pub(super) fn classified(
    error: BoxError,
    default: Phase,
    classify: Option<&Classify>,
) -> TransportError {
    let error = match error.downcast::<TransportError>() {
        Ok(error) => return *error,
        Err(error) => error,
    };
    let inner = of_exchange(&*error)
        .find_map(|cause| cause.downcast_ref::<TransportError>())
        .map(|inner| {
            let same = TransportError::new(inner.phase(), inner.kind());
            match inner.body() {
                Some(body) => same.with_body(body.clone()),
                None => same,
            }
        });
    if let Some(inner) = inner {
        return inner.with_source(error);
    }
    let known = classify.and_then(|classify| of_exchange(&*error).find_map(classify));
    let (phase, kind) = known.unwrap_or_else(|| (default, kind_of(&*error)));
    TransportError::new(phase, kind).with_source(error)
}

/// The error and its causes down to where those of the request's body begin.
fn of_exchange<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    causes(error).take_while(|cause| !is_of_a_body(*cause))
}

/// A body that can't be read, or the innermost cause that the operating system names.
fn kind_of(error: &(dyn Error + 'static)) -> TransportErrorKind {
    if causes(error).any(is_of_a_body) {
        return TransportErrorKind::UnreadableBody;
    }
    causes(error)
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .filter_map(of_io)
        .last()
        .unwrap_or(TransportErrorKind::Other)
}
