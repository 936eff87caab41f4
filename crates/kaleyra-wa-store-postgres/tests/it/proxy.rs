//! A network between a store and its server, which can be cut, or lose what the server says.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// What the network does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Network {
    /// It passes bytes on.
    Whole,
    /// Bytes go nowhere, and no connection is closed.
    Cut,
    /// What the server says is lost, and what it is told is not.
    Deaf,
    /// The same from a COMMIT on.
    DeafToCommits,
}

/// Passes bytes on, as far as the network is whole. A connection that has lost bytes never works again.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    /// How often the server was told something: once for each thing that was waited for, about.
    pub(crate) told: Arc<AtomicUsize>,
    network: Arc<AtomicU8>,
}

impl Proxy {
    pub(crate) async fn start(to: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let network = Arc::new(AtomicU8::new(Network::Whole as u8));
        let state = Arc::clone(&network);
        let told = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&told);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (state, count) = (Arc::clone(&state), Arc::clone(&count));
                tokio::spawn(async move {
                    let Ok(far) = TcpStream::connect(("127.0.0.1", to)).await else {
                        return;
                    };
                    let (near_in, near_out) = near.into_split();
                    let (far_in, far_out) = far.into_split();
                    let lost = AtomicU8::new(0);
                    // Where one side ends, the other is told.
                    tokio::join!(
                        tell(near_in, far_out, &state, (&lost, &count)),
                        hear(far_in, near_out, &state, &lost)
                    );
                });
            }
        });
        Self {
            port,
            told,
            network,
        }
    }

    pub(crate) fn set(&self, network: Network) {
        self.network.store(network as u8, Ordering::SeqCst);
    }
}

fn is(state: &AtomicU8, network: Network) -> bool {
    state.load(Ordering::SeqCst) == network as u8
}

/// What the server is told.
async fn tell(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    state: &AtomicU8,
    (lost, told): (&AtomicU8, &AtomicUsize),
) {
    let mut buffer = vec![0; 64 * 1_024];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        if is(state, Network::Cut) {
            std::future::pending::<()>().await;
        }
        told.fetch_add(1, Ordering::SeqCst);
        let is_commit = buffer[..count].windows(7).any(|it| it == b"COMMIT\0");
        if is(state, Network::DeafToCommits) && is_commit {
            lost.store(1, Ordering::SeqCst);
        }
        if to.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
    let _ = to.shutdown().await;
}

/// What the server says.
async fn hear(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, state: &AtomicU8, lost: &AtomicU8) {
    let mut buffer = vec![0; 64 * 1_024];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        if is(state, Network::Cut) {
            std::future::pending::<()>().await;
        }
        if is(state, Network::Deaf) {
            lost.store(1, Ordering::SeqCst);
        }
        if lost.load(Ordering::SeqCst) == 1 {
            continue;
        }
        if to.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
    let _ = to.shutdown().await;
}
