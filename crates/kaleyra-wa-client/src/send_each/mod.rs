//! One content to several recipients, or to each its own.

mod send_outcome;

use std::collections::HashMap;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::Stream;
use futures_util::stream::FuturesUnordered;
use kaleyra_wa_types::extra_info::{ExtraInfo, WaSource};
use kaleyra_wa_types::outbound::{Content, MessagingObject};
use kaleyra_wa_types::{Recipient, SendRequest};

use self::send_outcome::InFlight;
pub use self::send_outcome::SendOutcome;
use crate::{Client, IntoRecipient, NoRecipient, SendMessage};

/// The default number of messages in flight.
const CONCURRENCY: usize = 8;

/// One content on its way to several recipients, as a stream of [`SendOutcome`]s; made by [`Client::send_each`].
///
/// ```text
///   recipients ──► taken one by one ──► at most 8 on their way ──► SendOutcome { index, recipient, result }
///                  as there is room      each a send of its own      as they come, one for each recipient
/// ```
///
/// - Each recipient gets its own message, with its own reference. Everything about [`send`](Client::send) applies to
///   each: it is retried only if it was not sent, and its limits are checked first.
/// - One recipient's failure does not affect the others. A message's duration is limited by the transport's timeout:
///   without one, a message that never ends keeps its slot forever, and [`collect`](Self::collect) waits for it.
/// - Recipients are read as slots become free: a million of them, from a file or a database, need no more memory than
///   eight.
/// - **Nothing is sent until it is polled**, and while it is not polled, no new messages start. **Dropping it stops
///   it:** messages without an outcome were not started or are cancelled; each of the cancelled ones, at most
///   [`concurrency`](Self::concurrency), may or may not have been sent.
///
/// It is a [`Stream`] and needs no particular runtime. [`next`](Self::next) and [`collect`](Self::collect) are there
/// without an extension trait.
///
/// # Why not a list in `to`
///
/// One of Kaleyra's pages says that `to` takes several numbers with commas between. The response has one id, so nobody
/// could tell which of them was refused, or which failed later. A list is refused as an invalid recipient.
///
/// # Pace
///
/// Concurrency bounds how many are on their way, not how many go out in a second. WhatsApp takes 80 messages a second
/// from a number, and one every six seconds to one user after a burst; beyond that it refuses them. To keep below, wrap
/// the transport in one that holds requests back (the transport crate has `Paced`): messages that wait there count as
/// in flight, so recipients are not read faster either.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_client::Delivery;
///
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let kaleyra = Scripted::new().when(|_| true).respond(202, r#"{"code":"WA202","data":{"message_id":"AX1"}}"#);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let members = ["+14155550123", "+14155550124", "no number", "+1 (415) 555-0123"];
/// let mut sending = client
///     .send_each(members, "We open at nine tomorrow")
///     .concurrency(20)
///     .references(|index| format!("opening-{index}"))
///     .reference1("opening-hours")
///     .skip_duplicates();
/// let mut accepted = Vec::new();
/// while let Some(outcome) = sending.next().await {
///     match &outcome.result {
///         Ok(_) => accepted.push(outcome.reference().unwrap_or_default().to_owned()),
///         Err(error) if error.delivery() == Delivery::Indeterminate => {
///             println!("{}: look for {:?} in the callbacks", outcome.index, outcome.reference());
///         }
///         Err(error) => println!("{}: {error}", outcome.index),
///     }
/// }
/// accepted.sort();
/// assert_eq!(accepted, ["opening-0", "opening-1"]); // the third is no number, the fourth was there before
/// # Ok(())
/// # }
/// ```
///
/// A wrong key is wrong for all messages: stop at the first outcome that says so.
///
/// ```
/// use kaleyra_wa_client::Client;
/// use kaleyra_wa_client::types::error_code::ErrorClass;
///
/// # async fn run(client: &Client, members: Vec<String>) {
/// let mut sending = client.send_each(members, "We open at nine tomorrow");
/// while let Some(outcome) = sending.next().await {
///     if outcome.result.is_err_and(|error| error.class() == Some(ErrorClass::FixFirst)) {
///         break;
///     }
/// }
/// # }
/// ```
#[must_use = "nothing is sent until it is polled"]
pub struct SendEach<'a> {
    client: Client,
    extra_info: ExtraInfo,
    is_checked: bool,
    concurrency: usize,
    /// Earlier recipients and their indexes; `None` unless duplicates are wanted.
    seen: Option<HashMap<Box<str>, usize>>,
    skips_duplicates: bool,
    make_reference: Option<Box<dyn FnMut(usize) -> String + Send + 'a>>,
    /// `None` once there are no more.
    messages: Option<Box<Messages<'a>>>,
    /// The index of the next recipient.
    index: usize,
    in_flight: FuturesUnordered<InFlight>,
}

type Messages<'a> = dyn Iterator<Item = (Result<Recipient, NoRecipient>, Content)> + Send + 'a;

impl Client {
    /// One content to several recipients: a message to each, several in flight at once, one [`SendOutcome`] for
    /// each.
    ///
    /// Nothing is sent until the [`SendEach`] is polled. Recipients are read one by one, as there is room.
    ///
    /// ```
    /// # async fn run(client: &kaleyra_wa_client::Client, members: Vec<String>) {
    /// let outcomes = client.send_each(members, "We open at nine tomorrow").concurrency(20).collect().await;
    /// let failed = outcomes.iter().filter(|outcome| outcome.result.is_err()).count();
    /// println!("{} of {} were not accepted", failed, outcomes.len());
    /// # }
    /// ```
    pub fn send_each<'a, I>(&self, recipients: I, content: impl Into<Content>) -> SendEach<'a>
    where
        I: IntoIterator<Item: IntoRecipient + 'a, IntoIter: Send + 'a>,
    {
        let content = content.into();
        let recipients = recipients.into_iter();
        self.each(recipients.map(move |recipient| (recipient.into_recipient(), content.clone())))
    }

    /// A different content for each recipient: a message to each, several in flight at once, one [`SendOutcome`] for each.
    ///
    /// Everything that is said of [`send_each`](Self::send_each) applies here, too.
    ///
    /// ```
    /// use kaleyra_wa_client::types::outbound::template::Template;
    ///
    /// # async fn run(client: &kaleyra_wa_client::Client, orders: Vec<(String, String)>) {
    /// let messages = orders.into_iter().map(|(customer, order)| {
    ///     (customer, Template::new("order_shipped", "en").body([order.as_str()]))
    /// });
    /// let mut sending = client.send_each_own(messages).skip_duplicates();
    /// while let Some(outcome) = sending.next().await {
    ///     if let Some(earlier) = outcome.duplicate_of {
    ///         println!("{} is the same customer as {earlier}", outcome.index);
    ///     }
    /// }
    /// # }
    /// ```
    pub fn send_each_own<'a, I, R, C>(&self, messages: I) -> SendEach<'a>
    where
        I: IntoIterator<Item = (R, C), IntoIter: Send + 'a>,
        R: IntoRecipient + 'a,
        C: Into<Content> + 'a,
    {
        let messages = messages.into_iter();
        self.each(messages.map(|(recipient, content)| (recipient.into_recipient(), content.into())))
    }

    fn each<'a>(
        &self,
        messages: impl Iterator<Item = (Result<Recipient, NoRecipient>, Content)> + Send + 'a,
    ) -> SendEach<'a> {
        SendEach {
            client: self.clone(),
            extra_info: ExtraInfo::new(),
            is_checked: true,
            concurrency: CONCURRENCY,
            seen: None,
            skips_duplicates: false,
            make_reference: None,
            messages: Some(Box::new(messages)),
            index: 0,
            in_flight: FuturesUnordered::new(),
        }
    }
}

impl<'a> SendEach<'a> {
    /// How many messages may be in flight. Default: 8; 0 counts as 1.
    pub fn concurrency(mut self, concurrency: usize) -> Self {
        self.concurrency = concurrency.max(1);
        self
    }

    /// Makes each message's reference from the recipient's index; without this each gets a fresh one.
    ///
    /// Each must be unique, and at most 255 characters long. If you know the references in advance, you can tell after
    /// a crash which messages were sent: look for them in the callbacks.
    ///
    /// ```
    /// # async fn run(client: &kaleyra_wa_client::Client, members: Vec<String>) {
    /// let sending = client.send_each(members, "Hello").references(|index| format!("spring-{index}"));
    /// # let _ = sending;
    /// # }
    /// ```
    pub fn references(mut self, make: impl FnMut(usize) -> String + Send + 'a) -> Self {
        self.make_reference = Some(Box::new(make));
        self
    }

    /// Sets `ref1` of all, at most 255 characters; callbacks repeat it. It can name what they have in common.
    ///
    /// ```
    /// # use kaleyra_wa_client::transport::Scripted;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let kaleyra = Scripted::new().when(|_| true).respond(202, r#"{"code":"WA202","data":{"message_id":"AX1"}}"#);
    /// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
    /// let sending = client.send_each(["+14155550123"], "Hello").reference1("spring").reference2("batch-3").source("crm");
    /// sending.collect().await;
    /// let body: serde_json::Value = serde_json::from_slice(kaleyra.requests()[0].body().as_bytes().unwrap())?;
    /// assert_eq!(body["extra_info"]["ref1"], "spring");
    /// assert_eq!(body["extra_info"]["ref2"], "batch-3");
    /// # Ok(())
    /// # }
    /// ```
    pub fn reference1(mut self, reference: impl Into<String>) -> Self {
        self.extra_info = self.extra_info.reference1(reference);
        self
    }

    /// Sets `ref2` of all, at most 255 characters; callbacks repeat it.
    pub fn reference2(mut self, reference: impl Into<String>) -> Self {
        self.extra_info = self.extra_info.reference2(reference);
        self
    }

    /// Sets `wa_source` of all: which product makes the request.
    pub fn source(mut self, source: impl Into<WaSource>) -> Self {
        self.extra_info = self.extra_info.source(source);
        self
    }

    /// Reports in [`SendOutcome::duplicate_of`] where a recipient occurred before, in whichever way the number was written. It is
    /// sent all the same.
    ///
    /// Every recipient is remembered, with some 60 bytes each.
    ///
    /// ```
    /// # use kaleyra_wa_client::transport::Scripted;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let kaleyra = Scripted::new().when(|_| true).respond(202, r#"{"code":"WA202","data":{"message_id":"AX1"}}"#);
    /// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
    /// let members = ["+14155550123", "+1 415 555 0123"];
    /// let outcomes = client.send_each(members, "Hello").tell_duplicates().collect().await;
    /// assert_eq!(outcomes[1].duplicate_of, Some(0));
    /// assert!(outcomes[1].result.is_ok()); // sent all the same
    /// # Ok(())
    /// # }
    /// ```
    pub fn tell_duplicates(mut self) -> Self {
        self.seen.get_or_insert_default();
        self
    }

    /// The same, and sends nothing to a recipient that occurred before: its outcome is an
    /// [`InvalidRecipient`](crate::ErrorKind::InvalidRecipient) with the verdict `NotSent`. Only the very same number is left
    /// out; another form of it, with Brazil's ninth digit say, may be another person's and is sent to.
    pub fn skip_duplicates(mut self) -> Self {
        self.skips_duplicates = true;
        self.tell_duplicates()
    }

    /// Sends them even if they break limits that this version knows.
    ///
    /// ```
    /// # use kaleyra_wa_client::transport::Scripted;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let kaleyra = Scripted::new().when(|_| true).respond(202, r#"{"code":"WA202","data":{"message_id":"AX1"}}"#);
    /// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
    /// let long = "x".repeat(5_000);
    /// assert!(client.send_each(["+14155550123"], &*long).collect().await[0].result.is_err());
    /// assert!(client.send_each(["+14155550123"], &*long).unchecked().collect().await[0].result.is_ok());
    /// # Ok(())
    /// # }
    /// ```
    pub fn unchecked(mut self) -> Self {
        self.is_checked = false;
        self
    }

    /// The next outcome, in the order in which they come; `None` when every recipient has had one.
    ///
    /// Dropping this future loses nothing: sending continues at the next call.
    ///
    /// For an example see [`SendEach`].
    pub async fn next(&mut self) -> Option<SendOutcome> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Sends all, and returns the outcomes in the order of the recipients.
    ///
    /// For an example see [`SendEach`].
    pub async fn collect(mut self) -> Vec<SendOutcome> {
        let mut outcomes = Vec::new();
        while let Some(outcome) = self.next().await {
            outcomes.push(outcome);
        }
        outcomes.sort_unstable_by_key(|outcome| outcome.index);
        outcomes
    }

    /// Begins another message; `false` if there is no recipient left.
    fn begin(&mut self) -> bool {
        let Some((recipient, content)) = self.messages.as_mut().and_then(Iterator::next) else {
            self.messages = None;
            return false;
        };
        let index = self.index;
        self.index += 1;
        let known = recipient.as_ref().ok().cloned();
        let duplicate_of = known
            .as_ref()
            .and_then(|known| self.seen_before(known, index));
        let recipient = match duplicate_of {
            Some(_) if self.skips_duplicates => Err(NoRecipient::new(
                "the same recipient was there before: look at the outcome that `duplicate_of` names",
            )),
            _ => recipient,
        };
        let message = self.message(index, recipient, content);
        self.in_flight
            .push(InFlight::new(index, known, duplicate_of, message));
        true
    }

    /// At which index a recipient occurred before, where that is wanted.
    fn seen_before(&mut self, recipient: &Recipient, index: usize) -> Option<usize> {
        let seen = self.seen.as_mut()?;
        let name = recipient.as_str().trim_start_matches('+');
        if let Some(earlier) = seen.get(name) {
            return Some(*earlier);
        }
        seen.insert(name.into(), index);
        None
    }

    fn message(
        &mut self,
        index: usize,
        to: Result<Recipient, NoRecipient>,
        content: Content,
    ) -> SendMessage {
        let request = to.map(|to| {
            let message = MessagingObject::new(to, content);
            SendRequest::new(message).extra_info(self.extra_info.clone())
        });
        let mut message = SendMessage::new(self.client.clone(), request);
        if let Some(make) = &mut self.make_reference {
            message = message.reference(make(index));
        }
        if self.is_checked {
            message
        } else {
            message.unchecked()
        }
    }
}

impl Stream for SendEach<'_> {
    type Item = SendOutcome;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<SendOutcome>> {
        while self.in_flight.len() < self.concurrency && self.begin() {}
        Pin::new(&mut self.in_flight).poll_next(context)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let (least, most) = match &self.messages {
            Some(messages) => messages.size_hint(),
            None => (0, Some(0)),
        };
        let in_flight = self.in_flight.len();
        let most = most.and_then(|most| most.checked_add(in_flight));
        (least.saturating_add(in_flight), most)
    }
}

/// Shows the progress, and nothing of the content or the recipients.
impl fmt::Debug for SendEach<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendEach")
            .field("begun", &self.index)
            .field("in_flight", &self.in_flight.len())
            .field("concurrency", &self.concurrency)
            .finish_non_exhaustive()
    }
}
