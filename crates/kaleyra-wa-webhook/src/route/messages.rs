//! Routes for messages, by what they say.

use std::future::Future;

use kaleyra_wa_types::MessageId;
use kaleyra_wa_types::inbound::{Location, MessageContent, Order, Reaction, Text};

use super::{IncomingMedia, MessageContext, Router};
use crate::handle::Handled;

impl<S: Send + Sync + 'static> Router<S> {
    /// A text.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_webhook::Router;
    ///
    /// let router = Router::new(()).on_text(async |context, text| {
    ///     // `context.state.reply(&context.message, …)`, where the state is a client
    ///     println!("{}", text.body);
    /// });
    /// # let _ = router;
    /// ```
    #[must_use]
    pub fn on_text<F, Fut>(self, handler: F) -> Self
    where
        F: Fn(MessageContext<S>, Text) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: Handled> + Send + 'static,
    {
        let find = |content: &MessageContent| match content {
            MessageContent::Text(it) => Some(it.clone()),
            _ => None,
        };
        self.on_found_in_message(move |message, _| find(&message.content), handler)
    }

    /// A message that quotes another: the handler gets the id of the quoted one.
    ///
    /// A tap on a button or row quotes the message that offered it; it is no reply in this sense, and neither are
    /// reactions, edits and revocations.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_webhook::Router;
    ///
    /// let router = Router::new(()).on_reply(async |context, quoted| {
    ///     println!("{} answers {quoted}", context.message.id);
    /// });
    /// # let _ = router;
    /// ```
    #[must_use]
    pub fn on_reply<F, Fut>(self, handler: F) -> Self
    where
        F: Fn(MessageContext<S>, MessageId) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: Handled> + Send + 'static,
    {
        self.on_found_in_message(
            |message, _| match &message.content {
                MessageContent::Button(_)
                | MessageContent::Edit(_)
                | MessageContent::Interactive(_)
                | MessageContent::Reaction(_)
                | MessageContent::Revoke(_) => None,
                _ => message.replies_to().cloned(),
            },
            handler,
        )
    }

    /// An emoji on an earlier message, or its removal.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_webhook::Router;
    ///
    /// let router = Router::new(()).on_reaction(async |_, reaction| {
    ///     match (reaction.emoji, reaction.message_id) {
    ///         (Some(emoji), Some(message)) => println!("{emoji} on {message}"),
    ///         (None, Some(message)) => println!("taken back from {message}"),
    ///         _ => println!("on a message that it does not name"),
    ///     }
    /// });
    /// # let _ = router;
    /// ```
    #[must_use]
    pub fn on_reaction<F, Fut>(self, handler: F) -> Self
    where
        F: Fn(MessageContext<S>, Reaction) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: Handled> + Send + 'static,
    {
        let find = |content: &MessageContent| match content {
            MessageContent::Reaction(it) => Some(it.clone()),
            _ => None,
        };
        self.on_found_in_message(move |message, _| find(&message.content), handler)
    }

    /// A file: an image, a video, a sound, a document, a sticker.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_webhook::Router;
    ///
    /// let router = Router::new(()).on_media(async |_, media| {
    ///     println!("{} of type {:?} at {:?}", media.kind, media.mime_type, media.url);
    /// });
    /// # let _ = router;
    /// ```
    #[must_use]
    pub fn on_media<F, Fut>(self, handler: F) -> Self
    where
        F: Fn(MessageContext<S>, IncomingMedia) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: Handled> + Send + 'static,
    {
        self.on_found_in_message(IncomingMedia::of, handler)
    }

    /// A place.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_webhook::Router;
    ///
    /// let router = Router::new(()).on_location(async |_, place| {
    ///     println!("{:?}", place.name);
    /// });
    /// # let _ = router;
    /// ```
    #[must_use]
    pub fn on_location<F, Fut>(self, handler: F) -> Self
    where
        F: Fn(MessageContext<S>, Location) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: Handled> + Send + 'static,
    {
        let find = |content: &MessageContent| match content {
            MessageContent::Location(it) => Some(it.clone()),
            _ => None,
        };
        self.on_found_in_message(move |message, _| find(&message.content), handler)
    }

    /// A basket from the catalogue.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_webhook::Router;
    ///
    /// let router = Router::new(()).on_order(async |_, order| {
    ///     println!("{} products", order.product_items.len());
    /// });
    /// # let _ = router;
    /// ```
    #[must_use]
    pub fn on_order<F, Fut>(self, handler: F) -> Self
    where
        F: Fn(MessageContext<S>, Order) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: Handled> + Send + 'static,
    {
        let find = |content: &MessageContent| match content {
            MessageContent::Order(it) => Some(it.clone()),
            _ => None,
        };
        self.on_found_in_message(move |message, _| find(&message.content), handler)
    }

    /// Any message that could be read, of a known type or not.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_webhook::Router;
    ///
    /// let router = Router::new(()).on_message(async |context| {
    ///     println!("a {} came", context.message.content.type_name());
    /// });
    /// # let _ = router;
    /// ```
    #[must_use]
    pub fn on_message<F, Fut>(self, handler: F) -> Self
    where
        F: Fn(MessageContext<S>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: Handled> + Send + 'static,
    {
        let handler = move |context, ()| handler(context);
        self.on_found_in_message(|_, _| Some(()), handler)
    }
}
