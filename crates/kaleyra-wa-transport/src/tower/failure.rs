//! From a service's errors to phases and kinds.

use std::error::Error;
use std::io;

use crate::causes::{causes, of_io};
use crate::{Phase, TransportError, TransportErrorKind};

pub(super) type BoxError = Box<dyn Error + Send + Sync>;

/// What the user of the adapter knows about the errors of a service.
pub(super) type Classify =
    dyn Fn(&(dyn Error + 'static)) -> Option<(Phase, TransportErrorKind)> + Send + Sync;

/// A service's error as a transport's. In this order, from the outermost cause down: the error of a transport that is
/// inside of it, what the user says, what the operating system says, or `Other`.
pub(super) fn classified(
    error: BoxError,
    default: Phase,
    classify: Option<&Classify>,
) -> TransportError {
    let error = match error.downcast::<TransportError>() {
        Ok(error) => return *error,
        Err(error) => error,
    };
    let inner = causes(&*error)
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
    let known = classify.and_then(|classify| causes(&*error).find_map(classify));
    let (phase, kind) = known.unwrap_or_else(|| (default, kind_of(&*error)));
    TransportError::new(phase, kind).with_source(error)
}

/// The innermost cause that the operating system names.
fn kind_of(error: &(dyn Error + 'static)) -> TransportErrorKind {
    causes(error)
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .filter_map(of_io)
        .last()
        .unwrap_or(TransportErrorKind::Other)
}
