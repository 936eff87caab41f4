//! A request goes to the host it names, safely, or nowhere.

use kaleyra_wa_transport::{Phase, ReqwestTransport, Transport, TransportErrorKind};

use crate::server::{Server, Untouched, post};

#[tokio::test]
async fn a_redirect_is_the_answer_and_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let second = Untouched::listen("127.0.0.1");
        let first = Server::responding(format!(
            "HTTP/1.1 {status} Elsewhere\r\nlocation: http://127.0.0.1:{}/\r\ncontent-length: 0\r\n\r\n",
            second.port()
        ))
        .await;
        let transport = ReqwestTransport::new().unwrap();
        let response = transport
            .execute(post(&first.url(), "{}".to_owned()))
            .await
            .unwrap();
        assert_eq!(response.status().as_u16(), status);
        assert!(response.headers().contains_key("location"));
        assert_eq!(first.received().len(), 1);
        second.assert_untouched();
    }
}

#[tokio::test]
async fn plain_http_to_another_machine_is_refused_before_any_io() {
    // `0.0.0.0` is no loopback address, yet reaches this machine: a request that slipped through
    // would be seen.
    let listener = Untouched::listen("0.0.0.0");
    let transport = ReqwestTransport::new().unwrap();
    let url = format!("http://0.0.0.0:{}/", listener.port());
    let error = transport
        .execute(post(&url, "{}".to_owned()))
        .await
        .unwrap_err();
    assert_eq!(
        (error.phase(), error.kind()),
        (Phase::Connect, TransportErrorKind::InsecureUrl)
    );
    listener.assert_untouched();
}

#[tokio::test]
async fn localhost_by_name_may_be_plain() {
    let server = Server::responding("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let transport = ReqwestTransport::new().unwrap();
    let url = format!("http://localhost:{}/", server.address().port());
    let response = transport
        .execute(post(&url, "{}".to_owned()))
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
}
