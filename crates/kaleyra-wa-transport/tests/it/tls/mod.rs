//! A server with TLS, whose certificate is signed by a root that no machine trusts.
//!
//! The key beside this file belongs to that certificate for `localhost` and to nothing else.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
#[cfg(feature = "http2")]
use std::sync::atomic::{AtomicUsize, Ordering};

use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use kaleyra_wa_transport::bytes::Bytes;
use kaleyra_wa_transport::http;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
#[cfg(feature = "http2")]
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// The root, to be trusted by the transport under test.
pub(crate) const ROOT: &str = include_str!("ca.pem");

fn acceptor(versions: &[&str]) -> TlsAcceptor {
    let certificate = CertificateDer::from_pem_slice(include_bytes!("localhost.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("localhost.key")).unwrap();
    let mut config = ServerConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    config.alpn_protocols = versions.iter().map(|name| (*name).into()).collect();
    TlsAcceptor::from(Arc::new(config))
}

/// Responses each request with the HTTP version that it came in; it speaks 1.1 and, if told so, 2.
pub(crate) async fn versions(http2: bool) -> SocketAddr {
    let versions: &[&str] = if http2 {
        &["h2", "http/1.1"]
    } else {
        &["http/1.1"]
    };
    let acceptor = acceptor(versions);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(stream) = acceptor.accept(stream).await else {
                    return;
                };
                let server = auto::Builder::new(TokioExecutor::new());
                let _ = server
                    .serve_connection(TokioIo::new(stream), service_fn(version))
                    .await;
            });
        }
    });
    address
}

async fn version(
    request: http::Request<Incoming>,
) -> Result<http::Response<Full<Bytes>>, Infallible> {
    let version = format!("{:?}", request.version());
    Ok(http::Response::new(Full::from(version)))
}

/// Speaks HTTP/2 as far as a request, then sends this frame and closes. Counts the requests that began to come.
#[cfg(feature = "http2")]
pub(crate) async fn refusing(frame: &'static [u8]) -> (SocketAddr, Arc<AtomicUsize>) {
    let acceptor = acceptor(&["h2"]);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let requests = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&requests);
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            // The preface has no frame; settings come first, and those without a field say nothing.
            stream.read_exact(&mut [0; 24]).await.unwrap();
            stream
                .write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0])
                .await
                .unwrap();
            let mut head = [0; 9];
            while stream.read_exact(&mut head).await.is_ok() {
                let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
                let mut payload = vec![0; length as usize];
                stream.read_exact(&mut payload).await.unwrap();
                const HEADERS: u8 = 1;
                if head[3] == HEADERS {
                    counter.fetch_add(1, Ordering::SeqCst);
                    stream.write_all(frame).await.unwrap();
                    stream.shutdown().await.unwrap();
                    break;
                }
            }
        }
    });
    (address, requests)
}
