//! Reads a request's body, no longer and no more slowly than it may be.

use std::time::Duration;

use bytes::{Buf, BufMut};
use http::StatusCode;
use http_body_util::BodyExt;
use hyper::body::Body;
use tokio::time::timeout;

use super::NoResponse;
use super::response::{self, HttpResponse};
use crate::core::Core;
use crate::journal::About;

/// The longest body but for a file's; longer ones are answered with 413.
pub(super) const BODY_MAX: usize = 1 << 20;
/// How much more is read and thrown away, so that its sender comes to read the 413 instead of being cut off.
const DISCARDED_MAX: usize = 16 << 20;
/// How long a body may take to arrive; slower ones are answered with 408.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// Why a body is not there.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unread {
    BrokenOff,
    /// Longer than this many bytes.
    TooLong(usize),
    TooSlow,
}

impl Unread {
    /// The simulator's own refusal; none where nobody is there to read it.
    pub(super) fn answer(self, core: &Core, about: About) -> Result<HttpResponse, NoResponse> {
        let (status, why) = match self {
            Self::BrokenOff => return Err(NoResponse),
            Self::TooSlow => (
                StatusCode::REQUEST_TIMEOUT,
                "the body did not arrive within 10 seconds".to_owned(),
            ),
            Self::TooLong(max) => (
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("the body is longer than {} MiB", max >> 20),
            ),
        };
        core.rejected(about, status.as_u16(), None, &*why);
        Ok(response::refused(status, &why))
    }
}

pub(super) async fn read<B: Body + Unpin>(body: B, max: usize) -> Result<Vec<u8>, Unread> {
    timeout(BODY_TIMEOUT, read_all(body, max))
        .await
        .unwrap_or(Err(Unread::TooSlow))
}

async fn read_all<B: Body + Unpin>(mut body: B, max: usize) -> Result<Vec<u8>, Unread> {
    let mut kept = Vec::new();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Unread::BrokenOff)?.into_data() else {
            continue;
        };
        length += data.remaining();
        if length <= max {
            kept.put(data);
        } else if length > max + DISCARDED_MAX {
            break;
        }
    }
    if length <= max {
        Ok(kept)
    } else {
        Err(Unread::TooLong(max))
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use bytes::Bytes;
    use http_body_util::Full;
    use hyper::body::Frame;

    use super::*;

    /// Half a body, and then nothing more.
    struct Stuck(Option<Bytes>);

    impl Body for Stuck {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            match self.0.take() {
                Some(half) => Poll::Ready(Some(Ok(Frame::data(half)))),
                None => Poll::Pending,
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_gets_stuck_is_given_up() {
        let half = Stuck(Some(Bytes::from_static(b"{\"half\":")));
        assert_eq!(read(half, BODY_MAX).await, Err(Unread::TooSlow));
        assert_eq!(read(Full::<Bytes>::from("{}"), 2).await.unwrap(), b"{}");
    }
}
