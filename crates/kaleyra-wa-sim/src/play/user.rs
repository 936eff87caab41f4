//! A user in a test: what the user does, and what the bot is expected to reply.

use std::future::IntoFuture;
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::{Deed, Expected, Pacing, PlayError, Player};
use crate::core::Core;
use crate::model::conversation::ConversationId;
use crate::simulator::Simulator;
use crate::state::phones::Switch;
use kaleyra_wa_types::MediaKind;

/// A user who chats with the bot. Nothing happens before it is awaited; then the steps happen in order.
///
/// ```no_run
/// # use kaleyra_wa_sim::{Expected, Simulator};
/// # async fn test(sim: Simulator) {
/// sim.user("+919800000001")
///     .says("Hi! Is the blue one in stock?")
///     .expect(Expected::text("Which size do you need?").buttons(["41", "42", "43"]))
///     .taps("42")
///     .expect(Expected::containing("in two days"))
///     .reacts("😂")
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
    fn then(mut self, deed: Deed) -> Self {
        self.deeds.push((deed, Location::caller()));
        self
    }

    /// Sets the profile name.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Writes to this number of the business: its first one, unless this says otherwise.
    pub fn to(mut self, business: impl Into<String>) -> Self {
        self.business = Some(business.into());
        self
    }

    /// How long one waits for the bot, in real time.
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
    #[track_caller]
    pub fn reacts(self, emoji: impl Into<String>) -> Self {
        self.then(Deed::Reacts(Some(emoji.into())))
    }

    /// Removes the reaction.
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
    #[track_caller]
    pub fn shares_location(self, latitude: f64, longitude: f64) -> Self {
        self.then(Deed::Location {
            latitude,
            longitude,
            name: None,
        })
    }

    /// Sends somebody's contact.
    #[track_caller]
    pub fn shares_contact(self, name: impl Into<String>, phone: impl Into<String>) -> Self {
        let (name, phone) = (name.into(), phone.into());
        self.then(Deed::Contact { name, phone })
    }

    /// Fills in the newest form, and sends it.
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
    #[track_caller]
    pub fn edits(self, text: impl Into<String>) -> Self {
        self.then(Deed::Edits(text.into()))
    }

    /// Deletes the last message.
    #[track_caller]
    pub fn deletes(self) -> Self {
        self.then(Deed::Deletes)
    }

    /// Pays the order that the bot sent last.
    #[track_caller]
    pub fn pays(self) -> Self {
        self.then(Deed::Pays("captured".to_owned()))
    }

    /// Tries to pay the order that the bot sent last, which fails.
    #[track_caller]
    pub fn fails_to_pay(self) -> Self {
        self.then(Deed::Pays("failed".to_owned()))
    }

    /// Opens the chat: the bot is told that its messages were read, where the ladder of statuses has `read`.
    #[track_caller]
    pub fn reads(self) -> Self {
        self.then(Deed::Reads)
    }

    /// Plays the voice notes: the bot is told `played` for each, and `read` before it where that was not told yet.
    #[track_caller]
    pub fn plays(self) -> Self {
        self.then(Deed::Plays)
    }

    /// Sets a switch of the phone.
    #[track_caller]
    pub fn switches(self, switch: Switch) -> Self {
        self.then(Deed::Switches(switch))
    }

    /// Changes the number; what follows is done with the new one.
    #[track_caller]
    pub fn changes_number(self, new: impl Into<String>) -> Self {
        self.then(Deed::ChangesNumber(new.into()))
    }

    /// Sends a message of any other type: `content` is under the type's name.
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

    /// The bot sends this next.
    ///
    /// For an example see [`User`].
    #[track_caller]
    pub fn expect(self, expected: impl Into<Expected>) -> Self {
        self.then(Deed::Expects(Box::new(expected.into()), None))
    }

    /// The bot sends this next, within this time by the simulator's clock.
    #[track_caller]
    pub fn expect_within(self, within: Duration, expected: impl Into<Expected>) -> Self {
        self.then(Deed::Expects(Box::new(expected.into()), Some(within)))
    }

    /// The bot reacts so to what the user wrote last.
    #[track_caller]
    pub fn expect_reaction(self, emoji: impl Into<String>) -> Self {
        self.then(Deed::ExpectsReaction(emoji.into()))
    }

    /// The bot sends nothing more.
    ///
    /// For an example see [`User`].
    #[track_caller]
    pub fn expect_nothing(self) -> Self {
        self.then(Deed::ExpectsNothing(Duration::ZERO))
    }

    /// The bot marks what the user wrote last as read.
    #[track_caller]
    pub fn expect_read(self) -> Self {
        self.then(Deed::ExpectsRead)
    }

    /// Does all of it.
    ///
    /// # Errors
    ///
    /// With the first difference, and the transcript.
    ///
    /// For an example see [`User`].
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
