//! A text that is cut off where a limit is.

use std::borrow::Cow;

use super::end_of;
use super::signs::boundaries;

/// A text of at most `max` characters (Unicode scalar values, as the limits of messages count them): one that has more is
/// cut off, and ends in `…`.
///
/// It is cut between what readers see as signs: no accent is lost from its letter, and no family from its emoji.
///
/// ```
/// use kaleyra_wa_types::text;
///
/// assert_eq!(text::shorten("Track", 20), "Track");
/// assert_eq!(text::shorten("Track the parcel of today", 20), "Track the parcel of…");
/// ```
pub fn shorten(text: &str, max: usize) -> Cow<'_, str> {
    if end_of(text, max).is_none() {
        return Cow::Borrowed(text);
    }
    // The last place is the ellipsis'.
    let Some(end) = max.checked_sub(1).and_then(|room| end_of(text, room)) else {
        return Cow::Borrowed("");
    };
    let cut = boundaries(text)
        .take_while(|start| *start <= end)
        .last()
        .unwrap_or(0);
    let mut short = text[..cut].trim_end().to_owned();
    short.push('…');
    Cow::Owned(short)
}
