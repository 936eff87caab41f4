//! Whether a text reads as a value: what a member came as is written back only while it still says the same.

use super::reader::Reader;
use super::shape::{Choice, Object, View, Wire};

/// Whether this text reads as this very value.
pub(super) fn came_from(value: &dyn Wire, text: &str) -> bool {
    let mut read = value.twin();
    read.read(&mut Reader::new(text)).is_ok() && is_same(value, &*read)
}

/// Whether two values of one type say the same.
fn is_same(value: &dyn Wire, other: &dyn Wire) -> bool {
    match (value.view(), other.view()) {
        (View::Absent, View::Absent) => true,
        (View::Bool(value), View::Bool(other)) => value == other,
        (View::Text(value), View::Text(other)) | (View::Json(value), View::Json(other)) => {
            value == other
        }
        (View::Value(value), View::Value(other)) => value == other,
        (View::Map(value), View::Map(other)) => value == other,
        (View::List(value), View::List(other)) => {
            value.len() == other.len()
                && (0..value.len()).all(|at| are_same(value.get(at), other.get(at)))
        }
        (View::Object(value), View::Object(other)) => is_same_object(value, other),
        _ => false,
    }
}

fn are_same(value: Option<&dyn Wire>, other: Option<&dyn Wire>) -> bool {
    match (value, other) {
        (Some(value), Some(other)) => is_same(value, other),
        (value, other) => value.is_none() && other.is_none(),
    }
}

fn is_same_object(value: &dyn Object, other: &dyn Object) -> bool {
    let shape = value.shape();
    value.unknown() == other.unknown()
        && (0..shape.members.list().len()).all(|n| are_same(value.member(n), other.member(n)))
        && (0..shape.choices).all(|n| match (value.choice(n), other.choice(n)) {
            (Some(value), Some(other)) => is_same_choice(value, other),
            _ => false,
        })
}

fn is_same_choice(value: &dyn Choice, other: &dyn Choice) -> bool {
    let (beside, other_beside) = (value.beside(), other.beside());
    value.chosen() == other.chosen()
        && value.unknown() == other.unknown()
        && are_same(value.body(), other.body())
        && beside.map(|(name, _)| name) == other_beside.map(|(name, _)| name)
        && are_same(
            beside.map(|(_, value)| value),
            other_beside.map(|(_, value)| value),
        )
}
