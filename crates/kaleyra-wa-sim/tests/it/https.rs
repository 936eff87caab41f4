//! Callbacks to a webhook that speaks TLS.

use kaleyra_wa_sim::{CallbackError, Callbacks, InvalidWebhook};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::wire::simulator;

/// The root that no machine trusts, which signed the certificate for `localhost`; made for the transport's tests.
const ROOT: &str = include_str!("../../../kaleyra-wa-transport/tests/it/tls/ca.pem");
const CERTIFICATE: &[u8] =
    include_bytes!("../../../kaleyra-wa-transport/tests/it/tls/localhost.pem");
const KEY: &[u8] = include_bytes!("../../../kaleyra-wa-transport/tests/it/tls/localhost.key");

/// A webhook with TLS that responds with 204; gives its URL.
async fn webhook() -> String {
    let certificate = CertificateDer::from_pem_slice(CERTIFICATE).unwrap();
    let key = PrivateKeyDer::from_pem_slice(KEY).unwrap();
    let config = ServerConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(std::sync::Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!(
        "https://localhost:{}/",
        listener.local_addr().unwrap().port()
    );
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let mut bytes = Vec::new();
            while !bytes.ends_with(b"{}") {
                stream.read_buf(&mut bytes).await.unwrap();
            }
            let response = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
            stream.write_all(response).await.unwrap();
            let _ = stream.shutdown().await;
        }
    });
    url
}

#[tokio::test]
async fn a_webhook_with_tls_is_posted_to_where_its_certificate_is_trusted() {
    let sim = simulator().await;
    let callbacks = Callbacks::to(webhook().await);
    sim.set_callbacks(Some(&callbacks)).unwrap();
    let error = sim.post_callback(&json!({})).await.unwrap_err();
    assert!(matches!(error, CallbackError::Tls(_)), "{error}");

    sim.set_callbacks(Some(&callbacks.clone().trust(ROOT)))
        .unwrap();
    assert_eq!(sim.post_callback(&json!({})).await.unwrap(), 204);

    let broken = callbacks.trust("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n");
    assert_eq!(sim.set_callbacks(Some(&broken)), Err(InvalidWebhook::Tls));
}
