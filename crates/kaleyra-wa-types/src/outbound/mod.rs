//! A message to send: `messaging_object`, Meta's message object as Kaleyra passes it on.
//!
//! A code to log in is one line; the text and the button are filled with it by themselves:
//!
//! ```
//! use kaleyra_wa_types::outbound::Template;
//!
//! let code = Template::authentication("otp_en", "en", "123456");
//! # assert_eq!(code.components.len(), 2);
//! ```
//!
//! | to send | make |
//! | --- | --- |
//! | text, with a link's preview | [`Text`] |
//! | a file | [`Image`], [`Audio`], [`Video`], [`Document`], [`Sticker`], each by `id` or `link` |
//! | a place, people, an emoji | [`Location`], [`Contact`](crate::contacts::Contact), [`Reaction`] |
//! | buttons, lists, flows, products, payments | a builder of [`interactive`] |
//! | a template | [`Template`] |
//! | that a message was read, that one types | [`ReadReceipt`] |
//!
//! Each becomes the [`Content`] of a [`MessagingObject`]. Callbacks have models of the same names
//! ([`callback`](crate::inbound)): import this module as `out`, say, where both are needed.
//!
//! ```
//! use kaleyra_wa_types::outbound::interactive::ReplyButtons;
//! use kaleyra_wa_types::outbound::MessagingObject;
//! use kaleyra_wa_types::PhoneNumber;
//!
//! let asha: PhoneNumber = "+919800000001".parse()?;
//!
//! let question = ReplyButtons::new("Shall we book the table?").button("yes", "Yes").button("no", "No");
//! let question = MessagingObject::new(asha, question);
//! assert!(question.violations().is_empty());
//! # Ok::<(), kaleyra_wa_types::InvalidPhoneNumber>(())
//! ```

mod content;
mod decoded;
pub mod interactive;
mod location;
mod media;
mod object;
mod options;
pub mod order;
mod outbound_message;
mod pin;
mod reaction;
mod receipt;
pub mod template;
mod text;
mod validate;

pub use content::Content;
pub use decoded::{DecodedOutbound, decode};
pub use interactive::Interactive;
pub use location::Location;
pub use media::{Audio, Document, Image, MediaSource, Sticker, Video};
pub use object::{Context, MessagingObject, MessagingProduct, RecipientType};
pub use options::{Category, DirectSendConfig, ProductPolicy};
pub use outbound_message::Outbound;
pub use pin::{Pin, PinType};
pub use reaction::Reaction;
pub use receipt::{ReadReceipt, ReceiptStatus, TypingIndicator, TypingIndicatorType};
pub use template::Template;
pub use text::Text;
