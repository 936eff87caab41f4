//! The HTTP server: connections, and from a request to its answer.

mod answer;
mod body;
mod control;
mod flushed;
mod guard;
mod hosted;
mod page;
mod query;
mod route;
mod users;
mod v2;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, Request, StatusCode};
use hyper::body::Incoming;
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

const DRAIN: Duration = Duration::from_secs(1);

/// The addresses of a connection.
#[derive(Clone, Copy)]
struct Ends {
    /// Where it comes from.
    peer: IpAddr,
    /// Where it came in.
    local: IpAddr,
}

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
                    // A connection that has no address has ended already.
                    let Ok(local) = stream.local_addr() else { continue };
                    let ends = Ends { peer: peer.ip(), local: local.ip() };
                    let (shared, after_flush) = (shared.clone(), AfterFlush::default());
                    let io = TokioIo::new(Flushing::new(stream, after_flush.clone()));
                    let service = service_fn(move |request| {
                        answer(shared.clone(), after_flush.clone(), ends, request)
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
    ends: Ends,
    request: Request<Incoming>,
) -> Result<Answer, NoAnswer> {
    let mut answer = handle(&shared, ends, request).await?;
    if let Some(message) = answer.extensions_mut().remove::<Arc<AcceptedMessage>>() {
        after_flush.push(move || shared.tell_sent(&message));
    }
    Ok(answer)
}

async fn handle(
    shared: &Shared,
    ends: Ends,
    request: Request<Incoming>,
) -> Result<Answer, NoAnswer> {
    let (head, body) = request.into_parts();
    if let Err(foreign) = guard::check(&shared.hosts, ends.local, &head) {
        let (status, why) = (foreign.status(), foreign.to_string());
        shared.rejected(status.as_u16(), None, why.as_str());
        return Ok(answer::refused(status, &why));
    }
    let route = match Route::of(&head.method, head.uri.path()) {
        Ok(route) => route,
        Err(misrouted) => {
            shared.rejected(misrouted.status().as_u16(), None, misrouted.to_string());
            return Ok(answer::misrouted(&misrouted));
        }
    };
    if route.is_control() && !is_person_here(ends.peer, &head.headers) {
        let why = "the simulator's own endpoints answer to this machine only, and to no web page of others";
        shared.rejected(403, None, why);
        return Ok(answer::refused(StatusCode::FORBIDDEN, why));
    }
    match route {
        Route::Media { sid, sender } => {
            v2::answer_upload(shared, &head.headers, &sid, &sender, body).await
        }
        Route::Kaleyra {
            sid,
            sender,
            endpoint,
        } => v2::answer(shared, &head, &sid, &sender, endpoint, body).await,
        Route::HostedFile { id } => Ok(hosted::answer(shared, &head.headers, &id)),
        Route::Page => Ok(answer::text(page::page(shared, &head.headers))),
        Route::Control(control) => control::answer(shared, &head, control, body).await,
    }
}

/// Whether the request comes from this machine, and not from a foreign web page in a browser on it.
fn is_person_here(peer: IpAddr, headers: &HeaderMap) -> bool {
    let is_foreign_page = headers
        .get("sec-fetch-site")
        .is_some_and(|site| site != "none" && site != "same-origin");
    peer.to_canonical().is_loopback() && !is_foreign_page
}

#[cfg(test)]
mod tests {
    use super::*;

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
