//! Ctrl-C, and whether anything has left this machine by then.

use std::sync::atomic::{AtomicBool, Ordering};

use kaleyra_wa_client::Delivery;
use kaleyra_wa_transport::{
    Operation, OperationClass, Request, Response, Transport, TransportError, async_trait,
};

use crate::commands::stop_signal;
use crate::exit::Exit;
use crate::global;

/// Whether something that changes what the server has has begun to leave.
static BEGUN: AtomicBool = AtomicBool::new(false);

/// Ends the command at Ctrl-C, as long as nothing has left this machine, and says so. Once something has, the command
/// itself decides: see [`or_stopped`].
pub(crate) fn guard() {
    let signal = stop_signal();
    tokio::spawn(async move {
        signal.await;
        if !has_begun() {
            // A thread may be waiting for what is typed: the process ends from here.
            let _ = Exit::interrupted().report(global::settings().json);
            std::process::exit(130);
        }
    });
}

/// Whether something has begun to leave this machine.
pub(crate) fn has_begun() -> bool {
    BEGUN.load(Ordering::Acquire)
}

/// Waits for what changes something at the server, or for Ctrl-C.
pub(crate) async fn or_stopped<T>(work: impl Future<Output = T>) -> Result<T, Exit> {
    let stop = stop_signal();
    tokio::select! {
        done = work => Ok(done),
        () = stop => Err(stopped("interrupted: it may have been done; look before doing it again")),
    }
}

/// What there is to say at Ctrl-C, if something may have left.
pub(crate) fn stopped(in_doubt: &str) -> Exit {
    if has_begun() {
        Exit::send(Delivery::Indeterminate, in_doubt)
    } else {
        Exit::interrupted()
    }
}

/// Notes when something begins to leave this machine: when a connection is there and asks for the body.
pub(crate) struct Watched<T>(T);

impl<T> Watched<T> {
    pub(crate) fn new(transport: T) -> Self {
        Self(transport)
    }
}

#[async_trait]
impl<T: Transport> Transport for Watched<T> {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let operation = request.extensions().get::<Operation>();
        let only_reads = operation.is_some_and(|operation| operation.class == OperationClass::Read);
        let request = if only_reads {
            request
        } else if request.body().is_empty() {
            BEGUN.store(true, Ordering::Release);
            request
        } else {
            request.map(|body| body.on_progress(|_| BEGUN.store(true, Ordering::Release)))
        };
        self.0.execute(request).await
    }
}

/// What left was not the thing itself, such as a file that a message will refer to.
pub(crate) fn forget() {
    BEGUN.store(false, Ordering::Release);
}
