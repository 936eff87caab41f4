//! Settings of the reqwest transport.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ::reqwest::{ClientBuilder, Proxy, Url, redirect, retry};
use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::{ReqwestTransport, tls};
use crate::limit::clamped;

/// Shorter than the 60 s or more after which servers and load balancers close idle connections: ours should close
/// first, or a request may leave just as the other end closes.
const IDLE: Duration = Duration::from_secs(30);

/// Settings of a [`ReqwestTransport`]; get one with [`ReqwestTransport::builder`].
///
/// More than a year counts as a year. `Debug` shows neither proxies, which may hold a password, nor
/// certificates.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use kaleyra_wa_transport::ReqwestTransport;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let through_a_proxy = ReqwestTransport::builder()
///     .connect_timeout(Duration::from_secs(3))
///     .timeout(Duration::from_secs(10))
///     .user_agent("shop-bot/2.1")
///     .proxy("http://user:password@proxy.example:3128");
/// assert!(!format!("{through_a_proxy:?}").contains("password"));
/// let transport = through_a_proxy.build()?;
///
/// // Whatever `HTTPS_PROXY` says; and close connections before the load balancer does.
/// let transport = ReqwestTransport::builder()
///     .no_proxy()
///     .max_idle_connections(8)
///     .idle_timeout(Duration::from_secs(15))
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use]
pub struct ReqwestTransportBuilder {
    connect_timeout: Duration,
    timeout: Duration,
    user_agent: String,
    proxy: ProxyChoice,
    idle_timeout: Duration,
    idle_connections: usize,
    http2: bool,
    root_certificates: Vec<Vec<u8>>,
    customize: Option<Arc<Customize>>,
}

#[derive(Clone)]
enum ProxyChoice {
    /// The environment's proxies.
    Environment,
    /// Only this one.
    Url(String),
    None,
}

type Customize = dyn Fn(ClientBuilder) -> ClientBuilder + Send + Sync;

impl ReqwestTransportBuilder {
    pub(super) fn new() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(30),
            user_agent: concat!("kaleyra-wa/", env!("CARGO_PKG_VERSION")).to_owned(),
            proxy: ProxyChoice::Environment,
            idle_timeout: IDLE,
            idle_connections: usize::MAX,
            http2: false,
            root_certificates: Vec::new(),
            customize: None,
        }
    }

    /// How long connecting may take, name lookup and TLS included. Default: 5 s.
    ///
    /// It is never more than two thirds of [`timeout`](Self::timeout): were that one to pass first, the failure
    /// could not be told from one in flight, and a request that was never sent would be reported as one that may
    /// have arrived.
    pub const fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = clamped(limit);
        self
    }

    /// The timeout for everything, from the call to the end of the response. Default: 30 s.
    ///
    /// Two thirds of it at most are for [connecting](Self::connect_timeout). An operation that has a
    /// [limit of its own](crate::Operation::timeout), as an upload has, is not bound by it.
    pub const fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = clamped(limit);
        self
    }

    /// The `User-Agent` of requests that have none of their own. Default: `kaleyra-wa/<version>`.
    pub fn user_agent(mut self, value: impl Into<String>) -> Self {
        self.user_agent = value.into();
        self
    }

    /// Goes through this proxy, with or without `user:password@`, instead of those that the environment names.
    ///
    /// Its URL begins with `http://` or `https://`. Requests are tunnelled (`CONNECT`), so it sees only the host's
    /// name. Requests to this machine never go through a proxy.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = ProxyChoice::Url(url.into());
        self
    }

    /// Uses no proxy, whatever the environment says.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = ProxyChoice::None;
        self
    }

    /// How many idle connections to one host are kept open. Default: no limit.
    pub const fn max_idle_connections(mut self, count: usize) -> Self {
        self.idle_connections = count;
        self
    }

    /// How long an idle connection is kept open. Default: 30 s.
    ///
    /// Stay below what the server or a load balancer on the way allows, often 60 s: if that end closes first, a request
    /// that leaves just then may be lost in flight.
    pub const fn idle_timeout(mut self, limit: Duration) -> Self {
        self.idle_timeout = clamped(limit);
        self
    }

    /// Offers HTTP/2 to servers that are reached over TLS; those without it get HTTP/1.1. Default: off.
    ///
    /// Many requests then share one connection, and when it breaks they fail together.
    ///
    /// ```
    /// use kaleyra_wa_transport::ReqwestTransport;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let transport = ReqwestTransport::builder().http2(true).build()?;
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "http2")]
    #[cfg_attr(docsrs, doc(cfg(feature = "http2")))]
    pub const fn http2(mut self, offered: bool) -> Self {
        self.http2 = offered;
        self
    }

    /// Trusts the certificates in this PEM text as roots, beside those of the machine: a company's own, say.
    ///
    /// Call it again for more. That there is a certificate in it is checked by [`build`](Self::build).
    ///
    /// For an example see [`BuildError`].
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(pem.into());
        self
    }

    /// Changes other settings on reqwest's own builder: a resolver, a local address, keep-alive and the like.
    ///
    /// The settings of this transport are made after it, so they can't be undone by it: no redirects, no repeats, https
    /// beyond this machine, time limits, TLS with its roots, no proxy for this machine. It is called twice, for the
    /// client that is for this machine and for the one for all others. Don't enable `http09_responses`: any bytes would
    /// pass for a response then.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use kaleyra_wa_transport::ReqwestTransport;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let transport = ReqwestTransport::builder()
    ///     .customize(|client| client.tcp_keepalive(Duration::from_secs(20)))
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// `reqwest` has to be of the version that this crate uses.
    pub fn customize(
        mut self,
        settings: impl Fn(ClientBuilder) -> ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.customize = Some(Arc::new(settings));
        self
    }

    /// Builds the transport. It loads the machine's certificate roots, so build one and reuse it.
    ///
    /// # Errors
    ///
    /// When TLS can't be set up, most often because the machine has no certificate roots, when an
    /// extra root certificate or the proxy's URL can't be read, or when the `User-Agent` can't be
    /// sent in a header. No error shows the proxy's URL.
    pub fn build(self) -> Result<ReqwestTransport, BuildError> {
        let tls = tls::config(self.roots()?, self.http2).map_err(|error| {
            BuildError::new(
                "could not set up TLS: check that the machine's certificate roots are installed",
                error,
            )
        })?;
        let unusable = |error: ::reqwest::Error| {
            BuildError::new(
                "could not set up the HTTP client: check the user agent and the proxy settings",
                error.without_url(),
            )
        };
        let local = self.client(tls.clone()).no_proxy().https_only(false);
        let remote = match &self.proxy {
            ProxyChoice::Environment => self.client(tls),
            ProxyChoice::None => self.client(tls).no_proxy(),
            // Those that were set before are cleared, or they would go first.
            ProxyChoice::Url(url) => self.client(tls).no_proxy().proxy(proxy(url)?),
        };
        Ok(ReqwestTransport {
            local: local.build().map_err(unusable)?,
            remote: remote.https_only(true).build().map_err(unusable)?,
            is_foreign: false,
            url_cache: Arc::default(),
        })
    }

    fn roots(&self) -> Result<Vec<CertificateDer<'static>>, BuildError> {
        const WHAT: &str =
            "could not read an extra root certificate: it must be PEM with a CERTIFICATE section";
        let mut roots = Vec::new();
        for pem in &self.root_certificates {
            let before = roots.len();
            for certificate in CertificateDer::pem_slice_iter(pem) {
                roots.push(certificate.map_err(|error| BuildError::new(WHAT, error))?);
            }
            if roots.len() == before {
                return Err(BuildError::new(WHAT, "there is none in it"));
            }
        }
        Ok(roots)
    }

    fn client(&self, tls: ClientConfig) -> ClientBuilder {
        let custom = match &self.customize {
            Some(customize) => customize(ClientBuilder::new()),
            None => ClientBuilder::new(),
        };
        let client = custom
            .connect_timeout(self.connect_timeout.min(self.timeout / 3 * 2))
            .timeout(self.timeout)
            .pool_idle_timeout(self.idle_timeout)
            .pool_max_idle_per_host(self.idle_connections)
            .user_agent(&self.user_agent)
            .tls_backend_preconfigured(tls)
            .redirect(redirect::Policy::none())
            .referer(false)
            .retry(retry::never())
            // Off unless another crate of the program enables these reqwest features; even then they must stay off
            // here.
            .no_brotli()
            .no_deflate()
            .no_gzip()
            .no_zstd();
        if self.http2 {
            client
        } else {
            client.http1_only()
        }
    }
}

fn proxy(url: &str) -> Result<Proxy, BuildError> {
    const WHAT: &str =
        "could not read the proxy's URL: it must begin with http:// or https://, and name a host";
    // The causes below name what is wrong with the text, and nothing of it.
    let url: Url = url.parse().map_err(|error| BuildError::new(WHAT, error))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(BuildError::new(WHAT, "it has another scheme"));
    }
    Proxy::all(url).map_err(|error| BuildError::new(WHAT, error.without_url()))
}

impl fmt::Debug for ReqwestTransportBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReqwestTransportBuilder")
            .field("connect_timeout", &self.connect_timeout)
            .field("timeout", &self.timeout)
            .field("user_agent", &self.user_agent)
            .field("idle_timeout", &self.idle_timeout)
            .field("http2", &self.http2)
            .finish_non_exhaustive()
    }
}

/// A [`ReqwestTransport`] could not be made. The cause is in [`source`](Error::source).
///
/// ```
/// use std::error::Error;
///
/// use kaleyra_wa_transport::ReqwestTransport;
///
/// let error = ReqwestTransport::builder().root_certificates("not PEM").build().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "could not read an extra root certificate: it must be PEM with a CERTIFICATE section",
/// );
/// assert_eq!(error.source().unwrap().to_string(), "there is none in it");
/// ```
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct BuildError {
    what: &'static str,
    source: Box<dyn Error + Send + Sync>,
}

impl BuildError {
    fn new(what: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let source = source.into();
        Self { what, source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_agent_that_fits_no_header_is_an_error() {
        let error = ReqwestTransport::builder()
            .user_agent("line\nbreak")
            .build()
            .unwrap_err();
        assert!(error.to_string().contains("user agent"), "{error}");
        assert!(error.source().is_some());
    }

    #[test]
    fn debug_shows_no_proxy() {
        let transport = ReqwestTransport::new().unwrap();
        assert_eq!(format!("{transport:?}"), "ReqwestTransport { .. }");
    }

    #[test]
    fn a_proxy_that_can_t_be_read_is_an_error_without_its_password() {
        for url in [
            "",
            "proxy.example:3128",
            "ftp://user:canary@proxy.example",
            "http://user:canary@",
            "http://user:canary@proxy.example:99999",
            "http://user:canary@[::worse]/",
        ] {
            let builder = ReqwestTransport::builder().proxy(url);
            let error = builder.clone().build().unwrap_err();
            assert!(error.to_string().contains("proxy's URL"), "{url}: {error}");
            let shown = format!("{builder:?} {error:?} {error} {}", error.source().unwrap());
            assert!(!shown.contains("canary"), "{shown}");
        }
    }

    #[test]
    fn an_extra_root_has_to_be_a_certificate() {
        for pem in [
            "",
            "nonsense",
            "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
        ] {
            let error = ReqwestTransport::builder()
                .root_certificates(pem)
                .build()
                .unwrap_err();
            assert!(error.to_string().contains("PEM"), "{error}");
        }
    }
}
