//! Sends callbacks as Kaleyra does: each again and again, now to this receiver and now to that, until it is acknowledged.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// Users who write at the same time.
const USERS: usize = 32;

pub(super) async fn run(
    time: Duration,
    receivers: &[&str],
    secret: &str,
) -> Result<(), Box<dyn Error>> {
    let receivers: Arc<[String]> = receivers.iter().map(|&it| it.to_owned()).collect();
    let (stop, acknowledged) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicU64::new(0)),
    );
    // No two runs send the same ids.
    let run = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)?
        .as_millis();
    let mut users = JoinSet::new();
    for user in 0..USERS {
        let (receivers, secret) = (Arc::clone(&receivers), secret.to_owned());
        let (stop, acknowledged) = (Arc::clone(&stop), Arc::clone(&acknowledged));
        users.spawn(async move {
            let mut turn = user;
            for number in 0_u64.. {
                let request = request(user, &format!("{run}-{user}-{number:06}"), &secret);
                loop {
                    if stop.load(Ordering::SeqCst) {
                        return;
                    }
                    let to = &receivers[turn % receivers.len()];
                    match timeout(Duration::from_secs(10), post(to, &request)).await {
                        Ok(Ok(200)) => break,
                        // It is gone, or has no room: the other, in a moment.
                        _ => sleep(Duration::from_millis(50)).await,
                    }
                    turn += 1;
                }
                acknowledged.fetch_add(1, Ordering::SeqCst);
            }
        });
    }
    let mut last = 0;
    for _ in 0..time.as_secs().max(1) {
        sleep(Duration::from_secs(1)).await;
        let now = acknowledged.load(Ordering::SeqCst);
        println!("{} callbacks acknowledged in the last second", now - last);
        last = now;
    }
    stop.store(true, Ordering::SeqCst);
    users.join_all().await;
    println!(
        "{} callbacks acknowledged",
        acknowledged.load(Ordering::SeqCst)
    );
    Ok(())
}

fn request(user: usize, id: &str, secret: &str) -> Vec<u8> {
    let body = format!(
        r#"{{"meta_object":{{"field":"messages","value":{{"messages":[
            {{"from":"9198000{user:05}","id":"{id}","type":"text","text":{{"body":"Hello"}}}}]}}}}}}"#
    );
    let length = body.len();
    format!("POST / HTTP/1.1\r\nhost: receiver\r\nconnection: close\r\nx-secret: {secret}\r\ncontent-length: {length}\r\n\r\n{body}")
        .into_bytes()
}

/// The status of the response.
async fn post(to: &str, request: &[u8]) -> std::io::Result<u16> {
    let mut stream = TcpStream::connect(to).await?;
    stream.write_all(request).await?;
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).await?;
    let status = line
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    reader.read_to_end(&mut Vec::new()).await?;
    status.ok_or_else(|| std::io::ErrorKind::InvalidData.into())
}
