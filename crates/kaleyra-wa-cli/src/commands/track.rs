//! `kaleyra-wa track`: what became of a message.

use clap::Args;
use kaleyra_wa_outbox::Track as Tracked;
use kaleyra_wa_store::{Moment, SqliteStore};
use serde_json::json;

use super::outbox::{SendJson, StoreFile, message_json, or_exit, time};
use crate::exit::Exit;
use crate::global;
use crate::show::line::Line;
use crate::show::output::{say, say_all};

/// Show what became of a message
#[derive(Args)]
#[command(after_help = "\
Examples:
  kaleyra-wa track order-17 --outbox bot.db")]
pub(crate) struct Track {
    #[command(flatten)]
    file: StoreFile,
    /// The key or the reference of the message
    #[arg(value_name = "REFERENCE")]
    reference: String,
}

impl Track {
    pub(crate) async fn run(self) -> Result<(), Exit> {
        let store = self.file.attach()?;
        if !global::settings().json {
            return tell(&store, &self.reference).await;
        }
        let found = find(&store, &self.reference).await?;
        let value = json!({
            "state": found.state(),
            "text": found.text(),
            "code": found.code(),
            "advice": found.advice(),
            "send": found.send().map(SendJson::of),
            "message": found.message().map(message_json),
        });
        say(Line::json(&value).map_err(Exit::failed)?)
    }
}

async fn find(store: &SqliteStore, name: &str) -> Result<Tracked, Exit> {
    let found = or_exit(Tracked::find(store, name).await)?;
    found.ok_or_else(|| Exit::bad_input("nothing is known of this key or reference"))
}

/// Says what became of it, for people.
pub(crate) async fn tell(store: &SqliteStore, name: &str) -> Result<(), Exit> {
    let found = find(store, name).await?;
    let mut lines = vec![Line::new(format!("{name}: {}", found.state()))];
    let mut add = |what: &str, value: Option<String>| {
        if let Some(value) = value {
            lines.push(Line::new(format!("  {what:<12} {value}")));
        }
    };
    let at = |moment: Option<Moment>| moment.map(time);
    if let Some(send) = found.send() {
        add("number", Some(send.id.to_string()));
        add("to", Some(send.recipient.clone()));
        add("queued", Some(time(send.queued_at)));
        add("flown", at(send.flown_at));
        add("landed", at(send.landed_at));
        add("attempts", Some(send.attempt.to_string()));
        add("accepted as", send.message_id.clone());
        add("reason", send.reason.clone());
    }
    if let Some(message) = found.message() {
        add("sent", at(message.sent_at));
        add("delivered", at(message.delivered_at));
        add("read", at(message.read_at));
        add("failed", at(message.failed_at));
        add("says", message.title.clone());
    }
    add("text", found.text());
    add("advice", found.advice());
    say_all(lines)
}
