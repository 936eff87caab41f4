//! The places of a JSON value, as pointers: what tests change one at a time.

use serde_json::Value;

/// The pointers of all values below this one.
pub(crate) fn pointers(value: &Value) -> Vec<String> {
    fn walk(value: &Value, at: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    let at = format!("{at}/{name}");
                    found.push(at.clone());
                    walk(value, &at, found);
                }
            }
            Value::Array(elements) => {
                for (index, value) in elements.iter().enumerate() {
                    let at = format!("{at}/{index}");
                    found.push(at.clone());
                    walk(value, &at, found);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(value, "", &mut found);
    found
}

/// The pointers of all fields below this value, elements of arrays left out.
pub(crate) fn members(value: &Value) -> Vec<String> {
    let mut found = pointers(value);
    found.retain(|at| !is_index(at.rsplit('/').next().unwrap_or_default()));
    found
}

/// The pointers of all objects, this value among them.
pub(crate) fn objects(value: &Value) -> Vec<String> {
    let mut found = pointers(value);
    found.push(String::new());
    found.retain(|at| value.pointer(at).is_some_and(Value::is_object));
    found
}

/// The value without this field.
pub(crate) fn without(value: &Value, at: &str) -> Value {
    let (parent, name) = at.rsplit_once('/').unwrap();
    let mut value = value.clone();
    let members = value.pointer_mut(parent).and_then(Value::as_object_mut);
    members.and_then(|members| members.remove(name)).unwrap();
    value
}

/// The value with another one at this place.
pub(crate) fn with(value: &Value, at: &str, other: impl Into<Value>) -> Value {
    let mut value = value.clone();
    *value.pointer_mut(at).unwrap() = other.into();
    value
}

/// A pointer below `root` without the indexes, by which fixtures differ: `messages/text/body`.
pub(crate) fn place(pointer: &str, root: &str) -> String {
    let short = pointer.strip_prefix(root).unwrap_or(pointer);
    let parts = short
        .split('/')
        .filter(|part| !part.is_empty() && !is_index(part));
    parts.collect::<Vec<_>>().join("/")
}

fn is_index(part: &str) -> bool {
    part.parse::<usize>().is_ok()
}
