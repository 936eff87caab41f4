//! Does what is to be done about an event.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use async_trait::async_trait;

use super::{HandlerError, IncomingEvent};

/// Handles an event: replies to a message, records a status.
///
/// A [`Router`](crate::Router) is a handler that sorts events by what they are; [`handler_fn`] makes one of a closure;
/// `Arc` and `Box` of a handler are handlers.
///
/// # The contract
///
/// * It gets **every** event, one at a time: messages, statuses, errors, changes of the account, and what could not be
///   read ([`Event::Malformed`](kaleyra_wa_types::inbound::Event::Malformed), with its path). `Ok` means that it is
///   finished, whether anything was done or not.
/// * It may get the same event **again**: after an error, and after a crash of the process; after a panic or a timeout, and
///   once a message may have gone out through the client of this workspace, only where
///   [that was enabled](crate::MemorySinkBuilder#what-is-tried-again). So an error says "call me again": where that could
///   do harm by other means, such as another client, don't return one, or return [`HandlerError::permanent`].
/// * Its future can be dropped at any `await`: at the time limit, and at the end of a shutdown.
/// * It must not **block** the thread: no time limit stops it then, and the server has one thread less to respond with.
///   Put what blocks, or computes for long, into `tokio::task::spawn_blocking`.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_webhook::types::inbound::Event;
/// use kaleyra_wa_webhook::{Handler, HandlerError, IncomingEvent, async_trait};
///
/// struct Printer;
///
/// #[async_trait]
/// impl Handler for Printer {
///     async fn handle(&self, event: IncomingEvent) -> Result<(), HandlerError> {
///         match event.event() {
///             Event::Malformed(part) => println!("not read: {} {}", part.path, part.reason),
///             event => println!("{} {}", event.kind(), event.type_name()),
///         }
///         Ok(())
///     }
/// }
/// ```
#[async_trait]
pub trait Handler: Send + Sync {
    /// Handles one event.
    ///
    /// # Errors
    ///
    /// Whatever went wrong, by `?`. The event comes again later, or becomes a dead letter.
    async fn handle(&self, event: IncomingEvent) -> Result<(), HandlerError>;
}

#[async_trait]
impl<H: Handler + ?Sized> Handler for Arc<H> {
    async fn handle(&self, event: IncomingEvent) -> Result<(), HandlerError> {
        (**self).handle(event).await
    }
}

#[async_trait]
impl<H: Handler + ?Sized> Handler for Box<H> {
    async fn handle(&self, event: IncomingEvent) -> Result<(), HandlerError> {
        (**self).handle(event).await
    }
}

/// Makes a handler of an async closure or function. Its error is a [`HandlerError`], which `?` makes of any other; a
/// [`Router`](crate::Router)'s routes take [any result](crate::Handled).
///
/// # Examples
///
/// ```
/// use kaleyra_wa_webhook::handler_fn;
///
/// let handler = handler_fn(async |event| {
///     if let Some(message) = event.message() {
///         println!("a message of type {}", message.content.type_name());
///     }
///     Ok(())
/// });
/// ```
pub fn handler_fn<F, Fut>(handle: F) -> HandlerFn<F>
where
    F: Fn(IncomingEvent) -> Fut + Send + Sync,
    Fut: Future<Output = Result<(), HandlerError>> + Send,
{
    HandlerFn(handle)
}

/// What [`handler_fn`] makes.
///
/// For an example see [`handler_fn`].
#[derive(Clone, Copy)]
pub struct HandlerFn<F>(F);

#[async_trait]
impl<F, Fut> Handler for HandlerFn<F>
where
    F: Fn(IncomingEvent) -> Fut + Send + Sync,
    Fut: Future<Output = Result<(), HandlerError>> + Send,
{
    async fn handle(&self, event: IncomingEvent) -> Result<(), HandlerError> {
        (self.0)(event).await
    }
}

impl<F> fmt::Debug for HandlerFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HandlerFn")
    }
}
