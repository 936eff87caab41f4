//! A message to send: `messaging_object`, Meta's message object as Kaleyra passes it on.

mod content;
mod media;
mod object;
mod text;
mod validate;

pub use content::Content;
pub use media::{Audio, Document, Image, MediaSource, Sticker, Video};
pub use object::{Context, MessagingObject, MessagingProduct, RecipientType};
pub use text::Text;
