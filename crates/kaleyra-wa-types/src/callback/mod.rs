//! A callback: what Kaleyra posts when a user writes and when something becomes of a message.
//!
//! ```text
//! Callback                                  one POST
//! ├─ meta_object: MetaObject                what Meta said
//! │  ├─ field                               "messages", or one of many others
//! │  └─ value: ChangeValue
//! │     ├─ metadata, contacts[]             the business number; who the users are
//! │     ├─ messages[]: Decoded<Message>     what users wrote
//! │     ├─ statuses[]: Decoded<Status>      what became of messages
//! │     └─ errors[]:   Decoded<MetaError>
//! ├─ extra_info: CallbackExtraInfo          what Kaleyra adds: media_url, ref, reply_to, …
//! └─ status, message_id, code, reason       Kaleyra's own word on a message
//! ```
//!
//! [`Callback::events`] walks all of it, one [`Event`] at a time.

mod contact;
mod content;
mod decoded;
mod error;
mod event;
mod lenient;
mod media;
mod message;
mod meta_object;
mod root;
mod status;

pub use contact::{Contact, Profile};
pub use content::{Button, MessageContent, Reaction, Text};
pub use decoded::{Decoded, Malformed};
pub use error::{ErrorCode, ErrorData, MetaError};
pub use event::{Event, EventKind, KaleyraStatus, MalformedPart};
pub use media::{Audio, Document, Image, Media, Sticker, Video};
pub use message::{Context, Message, NoReplyAddress};
pub use meta_object::{ChangeValue, Field, MetaObject, Metadata};
pub use root::Callback;
pub use status::{Status, StatusName};
