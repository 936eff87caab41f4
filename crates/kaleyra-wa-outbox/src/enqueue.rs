//! A message on its way into the queue.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use kaleyra_wa_client::NoRecipient;
use kaleyra_wa_client::types::extra_info::ExtraInfo;
use kaleyra_wa_client::types::outbound::template::Template;
use kaleyra_wa_client::types::outbound::{Content, MessagingObject};
use kaleyra_wa_client::types::{MessageId, Recipient, SendRequest};
use kaleyra_wa_store::Moment;
use kaleyra_wa_store::outbox::{Digest, Effects, Follows, NewSend, Purpose, Queued};

use crate::address::{conversation_of, name_of};
use crate::{Enqueued, Once, Outbox, OutboxError};

/// The maximum number of bytes that a key may have.
const KEY_MAX: usize = 400;

/// A message that is queued when it is awaited; made by [`Outbox::enqueue`] and [`Outbox::reply`].
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use kaleyra_wa_outbox::types::outbound::template::Template;
/// use kaleyra_wa_outbox::{Once, Purpose};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = std::env::temp_dir().join(format!("kwa-outbox-enqueue-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// # let server = kaleyra_wa_client::BaseUrl::parse("http://127.0.0.1:9")?;
/// # let account = kaleyra_wa_client::Account::new(server, "HXIN0000000000IN", "A-key", "+918000000001")?;
/// # let client = kaleyra_wa_client::Client::new(account)?;
/// # let store = kaleyra_wa_outbox::store::SqliteStore::open(directory.join("shop.db"))?;
/// # let outbox = kaleyra_wa_outbox::Outbox::builder(client, store.clone()).build();
/// let queued = outbox
///     .enqueue("order-17", "+919800000001", "Your order is on its way.")
///     .or_template(Template::new("order_shipped", "en").body(["17"])) // if the 24-hour window is closed
///     .purpose(Purpose::Utility)
///     .priority(15) // before other news
///     .reference("17")
///     .expires_in(Duration::from_secs(6 * 60 * 60))
///     .then(Once::Delivered, outbox.enqueue("order-17/rate", "+919800000001", "How was it?"))
///     .await?;
/// assert!(queued.is_new);
/// assert_eq!(queued.reference, "17");
///
/// let again = outbox.enqueue("order-17", "+919800000001", "Your order is late.").await;
/// assert!(again.is_err()); // another content under the same key
/// # store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a message is queued when it is awaited"]
pub struct Enqueue {
    outbox: Outbox,
    /// Of a reply that was given none, the next of its event.
    key: Option<String>,
    recipient: Result<Recipient, NoRecipient>,
    content: Content,
    in_reply_to: Option<MessageId>,
    fallback: Option<Template>,
    reference: Option<String>,
    purpose: Option<Purpose>,
    priority: Option<i32>,
    not_before: Moment,
    expires_in: Option<Duration>,
    then: Vec<(Once, Self)>,
    pub(crate) event: Option<Answered>,
    pub(crate) wrote_at: Option<Moment>,
}

/// The event that a reply belongs to.
#[derive(Clone)]
pub(crate) struct Answered {
    /// What holds replies back until the event is handled; without it they are queued at once.
    pub(crate) effects: Option<Effects>,
    /// What keys of replies begin with, and the number of the next, where nothing holds them back.
    pub(crate) name: String,
    pub(crate) attempt: u32,
}

impl Enqueue {
    pub(crate) fn new(
        outbox: Outbox,
        key: Option<String>,
        recipient: Result<Recipient, NoRecipient>,
        content: Content,
    ) -> Self {
        Self {
            outbox,
            key,
            recipient,
            content,
            in_reply_to: None,
            fallback: None,
            reference: None,
            purpose: None,
            priority: None,
            not_before: Moment::default(),
            expires_in: None,
            then: Vec::new(),
            event: None,
            wrote_at: None,
        }
    }

    /// The template to send in its place where the 24-hour window is closed when it is its turn.
    ///
    /// For an example see [`Enqueue`].
    pub fn or_template(mut self, template: Template) -> Self {
        self.fallback = Some(template);
        self
    }

    /// What it is for: which opt-outs it falls under. A reply or any free-form message is [`Purpose::Service`] by
    /// default, a template [`Purpose::Utility`].
    ///
    /// For an example see [`Enqueue`].
    pub fn purpose(mut self, purpose: Purpose) -> Self {
        self.purpose = Some(purpose);
        self
    }

    /// Lower numbers go first: by default 0 for one-time passwords, 10 for service, 20 for utility, 30 for marketing. The order
    /// within a conversation stays.
    ///
    /// For an example see [`Enqueue`].
    pub fn priority(mut self, priority: i32) -> Self {
        self.priority = Some(priority);
        self
    }

    /// Not sent before this. What is queued later for the same conversation may go first.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-outbox-notbefore-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let server = kaleyra_wa_client::BaseUrl::parse("http://127.0.0.1:9")?;
    /// # let account = kaleyra_wa_client::Account::new(server, "HXIN0000000000IN", "A-key", "+918000000001")?;
    /// # let client = kaleyra_wa_client::Client::new(account)?;
    /// # let store = kaleyra_wa_outbox::store::SqliteStore::open(directory.join("shop.db"))?;
    /// # let outbox = kaleyra_wa_outbox::Outbox::builder(client, store.clone()).build();
    /// let tomorrow = SystemTime::now() + Duration::from_secs(24 * 60 * 60);
    /// outbox.enqueue("order-17/rate", "+919800000001", "How was it?").not_before(tomorrow).await?;
    ///
    /// let question = outbox.track("order-17/rate").await?.expect("it was queued");
    /// let send = question.send().expect("it is one of this outbox");
    /// assert_eq!(send.next_at, Some(tomorrow.into()));
    /// # store.close().await;
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn not_before(mut self, moment: impl Into<Moment>) -> Self {
        self.not_before = moment.into();
        self
    }

    /// Not sent any more after this time from now, or from [`not_before`](Self::not_before) where that is later: then it is
    /// expired, which [`Outbox::changes`] tells. Without it, [`Builder::expires_in`](crate::Builder::expires_in) says how
    /// long: 7 days.
    ///
    /// For an example see [`Enqueue`].
    pub fn expires_in(mut self, time: Duration) -> Self {
        self.expires_in = Some(time);
        self
    }

    /// Quotes an earlier message, by WhatsApp's id of it.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-outbox-inreplyto-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let server = kaleyra_wa_client::BaseUrl::parse("http://127.0.0.1:9")?;
    /// # let account = kaleyra_wa_client::Account::new(server, "HXIN0000000000IN", "A-key", "+918000000001")?;
    /// # let client = kaleyra_wa_client::Client::new(account)?;
    /// # let store = kaleyra_wa_outbox::store::SqliteStore::open(directory.join("shop.db"))?;
    /// # let outbox = kaleyra_wa_outbox::Outbox::builder(client, store.clone()).build();
    /// outbox.enqueue("answer-17", "+919800000001", "Yes, we do.").in_reply_to("wamid.A").await?;
    ///
    /// let answer = outbox.track("answer-17").await?.expect("it was queued");
    /// let message = answer.request().and_then(|request| request.messaging_object.message());
    /// assert!(message.is_some_and(|message| message.context.is_some()));
    /// # store.close().await;
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn in_reply_to(mut self, message: impl Into<MessageId>) -> Self {
        self.in_reply_to = Some(message.into());
        self
    }

    /// The reference that callbacks about it have, at most 255 characters, in place of the key. No other message may have it.
    ///
    /// For an example see [`Enqueue`].
    pub fn reference(mut self, reference: impl Into<String>) -> Self {
        self.reference = Some(reference.into());
        self
    }

    /// Names a reply, so that it is the same at every attempt whatever else the handler sends: `confirm`.
    ///
    /// For any other message it is the key itself.
    ///
    /// ```
    /// use kaleyra_wa_outbox::{Outbox, OutboxError};
    /// use kaleyra_wa_webhook::Router;
    ///
    /// fn bot(outbox: Outbox) -> Router<Outbox> {
    ///     Router::new(outbox).on_text(async |bot, text| {
    ///         if text.body.contains("order") {
    ///             bot.state.reply(&bot.event, "Which order?").key("which").await?;
    ///         }
    ///         bot.state.reply(&bot.event, "A person will answer soon.").key("soon").await?;
    ///         Ok::<_, OutboxError>(())
    ///     })
    /// }
    /// # let _ = bot;
    /// ```
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Queues another message along with it that waits until this one has got so far. Where that never happens, because this
    /// one is refused, fails or is not sent at all, the other is skipped.
    ///
    /// For an example see [`Enqueue`].
    pub fn then(mut self, once: Once, next: Self) -> Self {
        self.then.push((once, next));
        self
    }

    /// All that is to be queued, this first.
    fn sends(self) -> Result<Vec<NewSend>, OutboxError> {
        let mut sends = Vec::new();
        let mut waiting = vec![(None, self)];
        while let Some((follows, mut next)) = waiting.pop() {
            let then = std::mem::take(&mut next.then);
            let send = next.send(follows)?;
            for (once, follower) in then.into_iter().rev() {
                waiting.push((Some(Follows::new(&send.key, once.stage())), follower));
            }
            sends.push(send);
        }
        Ok(sends)
    }

    fn send(self, follows: Option<Follows>) -> Result<NewSend, OutboxError> {
        let key = self.final_key()?;
        let recipient = self.recipient.map_err(OutboxError::NoRecipient)?;
        let reference = self.reference.unwrap_or_else(|| reference_of(&key));
        let request = |content: Content| {
            let mut message = MessagingObject::new(recipient.clone(), content);
            if let Some(quoted) = &self.in_reply_to {
                message = message.in_reply_to(quoted.clone());
            }
            let request =
                SendRequest::new(message).extra_info(ExtraInfo::new().reference(reference.clone()));
            let violations = request.violations();
            if violations.is_empty() {
                Ok(request.to_vec())
            } else {
                Err(OutboxError::Invalid(violations))
            }
        };
        let is_template = matches!(self.content, Content::Template(_));
        let body = request(self.content)?;
        let fallback = self
            .fallback
            .map(|template| request(Content::Template(template)))
            .transpose()?;
        let purpose = self.purpose.unwrap_or(if is_template {
            Purpose::Utility
        } else {
            Purpose::Service
        });
        let settings = &self.outbox.parts.settings;
        let life = self.expires_in.unwrap_or(settings.expires_in);
        let begins = self.outbox.parts.store.time().max(self.not_before);
        Ok(NewSend {
            digest: Digest::of([&body[..], fallback.as_deref().unwrap_or_default()]),
            reference,
            sender: self.outbox.sender(),
            conversation: conversation_of(&recipient),
            recipient: name_of(&recipient),
            body: body.into(),
            fallback: fallback.map(Into::into),
            purpose,
            priority: self.priority.unwrap_or(urgency(purpose)),
            not_before: self.not_before,
            expires_at: Some(begins + life),
            needs_window: !is_template,
            user_wrote_at: self.wrote_at,
            follows,
            key,
        })
    }

    fn final_key(&self) -> Result<String, OutboxError> {
        let key = match (&self.event, &self.key) {
            (None, Some(key)) => key.clone(),
            (None, None) => String::new(),
            (Some(event), Some(name)) => match &event.effects {
                Some(effects) => effects.named_key(name),
                None => format!("reply/{}/{name}", event.name),
            },
            (Some(event), None) => match &event.effects {
                Some(effects) => effects.next_key(),
                None => self.next_key(event),
            },
        };
        if key.is_empty() || key.len() > KEY_MAX {
            return Err(OutboxError::InvalidKey);
        }
        Ok(key)
    }

    #[cfg(feature = "webhook")]
    fn next_key(&self, event: &Answered) -> String {
        let number = self.outbox.parts.replies.next(&event.name, event.attempt);
        format!("reply/{}/{number}", event.name)
    }

    #[cfg(not(feature = "webhook"))]
    fn next_key(&self, event: &Answered) -> String {
        format!("reply/{}/{}", event.name, event.attempt)
    }

    async fn run(self) -> Result<Enqueued, OutboxError> {
        let store = self.outbox.parts.store.clone();
        let effects = self.event.as_ref().and_then(|event| event.effects.clone());
        let sends = self.sends()?;
        let reference = sends.first().map(|send| send.reference.clone());
        let reference = reference.unwrap_or_default();
        if let Some(effects) = effects {
            for send in sends {
                effects.push(send).map_err(|_| OutboxError::HandlerEnded)?;
            }
            return Ok(Enqueued {
                id: None,
                reference,
                is_new: true,
            });
        }
        let queued = store.enqueue_all(sends).await?;
        let (id, is_new) = match queued.first() {
            Some(Queued::New(id)) => (*id, true),
            Some(Queued::Known(id)) => (*id, false),
            _ => return Err(OutboxError::KeyConflict),
        };
        Ok(Enqueued {
            id: Some(id),
            reference,
            is_new,
        })
    }
}

/// What goes first where several wait.
pub(crate) const fn urgency(purpose: Purpose) -> i32 {
    match purpose {
        Purpose::Authentication => 0,
        Purpose::Service => 10,
        Purpose::Utility => 20,
        _ => 30,
    }
}

/// The key itself where it has room in a reference.
fn reference_of(key: &str) -> String {
    if key.chars().count() <= ExtraInfo::REFERENCE_MAX {
        return key.to_owned();
    }
    let digest = Digest::of([key.as_bytes()]);
    let mut reference: String = key.chars().take(200).collect();
    reference.push('~');
    for byte in digest.as_bytes() {
        reference.push_str(&format!("{byte:02x}"));
    }
    reference
}

impl IntoFuture for Enqueue {
    type Output = Result<Enqueued, OutboxError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for Enqueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Enqueue")
            .field("type", &self.content.type_name())
            .field("purpose", &self.purpose)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_is_too_long_for_a_reference_is_shortened_and_stays_one_of_a_kind() {
        let long = |end: char| format!("{}{end}", "ä".repeat(300));
        assert_eq!(reference_of("order-17"), "order-17");
        assert_eq!(reference_of(&"x".repeat(255)).len(), 255);
        let (one, other) = (reference_of(&long('1')), reference_of(&long('2')));
        assert_ne!(one, other);
        assert!(one.chars().count() <= ExtraInfo::REFERENCE_MAX);
        assert_eq!(one, reference_of(&long('1')));
    }
}
