//! Routes for answers to buttons, lists and forms.

use std::future::Future;

use kaleyra_wa_types::inbound::{InteractiveReply, ListReply, Message, MessageContent, NfmReply};

use super::{ButtonTap, MessageContext, Router};
use crate::handle::Handled;

impl<S: Send + Sync + 'static> Router<S> {
    /// A tap on the button with this payload: the `payload` of a template's quick reply, or the `id` of a reply button. Both
    /// are the text that the business put behind it, and are compared as they are.
    ///
    /// For payloads that vary, see [`filter::payload_starts_with`](crate::filter::payload_starts_with).
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_webhook::Router;
    ///
    /// let router = Router::new(()).on_button("book", async |_, tap| {
    ///     println!("{:?} was tapped", tap.text);
    /// });
    /// # let _ = router;
    /// ```
    #[must_use]
    pub fn on_button<F, Fut>(self, payload: impl Into<String>, handler: F) -> Self
    where
        F: Fn(MessageContext<S>, ButtonTap) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: Handled> + Send + 'static,
    {
        let payload = payload.into();
        let find =
            move |message: &Message| ButtonTap::of(message).filter(|tap| tap.payload == payload);
        self.on_found_in_message(move |message, _| find(message), handler)
    }

    /// A tap on any button.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_webhook::Router;
    ///
    /// let router = Router::new(()).on_any_button(async |_, tap| {
    ///     if let Some(order) = tap.payload.strip_prefix("cancel:") {
    ///         println!("order {order} is cancelled");
    ///     }
    /// });
    /// # let _ = router;
    /// ```
    #[must_use]
    pub fn on_any_button<F, Fut>(self, handler: F) -> Self
    where
        F: Fn(MessageContext<S>, ButtonTap) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: Handled> + Send + 'static,
    {
        self.on_found_in_message(|message, _| ButtonTap::of(message), handler)
    }

    /// The row with this id was picked in a list.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_webhook::Router;
    ///
    /// let router = Router::new(()).on_list_reply("friday", async |_, row| {
    ///     println!("{:?} was picked", row.title);
    /// });
    /// # let _ = router;
    /// ```
    #[must_use]
    pub fn on_list_reply<F, Fut>(self, id: impl Into<String>, handler: F) -> Self
    where
        F: Fn(MessageContext<S>, ListReply) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: Handled> + Send + 'static,
    {
        let id = id.into();
        self.on_found_in_message(
            move |message, _| list_reply(message).filter(|row| row.id.as_deref() == Some(&*id)),
            handler,
        )
    }

    /// Any row was picked in a list.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_webhook::Router;
    ///
    /// let router = Router::new(()).on_any_list_reply(async |_, row| {
    ///     println!("{:?} was picked", row.id);
    /// });
    /// # let _ = router;
    /// ```
    #[must_use]
    pub fn on_any_list_reply<F, Fut>(self, handler: F) -> Self
    where
        F: Fn(MessageContext<S>, ListReply) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: Handled> + Send + 'static,
    {
        self.on_found_in_message(|message, _| list_reply(message), handler)
    }

    /// A form that was filled in: a flow, or an address.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_webhook::{Router, done};
    ///
    /// let router = Router::new(()).on_nfm_reply(async |_, form| {
    ///     let filled_in = form.response()?;
    ///     println!("{} guests", filled_in["guests"]);
    ///     done()
    /// });
    /// # let _ = router;
    /// ```
    #[must_use]
    pub fn on_nfm_reply<F, Fut>(self, handler: F) -> Self
    where
        F: Fn(MessageContext<S>, NfmReply) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: Handled> + Send + 'static,
    {
        self.on_found_in_message(
            |message, _| match &message.content {
                MessageContent::Interactive(interactive) => match &interactive.reply {
                    InteractiveReply::NfmReply(form) => Some(form.clone()),
                    _ => None,
                },
                _ => None,
            },
            handler,
        )
    }
}

fn list_reply(message: &Message) -> Option<ListReply> {
    match &message.content {
        MessageContent::Interactive(interactive) => match &interactive.reply {
            InteractiveReply::ListReply(row) => Some(row.clone()),
            _ => None,
        },
        _ => None,
    }
}
