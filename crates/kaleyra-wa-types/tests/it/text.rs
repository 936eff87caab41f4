//! Texts that are made to fit.

use kaleyra_wa_types::text::{flatten, flatten_lines, from_markdown, is_flat, shorten, split};

fn pieces(text: &str, max: usize) -> Vec<&str> {
    split(text, max).collect()
}

#[test]
fn a_text_is_cut_at_the_best_place_that_fits() {
    for (text, max, expected) in [
        ("", 5, &[] as &[&str]),
        ("  \n ", 2, &[]),
        ("short", 5, &["short"]),
        // A paragraph before a line, a line before a sentence, a sentence before a word.
        ("a b. c\nd\n\ne f g h", 12, &["a b. c\nd", "e f g h"]),
        ("a b. c\nd e f g h", 10, &["a b. c", "d e f g h"]),
        ("Two b. Then three.", 12, &["Two b.", "Then three."]),
        ("one two three", 9, &["one two", "three"]),
        ("one two three", 7, &["one two", "three"]),
        ("abcdefgh", 3, &["abc", "def", "gh"]),
        // An empty line with blanks in it, and Windows' line ends.
        ("first\n  \nsecond one", 12, &["first", "second one"]),
        ("first\r\n\r\nsecond one", 12, &["first", "second one"]),
        // The full stop of other scripts.
        ("今日は。明日も。", 5, &["今日は。", "明日も。"]),
        // No family and no accent is torn apart.
        ("👨‍👩‍👧👨‍👩‍👧", 6, &["👨‍👩‍👧", "👨‍👩‍👧"]),
        ("ae\u{301}ae\u{301}", 4, &["ae\u{301}a", "e\u{301}"]),
        ("नमस्तेनमस्ते", 11, &["नमस्तेनम", "स्ते"]),
        // Only one that does not fit alone.
        ("👨‍👩‍👧", 2, &["👨\u{200d}", "👩\u{200d}", "👧"]),
        ("ab", 0, &["a", "b"]),
        // Blanks at the beginning are the text's.
        ("  ab cd", 4, &["  ab", "cd"]),
    ] {
        assert_eq!(pieces(text, max), expected, "{text:?} by {max}");
    }
}

#[test]
fn nothing_but_blanks_gets_lost() {
    let solid = |text: &str| text.split_whitespace().collect::<String>();
    let texts = [
        "Dear all,\n\nwe open at nine. Bring Dr. Who, 3.5 kg of tea, and e.g. https://example.com/a?b=c.\n\n".repeat(10),
        "नमस्ते दुनिया। ".repeat(30),
        "今日は良い天気ですね。".repeat(30),
        "🇮🇳🇮🇹👩🏽‍🚀".repeat(30),
        "x".repeat(500),
        " \n\t".repeat(200) + "end",
    ];
    for text in &texts {
        for max in [1, 2, 3, 7, 50, 160, 1024, 4096] {
            let pieces = pieces(text, max);
            assert!(
                pieces
                    .iter()
                    .all(|piece| (1..=max).contains(&piece.chars().count()))
            );
            assert_eq!(solid(&pieces.concat()), solid(text));
        }
    }
}

#[test]
fn a_flat_text_has_no_line_ends_tabs_or_long_blanks() {
    for (text, expected) in [
        ("", ""),
        (" \n ", ""),
        ("plain", "plain"),
        ("three   blanks", "three   blanks"),
        ("four    blanks", "four blanks"),
        ("five     blanks", "five blanks"),
        ("tab\tand \t more", "tab and more"),
        ("a\nb\r\nc\rd\u{2028}e\u{85}f\u{b}g", "a b c d e f g"),
        (" a \n\n b ", "a b"),
        ("न\nम", "न म"),
    ] {
        assert!(is_flat(&flatten(text)));
        assert_eq!(
            is_flat(text),
            !text.contains(['\n', '\t']) && !text.contains("     ")
        );
        assert_eq!(flatten(text), expected, "{text:?}");
    }
    assert_eq!(flatten_lines("a\n\n  b\n", ", "), "a, b");
    assert_eq!(flatten_lines("a", ", "), "a");
}

#[test]
fn a_text_is_shortened_between_signs() {
    for (text, max, expected) in [
        ("short", 5, "short"),
        ("shorter", 5, "shor…"),
        ("a bc", 3, "a…"),
        ("👨‍👩‍👧👨‍👩‍👧", 7, "👨‍👩‍👧…"),
        ("👨‍👩‍👧👨‍👩‍👧", 5, "…"),
        ("ab", 1, "…"),
        ("ab", 0, ""),
        ("", 0, ""),
    ] {
        assert_eq!(shorten(text, max), expected, "{text:?} by {max}");
    }
}

#[test]
fn markdown_becomes_whatsapp_s_marks() {
    for (markdown, expected) in [
        ("", ""),
        ("plain", "plain"),
        ("**bold** and __bold__", "*bold* and *bold*"),
        ("*italic* and _italic_", "_italic_ and _italic_"),
        ("***both***", "*_both_*"),
        ("**bold *and* italic**", "*bold _and_ italic*"),
        ("**bold *and***", "*bold _and_*"),
        ("~~gone~~", "~gone~"),
        ("`code * _` **b**", "`code * _` *b*"),
        ("``a ` b``", "```a ` b```"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("snake_case_name", "snake_case_name"),
        ("**never closed", "**never closed"),
        ("a\\*b\\*", "a*b*"),
        ("# Head", "*Head*"),
        ("### Head **bold** ##", "*Head bold*"),
        ("#hashtag", "#hashtag"),
        (
            "* one\n+ two\n- three\n  * four\n1. five",
            "- one\n- two\n- three\n  - four\n1. five",
        ),
        ("> **q**\n> r", "> *q*\n> r"),
        (
            "[Shop](https://example.com/a_b_c)",
            "Shop (https://example.com/a_b_c)",
        ),
        ("[https://e.com](https://e.com)", "https://e.com"),
        ("![](https://e.com/a.png)", "https://e.com/a.png"),
        ("[Mail](mailto:a@e.com \"Title\")", "Mail (a@e.com)"),
        (
            "[**Bold** link](https://e.com/x(1))",
            "*Bold* link (https://e.com/x(1))",
        ),
        ("[no link]", "[no link]"),
        ("<https://e.com>", "https://e.com"),
        ("a < b > c &amp; d", "a < b > c & d"),
        (
            "```rust\nlet **x** = 1;\n```\n**y**",
            "```\nlet **x** = 1;\n```\n*y*",
        ),
        ("~~~\nx\n~~~", "```\nx\n```"),
        ("```\nnever closed", "```\nnever closed\n```"),
        ("a\n\n---\n\nb", "a\n\n\n\nb"),
        ("one  \ntwo\\\nthree", "one\ntwo\nthree"),
        ("| a | **b** |\n|---|:-:|\n| 1 | 2 |", "a | *b*\n1 | 2"),
        ("**नमस्ते** 👋", "*नमस्ते* 👋"),
        ("5 ~ 6 and ~7", "5 ~ 6 and ~7"),
    ] {
        assert_eq!(from_markdown(markdown), expected, "{markdown:?}");
    }
}

/// Each mark here looks for an end that is not there; the time would grow with the square of the length.
#[test]
fn marks_without_an_end_stay_as_they_are() {
    for text in ["*a ", "**a *b ", "[", "a__b ", "~~a ", "`a "] {
        let text = format!("a {}", text.repeat(2000));
        assert_eq!(from_markdown(&text), text.trim_end());
    }
}
