//! TLS, with a certificate that the test makes, on a server that takes no connection without.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use kaleyra_wa_store::inbox::{EventId, InboxStore, Settlement};
use kaleyra_wa_store_postgres::PostgresOptions;
use kaleyra_wa_store_postgres::tokio_postgres::Socket;
use kaleyra_wa_store_postgres::tokio_postgres::tls::{
    ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream,
};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::TlsConnector;

use crate::sample::keep;
use crate::server::Server;

/// TLS by rustls: what `tokio-postgres-rustls` has ready.
#[derive(Clone)]
struct Rustls(Arc<ClientConfig>);

struct Connect(TlsConnector, ServerName<'static>);

struct Stream(tokio_rustls::client::TlsStream<Socket>);

impl Rustls {
    /// Trusts these certificates, and no others.
    fn trusting(certificates: &[Vec<u8>]) -> Self {
        let mut roots = RootCertStore::empty();
        for pem in certificates {
            roots
                .add(CertificateDer::from_pem_slice(pem).unwrap())
                .unwrap();
        }
        let config = ClientConfig::builder_with_provider(ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self(Arc::new(config))
    }
}

impl MakeTlsConnect<Socket> for Rustls {
    type Stream = Stream;
    type TlsConnect = Connect;
    type Error = rustls::pki_types::InvalidDnsNameError;

    fn make_tls_connect(&mut self, domain: &str) -> Result<Connect, Self::Error> {
        let name = ServerName::try_from(domain.to_owned())?;
        Ok(Connect(TlsConnector::from(Arc::clone(&self.0)), name))
    }
}

impl TlsConnect<Socket> for Connect {
    type Stream = Stream;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Stream>> + Send>>;

    fn connect(self, stream: Socket) -> Self::Future {
        Box::pin(async move { Ok(Stream(self.0.connect(self.1, stream).await?)) })
    }
}

impl TlsStream for Stream {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buffer)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_are_encrypted_and_go_to_whom_the_certificate_names() {
    let Some((server, certificate)) = Server::start_with_tls() else {
        return;
    };
    let url = format!("{}?sslmode=require", server.url());
    let trusting =
        |certificates: &[Vec<u8>]| PostgresOptions::new(&url).tls(Rustls::trusting(certificates));
    // Without TLS, and with one that trusts others.
    assert!(PostgresOptions::new(&server.url()).open().await.is_err());
    assert!(PostgresOptions::new(&url).open().await.is_err());
    assert!(trusting(&[]).open().await.is_err());

    let store = trusting(&[certificate]).open().await.unwrap();
    store.begin_handling().await.unwrap();
    store.recover(5).await.unwrap();
    store.load(EventId::default(), 10).await.unwrap();
    let id = keep(&store, "1").await;
    assert_eq!(store.take(id).await.unwrap(), Some(1));
    let handled = Settlement::Handled { sends: Vec::new() };
    assert!(store.settle(id, 1, handled).await.unwrap());
    store.close().await;
}
