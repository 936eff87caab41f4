//! A long text in pieces, cut where a reader would.

use super::end_of;
use super::signs::{boundaries, sentence_ends};

/// The pieces of a text that is too long for one message, each of at most `max` characters (Unicode scalar values, as the
/// limits of messages count them).
///
/// A piece ends at the last place that fits of the first kind that there is:
///
/// 1. the end of a paragraph (an empty line),
/// 2. the end of a line,
/// 3. the end of a sentence: a full stop and the like, in the scripts that WhatsApp's users write most,
/// 4. a space,
/// 5. between two characters as a reader sees them: no emoji is cut in two. Only one that alone has more
///    than `max` characters is.
///
/// Spaces and line ends at a cut belong to no piece, and no piece is empty: a text of spaces has none. Everything else is in
/// the pieces as it came. A mark such as `*bold*` that reaches over a cut loses its effect.
///
/// ```
/// use kaleyra_wa_types::text;
///
/// let text = "First paragraph.\n\nThe second one is longer. It has two sentences.";
/// let pieces: Vec<&str> = text::split(text, 30).collect();
/// assert_eq!(pieces, ["First paragraph.", "The second one is longer.", "It has two sentences."]);
/// ```
pub fn split(text: &str, max: usize) -> Pieces<'_> {
    Pieces {
        rest: text.trim_end(),
        // Nothing fits into no room, and a loop without end would be worse than pieces of one.
        max: max.max(1),
    }
}

/// The pieces of a text, cut as they are asked for; made by [`split`].
///
/// For an example see [`split`].
#[derive(Clone, Debug)]
#[must_use = "nothing is cut until it is asked for"]
pub struct Pieces<'a> {
    rest: &'a str,
    max: usize,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        let piece = match end_of(self.rest, self.max) {
            None => std::mem::take(&mut self.rest),
            Some(end) => {
                let (piece, rest) = self.rest.split_at(cut(self.rest, end));
                self.rest = rest.trim_start();
                piece.trim_end()
            }
        };
        if piece.is_empty() {
            // Blanks alone, as many as a message holds.
            return self.next();
        }
        Some(piece)
    }
}

impl std::iter::FusedIterator for Pieces<'_> {}

/// How far beyond the limit a text is looked at, in bytes: what follows decides whether a sentence ends.
const AHEAD: usize = 256;

/// Where to cut a text that is longer than `end` bytes: after 1 to `end` of them.
fn cut(text: &str, end: usize) -> usize {
    // No more than this is searched for each piece, however long the text is.
    let mut window = text.len().min(end + AHEAD);
    while !text.is_char_boundary(window) {
        window -= 1;
    }
    let text = &text[..window];
    paragraph(text, end)
        .or_else(|| line(text, end))
        .or_else(|| sentence(text, end))
        .or_else(|| word(text, end))
        .unwrap_or_else(|| sign(text, end))
}

/// The last place up to `end`, if what stands before it says anything.
fn last(places: impl Iterator<Item = usize>, text: &str, end: usize) -> Option<usize> {
    places
        .take_while(|place| *place <= end)
        .filter(|place| !text[..*place].trim().is_empty())
        .last()
}

/// The last end of a paragraph: a line end, and after it one more with nothing but spaces between.
fn paragraph(text: &str, end: usize) -> Option<usize> {
    let is_last = |at: usize| {
        let blanks = text[at + 1..]
            .chars()
            .take_while(|sign| sign.is_whitespace());
        blanks.into_iter().any(|sign| sign == '\n')
    };
    let ends = text.match_indices('\n').map(|(at, _)| at);
    last(ends.filter(|at| is_last(*at)), text, end)
}

/// The last end of a line.
fn line(text: &str, end: usize) -> Option<usize> {
    last(text.match_indices('\n').map(|(at, _)| at), text, end)
}

/// The last end of a sentence.
fn sentence(text: &str, end: usize) -> Option<usize> {
    last(sentence_ends(text), text, end)
}

/// The last end of a word before a space.
fn word(text: &str, end: usize) -> Option<usize> {
    let blanks = text.char_indices().filter(|(_, sign)| sign.is_whitespace());
    last(blanks.map(|(at, _)| at), text, end)
}

/// The last end of a sign; one that does not fit alone is cut in two.
fn sign(text: &str, end: usize) -> usize {
    last(boundaries(text), text, end).unwrap_or(end)
}
