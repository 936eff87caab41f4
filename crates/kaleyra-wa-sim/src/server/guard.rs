//! Turns away what a foreign web page asks for, before anything else is looked at.

use std::net::IpAddr;

use http::Request;
use http::StatusCode;
use http::header::{HOST, HeaderMap, ORIGIN};

use super::hosts::Hosts;

/// Why a request is refused. The texts repeat nothing of it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Foreign {
    #[error("a request names its host: send one Host header, such as `Host: localhost`")]
    NoHost,
    #[error(
        "the simulator does not answer as this host, so that no web page can reach it under a name of its own: use localhost \
         or an IP address of this machine, or allow the name with `kaleyra-wa sim --allow-host NAME` (in Rust: \
         `Builder::allow_host`)"
    )]
    Host,
    #[error(
        "a web page of another origin made this request: open the page at localhost, or allow its host with \
         `kaleyra-wa sim --allow-host NAME` (in Rust: `Builder::allow_host`); programs leave the Origin header out"
    )]
    Origin,
}

impl Foreign {
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::NoHost => StatusCode::BAD_REQUEST,
            Self::Host => StatusCode::MISDIRECTED_REQUEST,
            Self::Origin => StatusCode::FORBIDDEN,
        }
    }
}

/// Whether the request is for a host of the simulator's, and from no page of another. `local` is the address that its
/// connection came in at.
///
/// Both the `Host` and the target's own host count, where the target is a whole URL. Browsers send `Origin` with every
/// method but GET and HEAD, and with those where scripts of other origins make them; so it is checked wherever it is.
pub(super) fn check<B>(hosts: &Hosts, local: IpAddr, request: &Request<B>) -> Result<(), Foreign> {
    let headers = request.headers();
    let mut named = texts(headers, HOST);
    let (Some(host), None) = (named.next(), named.next()) else {
        return Err(Foreign::NoHost);
    };
    let target = request
        .uri()
        .authority()
        .map(|authority| authority.as_str());
    let is_own = |host: &str| hosts.allows(host, local);
    if !is_own(host) || !target.is_none_or(is_own) {
        return Err(Foreign::Host);
    }
    match texts(headers, ORIGIN).all(|origin| hosts.allows_origin(origin, local)) {
        true => Ok(()),
        false => Err(Foreign::Origin),
    }
}

/// The values of a header; one that is not text is empty, as that is no host either.
fn texts(headers: &HeaderMap, name: http::HeaderName) -> impl Iterator<Item = &str> {
    let values = headers.get_all(name).into_iter();
    values.map(|value| value.to_str().unwrap_or_default())
}
