//! Large bodies: nothing is lost, and nothing grows with them more than plain JSON does.

use kaleyra_wa_types::inbound::{Callback, Event};
use serde_json::Value;

use super::law;

/// Three mebibytes: what a careful server lets through.
const SIZE: usize = 3 << 20;

/// A callback with one list, filled with this element to three mebibytes.
fn large(list: &str, element: &str) -> Vec<u8> {
    let elements = vec![element; SIZE / (element.len() + 1)].join(",");
    format!(r#"{{"meta_object":{{"value":{{"{list}":[{elements}]}}}}}}"#).into_bytes()
}

#[test]
fn a_list_beyond_reason_is_one_malformed_part() {
    for (list, element) in [
        ("messages", "0"),
        ("messages", "{}"),
        ("statuses", "{}"),
        ("statuses", "[]"),
        ("contacts", "{}"),
        ("errors", "null"),
    ] {
        let body = large(list, element);
        let callback = Callback::from_slice(&body).expect("it is an object");
        let events: Vec<_> = callback.events().take(3).collect();
        let [Event::Malformed(part)] = events.as_slice() else {
            panic!("{list} of {element}: {} events", events.len());
        };
        assert!(part.path.starts_with(&format!("meta_object.value.{list}")));
        assert!(part.body.as_str().starts_with('['));
        let came: Value = serde_json::from_slice(&body).expect("it is JSON");
        // Not compared with `assert_eq`: three mebibytes are nothing to print.
        assert!(
            serde_json::to_value(&callback).expect("it is written") == came,
            "{list} of {element}"
        );
    }
}

#[test]
fn many_members_cost_no_more_than_few() {
    let members: Vec<String> = (0..20_000)
        .map(|number| format!(r#""m{number}":0"#))
        .collect();
    let members = members.join(",");
    for body in [
        format!("{{{members}}}"),
        format!(r#"{{"extra_info":{{{members}}}}}"#),
        format!(
            r#"{{"meta_object":{{"value":{{"messages":[{{"id":"a","type":"text","text":{{{members}}}}}]}}}}}}"#
        ),
        format!(
            r#"{{"messaging_object":{{{members},"to":"+919800000001","text":{{"body":"a"}}}}}}"#
        ),
        format!(
            r#"{{{},"code":"WA202"}}"#,
            vec![r#""code":null"#; 20_000].join(",")
        ),
        format!(
            r#"{{{},"to":"1","text":{{"body":"a"}}}}"#,
            vec![r#""status":1"#; 20_000].join(",")
        ),
    ] {
        law::callback(body.as_bytes());
        law::outbound(body.as_bytes());
        law::response(body.as_bytes());
    }
}
