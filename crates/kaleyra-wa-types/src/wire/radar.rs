//! Which members of a model are unknown: their JSON pointers.

use crate::UnknownFields;

/// Walks through a model and writes down what it does not know.
#[derive(Default)]
pub(crate) struct Radar {
    at: String,
    found: Vec<String>,
}

impl Radar {
    /// The JSON pointers of every unknown member of `part`.
    pub(crate) fn scan(part: impl FnOnce(&mut Self)) -> Vec<String> {
        let mut radar = Self::default();
        part(&mut radar);
        radar.found
    }

    /// Goes into a member.
    pub(crate) fn member(&mut self, name: &str, part: impl FnOnce(&mut Self)) {
        let length = self.at.len();
        self.at.push('/');
        self.at
            .push_str(&name.replace('~', "~0").replace('/', "~1"));
        part(self);
        self.at.truncate(length);
    }

    /// Writes down the unknown members of an object.
    pub(crate) fn found(&mut self, unknown: &UnknownFields) {
        for (name, _) in unknown.iter() {
            self.member(name, |radar| radar.found.push(radar.at.clone()));
        }
    }
}
