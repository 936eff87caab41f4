//! Servers that respond too much, too slowly, unasked or on a closed connection, and clients for several senders over
//! one transport.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use kaleyra_wa_client::{BaseUrl, Client, Delivery, ErrorKind};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::fixtures::{ACCEPTED, Recording, USER, client};
use crate::server::{Server, client_of};

/// A client of a server that responds to its only request like this.
async fn responded_by<F>(response: impl FnOnce(TcpStream) -> F + Send + 'static) -> Client
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
        response(stream).await;
    });
    client_of(address)
}

fn accepted() -> String {
    let length = ACCEPTED.len();
    format!("HTTP/1.1 202 Accepted\r\ncontent-length: {length}\r\n\r\n{ACCEPTED}")
}

/// 200 MB, if anybody took them.
#[tokio::test]
async fn an_answer_of_200_mb_is_read_no_further_than_it_makes_sense() {
    let client = responded_by(async |mut stream| {
        let head = b"HTTP/1.1 202 Accepted\r\ncontent-length: 200000000\r\n\r\n";
        stream.write_all(head).await.unwrap();
        let piece = vec![b' '; 64 * 1024];
        // Until the client hangs up.
        while stream.write_all(&piece).await.is_ok() {}
    })
    .await;
    let error = client.send(USER, "Hello").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ResponseTooLarge);
    assert_eq!(error.delivery(), Delivery::Accepted);
    assert_eq!(error.body().unwrap().len(), 1024 * 1024);
    assert!(
        error.to_string().ends_with("don't send it again"),
        "{error}"
    );
}

#[tokio::test]
async fn an_answer_byte_by_byte_ends_in_time() {
    let client = responded_by(async |mut stream| {
        for byte in accepted().bytes() {
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

/// Two ends that close the same connection at once: the race is lost now and then, and then the verdict says so.
#[tokio::test]
async fn a_kept_connection_that_is_closed_just_then_carries_a_message_once_or_not_at_all() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = client_of(listener.local_addr().unwrap());
    let arrived = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&arrived);
    tokio::spawn(async move {
        loop {
            // One response for each connection, which then closes without a word about it.
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"}}") {
                if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
                    break;
                }
            }
            if request.ends_with(b"}}") {
                let text = String::from_utf8(request).unwrap();
                let (_, body) = text.split_once("\r\n\r\n").unwrap();
                log.lock().unwrap().push(body.to_owned());
            }
            let response = accepted();
            let _ = stream.write_all(response.as_bytes()).await;
        }
    });
    let mut answered = 0;
    for number in 0..100 {
        match client.send(USER, format!("Hello {number}")).await {
            Ok(_) => answered += 1,
            Err(error) => {
                assert_eq!(error.delivery(), Delivery::Indeterminate, "{error}");
                assert_eq!(error.attempts(), 1);
            }
        }
    }
    let arrived = arrived.lock().unwrap();
    let different: HashSet<&String> = arrived.iter().collect();
    assert_eq!(different.len(), arrived.len(), "none came twice");
    assert!(arrived.len() >= answered, "{} < {answered}", arrived.len());
}

/// Wherever it is when it is given up.
#[tokio::test]
async fn a_message_that_is_given_up_comes_once_at_most_and_the_next_one_once() {
    let server = Server::responding("202 Accepted", "connection: close\r\n", ACCEPTED).await;
    let client = server.client();
    for number in 0..60 {
        let first = client.send(USER, format!("first-{number};"));
        let soon = Duration::from_micros(number * 25);
        let _ = tokio::time::timeout(soon, first.into_future()).await;
        client
            .send(USER, format!("second-{number};"))
            .await
            .unwrap();
    }
    let requests = server.requests().concat();
    for number in 0..60 {
        let copies = |which| requests.matches(&format!("{which}-{number};")).count();
        assert!(copies("first") <= 1);
        assert_eq!(copies("second"), 1);
    }
}

/// What is left over of one response must not be taken for the next one.
#[tokio::test]
async fn an_answer_that_nobody_asked_for_is_no_answer_to_the_next_message() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = client_of(listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut is_first = true;
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"}}") {
                stream.read_buf(&mut request).await.unwrap();
            }
            let response = if is_first {
                accepted() + &accepted()
            } else {
                "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n".to_owned()
            };
            is_first = false;
            stream.write_all(response.as_bytes()).await.unwrap();
            tokio::spawn(async move { stream.read_u8().await });
        }
    });
    client.send(USER, "Hello").await.unwrap();
    let error = client.send(USER, "Hello").await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::Rejected, "{error}");
}

/// Whatever comes back in place of a response, it ends in time and with little memory.
#[tokio::test]
async fn what_is_no_answer_is_read_no_further_than_it_makes_sense() {
    for (begin, piece) in [
        ("", "SSH-2.0-OpenSSH_9.9\r\n"),
        ("HTTP/1.1 202 Accepted\r\nx-long: ", "aaaaaaaaaaaaaaaa"),
        ("HTTP/1.1 202 Accepted\r\n", "x-many: a\r\n"),
        ("", "HTTP/1.1 103 Early Hints\r\n\r\n"),
    ] {
        let client = responded_by(async move |mut stream| {
            let piece = piece.repeat(100);
            let begun = stream.write_all(begin.as_bytes()).await;
            while begun.is_ok() && stream.write_all(piece.as_bytes()).await.is_ok() {
                tokio::task::yield_now().await;
            }
        })
        .await;
        let start = Instant::now();
        let error = client.send(USER, "Hello").await.unwrap_err();
        assert_eq!(error.delivery(), Delivery::Indeterminate, "{begin}{piece}");
        assert!(
            error.to_string().ends_with("before sending again"),
            "{error}"
        );
        let took = start.elapsed();
        assert!(took < Duration::from_secs(2), "{begin}{piece}: {took:?}");
    }
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
