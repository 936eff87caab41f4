//! Clients without a secret hold no places: whoever has one is answered soon, whatever they do.

use std::time::Duration;

use kaleyra_wa_webhook::{Receiver, Server, TokenIssuer, WebhookService, sink_fn};
use tokio::io::AsyncWriteExt;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::server::{PATIENCE, Running};

const PLACES: usize = 4;

/// As many as three times the places, that send a body which nobody has vouched for byte by byte, and come again when
/// they are thrown out.
async fn strangers(server: &Running, head: &'static str) -> JoinSet<()> {
    let mut strangers = JoinSet::new();
    for _ in 0..3 * PLACES {
        let address = server.address;
        strangers.spawn(async move {
            loop {
                let Ok(mut stream) = tokio::net::TcpStream::connect(address).await else {
                    return;
                };
                let mut sent = stream.write_all(head.as_bytes()).await;
                while sent.is_ok() {
                    sleep(Duration::from_millis(100)).await;
                    sent = stream.write_all(b" ").await;
                }
            }
        });
    }
    // Until they have their places.
    sleep(Duration::from_millis(200)).await;
    strangers
}

fn service(receiver: Receiver) -> WebhookService {
    // Without room being made for others they would keep their places for this long.
    let sink = sink_fn(|_| async { Ok(()) });
    WebhookService::new(receiver, sink).body_timeout(PATIENCE * 10)
}

#[tokio::test]
async fn a_token_is_issued_soon_though_strangers_dawdle_over_their_requests() {
    let issuer = TokenIssuer::new("kaleyra", "a long random text").unwrap();
    let service = service(Receiver::new(issuer.clone())).token_endpoint("/token", issuer);
    let server = Running::start(Server::new(service).max_connections(PLACES)).await;
    let head = "POST /token HTTP/1.1\r\nhost: a\r\ncontent-length: 10000\r\n\r\n";
    let _strangers = strangers(&server, head).await;

    let body = "client_id=kaleyra&client_secret=a+long+random+text";
    let length = body.len();
    let request = format!(
        "POST /token HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    for _ in 0..2 {
        let response = timeout(PATIENCE, server.exchange(&request)).await;
        assert_eq!(response.expect("no place").status, 200);
    }
}

#[cfg(feature = "hmac")]
#[tokio::test]
async fn a_signed_callback_is_taken_soon_though_strangers_dawdle_over_theirs() {
    use kaleyra_wa_webhook::HmacSha256;

    let receiver = Receiver::new(HmacSha256::new("a long random text").unwrap());
    let server = Running::start(Server::new(service(receiver)).max_connections(PLACES)).await;
    let head = concat!(
        "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 10000\r\nx-hub-signature-256: sha256=",
        "0000000000000000000000000000000000000000000000000000000000000000\r\n\r\n"
    );
    let _strangers = strangers(&server, head).await;

    let signature = HmacSha256::signature("a long random text", "{}").unwrap();
    let request = format!(
        "POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 2\r\n\
         x-hub-signature-256: {signature}\r\n\r\n{{}}"
    );
    for _ in 0..2 {
        let response = timeout(PATIENCE, server.exchange(&request)).await;
        assert_eq!(response.expect("no place").status, 200);
    }
}
