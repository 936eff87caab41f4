//! Sends callbacks to a receiver, as Kaleyra does.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::child::address;

/// One sender of callbacks, who repeats each until it is acknowledged; now to one receiver, now to the other.
pub(crate) struct Sender {
    pub(crate) conversation: usize,
    next: u32,
    pub(crate) acknowledged: Vec<String>,
}

impl Sender {
    pub(crate) fn new(conversation: usize) -> Self {
        Self {
            conversation,
            next: 0,
            acknowledged: Vec::new(),
        }
    }

    pub(crate) fn send(&mut self, folder: &Path, receivers: &[&str], stop: &AtomicBool) {
        let mut turn = self.conversation;
        while !stop.load(Ordering::SeqCst) {
            turn += 1;
            let address = address(folder, receivers[turn % receivers.len()]);
            let stream = address.and_then(|address| TcpStream::connect(address).ok());
            let Some(stream) = stream else {
                thread::sleep(Duration::from_millis(5));
                continue;
            };
            stream
                .set_read_timeout(Some(Duration::from_secs(10)))
                .unwrap();
            let mut reader = BufReader::new(&stream);
            // A few on each connection.
            for _ in 0..20 {
                let id = format!("{}-{:06}", self.conversation, self.next);
                if post(&stream, &mut reader, &self.conversation.to_string(), &id) != Some(200) {
                    thread::sleep(Duration::from_millis(5));
                    break;
                }
                self.acknowledged.push(id);
                self.next += 1;
                if stop.load(Ordering::SeqCst) {
                    return;
                }
            }
        }
    }
}

/// Sends a message on a connection of its own.
pub(crate) fn post_once(folder: &Path, receiver: &str, from: &str, id: &str) -> Option<u16> {
    let address = address(folder, receiver)?;
    let stream = TcpStream::connect(address).ok()?;
    post(&stream, &mut BufReader::new(&stream), from, id)
}

/// The status of the response; `None` where there is none.
pub(crate) fn post(
    mut stream: &TcpStream,
    reader: &mut BufReader<&TcpStream>,
    from: &str,
    id: &str,
) -> Option<u16> {
    let body = format!(
        r#"{{"meta_object": {{"field": "messages", "value": {{"messages": [
            {{"from": "{from}", "id": "{id}", "type": "text", "text": {{"body": "Hello"}}}}]}}}}}}"#
    );
    let head = format!(
        "POST / HTTP/1.1\r\nhost: a\r\nx-secret: a long random text\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).ok()?;
    let (mut status, mut length) = (None, 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_ascii_lowercase();
        if let Some(rest) = line.strip_prefix("http/1.1 ") {
            status = rest.get(..3)?.parse().ok();
        } else if let Some(rest) = line.strip_prefix("content-length:") {
            length = rest.trim().parse().ok()?;
        } else if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    status
}
