//! The shop's bot: takes callbacks, answers through the client, and writes down both directions.

use async_trait::async_trait;
use kaleyra_wa_client::{Client, Delivery as Verdict, SendMessage};
use kaleyra_wa_types::callback::{Callback, Event, Message, MessageContent};
use kaleyra_wa_types::messaging_object::Image;
use kaleyra_wa_webhook::{Delivery, Sink, SinkError};
use tokio::sync::watch;

use crate::show::event::{says, sent_says, short};
use crate::show::output::{line, one_line};
use crate::show::style::{Tone, tone};

/// What the bot says. `check` compares with the same words.
pub(super) const THANKS_FOR_FILE: &str =
    "What a lovely picture, thank you! We have put it up in the shop.";
pub(super) const POSTCARD: &str = "https://example.com/shop/postcard.png";
pub(super) const BOOKED: &str = "It's booked again. See you soon!";
pub(super) const BOOKED_REFERENCE: &str = "booking-18";
pub(super) const BOOKED_REFERENCE1: &str = "from-template";
const DEFAULT: &str = "Thank you! Somebody will write back soon.";

/// The shop's bot.
pub(super) struct Bot {
    client: Client,
    statuses: watch::Sender<usize>,
}

impl Bot {
    pub(super) fn new(client: Client) -> Self {
        Self {
            client,
            statuses: watch::Sender::new(0),
        }
    }

    /// How many statuses it was told.
    pub(super) fn statuses(&self) -> watch::Receiver<usize> {
        self.statuses.subscribe()
    }

    /// The answer to a message.
    fn answer(&self, message: &Message) -> SendMessage {
        match &message.content {
            content if content.media().is_some() => self.client.reply(message, THANKS_FOR_FILE),
            MessageContent::Reaction(_) => match message.reply_address() {
                Ok(user) => self.client.send(
                    user,
                    Image::link(POSTCARD).caption("With love from the shop"),
                ),
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

    /// Answers a message. The callback counts as handled unless the answer certainly did not go out: then Kaleyra is asked to
    /// post it again. Where that is uncertain a second answer would be worse than none.
    async fn reply(&self, message: &Message) -> Result<(), SinkError> {
        let answer = self.answer(message);
        if let Some(request) = answer
            .request()
            .ok()
            .and_then(|request| serde_json::to_value(request).ok())
        {
            show("shop → Kaleyra", Tone::Business, &sent_says(&request));
        }
        match answer.await {
            Ok(sent) => {
                show(
                    "",
                    Tone::Good,
                    &format!("202 accepted as {}", sent.message_id()),
                );
                Ok(())
            }
            Err(error) => {
                show("", Tone::Bad, &error.to_string());
                match error.delivery() {
                    Verdict::NotSent => Err(SinkError::new("the answer could not be sent")),
                    _ => Ok(()),
                }
            }
        }
    }
}

#[async_trait]
impl Sink for Bot {
    async fn accept(&self, delivery: Delivery) -> Result<(), SinkError> {
        let callback = &delivery.callback;
        for event in callback.events() {
            match event {
                Event::Message(message) => {
                    show(
                        &format!("{} → shop", name(callback, message)),
                        Tone::User,
                        &description(callback, &event),
                    );
                    self.reply(message).await?;
                }
                Event::Status(_) => {
                    show(
                        "Kaleyra → shop",
                        Tone::Quiet,
                        &description(callback, &event),
                    );
                    self.statuses.send_modify(|count| *count += 1);
                }
                _ => show(
                    "Kaleyra → shop",
                    Tone::Title,
                    &description(callback, &event),
                ),
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
    let said = says(callback, event);
    if !said.is_empty() {
        words += &format!(": {said}");
    }
    if let Some(extra_info) = &callback.extra_info {
        if let Some(url) = &extra_info.media_url {
            words += &format!(", file at {url}");
        }
        if let Some(reference) = &extra_info.reference {
            words += &format!(", ref {reference:?}");
        }
    }
    if let Event::Message(message) = event
        && !matches!(message.content, MessageContent::Reaction(_))
        && let Some(quoted) = message.replies_to()
    {
        words += &format!(", answers {}", short(quoted.as_str()));
    }
    words
}

/// A line of the transcript. A closed terminal ends nothing here; the scene notices it.
fn show(who: &str, colour: Tone, what: &str) {
    let who = format!("{:<22}", one_line(who));
    let _ = line(format!("  {}  {}", tone(colour, who), one_line(what)));
}
