//! What users do, from the shell: all that they can write, tap and pay.

use std::path::PathBuf;

use bytes::Bytes;
use clap::{Args, Subcommand};
use http::Method;
use kaleyra_wa_sim::callback::kind_of_file;
use serde_json::{Value, json};

use super::remote::Remote;
use crate::exit::Exit;
use crate::input;
use crate::show::output::note;
use crate::values::number;

/// Something that a user does.
#[derive(Subcommand)]
#[allow(clippy::doc_markdown, reason = "these texts are the help")]
pub(crate) enum Deed {
    /// Let a user write text; the bot is told
    #[command(after_help = "Examples:\n  kaleyra-wa sim say 919800000001 'Are you open?'")]
    Say {
        #[command(flatten)]
        who: Who,
        /// The text
        text: String,
    },
    /// Let a user tap a button or a row, by its label
    #[command(
        after_help = "The label is that of the newest message that has it.\n\nExamples:\n  kaleyra-wa sim tap 919800000001 42"
    )]
    Tap {
        #[command(flatten)]
        who: Who,
        /// What stands on the button or row
        label: String,
    },
    /// Let a user quote the newest message, and write text
    #[command(after_help = "Examples:\n  kaleyra-wa sim reply 919800000001 'Yes, please'")]
    Reply {
        #[command(flatten)]
        who: Who,
        /// The text
        text: String,
    },
    /// Let a user send a file: a photo, a video, sound, a sticker or a document, by its name
    #[command(
        after_help = "Examples:\n  kaleyra-wa sim send 919800000001 photo.jpg --caption 'This one?'"
    )]
    Send {
        #[command(flatten)]
        who: Who,
        /// The file
        file: PathBuf,
        /// Text below it
        #[arg(long)]
        caption: Option<String>,
        /// As a voice note
        #[arg(long)]
        voice: bool,
    },
    /// Let a user react to the newest message; without an emoji the reaction is taken back
    #[command(after_help = "Examples:\n  kaleyra-wa sim react 919800000001 👍")]
    React {
        #[command(flatten)]
        who: Who,
        /// The emoji
        emoji: Option<String>,
    },
    /// Let a user send where they are
    #[command(
        after_help = "Examples:\n  kaleyra-wa sim location 919800000001 12.97,77.59 --name 'The shop'"
    )]
    Location {
        #[command(flatten)]
        who: Who,
        /// Latitude and longitude in degrees
        #[arg(value_name = "LAT,LON", allow_hyphen_values = true, value_parser = place)]
        place: (f64, f64),
        /// Name of the place
        #[arg(long)]
        name: Option<String>,
    },
    /// Let a user send a contact card
    #[command(
        after_help = "Examples:\n  kaleyra-wa sim contact 919800000001 'Ravi Example' +919800000002"
    )]
    Contact {
        #[command(flatten)]
        who: Who,
        /// The contact's name
        name: String,
        /// The contact's number
        phone: String,
    },
    /// Let a user order from a catalog
    #[command(
        after_help = "Examples:\n  kaleyra-wa sim order 919800000001 --catalog 17 blue-41=2@1499 --currency INR"
    )]
    Order {
        #[command(flatten)]
        who: Who,
        /// What, how many of it, and at which price each
        #[arg(required = true, value_name = "PRODUCT=COUNT@PRICE", value_parser = item)]
        items: Vec<(String, u32, f64)>,
        /// Id of the catalog
        #[arg(long, value_name = "ID")]
        catalog: String,
        /// Currency of the prices
        #[arg(long, value_name = "CODE", default_value = "INR")]
        currency: String,
    },
    /// Let a user pay the newest order, or fail to
    #[command(
        after_help = "The order is a message of the type order_details.\n\nOnce one was sent: kaleyra-wa sim pay 919800000001 --status failed"
    )]
    Pay {
        #[command(flatten)]
        who: Who,
        /// How it ends
        #[arg(long, default_value = "captured", value_parser = ["captured", "failed", "pending"])]
        status: String,
    },
    /// Let a user fill in and send the newest form: what was filled in, as JSON
    #[command(after_help = r#"Examples:
  kaleyra-wa sim form 919800000001 '{"size":"41"}'"#)]
    Form {
        #[command(flatten)]
        who: Who,
        /// What was filled in
        #[arg(value_name = "JSON", value_parser = value)]
        response: Value,
    },
    /// Let a user change the text that was written last
    #[command(
        after_help = "Examples:\n  kaleyra-wa sim edit 919800000001 'Are you open on Sunday?'"
    )]
    Edit {
        #[command(flatten)]
        who: Who,
        /// The text
        text: String,
    },
    /// Let a user take back what was written last
    #[command(after_help = "Examples:\n  kaleyra-wa sim delete 919800000001")]
    Delete {
        #[command(flatten)]
        who: Who,
    },
    /// Let a user open the chat, so that what was delivered is read
    #[command(after_help = "Examples:\n  kaleyra-wa sim read 919800000001")]
    Read {
        #[command(flatten)]
        who: Who,
        /// And play the voice notes
        #[arg(long)]
        play: bool,
    },
    /// Let a user write anything else: its type, and as JSON what stands under it
    #[command(after_help = r#"Examples:
  kaleyra-wa sim write 919800000001 unsupported '{"type":"poll_creation"}'"#)]
    Write {
        #[command(flatten)]
        who: Who,
        /// The message's type
        #[arg(value_name = "TYPE")]
        type_name: String,
        /// What stands under the type
        #[arg(value_name = "JSON", value_parser = value)]
        content: Option<Value>,
    },
}

/// Who does it, and to whom.
#[derive(Args)]
pub(crate) struct Who {
    /// The user's number
    #[arg(value_parser = number)]
    user: String,
    /// The business's number, where it has several; else the first
    #[arg(long, value_name = "NUMBER", value_parser = number)]
    business: Option<String>,
}

impl Deed {
    /// Has it done; gives what the simulator responds.
    pub(super) async fn run(self, sim: &Remote) -> Result<Value, Exit> {
        match self {
            Self::Say { who, text } => sim.act(&who, "text", json!({"body": text})).await,
            Self::Tap { who, label } => sim.act(&who, "tap", json!({"label": label})).await,
            Self::Reply { who, text } => {
                let newest = sim.newest(&who).await?;
                let body = json!({"body": text, "message": newest});
                sim.act(&who, "text", body).await
            }
            Self::Send {
                who,
                file,
                caption,
                voice,
            } => sim.send(&who, file, caption, voice).await,
            Self::React { who, emoji } => sim.act(&who, "reaction", json!({"emoji": emoji})).await,
            Self::Location {
                who,
                place: (latitude, longitude),
                name,
            } => {
                let body = json!({"latitude": latitude, "longitude": longitude, "place": name});
                sim.act(&who, "location", body).await
            }
            Self::Contact { who, name, phone } => {
                let body = json!({"contact": name, "phone": phone});
                sim.act(&who, "contact", body).await
            }
            Self::Order {
                who,
                items,
                catalog,
                currency,
            } => {
                let items: Vec<Value> = items
                    .iter()
                    .map(|(product, count, price)| {
                        json!({"product_retailer_id": product, "quantity": count, "item_price": price, "currency": currency})
                    })
                    .collect();
                let body = json!({"catalog_id": catalog, "product_items": items});
                sim.act(&who, "order", body).await
            }
            Self::Pay { who, status } => sim.act(&who, "pay", json!({"status": status})).await,
            Self::Form { who, response } => {
                sim.act(&who, "form", json!({"response": response})).await
            }
            Self::Edit { who, text } => sim.act(&who, "edit", json!({"body": text})).await,
            Self::Delete { who } => sim.act(&who, "delete", json!({})).await,
            Self::Read { who, play } => {
                let read = sim.act(&who, "read", json!({})).await?;
                match play {
                    true => sim.act(&who, "play", json!({})).await,
                    false => Ok(read),
                }
            }
            Self::Write {
                who,
                type_name,
                content,
            } => {
                let body = json!({"type": type_name, "content": content});
                sim.act(&who, "other", body).await
            }
        }
    }
}

impl Who {
    fn path(&self) -> String {
        format!("users/{}", self.number())
    }

    /// The number without `+`.
    fn number(&self) -> &str {
        self.user.trim_start_matches('+')
    }

    fn parameters(&self) -> form_urlencoded::Serializer<'static, String> {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Some(business) = &self.business {
            query.append_pair("business", business.trim_start_matches('+'));
        }
        query
    }
}

impl Remote {
    async fn act(&self, who: &Who, what: &str, body: Value) -> Result<Value, Exit> {
        let path = format!("{}/{what}?{}", who.path(), who.parameters().finish());
        or_without_webhook(self.ask(Method::POST, &path, Some(body)).await)
    }

    /// The newest message that the user was sent.
    async fn newest(&self, who: &Who) -> Result<Value, Exit> {
        let query = who.parameters().finish();
        let path = format!("conversations/{}?{query}", who.number());
        let lines = self.ask(Method::GET, &path, None).await?;
        let lines = lines.as_array().cloned().unwrap_or_default();
        let newest = lines.into_iter().rev().find(|it| it["from"] == "business");
        newest.map(|line| line["id"].clone()).ok_or_else(|| {
            Exit::bad_input("there is nothing to reply to: this user was sent no message yet")
        })
    }

    async fn send(
        &self,
        who: &Who,
        file: PathBuf,
        caption: Option<String>,
        is_voice: bool,
    ) -> Result<Value, Exit> {
        let at = file.display();
        let bytes = std::fs::read(&file)
            .map_err(|error| Exit::bad_input(format!("{at}: {}", input::why_unreadable(&error))))?;
        let (kind, mime_type, is_voice_note) = kind_of_file(&file);
        let mut query = who.parameters();
        if let Some(name) = file.file_name() {
            query.append_pair("filename", &name.to_string_lossy());
        }
        if let Some(caption) = &caption {
            query.append_pair("caption", caption);
        }
        if is_voice || is_voice_note {
            query.append_pair("voice", "1");
        }
        let path = format!("/sim/{}/{}?{}", who.path(), kind.as_str(), query.finish());
        let response = self
            .bytes_as(Method::POST, &path, Bytes::from(bytes), mime_type)
            .await;
        let response = match response {
            Ok(response) => response,
            Err(exit) => return or_without_webhook(Err(exit)),
        };
        serde_json::from_slice(&response)
            .map_err(|_| Exit::failed("what responds there is no simulator; check --sim"))
    }
}

/// Where the simulator has no webhook the user has written all the same: only no bot is told.
fn or_without_webhook(told: Result<Value, Exit>) -> Result<Value, Exit> {
    match told {
        Err(exit)
            if exit
                .message()
                .is_some_and(|it| it.contains("there is no webhook")) =>
        {
            note(
                "there is no webhook, so no bot was told; give the simulator one with --callback-url",
            );
            Ok(json!({"webhook_status": null}))
        }
        told => told,
    }
}

fn place(text: &str) -> Result<(f64, f64), String> {
    let pair = text.split_once(',').and_then(|(latitude, longitude)| {
        let (latitude, longitude): (f64, f64) = (
            latitude.trim().parse().ok()?,
            longitude.trim().parse().ok()?,
        );
        let is_one = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
        is_one.then_some((latitude, longitude))
    });
    pair.ok_or_else(|| "write latitude and longitude, such as 12.97,77.59".to_owned())
}

fn item(text: &str) -> Result<(String, u32, f64), String> {
    let item = text.rsplit_once('=').and_then(|(product, rest)| {
        let (count, price) = rest.split_once('@')?;
        let (count, price): (u32, f64) = (count.parse().ok()?, price.parse().ok()?);
        let is_one = !product.is_empty() && count > 0 && price.is_finite() && price >= 0.0;
        is_one.then(|| (product.to_owned(), count, price))
    });
    item.ok_or_else(|| "write PRODUCT=COUNT@PRICE, such as blue-41=2@1499".to_owned())
}

fn value(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| input::not_json(&error))
}
