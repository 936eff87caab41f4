//! The laws themselves, for any bytes whatsoever. The fuzz targets include this file and check the very same.

use std::fmt::Debug;

use kaleyra_wa_types::SendRequest;
use kaleyra_wa_types::inbound::{Callback, Event, InteractiveReply, MessageContent};
use kaleyra_wa_types::outbound::decode;
use kaleyra_wa_types::response::Response;
use serde::Serialize;
use serde_json::Value;

/// A callback is read if and only if it is a JSON object, and then nothing of it is lost but halves of characters.
pub(crate) fn callback(bytes: &[u8]) {
    let read = Callback::from_slice(bytes);
    let Some(came) = object(bytes) else {
        match read {
            Err(error) => assert_shown(&error),
            Ok(callback) => assert_lenient(&callback),
        }
        return;
    };
    let callback = read.expect("did not read a JSON object");
    assert_lossless(&callback, &came);
    assert_bytes(&callback.to_vec(), &callback);
    let plain = Callback::from_slice(came.to_string().as_bytes()).expect("did not read JSON");
    let parsed = Callback::from_value(came.clone()).expect("did not read parsed JSON");
    assert_eq!(parsed, plain, "parsed JSON is read as something else");
    assert_once(&plain, &came);
    assert_unknown(&callback.unknown_fields(), &came);
    let mut places = 0..;
    for event in callback.events() {
        look_at(&event);
        let found = places.next().and_then(|nth| callback.event(nth));
        assert_eq!(found, Some(event), "found another event at its place");
    }
    assert_eq!(callback.event(places.start), None);
}

/// What `serde_json` refuses and we read is written as what we read again.
fn assert_lenient(callback: &Callback) {
    let written = callback.to_vec();
    let again = Callback::from_slice(&written).expect("did not read what it wrote");
    assert!(again.to_vec() == written, "is another one when read again");
}

/// What is sent is read if it is a JSON object, with nothing lost.
pub(crate) fn outbound(bytes: &[u8]) {
    let came = object(bytes);
    match (decode(bytes), &came) {
        (Ok(decoded), Some(came)) => {
            assert_lossless(&decoded, came);
            let is_malformed = decoded.error().is_some();
            assert_eq!(is_malformed, decoded.recognition().as_str() == "malformed");
            assert_eq!(is_malformed, decoded.outbound().is_none());
            assert_shown(&(
                decoded.type_name(),
                decoded.extra_info(),
                decoded.violations(),
            ));
            let plain = decode(came.to_string().as_bytes()).expect("did not read JSON");
            assert_once(&plain, came);
        }
        (Err(error), None) => assert_shown(&error),
        (Ok(decoded), None) => assert_shown(&decoded),
        (Err(error), Some(_)) => panic!("did not read a JSON object: {error}"),
    }
    let Some(came) = came else { return };
    if let Ok(request) = serde_json::from_slice::<SendRequest>(bytes) {
        assert_lossless(&request, &came);
        assert_bytes(&request.to_vec(), &request);
        assert_unknown(&request.unknown_fields(), &came);
        for violation in request.violations() {
            assert!(!violation.to_string().is_empty());
        }
    }
}

/// A response may be refused; if it is read, nothing of it is lost.
pub(crate) fn response(bytes: &[u8]) {
    match Response::from_slice(bytes) {
        Ok(response) => {
            if let Some(came) = object(bytes) {
                assert_lossless(&response, &came);
            }
            let details = response.error_details().count();
            assert_shown(&(response.message_id(), response.failure(), details));
        }
        Err(error) => assert_shown(&error),
    }
}

/// The object that the bytes are, by `serde_json` alone.
fn object(bytes: &[u8]) -> Option<Value> {
    serde_json::from_slice(bytes).ok().filter(Value::is_object)
}

fn assert_lossless(read: &impl Serialize, came: &Value) {
    let written = serde_json::to_value(read).expect("did not write what it read");
    assert_eq!(written, *came, "something was lost");
}

/// No field is written twice: straight to text is another way through the models than to parsed JSON.
fn assert_once(read: &impl Serialize, came: &Value) {
    let written = serde_json::to_string(read).expect("did not write what it read");
    let plain = came.to_string();
    assert_eq!(written.len(), plain.len(), "{written}\nis not\n{plain}");
}

/// What a model writes by itself is what `serde_json` makes of it.
fn assert_bytes(written: &[u8], model: &impl Serialize) {
    let by_serde = serde_json::to_value(model).expect("did not write what it read");
    let by_itself: Value = serde_json::from_slice(written).expect("wrote what is no JSON");
    assert_eq!(by_itself, by_serde, "is written in two ways");
}

/// What is said to be unknown is there.
fn assert_unknown(pointers: &[String], came: &Value) {
    for pointer in pointers {
        assert!(came.pointer(pointer).is_some(), "{pointer}: not in {came}");
    }
}

fn assert_shown(what: &impl Debug) {
    assert!(!format!("{what:?}").is_empty());
}

/// Calls everything on an event: none of it may panic.
fn look_at(event: &Event<'_>) {
    let is_malformed = event.recognition().as_str() == "malformed";
    match event {
        // A change can be misshapen as a whole.
        Event::Field(change) => assert_shown(&change.change()),
        Event::Malformed(part) => {
            assert!(is_malformed && !part.path.is_empty() && !part.reason.is_empty());
            assert_eq!(event.body(), *part.body);
        }
        _ => assert!(!is_malformed),
    }
    if let Event::Message(message) = event
        && let MessageContent::Interactive(interactive) = &message.content
        && let InteractiveReply::NfmReply(reply) = &interactive.reply
    {
        assert_shown(&reply.response());
    }
    assert_shown(event);
    assert_shown(&(
        event.kind(),
        event.type_name(),
        event.id(),
        event.user(),
        event.key(),
    ));
}
