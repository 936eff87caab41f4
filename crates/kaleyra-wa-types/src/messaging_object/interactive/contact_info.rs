//! A button that shares the user's number.

use super::ActionName;
use super::action::check_name;
use super::builder::{Frame, interactive_builder};
use crate::validate::{Check, Validate};
use crate::wire::object::{deserialize_object, wire_object};

interactive_builder! {
    /// The request for the number of a user who hides it: a button that shares it. A `contacts` message comes back, whose
    /// [origin](crate::contacts::Contact::origin) is `contact_request`.
    ///
    /// Source: Meta's pages on business-scoped user ids (July 2026).
    pub struct ContactInfoRequest(ContactInfoAction) {}
}

wire_object! {
    /// The action of `request_contact_info`.
    pub struct ContactInfoAction {
        /// Always `request_contact_info`.
        pub name: Option<ActionName>,
    }
}

deserialize_object!(ContactInfoAction);

impl ContactInfoRequest {
    /// What the message says, 1 to 1024 characters.
    pub fn new(body: impl Into<String>) -> Self {
        Self {
            frame: Frame::with_body(body),
            action: ContactInfoAction {
                name: Some(ActionName::RequestContactInfo),
                unknown: Default::default(),
            },
        }
    }
}

impl Validate for ContactInfoAction {
    fn check(&self, check: &mut Check<'_>) {
        check_name(self.name.as_ref(), "request_contact_info", check);
    }
}
