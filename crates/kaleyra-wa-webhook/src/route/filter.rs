//! Questions to an event, for [`Router::when`](crate::Router::when).
//!
//! They compose: [`and`](Filter::and), [`or`](Filter::or), and `!`.
//!
//! ```
//! use kaleyra_wa_webhook::filter;
//!
//! let question = filter::text_contains("price").and(!filter::in_group());
//! let from_staff = filter::from("+919800000001").or(filter::from("+919800000002"));
//! let forwarded = filter::test(|event| {
//!     let context = event.message().and_then(|message| message.context.as_ref());
//!     context.is_some_and(|context| context.forwarded == Some(true))
//! });
//! let asked = question.and(from_staff).and(!forwarded);
//! # let _ = asked;
//! ```

use std::fmt;
use std::ops::Not;
use std::sync::Arc;

use kaleyra_wa_types::inbound::{Event, EventKind, Message, Stage};

use super::StatusUpdate;
use crate::handle::IncomingEvent;

/// A question to an event.
///
/// # Examples
///
/// In the [module's documentation](crate::filter).
#[derive(Clone)]
pub struct Filter(Arc<Question>);

type Question = dyn Fn(&IncomingEvent, &Event<'_>) -> bool + Send + Sync;

impl Filter {
    fn new(question: impl Fn(&IncomingEvent, &Event<'_>) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(question))
    }

    /// Asks a message; anything else does not pass.
    fn of_message(question: impl Fn(&Message) -> bool + Send + Sync + 'static) -> Self {
        Self::new(move |_, event| match event {
            Event::Message(message) => question(message),
            _ => false,
        })
    }

    pub(super) fn matches(&self, incoming: &IncomingEvent, event: &Event<'_>) -> bool {
        (self.0)(incoming, event)
    }

    /// What passes both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::new(move |incoming, event| {
            self.matches(incoming, event) && other.matches(incoming, event)
        })
    }

    /// What passes one of them, or both.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self::new(move |incoming, event| {
            self.matches(incoming, event) || other.matches(incoming, event)
        })
    }
}

/// What does not pass it.
impl Not for Filter {
    type Output = Self;

    fn not(self) -> Self {
        Self::new(move |incoming, event| !self.matches(incoming, event))
    }
}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Filter")
    }
}

/// A question of your own.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_webhook::{Router, filter};
///
/// let router = Router::new(()).when(filter::test(|event| event.attempt() > 1), |routes| {
///     routes.on_any(async |_| {})
/// });
/// # let _ = router;
/// ```
pub fn test(question: impl Fn(&IncomingEvent) -> bool + Send + Sync + 'static) -> Filter {
    Filter::new(move |incoming, _| question(incoming))
}

/// The message says just this, whatever its case and the blanks around it: people write `Hi ` and `hi`.
///
/// What a message says is its text, its caption, or what stands on the button or row that was tapped.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_webhook::{Router, filter};
///
/// let router = Router::new(()).when(filter::text_is("stop"), |routes| {
///     routes.on_any(async |_| {})
/// });
/// # let _ = router;
/// ```
pub fn text_is(text: impl Into<String>) -> Filter {
    let wanted = folded(&text.into());
    Filter::of_message(move |message| said(message).is_some_and(|said| said == wanted))
}

/// The message says this among other things, whatever the case.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_webhook::{Router, filter};
///
/// let router = Router::new(()).when(filter::text_contains("price"), |routes| {
///     routes.on_any(async |_| {})
/// });
/// # let _ = router;
/// ```
pub fn text_contains(text: impl Into<String>) -> Filter {
    let wanted = folded(&text.into());
    Filter::of_message(move |message| said(message).is_some_and(|said| said.contains(&wanted)))
}

/// The message begins with this, whatever the case and the blanks before it.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_webhook::{Router, filter};
///
/// let router = Router::new(()).when(filter::text_starts_with("order "), |routes| {
///     routes.on_any(async |_| {})
/// });
/// # let _ = router;
/// ```
pub fn text_starts_with(text: impl Into<String>) -> Filter {
    let wanted = folded(&text.into());
    Filter::of_message(move |message| said(message).is_some_and(|said| said.starts_with(&wanted)))
}

/// A button or row with this behind it was tapped: a template's payload, a reply button's id, a row's id.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_webhook::{Router, filter};
///
/// let router = Router::new(()).when(filter::payload_is("book"), |routes| {
///     routes.on_any(async |_| {})
/// });
/// # let _ = router;
/// ```
pub fn payload_is(payload: impl Into<String>) -> Filter {
    let wanted = payload.into();
    Filter::of_message(move |message| message.content.payload() == Some(&wanted))
}

/// A button or row was tapped, and what is behind it begins with this.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_webhook::{Router, filter};
///
/// let router = Router::new(()).when(filter::payload_starts_with("cancel:"), |cancel| {
///     cancel.on_any_button(async |_, tap| {
///         println!("order {:?}", tap.payload.strip_prefix("cancel:"));
///     })
/// });
/// # let _ = router;
/// ```
pub fn payload_starts_with(payload: impl Into<String>) -> Filter {
    let wanted = payload.into();
    Filter::of_message(move |message| {
        let payload = message.content.payload();
        payload.is_some_and(|payload| payload.starts_with(&wanted))
    })
}

/// The message was written by this user, or the status is about a message to it: a number, with or without `+`, or a
/// user id.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_webhook::{Router, filter};
///
/// let router = Router::new(()).when(filter::from("+919800000001"), |routes| {
///     routes.on_any(async |_| {})
/// });
/// # let _ = router;
/// ```
pub fn from(user: impl Into<String>) -> Filter {
    let wanted = user.into().trim_start_matches('+').to_owned();
    Filter::new(move |_, event| {
        let Some(party) = event.party() else {
            return false;
        };
        let number = party.number.map(|number| number.as_str());
        let ids = [party.user_id, party.parent_user_id];
        number.is_some_and(|number| number.trim_start_matches('+') == wanted)
            || ids.into_iter().flatten().any(|id| id.as_str() == wanted)
    })
}

/// It happened in a group.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_webhook::{Router, filter};
///
/// let router = Router::new(()).when(!filter::in_group(), |routes| {
///     routes.on_any(async |_| {})
/// });
/// # let _ = router;
/// ```
pub fn in_group() -> Filter {
    Filter::new(|_, event| event.party().is_some_and(|party| party.group_id.is_some()))
}

/// The event is of this kind; what could not be read is of the kind that it would have been.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_webhook::types::inbound::EventKind;
/// use kaleyra_wa_webhook::{Router, filter};
///
/// let router = Router::new(()).when(filter::kind(EventKind::Field), |routes| {
///     routes.on_any(async |_| {})
/// });
/// # let _ = router;
/// ```
pub fn kind(kind: EventKind) -> Filter {
    Filter::new(move |_, event| event.kind() == kind)
}

/// The event is of this type within its kind: `image` for a message, `read` for a status, `account_update` for a change.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_webhook::{Router, filter};
///
/// let router = Router::new(()).when(filter::type_is("account_update"), |routes| {
///     routes.on_any(async |_| {})
/// });
/// # let _ = router;
/// ```
pub fn type_is(name: impl Into<String>) -> Filter {
    let wanted = name.into();
    Filter::new(move |_, event| event.type_name() == wanted)
}

/// The status says that the message has come just this far.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_webhook::types::inbound::Stage;
/// use kaleyra_wa_webhook::{Router, filter};
///
/// let router = Router::new(()).when(filter::stage(Stage::Failed), |routes| {
///     routes.on_any(async |_| {})
/// });
/// # let _ = router;
/// ```
pub fn stage(stage: Stage) -> Filter {
    Filter::new(move |_, event| StatusUpdate::of(event).and_then(|it| it.stage()) == Some(stage))
}

fn said(message: &Message) -> Option<String> {
    message.content.text().map(folded)
}

fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}
