//! The shop's bot: takes callbacks, answers through the client, and writes down both directions.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use kaleyra_wa_client::{Client, Delivery as Verdict, ErrorKind, SendMessage};
use kaleyra_wa_types::inbound::{Callback, Event, Message, MessageContent};
use kaleyra_wa_types::outbound::Image;
use kaleyra_wa_webhook::{ReceivedCallback, Sink, SinkError};
use tokio::sync::watch;

use super::answered::Answered;
use super::transcript::{Transcript, show};
use crate::show::event::{answered, says};
use crate::show::sent::sent_says;
use crate::show::style::Tone;
use crate::show::words::{quoted, short};

/// What the bot says. `check` compares with the same words.
pub(super) const THANKS_FOR_FILE: &str =
    "What a lovely picture, thank you! We have put it up in the shop.";
pub(super) const THANKS_REFERENCE: &str = "thanks-17";
pub(super) const POSTCARD: &str = "https://example.com/shop/postcard.png";
pub(super) const POSTCARD_REFERENCE: &str = "postcard-17";
pub(super) const BOOKED: &str = "It's booked again. See you soon!";
pub(super) const BOOKED_REFERENCE: &str = "booking-18";
pub(super) const BOOKED_REFERENCE1: &str = "from-template";
const DEFAULT: &str = "Thank you! Somebody will write back soon.";

/// The shop's bot.
pub(super) struct Bot {
    client: Client,
    answered: Mutex<Answered>,
    statuses: watch::Sender<usize>,
    transcript: Transcript,
}

impl Bot {
    pub(super) fn new(client: Client, transcript: Transcript) -> Self {
        Self {
            client,
            answered: Mutex::default(),
            statuses: watch::Sender::new(0),
            transcript,
        }
    }

    /// What both directions are written down in.
    pub(super) fn transcript(&self) -> &Transcript {
        &self.transcript
    }

    /// How many statuses it was told.
    pub(super) fn statuses(&self) -> watch::Receiver<usize> {
        self.statuses.subscribe()
    }

    /// Counts a status.
    pub(super) fn told(&self) {
        self.statuses.send_modify(|count| *count += 1);
    }

    /// The answer to a message.
    fn answer(&self, message: &Message) -> SendMessage {
        match &message.content {
            content if content.media().is_some() => self
                .client
                .reply(message, THANKS_FOR_FILE)
                .reference(THANKS_REFERENCE),
            MessageContent::Reaction(_) => match message.reply_address() {
                Ok(user) => {
                    let postcard = Image::link(POSTCARD).caption("With love from the shop");
                    self.client
                        .send(user, postcard)
                        .reference(POSTCARD_REFERENCE)
                }
                Err(_) => self.client.reply(message, DEFAULT),
            },
            MessageContent::Button(_) => self
                .client
                .reply(message, BOOKED)
                .reference(BOOKED_REFERENCE)
                .reference1(BOOKED_REFERENCE1),
            _ => self.client.reply(message, DEFAULT),
        }
    }

    /// Answers a message, once: the same callback may come again, because its sender saw no 200 or because another message
    /// in it could not be answered.
    ///
    /// The callback counts as handled unless the answer certainly did not go out: then Kaleyra is asked to post it again.
    /// Where that is uncertain a second answer would be worse than none; what can't be answered at all never will be.
    async fn reply(&self, message: &Message) -> Result<(), SinkError> {
        // Before the answer goes out, so that the same callback at the same time finds it as well.
        if !message.id.is_empty() && !self.answered().insert(&message.id) {
            show("", Tone::Quiet, "answered before, so nothing is sent");
            return Ok(());
        }
        let answer = self.answer(message);
        if let Ok(request) = answer.request() {
            let request = serde_json::to_value(&request).unwrap_or_default();
            show("shop → Kaleyra", Tone::Business, &sent_says(&request));
            self.transcript.wire(&request);
        }
        match answer.await {
            Ok(sent) => {
                let accepted = format!("202 accepted as {}", sent.message_id());
                show("", Tone::Good, &accepted);
                self.transcript.wire(sent.response());
                Ok(())
            }
            Err(error) => {
                show("", Tone::Bad, &error.to_string());
                let is_hopeless = matches!(
                    error.kind(),
                    ErrorKind::InvalidRecipient | ErrorKind::InvalidRequest
                );
                match error.delivery() {
                    Verdict::NotSent if !is_hopeless => {
                        self.answered().remove(&message.id);
                        Err(SinkError::new("the answer could not be sent"))
                    }
                    _ => Ok(()),
                }
            }
        }
    }

    fn answered(&self) -> std::sync::MutexGuard<'_, Answered> {
        self.answered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Sink for Bot {
    async fn accept(&self, delivery: ReceivedCallback) -> Result<(), SinkError> {
        let callback = &delivery.callback;
        let wrote = callback.messages().next().is_some();
        let _busy = if wrote {
            Some(self.transcript.busy())
        } else {
            // What becomes of an answer may be told before the answer's own lines are written.
            self.transcript.idle().await;
            None
        };
        for event in callback.events() {
            let said = description(callback, &event);
            match event {
                Event::Message(message) => {
                    let who = format!("{} → shop", name(callback, message));
                    show(&who, Tone::User, &said);
                    self.transcript.wire(callback);
                    self.reply(message).await?;
                }
                Event::Status(_) => {
                    show("Kaleyra → shop", Tone::Quiet, &said);
                    self.transcript.wire(callback);
                    self.told();
                }
                _ => {
                    show("Kaleyra → shop", Tone::Title, &said);
                    self.transcript.wire(callback);
                }
            }
        }
        Ok(())
    }
}

fn name<'a>(callback: &'a Callback, message: &'a Message) -> &'a str {
    let contact = callback.contact_of(message);
    contact
        .and_then(|contact| contact.name())
        .unwrap_or("somebody")
}

fn description(callback: &Callback, event: &Event<'_>) -> String {
    let mut words = format!("{} {}", event.kind(), event.type_name());
    if let Event::Message(_) = event {
        words = event.type_name().to_owned();
    }
    let said = says(event);
    if !said.is_empty() {
        words += &format!(": {said}");
    }
    if let Some(extra_info) = &callback.extra_info {
        if let Some(url) = &extra_info.media_url {
            words += &format!(", file at {url}");
        }
        if let Some(reference) = &extra_info.reference {
            words += &format!(", ref {}", quoted(reference));
        }
    }
    if let Event::Message(message) = event
        && let Some(id) = answered(message)
    {
        words += &format!(", answers {}", short(id));
    }
    words
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::SystemTime;

    use kaleyra_wa_client::{Account, Pod, RetryPolicy};
    use kaleyra_wa_transport::{
        Phase, Request, Response, Transport, TransportError, TransportErrorKind,
    };

    use super::*;

    /// Answers 202, except to the request with this number, which does not leave.
    struct Flaky {
        requests: &'static AtomicUsize,
        fails: usize,
    }

    #[async_trait]
    impl Transport for Flaky {
        async fn execute(&self, _request: Request) -> Result<Response, TransportError> {
            if self.requests.fetch_add(1, Ordering::SeqCst) + 1 == self.fails {
                return Err(TransportError::new(
                    Phase::Connect,
                    TransportErrorKind::Connect,
                ));
            }
            let body = r#"{"code":"WA202","data":{"message_id":"AX1"}}"#;
            Ok(Response::new(body.into()))
        }
    }

    fn bot(requests: &'static AtomicUsize, fails: usize) -> Bot {
        let account = Account::new(Pod::In, "HX1", "A1", "+918000000001").unwrap();
        let client = Client::with_transport(account, Flaky { requests, fails });
        let client = client.with_retry(RetryPolicy::never());
        Bot::new(client, Transcript::new(false))
    }

    fn two_messages() -> ReceivedCallback {
        let raw = r#"{"meta_object":{"field":"messages","value":{"messages":[
            {"from":"919800000001","id":"wamid.1","type":"text","text":{"body":"Hi"}},
            {"from":"919800000002","id":"wamid.2","type":"text","text":{"body":"Hello"}}]}}}"#;
        ReceivedCallback::from_raw(raw.into(), SystemTime::now()).unwrap()
    }

    #[tokio::test]
    async fn the_same_callback_twice_is_answered_once() {
        static REQUESTS: AtomicUsize = AtomicUsize::new(0);
        let bot = bot(&REQUESTS, 0);
        bot.accept(two_messages()).await.unwrap();
        bot.accept(two_messages()).await.unwrap();
        assert_eq!(REQUESTS.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn what_cant_be_answered_is_not_asked_for_again() {
        static REQUESTS: AtomicUsize = AtomicUsize::new(0);
        let raw = r#"{"meta_object":{"field":"messages","value":{"messages":[
            {"id":"wamid.1","type":"text","text":{"body":"Hi"}}]}}}"#;
        let nobody = ReceivedCallback::from_raw(raw.into(), SystemTime::now()).unwrap();
        bot(&REQUESTS, 0).accept(nobody).await.unwrap();
        assert_eq!(REQUESTS.load(Ordering::SeqCst), 0);
    }

    #[tokio::test]
    async fn only_what_was_not_sent_is_sent_again() {
        static REQUESTS: AtomicUsize = AtomicUsize::new(0);
        let bot = bot(&REQUESTS, 2);
        bot.accept(two_messages()).await.unwrap_err();
        bot.accept(two_messages()).await.unwrap();
        bot.accept(two_messages()).await.unwrap();
        assert_eq!(REQUESTS.load(Ordering::SeqCst), 3);
    }
}
