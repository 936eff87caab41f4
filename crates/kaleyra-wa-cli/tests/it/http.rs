//! Speaks just enough HTTP to post to the command, as curl would, and to answer it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

/// Posts a body; gives the status and the response's body.
pub(crate) fn post(
    address: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> (u16, String) {
    request("POST", address, path, headers, body)
}

/// Makes any request; gives the status and the response's body.
pub(crate) fn request(
    method: &str,
    address: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> (u16, String) {
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += &format!("content-length: {}\r\n\r\n", body.len());
    exchange(address, &head, body)
}

/// Asks for what the simulator accepted, by another host than its own.
pub(crate) fn request_as(host: &str, address: &str) -> (u16, String) {
    let head = format!("GET /sim/messages HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    exchange(address, &head, b"")
}

fn exchange(address: &str, head: &str, body: &[u8]) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    // The response may come, and the connection close, before all of a large body is written.
    let _ = stream.write_all(body);
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    let body = answer
        .split_once("\r\n\r\n")
        .map(|(_, body)| body.to_owned())
        .unwrap_or_default();
    (status, body)
}

/// A server that gives this response to one request.
pub(crate) fn answering(status: &str, body: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let answer = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request: Vec<u8> = Vec::new();
        let mut piece = [0; 4096];
        while !request.windows(2).any(|end| end == b"}}") {
            let length = stream.read(&mut piece).unwrap();
            assert_ne!(length, 0);
            request.extend(&piece[..length]);
        }
        stream.write_all(answer.as_bytes()).unwrap();
    });
    address
}

/// A server that gives this response to every request; its status is 200.
pub(crate) fn serving(headers: &[(&str, &str)], body: &[u8]) -> String {
    serving_as("200 OK", headers, body)
}

/// The same with another status.
pub(crate) fn serving_as(status: &str, headers: &[(&str, &str)], body: &[u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let mut head = format!("HTTP/1.1 {status}\r\nconnection: close\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += &format!("content-length: {}\r\n\r\n", body.len());
    let body = body.to_vec();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut request: Vec<u8> = Vec::new();
            let mut piece = [0; 4096];
            // The head is enough to respond; a body that is on its way is read for a moment.
            while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                match stream.read(&mut piece) {
                    Ok(0) | Err(_) => break,
                    Ok(length) => request.extend(&piece[..length]),
                }
            }
            let is_head = request.starts_with(b"HEAD");
            let _ = stream.write_all(head.as_bytes());
            if !is_head {
                let _ = stream.write_all(&body);
            }
            let _ = stream.shutdown(std::net::Shutdown::Write);
            let _ = stream.set_read_timeout(Some(Duration::from_millis(200)));
            while matches!(stream.read(&mut piece), Ok(length) if length > 0) {}
        }
    });
    address
}
