//! A Kaleyra that counts: how often each reference came.

use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::Value;

/// A server that counts the copies of each reference, and accepts each.
pub(crate) struct Server {
    pub(crate) url: String,
    copies: Arc<Mutex<HashMap<String, u32>>>,
    holds: Arc<AtomicBool>,
    refusals: Refusals,
}

/// The code of each request that is to be refused, the next first.
type Refusals = Arc<Mutex<VecDeque<&'static str>>>;

impl Server {
    pub(crate) fn start() -> Self {
        Self::start_at("127.0.0.1:0", [])
    }

    /// One at this address, which refuses as many messages first as there are codes.
    pub(crate) fn start_at(address: &str, codes: impl IntoIterator<Item = &'static str>) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let copies: Arc<Mutex<HashMap<String, u32>>> = Arc::default();
        let holds = Arc::new(AtomicBool::new(false));
        let server = Self {
            url,
            copies: Arc::clone(&copies),
            holds: Arc::clone(&holds),
            refusals: Arc::new(Mutex::new(codes.into_iter().collect())),
        };
        let refusals = Arc::clone(&server.refusals);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (copies, holds) = (Arc::clone(&copies), Arc::clone(&holds));
                let refusals = Arc::clone(&refusals);
                thread::spawn(
                    move || while serve(&stream, &copies, &holds, &refusals).is_some() {},
                );
            }
        });
        server
    }

    /// Requests are taken and counted, and not answered.
    pub(crate) fn hold(&self, holds: bool) {
        self.holds.store(holds, Ordering::SeqCst);
    }

    /// The next request is counted, and refused with this code.
    pub(crate) fn refuse(&self, code: &'static str) {
        self.refusals.lock().unwrap().push_back(code);
    }

    pub(crate) fn copies(&self) -> HashMap<String, u32> {
        self.copies.lock().unwrap().clone()
    }
}

fn serve(
    stream: &TcpStream,
    copies: &Mutex<HashMap<String, u32>>,
    holds: &AtomicBool,
    refusals: &Refusals,
) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let request: Value = serde_json::from_slice(&body).ok()?;
    let reference = request["extra_info"]["ref"].as_str()?.to_owned();
    *copies.lock().unwrap().entry(reference).or_default() += 1;
    while holds.load(Ordering::SeqCst) {
        thread::sleep(Duration::from_millis(5));
    }
    let refusal = refusals.lock().unwrap().pop_front();
    let (status, body) = match refusal {
        Some(code) => (
            "400 Bad Request",
            format!(r#"{{"code":"{code}","message":"refused","data":{{}},"error":{{}}}}"#),
        ),
        None => (
            "202 Accepted",
            r#"{"code":"WA202","message":"Request Accepted","data":{"message_id":"AX1"},"error":{}}"#
                .to_owned(),
        ),
    };
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n{body}");
    (&mut &*stream).write_all(head.as_bytes()).ok()
}
