//! A body, under a cap and a time limit.

use std::error::Error;
use std::pin::Pin;
use std::time::Duration;

use bytes::{Buf, BufMut, Bytes};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Body;

use super::activity::Activity;
use crate::receive::Rejection;
use crate::with_timeout::with_timeout;

/// How much of a body is read, and for how long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) bytes: usize,
    pub(super) time: Duration,
}

/// Reads the whole body. Where nobody has vouched for it yet, the connection makes room while it is slow: `in_doubt` is
/// what is to know of it.
pub(super) async fn read_body<B>(
    body: Pin<&mut B>,
    limits: Limits,
    in_doubt: Option<&Activity>,
) -> Result<Bytes, Rejection>
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
    if let Some(activity) = in_doubt {
        activity.doubt();
    }
    let collected = with_timeout(limits.time, collect(Limited::new(body, limit), in_doubt)).await;
    if let Some(activity) = in_doubt {
        activity.trust();
    }
    match collected {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large),
        Ok(Err(_)) => Err(Rejection::BodyIncomplete),
        Err(_) => Err(Rejection::BodyTimeout),
    }
}

/// Reads a body into one buffer. `BodyExt::collect` keeps the frames apart: a body in chunks of one
/// byte would take many times its size, and each frame holds on to the buffer that it was read into.
async fn collect<B: Body + Unpin>(
    mut body: B,
    in_doubt: Option<&Activity>,
) -> Result<Bytes, B::Error> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        // Trailers say nothing that is of use here.
        if let Ok(data) = frame?.into_data() {
            if let Some(activity) = in_doubt {
                activity.progress(data.remaining());
            }
            if bytes.is_empty() {
                // Most bodies are one frame.
                bytes.reserve_exact(data.remaining());
            }
            bytes.put(data);
        }
    }
    Ok(bytes.into())
}
