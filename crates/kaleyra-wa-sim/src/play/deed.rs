//! What can be done in a conversation that is played.

use std::time::Duration;

use serde_json::Value;

use super::Expected;
use crate::state::phones::Switch;
use kaleyra_wa_types::MediaKind;

/// A step of a conversation.
#[derive(Clone, Debug)]
pub(crate) enum Deed {
    /// The user writes a text, and quotes the newest message of the business if so.
    Says { text: String, is_reply: bool },
    /// The user taps what has this label, on the newest message that has it.
    Taps(String),
    /// The user reacts to the newest message; without an emoji the reaction is removed.
    Reacts(Option<String>),
    /// The user sends a file.
    Sends {
        kind: MediaKind,
        mime_type: String,
        bytes: Vec<u8>,
        name: Option<String>,
        caption: Option<String>,
        is_voice: bool,
    },
    /// The user sends a place.
    Location {
        latitude: f64,
        longitude: f64,
        name: Option<String>,
    },
    /// The user sends somebody's contact.
    Contact { name: String, phone: String },
    /// The user fills in and sends the form of the newest message that has one.
    Fills(Value),
    /// The user orders: product, quantity, price of one, currency.
    Orders {
        catalog_id: String,
        items: Vec<(String, u32, f64, String)>,
    },
    /// The user edits the last text.
    Edits(String),
    /// The user deletes the last message.
    Deletes,
    /// The user pays the newest order: with this outcome.
    Pays(String),
    /// The user opens the chat.
    Reads,
    /// The user plays the voice notes.
    Plays,
    /// A switch of the phone.
    Switches(Switch),
    /// The user has another number from now on.
    ChangesNumber(String),
    /// Anything else that a user can write: its type, and what stands under it.
    Other(String, Value),
    /// Time goes by.
    Waits(Duration),
    /// The business sends this next, within this time where it is said.
    Expects(Box<Expected>, Option<Duration>),
    /// The business reacts so to what the user wrote last.
    ExpectsReaction(String),
    /// The business sends nothing more, for so long.
    ExpectsNothing(Duration),
    /// The business has marked what the user wrote last as read.
    ExpectsRead,
}
