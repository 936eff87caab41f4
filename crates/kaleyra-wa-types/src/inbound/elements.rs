//! A list of a callback's elements that knows which events are in it.

use std::ops::Deref;

use super::Decoded;
use crate::wire::lists::read_list;
use crate::wire::{Form, Read, Reader, View, Wire};

/// The elements of a list, some of which may be [events](super::Callback::events).
///
/// It is a slice of [`Decoded`] to look at. It grows by [`push`](Self::push), or is made anew by `From<Vec<_>>`; its elements
/// can't be changed in place, since it remembers which events are in them: so the nth event is found at once, however
/// many elements there are.
///
/// ```
/// use kaleyra_wa_types::inbound::Callback;
///
/// let callback = Callback::from_slice(
///     br#"{"meta_object": {"value": {"contacts": [{"wa_id": "919800000001"}, "nobody"]}}}"#,
/// )?;
/// let contacts = &callback.meta_object.as_ref().unwrap().value.as_ref().unwrap().contacts;
/// assert_eq!(contacts.iter().filter(|contact| contact.typed().is_some()).count(), 1);
/// assert_eq!(callback.events().count(), 1); // the contact that could not be read
/// # Ok::<(), kaleyra_wa_types::DecodeError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Elements<T> {
    elements: Vec<Decoded<T>>,
    /// The elements with events in them.
    told: Vec<Told>,
    events: u32,
}

/// An element with events in it.
#[derive(Clone, Copy, Debug)]
struct Told {
    at: u32,
    /// How many events are in the elements before it.
    before: u32,
}

/// How many events are in an element that could be read.
///
/// For an example see [`Elements`]: it is implemented for what its lists hold, and not meant for types of yours.
pub trait HasEvents {
    #[doc(hidden)]
    fn event_count(&self) -> usize;
}

impl<T: HasEvents> Elements<T> {
    /// Adds an element.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::{Contact, Decoded, Elements};
    ///
    /// let mut contacts = Elements::default();
    /// contacts.push(Decoded::from(Contact::new("919800000001", "Asha")));
    /// assert_eq!(contacts[0].typed().and_then(|contact| contact.name()), Some("Asha"));
    /// ```
    pub fn push(&mut self, element: Decoded<T>) {
        self.elements.push(element);
        self.tell(self.elements.len() - 1);
    }

    fn tell(&mut self, at: usize) {
        let count = match &self.elements[at] {
            Decoded::Typed(element) => element.event_count(),
            Decoded::Malformed(_) => 1,
        };
        if count > 0 {
            self.told.push(Told {
                at: at as u32,
                before: self.events,
            });
            self.events = self
                .events
                .saturating_add(u32::try_from(count).unwrap_or(u32::MAX));
        }
    }

    fn tell_all(&mut self) {
        (self.told, self.events) = (Vec::new(), 0);
        for at in 0..self.elements.len() {
            self.tell(at);
        }
    }
}

impl<T> Elements<T> {
    /// How many events are in it.
    pub(crate) fn event_count(&self) -> usize {
        self.events as usize
    }

    /// The element that the nth event is in, its place, and which of its events that is.
    pub(crate) fn with_event(&self, nth: usize) -> Option<(usize, &Decoded<T>, usize)> {
        if nth >= self.event_count() {
            return None;
        }
        let after = self
            .told
            .partition_point(|told| told.before as usize <= nth);
        let told = self.told.get(after.checked_sub(1)?)?;
        let element = self.elements.get(told.at as usize)?;
        Some((told.at as usize, element, nth - told.before as usize))
    }
}

impl<T> Default for Elements<T> {
    fn default() -> Self {
        Self {
            elements: Vec::new(),
            told: Vec::new(),
            events: 0,
        }
    }
}

impl<T> Deref for Elements<T> {
    type Target = [Decoded<T>];

    fn deref(&self) -> &[Decoded<T>] {
        &self.elements
    }
}

impl<T: PartialEq> PartialEq for Elements<T> {
    fn eq(&self, other: &Self) -> bool {
        self.elements == other.elements
    }
}

impl<T: HasEvents> From<Vec<Decoded<T>>> for Elements<T> {
    fn from(elements: Vec<Decoded<T>>) -> Self {
        let mut made = Self {
            elements,
            ..Self::default()
        };
        made.tell_all();
        made
    }
}

impl<T: HasEvents> FromIterator<Decoded<T>> for Elements<T> {
    fn from_iter<I: IntoIterator<Item = Decoded<T>>>(elements: I) -> Self {
        Vec::from_iter(elements).into()
    }
}

impl<'a, T> IntoIterator for &'a Elements<T> {
    type Item = &'a Decoded<T>;
    type IntoIter = std::slice::Iter<'a, Decoded<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.elements.iter()
    }
}

impl<T: Wire + HasEvents> Wire for Elements<T> {
    fn empty() -> Self {
        Self::default()
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<Form> {
        let form = read_list(&mut self.elements, reader);
        self.tell_all();
        form
    }

    fn view(&self) -> View<'_> {
        View::List(&self.elements)
    }

    fn is_absent(&self) -> bool {
        self.elements.is_empty()
    }

    fn clear(&mut self) {
        *self = Self::default();
    }
}
