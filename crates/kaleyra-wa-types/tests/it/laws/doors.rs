//! Every way in has the same tolerance: `from_slice`, `serde_json` in all its forms, and formats that are no JSON.

use std::io::Cursor;

use kaleyra_wa_types::inbound::{Callback, Message, Status};
use kaleyra_wa_types::{SendRequest, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Payloads that no strict reader of the pages takes.
fn loose() -> Vec<Value> {
    let text = json!({"from": 919_800_000_005_u64, "id": 7, "timestamp": 1.7672256e9, "type": "TEXT", "text": {"body": 12_345}});
    let status = json!({"id": "wamid.S", "status": "failed", "pricing": {"billable": "True"},
        "errors": {"0": {"code": "131026"}}, "recipient_id": null, "biz_opaque_callback_data": ""});
    let value = json!({"messages": text, "statuses": [status, {"errors": [[1]]}, 7], "contacts": [{"wa_id": 1}, "x"],
        "weather": [1, {"a": "b"}], "errors": []});
    vec![
        json!({"meta_object": {"field": "messages", "value": value}, "extra_info": {"media_url": "", "shade": null}}),
        json!({"meta_object": json!({"value": value}).to_string(), "extra_info": 7}),
        json!({"meta_object": {"value": {"messages": [{"text": {"body": "type last"}, "type": "text", "id": "a"}]}}}),
        json!({"id": "wamid.P", "status": "captured", "phone_number": "919800000005", "payment": {"notes": {"a": [1]}}}),
        json!({"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "calls", "value": {"calls": {"id": 1}}}]}]}),
        json!([{"meta_object": {"value": {"messages": {"0": text}}}}, 7]),
        json!({"status": "not sent", "message_id": "wamid.N", "code": 2101}),
        json!({}),
    ]
}

fn check<T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(
    json: &str,
    expected: &T,
    door: &str,
) {
    let found: T =
        serde_json::from_str(json).unwrap_or_else(|error| panic!("{door}: {error}: {json}"));
    assert_eq!(found, *expected, "{door}");
}

#[test]
fn serde_json_has_the_tolerance_of_from_slice() {
    for came in loose() {
        let json = came.to_string();
        let expected = Callback::from_slice(json.as_bytes()).unwrap();
        check(&json, &expected, "from_str");
        check(&format!(" \n{json}\t"), &expected, "from_str with blanks");
        assert_eq!(
            serde_json::from_slice::<Callback>(json.as_bytes()).unwrap(),
            expected
        );
        assert_eq!(
            serde_json::from_reader::<_, Callback>(Cursor::new(&json)).unwrap(),
            expected
        );
        assert_eq!(
            serde_json::from_value::<Callback>(came.clone()).unwrap(),
            expected
        );
        assert_eq!(Callback::deserialize(&came).unwrap(), expected);
        assert_eq!(Callback::from_value(came.clone()).unwrap(), expected);
        let stream = format!("{json}\n{json} {json}");
        let stream = serde_json::Deserializer::from_str(&stream).into_iter::<Callback>();
        assert_eq!(
            stream.map(Result::unwrap).collect::<Vec<_>>(),
            vec![expected.clone(); 3]
        );
        let by_path: Callback =
            serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(&json))
                .unwrap();
        assert_eq!(by_path, expected);
        assert_eq!(serde_json::to_value(&expected).unwrap(), came);
    }
}

#[test]
fn a_callback_stands_inside_of_other_types() {
    #[derive(Debug, Deserialize, Serialize, PartialEq)]
    struct Kept {
        seq: u32,
        callback: Callback,
        #[serde(default)]
        earlier: Vec<Option<Callback>>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Flattened {
        seq: u32,
        #[serde(flatten)]
        callback: Callback,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(untagged)]
    enum Either {
        Number(u32),
        Callback(Box<Callback>),
    }

    for came in loose() {
        let expected = Callback::from_slice(came.to_string().as_bytes()).unwrap();
        let kept = json!({"seq": 1, "callback": came, "earlier": [came, null]});
        let found: Kept = serde_json::from_str(&kept.to_string()).unwrap();
        assert_eq!(
            (&found.callback, &found.earlier[0]),
            (&expected, &Some(expected.clone()))
        );
        assert_eq!(found.earlier[1], None);
        assert_eq!(serde_json::to_value(&found).unwrap(), kept);
        let either: Either = serde_json::from_value(came.clone()).unwrap();
        assert_eq!(either, Either::Callback(Box::new(expected.clone())));
        if let Value::Object(members) = &came {
            let mut around = members.clone();
            around.insert("seq".to_owned(), json!(7));
            let found: Flattened = serde_json::from_value(around.into()).unwrap();
            assert_eq!(found.seq, 7);
            assert_eq!(found.callback.events().count(), expected.events().count());
        }
    }
}

#[test]
fn so_have_formats_that_are_no_json() {
    for came in loose() {
        let mut expected = Callback::from_slice(came.to_string().as_bytes()).unwrap();
        let mut bytes = Vec::new();
        ciborium::into_writer(&came, &mut bytes).unwrap();
        let found: Callback = ciborium::from_reader(Cursor::new(&bytes)).unwrap();
        assert_eq!(serde_json::to_value(&found).unwrap(), came);
        assert_eq!(found, expected);
        // And the way back.
        bytes.clear();
        ciborium::into_writer(&expected, &mut bytes).unwrap();
        let again: Value = ciborium::from_reader(Cursor::new(&bytes)).unwrap();
        assert_eq!(again, came);
        expected = ciborium::from_reader(Cursor::new(&bytes)).unwrap();
        assert_eq!(expected, found);
    }
}

#[test]
fn parts_are_read_alone() {
    let message: Message =
        serde_json::from_str(r#"{"id":7,"type":"TEXT","text":"{\"body\":1}"}"#).unwrap();
    assert_eq!(message.content.text(), Some("1"));
    let status: Status =
        serde_json::from_value(json!({"id": 7, "pricing": {"billable": "0"}})).unwrap();
    assert_eq!(status.pricing.unwrap().billable, Some(false));
    let mut bytes = Vec::new();
    ciborium::into_writer(
        &json!({"messaging_object": {"to": "+919800000005", "text": {"body": 5}}}),
        &mut bytes,
    )
    .unwrap();
    let request: SendRequest = ciborium::from_reader(Cursor::new(&bytes)).unwrap();
    assert_eq!(
        serde_json::to_value(&request).unwrap()["messaging_object"]["text"]["body"],
        5
    );
    for time in ["1767225600", "\"1767225600\"", "1.7672256e9"] {
        let time: Timestamp = serde_json::from_str(time).unwrap();
        assert_eq!(time.unix_seconds(), Some(1_767_225_600));
    }
}

/// The name by which `serde_json` hands over texts is a name like any other in a payload.
#[test]
fn names_that_serde_json_has_for_itself_are_plain_names() {
    for name in [
        "$serde_json::private::RawValue",
        "$serde_json::private::Number",
    ] {
        for value in [json!("x"), json!(7), json!("{}"), json!({"a": 1})] {
            let json = format!(r#"{{"{name}":{value},"extra_info":{{"{name}":{value}}}}}"#);
            let callback = Callback::from_slice(json.as_bytes()).unwrap();
            assert_eq!(callback.unknown.get(name).unwrap(), &value);
            check(&json, &callback, name);
            assert_eq!(
                String::from_utf8(callback.to_vec())
                    .unwrap()
                    .matches(name)
                    .count(),
                2
            );
        }
    }
}
