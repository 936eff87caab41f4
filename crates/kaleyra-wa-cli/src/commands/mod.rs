//! One file, or folder, per command.

pub(crate) mod block;
mod browser;
pub(crate) mod campaign;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod download;
pub(crate) mod inbox;
pub(crate) mod listen;
pub(crate) mod man;
pub(crate) mod number;
pub(crate) mod outbox;
mod post;
pub(crate) mod react;
pub(crate) mod read;
pub(crate) mod replay;
pub(crate) mod reply;
pub(crate) mod send;
pub(crate) mod sim;
pub(crate) mod template;
pub(crate) mod test;
pub(crate) mod track;
pub(crate) mod trigger;
pub(crate) mod upload;
pub(crate) mod why;

use std::io;
use std::net::{IpAddr, SocketAddr};

use tokio::net::TcpListener;

use crate::exit::Exit;

/// Reads the address to listen on: a name such as `localhost` may stand for several, so it is none.
pub(crate) fn host(text: &str) -> Result<IpAddr, &'static str> {
    text.parse()
        .map_err(|_| "give an IP address, such as 127.0.0.1, or 0.0.0.0 for all of this machine's")
}

/// Takes a port, or says in one line why not, and by which flag to choose another.
pub(crate) async fn bind(host: IpAddr, port: u16, flag: &str) -> Result<TcpListener, Exit> {
    let address = SocketAddr::new(host, port);
    TcpListener::bind(address)
        .await
        .map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => Exit::failed(format!(
                "port {port} is in use: stop what has it, or choose another with {flag}"
            )),
            io::ErrorKind::PermissionDenied => Exit::failed(format!(
                "port {port} may not be taken by this user: choose one above 1023 with {flag}"
            )),
            io::ErrorKind::AddrNotAvailable => Exit::failed(format!(
                "{host} is no address of this machine: choose one that is, or 0.0.0.0 for all, with --host"
            )),
            _ => Exit::failed(format!("can't listen on {address}: {error}")),
        })
}

/// Ends when the user presses Ctrl-C or the system asks to stop. It listens for that from the call on, not only when it is
/// awaited: whoever is told that the command runs may stop it at once.
#[cfg(unix)]
pub(crate) fn stop_signal() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};

    // Where the system allows none, there is nothing to wait for.
    let listen = |kind| {
        let signals = signal(kind);
        async move {
            match signals {
                Ok(mut signals) => signals.recv().await,
                Err(_) => std::future::pending().await,
            }
        }
    };
    let (interrupt, terminate) = (
        listen(SignalKind::interrupt()),
        listen(SignalKind::terminate()),
    );
    async {
        tokio::select! {
            _ = interrupt => {}
            _ = terminate => {}
        }
    }
}

/// Ends when the user presses Ctrl-C.
#[cfg(not(unix))]
pub(crate) async fn stop_signal() {
    let _ = tokio::signal::ctrl_c().await;
}
