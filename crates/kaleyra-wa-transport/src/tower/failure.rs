//! From a service's errors to phases and kinds.

use std::error::Error;
use std::io;

use crate::body::is_of_a_body;
use crate::causes::{causes, of_io};
use crate::{Phase, TransportError, TransportErrorKind};

pub(super) type BoxError = Box<dyn Error + Send + Sync>;

/// What the adapter's user says about a service's errors.
pub(super) type Classify =
    dyn Fn(&(dyn Error + 'static)) -> Option<(Phase, TransportErrorKind)> + Send + Sync;

/// Turns a service's error into a transport's. In this order, from the outermost cause down: the error of a transport
/// inside it, the user's classification, the operating system's error, or `Other`.
///
/// Only causes about the exchange count. Below them may be the reason why a request body could not be read, which can
/// look just like a failed connection.
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
