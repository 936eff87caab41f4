//! TLS, with a certificate that the test makes, on a server that takes no connection without.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use kaleyra_wa_store::StoreErrorKind;
use kaleyra_wa_store::inbox::{EventId, InboxStore, Settlement};
use kaleyra_wa_store_postgres::tokio_postgres::Socket;
use kaleyra_wa_store_postgres::tokio_postgres::tls::{
    ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream,
};
use kaleyra_wa_store_postgres::{PostgresOptions, PostgresStore};
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

/// Keeps an event, and handles it.
async fn works(store: &PostgresStore) {
    store.begin_handling().await.unwrap();
    store.recover(5).await.unwrap();
    store.load(EventId::default(), 10).await.unwrap();
    let id = keep(store, "1").await;
    assert_eq!(store.take(id).await.unwrap(), Some(1));
    let handled = Settlement::Handled { sends: Vec::new() };
    assert!(store.settle(id, 1, handled).await.unwrap());
}

/// Why it does not open; says nothing of where it was to go.
async fn refused(options: PostgresOptions) -> String {
    let error = options.open().await.expect_err("it is refused");
    assert_eq!(error.kind(), StoreErrorKind::Invalid, "{error}");
    let told = error.to_string();
    assert!(!told.contains("127.0.0.1"), "{told}");
    told
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connector_of_the_application_encrypts_connections() {
    let Some((server, certificate)) = Server::start_with_tls() else {
        return;
    };
    let url = format!("{}?sslmode=require", server.url());
    let trusting =
        |certificates: &[Vec<u8>]| PostgresOptions::new(&url).tls(Rustls::trusting(certificates));
    // With one that trusts others.
    let told = refused(trusting(&[])).await;
    assert!(told.contains("certificate"), "{told}");
    let store = trusting(&[certificate]).open().await.unwrap();
    works(&store).await;
    store.close().await;
}

#[cfg(feature = "rustls")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_are_encrypted_as_the_connection_string_says() {
    let Some((server, certificate)) = Server::start_with_tls() else {
        return;
    };
    let Some((_other, other)) = Server::start_with_tls() else {
        return;
    };
    let right = server.file("right.pem", &certificate);
    let wrong = server.file("wrong.pem", &other);
    let (right, wrong) = (right.display(), wrong.display());
    let at = |query: &str| PostgresOptions::new(&format!("{}?{query}", server.url()));

    for query in [
        String::new(),
        "sslmode=prefer".to_owned(),
        "sslmode=require".to_owned(),
        format!("sslmode=require&sslrootcert={right}"),
        format!("sslmode=verify-ca&sslrootcert={right}"),
        format!("sslmode=verify-full&sslrootcert={right}"),
    ] {
        let store = at(&query).open().await.expect(&query);
        assert!(!store.is_exposed(), "it is on this machine");
        works(&store).await;
        store.close().await;
    }
    for (query, why) in [
        ("sslmode=disable".to_owned(), "pg_hba.conf"),
        ("sslmode=verify-full".to_owned(), "certificate"),
        (
            format!("sslmode=require&sslrootcert={wrong}"),
            "certificate",
        ),
        (
            format!("sslmode=verify-ca&sslrootcert={wrong}"),
            "certificate",
        ),
        (
            format!("sslmode=verify-full&sslrootcert={wrong}"),
            "certificate",
        ),
        (
            "sslmode=require&sslrootcert=/nowhere.pem".to_owned(),
            "can't be read",
        ),
    ] {
        let told = refused(at(&query)).await;
        assert!(told.contains(why), "{query}: {told}");
    }

    // Another name for the same server, which its certificate does not have.
    let renamed = |mode: &str| {
        let port = server.port();
        PostgresOptions::new(&format!(
            "host=db.internal hostaddr=127.0.0.1 port={port} user=test dbname=postgres sslmode={mode} sslrootcert='{right}'"
        ))
    };
    renamed("verify-ca").open().await.unwrap().close().await;
    let told = refused(renamed("verify-full")).await;
    assert!(told.contains("certificate"), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_tls_is_no_server_where_it_is_asked_for() {
    let Some(server) = Server::start() else {
        return;
    };
    let url = server.url();
    let told = refused(PostgresOptions::new(&format!("{url}?sslmode=require"))).await;
    assert!(told.contains("TLS is asked for"), "{told}");
    let store = PostgresStore::connect(&url).await.unwrap();
    assert!(!store.is_exposed(), "it is on this machine");
    store.close().await;
}
