//! Text from outside made harmless: whatever it holds, a terminal shows it as one line and does nothing else with it.

use std::fmt::Write;

/// What stands for a character that is not shown.
const REPLACEMENT: char = '\u{fffd}';

/// Zero-width non-joiner and joiner: emoji and many scripts are written with them.
const JOINERS: std::ops::RangeInclusive<char> = '\u{200c}'..='\u{200d}';

/// Tags: the flags of England, Scotland and Wales are a black flag and some of these.
const TAGS: std::ops::RangeInclusive<char> = '\u{e0020}'..='\u{e007f}';

/// The text as one line for people.
///
/// Line ends become ` ⏎ `, a tab a space. Control characters, marks that turn the direction of text around and everything
/// else without a shape become U+FFFD, except joiners and tags where they belong to the character before them.
pub(super) fn one_line(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    let mut before = None;
    while let Some(character) = characters.next() {
        if character == '\r' && characters.peek() == Some(&'\n') {
            continue;
        }
        match character {
            // A carriage return alone would have the rest of the line written over its beginning.
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                shown.push_str(" ⏎ ");
            }
            '\t' => shown.push(' '),
            other if is_shapeless(other) && !belongs(other, before) => shown.push(REPLACEMENT),
            other => shown.push(other),
        }
        before = shown.chars().next_back();
    }
    shown
}

/// JSON with everything that a terminal might act on as `\u` escapes: an equal document.
///
/// Outside its strings JSON is visible ASCII, so each of these characters stands inside one.
pub(super) fn escaped_json(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if is_shapeless(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a string can't fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// Characters that are not seen themselves but change what is: Unicode's categories Cc, Cf, Zl and Zp.
fn is_shapeless(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}' | '\u{8e2}'
            | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e007f}')
}

/// Whether it is part of what the character before it shows. To ASCII nothing is joined: there it would only make two
/// texts that look the same.
fn belongs(character: char, before: Option<char>) -> bool {
    let Some(before) = before else { return false };
    (JOINERS.contains(&character) && !before.is_ascii() && before != REPLACEMENT)
        || (TAGS.contains(&character) && (before == '\u{1f3f4}' || TAGS.contains(&before)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_users_write_stays_on_its_line() {
        fn check(text: &str, expected: &str) {
            assert_eq!(one_line(text), expected, "{text:?}");
        }
        check("a\r\nb\tc", "a ⏎ b c");
        check(
            "a\rb\u{b}c\u{c}d\u{85}e\u{2028}f\u{2029}g",
            "a ⏎ b ⏎ c ⏎ d ⏎ e ⏎ f ⏎ g",
        );
        check("\u{1b}[2Jx\u{7}\u{202e}y", "\u{fffd}[2Jx\u{fffd}\u{fffd}y");
        check("\u{7f}\u{9b}2J\u{0}", "\u{fffd}\u{fffd}2J\u{fffd}");
        check(
            "a\u{200b}b\u{feff}c\u{ad}d\u{200f}",
            "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}",
        );
        check("pay\u{200d}pal \u{200d}x", "pay\u{fffd}pal \u{fffd}x");
        check("a\u{e0041}\u{e0042}", "a\u{fffd}\u{fffd}");
    }

    #[test]
    fn emoji_and_scripts_stay_as_they_are() {
        for text in [
            "नीला 😂",
            "👩‍👩‍👧 ❤️",
            "क्‍ष",
            "می‌خواهم",
            "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f} 🇮🇳",
        ] {
            assert_eq!(one_line(text), text);
        }
    }

    #[test]
    fn escaped_json_is_equal_and_has_nothing_shapeless() {
        let everything: String = (0..=u32::from(char::MAX))
            .filter_map(char::from_u32)
            .collect();
        let json = serde_json::to_string(&everything).unwrap();
        let escaped = escaped_json(&json);
        assert!(!escaped.chars().any(is_shapeless));
        assert_eq!(
            serde_json::from_str::<String>(&escaped).unwrap(),
            everything
        );
        assert_eq!(
            escaped_json("\"\u{9b}\u{7f}\u{e0001}😂\""),
            r#""\u009b\u007f\udb40\udc01😂""#
        );
    }

    #[test]
    fn a_line_has_no_control_character_and_no_line_end() {
        let everything: String = (0..=u32::from(char::MAX))
            .filter_map(char::from_u32)
            .flat_map(|character| ['a', character])
            .collect();
        assert!(!one_line(&everything).chars().any(is_shapeless));
    }
}
