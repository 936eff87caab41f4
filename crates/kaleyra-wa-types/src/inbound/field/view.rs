//! What all typed views of a change have in common.

use crate::decode::DecodeError;
use crate::inbound::Decoded;

/// A typed view of a change's `value`, or a part of one.
pub(crate) trait TypedView {
    /// Whether this version knows what kind of event it is. Only a view with a text that says so can answer no.
    fn is_known(&self) -> bool {
        true
    }

    /// Reports the elements that could not be read.
    fn faults(&self, _: &mut Faults<'_>) {}
}

/// The faults of a view, and where it stands.
pub(crate) struct Faults<'a> {
    at: String,
    found: &'a mut Vec<DecodeError>,
}

impl<'a> Faults<'a> {
    pub(crate) fn new(at: &str, found: &'a mut Vec<DecodeError>) -> Self {
        Self {
            at: at.to_owned(),
            found,
        }
    }

    /// Reports the faults in an array of this object.
    pub(crate) fn elements<T: TypedView>(&mut self, name: &str, elements: &[Decoded<T>]) {
        for (index, element) in elements.iter().enumerate() {
            let at = format!("{}.{name}[{index}]", self.at);
            if let Some(malformed) = element.malformed() {
                self.found.push(malformed.error.below(&at));
            } else if let Some(element) = element.typed() {
                element.faults(&mut Faults {
                    at,
                    found: self.found,
                });
            }
        }
    }
}

/// Whether all elements are of a kind that this version knows.
pub(crate) fn all_known<T: TypedView>(elements: &[Decoded<T>]) -> bool {
    elements
        .iter()
        .filter_map(Decoded::typed)
        .all(TypedView::is_known)
}
