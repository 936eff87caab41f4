//! Canaries in the key, the URL and the body turn up in no text.

use std::error::Error;
use std::fmt::Write;

use kaleyra_wa_transport::http::HeaderValue;
use kaleyra_wa_transport::{
    Body, Request, ReqwestTransport, Transport, TransportError, read_whole,
};

use crate::delivery::impatient;
use crate::server::{Fault, KEY, Server, Untouched, post};

const PATH: &str = "canary-path-77aa";
const QUERY: &str = "canary-query-90bc";
const TEXT: &str = "canary-text-31ce";
const ANSWER: &str = "canary-response-64df";

/// Everything that an error can be made to say.
pub(crate) fn texts(error: &TransportError) -> String {
    let mut texts = format!("{error} {error:?} {error:#?}");
    let mut cause = error.source();
    while let Some(error) = cause {
        write!(texts, " {error} {error:?} {error:#?}").unwrap();
        cause = error.source();
    }
    texts
}

fn request(origin: &str) -> Request {
    post(&format!("{origin}/{PATH}?q={QUERY}"), TEXT.to_owned())
}

#[tokio::test]
async fn errors_of_every_phase_keep_quiet() {
    let closed = Untouched::listen("127.0.0.1").port();
    let hanging = Server::start(Fault::RespondThenHang(Vec::new())).await;
    let closing = Server::responding("").await;
    let garbled = Server::responding(format!("{ANSWER}\r\n\r\n")).await;
    let cut = Server::responding(format!(
        "HTTP/1.1 202 Accepted\r\ncontent-length: 100\r\n\r\n{ANSWER}"
    ))
    .await;

    let mut origins = vec![
        format!("http://127.0.0.1:{closed}"),
        "https://name.invalid".to_owned(),
        "http://192.0.2.1".to_owned(),
        "ftp://127.0.0.1".to_owned(),
        String::new(),
    ];
    origins.extend(
        [&hanging, &closing, &garbled, &cut].map(|server| format!("http://{}", server.address())),
    );

    let transport = impatient();
    for origin in origins {
        let error = match transport.execute(request(&origin)).await {
            Ok(response) => read_whole(response, 1024).await.unwrap_err(),
            Err(error) => error,
        };
        let texts = texts(&error);
        for canary in [KEY, PATH, QUERY, TEXT, ANSWER] {
            assert!(!texts.contains(canary), "{origin}: {texts}");
        }
        assert_eq!(error.to_string().lines().count(), 1);
    }
    assert!(
        cut.received()[0].contains(KEY),
        "the key did reach the wire"
    );
}

#[tokio::test]
async fn requests_and_transports_keep_quiet() {
    let mut key = HeaderValue::from_static(KEY);
    key.set_sensitive(true);
    let mut request = Request::new(Body::from(TEXT.to_owned()));
    request.headers_mut().insert("api-key", key);

    let shown = format!(
        "{request:?} {request:#?} {:?}",
        ReqwestTransport::new().unwrap()
    );
    for canary in [KEY, TEXT] {
        assert!(!shown.contains(canary), "{shown}");
    }
    assert!(shown.contains("Sensitive"), "{shown}");
}
