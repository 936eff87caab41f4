//! Which hosts the simulator responds for: a guard against DNS rebinding.
//!
//! A web page can have its own name lead to this machine. Its browser then takes the simulator for a part of the page, and
//! lets the page read what was sent and set faults. But the name still stands in the request's `Host`, and no page can
//! change that.

use std::net::{IpAddr, Ipv6Addr};

/// The hosts beside `localhost` and loopback addresses.
pub(crate) struct Hosts {
    bound: IpAddr,
    allowed: Vec<Host>,
}

/// A host as it stands in a URL, without its port.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Host {
    /// In lower case and without a dot at its end.
    Name(String),
    /// An IPv4 address within an IPv6 one is the IPv4 one.
    Address(IpAddr),
}

impl Hosts {
    /// The address that is listened on, and what the user allows; fails on what is no host.
    pub(crate) fn new(bound: IpAddr, allowed: &[String]) -> Option<Self> {
        let allowed = allowed.iter().map(|text| match text.parse::<Ipv6Addr>() {
            // In a URL it stands in brackets; who allows it need not write them.
            Ok(address) => Some(Host::Address(IpAddr::V6(address).to_canonical())),
            Err(_) => match Host::parse(text)? {
                (host, "") => Some(host),
                _ => None,
            },
        });
        Some(Self {
            bound: bound.to_canonical(),
            allowed: allowed.collect::<Option<_>>()?,
        })
    }

    /// Whether requests to this host, which may have a port, are for the simulator. `local` is the address that the
    /// connection came in at: where any address is listened on, it tells which was used.
    ///
    /// Ports don't matter: they may be forwarded, and are no part of what a name leads to.
    pub(crate) fn allows(&self, host: &str, local: IpAddr) -> bool {
        let Some((host, _)) = Host::parse(host) else {
            return false;
        };
        let is_own = match &host {
            Host::Name(name) => name == "localhost",
            Host::Address(address) => {
                address.is_loopback() || *address == self.bound || *address == local.to_canonical()
            }
        };
        is_own || self.allowed.contains(&host)
    }

    /// Whether a page of this origin may make requests.
    pub(crate) fn allows_origin(&self, origin: &str, local: IpAddr) -> bool {
        let host = (origin.strip_prefix("http://")).or(origin.strip_prefix("https://"));
        host.is_some_and(|host| self.allows(host, local))
    }
}

impl Host {
    /// The host, and its port if it has one.
    fn parse(text: &str) -> Option<(Self, &str)> {
        if let Some(rest) = text.strip_prefix('[') {
            let (address, rest) = rest.split_once(']')?;
            let address: Ipv6Addr = address.parse().ok()?;
            let host = Self::Address(IpAddr::V6(address).to_canonical());
            return Some((host, port(rest)?));
        }
        let (name, rest) = text.split_at(text.find(':').unwrap_or(text.len()));
        let name = name.strip_suffix('.').unwrap_or(name);
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        if name.is_empty() || !name.bytes().all(is_name) {
            return None;
        }
        let host = match name.parse() {
            Ok(address) => Self::Address(IpAddr::V4(address)),
            Err(_) => Self::Name(name.to_ascii_lowercase()),
        };
        Some((host, port(rest)?))
    }
}

/// What is behind a host: nothing, or a colon and a port, which may be empty.
fn port(rest: &str) -> Option<&str> {
    if rest.is_empty() {
        return Some("");
    }
    let port = rest.strip_prefix(':')?;
    (port.is_empty() || (port.parse::<u16>().is_ok() && !port.starts_with('+'))).then_some(port)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(bound: &str, allowed: &[&str], host: &str) -> bool {
        let allowed: Vec<String> = allowed.iter().map(|&name| name.to_owned()).collect();
        let hosts = Hosts::new(bound.parse().unwrap(), &allowed).unwrap();
        hosts.allows(host, "192.0.2.1".parse().unwrap())
    }

    #[test]
    fn its_own_hosts_in_every_spelling() {
        for host in [
            "localhost",
            "LocalHost:8090",
            "localhost.",
            "localhost.:8090",
            "localhost:",
            "127.0.0.1",
            "127.8.9.1:80",
            "127.0.0.1.",
            "[::1]",
            "[::1]:8090",
            "[0:0:0:0:0:0:0:1]",
            "[::ffff:127.0.0.1]:8090",
            "192.0.2.1:8090",
        ] {
            assert!(allows("127.0.0.1", &[], host), "{host}");
        }
        assert!(allows("0.0.0.0", &[], "0.0.0.0:8090"));
        assert!(allows("2001:db8::1", &[], "[2001:DB8:0::1]:8090"));
    }

    #[test]
    fn no_other_host() {
        for host in [
            "",
            "evil.example",
            "evil.example:8090",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "evil.example:8090@localhost",
            "localhost@evil.example",
            "user@localhost",
            "localhost:port",
            "localhost:+80",
            "localhost:80:80",
            "localhost..",
            ".",
            "localhost/",
            "local host",
            "localhost, evil.example",
            "[::1",
            "[::1]x",
            "[::1].evil.example",
            "[::2]",
            "::1",
            "[127.0.0.1]",
            "[fe80::1%25lo]",
            "192.0.2.7",
            "0.0.0.0",
            "127.1",
            "2130706433",
            "0x7f.0.0.1",
            "ⓛocalhost",
            "localhost\u{0}",
        ] {
            assert!(!allows("127.0.0.1", &[], host), "{host}");
        }
    }

    #[test]
    fn what_the_user_allows() {
        let allowed = [
            "sim",
            "Kaleyra.Test.",
            "2001:db8::7",
            "[2001:db8::8]",
            "198.51.100.3",
        ];
        for host in [
            "sim:8090",
            "SIM",
            "kaleyra.test",
            "[2001:db8::7]:80",
            "[2001:db8::8]",
            "198.51.100.3",
        ] {
            assert!(allows("127.0.0.1", &allowed, host), "{host}");
        }
        assert!(!allows("127.0.0.1", &allowed, "a.kaleyra.test"));
        for wrong in ["", "*", "*.test", "http://sim", "sim:8090", "sim/", "[sim]"] {
            let bound = IpAddr::V6(Ipv6Addr::LOCALHOST);
            assert!(Hosts::new(bound, &[wrong.to_owned()]).is_none(), "{wrong}");
        }
    }

    #[test]
    fn origins_are_those_of_allowed_hosts() {
        let hosts = Hosts::new(IpAddr::V6(Ipv6Addr::LOCALHOST), &["sim".to_owned()]).unwrap();
        let allows = |origin| hosts.allows_origin(origin, IpAddr::V6(Ipv6Addr::LOCALHOST));
        for origin in ["http://localhost:3000", "https://sim", "http://[::1]:8090"] {
            assert!(allows(origin), "{origin}");
        }
        for origin in [
            "null",
            "",
            "localhost",
            "http://",
            "http://evil.example",
            "file://localhost",
            "chrome-extension://localhost",
            "http://localhost/",
            "http://localhost http://evil.example",
        ] {
            assert!(!allows(origin), "{origin}");
        }
    }
}
