//! What a pass-through checks of a send: the envelope, and that the message has a recipient and the content it names.

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use kaleyra_wa_types::SendRequest;
use serde_json::{Map, Value};

use crate::model::accepted_message::Payload;

/// The body as a payload, or where and why it is not a payload. The reason repeats nothing of the body but the type's name.
pub(crate) fn check(headers: &HeaderMap, body: &[u8]) -> Result<Payload, String> {
    let json = parse(headers, body)?;
    let root = json.as_object().ok_or("not a JSON object")?;
    let message = object(root, "", "messaging_object")?;
    if let Some(extra_info) = root.get("extra_info") {
        extra_info
            .as_object()
            .ok_or("extra_info: must be an object")?;
    }
    check_message(message)?;
    Ok(Payload {
        typed: SendRequest::from_slice(body).ok(),
        bytes: body.len(),
        json,
    })
}

/// The body as a JSON object.
pub(crate) fn parse(headers: &HeaderMap, body: &[u8]) -> Result<Value, String> {
    if !is_json(headers) {
        return Err("Content-Type: must be application/json".to_owned());
    }
    let json: Value = serde_json::from_slice(body).map_err(|error| format!("not JSON: {error}"))?;
    if json.is_object() {
        Ok(json)
    } else {
        Err("not a JSON object".to_owned())
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|media_type| media_type.trim().eq_ignore_ascii_case("application/json"))
}

fn check_message(message: &Map<String, Value>) -> Result<(), String> {
    if text(message, "messaging_product")? != "whatsapp" {
        return Err("messaging_object.messaging_product: must be `whatsapp`".to_owned());
    }
    let recipient = ["to", "recipient"]
        .into_iter()
        .find(|name| message.contains_key(*name));
    match recipient {
        Some(name) => {
            let recipient = text(message, name)?;
            if name == "to" && recipient.contains(',') {
                let why = "several recipients in one `to`: the response to that is undocumented, so refused here";
                return Err(format!("messaging_object.to: {why}"));
            }
            check_content(message)
        }
        // No recipient: a read receipt, or a message that lacks it.
        None if message.contains_key("status") => {
            text(message, "status")?;
            text(message, "message_id").map(drop)
        }
        None => Err("messaging_object.to: missing".to_owned()),
    }
}

fn check_content(message: &Map<String, Value>) -> Result<(), String> {
    let type_name = match message.get("type") {
        None => "text",
        Some(_) => text(message, "type")?,
    };
    let is_name = type_name.len() <= 64
        && type_name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !is_name {
        return Err("messaging_object.type: is not the name of a type".to_owned());
    }
    if type_name != "contacts" {
        return object(message, "messaging_object.", type_name).map(drop);
    }
    match message.get("contacts") {
        Some(Value::Array(_)) => Ok(()),
        Some(_) => Err("messaging_object.contacts: must be an array".to_owned()),
        None => Err("messaging_object.contacts: missing".to_owned()),
    }
}

fn object<'a>(
    parent: &'a Map<String, Value>,
    path: &str,
    name: &str,
) -> Result<&'a Map<String, Value>, String> {
    match parent.get(name) {
        Some(Value::Object(object)) => Ok(object),
        Some(_) => Err(format!("{path}{name}: must be an object")),
        None => Err(format!("{path}{name}: missing")),
    }
}

/// A text of the message that says something.
fn text<'a>(message: &'a Map<String, Value>, name: &str) -> Result<&'a str, String> {
    match message.get(name) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text),
        Some(Value::String(_)) => Err(format!("messaging_object.{name}: must not be empty")),
        Some(_) => Err(format!("messaging_object.{name}: must be a string")),
        None => Err(format!("messaging_object.{name}: missing")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(body: &str) -> String {
        let headers = HeaderMap::from_iter([(
            CONTENT_TYPE,
            http::HeaderValue::from_static("Application/JSON; charset=utf-8"),
        )]);
        check(&headers, body.as_bytes())
            .err()
            .unwrap_or_else(|| "ok".to_owned())
    }

    fn message(members: &str) -> String {
        verdict(&format!(
            r#"{{"messaging_object":{{"messaging_product":"whatsapp"{members}}}}}"#
        ))
    }

    #[test]
    fn messages_and_receipts_pass() {
        assert_eq!(message(r#","to":"+91XXXXXXXXXX","text":{}"#), "ok");
        assert_eq!(
            message(r#","to":"919800000001","type":"image","image":{}"#),
            "ok"
        );
        assert_eq!(
            message(r#","recipient":"US.1","type":"contacts","contacts":[]"#),
            "ok"
        );
        assert_eq!(message(r#","status":"read","message_id":"wamid.A""#), "ok");
    }

    #[test]
    fn faults_are_named_with_their_path() {
        fn check(members: &str, expected: &str) {
            assert_eq!(message(members), format!("messaging_object.{expected}"));
        }
        check("", "to: missing");
        check(r#","to":"""#, "to: must not be empty");
        check(r#","to":919800000001"#, "to: must be a string");
        check(
            r#","to":"919800000001,919800000002","text":{}"#,
            "to: several recipients in one `to`: the response to that is undocumented, so refused here",
        );
        check(r#","to":"1""#, "text: missing");
        check(r#","to":"1","type":null"#, "type: must be a string");
        check(
            r#","to":"1","type":"a b""#,
            "type: is not the name of a type",
        );
        check(r#","to":"1","type":"image","text":{}"#, "image: missing");
        check(
            r#","to":"1","type":"image","image":"x""#,
            "image: must be an object",
        );
        check(r#","to":"1","type":"contacts""#, "contacts: missing");
        check(
            r#","to":"1","type":"contacts","contacts":{}"#,
            "contacts: must be an array",
        );
        check(r#","status":"read""#, "message_id: missing");
    }

    #[test]
    fn the_envelope_is_checked() {
        assert_eq!(verdict("[]"), "not a JSON object");
        assert_eq!(verdict("{}"), "messaging_object: missing");
        assert_eq!(
            verdict(r#"{"messaging_object":[]}"#),
            "messaging_object: must be an object"
        );
        assert_eq!(
            verdict(r#"{"messaging_object":{"messaging_product":"sms"}}"#),
            "messaging_object.messaging_product: must be `whatsapp`"
        );
        assert_eq!(
            verdict(r#"{"messaging_object":{},"extra_info":"x"}"#),
            "extra_info: must be an object"
        );
        assert_eq!(
            verdict("{\n\"a\": wamid"),
            "not JSON: expected value at line 2 column 6"
        );
    }

    #[test]
    fn only_json_is_read() {
        assert_eq!(
            check(&HeaderMap::new(), b"{}").err().as_deref(),
            Some("Content-Type: must be application/json")
        );
    }
}
