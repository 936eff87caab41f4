//! Servers that answer too much or too slowly, and clients for several senders over one transport.

use std::time::{Duration, Instant};

use kaleyra_wa_client::{BaseUrl, Client, Delivery, ErrorKind};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::fixtures::{ACCEPTED, Recording, USER, client};
use crate::server::client_of;

/// A client of a server that answers its only request in this way.
async fn answered_by<F>(answer: impl FnOnce(TcpStream) -> F + Send + 'static) -> Client
where
    F: Future<Output = ()> + Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"}}") {
            stream.read_buf(&mut request).await.unwrap();
        }
        answer(stream).await;
    });
    client_of(address)
}

/// 200 MB, if anybody took them.
#[tokio::test]
async fn an_answer_of_200_mb_is_read_no_further_than_it_makes_sense() {
    let client = answered_by(async |mut stream| {
        let head = b"HTTP/1.1 202 Accepted\r\ncontent-length: 200000000\r\n\r\n";
        stream.write_all(head).await.unwrap();
        let piece = vec![b' '; 64 * 1024];
        // Until the client hangs up.
        while stream.write_all(&piece).await.is_ok() {}
    })
    .await;
    let error = client.send(USER, "Hello").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AnswerTooLarge);
    assert_eq!(error.delivery(), Delivery::Accepted);
    assert_eq!(error.body().unwrap().len(), 1024 * 1024);
    assert!(
        error.to_string().ends_with("don't send it again"),
        "{error}"
    );
}

#[tokio::test]
async fn an_answer_byte_by_byte_ends_in_time() {
    let client = answered_by(async |mut stream| {
        let answer = format!(
            "HTTP/1.1 202 Accepted\r\ncontent-length: {}\r\n\r\n{ACCEPTED}",
            ACCEPTED.len()
        );
        for byte in answer.bytes() {
            if stream.write_all(&[byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    })
    .await;
    let start = Instant::now();
    let error = client.send(USER, "Hello").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(error.delivery(), Delivery::Indeterminate);
    assert_eq!(error.attempts(), 1);
    assert!(
        start.elapsed() < Duration::from_secs(2),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn other_senders_and_accounts_share_the_transport() {
    let transport = Recording::default();
    let first = client(transport.clone());
    let second = first.with_sender("+918000000002").unwrap();
    let elsewhere = BaseUrl::parse("https://gateway.example").unwrap();
    let account = kaleyra_wa_client::Account::new(elsewhere, "HX2", "A2", "+390600000001").unwrap();
    let third = first.with_account(account);
    for client in [&first, &second, &third] {
        client.send(USER, "Hello").await.unwrap();
    }
    let urls: Vec<String> = transport
        .requests()
        .iter()
        .map(|request| request.uri().to_string())
        .collect();
    assert_eq!(
        urls,
        [
            "https://api.in.kaleyra.io/v2/HXIN0000000000IN/whatsapp/+918000000001/messages",
            "https://api.in.kaleyra.io/v2/HXIN0000000000IN/whatsapp/+918000000002/messages",
            "https://gateway.example/v2/HX2/whatsapp/+390600000001/messages",
        ]
    );
    assert!(first.with_sender("98000").is_err());
}
