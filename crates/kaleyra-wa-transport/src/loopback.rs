//! Which hosts are this machine.

use std::net::IpAddr;

/// Whether a URL's host is this machine: `localhost` in upper or lower case, `127.0.0.0/8`, `::1`.
///
/// This rule decides where plain `http` is allowed, so that the key never travels in clear text. Names are not
/// resolved: any other name counts as another machine, whatever its address. An IPv6 address may have brackets.
///
/// Pass the host as the HTTP stack parsed it, since two parsers can read one URL differently.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_transport::is_loopback;
///
/// for host in ["localhost", "127.0.0.1", "[::1]"] {
///     assert!(is_loopback(host));
/// }
/// for host in ["0.0.0.0", "10.0.0.1", "localhost.example.com", ""] {
///     assert!(!is_loopback(host));
/// }
/// ```
pub fn is_loopback(host: &str) -> bool {
    let address = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(host);
    host.eq_ignore_ascii_case("localhost")
        || address
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_surely_this_machine() {
        for host in [
            "localhost",
            "LocalHost",
            "127.0.0.1",
            "127.8.9.1",
            "::1",
            "[::1]",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "localhost.",
            "localhost.example.com",
            "127.0.0.1.example.com",
            "127.1",
            "0.0.0.0",
            "128.0.0.1",
            "[::]",
            "[::1",
            "::1]",
            "[::ffff:192.0.2.1]",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
