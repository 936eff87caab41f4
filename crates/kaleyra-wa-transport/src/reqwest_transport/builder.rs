//! Settings of the reqwest transport.

use std::error::Error;
use std::time::Duration;

use ::reqwest::{ClientBuilder, redirect, retry};
use rustls::ClientConfig;

use super::{ReqwestTransport, tls};

/// Shorter than the 60 s or more after which servers and load balancers close a connection that
/// nobody uses: of two ends that close it, ours should be the first, or a request leaves just as
/// the other end goes.
const IDLE: Duration = Duration::from_secs(30);

/// Settings of a [`ReqwestTransport`]; get one with [`ReqwestTransport::builder`].
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use kaleyra_wa_transport::ReqwestTransport;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let transport = ReqwestTransport::builder()
///     .timeout(Duration::from_secs(10))
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct ReqwestTransportBuilder {
    connect_timeout: Duration,
    timeout: Duration,
    user_agent: String,
}

impl ReqwestTransportBuilder {
    pub(super) fn new() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(30),
            user_agent: concat!("kaleyra-wa/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }

    /// How long connecting may take, name lookup and TLS included. Default: 5 s.
    ///
    /// It is never more than two thirds of [`timeout`](Self::timeout): were that one to pass first, the failure
    /// could not be told from one in flight, and a request that was never sent would be reported as one that may
    /// have arrived.
    pub const fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// How long everything may take, from the call to the end of the answer. Default: 30 s.
    ///
    /// Two thirds of it at most are for [connecting](Self::connect_timeout). An operation that has a
    /// [limit of its own](crate::Operation::timeout), as an upload has, is not bound by it.
    pub const fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// The `User-Agent` of requests that have none of their own. Default: `kaleyra-wa/<version>`.
    pub fn user_agent(mut self, value: impl Into<String>) -> Self {
        self.user_agent = value.into();
        self
    }

    /// Makes the transport. It loads the machine's certificate roots, so make one and keep it.
    ///
    /// # Errors
    ///
    /// When TLS can't be set up, most often because the machine has no certificate roots, or when
    /// the `User-Agent` can't be sent in a header.
    pub fn build(self) -> Result<ReqwestTransport, BuildError> {
        let tls = tls::config().map_err(|error| BuildError {
            what: "could not set up TLS: check that the machine's certificate roots are installed",
            source: error.into(),
        })?;
        let unusable = |error: ::reqwest::Error| BuildError {
            what: "could not set up the HTTP client: check the user agent and the proxy settings",
            source: error.into(),
        };
        Ok(ReqwestTransport {
            local: self
                .client(tls.clone())
                .no_proxy()
                .build()
                .map_err(unusable)?,
            remote: self
                .client(tls)
                .https_only(true)
                .build()
                .map_err(unusable)?,
        })
    }

    fn client(&self, tls: ClientConfig) -> ClientBuilder {
        ClientBuilder::new()
            .connect_timeout(self.connect_timeout.min(self.timeout / 3 * 2))
            .timeout(self.timeout)
            .pool_idle_timeout(IDLE)
            .user_agent(&self.user_agent)
            .tls_backend_preconfigured(tls)
            .redirect(redirect::Policy::none())
            .referer(false)
            .retry(retry::never())
            // Off unless another crate of the program turns these features of reqwest on; then they
            // must stay off here.
            .http1_only()
            .no_brotli()
            .no_deflate()
            .no_gzip()
            .no_zstd()
    }
}

/// A [`ReqwestTransport`] could not be made. The cause is in [`source`](Error::source).
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct BuildError {
    what: &'static str,
    source: Box<dyn Error + Send + Sync>,
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
}
