//! Fields of a body, set and removed by their paths.

use serde_json::Value;

use crate::exit::Exit;

/// Sets a field: `path=value`.
pub(super) fn set(body: &mut Value, pair: &str) -> Result<(), Exit> {
    let Some((path, text)) = pair.split_once('=') else {
        return Err(Exit::bad_input(format!(
            "--set {pair}: give path and value, such as messages.0.text.body=Hello"
        )));
    };
    let value = serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
    let mut place = root(body, path);
    let (parents, last) = split(path);
    for part in parents {
        place = step(place, part, path)?;
    }
    *step(place, last, path)? = value;
    Ok(())
}

/// Takes a field out.
pub(super) fn remove(body: &mut Value, path: &str) -> Result<(), Exit> {
    let gone = || {
        Exit::bad_input(format!(
            "--remove {path}: there is no such field; --dry-run shows which there are"
        ))
    };
    let mut place = root(body, path);
    let (parents, last) = split(path);
    for part in parents {
        place = match place {
            Value::Array(values) => part.parse::<usize>().ok().and_then(|at| values.get_mut(at)),
            other => other.get_mut(part),
        }
        .ok_or_else(gone)?;
    }
    let removed = match place {
        Value::Object(members) => members.remove(last),
        Value::Array(values) => {
            let at = last.parse::<usize>().ok().filter(|at| *at < values.len());
            at.map(|at| values.remove(at))
        }
        _ => None,
    };
    removed.map(drop).ok_or_else(gone)
}

/// The query of a callback that comes by GET.
pub(super) fn query(body: &Value) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in body.as_object().into_iter().flatten() {
        match value {
            Value::String(text) => query.append_pair(name, text),
            other => query.append_pair(name, &other.to_string()),
        };
    }
    query.finish()
}

/// Where a path begins: short ones are about what Meta says.
fn root<'a>(body: &'a mut Value, path: &str) -> &'a mut Value {
    let first = path.split('.').next().unwrap_or_default();
    let is_short = matches!(
        first,
        "messages" | "statuses" | "contacts" | "metadata" | "errors"
    ) && body["meta_object"]["value"].is_object();
    if is_short {
        &mut body["meta_object"]["value"]
    } else {
        body
    }
}

fn split(path: &str) -> (impl Iterator<Item = &str>, &str) {
    let (parents, last) = path.rsplit_once('.').unwrap_or(("", path));
    (parents.split('.').filter(|part| !part.is_empty()), last)
}

/// One part further, which is made where it is missing.
fn step<'a>(place: &'a mut Value, part: &str, path: &str) -> Result<&'a mut Value, Exit> {
    let wrong = |what: &str| Exit::bad_input(format!("--set {path}: {what}"));
    if place.is_null() {
        *place = Value::Object(serde_json::Map::new());
    }
    match place {
        Value::Object(members) => Ok(members.entry(part).or_insert(Value::Null)),
        Value::Array(values) => {
            let at: usize = part
                .parse()
                .map_err(|_| wrong("a list's element is named by its place, from 0"))?;
            if at == values.len() {
                values.push(Value::Null);
            }
            let count = values.len();
            values.get_mut(at).ok_or_else(|| {
                wrong(&format!(
                    "the list has {count} elements; the next is {count}"
                ))
            })
        }
        _ => Err(wrong("there is a plain value on the way; set that instead")),
    }
}
