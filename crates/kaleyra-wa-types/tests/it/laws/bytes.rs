//! Bytes that nobody meant: cut off, garbled, deep beyond reason.

use kaleyra_wa_types::inbound::{Callback, Event};
use proptest::prelude::*;
use proptest::sample::Index;

use super::arbitrary::fixtures;
use super::tree::{Change, Tree};
use super::{config, law};
use crate::fixtures::all;

/// All laws on the same bytes.
fn all_laws(bytes: &[u8]) {
    law::callback(bytes);
    law::outbound(bytes);
    law::response(bytes);
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        all_laws(&bytes);
    }

    #[test]
    fn any_text_of_the_signs_of_json(text in r#"[ \[\]{}:,"\\a0-9.eE+-]{0,60}|\{"[a-z]{1,4}":[\[{"0-9a-z:,}\]]{0,30}\}"#) {
        all_laws(text.as_bytes());
    }

    #[test]
    fn a_fixture_cut_off_and_garbled(
        which in any::<Index>(),
        end in any::<Index>(),
        garbled in prop::collection::vec((any::<Index>(), any::<u8>()), 0..4),
        is_cut in any::<bool>(),
    ) {
        let mut fixtures = all("callbacks");
        fixtures.extend(all("requests"));
        let mut bytes = which.get(&fixtures).1.clone();
        if is_cut {
            bytes.truncate(end.index(bytes.len()));
        }
        for (place, byte) in garbled {
            if !bytes.is_empty() {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
        }
        all_laws(&bytes);
    }
}

#[test]
fn what_is_no_object_is_an_error() {
    for bytes in [
        "",
        " ",
        "null",
        "true",
        "0",
        "-",
        "\"\"",
        "[]",
        "[{}]",
        "{",
        "{}}",
        "{} {}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\":NaN}",
        "{\"a\":1e400}",
        "{\"a\":01}",
        "{\"a\":\"\n\"}",
        "\u{feff}{}",
    ] {
        all_laws(bytes.as_bytes());
        assert!(
            serde_json::from_str::<serde_json::Map<_, _>>(bytes).is_err(),
            "{bytes}"
        );
    }
    for bytes in [
        &b"{\"a\":\"\xff\"}"[..],
        b"\xff\xfe{\0}\0",
        b"{\"\xc3\":1}",
        b"{}\0",
    ] {
        all_laws(bytes);
    }
}

#[test]
fn half_a_character_sinks_no_message() {
    let body = br#"{"meta_object": {"field": "messages", "value": {"messages": [
        {"from": "919800000001", "id": "wamid.A", "type": "text", "text": {"body": "cut \ud83d"}},
        {"from": "919800000001", "id": "wamid.B", "type": "text", "text": {"body": "whole \ud83d\ude02"}},
        {"from": "919800000001", "id": "wamid.C", "type": "text", "text": {"body": ["\ude02"]}}
    ]}}}"#;
    all_laws(body);
    let callback = Callback::from_slice(body).unwrap();
    let texts: Vec<_> = callback
        .events()
        .map(|event| match event {
            Event::Message(message) => message.content.text().map(str::to_owned),
            other => Some(other.kind().to_string()),
        })
        .collect();
    let expected = ["cut \u{fffd}", "whole 😂", "message"];
    assert_eq!(texts, expected.map(|text| Some(text.to_owned())));
    for bytes in [r#"{"a":"\ud800"}"#, r#"{"\uDFFF":{"code":"\ud800\ud800"}}"#] {
        all_laws(bytes.as_bytes());
        Callback::from_slice(bytes.as_bytes()).unwrap();
    }
}

#[test]
fn of_two_members_with_one_name_the_last_counts() {
    for callback in [
        r#"{"code":null,"code":"WA202"}"#,
        r#"{"status":"","status":"sent"}"#,
        r#"{"code":"WA202","code":null}"#,
        r#"{"new":1,"new":2}"#,
        r#"{"extra_info":{"ref":"","ref":"order-17"},"extra_info":{"ref":"order-18"}}"#,
        r#"{"meta_object":{"value":{"messages":[{"id":"a","text":{"body":"1"},"text":{"body":"2"}}]}}}"#,
        r#"{"meta_object":{"value":{"messages":[{"id":"a","text":{"body":"1"},"text":null}]}}}"#,
        r#"{"meta_object":{"value":{"messages":[{"id":"a","text":{"body":"1"},"type":"poll","text":{"body":"2"}}]}}}"#,
        r#"{"meta_object":{"value":{"messages":[{"id":"a","type":"poll","type":"text","text":{"body":"1"}}]}}}"#,
    ] {
        law::callback(callback.as_bytes());
    }
    for outbound in [
        r#"{"to":"+919800000001","type":"text","text":{"body":"1"},"text":{"body":"2"}}"#,
        r#"{"messaging_object":{"sticker":{"id":"1"},"to":"+919800000001","type":"new","sticker":null}}"#,
        r#"{"messaging_product":"whatsapp","sticker":{"id":"1"},"to":"+919800000001","type":"new","sticker":2}"#,
        r#"{"messaging_object":1,"messaging_object":{"to":"+919800000001","text":{"body":"1"}}}"#,
    ] {
        law::outbound(outbound.as_bytes());
    }
}

#[test]
fn an_object_that_comes_again_is_the_last_one_alone() {
    each_object_comes_again("callbacks", law::callback);
    each_object_comes_again("requests", law::outbound);
}

/// Each object of every fixture in turn stands there twice; nothing of the first may be left.
fn each_object_comes_again(folder: &str, law: impl Fn(&[u8])) {
    for (_, fixture) in fixtures(folder) {
        let tree = Tree::from(&fixture);
        for place in 0..tree.len() {
            let Some(Tree::Object(members)) = tree.get(place) else {
                continue;
            };
            let mut first = members.clone();
            first.push(("added in 2030".to_owned(), Tree::text("first")));
            for last in [members.clone(), members[..members.len() / 2].to_vec()] {
                let mut changed = tree.clone();
                changed.change(place, Change::Replace(Tree::Object(first.clone())));
                changed.change(place, Change::Repeat(Tree::Object(last)));
                law(&changed.bytes());
            }
        }
    }
}

#[test]
fn nesting_is_read_as_deep_as_json_itself_is() {
    let places = [
        ("", ""),
        (r#"{"deep":"#, "}"),
        (r#"{"meta_object":"#, "}"),
        (r#"{"meta_object":{"value":{"metadata":"#, "}}}"),
        (r#"{"meta_object":{"value":{"messages":"#, "}}}"),
        (r#"{"meta_object":{"field":"history","value":"#, "}}"),
        (
            r#"{"meta_object":{"value":{"messages":[{"id":"a","type":"poll","poll":"#,
            "}]}}}",
        ),
        (
            r#"{"meta_object":{"value":{"messages":[{"id":"a","type":"text","text":{"body":"#,
            "}}]}}}",
        ),
        (
            r#"{"messaging_object":{"to":"+919800000001","type":"poll","poll":"#,
            "}}",
        ),
        (r#"{"to":"+919800000001","text":{"body":"a","deep":"#, "}}"),
        (r#"{"code":"WA202","data":"#, "}"),
    ];
    for (before, after) in places {
        // serde_json stops at 128.
        for depth in (112..130).chain([10_000]) {
            for (open, inner, close) in [
                ("[", "0", "]"),
                (r#"{"a":"#, "{}", "}"),
                (r#"{"type":"#, "0", "}"),
            ] {
                let (open, close) = (open.repeat(depth), close.repeat(depth));
                all_laws(format!("{before}{open}{inner}{close}{after}").as_bytes());
            }
        }
        all_laws(format!("{before}{}", "[".repeat(10_000)).as_bytes());
        all_laws(format!("{before}{}", r#"{"a":"#.repeat(10_000)).as_bytes());
    }
}

#[test]
fn a_form_within_a_text_is_no_deeper_than_json() {
    for depth in [1, 126, 127, 128, 129, 10_000] {
        let form = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let callback = format!(
            r#"{{"meta_object":{{"value":{{"messages":[{{"id":"a","type":"interactive",
            "interactive":{{"type":"nfm_reply","nfm_reply":{{"response_json":"{form}"}}}}}}]}}}}}}"#
        );
        all_laws(callback.as_bytes());
    }
}
