//! A bot that leads through a dialogue: a day from a list, a number of people by buttons, a name as text.
//!
//! What was chosen so far travels in the ids of rows and buttons, so that a tap means the same after a restart, and tomorrow. Only
//! the question for a name has to be remembered: a text has no id.
#![allow(clippy::print_stdout, reason = "an example talks to who runs it")]

use std::collections::HashMap;
use std::env;
use std::error::Error;
use std::sync::Mutex;
use std::time::Duration;

use kaleyra_wa_client::types::outbound::interactive::{List, ReplyButtons, Row};
use kaleyra_wa_client::{Account, Client, Delivery, Sent};
use kaleyra_wa_webhook::types::inbound::{ListReply, Text};
use kaleyra_wa_webhook::{
    ButtonTap, MemorySink, MessageContext, Receiver, Router, SharedHeader, WebhookService, serve,
};
use tokio::net::TcpListener;

type Bot = MessageContext<Restaurant>;
type Answer = Result<Sent, kaleyra_wa_client::Error>;

struct Restaurant {
    client: Client,
    /// Who was asked for a name, and for which table. Of a conversation one event is handled at a time.
    asked: Mutex<HashMap<String, String>>,
}

impl Restaurant {
    fn ask_name(&self, user: &str, table: &str) {
        if let Ok(mut asked) = self.asked.lock() {
            asked.insert(user.to_owned(), table.to_owned());
        }
    }

    fn asked(&self, user: &str) -> Option<String> {
        self.asked.lock().ok()?.remove(user)
    }
}

/// Who writes; empty where the callback names nobody.
fn user(bot: &Bot) -> &str {
    bot.event.conversation().map_or("", |user| user.as_str())
}

async fn text(bot: Bot, text: Text) -> Answer {
    if let Some(table) = bot.state.asked(user(&bot)) {
        let name = text.body.trim();
        let booked = format!("Thank you, {name}: {table}. See you then!");
        return bot.state.client.reply(&bot.message, booked).await;
    }
    let days = List::new("When would you like to come?", "Choose a day")
        .row(Row::new("friday", "Friday").description("Live music from 8 pm"))
        .row(Row::new("saturday", "Saturday"))
        .row(Row::new("sunday", "Sunday").description("Brunch until 2 pm"));
    bot.state.client.reply(&bot.message, days).await
}

async fn day(bot: Bot, row: ListReply) -> Answer {
    let day = row.id.as_deref().unwrap_or_default();
    let people = ReplyButtons::new("For how many?")
        .button(format!("{day}:2"), "Two")
        .button(format!("{day}:4"), "Four")
        .button(format!("{day}:6"), "Six");
    bot.state.client.reply(&bot.message, people).await
}

async fn people(bot: Bot, tap: ButtonTap) -> Answer {
    let Some((day, people)) = tap.payload.split_once(':') else {
        let again = "That button is an old one. Write anything to begin again.";
        return bot.state.client.reply(&bot.message, again).await;
    };
    let table = format!("a table for {people} on {day}");
    let question = format!("I have {table}. Under which name?");
    let sent = bot.state.client.reply(&bot.message, question).await?;
    bot.state.ask_name(user(&bot), &table);
    Ok(sent)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let restaurant = Restaurant {
        client: Client::new(Account::from_env()?)?,
        asked: Mutex::default(),
    };
    let bot = Router::new(restaurant)
        .on_any_list_reply(day)
        .on_any_button(people)
        .on_text(text);
    let sink = MemorySink::builder(bot)
        .retry_error(|error: &kaleyra_wa_client::Error| error.delivery() == Delivery::NotSent)
        .build();

    let secret = env::var("KALEYRA_CALLBACK_SECRET")?;
    let receiver = Receiver::new(SharedHeader::new("x-kaleyra-secret", secret)?);
    let address = env::var("BOT_ADDRESS").unwrap_or_else(|_| "127.0.0.1:8080".to_owned());
    let listener = TcpListener::bind(address).await?;
    println!("listening on http://{}/", listener.local_addr()?);
    let stop = async { drop(tokio::signal::ctrl_c().await) };
    serve(listener, WebhookService::new(receiver, sink.clone()), stop).await?;
    Ok(sink.shutdown(Duration::from_secs(10)).await?)
}
