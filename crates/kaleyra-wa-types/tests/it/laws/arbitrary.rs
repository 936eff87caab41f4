//! What the laws are tried on: JSON that looks like the wire, and JSON that looks like nothing.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;

use super::tree::{Change, Tree};
use crate::fixtures::all;

/// The names and the short texts of the wire, as the fixtures have them.
struct Words {
    names: Vec<String>,
    texts: Vec<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    fn walk(value: &Value, names: &mut BTreeSet<String>, texts: &mut BTreeSet<String>) {
        match value {
            Value::String(text) if text.len() <= 40 => drop(texts.insert(text.clone())),
            Value::Array(elements) => elements.iter().for_each(|value| walk(value, names, texts)),
            Value::Object(members) => {
                for (name, value) in members {
                    names.insert(name.clone());
                    walk(value, names, texts);
                }
            }
            _ => {}
        }
    }
    let (mut names, mut texts) = (BTreeSet::new(), BTreeSet::new());
    for (_, value) in fixtures("callbacks").iter().chain(&fixtures("requests")) {
        walk(value, &mut names, &mut texts);
    }
    Words {
        names: names.into_iter().collect(),
        texts: texts.into_iter().collect(),
    }
});

/// Every fixture of a folder, parsed, with its name.
pub(crate) fn fixtures(folder: &str) -> Vec<(String, Value)> {
    let parse = |body: &[u8]| serde_json::from_slice(body).expect("a fixture that is no JSON");
    let files = all(folder).into_iter();
    files
        .map(|(path, body)| (path.display().to_string(), parse(&body)))
        .collect()
}

/// The name of a field: half of them are known to the wire.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(WORDS.names.as_slice()),
        3 => "[a-z_]{1,8}",
        1 => any::<String>(),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => select(WORDS.texts.as_slice()),
        1 => Just(String::new()),
        1 => select(vec!["true", "false", "null", "{}", "[]", "{\"a\":1}", "-1", "1.5", "1e3", " "]).prop_map(str::to_owned),
        1 => any::<i64>().prop_map(|number| number.to_string()),
        2 => any::<String>(),
    ]
}

/// A number in any spelling that JSON has; some are out of every range.
fn number() -> impl Strategy<Value = String> {
    let odd = vec![
        "0",
        "-0",
        "-0.0",
        "0.0",
        "1.0",
        "1E2",
        "1e-7",
        "1e400",
        "-1e400",
        "1e-400",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775808",
        "-9223372036854775809",
        "123456789012345678901234567890",
        "0.30000000000000004",
        "1722863329.0",
    ];
    prop_oneof![
        2 => select(odd).prop_map(str::to_owned),
        2 => any::<i32>().prop_map(|number| number.to_string()),
        1 => any::<u64>().prop_map(|number| number.to_string()),
        1 => proptest::num::f64::NORMAL.prop_map(|number| format!("{number:e}")),
    ]
}

fn leaf() -> impl Strategy<Value = Tree> {
    prop_oneof![
        1 => Just(Tree::Raw("null".to_owned())),
        1 => any::<bool>().prop_map(|flag| Tree::Raw(flag.to_string())),
        2 => number().prop_map(Tree::Raw),
        4 => text().prop_map(|text| Tree::text(&text)),
    ]
}

/// Any JSON, of every type alike.
pub(crate) fn json() -> impl Strategy<Value = Tree> {
    leaf().prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Tree::Array),
            prop::collection::vec((name(), inner), 0..5).prop_map(Tree::Object),
        ]
    })
}

/// Any JSON object.
pub(crate) fn object() -> impl Strategy<Value = Tree> {
    prop::collection::vec((name(), json()), 0..6).prop_map(Tree::Object)
}

/// What looks like a message, in or out, or like a status: a type, and as a rule the field of its name.
fn element() -> impl Strategy<Value = Tree> {
    let members = prop::collection::vec((name(), json()), 0..4);
    let typed = (text(), json(), json(), members).prop_map(|(kind, id, body, mut members)| {
        members.push(("id".to_owned(), id));
        members.push(("type".to_owned(), Tree::text(&kind)));
        members.push((kind, body));
        Tree::Object(members)
    });
    prop_oneof![6 => typed, 1 => json()]
}

fn elements() -> impl Strategy<Value = Tree> {
    let elements = prop::collection::vec(element(), 0..3).prop_map(Tree::Array);
    prop_oneof![6 => elements, 1 => json()]
}

/// What looks like a callback, down to its elements.
pub(crate) fn callback() -> impl Strategy<Value = Tree> {
    let lists = [elements(), elements(), elements(), elements()];
    let field = prop_oneof![
        3 => Just(Tree::text("messages")),
        1 => text().prop_map(|field| Tree::text(&field)),
        1 => json(),
    ];
    let whole = (lists, field, json(), object(), object());
    whole.prop_map(|(lists, field, metadata, extra_info, around)| {
        let names = ["messages", "statuses", "contacts", "errors"];
        let mut value: Vec<_> = names.into_iter().zip(lists).collect();
        value.push(("metadata", metadata));
        let change = Tree::object([("value", Tree::object(value)), ("field", field)]);
        let mut callback = Tree::object([("meta_object", change), ("extra_info", extra_info)]);
        if let (Tree::Object(callback), Tree::Object(around)) = (&mut callback, around) {
            callback.extend(around);
        }
        callback
    })
}

/// What looks like a message that is sent, with or without its envelope.
pub(crate) fn outbound() -> impl Strategy<Value = Tree> {
    let envelope = (element(), json(), object()).prop_map(|(message, extra_info, around)| {
        let mut envelope =
            Tree::object([("messaging_object", message), ("extra_info", extra_info)]);
        if let (Tree::Object(envelope), Tree::Object(around)) = (&mut envelope, around) {
            envelope.extend(around);
        }
        envelope
    });
    prop_oneof![2 => element(), 2 => envelope, 1 => object()]
}

/// What looks like a response.
pub(crate) fn response() -> impl Strategy<Value = Tree> {
    let members = [json(), json(), json(), json()];
    (members, object()).prop_map(|(members, around)| {
        let names = ["code", "message", "data", "error"];
        let mut response = Tree::object(names.into_iter().zip(members));
        if let (Tree::Object(response), Tree::Object(around)) = (&mut response, around) {
            response.extend(around);
        }
        response
    })
}

/// One to four changes, each with its place.
pub(crate) fn changes() -> impl Strategy<Value = Vec<(Index, Change)>> {
    let deeper = (1..160_usize, prop::option::of(name()));
    let change = prop_oneof![
        4 => json().prop_map(Change::Replace),
        2 => Just(Change::Drop),
        2 => name().prop_map(Change::Rename),
        2 => json().prop_map(Change::Repeat),
        1 => Just(Change::Reverse),
        1 => deeper.prop_map(|(depth, name)| Change::Nest(depth, name)),
        3 => Just(Change::Retype),
    ];
    prop::collection::vec((any::<Index>(), change), 1..=4)
}

/// Makes the changes within a tree.
pub(crate) fn changed(mut tree: Tree, changes: Vec<(Index, Change)>) -> Tree {
    for (place, change) in changes {
        let values = tree.len();
        if values > 0 {
            tree.change(place.index(values), change);
        }
    }
    tree
}
