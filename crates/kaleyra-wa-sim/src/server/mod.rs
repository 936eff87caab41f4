//! The HTTP server: connections, and from a request to its answer.

mod answer;
mod control;
mod flushed;
mod messages;
mod page;
mod route;
mod users;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf, BufMut};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::AcceptedMessage;
use crate::shared::{Shared, stopped};
use answer::Answer;
use flushed::{AfterFlush, Flushing};
use route::Route;

/// The longest body that is read; longer ones are answered with 413.
const BODY_MAX: usize = 1 << 20;
/// How much of a longer body is read and thrown away, so that its sender comes to read the 413 instead of being cut off.
const DISCARDED_MAX: usize = 16 << 20;
/// How long a body may take to arrive; slower ones are answered with 408.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);
const DRAIN: Duration = Duration::from_secs(1);

/// There will be no answer: the connection closes.
#[derive(Debug, thiserror::Error)]
#[error("the connection is closed without an answer")]
struct NoAnswer;

/// Serves until the simulator stops.
pub(crate) async fn serve(
    listener: TcpListener,
    shared: Arc<Shared>,
    mut stop: watch::Receiver<bool>,
) {
    let mut http = http1::Builder::new();
    // Without a timer a client that never finishes its head is waited for without end.
    http.timer(TokioTimer::new());
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = stopped(&mut stop) => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    let (shared, after_flush) = (shared.clone(), AfterFlush::default());
                    let io = TokioIo::new(Flushing::new(stream, after_flush.clone()));
                    let service = service_fn(move |request| {
                        answer(shared.clone(), after_flush.clone(), peer, request)
                    });
                    let connection = http.serve_connection(io, service);
                    connections.spawn(graceful.watch(connection));
                }
                // Out of descriptors, or a peer that left before it was accepted: neither ends the simulator.
                Err(_) => sleep(Duration::from_millis(50)).await,
            },
        }
    }
    drop(listener);
    // Connections that are not done by then are cut off when the set is dropped.
    let _ = timeout(DRAIN, graceful.shutdown()).await;
}

/// Answers a request, and has what follows from it wait until the answer has left.
async fn answer(
    shared: Arc<Shared>,
    after_flush: AfterFlush,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<Answer, NoAnswer> {
    let mut answer = handle(&shared, peer, request).await?;
    if let Some(message) = answer.extensions_mut().remove::<Arc<AcceptedMessage>>() {
        after_flush.push(move || shared.tell_sent(&message));
    }
    Ok(answer)
}

async fn handle(
    shared: &Shared,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<Answer, NoAnswer> {
    let (head, body) = request.into_parts();
    let route = match Route::of(&head.method, head.uri.path()) {
        Ok(route) => route,
        Err(misrouted) => {
            shared.rejected(misrouted.status().as_u16(), None, misrouted.to_string());
            return Ok(answer::misrouted(&misrouted));
        }
    };
    if route.is_control() && !is_person_here(peer.ip(), &head.headers) {
        let why = "the simulator's own endpoints answer to this machine only, and to no web page of others";
        shared.rejected(403, None, why);
        return Ok(answer::refused(StatusCode::FORBIDDEN, why));
    }
    let body = match read(body).await {
        Ok(body) => body,
        Err(Unread::BrokenOff) => return Err(NoAnswer),
        Err(unread) => {
            let (status, why) = match unread {
                Unread::TooSlow => (
                    StatusCode::REQUEST_TIMEOUT,
                    "the body did not arrive within 10 seconds",
                ),
                _ => (
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "the body is longer than 1 MiB",
                ),
            };
            shared.rejected(status.as_u16(), None, why);
            return Ok(answer::refused(status, why));
        }
    };
    match route {
        Route::Messages { sid, sender } => {
            messages::answer(shared, &head.headers, &sid, &sender, &body).await
        }
        Route::Page => Ok(answer::text(page::page(shared, &head.headers))),
        Route::Control(control) => Ok(control::answer(shared, control, &body).await),
    }
}

/// Whether the request comes from this machine, and not from a foreign web page in a browser on it.
fn is_person_here(peer: IpAddr, headers: &HeaderMap) -> bool {
    let is_foreign_page = headers
        .get("sec-fetch-site")
        .is_some_and(|site| site != "none" && site != "same-origin");
    peer.to_canonical().is_loopback() && !is_foreign_page
}

/// Why a body is not there.
#[derive(Debug, PartialEq, Eq)]
enum Unread {
    BrokenOff,
    TooLong,
    TooSlow,
}

async fn read<B: Body + Unpin>(body: B) -> Result<Vec<u8>, Unread> {
    timeout(BODY_TIMEOUT, read_all(body))
        .await
        .unwrap_or(Err(Unread::TooSlow))
}

async fn read_all<B: Body + Unpin>(mut body: B) -> Result<Vec<u8>, Unread> {
    let mut kept = Vec::new();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Unread::BrokenOff)?.into_data() else {
            continue;
        };
        length += data.remaining();
        if length <= BODY_MAX {
            kept.put(data);
        } else if length > DISCARDED_MAX {
            break;
        }
    }
    if length <= BODY_MAX {
        Ok(kept)
    } else {
        Err(Unread::TooLong)
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
        assert_eq!(read(half).await, Err(Unread::TooSlow));
        assert_eq!(read(Full::<Bytes>::from("{}")).await.unwrap(), b"{}");
    }

    #[test]
    fn only_this_machine_is_here() {
        fn check(peer: &str, expected: bool) {
            let is_here = is_person_here(peer.parse().unwrap(), &HeaderMap::new());
            assert_eq!(is_here, expected, "{peer}");
        }
        check("127.0.0.1", true);
        check("127.8.0.1", true);
        check("::1", true);
        check("::ffff:127.0.0.1", true);
        check("192.0.2.7", false);
        check("::ffff:192.0.2.7", false);
        check("2001:db8::1", false);
    }
}
