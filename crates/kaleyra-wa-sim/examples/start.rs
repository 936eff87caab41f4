//! How long a simulator takes until it responds, and a hundred of them in one process: `cargo xtask bench sim` runs it.

#![allow(clippy::print_stdout, reason = "what it measured")]

use std::error::Error;
use std::time::{Duration, Instant};

use kaleyra_wa_sim::Simulator;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How often one is started for the median.
const STARTS: usize = 201;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    // The first one pays for what a process sets up once.
    let (sim, first) = started().await?;
    sim.shutdown().await;
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let (sim, took) = started().await?;
        times.push(took);
        sim.shutdown().await;
    }
    times.sort_unstable();
    println!("from the start to the first response");
    println!("  the first in a process  {first:?}");
    println!("  median of {STARTS}           {:?}", times[STARTS / 2]);
    println!("  99 of 100 within        {:?}", times[STARTS * 99 / 100]);

    let began = Instant::now();
    let mut hundred = Vec::new();
    for _ in 0..100 {
        hundred.push(started().await?.0);
    }
    println!("a hundred in one process  {:?}", began.elapsed());
    Ok(())
}

/// Starts one, and waits for its first response.
async fn started() -> Result<(Simulator, Duration), Box<dyn Error>> {
    let began = Instant::now();
    let builder = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001");
    let sim = builder.bind("127.0.0.1:0").await?;
    let mut stream = TcpStream::connect(sim.addr()).await?;
    let request = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    stream.write_all(request).await?;
    let mut response = String::new();
    stream.read_to_string(&mut response).await?;
    if !response.starts_with("HTTP/1.1 200") {
        return Err(format!("it responded: {response}").into());
    }
    Ok((sim, began.elapsed()))
}
