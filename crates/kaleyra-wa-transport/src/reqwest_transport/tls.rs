//! TLS with an explicit provider.
//!
//! Nothing is installed process-wide: that would decide for the whole program, or panic if another library had decided
//! first.

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::CertificateDer;
use rustls_platform_verifier::{BuilderVerifierExt, Verifier};

/// rustls with *ring*, the machine's own certificate roots, and these beside them.
pub(super) fn config(
    extra_roots: Vec<CertificateDer<'static>>,
    http2: bool,
) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()?;
    let builder = if extra_roots.is_empty() {
        builder.with_platform_verifier()?
    } else {
        // Every custom verifier is called "dangerous"; this one checks everything that the default one does.
        builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier(extra_roots, provider)?))
    };
    let mut config = builder.with_no_client_auth();
    if http2 {
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    }
    Ok(config)
}

#[cfg(not(target_os = "android"))]
fn verifier(
    extra_roots: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
) -> Result<Verifier, rustls::Error> {
    Verifier::new_with_extra_roots(extra_roots, provider)
}

/// Android takes roots from the app's own manifest alone.
#[cfg(target_os = "android")]
fn verifier(
    _extra_roots: Vec<CertificateDer<'static>>,
    _provider: Arc<CryptoProvider>,
) -> Result<Verifier, rustls::Error> {
    let text = "Android takes extra roots from the app's network security configuration";
    Err(rustls::Error::General(text.to_owned()))
}
