//! Texts that fit: cut at the limits of a message, flattened for a template, made from Markdown.
//!
//! ```
//! use kaleyra_wa_types::outbound::template::Template;
//! use kaleyra_wa_types::text;
//!
//! // A template's placeholder takes no line ends (132018).
//! let address = text::flatten_lines("12 Main Street\nSpringfield", ", ");
//! let template = Template::new("parcel_ready", "en").body([address.as_ref()]);
//!
//! // A text message takes 4,096 characters.
//! let long = "A sentence. ".repeat(1000);
//! assert!(text::split(&long, text::TEXT_MAX).all(|piece| piece.chars().count() <= 4096));
//! # let _ = template;
//! ```

mod flatten;
mod inline;
mod markdown;
mod marks;
mod shorten;
mod signs;
mod split;

pub use flatten::{flatten, flatten_lines, is_flat};
pub use markdown::from_markdown;
pub use shorten::shorten;
pub use split::{Pieces, split};

/// The most characters of a text message.
pub const TEXT_MAX: usize = 4096;
/// The most characters of a caption, of the body of an interactive message, and of a template's body once it is filled in.
pub const BODY_MAX: usize = 1024;

/// Where a text of more than `max` characters ends after `max` of them, in bytes; `None` for one that has no more.
fn end_of(text: &str, max: usize) -> Option<usize> {
    // A character has at least one byte, so most texts need not be counted.
    if text.len() <= max {
        return None;
    }
    text.char_indices().nth(max).map(|(end, _)| end)
}
