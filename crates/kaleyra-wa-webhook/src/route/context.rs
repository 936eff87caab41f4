//! What a routed handler gets beside the thing itself.

use std::fmt;
use std::sync::Arc;

use kaleyra_wa_types::inbound::Message;

use crate::handle::IncomingEvent;

/// What the handler of an event gets beside the thing itself: the shared state, and the event with all that came with it.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_webhook::{Context, Router, StatusUpdate};
///
/// struct Shop {
///     name: &'static str,
/// }
///
/// async fn note(context: Context<Shop>, update: StatusUpdate) {
///     let reference = context.event.extra_info().and_then(|extra| extra.reference.as_deref());
///     println!("{}: {reference:?} is {:?}", context.state.name, update.stage());
/// }
///
/// let router = Router::new(Shop { name: "Shoes" }).on_status(note);
/// # let _ = router;
/// ```
#[non_exhaustive]
pub struct Context<S> {
    /// What all handlers of the router share.
    pub state: Arc<S>,
    /// The event, with its delivery, conversation and attempt.
    pub event: IncomingEvent,
}

/// The same for the handler of a message, with the message: what a reply is made to.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_webhook::types::inbound::Text;
/// use kaleyra_wa_webhook::{MessageContext, Router};
///
/// struct Shop {
///     name: &'static str,
/// }
///
/// async fn greet(context: MessageContext<Shop>, text: Text) {
///     // With the client as state, or in it: `context.state.reply(&context.message, "Hello!").await`
///     let name = context.event.contact().and_then(|contact| contact.name());
///     println!("{}: {name:?} wrote {} letters", context.state.name, text.body.len());
/// }
///
/// let router = Router::new(Shop { name: "Shoes" }).on_text(greet);
/// # let _ = router;
/// ```
#[non_exhaustive]
pub struct MessageContext<S> {
    /// What all handlers of the router share.
    pub state: Arc<S>,
    /// The message.
    pub message: Message,
    /// The event, with its delivery, conversation and attempt.
    pub event: IncomingEvent,
}

impl<S> Clone for Context<S> {
    fn clone(&self) -> Self {
        Self {
            state: Arc::clone(&self.state),
            event: self.event.clone(),
        }
    }
}

impl<S> Clone for MessageContext<S> {
    fn clone(&self) -> Self {
        Self {
            state: Arc::clone(&self.state),
            message: self.message.clone(),
            event: self.event.clone(),
        }
    }
}

impl<S> fmt::Debug for Context<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Context");
        shown.field("event", &self.event).finish_non_exhaustive()
    }
}

impl<S> fmt::Debug for MessageContext<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("MessageContext");
        shown.field("event", &self.event).finish_non_exhaustive()
    }
}
