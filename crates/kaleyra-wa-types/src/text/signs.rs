//! Where a text may be cut: between what readers see as signs, and between sentences.
//!
//! A small part of Unicode's Annex 29, without its tables: enough to tear no accent from its letter, no family from its
//! emoji and no conjunct of the Indian scripts apart.

use super::marks::joins_on;

const JOINER: char = '\u{200d}';

/// The places between signs, in bytes: the beginning of each sign but the first.
pub(super) fn boundaries(text: &str) -> impl Iterator<Item = usize> {
    let mut before: Option<char> = None;
    // How many letters of flags stand before: two make one flag.
    let mut flags = 0_u32;
    text.char_indices().filter_map(move |(at, sign)| {
        let is_boundary = before.is_some_and(|before| !belongs(before, sign, flags));
        flags = if is_flag(sign) { flags + 1 } else { 0 };
        before = Some(sign);
        is_boundary.then_some(at)
    })
}

/// Whether a character belongs to the sign that the one before is in.
fn belongs(before: char, sign: char, flags: u32) -> bool {
    joins_on(sign)
        || (before == '\r' && sign == '\n')
        || (before == JOINER && !sign.is_whitespace())
        || (is_virama(before) && sign.is_alphabetic())
        || (is_hangul_initial(before) && is_hangul(sign))
        || (is_flag(sign) && flags % 2 == 1)
}

/// A letter of a flag.
fn is_flag(sign: char) -> bool {
    matches!(sign, '\u{1f1e6}'..='\u{1f1ff}')
}

/// What joins two consonants of an Indian script to one sign.
fn is_virama(sign: char) -> bool {
    matches!(
        sign,
        '\u{94d}'
            | '\u{9cd}'
            | '\u{a4d}'
            | '\u{acd}'
            | '\u{b4d}'
            | '\u{c4d}'
            | '\u{ccd}'
            | '\u{d4d}'
    )
}

fn is_hangul_initial(sign: char) -> bool {
    matches!(sign, '\u{1100}'..='\u{115f}' | '\u{a960}'..='\u{a97c}')
}

fn is_hangul(sign: char) -> bool {
    is_hangul_initial(sign) || matches!(sign, '\u{ac00}'..='\u{d7a3}')
}

/// The ends of sentences, in bytes: behind the sign that ends one and whatever quotes or brackets it closes.
///
/// A full stop ends none where no space follows, nor where a small letter comes next: `3.5`, `e.g. this`.
pub(super) fn sentence_ends(text: &str) -> impl Iterator<Item = usize> {
    let mut signs = text.char_indices().peekable();
    std::iter::from_fn(move || {
        while let Some((_, sign)) = signs.next() {
            if !ends_sentence(sign) {
                continue;
            }
            let needs_blank = !is_wide(sign);
            let mut only_stops = sign == '.';
            while let Some((_, next)) =
                signs.next_if(|(_, next)| ends_sentence(*next) || closes(*next))
            {
                only_stops &= next == '.' || closes(next);
            }
            let Some((end, next)) = signs.peek().copied() else {
                return Some(text.len());
            };
            if !needs_blank {
                return Some(end);
            }
            let rest = text[end..].trim_start();
            let goes_on = only_stops && rest.starts_with(char::is_lowercase);
            if next.is_whitespace() && !goes_on {
                return Some(end);
            }
        }
        None
    })
}

fn ends_sentence(sign: char) -> bool {
    matches!(sign, '.' | '!' | '?' | '…' | '।' | '॥' | '؟' | '۔') || is_wide(sign)
}

/// What ends a sentence without a space after it.
fn is_wide(sign: char) -> bool {
    matches!(sign, '。' | '！' | '？' | '．' | '｡')
}

fn closes(sign: char) -> bool {
    matches!(
        sign,
        '"' | '\'' | ')' | ']' | '”' | '’' | '»' | '」' | '』' | '）'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(text: &str) -> Vec<&str> {
        let mut places: Vec<usize> = boundaries(text).collect();
        places.push(text.len());
        let mut start = 0;
        let cut = |end| &text[std::mem::replace(&mut start, end)..end];
        places.into_iter().map(cut).collect()
    }

    #[test]
    fn signs_stay_whole() {
        for (text, expected) in [
            ("ab", &["a", "b"] as &[&str]),
            ("e\u{301}x", &["e\u{301}", "x"]),
            ("👨‍👩‍👧👍🏽", &["👨‍👩‍👧", "👍🏽"]),
            ("🇮🇳🇮🇹🇫", &["🇮🇳", "🇮🇹", "🇫"]),
            ("❤️1️⃣", &["❤️", "1️⃣"]),
            ("नमस्ते", &["न", "म", "स्ते"]),
            ("ที่นี่", &["ที่", "นี่"]),
            ("a\r\nb", &["a", "\r\n", "b"]),
            ("한국", &["한", "국"]),
            (
                "\u{1112}\u{1161}\u{11ab}x",
                &["\u{1112}\u{1161}\u{11ab}", "x"],
            ),
        ] {
            assert_eq!(signs(text), expected);
        }
    }

    #[test]
    fn sentences_end_where_readers_see_it() {
        for (text, expected) in [
            ("One. Two! Three?", &["One.", "Two!", "Three?"] as &[&str]),
            (
                "It costs 3.5, e.g. this. He said \"No.\" Then",
                &["It costs 3.5, e.g. this.", "He said \"No.\""],
            ),
            ("Really?! yes", &["Really?!"]),
            ("今日は。明日も。", &["今日は。", "明日も。"]),
            ("नमस्ते। फिर", &["नमस्ते।"]),
            ("none", &[]),
        ] {
            let mut start = 0;
            let cut = |end| text[std::mem::replace(&mut start, end)..end].trim();
            let found: Vec<&str> = sentence_ends(text).map(cut).collect();
            assert_eq!(found, expected);
        }
    }
}
