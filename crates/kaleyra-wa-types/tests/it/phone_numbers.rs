//! Which texts are phone numbers, which are refused, and what the error says to do.

use kaleyra_wa_types::{InvalidPhoneNumber, PhoneNumber, Recipient, WaId};

use InvalidPhoneNumber as Invalid;

fn parse(text: &str) -> Result<String, Invalid> {
    text.parse::<PhoneNumber>()
        .map(|number| number.as_str().to_owned())
}

#[test]
fn e164_in_its_usual_spellings_is_taken() {
    for (text, expected) in [
        ("+919800000001", "+919800000001"),
        (" +1 (415) 555-0123 ", "+14155550123"),
        ("+1 (415)555.0123", "+14155550123"),
        ("+ 44 7700 900123", "+447700900123"),
        ("+(44) 7700 900123", "+447700900123"),
        ("+44\u{a0}7700\u{a0}900123", "+447700900123"),
        ("\u{202f}+44 7700 900123\n", "+447700900123"),
        ("+45.12.34.56.78", "+4512345678"),
        // Area codes of one digit, and of three that begin with 8.
        ("+61 (2) 9374 0000", "+61293740000"),
        ("+61 (8) 8234 0000", "+61882340000"),
        ("+33 (6) 12 34 56 78", "+33612345678"),
        ("+7 (812) 123-45-67", "+78121234567"),
        // Numbers of these countries have a 0 behind the country code.
        ("+39 06 1234 5678", "+390612345678"),
        ("+225 07 00 00 00 00", "+2250700000000"),
    ] {
        assert_eq!(parse(text).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn what_would_change_the_number_is_refused() {
    for (text, expected) in [
        ("+44 (0)7700 900123", Invalid::Parentheses),
        ("+44(0)7700900123", Invalid::Parentheses),
        ("+44 ( 0 ) 7700 900123", Invalid::Parentheses),
        ("+49 (030) 123456", Invalid::Parentheses),
        ("+44 (0 7700 900123", Invalid::Parentheses),
        ("+7 (8) 912 345 67 89", Invalid::Parentheses),
        ("+1 415 555 0123 (12)", Invalid::Parentheses),
        ("+44 07700 900123", Invalid::TrunkZero),
        ("+4407700900123", Invalid::TrunkZero),
        ("+91 098000 00001", Invalid::TrunkZero),
        ("+234 0803 000 0000", Invalid::TrunkZero),
        ("+919800000001.0", Invalid::Decimal),
        ("+1 415 555 0123 x5", Invalid::Extension),
        ("+1 415 555 0123 ext. 5", Invalid::Extension),
        ("+1 415 555 0123,,5", Invalid::Extension),
        ("+1 415 555 0123;ext=5", Invalid::Extension),
        ("+1 415 555 0123#5", Invalid::Extension),
        ("tel:+1-415-555-0123;ext=5", Invalid::Uri),
        ("TEL:+14155550123", Invalid::Uri),
        ("https://wa.me/919800000001", Invalid::Uri),
        ("wa.me/919800000001", Invalid::Uri),
        ("+919800000001,+919800000002", Invalid::List),
        ("919800000001, 919800000002", Invalid::List),
        ("+919800000001 / +919800000002", Invalid::List),
        ("+919800000001 +919800000002", Invalid::List),
        ("+919800000001\n+919800000002", Invalid::List),
        ("++919800000001", Invalid::Character('+')),
        ("+1-800-FLOWERS", Invalid::Character('F')),
        ("+16XXXXXX234", Invalid::Character('X')),
        ("+9.198E+11", Invalid::Character('E')),
        (
            "+91\u{2011}98000\u{2011}00001",
            Invalid::Character('\u{2011}'),
        ),
        ("+91\u{202f}9800000001", Invalid::Character('\u{202f}')),
        (
            "\u{202a}+91 98000 00001\u{202c}",
            Invalid::Character('\u{202a}'),
        ),
        ("+91 98000 00001\u{200b}", Invalid::Character('\u{200b}')),
        (
            "\u{ff0b}\u{ff19}\u{ff11}9800000001",
            Invalid::Character('\u{ff0b}'),
        ),
        (
            "+\u{ff19}\u{ff11}9800000001",
            Invalid::Character('\u{ff19}'),
        ),
        ("+91\u{669}800000001", Invalid::Character('\u{669}')),
        ("+91\t9800000001", Invalid::Character('\t')),
        ("'+919800000001", Invalid::Character('\'')),
        ("919800000001", Invalid::NoCountryCode),
        ("00919800000001", Invalid::NoCountryCode),
        ("(+44) 7700 900123", Invalid::NoCountryCode),
        ("+0919800000001", Invalid::NoCountryCode),
        ("", Invalid::NoCountryCode),
        ("+", Invalid::NoCountryCode),
        ("+12345", Invalid::Length(5)),
        ("+1234567890123456", Invalid::Length(16)),
    ] {
        assert_eq!(parse(text), Err(expected), "{text:?}");
    }
}

#[test]
fn the_error_names_the_sign_and_says_what_to_do() {
    for (sign, named) in [
        (
            '\u{2011}',
            "U+2011 (a hyphen that is not -) must be taken out",
        ),
        (
            '\u{202f}',
            "U+202F (another kind of space) must be taken out",
        ),
        (
            '\u{202a}',
            "U+202A (an invisible mark for the direction of writing)",
        ),
        ('\u{200b}', "U+200B (an invisible character)"),
        ('\u{ff19}', "U+FF19 (a digit of another script)"),
        ('\n', "U+000A (a line end)"),
        ('Z', "`Z` must be taken out"),
    ] {
        let text = parse(&format!("+91 98000{sign}00001"))
            .unwrap_err()
            .to_string();
        assert!(text.contains(named), "{text}");
        assert!(!text.contains("98000"), "{text}");
    }
    let text = parse("+44 (0)7700 900123").unwrap_err().to_string();
    assert!(text.ends_with("leave them out, or write them without parentheses"));
}

#[test]
fn a_number_from_a_callback_gets_its_plus() {
    let number = PhoneNumber::try_from(&WaId::from("919800000001")).unwrap();
    assert_eq!(number.as_str(), "+919800000001");
    assert_eq!(number.digits(), "919800000001");
    assert_eq!(
        Recipient::try_from("+44 (0)7700 900123"),
        Err(Invalid::Parentheses)
    );
}
