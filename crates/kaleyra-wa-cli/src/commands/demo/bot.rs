//! The shop's bot: takes callbacks, answers through the client, and writes down both directions.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use kaleyra_wa_client::{Client, Delivery as Verdict, Error, ErrorKind, SendMessage};
use kaleyra_wa_types::inbound::{Callback, Event, Message, Status};
use kaleyra_wa_webhook::{ReceivedCallback, Sink, SinkError};
use tokio::sync::watch;

use super::answered::Answered;
use super::reminder::{Reminders, STILL_INTERESTED};
use super::shop::Shop;
use super::transcript::{Transcript, show};
use crate::show::event::{answered, says};
use crate::show::sent::sent_says;
use crate::show::style::Tone;
use crate::show::words::{quoted, short};

/// More than 24 hours since the user wrote, by Meta's page.
const TOO_LATE: &str = "131047";

/// The shop's bot.
pub(super) struct Bot {
    shop: Shop,
    answered: Mutex<Answered>,
    reminders: Reminders,
    /// Whether people chat with it. While the scene is played it sends nothing but what is checked.
    is_live: AtomicBool,
    statuses: watch::Sender<usize>,
    transcript: Transcript,
}

impl Bot {
    /// `base_url` is the simulator's.
    pub(super) fn new(client: Client, base_url: &str, transcript: Transcript) -> Self {
        Self {
            shop: Shop::new(client, base_url),
            answered: Mutex::default(),
            reminders: Reminders::default(),
            is_live: AtomicBool::new(false),
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

    /// From now on people chat with it, and see that it reads and types.
    pub(super) fn go_live(&self) {
        self.is_live.store(true, Ordering::Relaxed);
    }

    /// Writes to those who have been silent for a day. The text fails, and the template that follows on it gets through.
    pub(super) async fn remind(&self, now: SystemTime) {
        for user in self.reminders.take_due(now) {
            let user = format!("+{user}");
            let reminder = self.shop.client().send(user.as_str(), STILL_INTERESTED);
            let _ = self.send(reminder.reference("reminder")).await;
        }
    }

    /// A free message came too late: the template says the same.
    async fn came_too_late(&self, status: &Status) {
        let is_late = |code: &str| code == TOO_LATE;
        let mut codes = status.errors.iter().filter_map(|error| error.code.as_ref());
        let (true, Some(user)) = (
            codes.any(|code| is_late(code.as_str())),
            &status.recipient_id,
        ) else {
            return;
        };
        if let Some(name) = self.reminders.name(user.as_str()) {
            let user = format!("+{}", user.as_str());
            let _ = self.send(self.shop.come_back(&user, &name)).await;
        }
    }

    /// Answers a message, once: the same callback may come again, because its sender saw no 200 or because another message
    /// in it could not be answered.
    ///
    /// The callback counts as handled unless the answer certainly did not go out: then Kaleyra is asked to post it again.
    /// Where that is uncertain a second answer would be worse than none; what can't be answered at all never will be.
    async fn reply(&self, callback: &Callback, message: &Message) -> Result<(), SinkError> {
        // Before the answer goes out, so that the same callback at the same time finds it as well.
        if !message.id.is_empty() && !self.answered().insert(&message.id) {
            show("", Tone::Quiet, "answered before, so nothing is sent");
            return Ok(());
        }
        let is_live = self.is_live.load(Ordering::Relaxed);
        if is_live && !message.id.is_empty() {
            let _ = self.shop.client().typing(message.id.clone()).await;
        }
        let Some(response) = self.shop.response(callback, message, is_live).await else {
            return Ok(());
        };
        let Err(error) = self.send(response).await else {
            return Ok(());
        };
        let is_hopeless = matches!(
            error.kind(),
            ErrorKind::InvalidRecipient | ErrorKind::InvalidRequest
        );
        match error.delivery() {
            Verdict::NotSent if !is_hopeless => {
                self.answered().remove(&message.id);
                Err(SinkError::new("the response could not be sent"))
            }
            _ => Ok(()),
        }
    }

    /// Sends it, and writes down both sides.
    async fn send(&self, message: SendMessage) -> Result<(), Error> {
        if let Ok(request) = message.request() {
            let request = serde_json::to_value(&request).unwrap_or_default();
            show("shop → Kaleyra", Tone::Business, &sent_says(&request));
            self.transcript.wire(&request);
        }
        match message.await {
            Ok(sent) => {
                let accepted = format!("202 accepted as {}", sent.message_id());
                show("", Tone::Good, &accepted);
                self.transcript.wire(sent.response());
                Ok(())
            }
            Err(error) => {
                show("", Tone::Bad, &error.to_string());
                Err(error)
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
                    if let (Some(user), Some(at)) = (&message.from, wrote_at(message)) {
                        let name = name(callback, message);
                        self.reminders.wrote(user.as_str(), name, at);
                    }
                    self.reply(callback, message).await?;
                }
                Event::Status(status) => {
                    show("Kaleyra → shop", Tone::Quiet, &said);
                    self.transcript.wire(callback);
                    self.told();
                    self.came_too_late(status).await;
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

/// When the user wrote, by the simulator's clock.
fn wrote_at(message: &Message) -> Option<SystemTime> {
    let seconds = message.timestamp.as_ref()?.unix_seconds()?;
    Some(UNIX_EPOCH + Duration::from_secs(u64::try_from(seconds).ok()?))
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
        Bot::new(client, "http://localhost", Transcript::new(false))
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
