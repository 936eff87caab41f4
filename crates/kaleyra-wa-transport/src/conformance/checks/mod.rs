//! The checks, each of which runs the transport through one promise.

mod bodies;
mod copies;
mod failures;
mod responses;
mod silence;

use std::future::Future;
use std::io;
use std::pin::Pin;

use crate::Transport;

/// One check.
pub(super) struct Check {
    pub(super) name: &'static str,
    /// What a transport promises here, as a sentence that begins in the middle.
    pub(super) promise: &'static str,
    pub(super) run: for<'a> fn(&'a dyn Transport) -> Run<'a>,
}

type Run<'a> = Pin<Box<dyn Future<Output = Result<(), Vec<String>>> + Send + 'a>>;

pub(super) const ALL: &[Check] = &[
    Check {
        name: "refused-connection",
        promise: "a connection that is refused means that nothing was sent",
        run: |transport| Box::pin(failures::refused_connection(transport)),
    },
    Check {
        name: "unknown-name",
        promise: "a name that is not known means that nothing was sent",
        run: |transport| Box::pin(failures::unknown_name(transport)),
    },
    Check {
        name: "tls-to-plain-server",
        promise: "TLS that fails means that nothing was sent, and the key is not",
        run: |transport| Box::pin(failures::tls_to_plain_server(transport)),
    },
    Check {
        name: "closed-without-response",
        promise: "a connection that closes without a response leaves open what became of the one copy",
        run: |transport| Box::pin(failures::closed_without_response(transport)),
    },
    Check {
        name: "reset-mid-upload",
        promise: "a connection that breaks in the middle of the request leaves open whether it arrived",
        run: |transport| Box::pin(failures::reset_mid_upload(transport)),
    },
    Check {
        name: "not-http",
        promise: "a response that is not HTTP leaves open what became of the one copy",
        run: |transport| Box::pin(failures::not_http(transport)),
    },
    Check {
        name: "hang",
        promise: "a server that hangs is given up when the operation's time limit has passed",
        run: |transport| Box::pin(failures::hang(transport)),
    },
    Check {
        name: "cut-response",
        promise: "a response that breaks off keeps its status and what was read",
        run: |transport| Box::pin(failures::cut_response(transport)),
    },
    Check {
        name: "hanging-response",
        promise: "the operation's time limit holds up to the end of the response body",
        run: |transport| Box::pin(failures::hanging_response(transport)),
    },
    Check {
        name: "statuses",
        promise: "every status is a response",
        run: |transport| Box::pin(responses::statuses(transport)),
    },
    Check {
        name: "redirects",
        promise: "a redirect is a response and is not followed",
        run: |transport| Box::pin(responses::redirects(transport)),
    },
    Check {
        name: "unchanged-request",
        promise: "method, URL, headers and body arrive as they are",
        run: |transport| Box::pin(responses::unchanged_request(transport)),
    },
    Check {
        name: "whole-response",
        promise: "status, headers and body of the response come back as they are",
        run: |transport| Box::pin(responses::whole_response(transport)),
    },
    Check {
        name: "unreadable-body",
        promise: "a request whose body can't be read to its end does not arrive as if it were whole",
        run: |transport| Box::pin(bodies::unreadable_body(transport)),
    },
    Check {
        name: "flat-upload",
        promise: "a large body is read as it is sent",
        run: |transport| Box::pin(bodies::flat_upload(transport)),
    },
    Check {
        name: "flat-response",
        promise: "a large response is handed over as it comes",
        run: |transport| Box::pin(bodies::flat_response(transport)),
    },
    Check {
        name: "send-once",
        promise: "of the copies of a request that share a `SendOnce`, one gets through",
        run: |transport| Box::pin(copies::send_once(transport)),
    },
    Check {
        name: "concurrency",
        promise: "concurrent requests get their own responses",
        run: |transport| Box::pin(responses::concurrency(transport)),
    },
    Check {
        name: "silence",
        promise: "no key, URL or body is in any text of an error",
        run: |transport| Box::pin(silence::silence(transport)),
    },
];

/// This machine can't do what the check needs.
fn unfit(error: io::Error) -> Vec<String> {
    vec![format!(
        "this machine has no loopback port for the check: {error}"
    )]
}
