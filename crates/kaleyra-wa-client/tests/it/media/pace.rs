//! How slow a server may be, with time that passes only where somebody waits.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use http_body::Frame;
use kaleyra_wa_client::transport::bytes::Bytes;
use kaleyra_wa_client::transport::{
    Request, Response, ResponseBody, Transport, TransportError, async_trait,
};
use kaleyra_wa_client::{Clock, Error, ErrorKind};

use crate::fixtures::client;

const SECOND: Duration = Duration::from_secs(1);

/// Goes on second by second while somebody sleeps.
#[derive(Clone, Default)]
struct Ticking(Arc<Mutex<Duration>>);

#[async_trait]
impl Clock for Ticking {
    fn now(&self) -> Duration {
        *self.0.lock().unwrap()
    }

    async fn sleep(&self, time: Duration) {
        let end = self.now() + time;
        while self.now() < end {
            *self.0.lock().unwrap() += SECOND;
            tokio::task::yield_now().await;
        }
    }
}

/// A server that sends a piece of this size each so many seconds.
#[derive(Clone)]
struct Drip {
    clock: Ticking,
    piece: usize,
    every: Duration,
    left: usize,
    next_at: Option<Duration>,
}

impl http_body::Body for Drip {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let now = self.clock.now();
        let every = self.every;
        let next_at = *self.next_at.get_or_insert(now + every);
        if now < next_at {
            // Whoever waits looks again with each second.
            return Poll::Pending;
        }
        self.next_at = None;
        self.left -= 1;
        Poll::Ready(Some(Ok(Frame::data(Bytes::from(vec![0; self.piece])))))
    }
}

struct Dripping(Drip);

#[async_trait]
impl Transport for Dripping {
    async fn execute(&self, _request: Request) -> Result<Response, TransportError> {
        Ok(Response::new(ResponseBody::streaming(self.0.clone())))
    }
}

/// What becomes of so many such pieces: how many bytes came, and how it ended.
async fn download(pieces: usize, piece: usize, every: u32) -> (u64, Result<(), Error>) {
    let clock = Ticking::default();
    let drip = Drip {
        clock: clock.clone(),
        piece,
        every: every * SECOND,
        left: pieces,
        next_at: None,
    };
    let read = Arc::new(Mutex::new(0));
    let so_far = read.clone();
    let outcome = client(Dripping(drip))
        .with_clock(clock)
        .download("https://a.example/1.jpg")
        .on_progress(move |read, _| *so_far.lock().unwrap() = read)
        .await;
    let read = *read.lock().unwrap();
    (read, outcome.map(drop))
}

#[tokio::test]
async fn a_byte_a_second_ends_after_thirty() {
    let (read, outcome) = download(10_000, 1, 1).await;
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Timeout);
    assert_eq!(read, 30);
}

#[tokio::test]
async fn half_of_the_slowest_pace_ends_after_a_minute() {
    let (read, outcome) = download(10_000, 64 * 1024, 2).await;
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Timeout);
    // After 58 s there are 59 s for what is there, and the next piece would need 60.
    assert_eq!(read, 29 * 64 * 1024);
}

#[tokio::test]
async fn the_slowest_pace_may_take_its_time() {
    let (read, outcome) = download(200, 64 * 1024, 1).await;
    outcome.unwrap();
    assert_eq!(read, 200 * 64 * 1024);
}

#[tokio::test]
async fn thirty_seconds_without_a_byte_end_it() {
    let (read, outcome) = download(10, 2 * 1024 * 1024, 29).await;
    outcome.unwrap();
    assert_eq!(read, 20 * 1024 * 1024);
    let (read, outcome) = download(10, 2 * 1024 * 1024, 31).await;
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Timeout);
    assert_eq!(read, 0);
}
