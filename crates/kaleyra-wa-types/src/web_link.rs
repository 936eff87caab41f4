//! Whether a link can be opened from anywhere: files that Meta fetches, pages that buttons and tapped messages open.
//!
//! Meta responds with code 100 ("not a valid URI") or, a minute later, 131053 where it can't fetch a file. Checked is what is
//! certain: the form of RFC 3986, and a host that the public internet may reach. Letters beyond ASCII are let pass.
//!
//! Source: *Send Media Messages*, `link`: "http/https and public"; Meta's page on media.

use core::net::{Ipv4Addr, Ipv6Addr};

/// Says why a link can't be opened.
pub(crate) fn check(link: &str) -> Result<(), &'static str> {
    let rest = strip_scheme(link).ok_or("must begin with http:// or https://")?;
    if link.contains(|sign: char| sign.is_whitespace() || sign.is_control()) {
        return Err("must have no line end, and %20 for a space");
    }
    if link.contains("{{") || link.contains("}}") {
        return Err("has a placeholder that is not filled in");
    }
    if link.contains(['<', '>', '"', '\\', '{', '}']) {
        return Err("must have < > \" \\ { } percent-encoded");
    }
    if !has_whole_escapes(link) {
        return Err(
            "must have two hexadecimal digits after each %: the percent sign itself is %25",
        );
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host_and_port = authority.rsplit('@').next().unwrap_or_default();
    let (host, port) = split_port(host_and_port);
    if !port.is_empty() && port.parse::<u16>().is_err() {
        return Err("must have a number up to 65535 as its port");
    }
    check_host(host)
}

fn strip_scheme(link: &str) -> Option<&str> {
    let (scheme, rest) = link.split_once("://")?;
    let is_web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    is_web.then_some(rest)
}

/// Whether each `%` begins an escape.
fn has_whole_escapes(link: &str) -> bool {
    link.split('%').skip(1).all(|rest| {
        let digits = rest.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

fn split_port(host_and_port: &str) -> (&str, &str) {
    if let Some((host, port)) = host_and_port.rsplit_once(']') {
        return (host, port.trim_start_matches(':'));
    }
    host_and_port
        .rsplit_once(':')
        .unwrap_or((host_and_port, ""))
}

fn check_host(host: &str) -> Result<(), &'static str> {
    const NOT_PUBLIC: &str = "has a host that can't be reached from outside";

    if host.is_empty() {
        return Err("has no host");
    }
    if let Some(address) = host.strip_prefix('[') {
        let address: Ipv6Addr = address
            .parse()
            .map_err(|_| "has a host that is not an address")?;
        let is_public = match address.to_ipv4_mapped() {
            Some(address) => is_public(address),
            None => {
                let is_local = address.is_unique_local() || address.is_unicast_link_local();
                !address.is_loopback() && !address.is_unspecified() && !is_local
            }
        };
        return is_public.then_some(()).ok_or(NOT_PUBLIC);
    }
    if let Ok(address) = host.parse::<Ipv4Addr>() {
        return is_public(address).then_some(()).ok_or(NOT_PUBLIC);
    }
    let host = host.strip_suffix('.').unwrap_or(host);
    let last = host.rsplit('.').next().unwrap_or_default();
    if last.eq_ignore_ascii_case("localhost")
        || last.eq_ignore_ascii_case("local")
        || !host.contains('.')
    {
        return Err(NOT_PUBLIC);
    }
    if host.split('.').any(str::is_empty) || last.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("has a host that is not a name");
    }
    Ok(())
}

fn is_public(address: Ipv4Addr) -> bool {
    !(address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.octets()[0] == 0)
}
