//! The settings of the reqwest transport: what each does, and that none undoes what makes it safe.

#[cfg(feature = "http2")]
use std::sync::atomic::Ordering;
#[cfg(feature = "http2")]
use std::time::Duration;

use kaleyra_wa_transport::{
    Phase, ReqwestTransport, SendOnce, Transport, TransportError, TransportErrorKind, read_whole,
};
use rustls::pki_types::pem::PemObject;

use crate::secrets::texts;
use crate::server::{KEY, Server, Untouched, post};
use crate::tls;

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

async fn version(transport: &ReqwestTransport, server_has_2: bool) -> String {
    let port = tls::versions(server_has_2).await.port();
    let request = post(&format!("https://localhost:{port}/"), "{}".to_owned());
    let answer = transport.execute(request).await.unwrap();
    let body = read_whole(answer, 64).await.unwrap().into_body();
    String::from_utf8(body.to_vec()).unwrap()
}

#[tokio::test]
async fn an_extra_root_is_trusted_and_only_if_given() {
    let with = ReqwestTransport::builder()
        .root_certificates(tls::ROOT)
        .build()
        .unwrap();
    assert_eq!(version(&with, true).await, "HTTP/1.1");

    let port = tls::versions(false).await.port();
    let request = post(&format!("https://localhost:{port}/"), "{}".to_owned());
    let error = ReqwestTransport::new()
        .unwrap()
        .execute(request)
        .await
        .unwrap_err();
    assert_eq!(error.phase(), Phase::Connect);
}

#[cfg(feature = "http2")]
#[tokio::test]
async fn http_2_is_spoken_where_both_ends_have_it() {
    let transport = ReqwestTransport::builder()
        .root_certificates(tls::ROOT)
        .http2(true)
        .build()
        .unwrap();
    assert_eq!(version(&transport, true).await, "HTTP/2.0");
    assert_eq!(version(&transport, false).await, "HTTP/1.1");

    let plain = Server::responding(OK).await;
    let request = post(&plain.url(), "{}".to_owned());
    assert_eq!(transport.execute(request).await.unwrap().status(), 200);
}

/// Of both HTTP/2 says that the request was not acted on, and reqwest by itself would send it again. Whether it is true is
/// for the server to know; that there is one copy is for us.
#[cfg(feature = "http2")]
#[tokio::test]
async fn what_an_http_2_server_refuses_is_not_sent_again() {
    const RST_REFUSED_STREAM: &[u8] = &[0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 7];
    const GOAWAY_BEFORE_IT: &[u8] = &[0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let ours = ReqwestTransport::builder()
        .root_certificates(tls::ROOT)
        .http2(true)
        .build()
        .unwrap();
    for transport in [ours, foreign()] {
        for frame in [RST_REFUSED_STREAM, GOAWAY_BEFORE_IT] {
            let (server, requests) = tls::refusing(frame).await;
            let url = format!("https://localhost:{}/", server.port());
            let request = post(&url, "{}".to_owned());
            let error = transport.execute(request).await.unwrap_err();
            assert_eq!(error.phase(), Phase::InFlight, "{}", texts(&error));
            assert!(!texts(&error).contains(KEY));
            // A copy that comes late counts as well.
            tokio::time::sleep(Duration::from_millis(50)).await;
            assert_eq!(requests.load(Ordering::SeqCst), 1);
        }
    }
}

/// Fails to reach another machine through this proxy, and shows every text of the failure.
async fn refused_by(proxy: &Server) -> (TransportError, String) {
    let transport = ReqwestTransport::builder()
        .proxy(format!("http://user:canary-password@{}", proxy.address()))
        .build()
        .unwrap();
    let request = post("https://name.invalid/", "{}".to_owned());
    let error = transport.execute(request).await.unwrap_err();
    let texts = format!("{} {transport:?}", texts(&error));
    (error, texts)
}

#[tokio::test]
async fn a_proxy_gets_its_password_and_nobody_else_does() {
    let proxy = Server::responding(
        "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n",
    )
    .await;
    let (error, texts) = refused_by(&proxy).await;
    assert_eq!(error.phase(), Phase::Connect);
    // `user:canary-password` in base64.
    let secret = "dXNlcjpjYW5hcnktcGFzc3dvcmQ=";
    for canary in ["canary-password", secret] {
        assert!(!texts.contains(canary), "{texts}");
    }
    let received = proxy.received();
    assert!(received[0].starts_with("CONNECT name.invalid:443 "));
    assert!(received[0].contains(secret), "{}", received[0]);
    assert!(!received[0].contains(KEY));
}

#[tokio::test]
async fn a_proxy_is_not_asked_for_this_machine() {
    let proxy = Untouched::listen("127.0.0.1");
    let server = Server::responding(OK).await;
    let transport = ReqwestTransport::builder()
        .proxy(format!("http://127.0.0.1:{}", proxy.port()))
        .build()
        .unwrap();
    let request = post(&server.url(), "{}".to_owned());
    assert_eq!(transport.execute(request).await.unwrap().status(), 200);
    proxy.assert_untouched();
}

#[tokio::test]
async fn without_proxies_none_is_asked_not_even_one_set_before() {
    let proxy = Untouched::listen("127.0.0.1");
    let url = format!("http://127.0.0.1:{}", proxy.port());
    let transport = ReqwestTransport::builder()
        .customize(move |client| client.proxy(reqwest::Proxy::all(&url).unwrap()))
        .no_proxy()
        .build()
        .unwrap();
    let request = post("https://name.invalid/", "{}".to_owned());
    transport.execute(request).await.unwrap_err();
    proxy.assert_untouched();
}

#[tokio::test]
async fn custom_settings_are_taken_but_can_t_undo_what_is_safe() {
    let elsewhere = Untouched::listen("127.0.0.1");
    let first = Server::responding(format!(
        "HTTP/1.1 307 Elsewhere\r\nlocation: http://127.0.0.1:{}/\r\ncontent-length: 0\r\n\r\n",
        elsewhere.port()
    ))
    .await;
    let address = first.address();
    let transport = ReqwestTransport::builder()
        .customize(move |client| {
            client
                .resolve("localhost", address)
                .redirect(reqwest::redirect::Policy::limited(9))
                .https_only(true)
                .user_agent("undone")
        })
        .build()
        .unwrap();
    let url = format!("http://localhost:{}/", address.port());
    let response = transport
        .execute(post(&url, "{}".to_owned()))
        .await
        .unwrap();
    assert_eq!(response.status(), 307);
    assert!(first.received()[0].contains("kaleyra-wa/"));
    elsewhere.assert_untouched();
}

/// A client as reqwest makes it, which follows redirects.
pub(crate) fn foreign() -> ReqwestTransport {
    let mut roots = rustls::RootCertStore::empty();
    let root = rustls::pki_types::CertificateDer::from_pem_slice(tls::ROOT.as_bytes()).unwrap();
    roots.add(root).unwrap();
    let mut tls = rustls::ClientConfig::builder_with_provider(
        rustls::crypto::ring::default_provider().into(),
    )
    .with_safe_default_protocol_versions()
    .unwrap()
    .with_root_certificates(roots)
    .with_no_client_auth();
    if cfg!(feature = "http2") {
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    }
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .build()
        .unwrap();
    ReqwestTransport::dangerously_from_client(client)
}

async fn redirecting(status: u16, to: &str) -> Server {
    let answer =
        format!("HTTP/1.1 {status} Elsewhere\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n");
    Server::responding(answer).await
}

#[tokio::test]
async fn a_client_of_one_s_own_sends_a_message_once_also_when_it_follows_redirects() {
    let second = Server::responding(OK).await;
    for status in [307, 308] {
        let first = redirecting(status, &second.url()).await;
        let answer = foreign()
            .execute(post(&first.url(), "hello".to_owned()))
            .await
            .unwrap();
        assert_eq!(answer.status().as_u16(), status);
        assert!(first.received()[0].ends_with("\r\n\r\nhello"));
    }
    assert!(second.received().is_empty());
}

#[tokio::test]
async fn a_refused_connection_after_a_redirect_does_not_prove_that_nothing_was_sent() {
    let free = Untouched::listen("127.0.0.1");
    let closed = format!("http://127.0.0.1:{}/", free.port());
    drop(free);
    let first = redirecting(302, &closed).await;
    let error = foreign()
        .execute(post(&first.url(), "hello".to_owned()))
        .await
        .unwrap_err();
    assert_eq!(error.phase(), Phase::InFlight);

    let error = foreign()
        .execute(post(&closed, "hello".to_owned()))
        .await
        .unwrap_err();
    assert_eq!(error.phase(), Phase::Connect);
    let error = foreign()
        .execute(post("http://192.0.2.1/", "hello".to_owned()))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::InsecureUrl);
}

#[tokio::test]
async fn a_copy_of_a_send_is_refused_before_any_io() {
    let server = Server::responding(OK).await;
    let transport = ReqwestTransport::new().unwrap();
    let mut request = post(&server.url(), "{}".to_owned());
    request.extensions_mut().insert(SendOnce::new());
    transport.execute(request.clone()).await.unwrap();
    let error = transport.execute(request).await.unwrap_err();
    assert_eq!(
        (error.phase(), error.kind()),
        (Phase::InFlight, TransportErrorKind::Repeated)
    );
    assert_eq!(server.received().len(), 1);
}
