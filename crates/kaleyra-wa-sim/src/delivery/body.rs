//! What faults make of a callback's body.

use serde_json::{Map, Value};

use crate::callback::encode::encode;

/// The same JSON as another program might write it: with spaces, in another order, without escapes, and `null` for `""`.
pub(crate) fn reserialised(body: &[u8]) -> Option<Vec<u8>> {
    fn rewrite(value: Value) -> Value {
        match value {
            Value::Object(members) => {
                let mut members: Vec<_> = members.into_iter().collect();
                members.sort_by(|(a, _), (b, _)| b.cmp(a));
                let members = members.into_iter().map(|(name, it)| (name, rewrite(it)));
                Value::Object(members.collect::<Map<_, _>>())
            }
            Value::Array(elements) => elements.into_iter().map(rewrite).collect(),
            Value::String(text) if text.is_empty() => Value::Null,
            other => other,
        }
    }
    let value = rewrite(serde_json::from_slice(body).ok()?);
    serde_json::to_vec_pretty(&value).ok()
}

/// The same JSON with every character escaped that PHP's `json_encode` escapes with all its `JSON_HEX` flags.
pub(crate) fn escaped(body: &[u8]) -> Option<Vec<u8>> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let mut text = String::new();
    let written = String::from_utf8(encode(&value)).ok()?;
    let mut signs = written.chars();
    let mut is_inside = false;
    while let Some(sign) = signs.next() {
        match sign {
            '\\' => match signs.next() {
                Some('"') => text.push_str("\\u0022"),
                Some(other) => text.extend(['\\', other]),
                None => text.push('\\'),
            },
            '"' => {
                is_inside = !is_inside;
                text.push('"');
            }
            '<' | '>' | '&' | '\'' | '@' if is_inside => {
                text.push_str(&format!("\\u{:04x}", u32::from(sign)));
            }
            _ => text.push(sign),
        }
    }
    Some(text.into_bytes())
}

/// Several callbacks of a conversation as one: their messages and statuses in the arrays of the first. `None` where they are not
/// all of Meta's shape.
pub(crate) fn batch(bodies: &[&[u8]]) -> Option<Vec<u8>> {
    let mut parsed = bodies
        .iter()
        .map(|body| serde_json::from_slice::<Value>(body).ok());
    let mut whole = parsed.next()??;
    whole["meta_object"]["value"].as_object()?;
    for next in parsed {
        let mut next = next?;
        let value = next["meta_object"]["value"].as_object_mut()?;
        for name in ["contacts", "messages", "statuses"] {
            let Some(Value::Array(more)) = value.remove(name) else {
                continue;
            };
            match &mut whole["meta_object"]["value"][name] {
                Value::Array(known) => {
                    for element in more {
                        // One user is one contact.
                        if name != "contacts" || !known.contains(&element) {
                            known.push(element);
                        }
                    }
                }
                missing => *missing = Value::Array(more),
            }
        }
    }
    Some(encode(&whole))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn other_writings_are_the_same_json() {
        let value = json!({"a": "x@y <b>&'\"\\ \u{e9}/😂", "z": ["1", {"empty": ""}], "n": 1});
        let body = encode(&value);
        let hex = escaped(&body).unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&hex).unwrap(), value);
        let text = String::from_utf8(hex).unwrap();
        assert!(
            text.contains(r"x\u0040y \u003cb\u003e\u0026\u0027\u0022\\ \u00e9\/\ud83d\ude02"),
            "{text}"
        );

        let other = reserialised(&body).unwrap();
        assert_ne!(other, body);
        let mut read: Value = serde_json::from_slice(&other).unwrap();
        assert_eq!(read["z"][1]["empty"].take(), Value::Null);
        read["z"][1]["empty"] = "".into();
        assert_eq!(read, value);
    }

    #[test]
    fn a_batch_has_all_messages_and_each_contact_once() {
        let callback = |id: &str| {
            let value = json!({"contacts": [{"wa_id": "911"}], "messages": [{"id": id}]});
            encode(&json!({"meta_object": {"value": value}, "extra_info": {"ref": id}}))
        };
        let status = encode(&json!({"meta_object": {"value": {"statuses": [{"id": "s"}]}}}));
        let whole = batch(&[&callback("a"), &callback("b"), &status]).unwrap();
        let whole: Value = serde_json::from_slice(&whole).unwrap();
        assert_eq!(
            whole["meta_object"]["value"],
            json!({
                "contacts": [{"wa_id": "911"}],
                "messages": [{"id": "a"}, {"id": "b"}],
                "statuses": [{"id": "s"}],
            })
        );
        assert_eq!(whole["extra_info"]["ref"], "a");
        assert_eq!(batch(&[&callback("a"), b"{}"]), None);
        assert_eq!(batch(&[b"[]"]), None);
    }
}
