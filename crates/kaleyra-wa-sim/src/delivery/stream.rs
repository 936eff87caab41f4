//! Connections to a webhook, with TLS or without.

use http::Uri;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use super::webhook::{CallbackError, InvalidWebhook};

/// Either kind of connection.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// A host, and how it is spoken to.
pub(super) struct Endpoint {
    host: String,
    port: u16,
    #[cfg(feature = "https")]
    tls: Option<tokio_rustls::TlsConnector>,
}

impl Endpoint {
    /// The host of a URL. `roots` are certificates that are trusted besides the machine's own.
    pub(super) fn of(url: &Uri, roots: &[Vec<u8>]) -> Result<Self, InvalidWebhook> {
        let authority = url.authority().ok_or(InvalidWebhook::Url)?;
        let is_https = match url.scheme_str() {
            Some("http") => false,
            Some("https") if cfg!(feature = "https") => true,
            _ => return Err(InvalidWebhook::Url),
        };
        if authority.as_str().contains('@') {
            return Err(InvalidWebhook::Url);
        }
        #[cfg(not(feature = "https"))]
        let _ = roots;
        Ok(Self {
            // An IPv6 address stands in brackets in a URL only.
            host: authority
                .host()
                .trim_matches(|bracket| "[]".contains(bracket))
                .to_owned(),
            port: authority
                .port_u16()
                .unwrap_or(if is_https { 443 } else { 80 }),
            #[cfg(feature = "https")]
            tls: is_https.then(|| tls(roots)).transpose()?,
        })
    }

    pub(super) async fn connect(&self) -> Result<Box<dyn Stream>, CallbackError> {
        let stream = TcpStream::connect((self.host.as_str(), self.port))
            .await
            .map_err(CallbackError::Connect)?;
        let _ = stream.set_nodelay(true);
        #[cfg(feature = "https")]
        if let Some(tls) = &self.tls {
            let name = rustls::pki_types::ServerName::try_from(self.host.clone());
            let name = name.map_err(|error| CallbackError::Tls(std::io::Error::other(error)))?;
            let stream = tls
                .connect(name, stream)
                .await
                .map_err(CallbackError::Tls)?;
            return Ok(Box::new(stream));
        }
        Ok(Box::new(stream))
    }
}

/// rustls with *ring*, the machine's own certificate roots, and these beside them. Nothing is installed for the process.
#[cfg(feature = "https")]
fn tls(roots: &[Vec<u8>]) -> Result<tokio_rustls::TlsConnector, InvalidWebhook> {
    use std::sync::Arc;

    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject;

    let mut extra: Vec<CertificateDer<'static>> = Vec::new();
    for pem in roots {
        for certificate in CertificateDer::pem_slice_iter(pem) {
            extra.push(certificate.map_err(|_| InvalidWebhook::Tls)?);
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|_| InvalidWebhook::Tls)?;
    // "Dangerous" is the name of every verifier that is handed over; this one checks all that any other does.
    let verifier = verifier(extra, provider).map_err(|_| InvalidWebhook::Tls)?;
    let config = config
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(Arc::new(config).into())
}

#[cfg(all(feature = "https", not(target_os = "android")))]
fn verifier(
    extra: Vec<rustls::pki_types::CertificateDer<'static>>,
    provider: std::sync::Arc<rustls::crypto::CryptoProvider>,
) -> Result<rustls_platform_verifier::Verifier, rustls::Error> {
    rustls_platform_verifier::Verifier::new_with_extra_roots(extra, provider)
}

/// Android takes roots from the app's own manifest alone.
#[cfg(all(feature = "https", target_os = "android"))]
fn verifier(
    _extra: Vec<rustls::pki_types::CertificateDer<'static>>,
    provider: std::sync::Arc<rustls::crypto::CryptoProvider>,
) -> Result<rustls_platform_verifier::Verifier, rustls::Error> {
    rustls_platform_verifier::Verifier::new(provider)
}
