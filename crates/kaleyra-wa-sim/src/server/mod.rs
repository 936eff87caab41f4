//! The HTTP server: connections, and from a request to its response.

mod after_flush;
mod body;
mod control;
mod guard;
mod hosted;
mod hosts;
mod odd_body;
mod page;
mod query;
mod response;
mod route;
mod v2;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::core::{Core, stopped};
use crate::delivery::webhook::shown;
use crate::journal::{About, Fact, RecordedResponse};
use after_flush::{AfterFlush, Flushing};
pub(crate) use hosts::Hosts;
use response::{HttpResponse, Recorded};
use route::Route;
use v2::Arrived;

const DRAIN: Duration = Duration::from_secs(1);

/// The addresses of a connection.
#[derive(Clone, Copy)]
struct Ends {
    /// Where it comes from.
    peer: IpAddr,
    /// Where it came in.
    local: IpAddr,
}

/// There will be no response: the connection closes.
#[derive(Debug, thiserror::Error)]
#[error("the connection is closed without a response")]
struct NoResponse;

/// Serves until the simulator stops.
pub(crate) async fn serve(listener: TcpListener, hosts: Hosts, core: Arc<Core>) {
    let mut stop = core.stop.subscribe();
    let hosts = Arc::new(hosts);
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
                    let _ = stream.set_nodelay(true);
                    let (core, hosts) = (core.clone(), hosts.clone());
                    let after_flush = AfterFlush::default();
                    let reset = |stream: &TcpStream| drop(stream.set_zero_linger());
                    let io = TokioIo::new(Flushing::new(stream, after_flush.clone(), reset));
                    let service = service_fn(move |request| {
                        answer(core.clone(), hosts.clone(), after_flush.clone(), ends, request)
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

/// Answers a request, and notes what it was answered where it was noted itself.
async fn answer(
    core: Arc<Core>,
    hosts: Arc<Hosts>,
    after_flush: AfterFlush,
    ends: Ends,
    request: Request<Incoming>,
) -> Result<HttpResponse, NoResponse> {
    let began = Instant::now();
    let mut number = None;
    if let Err(foreign) = guard::check(&hosts, ends.local, &request) {
        let (status, why) = (foreign.status(), foreign.to_string());
        core.rejected(About::default(), status.as_u16(), None, why.as_str());
        return Ok(response::refused(status, &why));
    }
    let mut answer = handle(&core, &after_flush, ends, request, &mut number).await;
    let recorded = answer.as_mut().ok();
    let recorded = recorded.and_then(|answer| answer.extensions_mut().remove::<Recorded>());
    if number.is_some() {
        let head = answer.as_ref().ok();
        let fact = Fact::Response(RecordedResponse {
            status: head.map(|answer| answer.status().as_u16()),
            headers: head.map_or_else(Vec::new, |answer| shown(answer.headers())),
            body: recorded.map_or_else(Bytes::new, |Recorded(body)| body),
            took: began.elapsed(),
        });
        core.journal.write(About::cause(number), fact);
    }
    answer
}

async fn handle(
    core: &Arc<Core>,
    after_flush: &AfterFlush,
    ends: Ends,
    request: Request<Incoming>,
    number: &mut Option<u64>,
) -> Result<HttpResponse, NoResponse> {
    let (head, body) = request.into_parts();
    let route = match Route::of(&head.method, head.uri.path()) {
        Ok(route) => route,
        Err(misrouted) => {
            let status = misrouted.status().as_u16();
            core.rejected(About::default(), status, None, misrouted.to_string());
            return Ok(response::misrouted(&misrouted));
        }
    };
    if route.is_control() && !is_person_here(ends.peer, &head.headers) {
        let why = "the simulator's own endpoints answer to this machine only, and to no web page of others";
        core.rejected(About::default(), 403, None, why);
        return Ok(response::refused(StatusCode::FORBIDDEN, why));
    }
    let mut arrived = Arrived {
        core,
        head: &head,
        after_flush,
        request: number,
    };
    match route {
        Route::Media { sid, sender } => v2::respond_to_upload(arrived, &sid, &sender, body).await,
        Route::Kaleyra {
            sid,
            sender,
            endpoint,
        } => v2::answer(arrived, &sid, &sender, endpoint, body).await,
        Route::HostedFile { id } => {
            let request = arrived.note(Bytes::new());
            Ok(hosted::answer(core, &head.headers, &id, request))
        }
        Route::Health => Ok(response::text("ok\n".to_owned())),
        Route::Page => Ok(response::text(page::page(core, &head.headers))),
        Route::Control(control) => control::answer(core, &head, control, body).await,
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
