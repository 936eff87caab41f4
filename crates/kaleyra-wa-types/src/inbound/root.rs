//! The whole of a callback.

use kaleyra_wa_derive::Wire;
use serde_json::Value;

use super::flat::Flat;
use super::{Contact, Elements, Entry, Event, HasEvents, Message, MetaObject, Status, StatusName};
use crate::UnknownFields;
use crate::decode::{DecodeError, from_slice};
use crate::extra_info::CallbackExtraInfo;
use crate::ids::MessageId;
use crate::response::Code;
use crate::wire::duplicates;
use crate::wire::fault::{Fault, Reason};
use crate::wire::read::read_quoted;
use crate::wire::reader::{Expected, Kind};
use crate::wire::scan::unknown_pointers;
use crate::wire::write::to_json;
use crate::wire::{Form, Read, Reader, View, Wire, read_object};

/// One POST of Kaleyra's.
///
/// Reading it never fails on what is inside: an unknown type is kept as one, and an element that can't be read is
/// [`Malformed`](super::Malformed) among its intact siblings. What comes in goes out again, equal as JSON.
///
/// ```
/// use kaleyra_wa_types::inbound::{Callback, Event, MessageContent};
///
/// let body = br#"{
///     "meta_object": {"field": "messages", "value": {"messages": [
///         {"from": "919800000001", "id": "wamid.A", "timestamp": "1722863329", "type": "text", "text": {"body": "Hi"}}
///     ]}},
///     "extra_info": {"media_url": "", "ref": "order-17"}
/// }"#;
/// let callback = Callback::from_slice(body)?;
/// for event in callback.events() {
///     let Event::Message(message) = event else { continue };
///     let MessageContent::Text(text) = &message.content else { continue };
///     assert_eq!(text.body, "Hi");
/// }
/// assert_eq!(callback.extra_info.as_ref().and_then(|extra| extra.reference.as_deref()), Some("order-17"));
///
/// let written: serde_json::Value = serde_json::from_slice(&callback.to_vec()).unwrap();
/// assert_eq!(written, serde_json::from_slice::<serde_json::Value>(body).unwrap());
/// # Ok::<(), kaleyra_wa_types::DecodeError>(())
/// ```
///
/// Source: *Reply - Media Message*, *Reaction Message*, *Interactive - Template Message*; *Sent* for the status fields.
#[derive(Clone, Debug, Default, PartialEq, Wire)]
#[wire(keep_faults, own_form)]
#[non_exhaustive]
pub struct Callback {
    /// What Meta said; missing where Kaleyra speaks for itself.
    pub meta_object: Option<MetaObject>,
    /// What Kaleyra adds.
    pub extra_info: Option<CallbackExtraInfo>,
    /// What became of a message, by Kaleyra: beside `meta_object`, or alone (`not sent`) when Kaleyra stopped it.
    pub status: Option<StatusName>,
    /// WhatsApp's id of the message that `status` is about.
    pub message_id: Option<MessageId>,
    /// Why Kaleyra did not send it.
    pub code: Option<Code>,
    /// The same in human-readable form.
    pub reason: Option<String>,
    /// What Meta says the entries are about: `whatsapp_business_account`. Only in Meta's own envelope.
    pub object: Option<String>,
    /// What happened, in Meta's own envelope; Kaleyra sends one change as `meta_object` instead.
    pub entry: Elements<Entry>,
    /// The callbacks of an array of them.
    #[wire(skip)]
    pub(super) batch: Elements<Self>,
    /// What the fields around say, where they are one of the flat bodies of Kaleyra's profiles.
    #[wire(skip)]
    pub(super) flat: Option<Box<Flat>>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl Callback {
    /// Reads the body of a POST.
    ///
    /// What is not strict JSON, but can be read, is no reason to refuse a message and its siblings forever: a byte order
    /// mark is skipped, raw control characters are accepted in strings, and half a character, as left by a sender that
    /// cuts a string in the middle of an emoji, is read as U+FFFD. JSON in a string is read as that JSON.
    ///
    /// An array of callbacks is read as one callback with the events of all. So is what Meta itself posts, whose changes are in
    /// `entry`.
    ///
    /// # Errors
    ///
    /// Only when the bytes are neither a JSON object nor an array with something in it. The error says where, and repeats none of the bytes.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::Callback;
    ///
    /// assert_eq!(Callback::from_slice(b"{}")?.events().count(), 1); // not understood, and yet not lost
    /// let error = Callback::from_slice(b"Bad gateway").unwrap_err();
    /// println!("{error}"); // not JSON, and where; none of the bytes
    /// # Ok::<(), kaleyra_wa_types::DecodeError>(())
    /// ```
    pub fn from_slice(body: &[u8]) -> Result<Self, DecodeError> {
        from_slice(body)
    }

    /// Reads a callback from JSON that is parsed already.
    ///
    /// # Errors
    ///
    /// Only when the value is not an object.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::Callback;
    /// use serde_json::json;
    ///
    /// let value = json!({"meta_object": {"field": "messages", "value": {"messages": [
    ///     {"from": "919800000001", "id": "wamid.A", "type": "text", "text": {"body": "Hi"}}
    /// ]}}});
    /// assert_eq!(Callback::from_value(value)?.messages().count(), 1);
    /// assert!(Callback::from_value(json!(7)).is_err());
    /// # Ok::<(), kaleyra_wa_types::DecodeError>(())
    /// ```
    pub fn from_value(value: Value) -> Result<Self, DecodeError> {
        from_slice(value.to_string().as_bytes())
    }

    /// The callback as JSON, unknown fields included, with every digit of their numbers; fields may be in a different order
    /// from the one they arrived in.
    pub fn to_vec(&self) -> Vec<u8> {
        /// What a callback takes with one element, and what each further one takes, about.
        const FIRST: usize = 1024;
        const FURTHER: usize = 256;

        let value = self.meta_object.as_ref().and_then(|it| it.value.as_ref());
        let elements = value.map_or(0, |it| it.messages.len() + it.statuses.len());
        to_json(self.view(), FIRST + FURTHER * elements.saturating_sub(1)).into_bytes()
    }

    /// All that is in it: messages, statuses, errors, what users did with marketing messages, the elements of lists that this
    /// version does not know, what could not be read; or the one thing that it is.
    pub fn events(&self) -> impl Iterator<Item = Event<'_>> {
        super::walk::events(self)
    }

    /// One of [`events`](Self::events), by its place there: to come back to it later. However many there are, the others
    /// are not walked through.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::{Callback, Message};
    ///
    /// let callback = Callback::new()
    ///     .message(Message::text("919800000001", "one"))
    ///     .message(Message::text("919800000001", "two"));
    /// let second = callback.event(1);
    /// assert_eq!(second, callback.events().nth(1));
    /// assert_eq!(callback.event(2), None);
    /// ```
    pub fn event(&self, nth: usize) -> Option<Event<'_>> {
        super::walk::event(self, nth)
    }

    /// The messages that could be read.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::{Callback, Message, Status};
    ///
    /// let callback = Callback::new()
    ///     .message(Message::text("919800000001", "Is it in stock?"))
    ///     .status(Status::failed("wamid.B", "919800000002", 131047));
    /// let texts: Vec<_> = callback.messages().filter_map(|message| message.content.text()).collect();
    /// assert_eq!(texts, ["Is it in stock?"]);
    /// let failed = callback.statuses().filter(|status| !status.errors.is_empty());
    /// assert_eq!(failed.count(), 1);
    /// ```
    pub fn messages(&self) -> impl Iterator<Item = &Message> {
        self.events().filter_map(|event| match event {
            Event::Message(message) => Some(message),
            _ => None,
        })
    }

    /// The statuses that could be read.
    pub fn statuses(&self) -> impl Iterator<Item = &Status> {
        self.events().filter_map(|event| match event {
            Event::Status(status) => Some(status),
            _ => None,
        })
    }

    /// The JSON pointers of the fields that this version does not know, such as
    /// `/meta_object/value/messages/0/text/shade`: what a new version of this crate could add.
    ///
    /// A type that is unknown as a whole is not among them, nor is what could not be read: those are events.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::Callback;
    ///
    /// let callback = Callback::from_slice(br#"{"meta_object": {"field": "messages", "value": {"messages": [
    ///     {"from": "919800000001", "id": "wamid.A", "type": "text", "text": {"body": "Hi", "shade": "teal"}}
    /// ]}}}"#)?;
    /// assert_eq!(callback.unknown_fields(), ["/meta_object/value/messages/0/text/shade"]);
    /// # Ok::<(), kaleyra_wa_types::DecodeError>(())
    /// ```
    pub fn unknown_fields(&self) -> Vec<String> {
        let mut found = unknown_pointers("", self.view());
        self.each_change("", &mut |at, change| {
            if !change.is_about_messages() {
                // The value of another field is known by its own view.
                let at = format!("{at}/value");
                found.retain(|found| {
                    !found
                        .strip_prefix(&at)
                        .is_some_and(|rest| rest.starts_with('/'))
                });
                found.extend(change.change().unknown_pointers(&at));
            }
        });
        if let Some(flat) = &self.flat {
            let known = flat.unknown_pointers();
            found.retain(|at| known.contains(at));
            found.extend(known.into_iter().filter(|at| at.rfind('/') > Some(0)));
        }
        found
    }

    /// The paths of the duplicate fields that were dropped: of two fields with the same name the last one counts. Only a root knows them.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::Callback;
    ///
    /// let callback = Callback::from_slice(br#"{"reason": "one", "reason": "two"}"#)?;
    /// assert_eq!(callback.reason.as_deref(), Some("two"));
    /// assert_eq!(callback.dropped_members().collect::<Vec<_>>(), ["reason"]);
    /// # Ok::<(), kaleyra_wa_types::DecodeError>(())
    /// ```
    pub fn dropped_members(&self) -> impl Iterator<Item = &str> {
        self.unknown
            .dropped()
            .iter()
            .map(|dropped| dropped.path.as_str())
    }

    /// The changes in it, each with the JSON pointer to it.
    fn each_change<'a>(&'a self, at: &str, look: &mut dyn FnMut(&str, &'a MetaObject)) {
        for (index, callback) in self.batch.iter().enumerate() {
            if let Some(callback) = callback.typed() {
                callback.each_change(&format!("{at}/{index}"), look);
            }
        }
        if let Some(change) = &self.meta_object {
            look(&format!("{at}/meta_object"), change);
        }
        for (index, entry) in self.entry.iter().enumerate() {
            let changes = entry.typed().map_or(&[][..], |entry| &entry.changes);
            for (nth, change) in changes.iter().enumerate() {
                if let Some(change) = change.typed() {
                    look(&format!("{at}/entry/{index}/changes/{nth}"), change);
                }
            }
        }
    }

    /// The contact that wrote this message, with the profile name.
    ///
    /// It is the one with an id of the writer's, or with the number, however both are [written](crate::same_person); or the
    /// only one, where all messages beside it are of one writer.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::{Callback, Contact, Message};
    ///
    /// let callback = Callback::new()
    ///     .contact(Contact::new("919800000001", "Asha"))
    ///     .contact(Contact::new("919800000002", "Ravi"))
    ///     .message(Message::text("919800000002", "Hi"));
    /// let message = callback.messages().next().unwrap();
    /// assert_eq!(callback.contact_of(message).and_then(|contact| contact.name()), Some("Ravi"));
    /// ```
    pub fn contact_of(&self, message: &Message) -> Option<&Contact> {
        let mut values = Vec::new();
        self.each_change("", &mut |_, change| values.extend(&change.value));
        if let [_, _, ..] = values[..] {
            let own = values.iter().position(|value| value.holds(message));
            values = own.map(|own| values[own]).into_iter().collect();
        }
        values.first()?.contact_of(message)
    }
}

impl Callback {
    /// Reads it as an object, or as an array of callbacks; or as one of them in a string.
    fn read_own(&mut self, reader: &mut Reader<'_>) -> Read<Form> {
        let is_outermost = reader.is_outermost();
        let mark = reader.mark();
        match reader.peek()? {
            Kind::List if is_outermost => {
                self.batch.read(reader)?;
                if self.batch.is_empty() {
                    return Err(Fault::new(Reason::Unexpected {
                        expected: Expected::Object("Callback"),
                        found: Kind::List,
                    }));
                }
            }
            Kind::Text if is_outermost => {
                let expected = Expected::Object("Callback");
                return read_quoted(reader, &['{', '[', '"'], expected, &mut |inner| {
                    self.read_own(inner)
                });
            }
            _ => {
                read_object(self, reader)?;
                self.flat = Flat::of(self, reader.since(mark)).map(Box::new);
            }
        }
        if is_outermost && reader.limits().has_duplicates && self.unknown.dropped().is_empty() {
            self.unknown
                .set_dropped(duplicates::find(reader.since(mark)));
        }
        Ok(Form::AsWritten)
    }

    fn own_view(&self) -> View<'_> {
        match self.batch.is_empty() {
            true => View::Object(self),
            false => self.batch.view(),
        }
    }
}

impl HasEvents for Callback {
    fn event_count(&self) -> usize {
        super::walk::count_of_callback(self)
    }
}
