//! A message to send: `messaging_object`, Meta's message object as Kaleyra passes it on.

mod content;
mod decoded;
pub mod interactive;
mod location;
mod media;
mod object;
mod options;
pub mod order;
mod outbound;
mod pin;
mod reaction;
mod receipt;
mod resumed;
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
pub use outbound::Outbound;
pub use pin::{Pin, PinType};
pub use reaction::Reaction;
pub use receipt::{ReadReceipt, ReceiptStatus, TypingIndicator, TypingIndicatorType};
pub use template::Template;
pub use text::Text;
