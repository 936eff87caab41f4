//! One file, or folder, per command.

pub(crate) mod demo;
pub(crate) mod listen;
pub(crate) mod send;
pub(crate) mod sim;

use std::io;
use std::net::{IpAddr, SocketAddr};

use tokio::net::TcpListener;

use crate::exit::Exit;

/// Takes a port, or says in one line why not.
pub(crate) async fn bind(host: IpAddr, port: u16) -> Result<TcpListener, Exit> {
    let address = SocketAddr::new(host, port);
    TcpListener::bind(address)
        .await
        .map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => Exit::failed(format!(
                "port {port} is in use: stop what has it, or choose another with --port"
            )),
            io::ErrorKind::PermissionDenied => Exit::failed(format!(
                "port {port} may not be taken by this user: choose one above 1023 with --port"
            )),
            _ => Exit::failed(format!("can't listen on {address}: {error}")),
        })
}

/// Ends when the user presses Ctrl-C or the system asks to stop.
pub(crate) async fn stop_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
