//! Whether the server is there: its name, a connection, TLS, and the time that it has.

use std::time::{Duration, SystemTime};

use kaleyra_wa_client::BaseUrl;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::finding::{Check, Finding, Verdict};
use crate::commands::post::{Poster, why};
use crate::show::failure::is_plain_http;

const NETWORK: Check = Check(4, "network");
const CLOCK: Check = Check(3, "clock");
const PATIENCE: Duration = Duration::from_secs(5);

/// Other hosts that are named for the same regions, on one page or another.
const OTHERS: &str = "Kaleyra's pages name api.in.kaleyra.io (in), api.kaleyra.io and api.ap.kaleyra.io (sg), \
                      api.eu.kaleyra.io (eu), api.na.kaleyra.ai and api.na.kaleyra.io (na)";

/// Whether the server can be reached; without the key.
pub(super) async fn reach(server: &BaseUrl) -> Finding {
    let text = server.to_string();
    let uri: http::Uri = text.parse().unwrap_or_default();
    let host = uri
        .host()
        .unwrap_or_default()
        .trim_matches(['[', ']'])
        .to_owned();
    let port = uri
        .port_u16()
        .unwrap_or(if uri.scheme_str() == Some("http") {
            80
        } else {
            443
        });
    let asked = format!("{host}, port {port}");
    let found = timeout(PATIENCE, lookup_host((host.as_str(), port))).await;
    let addresses: Vec<_> = match found {
        Ok(Ok(addresses)) => addresses.collect(),
        Ok(Err(error)) => {
            return NETWORK
                .finds(Verdict::Wrong, asked, "the name of the server is not found")
                .came(error.to_string())
                .advice(format!("check the network, and the name: {OTHERS}"));
        }
        Err(_) => {
            return NETWORK
                .finds(Verdict::Wrong, asked, "the server's name can't be resolved")
                .advice("check the network and its name server");
        }
    };
    let mut last = "no address".to_owned();
    let mut is_open = false;
    for address in &addresses {
        match timeout(PATIENCE, TcpStream::connect(address)).await {
            Ok(Ok(_)) => {
                is_open = true;
                break;
            }
            Ok(Err(error)) => last = error.to_string(),
            Err(_) => "no response within 5 s".clone_into(&mut last),
        }
    }
    if !is_open {
        return NETWORK
            .finds(Verdict::Wrong, asked, "the server does not take a connection")
            .came(last)
            .advice("start it if it is your own; else check firewall and proxy: HTTPS_PROXY is used, if it is set");
    }
    let tls = if uri.scheme_str() == Some("https") {
        match Poster::new("--base-url", &text) {
            Ok(poster) => {
                let nothing = http::HeaderMap::new();
                let answer = poster
                    .send(http::Method::GET, None, &nothing, bytes::Bytes::new())
                    .await;
                answer.err().map(|error| why(&error))
            }
            Err(_) => None,
        }
    } else {
        None
    };
    match tls {
        Some(error) if is_plain_http(&error) => NETWORK
            .finds(Verdict::Wrong, asked, "the port speaks plain HTTP, and no TLS")
            .came(error)
            .advice("check the base URL's port; a server on this machine is named with http:// in place of https://"),
        Some(error) => NETWORK
            .finds(Verdict::Wrong, asked, "a connection is there, but TLS or HTTP fails on it")
            .came(error)
            .advice("look for a proxy that opens TLS, and for a clock that is wrong; add its root to the machine's certificates"),
        None => NETWORK.finds(Verdict::Ok, asked, "the server is there"),
    }
}

/// What this machine's clock is against the server's, by the response's `Date`.
pub(super) fn clock(date: Option<&str>) -> Finding {
    let asked = "Date of a response";
    let told = date.and_then(|date| {
        jiff::fmt::rfc2822::DateTimeParser::new()
            .parse_timestamp(date)
            .ok()
    });
    let now = jiff::Timestamp::try_from(SystemTime::now()).ok();
    let (Some(told), Some(now)) = (told, now) else {
        return CLOCK.finds(
            Verdict::Unknown,
            asked,
            "the response does not say what time it is",
        );
    };
    let off = now.as_second() - told.as_second();
    let came = format!("{told}, while it is {now:.0} here");
    if off.abs() <= 60 {
        return CLOCK
            .finds(Verdict::Ok, asked, "the clock is right, to a minute")
            .came(came);
    }
    let which = if off > 0 { "fast" } else { "slow" };
    CLOCK
        .finds(
            Verdict::Wrong,
            asked,
            format!("the clock of this machine is {} s {which}", off.abs()),
        )
        .came(came)
        .advice("set it by NTP: timestamps, token lifetimes and certificates depend on it")
}
