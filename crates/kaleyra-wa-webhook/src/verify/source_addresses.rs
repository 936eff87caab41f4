//! Where a request comes from.

use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;
use http::request::Parts;

use super::network::Network;
use super::{InvalidNetwork, Unverified, Verdict, Verifier};

/// The address at the other end of the connection, in a request's
/// [extensions](http::Request::extensions).
///
/// [`Server`](crate::Server) puts it there; with another server, do it yourself:
///
/// ```
/// use kaleyra_wa_webhook::{PeerAddress, http};
///
/// let mut request = http::Request::post("/").body(())?;
/// request.extensions_mut().insert(PeerAddress("203.0.113.7:50000".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerAddress(pub SocketAddr);

/// Takes requests that come from certain IP addresses.
///
/// Kaleyra doesn't publish its addresses, and helps with allow-lists on request. Addresses say who
/// could have sent a request, not who did: combine it with a secret by [`all_of`](super::all_of).
///
/// It goes by the [`PeerAddress`]; a request without one is forged. Behind a proxy, every request has
/// the proxy's address: then say so by [`forwarded_by`](Self::forwarded_by).
///
/// # Examples
///
/// ```
/// use kaleyra_wa_webhook::SourceAddresses;
///
/// let direct = SourceAddresses::new(["203.0.113.0/24", "2001:db8::/32"])?;
/// let behind_nginx = SourceAddresses::new(["203.0.113.0/24"])?.forwarded_by(["127.0.0.1", "::1"])?;
/// # let _ = (direct, behind_nginx);
/// # Ok::<(), kaleyra_wa_webhook::InvalidNetwork>(())
/// ```
#[derive(Clone, Debug)]
pub struct SourceAddresses {
    allowed: Vec<Network>,
    /// Empty: `X-Forwarded-For` counts for nothing.
    proxies: Vec<Network>,
}

impl SourceAddresses {
    /// Takes requests from these networks and addresses; from nobody, if there are none.
    ///
    /// # Errors
    ///
    /// When one of them is neither.
    ///
    /// For an example see [`SourceAddresses`].
    pub fn new<'a>(networks: impl IntoIterator<Item = &'a str>) -> Result<Self, InvalidNetwork> {
        Ok(Self {
            allowed: parse(networks)?,
            proxies: Vec::new(),
        })
    }

    /// Trusts what these proxies say in `X-Forwarded-For`, and nobody else.
    ///
    /// The sender is then the last address in the header that is no such proxy. What is before it
    /// is the sender's own claim, which is worth nothing. Each of the proxies has to add the address
    /// that it was called from, as they do by default.
    ///
    /// # Errors
    ///
    /// When one of them is neither a network nor an address.
    ///
    /// For an example see [`SourceAddresses`].
    pub fn forwarded_by<'a>(
        mut self,
        proxies: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, InvalidNetwork> {
        self.proxies.extend(parse(proxies)?);
        Ok(self)
    }

    /// Whom the request is from, as far as it can be believed.
    fn source(&self, head: &Parts) -> Option<IpAddr> {
        let PeerAddress(peer) = head.extensions.get()?;
        let mut source = peer.ip();
        // From the nearest to the farthest, as long as each is a proxy that can be believed.
        for farther in forwarded_for(&head.headers).rev() {
            if !is_in(&self.proxies, source) {
                break;
            }
            source = farther?;
        }
        Some(source)
    }
}

impl Verifier for SourceAddresses {
    fn verify(&self, request: &Unverified<'_>) -> Verdict {
        let source = self.source(request.head());
        Verdict::from(source.is_some_and(|source| is_in(&self.allowed, source)))
    }
}

fn parse<'a>(networks: impl IntoIterator<Item = &'a str>) -> Result<Vec<Network>, InvalidNetwork> {
    networks.into_iter().map(str::parse).collect()
}

fn is_in(networks: &[Network], address: IpAddr) -> bool {
    networks.iter().any(|network| network.contains(address))
}

/// The addresses in `X-Forwarded-For`; `None` for what is none. Several headers are one list.
fn forwarded_for(headers: &HeaderMap) -> impl DoubleEndedIterator<Item = Option<IpAddr>> {
    let values = headers.get_all("x-forwarded-for").iter();
    values.flat_map(|value| {
        let entries = value.as_bytes().split(|byte| *byte == b',');
        entries.map(|entry| address(str::from_utf8(entry).ok()?.trim()))
    })
}

/// An address, bare or with a port; some proxies write `[::1]` and `[::1]:80`.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let with_port = || text.parse().ok().map(|address: SocketAddr| address.ip());
    bare.unwrap_or(text).parse().ok().or_else(with_port)
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use http::Request;

    use super::*;

    fn check(verifier: &SourceAddresses, peer: Option<&str>, forwarded: &[&str]) -> bool {
        let mut request = Request::post("/");
        for value in forwarded {
            request = request.header("X-Forwarded-For", *value);
        }
        let (mut head, ()) = request.body(()).unwrap().into_parts();
        if let Some(peer) = peer {
            let peer = PeerAddress(peer.parse().unwrap());
            head.extensions.insert(peer);
        }
        let now = SystemTime::UNIX_EPOCH;
        verifier.verify(&Unverified::head_only(&head, now)) == Verdict::Genuine
    }

    #[test]
    fn the_peer_counts_and_no_header() {
        let verifier = SourceAddresses::new(["203.0.113.0/24", "2001:db8::/32"]).unwrap();
        assert!(check(&verifier, Some("203.0.113.7:1"), &[]));
        assert!(check(&verifier, Some("[::ffff:203.0.113.7]:1"), &[]));
        assert!(check(&verifier, Some("[2001:db8::1]:1"), &[]));
        assert!(!check(&verifier, Some("198.51.100.1:1"), &[]));
        assert!(!check(&verifier, Some("198.51.100.1:1"), &["203.0.113.7"]));
        assert!(check(&verifier, Some("203.0.113.7:1"), &["198.51.100.1"]));
        assert!(!check(&verifier, None, &["203.0.113.7"]));
        let nobody = SourceAddresses::new([]).unwrap();
        assert!(!check(&nobody, Some("203.0.113.7:1"), &[]));
    }

    #[test]
    fn a_trusted_proxy_is_believed_as_far_as_it_saw() {
        let verifier = SourceAddresses::new(["203.0.113.0/24"]).unwrap();
        let verifier = verifier.forwarded_by(["127.0.0.1", "10.0.0.0/8"]).unwrap();
        let proxy = Some("127.0.0.1:1");
        for (forwarded, expect) in [
            (&["203.0.113.7"][..], true),
            (&["203.0.113.7:4711"], true),
            (&["198.51.100.1"], false),
            // What the sender wrote itself is to the left of what the proxy saw.
            (&["203.0.113.7, 198.51.100.1"], false),
            (&["198.51.100.1, 203.0.113.7"], true),
            // Two proxies, in one header or in two.
            (&["203.0.113.7, 10.1.2.3"], true),
            (&["203.0.113.7", "10.1.2.3"], true),
            (&["198.51.100.1", "203.0.113.7,10.1.2.3"], true),
            (&["203.0.113.7, 198.51.100.1, 10.1.2.3"], false),
            // Nobody knows who it is.
            (&["203.0.113.7, unknown"], false),
            (&["unknown, 203.0.113.7"], true),
            (&[""], false),
            // The proxy itself may not call.
            (&[], false),
            (&["10.1.2.3"], false),
        ] {
            assert_eq!(check(&verifier, proxy, forwarded), expect, "{forwarded:?}");
        }
        // Somebody else is not believed.
        assert!(!check(&verifier, Some("198.51.100.1:1"), &["203.0.113.7"]));
        assert!(check(&verifier, Some("203.0.113.7:1"), &["198.51.100.1"]));
    }

    #[test]
    fn addresses_are_read_in_the_ways_of_proxies() {
        for (text, expect) in [
            ("203.0.113.7", Some("203.0.113.7")),
            ("203.0.113.7:80", Some("203.0.113.7")),
            ("::1", Some("::1")),
            ("[::1]", Some("::1")),
            ("[::1]:80", Some("::1")),
            ("", None),
            ("_hidden", None),
            ("203.0.113.7:", None),
        ] {
            let expect = expect.map(|text| text.parse().unwrap());
            assert_eq!(address(text), expect, "{text}");
        }
    }
}
