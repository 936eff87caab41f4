//! A user in a test: what the user does, and what the bot is expected to reply.

use std::future::IntoFuture;
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::{Deed, Pacing, PlayError, Player};
use crate::core::Core;
use crate::model::conversation::ConversationId;
use crate::simulator::Simulator;
use crate::state::phones::Switch;
use kaleyra_wa_types::MediaKind;

/// A user who chats with the bot. Nothing happens before it is awaited; then the steps happen in order.
///
/// ```
/// use kaleyra_wa_sim::Simulator;
///
/// # async fn start_your_bot(base_url: String) -> std::io::Result<String> {
/// #     use serde_json::{Value, json};
/// #     use tokio::io::{AsyncReadExt, AsyncWriteExt};
/// #     use tokio::net::{TcpListener, TcpStream};
/// #     let listener = TcpListener::bind("127.0.0.1:0").await?;
/// #     let url = format!("http://{}/", listener.local_addr()?);
/// #     tokio::spawn(async move {
/// #         while let Ok((mut stream, _)) = listener.accept().await {
/// #             let mut request = Vec::new();
/// #             while !request.ends_with(b"}") && stream.read_buf(&mut request).await.unwrap() > 0 {}
/// #             stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n").await.unwrap();
/// #             let Some(start) = request.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { continue };
/// #             let callback: Value = serde_json::from_slice(&request[start + 4..]).unwrap();
/// #             let message = &callback["meta_object"]["value"]["messages"][0];
/// #             let Some(text) = message["text"]["body"].as_str() else { continue };
/// #             let to = format!("+{}", message["from"].as_str().unwrap());
/// #             let reply = json!({"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": format!("You said: {text}")}});
/// #             let body = json!({"messaging_object": reply}).to_string();
/// #             let mut api = TcpStream::connect(base_url.trim_start_matches("http://")).await.unwrap();
/// #             let head = format!("POST /v2/HXIN0000000000IN/whatsapp/918000000001/messages HTTP/1.1\r\nhost: localhost\r\napi-key: A-key\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
/// #             api.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
/// #             api.read_to_end(&mut Vec::new()).await.unwrap();
/// #         }
/// #     });
/// #     Ok(url)
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
/// sim.post_callbacks_to(&start_your_bot(sim.base_url()).await?, None)?; // it repeats what it is told
/// sim.user("+919800000001")
///     .named("Asha Example")
///     .says("Hi!")
///     .expect("You said: Hi!")
///     .reacts("😂")
///     .unreacts()
///     .replies("What?")
///     .expect("You said: What?")
///     .shares_location(12.97, 77.59)
///     .sends_image("JPEG…")
///     .sends_voice_note("OggS…")
///     .expect_nothing()
///     .await;
/// # sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
///
/// Whatever else there is to do and to expect, for a shop that sells, asks, and takes its time:
///
/// ```no_run
/// use std::time::Duration;
///
/// use kaleyra_wa_sim::callback::MediaKind;
/// use kaleyra_wa_sim::{Expected, Simulator, Switch};
/// use serde_json::json;
///
/// # async fn test(sim: Simulator) {
/// sim.user("+919800000001")
///     .to("+918000000002") // the second of the business's numbers
///     .patience(Duration::from_secs(20))
///     .says("Hi! Is the blue one in stock?")
///     .expect_read()
///     .expect(Expected::text("Which size do you need?").buttons(["41", "42", "43"]))
///     .taps("42")
///     .expect_reaction("👍")
///     .expect_within(Duration::from_secs(60), Expected::containing("in two days"))
///     .picks("Address")
///     .fills(json!({"street": "Main Street 1"}))
///     .shares_contact("Ravi Example", "+919800000002")
///     .orders("catalog-1", &[("SKU-7", 1, 100.0, "INR")])
///     .expect(Expected::any().of_type("interactive"))
///     .fails_to_pay()
///     .pays()
///     .says("Here is teh receipt")
///     .edits("Here is the receipt")
///     .sends_file(MediaKind::Document, "application/pdf", "%PDF-1.7 …", Some("receipt.pdf"), Some("Paid"))
///     .says("Wrong chat")
///     .deletes()
///     .switches(Switch::AirplaneMode(true))
///     .waits(Duration::from_secs(3600))
///     .switches(Switch::AirplaneMode(false))
///     .reads()
///     .plays()
///     .sends_other("hologram", json!({"depth": 3}))
///     .changes_number("+919800000003")
///     .expect_nothing()
///     .await;
/// # }
/// ```
///
/// Awaiting it panics where the conversation does not go as expected, at the place of the step, with the transcript;
/// [`run`](Self::run) gives the error instead. A step that needs a message of the bot's waits for it, five seconds at most, or as
/// long as [`patience`](Self::patience) says; on a busy machine as much longer as the bot takes longer there. Where the clock is stopped, it is advanced to what falls due meanwhile.
///
/// Messages of the bot are expected in their order, and each once: also by another `User` of the same number.
#[must_use = "nothing happens before it is awaited"]
pub struct User<'a> {
    core: &'a Arc<Core>,
    number: String,
    business: Option<String>,
    name: Option<String>,
    pacing: Pacing,
    deeds: Vec<(Deed, &'static Location<'static>)>,
}

impl Simulator {
    /// A user who chats with the bot, in a test.
    ///
    /// For an example see [`User`].
    pub fn user(&self, number: &str) -> User<'_> {
        User {
            core: &self.core,
            number: number.to_owned(),
            business: None,
            name: None,
            pacing: Pacing::default(),
            deeds: Vec::new(),
        }
    }
}

impl User<'_> {
    #[track_caller]
    pub(super) fn then(mut self, deed: Deed) -> Self {
        self.deeds.push((deed, Location::caller()));
        self
    }

    /// Sets the profile name.
    ///
    /// For an example see [`User`].
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Writes to this number of the business: its first one, unless this says otherwise.
    ///
    /// For an example see [`User`].
    pub fn to(mut self, business: impl Into<String>) -> Self {
        self.business = Some(business.into());
        self
    }

    /// How long one waits for the bot, in real time.
    ///
    /// For an example see [`User`].
    pub fn patience(mut self, patience: Duration) -> Self {
        self.pacing.patience = patience;
        self
    }

    /// Writes a text.
    ///
    /// For an example see [`User`].
    #[track_caller]
    pub fn says(self, text: impl Into<String>) -> Self {
        let text = text.into();
        let is_reply = false;
        self.then(Deed::Says { text, is_reply })
    }

    /// Writes a text that quotes what the bot sent last.
    ///
    /// For an example see [`User`].
    #[track_caller]
    pub fn replies(self, text: impl Into<String>) -> Self {
        let text = text.into();
        let is_reply = true;
        self.then(Deed::Says { text, is_reply })
    }

    /// Taps what has this label, on the newest message of the bot that has it: a button, a row of a list, a template's quick reply (or its
    /// payload, where the template is not known), a request for a place or a number.
    ///
    /// For an example see [`User`].
    #[track_caller]
    pub fn taps(self, label: impl Into<String>) -> Self {
        self.then(Deed::Taps(label.into()))
    }

    /// The same, in the word for a list.
    ///
    /// For an example see [`User`].
    #[track_caller]
    pub fn picks(self, label: impl Into<String>) -> Self {
        self.taps(label)
    }

    /// Reacts to what the bot sent last.
    ///
    /// For an example see [`User`].
    #[track_caller]
    pub fn reacts(self, emoji: impl Into<String>) -> Self {
        self.then(Deed::Reacts(Some(emoji.into())))
    }

    /// Removes the reaction.
    ///
    /// For an example see [`User`].
    #[track_caller]
    pub fn unreacts(self) -> Self {
        self.then(Deed::Reacts(None))
    }

    /// Sends a photo, as JPEG.
    ///
    /// For an example see [`User`].
    #[track_caller]
    pub fn sends_image(self, bytes: impl Into<Vec<u8>>) -> Self {
        self.sends_file(MediaKind::Image, "image/jpeg", bytes, None, None)
    }

    /// Sends a file that the bot can download, with a name and a caption where there are some.
    ///
    /// For an example see [`User`].
    #[track_caller]
    pub fn sends_file(
        self,
        kind: MediaKind,
        mime_type: &str,
        bytes: impl Into<Vec<u8>>,
        name: Option<&str>,
        caption: Option<&str>,
    ) -> Self {
        self.then(Deed::Sends {
            kind,
            mime_type: mime_type.to_owned(),
            bytes: bytes.into(),
            name: name.map(str::to_owned),
            caption: caption.map(str::to_owned),
            is_voice: false,
        })
    }

    /// Sends a voice note, as Ogg with Opus.
    ///
    /// For an example see [`User`].
    #[track_caller]
    pub fn sends_voice_note(self, bytes: impl Into<Vec<u8>>) -> Self {
        self.then(Deed::Sends {
            kind: MediaKind::Audio,
            mime_type: "audio/ogg; codecs=opus".to_owned(),
            bytes: bytes.into(),
            name: None,
            caption: None,
            is_voice: true,
        })
    }

    /// Sends a place; it quotes the bot's question, where that asks for one.
    ///
    /// For an example see [`User`].
    #[track_caller]
    pub fn shares_location(self, latitude: f64, longitude: f64) -> Self {
        self.then(Deed::Location {
            latitude,
            longitude,
            name: None,
        })
    }

    /// Sends somebody's contact.
    ///
    /// For an example see [`User`].
    #[track_caller]
    pub fn shares_contact(self, name: impl Into<String>, phone: impl Into<String>) -> Self {
        let (name, phone) = (name.into(), phone.into());
        self.then(Deed::Contact { name, phone })
    }

    /// Fills in the newest form, and sends it.
    ///
    /// For an example see [`User`].
    #[track_caller]
    pub fn fills(self, response: Value) -> Self {
        self.then(Deed::Fills(response))
    }

    /// Orders from the catalog: items as `(product, quantity, price of one, currency)`.
    ///
    /// For an example see [`User`].
    #[track_caller]
    pub fn orders(self, catalog_id: &str, items: &[(&str, u32, f64, &str)]) -> Self {
        let items = items.iter().map(|(product, count, price, currency)| {
            (
                (*product).to_owned(),
                *count,
                *price,
                (*currency).to_owned(),
            )
        });
        self.then(Deed::Orders {
            catalog_id: catalog_id.to_owned(),
            items: items.collect(),
        })
    }

    /// Edits the last text.
    ///
    /// For an example see [`User`].
    #[track_caller]
    pub fn edits(self, text: impl Into<String>) -> Self {
        self.then(Deed::Edits(text.into()))
    }

    /// Deletes the last message.
    ///
    /// For an example see [`User`].
    #[track_caller]
    pub fn deletes(self) -> Self {
        self.then(Deed::Deletes)
    }

    /// Pays the order that the bot sent last.
    ///
    /// For an example see [`User`].
    #[track_caller]
    pub fn pays(self) -> Self {
        self.then(Deed::Pays("captured".to_owned()))
    }

    /// Tries to pay the order that the bot sent last, which fails.
    ///
    /// For an example see [`User`].
    #[track_caller]
    pub fn fails_to_pay(self) -> Self {
        self.then(Deed::Pays("failed".to_owned()))
    }

    /// Opens the chat: the bot is told that its messages were read, where the ladder of statuses has `read`.
    ///
    /// For an example see [`User`].
    #[track_caller]
    pub fn reads(self) -> Self {
        self.then(Deed::Reads)
    }

    /// Plays the voice notes: the bot is told `played` for each, and `read` before it where that was not told yet.
    ///
    /// For an example see [`User`].
    #[track_caller]
    pub fn plays(self) -> Self {
        self.then(Deed::Plays)
    }

    /// Sets a switch of the phone.
    ///
    /// For an example see [`User`].
    #[track_caller]
    pub fn switches(self, switch: Switch) -> Self {
        self.then(Deed::Switches(switch))
    }

    /// Changes the number; what follows is done with the new one.
    ///
    /// For an example see [`User`].
    #[track_caller]
    pub fn changes_number(self, new: impl Into<String>) -> Self {
        self.then(Deed::ChangesNumber(new.into()))
    }

    /// Sends a message of any other type: `content` is under the type's name.
    ///
    /// For an example see [`User`].
    #[track_caller]
    pub fn sends_other(self, type_name: impl Into<String>, content: Value) -> Self {
        self.then(Deed::Other(type_name.into(), content))
    }

    /// Lets time pass: the clock is advanced, and what falls due meanwhile happens in order.
    ///
    /// For an example see [`User`].
    #[track_caller]
    pub fn waits(self, by: Duration) -> Self {
        self.then(Deed::Waits(by))
    }

    /// Does all of it.
    ///
    /// # Errors
    ///
    /// With the first difference, and the transcript.
    ///
    /// For an example see [`User`].
    ///
    /// For an example see [`PlayError`].
    pub async fn run(self) -> Result<(), PlayError> {
        self.play().await.map_err(|(error, _)| error)
    }

    async fn play(self) -> Result<(), (PlayError, &'static Location<'static>)> {
        let business = self
            .business
            .unwrap_or_else(|| self.core.default_business());
        self.core
            .end_user(&business, &self.number, self.name.as_deref());
        let mut player = Player {
            core: self.core.clone(),
            conversation: ConversationId::new(&business, &self.number),
            user_name: "user".to_owned(),
            business_name: "bot".to_owned(),
            pacing: self.pacing,
        };
        for (deed, at) in &self.deeds {
            player.play(deed).await.map_err(|error| (error, *at))?;
        }
        Ok(())
    }
}

impl<'a> IntoFuture for User<'a> {
    type Output = ();
    type IntoFuture = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

    /// Does all of it, and panics at the first difference: a test fails by that.
    #[allow(clippy::panic, reason = "it says so, and is for tests")]
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            if let Err((error, at)) = self.play().await {
                panic!("{at}: {error}");
            }
        })
    }
}

impl std::fmt::Debug for User<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User")
            .field("steps", &self.deeds.len())
            .finish_non_exhaustive()
    }
}
