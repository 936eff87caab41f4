//! Routes for what is no message.

use std::future::Future;

use kaleyra_wa_types::inbound::Event;

use super::{Context, MalformedEvent, Router, StatusUpdate};
use crate::handle::Handled;

impl<S: Send + Sync + 'static> Router<S> {
    /// What became of a message that the business sent, by Meta or by Kaleyra.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_webhook::Router;
    /// use kaleyra_wa_webhook::types::inbound::Stage;
    ///
    /// let router = Router::new(()).on_status(async |context, update| {
    ///     // The reference is what tells messages apart.
    ///     let reference = context.event.extra_info().and_then(|extra| extra.reference.as_deref());
    ///     if update.stage().is_some_and(Stage::is_failure) {
    ///         println!("{reference:?} did not arrive");
    ///     }
    /// });
    /// # let _ = router;
    /// ```
    #[must_use]
    pub fn on_status<F, Fut>(self, handler: F) -> Self
    where
        F: Fn(Context<S>, StatusUpdate) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: Handled> + Send + 'static,
    {
        self.on_found(StatusUpdate::of, handler)
    }

    /// A part that could not be read. Where no route wants it, it is logged with its path.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_webhook::Router;
    ///
    /// let router = Router::new(()).on_malformed(async |context, part| {
    ///     eprintln!("not read: {} ({})", part.path, part.reason);
    ///     // All that came, to be read by a later version: `context.event.delivery().raw`.
    /// });
    /// # let _ = router;
    /// ```
    #[must_use]
    pub fn on_malformed<F, Fut>(self, handler: F) -> Self
    where
        F: Fn(Context<S>, MalformedEvent) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: Handled> + Send + 'static,
    {
        self.on_found(
            |event| match event {
                Event::Malformed(part) => Some(MalformedEvent::of(part)),
                _ => None,
            },
            handler,
        )
    }
}
