//! The router, and how it decides.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use async_trait::async_trait;
use kaleyra_wa_types::inbound::{Event, Message};

use super::{Context, Filter, MessageContext};
use crate::handle::{Handled, Handler, HandlerError, IncomingEvent};

/// A handler that sorts events by what they are, each to a handler of its own.
///
/// **The first route that matches gets the event, and no other**: so the narrow ones come first. An event that no route
/// wants goes to the [`fallback`](Self::fallback), or is finished; what could not be read is then logged, with its path.
///
/// Handlers are async closures or functions. They get a context, with the shared state and the event, and what the route
/// found, and return nothing or any `Result`, see [`Handled`]; the types of a closure's arguments need not be written. What
/// handlers need goes into the state: a closure that captures a client, say, is refused by the compiler, as its future could
/// outlive it.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_webhook::{Router, filter};
///
/// struct Shop {
///     opens_at: u8,
/// }
///
/// let router = Router::new(Shop { opens_at: 9 })
///     .when(filter::text_is("hours").or(filter::payload_is("hours")), |hours| {
///         hours.on_message(async |context| {
///             // A real one: `context.state.client.reply(&context.message, answer).await?;`
///             println!("We open at {}.", context.state.opens_at);
///         })
///     })
///     .on_button("cancel", async |_, tap| {
///         println!("{} was tapped", tap.payload);
///     })
///     .on_text(async |context, text| {
///         println!("attempt {} at {} letters", context.event.attempt(), text.body.len());
///     })
///     .on_status(async |_, update| {
///         println!("{:?}", update.stage());
///     });
/// # let _ = router;
/// ```
pub struct Router<S> {
    pub(super) state: Arc<S>,
    routes: Vec<Box<Route<S>>>,
    fallback: Option<Box<Route<S>>>,
}

/// Takes an event, or leaves it to the next.
type Route<S> = dyn Fn(&Offer<'_, S>) -> Option<Handling> + Send + Sync;

type Handling = Pin<Box<dyn Future<Output = Result<(), HandlerError>> + Send>>;

fn handling(handler: impl Future<Output: Handled> + Send + 'static) -> Handling {
    Box::pin(async move { handler.await.into_result() })
}

/// An event on its way along the routes.
pub(super) struct Offer<'a, S> {
    pub(super) incoming: &'a IncomingEvent,
    pub(super) event: &'a Event<'a>,
    state: &'a Arc<S>,
}

impl<S> Offer<'_, S> {
    fn context(&self) -> Context<S> {
        Context {
            state: Arc::clone(self.state),
            event: self.incoming.clone(),
        }
    }

    fn message_context(&self, message: &Message) -> MessageContext<S> {
        MessageContext {
            state: Arc::clone(self.state),
            message: message.clone(),
            event: self.incoming.clone(),
        }
    }
}

impl<S: Send + Sync + 'static> Router<S> {
    /// A router without routes, whose handlers will share this state.
    ///
    /// For an example see [`Router`].
    pub fn new(state: S) -> Self {
        Self::sharing(Arc::new(state))
    }

    fn sharing(state: Arc<S>) -> Self {
        Self {
            state,
            routes: Vec::new(),
            fallback: None,
        }
    }

    /// Routes for the events that pass the filter. What passes it and none of them wants goes on behind it.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_webhook::{Router, filter};
    ///
    /// let router = Router::new(()).when(filter::from("+919800000001"), |owner| {
    ///     owner
    ///         .on_button("close", async |_, _| {})
    ///         .when(!filter::in_group(), |alone| alone.on_text(async |_, _| {}))
    /// });
    /// # let _ = router;
    /// ```
    #[must_use]
    pub fn when(self, filter: Filter, routes: impl FnOnce(Self) -> Self) -> Self {
        let inner = routes(Self::sharing(Arc::clone(&self.state)));
        self.route(move |offer| {
            let passes = filter.matches(offer.incoming, offer.event);
            passes.then(|| inner.offer(offer)).flatten()
        })
    }

    /// Any event.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_webhook::types::inbound::EventKind;
    /// use kaleyra_wa_webhook::{Router, filter};
    ///
    /// // Changes of the account, its templates, its numbers.
    /// let router = Router::new(()).when(filter::kind(EventKind::Field), |changes| {
    ///     changes.on_any(async |context| {
    ///         println!("{} changed", context.event.event().type_name());
    ///     })
    /// });
    /// # let _ = router;
    /// ```
    #[must_use]
    pub fn on_any<F, Fut>(self, handler: F) -> Self
    where
        F: Fn(Context<S>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: Handled> + Send + 'static,
    {
        self.route(move |offer| Some(handling(handler(offer.context()))))
    }

    /// What no route wants, wherever this is among them. Without it, such an event is finished.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_webhook::Router;
    ///
    /// let router = Router::new(())
    ///     .fallback(async |context| {
    ///         println!("nobody wants a {}", context.event.event().kind());
    ///     })
    ///     .on_text(async |_, _| {});
    /// # let _ = router;
    /// ```
    #[must_use]
    pub fn fallback<F, Fut>(mut self, handler: F) -> Self
    where
        F: Fn(Context<S>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: Handled> + Send + 'static,
    {
        self.fallback = Some(Box::new(move |offer| {
            Some(handling(handler(offer.context())))
        }));
        self
    }

    /// A route for the messages in which `find` finds something.
    pub(super) fn on_found_in_message<T, F, Fut>(
        self,
        find: impl Fn(&Message, &IncomingEvent) -> Option<T> + Send + Sync + 'static,
        handler: F,
    ) -> Self
    where
        F: Fn(MessageContext<S>, T) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: Handled> + Send + 'static,
    {
        self.route(move |offer| {
            let Event::Message(message) = offer.event else {
                return None;
            };
            let found = find(message, offer.incoming)?;
            Some(handling(handler(offer.message_context(message), found)))
        })
    }

    /// A route for the events in which `find` finds something.
    pub(super) fn on_found<T, F, Fut>(
        self,
        find: impl Fn(&Event<'_>) -> Option<T> + Send + Sync + 'static,
        handler: F,
    ) -> Self
    where
        F: Fn(Context<S>, T) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: Handled> + Send + 'static,
    {
        self.route(move |offer| {
            let found = find(offer.event)?;
            Some(handling(handler(offer.context(), found)))
        })
    }

    fn route(
        mut self,
        route: impl Fn(&Offer<'_, S>) -> Option<Handling> + Send + Sync + 'static,
    ) -> Self {
        self.routes.push(Box::new(route));
        self
    }

    fn offer(&self, offer: &Offer<'_, S>) -> Option<Handling> {
        let mut routes = self.routes.iter().chain(&self.fallback);
        routes.find_map(|route| route(offer))
    }

    /// The handling of an event, if a route wants it.
    fn decide(&self, incoming: &IncomingEvent) -> Option<Handling> {
        let event = &incoming.event();
        let handling = self.offer(&Offer {
            incoming,
            event,
            state: &self.state,
        });
        if handling.is_none() {
            match event {
                Event::Malformed(part) => {
                    tracing::warn!(
                        path = part.path,
                        reason = part.reason,
                        "no route wants what could not be read"
                    );
                }
                _ => tracing::debug!("no route wants the event"),
            }
        }
        handling
    }
}

#[async_trait]
impl<S: Send + Sync + 'static> Handler for Router<S> {
    async fn handle(&self, event: IncomingEvent) -> Result<(), HandlerError> {
        match self.decide(&event) {
            Some(handling) => handling.await,
            None => Ok(()),
        }
    }
}

impl<S> fmt::Debug for Router<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Router")
            .field("routes", &self.routes.len())
            .field("fallback", &self.fallback.is_some())
            .finish_non_exhaustive()
    }
}
