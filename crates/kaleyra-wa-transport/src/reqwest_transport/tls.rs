//! TLS with an explicit provider.
//!
//! Nothing is installed for the process: a library that did so would decide for the whole program,
//! or panic where another library had decided first.

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::ring;
use rustls_platform_verifier::BuilderVerifierExt;

/// rustls with *ring* and the machine's own certificate roots.
pub(super) fn config() -> Result<ClientConfig, rustls::Error> {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?
        .with_no_client_auth();
    Ok(config)
}
