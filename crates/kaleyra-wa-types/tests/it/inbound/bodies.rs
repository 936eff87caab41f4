//! Bodies that are no strict JSON, or none as it is expected: read, each in its least surprising way.

use kaleyra_wa_types::Recognition;
use kaleyra_wa_types::inbound::{Callback, Event, MessageContent};

const BEFORE: &str = r#"{"meta_object":{"field":"messages","value":{"messages":[{"from":"919800000003","id":"wamid.B","type":"text","text":{"body":"#;
const AFTER: &str = r#"}}]}},"extra_info":{}}"#;

fn body(text: &[u8]) -> Vec<u8> {
    [BEFORE.as_bytes(), text, AFTER.as_bytes()].concat()
}

fn text_of(body: &[u8]) -> String {
    let callback = Callback::from_slice(body).unwrap();
    let message = callback.messages().next().unwrap();
    let MessageContent::Text(text) = &message.content else {
        panic!("{message:?}")
    };
    assert_eq!(Callback::from_slice(&callback.to_vec()).unwrap(), callback);
    assert!(serde_json::from_slice::<serde_json::Value>(&callback.to_vec()).is_ok());
    text.body.clone()
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    let with_mark = [b"\xef\xbb\xbf".as_slice(), &body(br#""hello""#)].concat();
    assert_eq!(text_of(&with_mark), "hello");
    assert_eq!(
        text_of(
            &[
                b" \r\n".as_slice(),
                &body(br#""hello""#),
                b"\n\0".strip_suffix(b"\0").unwrap()
            ]
            .concat()
        ),
        "hello"
    );
}

#[test]
fn half_a_character_is_replaced() {
    for (text, read) in [
        (b"\"h\xf0\x9f\x98\"".as_slice(), "h\u{fffd}"),
        (b"\"h\xed\xa0\xbd!\"", "h\u{fffd}\u{fffd}\u{fffd}!"),
        (b"\"caf\xe9\"", "caf\u{fffd}"),
        (br#""h\ud83d""#, "h\u{fffd}"),
        (br#""\ude00h""#, "\u{fffd}h"),
        (br#""\ud83dx\ud83d\ude00""#, "\u{fffd}x\u{1f600}"),
        (br#""\ud83d\ud83d\ude00""#, "\u{fffd}\u{1f600}"),
    ] {
        assert_eq!(text_of(&body(text)), read);
    }
}

#[test]
fn control_characters_stand_in_texts() {
    for control in (0_u8..0x20).chain([0x7f]) {
        let text = [b"\"a".as_slice(), &[control], b"b\""].concat();
        assert_eq!(text_of(&body(&text)), format!("a{}b", char::from(control)));
    }
}

#[test]
fn json_in_a_string_is_read() {
    let plain = String::from_utf8(body(br#""hello""#)).unwrap();
    let once = serde_json::to_string(&plain).unwrap();
    let twice = serde_json::to_string(&once).unwrap();
    assert_eq!(text_of(once.as_bytes()), "hello");
    assert_eq!(text_of(twice.as_bytes()), "hello");
    let array = serde_json::to_string(&format!("[{plain},{plain}]")).unwrap();
    assert_eq!(
        Callback::from_slice(array.as_bytes())
            .unwrap()
            .messages()
            .count(),
        2
    );
    for none in [r#""hello""#, r#""""#, r#""{""#, r#""[1""#, "\"7\""] {
        assert!(Callback::from_slice(none.as_bytes()).is_err(), "{none}");
    }
}

#[test]
fn no_number_is_too_large() {
    for number in [
        "1e400",
        "-1e999",
        "123456789012345678901234567890",
        "0.1234567890123456789012345",
        "1E-999",
    ] {
        let body = format!(
            r#"{{"meta_object":{{"value":{{"messages":[{{"id":"wamid.N","timestamp":{number},"type":"text","text":{{"body":{number},"shade":{number}}}}}],
               "statuses":[{{"id":{number},"payment":{{"notes":{{"n":{number}}},"amount":{{"value":{number}}},"transaction":{{"method":{{"n":[{number}]}}}}}}}}]}},"shade":[{number}]}}}}"#
        );
        let callback = Callback::from_slice(body.as_bytes()).unwrap();
        assert_eq!(
            callback
                .events()
                .filter(|event| event.recognition() == Recognition::Malformed)
                .count(),
            0,
            "{number}"
        );
        let written = String::from_utf8(callback.to_vec()).unwrap();
        assert_eq!(
            written.matches(number).count(),
            body.matches(number).count(),
            "{number} was changed: {written}"
        );
    }
}

#[test]
fn what_is_nested_too_deep_is_its_element_only() {
    for depth in [100_usize, 118, 125, 130, 200, 5_000] {
        let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        for (place, is_body) in [("\"shade\"", false), ("\"text\"", true)] {
            let body = format!(
                r#"{{"meta_object":{{"field":"messages","value":{{"messages":[{{"id":"wamid.1","type":"text","text":{{"body":"one"}}}},
                   {{"id":"wamid.2","type":"text",{place}:{deep}}},{{"id":"wamid.3","type":"text","text":{{"body":"three"}}}}]}}}}}}"#
            );
            let callback = Callback::from_slice(body.as_bytes()).unwrap();
            let events: Vec<_> = callback.events().collect();
            assert_eq!(events.len(), 3);
            assert_eq!(
                [events[0].id(), events[1].id(), events[2].id()],
                [Some("wamid.1"), Some("wamid.2"), Some("wamid.3")]
            );
            assert_eq!(
                [0, 2].map(|n| events[n].recognition()),
                [Recognition::Typed; 2]
            );
            if is_body || depth > 125 {
                assert!(
                    matches!(&events[1], Event::Malformed(_)),
                    "{depth} {place}: {:?}",
                    events[1]
                );
            }
            assert_eq!(Callback::from_slice(&callback.to_vec()).unwrap(), callback);
        }
    }
}

#[test]
fn what_is_no_json_stays_refused() {
    for body in [
        "",
        " ",
        "{",
        "{}}",
        "{}{}",
        "{\"a\":}",
        "{\"a\" 1}",
        "{'a':1}",
        "{a:1}",
        "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":1.}",
        "{\"a\":.5}",
        "{\"a\":NaN}",
        "{\"a\":1,}",
        "[{}",
        "[{},]",
        "null",
        "true",
        "7",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12\"}",
        "{\"a\":tru}",
    ] {
        let error = Callback::from_slice(body.as_bytes()).expect_err(body);
        assert!(!error.to_string().is_empty());
    }
}
