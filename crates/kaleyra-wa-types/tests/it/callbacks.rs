//! Callbacks: what is read from the documented shapes, and what is left where they are broken.

use kaleyra_wa_types::inbound::{Callback, Event, EventKind, Message, MessageContent, StatusName};
use kaleyra_wa_types::response::Code;
use serde_json::{Value, json};

use crate::fixtures::{all, one, read_losslessly};

fn fixture(name: &str) -> Callback {
    Callback::from_slice(&one(&format!("callbacks/{name}.json"))).unwrap()
}

fn message(name: &str) -> Message {
    fixture(name).messages().next().unwrap().clone()
}

#[test]
fn every_fixture_is_lossless_and_holds_one_event_that_could_be_read() {
    for (path, body) in all("callbacks") {
        let callback: Callback = read_losslessly(&path, &body);
        let events: Vec<Event<'_>> = callback.events().collect();
        assert_eq!(events.len(), 1, "{}: {events:?}", path.display());
        assert!(
            !matches!(events[0], Event::Malformed(_)),
            "{}: {events:?}",
            path.display()
        );
        // Read by our own entry point it is the same as by any other deserialiser.
        assert_eq!(Callback::from_slice(&body).unwrap(), callback);
    }
}

#[test]
fn a_media_reply_has_its_file_its_context_and_its_url() {
    let callback = fixture("media_reply_image");
    let message = callback.messages().next().unwrap();
    assert_eq!(message.from.as_ref().unwrap().as_str(), "919800000001");
    assert_eq!(
        message.replies_to().unwrap().as_str(),
        "wamid.SENTBYTHESHOP0001"
    );
    assert_eq!(message.timestamp.as_ref().unwrap().as_str(), "17XXXXXXXX");
    assert_eq!(message.timestamp.as_ref().unwrap().unix_seconds(), None);
    let media = message.content.media().unwrap();
    assert_eq!(media.mime_type, Some("image/jpeg"));
    assert_eq!(media.id.unwrap().as_str(), "200000000000001");
    assert_eq!(
        callback.contact_of(message).unwrap().name(),
        Some("Asha Example")
    );
    let extra_info = callback.extra_info.as_ref().unwrap();
    assert_eq!(
        extra_info.media_url.as_deref(),
        Some("https://media.example.com/asha/cup.jpg")
    );
    assert_eq!(extra_info.reference1.as_deref(), Some("spring campaign"));
    assert_eq!(
        extra_info.waba_id.as_ref().unwrap().as_str(),
        "300000000000001"
    );
}

#[test]
fn all_five_kinds_of_files_are_media() {
    for kind in ["audio", "document", "image", "sticker", "video"] {
        let message = message(&format!("media_reply_{kind}"));
        assert_eq!(message.content.type_name(), kind);
        assert!(
            message.content.media().unwrap().mime_type.is_some(),
            "{kind}"
        );
    }
    // The documentation's document came with an empty URL: that reads as none.
    assert_eq!(
        fixture("media_reply_document")
            .extra_info
            .unwrap()
            .media_url,
        None
    );
}

#[test]
fn a_reaction_is_an_emoji_or_its_removal() {
    let MessageContent::Reaction(reaction) = message("reaction").content else {
        panic!("no reaction")
    };
    assert_eq!(reaction.emoji.as_deref(), Some("\u{1f602}"));
    for removal in ["reaction_removed", "reaction_removed_empty"] {
        let message = message(removal);
        assert_eq!(
            message.replies_to().unwrap().as_str(),
            "wamid.SENTBYTHESHOP0001"
        );
        let MessageContent::Reaction(reaction) = message.content else {
            panic!("no reaction")
        };
        assert!(reaction.is_removal(), "{removal}");
    }
}

#[test]
fn a_template_button_has_its_payload() {
    let MessageContent::Button(button) = message("template_button").content else {
        panic!("no button")
    };
    assert_eq!(button.payload.as_deref(), Some("book-again"));
    assert_eq!(button.text.as_deref(), Some("Book again"));
}

#[test]
fn an_unknown_type_keeps_its_name_and_body() {
    let MessageContent::Unknown(unknown) = message("unknown_type").content else {
        panic!("known?")
    };
    assert_eq!(unknown.type_name(), "hologram");
    assert_eq!(
        unknown.body(),
        Some(&json!({"depth": 3, "layers": [1, 2.5]}).into())
    );
}

#[test]
fn a_status_is_read_from_both_shapes() {
    let callback = fixture("status_sent");
    let status = callback.statuses().next().unwrap();
    assert_eq!(status.status, Some(StatusName::Sent));
    assert_eq!(
        status.recipient_id.as_ref().unwrap().as_str(),
        "919800000001"
    );

    let callback = fixture("status_not_sent");
    let Some(Event::KaleyraStatus(status)) = callback.events().next() else {
        panic!("no status")
    };
    assert_eq!(status.status, Some(&StatusName::NotSent));
    assert_eq!(status.code, Some(&Code::DailyLimit));
    assert_eq!(
        status.message_id.unwrap().as_str(),
        "wamid.SENTBYTHESHOP0003"
    );
}

#[test]
fn other_fields_and_other_callbacks_are_events_with_their_body() {
    let callback = fixture("field_account_update");
    let event = callback.events().next().unwrap();
    assert_eq!(
        (event.kind(), event.type_name()),
        (EventKind::Field, "account_update")
    );
    assert_eq!(
        event.body().to_value().unwrap()["value"]["event"],
        "VERIFIED_ACCOUNT"
    );

    let callback = fixture("other_v1");
    let event = callback.events().next().unwrap();
    assert_eq!(event.kind(), EventKind::Status, "it names a status");
    assert_eq!(event.body().to_value().unwrap()["id"], "v1-0001");
}

#[test]
fn one_bad_element_leaves_its_siblings_and_itself_untouched() {
    let came = json!({
        "meta_object": {"field": "messages", "value": {
            "messages": [
                {"id": "wamid.1", "from": "919800000001", "type": "text", "text": {"body": "first"}},
                {"id": "wamid.2", "from": "919800000001", "type": "image", "image": {"id": {"no": "id"}}},
                {"id": "wamid.3", "from": "919800000001", "type": "text", "text": {"body": [5]}},
                null,
                {"id": "wamid.4", "from": "919800000001", "type": "text", "text": {"body": "last"}},
            ],
            "statuses": [{"status": "read"}, 7],
        }},
    });
    let callback = Callback::from_slice(&serde_json::to_vec(&came).unwrap()).unwrap();
    assert_eq!(serde_json::to_value(&callback).unwrap(), came);
    let texts: Vec<_> = callback
        .messages()
        .map(|message| message.id.as_str())
        .collect();
    assert_eq!(texts, ["wamid.1", "wamid.4"]);
    assert_eq!(callback.statuses().count(), 1);
    let malformed: Vec<(EventKind, String, String)> = callback
        .events()
        .filter_map(|event| match event {
            Event::Malformed(part) => Some((part.kind, part.path, part.reason)),
            _ => None,
        })
        .collect();
    let expected = [
        (
            EventKind::Message,
            "meta_object.value.messages[1].image.id",
            "expected a string, found object",
        ),
        (
            EventKind::Message,
            "meta_object.value.messages[2].text.body",
            "expected a string, found array",
        ),
        (
            EventKind::Message,
            "meta_object.value.messages[3]",
            "expected an object (Message), found null",
        ),
        (
            EventKind::Status,
            "meta_object.value.statuses[1]",
            "expected an object (Status), found number",
        ),
    ];
    assert_eq!(
        malformed,
        expected.map(|(kind, path, reason)| (kind, path.to_owned(), reason.to_owned()))
    );
    let ids: Vec<Option<String>> = callback
        .events()
        .map(|event| event.id().map(str::to_owned))
        .collect();
    assert_eq!(
        ids[1].as_deref(),
        Some("wamid.2"),
        "what is left of a malformed message still names it"
    );
}

#[test]
fn a_bad_member_around_the_elements_leaves_them_untouched() {
    for (pointer, path) in [
        ("/meta_object/value/metadata", "meta_object.value.metadata"),
        (
            "/meta_object/value/messaging_product",
            "meta_object.value.messaging_product",
        ),
        ("/meta_object/value/statuses", "meta_object.value.statuses"),
        ("/extra_info", "extra_info"),
        ("/extra_info/ref", "extra_info.ref"),
        ("/status", "status"),
    ] {
        let mut came: Value =
            serde_json::from_slice(&one("callbacks/media_reply_image.json")).unwrap();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        came.pointer_mut(parent).unwrap()[name] = match name {
            "statuses" => json!("none"),
            _ => json!([[1]]),
        };
        let callback = Callback::from_slice(&serde_json::to_vec(&came).unwrap()).unwrap();
        assert_eq!(serde_json::to_value(&callback).unwrap(), came, "{pointer}");
        assert_eq!(callback.messages().count(), 1, "{pointer}");
        let parts: Vec<String> = callback
            .events()
            .filter_map(|event| match event {
                Event::Malformed(part) => Some(part.path),
                _ => None,
            })
            .collect();
        assert_eq!(parts, [path]);
    }
}

#[test]
fn what_says_nothing_reads_as_absent_and_comes_back() {
    let came = json!({
        "meta_object": {"field": "messages", "value": {
            "metadata": null, "contacts": [], "statuses": null, "errors": [],
            "messages": [{
                "id": "wamid.1", "from": "", "type": "audio", "context": [], "timestamp": 1722863329,
                "audio": {"id": 200, "voice": null, "mime_type": ""},
            }],
        }},
        "extra_info": "",
    });
    let callback = Callback::from_slice(&serde_json::to_vec(&came).unwrap()).unwrap();
    assert_eq!(serde_json::to_value(&callback).unwrap(), came);
    let message = callback.messages().next().unwrap();
    assert_eq!((&message.from, &message.context), (&None, &None));
    assert_eq!(
        message.timestamp.as_ref().unwrap().unix_seconds(),
        Some(1_722_863_329)
    );
    assert!(message.unknown.is_empty(), "nothing in it is unknown");
}

#[test]
fn a_type_is_told_in_other_cases_and_without_one() {
    for (came, expected) in [
        (
            json!({"id": "wamid.1", "type": "TEXT", "text": {"body": "a"}}),
            "text",
        ),
        (json!({"id": "wamid.1", "text": {"body": "a"}}), "text"),
        (
            json!({"id": "wamid.1", "type": null, "text": {"body": "a"}}),
            "text",
        ),
        (
            json!({"id": "wamid.1", "type": "unsupported", "text": {"body": "a"}}),
            "unsupported",
        ),
        (
            json!({"id": "wamid.1", "type": "text", "text": {"body": "a"}, "image": {"id": "2"}}),
            "text",
        ),
        (json!({"id": "wamid.1"}), ""),
        (
            json!({"id": "wamid.1", "text": {"body": "a"}, "image": {"id": "2"}}),
            "",
        ),
    ] {
        let message: Message = serde_json::from_value(came.clone()).unwrap();
        assert_eq!(message.content.type_name(), expected, "{came}");
        assert_eq!(serde_json::to_value(&message).unwrap(), came);
    }
}

#[test]
fn of_two_members_with_one_name_the_last_counts_as_in_plain_json() {
    let came = br#"{"meta_object":{"field":"x","field":"messages","value":{"messages":[
        {"id":"wamid.1","type":"text","text":{"body":"a"},"text":{"body":"b"},"from":"1","from":null}]}}}"#;
    let callback = Callback::from_slice(came).unwrap();
    let plain: Value = serde_json::from_slice(came).unwrap();
    assert_eq!(serde_json::to_value(&callback).unwrap(), plain);
    let MessageContent::Text(text) = &callback.messages().next().unwrap().content else {
        panic!("no text")
    };
    assert_eq!(text.body, "b");
}

#[test]
fn only_what_is_no_json_object_is_an_error_and_the_error_repeats_nothing() {
    for (body, expected) in [
        ("", "not JSON: expected a value at byte 0"),
        ("[]", "not a JSON object"),
        ("\"secret\"", "not a JSON object"),
        ("{\"secret\": tru}", "not JSON: expected a value at byte 11"),
        ("{} secret", "not JSON: expected the end at byte 3"),
    ] {
        let error = Callback::from_slice(body.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), expected, "{body}");
    }
    assert!(Callback::from_slice(&[0xff, 0xfe]).is_err());
    let deep = format!("{{\"a\":{}", "[".repeat(100_000));
    assert!(Callback::from_slice(deep.as_bytes()).is_err());
}

#[test]
fn a_hidden_number_is_answered_by_user_id() {
    let message: Message = serde_json::from_value(
        json!({"id": "wamid.1", "from_user_id": "US.13491208655302741918", "type": "text", "text": {"body": "a"}}),
    )
    .unwrap();
    let address = serde_json::to_value(kaleyra_wa_types::outbound::MessagingObject::new(
        message.reply_address().unwrap(),
        "Hello",
    ))
    .unwrap();
    assert_eq!(address["recipient"], "US.13491208655302741918");
    assert_eq!(address.get("to"), None);

    let message: Message =
        serde_json::from_value(json!({"id": "wamid.1", "type": "text", "text": {"body": "a"}}))
            .unwrap();
    assert!(message.reply_address().is_err());
}

#[test]
fn debug_shows_no_number_of_a_person() {
    let shown = format!("{:?}", fixture("media_reply_image"));
    assert!(!shown.contains("919800000001"), "{shown}");
    assert!(!shown.contains("WRITTENBYASHA"), "{shown}");
}

#[test]
fn unknown_members_are_told_by_their_place() {
    let mut came: Value = serde_json::from_slice(&one("callbacks/media_reply_image.json")).unwrap();
    came["shade"] = json!(1);
    came["meta_object"]["value"]["metadata"]["a/b~c"] = json!(2);
    came["meta_object"]["value"]["messages"][0]["image"]["depth"] = json!(3);
    let callback = Callback::from_value(came).unwrap();
    assert_eq!(
        callback.unknown_fields(),
        [
            "/meta_object/value/metadata/a~1b~0c",
            "/meta_object/value/messages/0/image/depth",
            "/shade",
        ]
    );
    assert_eq!(
        fixture("status_not_sent").unknown_fields(),
        <[&str; 0]>::default()
    );
}

#[test]
fn a_file_that_could_not_be_had_is_a_message_without_its_body() {
    for body in ["", r#","image":null"#, r#","image":[]"#, r#","image":{}"#] {
        let came = format!(
            r#"{{"id":"wamid.1","from":"919800000001","type":"image","errors":[{{"code":131052,"error_data":"too large"}}]{body}}}"#
        );
        let message: Message = serde_json::from_str(&came).unwrap();
        let MessageContent::Image(image) = &message.content else {
            panic!("{came}")
        };
        assert_eq!(image.id, None);
        assert_eq!(message.errors[0].details(), Some("too large"));
        let plain: Value = serde_json::from_str(&came).unwrap();
        assert_eq!(serde_json::to_value(&message).unwrap(), plain);
    }
}
