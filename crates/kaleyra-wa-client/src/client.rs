//! The client: an account and a transport.

use std::fmt;
use std::sync::Arc;

use kaleyra_wa_transport::Transport;
use kaleyra_wa_types::inbound::Message;
use kaleyra_wa_types::outbound::{Content, MessagingObject, Reaction};
use kaleyra_wa_types::{MessageId, PhoneNumber, SendRequest};

use crate::retry::SystemRandomness;
use crate::{
    Account, Clock, ConfigError, IntoRecipient, MarkRead, NoRecipient, Randomness, RetryPolicy,
    SendEach, SendMessage, SystemClock, TemplateCheck, TemplateStore,
};

/// Sends messages from one number of one account.
///
/// It is cheap to clone, and clones share the transport and its connections: make one and pass it around. `Debug`
/// shows neither the key nor the number.
///
/// # Examples
///
#[cfg_attr(feature = "reqwest", doc = "```no_run")]
#[cfg_attr(not(feature = "reqwest"), doc = "```ignore")]
/// use kaleyra_wa_client::types::outbound::Image;
/// use kaleyra_wa_client::{Account, Client, Pod};
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::new(Account::new(Pod::In, "HXIN0000000000IN", "A-key", "+918000000001")?)?;
///
/// client.send("+14155550123", "Your order is on its way").reference("order-17").await?;
/// client.send("+14155550123", Image::link("https://example.com/parcel.png")).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    account: Arc<Account>,
    pub(crate) settings: Arc<Settings>,
}

/// What the clients of several accounts share.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) retry: RetryPolicy,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) randomness: Arc<dyn Randomness>,
    /// Generates the reference of a message that has none.
    pub(crate) references: Option<Arc<MakeReference>>,
    /// What sends of templates are checked against.
    pub(crate) templates: Option<(TemplateStore, TemplateCheck)>,
}

type MakeReference = dyn Fn() -> String + Send + Sync;

impl Client {
    /// A client over [`ReqwestTransport`](crate::transport::ReqwestTransport) with its own settings.
    ///
    /// To change them, build the transport and give it to [`with_transport`](Self::with_transport).
    ///
    /// # Errors
    ///
    /// When TLS can't be set up; most often the machine has no certificate roots.
    ///
    /// ```
    /// use kaleyra_wa_client::{Account, Client, Pod};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = Client::new(Account::new(Pod::In, "HXIN0000000000IN", "A-key", "+918000000001")?)?;
    /// assert_eq!(client.account().base_url().to_string(), "https://api.in.kaleyra.io");
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "reqwest")]
    #[cfg_attr(docsrs, doc(cfg(feature = "reqwest")))]
    pub fn new(account: Account) -> Result<Self, crate::transport::BuildError> {
        let transport = crate::transport::ReqwestTransport::new()?;
        Ok(Self::with_transport(account, transport))
    }

    /// A client over a transport of your choice.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_client::transport::{Request, Response, Transport, TransportError, async_trait, http};
    /// use kaleyra_wa_client::{Account, Client, Pod};
    ///
    /// /// A stand-in for your HTTP stack.
    /// struct Canned;
    ///
    /// #[async_trait]
    /// impl Transport for Canned {
    ///     async fn execute(&self, _request: Request) -> Result<Response, TransportError> {
    ///         let mut response = Response::new(r#"{"code":"WA202","data":{"message_id":"AX1"}}"#.into());
    ///         *response.status_mut() = http::StatusCode::ACCEPTED;
    ///         Ok(response)
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let account = Account::new(Pod::In, "HXIN0000000000IN", "A-key", "+918000000001")?;
    /// let sent = Client::with_transport(account, Canned).send("+14155550123", "Hello").await?;
    /// assert_eq!(sent.message_id().as_str(), "AX1");
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_transport(account: Account, transport: impl Transport + 'static) -> Self {
        Self {
            account: Arc::new(account),
            settings: Arc::new(Settings {
                transport: Arc::new(transport),
                retry: RetryPolicy::default(),
                clock: Arc::new(SystemClock),
                randomness: Arc::new(SystemRandomness),
                references: None,
                templates: None,
            }),
        }
    }

    /// The account that messages are sent from.
    ///
    /// ```
    /// use kaleyra_wa_client::{Account, Client};
    ///
    /// # use kaleyra_wa_client::transport::Scripted;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let kaleyra = Scripted::new().respond(200, r#"{}"#);
    /// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
    /// assert_eq!(client.account().sid(), "HXIN0000000000IN");
    /// # Ok(())
    /// # }
    /// ```
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// A client for another account over the same transport: many accounts, one pool of connections.
    ///
    /// ```
    /// use kaleyra_wa_client::{Account, Pod};
    ///
    /// # use kaleyra_wa_client::transport::Scripted;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let kaleyra = Scripted::new().respond(200, r#"{}"#);
    /// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
    /// let italy = client.with_account(Account::new(Pod::Eu, "HXEU0000000000IT", "A-key", "+390600000001")?);
    /// assert_eq!(italy.account().sid(), "HXEU0000000000IT");
    /// assert_eq!(client.account().sid(), "HXIN0000000000IN"); // the first one is as it was
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_account(&self, account: Account) -> Self {
        Self {
            account: Arc::new(account),
            settings: Arc::clone(&self.settings),
        }
    }

    /// A client for another number of the same account, over the same transport.
    ///
    /// # Errors
    ///
    /// When it is not a phone number.
    ///
    /// ```
    /// # use kaleyra_wa_client::transport::Scripted;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let kaleyra = Scripted::new().respond(200, r#"{}"#);
    /// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
    /// let support = client.with_sender("+918000000002")?;
    /// assert_eq!(support.account().sender().as_str(), "+918000000002");
    ///
    /// let error = client.with_sender("support").unwrap_err();
    /// assert!(error.to_string().starts_with("sender: not a phone number"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_sender(
        &self,
        sender: impl TryInto<PhoneNumber, Error: Into<ConfigError>>,
    ) -> Result<Self, ConfigError> {
        let account = Account::clone(&self.account).with_sender(sender)?;
        Ok(self.with_account(account))
    }

    /// Changes when operations are retried.
    ///
    /// ```
    /// use kaleyra_wa_client::transport::{Phase, Scripted, TransportErrorKind};
    /// use kaleyra_wa_client::{Client, RetryPolicy};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let account = kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?;
    /// let nobody = Scripted::new().fail(Phase::Connect, TransportErrorKind::Connect);
    /// let client = Client::with_transport(account, nobody).with_retry(RetryPolicy::never());
    /// let error = client.send("+14155550123", "Hello").await.unwrap_err();
    /// assert_eq!(error.attempts(), 1); // by default there would be three
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_retry(self, policy: RetryPolicy) -> Self {
        self.with(|settings| settings.retry = policy)
    }

    /// Uses this clock for the time between two attempts; for tests.
    ///
    /// ```
    /// use std::sync::{Arc, Mutex};
    /// use std::time::Duration;
    ///
    /// use kaleyra_wa_client::transport::{Phase, Scripted, TransportErrorKind, async_trait};
    /// use kaleyra_wa_client::{Client, Clock};
    ///
    /// /// Time passes when somebody waits, and then at once.
    /// #[derive(Clone, Default)]
    /// struct Film(Arc<Mutex<Duration>>);
    ///
    /// #[async_trait]
    /// impl Clock for Film {
    ///     fn now(&self) -> Duration {
    ///         *self.0.lock().unwrap()
    ///     }
    ///
    ///     async fn sleep(&self, time: Duration) {
    ///         *self.0.lock().unwrap() += time;
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let account = kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?;
    /// let script = Scripted::new()
    ///     .fail(Phase::Connect, TransportErrorKind::Connect)
    ///     .respond(202, r#"{"code":"WA202","data":{"message_id":"AX1"}}"#);
    /// let film = Film::default();
    /// let client = Client::with_transport(account, script).with_clock(film.clone());
    /// client.send("+14155550123", "Hello").await?;
    /// assert!(film.now() >= Duration::from_millis(100)); // waited before the second attempt, in no time
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_clock(self, clock: impl Clock + 'static) -> Self {
        self.with(|settings| settings.clock = Arc::new(clock))
    }

    /// Uses this source of random numbers; for tests.
    ///
    /// ```
    /// # use kaleyra_wa_client::transport::Scripted;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let kaleyra = Scripted::new().respond(200, r#"{}"#);
    /// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
    /// let client = client.with_randomness(|| 0);
    /// // A UUID of version 7: the time, then what is random.
    /// assert!(client.new_reference().ends_with("-7000-8000-000000000000"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_randomness(self, randomness: impl Randomness + 'static) -> Self {
        self.with(|settings| settings.randomness = Arc::new(randomness))
    }

    /// Generates the references of messages that have none. By default they are UUIDs of version 7, which sort by time.
    ///
    /// Each must be unique, and at most 255 characters long.
    ///
    /// ```
    /// use std::sync::atomic::{AtomicU64, Ordering};
    ///
    /// # use kaleyra_wa_client::transport::Scripted;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let kaleyra = Scripted::new().respond(202, r#"{"code":"WA202","data":{"message_id":"AX1"}}"#);
    /// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
    /// let next = AtomicU64::new(1);
    /// let client = client.with_references(move || format!("shop-{}", next.fetch_add(1, Ordering::Relaxed)));
    /// let sent = client.send("+14155550123", "Your order is on its way").await?;
    /// assert_eq!(sent.reference(), Some("shop-1"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_references(self, make: impl Fn() -> String + Send + Sync + 'static) -> Self {
        self.with(|settings| settings.references = Some(Arc::new(make)))
    }

    pub(crate) fn with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(Arc::make_mut(&mut self.settings));
        self
    }

    /// A message to a recipient. Nothing happens until it is awaited.
    ///
    /// The recipient is a phone number with `+` and country code, a user id, or anything else that is
    /// [`IntoRecipient`]. The content is a text, or anything else that a [`Content`] can be made of.
    ///
    /// ```
    /// use kaleyra_wa_client::types::outbound::Image;
    ///
    /// # use kaleyra_wa_client::transport::Scripted;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let kaleyra = Scripted::new().respond(202, r#"{"code":"WA202","data":{"message_id":"AX1"}}"#);
    /// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
    /// # let kaleyra = kaleyra.respond(202, r#"{"code":"WA202","data":{"message_id":"AX2"}}"#);
    /// let sent = client.send("+14155550123", "Your table is booked.").reference("booking-17").await?;
    /// assert_eq!(sent.message_id().as_str(), "AX1");
    ///
    /// let photo = Image::link("https://example.com/table.jpg").caption("By the window");
    /// client.send("+14155550123", photo).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn send(&self, to: impl IntoRecipient, content: impl Into<Content>) -> SendMessage {
        let recipient = to.into_recipient();
        let message = recipient.map(|recipient| MessagingObject::new(recipient, content));
        SendMessage::new(self.clone(), message.map(SendRequest::new))
    }

    /// A reply to a user's message: it goes to the author of the message, and quotes it.
    ///
    /// A message whose id is missing can't be quoted; the reply is sent without a quote.
    ///
    /// ```
    /// use kaleyra_wa_client::types::inbound::{Callback, Event};
    ///
    /// # use kaleyra_wa_client::transport::Scripted;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let kaleyra = Scripted::new().respond(202, r#"{"code":"WA202","data":{"message_id":"AX1"}}"#);
    /// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
    /// let callback = Callback::from_slice(br#"{"meta_object": {"field": "messages", "value": {"messages": [
    ///     {"from": "14155550123", "id": "wamid.A", "timestamp": "1722863329", "type": "text", "text": {"body": "Is it here?"}}
    /// ]}}}"#)?;
    /// for event in callback.events() {
    ///     if let Event::Message(message) = event {
    ///         let reply = client.reply(message, "Thank you, we are looking into it");
    ///         assert_eq!(reply.request()?.messaging_object.message().unwrap().recipient.as_str(), "+14155550123");
    ///         reply.await?;
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn reply(&self, message: &Message, content: impl Into<Content>) -> SendMessage {
        let recipient = message.reply_address().map_err(NoRecipient::from);
        let reply = recipient.map(|to| {
            let reply = MessagingObject::new(to, content);
            if message.id.is_empty() {
                // Without an id nothing can be quoted. A reply without a quote is better than failing forever.
                reply
            } else {
                reply.in_reply_to(message.id.clone())
            }
        });
        SendMessage::new(self.clone(), reply.map(SendRequest::new))
    }

    /// An emoji on a message that a user wrote. It replaces one that was there.
    ///
    /// ```
    /// # use kaleyra_wa_client::{Client, Error};
    /// # async fn run(client: &Client, message: &kaleyra_wa_client::types::inbound::Message) -> Result<(), Error> {
    /// client.react(message, "👍").await?;
    /// client.unreact(message).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn react(&self, message: &Message, emoji: impl Into<String>) -> SendMessage {
        self.reaction(message, Reaction::new(message.id.clone(), emoji))
    }

    /// Takes back the emoji that [`react`](Self::react) put on a message.
    ///
    /// For an example see [`react`](Self::react).
    pub fn unreact(&self, message: &Message) -> SendMessage {
        self.reaction(message, Reaction::remove(message.id.clone()))
    }

    fn reaction(&self, message: &Message, reaction: Reaction) -> SendMessage {
        let recipient = message.reply_address().map_err(NoRecipient::from);
        let reaction = recipient.map(|to| MessagingObject::new(to, reaction));
        SendMessage::new(self.clone(), reaction.map(SendRequest::new))
    }

    /// Shows the user that a message was read, and all before it. With [`typing`](MarkRead::typing), it also shows that
    /// a reply is being written.
    ///
    /// Source: *Send Read Receipt Messages*.
    ///
    /// ```
    /// # use kaleyra_wa_client::{Client, Error};
    /// # async fn run(client: &Client, message: &kaleyra_wa_client::types::inbound::Message) -> Result<(), Error> {
    /// client.mark_read(message.id.clone()).typing().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn mark_read(&self, message: impl Into<MessageId>) -> MarkRead {
        MarkRead::new(self.clone(), message.into())
    }

    /// Shows the user that a reply to a message is being written, for 25 seconds or until it is sent, and that the
    /// message was read: there is no typing without that.
    ///
    /// ```
    /// # use kaleyra_wa_client::{Client, Error};
    /// # async fn run(client: &Client, message: &kaleyra_wa_client::types::inbound::Message) -> Result<(), Error> {
    /// client.typing(message.id.clone()).await?;
    /// // … whatever takes a moment …
    /// client.reply(message, "We have it in blue.").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn typing(&self, message: impl Into<MessageId>) -> MarkRead {
        self.mark_read(message).typing()
    }

    /// Sends a request that was built elsewhere, for example by a service that only has the types, and arrived through
    /// a queue.
    ///
    /// It goes out as it is: if it has no reference, it gets none. Set one where it is built, for example with
    /// [`new_reference`](Self::new_reference), so that a copy in the queue has the same one.
    ///
    /// ```
    /// use kaleyra_wa_client::types::SendRequest;
    ///
    /// # async fn run(client: &kaleyra_wa_client::Client, queued: &[u8]) -> Result<(), Box<dyn std::error::Error>> {
    /// let request = SendRequest::from_slice(queued)?;
    /// client.send_request(request).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn send_request(&self, request: SendRequest) -> SendMessage {
        SendMessage::new(self.clone(), Ok(request)).without_reference()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A transport has no `Debug`, and a third-party one might show too much.
        f.debug_struct("Client")
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}

// One client serves every thread of a program.
const _: fn() = || {
    const fn crosses_threads<T: Clone + Send + Sync + 'static>() {}
    const fn can_be_spawned<T: Send + Unpin + 'static>() {}
    crosses_threads::<Client>();
    crosses_threads::<SendMessage>();
    crosses_threads::<MarkRead>();
    can_be_spawned::<SendEach<'static>>();
};
