//! The part of every URL before `/v2`.

use std::fmt;
use std::net::Ipv6Addr;
use std::str::FromStr;

use kaleyra_wa_transport::http::Uri;
use kaleyra_wa_transport::http::uri::Authority;
use kaleyra_wa_transport::is_loopback;

use super::{ConfigError, Pod};

/// Where the API is: everything in its URLs before `/v2`.
///
/// It is `https`, or `http` on this machine. It may have a port and a path, for a gateway that passes requests on.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_client::{BaseUrl, Pod};
///
/// let gateway = BaseUrl::parse("https://gateway.example:8443/kaleyra/")?;
/// assert_eq!(gateway.to_string(), "https://gateway.example:8443/kaleyra");
/// assert_eq!(BaseUrl::from(Pod::In), BaseUrl::parse("https://api.in.kaleyra.io")?);
///
/// let error = BaseUrl::parse("http://gateway.example").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "base URL: plain http would expose the key to anyone on the network: use https \
///      (http works for localhost, 127.0.0.1 and [::1])",
/// );
/// # Ok::<(), kaleyra_wa_client::ConfigError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl(Uri);

/// Why a string is not a [`BaseUrl`].
///
/// ```
/// use kaleyra_wa_client::{BaseUrl, ConfigError, InvalidBaseUrl};
///
/// // The client adds `/v2` itself.
/// let error = BaseUrl::parse("https://api.in.kaleyra.io/v2").unwrap_err();
/// assert_eq!(error, ConfigError::BaseUrl(InvalidBaseUrl::Version));
/// assert_eq!(error.to_string(), "base URL: it must end before /v2, which is added to it");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidBaseUrl {
    /// It is empty.
    #[error("it is empty: give https:// and a host")]
    Empty,
    /// It has a username or a password.
    #[error("it must not contain a username or password; the API key is a separate setting")]
    Credentials,
    /// It is plain `http` to another machine.
    #[error(
        "plain http would expose the key to anyone on the network: use https \
         (http works for localhost, 127.0.0.1 and [::1])"
    )]
    Insecure,
    /// It is not an absolute URL.
    #[error("it must be https:// and a host, optionally with a port and a path")]
    NotAbsolute,
    /// It has a `?` or a `#`.
    #[error("it must end before ? and #")]
    Query,
    /// It is a host of Kaleyra's, and its path has `v1` or `v2` in it already.
    #[error("it must end before /v2, which is added to it")]
    Version,
}

impl BaseUrl {
    /// Reads a base URL.
    ///
    /// # Errors
    ///
    /// When it is not an absolute URL, is plain `http` to another machine, has a username, a query or a fragment, or
    /// is a Kaleyra host with `/v2` (which the client adds).
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        if text.is_empty() {
            return Err(InvalidBaseUrl::Empty.into());
        }
        // Before parsing: `Uri` drops fragments silently.
        if text.contains(['?', '#']) {
            return Err(InvalidBaseUrl::Query.into());
        }
        let uri: Uri = text.parse().map_err(|_| InvalidBaseUrl::NotAbsolute)?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(InvalidBaseUrl::NotAbsolute.into());
        };
        if authority.as_str().contains('@') {
            return Err(InvalidBaseUrl::Credentials.into());
        }
        if !is_plain(authority) {
            return Err(InvalidBaseUrl::NotAbsolute.into());
        }
        // Other hosts, such as gateways, may have version segments of their own.
        let has_version = uri
            .path()
            .split('/')
            .any(|part| matches!(part, "v1" | "v2"));
        if has_version && is_kaleyra(authority.host()) {
            return Err(InvalidBaseUrl::Version.into());
        }
        match scheme {
            "https" => Ok(Self(uri)),
            "http" if is_loopback(authority.host()) => Ok(Self(uri)),
            "http" => Err(InvalidBaseUrl::Insecure.into()),
            _ => Err(InvalidBaseUrl::NotAbsolute.into()),
        }
    }

    /// The host without the port, and an IPv6 address without its brackets.
    pub(crate) fn host(&self) -> &str {
        let host = self.0.host().unwrap_or_default();
        host.trim_matches(['[', ']'])
    }

    /// The given port, or the scheme's default.
    pub(crate) fn port(&self) -> u16 {
        let default = if self.scheme() == "http" { 80 } else { 443 };
        self.0.port_u16().unwrap_or(default)
    }

    /// `https`, or `http` on this machine.
    pub(crate) fn scheme(&self) -> &str {
        self.0.scheme_str().unwrap_or_default()
    }
}

impl From<Pod> for BaseUrl {
    fn from(pod: Pod) -> Self {
        Self(Uri::from_static(match pod {
            Pod::In => "https://api.in.kaleyra.io",
            Pod::Sg => "https://api.ap.kaleyra.io",
            Pod::Eu => "https://api.eu.kaleyra.io",
            Pod::Na => "https://api.na.kaleyra.ai",
        }))
    }
}

impl FromStr for BaseUrl {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// Takes the name of a [`Pod`], in upper or lower case, or a URL.
///
/// ```
/// use kaleyra_wa_client::{BaseUrl, Pod};
///
/// assert_eq!(BaseUrl::try_from("eu")?, BaseUrl::from(Pod::Eu));
/// assert_eq!(BaseUrl::try_from("http://127.0.0.1:8090")?.to_string(), "http://127.0.0.1:8090");
/// # Ok::<(), kaleyra_wa_client::ConfigError>(())
/// ```
impl TryFrom<&str> for BaseUrl {
    type Error = ConfigError;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        // No absolute URL is made of letters alone, so such a word is meant as a pod.
        let is_word = |text: &str| text.bytes().all(|sign| sign.is_ascii_alphabetic());
        if !text.is_empty() && is_word(text) {
            return Ok(text.parse::<Pod>()?.into());
        }
        Self::parse(text)
    }
}

impl TryFrom<String> for BaseUrl {
    type Error = ConfigError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.as_str().try_into()
    }
}

impl TryFrom<&String> for BaseUrl {
    type Error = ConfigError;

    fn try_from(text: &String) -> Result<Self, Self::Error> {
        text.as_str().try_into()
    }
}

/// Without a slash at the end.
impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.to_string().trim_end_matches('/'))
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BaseUrl({self})")
    }
}

/// Whether Kaleyra runs this host.
fn is_kaleyra(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    host.ends_with(".kaleyra.io") || host.ends_with(".kaleyra.ai")
}

/// Whether every URL parser reads the same host and port here: a name, an IPv4 or a bracketed IPv6 address, and a
/// port that is one.
fn is_plain(authority: &Authority) -> bool {
    let host = authority.host();
    let is_name = !host.is_empty()
        && host
            .bytes()
            .all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, b'-' | b'.' | b'_'));
    let is_ipv6 = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .is_some_and(|address| address.parse::<Ipv6Addr>().is_ok());
    let port_is_number = authority.as_str() == host || authority.port_u16().is_some();
    (is_name || is_ipv6) && port_is_number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_https_and_http_on_this_machine() {
        for (text, expected) in [
            ("https://api.kaleyra.io", "https://api.kaleyra.io"),
            ("https://api.kaleyra.io/", "https://api.kaleyra.io"),
            (
                "https://gate.example:8443/a/b",
                "https://gate.example:8443/a/b",
            ),
            ("https://192.0.2.1", "https://192.0.2.1"),
            ("https://api.kaleyra.io/gate", "https://api.kaleyra.io/gate"),
            (
                "https://gate.example/kaleyra.io/v2",
                "https://gate.example/kaleyra.io/v2",
            ),
            ("http://localhost:8080", "http://localhost:8080"),
            ("http://LOCALHOST", "http://LOCALHOST"),
            ("http://127.8.9.1", "http://127.8.9.1"),
            ("http://[::1]:80/", "http://[::1]:80"),
        ] {
            assert_eq!(BaseUrl::parse(text).unwrap().to_string(), expected);
        }
    }

    #[test]
    fn refuses_the_rest_and_says_why() {
        use InvalidBaseUrl::{Credentials, Empty, Insecure, NotAbsolute, Query, Version};
        for (text, expected) in [
            ("", Empty),
            ("api.kaleyra.io", NotAbsolute),
            ("/v2", NotAbsolute),
            ("https://", NotAbsolute),
            ("https:///v2", NotAbsolute),
            ("https://:443", NotAbsolute),
            ("https://a.example:port", NotAbsolute),
            ("https://a.example:65536", NotAbsolute),
            ("https://a.example:", NotAbsolute),
            ("https://a b.example", NotAbsolute),
            ("https://[::1", NotAbsolute),
            ("https://[name]", NotAbsolute),
            ("ftp://a.example", NotAbsolute),
            ("https://user:secret@a.example", Credentials),
            ("https://user@a.example", Credentials),
            ("http://localhost@a.example", Credentials),
            ("https://api.in.kaleyra.io/v2", Version),
            ("https://API.NA.KALEYRA.AI/v1/HX1/", Version),
            ("https://a.example?x", Query),
            ("https://a.example/#x", Query),
            ("http://a.example", Insecure),
            ("http://0.0.0.0", Insecure),
            ("http://localhost.a.example", Insecure),
            ("http://127.0.0.1.a.example", Insecure),
        ] {
            assert_eq!(
                BaseUrl::parse(text),
                Err(ConfigError::BaseUrl(expected)),
                "{text}"
            );
        }
    }

    #[test]
    fn the_hosts_of_the_pods_pass_the_same_checks() {
        for pod in ["in", "SG", "eu", "Na"] {
            let url = BaseUrl::from(pod.parse::<Pod>().unwrap());
            assert_eq!(BaseUrl::parse(&url.to_string()), Ok(url));
        }
    }
}
