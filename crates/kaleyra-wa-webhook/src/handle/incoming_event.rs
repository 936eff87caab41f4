//! One event with the delivery that it came in.

use std::fmt;
use std::sync::Arc;

use http::Extensions;
use kaleyra_wa_types::extra_info::CallbackExtraInfo;
use kaleyra_wa_types::inbound::{Contact, Event, EventKey, Message};

use super::ConversationKey;
use crate::receive::ReceivedCallback;

/// One event with the delivery that it came in: what a [`Handler`](crate::Handler) gets.
///
/// It is owned and cheap to clone: events of one delivery share it. So it can go into a task or a queue, and has all
/// that a reply needs: a client's `reply` takes the [`message`](Self::message).
///
/// Its `Debug` shows the kind and the attempt only; the rest is personal data.
///
/// # Examples
///
/// ```
/// use std::time::SystemTime;
///
/// use kaleyra_wa_webhook::types::inbound::Event;
/// use kaleyra_wa_webhook::{ReceivedCallback, IncomingEvent};
///
/// let body = r#"{
///     "meta_object": {"field": "messages", "value": {
///         "contacts": [{"profile": {"name": "Asha"}, "wa_id": "919800000001"}],
///         "messages": [
///             {"from": "919800000001", "id": "wamid.A", "type": "text", "text": {"body": "Is it in stock?"}},
///             {"from": "919800000001", "id": "wamid.B", "type": "text", "text": 5}
///         ]
///     }},
///     "extra_info": {"ref": "order-17"}
/// }"#;
/// let events = IncomingEvent::all(ReceivedCallback::from_raw(body.into(), SystemTime::now())?);
///
/// let message = events[0].message().ok_or("no message")?;
/// assert_eq!(message.content.text(), Some("Is it in stock?"));
/// assert_eq!(events[0].contact().and_then(|contact| contact.name()), Some("Asha"));
/// assert_eq!(events[0].extra_info().and_then(|extra| extra.reference.as_deref()), Some("order-17"));
///
/// // What can't be read is an event too.
/// let Event::Malformed(part) = events[1].event() else { return Err("read".into()) };
/// assert_eq!(part.path, "meta_object.value.messages[1].text");
/// assert_eq!(events[0].conversation(), events[1].conversation());
///
/// // What a sink of your own goes by: the bytes to keep, what a duplicate has in common, how often it was tried.
/// assert_eq!(events[0].delivery().raw, body);
/// assert!(events[0].key().is_some() && events[0].key() != events[1].key());
/// assert_eq!(events[0].clone().at_attempt(2).attempt(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct IncomingEvent {
    delivery: Arc<ReceivedCallback>,
    /// Its place among the events of the delivery.
    nth: usize,
    conversation: Option<ConversationKey>,
    attempt: u32,
    /// What a sink or a layer in front of the handler adds.
    extensions: Extensions,
}

impl IncomingEvent {
    /// The events of a delivery, in their order; never none.
    pub fn all(delivery: impl Into<Arc<ReceivedCallback>>) -> Vec<Self> {
        let mut events = Vec::new();
        Self::walk(&delivery.into(), |event, _| events.push(event));
        events
    }

    /// Walks through a delivery, with what each event says.
    pub(crate) fn walk(delivery: &Arc<ReceivedCallback>, mut each: impl FnMut(Self, &Event<'_>)) {
        for (nth, event) in delivery.events().enumerate() {
            let incoming = Self {
                delivery: Arc::clone(delivery),
                nth,
                conversation: ConversationKey::of(&event),
                attempt: 1,
                extensions: Extensions::new(),
            };
            each(incoming, &event);
        }
    }

    /// What it says.
    pub fn event(&self) -> Event<'_> {
        let callback = &self.delivery.callback;
        // The delivery can't change, so the event is where it was found.
        callback.event(self.nth).unwrap_or(Event::Other(callback))
    }

    /// The message, if it is one that could be read: what to reply to.
    pub fn message(&self) -> Option<&Message> {
        match self.event() {
            Event::Message(message) => Some(message),
            _ => None,
        }
    }

    /// Who wrote the message, with the name of the profile; where the callback says it.
    pub fn contact(&self) -> Option<&Contact> {
        self.delivery.callback.contact_of(self.message()?)
    }

    /// What Kaleyra adds to the callback: your reference, where the file is, the message that it replies to.
    pub fn extra_info(&self) -> Option<&CallbackExtraInfo> {
        self.delivery.callback.extra_info.as_ref()
    }

    /// The whole that it came in, with its siblings.
    pub fn delivery(&self) -> &Arc<ReceivedCallback> {
        &self.delivery
    }

    /// What identifies a duplicate of it; `None` where nothing in it does.
    pub fn key(&self) -> Option<EventKey> {
        self.event().key()
    }

    /// The conversation that it belongs to; `None` where it names nobody.
    pub fn conversation(&self) -> Option<&ConversationKey> {
        self.conversation.as_ref()
    }

    /// How often it was given to a handler, this time included: 1 at first, and again after a crash of the process.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The same event, at another attempt: for a sink of your own that repeats.
    #[must_use]
    pub fn at_attempt(mut self, attempt: u32) -> Self {
        self.attempt = attempt;
        self
    }

    /// What the sink, or a handler around the handler, gives to the handler beside the event: one value of each type.
    ///
    /// # Examples
    ///
    /// A handler around the bot's own, which finds the shop that the event is for:
    ///
    /// ```
    /// use kaleyra_wa_webhook::{Handler, HandlerError, IncomingEvent, Router, async_trait};
    ///
    /// #[derive(Clone)]
    /// struct ShopId(u64);
    ///
    /// struct WithShop<H>(H);
    ///
    /// #[async_trait]
    /// impl<H: Handler> Handler for WithShop<H> {
    ///     async fn handle(&self, mut event: IncomingEvent) -> Result<(), HandlerError> {
    ///         event.extensions_mut().insert(ShopId(17));
    ///         self.0.handle(event).await
    ///     }
    /// }
    ///
    /// let bot = Router::new(()).on_text(async |context, _| {
    ///     let shop = context.event.extensions().get::<ShopId>().map_or(0, |shop| shop.0);
    ///     println!("for shop {shop}");
    /// });
    /// let handler = WithShop(bot);
    /// # let _ = handler;
    /// ```
    pub fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// The same, to add to it. What is added to one clone of an event is not in the others.
    pub fn extensions_mut(&mut self) -> &mut Extensions {
        &mut self.extensions
    }
}

impl fmt::Debug for IncomingEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IncomingEvent")
            .field("kind", &self.event().kind())
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}
