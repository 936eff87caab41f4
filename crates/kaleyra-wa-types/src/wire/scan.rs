//! Walks through a model for what is unknown in it, and for what is missing.

use std::fmt::Write;

use super::raw_json::RawJson;
use super::shape::{ChoiceKind, Object, View, Wire};
use super::unknown_fields::{Came, State, UnknownFields};
use super::write::is_empty;

/// The JSON pointers of the members that a model does not know.
pub(crate) fn unknown_pointers(at: &str, view: View<'_>) -> Vec<String> {
    let mut scan = Scan {
        at: at.to_owned(),
        found: Vec::new(),
    };
    scan.value(view);
    scan.found
}

struct Scan {
    at: String,
    found: Vec<String>,
}

impl Scan {
    fn value(&mut self, view: View<'_>) {
        match view {
            View::List(list) => {
                for index in 0..list.len() {
                    if let Some(element) = list.get(index) {
                        self.inside(&index.to_string(), |scan| scan.value(element.view()));
                    }
                }
            }
            View::Object(object) => self.object(object),
            _ => {}
        }
    }

    fn object(&mut self, object: &dyn Object) {
        let (shape, unknown) = (object.shape(), object.unknown());
        for (n, member) in shape.members.list().iter().enumerate() {
            if let Some(value) = object.member(n) {
                self.slot(member, value, n, unknown);
            }
        }
        for n in 0..shape.choices {
            let Some(choice) = object.choice(n) else {
                continue;
            };
            let shape_of = choice.shape();
            let name = match (shape_of.kind, choice.chosen()) {
                (ChoiceKind::Adjacent(member), _) => member,
                (_, Some(variant)) => shape_of.variants.name(variant),
                _ => continue,
            };
            if let Some(body) = choice.body() {
                self.slot(name, body, shape.choice_slots(n).1, unknown);
            }
        }
        for (name, _) in unknown.iter() {
            self.inside(name, |scan| scan.found.push(scan.at.clone()));
        }
    }

    /// Goes into a member, with a look at the form in which it came.
    fn slot(&mut self, name: &str, value: &dyn Wire, n: usize, unknown: &UnknownFields) {
        let came = unknown.how_came(n).find_map(|came| match came {
            Came::Otherwise(json) => Some(json),
            _ => None,
        });
        match (came, value.view()) {
            (None, view) => self.inside(name, |scan| scan.value(view)),
            // Its only element, without brackets.
            (Some(json), View::List(list)) if is_only(json) => {
                if let Some(element) = list.get(0) {
                    self.inside(name, |scan| scan.value(element.view()));
                }
            }
            // No pointer leads into the text of a string.
            (Some(json), view) => {
                let tree = json.to_value().unwrap_or_default();
                let mut found = unknown_pointers("", view);
                found.retain(|at| tree.pointer(at).is_some());
                self.inside(name, |scan| {
                    scan.found
                        .extend(found.iter().map(|at| format!("{}{at}", scan.at)));
                });
            }
        }
    }

    fn inside(&mut self, name: &str, look: impl FnOnce(&mut Self)) {
        let length = self.at.len();
        self.at.push('/');
        self.at
            .push_str(&name.replace('~', "~0").replace('/', "~1"));
        look(self);
        self.at.truncate(length);
    }
}

/// Whether a list came as its only element: an object whose members are not named as places.
fn is_only(json: &RawJson) -> bool {
    let mut is_only = false;
    if json.as_str().starts_with('{') {
        let mut reader = super::Reader::new(json.as_str());
        let _ = reader.look_at_members(&mut |name| {
            is_only = name != "0";
            false
        });
    }
    is_only
}

/// The JSON paths of the members that a model has to have and that were missing when it was read.
pub(crate) fn missing_members(root: &str, view: View<'_>) -> Vec<String> {
    let mut found = Vec::new();
    missing(&mut root.to_owned(), view, &mut found);
    found
}

fn missing(path: &mut String, view: View<'_>, found: &mut Vec<String>) {
    let length = path.len();
    match view {
        View::List(list) => {
            for index in 0..list.len() {
                if let Some(element) = list.get(index) {
                    // Writing to a `String` never fails.
                    let _ = write!(path, "[{index}]");
                    missing(path, element.view(), found);
                    path.truncate(length);
                }
            }
        }
        View::Object(object) => {
            let (shape, unknown) = (object.shape(), object.unknown());
            for (n, member) in shape.members.list().iter().enumerate() {
                if let Some(value) = object.member(n) {
                    let is_missing = shape.is_mandatory(n) && is_missing(value, n, unknown);
                    missing_in(path, member, value, is_missing, found);
                }
            }
            for n in 0..shape.choices {
                missing_choice(path, object, n, found);
            }
        }
        _ => {}
    }
}

fn missing_choice(path: &mut String, object: &dyn Object, n: usize, found: &mut Vec<String>) {
    let Some(choice) = object.choice(n) else {
        return;
    };
    let (tag_slot, body_slot) = object.shape().choice_slots(n);
    let unknown = object.unknown();
    let kind = choice.shape().kind;
    let name = match (kind, choice.chosen()) {
        (ChoiceKind::OneOf, _) if unknown.state(body_slot) == State::EmptyListOrMissing => {
            let either = choice.shape().variants.list().join("|");
            if choice.body().is_some_and(|body| is_empty(body.view())) {
                found.push(join(path, &either));
            }
            return;
        }
        (ChoiceKind::Adjacent(member), Some(_)) => member,
        (_, Some(variant)) => choice.shape().variants.name(variant),
        (ChoiceKind::Adjacent(_) | ChoiceKind::Tagged, None) => {
            if choice
                .unknown()
                .is_some_and(|unknown| unknown.type_name().is_empty())
            {
                found.push(join(path, "type"));
            }
            return;
        }
        (ChoiceKind::OneOf, None) => return,
    };
    let _ = tag_slot;
    if let Some(body) = choice.body() {
        let is_missing =
            !matches!(body.view(), View::Absent) && is_missing(body, body_slot, unknown);
        missing_in(path, name, body, is_missing, found);
    }
}

fn missing_in(
    path: &mut String,
    name: &str,
    value: &dyn Wire,
    is_missing: bool,
    found: &mut Vec<String>,
) {
    if is_missing {
        found.push(join(path, name));
        return;
    }
    let length = path.len();
    *path = join(path, name);
    missing(path, value.view(), found);
    path.truncate(length);
}

fn is_missing(value: &dyn Wire, n: usize, unknown: &UnknownFields) -> bool {
    matches!(unknown.state(n), State::EmptyListOrMissing | State::Null) && is_empty(value.view())
}

fn join(path: &str, name: &str) -> String {
    match path {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    }
}
