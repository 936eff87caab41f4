//! A body, under a cap and a time limit.

use std::error::Error;
use std::pin::pin;
use std::time::Duration;

use bytes::{BufMut, Bytes, BytesMut};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Body;
use tokio::time::timeout;

use crate::receive::Rejection;

/// How much of a body is read, and for how long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) bytes: usize,
    pub(super) time: Duration,
}

/// Reads the whole body.
pub(super) async fn read_body<B>(body: B, limits: Limits) -> Result<Bytes, Rejection>
where
    B: Body,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let limit = limits.bytes;
    let too_large = Rejection::BodyTooLarge { limit };
    // The `Content-Length`, where there is one: nothing was read yet, so a client that waits
    // for a "100 Continue" won't send the body at all.
    if body.size_hint().lower() > limit as u64 {
        return Err(too_large);
    }
    match timeout(limits.time, collect(Limited::new(body, limit))).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large),
        Ok(Err(_)) => Err(Rejection::BodyIncomplete),
        Err(_) => Err(Rejection::BodyTimeout),
    }
}

/// Reads a body into one buffer. `BodyExt::collect` keeps the frames apart: a body in chunks of one
/// byte would take many times its size.
async fn collect<B: Body>(body: B) -> Result<Bytes, B::Error> {
    let mut body = pin!(body);
    let mut bytes = BytesMut::new();
    while let Some(frame) = body.frame().await {
        // Trailers say nothing that is of use here.
        if let Ok(data) = frame?.into_data() {
            bytes.put(data);
        }
    }
    Ok(bytes.freeze())
}
